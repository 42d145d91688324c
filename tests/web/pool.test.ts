import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compareUtf8, EngineFailure, Pool, type ReadingOutcome, type RunProgress, type Source } from '../../web/src/engine/pool';
import type { WorkItem } from '../../web/src/engine/protocol';
import { batches, kBatchBytes, kBatchFiles, kDeathsAllowed, type ReadingLimits } from '../../web/src/engine/reading';
import { defaultSettings } from '../../web/src/engine/settings';
import { kLoadTicks, kReadingTicks, kTickMillis, kTicksPerRecord, noProgress, patience } from '../../web/src/engine/worker_link';
import { FakeWorkers, type Script } from './fake_workers';

const kMiB = 1024 * 1024;

function sources(count: number, size = 100): Source<string>[] {
  return Array.from({ length: count }, (_, at) => ({ path: `f${at}`, size, handle: `f${at}` }));
}

function poolOf(workers: FakeWorkers, count: number, content = '', limits: ReadingLimits = {}): Pool<string> {
  return new Pool<string>(
    {
      startWorker: workers.start,
      module: async () => ({}) as WebAssembly.Module,
      readRange: async (handle, from, to) => {
        if (handle === 'gone') throw new Error('gone');
        return new TextEncoder().encode(content).slice(from, to);
      },
    },
    count,
    limits,
  );
}

/** What the hunt over everything says was read. */
async function held(pool: Pool<string>): Promise<{ held: string[]; refused: string[] }> {
  return JSON.parse(new TextDecoder().decode(await pool.hunt(defaultSettings)));
}

async function readAll(
  script: Script,
  inputs: Source<string>[],
  count: number,
  limits: ReadingLimits = {},
): Promise<{ outcome: ReadingOutcome; pool: Pool<string>; workers: FakeWorkers }> {
  const workers = new FakeWorkers(script);
  const pool = poolOf(workers, count, '', limits);
  const outcome = pool.open(inputs, () => undefined).done;
  let over = false;
  void outcome.then(() => {
    over = true;
  });
  while (!over) await vi.advanceTimersByTimeAsync(kTickMillis);
  return { outcome: await outcome, pool, workers };
}

const paths = (inputs: Source<string>[]): string[] => inputs.map((input) => input.path).sort();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('batches', () => {
  const item = (number: number, size: number): WorkItem => ({ number, path: `f${number}`, handle: null, size, from: 0, to: size });

  test('10,000 small files are some forty round trips', () => {
    const all = batches(Array.from({ length: 10_000 }, (_, at) => item(at, 2000)));
    expect(all.length).toBe(Math.ceil(10_000 / kBatchFiles));
  });

  test.each([
    [kBatchFiles - 1, 1],
    [kBatchFiles, 1],
    [kBatchFiles + 1, 2],
  ])('%i files of one byte are %i batches', (count, expected) => {
    expect(batches(Array.from({ length: count }, (_, at) => item(at, 1))).length).toBe(expected);
  });

  test.each([
    [kBatchBytes - 1, 1],
    [kBatchBytes, 1],
    [kBatchBytes + 1, 2],
  ])('two files of together %i bytes are %i batches', (together, expected) => {
    expect(batches([item(0, together - kMiB), item(1, kMiB)]).length).toBe(expected);
  });

  test('every item is in exactly one batch, largest first, within the limits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * kBatchBytes })), (sizes) => {
        const all = batches(sizes.map((size, number) => item(number, size)));
        const flat = all.flat();
        expect(flat.map(({ number }) => number).sort((a, b) => a - b)).toEqual(sizes.map((_, at) => at));
        expect(flat.map(({ size }) => size)).toEqual([...sizes].sort((a, b) => b - a));
        for (const batch of all) {
          expect(batch.length).toBeLessThanOrEqual(kBatchFiles);
          if (batch.length > 1) expect(batch.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(kBatchBytes);
        }
      }),
    );
  });
});

describe('reading', () => {
  test.each([1, 2, 3, 8])('%i workers: every input once, one worker left', async (count) => {
    const inputs = sources(20, 3 * kMiB);
    const { outcome, pool, workers } = await readAll({}, inputs, count);
    expect(outcome).toMatchObject({ state: 'done', why: '', troubled: [] });
    expect(await held(pool)).toEqual({ held: paths(inputs), refused: [] });
    expect(workers.workers.length).toBe(count);
    expect(workers.alive()).toBe(1);
  });

  test('no sources: an engine that holds nothing', async () => {
    const { outcome, pool } = await readAll({}, [], 4);
    expect(outcome.state).toBe('done');
    expect(await held(pool)).toEqual({ held: [], refused: [] });
  });

  test('no more workers than batches', async () => {
    const { workers } = await readAll({}, sources(100, 10), 8);
    expect(workers.workers.length).toBe(1);
  });

  test('progress ends with everything done', async () => {
    const workers = new FakeWorkers();
    const pool = poolOf(workers, 2);
    const seen: RunProgress[] = [];
    const run = pool.open(sources(5, 7 * kMiB), (progress) => seen.push(progress));
    await run.done;
    expect(seen.at(-1)).toMatchObject({ inputs: 5, inputsDone: 5, bytes: 35 * kMiB, bytesTotal: 35 * kMiB });
  });
});

