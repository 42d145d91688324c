// The browser's worker: sources are Files, of which it slices its own ranges; the page never hands it bytes. Loaded as a module worker by
// pool_browser.ts. The engine's glue is bundled in; the compiled wasm comes with the first message.

import createEngineModule from '#engine';
import { EngineHost } from './engine_host';
import { FileSource, letGoOfRooms } from './file_source';
import type { ToWorker } from './protocol';
import { serve } from './worker_core';

const scope = self as unknown as DedicatedWorkerGlobalScope;

// A message to oneself is the quickest way through the event loop: timers of 0 ms become 4 ms once nested.
const channel = new MessageChannel();
let woken: (() => void) | null = null;
channel.port1.onmessage = () => woken?.();

const take = serve({
  post: (message, transfer) => scope.postMessage(message, transfer),
  open: async (handle, head) => new FileSource(handle as File, head),
  breathe: () =>
    new Promise((resolve) => {
      woken = resolve;
      channel.port2.postMessage(null);
    }),
  startEngine: (module) => EngineHost.start(createEngineModule, module),
  afterReading: letGoOfRooms,
});

scope.onmessage = (event: MessageEvent<ToWorker>) => take(event.data);
