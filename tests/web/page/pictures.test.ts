// The figures behind the pictures: bins of the activity chart, lanes of a session's time line; and reports and events read piece by piece.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Session, SessionEvent, SessionEvents } from '../../../web/src/engine/report';
import { binsOf, gapsOn, kHourMillis, wholeSpan } from '../../../web/src/state/activity';
import { ArrivingSessions, readReport, sessionsByIndex } from '../../../web/src/state/report_lines';
import { indexOf } from '../../../web/src/state/session_index';
import { kWindow, SessionWindows } from '../../../web/src/state/session_windows';
import { kMostLanes, timeLine } from '../../../web/src/state/time_line';
import { operation, session } from './sessions';

const withHours = (hours: Record<string, number>) =>
  ({ hours: Object.entries(hours).map(([hour, events]) => ({ hour, events })) }) as unknown as Report;

describe('activity', () => {
  const index = indexOf([
    session({ start: '2026-03-14T09:12:00Z', severity: 'high' }),
    session({ start: '2026-03-14T09:40:00Z', severity: 'high' }),
    session({ start: '2026-03-16T23:59:59Z', severity: 'low' }),
  ]);
  const report = withHours({ '2026-03-14T09:00:00Z': 5, '2026-03-14T10:00:00Z': 7, '2026-03-16T23:00:00Z': 1 });

  it('spans whole hours from the first event or session to the last', () => {
    expect(wholeSpan(report, index)).toEqual({ from: Date.parse('2026-03-14T09:00:00Z'), to: Date.parse('2026-03-17T00:00:00Z') });
    expect(wholeSpan(withHours({}), indexOf([]))).toBeNull();
  });

  it('spans events alone and sessions alone', () => {
    const hours = withHours({ '2026-03-14T10:00:00Z': 1, '2026-03-14T09:00:00Z': 1, '2026-03-14T12:00:00Z': 1, '2026-03-14T11:00:00Z': 1 });
    const [nine, thirteen] = [Date.parse('2026-03-14T09:00:00Z'), Date.parse('2026-03-14T13:00:00Z')];
    expect(wholeSpan(hours, indexOf([]))).toEqual({ from: nine, to: thirteen });
    const starts = ['2026-03-14T10:30:00Z', '2026-03-14T09:59:59Z', '2026-03-14T12:00:00Z'];
    expect(wholeSpan(withHours({}), indexOf(starts.map((start) => session({ start }))))).toEqual({ from: nine, to: thirteen });
  });

  it('takes the smallest step of a clock that fits, and leaves what lies outside', () => {
    const span = { from: Date.parse('2026-03-14T10:00:00Z'), to: Date.parse('2026-03-15T10:00:00Z') };
    const steps = (most: number) => binsOf(report, index, new Uint8Array(3), span, most).step / kHourMillis;
    expect([25, 24, 13, 12, 9, 7, 5, 3, 2].map(steps)).toEqual([1, 2, 2, 3, 3, 4, 6, 12, 24]);
    // Further than any step: as many hours as it takes.
    const centuries = { from: 0, to: 300_000 * kHourMillis };
    expect(binsOf(withHours({}), indexOf([]), new Uint8Array(0), centuries, 3).step / kHourMillis).toBe(150_000);
    expect(binsOf(withHours({}), indexOf([]), new Uint8Array(0), centuries, 1).step / kHourMillis).toBe(300_000);
    // 9:00 lies before the first bin, the session of two days later behind the last.
    const hourly = binsOf(report, index, Uint8Array.from([1, 1, 1]), span, 25);
    expect(hourly.count).toBe(24);
    expect(Object.keys(hourly.events)).toHaveLength(24);
    expect(Array.from(hourly.events).filter((events) => events > 0)).toEqual([7]);
    expect([...hourly.sessions, ...hourly.hidden].flatMap((lane) => Array.from(lane)).every((count) => count === 0)).toBe(true);
    for (const lane of [hourly.events, ...hourly.sessions, ...hourly.hidden])
      expect(Object.keys(lane).every((key) => /^\d+$/.test(key))).toBe(true);
  });

  it('counts every event and every session once, in bins of the clock', () => {
    const span = wholeSpan(report, index);
    if (span === null) throw new Error('no span');
    for (const most of [4, 10, 30, 100, 500]) {
      const bins = binsOf(report, index, Uint8Array.from([1, 0, 1]), span, most);
      expect(bins.count).toBeLessThanOrEqual(most);
      expect(bins.step % kHourMillis).toBe(0);
      expect(bins.from % bins.step).toBe(0);
      expect(bins.events.reduce((sum, events) => sum + events, 0)).toBe(13);
      const sum = (lanes: Uint32Array[]) => lanes.map((lane) => lane.reduce((total, count) => total + count, 0));
      // none, info, low, medium, high
      expect(sum(bins.sessions)).toEqual([0, 0, 1, 0, 1]);
      expect(sum(bins.hidden)).toEqual([0, 0, 0, 0, 1]);
    }
    const hourly = binsOf(report, index, Uint8Array.from([1, 1, 1]), span, 100);
    expect(hourly.events[0]).toBe(5);
    expect(hourly.sessions[4]?.[0]).toBe(2);
    expect(hourly.sessions[2]?.at(-1)).toBe(1);
  });

  it('draws gaps of a bin and more', () => {
    const span = { from: Date.parse('2026-03-14T00:00:00Z'), to: Date.parse('2026-03-15T00:00:00Z') };
    const bins = binsOf(report, index, new Uint8Array(3), span, 30);
    const gaps = [
      { from: '2026-03-13T20:00:00Z', to: '2026-03-14T02:00:00Z' },
      { from: '2026-03-14T05:00:00Z', to: '2026-03-14T06:00:00Z' },
    ];
    expect(gapsOn(gaps, bins)).toEqual([
      { from: 0, to: 2 },
      { from: 5, to: 6 },
    ]);
    expect(gapsOn(gaps, { ...bins, step: 4 * kHourMillis, count: 6 })).toEqual([]);
  });
});

