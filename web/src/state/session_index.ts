// What the table, the facets and the search need to know of every session, as columns of numbers: 100,000 sessions are filtered, counted and
// sorted within a few milliseconds. Texts of the evidence stand once, in dictionaries; a session holds their numbers. Texts that differ in
// upper and lower case only are one value, shown as first met. Keys come from the evidence, so they live in Maps.

import { type Attribution, attributionsUp, type Session, type Severity, severitiesUp } from '../engine/report';

export const facetKeys = [
  'severity',
  'attribution',
  'signal',
  'query',
  'technique',
  'flag',
  'kind',
  'caller',
  'operation',
  'address',
  'subscription',
  'resource_group',
  'app_id',
] as const;
/** `query`: `found`, or each reason why the published query misses the session. `kind`: what sort of operations it holds. */
export type FacetKey = (typeof facetKeys)[number];

/** Values of `kind`: Policy's own writes, the shell's own set-up, operations that only failed, and everything else. */
export const kinds = ['ordinary', 'policy', 'shell_setup', 'failed'] as const;

export const severityRank = (severity: Severity): number => severitiesUp.indexOf(severity);
export const attributionRank = (attribution: Attribution): number => attributionsUp.indexOf(attribution);

/** One facet over all sessions: values[places[i] .. places[i + 1]] are the numbers of session i's texts. */
export interface Column {
  /** As first met. */
  readonly texts: string[];
  /** In lower case; what values are known by in filters and links. */
  readonly folded: string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly places: Uint32Array;
  readonly values: Uint32Array;
}

export interface SessionIndex {
  readonly count: number;
  /** Milliseconds since 1970; what is below a millisecond decides nothing here. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly severity: Uint8Array;
  readonly attribution: Uint8Array;
  readonly found: Uint8Array;
  readonly operations: Uint32Array;
  readonly columns: ReadonlyMap<FacetKey, Column>;
  readonly ids: ReadonlyMap<string, number>;
  /** The ids, by session. */
  readonly names: readonly string[];
}

export const fold = (text: string): string => text.toLowerCase();

class ColumnBuilder {
  private readonly texts: string[] = [];
  private readonly folded: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** The session that held a value last: a value that two operations of one session have counts once. */
  private readonly heldBy: number[] = [];
  private readonly places: number[] = [0];
  private readonly values: number[] = [];

  add(session: number, text: string): void {
    const key = fold(text);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.texts.length;
      this.numbers.set(key, number);
      this.texts.push(text);
      this.folded.push(key);
      this.heldBy.push(-1);
    }
    if (this.heldBy[number] === session) return;
    this.heldBy[number] = session;
    this.values.push(number);
  }

  endSession(): void {
    this.places.push(this.values.length);
  }

  build(): Column {
    return {
      texts: this.texts,
      folded: this.folded,
      numbers: this.numbers,
      places: Uint32Array.from(this.places),
      values: Uint32Array.from(this.values),
    };
  }
}

/** Takes sessions in the report's order. */
export class SessionIndexBuilder {
  private count = 0;
  private readonly start: number[] = [];
  private readonly end: number[] = [];
  private readonly severity: number[] = [];
  private readonly attribution: number[] = [];
  private readonly found: number[] = [];
  private readonly operations: number[] = [];
  private readonly ids = new Map<string, number>();
  private readonly columns = new Map<FacetKey, ColumnBuilder>(facetKeys.map((key) => [key, new ColumnBuilder()]));
  private readonly resources = new ColumnBuilder();

  add(session: Session): void {
    const at = this.count;
    this.count += 1;
    this.ids.set(session.id, at);
    this.start.push(Date.parse(session.start));
    this.end.push(Date.parse(session.end));
    this.severity.push(Math.max(0, severityRank(session.severity)));
    this.attribution.push(Math.max(0, attributionRank(session.attribution)));
    this.found.push(session.sentinel_rows.length > 0 ? 1 : 0);
    this.operations.push(session.operations.length);
    const put = (key: FacetKey, texts: Iterable<string>) => {
      const column = this.columns.get(key);
      if (column !== undefined) for (const text of texts) column.add(at, text);
    };
    put('severity', [session.severity]);
    put('attribution', [session.attribution]);
    put('caller', [session.caller]);
    put('flag', session.flags);
    put('query', session.sentinel_rows.length > 0 ? ['found'] : session.why_not);
    for (const { kind } of session.signals) put('signal', [kind]);
    for (const { kind } of session.signals_per_hour ?? []) put('signal', [kind]);
    put('address', session.ips);
    put('subscription', session.subscriptions);
    put('resource_group', session.resource_groups);
    put('app_id', session.app_ids);
    for (const operation of session.operations) {
      put('operation', [operation.name]);
      put('technique', operation.techniques);
      put('kind', [operation.policy ? 'policy' : operation.shell_setup ? 'shell_setup' : operation.failed ? 'failed' : 'ordinary']);
      for (const resource of operation.resources) this.resources.add(at, resource);
    }
    for (const column of this.columns.values()) column.endSession();
    this.resources.endSession();
  }

