// Workers without threads, for tests of the pool. Each keeps the paths it was given, as an engine keeps events, hands them over as images of one path
// each, and answers a hunt with all it holds: so a test sees at once whether an input was lost or counted twice. A script decides per input what
// goes wrong.

import {
  type FromWorker,
  keyOf,
  type NewSignals,
  type OpenedInput,
  type PartDone,
  type ToWorker,
  type WorkItem,
} from '../../web/src/engine/protocol';
import type { StartWorker, WorkerEvents } from '../../web/src/engine/worker_link';

export type Trouble = 'die' | 'fault' | 'hang' | 'stall' | 'lose' | null;

export interface Script {
  /** What happens when this worker begins an input. `attempt` counts from 1 over all workers. */
  reading?(item: WorkItem, attempt: number, worker: number): Trouble;
  /** False: the worker's script never comes. */
  loads?(worker: number): boolean;
  /** The worker does not get as far as an engine. */
  start?(worker: number): Trouble;
  /** What the input turns into when it is a container. */
  opened?(item: WorkItem): OpenedInput[] | undefined;
  /** Signals told with an input. */
  signals?(item: WorkItem): NewSignals | undefined;
  /** The state of an input that can be read in parts; without it none can. */
  plan?(item: WorkItem): string;
  /** Where a part begins and ends; without it exactly where its range does, in the state of the plan. */
  part?(item: WorkItem): Partial<PartDone>;
  /** Another engine's store does not fit. */
  noRoom?(bytes: number): boolean;
  /** The worker dies when asked this; `nth` counts its questions of the kind from 1. */
  asked?(ask: string, nth: number, worker: number): Trouble;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class FakeWorkers {
  /** All that were ever started, by number. */
  readonly workers: FakeWorker[] = [];
  readonly reads: WorkItem[][] = [];
  readonly attempts = new Map<number, number>();

  constructor(readonly script: Script = {}) {}

  readonly start: StartWorker = (events) => {
    const worker = new FakeWorker(this, this.workers.length, events);
    this.workers.push(worker);
    return worker;
  };

  alive(): number {
    return this.workers.filter((worker) => !worker.terminated).length;
  }
}

export class FakeWorker {
  terminated = false;
  readonly asks = new Map<string, number>();
  private held: { key: number; text: string }[] = [];
  private refused: string[] = [];
  private exporting: string[] = [];
  private alive: ReturnType<typeof setInterval> | null = null;
  private resume: (() => void) | null = null;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly all: FakeWorkers,
    readonly number: number,
    private readonly events: WorkerEvents,
  ) {}

  post(message: ToWorker): void {
    this.turn = this.turn.then(() => this.take(message));
  }

  terminate(): void {
    this.terminated = true;
    if (this.alive !== null) clearInterval(this.alive);
  }

  /** As the operating system would: no matter what it is doing. */
  die(): void {
    this.terminate();
    this.events.died('The worker was killed.');
  }

  /** Ends a stall. */
  goOn(): void {
    this.resume?.();
  }

  private say(message: FromWorker): void {
    if (!this.terminated) this.events.message(message);
  }

  private answer(id: number, text = ''): void {
    this.say({ type: 'answer', id, bytes: encoder.encode(text), heapBytes: 1000 });
  }

  /** True when the worker is to say nothing more. */
  private async suffer(trouble: Trouble, id: number | null): Promise<boolean> {
    switch (trouble) {
      case null:
      case 'lose':
        return false;
      case 'die':
        this.die();
        return true;
      case 'fault':
        this.say({ type: 'failed', id, kind: 'fault', code: 0, message: 'RuntimeError: unreachable' });
        return true;
      case 'hang':
        // Messages behind it are never taken either.
        return new Promise<never>(() => undefined);
      case 'stall':
        this.alive = setInterval(() => this.say({ type: 'alive' }), 1000);
        await new Promise<void>((resolve) => {
          this.resume = resolve;
        });
        clearInterval(this.alive);
        return false;
      default:
        return trouble satisfies never;
    }
  }

  private part(item: WorkItem): PartDone | undefined {
    if (item.part === undefined) return undefined;
    const endState = item.to === item.size ? '' : 's';
    const exact = { id: item.part.id, start: item.from, startState: item.part.state, end: item.to, endState, alone: false };
    return { ...exact, ...this.all.script.part?.(item) };
  }

