// Compressed files through a worker with the built engine: what a golden case says of its files, it says of the same files packed. Needs build/wasm
// (scripts/build).

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { kSliceBytes } from '../../web/src/engine/byte_source';
import { EngineHost } from '../../web/src/engine/engine_host';
import type { FromWorker, ItemDone, WorkItem } from '../../web/src/engine/protocol';
import { parseReport, type Report } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { serve } from '../../web/src/engine/worker_core';
import { filesOf } from '../../web/src/hunt/files';
import { parseCommandLine } from '../../web/src/hunt/options';
import { type Bytes, gzipOf, joined, zipOf } from './archives';
import { evidence } from './evidence';

vi.setConfig({ testTimeout: 60_000 });
const project = fileURLToPath(new URL('../../', import.meta.url));
const golden = join(project, 'tests/golden');
const cases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .sort();

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await WebAssembly.compile(readFileSync(join(project, 'build/wasm/engine.wasm')));
});

interface Reading {
  report: Report;
  done: ItemDone[];
  heapBytes: number;
  ask(ask: { from: number; to: number; handle: string; steps: WorkItemSteps }): Promise<Uint8Array>;
}
type WorkItemSteps = NonNullable<ItemDone['opened']>[number]['steps'];

/** One worker that reads the files as one batch and hunts. */
async function read(files: Record<string, Uint8Array>, settings = defaultSettings): Promise<Reading> {
  const waiting = new Map<number, (message: FromWorker) => void>();
  const done: ItemDone[] = [];
  let heapBytes = 0;
  const take = serve({
    post: (message) => {
      if (message.type === 'progress') done.push(...message.done);
      if (message.type === 'progress' || message.type === 'answer') heapBytes = Math.max(heapBytes, message.heapBytes);
      if (message.type === 'answer' || message.type === 'failed') waiting.get(message.id ?? 0)?.(message);
    },
    open: async (handle) => ({
      read: async (from, to) => new Uint8Array((files[handle as string] as Uint8Array).slice(from, to)),
      changed: async () => false,
      close: async () => undefined,
    }),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    startEngine: (compiled) => EngineHost.start(createEngineModule, compiled),
  });
  let id = 0;
  const ask = (message: object): Promise<Uint8Array> => {
    id += 1;
    const own = id;
    return new Promise((resolve, reject) => {
      waiting.set(own, (answer) => {
        if (answer.type === 'answer') resolve(answer.bytes);
        else reject(new Error(JSON.stringify(answer)));
      });
      take({ type: 'ask', id: own, ...message } as Parameters<typeof take>[0]);
    });
  };
  take({ type: 'start', module });
  const items: WorkItem[] = Object.entries(files).map(([path, { byteLength }], number) => ({
    number,
    path,
    handle: path,
    size: byteLength,
    from: 0,
    to: byteLength,
  }));
  await ask({ ask: 'read', items });
  const report = parseReport(new Uint8Array(await ask({ ask: 'hunt', settings })));
  return {
    report,
    done,
    heapBytes,
    ask: ({ handle, steps, from, to }) => ask({ ask: 'unpack', handle, size: (files[handle] as Uint8Array).byteLength, steps, from, to }),
  };
}

/** What must not depend on how the files were packed. */
const meaning = ({ sessions, sentinel, totals, hours, coverage }: Report) => ({ sessions, sentinel, totals, hours, coverage });
const bare = (report: Report, rename: (path: string) => string) =>
  report.inputs.map(({ path, container, container_bytes, ...input }) => ({ ...input, path: rename(path) }));

describe('each golden case, packed', () => {
  test.each(cases)('%s', async (name) => {
    const { settings } = JSON.parse(readFileSync(join(golden, name, 'case.json'), 'utf8')) as { settings: Record<string, string> };
    const line = parseCommandLine(
      [...Object.entries(settings).flatMap(([key, value]) => [`--${key.replaceAll('_', '-')}`, value]), 'x'],
      new Date(0),
      1,
    );
    if (line.run !== 'hunt') throw new Error(JSON.stringify(line));
    const folder = join(golden, name, 'input');
    const { sources } = filesOf(readdirSync(folder).map((file) => join(folder, file)));
    const files = Object.fromEntries(sources.map(({ path, handle }) => [path, readFileSync(Buffer.from(handle.name))]));
    const plain = await read(files, line.options.settings);
    const gzipped = await read(
      Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, gzipSync(bytes)])),
      line.options.settings,
    );
    const zipped = await read(
      { z: zipOf(Object.entries(files).map(([path, content]) => ({ name: path, content }))) },
      line.options.settings,
    );
    expect(meaning(gzipped.report)).toEqual(meaning(plain.report));
    expect(bare(gzipped.report, (path) => path)).toEqual(bare(plain.report, (path) => path));
    expect(meaning(zipped.report)).toEqual(meaning(plain.report));
    expect(bare(zipped.report, (path) => path.replace(/^z!/, ''))).toEqual(bare(plain.report, (path) => path));
  });
});

