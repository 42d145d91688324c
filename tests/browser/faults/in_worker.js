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
  /** @type {WeakSet<Blob>} */
  const failed = new WeakSet();
  /**
   * The next slice is asked for; resolves when it may be read.
   * @param {Blob} slice
   */
  const begin = async (slice) => {
    // Asked for again because its stream failed: the same slice, and the same fault.
    if (failed.has(slice)) throw new DOMException('made up by a test', 'NotReadableError');
    slices += 1;
    const nth = slices;
    if (nth >= (wanted.holdAt ?? Number.POSITIVE_INFINITY)) {
      // What was asked for before has been read before the file changes, however busy the machine is.
      await Promise.allSettled(underWay);
      postMessage({ faults: 'held' });
      await released;
    }
    if (nth === wanted.hangAt) for (;;);
    if (nth === wanted.failAt) {
      failed.add(slice);
      throw new DOMException('made up by a test', 'NotReadableError');
    }
    return nth;
  };
  Blob.prototype.arrayBuffer = async function () {
    const nth = await begin(this);
    const reading = read.call(this);
    underWay.push(reading);
    const bytes = await reading;
    return nth === wanted.shortAt ? bytes.slice(0, bytes.byteLength >> 1) : bytes;
  };
  const stream = Blob.prototype.stream;
  // What the page needs of a stream: a reader into its own memory. It begins to read when it is first asked, and ends early where it is to come short.
  /** @this {Blob} */
  Blob.prototype.stream = function () {
    const blob = this;
    return /** @type {any} */ ({
      getReader() {
        /** @type {ReadableStreamBYOBReader | null} */
        let reader = null;
        let left = blob.size;
        let ended = () => undefined;
        return {
          /** @param {Uint8Array} view */
          async read(view) {
            if (reader === null) {
              const nth = await begin(blob);
              reader = stream.call(blob).getReader({ mode: 'byob' });
              if (nth === wanted.shortAt) left >>= 1;
              underWay.push(
                new Promise((resolve) => {
                  ended = () => void resolve(new ArrayBuffer(0));
                }),
              );
            }
            if (left === 0) {
              ended();
              return { value: view.subarray(0, 0), done: true };
            }
            const room = new Uint8Array(view.buffer, view.byteOffset, Math.min(left, view.byteLength));
            const result = await reader.read(room).finally(() => left === 0 && ended());
            left -= result.value?.byteLength ?? 0;
            if (left === 0 || result.done) ended();
            return result;
          },
          async cancel() {
            ended();
            await reader?.cancel();
          },
        };
      },
    });
  };
}
