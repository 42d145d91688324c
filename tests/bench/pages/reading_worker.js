// Reads its slices of a file, `ahead` of them under way beside the one that is waited for, and lets go of the bytes; by arrayBuffer(), or by streams
// into memory that is there already and stays in the processor's cache, as the page does it where it can.

const kRoomBytes = 1024 * 1024;

// Chromium collects a reader that only its pending read knows.
const readers = new Set();
const rooms = [];

async function streamed(blob) {
  const reader = blob.stream().getReader({ mode: 'byob' });
  readers.add(reader);
  let buffer = rooms.pop() ?? new ArrayBuffer(kRoomBytes);
  for (let sum = 0; sum < blob.size; ) {
    const { value } = await reader.read(new Uint8Array(buffer, 0, Math.min(kRoomBytes, blob.size - sum)));
    buffer = value.buffer;
    sum += value.byteLength;
  }
  readers.delete(reader);
  void reader.cancel();
  rooms.push(buffer);
  return { byteLength: blob.size };
}

self.onmessage = async ({ data }) => {
  if (data.ping) {
    postMessage(0);
    return;
  }
  const { file, first, step, sliceBytes, ahead, streams } = data;
  const waiting = [];
  let sum = 0;
  const take = async () => {
    const bytes = await waiting.shift();
    sum += bytes.byteLength;
  };
  for (let number = first; number * sliceBytes < file.size; number += step) {
    const slice = file.slice(number * sliceBytes, (number + 1) * sliceBytes);
    waiting.push(streams ? streamed(slice) : slice.arrayBuffer());
    if (waiting.length > ahead) await take();
  }
  while (waiting.length > 0) await take();
  postMessage(sum);
};
