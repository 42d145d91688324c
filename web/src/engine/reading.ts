// One reading of many inputs by several workers, ending with one worker that holds everything. Invariant: an input is counted exactly once or is a
// refused row. What a dead worker had read died with it, so all of it is read again by others; an input that was being read when its worker
// died is tried once more, alone in a fresh worker, and is refused if that dies too. Too many deaths end the reading as failed, never as a hang
// or a smaller total.

import { errorCodes } from './engine_host';
import { Chain, kDoesNotFit, kPartBytes } from './parts';
import { type ItemDone, keyOf, type OpenedInput, type Plan, type RefusedInput, type WorkItem } from './protocol';
import { AskRefused, addProgress, type StartWorker, WorkerGone, WorkerLink } from './worker_link';

// A batch costs one round trip; 10,000 small files cost some forty. 8 MiB is 10 to 50 ms of work, so the last batches end together.
export const kBatchBytes = 8 * 1024 * 1024;
export const kBatchFiles = 256;
// One bad file costs two workers. More deaths than this are not one file's fault.
export const kDeathsAllowed = 24;
// A worker that dies before its engine stands was not killed by a file; a third time it will not help either.
const kFailedStartsAllowed = 3;
const kAttempts = 2;
// What one engine may hold in the end, a hunt over it included (core/engine/engine.h); while they read, the engines share it.
export const kMemoryMebibytes = 3072;
// A worker beside the first hands over what its engine holds once it is more than this, and goes on with the memory that it has: kept until the end,
// most of what a large file comes to would stand in memory twice while it is brought together, since a wasm memory never shrinks.
export const kHandOverBytes = 32 * 1024 * 1024;
// An input that is not this many parts long is read in one go.
const kFewestParts = 2;

const decoder = new TextDecoder();

/** Left out: what is best in a browser. */
export interface ReadingLimits {
  /** How large inputs are cut. */
  partBytes?: number | undefined;
  /** What is read may take this much, a hunt over it included. */
  memoryMebibytes?: number | undefined;
  /** What a worker's engine may hold before it hands it over. */
  handOverBytes?: number | undefined;
}

export interface ReadingResult {
  main: WorkerLink;
  /** Per item number, where the state is not "read". */
  troubled: ItemDone[];
  /** Per item number, of those that were containers. */
  opened: Map<number, OpenedInput[]>;
  /** Parts of large inputs, and how many of them were read twice because their beginning was guessed wrong. */
  parts: { count: number; again: number };
}

/** The reading cannot go on; one sentence. */
export class ReadingFailed extends Error {
  override name = 'ReadingFailed';
}

