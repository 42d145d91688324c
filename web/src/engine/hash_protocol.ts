// What the worker that computes checksums answers; it is sent a File at a time.

export type FromHashWorker =
  | { type: 'progress'; bytes: number }
  | { type: 'done'; sha256: string }
  /** One sentence; the worker can go on with the next file. */
  | { type: 'failed'; why: string };
