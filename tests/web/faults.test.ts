// The whole engine under faults, in one process: the real pool, readers and wasm, over files that fail, come short, change or take their worker with
// them at any read. Whatever happens, the books are those of the bytes that were read, what is missing is said, and two versions of a file are never
// one whole result. Needs build/wasm (scripts/build).

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { causeOf } from '../../web/src/engine/byte_source';
import { EngineHost } from '../../web/src/engine/engine_host';
import { FileSource, headPrint, kSampleBytes } from '../../web/src/engine/file_source';
import { Pool, type ReadingOutcome } from '../../web/src/engine/pool';
import { parseReport, type Report } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { serve } from '../../web/src/engine/worker_core';
import type { StartWorker } from '../../web/src/engine/worker_link';

vi.setConfig({ testTimeout: 60_000 });

const kRecord = 200;
const kRecords = 2500;
// Longer than what the engine looks at before it begins, and some six parts.
const kSize = kRecord * kRecords;
const kPart = 80_000;

function fileOf(caller: string): Uint8Array<ArrayBuffer> {
  const record = (at: number) => {
    const start = `{"time":"2026-03-14T${String(at % 24).padStart(2, '0')}:10:00Z","operationName":"MICROSOFT.PORTAL/CONSOLES/WRITE","resultType":"Success",`;
    const body = `${start}"correlationId":"${at}","identity":{"claims":{"appid":"${caller}"}},"x":"`;
    return `${body}${'x'.repeat(kRecord - 3 - body.length)}"}\n`;
  };
  return new TextEncoder().encode(Array.from({ length: kRecords }, (_, at) => record(at)).join('')) as Uint8Array<ArrayBuffer>;
}
const versions = [fileOf('alice'), fileOf('mallory')] as const;

type Fault = 'fail' | 'short' | 'die' | 'change';

/** A File on a disk where things happen: at the n-th read of all workers, what the plan says. */
class Disk {
  reads = 0;
  happened: Fault[] = [];
  private content: Uint8Array<ArrayBuffer> = versions[0];

  constructor(
    private readonly plan: ReadonlyMap<number, Fault>,
    readonly size = kSize,
  ) {}

  /** As a File is sliced by one worker; `die` ends that worker. */
  file(die: () => void): Blob {
    const slice = (from: number, to: number) => ({ arrayBuffer: () => this.read(from, to, die) });
    return { size: this.size, slice } as unknown as Blob;
  }

  private async read(from: number, to: number, die: () => void): Promise<ArrayBuffer> {
    this.reads += 1;
    const fault = this.plan.get(this.reads);
    if (fault !== undefined) this.happened.push(fault);
    if (fault === 'fail') throw new DOMException('made up', 'NotReadableError');
    if (fault === 'change') this.content = versions[1];
    const bytes = this.content.slice(from, fault === 'short' ? from + ((to - from) >> 1) : to);
    if (fault === 'die') die();
    return bytes.buffer;
  }
}

/** Workers in this thread. One that died says nothing more, whatever it still does. */
function startIn(disk: Disk): StartWorker {
  return (events) => {
    let gone = false;
    const take = serve({
      post: (message) => {
        setImmediate(() => {
          if (!gone) events.message(structuredClone(message));
        });
      },
      open: async (_, head) =>
        new FileSource(
          disk.file(() => {
            gone = true;
            setImmediate(() => events.died('The worker was killed.'));
          }),
          head,
        ),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      startEngine: (module) => EngineHost.start(createEngineModule, module),
    });
    return {
      post: (message) => {
        if (!gone) take(message);
      },
      terminate: () => {
        gone = true;
      },
    };
  };
}

let wasm: WebAssembly.Module;
beforeAll(async () => {
  wasm = await WebAssembly.compile(readFileSync(new URL('../../build/wasm/engine.wasm', import.meta.url)));
});

async function read(disk: Disk, workers: number): Promise<{ outcome: ReadingOutcome; bytes: Uint8Array; report: Report }> {
  const pool = new Pool<null>({ startWorker: startIn(disk), module: async () => wasm, readRange: async () => new Uint8Array(0) }, workers, {
    partBytes: kPart,
  });
  try {
    const outcome = await pool.open([{ path: 'export.json', size: disk.size, handle: null }], () => undefined).done;
    const bytes = await pool.hunt(defaultSettings);
    return { outcome, bytes, report: parseReport(bytes) };
  } finally {
    pool.close();
  }
}

function expectSound({ totals, inputs }: Report): Report['inputs'][number] {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) throw new Error(`${inputs.length} inputs`);
  const whole = Math.floor(input.bytes / kRecord);
  expect(input.framed).toBe(input.events + input.other + input.rejected);
  expect(input.record_bytes + input.structure_bytes + input.rejected_bytes).toBe(input.bytes);
  expect(totals).toMatchObject({ bytes: input.bytes, events: input.events, rejected: input.rejected });
  if (input.refused) expect(input.events).toBe(0);
  else expect([input.events, input.rejected]).toEqual([whole, input.bytes % kRecord === 0 ? 0 : 1]);
  if (input.bytes < kSize) expect(input.cut || input.refused).toBe(true);
  if (input.cut || input.refused)
    expect(input.notes.some(({ code }) => code === 'cut' || code === 'unreadable' || code === 'engine_failed')).toBe(true);
  return input;
}

const callersOf = ({ sessions }: Report): number => new Set(sessions.map(({ caller }) => caller)).size;

