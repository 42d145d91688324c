// A report opened as a file: anybody may have written it, so nothing of it is believed before every value that the page reads has been looked at.
// What passes is a Report in every key that the page knows; keys it does not know are left alone (they stay in the file's bytes). The sentence on
// what is wrong names keys and places of ours only, never text of the file.

import { attributionsUp, type Report, severitiesUp, signalKinds } from '../engine/report';
import { kLongestNote, verdicts } from '../state/annotations';

/** A string of JavaScript ends at half a gigabyte; what is parsed takes several times its size. */
export const kMostReportBytes = 256 * 1024 * 1024;
export type ForeignReport = { ok: true; report: Report } | { ok: false; why: string };

/** What is wrong with a value and where below it; null when nothing is. */
type Check = (value: unknown) => Trouble | null;
interface Trouble {
  at: string;
  is: string;
}

const wrong = (is: string): Trouble => ({ at: '', is });

const text: Check = (value) => (typeof value === 'string' ? null : wrong('is not a text'));
const count: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? null : wrong('is not a count'));
const flag: Check = (value) => (typeof value === 'boolean' ? null : wrong('is neither true nor false'));
const instant: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : wrong('is not an instant');
const duration: Check = (value) =>
  typeof value === 'string' && /^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+(\.\d{1,7})?s)?$/.test(value) ? null : wrong('is not a duration');

const offset: Check = (value) =>
  typeof value === 'string' && /^[+-]\d\d:\d\d(:\d\d)?$/.test(value) ? null : wrong('is not an offset from UTC');

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);

const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value) ? null : wrong('is a word that this version does not know');

const list =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return wrong('is not a list');
    for (let at = 0; at < value.length; at += 1) {
      const trouble = check(value[at]);
      if (trouble !== null) return { at: `[${at}]${trouble.at}`, is: trouble.is };
    }
    return null;
  };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object whose keys come from the evidence. */
const table =
  (check: Check): Check =>
  (value) => {
    if (!isObject(value)) return wrong('is not an object');
    for (const one of Object.values(value)) {
      const trouble = check(one);
      if (trouble !== null) return { at: `{}${trouble.at}`, is: trouble.is };
    }
    return null;
  };

/** An object with these keys; those of `optional` may be left out. */
const object =
  (keys: Record<string, Check>, optional: Record<string, Check> = {}): Check =>
  (value) => {
    if (!isObject(value)) return wrong('is not an object');
    for (const [key, check] of Object.entries({ ...keys, ...optional })) {
      const there = Object.hasOwn(value, key);
      if (!there && Object.hasOwn(optional, key)) continue;
      const trouble = there ? check((value as Record<string, unknown>)[key]) : wrong('is missing');
      if (trouble !== null) return { at: `.${key}${trouble.at}`, is: trouble.is };
    }
    return null;
  };

const severity = oneOf(...severitiesUp);
const attribution = oneOf(...attributionsUp);
const signalKind = oneOf(...signalKinds);
const texts = list(text);
const gaps = list(object({ from: instant, to: instant }));
const coverage = { first: orNull(instant), last: orNull(instant), events: count, gaps };

const session = object(
  {
    id: text,
    caller: text,
    start: instant,
    end: instant,
    severity,
    attribution,
    flags: texts,
    longest_gap: orNull(duration),
    sentinel_rows: list(
      object({
        Caller: text,
        timekey: instant,
        before_start: texts,
        after_end: texts,
        in_other_session: list(object({ operation: text, session: text })),
      }),
    ),
    why_not: texts,
    signals: list(object({ kind: signalKind, time: instant, resource_id: text, ip: text, app_id: text })),
    operations: list(
      object({
        name: text,
        count,
        first: instant,
        last: instant,
        statuses: table(count),
        attribution,
        in_shell_count: count,
        shell_setup_count: count,
        shell_setup: flag,
        policy: flag,
        calls: count,
        failed: flag,
        severity,
        techniques: texts,
        why: text,
        sources: list(object({ source: text, severity })),
        resources: texts,
        ips: texts,
      }),
    ),
    ips: texts,
    new_ips: texts,
    subscriptions: texts,
    resource_groups: texts,
    app_ids: texts,
  },
  { signals_per_hour: list(object({ hour: instant, kind: signalKind, count })) },
);

