// What a worker does, the same in the browser and in Node: reads slices of the ranges it is given, feeds its engine, answers the pool. How bytes
// of a source are got and how messages travel is the platform's. Invariants: an input that could not be read to its end is closed as cut with a
// sentence, one that could not be opened is a refused row, and nothing is ever skipped in silence; every slice's length is compared with what
// was asked for; while it reads, the worker is heard from at least once a second.

import { type ByteSource, causeOf, kSliceBytes } from './byte_source';
import { type Opens, recogniseContainer } from './container';
import { type Answer, type EngineHost, errorCodes, kPieceBytes, never, sentence } from './engine_host';
import { headPrint } from './file_source';
import type { Ask, FromWorker, ItemDone, OpenedInput, Plan, ToWorker, WorkItem } from './protocol';
import { Trouble, WindowedSource } from './random_source';
import type { Row, Sink } from './unpack';

export type { ByteSource } from './byte_source';

export interface WorkerPlatform {
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
  /** `head`: as in WorkItem. */
  open(handle: unknown, head?: number): Promise<ByteSource>;
  /** Lets waiting messages and timers through. */
  breathe(): Promise<void>;
  startEngine(module: WebAssembly.Module): Promise<EngineHost>;
  /** All is read: what was kept for reading may go, since stores are brought together now and take the most memory. */
  afterReading?(): void;
}

// Slices being read ahead: one large one, or many small files so that opening them does not add up.
const kAheadSlices = 16;
// A part reads on behind its end until its last record is whole: some 30 records at first, then twice as much each time.
const kBeyondBytes = 64 * 1024;
// Of an input that may be read in parts: long enough for the first two records of any export seen.
const kHeadBytes = 1024 * 1024;
const kProgressMillis = 100;
const kAliveMillis = 1000;
const kBreatheMillis = 30;

/** Serves one worker; returns what takes its messages. Messages are worked off in order, one after the other. */
export function serve(platform: WorkerPlatform): (message: ToWorker) => void {
  let engine: EngineHost | null = null;
  let turn: Promise<void> = Promise.resolve();
  // The script is here; from now on silence is no slow network.
  platform.post({ type: 'alive' }, []);

  async function take(message: ToWorker): Promise<void> {
    const id = message.type === 'ask' ? message.id : null;
    try {
      switch (message.type) {
        case 'start':
          engine = await platform.startEngine(message.module);
          if (message.memoryMebibytes !== undefined) engine.limitMemory(message.memoryMebibytes);
          platform.post({ type: 'ready' }, []);
          return;
        case 'ask': {
          if (engine === null) throw new Error('asked before the engine was started');
          const answer = await answerTo(platform, engine, message);
          if (answer.code === errorCodes.ok) {
            platform.post({ type: 'answer', id: message.id, bytes: answer.bytes, heapBytes: engine.heapBytes }, [answer.bytes.buffer]);
          } else {
            platform.post({ type: 'failed', id, kind: 'refused', code: answer.code, message: sentence(answer) }, []);
          }
          return;
        }
        default:
          never(message);
      }
    } catch (error) {
      platform.post({ type: 'failed', id, kind: 'fault', code: 0, message: describe(error) }, []);
    }
  }

  return (message) => {
    turn = turn.then(() => take(message));
  };
}

const nothing = (): Answer => ({ code: errorCodes.ok, bytes: new Uint8Array(0) });

