// Whether a file is a report of this tool, told by its first bytes, whatever it is called.

/** Enough to see the first key, whatever blank stands before it. */
export const kHeadBytes = 1024;

/** True for the first bytes of a report of this tool, of whatever version. */
export function looksLikeReport(head: Uint8Array): boolean {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(head.subarray(0, kHeadBytes));
  return /^\s*\{\s*"schema"\s*:\s*"cloudshell-hunt\//.test(text);
}
