// What the analyst adds: known-good lists, verdicts and notes, links, and queries to go on with.

import { describe, expect, it } from 'vitest';
import { attributionsUp, sessionFlags, severitiesUp, signalKinds, whyNots } from '../../../web/src/engine/report';
import { defaultSettings, parseLocalZone } from '../../../web/src/engine/settings';
import { Annotations, kLongestNote } from '../../../web/src/state/annotations';
import { choose, noFilter } from '../../../web/src/state/filter';
import { type Keeper, KnownGood, kLongestValue, kMostEntries, knownSessions, readKnownList } from '../../../web/src/state/known_good';
import { readLink, writeLink } from '../../../web/src/state/link';
import { kMostAddresses, kqlString, pivotQueries } from '../../../web/src/state/pivot_kql';
import { indexOf } from '../../../web/src/state/session_index';
import { operation, session } from './sessions';

class Memory implements Keeper {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

describe('known good', () => {
  const index = indexOf([
    session({ caller: 'svc-deploy', ips: ['203.0.113.1'] }),
    session({
      caller: 'alice',
      ips: ['203.0.113.1', '203.0.113.2'],
      app_ids: ['A', 'B'],
      operations: [operation('X/read'), operation('Y/write')],
    }),
    session({ caller: 'bob' }),
  ]);
  const known = (...entries: Parameters<KnownGood['add']>) => [...knownSessions(index, entries)].join('');

  it('is a session whose caller is listed, in any spelling', () => {
    expect(known({ kind: 'caller', value: 'SVC-Deploy' })).toBe('100');
  });

  it('is a session all of whose addresses, app ids or operations are listed, never one with an unlisted beside', () => {
    expect(known({ kind: 'address', value: '203.0.113.1' })).toBe('100');
    expect(known({ kind: 'address', value: '203.0.113.1' }, { kind: 'address', value: '203.0.113.2' })).toBe('110');
    expect(known({ kind: 'app_id', value: 'a' })).toBe('000');
    expect(known({ kind: 'app_id', value: 'a' }, { kind: 'app_id', value: 'b' })).toBe('010');
    expect(known({ kind: 'operation', value: 'x/READ' }, { kind: 'operation', value: 'y/write' })).toBe('010');
    // One of each kind makes none of them whole.
    expect(known({ kind: 'app_id', value: 'a' }, { kind: 'operation', value: 'x/read' })).toBe('000');
  });

  it('leaves as JSON and comes back the same', () => {
    const list = new KnownGood(() => new Memory());
    list.add(
      { kind: 'operation', value: 'X/read' },
      { kind: 'caller', value: 'Bob "the builder"\u202e' },
      { kind: 'caller', value: 'bob "THE builder"\u202e' },
    );
    const read = readKnownList(list.json());
    expect(read).toEqual({ ok: true, entries: list.entries.value });
    expect(list.entries.value.map(({ kind }) => kind)).toEqual(['caller', 'operation']);
    // Of two spellings the first one stays.
    expect(list.entries.value[0]).toEqual({ kind: 'caller', value: 'Bob "the builder"\u202e' });
    expect([list.has('caller', 'bob "the BUILDER"\u202e'), list.has('operation', 'Bob "the builder"\u202e')]).toEqual([true, false]);
    list.remove('caller', 'BOB "the builder"\u202e');
    expect(list.entries.value).toEqual([{ kind: 'operation', value: 'X/read' }]);
    list.clear();
    expect(list.entries.value).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['another file', '{"entries":[]}', 'lacks "schema"'],
    ['an unknown kind', '{"schema":"cloudshell-hunt/known-good/1","entries":[{"kind":"group","value":"x"}]}', 'Entry 1'],
    [
      'a value that is no text',
      '{"schema":"cloudshell-hunt/known-good/1","entries":[{"kind":"caller","value":"a"},{"kind":"caller","value":7}]}',
      'Entry 2',
    ],
    ['a value that is empty', '{"schema":"cloudshell-hunt/known-good/1","entries":[{"kind":"caller","value":""}]}', 'Entry 1'],
    [
      'a value that is too long',
      `{"schema":"cloudshell-hunt/known-good/1","entries":[{"kind":"caller","value":"${'x'.repeat(kLongestValue + 1)}"}]}`,
      'Entry 1',
    ],
    ['an entry that is nothing', '{"schema":"cloudshell-hunt/known-good/1","entries":[null]}', 'Entry 1'],
  ])('refuses %s with a sentence', (_what, text, why) => {
    expect(readKnownList(text)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  it('has a limit, at it and beyond', () => {
    const list = (count: number) =>
      JSON.stringify({
        schema: 'cloudshell-hunt/known-good/1',
        entries: Array.from({ length: count }, (_, n) => ({ kind: 'caller', value: `${n}` })),
      });
    expect(readKnownList(list(kMostEntries)).ok).toBe(true);
    expect(readKnownList(list(kMostEntries + 1)).ok).toBe(false);
  });

  it('takes no value that it could not read again', () => {
    const list = new KnownGood(() => new Memory());
    list.add({ kind: 'caller', value: 'x'.repeat(kLongestValue) });
    expect(list.problem.value).toBe('');
    list.add({ kind: 'caller', value: 'y'.repeat(kLongestValue + 1) });
    expect(list.problem.value).toContain('cannot be marked');
    expect(readKnownList(list.json())).toEqual({ ok: true, entries: [{ kind: 'caller', value: 'x'.repeat(kLongestValue) }] });
  });

  it('takes as many entries as it could read again, and says that there were more', () => {
    const list = new KnownGood(() => new Memory());
    const entries = (count: number) => Array.from({ length: count }, (_, n) => ({ kind: 'caller' as const, value: `${n}` }));
    list.add(...entries(kMostEntries));
    expect([list.entries.value.length, list.problem.value]).toEqual([kMostEntries, '']);
    list.add({ kind: 'caller', value: 'more' });
    expect(list.entries.value).toHaveLength(kMostEntries);
    expect(list.problem.value).toContain('Only the first');
  });

  it('is kept in the browser only while that is asked for', () => {
    const memory = new Memory();
    const list = new KnownGood(() => memory);
    expect([list.kept.value, list.hide.value, list.problem.value]).toEqual([false, false, '']);
    list.add({ kind: 'caller', value: 'alice' });
    expect(memory.kept.size).toBe(0);
    list.keep(true);
    list.add({ kind: 'caller', value: 'bob' });
    const again = new KnownGood(() => memory);
    expect(again.entries.value).toEqual(list.entries.value);
    expect(again.kept.value).toBe(true);
    again.keep(false);
    expect(memory.kept.size).toBe(0);
    expect(again.entries.value).toHaveLength(2);
  });

  it('says so where the browser keeps nothing, or kept something else', () => {
    const list = new KnownGood(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    list.keep(true);
    expect(list.kept.value).toBe(false);
    expect(list.problem.value).toContain('does not let the page keep anything');
    const memory = new Memory();
    memory.setItem('cloudshell-hunt/known-good', 'nonsense');
    expect(new KnownGood(() => memory).problem.value).toContain('could not be read');
  });
});

describe('annotations', () => {
  it('are by session, sorted, and gone when they say nothing', () => {
    const annotations = new Annotations();
    annotations.set('b', { verdict: 'benign' });
    annotations.set('a', { note: 'asked Alice' });
    annotations.set('b', { note: 'ticket 1' });
    expect(annotations.list()).toEqual([
      { session: 'a', verdict: null, note: 'asked Alice' },
      { session: 'b', verdict: 'benign', note: 'ticket 1' },
    ]);
    annotations.set('a', { note: '  ' });
    expect(annotations.list().map(({ session: id }) => id)).toEqual(['b']);
    expect(annotations.of('a')).toEqual({ session: 'a', verdict: null, note: '' });
  });

  it('come back from a report as they left, and only those', () => {
    const annotations = new Annotations();
    annotations.set('__proto__', { verdict: 'confirmed', note: 'x' });
    const list = annotations.list();
    const again = new Annotations();
    again.set('old', { note: 'of another case' });
    expect(again.load(list)).toBe(0);
    expect(again.list()).toEqual(list);
    expect(
      again.load([
        { session: 'a', verdict: 'fine', note: '' },
        { session: 1, verdict: null, note: '' },
        null,
        'x',
        { session: 'c', verdict: null, note: 2 },
        { session: 'b', verdict: null, note: 'y' },
      ]),
    ).toBe(5);
    expect(again.list()).toEqual([{ session: 'b', verdict: null, note: 'y' }]);
    expect(again.load([{ session: 'a', verdict: null, note: 'x'.repeat(kLongestNote + 1) }])).toBe(0);
    expect(again.of('a').note).toHaveLength(kLongestNote);
  });

  it('are counted, listed in order whatever the order they came in, and all gone at once', () => {
    const annotations = new Annotations();
    expect(annotations.count).toBe(0);
    for (const id of ['c', 'a', 'd', 'b']) annotations.set(id, { verdict: 'benign' });
    expect(annotations.count).toBe(4);
    expect(annotations.list().map(({ session: id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    annotations.clear();
    expect([annotations.count, annotations.list()]).toEqual([0, []]);
  });

  it('cut a note at its limit', () => {
    const annotations = new Annotations();
    annotations.set('a', { note: 'x'.repeat(kLongestNote) });
    expect(annotations.of('a').note).toHaveLength(kLongestNote);
    annotations.set('a', { note: 'x'.repeat(kLongestNote + 1) });
    expect(annotations.of('a').note).toHaveLength(kLongestNote);
  });
});

describe('links', () => {
  const now = new Date('2026-03-20T12:00:00Z');

  it('carries every word that the report has for a mark, a reason and a signal', () => {
    for (const [facet, words] of [
      ['flag', sessionFlags],
      ['query', ['found', ...whyNots]],
      ['signal', signalKinds],
      ['severity', severitiesUp],
      ['attribution', attributionsUp],
    ] as const) {
      const filter = { ...noFilter, facets: new Map([[facet, new Map(words.map((word) => [word, 'only' as const]))]]) };
      expect(
        [
          ...(readLink(writeLink(defaultSettings, filter, 'utc'), now)
            .filter.facets.get(facet)
            ?.keys() ?? []),
        ].sort(),
      ).toEqual([...words].sort());
    }
  });

  it('are empty when everything is as at first', () => {
    expect(writeLink(defaultSettings, noFilter, 'utc')).toBe('');
    expect(readLink('', now)).toEqual({ settings: {}, filter: noFilter, display: 'utc' });
  });

  it('carries how many workers read, and no number that is none', () => {
    expect(writeLink(defaultSettings, noFilter, 'utc', 3)).toBe('workers=3');
    expect(readLink('#workers=3', now).workers).toBe(3);
    for (const text of ['0', '65', '-1', '1.5', 'all', '', 'automatic']) expect(readLink(`#workers=${text}`, now).workers).toBeUndefined();
  });

  it('carry settings and filters there and back', () => {
    const settings = { ...defaultSettings, window: '2h', look_back: '1d', succeeded_is_success: false, as_of: '2026-03-14T09:00:00Z' };
    let filter = choose(noFilter, 'severity', 'high', 'only');
    filter = choose(filter, 'severity', 'medium', 'only');
    filter = choose(filter, 'attribution', 'unknown', 'not');
    filter = choose(filter, 'technique', 'T1098.003', 'only');
    filter = { ...filter, span: { from: Date.parse('2026-03-14T09:00:00Z'), to: Date.parse('2026-03-15T00:00:00Z') } };
    const link = writeLink(settings, filter, 'local');
    const read = readLink(`#${link}`, now);
    expect({ ...defaultSettings, ...read.settings }).toEqual(settings);
    expect(read.filter).toEqual(filter);
    expect(read.display).toBe('local');
    expect(writeLink({ ...defaultSettings, ...read.settings }, read.filter, read.display)).toBe(link);
  });

  it.each(['+05:30', 'Europe/Berlin'])('carry the zone of local times, %s', (zone) => {
    const parsed = parseLocalZone(zone);
    if (!parsed.ok) throw new Error(parsed.why);
    const settings = { ...defaultSettings, ...parsed.value };
    const link = writeLink(settings, noFilter, 'utc');
    expect({ ...defaultSettings, ...readLink(link, now).settings }).toEqual(settings);
  });

  it('never carry what comes from the evidence', () => {
    let filter = noFilter;
    for (const facet of ['caller', 'operation', 'address', 'subscription', 'resource_group', 'app_id'] as const)
      filter = choose(filter, facet, 'secret', 'only');
    // A value of ours that is none: a report made by somebody else may hold it.
    filter = choose(filter, 'flag', 'secret', 'only');
    filter = { ...filter, search: 'secret' };
    expect(writeLink(defaultSettings, filter, 'utc')).toBe('');
    expect(readLink('#caller=secret&search=secret&flag=secret', now).filter).toEqual(noFilter);
  });

  it('mean the clock of who follows them by “now”', () => {
    const link = writeLink({ ...defaultSettings, as_of: '2026-01-01T00:00:00.000Z', as_of_now: true }, noFilter, 'utc');
    expect(link).toBe('as_of=now');
    expect(readLink(link, now).settings).toEqual({ as_of: '2026-03-20T12:00:00.000Z', as_of_now: true });
  });

  it('leave out what they do not understand', () => {
    const read = readLink(
      '#window=soon&look_back=1d&severity=high,absurd&from=2026-03-15T00:00Z&to=2026-03-14T00:00Z&display=mars&%zz',
      now,
    );
    expect(read.settings).toEqual({ look_back: '1d' });
    expect(read.filter).toEqual(choose(noFilter, 'severity', 'high', 'only'));
    expect(read.display).toBe('utc');
  });
});

describe('queries to go on with', () => {
  it('take a caller as a text, whatever it holds', () => {
    expect(kqlString('alice@contoso.com')).toBe('"alice@contoso.com"');
    expect(kqlString('a"; drop \\ | x')).toBe('"a\\"; drop \\\\ | x"');
    expect(kqlString('a\nb\r\t\0')).toBe('"a\\nb\\r\\t\\u0000"');
    expect(kqlString('\u202emoc.osotnoc\u200b')).toBe('"\\u202emoc.osotnoc\\u200b"');
    expect(kqlString('\u{e0041}')).toBe('"\\udb40\\udc41"');
    expect(kqlString('Zoë 日本 😀')).toBe('"Zoë 日本 😀"');
  });

  it('name the caller in every query, and stay within their lines', () => {
    const hostile = 'x" or true // \n| project Caller; "';
    for (const { id, text } of pivotQueries(session({ caller: hostile, ips: [hostile] }))) {
      expect(text, id).toContain('x\\" or true // \\n| project Caller; \\"');
      for (const line of text.split('\n').slice(1)) expect(line, id).toMatch(/^\| /);
    }
  });

  it('look at sign-ins of the four applications from an hour before to the end, and at whole days of the rest', () => {
    const [signIns, audit, day, addresses] = pivotQueries(
      session({ start: '2026-03-14T23:30:00.1234567Z', end: '2026-03-15T00:30:00Z', ips: ['203.0.113.7'] }),
    );
    expect(signIns?.text).toContain('SigninLogs, AADNonInteractiveUserSignInLogs');
    expect(signIns?.text).toContain('between (datetime(2026-03-14T22:30:00.123Z) .. datetime(2026-03-15T00:30:00.000Z))');
    for (const app of ['b677c290', '2233b157', 'b1395854', '245e1dee']) expect(signIns?.text).toContain(`"${app}-`);
    for (const query of [audit, day]) {
      expect(query?.text).toContain('between (datetime(2026-03-14T00:00:00.000Z) .. datetime(2026-03-16T00:00:00.000Z))');
    }
    expect(addresses?.text).toContain('CallerIpAddress in ("203.0.113.7")');
  });

  it('ask for an object id as one, and for no address where there is none', () => {
    const queries = pivotQueries(session({ caller: '660f199f-d47b-43bd-ac87-43520ed9bc8e' }));
    expect(queries).toHaveLength(3);
    expect(queries[0]?.text).toContain('| where UserId =~ "660f199f');
    expect(queries[0]?.text).not.toContain('UserPrincipalName =~');
  });

  it('cut a long list of addresses and say so', () => {
    const ips = (count: number) => Array.from({ length: count }, (_, number) => `203.0.${Math.floor(number / 256)}.${number % 256}`);
    const last = (count: number) => pivotQueries(session({ ips: ips(count) })).at(-1);
    expect(last(kMostAddresses)?.note).not.toContain('the first');
    expect(last(kMostAddresses + 1)?.note).toContain(`the first ${kMostAddresses} of ${kMostAddresses + 1}`);
    expect(last(kMostAddresses + 1)?.text.match(/203\.0\./g)).toHaveLength(kMostAddresses);
  });
});