async function answerTo(platform: WorkerPlatform, engine: EngineHost, ask: Ask): Promise<Answer> {
  switch (ask.ask) {
    case 'read':
      await new BatchReading(platform, engine, ask.items).run();
      return nothing();
    case 'plan':
      return planParts(platform, engine, ask.item);
    case 'drop-parts':
      for (const id of ask.ids) {
        const answer = engine.dropPart(id);
        if (answer.code !== errorCodes.ok) return answer;
      }
      return nothing();
    case 'begin-export':
      if (!ask.readsOn) platform.afterReading?.();
      return engine.beginExport();
    case 'next-image':
      return engine.nextImage(ask.room);
    case 'begin-import':
      if (!ask.readsOn) platform.afterReading?.();
      // Of what all engines together may hold this one had a share until now.
      engine.limitMemory(ask.memoryMebibytes);
      return engine.beginImport(ask.bytes, ask.events, ask.readsOn);
    case 'import-image': {
      const answer = engine.importImage(ask.image);
      return answer.code === errorCodes.ok ? { code: answer.code, bytes: ask.image.subarray(0, 0) } : answer;
    }
    case 'end-import':
      return engine.endImport();
    case 'begin-anew':
      engine.beginAnew();
      return nothing();
    case 'refuse':
      for (const input of ask.inputs) {
        const answer = engine.refuseInput(input);
        if (answer.code !== errorCodes.ok) return answer;
      }
      return nothing();
    case 'leave-out':
      for (const item of ask.items) leaveOut(engine, item);
      return nothing();
    case 'hunt': {
      const answer = engine.hunt(ask.settings);
      return answer.code === errorCodes.ok ? engine.reportOutline() : answer;
    }
    case 'report':
      return engine.reportJson();
    case 'session-index':
      return engine.sessionIndex();
    case 'session-resources':
      return engine.sessionResources();
    case 'text':
      return engine.text(ask.kind);
    case 'session-events':
      return engine.sessionEvents(ask.session, ask.first, ask.count);
    case 'rejects':
      return engine.rejects(ask.input, ask.first, ask.count);
    case 'unpack':
      return unpackAgain(platform, engine, ask);
    default:
      return never(ask);
  }
}

/** A row for an input, or what follows of one, that nothing can be taken of. */
function leaveOut(engine: EngineHost, { number, path, from, to, part }: WorkItem): void {
  expect(part === undefined ? engine.openInput(number, path, 'none') : engine.openPart(number, path, from, to, part));
  expect(engine.closeFull());
}

/** The calls of reading fail only by a bug of ours: the input was opened, the text is JSON. */
function expect(answer: Answer): void {
  if (answer.code !== errorCodes.ok) throw new Error(`engine code ${answer.code}: ${sentence(answer)}`);
}

async function planParts(platform: WorkerPlatform, engine: EngineHost, item: WorkItem): Promise<Answer> {
  const plan: Plan = { state: '', head: 0 };
  const head = await headOf(platform, item);
  if (head !== null && recogniseContainer(head) === null) {
    const planned = engine.planParts(head);
    if (planned.code !== errorCodes.ok) return planned;
    plan.state = sentence(planned);
    plan.head = headPrint(head);
  }
  return { code: errorCodes.ok, bytes: new TextEncoder().encode(JSON.stringify(plan)) };
}

/** null: it cannot be read; reading the input in one go says why. */
async function headOf(platform: WorkerPlatform, { handle, size }: WorkItem): Promise<Uint8Array | null> {
  const alive = setInterval(() => platform.post({ type: 'alive' }, []), kAliveMillis);
  let source: ByteSource | null = null;
  try {
    source = await platform.open(handle);
    return await source.read(0, Math.min(kHeadBytes, size));
  } catch {
    return null;
  } finally {
    clearInterval(alive);
    await source?.close();
  }
}

/** Bytes of an input that lies in a container: it is opened again up to there. */
async function unpackAgain(platform: WorkerPlatform, engine: EngineHost, ask: Extract<Ask, { ask: 'unpack' }>): Promise<Answer> {
  const alive = setInterval(() => platform.post({ type: 'alive' }, []), kAliveMillis);
  let source: ByteSource | null = null;
  try {
    const { readAgain } = await import('./unpack');
    source = await platform.open(ask.handle);
    const file = new WindowedSource(source, ask.size);
    let posted = performance.now();
    let breathed = posted;
    const breathe = async () => {
      const now = performance.now();
      if (now - posted >= kProgressMillis) {
        posted = now;
        const current = { number: 0, bytes: file.reached };
        platform.post({ type: 'progress', current, done: [], engine: engine.progress(), heapBytes: engine.heapBytes }, []);
      }
      if (now - breathed < kBreatheMillis) return;
      await platform.breathe();
      breathed = performance.now();
    };
    return { code: errorCodes.ok, bytes: await readAgain(file, ask.steps, ask.from, ask.to, breathe) };
  } catch (error) {
    const why = error instanceof Trouble ? error.message : `The file could not be opened again: ${causeOf(error)}.`;
    return { code: errorCodes.noSuchInput, bytes: new TextEncoder().encode(why) };
  } finally {
    clearInterval(alive);
    await source?.close();
  }
}

