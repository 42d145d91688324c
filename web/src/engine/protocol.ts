// What the pool and its workers say to each other. Workers get ranges of sources, never bytes: each reads its own slices. Every message is
// one member of a discriminated union, and every switch over them ends in `never`.
// A worker answers each `ask` with exactly one `answer` or `failed` of the same id, and while it is busy reading it posts `alive` or `progress`
// at least once a second; the watchdog of the pool relies on both.

import type { Instant, SignalKind } from './report';
import type { Settings } from './settings';

/** How a part of an input begins (core/engine/parts.h). */
export interface PartBegin {
  /** Names this reading of the part; unique within a run, and never the number of an input. */
  id: number;
  /** Empty: the input's beginning. */
  state: string;
  /** `state` is that of some other place, and the first record at or behind `from` is to be guessed. */
  guess: boolean;
}

/** What a part's reading came to; the engine's answer. */
export interface PartDone {
  /** As in PartBegin. */
  id: number;
  /** null: no beginning was found. */
  start: number | null;
  startState: string;
  end: number;
  /** Empty: the end of the input, or of what could be read of it. */
  endState: string;
  /** The input must be read in one go. */
  alone: boolean;
}

/** An input, from 0 to its size, or a part of one. Parts of one input share `number`. */
export interface WorkItem {
  /** Ties the parts of an input together; chosen by the pool, unique within a run. */
  number: number;
  /** As it stands in the report. */
  path: string;
  /** What the worker's reader opens: a File in the browser, a NodeFile in Node. Structured-cloneable. */
  handle: unknown;
  /** Bytes of the source when it was picked; a shorter source is reported as cut. */
  size: number;
  from: number;
  to: number;
  part?: PartBegin;
  /** Of an input in parts: what it began with when it was planned (file_source.ts), so that each part tells whether it is still the same file. */
  head?: number;
}

/** Whether an input can be read in parts. */
export interface Plan {
  /** The state with which they can be guessed; empty: it is to be read in one go. */
  state: string;
  head: number;
}

/** What names a reading of an item. */
export function keyOf({ number, part }: WorkItem): number {
  return part?.id ?? number;
}

/** One entry of a zip archive: where its content begins in the archive, and how it lies there. */
export interface Step {
  at: number;
  packed: number;
  deflated: boolean;
}

/** One input that a container turned into. */
export interface OpenedInput {
  path: string;
  /** Of the opened stream, given to the engine. */
  bytes: number;
  /** From the file inwards; none where the file is gzip alone. */
  steps: Step[];
}

export type ItemState = 'read' | 'cut' | 'refused';

export interface ItemDone {
  number: number;
  part?: PartDone;
  state: ItemState;
  /** Bytes given to the engine. */
  bytes: number;
  /** Why it is cut or refused, one sentence; empty when read. */
  why: string;
  /** Of a container: all the inputs that it turned into, in place of the one. */
  opened?: OpenedInput[];
}

/** Running counts of one worker's engine. */
export interface EngineProgress {
  events: number;
  rejected: number;
  other: number;
  bytes: number;
  heap_events_bytes: number;
  heap_text_bytes: number;
}

/** Signs of Cloud Shell among the events read last (core/report/report.h). */
export interface NewSignals {
  signals: { caller: string; time: Instant; kind: SignalKind; in_shell: boolean }[];
  /** Further ones whose time a setting must place first. */
  zoneless: number;
  /** Events that are not looked at yet. */
  waiting: number;
}

/** A text over the last hunt; what each is stands in core/report/report.h. */
export type TextKind = TableText | QueryText;

export interface TableText {
  text: 'table';
  table: 'sessions' | 'operations' | 'events' | 'sentinel';
  /** The last two hold events alone. */
  form: 'csv' | 'csv-raw' | 'markdown' | 'json-lines' | 'timesketch';
  /** Indexes into Report.sessions in the order shown; left out: all. */
  sessions?: readonly number[];
  /** How many sessions are hidden, and by what, one sentence: CSV and Markdown say it. */
  hidden?: number;
  filters?: string;
  /** Of a table made in parts: titles stand in the first, what is hidden in the last. */
  head?: boolean;
  tail?: boolean;
}

