// Deflate and gzip as streams of blocks. pako, a port of zlib, is used through zlib's own calls: they give output in blocks of our size however
// much a few bytes inflate to, and say exactly where a stream ends, which every further gzip member and a zip without its directory need. fflate
// is smaller but has neither; the browsers' DecompressionStream fails behind the first member.
// A block is valid until the next one is asked for. Early or damaged ends are thrown as Trouble after all that could be inflated was given.

import { Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2, zlibInflateReset2 } from 'pako';
import { kPieceBytes } from './engine_host';
import { Trouble } from './random_source';

// zlib's windowBits: negative for deflate without a wrapper, 16 more for gzip.
const kRaw = -15;
const kGzip = 31;
const kChecksumBytes = 4;

class Inflater {
  private readonly stream = new ZStream();
  private readonly room = new Uint8Array(kPieceBytes);

  constructor() {
    zlibInflateInit2(this.stream, kRaw);
    this.stream.input = new Uint8Array(0);
  }

  /** Begins a new stream with what is left of the input. */
  begin(windowBits: number): void {
    zlibInflateReset2(this.stream, windowBits);
  }

  feed(block: Uint8Array): void {
    this.stream.input = block;
    this.stream.next_in = 0;
    this.stream.avail_in = block.byteLength;
  }

  /** Bytes of the input that were not taken yet. */
  get left(): number {
    return this.stream.avail_in;
  }

  get nextByte(): number {
    return this.stream.input[this.stream.next_in] as number;
  }

  skip(bytes: number): void {
    this.stream.next_in += bytes;
    this.stream.avail_in -= bytes;
  }

  /** Inflates until the input is taken or the room is full. */
  step(): { status: number; bytes: Uint8Array; hungry: boolean } {
    const { stream } = this;
    stream.output = this.room;
    stream.next_out = 0;
    stream.avail_out = this.room.byteLength;
    const status = zlibInflate(stream, Z_NO_FLUSH);
    return { status, bytes: this.room.subarray(0, stream.next_out), hungry: stream.avail_out > 0 };
  }

  get message(): string {
    return this.stream.msg;
  }
}

/** Inflaters used again: one costs a few hundred kilobytes, an archive may hold 100,000 streams, and few are open at once. */
export class Inflaters {
  private readonly spare: Inflater[] = [];
  take(windowBits: number): Inflater {
    const inflater = this.spare.pop() ?? new Inflater();
    inflater.feed(new Uint8Array(0));
    inflater.begin(windowBits);
    return inflater;
  }
  give(inflater: Inflater): void {
    inflater.feed(new Uint8Array(0));
    this.spare.push(inflater);
  }
}

/** The content of one deflate stream; returns how many packed bytes it took. Bytes behind it are not looked at. */
export async function* inflated(packed: AsyncIterable<Uint8Array>, inflaters: Inflaters): AsyncGenerator<Uint8Array, number> {
  const inflater = inflaters.take(kRaw);
  let passed = 0;
  try {
    for await (const block of packed) {
      inflater.feed(block);
      for (;;) {
        const { status, bytes, hungry } = inflater.step();
        if (bytes.byteLength > 0) yield bytes;
        const taken = passed + block.byteLength - inflater.left;
        if (status === Z_STREAM_END) return taken;
        if (status !== Z_OK && status !== Z_BUF_ERROR) throw damaged(taken, inflater.message);
        if (hungry) break;
      }
      passed += block.byteLength;
    }
  } finally {
    inflaters.give(inflater);
  }
  throw new Trouble(`The compressed data ends too early, after ${passed} bytes; what was read until there is kept.`);
}

/** What a gzip file turned out to hold beside its content. */
export interface GzipNotes {
  note(code: string, message: string): void;
}

/** The content of all members, one after the other. Zeros behind a member are filling; anything else is told as a note and left out. */
export async function* gunzipped(
  packed: AsyncIterable<Uint8Array>,
  inflaters: Inflaters,
  notes: GzipNotes,
): AsyncGenerator<Uint8Array, void> {
  const inflater = inflaters.take(kGzip);
  const garbage = (at: number) =>
    notes.note('gzip_trailing_bytes', `From byte ${at} of the compressed file on stand bytes that are no gzip; they were left out.`);
  let passed = 0;
  let members = 0;
  let inside = false;
  let memberAt = 0;
  let wrong = 0;
  let skip = 0;
  try {
    for await (const block of packed) {
      inflater.feed(block);
      for (;;) {
        if (!inside) {
          for (; skip > 0 && inflater.left > 0; skip -= 1) inflater.skip(1);
          if (members > 0) while (inflater.left > 0 && inflater.nextByte === 0) inflater.skip(1);
          if (inflater.left === 0) break;
          memberAt = passed + block.byteLength - inflater.left;
          inflater.begin(kGzip);
          inside = true;
        }
        const { status, bytes, hungry } = inflater.step();
        if (bytes.byteLength > 0) yield bytes;
        if (status === Z_STREAM_END) {
          members += 1;
          inside = false;
          continue;
        }
        if (status !== Z_OK && status !== Z_BUF_ERROR) {
          const taken = passed + block.byteLength - inflater.left;
          const check = /^incorrect (data|length) check$/.exec(inflater.message);
          if (check === null) {
            if (members === 0 || !/header|unknown compression method/.test(inflater.message)) throw damaged(taken, inflater.message);
            garbage(memberAt);
            return;
          }
          // The content is all there and differs from what was packed; the next member is not touched by that.
          wrong += 1;
          members += 1;
          inside = false;
          if (check[1] === 'data') skip = kChecksumBytes;
          continue;
        }
        if (hungry) break;
      }
      passed += block.byteLength;
    }
  } finally {
    inflaters.give(inflater);
  }
  if (inside && members > 0 && passed - memberAt < kHeaderBytes) garbage(memberAt);
  else if (inside || members === 0)
    throw new Trouble(`The gzip data ends too early, after ${passed} bytes; what was read until there is kept.`);
  if (wrong > 0) {
    const which = members === 1 ? 'The' : `${wrong} of ${members} parts: the`;
    throw new Trouble(`${which} checksum of the gzip data is wrong: the file is damaged, and what was read may differ from the original.`);
  }
}

// A gzip member's header; fewer bytes behind the last member are rubbish rather than a member cut short.
const kHeaderBytes = 10;

function damaged(at: number, message: string): Trouble {
  return new Trouble(`The compressed data is damaged near byte ${at} (${message || 'unknown'}); what was read until there is kept.`);
}
