// Sessions while files are still being read: signals of one engine, grouped as the hunt groups them (one caller, chained by the default window),
// in whatever order the files bring them. Provisional by nature, and the view says how: copies of an event count twice, so do signals of a part that
// is read again from another place, settings are the defaults, and severity and operations are not known yet. Bounded: beyond kMostSessions further ones are counted and not kept.

import type { NewSignals } from './protocol';
import type { Instant } from './report';

export interface SessionSoFar {
  /** As first told. */
  caller: string;
  first: Instant;
  last: Instant;
  signals: number;
  /** Some signal carries an app id of Cloud Shell. */
  inShell: boolean;
}

export interface SoFar {
  /** The newest by their last signal, kShown at most. */
  sessions: SessionSoFar[];
  /** All sessions, those not shown included. */
  total: number;
  /** Signals whose time a setting must place first. */
  zoneless: number;
}

export const kShown = 20;
// A thousand callers with a session on each of five days; a table that scrolls by shows no more than the newest anyway.
export const kMostSessions = 5000;
const kWindowMillis = 3_600_000;

interface Chain extends SessionSoFar {
  from: number;
  to: number;
}

export class SessionsSoFar {
  /** Changes with the content. */
  version = 0;
  private readonly callers = new Map<string, Chain[]>();
  private kept = 0;
  private beyond = 0;
  private zoneless = 0;

  add({ signals, zoneless }: NewSignals): void {
    for (const { caller, time, in_shell: inShell } of signals) {
      const at = Date.parse(time);
      this.insert({ caller, first: time, last: time, signals: 1, inShell, from: at, to: at });
    }
    this.zoneless += zoneless;
    this.version += 1;
  }

  /** Adds what another engine told. */
  merge(other: SessionsSoFar): void {
    for (const chains of other.callers.values()) for (const chain of chains) this.insert({ ...chain });
    this.beyond += other.beyond;
    this.zoneless += other.zoneless;
    this.version += 1;
  }

  get(): SoFar {
    const newest: Chain[] = [];
    for (const chains of this.callers.values()) newest.push(...chains.slice(-kShown));
    newest.sort((a, b) => b.to - a.to || (a.caller < b.caller ? -1 : 1));
    return {
      sessions: newest.slice(0, kShown).map(({ caller, first, last, signals, inShell }) => ({ caller, first, last, signals, inShell })),
      total: this.kept + this.beyond,
      zoneless: this.zoneless,
    };
  }

  private insert(chain: Chain): void {
    const folded = chain.caller.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const chains = this.callers.get(folded) ?? [];
    // Chains of a caller lie in order, a window or more apart. Most signals come in order of time, so the search begins at the end.
    let place = chains.length;
    while (place > 0 && (chains[place - 1] as Chain).from > chain.from) place -= 1;
    // All that the new one touches become one with it.
    let first = place;
    if (first > 0 && chain.from < (chains[first - 1] as Chain).to + kWindowMillis) first -= 1;
    let whole = chain;
    let end = first;
    for (; end < chains.length; end += 1) {
      const next = chains[end] as Chain;
      if (next.from >= whole.to + kWindowMillis) break;
      whole = joined(next, whole);
    }
    if (end === first && this.kept >= kMostSessions) {
      this.beyond += 1;
      return;
    }
    this.kept += 1 - (end - first);
    chains.splice(first, end - first, whole);
    this.callers.set(folded, chains);
  }
}

function joined(a: Chain, b: Chain): Chain {
  const [early, late] = a.from <= b.from ? [a, b] : [b, a];
  const { last, to } = a.to >= b.to ? a : b;
  return { ...early, last, to, signals: early.signals + late.signals, inShell: early.inShell || late.inShell };
}
