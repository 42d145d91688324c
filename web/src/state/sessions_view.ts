// What of the sessions is looked at: filters, order, columns, chosen rows, and what the analyst added (known good, verdicts). Everything shown is
// computed from here, so that table, facets, chart and counts always agree.

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { Annotations, type Verdict } from './annotations';
import { type Choice, choose, type Filter, type Filtered, filterSessions, isFiltering, noFilter } from './filter';
import { type Keeper, KnownGood, knownSessions } from './known_good';
import type { Column, FacetKey, SessionIndex } from './session_index';
import { firstSort, orderSessions, type Sort } from './session_order';

export type ColumnName =
  | 'severity'
  | 'caller'
  | 'start'
  | 'length'
  | 'operations'
  | 'attribution'
  | 'query'
  | 'flags'
  | 'techniques'
  | 'heaviest'
  | 'addresses'
  | 'subscriptions'
  | 'resource_groups'
  | 'signals'
  | 'verdict';

export const allColumns: readonly ColumnName[] = [
  'severity',
  'caller',
  'verdict',
  'start',
  'length',
  'operations',
  'heaviest',
  'techniques',
  'attribution',
  'signals',
  'addresses',
  'subscriptions',
  'resource_groups',
  'query',
  'flags',
];
const firstColumns: readonly ColumnName[] = ['severity', 'caller', 'start', 'length', 'heaviest', 'attribution', 'query', 'flags'];

export class SessionsView {
  readonly filter = signal<Filter>(noFilter);
  /** Which verdicts are shown; empty: all. 'none': not judged yet. */
  readonly verdicts = signal<ReadonlySet<Verdict | 'none'>>(new Set());
  readonly sort = signal<Sort>(firstSort);
  readonly columns = signal<ReadonlySet<ColumnName>>(new Set(firstColumns));
  /** Session indexes chosen in the table, for copying. */
  readonly picked = signal<ReadonlySet<number>>(new Set());
  readonly annotations = new Annotations();
  readonly known: KnownGood;

  /** Of the operations, by session; null: not here yet. */
  readonly resources = signal<Column | null>(null);

  readonly knownMask = computed<Uint8Array>(() => (this.index.value === null ? new Uint8Array(0) : this.knownOf(this.index.value)));
  readonly filtered = computed<Filtered | null>(() =>
    this.index.value === null
      ? null
      : this.filteredOf(this.index.value, this.knownMask.value, this.searching ? this.resources.value : null),
  );
  private readonly whole = computed<Uint32Array>(() =>
    this.index.value === null ? new Uint32Array(0) : orderSessions(this.index.value, this.sort.value),
  );
  /** Indexes of the shown sessions in the order of the table. */
  readonly order = computed<number[]>(() => shownInOrder(this.whole.value, this.filtered.value));

  constructor(
    readonly index: ReadonlySignal<SessionIndex | null>,
    keeper: () => Keeper = () => localStorage,
  ) {
    this.known = new KnownGood(keeper);
  }

  /** What `order` will be when this index and these resources are shown. */
  orderOf(index: SessionIndex, resources: Column | null): number[] {
    return shownInOrder(orderSessions(index, this.sort.value), this.filteredOf(index, this.knownOf(index), resources));
  }

  private knownOf(index: SessionIndex): Uint8Array {
    return knownSessions(index, this.known.entries.value);
  }

  private filteredOf(index: SessionIndex, known: Uint8Array, resources: Column | null): Filtered {
    return filterSessions(index, this.filter.value, {
      known,
      hideKnown: this.known.hide.value,
      resources,
      notes: this.notesOf(index),
      judged: this.judgedOf(index),
    });
  }

  /** What notes say, by session index, for the search. */
  private notesOf(index: SessionIndex): ReadonlyMap<number, string> {
    const notes = new Map<number, string>();
    for (const { session, note } of this.annotations.list()) {
      const at = index.ids.get(session);
      if (at !== undefined && note !== '') notes.set(at, note);
    }
    return notes;
  }

  /** 1: its verdict is among the wanted ones; null: every verdict is. */
  private judgedOf(index: SessionIndex): Uint8Array | null {
    const wanted = this.verdicts.value;
    if (wanted.size === 0) return null;
    const shown = new Uint8Array(index.count).fill(wanted.has('none') ? 1 : 0);
    for (const { session, verdict } of this.annotations.list()) {
      const at = index.ids.get(session);
      if (at !== undefined) shown[at] = wanted.has(verdict ?? 'none') ? 1 : 0;
    }
    return shown;
  }

  get searching(): boolean {
    return this.filter.value.search.trim() !== '';
  }

  get filtering(): boolean {
    return isFiltering(this.filter.value) || this.verdicts.value.size > 0;
  }

  choose(facet: FacetKey, value: string, choice: Choice | null): void {
    this.filter.value = choose(this.filter.value, facet, value, choice);
  }

  choiceOf(facet: FacetKey, value: string): Choice | null {
    return this.filter.value.facets.get(facet)?.get(value.toLowerCase()) ?? null;
  }

  narrow(span: Filter['span']): void {
    this.filter.value = { ...this.filter.value, span };
  }

  showAll(): void {
    batch(() => {
      this.filter.value = noFilter;
      this.verdicts.value = new Set();
    });
  }

  toggleColumn(column: ColumnName): void {
    const columns = new Set(this.columns.value);
    if (!columns.delete(column)) columns.add(column);
    this.columns.value = columns;
  }

  togglePicked(session: number): void {
    const picked = new Set(this.picked.value);
    if (!picked.delete(session)) picked.add(session);
    this.picked.value = picked;
  }

  /** Lets go of what belongs to one case. The known-good list outlives it: it is about the tenant, not the files. */
  forget(): void {
    batch(() => {
      this.showAll();
      this.sort.value = firstSort;
      this.picked.value = new Set();
      this.annotations.clear();
    });
  }
}

function shownInOrder(whole: Uint32Array, filtered: Filtered | null): number[] {
  const order: number[] = [];
  if (filtered !== null) for (const session of whole) if (filtered.shown[session] === 1) order.push(session);
  return order;
}
