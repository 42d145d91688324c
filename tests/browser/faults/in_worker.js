// Stands before the worker's own script in a faulty page (faulty_page.ts) and makes go wrong what the page asked for: holds slices back until the
// test has done something to the file, lets one fail or come short, hangs. The worker itself is the built one.
{
  /** @type {{ holdAt?: number, failAt?: number, shortAt?: number, hangAt?: number }} */
  let wanted = {};
  let slices = 0;
  let goOn = () => undefined;
  /** @type {Promise<void>} */
  const released = new Promise((resolve) => {
    goOn = () => void resolve();
  });
  addEventListener('message', (event) => {
    const { faults } = event.data;
    if (faults === undefined) return;
    event.stopImmediatePropagation();
    if (faults === 'go on') goOn();
    else wanted = faults;
  });
  const read = Blob.prototype.arrayBuffer;
  /** @type {Promise<ArrayBuffer>[]} */
  const underWay = [];
  Blob.prototype.arrayBuffer = async function () {
    slices += 1;
    const nth = slices;
    if (nth >= (wanted.holdAt ?? Number.POSITIVE_INFINITY)) {
      // What was asked for before has been read before the file changes, however busy the machine is.
      await Promise.allSettled(underWay);
      postMessage({ faults: 'held' });
      await released;
    }
    if (nth === wanted.hangAt) for (;;);
    if (nth === wanted.failAt) throw new DOMException('made up by a test', 'NotReadableError');
    const reading = read.call(this);
    underWay.push(reading);
    const bytes = await reading;
    return nth === wanted.shortAt ? bytes.slice(0, bytes.byteLength >> 1) : bytes;
  };
}
