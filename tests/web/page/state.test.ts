// What the page decides by itself: the order of sessions, which rows are drawn, how fast reading goes, and why an answer is empty.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, ReportInput, Session } from '../../../web/src/engine/report';
import { whyNoRows, whyNoSessions } from '../../../web/src/state/explain';
import { Rate } from '../../../web/src/state/rate';
import { firstSort, orderSessions } from '../../../web/src/state/session_order';
import { visibleRows } from '../../../web/src/state/visible_rows';

const session = (changes: Partial<Session>): Session => ({
  id: '',
  caller: 'alice@contoso.com',
  start: '2026-03-14T09:00:00Z',
  end: '2026-03-14T10:00:00Z',
  severity: 'none',
  attribution: 'none',
  flags: [],
  longest_gap: null,
  sentinel_rows: [],
  why_not: [],
  signals: [],
  operations: [],
  ips: [],
  new_ips: [],
  subscriptions: [],
  resource_groups: [],
  app_ids: [],
  ...changes,
});

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
  const callers = (order: number[]) => order.map((index) => sessions[index]?.caller).join('');

  it('is severity, then inside the shell before the same time, then start', () => {
    expect(callers(orderSessions(report({ sessions }), firstSort))).toBe('acbde');
  });

  it('by a column falls back to that order, both ways', () => {
    expect(callers(orderSessions(report({ sessions }), { key: 'length', ascending: false }))).toBe('bacde');
    expect(callers(orderSessions(report({ sessions }), { key: 'length', ascending: true }))).toBe('acdeb');
    expect(callers(orderSessions(report({ sessions }), { key: 'start', ascending: false }))).toBe('ebacd');
    expect(callers(orderSessions(report({ sessions }), { key: 'caller', ascending: true }))).toBe('abcde');
  });
});

describe('visible rows', () => {
  it('hold every row that can be seen, and not many more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: -9_000_000, max: 2000 }),
        fc.integer({ min: 20, max: 80 }),
        (count, bodyTop, height) => {
          const { first, last } = visibleRows(bodyTop, 100, 900, height, count);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(last).toBeLessThanOrEqual(count);
          expect(last - first).toBeLessThanOrEqual(800 / height + 26);
          for (const row of [Math.floor((100 - bodyTop) / height), Math.floor((899 - bodyTop) / height)]) {
            if (row < 0 || row >= count) continue;
            expect(row).toBeGreaterThanOrEqual(first);
            expect(row).toBeLessThan(last);
          }
          if (count > 0) expect(last).toBeGreaterThan(first);
        },
      ),
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
    const no = (changes: Changes) => whyNoRows(report(changes)).join(' ');
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
    expect(whyNoRows({ ...report({}), sentinel: null })).toEqual([]);
  });
});
