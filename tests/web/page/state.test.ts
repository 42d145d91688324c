// What the page decides by itself: the order of sessions, which rows are drawn, how fast reading goes, and why an answer is empty.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, ReportInput, Session, WhyNot } from '../../../web/src/engine/report';
import { whyNoRows, whyNoSessions } from '../../../web/src/state/explain';
import { Rate } from '../../../web/src/state/rate';
import { indexOf } from '../../../web/src/state/session_index';
import { firstSort, orderSessions, type Sort } from '../../../web/src/state/session_order';
import { kTallest, scrollTopFor, visibleRows } from '../../../web/src/state/visible_rows';
import { operation, session } from './sessions';

const input = (changes: Partial<ReportInput>): ReportInput => ({
  path: 'a.json',
  shape: 'rest',
  container: 'none',
  encoding: 'utf-8',
  bytes: 100,
  container_bytes: 0,
  framed: 1,
  events: 1,
  other: 0,
  rejected: 0,
  repaired: 0,
  duplicates: 0,
  record_bytes: 100,
  structure_bytes: 0,
  rejected_bytes: 0,
  no_time: 0,
  app_ids: true,
  columns: {},
  missing: [],
  refused: false,
  cut: false,
  notes: [],
  rejects: [],
  ...changes,
});

interface Changes {
  sessions?: Session[];
  inputs?: ReportInput[];
  totals?: Partial<Report['totals']>;
  settings?: Partial<Report['settings']>;
}

function report({ sessions = [], inputs = [input({})], totals = {}, settings = {} }: Changes): Report {
  const sum = (key: 'bytes' | 'framed' | 'events' | 'other' | 'rejected') => inputs.reduce((total, one) => total + one[key], 0);
  return {
    schema: 'cloudshell-hunt/1',
    version: '0',
    settings: {
      window: '1h',
      look_back: 'none',
      as_of: 'newest',
      as_of_instant: '2026-03-14T09:00:00Z',
      succeeded_is_success: true,
      date_order: 'auto',
      local_offset: null,
      local_zone: null,
      ...settings,
    },
    inputs,
    sentinel: [],
    sentinel_cannot_run: [],
    sentinel_marks: [],
    sessions,
    totals: {
      bytes: sum('bytes'),
      framed: sum('framed'),
      events: sum('events'),
      other: sum('other'),
      rejected: sum('rejected'),
      repaired: 0,
      duplicates: 0,
      no_caller: 0,
      no_time: 0,
      sessions: sessions.length,
      sentinel_rows: 0,
      rows_owed_to_succeeded: 0,
      rows_lost_to_look_back: 0,
      ...totals,
    },
    hours: [],
    coverage: { first: null, last: null, events: 0, gaps: [], subscriptions: [] },
    annotations: [],
  };
}

describe('order of sessions', () => {
  const sessions = [
    session({ caller: 'd', severity: 'medium', attribution: 'same_window' }),
    session({ caller: 'c', severity: 'medium', attribution: 'in_shell' }),
    session({ caller: 'a', severity: 'high', attribution: 'unknown' }),
    session({ caller: 'b', severity: 'medium', attribution: 'in_shell', end: '2026-03-14T12:00:00Z' }),
    session({ caller: 'e', severity: 'info', attribution: 'none' }),
  ];
  const callers = (sort: Sort) => Array.from(orderSessions(indexOf(sessions), sort), (index) => sessions[index]?.caller).join('');

  it('is severity, then inside the shell before the same time, then start', () => {
    expect(callers(firstSort)).toBe('acbde');
  });

  it('by a column falls back to that order, both ways', () => {
    expect(callers({ key: 'length', ascending: false })).toBe('bacde');
    expect(callers({ key: 'length', ascending: true })).toBe('acdeb');
    expect(callers({ key: 'start', ascending: false })).toBe('ebacd');
    expect(callers({ key: 'caller', ascending: true })).toBe('abcde');
    expect(callers({ key: 'caller', ascending: false })).toBe('edcba');
    expect(callers({ key: 'severity', ascending: true })).toBe('ecbda');
    expect(callers({ key: 'attribution', ascending: false })).toBe('cbdae');
  });

  it('by each column, where all of them differ', () => {
    const minutes = (count: number) => new Date(Date.parse('2026-03-14T09:00:00Z') + count * 60_000).toISOString();
    const different = [
      session({ caller: 'B', start: minutes(0), end: minutes(600), operations: [operation('x')], sentinel_rows: [] }),
      session({
        caller: 'a',
        start: minutes(1),
        end: minutes(62),
        operations: [],
        sentinel_rows: [{} as Session['sentinel_rows'][number]],
      }),
      session({ caller: 'C', start: minutes(2), end: minutes(400), operations: [operation('x'), operation('y')], sentinel_rows: [] }),
    ];
    const by = (key: Sort['key'], ascending: boolean) =>
      Array.from(orderSessions(indexOf(different), { key, ascending }), (index) => different[index]?.caller).join('');
    expect(by('caller', true)).toBe('aBC');
    expect(by('start', true)).toBe('BaC');
    expect(by('length', true)).toBe('aCB');
    expect(by('length', false)).toBe('BCa');
    expect(by('operations', true)).toBe('aBC');
    expect(by('query', false)).toBe('aBC');
  });
});