/** One item being read; its source is opened with its first slice. */
interface OpenItem {
  item: WorkItem;
  source: Promise<ByteSource> | null;
  /** No further slices wanted: refused, cut or full. */
  over: boolean;
}

interface Slice {
  open: OpenItem;
  from: number;
  to: number;
  bytes: Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads a batch of items in order, slices of later ones while the current one is being decoded. */
class BatchReading {
  private readonly ahead: Slice[] = [];
  private aheadBytes = 0;
  private readonly plan: Generator<Slice>;
  private done: ItemDone[] = [];
  private current: { number: number; bytes: number } | null = null;
  /** The engine took a block no more, and will take none. */
  private full = false;
  private lastPost = performance.now();
  private lastBreath = performance.now();

  constructor(
    private readonly platform: WorkerPlatform,
    private readonly engine: EngineHost,
    private readonly items: WorkItem[],
  ) {
    this.plan = this.slices();
  }

  async run(): Promise<void> {
    const alive = setInterval(() => this.platform.post({ type: 'alive' }, []), kAliveMillis);
    try {
      let slice = this.next();
      while (slice !== null) {
        const { open } = slice;
        const outcome = await this.readItem(open, slice);
        this.done.push(outcome);
        this.current = null;
        await this.breathe();
        // What was read ahead for an item that ended early is dropped.
        do slice = this.next();
        while (slice !== null && slice.open === open);
      }
      this.post();
    } finally {
      clearInterval(alive);
      for (const slice of this.ahead) slice.bytes.catch(() => undefined);
    }
  }

  /** Every item gives one slice at least, so that an empty file is opened and closed like any other. */
  private *slices(): Generator<Slice> {
    for (const item of this.items) {
      const open: OpenItem = { item, source: null, over: false };
      const end = item.part === undefined ? item.to : Math.min(item.to + kBeyondBytes, item.size);
      let next = firstByte(item);
      do {
        const slice = this.slice(open, next, Math.min(next + kSliceBytes, end));
        yield slice;
        next = slice.to;
      } while (next < end && !open.over);
    }
  }

  private slice(open: OpenItem, from: number, to: number): Slice {
    open.source ??= this.platform.open(open.item.handle, open.item.head);
    const bytes = open.source.then((source) => source.read(from, to));
    // Awaited later, in order; until then a failure is nobody's unhandled rejection.
    bytes.catch(() => undefined);
    return { open, from, to, bytes };
  }

  /** The next slice in order; the reading of those behind it has begun when this returns. */
  private next(): Slice | null {
    const slice = this.ahead.shift() ?? this.pull();
    if (slice !== null) this.aheadBytes -= slice.to - slice.from;
    while (this.ahead.length < kAheadSlices && this.aheadBytes < kSliceBytes) {
      const later = this.pull();
      if (later === null) break;
      this.ahead.push(later);
    }
    return slice;
  }

  private pull(): Slice | null {
    const { value, done } = this.plan.next();
    if (done === true || value === undefined) return null;
    this.aheadBytes += value.to - value.from;
    return value;
  }