  private async take(message: ToWorker): Promise<void> {
    if (this.terminated) return;
    if (message.type === 'start') {
      // Its script is there.
      if (this.all.script.loads?.(this.number) === false) return new Promise<never>(() => undefined);
      this.say({ type: 'alive' });
      if (!(await this.suffer(this.all.script.start?.(this.number) ?? null, null))) this.say({ type: 'ready' });
      return;
    }
    const nth = (this.asks.get(message.ask) ?? 0) + 1;
    this.asks.set(message.ask, nth);
    if (await this.suffer(this.all.script.asked?.(message.ask, nth, this.number) ?? null, message.id)) return;
    const { id } = message;
    switch (message.ask) {
      case 'read':
        this.all.reads.push(message.items);
        for (const item of message.items) {
          const attempt = (this.all.attempts.get(item.number) ?? 0) + 1;
          this.all.attempts.set(item.number, attempt);
          const trouble = this.all.script.reading?.(item, attempt, this.number) ?? null;
          if (await this.suffer(trouble, id)) return;
          if (this.terminated) return;
          const part = this.part(item);
          this.held.push({
            key: item.part?.id ?? item.number,
            text: part === undefined ? item.path : `${item.path} ${part.start}-${part.end}`,
          });
          if (trouble === 'lose') continue;
          const opened = this.all.script.opened?.(item);
          this.say({
            type: 'progress',
            current: { number: item.number, bytes: 0 },
            done: [
              {
                number: item.number,
                state: 'read',
                bytes: item.size,
                why: '',
                ...(opened === undefined ? {} : { opened }),
                ...(part === undefined ? {} : { part }),
              },
            ],
            engine: { events: this.held.length, rejected: 0, other: 0, bytes: 0, heap_events_bytes: 0, heap_text_bytes: 0 },
            signals: this.all.script.signals?.(item),
            heapBytes: 1000,
          });
        }
        this.answer(id);
        return;
      case 'plan':
        this.answer(id, JSON.stringify({ state: this.all.script.plan?.(message.item) ?? '', head: 7 }));
        return;
      case 'drop-parts':
        this.held = this.held.filter(({ key }) => !message.ids.includes(key));
        this.answer(id);
        return;
      case 'begin-export':
        this.exporting = this.held.map((entry) => JSON.stringify(entry));
        this.answer(id);
        return;
      case 'next-image':
        this.answer(id, this.exporting.shift() ?? '');
        return;
      case 'begin-import':
        if (this.all.script.noRoom?.(message.bytes) === true) {
          this.say({ type: 'failed', id, kind: 'refused', code: 10, message: 'Memory is full.' });
          return;
        }
        this.answer(id);
        return;
      case 'leave-out':
        for (const item of message.items) this.held.push({ key: keyOf(item), text: `${item.path} ${item.from} left out` });
        this.answer(id);
        return;
      case 'end-import':
        this.answer(id);
        return;
      case 'begin-anew':
        this.held = [];
        this.answer(id);
        return;
      case 'import-image':
        this.held.push(JSON.parse(decoder.decode(message.image)));
        this.answer(id);
        return;
      case 'refuse':
        this.refused.push(...message.inputs.map((input) => `${input.path} ${input.code}`));
        this.answer(id);
        return;
      case 'hunt':
        if (message.settings.window === 'wrong') {
          this.say({ type: 'failed', id, kind: 'refused', code: 5, message: 'The window is wrong.' });
          return;
        }
        this.answer(id, 'outline');
        return;
      case 'report':
        this.answer(id, JSON.stringify({ held: this.held.map(({ text }) => text).sort(), refused: [...this.refused].sort() }));
        return;
      case 'session-index':
        this.answer(id, 'index');
        return;
      case 'session-resources':
        this.answer(id, 'resources');
        return;
      case 'text':
        this.answer(id, message.kind.text);
        return;
      case 'unpack':
        // Enough to see what was asked for; a source that is called "slow" is never done.
        if (message.handle === 'slow') return;
        this.answer(id, `${message.handle} ${JSON.stringify(message.steps)}`.slice(message.from, message.to));
        return;
      case 'session-events':
      case 'rejects':
        this.answer(id, '{"total":0}');
        return;
      default:
        message satisfies never;
    }
  }
}
