// The pool over real worker threads: the built worker reads real files, and a thread that ends by itself is noticed. Needs build/hunt (scripts/build).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openPool } from '../../web/src/engine/pool_node';
import { parseReport } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { filesOf } from '../../web/src/hunt/files';
import { gzipOf, zipOf } from './archives';
import { evidence } from './evidence';

vi.setConfig({ testTimeout: 60_000 });
const built = (name: string): URL => new URL(`../../build/hunt/${name}`, import.meta.url);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-pool-'));
  for (const [name, content] of Object.entries(evidence)) writeFileSync(join(folder, name), content);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function brokenWorker(code: string): URL {
  const path = join(folder, 'broken.mjs');
  writeFileSync(path, code);
  return pathToFileURL(path);
}

test('events of a session lead to their raw records in the file', async () => {
  const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, 2);
  const { sources } = filesOf(Object.keys(evidence).map((name) => join(folder, name)));
  expect(await pool.open(sources, () => undefined).done).toMatchObject({ state: 'done', troubled: [] });
  const report = parseReport(await pool.hunt(defaultSettings));
  const alice = report.sessions.findIndex((session) => session.caller.startsWith('alice'));
  const { total, events } = await pool.sessionEvents(alice, 0, 10);
  expect(total).toBe(2);
  for (const event of events) {
    expect(report.inputs[event.input]?.path).toBe('az.json');
    const record = JSON.parse(new TextDecoder().decode(await pool.rawRecord(event.input, event.offset, event.length)));
    expect(record.operationName.value.toLowerCase()).toBe(event.operation.toLowerCase());
  }
  const damaged = report.inputs.findIndex((input) => input.path === 'PT1H.json');
  const { rejects } = await pool.rejects(damaged, 0, 10);
  const [first] = rejects;
  if (first === undefined) throw new Error('the broken line is not listed');
  expect(new TextDecoder().decode(await pool.rawRecord(damaged, first.offset, first.length))).toBe(
    '{"time":"2026-03-14T10:31:00Z","operationName":}',
  );
  expect(pool.heapBytes).toBeGreaterThan(0);
  pool.close();
});

test('events of files in an archive lead to their raw records, opened again by a worker of its own', async () => {
  const archive = zipOf(Object.entries(evidence).map(([name, content]) => ({ name: `in/${name}`, content })));
  writeFileSync(join(folder, 'all.zip'), archive);
  writeFileSync(join(folder, 'az.json.gz'), gzipOf(evidence['az.json'] as string));
  const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, 2);
  const { sources } = filesOf([join(folder, 'all.zip'), join(folder, 'az.json.gz')]);
  expect(await pool.open(sources, () => undefined).done).toMatchObject({ state: 'done', troubled: [] });
  const report = parseReport(await pool.hunt(defaultSettings));
  expect(report.inputs.map(({ path }) => path)).toEqual([
    'all.zip!in/PT1H.json',
    'all.zip!in/az.json',
    'all.zip!in/query_data.csv',
    'az.json.gz',
  ]);
  for (const at of [0, 1, 2, 3]) {
    const path = (report.inputs[at]?.path ?? '').replace('all.zip!in/', '').replace('.gz', '');
    const content = Buffer.from(evidence[path] as string);
    expect(Buffer.from(await pool.rawRecord(at, 100, 200)).toString()).toBe(content.subarray(100, 300).toString());
  }
  pool.close();
});

test('events of a session come in pages, and a session that is not there is refused', async () => {
  const pool = openPool({ worker: built('worker_node.mjs'), wasm: built('engine.wasm') }, 1);
  await pool.open(filesOf([join(folder, 'az.json')]).sources, () => undefined).done;
  await pool.hunt(defaultSettings);
  const all = await pool.sessionEvents(0, 0, 10);
  expect((await pool.sessionEvents(0, 1, 1)).events).toEqual([all.events[1]]);
  await expect(pool.sessionEvents(99, 0, 1)).rejects.toMatchObject({ name: 'EngineFailure', code: expect.any(Number) });
  pool.close();
});

test.each([
  ['ends', 'process.exit(7);', 'status 7'],
  ['throws', 'throw new Error("no such thing");', 'no such thing'],
  ['does not parse', 'this is no program', 'SyntaxError'],
])('a thread that %s at once fails the reading with its reason', async (_, code, reason) => {
  const pool = openPool({ worker: brokenWorker(code), wasm: built('engine.wasm') }, 2);
  const outcome = await pool.open(filesOf([join(folder, 'az.json')]).sources, () => undefined).done;
  expect(outcome.state).toBe('failed');
  expect(outcome.why).toContain('could not be started');
  expect(outcome.why).toContain(reason);
  pool.close();
});
