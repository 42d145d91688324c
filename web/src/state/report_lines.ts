// A report of 100,000 sessions is 130 MB of JSON: parsed in one piece it blocks the page for seconds and takes five times its size in memory, and
// making it takes longer than the hunt. So a hunt is shown by the report's outline and an index (session_index.ts); the sessions that are looked at
// first come by themselves, and the whole text follows. The core writes each element of a top-level array on a line of its own, and a line break
// never stands inside a JSON string: texts are walked by lines, a few milliseconds at a time. Of a session only the place of its line is kept, and the
// session itself is parsed again when it is looked at.

import type { Report, Session } from '../engine/report';

// Longer than this at a time, and a click or a key waits noticeably.
const kTurnMillis = 8;
// No frame is drawn in a tab that nobody sees.
const kHiddenMillis = 100;
// Sessions kept parsed: those of a screen of rows and the ones looked at lately.
const kKeptSessions = 400;
const kNewline = 10;
const kComma = 44;
const kBrace = 123;

/** Arrays whose elements are parsed a line at a time. `sessions` are only found. */
const lists = ['inputs', 'sentinel', 'sentinel_cannot_run', 'sentinel_marks', 'sessions', 'hours'] as const;
type List = (typeof lists)[number];

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Sessions by index into the report's list. */
export interface Sessions {
  readonly count: number;
  /** null: it is not here yet. Throws RangeError outside of [0, count). */
  at(index: number): Session | null;
}

/** Sessions that are there anyway. */
export function sessionList(sessions: readonly Session[]): Sessions {
  return {
    count: sessions.length,
    at(index) {
      const session = sessions[index];
      if (session === undefined) throw new RangeError(`there is no session ${index}`);
      return session;
    },
  };
}

/** Where the lines of sessions lie in `bytes`: session i in [starts[i], ends[i]). */
export interface SessionLines {
  bytes: Uint8Array;
  starts: number[];
  ends: number[];
}

/** The sessions of a report that comes in pieces: first some of them, then all. */
export class ArrivingSessions implements Sessions {
  private readonly kept = new Map<number, Session>();
  private lines: SessionLines | null = null;

  /** `first`: what is there already, by index. */
  constructor(
    readonly count: number,
    private readonly first: ReadonlyMap<number, Session>,
  ) {}

  /** All of them. Throws Error when they are not as many as the index has: a fault of ours. */
  complete(lines: SessionLines): void {
    if (lines.starts.length !== this.count) throw new Error(`the report has ${lines.starts.length} sessions, its index ${this.count}`);
    this.lines = lines;
  }

  at(index: number): Session | null {
    const known = this.kept.get(index) ?? this.first.get(index);
    if (known !== undefined) return known;
    if (!(index >= 0 && index < this.count)) throw new RangeError(`there is no session ${index}`);
    if (this.lines === null) return null;
    const { bytes, starts, ends } = this.lines;
    const session = parse(bytes.subarray(starts[index], ends[index])) as Session;
    if (this.kept.size >= kKeptSessions) {
      const oldest = this.kept.keys().next().value;
      if (oldest !== undefined) this.kept.delete(oldest);
    }
    this.kept.set(index, session);
    return session;
  }
}

/** Sessions one a line, as a table of the form json-lines holds them, by the indexes that were asked for. */
export function sessionsByIndex(bytes: Uint8Array, indexes: readonly number[]): Map<number, Session> {
  const text = decoder.decode(bytes);
  const lines = text === '' ? [] : text.trimEnd().split('\n');
  if (lines.length !== indexes.length) throw new Error(`${indexes.length} sessions were asked for, ${lines.length} came`);
  return new Map(indexes.map((index, at) => [index, JSON.parse(lines[at] ?? '') as Session]));
}

/**
 * Reads report bytes as the core makes them, in outline or whole. `breathe` lets the browser draw and take input; when it resolves to false the
 * reading is given up and null comes back. The report's own list of sessions stays empty: `lines` says where they are.
 * Throws SyntaxError on what is not JSON.
 */
export async function readReport(
  bytes: Uint8Array,
  breathe: () => Promise<boolean>,
): Promise<{ report: Report; lines: SessionLines } | null> {
  const starts: number[] = [];
  const ends: number[] = [];
  const parsed: Record<List, unknown[]> = {
    inputs: [],
    sentinel: [],
    sentinel_cannot_run: [],
    sentinel_marks: [],
    sessions: [],
    hours: [],
  };
  const rest: string[] = [];
  const seen: List[] = [];
  let list: List | null = null;
  let turn = performance.now();

  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(kNewline, from);
    const to = found < 0 ? bytes.length : found;
    if (list !== null && bytes[from] === kBrace) {
      const end = bytes[to - 1] === kComma ? to - 1 : to;
      if (list === 'sessions') {
        starts.push(from);
        ends.push(end);
      } else {
        parsed[list].push(parse(bytes.subarray(from, end)));
      }
    } else {
      // Only these lines and those of short lists are text; what follows is an opening of the next list or an element of none.
      const line = decoder.decode(bytes.subarray(from, to));
      rest.push(line);
      const opened = /"(\w+)":\[$/.exec(line)?.[1];
      list = lists.find((name) => name === opened) ?? null;
      if (list !== null) seen.push(list);
    }
    from = to + 1;
    if (performance.now() - turn > kTurnMillis) {
      if (!(await breathe())) return null;
      turn = performance.now();
    }
  }
  const report = JSON.parse(rest.join('\n')) as Report;
  for (const name of seen) (report as unknown as Record<List, unknown[]>)[name] = parsed[name];
  return { report, lines: { bytes, starts, ends } };
}

/** Resolves once what was shown is drawn, or soon after in a tab that is not. */
export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    // After a frame's callbacks come its layout and paint.
    requestAnimationFrame(() => void nextTurn().then(resolve));
    setTimeout(resolve, kHiddenMillis);
  });
}

/** Resolves after a while, or as soon as `hurried` does. */
export function quiet(millis: number, hurried: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    void hurried.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}

/** Lets the browser draw and take input between two turns; a timer would wait 4 ms each time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
