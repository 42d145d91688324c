// A File of the page as a worker reads it. A File is a name and a size of when it was picked; what stands on the disk may change, and the browsers
// tell differently: Chromium refuses to read on once the time of change is another, Firefox reads whatever is there, short where the file became
// shorter. Neither lets a page ask for the time of change again. So a few kilobytes of what was read are read once more at the end, and compared.
// What that cannot see: a change in place that leaves those bytes as they were and (in Chromium) keeps the file's time of change.

import { type ByteSource, kSliceBytes } from './byte_source';

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

// Memory that is read into again and again: to have a page of new memory made costs more than to fill it.
const kRoomBytes = kSliceBytes;
const spare: ArrayBuffer[] = [];

const roomFor = (bytes: number): ArrayBuffer =>
  bytes > kRoomBytes / 2 && bytes <= kRoomBytes ? (spare.pop() ?? new ArrayBuffer(kRoomBytes)) : new ArrayBuffer(bytes);

export function letGoOfRooms(): void {
  spare.length = 0;
}

// A part of a file, and what is read beyond its end (parts.ts). To begin a stream costs megabytes of new memory in two processes.
const kStreamBytes = 65 * 1024 * 1024;
// A stream goes on with a file that was removed or written anew meanwhile. So a byte is asked for anew each time that so much was read of it, with
// which the browser looks at the file again.
const kLookBytes = 16 * 1024 * 1024;
// Of fewer bytes a stream is no faster.
const kLeastStreamBytes = 1024 * 1024;

// Chromium (156) collects a reader that nobody but its own pending read knows, and that read then never ends.
const reading = new Set<ReadableStreamBYOBReader>();

/** Bytes [from, to) of a file in order, in as many reads as are asked for; they may be asked for before the former ones are there. */
class FileStream {
  /** Where the next read begins. */
  next: number;
  private looked: number;
  private readonly reader: ReadableStreamBYOBReader;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: Blob,
    from: number,
    readonly end: number,
  ) {
    this.next = from;
    this.looked = from;
    this.reader = file.slice(from, end).stream().getReader({ mode: 'byob' });
    reading.add(this.reader);
  }

  /** Fewer bytes where the file has become shorter. */
  async read(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const from = this.next;
    this.next += bytes;
    const filled = this.turn.then(() => this.fill(roomFor(bytes), bytes));
    this.turn = filled;
    if (from - this.looked < kLookBytes) return filled;
    this.looked = from;
    const [read] = await Promise.all([filled, this.file.slice(from, from + 1).arrayBuffer()]);
    return read;
  }

  close(): void {
    reading.delete(this.reader);
    // Its end was not asked for: what it holds of the file is let go at once.
    this.reader.cancel().catch(() => undefined);
  }

  private async fill(room: ArrayBuffer, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    let buffer = room;
    let filled = 0;
    while (filled < bytes) {
      const { value, done } = await this.reader.read(new Uint8Array(buffer, filled, bytes - filled));
      if (value === undefined) throw new Error('the stream was cancelled');
      buffer = value.buffer;
      if (done) break;
      filled += value.byteLength;
    }
    return new Uint8Array(buffer, 0, filled);
  }
}

/**
 * A file that is mostly read in order. Chromium gives it in half of the time through a stream that reads into memory which is there already. Where
 * there is no such stream, or it fails, arrayBuffer() does it, or says why it cannot.
 */
export class FileReads {
  private stream: FileStream | null = null;
  private closed = false;

  constructor(private readonly file: Blob) {}

  /** Bytes [from, to); fewer where the file has become shorter. */
  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const stream = this.streamAt(from, to);
    if (stream === null) return this.readAnew(from, to);
    try {
      return await stream.read(to - from);
    } catch {
      // What a stream fails by differs from browser to browser.
      if (this.stream === stream) this.stopStream();
      if (this.closed) return new Uint8Array(0);
      return this.readAnew(from, to);
    }
  }

  /** The same, of the file as it is now. */
  async readAnew(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.file.slice(from, to).arrayBuffer());
  }

  /** What read() gave is not looked at any more. */
  recycle({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength === kRoomBytes) spare.push(buffer);
  }

  /** Whoever still waits for a read gets nothing. */
  close(): void {
    this.closed = true;
    this.stopStream();
  }

  private stopStream(): void {
    this.stream?.close();
    this.stream = null;
  }

  private streamAt(from: number, to: number): FileStream | null {
    if (this.stream?.next === from && to <= this.stream.end) return this.stream;
    if (to - from < kLeastStreamBytes) return null;
    this.stopStream();
    try {
      this.stream = new FileStream(this.file, from, Math.min(from + Math.max(kStreamBytes, to - from), this.file.size));
    } catch {
      return null;
    }
    return this.stream;
  }
}

export class FileSource implements ByteSource {
  private readonly samples: Samples;
  private readonly reads: FileReads;

  /** `head`: as in WorkItem. */
  constructor(file: Blob, head?: number) {
    this.samples = new Samples(file.size, head);
    this.reads = new FileReads(file);
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.reads.read(from, to);
    this.samples.take(bytes, from);
    return bytes;
  }

  changed(): Promise<boolean> {
    return this.samples.differ((from, to) => this.reads.readAnew(from, to));
  }

  recycle(bytes: Uint8Array<ArrayBuffer>): void {
    this.reads.recycle(bytes);
  }

  async close(): Promise<void> {
    this.reads.close();
  }
}
