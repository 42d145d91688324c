import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ByteSource, kSliceBytes } from '../../web/src/engine/byte_source';
import { EngineHost, kPieceBytes, kSignalsMillis } from '../../web/src/engine/engine_host';
import { headPrint } from '../../web/src/engine/file_source';
import type { FromWorker, ItemDone, Plan, WorkItem } from '../../web/src/engine/protocol';
import { kWindowBytes } from '../../web/src/engine/random_source';
import { serve } from '../../web/src/engine/worker_core';
import { gzipOf, joined, zipOf } from './archives';
import { type FakeEngineOptions, type FakeInput, fakeModule } from './fake_engine';

const noModule = {} as WebAssembly.Module;
const utf8 = new TextEncoder();

interface FakeFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** As the pool was told. */
  size?: number;
  openError?: Error;
  readError?: { at: number; error: Error };
  changed?: boolean;
}

/** Reads the files as one batch and returns what the worker said and what the engine holds. */
async function read(
  files: Record<string, FakeFile>,
  engineOptions: FakeEngineOptions = {},
  part: Partial<WorkItem> = {},
  ask: 'read' | 'plan' = 'read',
) {
  const { create, engine } = fakeModule(engineOptions);
  const messages: FromWorker[] = [];
  const log: string[] = [];
  let answered: (message: FromWorker) => void = () => undefined;
  const answer = new Promise<FromWorker>((resolve) => {
    answered = resolve;
  });
  const take = serve({
    post: (message) => {
      messages.push(message);
      if (message.type === 'answer' || message.type === 'failed') answered(message);
    },
    open: async (handle) => {
      const name = handle as string;
      const file = files[name] as FakeFile;
      log.push(`open ${name}`);
      if (file.openError !== undefined) throw file.openError;
      const source: ByteSource = {
        read: async (from, to) => {
          log.push(`read ${name} ${from} ${to}`);
          if (file.readError !== undefined && from >= file.readError.at) throw file.readError.error;
          return file.bytes.slice(from, to);
        },
        changed: async () => file.changed === true,
        // Whoever still needed them would see it.
        recycle: (bytes) => void bytes.fill(0),
        close: async () => {
          log.push(`close ${name}`);
        },
      };
      return source;
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    startEngine: (module) => EngineHost.start(create, module),
  });
  const items: WorkItem[] = Object.entries(files).map(([name, file], number) => {
    const size = file.size ?? file.bytes.byteLength;
    return { number, path: `in/${name}`, handle: name, size, from: 0, to: size, ...part };
  });
  take({ type: 'start', module: noModule });
  take(ask === 'plan' ? { type: 'ask', id: 1, ask, item: items[0] as WorkItem } : { type: 'ask', id: 1, ask, items });
  const last = await answer;
  const done = messages.flatMap((message): ItemDone[] => (message.type === 'progress' ? message.done : []));
  const inputs: FakeInput[] = engine().inputs;
  return { last, done, inputs, log, messages };
}

const contentOf = (input: FakeInput | undefined): Buffer => Buffer.concat(input?.content ?? []);
const text = (content: string): FakeFile => ({ bytes: utf8.encode(content) });
const block = (length: number): FakeFile => ({ bytes: new Uint8Array(length).map((_, at) => 32 + ((at * 31) % 90)) });

afterEach(() => {
  vi.useRealTimers();
});

describe('a part', () => {
  const kKiB = 1024;
  const kMiB = 1024 * kKiB;
  const guessed = { from: 5 * kMiB, to: 6 * kMiB, part: { id: 9, state: 's', guess: true } };
  const reads = (log: string[]): string[] => log.filter((line) => line.startsWith('read')).map((line) => line.replace('read a ', ''));

  test('that is guessed begins with the byte before it, and reads a little beyond its end', async () => {
    const end = 6 * kMiB + 100;
    const { done, inputs, log } = await read({ a: block(9 * kMiB) }, { partEnd: end }, guessed);
    expect(reads(log)).toEqual([`${5 * kMiB - 1} ${6 * kMiB - 1}`, `${6 * kMiB - 1} ${6 * kMiB + 64 * kKiB}`]);
    expect(inputs).toMatchObject([{ closed: true, cut: '', part: { id: 9, from: 5 * kMiB - 1, to: 6 * kMiB, state: 's', guess: true } }]);
    expect(done).toMatchObject([{ number: 0, state: 'read', why: '', part: { id: 9, end, endState: 's' } }]);
  });

  test('whose beginning is known begins there', async () => {
    const known = { ...guessed, part: { id: 9, state: 's', guess: false } };
    const { inputs, log } = await read({ a: block(9 * kMiB) }, { partEnd: 6 * kMiB }, known);
    expect(reads(log)[0]).toMatch(`${5 * kMiB} `);
    expect(inputs[0]?.part?.from).toBe(5 * kMiB);
  });

  test('whose last record is long reads on, twice as much each time, to the end of the input at most', async () => {
    const beyond = (kib: number): number => 6 * kMiB + kib * kKiB;
    const { log } = await read({ a: block(9 * kMiB) }, { partEnd: beyond(300) }, guessed);
    expect(reads(log).slice(2)).toEqual([`${beyond(64)} ${beyond(128)}`, `${beyond(128)} ${beyond(256)}`, `${beyond(256)} ${beyond(512)}`]);
    const { done, log: whole } = await read({ a: block(9 * kMiB) }, {}, guessed);
    expect(reads(whole).at(-1)).toBe(`${beyond(2048)} ${9 * kMiB}`);
    expect(done).toMatchObject([{ state: 'read', part: { end: 9 * kMiB, endState: '' } }]);
  });

  test('of a file that became shorter is cut, and says how much of the file could be read', async () => {
    const short = { bytes: block(5 * kMiB + 1000).bytes, size: 9 * kMiB };
    const { done, inputs } = await read({ a: short }, { partEnd: 6 * kMiB }, guessed);
    const why = `The file is shorter than when it was picked: ${5 * kMiB + 1000} of ${9 * kMiB} bytes could be read. What was read until then is in the result; open the file again to have all of it.`;
    expect(done).toMatchObject([{ state: 'cut', why, part: { endState: '' } }]);
    expect(inputs).toMatchObject([{ closed: true, cut: why }]);
  });

  test('of a file that was changed says so and keeps its end', async () => {
    const { done } = await read({ a: { ...block(9 * kMiB), changed: true } }, { partEnd: 6 * kMiB + 1 }, guessed);
    expect(done).toMatchObject([{ state: 'cut', part: { end: 6 * kMiB + 1, endState: 's' } }]);
    expect(done[0]?.why).toContain('changed while it was being read');
  });

  test('of a file that can no longer be opened is a part that is cut, no refused input beside the parts that were read', async () => {
    const { done, inputs } = await read({ a: { ...block(9 * kMiB), openError: new Error('gone') } }, {}, guessed);
    expect(inputs).toMatchObject([{ refused: '', closed: true }]);
    expect(inputs[0]?.cut).toContain('could not be opened');
    expect(done).toMatchObject([{ state: 'cut', part: { id: 9, endState: '' } }]);
  });

  test('that memory does not hold is cut where it stopped', async () => {
    const { done } = await read({ a: block(9 * kMiB) }, { memoryBytes: 2 * kPieceBytes, partEnd: 6 * kMiB }, guessed);
    expect(done).toMatchObject([{ state: 'cut', part: { endState: '' } }]);
    expect(done[0]?.why).toContain(`stopped after ${5 * kMiB - 1 + 2 * kPieceBytes} of ${9 * kMiB} bytes`);
  });

  test('is planned from the first megabyte, not where the file is packed or cannot be read', async () => {
    const planned = async (file: FakeFile): Promise<string> => {
      const { last } = await read({ a: file }, {}, {}, 'plan');
      if (last.type !== 'answer') throw new Error(last.type);
      const { state, head } = JSON.parse(new TextDecoder().decode(last.bytes)) as Plan;
      if (state !== '') expect(head).toBe(headPrint(file.bytes));
      return state;
    };
    expect(await planned(block(9 * kMiB))).toBe(`planned from ${kMiB}`);
    expect(await planned({ bytes: new Uint8Array(gzipOf('x'.repeat(1000))) })).toBe('');
    expect(await planned({ ...block(9), openError: new Error('gone') })).toBe('');
    expect(await planned({ ...block(9), readError: { at: 0, error: new Error('gone') } })).toBe('');
  });
});

describe('reading', () => {
  test.each([0, 1, kPieceBytes - 1, kPieceBytes, kPieceBytes + 1, kSliceBytes, kSliceBytes + 1, 2 * kSliceBytes + kPieceBytes + 7])(
    'a file of %i bytes reaches the engine whole and in pieces',
    async (length) => {
      const file = block(length);
      const { last, done, inputs } = await read({ a: file });
      expect(last).toMatchObject({ type: 'answer', id: 1 });
      expect(done).toEqual([{ number: 0, state: 'read', bytes: length, why: '' }]);
      expect(inputs).toHaveLength(1);
      expect(inputs[0]).toMatchObject({ number: 0, path: 'in/a', closed: true, cut: '', refused: '' });
      expect(Buffer.compare(contentOf(inputs[0]), file.bytes)).toBe(0);
      expect(Math.max(0, ...(inputs[0]?.blocks ?? []))).toBeLessThanOrEqual(kPieceBytes);
    },
  );

  test('signals are told with progress, once, and not before half a second is over', async () => {
    const told = { signals: [{ caller: 'a', time: '2026-03-14T09:00:00Z', kind: 'shell_app', in_shell: true }], zoneless: 2, waiting: 1 };
    const { messages } = await read({ a: text('x') }, { signals: [JSON.stringify(told), JSON.stringify(told)] });
    const progress = messages.filter((message) => message.type === 'progress');
    expect(progress.map(({ signals }) => signals)).toEqual([told]);

    const { create } = fakeModule({ signals: ['', JSON.stringify(told), JSON.stringify(told)] });
    const host = await EngineHost.start(create, noModule);
    const at = (now: number) => host.signalsSoFar(now);
    expect([at(0), at(kSignalsMillis - 1), at(kSignalsMillis), at(2 * kSignalsMillis - 1), at(2 * kSignalsMillis)]).toEqual([
      undefined,
      undefined,
      told,
      undefined,
      told,
    ]);
  });

  test('the next slice is asked for before the current one is decoded, one slice ahead', async () => {
    const { log } = await read({ a: block(3 * kSliceBytes) });
    expect(log).toEqual([
      'open a',
      `read a 0 ${kSliceBytes}`,
      `read a ${kSliceBytes} ${2 * kSliceBytes}`,
      `read a ${2 * kSliceBytes} ${3 * kSliceBytes}`,
      'close a',
    ]);
  });

  test('many small files are all read, opened ahead of their turn', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, text(`line ${at}\n`)]));
    const { done, inputs, log } = await read(files);
    expect(done.map((item) => item.number)).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect(inputs.every((input, at) => contentOf(input).toString() === `line ${at}\n`)).toBe(true);
    expect(log.indexOf('open f5')).toBeLessThan(log.indexOf('close f0'));
    expect(log.filter((entry) => entry.startsWith('close')).length).toBe(300);
  });

  test('a source shorter than it was ends as cut, with both numbers', async () => {
    const { done, inputs } = await read({ a: { bytes: utf8.encode('abc'), size: 10 }, b: text('whole') });
    expect(done[0]).toMatchObject({ state: 'cut', bytes: 3 });
    expect(inputs[0]?.cut).toContain('3 of 10 bytes');
    expect(contentOf(inputs[0]).toString()).toBe('abc');
    expect(done[1]).toMatchObject({ state: 'read', bytes: 5 });
  });

  test('a short slice in the middle stops the input: later bytes would stand at wrong offsets', async () => {
    const file = block(kSliceBytes - 5);
    const { done, inputs } = await read({ a: { ...file, size: 3 * kSliceBytes }, b: text('x') });
    expect(done[0]).toMatchObject({ state: 'cut', bytes: kSliceBytes - 5 });
    expect(inputs).toHaveLength(2);
  });

  test('a source that cannot be opened is a refused row without a path in its sentence', async () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/home/eve/a'"), { code: 'EACCES' });
    const { done, inputs } = await read({ a: { bytes: new Uint8Array(0), openError: error }, b: text('x') });
    expect(done[0]).toMatchObject({ state: 'refused' });
    expect(inputs[0]).toMatchObject({ refused: 'unreadable' });
    expect(inputs[0]?.message).toContain('EACCES');
    expect(inputs[0]?.message).not.toContain('/home');
    expect(done[1]).toMatchObject({ state: 'read' });
  });

  test('a read that fails half way ends as cut', async () => {
    const error = new DOMException('gone', 'NotReadableError');
    const file = block(2 * kSliceBytes);
    const { done, inputs } = await read({ a: { ...file, readError: { at: kSliceBytes, error } } });
    expect(done[0]).toMatchObject({ state: 'cut', bytes: kSliceBytes });
    expect(inputs[0]?.cut).toContain('NotReadableError');
  });

  test('a source that changed while it was read ends as cut', async () => {
    const { done, inputs } = await read({ a: { ...text('abc'), changed: true } });
    expect(done[0]).toMatchObject({ state: 'cut', bytes: 3 });
    expect(inputs[0]?.cut).toContain('changed');
  });

  test('a file of another format is refused by its first bytes and never fed', async () => {
    const large = block(2 * kSliceBytes);
    large.bytes.set(utf8.encode('PAR1'), 0);
    const { done, inputs } = await read({ 'a.json': large, b: text('x') });
    expect(done[0]).toMatchObject({ state: 'refused', bytes: 0 });
    expect(inputs[0]).toMatchObject({ refused: 'parquet', blocks: [] });
    expect(inputs[0]?.message).toContain('export');
    expect(done[1]).toMatchObject({ state: 'read', bytes: 1 });
  });

  test('a file that the engine refuses by its beginning is not read to its end', async () => {
    const large = block(3 * kSliceBytes);
    large.bytes.set(utf8.encode('USELESS'), 0);
    const { done, inputs, log } = await read({ a: large, b: text('x') }, { refuseOn: 'USELESS' });
    expect(inputs[0]).toMatchObject({ blocks: [kPieceBytes], skipped: 3 * kSliceBytes - kPieceBytes, closed: true, cut: '' });
    expect(log.filter((entry) => entry.startsWith('read a'))).toHaveLength(2);
    expect(done).toMatchObject([
      { state: 'read', bytes: 3 * kSliceBytes },
      { state: 'read', bytes: 1 },
    ]);
  });

  test('a file of which nothing can be read is refused', async () => {
    const error = new DOMException('gone', 'NotFoundError');
    const { done, inputs } = await read({ a: { ...block(10), readError: { at: 0, error } }, b: text('x') });
    expect(inputs[0]).toMatchObject({ refused: 'unreadable', blocks: [], cut: '' });
    expect(done).toMatchObject([
      { state: 'refused', bytes: 0, why: 'The file could not be opened: the file was moved, renamed or deleted (NotFoundError).' },
      { state: 'read' },
    ]);
  });

  test("a compressed file is opened, and its one input counts packed bytes as its container's", async () => {
    const content = block(3 * kPieceBytes).bytes;
    const packed = gzipOf(content);
    const { done, inputs, messages } = await read({ 'a.json': { bytes: packed }, b: text('x') });
    expect(done[0]).toEqual({ number: 0, state: 'read', bytes: content.byteLength, why: '', opened: expect.any(Array) });
    expect(inputs[0]).toMatchObject({ path: 'in/a.json', container: 'gzip', containerBytes: packed.byteLength, closed: true, cut: '' });
    expect(Buffer.compare(contentOf(inputs[0]), content)).toBe(0);
    const told = messages.flatMap((message) => (message.type === 'progress' && message.current !== null ? [message.current.bytes] : []));
    expect(Math.max(0, ...told)).toBeLessThanOrEqual(packed.byteLength);
    expect(done[1]).toMatchObject({ state: 'read', bytes: 1 });
  });

  test("every file of an archive is an input under the archive's number", async () => {
    const archive = zipOf([
      { name: 'h/PT1H.json', content: 'one' },
      { name: 'secret', content: 'x', flags: 1 },
      { name: 'junk/.DS_Store', content: 'x' },
    ]);
    const { done, inputs } = await read({ z: { bytes: archive } });
    expect(inputs.map(({ number, path, refused, notes }) => [number, path, refused, notes])).toEqual([
      [0, 'in/z!h/PT1H.json', '', []],
      [0, 'in/z!secret', 'encrypted', []],
      [0, 'in/z', '', ['left_out']],
    ]);
    expect(done).toMatchObject([{ number: 0, state: 'cut', bytes: 3 }]);
  });

  test('a compressed file that changed while it was read ends as cut', async () => {
    const { inputs } = await read({ a: { bytes: gzipOf('abc'), changed: true } });
    expect(inputs.map(({ path, cut }) => [path, cut.includes('changed')])).toEqual([
      ['in/a', false],
      ['in/a', true],
    ]);
  });

  test('a compressed file that cannot be read on ends as cut with what was read', async () => {
    const content = block(kWindowBytes + kPieceBytes);
    const random = joined(zipOf([{ name: 'x', content: content.bytes, stored: true }]));
    const error = new DOMException('gone', 'NotReadableError');
    const { done, inputs } = await read({ a: { bytes: random, readError: { at: kWindowBytes, error } } });
    expect(done[0]?.state).not.toBe('read');
    expect(inputs.map(({ cut, message }) => cut + message).join()).toContain('NotReadableError');
  });

  test('full memory ends the input as cut and says how far it came', async () => {
    const { done, inputs } = await read({ a: block(3 * kPieceBytes) }, { memoryBytes: 2 * kPieceBytes });
    expect(done[0]).toMatchObject({ state: 'cut', bytes: 2 * kPieceBytes });
    expect(inputs[0]?.cut).toBe('memory_full');
  });

  test('once memory is full, what follows is a row that says so and is not read', async () => {
    const files = { a: block(3 * kPieceBytes), b: block(10), c: { ...block(10), openError: new Error('never asked') } };
    const { done, inputs } = await read(files, { memoryBytes: 2 * kPieceBytes });
    expect(inputs.map(({ path, cut, blocks }) => [path, cut, blocks.length])).toEqual([
      ['in/a', 'memory_full', 2],
      ['in/b', 'memory_full', 0],
      ['in/c', 'memory_full', 0],
    ]);
    expect(done.map(({ state, bytes, why }) => [state, bytes, why.startsWith('Memory ')])).toEqual([
      ['cut', 2 * kPieceBytes, true],
      ['cut', 0, true],
      ['cut', 0, true],
    ]);
  });

  test('a limit is handed to the engine; an import raises it', async () => {
    const { create, engine } = fakeModule();
    const platform = { post: () => undefined, open: () => Promise.reject(new Error('none')), breathe: async () => undefined };
    const take = serve({ ...platform, startEngine: (module) => EngineHost.start(create, module) });
    take({ type: 'start', module: noModule, memoryMebibytes: 7 });
    await vi.waitFor(() => expect(engine().limit).toBe(7));
    take({ type: 'ask', id: 1, ask: 'begin-import', bytes: 5, events: 1, memoryMebibytes: 30, readsOn: false });
    await vi.waitFor(() => expect(engine().limit).toBe(30));
  });

  test('a trap is reported as a fault of the worker', async () => {
    const { last } = await read({ a: text('fine'), b: text('POISON') }, { trapOn: 'POISON' });
    expect(last).toMatchObject({ type: 'failed', id: 1, kind: 'fault' });
  });

  test('while a read takes its time, the worker is heard from every second', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { create } = fakeModule();
    const messages: FromWorker[] = [];
    let release: (bytes: Uint8Array<ArrayBuffer>) => void = () => undefined;
    const take = serve({
      post: (message) => messages.push(message),
      open: async () => ({
        read: () => new Promise((resolve) => (release = resolve)),
        changed: async () => false,
        close: async () => undefined,
      }),
      breathe: async () => undefined,
      startEngine: (module) => EngineHost.start(create, module),
    });
    take({ type: 'start', module: noModule });
    take({ type: 'ask', id: 1, ask: 'read', items: [{ number: 0, path: 'a', handle: 'a', size: 1, from: 0, to: 1 }] });
    await vi.advanceTimersByTimeAsync(10_500);
    // The first says that the script is there.
    expect(messages.filter((message) => message.type === 'alive').length).toBe(1 + 10);
    release(new Uint8Array(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(messages.at(-1)).toMatchObject({ type: 'answer', id: 1 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(messages.at(-1)).toMatchObject({ type: 'answer', id: 1 });
  });
});

describe('questions', () => {
  async function asked(ask: Parameters<ReturnType<typeof serve>>[0]): Promise<FromWorker> {
    const { create } = fakeModule();
    return new Promise((resolve) => {
      const take = serve({
        post: (message) => {
          if (message.type === 'answer' || message.type === 'failed') resolve(message);
        },
        open: () => Promise.reject(new Error('not asked for')),
        breathe: async () => undefined,
        startEngine: (module) => EngineHost.start(create, module),
      });
      take({ type: 'start', module: noModule });
      take(ask);
    });
  }
  const decoded = (message: FromWorker): string =>
    message.type === 'answer' ? new TextDecoder().decode(message.bytes) : JSON.stringify(message);

  test.each([
    [
      { text: 'table', table: 'sessions', form: 'csv', sessions: [2, 0], hidden: 1 },
      '{"table":"sessions","form":"csv","sessions":[2,0],"hidden":1}',
    ],
    [{ text: 'query', query: 'published', dialect: 'kql' }, 'query 0 0'],
    [{ text: 'query', query: 'sessions', dialect: 'spark' }, 'query 1 3'],
  ] as const)('%o', async (kind, expected) => {
    expect(decoded(await asked({ type: 'ask', id: 7, ask: 'text', kind }))).toBe(expected);
  });

  test('events and rejects pass their numbers on', async () => {
    expect(decoded(await asked({ type: 'ask', id: 7, ask: 'session-events', session: 3, first: 4, count: 5 }))).toBe(
      '{"session":3,"first":4,"count":5}',
    );
    expect(decoded(await asked({ type: 'ask', id: 7, ask: 'rejects', input: 3, first: 4, count: 5 }))).toBe(
      '{"input":3,"first":4,"count":5}',
    );
  });

  test('a setting that the engine refuses is a refusal with its sentence', async () => {
    const settings = {
      window: 'wrong',
      look_back: 'none',
      as_of: 'newest',
      as_of_now: false,
      succeeded_is_success: true,
      date_order: 'auto',
      local_offset: null,
      local_zone: null,
    } as const;
    expect(await asked({ type: 'ask', id: 7, ask: 'hunt', settings })).toEqual({
      type: 'failed',
      id: 7,
      kind: 'refused',
      code: 5,
      message: 'a setting is wrong',
    });
  });
});
