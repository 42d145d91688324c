// Files that belong to the page itself: engine, workers, sample. Fetched from beside it; the one-file form has them inside (one_file/own_files.ts).

/** `address` is one that the build wrote, or one relative to the page. Rejects where the network fails. */
export function ownFile(address: string): Promise<Response> {
  return fetch(new URL(address, document.baseURI), { credentials: 'same-origin' });
}

/** Workers are modules here; a module worker from a blob fails in Chromium from file://, so the one-file form has classic ones. */
export const workerType: WorkerType = 'module';
