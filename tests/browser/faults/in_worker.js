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
  // After so much of a stream the page looks at the file again (web/src/engine/file_source.ts): with the beginning of a stream or with such a look,
  // which asks for one byte, the next slice begins.
  const kSlice = 16 * 1024 * 1024;
  const fault = () => new DOMException('made up by a test', 'NotReadableError');
  let failAgain = false;
  /** Of the stream under way: where its slice begins that was asked for last, its size, how much of it was read, where it ends early. */
  let from = 0;
  let size = 0;
  let position = 0;
  let most = 0;
  let moved = () => undefined;
  /** The next slice is asked for; resolves when it may be read. */
  const begin = async () => {
    slices += 1;
    const nth = slices;
    if (nth >= (wanted.holdAt ?? Number.POSITIVE_INFINITY)) {
      // What was asked for before has been read before the file changes, however busy the machine is.
      while (position < Math.min(from, size)) {
        await new Promise((resolve) => {
          moved = () => void resolve(undefined);
        });
      }
      postMessage({ faults: 'held' });
      await released;
    }
    if (nth === wanted.hangAt) for (;;);
    if (nth === wanted.failAt) {
      // What fails in a stream is asked for again without one.
      failAgain = true;
      throw fault();
    }
    if (nth === wanted.shortAt) most = from + (Math.min(kSlice, size - from) >> 1);
  };
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    if (failAgain) {
      failAgain = false;
      throw fault();
    }
    if (this.size === 1) {
      from += kSlice;
      await begin();
    }
    return read.call(this);
  };
  const stream = Blob.prototype.stream;
  // What the page needs of a stream: a reader into its own memory, which begins to read when it is first asked.
  /** @this {Blob} */
  Blob.prototype.stream = function () {
    const blob = this;
    return /** @type {any} */ ({
      getReader() {
        /** @type {ReadableStreamBYOBReader | null} */
        let reader = null;
        return {
          /** @param {Uint8Array} view */
          async read(view) {
            if (reader === null) {
              size = blob.size;
              most = size;
              position = 0;
              from = 0;
              await begin();
              reader = stream.call(blob).getReader({ mode: 'byob' });
            }
            if (position === most) return { value: view.subarray(0, 0), done: true };
            const room = new Uint8Array(view.buffer, view.byteOffset, Math.min(most - position, view.byteLength));
            const result = await reader.read(room);
            position = result.done ? size : position + (result.value?.byteLength ?? 0);
            moved();
            return result;
          },
          async cancel() {
            await reader?.cancel();
          },
        };
      },
    });
  };
}
