// Inputs made to exhaust whoever reads them, through the built wasm: each costs one reject, the records beside it are kept, and the engine's memory
// stays within what a worker may take beyond the events it holds. Needs build/wasm (scripts/build). How archives end is in unpack.test.ts.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { EngineHost, errorCodes } from '../../web/src/engine/engine_host';
import { parseReport, type ReportInput } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { kLimits, unpack } from '../../web/src/engine/unpack';

vi.setConfig({ testTimeout: 120_000 });

const kMiB = 1024 * 1024;
// A worker's memory beyond the events it holds.
const kMemory = 96 * kMiB;
const encoder = new TextEncoder();

let wasm: WebAssembly.Module;
beforeAll(async () => {
  wasm = await WebAssembly.compile(readFileSync(new URL('../../build/wasm/engine.wasm', import.meta.url)));
});

const event = (id: string): string =>
  `{"TimeGenerated":"2026-03-14T09:10:00Z","Caller":"alice","OperationNameValue":"a/b","ActivityStatusValue":"Success","ResourceGroup":"g","CorrelationId":"${id}"}`;

/** Texts, or how often a text is repeated: so that a bomb never stands here whole. */
type Piece = string | { text: string; times: number };

async function read(pieces: readonly Piece[]): Promise<{ input: ReportInput; heap: number }> {
  const engine = await EngineHost.start(createEngineModule, wasm);
  expect(engine.openInput(1, 'bomb', 'none').code).toBe(errorCodes.ok);
  const write = (text: string) => {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.byteLength; at += 256 * 1024)
      expect(engine.write(bytes.subarray(at, at + 256 * 1024)).code).toBe(errorCodes.ok);
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') write(piece);
    else {
      const atOnce = Math.max(1, Math.floor((256 * 1024) / piece.text.length));
      for (let times = 0; times < piece.times; times += atOnce) write(piece.text.repeat(Math.min(atOnce, piece.times - times)));
    }
  }
  expect(engine.closeInput('').code).toBe(errorCodes.ok);
  expect(engine.hunt(defaultSettings).code).toBe(errorCodes.ok);
  const [input] = parseReport(engine.reportJson().bytes).inputs as [ReportInput];
  expect(input.record_bytes + input.structure_bytes + input.rejected_bytes).toBe(input.bytes);
  return { input, heap: engine.heapBytes };
}

const forms = {
  lines: (bomb: readonly Piece[]): Piece[] => [`${event('1')}\n`, ...bomb, `\n${event('2')}\n`],
  'a list': (bomb: readonly Piece[]): Piece[] => [`[${event('1')},`, ...bomb, `,${event('2')}]`],
  'a page': (bomb: readonly Piece[]): Piece[] => [`{"value":[${event('1')},`, ...bomb, `,${event('2')}]}`],
};
const opened = event('bomb').slice(0, -1);
const bombs: { bomb: string; pieces: Piece[]; reason: string }[] = [
  { bomb: 'a string of 100 MB', pieces: [`${opened},"x":"`, { text: 'x', times: 100_000_000 }, '"}'], reason: 'too_long' },
  { bomb: '100 MB of escapes', pieces: [`${opened},"x":"`, { text: '\\u0041', times: 17_000_000 }, '"}'], reason: 'too_long' },
  {
    bomb: '100,000 lists in one another',
    pieces: [`${opened},"x":`, { text: '[', times: 100_000 }, { text: ']', times: 100_000 }, '}'],
    reason: 'too_deep',
  },
  {
    bomb: '100,000 objects in one another',
    pieces: [`${opened},"x":`, { text: '{"a":', times: 100_000 }, '1', { text: '}', times: 100_000 }, '}'],
    reason: 'too_deep',
  },
];

describe.each(Object.entries(forms))('in %s', (_, form) => {
  test.each(bombs)('$bomb: one reject, its neighbours are kept, memory is bounded', async ({ pieces, reason }) => {
    const { input, heap } = await read(form(pieces));
    expect(input).toMatchObject({ events: 2, rejected: 1, rejects: [{ reason, count: 1 }] });
    expect(heap).toBeLessThan(kMemory);
  });

  test('a million keys in one record: it is read, its neighbours are kept, memory is bounded', async () => {
    const keys = Array.from({ length: 1000 }, (__, thousand) =>
      Array.from({ length: 1000 }, (___, at) => `,"k${thousand * 1000 + at}":1`).join(''),
    );
    const { input, heap } = await read(form([opened, ...keys, '}']));
    expect(input).toMatchObject({ events: 3, rejected: 0 });
    expect(heap).toBeLessThan(kMemory);
  });
});

