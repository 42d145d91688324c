// Bytes of a source wherever they are wanted, few of them in memory at a time: containers are opened from their end, and their entries lie anywhere.
// Invariant: what cannot be read is a Trouble with one sentence, never fewer bytes than asked for.

import { type ByteSource, causeOf } from './byte_source';

/** Why bytes could not be had, or make no sense; one sentence for a person. What was read before it stands. */
export class Trouble extends Error {
  override name = 'Trouble';
}

export interface RandomSource {
  readonly size: number;
  /** Exactly the bytes [from, to), which must lie in the source; a view that stays valid. */
  read(from: number, to: number): Promise<Uint8Array>;
  /** The bytes [from, to) in order, in blocks. */
  blocks(from: number, to: number): AsyncGenerator<Uint8Array>;
}

// Inflating is slower than reading at any slice size from 1 MiB on; smaller windows cost less memory, and a directory of 10,000 files is one.
export const kWindowBytes = 4 * 1024 * 1024;
// The one in use, the one before it (an entry's header may straddle), and the one being read ahead.
const kWindows = 3;

/** A file, read in aligned windows, of which the last few are kept; reading in order finds the next window under way. */
export class WindowedSource implements RandomSource {
  /** Furthest byte of a content that was read; headers and directories do not count. */
  reached = 0;
  private readonly windows = new Map<number, Promise<Uint8Array>>();

  /** `head`: what was read of it already; of use when that is all of it. */
  constructor(
    private readonly source: ByteSource,
    readonly size: number,
    head: Uint8Array = new Uint8Array(0),
  ) {
    if (head.byteLength < size) return;
    for (let index = 0; index * kWindowBytes < size; index += 1) {
      this.windows.set(index, Promise.resolve(head.subarray(index * kWindowBytes, (index + 1) * kWindowBytes)));
    }
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    const first = Math.floor(from / kWindowBytes);
    const start = first * kWindowBytes;
    const window = await this.window(first);
    if (to <= start + kWindowBytes) return window.subarray(from - start, to - start);
    const bytes = new Uint8Array(to - from);
    let filled = 0;
    for await (const block of this.parts(from, to)) {
      bytes.set(block, filled);
      filled += block.byteLength;
    }
    return bytes;
  }

  async *blocks(from: number, to: number): AsyncGenerator<Uint8Array> {
    let at = from;
    for await (const block of this.parts(from, to)) {
      at += block.byteLength;
      this.reached = Math.max(this.reached, at);
      yield block;
    }
  }

  private async *parts(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < to; ) {
      const index = Math.floor(at / kWindowBytes);
      const start = index * kWindowBytes;
      const end = Math.min(start + kWindowBytes, to);
      if (end < to) this.window(index + 1).catch(() => undefined);
      const window = await this.window(index);
      yield window.subarray(at - start, end - start);
      at = end;
    }
  }

  private window(index: number): Promise<Uint8Array> {
    const known = this.windows.get(index);
    if (known !== undefined) return known;
    const from = index * kWindowBytes;
    const to = Math.min(from + kWindowBytes, this.size);
    const window = this.source.read(from, to).then(
      (bytes) => {
        if (bytes.byteLength === to - from) return bytes;
        throw new Trouble(
          `The file is shorter than when it was picked: it ends at byte ${from + bytes.byteLength} instead of ${this.size}. Open it again to have all of it.`,
        );
      },
      (error: unknown) => {
        throw new Trouble(`Reading stopped at byte ${from}: ${causeOf(error)}. Open the file again to have all of it.`);
      },
    );
    // Awaited by whoever needs it; one that was read ahead and is not needed may fail unseen.
    window.catch(() => undefined);
    this.windows.set(index, window);
    for (const oldest of this.windows.keys()) {
      if (this.windows.size <= kWindows) break;
      this.windows.delete(oldest);
    }
    return window;
  }
}

/** What was inflated into memory. */
export class MemorySource implements RandomSource {
  readonly size: number;
  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.byteLength;
  }
  async read(from: number, to: number): Promise<Uint8Array> {
    return this.bytes.subarray(from, to);
  }
  async *blocks(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < to; at += kWindowBytes) yield this.bytes.subarray(at, Math.min(at + kWindowBytes, to));
  }
}

/** A stretch of another source: an archive that lies in an archive as it is. */
export class PartOfSource implements RandomSource {
  constructor(
    private readonly whole: RandomSource,
    private readonly start: number,
    readonly size: number,
  ) {}
  read(from: number, to: number): Promise<Uint8Array> {
    return this.whole.read(this.start + from, this.start + to);
  }
  blocks(from: number, to: number): AsyncGenerator<Uint8Array> {
    return this.whole.blocks(this.start + from, this.start + to);
  }
}
