// What the analyst knows to be expected: callers, addresses, applications, operations. A session is known good when its caller is on the list, or
// when everything it shows of one kind is: all of its addresses, all of its app ids or all of its operations. One unexpected address therefore
// keeps a session in sight. The list lives in memory; it is kept in the browser only while the analyst asks for it, and leaves as a file.

import { signal } from '@preact/signals';
import { fold, type SessionIndex } from './session_index';

export const knownKinds = ['caller', 'address', 'app_id', 'operation'] as const;
export type KnownKind = (typeof knownKinds)[number];

export interface KnownEntry {
  kind: KnownKind;
  value: string;
}

export const kKnownSchema = 'cloudshell-hunt/known-good/1';
const kStorageKey = 'cloudshell-hunt/known-good';
// More than a team marks by hand; a file of millions would only slow the page down.
export const kMostEntries = 10_000;
export const kLongestValue = 4096;

/** Where the list is kept on request: the browser's localStorage; a file page may have none. */
export type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const keyOf = ({ kind, value }: KnownEntry): string => `${kind} ${fold(value)}`;

export type ReadList = { ok: true; entries: KnownEntry[] } | { ok: false; why: string };

/** Reads a list that this page has written; anything else is refused with a sentence. */
export function readKnownList(text: string): ReadList {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { ok: false, why: 'This is no known-good list: the file is not JSON.' };
  }
  const { schema, entries } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as { schema?: unknown; entries?: unknown };
  if (schema !== kKnownSchema || !Array.isArray(entries)) {
    return { ok: false, why: `This is no known-good list: it lacks "schema": "${kKnownSchema}" and its "entries".` };
  }
  if (entries.length > kMostEntries) return { ok: false, why: `The list has more than ${kMostEntries.toLocaleString('en')} entries.` };
  const read: KnownEntry[] = [];
  for (const entry of entries as unknown[]) {
    const { kind, value } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<Record<'kind' | 'value', unknown>>;
    const known = knownKinds.find((one) => one === kind);
    if (known === undefined || typeof value !== 'string' || value === '' || value.length > kLongestValue) {
      return { ok: false, why: `Entry ${read.length + 1} of the list is not a kind (${knownKinds.join(', ')}) with a value.` };
    }
    read.push({ kind: known, value });
  }
  return { ok: true, entries: read };
}

export class KnownGood {
  /** In order of kind and value, each once. */
  readonly entries = signal<readonly KnownEntry[]>([]);
  readonly hide = signal(false);
  /** The list is kept in this browser. */
  readonly kept = signal(false);
  /** One sentence when it could not be kept or read. */
  readonly problem = signal('');

  constructor(private readonly keeper: () => Keeper) {
    try {
      const stored = keeper().getItem(kStorageKey);
      if (stored === null) return;
      const list = readKnownList(stored);
      if (!list.ok) {
        this.problem.value = `The list kept in this browser could not be read. ${list.why}`;
        return;
      }
      this.kept.value = true;
      this.entries.value = ordered(list.entries);
    } catch {
      // No storage here: then nothing was kept either.
    }
  }

  has(kind: KnownKind, value: string): boolean {
    return this.keys().has(keyOf({ kind, value }));
  }

  add(...entries: KnownEntry[]): void {
    const short = entries.filter(({ value }) => value.length <= kLongestValue);
    this.set([...this.entries.value, ...short]);
    if (short.length < entries.length) this.problem.value = `A value of more than ${kLongestValue} characters cannot be marked.`;
  }

  remove(kind: KnownKind, value: string): void {
    const gone = keyOf({ kind, value });
    this.set(this.entries.value.filter((entry) => keyOf(entry) !== gone));
  }

  clear(): void {
    this.set([]);
  }

  /** Keeps the list in the browser from now on, or forgets it there. */
  keep(wanted: boolean): void {
    this.problem.value = '';
    this.kept.value = wanted;
    this.store();
  }

  json(): string {
    return `${JSON.stringify({ schema: kKnownSchema, entries: this.entries.value }, null, 2)}\n`;
  }

  private set(entries: readonly KnownEntry[]): void {
    const all = ordered(entries);
    this.problem.value = all.length > kMostEntries ? `Only the first ${kMostEntries.toLocaleString('en')} entries were taken.` : '';
    this.entries.value = all.slice(0, kMostEntries);
    this.store();
  }

  private store(): void {
    try {
      if (this.kept.value) this.keeper().setItem(kStorageKey, this.json());
      else this.keeper().removeItem(kStorageKey);
    } catch {
      if (!this.kept.value) return;
      this.kept.value = false;
      this.problem.value = 'This browser does not let the page keep anything. Export the list instead.';
    }
  }

  private keys(): Set<string> {
    return new Set(this.entries.value.map(keyOf));
  }
}

function ordered(entries: readonly KnownEntry[]): KnownEntry[] {
  const byKey = new Map<string, KnownEntry>();
  for (const entry of entries) if (!byKey.has(keyOf(entry))) byKey.set(keyOf(entry), entry);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** 1 for each session that is known good. */
export function knownSessions(index: SessionIndex, entries: readonly KnownEntry[]): Uint8Array {
  const known = new Uint8Array(index.count);
  for (const kind of knownKinds) {
    const column = index.columns.get(kind);
    const wanted = entries.filter((entry) => entry.kind === kind);
    if (column === undefined || wanted.length === 0) continue;
    const marked = new Uint8Array(column.texts.length);
    for (const { value } of wanted) {
      const number = column.numbers.get(fold(value));
      if (number !== undefined) marked[number] = 1;
    }
    const { places, values } = column;
    for (let session = 0; session < index.count; session += 1) {
      const from = places[session] ?? 0;
      const to = places[session + 1] ?? 0;
      let all = to > from;
      for (let at = from; all && at < to; at += 1) all = marked[values[at] ?? 0] === 1;
      if (all) known[session] = 1;
    }
  }
  return known;
}
