// Containers by the thousand: what is packed comes out again whatever it is packed in, what is damaged costs no more than itself and says so, and
// gzip is judged as node:zlib judges it, which shares no code with what opens it here. The corpus holds one container of every kind that the
// descriptions of the formats allow or forbid, made by Python's gzip and zipfile; each of its files is the start of random damage as well.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { recogniseContainer } from '../../web/src/engine/container';
import { WindowedSource } from '../../web/src/engine/random_source';
import { kLimits, type Row, type Sink, unpack } from '../../web/src/engine/unpack';
import { bytesOf, type Entry, gzipOf, joined, zipOf } from './archives';

// Thousands of runs each; a machine with other work takes its time.
vi.setConfig({ testTimeout: 120_000 });

interface Found {
  path: string;
  content: Buffer;
  /** What it says of damage; empty: whole. */
  trouble: string;
}

async function opened(bytes: Uint8Array): Promise<Found[]> {
  const found: Found[] = [];
  const parts: Uint8Array[] = [];
  const add = ({ path }: Row, trouble = '') => found.push({ path, content: Buffer.alloc(0), trouble });
  const last = () => found.at(-1) as Found;
  const sink: Sink = {
    open: (row) => add(row),
    write: async (block) => {
      parts.push(block.slice());
      return '';
    },
    note: (code) => {
      last().trouble ||= code;
    },
    close: (why) => {
      last().content = Buffer.concat(parts.splice(0));
      last().trouble ||= why;
    },
    refuse: (row, code) => add(row, code),
    breathe: async () => undefined,
  };
  const read = async (from: number, to: number) => new Uint8Array(bytes.slice(from, to));
  const source = new WindowedSource({ read, changed: async () => false, close: async () => undefined }, bytes.byteLength);
  await unpack(source, 'a', recogniseContainer(bytes)?.opens ?? 'zip', sink, { ...kLimits, freeBytes: 1 << 20, bytes: 1 << 20 });
  return found;
}

const folder = fileURLToPath(new URL('../corpus/containers/', import.meta.url));
const corpus = readdirSync(folder).map((name) => ({ name, bytes: new Uint8Array(readFileSync(folder + name)) }));
const contentOf = (found: readonly Found[]) => Buffer.concat(found.map(({ content }) => content));
const edits = fc.array(fc.tuple(fc.nat(9999), fc.nat(255), fc.constantFrom('set', 'cut', 'insert')), { minLength: 1, maxLength: 5 });

function edited(bytes: Uint8Array, changes: readonly (readonly [number, number, 'set' | 'cut' | 'insert'])[], kept: number): Uint8Array {
  let out = bytes.slice();
  for (const [place, value, how] of changes) {
    const at = kept + (place % Math.max(out.byteLength - kept, 1));
    if (how === 'set' && at < out.byteLength) out[at] = value;
    if (how === 'cut') out = out.slice(0, at);
    if (how === 'insert') out = joined(out.slice(0, at), Uint8Array.of(value), out.slice(at));
  }
  return out;
}

