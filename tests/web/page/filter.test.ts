// Filters, facets and the search over sessions: what is shown, what is counted beside each value, and that no session is hidden uncounted.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../web/src/engine/report';
import { choose, type Filter, facetValues, filterSessions, isFiltering, noFilter, type Surroundings } from '../../../web/src/state/filter';
import { type FacetKey, facetKeys, indexOf, resourcesOf } from '../../../web/src/state/session_index';
import { operation, session } from './sessions';

const listKeys = 'Microsoft.Storage/storageAccounts/listKeys/action';
const assign = 'Microsoft.Authorization/roleAssignments/write';
const sessions: Session[] = [
  session({
    caller: 'Alice@contoso.com',
    severity: 'high',
    attribution: 'in_shell',
    ips: ['203.0.113.7'],
    operations: [operation(assign, { severity: 'high', techniques: ['T1098.003'], resources: ['/subscriptions/1/vault-one'] })],
    flags: ['first_use'],
    why_not: ['crosses_bin'],
  }),
  session({
    caller: 'alice@contoso.com',
    start: '2026-03-15T09:00:00Z',
    end: '2026-03-15T10:00:00Z',
    severity: 'low',
    ips: ['203.0.113.7', '203.0.113.8'],
    operations: [operation(assign.toUpperCase(), { techniques: ['T1098.003'] }), operation(listKeys, { techniques: ['T1098.003'] })],
    why_not: ['no_storage_listing'],
  }),
  session({
    caller: 'bob@contoso.com',
    start: '2026-03-16T09:00:00Z',
    end: '2026-03-16T10:00:00Z',
    severity: 'none',
    ips: ['198.51.100.9'],
    operations: [operation('Microsoft.Policy/audit/action', { policy: true })],
    sentinel_rows: [{ Caller: 'bob@contoso.com', timekey: '2026-03-16T09:00:00Z', before_start: [], after_end: [], in_other_session: [] }],
  }),
];
const index = indexOf(sessions);
const nothing: Surroundings = {
  known: new Uint8Array(3),
  hideKnown: false,
  resources: resourcesOf(sessions),
  notes: new Map(),
  judged: null,
};
const apply = (filter: Filter, around: Partial<Surroundings> = {}) => filterSessions(index, filter, { ...nothing, ...around });
const shown = (filter: Filter, around: Partial<Surroundings> = {}) => [...apply(filter, around).shown].join('');
const countsOf = (filter: Filter, facet: FacetKey, around: Partial<Surroundings> = {}) => {
  const column = index.columns.get(facet);
  const counts = apply(filter, around).counts.get(facet);
  return Object.fromEntries((column?.texts ?? []).map((text, number) => [text, counts?.[number]]));
};

describe('facets', () => {
  it('hold texts that differ in case only as one value, as first met', () => {
    expect(countsOf(noFilter, 'caller')).toEqual({ 'Alice@contoso.com': 2, 'bob@contoso.com': 1 });
    expect(countsOf(noFilter, 'operation')).toEqual({ [assign]: 2, [listKeys]: 1, 'Microsoft.Policy/audit/action': 1 });
  });

  it('count a value once a session, however many of its operations have it', () => {
    expect(countsOf(noFilter, 'technique')).toEqual({ 'T1098.003': 2 });
  });

  it('tell what the published query finds from each reason why it misses', () => {
    expect(countsOf(noFilter, 'query')).toEqual({ crosses_bin: 1, no_storage_listing: 1, found: 1 });
    expect(countsOf(noFilter, 'kind')).toEqual({ ordinary: 2, policy: 1 });
  });

  it('show a chosen value alone, chosen ones of a facet as alternatives, of two facets together', () => {
    let filter = choose(noFilter, 'caller', 'ALICE@contoso.com', 'only');
    expect(shown(filter)).toBe('110');
    filter = choose(filter, 'severity', 'high', 'only');
    expect(shown(filter)).toBe('100');
    filter = choose(filter, 'severity', 'none', 'only');
    expect(shown(filter)).toBe('100');
    filter = choose(filter, 'caller', 'bob@contoso.com', 'only');
    expect(shown(filter)).toBe('101');
  });

  it('leave a value out of everything, and take it back', () => {
    const filter = choose(noFilter, 'address', '203.0.113.8', 'not');
    expect(shown(filter)).toBe('101');
    expect(choose(filter, 'address', '203.0.113.8', null)).toEqual(noFilter);
  });

  it('count beside a value what the other facets leave of it', () => {
    const filter = choose(noFilter, 'severity', 'high', 'only');
    // Its own facet still says what choosing another value would show.
    expect(countsOf(filter, 'severity')).toEqual({ high: 1, low: 1, none: 1 });
    expect(countsOf(filter, 'caller')).toEqual({ 'Alice@contoso.com': 1, 'bob@contoso.com': 0 });
  });

  it('find nothing by a value that is no longer there', () => {
    expect(shown(choose(noFilter, 'caller', 'gone@contoso.com', 'only'))).toBe('000');
    expect(shown(choose(noFilter, 'caller', 'gone@contoso.com', 'not'))).toBe('111');
  });

  it('take a key of an object’s prototype for what it is', () => {
    const odd = indexOf([session({ caller: '__proto__' }), session({ caller: 'constructor' })]);
    const filtered = filterSessions(odd, choose(noFilter, 'caller', '__proto__', 'only'), { ...nothing, known: new Uint8Array(2) });
    expect([...filtered.shown]).toEqual([1, 0]);
  });
});

