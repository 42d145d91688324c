import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  defaultSettings,
  durationTicks,
  isInstant,
  localZoneText,
  parseAsOf,
  parseDateOrder,
  parseLocalZone,
  parseLookBack,
  parseSucceededIsSuccess,
  parseWindow,
  parseWorkers,
} from '../../web/src/engine/settings';

const now = new Date('2026-03-14T09:00:00.123Z');

describe('durations', () => {
  test.each([
    ['1h', 36_000_000_000n],
    ['1d', 864_000_000_000n],
    ['90m', 54_000_000_000n],
    ['1d2h3m4.0000001s', 937_840_000_001n],
    ['45m10.5s', 27_105_000_000n],
    ['0s', 0n],
  ])('%s is %i ticks', (text, ticks) => {
    expect(durationTicks(text)).toBe(ticks);
  });

  test.each(['', 'h', '1', '1x', '1 h', '-1h', '1h1d', '1h1h', '1.5h', '1.s', '.5s', '1.12345678s', '1e3s', '１h', '1H', '4000000d'])(
    '%j is none',
    (text) => {
      expect(durationTicks(text)).toBeNull();
    },
  );

  test('the longest is all time, one tick more is refused', () => {
    expect(durationTicks('3652058d23h59m59.9999999s')).toBe(3_155_378_975_999_999_999n);
    expect(durationTicks('3652059d')).toBeNull();
  });

  test('any parts in order add up', () => {
    const part = fc.nat({ max: 99 });
    fc.assert(
      fc.property(part, part, part, part, (d, h, m, s) => {
        expect(durationTicks(`${d}d${h}h${m}m${s}s`)).toBe(BigInt(((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000n);
      }),
    );
  });

  test('a window must be longer than zero, a look-back may be none', () => {
    expect(parseWindow(' 30m ')).toEqual({ ok: true, value: '30m' });
    expect(parseWindow('0s')).toMatchObject({ ok: false });
    expect(parseWindow('none')).toMatchObject({ ok: false });
    expect(parseLookBack('none')).toEqual({ ok: true, value: 'none' });
    expect(parseLookBack(' 1d ')).toEqual({ ok: true, value: '1d' });
    expect(parseLookBack('0s')).toMatchObject({ ok: false });
    expect(parseLookBack('yesterday')).toMatchObject({ ok: false, why: expect.stringContaining('none') });
  });
});

describe('as-of', () => {
  test('newest, now and an instant', () => {
    expect(parseAsOf(' newest ', now)).toEqual({ ok: true, value: { as_of: 'newest', as_of_now: false } });
    expect(parseAsOf('now', now)).toEqual({ ok: true, value: { as_of: '2026-03-14T09:00:00.123Z', as_of_now: true } });
    expect(parseAsOf('2026-03-14T10:00:00+01:00', now)).toEqual({
      ok: true,
      value: { as_of: '2026-03-14T10:00:00+01:00', as_of_now: false },
    });
  });

  test.each([
    '2026-03-14T09:00:00Z',
    '2000-02-29T23:59:59+23:59',
    '2024-02-29T00:00:00.1234567-08:30',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999Z',
  ])('%s is an instant', (text) => {
    expect(isInstant(text)).toBe(true);
  });

  test.each([
    '2026-03-14',
    '2026-03-14T09:00:00',
    '2026-03-14 09:00:00Z',
    '2026-03-14T09:00Z',
    '2026-03-14T24:00:00Z',
    '2026-03-14T09:60:00Z',
    '2026-03-14T09:00:60Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-03-14T09:00:00.12345678Z',
    '2026-03-14T09:00:00+24:00',
    '2026-03-14T09:00:00+01:60',
    '2026-03-00T09:00:00Z',
    'x2026-03-14T09:00:00Z',
    '2026-03-14T09:00:00Zx',
  ])('%s is none and the sentence shows one', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(parseAsOf(text, now)).toMatchObject({ ok: false, why: expect.stringContaining('2026-03-14T09:00:00Z') });
  });
});

describe('the zone of local times', () => {
  test.each([
    ['+05:30', '+05:30'],
    ['-08:00', '-08:00'],
    ['+18:00', '+18:00'],
    ['-18:00', '-18:00'],
    ['UTC', '+00:00'],
    ['utc', '+00:00'],
    ['Z', '+00:00'],
    ['-00:00', '+00:00'],
    ['-00:30', '-00:30'],
    [' +01:00 ', '+01:00'],
  ])('%j is the offset %s', (text, local_offset) => {
    const parsed = parseLocalZone(text);
    expect(parsed).toEqual({ ok: true, value: { local_offset, local_zone: null } });
    if (parsed.ok) expect(localZoneText(parsed.value)).toBe(local_offset);
  });

  test.each(['+18:01', '-19:00', '+05:60', '+5:30', '0530', '+0530', '', '05:30', 'x+05:30', '+05:30:00', 'Europe/', 'x'.repeat(65)])(
    '%j is refused',
    (text) => {
      expect(parseLocalZone(text)).toMatchObject({ ok: false, why: expect.stringMatching(/offset/) });
    },
  );

  test('what looks like neither a zone nor an offset is told so', () => {
    expect(parseLocalZone('0530')).toMatchObject({ ok: false, why: expect.stringContaining('neither a time zone nor an offset') });
  });

  test.each(['Europe/Berlin', 'Asia/Kolkata', 'CET', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a zone', (name) => {
    const parsed = parseLocalZone(` ${name} `);
    expect(parsed).toMatchObject({ ok: true, value: { local_offset: null, local_zone: { name } } });
    if (parsed.ok) expect(localZoneText(parsed.value)).toBe(name);
  });

  test.each(['Mars/Base', 'Berlin', 'Europe/Berlin/Mitte', 'local', 'constructor'])('%s is no zone, and the sentence shows one', (name) => {
    expect(parseLocalZone(name)).toEqual({
      ok: false,
      why: `"${name}" is not the name of a time zone that is known here: use one such as Europe/Berlin, or the offset, such as +01:00.`,
    });
  });

  test('without Intl the sentence asks for the offset', () => {
    vi.stubGlobal('Intl', undefined);
    try {
      expect(parseLocalZone('Europe/Berlin')).toMatchObject({
        ok: false,
        why: expect.stringMatching(/without knowledge of time zones.*\+01:00/),
      });
      expect(parseLocalZone('+05:30')).toMatchObject({ ok: true });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('none is no text', () => {
    expect(localZoneText({ local_offset: null, local_zone: null })).toBe('');
  });
});

test('on, off and date orders are words, nothing else', () => {
  expect(parseSucceededIsSuccess(' on ')).toEqual({ ok: true, value: true });
  expect(parseSucceededIsSuccess('off')).toEqual({ ok: true, value: false });
  for (const text of ['', 'true', 'ON', '1']) expect(parseSucceededIsSuccess(text)).toMatchObject({ ok: false });
  for (const text of ['auto', 'day-first', 'month-first']) expect(parseDateOrder(` ${text} `)).toEqual({ ok: true, value: text });
  for (const text of ['', 'dmy', 'day first']) expect(parseDateOrder(text)).toMatchObject({ ok: false });
});

test('the defaults are those of the product', () => {
  expect(defaultSettings).toEqual({
    window: '1h',
    look_back: 'none',
    as_of: 'newest',
    as_of_now: false,
    succeeded_is_success: true,
    date_order: 'auto',
    local_offset: null,
    local_zone: null,
  });
});

test('workers: automatic, or as many as there are processors', () => {
  expect(parseWorkers(' automatic ', 8)).toEqual({ ok: true, value: null });
  expect(parseWorkers('1', 8)).toEqual({ ok: true, value: 1 });
  expect(parseWorkers('8', 8)).toEqual({ ok: true, value: 8 });
  expect(parseWorkers('64')).toEqual({ ok: true, value: 64 });
  for (const text of ['0', '9', '', 'many', '1.5', '-1', '1e1']) {
    expect(parseWorkers(text, 8)).toEqual({
      ok: false,
      why: `"${text}" is neither automatic nor a number from 1 to 8, as many as this machine has processors.`,
    });
  }
});