describe('in a table', () => {
  const header = 'TimeGenerated,Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,CorrelationId\n';
  const row = (id: string) => `2026-03-14T09:10:00Z,alice,a/b,Success,g,${id}\n`;

  test('a cell of 100 MB: one reject, its neighbours are kept, memory is bounded', async () => {
    const { input, heap } = await read([
      header,
      row('1'),
      '2026-03-14T09:10:00Z,alice,a/b,Success,g,"',
      { text: 'x\n', times: 50_000_000 },
      '"\n',
      row('2'),
    ]);
    expect(input).toMatchObject({ events: 2, rejected: 1, rejects: [{ reason: 'too_long', count: 1 }] });
    expect(heap).toBeLessThan(kMemory);
  });

  test('a row of a million fields: one reject, its neighbours are kept, memory is bounded', async () => {
    const { input, heap } = await read([header, row('1'), { text: 'x,', times: 1_000_000 }, '\n', row('2')]);
    expect(input).toMatchObject({ events: 2, rejected: 1, rejects: [{ reason: 'wrong_field_count', count: 1 }] });
    expect(heap).toBeLessThan(kMemory);
  });
});

test('a zip of a million files: as many as the limit says are opened, the rest are counted, and it says what to do', async () => {
  const kFiles = 1_000_000;
  const name = (at: number) => String(at).padStart(7, '0');
  const kLocal = 30 + 7 + 1;
  const kCentral = 46 + 7;
  const bytes = Buffer.alloc(kFiles * (kLocal + kCentral) + 56 + 20 + 22);
  // One byte each, stored, "x"; its checksum by the polynomial.
  const kCrc = 0x8cdc1683;
  const directory = kFiles * kLocal;
  for (let at = 0; at < kFiles; at += 1) {
    const local = at * kLocal;
    bytes.writeUInt32LE(0x04034b50, local);
    bytes.writeUInt16LE(20, local + 4);
    bytes.writeUInt32LE(kCrc, local + 14);
    bytes.writeUInt32LE(1, local + 18);
    bytes.writeUInt32LE(1, local + 22);
    bytes.writeUInt16LE(7, local + 26);
    bytes.write(`${name(at)}x`, local + 30, 'latin1');
    const central = directory + at * kCentral;
    bytes.writeUInt32LE(0x02014b50, central);
    bytes.writeUInt16LE(20, central + 4);
    bytes.writeUInt16LE(20, central + 6);
    bytes.writeUInt32LE(kCrc, central + 16);
    bytes.writeUInt32LE(1, central + 20);
    bytes.writeUInt32LE(1, central + 24);
    bytes.writeUInt16LE(7, central + 28);
    bytes.writeUInt32LE(local, central + 42);
    bytes.write(name(at), central + 46, 'latin1');
  }
  // More than 65,535 files: the 64-bit end, its locator, and the old end with its numbers full.
  const end = directory + kFiles * kCentral;
  bytes.writeUInt32LE(0x06064b50, end);
  bytes.writeBigUInt64LE(44n, end + 4);
  bytes.writeUInt16LE(45, end + 12);
  bytes.writeUInt16LE(45, end + 14);
  bytes.writeBigUInt64LE(BigInt(kFiles), end + 24);
  bytes.writeBigUInt64LE(BigInt(kFiles), end + 32);
  bytes.writeBigUInt64LE(BigInt(kFiles * kCentral), end + 40);
  bytes.writeBigUInt64LE(BigInt(directory), end + 48);
  bytes.writeUInt32LE(0x07064b50, end + 56);
  bytes.writeBigUInt64LE(BigInt(end), end + 64);
  bytes.writeUInt32LE(1, end + 72);
  bytes.writeUInt32LE(0x06054b50, end + 76);
  bytes.writeUInt16LE(0xffff, end + 84);
  bytes.writeUInt16LE(0xffff, end + 86);
  bytes.writeUInt32LE(0xffffffff, end + 88);
  bytes.writeUInt32LE(0xffffffff, end + 92);

  let rows = 0;
  let content = 0;
  const whys: string[] = [];
  const source = {
    size: bytes.byteLength,
    read: async (from: number, to: number) => bytes.subarray(from, to),
    async *blocks(from: number, to: number) {
      yield bytes.subarray(from, to);
    },
  };
  await unpack(source, 'a.zip', 'zip', {
    open: () => {
      rows += 1;
    },
    write: async (block) => {
      content += block.byteLength;
      return '';
    },
    note: () => undefined,
    close: (why) => {
      if (why !== '') whys.push(why);
    },
    refuse: (_, code) => whys.push(code),
    breathe: async () => undefined,
  });
  expect(content).toBe(kLimits.inputs);
  expect(rows).toBe(kLimits.inputs + 1);
  expect(whys).toEqual([
    `The first ${kLimits.inputs} files of it were read, the most that is read of one archive. ${kFiles - kLimits.inputs} or more files of this archive were not opened.`,
  ]);
});
