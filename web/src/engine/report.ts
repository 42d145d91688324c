// The report as the core prints it (core/report/report.h), typed. The page and the command line only ever read this text; nothing here
// computes, so a report that is opened again without its evidence is the same value.
// Instants are RFC 3339 in UTC with up to seven fraction digits and stay text: ticks do not fit a Number. Keys that come from the evidence
// (statuses) must be walked with Object.entries, never looked up by a name from the evidence.

import type { LocalZone } from './zone';

/** RFC 3339, UTC: "2026-03-14T09:12:05.3234567Z". */
export type Instant = string;
/** "1h", "45m10.5s", "1d2h". */
export type Duration = string;

// The report's own words, each list once: what the page knows of them at run time and what the types allow is the same.
export const severitiesUp = ['none', 'info', 'low', 'medium', 'high'] as const;
export type Severity = (typeof severitiesUp)[number];
export const attributionsUp = ['none', 'unknown', 'same_window', 'in_shell'] as const;
export type Attribution = (typeof attributionsUp)[number];
export const signalKinds = ['storage_listing', 'console_write', 'shell_app'] as const;
export type SignalKind = (typeof signalKinds)[number];
export type NeededColumn = 'TimeGenerated' | 'Caller' | 'OperationNameValue' | 'ActivityStatusValue' | 'ResourceGroup';
export const sessionFlags = [
  'long_chain',
  'several_shell_accounts',
  'shared_shell_account',
  'first_use',
  'new_address',
  'beside_gap',
  'ambiguous_time',
  'skipped_time',
] as const;
export type SessionFlag = (typeof sessionFlags)[number];
export const whyNots = [
  'no_storage_listing',
  'crosses_bin',
  'list_keys_hidden',
  'no_other_operation',
  'outside_look_back',
  'caller_case',
  'input_cannot_run',
] as const;
export type WhyNot = (typeof whyNots)[number];

/** The settings the report was made with, resolved: the as-of instant stands in them. */
export interface ReportSettings {
  window: Duration;
  look_back: 'none' | Duration;
  as_of: 'newest' | 'now' | 'given';
  as_of_instant: Instant | null;
  succeeded_is_success: boolean;
  date_order: 'auto' | 'day-first' | 'month-first';
  local_offset: string | null;
  /** The offsets between the first and the last that some event was read by; with these alone the report can be made again. */
  local_zone: LocalZone | null;
}

export interface ReportNote {
  /** Stable word: "empty", "refused", "cut", "needs_local_offset", "needs_date_order", "ambiguous_time", "skipped_time" … */
  code: string;
  message: string;
}

export interface RejectKind {
  reason: string;
  count: number;
  first_offset: number;
  first_line: number;
  message: string;
}

export interface ReportInput {
  path: string;
  shape: 'rest' | 'diagnostic' | 'activity_rows' | 'powershell' | 'portal_csv' | 'goose' | 'elastic' | 'splunk_raw' | 'mixed' | '';
  container: 'none' | 'gzip' | 'zip';
  encoding: string;
  /** Of the opened stream. */
  bytes: number;
  /** What the same content takes in its container; 0 where there is none. */
  container_bytes: number;
  framed: number;
  events: number;
  other: number;
  rejected: number;
  repaired: number;
  duplicates: number;
  record_bytes: number;
  structure_bytes: number;
  rejected_bytes: number;
  no_time: number;
  app_ids: boolean;
  /** Columns of the published query that no record of the input has; empty when it holds no events. */
  missing: NeededColumn[];
  /** AzureActivity's column -> the paths inside a record that fed it; keys inside one another are joined by '>'. */
  columns: Record<string, string[]>;
  refused: boolean;
  cut: boolean;
  notes: ReportNote[];
  rejects: RejectKind[];
}

/** One row of the published query, its seven columns in the published order. */
export interface SentinelRow {
  Caller: string;
  timekey: Instant;
  Caller1: string;
  timekey1: Instant;
  set_OperationNameValue: string[];
  timestamp: Instant;
  AccountCustomEntity: string;
}

export interface SentinelMarks {
  Caller: string;
  timekey: Instant;
  marks: ('empty_caller' | 'owed_to_succeeded')[];
}

export interface SentinelCannotRun {
  path: string;
  missing: NeededColumn[];
}

export interface SessionRow {
  Caller: string;
  timekey: Instant;
  before_start: string[];
  after_end: string[];
  in_other_session: { operation: string; session: string }[];
}