describe('a filter', () => {
  it('hides something by a word, a span or a facet, and not by blanks', () => {
    expect(isFiltering(noFilter)).toBe(false);
    expect(isFiltering({ ...noFilter, search: ' \t' })).toBe(false);
    expect(isFiltering({ ...noFilter, search: 'x' })).toBe(true);
    expect(isFiltering({ ...noFilter, span: { from: 0, to: 1 } })).toBe(true);
    expect(isFiltering(choose(noFilter, 'caller', 'x', 'not'))).toBe(true);
  });
});

describe('search', () => {
  const search = (text: string) => ({ ...noFilter, search: text });
  it('finds callers, operations, techniques, addresses and resources, without regard to case', () => {
    expect(shown(search('BOB@'))).toBe('001');
    expect(shown(search('roleassignments'))).toBe('110');
    expect(shown(search('t1098'))).toBe('110');
    expect(shown(search('198.51'))).toBe('001');
    expect(shown(search('vault-one'))).toBe('100');
    expect(shown(search('nowhere'))).toBe('000');
  });

  it('wants every word, wherever each stands', () => {
    expect(shown(search('alice  listkeys'))).toBe('010');
    expect(shown(search('bob listkeys'))).toBe('000');
    expect(shown(search('   '))).toBe('111');
    expect(shown(search('\tlistkeys\nalice '))).toBe('010');
  });

  it('looks into the analyst’s notes', () => {
    const notes = new Map([
      [0, 'seen'],
      [2, 'Ticket 4711'],
    ]);
    expect(shown(search('ticket'), { notes })).toBe('001');
  });
});

