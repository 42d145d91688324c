// A File of the page as a worker reads it. A File is a name and a size of when it was picked; what stands on the disk may change, and the browsers
// tell differently: Chromium refuses to read on once the time of change is another, Firefox reads whatever is there, short where the file became
// shorter. Neither lets a page ask for the time of change again. So a few kilobytes of what was read are read once more at the end, and compared.
// What that cannot see: a change in place that leaves those bytes as they were and (in Chromium) keeps the file's time of change.

import type { ByteSource } from './byte_source';

// Of fewer bytes a stream is no faster.
const kStreamBytes = 1024 * 1024;
// Two records of any export seen: another log, or the same one written anew, differs in its first ones, by their times and ids.
export const kSampleBytes = 4096;

interface Sample {
  at: number;
  bytes: number;
  print: number;
}

/** FNV-1a, which tells two samples apart and proves nothing. */
export function printOf(bytes: Uint8Array): number {
  let print = 0x811c9dc5;
  for (const byte of bytes) print = Math.imul(print ^ byte, 0x01000193);
  return print >>> 0;
}

/** Of an input's beginning. */
export function headPrint(head: Uint8Array): number {
  return printOf(head.subarray(0, kSampleBytes));
}

/** What was read of a file, by a few of its bytes. */
export class Samples {
  private first: Sample | null = null;
  private last: Sample | null = null;
  private reads = 0;

  /** `head`: headPrint() of the file as another reader saw it; left out where there is no other. `size`: as it was picked. */
  constructor(
    private readonly size: number,
    private readonly head?: number,
  ) {}

  /** `bytes` were read from there. */
  take(bytes: Uint8Array, from: number): void {
    this.reads += 1;
    const { byteLength } = bytes;
    this.first ??= sampleOf(bytes.subarray(0, kSampleBytes), from);
    const tail = bytes.subarray(Math.max(0, byteLength - kSampleBytes));
    if (this.last === null || from >= this.last.at) this.last = sampleOf(tail, from + byteLength - tail.byteLength);
  }

  /** Whether those bytes are others now. `read` gives what stands in a place, and may fail. */
  async differ(read: (from: number, to: number) => Promise<Uint8Array>): Promise<boolean> {
    // What is read at once is of one version.
    if (this.first === null || this.last === null || (this.reads === 1 && this.head === undefined)) return false;
    const samples = [this.first, this.last];
    if (this.head !== undefined) samples.push({ at: 0, bytes: Math.min(kSampleBytes, this.size), print: this.head });
    const isSame = async ({ at, bytes, print }: Sample): Promise<boolean> => {
      const now = await read(at, at + bytes);
      return now.byteLength === bytes && printOf(now) === print;
    };
    try {
      return (await Promise.all(samples.map(isSame))).includes(false);
    } catch {
      return true; // it could be read a moment ago
    }
  }
}

function sampleOf(bytes: Uint8Array, at: number): Sample {
  return { at, bytes: bytes.byteLength, print: printOf(bytes) };
}

// Memory that slices are read into again and again: to have a page of new memory made costs more than to fill it.
const kRoomBytes = 16 * 1024 * 1024;
const spare: ArrayBuffer[] = [];

const roomFor = (bytes: number): ArrayBuffer =>
  bytes > kRoomBytes / 2 && bytes <= kRoomBytes ? (spare.pop() ?? new ArrayBuffer(kRoomBytes)) : new ArrayBuffer(bytes);

/** What readBlob() gave is not looked at any more. */
export function recycleBlobBytes({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength === kRoomBytes) spare.push(buffer);
}

export function letGoOfRooms(): void {
  spare.length = 0;
}

/**
 * The bytes of a blob, fewer where its file has become shorter. Chromium gives 16 MiB of a file in half of the time through a stream that reads into
 * memory which is there already. Where there is no such stream, or it fails, arrayBuffer() does it, or says why it cannot.
 */
export async function readBlob(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (blob.size >= kStreamBytes) {
    try {
      return await streamInto(roomFor(blob.size), blob);
    } catch {
      // What a stream fails by differs from browser to browser.
    }
  }
  return new Uint8Array(await blob.arrayBuffer());
}

// Chromium (156) collects a reader that nobody but its own pending read knows, and that read then never ends.
const reading = new Set<ReadableStreamBYOBReader>();

async function streamInto(room: ArrayBuffer, blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const reader = blob.stream().getReader({ mode: 'byob' });
  reading.add(reader);
  try {
    let buffer = room;
    let filled = 0;
    while (filled < blob.size) {
      const { value, done } = await reader.read(new Uint8Array(buffer, filled, blob.size - filled));
      if (value === undefined) throw new Error('the stream was cancelled');
      buffer = value.buffer;
      if (done) break;
      filled += value.byteLength;
    }
    return new Uint8Array(buffer, 0, filled);
  } finally {
    reading.delete(reader);
    // Its end was not asked for: what it holds of the file is let go at once.
    reader.cancel().catch(() => undefined);
  }
}

export class FileSource implements ByteSource {
  private readonly samples: Samples;

  /** `head`: as in WorkItem. */
  constructor(
    private readonly file: Blob,
    head?: number,
  ) {
    this.samples = new Samples(file.size, head);
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.bytes(from, to);
    this.samples.take(bytes, from);
    return bytes;
  }

  changed(): Promise<boolean> {
    return this.samples.differ((from, to) => this.bytes(from, to));
  }

  recycle(bytes: Uint8Array<ArrayBuffer>): void {
    recycleBlobBytes(bytes);
  }

  async close(): Promise<void> {}

  private bytes(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    return readBlob(this.file.slice(from, to));
  }
}
