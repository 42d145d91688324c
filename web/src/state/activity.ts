// The figures behind the activity chart: events per bin of whole hours, and in which bin how many sessions of which severity start. Bins are aligned
// to the clock (UTC), and so few that each can be seen and stepped through by keyboard.

import type { Gap, Report } from '../engine/report';
import { severitiesUp } from '../engine/report';
import type { SessionIndex } from './session_index';

export const kHourMillis = 3_600_000;
// Steps that people count in: hours, parts of a day, days, weeks, then doublings of four weeks.
const kSteps = [1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 672, 1344, 2688, 5376, 10752, 21504, 43008, 86016];

export interface Bins {
  /** Milliseconds since 1970 of the first bin's start. */
  from: number;
  step: number;
  count: number;
  events: Float64Array;
  /** By severity, as in severitiesUp; sessions that are shown. */
  sessions: Uint32Array[];
  /** Sessions that filters hide. */
  hidden: Uint32Array[];
}

/** The span of the data in whole hours; null when there is nothing with a time. */
export function wholeSpan(report: Report, index: SessionIndex): { from: number; to: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { hour } of report.hours) {
    const at = Date.parse(hour);
    from = Math.min(from, at);
    to = Math.max(to, at + kHourMillis);
  }
  for (const at of index.start) {
    from = Math.min(from, Math.floor(at / kHourMillis) * kHourMillis);
    to = Math.max(to, (Math.floor(at / kHourMillis) + 1) * kHourMillis);
  }
  return from < to ? { from, to } : null;
}

/** `most`: bins that there is room for. `shown`: 1 for sessions that the filters, but for the span itself, leave. */
export function binsOf(report: Report, index: SessionIndex, shown: Uint8Array, span: { from: number; to: number }, most: number): Bins {
  const hours = (span.to - span.from) / kHourMillis;
  const step = (kSteps.find((size) => hours / size <= most - 1) ?? Math.ceil(hours / Math.max(1, most - 1))) * kHourMillis;
  const from = Math.floor(span.from / step) * step;
  const count = Math.max(1, Math.ceil((span.to - from) / step));
  const bins: Bins = {
    from,
    step,
    count,
    events: new Float64Array(count),
    sessions: severitiesUp.map(() => new Uint32Array(count)),
    hidden: severitiesUp.map(() => new Uint32Array(count)),
  };
  for (const { hour, events } of report.hours) {
    const bin = Math.floor((Date.parse(hour) - from) / step);
    if (bin >= 0 && bin < count) bins.events[bin] = (bins.events[bin] ?? 0) + events;
  }
  for (let session = 0; session < index.count; session += 1) {
    const bin = Math.floor(((index.start[session] ?? 0) - from) / step);
    const lane = (shown[session] === 1 ? bins.sessions : bins.hidden)[index.severity[session] ?? 0];
    if (lane !== undefined && bin >= 0 && bin < count) lane[bin] = (lane[bin] ?? 0) + 1;
  }
  return bins;
}

/** Gaps of at least a bin, as places on the axis; a shorter one would be drawn wider than it is. */
export function gapsOn(gaps: readonly Gap[], bins: Bins): { from: number; to: number }[] {
  return gaps
    .map(({ from, to }) => ({ from: (Date.parse(from) - bins.from) / bins.step, to: (Date.parse(to) - bins.from) / bins.step }))
    .map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(bins.count, to) }))
    .filter(({ from, to }) => to - from >= 1);
}
