import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Opens } from '../../web/src/engine/container';
import { recogniseContainer } from '../../web/src/engine/container';
import { crc32 } from '../../web/src/engine/crc32';
import { kPieceBytes } from '../../web/src/engine/engine_host';
import { kWindowBytes, Trouble, WindowedSource } from '../../web/src/engine/random_source';
import { kLimits, type Limits, type Row, readAgain, type Sink, unpack } from '../../web/src/engine/unpack';
import { type Bytes, bytesOf, crcOf, type Entry, gzipOf, joined, zipOf, zipWithPlaces } from './archives';

interface Found {
  path: string;
  container: Row['container'];
  containerBytes: number;
  content: string;
  notes: string[];
  cut: string;
  refused: string;
  message: string;
}

interface Result {
  rows: (Found & { steps: Row['steps'] })[];
  largestBlock: number;
  /** Bytes read from the file. */
  read: number;
  /** How often messages were let through. */
  breaths: number;
}

function sourceOf(bytes: Uint8Array, size = bytes.byteLength): { file: WindowedSource; read: () => number } {
  let read = 0;
  const file = new WindowedSource(
    {
      read: async (from, to) => {
        read += to - from;
        return new Uint8Array(bytes.slice(from, to));
      },
      changed: async () => false,
      close: async () => undefined,
    },
    size,
  );
  return { file, read: () => read };
}

/** `keep`: how many bytes of each input's content the test wants to see. */
async function opened(bytes: Uint8Array, limits: Partial<Limits> = {}, keep = Number.POSITIVE_INFINITY, size?: number): Promise<Result> {
  const rows: Result['rows'] = [];
  const parts: Uint8Array[][] = [];
  let largestBlock = 0;
  let isOpen = false;
  let breaths = 0;
  const last = () => rows.at(-1) as Found;
  const add = ({ path, container, containerBytes, steps }: Row) =>
    rows.push({ path, container, containerBytes, steps, content: '', notes: [], cut: '', refused: '', message: '' });
  const sink: Sink = {
    open: (row) => {
      expect(isOpen).toBe(false);
      isOpen = true;
      add(row);
      parts.push([]);
    },
    write: async (block) => {
      expect(isOpen).toBe(true);
      largestBlock = Math.max(largestBlock, block.byteLength);
      const before = (parts.at(-1) as Uint8Array[]).reduce((sum, part) => sum + part.byteLength, 0);
      if (before < keep) parts.at(-1)?.push(block.slice());
      return '';
    },
    note: (code) => last().notes.push(code),
    close: (why) => {
      expect(isOpen).toBe(true);
      isOpen = false;
      last().cut = why;
      last().content = Buffer.concat(parts.at(-1) ?? []).toString('latin1');
    },
    refuse: (row, code, message) => {
      expect(isOpen).toBe(false);
      add(row);
      parts.push([]);
      last().refused = code;
      last().message = message;
    },
    breathe: async () => {
      breaths += 1;
    },
  };
  const { file, read } = sourceOf(bytes, size);
  const found = recogniseContainer(bytes);
  const opens: Opens = found?.opens ?? 'zip';
  await unpack(file, 'a', opens, sink, { ...kLimits, ...limits });
  expect(isOpen).toBe(false);
  for (const { cut, message } of rows)
    for (const sentence of [cut, message]) if (sentence !== '') expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  return { rows, largestBlock, read: read(), breaths };
}

const contents = ({ rows }: Result): Record<string, string> =>
  Object.fromEntries(rows.filter(({ refused }) => refused === '').map(({ path, content }) => [path, content]));
const troubles = ({ rows }: Result): string[] =>
  rows.flatMap(({ path, cut, refused, notes }) => [
    ...(cut === '' ? [] : [`${path} cut`]),
    ...(refused === '' ? [] : [`${path} ${refused}`]),
    ...notes.map((code) => `${path} ${code}`),
  ]);

const text = (seed: number, length: number): string => {
  let out = '';
  for (let at = seed; out.length < length; at = (at * 48271 + 11) % 2147483647) out += `${at.toString(36)},"${seed}"\n`;
  return out.slice(0, length);
};

