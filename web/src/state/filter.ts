// Which sessions are shown, how many each value of a facet would leave, and how many are hidden by what. Invariant: shown + hidden by filters +
// hidden as known good = all sessions; a hidden session is always counted somewhere. Within a facet the chosen values are alternatives, between
// facets all must hold; the count beside a value is what the other filters leave of it, so that it says what choosing it would show.

import { type Column, type FacetKey, facetKeys, fold, type SessionIndex } from './session_index';

export type Choice = 'only' | 'not';
/** Folded value -> shown alone or left out. */
export type Choices = ReadonlyMap<string, Choice>;

export interface Filter {
  /** Words that must all occur somewhere in the session. */
  search: string;
  /** Sessions that reach into [from, to) are shown; milliseconds since 1970. */
  span: { from: number; to: number } | null;
  facets: ReadonlyMap<FacetKey, Choices>;
}

export const noFilter: Filter = { search: '', span: null, facets: new Map() };

export function isFiltering(filter: Filter): boolean {
  return filter.search.trim() !== '' || filter.span !== null || filter.facets.size > 0;
}

/** The filter with one value chosen, left out, or (null) neither. */
export function choose(filter: Filter, facet: FacetKey, value: string, choice: Choice | null): Filter {
  const facets = new Map(filter.facets);
  const choices = new Map(facets.get(facet));
  if (choice === null) choices.delete(fold(value));
  else choices.set(fold(value), choice);
  if (choices.size === 0) facets.delete(facet);
  else facets.set(facet, choices);
  return { ...filter, facets };
}

export interface Filtered {
  /** 1: shown. */
  readonly shown: Uint8Array;
  /** 1: would be shown if the span of time did not count. */
  readonly inAnyTime: Uint8Array;
  readonly shownCount: number;
  readonly hiddenByFilters: number;
  /** Hidden as known good and by nothing else. */
  readonly hiddenAsKnown: number;
  /** Per facet, per number of a value: sessions that all other filters leave. */
  readonly counts: ReadonlyMap<FacetKey, Uint32Array>;
}

// What a session can fail beside the facets.
const kSpan = facetKeys.length;
const kSearch = kSpan + 1;
const kJudged = kSpan + 2;
const kKnown = kSpan + 3;

/** The numbers of a column's values that `choices` names; unknown values are left out. */
function marks(column: Column, choices: Choices): { only: Uint8Array | null; not: Uint8Array | null } {
  let only: Uint8Array | null = null;
  let not: Uint8Array | null = null;
  for (const [value, choice] of choices) {
    const number = column.numbers.get(value);
    if (choice === 'only') {
      only ??= new Uint8Array(column.texts.length);
      if (number !== undefined) only[number] = 1;
    } else {
      not ??= new Uint8Array(column.texts.length);
      if (number !== undefined) not[number] = 1;
    }
  }
  return { only, not };
}

/** 1 for each session that holds a marked value. */
function holding(column: Column, marked: Uint8Array, count: number): Uint8Array {
  const holds = new Uint8Array(count);
  const { places, values } = column;
  for (let session = 0; session < count; session += 1) {
    const to = places[session + 1] ?? 0;
    for (let at = places[session] ?? 0; at < to; at += 1) {
      if (marked[values[at] ?? 0] === 1) {
        holds[session] = 1;
        break;
      }
    }
  }
  return holds;
}

// The words of our own vocabulary are found by the facets, not by typing; their code words would be found by accident.
const searched: FacetKey[] = ['caller', 'operation', 'technique', 'address', 'subscription', 'resource_group', 'app_id'];