const event = (time: string, changes: Partial<SessionEvent>): SessionEvent => ({
  time,
  operation: '',
  status: 'Success',
  resource_id: '',
  ip: '',
  app_id: '',
  resource_group: '',
  subscription: '',
  correlation_id: '',
  event_id: '',
  signal: null,
  attribution: 'in_shell',
  input: 0,
  offset: 0,
  length: 1,
  flags: [],
  copies: 1,
  ...changes,
});

describe('time line', () => {
  const one = session({
    signals: [{ kind: 'storage_listing', time: '2026-03-14T09:00:00Z', resource_id: '', ip: '', app_id: '' }],
    operations: [
      operation('A/read', { first: '2026-03-14T09:06:00Z', last: '2026-03-14T09:12:00Z' }),
      operation('B/write', { severity: 'high', failed: true }),
      operation('C/write', { severity: 'medium' }),
    ],
  });

  it('has a lane for the signals and one for each operation, heaviest first, failed ones last', () => {
    const { lanes } = timeLine(one, []);
    expect(lanes.map((lane) => lane.operation?.name ?? 'signals')).toEqual(['signals', 'C/write', 'A/read', 'B/write']);
    expect(lanes[2]).toMatchObject({ from: 0.1, to: 0.2 });
    expect(lanes[2]?.marks.map(({ at }) => at)).toEqual([0.1, 0.2]);
  });

  it('puts each event into the lane of its operation, however it is spelled, with its attribution', () => {
    const { lanes } = timeLine(one, [
      event('2026-03-14T09:00:00Z', { signal: 'storage_listing' }),
      event('2026-03-14T09:06:00Z', { operation: 'a/READ', attribution: 'same_window' }),
      event('2026-03-14T09:30:00Z', { operation: 'Z/unknown' }),
    ]);
    expect(lanes[0]?.marks).toEqual([{ at: 0, event: 0, attribution: 'in_shell' }]);
    expect(lanes[2]?.marks).toEqual([{ at: 0.1, event: 1, attribution: 'same_window' }]);
  });

  it('shows quiet stretches, the one before the end included', () => {
    const { quiet } = timeLine(one, [
      event('2026-03-14T09:00:00Z', {}),
      event('2026-03-14T09:05:00Z', {}),
      event('2026-03-14T09:30:00Z', {}),
    ]);
    expect(quiet.map(({ millis }) => millis / 60_000)).toEqual([25, 30]);
  });

  it('counts the operations beyond its lanes', () => {
    const many = (count: number) => session({ operations: Array.from({ length: count }, (_, number) => operation(`Op${number}/read`)) });
    expect(timeLine(many(kMostLanes), []).unlisted).toBe(0);
    expect(timeLine(many(kMostLanes + 1), [])).toMatchObject({ unlisted: 1, lanes: { length: kMostLanes } });
  });
});