describe('gzip', () => {
  test('every member, with zeros between and behind, is one content of the same name', async () => {
    const result = await opened(joined(gzipOf('one\n', 'two\n'), new Uint8Array(5), gzipOf('', 'three\n'), new Uint8Array(512)));
    expect(contents(result)).toEqual({ a: 'one\ntwo\nthree\n' });
    expect(troubles(result)).toEqual([]);
    expect(result.rows[0]).toMatchObject({ container: 'gzip', steps: [] });
  });

  test('a header with every field is passed over', async () => {
    const body = bytesOf('content');
    const flags = 2 + 4 + 8 + 16;
    const header = joined([31, 139, 8, flags, 0, 0, 0, 0, 0, 3].reduce((all, byte) => joined(all, Uint8Array.of(byte)), joined()));
    const fields = joined(Uint8Array.of(3, 0), 'xyz', 'PT1H.json\0', 'a comment\0');
    const check = crcOf(joined(header, fields)) & 0xffff;
    const trailer = new DataView(new ArrayBuffer(8));
    trailer.setUint32(0, crcOf(body), true);
    trailer.setUint32(4, body.byteLength, true);
    const result = await opened(
      joined(header, fields, Uint8Array.of(check & 255, check >> 8), deflateRawSync(body), new Uint8Array(trailer.buffer)),
    );
    expect(contents(result)).toEqual({ a: 'content' });
    expect(troubles(result)).toEqual([]);
  });

  test.each([
    ['text', 'hello'],
    ['a byte that begins a header', '\x1f'],
    ['a header that is none', '\x1f\x8b\x07hello'],
    ['half a header', '\x1f\x8b\x08\x00'],
  ])('%s behind the last member is left out with a note', async (_, garbage) => {
    const result = await opened(joined(gzipOf('kept'), new Uint8Array(3), Buffer.from(garbage, 'latin1')));
    expect(contents(result)).toEqual({ a: 'kept' });
    expect(troubles(result)).toEqual(['a gzip_trailing_bytes']);
  });

  test('cut anywhere: a beginning of the content is kept and the input is cut, unless the cut is between members', async () => {
    const first = gzipOf(text(1, 700));
    const whole = joined(first, gzipOf(text(2, 300)));
    const content = text(1, 700) + text(2, 300);
    for (let length = 2; length < whole.byteLength; length += 1) {
      const result = await opened(whole.subarray(0, length));
      const [row] = result.rows;
      expect(result.rows.length).toBe(1);
      expect(content.startsWith(row?.content ?? '?')).toBe(true);
      if (length >= first.byteLength) expect(row?.content.length).toBeGreaterThanOrEqual(700);
      // Less than a header behind a whole member is taken for rubbish and told as such.
      if (length === first.byteLength) expect(troubles(result)).toEqual([]);
      else if (length > first.byteLength && length < first.byteLength + 10) expect(troubles(result)).toEqual(['a gzip_trailing_bytes']);
      else expect(troubles(result)).toEqual(['a cut']);
    }
  });

  test.each([
    ['checksum', -8],
    ['length', -4],
  ])('a wrong %s in one member costs no other member, and the input is cut with its sentence', async (_, at) => {
    const damaged = gzipOf('two\n');
    damaged[damaged.byteLength + at] = (damaged.at(at) as number) ^ 1;
    const result = await opened(joined(gzipOf('one\n'), damaged, gzipOf('three\n')));
    expect(contents(result)).toEqual({ a: 'one\ntwo\nthree\n' });
    expect(troubles(result)).toEqual(['a cut']);
    expect(result.rows[0]?.cut).toContain('checksum');
    expect(result.rows[0]?.cut).toContain('1 of 3');
  });

  test('damage in the data keeps what came before it', async () => {
    const content = text(3, 400_000);
    const packed = gzipOf(content);
    const at = packed.byteLength >> 1;
    packed.fill(0xff, at, at + 64);
    const result = await opened(packed);
    const [row] = result.rows;
    expect(row?.cut).not.toBe('');
    expect(row?.content.length).toBeGreaterThan(100_000);
    expect(content.slice(0, 150_000).startsWith((row?.content ?? '').slice(0, 100_000))).toBe(true);
  });

  test('gzip that is gzip again is opened; deeper than the limit it is refused', async () => {
    expect(contents(await opened(gzipOf(gzipOf('inside'))))).toEqual({ a: 'inside' });
    let deep = gzipOf('inside');
    for (let depth = 1; depth < kLimits.depth; depth += 1) deep = gzipOf(deep);
    expect(contents(await opened(deep))).toEqual({ a: 'inside' });
    const result = await opened(gzipOf(deep));
    expect(troubles(result)).toEqual(['a nested']);
  });

  test('what is no log inside is refused as it would be outside', async () => {
    expect(troubles(await opened(gzipOf('PAR1....')))).toEqual(['a parquet']);
    expect(troubles(await opened(gzipOf(joined(new Uint8Array(257).fill(97), 'ustar', new Uint8Array(300)))))).toEqual(['a tar']);
  });

  test('40 MiB of zeros, packed a thousandfold, comes in small blocks', async () => {
    const result = await opened(gzipOf(new Uint8Array(40 * 1024 * 1024)), {}, 0);
    expect(result.rows[0]).toMatchObject({ cut: '' });
    expect(result.largestBlock).toBeLessThanOrEqual(kPieceBytes);
  });
});