describe('spans, verdicts and known good', () => {
  const hour = (text: string) => Date.parse(text);
  it('show sessions that reach into the span', () => {
    const span = (from: string, to: string) => ({ ...noFilter, span: { from: hour(from), to: hour(to) } });
    expect(shown(span('2026-03-14T09:30:00Z', '2026-03-14T09:40:00Z'))).toBe('100');
    expect(shown(span('2026-03-14T10:00:00Z', '2026-03-15T09:00:00Z'))).toBe('000');
    expect(shown(span('2026-03-14T09:59:00Z', '2026-03-15T09:01:00Z'))).toBe('110');
    expect([...apply(span('2026-03-20T00:00:00Z', '2026-03-21T00:00:00Z')).inAnyTime].join('')).toBe('111');
    // At another time it would still be hidden by its verdict.
    const judged = Uint8Array.from([0, 1, 1]);
    expect([...apply(noFilter, { judged }).inAnyTime].join('')).toBe('011');
    expect([...apply(span('2026-03-20T00:00:00Z', '2026-03-21T00:00:00Z'), { judged }).inAnyTime].join('')).toBe('011');
  });

  it('count what is hidden, and by what', () => {
    const known = Uint8Array.from([1, 1, 0]);
    const greyed = apply(noFilter, { known });
    expect(greyed).toMatchObject({ shownCount: 3, hiddenByFilters: 0, hiddenAsKnown: 0 });
    const hidden = apply(noFilter, { known, hideKnown: true });
    expect(hidden).toMatchObject({ shownCount: 1, hiddenByFilters: 0, hiddenAsKnown: 2 });
    // Hidden by both: the filter has it.
    const both = apply(choose(noFilter, 'severity', 'high', 'not'), { known, hideKnown: true });
    expect(both).toMatchObject({ shownCount: 1, hiddenByFilters: 1, hiddenAsKnown: 1 });
    expect(apply(noFilter, { judged: Uint8Array.from([0, 1, 0]) })).toMatchObject({ shownCount: 1, hiddenByFilters: 2 });
  });

  it('leave no session uncounted, whatever is chosen', () => {
    const choice = fc.constantFrom('only' as const, 'not' as const);
    const choices = fc.array(fc.tuple(fc.constantFrom(...facetKeys), fc.nat(3), choice), { maxLength: 6 });
    fc.assert(
      fc.property(
        choices,
        fc.constantFrom('', 'alice', 'bob', 'x'),
        fc.boolean(),
        fc.array(fc.nat(1), { minLength: 3, maxLength: 3 }),
        (picks, search, hideKnown, known) => {
          let filter: Filter = { ...noFilter, search };
          for (const [facet, number, how] of picks) {
            const text = index.columns.get(facet)?.texts[number];
            if (text !== undefined) filter = choose(filter, facet, text, how);
          }
          const around = { ...nothing, known: Uint8Array.from(known), hideKnown };
          const filtered = filterSessions(index, filter, around);
          expect(filtered.shownCount + filtered.hiddenByFilters + filtered.hiddenAsKnown).toBe(3);
          expect(filtered.shown.reduce((sum, one) => sum + one, 0)).toBe(filtered.shownCount);
          // The count beside a value is what is shown when it alone is chosen in its facet.
          for (const facet of facetKeys) {
            const facets = new Map(filter.facets);
            facets.delete(facet);
            index.columns.get(facet)?.texts.forEach((text, number) => {
              const alone = filterSessions(index, choose({ ...filter, facets }, facet, text, 'only'), around);
              expect(filtered.counts.get(facet)?.[number]).toBe(alone.shownCount);
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('listed values', () => {
  const many = indexOf(
    Array.from({ length: 60 }, (_, number) =>
      session({
        caller: `user${String(number % 20).padStart(2, '0')}@contoso.com`,
        start: `2026-03-14T09:00:${String(number).padStart(2, '0')}Z`,
        ips: number < 20 ? ['203.0.113.1'] : [],
      }),
    ),
  );
  const column = many.columns.get('caller');
  if (column === undefined) throw new Error('no callers');

  it('are the most frequent, then by text, with the chosen ones first', () => {
    const counts = new Uint32Array(20).fill(1);
    counts[7] = 5;
    counts[3] = 9;
    const { values, total } = facetValues(column, counts, new Map([['user11@contoso.com', 'only']]), '', 4);
    expect(values.map(({ text, count }) => `${text.slice(0, 6)} ${count}`)).toEqual([
      'user11 1',
      'user03 9',
      'user07 5',
      'user00 1',
      'user01 1',
    ]);
    expect(total).toBe(19);
  });

  it('of one count stand by text, whichever was met first, and the last ones give way', () => {
    const mixed = indexOf(['Cleo', 'adam', 'Dora', 'berta'].map((caller) => session({ caller }))).columns.get('caller');
    if (mixed === undefined) throw new Error('no callers');
    const listed = (counts: number[], most: number) =>
      facetValues(mixed, Uint32Array.from(counts), undefined, '', most).values.map(({ text }) => text);
    expect(listed([1, 1, 1, 1], 4)).toEqual(['adam', 'berta', 'Cleo', 'Dora']);
    expect(listed([1, 1, 1, 1], 2)).toEqual(['adam', 'berta']);
    expect(listed([1, 2, 3, 4], 2)).toEqual(['berta', 'Dora']);
    expect(listed([4, 3, 2, 1], 2)).toEqual(['Cleo', 'adam']);
    expect(listed([0, 1, 0, 1], 9)).toEqual(['adam', 'berta']);
    expect(listed([1, 1, 1, 1], 0)).toEqual([]);
    const { values } = facetValues(mixed, Uint32Array.from([3, 1, 1, 1]), new Map([['cleo', 'not']]), '', 1);
    expect(values).toEqual([
      { text: 'Cleo', folded: 'cleo', count: 3, choice: 'not' },
      { text: 'adam', folded: 'adam', count: 1, choice: null },
    ]);
  });

  it('are those that have the text', () => {
    const counts = new Uint32Array(20).fill(1);
    expect(facetValues(column, counts, undefined, ' USER1 ', 3).total).toBe(10);
    expect(facetValues(column, counts, undefined, 'nobody', 3)).toEqual({ values: [], total: 0 });
  });

  it('keep a chosen value that no session has any more', () => {
    const { values } = facetValues(column, new Uint32Array(20), new Map([['gone', 'not']]), '', 3);
    expect(values).toEqual([{ text: 'gone', folded: 'gone', count: 0, choice: 'not' }]);
  });
});
