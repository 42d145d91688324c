// One worker as the pool sees it: questions with one answer each, and a watchdog. A worker that errs, traps or falls silent is ended, and every
// question it still owes is rejected with WorkerGone; so nobody ever waits for a dead worker, and a dead worker never answers late.
// The watchdog counts its own ticks instead of reading a clock: a machine that slept, or a page that was throttled or busy, ticks late and not
// often, so only a worker that said nothing through many ticks in a row counts as silent.

import type { Ask, EngineProgress, FromWorker, ItemDone, ToWorker } from './protocol';
import { SessionsSoFar } from './so_far';

export interface WorkerPort {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** The worker ended or could not be loaded; `why` is one sentence for a person. */
  died(why: string): void;
}

/** Starts a worker; its events may come from the next turn on. */
export type StartWorker = (events: WorkerEvents) => WorkerPort;

/** The worker is gone, and with it all its engine held. */
export class WorkerGone extends Error {
  override name = 'WorkerGone';
}

/** The engine refused the call and is sound. */
export class AskRefused extends Error {
  override name = 'AskRefused';
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

export const kTickMillis = 500;
// While it reads, a worker is heard from once a second: 4.5 s of silence are four missed signs of life.
export const kReadingTicks = 9;
// Loading the worker's script may take a slow network's time; what it says first is that it is there.
export const kLoadTicks = 120;
// One engine call cannot report from inside itself. A hunt takes about a microsecond a record; fifty times that, for the slowest machine.
export const kTicksPerRecord = 100 / 1_000_000;

export const noProgress: Readonly<EngineProgress> = {
  events: 0,
  rejected: 0,
  other: 0,
  bytes: 0,
  heap_events_bytes: 0,
  heap_text_bytes: 0,
};

export function addProgress(a: EngineProgress, b: EngineProgress): EngineProgress {
  return {
    events: a.events + b.events,
    rejected: a.rejected + b.rejected,
    other: a.other + b.other,
    bytes: a.bytes + b.bytes,
    heap_events_bytes: a.heap_events_bytes + b.heap_events_bytes,
    heap_text_bytes: a.heap_text_bytes + b.heap_text_bytes,
  };
}

/** Ticks of silence after which a worker counts as dead that was asked this and holds so many records. */
export function patience(ask: Ask, { events, rejected, other }: EngineProgress): number {
  switch (ask.ask) {
    // These take long, and the worker is heard from meanwhile.
    case 'read':
    case 'plan':
    case 'unpack':
    // A few megabytes at most.
    case 'begin-export':
    case 'next-image':
    case 'begin-import':
    case 'import-image':
    case 'end-import':
    case 'begin-anew':
    case 'refuse':
    case 'leave-out':
      return kReadingTicks;
    // Over all that the engine holds, in one call.
    case 'drop-parts':
    case 'hunt':
    case 'report':
    case 'session-index':
    case 'session-resources':
    case 'text':
    case 'session-events':
    case 'rejects':
      return kReadingTicks + (events + rejected + other) * kTicksPerRecord;
    default:
      return ask satisfies never;
  }
}

const kStartId = 0;

interface Owed {
  /** Ticks of silence after which the worker counts as dead. */
  allowed: number;
  resolve(bytes: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

export class WorkerLink {
  engine: EngineProgress = noProgress;
  heapBytes = 0;
  current: { number: number; bytes: number } | null = null;
  sessions = new SessionsSoFar();

  private readonly port: WorkerPort;
  private readonly owed = new Map<number, Owed>();
  private nextId = 1;
  private watch: ReturnType<typeof setInterval> | null = null;
  private silent = 0;
  private hasStarted = false;
  private whyGone: string | null = null;

  /** `onDone` gets the inputs finished as they are reported; `onChange` is called after every sign of progress. */
  constructor(
    start: StartWorker,
    module: WebAssembly.Module,
    private readonly onDone: (done: ItemDone[]) => void,
    private readonly onChange: () => void,
    memoryMebibytes?: number,
  ) {
    this.port = start({ message: (message) => this.hear(message), died: (why) => this.end(why) });
    this.expect(kStartId, { allowed: kLoadTicks, resolve: () => undefined, reject: () => undefined });
    this.port.post(memoryMebibytes === undefined ? { type: 'start', module } : { type: 'start', module, memoryMebibytes }, []);
  }

  get gone(): boolean {
    return this.whyGone !== null;
  }

  /** Why it is gone, one sentence; empty while it lives. */
  get why(): string {
    return this.whyGone ?? '';
  }

  /** The engine stood at least once: what went wrong later may have to do with what it was given. */
  get started(): boolean {
    return this.hasStarted;
  }

  /** Rejects with WorkerGone or AskRefused. One question at a time may be a `read`. */
  ask(ask: Ask, transfer: ArrayBuffer[] = []): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      if (this.whyGone !== null) {
        reject(new WorkerGone(this.whyGone));
        return;
      }
      const id = this.nextId++;
      this.expect(id, { allowed: patience(ask, this.engine), resolve, reject });
      this.port.post({ type: 'ask', id, ...ask }, transfer);
    });
  }

  /** What its engine held is held by another now: it goes on with nothing. Rejects as ask() does. */
  async beginAnew(): Promise<void> {
    this.engine = noProgress;
    this.sessions = new SessionsSoFar();
    await this.ask({ ask: 'begin-anew' });
  }

  /** Ends the worker and frees what it held. Further calls do nothing. */
  end(why: string): void {
    if (this.gone) return;
    this.whyGone = why;
    if (this.watch !== null) clearInterval(this.watch);
    this.watch = null;
    this.port.terminate();
    this.current = null;
    const owed = [...this.owed.values()];
    this.owed.clear();
    for (const { reject } of owed) reject(new WorkerGone(why));
  }

  private expect(id: number, owed: Owed): void {
    this.owed.set(id, owed);
    this.silent = 0;
    this.watch ??= setInterval(() => this.tick(), kTickMillis);
  }

  private tick(): void {
    this.silent += 1;
    // Questions queue up in the worker, so the most patient one that is owed sets the limit.
    const allowed = Math.max(...Array.from(this.owed.values(), (owed) => owed.allowed));
    if (this.silent >= allowed) this.end('The reading engine stopped answering.');
  }

  private hear(message: FromWorker): void {
    if (this.gone) return;
    this.silent = 0;
    const start = this.owed.get(kStartId);
    if (start !== undefined) start.allowed = kReadingTicks;
    switch (message.type) {
      case 'ready':
        this.hasStarted = true;
        this.settle(kStartId);
        return;
      case 'alive':
        return;
      case 'progress':
        this.engine = message.engine;
        this.heapBytes = message.heapBytes;
        this.current = message.current;
        if (message.signals !== undefined) this.sessions.add(message.signals);
        this.onDone(message.done);
        this.onChange();
        return;
      case 'answer':
        this.heapBytes = message.heapBytes;
        this.settle(message.id)?.resolve(message.bytes);
        return;
      case 'failed':
        if (message.kind === 'fault' || message.id === null) this.end(`The reading engine failed (${message.message}).`);
        else this.settle(message.id)?.reject(new AskRefused(message.message, message.code));
        return;
      default:
        message satisfies never;
    }
  }

  private settle(id: number): Owed | undefined {
    const owed = this.owed.get(id);
    this.owed.delete(id);
    if (this.owed.size === 0 && this.watch !== null) {
      clearInterval(this.watch);
      this.watch = null;
    }
    return owed;
  }
}