describe('zip', () => {
  const tree: Entry[] = [
    { name: 'y=2026/', stored: true },
    { name: 'y=2026/m=03/PT1H.json', content: text(1, 5000) },
    { name: 'stored.csv', content: text(2, 3000), stored: true },
    { name: 'empty.json', content: '' },
    { name: 'empty too', content: '', stored: true },
    { name: 'a.json.gz', content: gzipOf('packed', ' twice') },
  ];
  const expected = {
    'a!y=2026/m=03/PT1H.json': text(1, 5000),
    'a!stored.csv': text(2, 3000),
    'a!empty.json': '',
    'a!empty too': '',
    'a!a.json.gz': 'packed twice',
  };
  const forms: [string, Bytes][] = [
    ['plain', zipOf(tree)],
    [
      'zip64',
      zipOf(
        tree.map((entry) => ({ ...entry, zip64: true })),
        { zip64: true },
      ),
    ],
    ['a comment that looks like an end', zipOf(tree, { comment: `PK\x05\x06${'\0'.repeat(18)}${'x'.repeat(3000)}` })],
    ['descriptors', zipOf(tree.map((entry) => (entry.stored ? entry : { ...entry, descriptor: 'signed' })))],
    ['descriptors without signature', zipOf(tree.map((entry) => (entry.stored ? entry : { ...entry, descriptor: 'bare' })))],
    [
      'wide descriptors',
      zipOf(
        tree.map((entry) => (entry.stored ? entry : { ...entry, descriptor: 'wide', zip64: true })),
        { zip64: true },
      ),
    ],
  ];

  test.each(forms)('%s: every file is an input of its own, folders are none', async (_, bytes) => {
    const result = await opened(bytes);
    expect(contents(result)).toEqual(expected);
    expect(troubles(result)).toEqual([]);
    const sizes = Object.fromEntries(result.rows.map(({ path, container, containerBytes }) => [path, [container, containerBytes]]));
    expect(sizes['a!stored.csv']).toEqual(['zip', 3000]);
    expect(sizes['a!a.json.gz']?.[0]).toBe('gzip');
  });

  test.each(forms)('%s, without the directory: found by the headers before the files, and the archive is cut', async (_, bytes) => {
    const { rows } = await opened(bytes);
    const end = Math.max(...rows.flatMap(({ steps }) => steps.map(({ at, packed }) => at + packed)));
    const result = await opened(bytes.subarray(0, end + 24 + 1));
    expect(contents(result)).toEqual({ ...expected, a: '' });
    expect(troubles(result)).toEqual(['a cut']);
  });

  test.each(forms)('%s, cut at any byte: every file that ends before is whole, the archive says that it is cut', async (_, bytes) => {
    const { rows } = await opened(bytes);
    const end = bytes.byteLength - (bytes.byteLength > 9000 ? 3000 : 0);
    const places = rows.map(({ path, steps }) => ({ path, end: Math.max(...steps.map(({ at, packed }) => at + packed)) }));
    for (let length = 5; length < end; length += 7) {
      const result = await opened(bytes.subarray(0, length));
      const found = contents(result);
      for (const place of places)
        if (place.end + 24 < length) expect(found[place.path]).toBe((expected as Record<string, string>)[place.path]);
      for (const [path, content] of Object.entries(found)) {
        if (path !== 'a') expect((expected as Record<string, string>)[path]?.startsWith(content)).toBe(true);
      }
      expect(result.rows.filter(({ path, cut, refused }) => path === 'a' && (cut !== '' || refused !== '')).length).toBe(1);
    }
  });

  test('two archives one behind the other are both read, with a note', async () => {
    const result = await opened(joined(zipOf([{ name: 'x', content: '1' }]), zipOf([{ name: 'y', content: '2' }])));
    expect(contents(result)).toEqual({ 'a!x': '1', 'a!y': '2', a: '' });
    expect(troubles(result)).toEqual(['a zip_directory']);
  });

  test('bytes behind the end are told by a note', async () => {
    const result = await opened(joined(zipOf(tree), 'some text'));
    expect(contents(result)).toEqual({ ...expected, a: '' });
    expect(troubles(result)).toEqual(['a zip_directory']);
  });

  test('a directory that points elsewhere is not believed', async () => {
    const result = await opened(zipOf(tree, { directoryOff: 40 }));
    expect(contents(result)).toEqual({ ...expected, a: '' });
    expect(troubles(result)).toEqual(['a zip_directory']);
  });

  test('names: UTF-8 by flag, by its field, by looks; else code page 437; backslashes of old .NET', async () => {
    const raw = Uint8Array.of(0x81, 0x62, 0x65, 0x72);
    const field = (name: string): Bytes => {
      const utf8 = bytesOf(name);
      const head = new DataView(new ArrayBuffer(9));
      head.setUint16(0, 0x7075, true);
      head.setUint16(2, 5 + utf8.byteLength, true);
      head.setUint8(4, 1);
      head.setUint32(5, crcOf(raw), true);
      return joined(new Uint8Array(head.buffer), utf8);
    };
    const result = await opened(
      zipOf([
        { name: 'größe.json', flags: 0x0800 },
        { name: 'naïve.json' },
        { name: raw },
        { name: raw, extra: field('über/ω.json') },
        { name: 'sub\\file.csv', madeBy: 20 },
        { name: 'sub\\a/file.csv', madeBy: 20 },
        { name: 'user\\name' },
      ]),
    );
    expect(result.rows.map(({ path }) => path)).toEqual([
      'a!größe.json',
      'a!naïve.json',
      'a!über',
      'a!über/ω.json',
      'a!sub/file.csv',
      'a!sub\\a/file.csv',
      'a!user\\name',
    ]);
  });

  test('an encrypted file is one refused row, the others are read', async () => {
    const result = await opened(
      zipOf([
        { name: 'secret', content: 'x', flags: 1 },
        { name: 'aes', content: 'x', method: 99 },
        { name: 'open', content: 'y' },
      ]),
    );
    expect(contents(result)).toEqual({ 'a!open': 'y' });
    expect(troubles(result)).toEqual(['a!secret encrypted', 'a!aes encrypted']);
    expect(result.rows[0]?.message).toContain('password');
  });

  test('an unknown method is named and refused', async () => {
    const result = await opened(
      zipOf([
        { name: 'z', content: 'x', method: 93 },
        { name: 'q', content: 'x', method: 77 },
      ]),
    );
    expect(troubles(result)).toEqual(['a!z zip_method', 'a!q zip_method']);
    expect(result.rows.map(({ message }) => message).join()).toMatch(/Zstandard.*method 77/);
  });

  test('what macOS adds is left out and counted', async () => {
    const result = await opened(
      zipOf([
        { name: '__MACOSX/._x', content: 'j' },
        { name: 'f/.DS_Store', content: 'j' },
        { name: 'x', content: '1' },
      ]),
    );
    expect(contents(result)).toEqual({ 'a!x': '1', a: '' });
    expect(troubles(result)).toEqual(['a left_out']);
  });

  test.each([
    ['no file', zipOf([])],
    ['folders only', zipOf([{ name: 'f/', stored: true }])],
  ])('an archive with %s says so and is not refused', async (_, bytes) => {
    expect(troubles(await opened(bytes))).toEqual(['a empty_archive']);
  });

  test.each([true, false])('a name that ends in a slash is a folder only where it holds nothing: stored %s', async (stored) => {
    const result = await opened(zipOf(['', '[', '[]', '[{'].map((content, at) => ({ name: `f${at}/`, content, stored }))));
    expect(contents(result)).toEqual({ 'a!f1/': '[', 'a!f2/': '[]', 'a!f3/': '[{' });
  });

  test('a wrong checksum or length keeps the content and cuts the input', async () => {
    const result = await opened(
      zipOf([
        { name: 'd', content: 'deflated', crc: 1 },
        { name: 's', content: 'stored', stored: true, crc: 1 },
        { name: 'good', content: 'x' },
      ]),
    );
    expect(contents(result)).toEqual({ 'a!d': 'deflated', 'a!s': 'stored', 'a!good': 'x' });
    expect(troubles(result)).toEqual(['a!d cut', 'a!s cut']);
  });

  test('files that share bytes are opened once', async () => {
    const kernel = text(5, 20_000);
    const entries: Entry[] = [
      { name: 'first', content: kernel },
      ...Array.from({ length: 50 }, (_, at) => ({ name: `copy${at}`, content: kernel, sharesHeaderOf: 0 })),
    ];
    const result = await opened(zipOf(entries));
    expect(Object.keys(contents(result)).length).toBe(1);
    expect(troubles(result).filter((line) => line.endsWith('overlapping')).length).toBe(50);
  });

  test('an entry that points into nothing, or at another record, is refused alone', async () => {
    const { bytes, directory } = zipWithPlaces([
      { name: 'x', content: 'one' },
      { name: 'y', content: 'two' },
    ]);
    const broken = bytes.slice();
    broken[0] = 0x51;
    const result = await opened(broken);
    expect(directory).toBeGreaterThan(0);
    expect(contents(result)).toEqual({ 'a!y': 'two' });
    expect(troubles(result)).toEqual(['a!x damaged']);
  });

  test.each([
    ['xlsx', 'xl/workbook.xml'],
    ['office', 'word/document.xml'],
  ])('%s is refused whole, also inside a zip, also where the mark stands far behind', async (code, part) => {
    const filling = Array.from({ length: 900 }, (_, at) => ({ name: `media/${at}`, content: text(at, 200), stored: true }));
    const book = zipOf([...filling, { name: '[Content_Types].xml', content: '<Types/>' }, { name: part, content: '<x/>' }]);
    expect(troubles(await opened(book))).toEqual([`a ${code}`]);
    const result = await opened(
      zipOf([
        { name: 'log.json', content: '{}' },
        { name: 'book', content: book, stored: true },
      ]),
    );
    expect(contents(result)).toEqual({ 'a!log.json': '{}' });
    expect(troubles(result)).toEqual([`a!book ${code}`]);
  });

  test('archives inside archives are opened, stored or packed, up to the limit', async () => {
    const inner = zipOf([
      { name: 'x.json', content: 'deep' },
      { name: 'y.gz', content: gzipOf('deeper') },
    ]);
    const outer = zipOf([
      { name: 'stored.zip', content: inner, stored: true },
      { name: 'packed.zip', content: inner },
      { name: 'twice.zip.gz', content: gzipOf(inner) },
      { name: 'beside.json', content: 'flat' },
    ]);
    const result = await opened(outer);
    expect(contents(result)).toEqual({
      'a!stored.zip!x.json': 'deep',
      'a!stored.zip!y.gz': 'deeper',
      'a!packed.zip!x.json': 'deep',
      'a!packed.zip!y.gz': 'deeper',
      'a!twice.zip.gz!x.json': 'deep',
      'a!twice.zip.gz!y.gz': 'deeper',
      'a!beside.json': 'flat',
    });
    expect(troubles(result)).toEqual([]);
    let deep = inner;
    for (let depth = 1; depth < kLimits.depth; depth += 1) deep = zipOf([{ name: `z${depth}`, content: deep }]);
    const limited = await opened(deep);
    expect(Object.values(contents(limited))).toEqual(['deep']);
    expect(troubles(limited)).toEqual(['a!z3!z2!z1!y.gz nested']);
  });

  test('cut behind an archive it holds, an archive is not taken for that one', async () => {
    const inner = zipOf([{ name: 'x', content: 'inside' }]);
    const { bytes, directory } = zipWithPlaces([
      { name: 'before', content: 'outside' },
      { name: 'inner.zip', content: inner, stored: true },
    ]);
    const result = await opened(bytes.subarray(0, directory));
    expect(contents(result)).toEqual({ 'a!before': 'outside', 'a!inner.zip!x': 'inside', a: '' });
    expect(troubles(result)).toEqual(['a cut']);
  });

  test('one part of a split archive is refused', async () => {
    const result = await opened(zipOf([{ name: 'x', content: '1' }], { disk: 2 }));
    expect(troubles(result)).toEqual(['a unreadable']);
    expect(result.rows[0]?.message).toContain('split');
  });

  test('a file that became shorter says so', async () => {
    const bytes = zipOf([{ name: 'x', content: '1' }]);
    const result = await opened(bytes, {}, 100, bytes.byteLength + 10);
    expect(result.rows.every(({ refused, cut }) => refused !== '' || cut !== '')).toBe(true);
    expect(result.rows[0]?.message).toContain('shorter');
  });

  test('10,000 files are read with one pass over the archive', async () => {
    const bytes = zipOf(Array.from({ length: 10_000 }, (_, at) => ({ name: `h=${at}/PT1H.json`, content: text(at, 900) })));
    const result = await opened(bytes, {}, 1);
    expect(result.rows.length).toBe(10_000);
    expect(new Set(result.rows.map(({ path }) => path)).size).toBe(10_000);
    expect(troubles(result)).toEqual([]);
    // The directory is read first, then everything in order: no window more than twice.
    expect(result.read).toBeLessThan(2 * bytes.byteLength + 2 * kWindowBytes);
  });

  test('a header that straddles two windows of the file is read whole', async () => {
    const header = 30 + 'first'.length;
    for (const before of [0, 1, 17, 30, 40, 46]) {
      const filling = new Uint8Array(kWindowBytes - header - before).fill(0x20);
      const entries: Entry[] = [
        { name: 'first', content: filling, stored: true },
        { name: 'second', content: text(1, 100) },
      ];
      const result = await opened(zipOf(entries), {}, 100);
      expect(troubles(result)).toEqual([]);
      expect(contents(result)['a!second']).toBe(text(1, 100));
      const bare = await opened(zipOf(entries).slice(0, -30), {}, 100);
      expect(contents(bare)['a!second']).toBe(text(1, 100));
    }
  });

  test('messages are let through at every file, also where none gives a byte', async () => {
    const result = await opened(zipOf(Array.from({ length: 200 }, (_, at) => ({ name: `${at}`, flags: at % 2 }))));
    expect(result.rows.length).toBe(200);
    expect(result.breaths).toBeGreaterThanOrEqual(200);
  });

  test('any bytes behind a beginning of an archive: no fault, and every path is told', async () => {
    const good = zipOf(tree);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 4, max: good.byteLength - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 40 }),
        async (changes, tail) => {
          const bytes = joined(good, tail);
          for (const [at, value] of changes) bytes[at] = value;
          const { rows } = await opened(bytes);
          expect(rows.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400, seed: 4 },
    );
  });
});

