// A report of 100,000 sessions is 130 MB of JSON: parsed in one piece it blocks the page for seconds and takes five times its size in memory.
// The core writes each element of a top-level array on a line of its own, and a line break never stands inside a JSON string. So the text is
// walked by lines, a few milliseconds at a time; of a session only the index (session_index.ts) and the place of its line are kept, and the
// session itself is parsed again when it is looked at. A report laid out otherwise (somebody's formatter) is parsed whole: the same value, slower.

import { parseReport, type Report, type Session } from '../engine/report';

// Longer than this at a time, and a click or a key waits noticeably.
const kTurnMillis = 8;
// Sessions kept parsed: those of a screen of rows and the ones looked at lately.
const kKeptSessions = 400;
const kNewline = 10;
const kComma = 44;
const kBrace = 123;

/** Arrays whose elements are parsed a line at a time. `sessions` are not kept. */
const lists = ['inputs', 'sentinel', 'sentinel_cannot_run', 'sentinel_marks', 'sessions', 'hours'] as const;
type List = (typeof lists)[number];

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const encoder = new TextEncoder();

/** Sessions by index, each parsed when asked for. */
export interface Sessions {
  readonly count: number;
  /** Throws RangeError outside of [0, count). */
  at(index: number): Session;
}

export interface ReadReport {
  /** Its `sessions` are parsed all at once when first read: for exports, not for what is shown. */
  report: Report;
  sessions: Sessions;
}

class SessionLines implements Sessions {
  private readonly kept = new Map<number, Session>();

  /** starts[i], ends[i]: the bytes of session i. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly starts: number[],
    private readonly ends: number[],
  ) {}

  get count(): number {
    return this.starts.length;
  }

  at(index: number): Session {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const from = this.starts[index];
    const to = this.ends[index];
    if (from === undefined || to === undefined) throw new RangeError(`there is no session ${index}`);
    const session = JSON.parse(decoder.decode(this.bytes.subarray(from, to))) as Session;
    if (this.kept.size >= kKeptSessions) {
      const oldest = this.kept.keys().next().value;
      if (oldest !== undefined) this.kept.delete(oldest);
    }
    this.kept.set(index, session);
    return session;
  }
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

/**
 * Reads report bytes. `begin` gives what is called with every session in order; it is called again where the reading has to start over. null: nobody
 * asks for the sessions, so none is parsed; for bytes that the core made.
 * `breathe` lets the browser draw and take input; when it resolves to false the reading is given up and null comes back. Throws SyntaxError
 * on what is not JSON.
 */
export async function readReport(
  bytes: Uint8Array,
  begin: (() => (session: Session) => void) | null,
  breathe: () => Promise<boolean>,
): Promise<ReadReport | null> {
  const each = begin?.() ?? null;
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
    const next = to + 1;
    if (list !== null && bytes[from] === kBrace) {
      const end = bytes[to - 1] === kComma ? to - 1 : to;
      const element = list === 'sessions' && each === null ? null : elementOf(bytes.subarray(from, end));
      if (element === undefined) return wholeReport(bytes, begin?.());
      if (list === 'sessions') {
        starts.push(from);
        ends.push(end);
        each?.(element as Session);
      } else {
        parsed[list].push(element);
      }
    } else {
      // Only these lines and those of short lists are text; what follows is an opening of the next list or an element of none.
      const line = decoder.decode(bytes.subarray(from, to));
      rest.push(line);
      const opened = /"(\w+)":\[$/.exec(line)?.[1];
      list = lists.find((name) => name === opened) ?? null;
      if (list !== null) seen.push(list);
    }
    from = next;
    if (performance.now() - turn > kTurnMillis) {
      if (!(await breathe())) return null;
      turn = performance.now();
    }
  }
  // Every list once, where the core puts it: else the text is not laid out as the core does it, and nothing of the above may be believed.
  if (!seen.includes('sessions') || new Set(seen).size !== seen.length) return wholeReport(bytes, begin?.());
  const report = parseReport(encoder.encode(rest.join('\n')));
  for (const name of seen) if (name !== 'sessions') (report as unknown as Record<List, unknown[]>)[name] = parsed[name];
  const sessions = new SessionLines(bytes, starts, ends);
  let all: Session[] | null = null;
  Object.defineProperty(report, 'sessions', {
    enumerable: true,
    configurable: true,
    get: () => {
      all ??= starts.map((_, index) => sessions.at(index));
      return all;
    },
  });
  return { report, sessions };
}

function elementOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

function wholeReport(bytes: Uint8Array, each: ((session: Session) => void) | undefined): ReadReport {
  const report = parseReport(bytes);
  if (each !== undefined) for (const session of report.sessions) each(session);
  return { report, sessions: sessionList(report.sessions) };
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
