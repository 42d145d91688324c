// Hands a text to the browser as a file to save.

// The link is followed at once; the bytes must only outlive the start of the download.
const kRevokeMillis = 60_000;

export function saveFile(text: string, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), kRevokeMillis);
}