describe('limits', () => {
  const kMiB = 1024 * 1024;

  test.each([
    ['below', 63, []],
    ['at', 64, []],
    ['above', 65, ['a cut']],
  ])('unpacking %s the free size at any ratio', async (_, mebibytes, expected) => {
    const result = await opened(gzipOf(new Uint8Array(mebibytes * kMiB)), { freeBytes: 64 * kMiB }, 0);
    expect(troubles(result)).toEqual(expected);
    if (expected.length > 0) expect(result.rows[0]?.cut).toContain('times the size');
  });

  test('beyond the free size an ordinary ratio goes on', async () => {
    const result = await opened(gzipOf(text(1, 3 * kMiB)), { freeBytes: kMiB }, 0);
    expect(troubles(result)).toEqual([]);
  });

  test('the most bytes of one file end it whatever the ratio', async () => {
    const result = await opened(gzipOf(text(1, 3 * kMiB)), { freeBytes: kMiB, bytes: 2 * kMiB }, 0);
    expect(troubles(result)).toEqual(['a cut']);
  });

  test('after a bomb in an archive nothing more of it is opened, and it says how much was not', async () => {
    const result = await opened(
      zipOf([
        { name: 'before', content: 'x' },
        { name: 'bomb', content: new Uint8Array(8 * kMiB) },
        { name: 'behind', content: 'y' },
        { name: 'behind too', content: 'z' },
      ]),
      { freeBytes: 2 * kMiB },
      100,
    );
    expect(troubles(result)).toEqual(['a!bomb cut', 'a cut']);
    expect(result.rows.at(-1)?.cut).toContain('2 or more files');
    expect(Object.keys(contents(result))).toEqual(['a!before', 'a!bomb', 'a']);
  });

  test('bombs inside bombs share one limit', async () => {
    const bomb = zipOf([{ name: 'b', content: new Uint8Array(4 * kMiB) }]);
    const nest = zipOf(Array.from({ length: 20 }, (_, at) => ({ name: `${at}.zip`, content: bomb })));
    const { rows } = await opened(nest, { freeBytes: 6 * kMiB }, 0);
    expect(rows.filter(({ path }) => path.endsWith('!b')).length).toBe(2);
    expect(rows.at(-1)).toMatchObject({ path: 'a' });
    expect(rows.at(-1)?.cut).toContain('18 or more files');
  });

  test.each([
    [99, []],
    [100, []],
    [101, ['a cut']],
  ])('%i files where 100 are allowed', async (count, expected) => {
    const bytes = zipOf(Array.from({ length: count }, (_, at) => ({ name: `${at}`, content: 'x' })));
    const result = await opened(bytes, { inputs: 100 });
    expect(troubles(result)).toEqual(expected);
    expect(Object.keys(contents(result)).filter((path) => path !== 'a').length).toBe(Math.min(count, 100));
    expect(troubles(await opened(bytes.subarray(0, bytes.byteLength - 1), { inputs: 100 }))).toEqual(['a cut']);
  });

  test.each([
    [-1, []],
    [0, []],
    [1, ['a!inner.zip unreadable']],
  ])('a packed archive of the size that may be held, and %i bytes', async (more, expected) => {
    const inner = zipOf([{ name: 'x', content: 'inside' }]);
    const outer = zipOf([{ name: 'inner.zip', content: inner }]);
    expect(troubles(await opened(outer, { heldBytes: inner.byteLength - more }))).toEqual(expected);
  });
});