const input = object({
  path: text,
  shape: text,
  container: oneOf('none', 'gzip', 'zip'),
  encoding: text,
  bytes: count,
  container_bytes: count,
  framed: count,
  events: count,
  other: count,
  rejected: count,
  repaired: count,
  duplicates: count,
  record_bytes: count,
  structure_bytes: count,
  rejected_bytes: count,
  no_time: count,
  app_ids: flag,
  missing: texts,
  columns: table(texts),
  refused: flag,
  cut: flag,
  notes: list(object({ code: text, message: text })),
  rejects: list(object({ reason: text, count, first_offset: count, first_line: count, message: text })),
});

const report = object({
  schema: oneOf('cloudshell-hunt/1'),
  version: text,
  settings: object({
    window: duration,
    look_back: (value) => (value === 'none' ? null : duration(value)),
    as_of: oneOf('newest', 'now', 'given'),
    as_of_instant: orNull(instant),
    succeeded_is_success: flag,
    date_order: oneOf('auto', 'day-first', 'month-first'),
    local_offset: orNull(offset),
    local_zone: orNull(object({ name: text, offsets: list(object({ from: orNull(instant), offset })) })),
  }),
  inputs: list(input),
  sentinel: orNull(
    list(
      object({
        Caller: text,
        timekey: instant,
        Caller1: text,
        timekey1: instant,
        set_OperationNameValue: texts,
        timestamp: instant,
        AccountCustomEntity: text,
      }),
    ),
  ),
  sentinel_cannot_run: list(object({ path: text, missing: texts })),
  sentinel_marks: list(object({ Caller: text, timekey: instant, marks: texts })),
  sessions: list(session),
  totals: object({
    bytes: count,
    framed: count,
    events: count,
    other: count,
    rejected: count,
    repaired: count,
    duplicates: count,
    no_caller: count,
    no_time: count,
    sessions: count,
    sentinel_rows: count,
    rows_owed_to_succeeded: count,
    rows_lost_to_look_back: count,
  }),
  hours: list(object({ hour: instant, events: count })),
  coverage: object({ ...coverage, subscriptions: list(object({ subscription: text, ...coverage })) }),
  annotations: list(
    object({
      session: text,
      verdict: oneOf(null, ...verdicts),
      note: (value) => (typeof value === 'string' && value.length <= kLongestNote ? null : wrong('is not a note')),
    }),
  ),
});

/** What is more than the types: ids are what everything else names a session by. */
function contradiction({ sessions, sentinel, totals, annotations }: Report): Trouble | null {
  const ids = new Set(sessions.map(({ id }) => id));
  if (ids.size !== sessions.length) return { at: '.sessions', is: 'holds two sessions of one id' };
  if (totals.sessions !== sessions.length) return { at: '.totals.sessions', is: 'is not how many there are' };
  if (totals.sentinel_rows !== (sentinel?.length ?? 0)) return { at: '.totals.sentinel_rows', is: 'is not how many there are' };
  if (new Set(annotations.map(({ session }) => session)).size !== annotations.length)
    return { at: '.annotations', is: 'holds two of one session' };
  return null;
}

const tooLarge = {
  ok: false,
  why: `It is larger than ${kMostReportBytes / 1024 / 1024} MiB, which is more than the page opens.`,
} as const;

export function readForeignReport(bytes: Uint8Array): ForeignReport {
  if (bytes.byteLength > kMostReportBytes) return tooLarge;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const is = error instanceof SyntaxError ? 'JSON' : 'UTF-8';
    return { ok: false, why: `It is not whole: its text is no ${is}.` };
  }
  const trouble = report(value) ?? contradiction(value as Report);
  if (trouble === null) return { ok: true, report: value as Report };
  if (trouble.at === '.schema') return { ok: false, why: 'It was written by a version of this tool whose reports this one does not know.' };
  return { ok: false, why: `It was changed, or is not of this tool: ${trouble.at.slice(1)} ${trouble.is}.` };
}

export async function openForeignReport(
  file: File,
): Promise<(ForeignReport & { ok: false }) | { ok: true; report: Report; bytes: Uint8Array<ArrayBuffer> }> {
  // Its size is asked first: what is not opened is not read either.
  if (file.size > kMostReportBytes) return tooLarge;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const read = readForeignReport(bytes);
  return read.ok ? { ...read, bytes } : read;
}