describe('a report by lines', () => {
  const small = (sessions: Session[]) => ({
    schema: 'cloudshell-hunt/1',
    inputs: [{ path: 'a "],"sessions":[\n b.json' }],
    sentinel: null,
    sessions,
    totals: { sessions: sessions.length },
    hours: [{ hour: '2026-03-14T09:00:00Z', events: 1 }],
    coverage: { subscriptions: [{ subscription: 'x' }] },
    annotations: [],
  });
  /** As the core writes: each element of a list on a line of its own. */
  const written = (sessions: Session[]) => {
    const { inputs, hours, coverage } = small(sessions);
    const list = (elements: readonly unknown[]) =>
      `[\n${elements.map((element) => JSON.stringify(element)).join(',\n')}${elements.length > 0 ? '\n' : ''}]`;
    return `{"schema":"cloudshell-hunt/1","inputs":${list(inputs)},"sentinel":null,"sessions":${list(sessions)},"totals":{"sessions":${sessions.length}},"hours":${list(hours)},"coverage":{"subscriptions":${list(coverage.subscriptions)}},"annotations":[]}\n`;
  };
  const read = (text: string, breathe = async () => true) => readReport(new TextEncoder().encode(text), breathe);
  const sessions = [session({ caller: 'a\n"},\n{' }), session({ caller: '日本 \u2028 x' }), session({ caller: 'c' })];

  it('is the same value as the whole text parsed, and says where each session is', async () => {
    for (const some of [[], sessions.slice(0, 1), sessions]) {
      const answer = await read(written(some));
      if (answer === null) throw new Error('given up');
      const all = new ArrivingSessions(some.length, new Map());
      all.complete(answer.lines);
      for (const [at, one] of some.entries()) expect(all.at(at)).toEqual(one);
      expect({ ...answer.report, sessions: some }).toEqual(JSON.parse(written(some)));
    }
  });

  it('throws on what is no JSON', async () => {
    await expect(read('{"inputs":[\n{]')).rejects.toThrow(SyntaxError);
    await expect(read('{"sessions":[\n')).rejects.toThrow(SyntaxError);
  });

  it('gives up when nobody wants it any more', async () => {
    const long = Array.from({ length: 100_000 }, (_, number) => session({ caller: `user${number}@contoso.com` }));
    expect(await read(written(long), async () => false)).toBeNull();
  });

  it('keeps a session that is looked at again and again, and finds any other', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(999), { maxLength: 50 }), async (places) => {
        const many = Array.from({ length: 1000 }, (_, number) => session({ caller: `${number}` }));
        const answer = await read(written(many));
        if (answer === null) throw new Error('given up');
        const all = new ArrivingSessions(1000, new Map());
        all.complete(answer.lines);
        for (const place of places) expect(all.at(place)?.caller).toBe(`${place}`);
        expect(() => all.at(1000)).toThrow(RangeError);
      }),
      { numRuns: 10 },
    ));

  it('has the sessions that came first, and the others once all have come', async () => {
    const lines = [2, 0].map((at) => `${JSON.stringify(sessions[at])}\n`).join('');
    const some = new ArrivingSessions(3, sessionsByIndex(new TextEncoder().encode(lines), [2, 0]));
    expect([0, 1, 2].map((at) => some.at(at))).toEqual([sessions[0], null, sessions[2]]);
    expect(() => some.at(3)).toThrow(RangeError);
    const answer = await read(written(sessions));
    if (answer === null) throw new Error('given up');
    some.complete(answer.lines);
    expect([0, 1, 2].map((at) => some.at(at))).toEqual(sessions);
    expect(() => new ArrivingSessions(2, new Map()).complete(answer.lines)).toThrow('the report has 3 sessions, its index 2');
    expect(sessionsByIndex(new Uint8Array(0), [])).toEqual(new Map());
    expect(() => sessionsByIndex(new TextEncoder().encode(lines), [1])).toThrow('1 sessions were asked for, 2 came');
  });
});

