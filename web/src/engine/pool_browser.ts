// The pool in a browser: module workers, wasm compiled while it streams in.

import wasmUrl from '../../../build/wasm/engine.wasm?url';
import { ownFile, workerType } from './own_files';
import { Pool } from './pool';
import { ownScript, scriptUrl } from './script_url';
import { requireSimd } from './simd';
import workerUrl from './worker?worker&url';
import type { StartWorker } from './worker_link';

// Reading in the browser gains nothing from more workers than this, and each has a wasm memory of its own.
const kMostWorkers = 4;

const startWorker: StartWorker = (events) => {
  const worker = new Worker(scriptUrl(ownScript(workerUrl)), { type: workerType, name: 'cloudshell-hunt' });
  worker.onmessage = (event) => events.message(event.data);
  worker.onmessageerror = () => events.died('A message of the reading engine could not be read.');
  worker.onerror = (event) => {
    // The event's text goes to the page, not to the console.
    event.preventDefault();
    events.died(event.message ? `The reading engine failed (${event.message}).` : 'The reading engine could not be loaded.');
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
  };
};

let compiled: Promise<WebAssembly.Module> | null = null;

/** Compiles the engine once; call it early so that it is ready when the first file comes. A failed attempt is made again by the next call. */
export function compileEngine(): Promise<WebAssembly.Module> {
  // The worker's script too, so that files can be opened after the network is gone. Should it not come, starting a worker says so.
  if (compiled === null) fetchWorker().catch(() => undefined);
  compiled ??= compile().catch((error: unknown) => {
    compiled = null;
    throw error;
  });
  return compiled;
}

async function fetchWorker(): Promise<void> {
  const script = await (await ownFile(workerUrl)).text();
  // The part that opens compressed files is loaded when first needed; the build names it in the script.
  const part = /\.\/(unpack-[\w-]+\.js)/.exec(script)?.[1];
  if (part !== undefined) await (await ownFile(new URL(part, new URL(workerUrl, location.href)).href)).arrayBuffer();
}

async function compile(): Promise<WebAssembly.Module> {
  requireSimd();
  const response = await ownFile(wasmUrl);
  if (!response.ok) throw new Error(`the engine could not be loaded, status ${response.status}`);
  // Streaming needs the type application/wasm, which not every plain web server sends.
  const streams = response.headers.get('Content-Type')?.split(';')[0]?.trim() === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The page's pool; `workers` for tests, else what the machine has, four at most. */
export function openPool(workers = Math.min(navigator.hardwareConcurrency || 2, kMostWorkers)): Pool<File> {
  return new Pool<File>(
    {
      startWorker,
      module: compileEngine,
      readRange: async (file, from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
    },
    workers,
  );
}