/** Largest first, so that no worker is left alone with a big file at the end; small ones together. */
export function batches(items: readonly WorkItem[]): WorkItem[][] {
  const sorted = [...items].sort((a, b) => b.to - b.from - (a.to - a.from) || a.number - b.number);
  const out: WorkItem[][] = [];
  let batch: WorkItem[] = [];
  let bytes = 0;
  for (const item of sorted) {
    const length = item.to - item.from;
    if (batch.length > 0 && (bytes + length > kBatchBytes || batch.length >= kBatchFiles)) {
      out.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += length;
  }
  if (batch.length > 0) out.push(batch);
  return out;
}

/** A worker's place in the reading. When its worker dies, a fresh one takes the place. */
interface Lane {
  link: WorkerLink | null;
  /** What the link's engine holds, or is being given, by key. */
  held: Map<number, { item: WorkItem; done: ItemDone | null }>;
  /** Inputs that were being read when a worker died; tried alone before anything else. */
  suspects: WorkItem[];
}

export class Reading {
  phase: 'reading' | 'merging' = 'reading';
  private readonly queue: WorkItem[][];
  /** Large inputs of which is not known yet whether they can be read in parts. */
  private readonly unplanned: WorkItem[];
  /** Per number, of those that are. */
  private readonly chains = new Map<number, Chain>();
  private nextId: number;
  private readonly lanes: Lane[];
  private readonly attempts = new Map<string, number>();
  private readonly refused = new Map<number, RefusedInput>();
  private busy = 0;
  private deaths = 0;
  private failedStarts = 0;
  private readonly partBytes: number;
  private readonly memoryMebibytes: number;
  private readonly handOverBytes: number;
  /** What the first lane's engine is being given; it reads on when that is over. */
  private handingOver: Promise<void> | null = null;
  /** The first lane's engine has no room for what another holds. */
  private isFull = false;
  /** Why the reading is over before its end; from then on nothing is started. */
  private stopped: Error | null = null;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly items: readonly WorkItem[],
    workers: number,
    private readonly start: StartWorker,
    private readonly module: WebAssembly.Module,
    private readonly onChange: () => void,
    limits: ReadingLimits = {},
  ) {
    const { partBytes = kPartBytes, memoryMebibytes = kMemoryMebibytes, handOverBytes = kHandOverBytes } = limits;
    this.partBytes = partBytes;
    this.memoryMebibytes = memoryMebibytes;
    this.handOverBytes = handOverBytes;
    const large = (item: WorkItem): boolean => workers > 1 && item.size > kFewestParts * partBytes;
    this.unplanned = items.filter(large);
    this.queue = batches(items.filter((item) => !large(item)));
    this.nextId = items.length;
    const pieces = this.unplanned.reduce((sum, { size }) => sum + Math.ceil(size / partBytes), this.queue.length);
    const places = Math.max(1, Math.min(workers, pieces));
    this.lanes = Array.from({ length: places }, () => ({ link: null, held: new Map(), suspects: [] }));
  }

  /** Ends all workers at once; run() then rejects with WorkerGone. */
  cancel(): void {
    this.stop(new WorkerGone('The reading was cancelled.'));
  }

  links(): WorkerLink[] {
    return this.lanes.flatMap((lane) => (lane.link === null ? [] : [lane.link]));
  }

  inputsDone(): number {
    let done = this.refused.size;
    for (const lane of this.lanes)
      for (const { item, done: read } of lane.held.values()) if (read !== null && item.part === undefined) done += 1;
    for (const chain of this.chains.values()) if (chain.complete && !chain.isAlone) done += 1;
    return done;
  }

  /** Bytes given to engines that still stand. */
  bytesDone(): number {
    let bytes = 0;
    for (const chain of this.chains.values()) bytes += chain.bytesDone();
    for (const lane of this.lanes) {
      for (const entry of lane.held.values()) {
        if (entry.done !== null) bytes += entry.item.part === undefined ? entry.item.to - entry.item.from : 0;
        else if (lane.link?.current?.number === entry.item.number) bytes += lane.link.current.bytes;
      }
    }
    for (const number of this.refused.keys()) bytes += this.item(number).size;
    return bytes;
  }

  /** Of an input that is read in parts, what is read of it; null: it is not. */
  bytesOf(number: number): number | null {
    const chain = this.chains.get(number);
    if (chain === undefined || chain.isAlone) return null;
    const now = this.links().reduce((sum, { current }) => sum + (current?.number === number ? current.bytes : 0), 0);
    return chain.complete ? chain.bytesDone() : chain.bytesDone() + now;
  }

  /** Reads and merges. Rejects with ReadingFailed, or with WorkerGone after cancel(). */
  async run(): Promise<ReadingResult> {
    for (;;) {
      this.phase = 'reading';
      await Promise.all(this.lanes.map((lane) => this.work(lane)));
      // A worker can die after its last answer; what it held goes round again.
      for (const lane of this.lanes) if (lane.link?.gone === true) this.bury(lane);
      if (this.idle()) {
        this.phase = 'merging';
        this.onChange();
        const main = await this.merge();
        if (main !== null) return { main, troubled: this.troubled(), opened: this.opened(), parts: this.partsRead() };
      }
    }
  }

  private async work(lane: Lane): Promise<void> {
    for (;;) {
      if (lane === this.lanes[0]) while (this.handingOver !== null) await this.handingOver;
      if (this.stopped !== null) throw this.stopped;
      const suspect = lane.suspects.shift();
      const unplanned = suspect === undefined ? this.unplanned.shift() : undefined;
      if (unplanned !== undefined) {
        await this.plan(lane, unplanned);
        continue;
      }
      const batch = this.wanted(suspect !== undefined ? [suspect] : this.queue.shift());
      if (batch === undefined) {
        if (lane.link === null) this.open(lane);
        // Others may still die and leave work behind.
        if (this.busy === 0) {
          this.wake();
          return;
        }
        await new Promise<void>((resolve) => this.waiting.push(resolve));
        if (this.busy === 0 && this.queue.length === 0 && this.unplanned.length === 0 && lane.suspects.length === 0) return;
        continue;
      }
      const link = lane.link ?? this.open(lane);
      for (const item of batch) lane.held.set(keyOf(item), { item, done: null });
      this.busy += 1;
      try {
        await link.ask({ ask: 'read', items: batch });
        // The first lane's worker may have gone since, with a store that it was being given, and is buried then: all of it is queued again.
        if (lane.link === link) this.finish(lane, batch);
        if (lane !== this.lanes[0] && !this.isFull && heldBytes(link) > this.handOverBytes) await this.handOver(lane, link);
      } catch (error) {
        this.survive(error);
        if (lane.link === link) this.bury(lane);
      } finally {
        this.busy -= 1;
      }
      this.onChange();
      this.wake();
    }
  }

  /** A batch is read: what its chains go on with is queued. */
  private finish(lane: Lane, batch: readonly WorkItem[]): void {
    for (const item of batch) {
      const done = lane.held.get(keyOf(item))?.done ?? null;
      if (done === null || (item.part !== undefined && done.part === undefined))
        throw new ReadingFailed('The reading engine lost an input; this is a fault of the program.');
      this.next(this.chains.get(item.number)?.finished(item, done) ?? []);
    }
  }

  /** Items of a batch that are still to be read; undefined where there are none. */
  private wanted(batch: WorkItem[] | undefined): WorkItem[] | undefined {
    const left = batch?.flatMap((item) => {
      if (item.part === undefined) return [item];
      const taken = this.chains.get(item.number)?.take(item) ?? null;
      return taken === null ? [] : [taken];
    });
    if (left?.length !== 0) return left;
    return this.wanted(this.queue.shift());
  }

  /** What a chain goes on with comes before everything else: others wait for it. */
  private next(items: WorkItem[]): void {
    this.queue.unshift(...items.map((item) => [item]));
  }

  /** Asks whether an input can be read in parts, and queues it as such or as a whole. */
  private async plan(lane: Lane, item: WorkItem): Promise<void> {
    const link = lane.link ?? this.open(lane);
    let plan: Plan = { state: '', head: 0 };
    this.busy += 1;
    try {
      plan = JSON.parse(decoder.decode(await link.ask({ ask: 'plan', item })));
    } catch (error) {
      // Read in one go, it may be the end of another worker, and is then refused.
      this.survive(error);
      this.bury(lane);
    } finally {
      this.busy -= 1;
    }
    if (plan.state === '') {
      this.next([item]);
    } else {
      const chain = new Chain({ ...item, head: plan.head }, plan.state, this.partBytes, () => this.nextId++);
      this.chains.set(item.number, chain);
      this.next(chain.items());
    }
    this.wake();
  }

  private open(lane: Lane): WorkerLink {
    const link = new WorkerLink(
      this.start,
      this.module,
      (done) => {
        for (const item of done) {
          const entry = lane.held.get(item.part?.id ?? item.number);
          if (entry !== undefined) entry.done = item;
        }
      },
      this.onChange,
      Math.floor(this.memoryMebibytes / this.lanes.length),
    );
    lane.link = link;
    return link;
  }

  /** The lane's worker is gone: all it held is to be read again, what was not finished under suspicion. */
  private bury(lane: Lane): void {
    const { started, why } = lane.link as WorkerLink;
    lane.link = null;
    this.deaths += 1;
    if (!started) this.failedStarts += 1;
    const innocent: WorkItem[] = [];
    for (const { item, done } of lane.held.values()) {
      // Of a part that went, others may have to be read again too.
      const [again, ...others] = item.part === undefined ? [item] : (this.chains.get(item.number)?.lost(item) ?? []);
      innocent.push(...others);
      if (again === undefined) continue;
      if (done !== null || !started) {
        innocent.push(again);
        continue;
      }
      // A part is known by where it begins: read again, it may be named anew.
      const name = `${item.number} ${item.part === undefined ? '' : item.from}`;
      const attempts = (this.attempts.get(name) ?? 0) + 1;
      this.attempts.set(name, attempts);
      if (attempts < kAttempts) {
        lane.suspects.push(again);
      } else {
        this.chains.delete(item.number);
        this.refused.set(item.number, deadly(item));
      }
    }
    lane.held.clear();
    this.queue.push(...batches(innocent));
    if (this.failedStarts >= kFailedStartsAllowed) throw this.stop(new ReadingFailed(`The reading engine could not be started. ${why}`));
    if (this.deaths > kDeathsAllowed) {
      throw this.stop(new ReadingFailed(`The reading engine stopped ${this.deaths} times and the reading was given up. ${why}`));
    }
  }

  /** Returns when a worker's death is all that happened; else ends the reading and throws. */
  private survive(error: unknown): void {
    if (this.stopped !== null) throw this.stopped;
    if (error instanceof WorkerGone) return;
    throw this.stop(
      error instanceof AskRefused ? new ReadingFailed(`The reading engine refused to go on: ${error.message}`) : (error as Error),
    );
  }

  private idle(): boolean {
    return (
      this.queue.length === 0 && this.unplanned.length === 0 && this.lanes.every((lane) => lane.suspects.length === 0 && lane.link !== null)
    );
  }

  /** Moves a lane's store into the first lane's engine; the lane goes on with an engine that holds nothing. */
  private async handOver(lane: Lane, from: WorkerLink): Promise<void> {
    // One after the other.
    while (this.handingOver !== null) await this.handingOver;
    const [into] = this.lanes as [Lane, ...Lane[]];
    const main = into.link;
    if (main === null || main.gone) return;
    let over = () => {};
    this.handingOver = new Promise((resolve) => {
      over = resolve;
    });
    try {
      await this.dropParts(lane);
      try {
        if (!(await moveStore(from, main, this.memoryMebibytes, true))) {
          this.isFull = true;
          return;
        }
      } catch (error) {
        this.survive(error);
        this.breakOff(into, main, lane, from);
        return;
      }
      this.moved(lane, from, into, main);
    } finally {
      this.handingOver = null;
      over();
    }
    // The first lane reads on meanwhile. A worker that dies of it takes nothing with it, and is buried by who called.
    await from.beginAnew();
  }

  /** The engine of `into` holds what that of `lane` held. */
  private moved(lane: Lane, from: WorkerLink, into: Lane, main: WorkerLink): void {
    for (const [key, entry] of lane.held) into.held.set(key, entry);
    lane.held.clear();
    main.engine = addProgress(main.engine, from.engine);
    main.sessions.merge(from.sessions);
    this.onChange();
  }

  /** A chain of images that broke off leaves the main engine with half a store: what both held is read again. */
  private breakOff(into: Lane, main: WorkerLink, lane: Lane, from: WorkerLink): void {
    main.end('Its store was left half imported.');
    from.end('Its store was left half exported.');
    if (into.link === main) this.bury(into);
    if (lane.link === from) this.bury(lane);
  }

  /** Moves all stores into the first lane's engine, image by image, and ends the others. null: a worker died meanwhile, its share is queued again. */
  private async merge(): Promise<WorkerLink | null> {
    const [into, ...others] = this.lanes as [Lane, ...Lane[]];
    const main = into.link as WorkerLink;
    /** What was read and does not fit into the one engine. */
    const tooMuch: { item: WorkItem }[] = [];
    for (const lane of this.lanes) {
      try {
        await this.dropParts(lane);
      } catch (error) {
        this.survive(error);
        this.bury(lane);
        return null;
      }
    }
    for (const lane of others) {
      const from = lane.link as WorkerLink;
      try {
        if (lane.held.size > 0 && !(await moveStore(from, main, this.memoryMebibytes, false))) tooMuch.push(...lane.held.values());
      } catch (error) {
        this.survive(error);
        this.breakOff(into, main, lane, from);
        return null;
      }
      this.moved(lane, from, into, main);
      from.end('Its store was handed over.');
      lane.link = null;
    }
    try {
      if (tooMuch.length > 0)
        await this.leaveOut(
          into,
          main,
          tooMuch.map(({ item }) => item),
        );
      if (this.refused.size > 0) await main.ask({ ask: 'refuse', inputs: [...this.refused.values()] });
    } catch (error) {
      this.survive(error);
      this.bury(into);
      return null;
    }
    this.lanes.length = 1;
    return main;
  }

  /** These were read, and what came of them is in no engine any more: each gets a row that says so, and parts behind one go too. */
  private async leaveOut(lane: Lane, main: WorkerLink, gone: readonly WorkItem[]): Promise<void> {
    const rows: WorkItem[] = [];
    for (const item of gone) {
      lane.held.delete(keyOf(item));
      if (item.part !== undefined) continue;
      rows.push(item);
      lane.held.set(keyOf(item), { item, done: { number: item.number, state: 'cut', bytes: 0, why: kDoesNotFit } });
    }
    for (const [number, chain] of this.chains) {
      const row = chain.giveUp(gone.filter((item) => item.number === number && item.part !== undefined));
      if (row === null) continue;
      rows.push(row);
      lane.held.set(keyOf(row), { item: row, done: chain.doneOf(row) });
    }
    await this.dropParts(lane);
    await main.ask({ ask: 'leave-out', items: rows });
  }

  /** Takes back the readings of parts that do not count. */
  private async dropParts(lane: Lane): Promise<void> {
    const ids: number[] = [];
    for (const [key, { item }] of lane.held) {
      if (item.part === undefined || this.chains.get(item.number)?.counts(item) === true) continue;
      ids.push(key);
    }
    if (ids.length === 0) return;
    await (lane.link as WorkerLink).ask({ ask: 'drop-parts', ids });
    for (const id of ids) lane.held.delete(id);
  }

  private troubled(): ItemDone[] {
    const out: ItemDone[] = [];
    const parts = new Map<number, ItemDone[]>();
    for (const { item, done } of this.lanes[0]?.held.values() ?? []) {
      if (done === null) continue;
      if (item.part !== undefined) parts.set(item.number, [...(parts.get(item.number) ?? []), done]);
      else if (done.state !== 'read') out.push(done);
    }
    for (const all of parts.values()) {
      // An input is cut once, for the reason that comes first in it.
      all.sort((a, b) => (a.part?.end ?? 0) - (b.part?.end ?? 0));
      const cut = all.find(({ state }) => state !== 'read');
      if (cut !== undefined) out.push({ ...cut, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) });
    }
    for (const { number, message } of this.refused.values()) out.push({ number, state: 'refused', bytes: 0, why: message });
    return out.sort((a, b) => a.number - b.number);
  }

  private partsRead(): ReadingResult['parts'] {
    const parts = { count: 0, again: 0 };
    for (const chain of this.chains.values()) {
      parts.count += chain.items().length;
      parts.again += chain.again;
    }
    return parts;
  }

  private opened(): Map<number, OpenedInput[]> {
    const out = new Map<number, OpenedInput[]>();
    for (const { done } of this.lanes[0]?.held.values() ?? []) if (done?.opened !== undefined) out.set(done.number, done.opened);
    return out;
  }

  private item(number: number): WorkItem {
    return this.items[number] as WorkItem;
  }

  private stop<E extends Error>(error: E): E {
    this.stopped ??= error;
    for (const lane of this.lanes) lane.link?.end(error.message);
    this.wake();
    return error;
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Bytes of events and texts. */
function heldBytes({ engine }: WorkerLink): number {
  return engine.heap_events_bytes + engine.heap_text_bytes;
}

/**
 * Pulls the chain of images out of one engine and into another; at most one image is in transit while the next is being made, in the memory of the
 * one before. False: no room.
 */
async function moveStore(from: WorkerLink, into: WorkerLink, memoryMebibytes: number, readsOn: boolean): Promise<boolean> {
  await from.ask({ ask: 'begin-export', readsOn });
  try {
    await into.ask({ ask: 'begin-import', bytes: heldBytes(from), events: from.engine.events, memoryMebibytes, readsOn });
  } catch (error) {
    if (error instanceof AskRefused && error.code === errorCodes.outOfMemory) return false;
    throw error;
  }
  let image = await from.ask({ ask: 'next-image' });
  let room: ArrayBuffer | undefined;
  while (image.byteLength > 0) {
    const imported = into.ask({ ask: 'import-image', image }, [image.buffer]);
    const next = from.ask({ ask: 'next-image', room }, room === undefined ? [] : [room]);
    const [{ buffer }, following] = await Promise.all([imported, next]);
    room = buffer;
    image = following;
  }
  await into.ask({ ask: 'end-import' });
  return true;
}

function deadly({ number, path }: WorkItem): RefusedInput {
  return {
    number,
    path,
    container: 'none',
    code: 'engine_failed',
    message: 'The reading engine stopped on this file twice; this is a fault of the program, not of the file.',
  };
}
