// An opened source of a worker, as the platform gives it: a File in the browser, a descriptor in Node.

export interface ByteSource {
  /** Bytes [from, to); fewer where the source ends before. Rejects with an error whose name or code says why. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  /** True when the source is seen to differ from what it was when opened. */
  changed(): Promise<boolean>;
  /** What read() gave is not looked at any more: the source may read into it again. */
  recycle?(bytes: Uint8Array<ArrayBuffer>): void;
  close(): Promise<void>;
}

/** A word that names the failure and holds no path: "EACCES", "NotReadableError". */
export function errorWord(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as Error & { code?: unknown }).code;
    return typeof code === 'string' ? code : error.name;
  }
  return 'unknown error';
}