describe('sessions so far', () => {
  const inputs = sources(12, 5 * kMiB);
  const signals = ({ number }: { number: number }) => ({
    signals: [{ caller: `caller${number % 3}`, time: '2026-03-14T09:00:00Z', kind: 'console_write' as const, in_shell: false }],
    zoneless: 1,
    waiting: 0,
  });
  const last = async (script: Script, count: number) => {
    const seen: RunProgress[] = [];
    await poolOf(new FakeWorkers(script), count).open(inputs, (progress) => seen.push(progress)).done;
    return seen.at(-1)?.soFar;
  };

  test.each([1, 2, 3, 8])('%i workers: the sum of what each told, also when one has taken over from the others', async (count) => {
    const soFar = await last({ signals }, count);
    expect(soFar).toMatchObject({ total: 3, zoneless: 12 });
    expect(soFar?.sessions.map(({ caller, signals: told }) => `${caller} ${told}`)).toEqual(['caller0 4', 'caller1 4', 'caller2 4']);
  });

  test('what a dead worker had told is not counted twice', async () => {
    const soFar = await last({ signals, reading: ({ path }, attempt) => (path === 'f7' && attempt === 1 ? 'die' : null) }, 2);
    expect(soFar).toMatchObject({ total: 3, zoneless: 12 });
  });
});

test('inputs whose store does not fit beside the others are rows that say so', async () => {
  const { outcome, pool } = await readAll({ noRoom: () => true }, sources(40), 2);
  expect(outcome.state).toBe('done');
  const { held: texts } = await held(pool);
  expect(texts.map((text: string) => text.split(' ')[0]).sort()).toEqual(
    sources(40)
      .map(({ path }) => path)
      .sort(),
  );
  const out = texts.filter((text: string) => text.endsWith(' 0 left out'));
  expect(out.length).toBe(outcome.troubled.length);
  for (const { state, why } of outcome.troubled) expect([state, why.startsWith('Memory is full')]).toEqual(['cut', true]);
});

test('as many workers as are wanted read the next files', async () => {
  const workers = new FakeWorkers({});
  const pool = new Pool<string>(
    { startWorker: workers.start, module: async () => ({}) as WebAssembly.Module, readRange: async () => new Uint8Array(0) },
    2,
  );
  const started = async () => {
    const before = workers.workers.length;
    await pool.open(sources(2000, 10_000_000), () => undefined).done;
    return workers.workers.length - before;
  };
  expect(await started()).toBe(2);
  pool.wantedWorkers = 5;
  expect(await started()).toBe(5);
  pool.wantedWorkers = null;
  expect(await started()).toBe(2);
  pool.close();
});