describe('gzip', () => {
  const member = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.nat(255), fc.nat(9000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
  );

  test('members with zeros behind them come out as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 4 }), fc.nat(40), async (members, zeros) => {
        const found = await opened(joined(gzipOf(...members), new Uint8Array(zeros)));
        expect(found.map(({ trouble }) => trouble)).toEqual(['']);
        expect(contentOf(found).equals(Buffer.concat(members))).toBe(true);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test('cut anywhere, what came before the cut is given, and that it is cut is said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(9999), async (content, place) => {
        const whole = gzipOf(content);
        const found = await opened(whole.slice(0, 10 + (place % (whole.byteLength - 10))));
        expect(found.length).toBe(1);
        expect(found[0]?.trouble).not.toBe('');
        expect(Buffer.from(content).subarray(0, contentOf(found).byteLength).equals(contentOf(found))).toBe(true);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test('of damaged bytes, what zlib takes is taken with the same content, and what it refuses is said to be damaged', async () => {
    const starts = corpus.filter(({ name }) => name.endsWith('.gz')).map(({ bytes }) => bytes);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), edits, async (start, changes) => {
        const bytes = edited(start, changes, 3); // still recognised as gzip
        let wanted: Buffer | undefined;
        try {
          wanted = gunzipSync(bytes, { maxOutputLength: 1 << 20 });
        } catch {
          // refused
        }
        const found = await opened(bytes);
        expect(found.length).toBe(1);
        if (wanted === undefined) expect(found[0]?.trouble).not.toBe('');
        else expect(contentOf(found).subarray(0, wanted.byteLength).equals(wanted)).toBe(true);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});

describe('zip', () => {
  const entries = fc.uniqueArray(
    fc.record({
      // None that ends in a slash: that is a folder's.
      name: fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '/', '.', 'é', ' ') }).map((name) => `${name}c`),
      content: fc.uint8Array({ maxLength: 200 }),
      stored: fc.boolean(),
      zip64: fc.boolean(),
      descriptor: fc.constantFrom(undefined, 'signed' as const, 'bare' as const),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
  );

  test('every file comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (some) => {
        // A stored entry without its length has no end of its own.
        const files: Entry[] = some.map(({ descriptor, ...entry }) => ({
          ...entry,
          name: bytesOf(entry.name),
          ...(entry.stored || descriptor === undefined ? {} : { descriptor }),
          flags: 0x800,
        }));
        const wanted = some
          .filter(({ name, content }) => !name.endsWith('/') || content.byteLength > 0)
          .map(({ content }) => Buffer.from(content).toString('latin1'));
        const found = (await opened(zipOf(files))).filter(({ path }) => path !== 'a');
        // A file in a file may be opened again when its bytes look like a container; random ones do not.
        expect(found.map(({ content }) => content.toString('latin1')).sort()).toEqual(wanted.sort());
        expect(found.map(({ trouble }) => trouble).filter((trouble) => trouble !== '')).toEqual([]);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test('damage anywhere is no fault of ours, and some row tells of every archive', async () => {
    const starts = corpus.filter(({ name }) => name.endsWith('.zip')).map(({ bytes }) => bytes);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), edits, async (start, changes) => {
        expect((await opened(edited(start, changes, 4))).length).toBeGreaterThan(0);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});

describe('corpus', () => {
  const whole: Record<string, Record<string, string>> = {
    'named.gz': { a: '{"a":1}\n' },
    'members.gz': { a: `{"a":1}\n${'{"a":2}\n'.repeat(50)}` },
    'zeros_behind.gz': { a: '{"a":1}\n' },
    'stored_block.gz': { a: 'abc' },
    'tree.zip': { 'a!y=2026/m=03/PT1H.json': '{"a":1}\n'.repeat(9), 'a!empty': '', 'a!stored': 'plain' },
    'streamed.zip': { 'a!y=2026/m=03/PT1H.json': '{"a":1}\n'.repeat(9), 'a!empty': '', 'a!stored': 'plain' },
    'wide.zip': { 'a!wide': '{"a":1}\n' },
    'comment.zip': { 'a!y=2026/m=03/PT1H.json': '{"a":1}\n'.repeat(9), 'a!empty': '', 'a!stored': 'plain' },
    'nested.zip': {
      'a!in.zip!y=2026/m=03/PT1H.json': '{"a":1}\n'.repeat(9),
      'a!in.zip!empty': '',
      'a!in.zip!stored': 'plain',
      'a!x.gz': '{"a":3}\n',
    },
  };
  test.each(corpus.map(({ name, bytes }) => [name, bytes] as const))('%s', async (name, bytes) => {
    const found = await opened(bytes);
    const wanted = whole[name];
    if (wanted === undefined) {
      // Damaged, or with something in it that is not read: said of some row.
      expect(found.some(({ trouble }) => trouble !== '') || name === 'name_up.zip').toBe(true);
      return;
    }
    expect(found.filter(({ trouble }) => trouble !== '')).toEqual([]);
    expect(Object.fromEntries(found.map(({ path, content }) => [path, content.toString()]))).toEqual(wanted);
  });
});
