// The figures behind a session's time line: a lane for the signals and one for each operation, heaviest first, and the stretches in which nothing
// happened. Positions are parts of the session's length, 0 to 1; nothing is measured in pixels here.

import type { Operation, Session, SessionEvent, Severity } from '../engine/report';
import { attributionRank, fold, severityRank } from './session_index';

export interface LaneMark {
  at: number;
  /** In all events of the session, in order of time; null: known from the report alone. */
  event: number | null;
  attribution: SessionEvent['attribution'];
}

export interface Lane {
  /** null: the signals. */
  operation: Operation | null;
  severity: Severity;
  /** First and last event. */
  from: number;
  to: number;
  marks: LaneMark[];
}

export interface Quiet {
  from: number;
  to: number;
  millis: number;
}

export interface TimeLine {
  lanes: Lane[];
  quiet: Quiet[];
  /** Operations beyond the lanes. */
  unlisted: number;
}

// More lanes are a table, and the table stands below.
export const kMostLanes = 12;
// A stretch without events is worth a word from a tenth of the session on.
const kQuietPart = 0.1;

/** Heaviest first; what only failed last. */
export function heaviestOperations(operations: readonly Operation[]): Operation[] {
  return [...operations].sort(
    (a, b) =>
      Number(a.failed) - Number(b.failed) ||
      severityRank(b.severity) - severityRank(a.severity) ||
      attributionRank(b.attribution) - attributionRank(a.attribution) ||
      Date.parse(a.first) - Date.parse(b.first),
  );
}

/** `events`: the first of the session's events, in order; none when the evidence is not at hand: then first and last of each operation are marked. */
export function timeLine(session: Session, events: readonly SessionEvent[]): TimeLine {
  const start = Date.parse(session.start);
  const length = Math.max(1, Date.parse(session.end) - start);
  const part = (instant: string) => Math.max(0, Math.min(1, (Date.parse(instant) - start) / length));
  const ordered = heaviestOperations(session.operations);
  const listed = ordered.slice(0, kMostLanes);
  const byName = new Map<string, Lane>();
  const lanes: Lane[] = listed.map((operation) => {
    const lane: Lane = { operation, severity: operation.severity, from: part(operation.first), to: part(operation.last), marks: [] };
    byName.set(fold(operation.name), lane);
    return lane;
  });
  const signals: Lane = { operation: null, severity: 'none', from: 0, to: 0, marks: [] };

  const times: number[] = [];
  if (events.length > 0) {
    events.forEach(({ time, operation, signal, attribution }, event) => {
      const at = part(time);
      times.push(at);
      if (signal !== null) signals.marks.push({ at, event, attribution });
      // Looked up as the catalogue or the file spells it: one operation is one name without regard to case.
      byName.get(fold(operation))?.marks.push({ at, event, attribution });
    });
  } else {
    for (const { time } of session.signals) {
      signals.marks.push({ at: part(time), event: null, attribution: 'in_shell' });
      times.push(part(time));
    }
    for (const { hour } of session.signals_per_hour ?? []) signals.marks.push({ at: part(hour), event: null, attribution: 'in_shell' });
    for (const lane of lanes) {
      const attribution = lane.operation?.attribution ?? 'unknown';
      for (const at of lane.from === lane.to ? [lane.from] : [lane.from, lane.to]) {
        lane.marks.push({ at, event: null, attribution });
        times.push(at);
      }
    }
  }
  times.sort((a, b) => a - b);
  const quiet: Quiet[] = [];
  // Up to the end: the window that runs out after the last signal is a quiet stretch too.
  for (let at = 0; at < times.length; at += 1) {
    const from = times[at] ?? 0;
    const to = times[at + 1] ?? 1;
    if (to - from >= kQuietPart) quiet.push({ from, to, millis: (to - from) * length });
  }
  if (signals.marks.length > 0) signals.to = signals.marks.at(-1)?.at ?? 0;
  return { lanes: signals.marks.length > 0 ? [signals, ...lanes] : lanes, quiet, unlisted: ordered.length - listed.length };
}