export interface Signal {
  kind: SignalKind;
  time: Instant;
  resource_id: string;
  ip: string;
  app_id: string;
}

export interface SignalsOfHour {
  hour: Instant;
  kind: SignalKind;
  count: number;
}

export interface Operation {
  name: string;
  count: number;
  first: Instant;
  last: Instant;
  /** Effective status word -> events; "" where the record has none. */
  statuses: Record<string, number>;
  attribution: Attribution;
  in_shell_count: number;
  shell_setup_count: number;
  shell_setup: boolean;
  policy: boolean;
  /** Distinct correlation ids. */
  calls: number;
  failed: boolean;
  severity: Severity;
  techniques: string[];
  why: string;
  sources: { source: string; severity: Severity }[];
  resources: string[];
  ips: string[];
}

export interface Session {
  id: string;
  caller: string;
  start: Instant;
  end: Instant;
  severity: Severity;
  attribution: Attribution;
  flags: SessionFlag[];
  longest_gap: Duration | null;
  sentinel_rows: SessionRow[];
  why_not: WhyNot[];
  /** Empty when there are more than 1,000: then `signals_per_hour` stands in for it. */
  signals: Signal[];
  signals_per_hour?: SignalsOfHour[];
  operations: Operation[];
  ips: string[];
  new_ips: string[];
  subscriptions: string[];
  resource_groups: string[];
  app_ids: string[];
}

export interface Totals {
  bytes: number;
  framed: number;
  events: number;
  other: number;
  rejected: number;
  repaired: number;
  duplicates: number;
  no_caller: number;
  no_time: number;
  sessions: number;
  sentinel_rows: number;
  rows_owed_to_succeeded: number;
  rows_lost_to_look_back: number;
}

export interface Gap {
  from: Instant;
  to: Instant;
}

export interface SubscriptionCoverage {
  subscription: string;
  first: Instant | null;
  last: Instant | null;
  events: number;
  gaps: Gap[];
}

export interface Coverage {
  first: Instant | null;
  last: Instant | null;
  events: number;
  gaps: Gap[];
  subscriptions: SubscriptionCoverage[];
}

/** What the analyst made of a session. */
export interface Annotation {
  /** Session.id. */
  session: string;
  /** null: not judged. */
  verdict: 'benign' | 'suspicious' | 'confirmed' | null;
  /** Empty: none. */
  note: string;
}

export interface Report {
  schema: 'cloudshell-hunt/1';
  version: string;
  settings: ReportSettings;
  /** Sorted by path, then size. */
  inputs: ReportInput[];
  /** null: no input can run the published query. */
  sentinel: SentinelRow[] | null;
  sentinel_cannot_run: SentinelCannotRun[];
  /** Only rows that carry a mark. */
  sentinel_marks: SentinelMarks[];
  /** Sorted by start, then caller. */
  sessions: Session[];
  totals: Totals;
  hours: { hour: Instant; events: number }[];
  coverage: Coverage;
  /** Empty as the core makes it; report_bytes.ts fills it. */
  annotations: Annotation[];
}

/** One event of a session, in order of time (answer of Pool.sessionEvents). */
export interface SessionEvent {
  time: Instant;
  operation: string;
  status: string;
  resource_id: string;
  ip: string;
  app_id: string;
  resource_group: string;
  subscription: string;
  correlation_id: string;
  event_id: string;
  signal: SignalKind | null;
  attribution: Attribution;
  /** Index into Report.inputs. */
  input: number;
  offset: number;
  length: number;
  flags: string[];
  copies: number;
}

export interface SessionEvents {
  total: number;
  events: SessionEvent[];
}

/** Rejected spans of one input (answer of Pool.rejects); `kept` of `total` can be looked at. */
export interface Rejects {
  total: number;
  kept: number;
  rejects: { reason: string; offset: number; length: number; line: number }[];
}

/** Reading stopped before its end because no more events fit. */
export function isMemoryFull({ inputs }: Pick<Report, 'inputs'>): boolean {
  return inputs.some(({ notes }) => notes.some(({ code }) => code === 'memory_full'));
}

export function memoryFullSentence(events: number): string {
  return `Memory is full: ${events.toLocaleString('en')} events fit, and reading stopped there. The result is partial; open fewer files, or a shorter time, at once.`;
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Parses report bytes that the engine made. Throws SyntaxError on text that is not JSON: a fault of ours, never of the evidence. */
export function parseReport(bytes: Uint8Array): Report {
  return JSON.parse(decoder.decode(bytes)) as Report;
}