describe('windows of events', () => {
  const source = (total: number) => {
    const asked: [number, number][] = [];
    const fetch = async (first: number, count: number): Promise<SessionEvents> => {
      asked.push([first, count]);
      const events = Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, at) => event('', { offset: first + at }));
      return { total, events };
    };
    return { asked, fetch };
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it('are asked for once, when they come into sight', async () => {
    const { asked, fetch } = source(1_000_000);
    let changes = 0;
    const windows = new SessionWindows(fetch, () => (changes += 1), String);
    windows.want(0, 20);
    windows.want(5, 30);
    await settle();
    expect(asked).toEqual([[0, kWindow]]);
    expect(windows.total).toBe(1_000_000);
    expect(windows.at(42)?.offset).toBe(42);
    windows.want(999_950, 1_000_000);
    expect(windows.at(999_999)).toBeNull();
    await settle();
    expect(windows.at(999_999)?.offset).toBe(999_999);
    expect(asked.length).toBe(changes);
  });

  it('are those that hold the rows, none beyond and none behind the end', async () => {
    const { asked, fetch } = source(250);
    const windows = new SessionWindows(fetch, () => undefined, String);
    // None that only begins where the rows end; one for no row at all, since the first says how many there are.
    windows.want(0, kWindow);
    expect(asked).toEqual([[0, kWindow]]);
    expect(windows.at(5)).toBeNull();
    await settle();
    windows.want(150, 150);
    windows.want(99, 1000);
    await settle();
    expect(asked.slice(1)).toEqual([
      [100, kWindow],
      [200, kWindow],
    ]);
    expect(windows.at(249)?.offset).toBe(249);
    expect(windows.at(250)).toBeNull();
    windows.want(300, 301);
    expect(asked).toHaveLength(3);
  });

  it('drop the farthest alone, when there are more than are kept', async () => {
    const { asked, fetch } = source(1_000_000);
    const windows = new SessionWindows(fetch, () => undefined, String);
    const kKept = 64;
    for (let at = 0; at < kKept; at += 1) {
      windows.want((1000 + at) * kWindow, (1000 + at) * kWindow + 1);
      await settle();
    }
    const held = () => Array.from({ length: 1100 }, (_, at) => at).filter((at) => windows.at(at * kWindow) !== null);
    expect(held()).toEqual(Array.from({ length: kKept }, (_, at) => 1000 + at));
    windows.want(1010 * kWindow, 1010 * kWindow + 1);
    windows.want(990 * kWindow, 990 * kWindow + 1);
    await settle();
    expect(held()).toEqual([990, ...Array.from({ length: kKept - 1 }, (_, at) => 1000 + at)]);
    expect(asked).toHaveLength(kKept + 1);
  });

  it('do not pile up', async () => {
    const { asked, fetch } = source(1_000_000);
    const windows = new SessionWindows(fetch, () => undefined, String);
    for (let at = 0; at < 200; at += 1) {
      windows.want(at * kWindow, at * kWindow + 1);
      await settle();
    }
    expect(windows.at(199 * kWindow)?.offset).toBe(199 * kWindow);
    expect(windows.at(0)).toBeNull();
    windows.want(0, 1);
    await settle();
    expect(windows.at(0)?.offset).toBe(0);
    expect(asked).toHaveLength(201);
  });

  it('say what went wrong', async () => {
    const windows = new SessionWindows(
      () => Promise.reject(new Error('no evidence')),
      () => undefined,
      (error) => (error as Error).message,
    );
    windows.want(0, 1);
    await settle();
    expect(windows.problem).toBe('no evidence');
  });
});