describe('an input in parts', () => {
  const kPart = 100;
  const large: Source<string>[] = [{ path: 'large', size: 1000, handle: 'large' }];
  const ranges = (...ends: number[]): string[] => ends.slice(1).map((end, at) => `large ${ends[at]}-${end}`);
  const tenths = ranges(0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000).sort();
  const plan = (): string => 's';

  test.each([2, 3, 8])('%i workers: every part once', async (count) => {
    const { outcome, pool, workers } = await readAll({ plan }, large, count, { partBytes: kPart });
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect((await held(pool)).held).toEqual(tenths);
    expect(workers.workers.length).toBe(count);
  });

  test('one worker, no plan, or an input of two parts: read in one go', async () => {
    for (const [script, size, count] of [[{ plan }, 1000, 1] as const, [{}, 1000, 2] as const, [{ plan }, 200, 2] as const]) {
      const { pool } = await readAll(script, [{ path: 'large', size, handle: '' }], count, { partBytes: kPart });
      expect((await held(pool)).held).toEqual(['large']);
    }
    const { pool } = await readAll({ plan }, [{ path: 'large', size: 201, handle: '' }], 2, { partBytes: kPart });
    expect((await held(pool)).held).toEqual(['large 0-100', 'large 100-200', 'large 200-201']);
  });

  test.each([
    ['place', { start: 450 }],
    ['state', { startState: 'other' }],
    ['place at all', { start: null }],
  ])('a guess of another %s: that part is read again from where the one before it ended', async (_, wrong) => {
    const part = ({ from, part: begin }: WorkItem) => (from === 400 && begin?.guess === true ? wrong : {});
    // The last worker stalls nobody: part 400 is begun long before the one in front of it is done.
    const { outcome, pool, workers } = await readAll({ plan, part }, large, 8, { partBytes: kPart });
    expect(outcome.state).toBe('done');
    expect((await held(pool)).held).toEqual(tenths);
    const again = workers.reads.flat().filter(({ from }) => from === 400);
    expect(again.map(({ part: begin }) => begin?.guess)).toEqual([true, false]);
    expect(again[1]?.part?.state).toBe('s');
  });

  test('where a store does not fit beside the others, the input ends at its first part, and says so', async () => {
    // Two of three stores do not fit: their parts are gone, and what stood behind them counts no more.
    const { outcome, pool } = await readAll({ plan, noRoom: () => true }, large, 3, { partBytes: kPart });
    expect(outcome).toMatchObject({ state: 'done', troubled: [{ number: 0, state: 'cut' }] });
    expect(outcome.troubled[0]?.why).toContain('Memory is full');
    const { held: texts } = await held(pool);
    const out = texts.filter((text: string) => text.endsWith('left out'));
    expect(out.length).toBe(1);
    const from = Number(/ (\d+) left out$/.exec(out[0] ?? '')?.[1]);
    expect(texts.filter((text: string) => !text.endsWith('left out'))).toEqual(
      tenths.filter((text) => Number(text.split(/[ -]/)[1]) < from),
    );
  });

  test('a record that reaches over the next parts takes their place', async () => {
    const part = ({ from }: WorkItem) => (from === 200 ? { end: 555 } : {});
    const { pool } = await readAll({ plan, part }, large, 3, { partBytes: kPart });
    expect((await held(pool)).held).toEqual(ranges(0, 100, 200, 555, 600, 700, 800, 900, 1000).sort());
  });

  test('a part that reaches the end of the input ends it', async () => {
    const part = ({ from }: WorkItem) => (from === 200 ? { end: 1000, endState: '' } : {});
    const { outcome, pool } = await readAll({ plan, part }, large, 3, { partBytes: kPart });
    expect(outcome.state).toBe('done');
    expect((await held(pool)).held).toEqual(ranges(0, 100, 200, 1000).sort());
  });

  test('something that needs the whole input: read in one go, no part of it stays', async () => {
    const part = ({ from }: WorkItem) => (from === 700 ? { alone: true } : {});
    const { outcome, pool } = await readAll({ plan, part }, [...large, ...sources(3)], 3, { partBytes: kPart });
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect((await held(pool)).held).toEqual(['f0', 'f1', 'f2', 'large']);
  });

  test.each(['die', 'fault', 'hang'] as const)('%s in a part once: its parts are read again, each counts once', async (trouble) => {
    const reading = ({ from }: WorkItem, attempt: number) => (from === 500 && attempt < 9 ? trouble : null);
    let hit = 0;
    const once = (item: WorkItem, attempt: number) => {
      const what = reading(item, attempt);
      if (what !== null) hit += 1;
      return hit > 1 ? null : what;
    };
    const { outcome, pool } = await readAll({ plan, reading: once }, large, 3, { partBytes: kPart });
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect((await held(pool)).held).toEqual(tenths);
  });

  test('dies in a part always: the input is a refused row, nothing of it stays, others are read', async () => {
    const reading = ({ from, part }: WorkItem) => (part !== undefined && from === 500 ? ('die' as const) : null);
    const { outcome, pool } = await readAll({ plan, reading }, [...large, ...sources(2)], 3, { partBytes: kPart });
    expect(outcome.state).toBe('done');
    expect(outcome.troubled).toMatchObject([{ number: 0, path: 'large', state: 'refused' }]);
    expect(await held(pool)).toEqual({ held: ['f0', 'f1'], refused: ['large engine_failed'] });
  });

  test('dies while it is asked for a plan: read in one go', async () => {
    const asked = (ask: string, _: number, worker: number) => (ask === 'plan' && worker === 0 ? ('die' as const) : null);
    const { outcome, pool } = await readAll({ plan, asked }, large, 2, { partBytes: kPart });
    expect(outcome.state).toBe('done');
    expect((await held(pool)).held).toEqual(['large']);
  });

  test('dies while stores are handed over: all it held is read again', async () => {
    const asked = (ask: string, nth: number, worker: number) =>
      ask === 'next-image' && nth === 2 && worker === 1 ? ('die' as const) : null;
    const { outcome, pool } = await readAll({ plan, asked }, large, 2, { partBytes: kPart });
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect((await held(pool)).held).toEqual(tenths);
  });

  // Each worker after each part.
  const kAtOnce = -1;

  test.each([2, 3, 8])('%i workers hand over what they hold while others read, and go on', async (count) => {
    const { outcome, pool, workers } = await readAll({ plan }, large, count, { partBytes: kPart, handOverBytes: kAtOnce });
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect((await held(pool)).held).toEqual(tenths);
    // None was started anew: what a worker held is with the first, and it goes on.
    expect(workers.workers.length).toBe(count);
    expect(workers.workers.slice(1).some(({ asks }) => (asks.get('begin-anew') ?? 0) > 0)).toBe(true);
    expect(workers.alive()).toBe(1);
  });

  test('a store for which the first engine has no room stays where it is until the end', async () => {
    const noRoom = { plan, noRoom: () => true };
    const { outcome, pool, workers } = await readAll(noRoom, large, 3, { partBytes: kPart, handOverBytes: kAtOnce });
    const { outcome: same, pool: other } = await readAll(noRoom, large, 3, { partBytes: kPart });
    expect(outcome.troubled.map(({ state, why }) => [state, why])).toEqual(same.troubled.map(({ state, why }) => [state, why]));
    expect((await held(pool)).held).toEqual((await held(other)).held);
    expect(workers.workers.length).toBe(3);
  });

  test.each(['begin-export', 'next-image', 'begin-import', 'import-image', 'end-import', 'begin-anew'])(
    'dies when asked for %s while others read: what it held is read again',
    async (what) => {
      const asked = (ask: string, nth: number, worker: number) => (ask === what && nth === 1 && worker < 2 ? ('die' as const) : null);
      const { outcome, pool } = await readAll({ plan, asked }, large, 2, { partBytes: kPart, handOverBytes: kAtOnce });
      expect(outcome).toMatchObject({ state: 'done', troubled: [] });
      expect((await held(pool)).held).toEqual(tenths);
    },
  );

  test('cancel while a store is handed over ends every worker', async () => {
    const workers = new FakeWorkers({ plan, asked: (ask) => (ask === 'import-image' ? 'hang' : null) });
    const pool = poolOf(workers, 3, '', { partBytes: kPart, handOverBytes: kAtOnce });
    const run = pool.open(large, () => undefined);
    await vi.advanceTimersByTimeAsync(kTickMillis);
    run.cancel();
    expect((await run.done).state).toBe('cancelled');
    expect(workers.alive()).toBe(0);
  });

  test('cancel in the middle of parts ends every worker', async () => {
    const workers = new FakeWorkers({ plan, reading: ({ from }) => (from === 500 ? 'stall' : null) });
    const pool = poolOf(workers, 3, '', { partBytes: kPart });
    const run = pool.open(large, () => undefined);
    await vi.advanceTimersByTimeAsync(kTickMillis);
    run.cancel();
    expect((await run.done).state).toBe('cancelled');
    expect(workers.alive()).toBe(0);
  });

  test('progress counts a file once, and ends with all of it', async () => {
    const workers = new FakeWorkers({ plan });
    const pool = poolOf(workers, 3, '', { partBytes: kPart });
    const seen: RunProgress[] = [];
    await pool.open(large, (progress) => seen.push(progress)).done;
    expect(seen.at(-1)).toMatchObject({ inputs: 1, inputsDone: 1, bytes: 1000, bytesTotal: 1000 });
  });

  test('whatever is guessed wrong, runs over or dies: one chain from the first byte to the last', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.constantFrom('right', 'wrong', 'over', 'none'), { minLength: 10, maxLength: 10 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
        fc.constantFrom(kAtOnce, undefined),
        async (count, guesses, deaths, deathsMoving, handOverBytes) => {
          let nth = 0;
          let moves = 0;
          const script: Script = {
            plan,
            reading: () => (deaths.includes(nth++) ? 'die' : null),
            asked: (ask) => (/export|image|import|drop|anew/.test(ask) && deathsMoving.includes(moves++) ? 'die' : null),
            part: ({ from, to, size, part: begin }) => {
              const which = guesses[Math.floor(from / kPart)];
              const end = which === 'over' ? Math.min(to + 130, size) : to;
              const where = { end, endState: end === size ? '' : 's' };
              if (begin?.guess !== true || which === 'right' || which === 'over') return where;
              return which === 'none' ? { ...where, start: null } : { ...where, start: from + 7 };
            },
          };
          const { outcome, pool } = await readAll(script, large, count, { partBytes: kPart, handOverBytes });
          expect(outcome).toMatchObject({ state: 'done' });
          if (outcome.troubled.length > 0) return;
          const spans = (await held(pool)).held.map((text) => (text.split(' ')[1] as string).split('-').map(Number) as [number, number]);
          spans.sort((a, b) => a[0] - b[0]);
          expect(spans[0]?.[0]).toBe(0);
          expect(spans.at(-1)?.[1]).toBe(1000);
          for (let at = 1; at < spans.length; at += 1) expect(spans[at]?.[0]).toBe(spans[at - 1]?.[1]);
        },
      ),
    );
  });
});

