// How a worker of the browser reads a file: through streams where it is read in order, with looks at the file on the way.

import { describe, expect, test } from 'vitest';
import { kSliceBytes } from '../../web/src/engine/byte_source';
import { FileReads, letGoOfRooms } from '../../web/src/engine/file_source';

const kMiB = 1024 * 1024;
const kLookBytes = 16 * kMiB;
const kStreamBytes = 65 * kMiB;

const content = new Uint8Array(70 * kMiB).map((_, at) => (at * 31 + (at >> 12)) & 0xff) as Uint8Array<ArrayBuffer>;
const isContent = (bytes: Uint8Array, from: number): boolean =>
  Buffer.compare(bytes, content.subarray(from, from + bytes.byteLength)) === 0;

interface Faults {
  /** The stream fails once it has given so much. */
  failAt?: number;
  /** It ends there. */
  endAt?: number;
  /** Asked for without a stream, bytes from here on cannot be had. */
  refuseFrom?: number;
  /** There are no streams into one's own memory. */
  none?: boolean;
  /** The stream gives nothing and does not end. */
  silent?: boolean;
}

/** A file on a disk; `log` says what was asked of it. */
function fileOf(faults: Faults, log: string[], size = content.byteLength): Blob {
  const slice = (from: number, to: number) => ({
    size: to - from,
    async arrayBuffer() {
      log.push(`bytes ${from} ${to}`);
      if (from >= (faults.refuseFrom ?? Number.POSITIVE_INFINITY)) throw new DOMException('gone', 'NotFoundError');
      return content.slice(from, to).buffer;
    },
    stream() {
      log.push(`stream ${from} ${to}`);
      let at = from;
      return new ReadableStream({
        ...(faults.none === true ? {} : { type: 'bytes' as const }),
        async pull(controller: ReadableByteStreamController) {
          if (faults.silent === true) return new Promise<void>(() => undefined);
          if (at >= (faults.failAt ?? Number.POSITIVE_INFINITY)) throw new Error('a stream of this browser');
          const end = Math.min(to, faults.endAt ?? to);
          const { view } = controller.byobRequest ?? {};
          if (!(view instanceof Uint8Array)) return;
          // As much at a time as a pipe holds.
          const count = Math.min(view.byteLength, end - at, 300_000);
          view.set(content.subarray(at, at + count));
          at += count;
          if (count === 0) controller.close();
          controller.byobRequest?.respond(count);
        },
        cancel() {
          log.push('cancel');
        },
      } as UnderlyingByteSource);
    },
  });
  return { size, slice } as unknown as Blob;
}

async function readAll(reads: FileReads, from: number, to: number): Promise<boolean> {
  let good = true;
  // One slice is asked for ahead of the one that is looked at.
  let ahead = reads.read(from, Math.min(from + kSliceBytes, to));
  for (let at = from; at < to; at += kSliceBytes) {
    const bytes = await ahead;
    const next = at + kSliceBytes;
    if (next < to) ahead = reads.read(next, Math.min(next + kSliceBytes, to));
    good &&= bytes.byteLength === Math.min(kSliceBytes, to - at) && isContent(bytes, at);
    reads.recycle(bytes);
  }
  return good;
}

describe('a file read in order', () => {
  test('comes in streams of a part and a little more, and is looked at on the way', async () => {
    const log: string[] = [];
    const reads = new FileReads(fileOf({}, log));
    expect(await readAll(reads, 0, content.byteLength)).toBe(true);
    reads.close();
    const looks = [1, 2, 3, 4].map((nth) => `bytes ${nth * kLookBytes} ${nth * kLookBytes + 1}`);
    expect(log).toEqual([`stream 0 ${kStreamBytes}`, ...looks, 'cancel', `stream ${kStreamBytes} ${content.byteLength}`, 'cancel']);
  });

  test('uses the memory of slices that are no longer looked at', async () => {
    letGoOfRooms();
    const reads = new FileReads(fileOf({}, []));
    const first = await reads.read(0, kSliceBytes);
    const second = await reads.read(kSliceBytes, 2 * kSliceBytes);
    expect(isContent(first, 0) && isContent(second, kSliceBytes)).toBe(true);
    reads.recycle(first);
    // What is there is what was read last, and the memory was transferred, not copied.
    expect(isContent(await reads.read(2 * kSliceBytes, 3 * kSliceBytes), 2 * kSliceBytes)).toBe(true);
    expect(first.byteLength).toBe(0);
    expect(isContent(second, kSliceBytes)).toBe(true);
    reads.close();
  });

  test('is read in other places too, small ones without a stream', async () => {
    const log: string[] = [];
    const reads = new FileReads(fileOf({}, log));
    expect(isContent(await reads.read(5 * kMiB, 5 * kMiB + 100), 5 * kMiB)).toBe(true);
    expect(isContent(await reads.read(7, 7 + 2 * kMiB), 7)).toBe(true);
    expect(isContent(await reads.read(40 * kMiB, 41 * kMiB), 40 * kMiB)).toBe(true);
    // Goes on where the last one ended, however little it is.
    expect(isContent(await reads.read(41 * kMiB, 41 * kMiB + 10), 41 * kMiB)).toBe(true);
    reads.close();
    expect(log).toEqual([
      `bytes ${5 * kMiB} ${5 * kMiB + 100}`,
      `stream 7 ${7 + kStreamBytes}`,
      'cancel',
      `stream ${40 * kMiB} ${content.byteLength}`,
      'cancel',
    ]);
  });

  test.each([0, 300_000, kSliceBytes, 3_000_000])('whose stream fails after %i bytes is read without it', async (failAt) => {
    const log: string[] = [];
    const reads = new FileReads(fileOf({ failAt }, log));
    expect(await readAll(reads, 0, 6 * kMiB)).toBe(true);
    expect(log.some((line) => line.startsWith('bytes '))).toBe(true);
    reads.close();
  });

  test('is read where there are no such streams', async () => {
    const reads = new FileReads(fileOf({ none: true }, []));
    expect(await readAll(reads, 0, 3 * kMiB)).toBe(true);
    reads.close();
  });

  test('that is gone is read no further than the next look, though its stream goes on', async () => {
    const reads = new FileReads(fileOf({ refuseFrom: kLookBytes }, []));
    expect(await readAll(reads, 0, kLookBytes)).toBe(true);
    await expect(reads.read(kLookBytes, kLookBytes + kSliceBytes)).rejects.toThrow('gone');
    reads.close();
  });

  test('that ended early gives what there is, and then nothing', async () => {
    const reads = new FileReads(fileOf({ endAt: 1_500_000 }, []));
    const [first, second, third] = await Promise.all([0, 1, 2].map((nth) => reads.read(nth * kSliceBytes, (nth + 1) * kSliceBytes)));
    expect([first?.byteLength, second?.byteLength, third?.byteLength]).toEqual([kSliceBytes, 1_500_000 - kSliceBytes, 0]);
    reads.close();
  });

  test('that is closed gives nothing to whoever still waits, and is not asked again', async () => {
    const log: string[] = [];
    const reads = new FileReads(fileOf({ silent: true }, log));
    const waiting = [reads.read(0, kSliceBytes), reads.read(kSliceBytes, 2 * kSliceBytes)];
    await Promise.resolve();
    reads.close();
    expect((await Promise.all(waiting)).map(({ byteLength }) => byteLength)).toEqual([0, 0]);
    expect(log).toEqual([`stream 0 ${kStreamBytes}`, 'cancel']);
  });
});