test('both sizes stand in the report, and conservation is of the opened bytes', async () => {
  const packed = gzipOf(evidence['az.json'] as string);
  const { report } = await read({ 'az.json.gz': packed, z: zipOf([{ name: 'q.csv', content: evidence['query_data.csv'] as string }]) });
  const [gz, entry] = report.inputs;
  expect(gz).toMatchObject({
    container: 'gzip',
    container_bytes: packed.byteLength,
    bytes: Buffer.byteLength(evidence['az.json'] as string),
  });
  expect(entry).toMatchObject({ path: 'z!q.csv', container: 'zip' });
  for (const input of report.inputs) {
    expect(input.record_bytes + input.structure_bytes + input.rejected_bytes).toBe(input.bytes);
    expect(input.container_bytes).toBeGreaterThan(0);
    expect(input.container_bytes).toBeLessThan(input.bytes);
  }
});

test('a file of many slices gives the same report as one that is read at once', async () => {
  const lines = `${evidence['PT1H.json']}\n`.repeat(3);
  const noise = Buffer.alloc(kSliceBytes + 1000, 0x20);
  for (let at = 0; at < noise.byteLength; at += 1) if (at % 97 === 0) noise[at] = 0x0a;
  const stored = zipOf([
    { name: 'a.json', content: lines, stored: true },
    { name: 'pad.json', content: joined(noise, lines), stored: true },
    { name: 'b.json', content: lines },
  ]);
  expect(stored.byteLength).toBeGreaterThan(kSliceBytes);
  const { report } = await read({ z: stored });
  const plain = await read({ 'a.json': Buffer.from(lines), 'b.json': Buffer.from(lines), 'pad.json': joined(noise, lines) });
  expect(meaning(report)).toEqual(meaning(plain.report));
  expect(bare(report, (path) => path.replace(/^z!/, ''))).toEqual(bare(plain.report, (path) => path));
});

test('gzip cut into members anywhere gives the same report', async () => {
  const content = Buffer.from(Object.values(evidence)[1] as string);
  const whole = await read({ f: gzipOf(content) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(content.byteLength), { maxLength: 5 }), async (cuts) => {
      const ends = [...cuts, content.byteLength].sort((a, b) => a - b);
      const members = ends.map((end, at) => content.subarray(at === 0 ? 0 : ends[at - 1], end));
      const { report } = await read({ f: gzipOf(...members) });
      expect(bare(report, (path) => path)).toEqual(bare(whole.report, (path) => path));
      expect(report.sessions).toEqual(whole.report.sessions);
    }),
    { numRuns: 20, seed: 4 },
  );
});

test('what the worker says of an archive: its inputs, and whether all could be read', async () => {
  const good = { name: 'good.json', content: evidence['az.json'] as string };
  const { done } = await read({
    g: gzipOf(evidence['az.json'] as string),
    z: zipOf([good, { name: 'secret', content: 'x', flags: 1 }]),
    w: zipOf([good]),
    cut: gzipOf(evidence['az.json'] as string).slice(0, -1),
  });
  const said = Object.fromEntries(done.map(({ number, state, opened }) => [number, [state, opened?.map(({ path }) => path)]]));
  expect(said).toEqual({
    0: ['read', ['g']],
    1: ['cut', ['z!good.json', 'z!secret']],
    2: ['read', ['w!good.json']],
    3: ['cut', ['cut']],
  });
});

test('a record is read again from where it lies', async () => {
  const content = evidence['PT1H.json'] as string;
  const { done, ask } = await read({
    z: zipOf([
      { name: 'pad', content: 'x' },
      { name: 'h/PT1H.json.gz', content: gzipOf(content) },
    ]),
  });
  const input = done[0]?.opened?.find(({ path }) => path.endsWith('.gz'));
  if (input === undefined) throw new Error('the entry was not opened');
  const bytes = await ask({ handle: 'z', steps: input.steps, from: 10, to: 60 });
  expect(Buffer.from(bytes).toString()).toBe(Buffer.from(content).subarray(10, 60).toString());
  await expect(ask({ handle: 'z', steps: [{ at: 5, packed: 50, deflated: true }], from: 0, to: 9 })).rejects.toThrow(/damaged|too early/);
});

test('a bomb ends as cut; the engine takes no more memory than for any file, and the other files are read', async () => {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024)) as Bytes;
  const bomb = joined(...Array.from({ length: 20 }, () => member));
  const quiet = await read({ 'az.json': Buffer.from(evidence['az.json'] as string) });
  const { report, heapBytes } = await read({ bomb, 'az.json': Buffer.from(evidence['az.json'] as string) });
  expect(report.sessions).toEqual(quiet.report.sessions);
  const input = report.inputs.find(({ path }) => path === 'bomb');
  expect(input).toMatchObject({ cut: true, events: 0 });
  expect(input?.bytes).toBeLessThanOrEqual(2 ** 30);
  expect(input?.notes.map(({ message }) => message).join()).toContain('times the size');
  expect(heapBytes - quiet.heapBytes).toBeLessThan(64 * 2 ** 20);
});