describe('a worker that fails', () => {
  const inputs = sources(12, 5 * kMiB);

  test.each(['die', 'fault', 'hang'] as const)('%s once: the input is read by a fresh worker, all are counted once', async (trouble) => {
    const { outcome, pool, workers } = await readAll(
      { reading: ({ path }, attempt) => (path === 'f7' && attempt === 1 ? trouble : null) },
      inputs,
      3,
    );
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect(await held(pool)).toEqual({ held: paths(inputs), refused: [] });
    expect(workers.workers.length).toBe(4);
    expect(workers.attempts.get(7)).toBe(2);
  });

  test.each(['die', 'fault', 'hang'] as const)('%s always: the input is a refused row, all others are counted once', async (trouble) => {
    const { outcome, pool, workers } = await readAll({ reading: ({ path }) => (path === 'f7' ? trouble : null) }, inputs, 3);
    expect(outcome.state).toBe('done');
    expect(outcome.troubled).toMatchObject([{ number: 7, path: 'f7', state: 'refused' }]);
    expect(await held(pool)).toEqual({ held: paths(inputs).filter((path) => path !== 'f7'), refused: ['f7 engine_failed'] });
    expect(workers.attempts.get(7)).toBe(2);
  });

  test('a bad file among many small ones costs no other', async () => {
    const small = sources(600, 10);
    const { outcome, pool } = await readAll({ reading: ({ path }) => (path === 'f300' ? 'die' : null) }, small, 2);
    expect(outcome.troubled).toMatchObject([{ path: 'f300', state: 'refused' }]);
    expect(await held(pool)).toEqual({ held: paths(small).filter((path) => path !== 'f300'), refused: ['f300 engine_failed'] });
  });

  test('two bad files in one batch', async () => {
    const small = sources(50, 10);
    const bad = new Set(['f3', 'f40']);
    const { pool } = await readAll({ reading: ({ path }) => (bad.has(path) ? 'die' : null) }, small, 1);
    expect(await held(pool)).toEqual({
      held: paths(small).filter((path) => !bad.has(path)),
      refused: ['f3 engine_failed', 'f40 engine_failed'],
    });
  });

  test('killed after its last answer, before it handed its store over', async () => {
    const { outcome, pool, workers } = await readAll(
      { asked: (ask, _, worker) => (ask === 'begin-export' && worker === 1 ? 'die' : null) },
      inputs,
      3,
    );
    expect(outcome.state).toBe('done');
    expect(await held(pool)).toEqual({ held: paths(inputs), refused: [] });
    expect(workers.alive()).toBe(1);
  });

  test.each(['next-image', 'import-image', 'end-import'])('killed in the middle of the merge, at %s', async (at) => {
    const { outcome, pool, workers } = await readAll(
      { asked: (ask, nth, worker) => (ask === at && worker <= 2 && nth === (at === 'end-import' ? 1 : 2) ? 'die' : null) },
      inputs,
      3,
    );
    expect(outcome.state).toBe('done');
    expect(await held(pool)).toEqual({ held: paths(inputs), refused: [] });
    expect(workers.workers.length).toBeGreaterThan(3);
    expect(workers.alive()).toBe(1);
  });

  test('killed while idle, while others still read', async () => {
    const workers = new FakeWorkers({ reading: ({ path }) => (path === 'f0' ? 'stall' : null) });
    const pool = poolOf(workers, 2);
    const run = pool.open(
      [
        { path: 'f0', size: 9 * kMiB, handle: 'f0' },
        { path: 'f1', size: 8 * kMiB, handle: 'f1' },
      ],
      () => undefined,
    );
    await vi.advanceTimersByTimeAsync(2000);
    const idle = workers.workers.find((worker) => worker.asks.get('read') === 1 && worker.number === 1);
    idle?.die();
    await vi.advanceTimersByTimeAsync(2000);
    workers.workers[0]?.goOn();
    await vi.advanceTimersByTimeAsync(2000);
    expect((await run.done).state).toBe('done');
    expect(await held(pool)).toEqual({ held: ['f0', 'f1'], refused: [] });
  });

  test.each(['die', 'fault'] as const)('no worker gets as far as an engine (%s): the reading fails, no file is blamed', async (trouble) => {
    const { outcome, pool, workers } = await readAll({ start: () => trouble }, inputs, 2);
    expect(outcome.state).toBe('failed');
    expect(outcome.why).toContain('could not be started');
    expect(workers.alive()).toBe(0);
    await expect(pool.hunt(defaultSettings)).rejects.toBeInstanceOf(EngineFailure);
  });

  test('an engine that never comes up is noticed too', async () => {
    const { outcome } = await readAll({ start: () => 'hang' }, inputs, 2);
    expect(outcome.state).toBe('failed');
  });

  test('a worker whose start fails once is replaced', async () => {
    const { outcome, pool } = await readAll({ start: (worker) => (worker === 0 ? 'die' : null) }, inputs, 2);
    expect(outcome).toMatchObject({ state: 'done', troubled: [] });
    expect(await held(pool)).toEqual({ held: paths(inputs), refused: [] });
  });

  test('an engine that dies on everything ends the reading as failed', async () => {
    const { outcome, workers } = await readAll({ reading: () => 'die' }, sources(1000, kBatchBytes), 2);
    expect(outcome.state).toBe('failed');
    expect(outcome.why).toContain(`${kDeathsAllowed + 1} times`);
    expect(workers.alive()).toBe(0);
  });

  test('an input that a worker does not account for fails the reading instead of making the total smaller', async () => {
    const { outcome, workers } = await readAll({ reading: ({ path }) => (path === 'f7' ? 'lose' : null) }, inputs, 3);
    expect(outcome.state).toBe('failed');
    expect(workers.alive()).toBe(0);
  });

  test('dead after the reading: the question is answered with a failure, not with silence', async () => {
    const { pool, workers } = await readAll({}, inputs, 2);
    workers.workers.find((worker) => !worker.terminated)?.die();
    await expect(pool.hunt(defaultSettings)).rejects.toMatchObject({ name: 'EngineFailure', code: null });
  });
});

