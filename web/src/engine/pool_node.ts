// The pool in Node, for scripts/hunt: worker threads, the wasm from the file beside the program.

import { open, readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { Pool } from './pool';
import type { FromWorker } from './protocol';
import type { ReadingLimits } from './reading';
import { requireSimd } from './simd';
import type { StartWorker } from './worker_link';

/** A file as it was when it was named. */
export interface NodeFile {
  /** Bytes of the name: on disk it need not be UTF-8. */
  name: Uint8Array;
  size: number;
  /** Milliseconds since 1970, as stat gives them. */
  modified: number;
  /** As `modified`, of its status (ctime): it moves with every write too, and no program can set it back. */
  status: number;
}

export interface NodeFiles {
  /** The built worker_node and the engine's wasm. */
  worker: URL;
  wasm: URL;
}

export function openPool(files: NodeFiles, workers: number, limits: ReadingLimits = {}): Pool<NodeFile> {
  const startWorker: StartWorker = (events) => {
    // The engine prints nothing; a thread's own output would mix with the report.
    const worker = new Worker(files.worker, { stdout: true, stderr: true });
    worker.on('message', (message: FromWorker) => events.message(message));
    worker.on('messageerror', () => events.died('A message of the reading engine could not be read.'));
    worker.on('error', (error) => events.died(`The reading engine failed (${error.name}: ${error.message}).`));
    worker.on('exit', (code) => events.died(`The reading engine ended with status ${code}.`));
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: () => void worker.terminate(),
    };
  };
  let compiled: Promise<WebAssembly.Module> | null = null;
  return new Pool<NodeFile>(
    {
      startWorker,
      module: async () => {
        requireSimd();
        compiled ??= readFile(files.wasm).then((bytes) => WebAssembly.compile(bytes));
        return compiled;
      },
      readRange: async ({ name }, from, to) => {
        const file = await open(Buffer.from(name), 'r');
        try {
          const bytes = new Uint8Array(to - from);
          const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, from);
          return bytes.slice(0, bytesRead);
        } finally {
          await file.close();
        }
      },
    },
    workers,
    limits,
  );
}
