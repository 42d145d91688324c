// Zones by name: the changes typed here are those of the law, so that neither Intl nor the search through it is its own witness.

import { describe, expect, test, vi } from 'vitest';
import { looksLikeZone, zoneHere, zoneNames, zoneOf } from '../../web/src/engine/zone';

/** Entries of a zone from one instant on and before another, as "2025-03-30T01:00:00Z +02:00". */
function changes(name: string, from: string, to: string): string[] {
  return (zoneOf(name)?.offsets ?? [])
    .filter((entry) => entry.from !== null && entry.from >= from && entry.from < to)
    .map(({ from: at, offset }) => `${at} ${offset}`);
}

describe('the offsets of a zone', () => {
  test('an hour of daylight saving, both ways, as far as the list goes', () => {
    expect(changes('Europe/Berlin', '2025', '2027')).toEqual([
      '2025-03-30T01:00:00Z +02:00',
      '2025-10-26T01:00:00Z +01:00',
      '2026-03-29T01:00:00Z +02:00',
      '2026-10-25T01:00:00Z +01:00',
    ]);
    expect(zoneOf('Europe/Berlin')?.offsets[0]).toEqual({ from: null, offset: '+01:00' });
    expect(changes('Europe/Berlin', '2099', '2200')).toEqual(['2099-03-29T01:00:00Z +02:00', '2099-10-25T01:00:00Z +01:00']);
  });

  test('clocks that change at their own hour, west of UTC', () => {
    expect(changes('America/New_York', '2026', '2027')).toEqual(['2026-03-08T07:00:00Z -04:00', '2026-11-01T06:00:00Z -05:00']);
  });

  test('half an hour of it', () => {
    expect(changes('Australia/Lord_Howe', '2026', '2027')).toEqual(['2026-04-04T15:00:00Z +10:30', '2026-10-03T15:30:00Z +11:00']);
  });

  test('none, and an offset that is no whole hour', () => {
    expect(zoneOf('Asia/Kolkata')).toEqual({ name: 'Asia/Kolkata', offsets: [{ from: null, offset: '+05:30' }] });
    expect(zoneOf('Asia/Kathmandu')?.offsets).toEqual([
      { from: null, offset: '+05:30' },
      { from: '1985-12-31T18:30:00Z', offset: '+05:45' },
    ]);
  });

  test('seconds, and a change in the middle of nowhere', () => {
    expect(zoneOf('Africa/Monrovia')?.offsets).toEqual([
      { from: null, offset: '-00:44:30' },
      { from: '1972-01-07T00:44:30Z', offset: '+00:00' },
    ]);
  });

  test('two changes within a week', () => {
    expect(changes('America/Recife', '2000-09', '2001')).toEqual(['2000-10-08T03:00:00Z -02:00', '2000-10-15T02:00:00Z -03:00']);
  });

  test('a day left out at the date line', () => {
    expect(changes('Pacific/Apia', '2011-12', '2012')).toEqual(['2011-12-30T10:00:00Z +14:00']);
  });

  test('changes are in order, and no two beside one another have one offset', () => {
    for (const name of ['Europe/Dublin', 'Africa/Casablanca', 'Asia/Gaza', 'America/Sao_Paulo']) {
      const { offsets } = zoneOf(name) ?? { offsets: [] };
      expect(offsets.length).toBeGreaterThan(10);
      for (const [at, { from, offset }] of offsets.entries()) {
        const before = offsets[at - 1];
        if (before === undefined) continue;
        expect((from as string) > (before.from ?? '')).toBe(true);
        expect(offset).not.toBe(before.offset);
      }
    }
  });
});

describe('names', () => {
  test('are known in any case and said as the database spells them', () => {
    expect(zoneOf('europe/BERLIN')?.name).toBe('Europe/Berlin');
    expect(zoneOf('Europe/Berlin')).toBe(zoneOf('europe/berlin'));
  });

  test.each(['Mars/Base', '', ' Europe/Berlin', 'Europe/Berlin ', '+01:00', 'Europe//Berlin', '../etc', '__proto__', 'x'.repeat(65)])(
    '%j is none',
    (name) => {
      expect(zoneOf(name)).toBeNull();
    },
  );

  test('what looks like one', () => {
    expect(looksLikeZone(`E${'x'.repeat(63)}`)).toBe(true);
    expect(looksLikeZone(`E${'x'.repeat(64)}`)).toBe(false);
    for (const other of ['1CET', ' CET', 'CET ', 'Europe/Berlin!', 'Europe/', '/CET']) expect(looksLikeZone(other)).toBe(false);
  });

  test('there are some to choose from, each of them known', () => {
    const names = zoneNames();
    expect(names.length).toBeGreaterThan(300);
    for (const name of [names[0], names[200], names.at(-1)] as string[]) expect(zoneOf(name)?.name).toBe(name);
  });

  test('this machine has one, or an offset alone', () => {
    const here = zoneHere();
    expect(here === null || zoneOf(here) !== null).toBe(true);
  });

  test('without Intl there is none', () => {
    vi.stubGlobal('Intl', undefined);
    try {
      expect([zoneOf('Europe/Berlin'), zoneHere(), zoneNames()]).toEqual([null, null, []]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
