// The one-file form of engine/own_files.ts: what belongs to the page stands in it, compressed, by the address that the build gave it. Nothing is ever
// fetched; the page's policy says connect-src 'none'.

import files from 'virtual:one-file-files';

export async function ownFile(address: string): Promise<Response> {
  // A worker's script is a blob of this page: it is there already.
  if (address.startsWith('blob:')) return new Response('');
  const file = files.get(address);
  if (file === undefined) return new Response(null, { status: 404 });
  const packed = Uint8Array.from(atob(file.base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream, { headers: { 'Content-Type': file.type } });
}

export const workerType: WorkerType = 'classic';
