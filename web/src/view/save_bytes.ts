// Hands bytes to the browser as a file to save. File names say nothing about the evidence.

// The link is followed at once; the bytes must only outlive the start of the download.
const kRevokeMillis = 60_000;

export function saveBytes(parts: readonly (Uint8Array<ArrayBuffer> | string)[], name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), kRevokeMillis);
}