  private async readItem(open: OpenItem, first: Slice): Promise<ItemDone> {
    const { item } = open;
    const { number, path, part } = item;
    this.current = { number, bytes: 0 };
    if (this.full && part === undefined) {
      open.over = true;
      leaveOut(this.engine, item);
      await (await open.source?.catch(() => null))?.close();
      return { number, state: 'cut', bytes: 0, why: 'Memory was full before this file was begun.' };
    }
    let source: ByteSource;
    try {
      // Awaited by the first slice anyway; a source that cannot be opened is a refused input, not a cut one.
      source = await (open.source as Promise<ByteSource>);
    } catch (error) {
      open.over = true;
      const why = unopened(error);
      if (item.part !== undefined) {
        // The file could be opened before, so the parts of it that were read are kept.
        expect(this.engine.openPart(number, path, item.from, item.to, item.part));
        const part = this.engine.closePart(item.part, why);
        return { number, part, state: 'cut', bytes: 0, why };
      }
      return this.refuse(item, 'unreadable', why);
    }
    try {
      return await this.readOpened(open, source, first);
    } finally {
      open.over = true;
      await source.close();
    }
  }

  private async readOpened(open: OpenItem, source: ByteSource, first: Slice): Promise<ItemDone> {
    const { number, path, size, part, to } = open.item;
    const start = firstByte(open.item);
    let opened = false;
    let given = start;
    let ended = false;
    let why = '';
    for (let slice: Slice | null = first; slice !== null; ) {
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = await slice.bytes;
      } catch (error) {
        // Nothing of it could be read at all.
        if (!opened && part === undefined) return this.refuse(open.item, 'unreadable', unopened(error));
        why = `Reading stopped after ${given} of ${size} bytes: ${causeOf(error)}. ${kOpenAgain}`;
        bytes = new Uint8Array(0);
      }
      if (!opened) {
        const found = part === undefined ? recogniseContainer(bytes) : null;
        if (found !== null && found.opens !== null) return this.unpackItem(open, source, found.opens, bytes);
        if (found !== null) {
          return this.refuse(open.item, found.code, found.message, to);
        }
        expect(part === undefined ? this.engine.openInput(number, path, 'none') : this.engine.openPart(number, path, start, to, part));
        opened = true;
      }
      const missing = slice.to - slice.from - bytes.byteLength;
      for (let at = 0; at < bytes.byteLength && why === '' && !ended; at += kPieceBytes) {
        const piece = bytes.subarray(at, at + kPieceBytes);
        const answer = this.engine.write(piece);
        if (answer.code === errorCodes.outOfMemory) {
          this.full = true;
          why = `Memory is full: reading stopped after ${given} of ${size} bytes; the events read until then are in the result.`;
          break;
        }
        expect(answer);
        given += piece.byteLength;
        if (part === undefined && this.engine.inputRefused()) {
          // A binary file, another table: it takes no reading of all of it to say so.
          expect(this.engine.skipInput(size - given));
          given = size;
        }
        ended = given === size || (part !== undefined && this.engine.partEnded());
        this.current = { number, bytes: Math.min(given, to) - start };
        await this.breathe();
      }
      source.recycle?.(bytes);
      if (ended) break;
      if (why === '' && missing > 0) {
        why = `The file is shorter than when it was picked: ${given} of ${size} bytes could be read. ${kOpenAgain}`;
      }
      if (why !== '' || slice.to >= size) break;
      // The plan yields an item's slices one after the other, so the next one is this item's; what a part needs beyond them is read when it
      // is needed.
      const from: number = slice.to;
      slice = from < to + kBeyondBytes ? this.next() : this.slice(open, from, Math.min(from + Math.min(from - to, kSliceBytes), size));
    }
    if (why === '' && (await source.changed())) why = kChanged;
    const state = why === '' ? 'read' : 'cut';
    const said = this.full ? null : why;
    if (part !== undefined) {
      const read = this.engine.closePart(part, said);
      return { number, part: read, state, bytes: read.end - (read.start ?? read.end), why };
    }
    expect(said === null ? this.engine.closeFull() : this.engine.closeInput(said));
    return { number, state, bytes: given, why };
  }

