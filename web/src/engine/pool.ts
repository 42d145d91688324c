// What page and command line hold: open inputs, then ask for the hunt and its texts. Platform-neutral; pool_browser.ts and pool_node.ts bring the
// worker, the compiled module and a way to read a range again. After a reading one engine holds everything and answers all questions; a new
// reading, a cancel or close() ends every worker, and with them all that was read.

import { causeOf } from './byte_source';
import type { Ask, EngineProgress, ItemDone, OpenedInput, Step, TextKind, WorkItem } from './protocol';
import { Reading, ReadingFailed, type ReadingLimits } from './reading';
import type { Rejects, SessionEvents } from './report';
import type { Settings } from './settings';
import { SessionsSoFar, type SoFar } from './so_far';
import { AskRefused, addProgress, noProgress, type StartWorker, WorkerLink } from './worker_link';

/** One input of a run. `path` as it shall stand in the report: relative to what was dropped or named, '/'-separated. */
export interface Source<Handle> {
  path: string;
  /** Bytes, as known when it was picked. */
  size: number;
  handle: Handle;
}

export interface RunProgress {
  phase: 'reading' | 'merging';
  /** Bytes given to engines so far, and of all sources. Falls back when a worker died and its share is read again. */
  bytes: number;
  bytesTotal: number;
  inputsDone: number;
  inputs: number;
  /** Sums over the workers' engines. */
  engine: EngineProgress;
  /** wasm memory of all workers together. */
  heapBytes: number;
  /** Inputs being read right now; `number` is the index of the source. */
  current: { number: number; path: string; bytes: number; size: number }[];
  /** Sessions that the signals read so far make. */
  soFar: SoFar;
}

export interface ReadingOutcome {
  state: 'done' | 'cancelled' | 'failed';
  /** Why it failed, one sentence; empty otherwise. */
  why: string;
  /** Inputs that were cut or refused by the reader, in order of number (index of the source). */
  troubled: (ItemDone & { path: string })[];
  engine: EngineProgress;
  /** Largest wasm memory of all workers together while reading and merging. */
  heapBytes: number;
  /** Parts that large inputs were read in, and how many of them twice. */
  parts: { count: number; again: number };
}

export interface Run {
  /** Ends the run at once: `done` resolves as cancelled, every worker and all it read is gone. */
  cancel(): void;
  /** Never rejects. */
  readonly done: Promise<ReadingOutcome>;
}

/** A question could not be answered; the message is one sentence for a person. */
export class EngineFailure extends Error {
  override name = 'EngineFailure';
  constructor(
    message: string,
    /** csh::Error code where the engine refused the call and is sound; null: there is no engine (nothing opened, closed, or it died). */
    readonly code: number | null,
  ) {
    super(message);
  }
}

export interface RawRecordOptions {
  signal?: AbortSignal;
  /** Bytes of a compressed file that were read so far, and its size. */
  onProgress?(bytes: number, size: number): void;
}