describe('visible rows', () => {
  const views = fc.record({
    scrollTop: fc.integer({ min: 0, max: 20_000_000 }),
    height: fc.integer({ min: 50, max: 2000 }),
    rowHeight: fc.integer({ min: 20, max: 80 }),
    count: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3_000_000 })),
  });

  it('hold every row that can be seen, at its place, and not many more', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { first, last, before, after } = visibleRows(view);
        const whole = Math.min(view.count * view.rowHeight, kTallest);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(last).toBeLessThanOrEqual(view.count);
        expect(last - first).toBeLessThanOrEqual(view.height / view.rowHeight + 26);
        expect(before + (last - first) * view.rowHeight + after).toBeCloseTo(whole, 3);
        // What is drawn covers what is seen.
        const top = Math.max(0, Math.min(view.scrollTop, whole - view.height));
        expect(before).toBeLessThanOrEqual(top + 0.001);
        expect(before + (last - first) * view.rowHeight).toBeGreaterThanOrEqual(Math.min(whole, top + view.height) - 0.001);
      }),
    );
  });

  it('reach the first and the last row of any table', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { count } = view;
        if (count === 0) return;
        expect(visibleRows({ ...view, scrollTop: scrollTopFor(view, 0) }).first).toBe(0);
        expect(visibleRows({ ...view, scrollTop: scrollTopFor(view, count - 1) }).last).toBe(count);
      }),
    );
  });

  it('move by as little as it takes', () => {
    const view = { scrollTop: 1000, height: 340, rowHeight: 34, count: 1000 };
    // 30 is wholly above the fold, 29 partly, 39 partly below it.
    expect(scrollTopFor(view, 30)).toBe(1000);
    expect(scrollTopFor(view, 29)).toBe(29 * 34);
    expect(scrollTopFor(view, 0)).toBe(0);
    expect(scrollTopFor(view, 38)).toBe(1000);
    expect(scrollTopFor(view, 39)).toBe(40 * 34 - 340);
    expect(scrollTopFor({ ...view, scrollTop: 34 * 10 }, 10)).toBe(340);
    expect(scrollTopFor({ ...view, scrollTop: 34 * 10 }, 19)).toBe(340);
  });

  it('bring any row into sight, and do not move for one that is', () => {
    fc.assert(
      fc.property(views, fc.nat(), (view, number) => {
        if (view.count === 0 || view.height < view.rowHeight) return;
        const row = number % view.count;
        const whole = Math.min(view.count * view.rowHeight, kTallest);
        const from = { ...view, scrollTop: Math.max(0, Math.min(view.scrollTop, whole - view.height)) };
        const scrollTop = scrollTopFor(from, row);
        const seen = { ...from, scrollTop };
        const { first, before } = visibleRows(seen);
        const top = before + (row - first) * view.rowHeight;
        expect(top).toBeGreaterThanOrEqual(scrollTop - 0.01);
        expect(top + view.rowHeight).toBeLessThanOrEqual(scrollTop + view.height + 0.01);
        expect(scrollTopFor(seen, row)).toBeCloseTo(scrollTop, 3);
      }),
    );
  });
});

