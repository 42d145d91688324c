// Checksums of the files as they were opened, compressed ones as they lie on disk; computed when asked for, one file after the other.

import type { EvidenceFile } from '../report/case_report';
import type { FromHashWorker } from './hash_protocol';
import hashWorkerUrl from './hash_worker?worker&url';
import { ownFile, workerType } from './own_files';
import { ownScript, scriptUrl } from './script_url';

export interface HashProgress {
  bytes: number;
  bytesTotal: number;
  files: number;
  filesTotal: number;
}

export interface HashSource {
  path: string;
  size: number;
  handle: File;
}

/** Brings the worker's script into the browser's cache, for when the network is gone. */
export async function fetchHashWorker(): Promise<void> {
  await (await ownFile(hashWorkerUrl)).arrayBuffer();
}

/** Never rejects: a file that cannot be read says why in its row. After an abort the files left have no checksum. */
export async function hashFiles(
  sources: readonly HashSource[],
  signal: AbortSignal,
  onProgress: (progress: HashProgress) => void,
): Promise<EvidenceFile[]> {
  const bytesTotal = sources.reduce((sum, { size }) => sum + size, 0);
  const done: EvidenceFile[] = [];
  let bytesBefore = 0;
  let worker: Worker | null = null;
  const abort = () => {
    worker?.terminate();
    worker = null;
  };
  signal.addEventListener('abort', abort);
  try {
    for (const { path, size, handle } of sources) {
      if (signal.aborted) {
        done.push({ path, size, sha256: null });
        continue;
      }
      worker ??= new Worker(scriptUrl(ownScript(hashWorkerUrl)), { type: workerType, name: 'cloudshell-hunt-sha256' });
      const result = await hashOne(worker, handle, signal, (bytes) =>
        onProgress({ bytes: bytesBefore + bytes, bytesTotal, files: done.length, filesTotal: sources.length }),
      );
      if (result.why !== undefined && result.dead) abort();
      done.push(result.why === undefined ? { path, size, sha256: result.sha256 } : { path, size, sha256: null, why: result.why });
      bytesBefore += size;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
  return done;
}

interface Result {
  sha256: string | null;
  why?: string;
  dead?: boolean;
}

function hashOne(worker: Worker, file: File, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Result> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ sha256: null }), { once: true });
    worker.onmessage = ({ data }: MessageEvent<FromHashWorker>) => {
      switch (data.type) {
        case 'progress':
          onBytes(data.bytes);
          return;
        case 'done':
          resolve({ sha256: data.sha256 });
          return;
        case 'failed':
          resolve({ sha256: null, why: data.why });
          return;
        default:
          data satisfies never;
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      resolve({ sha256: null, why: 'the checksum could not be computed here', dead: true });
    };
    worker.postMessage(file);
  });
}