export interface PoolPlatform<Handle> {
  startWorker: StartWorker;
  /** Compiled once, posted to every worker. */
  module(): Promise<WebAssembly.Module>;
  /** Bytes [from, to) of a source, fewer where it ends before. */
  readRange(handle: Handle, from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

const kNotifyMillis = 100;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Browser: openPool() of pool_browser.ts, Handle = File. Node: openPool() of pool_node.ts, Handle = NodeFile. */
export class Pool<Handle> {
  private run: Run | null = null;
  private main: WorkerLink | null = null;
  private sources: readonly Source<Handle>[] = [];
  /** The report's inputs in its order, once they are asked for. */
  private inputs: ReportedInput<Handle>[] | null = null;
  private opened: ReadonlyMap<number, OpenedInput[]> = new Map();
  private readBytes: ReadonlyMap<number, number> = new Map();
  private readonly unpacking = new Set<WorkerLink>();
  private closed = false;
  /** How many workers read the next files; null: as many as the pool was made for. */
  wantedWorkers: number | null = null;

  constructor(
    private readonly platform: PoolPlatform<Handle>,
    readonly workers: number,
    /** For tests and for machines with little memory. */
    private readonly limits: ReadingLimits = {},
  ) {}

  /** Reads all sources; a run under way is cancelled first. `onProgress` is called about ten times a second, last when the reading is over. */
  open(sources: readonly Source<Handle>[], onProgress: (progress: RunProgress) => void): Run {
    this.run?.cancel();
    this.drop();
    this.sources = sources;
    let reading: Reading | null = null;
    let cancelled = false;
    let heapBytes = 0;
    let notified = 0;
    let parts = { count: 0, again: 0 };

    const bytesTotal = sources.reduce((sum, source) => sum + source.size, 0);
    const soFar = soFarOf();
    const progress = (at: Reading): RunProgress => {
      const links = at.links();
      // Several workers may read parts of one input.
      const current = new Map<number, RunProgress['current'][number]>();
      for (const { current: item } of links) {
        const source = item === null ? undefined : sources[item.number];
        if (item === null || source === undefined) continue;
        const { path, size } = source;
        current.set(item.number, { number: item.number, bytes: at.bytesOf(item.number) ?? item.bytes, path, size });
      }
      return {
        phase: at.phase,
        bytes: at.bytesDone(),
        bytesTotal,
        inputsDone: at.inputsDone(),
        inputs: sources.length,
        engine: links.map((link) => link.engine).reduce(addProgress, noProgress),
        heapBytes: memoryOf(links),
        current: [...current.values()],
        soFar: soFar(links),
      };
    };
    const notify = (force: boolean): void => {
      if (reading === null || cancelled) return;
      heapBytes = Math.max(heapBytes, memoryOf(reading.links()));
      const now = performance.now();
      if (!force && now - notified < kNotifyMillis) return;
      notified = now;
      onProgress(progress(reading));
    };
    const outcome = (state: ReadingOutcome['state'], why: string, troubled: ItemDone[], engine: EngineProgress): ReadingOutcome => ({
      state,
      why,
      troubled: troubled.map((item) => ({ ...item, path: sources[item.number]?.path ?? '' })),
      engine,
      heapBytes,
      parts,
    });

    const read = async (): Promise<ReadingOutcome> => {
      try {
        const module = await this.platform.module();
        if (cancelled) return outcome('cancelled', '', [], noProgress);
        reading = new Reading(
          items(sources),
          this.wantedWorkers ?? this.workers,
          this.platform.startWorker,
          module,
          () => notify(false),
          this.limits,
        );
        const { main, troubled, opened, parts: read } = await reading.run();
        parts = read;
        if (cancelled) {
          main.end('The reading was cancelled.');
          return outcome('cancelled', '', [], noProgress);
        }
        this.main = main;
        this.opened = opened;
        this.readBytes = new Map(troubled.map(({ number, bytes }) => [number, bytes]));
        notify(true);
        return outcome('done', '', troubled, main.engine);
      } catch (error) {
        if (cancelled) return outcome('cancelled', '', [], noProgress);
        reading?.cancel();
        const why = error instanceof ReadingFailed ? error.message : `The reading engine could not be used (${describe(error)}).`;
        return outcome('failed', why, [], noProgress);
      }
    };
    const run: Run = {
      cancel: () => {
        if (this.run !== run) return;
        cancelled = true;
        this.run = null;
        reading?.cancel();
        this.drop();
      },
      done: read(),
    };
    this.run = run;
    return run;
  }

  /** The report as JSON, UTF-8. Changed settings need only this call again. */
  async hunt(settings: Settings): Promise<Uint8Array<ArrayBuffer>> {
    const [, report] = await Promise.all([this.ask({ ask: 'hunt', settings }), this.report()]);
    return report;
  }

  /**
   * The report without its sessions, and what the page needs of each of them to list them (state/session_index.ts reads it): a small part of the
   * whole, which report() gives. Asked for in one go, so nothing comes in between.
   */
  async huntInOutline(settings: Settings): Promise<{ outline: Uint8Array<ArrayBuffer>; index: Uint8Array<ArrayBuffer> }> {
    const [outline, index] = await Promise.all([this.ask({ ask: 'hunt', settings }), this.ask({ ask: 'session-index' })]);
    return { outline, index };
  }

  /** The column of the index that is not in it (state/session_index.ts reads it): the resources, which only a search looks at. */
  sessionResources(): Promise<Uint8Array<ArrayBuffer>> {
    return this.ask({ ask: 'session-resources' });
  }

  /** The whole report over the last hunt. */
  report(): Promise<Uint8Array<ArrayBuffer>> {
    return this.ask({ ask: 'report' });
  }

  /** A text over the last hunt, UTF-8. */
  text(kind: TextKind): Promise<Uint8Array<ArrayBuffer>> {
    return this.ask({ ask: 'text', kind });
  }

  /** `session` is an index into Report.sessions of the last hunt. */
  async sessionEvents(session: number, first: number, count: number): Promise<SessionEvents> {
    return parse<SessionEvents>(await this.ask({ ask: 'session-events', session, first, count }));
  }

  /** `input` is an index into Report.inputs of the last hunt. */
  async rejects(input: number, first: number, count: number): Promise<Rejects> {
    return parse<Rejects>(await this.ask({ ask: 'rejects', input, first, count }));
  }

  /**
   * Bytes of one record, read from the source again; `input` is an index into Report.inputs. Of an input in a container the container is opened
   * again up to there, by a worker of its own; an abort ends it at once and rejects.
   */
  async rawRecord(input: number, offset: number, length: number, options: RawRecordOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.inputs ??= reportOrder(this.reported());
    const asked = this.inputs[input];
    if (asked === undefined) throw new EngineFailure('There is no such input.', null);
    const twin = [this.inputs[input - 1], this.inputs[input + 1]].find((other) => other?.path === asked.path && other.size === asked.size);
    if (twin !== undefined) {
      throw new EngineFailure('Two inputs have the same path and size, so the one that holds this record cannot be told.', null);
    }
    const { source, steps } = asked;
    let bytes: Uint8Array<ArrayBuffer>;
    if (steps !== null) {
      bytes = await this.unpack({ ask: 'unpack', ...source, steps, from: offset, to: offset + length }, options);
    } else {
      try {
        bytes = await this.platform.readRange(source.handle, offset, offset + length);
      } catch (error) {
        throw new EngineFailure(`The file can no longer be read: ${causeOf(error)}.`, null);
      }
    }
    if (bytes.byteLength !== length)
      throw new EngineFailure('The file is shorter than when it was read: the record is no longer there.', null);
    return bytes;
  }

  /** wasm memory of the engine that holds everything, as of its last answer; 0 while none does. */
  get heapBytes(): number {
    return this.main?.heapBytes ?? 0;
  }

  /** Ends all workers; the pool cannot be used afterwards. */
  close(): void {
    this.closed = true;
    this.run?.cancel();
    this.drop();
  }

  private async ask(ask: Ask): Promise<Uint8Array<ArrayBuffer>> {
    if (this.closed || this.main === null)
      throw new EngineFailure('No evidence is open: raw records and other settings need the files.', null);
    try {
      return await this.main.ask(ask);
    } catch (error) {
      throw new EngineFailure((error as Error).message, error instanceof AskRefused ? error.code : null);
    }
  }

  /** The inputs that the sources turned into, sizes as the engine counted them. */
  private reported(): ReportedInput<Handle>[] {
    return this.sources.flatMap((source, number): ReportedInput<Handle>[] => {
      const opened = this.opened.get(number);
      if (opened === undefined) return [{ path: source.path, size: this.readBytes.get(number) ?? source.size, source, steps: null }];
      return opened.map(({ path, bytes, steps }) => ({ path, size: bytes, source, steps }));
    });
  }

  private async unpack(ask: Extract<Ask, { ask: 'unpack' }>, { signal, onProgress }: RawRecordOptions): Promise<Uint8Array<ArrayBuffer>> {
    const module = await this.platform.module();
    if (signal?.aborted === true || this.main === null) throw new EngineFailure(kNotReadAgain, null);
    const link: WorkerLink = new WorkerLink(
      this.platform.startWorker,
      module,
      () => undefined,
      () => onProgress?.(link.current?.bytes ?? 0, ask.size),
    );
    const abort = () => link.end(kNotReadAgain);
    this.unpacking.add(link);
    signal?.addEventListener('abort', abort);
    try {
      return await link.ask(ask);
    } catch (error) {
      throw new EngineFailure((error as Error).message, error instanceof AskRefused ? error.code : null);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.unpacking.delete(link);
      link.end('Its question was answered.');
    }
  }

  private drop(): void {
    this.main?.end('Its files were closed.');
    for (const link of this.unpacking) link.end(kNotReadAgain);
    this.main = null;
    this.sources = [];
    this.inputs = null;
    this.opened = new Map();
    this.readBytes = new Map();
  }
}

const kNotReadAgain = 'The record was not read: its files were closed, or something else was asked for.';

/** One input of the report, and where it comes from. */
interface ReportedInput<Handle> {
  path: string;
  size: number;
  source: Source<Handle>;
  /** null: the source itself. */
  steps: Step[] | null;
}

/** In the order in which the report lists its inputs: by path (bytes of its UTF-8), then size. */
function reportOrder<Input extends { path: string; size: number }>(inputs: readonly Input[]): Input[] {
  return [...inputs].sort((a, b) => compareUtf8(a.path, b.path) || a.size - b.size);
}

/** Orders two texts as the bytes of their UTF-8 stand, where JavaScript's own order is by UTF-16 unit. */
export function compareUtf8(a: string, b: string): number {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at] as number) - (right[at] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function items<Handle>(sources: readonly Source<Handle>[]): WorkItem[] {
  return sources.map(({ path, size, handle }, number) => ({ number, path, handle, size, from: 0, to: size }));
}

function memoryOf(links: readonly WorkerLink[]): number {
  return links.reduce((sum, link) => sum + link.heapBytes, 0);
}

/** Sums what the workers told, anew only when one of them told something. */
function soFarOf(): (links: readonly WorkerLink[]) => SoFar {
  let versions = '';
  let sum = new SessionsSoFar().get();
  return (links) => {
    const now = links.map(({ sessions }) => sessions.version).join();
    if (now !== versions) {
      versions = now;
      const all = new SessionsSoFar();
      for (const { sessions } of links) all.merge(sessions);
      sum = all.get();
    }
    return sum;
  };
}

function parse<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes)) as T;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