describe('reading again', () => {
  test('any stretch of any input comes back as it was, through every kind of nesting', async () => {
    const inner = zipOf([
      { name: 'x', content: text(1, 300_000) },
      { name: 'y.gz', content: gzipOf(text(2, 200_000), text(3, 9)) },
    ]);
    const bytes = zipOf([
      { name: 'stored.zip', content: inner, stored: true },
      { name: 'packed.zip', content: inner },
      { name: 'z.zip.gz', content: gzipOf(inner) },
      { name: 'flat', content: text(4, 70_000), stored: true },
    ]);
    const { rows } = await opened(bytes);
    expect(rows.length).toBe(7);
    await fc.assert(
      fc.asyncProperty(fc.nat(rows.length - 1), fc.nat(310_000), fc.nat(70_000), async (which, from, length) => {
        const row = rows[which] as Result['rows'][number];
        const again = await readAgain(sourceOf(bytes).file, row.steps, from, from + length, async () => undefined);
        expect(Buffer.from(again).toString('latin1')).toBe(row.content.slice(from, from + length));
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  test('gzip alone, and a zip that is packed by gzip', async () => {
    const again = (bytes: Bytes, steps: Row['steps']) => readAgain(sourceOf(bytes).file, steps, 2, 5, async () => undefined);
    expect(Buffer.from(await again(gzipOf('0123456'), [])).toString()).toBe('234');
    const packed = gzipOf(zipOf([{ name: 'x', content: '0123456' }]));
    const { rows } = await opened(packed);
    expect(rows[0]?.path).toBe('a!x');
    expect(Buffer.from(await again(packed, rows[0]?.steps ?? [])).toString()).toBe('234');
  });

  test('what is cut before the place is a Trouble or comes short', async () => {
    const packed = gzipOf(text(1, 100_000));
    await expect(readAgain(sourceOf(packed.subarray(0, 500)).file, [], 90_000, 90_010, async () => undefined)).rejects.toBeInstanceOf(
      Trouble,
    );
    expect((await readAgain(sourceOf(gzipOf('abc')).file, [], 2, 9, async () => undefined)).byteLength).toBe(1);
  });
});

test('the checksum is that of zlib, in one piece or many', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      expect(crc32(0, bytes)).toBe(crcOf(bytes));
      expect(crc32(crc32(0, bytes.subarray(0, cut)), bytes.subarray(cut))).toBe(crcOf(bytes));
    }),
  );
});
