// One large input as parts that several workers read at once, exactly. A part's beginning is guessed; what it tells when it is done says where it
// really began and ended (core/engine/parts.h). Invariant: the parts that count form one chain, each begins at the very place and in the very
// state in which the one before it ended, from the input's first byte to its last. A part that does not is void and is read again from there:
// a wrong guess costs time and changes nothing.

import type { ItemDone, PartDone, WorkItem } from './protocol';

// Larger parts leave workers idle at the end, smaller ones cost more beginnings: each begins with a read that nobody overlaps, and a round trip.
export const kPartBytes = 64 * 1024 * 1024;

export const kDoesNotFit = 'Memory is full: what was read of this file, or of its last part, does not fit beside the rest.';

/** A stretch of the input, and the reading of it that counts, if any. */
interface Place {
  from: number;
  to: number;
  item: WorkItem;
  /** Given to a worker. */
  begun: boolean;
  done: ItemDone | null;
}

export class Chain {
  private places: Place[] = [];
  /** Places before this one form the chain so far. */
  private verified = 0;
  /** What was met in a part needs the whole input to be understood: it is read in one go. */
  private alone = false;
  private over = false;
  /** Parts whose beginning was guessed wrong. */
  again = 0;

  /** `state` is what the engine's plan answered; `nextId` names readings of parts. */
  constructor(
    private readonly input: WorkItem,
    private readonly state: string,
    partBytes: number,
    private readonly nextId: () => number,
  ) {
    for (let from = 0; from < input.size; from += partBytes) {
      const to = Math.min(from + partBytes, input.size);
      this.places.push({ from, to, item: this.guess(from, to), begun: false, done: null });
    }
  }

  /** All parts, to be read in any order; the first ones first is best. */
  items(): WorkItem[] {
    return this.places.map(({ item }) => item);
  }

  /** The input is complete, in parts or (then it is no longer this chain's business) in one go. */
  get complete(): boolean {
    return this.over;
  }

  get isAlone(): boolean {
    return this.alone;
  }

  /** A worker is about to read this part: what to read, or null when it is not wanted any more. */
  take(item: WorkItem): WorkItem | null {
    const index = this.find(item);
    const place = this.places[index];
    if (place === undefined || this.over) return null;
    // Where the one before it is done, nothing needs to be guessed.
    const left = this.left();
    const { part } = place.item;
    if (left !== null && part?.guess === true) {
      if (index === this.verified && left.end < place.to) place.item = this.exact(left, place.to);
      else place.item = { ...place.item, part: { ...part, state: left.endState } };
    }
    place.begun = true;
    return place.item;
  }

  /** A part is read. Answers what is to be read because of it. */
  finished(item: WorkItem, done: ItemDone): WorkItem[] {
    const place = this.places[this.find(item)];
    if (place === undefined || this.over) return [];
    place.done = done;
    if (done.part?.alone === true) {
      this.alone = true;
      this.over = true;
      this.places = [];
      const { part: _, ...whole } = this.input;
      return [whole];
    }
    return this.advance();
  }

  /** A part went with its worker, read or not. Answers what is to be read again. */
  lost(item: WorkItem): WorkItem[] {
    const index = this.find(item);
    const place = this.places[index];
    if (place === undefined || (this.over && index >= this.verified)) return [];
    // What ended the chain might not do so again, so what stands behind it is wanted again.
    const again = this.over ? this.places.slice(this.verified) : [];
    this.over = false;
    this.verified = Math.min(this.verified, index);
    for (const { from, to } of again) this.renew(from, to);
    place.done = null;
    place.begun = false;
    return [place.item, ...this.places.filter(({ from }) => again.some((other) => other.from === from)).map((other) => other.item)];
  }

  /**
   * Readings of parts cannot be kept, though they were made: the input ends where the first of them begins. Answers what stands in their place, to be
   * left out; null where none of them counts anyway.
   */
  giveUp(items: readonly WorkItem[]): WorkItem | null {
    const index = Math.min(...items.map((item) => this.find(item)).filter((at) => at >= 0), this.places.length);
    const place = this.places[index];
    if (place === undefined || index >= this.verified) return null;
    const left = this.places[index - 1]?.done?.part ?? null;
    const from = left?.end ?? 0;
    const part = { id: this.nextId(), state: left?.endState ?? '', guess: false };
    place.item = { ...this.input, from, to: place.to, part };
    const nothing = { id: part.id, start: from, startState: part.state, end: from, endState: '', alone: false };
    place.done = { number: this.input.number, part: nothing, state: 'cut', bytes: 0, why: kDoesNotFit };
    this.places.length = index + 1;
    this.verified = index + 1;
    return place.item;
  }

  doneOf(item: WorkItem): ItemDone | null {
    return this.places[this.find(item)]?.done ?? null;
  }

  /** Whether this reading of a part counts. */
  counts(item: WorkItem): boolean {
    const index = this.find(item);
    return index >= 0 && (!this.over || index < this.verified);
  }

  /** Bytes of parts that are read. */
  bytesDone(): number {
    if (this.over) return this.alone ? 0 : this.input.size;
    return this.places.reduce((sum, { from, to, done }) => sum + (done === null ? 0 : to - from), 0);
  }

  private advance(): WorkItem[] {
    for (;;) {
      const left = this.left();
      if (left !== null && (left.endState === '' || this.verified === this.places.length)) {
        this.over = true;
        return [];
      }
      const place = this.places[this.verified];
      if (place === undefined) return [];
      if (left !== null && left.end >= place.to) {
        // All of it belongs to a record that began before it, or to none.
        this.places.splice(this.verified, 1);
        continue;
      }
      if (place.done === null) return [];
      const { part } = place.done;
      if (left !== null && (part?.start !== left.end || part.startState !== left.endState)) {
        place.item = this.exact(left, place.to);
        place.begun = false;
        place.done = null;
        this.again += 1;
        return [place.item];
      }
      this.verified += 1;
    }
  }

  private left(): PartDone | null {
    return this.places[this.verified - 1]?.done?.part ?? null;
  }

  private find(item: WorkItem): number {
    return this.places.findIndex((place) => place.item.part?.id === item.part?.id);
  }

  private renew(from: number, to: number): void {
    const place = this.places.find((other) => other.from === from);
    if (place !== undefined) Object.assign(place, { item: this.guess(from, to), begun: false, done: null });
  }

  private guess(from: number, to: number): WorkItem {
    const part = { id: this.nextId(), state: from === 0 ? '' : this.state, guess: from > 0 };
    return { ...this.input, from, to, part };
  }

  private exact({ end, endState }: PartDone, to: number): WorkItem {
    return { ...this.input, from: end, to, part: { id: this.nextId(), state: endState, guess: false } };
  }
}
