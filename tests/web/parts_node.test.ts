// Files read in parts by real worker threads: the report's bytes are those of one worker that reads them in one go, for every format, damage and number of
// workers. Parts are small here, so that seams lie everywhere. Needs build/hunt and build/wasm (scripts/build).

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { EngineHost } from '../../web/src/engine/engine_host';
import { openPool } from '../../web/src/engine/pool_node';
import type { ReadingLimits } from '../../web/src/engine/reading';
import { defaultSettings } from '../../web/src/engine/settings';
import { filesOf } from '../../web/src/hunt/files';
import { evidence } from './evidence';

vi.setConfig({ testTimeout: 300_000 });
const built = (name: string): URL => new URL(`../../build/hunt/${name}`, import.meta.url);
const kHead = 1024 * 1024;
let folder = '';
let engine: EngineHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-parts-'));
  const wasm = new URL('../../build/wasm/engine.wasm', import.meta.url);
  engine = await EngineHost.start(createEngineModule, await WebAssembly.compile(readFileSync(wasm)));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** 0 … 2^32 - 1, the same every time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

const kTimes = 600;
const lines = Array.from({ length: kTimes }, (_, at) =>
  (evidence['PT1H.json'] as string).replaceAll('2026-03-14T1', `2026-03-${String(1 + (at % 28)).padStart(2, '0')}T1`),
);
const elements = (JSON.parse(evidence['az.json'] as string) as Record<string, unknown>[]).map((record) => ({ ...record }));
const records = Array.from({ length: kTimes }, (_, at) => ({
  ...elements[at % elements.length],
  correlationId: `c-${at}`,
  eventDataId: `e-${at}`,
  eventTimestamp: `2026-03-${String(1 + (at % 28)).padStart(2, '0')}T09:12:05.3234567Z`,
}));
const [header, ...rows] = (evidence['query_data.csv'] as string).trimEnd().split(/\r\n/) as [string, ...string[]];
const csv = [header, ...Array.from({ length: 5 * kTimes }, (_, at) => rows[at % rows.length])].join('\r\n');
const cell = `"3/14/2026, 11:00:00.000 AM",A/B/write,Success,g,dora@contoso.example,"${`${rows[2]}\r\n`.repeat(900).replaceAll('"', '""')}",192.0.2.1,x`;
const escaped = JSON.stringify(JSON.stringify(records.slice(0, 90)));

const sound: Record<string, string> = {
  'lines.json': lines.join('\n'),
  'list pretty.json': JSON.stringify(records, null, 2),
  'list.json': JSON.stringify(records),
  'page.json': JSON.stringify({ nextLink: 'x', value: records }),
  'pages.json': [0, 1, 2].map((page) => JSON.stringify({ value: records.slice(page * 200, page * 200 + 200) }, null, page)).join('\n'),
  'rows.csv': csv,
  'rows in cells.csv': [header, ...rows, ...rows, cell, ...rows, cell, ...rows, cell.replace('write', 'read'), ...rows].join('\r\n'),
  'records in strings.json': JSON.stringify(records.slice(0, 40))
    .slice(0, -1)
    .concat(',', [0, 1, 2, 3, 4].map((at) => `{"note":${escaped},${JSON.stringify({ ...records[at] }).slice(1)}`).join(',\n'), ']'),
};

async function report(path: string, workers: number, limits: ReadingLimits = {}): Promise<Buffer> {
  const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, workers, limits);
  try {
    const outcome = await pool.open(filesOf([path]).sources, () => undefined).done;
    expect(outcome).toMatchObject({ state: 'done', why: '' });
    return Buffer.from(await pool.hunt(defaultSettings));
  } finally {
    pool.close();
  }
}

async function compare(name: string, content: Uint8Array, partBytes: readonly number[]): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const whole = await report(path, 1);
  for (const [at, workers] of [2, 3, 8].entries()) {
    // Two workers hand over what they hold after each part, three some time, eight at the end.
    const parts = await report(path, workers, { partBytes: partBytes[at % partBytes.length], handOverBytes: [0, 200_000, undefined][at] });
    if (!parts.equals(whole)) expect(parts.toString()).toBe(whole.toString());
  }
}

test.each(Object.keys(sound))('%s', async (name) => {
  const content = Buffer.from(sound[name] as string);
  // Else it would be read in one go, and this test prove nothing.
  expect(content.byteLength).toBeGreaterThan(300_000);
  expect(new TextDecoder().decode(engine.planParts(content.subarray(0, kHead)).bytes)).not.toBe('');
  await compare(name, content, [content.byteLength >> 2, 40_000, 17_777]);
});

test.each(Object.keys(sound))('%s, damaged', async (name) => {
  const random = randomOf(name.length * 7919);
  const original = Buffer.from(sound[name] as string);
  for (const bytes of ['"', '}]', '\n', '\\', '"x']) {
    const damaged = Buffer.from(original);
    for (let times = 0; times < 6; times += 1) damaged.write(bytes, 2000 + (random() % (original.length - 3000)), 'latin1');
    await compare(name, damaged, [30_000 + (random() % 50_000)]);
  }
  await compare(name, original.subarray(0, original.length - 777), [50_000]);
});

test('UTF-16 and compressed files among others are read in one go, the others in parts', async () => {
  const path = join(folder, 'wide.json');
  writeFileSync(path, Buffer.from(`\ufeff${sound['list.json']}`, 'utf16le'));
  expect((await report(path, 3, { partBytes: 50_000 })).equals(await report(path, 1))).toBe(true);
});