  build(): SessionIndex {
    return {
      count: this.count,
      start: Float64Array.from(this.start),
      end: Float64Array.from(this.end),
      severity: Uint8Array.from(this.severity),
      attribution: Uint8Array.from(this.attribution),
      found: Uint8Array.from(this.found),
      operations: Uint32Array.from(this.operations),
      columns: new Map([...this.columns].map(([key, column]) => [key, column.build()])),
      ids: this.ids,
      names: [...this.ids.keys()],
    };
  }

  /** The column that the search looks at beside the facets. */
  buildResources(): Column {
    return this.resources.build();
  }
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Walks over the parts of what append_session_index() of the core wrote. */
class IndexReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array<ArrayBuffer>) {}

  floats(count: number): Float64Array {
    return new Float64Array(this.bytes.buffer, this.take(8 * count), count);
  }
  words(count: number): Uint32Array {
    return new Uint32Array(this.bytes.buffer, this.take(4 * count), count);
  }
  word(): number {
    return this.words(1)[0] ?? 0;
  }
  octets(count: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.take(count), count);
  }
  align(): void {
    this.at = Math.ceil(this.at / 4) * 4;
  }
  /** Reads texts, and the same in lower case, when it is called. */
  texts(): () => Texts {
    const [count = 0, bytes = 0] = this.words(2);
    const ends = this.words(count);
    const utf8 = this.octets(bytes);
    this.align();
    return () => textsOf(count, utf8, ends);
  }

  /** Where the next part begins in the buffer. */
  private take(count: number): number {
    this.at += count;
    return this.bytes.byteOffset + this.at - count;
  }
}

interface Texts {
  texts: string[];
  folded: string[];
  /** Nothing but ASCII. */
  plain: boolean;
}

function textsOf(count: number, utf8: Uint8Array, ends: Uint32Array): Texts {
  const all = decoder.decode(utf8);
  const cut = (whole: string) => {
    const out: string[] = new Array(count);
    let from = 0;
    for (let at = 0; at < count; at += 1) {
      const to = ends[at] ?? 0;
      out[at] = whole.slice(from, to);
      from = to;
    }
    return out;
  };
  const texts = cut(all);
  // Beyond ASCII the lower case of a text may be longer, and depend on what stands beside it.
  const plain = utf8.length === all.length;
  return { texts, folded: plain ? cut(all.toLowerCase()) : texts.map(fold), plain };
}

/** A column that is read when first asked for: some are never looked at. */
function laterColumn(reader: IndexReader, count: number): Column {
  const texts = reader.texts();
  const places = reader.words(count + 1);
  const values = reader.words(reader.word());
  let column: Column | null = null;
  const read = () => {
    column ??= columnOf(texts(), places, values, count);
    return column;
  };
  return {
    get texts() {
      return read().texts;
    },
    get folded() {
      return read().folded;
    },
    get numbers() {
      return read().numbers;
    },
    get places() {
      return read().places;
    },
    get values() {
      return read().values;
    },
  };
}

function columnOf({ texts, folded, plain }: Texts, places: Uint32Array, values: Uint32Array, count: number): Column {
  // The core tells texts apart without regard to ASCII case alone; here all case is folded.
  if (!plain && new Set(folded).size < folded.length) {
    const builder = new ColumnBuilder();
    for (let session = 0; session < count; session += 1) {
      for (let at = places[session] ?? 0; at < (places[session + 1] ?? 0); at += 1) builder.add(session, texts[values[at] ?? 0] ?? '');
      builder.endSession();
    }
    return builder.build();
  }
  let numbers: Map<string, number> | null = null;
  return {
    texts,
    folded,
    places,
    values,
    // Made when first asked for: most columns are never looked up by text.
    get numbers() {
      numbers ??= new Map(folded.map((text, number) => [text, number]));
      return numbers;
    },
  };
}

/** The index as the core makes it: the same as one built from the report's sessions, in a tenth of the time. */
export function readIndex(bytes: Uint8Array<ArrayBuffer>): SessionIndex {
  const reader = new IndexReader(bytes);
  const count = reader.word();
  const columns = reader.word();
  const start = reader.floats(count);
  const end = reader.floats(count);
  const operations = reader.words(count);
  const severity = reader.octets(count);
  const attribution = reader.octets(count);
  const found = reader.octets(count);
  reader.align();
  const names = reader.texts()().texts;
  if (columns !== facetKeys.length) throw new Error(`the index has ${columns} columns, not ${facetKeys.length}`);
  return {
    count,
    start,
    end,
    operations,
    severity,
    attribution,
    found,
    ids: new Map(names.map((id, session) => [id, session])),
    names,
    columns: new Map(facetKeys.map((key) => [key, laterColumn(reader, count)])),
  };
}

/** The column that the search looks at beside the facets, as the core makes it. */
export function readResources(bytes: Uint8Array<ArrayBuffer>): Column {
  const reader = new IndexReader(bytes);
  return laterColumn(reader, reader.word());
}

export function resourcesOf(sessions: Iterable<Session>): Column {
  const builder = new SessionIndexBuilder();
  for (const session of sessions) builder.add(session);
  return builder.buildResources();
}

export function indexOf(sessions: Iterable<Session>): SessionIndex {
  const builder = new SessionIndexBuilder();
  for (const session of sessions) builder.add(session);
  return builder.build();
}
