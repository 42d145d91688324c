// Sessions while reading: the grouping must not depend on the order in which files and workers bring the signals, and must be that of the hunt.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewSignals } from '../../web/src/engine/protocol';
import { kMostSessions, kShown, SessionsSoFar } from '../../web/src/engine/so_far';

const kHour = 3_600_000;
const start = Date.UTC(2026, 2, 14, 9);
const instant = (millis: number) => new Date(start + millis).toISOString();

/** Signals as "caller" at milliseconds behind nine o'clock. */
function batch(...signals: [caller: string, at: number, inShell?: boolean][]): NewSignals {
  return {
    signals: signals.map(([caller, at, inShell = false]) => ({ caller, time: instant(at), kind: 'console_write', in_shell: inShell })),
    zoneless: 0,
    waiting: 0,
  };
}

function grouped(...batches: NewSignals[]): SessionsSoFar {
  const sessions = new SessionsSoFar();
  for (const one of batches) sessions.add(one);
  return sessions;
}

describe('sessions so far', () => {
  test('none', () => {
    expect(new SessionsSoFar().get()).toEqual({ sessions: [], total: 0, zoneless: 0 });
  });

  test('a chain is one session, a signal an hour later opens the next; the newest stands first', () => {
    const { sessions, total } = grouped(batch(['a', 0], ['a', kHour - 1], ['a', 2 * kHour - 1], ['a', 3 * kHour - 2, true])).get();
    expect(sessions).toEqual([
      { caller: 'a', first: instant(2 * kHour - 1), last: instant(3 * kHour - 2), signals: 2, inShell: true },
      { caller: 'a', first: instant(0), last: instant(kHour - 1), signals: 2, inShell: false },
    ]);
    expect(total).toBe(2);
  });

  test('callers are compared without case, ASCII letters alone, and stay apart', () => {
    const { sessions } = grouped(batch(['Ann', 0], ['ANN', 1], ['bob', 2], ['\u212A', 3], ['k', 4])).get();
    expect(sessions.map(({ caller, signals }) => `${caller} ${signals}`)).toEqual(['k 1', '\u212A 1', 'bob 1', 'Ann 2']);
  });

  test('a signal between two sessions makes them one', () => {
    const sessions = grouped(batch(['a', 0], ['a', 2 * kHour - 2]));
    expect(sessions.get().total).toBe(2);
    sessions.add(batch(['a', kHour - 1]));
    expect(sessions.get()).toMatchObject({ total: 1, sessions: [{ first: instant(0), last: instant(2 * kHour - 2), signals: 3 }] });
  });

  test('names of an object’s prototype are callers like others', () => {
    expect(grouped(batch(['__proto__', 0], ['constructor', 0])).get().total).toBe(2);
  });

  test('any order, any number of workers: as if cut in order of time', () => {
    const signal = fc.tuple(fc.constantFrom('a', 'A', 'b'), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (signals, workers) => {
        const parts = Array.from({ length: workers }, () => new SessionsSoFar());
        for (const [at, [caller, tenth]] of signals.entries()) parts[at % workers]?.add(batch([caller, (tenth * kHour) / 10]));
        const all = new SessionsSoFar();
        for (const part of parts) all.merge(part);
        const expected: [first: number, last: number, signals: number][] = [];
        for (const name of ['a', 'b']) {
          let open: [number, number, number] | null = null;
          const times = signals.filter(([caller]) => caller.toLowerCase() === name).map(([, tenth]) => tenth);
          for (const time of times.sort((x, y) => x - y)) {
            if (open !== null && time < open[1] + 10) {
              open[1] = time;
              open[2] += 1;
            } else {
              open = [time, time, 1];
              expected.push(open);
            }
          }
        }
        const { sessions, total } = all.get();
        const found = sessions.map((one) =>
          [one.first, one.last].map((text) => ((Date.parse(text) - start) / kHour) * 10).concat(one.signals),
        );
        const sorted = (rows: number[][]) => rows.map((row) => row.map(Math.round).join()).sort();
        expect(sorted(found).slice(0, kShown)).toEqual(sorted(expected).slice(0, kShown));
        expect(total).toBe(expected.length);
      }),
    );
  });

  test.each([kShown - 1, kShown, kShown + 1])('of %i sessions twenty at most are listed', (count) => {
    const { sessions, total } = grouped(...Array.from({ length: count }, (_, at) => batch(['a', at * kHour]))).get();
    expect([sessions.length, total]).toEqual([Math.min(count, kShown), count]);
    expect(sessions[0]?.first).toBe(instant((count - 1) * kHour));
  });

  test.each([kMostSessions - 1, kMostSessions, kMostSessions + 1])('%i sessions: as many are kept as fit, all are counted', (count) => {
    const sessions = grouped(batch(...Array.from({ length: count }, (_, at): [string, number] => [`caller ${at}`, at])));
    expect(sessions.get().total).toBe(count);
    const newest = Math.min(count, kMostSessions) - 1;
    expect(sessions.get().sessions[0]?.caller).toBe(`caller ${newest}`);
    // One that is kept still grows.
    sessions.add(batch([`caller ${newest}`, count + 1]));
    expect([sessions.get().total, sessions.get().sessions[0]?.signals]).toEqual([count, 2]);
  });

  test('signals without a zone are a number', () => {
    const sessions = grouped({ signals: [], zoneless: 3, waiting: 0 }, { signals: [], zoneless: 4, waiting: 9 });
    const all = new SessionsSoFar();
    all.merge(sessions);
    expect(all.get()).toEqual({ sessions: [], total: 0, zoneless: 7 });
  });
});