describe('the watchdog', () => {
  test('silence is noticed within five seconds', async () => {
    const workers = new FakeWorkers({ reading: (_, attempt) => (attempt === 1 ? 'hang' : null) });
    const pool = poolOf(workers, 1);
    const run = pool.open(sources(1), () => undefined);
    await vi.advanceTimersByTimeAsync(kReadingTicks * kTickMillis - 1);
    expect(workers.workers.length).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(workers.workers.length).toBe(2);
    expect(kReadingTicks * kTickMillis + 500).toBeLessThanOrEqual(5000);
    expect((await run.done).state).toBe('done');
  });

  // Two inputs for two workers, of which the first is one in parts: every question there is on the way to an answer.
  const kPart = 100;
  const two: Source<string>[] = [{ path: 'large', size: 1000, handle: 'large' }, ...sources(1, kPart)];
  const plan = () => 's';
  // One part runs over the next, whose reading then does not count.
  const part = ({ from }: WorkItem) => (from === 300 ? { end: 450 } : {});

  test.each(['plan', 'drop-parts', 'begin-export', 'next-image', 'begin-import', 'import-image', 'end-import', 'begin-anew', 'refuse'])(
    'a worker that says nothing when it is asked to %s is noticed within five seconds, and all is read once',
    async (asked) => {
      let silent = 0;
      const script: Script = {
        plan,
        part,
        // For a refusal there must be something to refuse.
        reading: ({ path }) => (asked === 'refuse' && path === 'f0' ? 'die' : null),
        asked: (ask) => {
          if (ask !== asked || silent > 0) return null;
          silent = Date.now();
          return 'hang';
        },
      };
      const workers = new FakeWorkers(script);
      // A worker goes on with nothing only where stores are handed over while others read.
      const handOverBytes = asked === 'begin-anew' ? -1 : undefined;
      const pool = poolOf(workers, 2, '', { partBytes: kPart, handOverBytes });
      const run = pool.open(two, () => undefined);
      for (let ticks = 0; silent === 0 && ticks < 100; ticks += 1) await vi.advanceTimersByTimeAsync(1);
      expect(silent).toBeGreaterThan(0);
      const alive = workers.workers.filter((worker) => !worker.terminated);
      await vi.advanceTimersByTimeAsync(silent + 5000 - Date.now());
      expect(alive.some((worker) => worker.terminated)).toBe(true);
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await run.done).state).toBe('done');
      const { held: read, refused } = await held(pool);
      // Without a plan it is read in one go.
      expect(read.filter((text) => text.startsWith('large'))).toHaveLength(asked === 'plan' ? 1 : 10);
      expect([...read.filter((text) => text === 'f0'), ...refused]).toEqual([asked === 'refuse' ? 'f0 engine_failed' : 'f0']);
    },
  );

  test('a worker that says nothing when it is asked to hunt over little is noticed within five seconds, and the failure says so', async () => {
    const { pool } = await readAll({ asked: (ask) => (ask === 'hunt' ? 'hang' : null) }, sources(3), 1);
    const failed = expect(pool.hunt(defaultSettings)).rejects.toThrow('stopped answering');
    await vi.advanceTimersByTimeAsync(5000);
    await failed;
  });

  test('one call over a million records may take longer, as long as those may take', () => {
    const held = { ...noProgress, events: 400_000, rejected: 300_000, other: 300_000 };
    const hunt = { ask: 'hunt', settings: defaultSettings } as const;
    expect(patience(hunt, noProgress)).toBe(kReadingTicks);
    expect(patience(hunt, held)).toBe(kReadingTicks + 1_000_000 * kTicksPerRecord);
    expect(patience({ ask: 'next-image' }, held)).toBe(kReadingTicks);
  });

  test('a worker’s script may take a minute to come; when it is there, an engine that does not come up is noticed within five seconds', async () => {
    const lost = new FakeWorkers({ loads: () => false });
    poolOf(lost, 1).open(sources(1), () => undefined);
    await vi.advanceTimersByTimeAsync(kLoadTicks * kTickMillis - 1);
    expect(lost.workers.map(({ terminated }) => terminated)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(kTickMillis);
    expect(lost.workers[0]?.terminated).toBe(true);

    const stuck = new FakeWorkers({ start: () => 'hang' });
    poolOf(stuck, 1).open(sources(1), () => undefined);
    await vi.advanceTimersByTimeAsync(5000);
    expect(stuck.workers[0]?.terminated).toBe(true);
  });

  test('a slow reader that shows signs of life is left alone', async () => {
    const workers = new FakeWorkers({ reading: () => 'stall' });
    const pool = poolOf(workers, 1);
    const run = pool.open(sources(1), () => undefined);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(workers.workers.length).toBe(1);
    workers.workers[0]?.goOn();
    expect((await run.done).state).toBe('done');
  });

  test('a machine that slept for an hour is no silent worker', async () => {
    const workers = new FakeWorkers({ reading: () => 'stall' });
    const pool = poolOf(workers, 1);
    const run = pool.open(sources(1), () => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(kTickMillis);
    expect(workers.workers.length).toBe(1);
    workers.workers[0]?.goOn();
    expect((await run.done).state).toBe('done');
  });

  test('nothing ticks once nothing is owed', async () => {
    await readAll({}, sources(3), 2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('cancel', () => {
  test('ends every worker at once', async () => {
    const workers = new FakeWorkers({ reading: () => 'stall' });
    const pool = poolOf(workers, 3);
    const run = pool.open(sources(9, 5 * kMiB), () => undefined);
    await vi.advanceTimersByTimeAsync(1500);
    expect(workers.alive()).toBe(3);
    run.cancel();
    expect(workers.alive()).toBe(0);
    expect(await run.done).toMatchObject({ state: 'cancelled', why: '' });
    expect(vi.getTimerCount()).toBe(0);
    await expect(pool.hunt(defaultSettings)).rejects.toBeInstanceOf(EngineFailure);
  });

  test('before the module is compiled, no worker is ever started', async () => {
    const workers = new FakeWorkers();
    let compiled: (module: WebAssembly.Module) => void = () => undefined;
    const module = new Promise<WebAssembly.Module>((resolve) => {
      compiled = resolve;
    });
    const pool = new Pool<string>({ startWorker: workers.start, module: () => module, readRange: async () => new Uint8Array(0) }, 2);
    const run = pool.open(sources(3), () => undefined);
    run.cancel();
    compiled({} as WebAssembly.Module);
    expect((await run.done).state).toBe('cancelled');
    expect(workers.workers.length).toBe(0);
  });

  test('a new reading takes the place of one under way', async () => {
    const workers = new FakeWorkers({ reading: ({ path }) => (path === 'old' ? 'stall' : null) });
    const pool = poolOf(workers, 1);
    const first = pool.open([{ path: 'old', size: 1, handle: 'old' }], () => undefined);
    await vi.advanceTimersByTimeAsync(100);
    const second = pool.open([{ path: 'new', size: 1, handle: 'new' }], () => undefined);
    expect((await first.done).state).toBe('cancelled');
    expect((await second.done).state).toBe('done');
    first.cancel();
    expect(await held(pool)).toEqual({ held: ['new'], refused: [] });
  });

  test('after the end it drops what was read', async () => {
    const workers = new FakeWorkers();
    const pool = poolOf(workers, 1);
    const run = pool.open(sources(1), () => undefined);
    await run.done;
    pool.close();
    expect(workers.alive()).toBe(0);
    await expect(pool.text({ text: 'table', table: 'sessions', form: 'csv' })).rejects.toBeInstanceOf(EngineFailure);
  });
});

describe('questions', () => {
  test('a module that cannot be compiled fails the reading with a sentence', async () => {
    const workers = new FakeWorkers();
    const pool = new Pool<string>(
      { startWorker: workers.start, module: () => Promise.reject(new Error('no network')), readRange: async () => new Uint8Array(0) },
      2,
    );
    expect(await pool.open(sources(1), () => undefined).done).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('no network'),
    });
  });

  test('a refused setting comes back with its code, and the engine goes on', async () => {
    const { pool } = await readAll({}, sources(2), 1);
    await expect(pool.hunt({ ...defaultSettings, window: 'wrong' })).rejects.toMatchObject({
      name: 'EngineFailure',
      code: 5,
      message: 'The window is wrong.',
    });
    expect((await held(pool)).held).toEqual(['f0', 'f1']);
    expect(new TextDecoder().decode(await pool.text({ text: 'query', query: 'sessions', dialect: 'trino' }))).toBe('query');
  });

  test('a raw record is read from the source again and its length compared', async () => {
    const workers = new FakeWorkers();
    const pool = poolOf(workers, 1, 'abcdefghij');
    const inputs: Source<string>[] = [
      { path: 'b', size: 10, handle: 'b' },
      { path: 'a', size: 10, handle: 'gone' },
      { path: 'twin', size: 10, handle: 't1' },
      { path: 'twin', size: 10, handle: 't2' },
    ];
    await pool.open(inputs, () => undefined).done;
    expect(new TextDecoder().decode(await pool.rawRecord(1, 2, 3))).toBe('cde');
    await expect(pool.rawRecord(1, 8, 3)).rejects.toThrow('shorter');
    await expect(pool.rawRecord(0, 0, 1)).rejects.toThrow('no longer be read');
    await expect(pool.rawRecord(2, 0, 1)).rejects.toThrow('same path and size');
    await expect(pool.rawRecord(4, 0, 1)).rejects.toThrow('no such input');
  });
});

describe('raw records of inputs in containers', () => {
  const step = { at: 40, packed: 10, deflated: true };
  const script: Script = {
    opened: ({ path }) =>
      path === 'm.zip'
        ? [
            { path: 'm.zip!z', bytes: 30, steps: [step] },
            { path: 'm.zip!a', bytes: 30, steps: [] },
          ]
        : path === 's.gz'
          ? [{ path: 's.gz', bytes: 500, steps: [] }]
          : undefined,
  };
  const inputs = [
    { path: 's.gz', size: 50, handle: 'slow' },
    { path: 'm.zip', size: 99, handle: 'archive' },
    { path: 'n.json', size: 10, handle: 'n' },
  ];

  test('the order is that of the report, the place the one the worker told, and the worker is let go', async () => {
    const workers = new FakeWorkers(script);
    const pool = poolOf(workers, 1, 'abcdefghij');
    await pool.open(inputs, () => undefined).done;
    expect(new TextDecoder().decode(await pool.rawRecord(0, 0, 10))).toBe('archive []');
    expect(new TextDecoder().decode(await pool.rawRecord(1, 8, 12))).toBe(JSON.stringify([step]).slice(0, 12));
    expect(new TextDecoder().decode(await pool.rawRecord(2, 2, 3))).toBe('cde');
    await expect(pool.rawRecord(0, 5, 500)).rejects.toThrow('shorter');
    await expect(pool.rawRecord(4, 0, 1)).rejects.toThrow('no such input');
    expect(workers.alive()).toBe(1);
    pool.close();
  });

  test.each(['abort', 'close', 'open'] as const)('%s ends the reading at once', async (how) => {
    const workers = new FakeWorkers(script);
    const pool = poolOf(workers, 1);
    await pool.open(inputs, () => undefined).done;
    const away = new AbortController();
    const asked = pool.rawRecord(3, 0, 1, { signal: away.signal });
    const refused = expect(asked).rejects.toBeInstanceOf(EngineFailure);
    await vi.advanceTimersByTimeAsync(0);
    expect(workers.alive()).toBe(2);
    if (how === 'abort') away.abort();
    else if (how === 'close') pool.close();
    else await pool.open([], () => undefined).done;
    await refused;
    expect(workers.alive()).toBe(how === 'close' ? 0 : 1);
  });

  test('an aborted question starts no worker', async () => {
    const workers = new FakeWorkers(script);
    const pool = poolOf(workers, 1);
    await pool.open(inputs, () => undefined).done;
    await expect(pool.rawRecord(3, 0, 1, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(EngineFailure);
    expect(workers.workers.length).toBe(1);
  });

  test('a worker that hangs while it unpacks is noticed', async () => {
    const workers = new FakeWorkers({ ...script, asked: (ask) => (ask === 'unpack' ? 'hang' : null) });
    const pool = poolOf(workers, 1);
    await pool.open(inputs, () => undefined).done;
    const refused = expect(pool.rawRecord(3, 0, 1)).rejects.toThrow('stopped answering');
    await vi.advanceTimersByTimeAsync((kReadingTicks + 1) * kTickMillis);
    await refused;
    expect(workers.alive()).toBe(1);
  });
});

test('paths are ordered by the bytes of their UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  // U+FF5E is one UTF-16 unit above the surrogates, U+1F600 two units: UTF-16 order has them the other way round.
  expect(compareUtf8('\u{ff5e}', '\u{1f600}')).toBeLessThan(0);
});