/** 1 for each session in which every word occurs; `notes`: what the analyst wrote, by session index. */
function searchedSessions(
  index: SessionIndex,
  search: string,
  { resources, notes }: Pick<Surroundings, 'resources' | 'notes'>,
): Uint8Array | null {
  const words = fold(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  const all = new Uint8Array(index.count).fill(1);
  for (const word of words) {
    const any = new Uint8Array(index.count);
    for (const column of [...searched.map((key) => index.columns.get(key)), resources]) {
      if (column == null) continue;
      const marked = new Uint8Array(column.folded.length);
      let hits = 0;
      column.folded.forEach((text, number) => {
        if (!text.includes(word)) return;
        marked[number] = 1;
        hits += 1;
      });
      if (hits === 0) continue;
      const holds = holding(column, marked, index.count);
      for (let session = 0; session < index.count; session += 1) any[session] = (any[session] ?? 0) | (holds[session] ?? 0);
    }
    for (const [session, note] of notes) if (fold(note).includes(word)) any[session] = 1;
    for (let session = 0; session < index.count; session += 1) all[session] = (all[session] ?? 0) & (any[session] ?? 0);
  }
  return all;
}

export interface Surroundings {
  /** 1: known good. */
  known: Uint8Array;
  hideKnown: boolean;
  /** Of the operations, which the search looks at too; null: not here yet. */
  resources: Column | null;
  notes: ReadonlyMap<number, string>;
  /** 1: its verdict is among the wanted ones; null: every verdict is. */
  judged: Uint8Array | null;
}

/** `surroundings.known` has one entry a session. */
export function filterSessions(
  index: SessionIndex,
  filter: Filter,
  { known, hideKnown, resources, notes, judged }: Surroundings,
): Filtered {
  const { count } = index;
  // How many of its tests a session fails, and the last of them: a session that fails one alone is what that test hides.
  const fails = new Uint8Array(count);
  const failed = new Uint8Array(count);
  const fail = (session: number, test: number) => {
    fails[session] = (fails[session] ?? 0) + 1;
    failed[session] = test;
  };
  facetKeys.forEach((key, test) => {
    const choices = filter.facets.get(key);
    const column = index.columns.get(key);
    if (choices === undefined || column === undefined) return;
    const { only, not } = marks(column, choices);
    const wanted = only === null ? null : holding(column, only, count);
    const unwanted = not === null ? null : holding(column, not, count);
    for (let session = 0; session < count; session += 1) {
      if ((wanted !== null && wanted[session] === 0) || (unwanted !== null && unwanted[session] === 1)) fail(session, test);
    }
  });
  if (filter.span !== null) {
    const { from, to } = filter.span;
    for (let session = 0; session < count; session += 1) {
      if ((index.start[session] ?? 0) >= to || (index.end[session] ?? 0) <= from) fail(session, kSpan);
    }
  }
  const found = searchedSessions(index, filter.search, { resources, notes });
  if (found !== null) for (let session = 0; session < count; session += 1) if (found[session] === 0) fail(session, kSearch);
  if (judged !== null) for (let session = 0; session < count; session += 1) if (judged[session] === 0) fail(session, kJudged);
  if (hideKnown) for (let session = 0; session < count; session += 1) if (known[session] === 1) fail(session, kKnown);

  const shown = new Uint8Array(count);
  const inAnyTime = new Uint8Array(count);
  let shownCount = 0;
  let hiddenAsKnown = 0;
  for (let session = 0; session < count; session += 1) {
    if (fails[session] === 0) {
      shown[session] = 1;
      inAnyTime[session] = 1;
      shownCount += 1;
    } else if (fails[session] === 1) {
      if (failed[session] === kSpan) inAnyTime[session] = 1;
      if (failed[session] === kKnown) hiddenAsKnown += 1;
    }
  }

  const counts = new Map<FacetKey, Uint32Array>();
  facetKeys.forEach((key, test) => {
    const column = index.columns.get(key);
    if (column === undefined) return;
    const { places, values, texts } = column;
    const ofFacet = new Uint32Array(texts.length);
    for (let session = 0; session < count; session += 1) {
      if (fails[session] !== 0 && !(fails[session] === 1 && failed[session] === test)) continue;
      const to = places[session + 1] ?? 0;
      for (let at = places[session] ?? 0; at < to; at += 1) {
        const number = values[at] ?? 0;
        ofFacet[number] = (ofFacet[number] ?? 0) + 1;
      }
    }
    counts.set(key, ofFacet);
  });
  return { shown, inAnyTime, shownCount, hiddenByFilters: count - shownCount - hiddenAsKnown, hiddenAsKnown, counts };
}

export interface FacetValue {
  /** As first met. */
  text: string;
  folded: string;
  count: number;
  choice: Choice | null;
}

/**
 * The values of a facet to list: the chosen ones first, then by count, then by text; at most `most` beside the chosen ones. `total` counts all that
 * match `search` and still have a session.
 */
export function facetValues(
  column: Column,
  counts: Uint32Array,
  choices: Choices | undefined,
  search: string,
  most: number,
): { values: FacetValue[]; total: number } {
  const wanted = fold(search.trim());
  const chosen: FacetValue[] = [];
  for (const [folded, choice] of choices ?? []) {
    const number = column.numbers.get(folded);
    chosen.push({
      text: number === undefined ? folded : (column.texts[number] ?? folded),
      folded,
      count: number === undefined ? 0 : (counts[number] ?? 0),
      choice,
    });
  }
  // Of 100,000 callers ten are listed: kept in order while walking, which sorts nothing.
  const best: number[] = [];
  const heavier = (a: number, b: number) => {
    const difference = (counts[a] ?? 0) - (counts[b] ?? 0);
    return difference !== 0 ? difference > 0 : (column.folded[a] ?? '') < (column.folded[b] ?? '');
  };
  let total = 0;
  for (let number = 0; number < counts.length; number += 1) {
    const folded = column.folded[number] ?? '';
    if (counts[number] === 0 || choices?.has(folded) || (wanted !== '' && !folded.includes(wanted))) continue;
    total += 1;
    const last = best.at(-1);
    if (best.length >= most && last !== undefined && !heavier(number, last)) continue;
    let place = best.length;
    while (place > 0 && heavier(number, best[place - 1] ?? 0)) place -= 1;
    best.splice(place, 0, number);
    if (best.length > most) best.pop();
  }
  const values = best.map((number) => ({
    text: column.texts[number] ?? '',
    folded: column.folded[number] ?? '',
    count: counts[number] ?? 0,
    choice: null,
  }));
  return { values: [...chosen, ...values], total };
}