export interface QueryText {
  text: 'query';
  query: (typeof queries)[number];
  dialect: (typeof dialects)[number];
}

/** In the order of csh::Query and csh::Dialect. */
export const queries = ['published', 'sessions'] as const;
export const dialects = ['kql', 'duckdb', 'trino', 'spark'] as const;

/** An input that is a row in the report though no engine could read it. */
export interface RefusedInput {
  number: number;
  path: string;
  container: 'none' | 'gzip' | 'zip';
  code: string;
  message: string;
  /** Of the opened stream, where they are known. */
  bytes?: number | undefined;
}

/** A question with exactly one answer. */
export type Ask =
  | { ask: 'read'; items: WorkItem[] }
  /** Answer: a Plan, as JSON. */
  | { ask: 'plan'; item: WorkItem }
  /** Readings of parts that do not count. */
  | { ask: 'drop-parts'; ids: number[] }
  /** `readsOn`: as in begin-import. */
  | { ask: 'begin-export'; readsOn: boolean }
  /** Answers with an image, in `room` where it fits. `room` is transferred. */
  | { ask: 'next-image'; room?: ArrayBuffer | undefined }
  /** `bytes`: what the exporting engine holds, `events` of them. `readsOn`: further items are read afterwards. Refused as out of memory where it does not fit; then nothing is changed. */
  | { ask: 'begin-import'; bytes: number; events: number; memoryMebibytes: number; readsOn: boolean }
  /** The image is transferred, and so is the answer, which is empty and lies in the image's memory: new memory costs more than to fill it. */
  | { ask: 'import-image'; image: Uint8Array<ArrayBuffer> }
  | { ask: 'end-import' }
  /** Another engine holds what this one did: it lets go of it, and holds what is read from now on. */
  | { ask: 'begin-anew' }
  | { ask: 'refuse'; inputs: RefusedInput[] }
  /** Inputs, or parts of such, of which nothing is taken for want of memory: each becomes a row that says so. */
  | { ask: 'leave-out'; items: WorkItem[] }
  /** Answers with the report's outline: no session stands in its list. */
  | { ask: 'hunt'; settings: Settings }
  /** The whole report over the last hunt. */
  | { ask: 'report' }
  /** Over the last hunt; what they hold stands in core/report/report.h (append_session_index, append_session_resources). */
  | { ask: 'session-index' }
  | { ask: 'session-resources' }
  | { ask: 'text'; kind: TextKind }
  | { ask: 'session-events'; session: number; first: number; count: number }
  | { ask: 'rejects'; input: number; first: number; count: number }
  /** Bytes [from, to) of what the steps lead to. While it unpacks, the worker posts progress; `current` then counts bytes of the file. */
  | { ask: 'unpack'; handle: unknown; size: number; steps: Step[]; from: number; to: number };

/** `memoryMebibytes`: as EngineHost.limitMemory(); left out: the engine's own limit. */
export type ToWorker =
  | { type: 'start'; module: WebAssembly.Module; memoryMebibytes?: number | undefined }
  | ({ type: 'ask'; id: number } & Ask);

export type FromWorker =
  /** The engine stands. */
  | { type: 'ready' }
  /** Still at work, nothing new. */
  | { type: 'alive' }
  | {
      type: 'progress';
      /** The input being read and how far, or null between two. */
      current: { number: number; bytes: number } | null;
      /** Inputs finished since the last progress. */
      done: ItemDone[];
      engine: EngineProgress;
      /** Now and then, where there are new ones. */
      signals?: NewSignals | undefined;
      /** Size of the wasm memory: it never shrinks, so the last one told is its peak. */
      heapBytes: number;
    }
  /** Bytes of the answer, empty where there is nothing to say. */
  | { type: 'answer'; id: number; bytes: Uint8Array<ArrayBuffer>; heapBytes: number }
  /** `refused`: the engine's own Error code, the engine is sound. `fault`: a trap or a bug, the worker must not be used again. */
  | { type: 'failed'; id: number | null; kind: 'refused' | 'fault'; code: number; message: string };
