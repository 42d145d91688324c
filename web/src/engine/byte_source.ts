// An opened source of a worker, as the platform gives it: a File in the browser, a descriptor in Node. And what is said when it fails, the same
// words wherever it is read.

/** How much of a source is read at once, where there is so much: small enough to stay in a processor's cache until the engine has it. */
export const kSliceBytes = 1024 * 1024;

export interface ByteSource {
  /** Bytes [from, to); fewer where the source ends before. Rejects with an error whose name or code says why. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  /** True when it is seen to differ from what was picked, or from what was read of it. */
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

// Chromium tells these apart; Firefox says AbortError for all of them.
const kGone = 'the file was moved, renamed or deleted';
const kRefused = 'permission to read the file was refused';
const kUnknown = 'the file may have been changed, moved, deleted or locked, or permission to read it taken away';
const causes = new Map([
  ['NotFoundError', kGone],
  ['ENOENT', kGone],
  ['ESTALE', kGone],
  ['EISDIR', 'a folder stands in its place'],
  ['NotAllowedError', kRefused],
  ['SecurityError', kRefused],
  ['EACCES', kRefused],
  ['EPERM', kRefused],
  ['EIO', 'the disk or share could not deliver it'],
]);

/** Why a file cannot be read, as a clause that follows a colon. */
export function causeOf(error: unknown): string {
  const word = errorWord(error);
  return `${causes.get(word) ?? kUnknown} (${word})`;
}
