// Reads its slices of a file, `ahead` of them under way beside the one that is waited for, and lets go of the bytes.

self.onmessage = async ({ data }) => {
  if (data.ping) {
    postMessage(0);
    return;
  }
  const { file, first, step, sliceBytes, ahead } = data;
  const waiting = [];
  let sum = 0;
  const take = async () => {
    const bytes = await waiting.shift();
    sum += bytes.byteLength;
  };
  for (let number = first; number * sliceBytes < file.size; number += step) {
    waiting.push(file.slice(number * sliceBytes, (number + 1) * sliceBytes).arrayBuffer());
    if (waiting.length > ahead) await take();
  }
  while (waiting.length > 0) await take();
  postMessage(sum);
};
