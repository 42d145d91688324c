// More events than memory holds, with the real engine: reading stops, what was read is the result, and it says so. Two ceilings: the limit that an engine
// is given, and a WebAssembly memory that cannot grow. Needs build/hunt and build/wasm (scripts/build).

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { EngineHost, errorCodes } from '../../web/src/engine/engine_host';
import { openPool } from '../../web/src/engine/pool_node';
import { isMemoryFull, parseReport, type Report } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { filesOf } from '../../web/src/hunt/files';

vi.setConfig({ testTimeout: 120_000 });
const built = (name: string): URL => new URL(`../../build/hunt/${name}`, import.meta.url);
const kMiB = 1024 * 1024;
const kEvents = 150_000;
let folder = '';
let wasm: Uint8Array<ArrayBuffer>;

const lineOf = (at: number): string =>
  `{"TimeGenerated":"2026-03-${String(1 + (at % 28)).padStart(2, '0')}T09:12:05Z","Caller":"alice@contoso.example",` +
  `"OperationNameValue":"${at % 500 === 0 ? 'Microsoft.Portal/consoles/write' : 'Microsoft.Compute/disks/write'}",` +
  `"ActivityStatusValue":"Success","ResourceGroup":"rg","CorrelationId":"${String(at).padStart(36, '0')}",` +
  `"EventDataId":"${String(at).padStart(36, 'e')}","Claims_d":{"appid":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c"}}\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-memory-'));
  writeFileSync(join(folder, 'many.jsonl'), Array.from({ length: kEvents }, (_, at) => lineOf(at)).join(''));
  writeFileSync(join(folder, 'some.jsonl'), Array.from({ length: 1000 }, (_, at) => lineOf(at)).join(''));
  wasm = new Uint8Array(readFileSync(new URL('../../build/wasm/engine.wasm', import.meta.url)));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What must hold of every partial report: the books of each input, and its events among those that are there. */
function checkPartial(report: Report): void {
  expect(isMemoryFull(report)).toBe(true);
  let events = 0;
  for (const input of report.inputs) {
    events += input.events;
    expect(input.framed).toBe(input.events + input.other + input.rejected);
    expect(input.bytes).toBe(input.record_bytes + input.structure_bytes + input.rejected_bytes);
    // One line at most stood half in the last block.
    expect(input.rejected).toBeLessThanOrEqual(1);
    const full = input.notes.find(({ code }) => code === 'memory_full');
    if (full === undefined) continue;
    expect(input.cut).toBe(true);
    expect(full.message).toContain(`after ${input.bytes} bytes. The ${input.events} events`);
  }
  expect(report.totals.events).toBe(events);
  expect(events).toBeGreaterThan(1000);
  expect(events).toBeLessThan(kEvents);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('with a limit', () => {
  test.each([
    ['one worker', 1, undefined],
    ['two workers, one file', 2, undefined],
    ['two workers, the file in parts', 2, 2 * kMiB],
    ['three workers, the file in small parts', 3, kMiB],
  ])('%s: the result is partial and says how many events fit', async (_, workers, partBytes) => {
    const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, workers, { partBytes, memoryMebibytes: 24 });
    try {
      const { sources } = filesOf([join(folder, 'many.jsonl')]);
      const outcome = await pool.open(sources, () => undefined).done;
      expect(outcome.state).toBe('done');
      expect(outcome.troubled).toMatchObject([{ number: 0, state: 'cut', path: 'many.jsonl' }]);
      expect(outcome.troubled[0]?.why).toContain('Memory is full');
      const report = parseReport(await pool.hunt(defaultSettings));
      expect(report.inputs.length).toBe(1);
      checkPartial(report);
      // What fits is the file's beginning: the same bytes alone, read without a limit, hold the same events.
      const head = readFileSync(join(folder, 'many.jsonl')).subarray(0, report.inputs[0]?.bytes);
      const lines = head.toString().split('\n');
      // A part may end with a record, before its line does.
      const last = lines.at(-1) === '' || !isJson(lines.at(-1) as string) ? 1 : 0;
      expect(report.totals.events).toBe(lines.length - last);
    } finally {
      pool.close();
    }
  });

  test('files that come after are rows without events', async () => {
    const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, 1, { memoryMebibytes: 24 });
    try {
      const { sources } = filesOf([join(folder, 'many.jsonl'), join(folder, 'some.jsonl')]);
      await pool.open(sources, () => undefined).done;
      const report = parseReport(await pool.hunt(defaultSettings));
      checkPartial(report);
      expect(report.inputs.map(({ path, bytes, cut }) => [path, bytes > 0, cut])).toEqual([
        ['many.jsonl', true, true],
        ['some.jsonl', false, true],
      ]);
    } finally {
      pool.close();
    }
  });

  test('scripts/hunt prints the partial report, says how many events fit on standard error, and exits with 3', () => {
    const hunt = fileURLToPath(built('hunt.mjs'));
    const run = spawnSync(process.execPath, [hunt, '--memory', '24', '--workers', '1', join(folder, 'many.jsonl')], { maxBuffer: 2 ** 28 });
    expect(run.status).toBe(3);
    const report = parseReport(run.stdout);
    checkPartial(report);
    expect(run.stderr.toString()).toContain(
      `hunt: Memory is full: ${report.totals.events.toLocaleString('en')} events fit, and reading stopped there. The result is partial`,
    );
  });
});

/** The module with another ceiling of its memory, in pages of 64 KiB. */
function withMostPages(bytes: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes);
  const read = (at: number): [number, number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = out[at++] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return [value >>> 0, at];
    }
  };
  for (let at = 8; at < out.length; ) {
    const id = out[at];
    const [length, from] = read(at + 1);
    if (id === 5) {
      // One memory with a limit: its count, flags, least, most.
      const [, most] = read(from + 2);
      const [value, behind] = read(most);
      expect(value).toBe(65_536);
      expect(behind - most).toBe(3);
      out.set([(pages & 127) | 128, ((pages >> 7) & 127) | 128, pages >> 14], most);
      return out;
    }
    at = from + length;
  }
  throw new Error('the module has no memory of its own');
}

describe('where the memory cannot grow', () => {
  const pages = (most: number) => withMostPages(wasm, most * 16);

  test.each([24, 28, 32])('an engine in %i MiB: a partial result, or a sentence that there is no room for a hunt', async (most) => {
    const engine = await EngineHost.start(createEngineModule, await WebAssembly.compile(pages(most)));
    const bytes = new Uint8Array(readFileSync(join(folder, 'many.jsonl')));
    expect(engine.openInput(0, 'many.jsonl', 'none').code).toBe(errorCodes.ok);
    let given = 0;
    const piece = 256 * 1024;
    for (; given < bytes.length; given += piece) {
      const answer = engine.write(bytes.subarray(given, given + piece));
      if (answer.code === errorCodes.outOfMemory) break;
      expect(answer.code).toBe(errorCodes.ok);
    }
    expect(given).toBeGreaterThan(piece);
    expect(given).toBeLessThan(bytes.length);
    expect(engine.closeFull().code).toBe(errorCodes.ok);
    const hunted = engine.hunt(defaultSettings);
    if (hunted.code !== errorCodes.ok) {
      expect(hunted.code).toBe(errorCodes.outOfMemory);
      expect(new TextDecoder().decode(hunted.bytes)).toContain('Memory is full');
      return;
    }
    const report = parseReport(engine.reportJson().bytes);
    checkPartial(report);
    expect(report.inputs[0]?.bytes).toBe(given);
  });

  test('workers whose stores do not fit into one: the file ends where they do not, and the result is sound', async () => {
    const path = join(folder, 'small.wasm');
    writeFileSync(path, pages(40));
    const pool = openPool({ worker: built('worker_node.mjs'), wasm: pathToFileURL(path) }, 3, { partBytes: kMiB });
    try {
      const { sources } = filesOf([join(folder, 'many.jsonl')]);
      const outcome = await pool.open(sources, () => undefined).done;
      expect(outcome.state).toBe('done');
      const report = parseReport(await pool.hunt(defaultSettings));
      checkPartial(report);
    } finally {
      pool.close();
    }
  });
});
