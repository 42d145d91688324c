// The order of the sessions table. First of all: severity, then what was done inside the shell before what only shared its hour, then start.
// Every other order is by one column and falls back to that one. Sorts indexes into the report, since the engine is asked by index.

import { attributionRank, fold, type SessionIndex, severityRank } from './session_index';

export { attributionRank, severityRank };

export type SortKey = 'severity' | 'caller' | 'start' | 'length' | 'operations' | 'attribution' | 'query';

export interface Sort {
  key: SortKey;
  /** True: smallest first. */
  ascending: boolean;
}

export const firstSort: Sort = { key: 'severity', ascending: false };

// One number holds the value that is sorted by and, below it, the place in the first order: 100,000 such numbers sort in some 10 ms, a
// comparing function takes ten times as long. 2^53 leaves 2^32 values above 2^21 sessions (a hundred years in seconds are 2^32).
const kPlaces = 2 ** 21;
const kMostValue = 2 ** 32 - 1;

/** Numbers of callers as their texts stand in order, without regard to case. Not by a collator, which takes three times as long. */
function callerRanks(index: SessionIndex): Uint32Array {
  const column = index.columns.get('caller');
  const ranks = new Uint32Array(index.count);
  if (column === undefined) return ranks;
  const order = column.folded.map((text, number) => ({ text: fold(text), number })).sort((a, b) => (a.text < b.text ? -1 : 1));
  const rankOf = new Uint32Array(order.length);
  order.forEach(({ number }, rank) => {
    rankOf[number] = rank;
  });
  for (let session = 0; session < index.count; session += 1) ranks[session] = rankOf[column.values[session] ?? 0] ?? 0;
  return ranks;
}

function valuesOf(index: SessionIndex, key: SortKey): ArrayLike<number> {
  switch (key) {
    case 'severity':
      return index.severity;
    case 'caller':
      return callerRanks(index);
    case 'start':
      return new Uint32Array(index.count).map((_, session) => session); // the report's own order
    case 'length':
      return index.end.map((end, session) => Math.round((end - (index.start[session] ?? 0)) / 1000));
    case 'operations':
      return index.operations;
    case 'attribution':
      return index.attribution;
    case 'query':
      return index.found;
    default:
      return unreachable(key);
  }
}

function unreachable(key: never): never {
  throw new Error(`unexpected ${String(key)}`);
}

/** Session indexes, by `values` and then by `places`. */
function sortBy(values: ArrayLike<number>, places: ArrayLike<number>, ascending: boolean, byPlace: Uint32Array): Uint32Array {
  const keys = new Float64Array(values.length);
  for (let session = 0; session < keys.length; session += 1) {
    const value = Math.min(kMostValue, Math.max(0, values[session] ?? 0));
    keys[session] = (ascending ? value : kMostValue - value) * kPlaces + (places[session] ?? 0);
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at += 1) order[at] = byPlace[(keys[at] ?? 0) % kPlaces] ?? 0;
  return order;
}

/** Indexes into report.sessions. The report lists sessions by start, then caller, so its index is the order of start. */
export function orderSessions(index: SessionIndex, sort: Sort): Uint32Array {
  const starts = new Uint32Array(index.count).map((_, session) => session);
  const weights = index.severity.map((severity, session) => severity * 8 + (index.attribution[session] ?? 0));
  const first = sortBy(weights, starts, false, starts);
  if (sort.key === 'severity' && !sort.ascending) return first;
  const places = new Uint32Array(index.count);
  first.forEach((session, place) => {
    places[session] = place;
  });
  return sortBy(valuesOf(index, sort.key), places, sort.ascending, first);
}