describe('rate', () => {
  it('is that of the last seconds, and unknown at first', () => {
    const rate = new Rate();
    rate.add(0, 0);
    expect(rate.get()).toBeNull();
    rate.add(500, 1000);
    expect(rate.get()).toBeNull();
    rate.add(1000, 2000);
    expect(rate.get()).toBe(2000);
    expect(rate.left(6000)).toBe(2000);
    for (let at = 2000; at <= 20_000; at += 1000) rate.add(at, 2000 + at);
    expect(rate.get()).toBe(1000);
  });

  it('needs seven tenths of a second, looks back five, and keeps two samples whatever their age', () => {
    const rate = new Rate();
    expect(rate.get()).toBeNull();
    expect(rate.left(100)).toBeNull();
    rate.add(0, 0);
    rate.add(699, 699);
    expect(rate.get()).toBeNull();
    rate.add(700, 700);
    expect(rate.get()).toBe(1000);
    // Exactly five seconds old: still looked at.
    rate.add(5000, 700);
    expect(rate.get()).toBe(140);
    rate.add(5001, 700);
    expect(rate.get()).toBeCloseTo((1 * 1000) / 4302, 6);
    const slow = new Rate();
    slow.add(0, 0);
    slow.add(20_000, 20_000);
    expect(slow.get()).toBe(1000);
    // A count that stays is no share that is read again.
    slow.add(21_000, 20_000);
    slow.add(22_000, 20_000);
    expect(slow.get()).toBe(0);
    expect(slow.left(30_000)).toBeNull();
    const over = new Rate();
    over.add(0, 0);
    over.add(1000, 500);
    expect(over.left(400)).toBe(0);
  });

  it('starts over when a share is read again, and gives no time for a standstill', () => {
    const rate = new Rate();
    rate.add(0, 0);
    rate.add(1000, 5000);
    rate.add(2000, 100);
    expect(rate.get()).toBeNull();
    rate.add(3000, 100);
    expect(rate.left(1000)).toBeNull();
  });
});

describe('why there is no session', () => {
  it('says nothing when there is one', () => {
    expect(whyNoSessions(report({ sessions: [session({})] }))).toEqual([]);
  });

  it('names files that hold no log', () => {
    const reasons = whyNoSessions(
      report({
        inputs: [input({ refused: true, events: 0, framed: 0 }), input({ bytes: 0, events: 0, framed: 0 }), input({ events: 0, other: 7 })],
      }),
    ).join(' ');
    expect(reasons).toContain('1 of 3 files could not be read as a log');
    expect(reasons).toContain('1 of 3 files is empty.');
    expect(reasons).toContain('7 records belong to other kinds of log');
    expect(reasons).toContain('Not one event of the Azure Activity log was found');
  });

  it('says nothing of events whose time waits for an answer', () => {
    const asked = input({ notes: [{ code: 'needs_local_offset', message: '' }] });
    expect(whyNoSessions(report({ inputs: [asked], totals: { events: 7, no_time: 7 } }))).toEqual([
      'No event has a time before the question above is answered, so none can be in a session.',
    ]);
    const [first] = whyNoSessions(report({ inputs: [asked, input({})], totals: { events: 9, no_time: 7 } }));
    expect(first).toMatch(/^None of the 2 events that have a time is a sign/);
  });

  it('names what the events lack and what a setting hides', () => {
    const reasons = whyNoSessions(
      report({
        inputs: [input({ app_ids: false, missing: ['ResourceGroup', 'Caller'] })],
        settings: { succeeded_is_success: false },
        totals: { no_time: 3, no_caller: 2 },
      }),
    ).join(' ');
    expect(reasons).toContain('The one event is no sign of Cloud Shell');
    expect(reasons).toContain('The file carries no app ids');
    expect(reasons).toContain('ResourceGroup and Caller');
    expect(reasons).toContain('“Succeeded” does not count as Success at present');
    expect(reasons).toContain('3 events have no readable time');
    expect(reasons).toContain('2 events name no caller');
  });
});

describe('why there is no row', () => {
  it('tells the look-back, the crossing of an hour, the spelling and the missing listing apart', () => {
    const no = (changes: Changes) => {
      const missed = new Map<WhyNot, number>();
      for (const { why_not } of changes.sessions ?? []) for (const why of why_not) missed.set(why, (missed.get(why) ?? 0) + 1);
      return whyNoRows(report(changes), missed).join(' ');
    };
    expect(
      no({ totals: { rows_lost_to_look_back: 2 }, settings: { look_back: '1d' }, sessions: [session({ why_not: ['outside_look_back'] })] }),
    ).toContain('The look-back of 1d hides 2 rows');
    expect(no({ sessions: [session({ why_not: ['crosses_bin'] })] })).toContain('another clock hour');
    expect(no({ sessions: [session({ why_not: ['caller_case'] })] })).toContain('spelled in two ways');
    expect(no({ sessions: [session({ why_not: ['no_other_operation'] })] })).toContain('did nothing else in the hour');
    expect(no({ sessions: [session({ why_not: ['no_storage_listing'] })] })).toContain('the only thing the query starts from');
    expect(no({ sessions: [] })).toContain('the only thing the query starts from');
  });

  it('says nothing where there is a row or the query cannot run', () => {
    expect(whyNoRows({ ...report({}), sentinel: null }, new Map())).toEqual([]);
  });
});