describe('the whole engine', () => {
  test('the file is read in parts by two workers, in one go by one, and is one caller’s', async () => {
    for (const [workers, parts] of [
      [1, 0],
      [2, Math.ceil(kSize / kPart)],
    ] as const) {
      const { outcome, report } = await read(new Disk(new Map()), workers);
      expect(outcome.parts.count).toBe(parts);
      expect(expectSound(report)).toMatchObject({ events: kRecords, cut: false });
      expect(callersOf(report)).toBe(1);
    }
  });

  test('whatever fails, comes short, changes or dies at any read: sound books, and nothing missing in silence', async () => {
    const undisturbed = (await read(new Disk(new Map()), 1)).bytes;
    const fault = fc.constantFrom<Fault>('fail', 'short', 'die', 'change');
    const met = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), fault), { minLength: 1, maxLength: 2 }),
        async (workers, plan) => {
          const disk = new Disk(new Map(plan));
          const { outcome, bytes, report } = await read(disk, workers);
          expect(outcome.state).toBe('done');
          const input = expectSound(report);
          // Reading it a second time, or by other workers, is no other result.
          if (disk.happened.every((happened) => happened === 'die')) {
            if (!input.refused) expect(Buffer.compare(bytes, undisturbed)).toBe(0);
          }
          // Two versions, or the old one up to somewhere, are never called whole.
          if (callersOf(report) > 1) expect(input.cut).toBe(true);
          for (const happened of disk.happened) met.set(happened, (met.get(happened) ?? 0) + 1);
          const what = input.refused ? 'refused' : input.cut ? 'cut' : 'whole';
          met.set(what, (met.get(what) ?? 0) + 1);
        },
      ),
      { seed: 20_260_314, numRuns: 150 },
    );
    // Else this test would prove nothing.
    for (const what of ['fail', 'short', 'die', 'change', 'cut', 'whole', 'refused']) expect(met.get(what) ?? 0, what).toBeGreaterThan(0);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('a file changed at the read number %i is told, with two workers', async (nth) => {
    const { report } = await read(new Disk(new Map([[nth, 'change']])), 2);
    const input = expectSound(report);
    // The plan is the first read: what is all of the new version is a whole file.
    expect(input.cut || callersOf(report) === 1).toBe(true);
    if (nth > 1 && callersOf(report) === 1) expect(input.events).toBe(kRecords);
  });
});

describe('a File', () => {
  const bytes = (length: number) => new Uint8Array(length).map((_, at) => (at * 7 + (at >> 8)) % 251) as Uint8Array<ArrayBuffer>;
  /** A file whose bytes may change, as they are when they are read. */
  const opened = (content: { now: Uint8Array<ArrayBuffer> | Error }, size: number, head?: number) => {
    const slice = (from: number, to: number) => ({
      arrayBuffer: async () => {
        if (content.now instanceof Error) throw content.now;
        return content.now.slice(from, to).buffer;
      },
    });
    return new FileSource({ size, slice } as unknown as Blob, head);
  };
  const size = 100_000;
  const half = size / 2;
  const altered = (at: number) => {
    const other = bytes(size);
    other[at] = (other[at] as number) ^ 1;
    return other;
  };

  test.each<[string, number, boolean]>([
    ['its first byte', 0, true],
    ['the last one of its first sample', kSampleBytes - 1, true],
    ['one behind its first sample', kSampleBytes, false],
    ['one before its last sample', size - kSampleBytes - 1, false],
    ['the first one of its last sample', size - kSampleBytes, true],
    ['its last byte', size - 1, true],
  ])('that changes in %s', async (_, at, told) => {
    const content: { now: Uint8Array<ArrayBuffer> | Error } = { now: bytes(size) };
    const file = opened(content, size);
    expect(Buffer.compare(await file.read(0, half), bytes(size).subarray(0, half))).toBe(0);
    await file.read(half, size);
    expect(await file.changed()).toBe(false);
    content.now = altered(at);
    expect(await file.changed()).toBe(told);
  });

  test.each<[string, (content: { now: Uint8Array<ArrayBuffer> | Error }) => void]>([
    ['can no longer be read', (content) => (content.now = new DOMException('', 'NotReadableError'))],
    ['is shorter now', (content) => (content.now = bytes(size).slice(0, size - 1))],
  ])('that %s has changed', async (_, change) => {
    const content: { now: Uint8Array<ArrayBuffer> | Error } = { now: bytes(size) };
    const file = opened(content, size);
    await file.read(0, half);
    await file.read(half, size);
    change(content);
    expect(await file.changed()).toBe(true);
  });

  test('that is read at once is of one version; that another reader saw otherwise, of another', async () => {
    const file = opened({ now: bytes(size) }, size);
    expect(await file.changed()).toBe(false);
    await file.read(0, size);
    expect(await file.changed()).toBe(false);
    for (const length of [0, 10, kSampleBytes, size]) {
      const same = opened({ now: bytes(length) }, length, headPrint(bytes(length)));
      await same.read(0, length);
      expect(await same.changed()).toBe(false);
      const other = opened({ now: bytes(length) }, length, headPrint(altered(0)));
      await other.read(0, length);
      expect(await other.changed()).toBe(true);
    }
  });
});

test('what a failure means, in words', () => {
  const coded = (code: string) => Object.assign(new Error('/home/x/secret.json'), { code });
  expect(causeOf(new DOMException('x', 'NotFoundError'))).toBe('the file was moved, renamed or deleted (NotFoundError)');
  expect(causeOf(coded('ENOENT'))).toBe('the file was moved, renamed or deleted (ENOENT)');
  expect(causeOf(coded('EACCES'))).toBe('permission to read the file was refused (EACCES)');
  expect(causeOf(coded('EIO'))).toBe('the disk or share could not deliver it (EIO)');
  expect(causeOf(coded('EISDIR'))).toBe('a folder stands in its place (EISDIR)');
  expect(causeOf(new DOMException('x', 'AbortError'))).toBe(
    'the file may have been changed, moved, deleted or locked, or permission to read it taken away (AbortError)',
  );
});