  /** Opens a container and reads all that is in it. */
  private async unpackItem(open: OpenItem, source: ByteSource, opens: Opens, head: Uint8Array<ArrayBuffer>): Promise<ItemDone> {
    const { number, path, size } = open.item;
    open.over = true;
    let unpack: typeof import('./unpack').unpack;
    try {
      ({ unpack } = await import('./unpack'));
    } catch {
      const message = 'The part of this program that opens compressed files could not be loaded: load the page again, then open the file.';
      expect(this.engine.refuseInput({ number, path, container: opens, code: 'unreadable', message }));
      return { number, state: 'refused', bytes: 0, why: message };
    }
    const file = new WindowedSource(source, size, head);
    const opened: OpenedInput[] = [];
    const troubles: ItemDone[] = [];
    let row: OpenedInput = { path, bytes: 0, steps: [] };
    const begin = ({ path: ofRow, steps }: Row) => {
      row = { path: ofRow, bytes: 0, steps };
      opened.push(row);
    };
    const sink: Sink = {
      open: (opening) => {
        begin(opening);
        expect(this.engine.openInput(number, opening.path, opening.container, opening.containerBytes));
      },
      write: async (block) => {
        for (let at = 0; at < block.byteLength; at += kPieceBytes) {
          const piece = block.subarray(at, at + kPieceBytes);
          const answer = this.engine.write(piece);
          if (answer.code === errorCodes.outOfMemory) {
            this.full = true;
            return `Memory is full: reading stopped after ${row.bytes} bytes; the events read until then are in the result.`;
          }
          expect(answer);
          row.bytes += piece.byteLength;
          await sink.breathe();
        }
        return '';
      },
      note: (code, message) => expect(this.engine.noteInput(code, message)),
      close: (why) => {
        expect(this.full ? this.engine.closeFull() : this.engine.closeInput(why));
        if (why !== '') troubles.push({ number, state: 'cut', bytes: row.bytes, why });
      },
      refuse: (refusing, code, message, bytes) => {
        begin(refusing);
        expect(this.engine.refuseInput({ number, path: refusing.path, container: refusing.container, code, message, bytes }));
        troubles.push({ number, state: 'refused', bytes: 0, why: message });
      },
      breathe: () => {
        this.current = { number, bytes: file.reached };
        return this.breathe();
      },
    };
    await unpack(file, path, opens, sink);
    if (await source.changed()) {
      sink.open({ path, container: opens, containerBytes: size, steps: [] });
      sink.close(kChanged);
    }
    const bytes = opened.reduce((sum, input) => sum + input.bytes, 0);
    const [first] = troubles;
    if (first === undefined) return { number, state: 'read', bytes, why: '', opened };
    if (opened.length === 1) return { ...first, opened };
    const why = `${troubles.length} of the ${opened.length} inputs in it were refused or cut; each says why.`;
    return { number, state: 'cut', bytes, why, opened };
  }

  private refuse({ number, path }: WorkItem, code: string, message: string, bytes?: number): ItemDone {
    expect(this.engine.refuseInput({ number, path, container: 'none', code, message, bytes }));
    return { number, state: 'refused', bytes: 0, why: message };
  }

  private async breathe(): Promise<void> {
    const now = performance.now();
    if (now - this.lastPost >= kProgressMillis) this.post();
    if (now - this.lastBreath >= kBreatheMillis) {
      await this.platform.breathe();
      this.lastBreath = performance.now();
    }
  }

  private post(): void {
    const { current, done } = this;
    this.done = [];
    this.lastPost = performance.now();
    const signals = this.engine.signalsSoFar(this.lastPost);
    this.platform.post({ type: 'progress', current, done, engine: this.engine.progress(), signals, heapBytes: this.engine.heapBytes }, []);
  }
}

const kOpenAgain = 'What was read until then is in the result; open the file again to have all of it.';
const kChanged =
  'The file was changed while it was being read: what was read may mix two versions of it. Open it again when nothing writes to it any more.';

function unopened(error: unknown): string {
  return `The file could not be opened: ${causeOf(error)}.`;
}

/** Where a beginning is to be guessed, the byte before says whether one stands right at the part's first. */
function firstByte({ from, part }: WorkItem): number {
  return part?.guess === true ? from - 1 : from;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
