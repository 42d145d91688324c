// SHA-256 of files, in a worker of its own: hashing is slower than reading and must not keep anybody waiting. One file at a time, in slices; the
// page ends the worker to stop.

import { createSHA256 } from 'hash-wasm';
import { errorWord, kSliceBytes } from './byte_source';
import { FileReads } from './file_source';
import type { FromHashWorker } from './hash_protocol';

// Some twenty times a second.
const kTellBytes = 16 * kSliceBytes;
const scope = self as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromHashWorker) => scope.postMessage(message);

scope.onmessage = async (event: MessageEvent<File>) => {
  const file = event.data;
  const reads = new FileReads(file);
  try {
    const hash = await createSHA256();
    hash.init();
    for (let from = 0; from < file.size; from += kSliceBytes) {
      const to = Math.min(from + kSliceBytes, file.size);
      const bytes = await reads.read(from, to);
      if (bytes.byteLength !== to - from) {
        post({ type: 'failed', why: 'the file is shorter than when it was opened' });
        return;
      }
      hash.update(bytes);
      reads.recycle(bytes);
      if (to % kTellBytes === 0) post({ type: 'progress', bytes: to });
    }
    post({ type: 'done', sha256: hash.digest('hex') });
  } catch (error) {
    post({ type: 'failed', why: `could not be read again (${errorWord(error)})` });
  } finally {
    reads.close();
  }
};
