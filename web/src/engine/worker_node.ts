// Node's worker thread for scripts/hunt: sources are file names as bytes, since a name on disk need not be UTF-8. The same core as in the browser.

import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { parentPort } from 'node:worker_threads';
import createEngineModule from '#engine';
import { kSliceBytes } from './byte_source';
import { EngineHost } from './engine_host';
import { Samples } from './file_source';
import type { NodeFile } from './pool_node';
import type { ToWorker } from './protocol';
import { serve } from './worker_core';

const port = parentPort;
if (port === null) throw new Error('worker_node is started by pool_node only');

// Plain descriptors cost half of what FileHandles do, which shows with 10,000 small files.
const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);

// A slice's memory is used again for a later one: fresh memory for each cost a sixth of all processor time (zeroes, page faults, garbage collection).
const spare: ArrayBuffer[] = [];

const take = serve({
  post: (message, transfer) => port.postMessage(message, transfer),
  open: async (handle, head) => {
    const { name, size, modified, status } = handle as NodeFile;
    const file = await openFile(Buffer.from(name), 'r');
    const samples = new Samples(size, head);
    return {
      read: async (from, to) => {
        const bytes = await readRange(file, from, to);
        samples.take(bytes, from);
        return bytes;
      },
      changed: async () => {
        const now = await statFile(file);
        if (now.size !== size || now.mtimeMs !== modified) return true;
        // Another name or mode, or written to and its time set back.
        return now.ctimeMs !== status && samples.differ((from, to) => readRange(file, from, to));
      },
      close: () => closeFile(file),
      recycle: ({ buffer }) => {
        if (buffer.byteLength === kSliceBytes) spare.push(buffer);
      },
    };
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  startEngine: (module) => EngineHost.start(createEngineModule, module),
});

/** One read may give less than is there; only none means the end. */
function readRange(file: number, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const length = to - from;
  const bytes = new Uint8Array((length === kSliceBytes ? spare.pop() : undefined) ?? new ArrayBuffer(length));
  return new Promise((resolve, reject) => {
    const more = (filled: number): void => {
      if (filled === bytes.byteLength) {
        resolve(bytes);
        return;
      }
      read(file, bytes, filled, bytes.byteLength - filled, from + filled, (error, count) => {
        if (error !== null) reject(error);
        else if (count === 0) resolve(bytes.subarray(0, filled));
        else more(filled + count);
      });
    };
    more(0);
  });
}

port.on('message', (message: ToWorker) => take(message));
