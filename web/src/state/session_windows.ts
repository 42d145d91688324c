// The events of one session as the table asks for them: windows fetched from the engine when their rows come into sight, a few kept, so that a
// session of a million events costs what is looked at. Answers that come after the session was left are dropped by the caller's `changed`.

import type { SessionEvent, SessionEvents } from '../engine/report';

export const kWindow = 100;
// 64 windows are 6,400 events, some 3 MB.
const kKeptWindows = 64;

export class SessionWindows {
  private readonly windows = new Map<number, readonly SessionEvent[] | 'asked'>();
  /** Events in the session; null until the first answer. */
  total: number | null = null;
  problem = '';

  constructor(
    private readonly fetch: (first: number, count: number) => Promise<SessionEvents>,
    /** Called after each answer. */
    private readonly changed: () => void,
    private readonly sentenceOf: (error: unknown) => string,
  ) {}

  /** The event at a place, or null while it is on its way. */
  at(place: number): SessionEvent | null {
    const window = this.windows.get(Math.floor(place / kWindow));
    return window === undefined || window === 'asked' ? null : (window[place % kWindow] ?? null);
  }

  /** Asks for what is not there of [first, last). */
  want(first: number, last: number): void {
    for (let number = Math.floor(first / kWindow); number * kWindow < Math.max(last, first + 1); number += 1) {
      if (this.windows.has(number)) continue;
      if (this.total !== null && number * kWindow >= this.total) continue;
      this.windows.set(number, 'asked');
      this.fetch(number * kWindow, kWindow).then(
        ({ total, events }) => {
          this.total = total;
          this.windows.set(number, events);
          this.dropFarFrom(number);
          this.changed();
        },
        (error: unknown) => {
          this.windows.delete(number);
          this.problem = this.sentenceOf(error);
          this.changed();
        },
      );
    }
  }

  private dropFarFrom(number: number): void {
    while (this.windows.size > kKeptWindows) {
      const farthest = [...this.windows.keys()].reduce((far, one) => (Math.abs(one - number) > Math.abs(far - number) ? one : far));
      this.windows.delete(farthest);
    }
  }
}
