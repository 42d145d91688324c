import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  defaultSettings,
  durationTicks,
  isInstant,
  parseAsOf,
  parseDateOrder,
  parseLocalZone,
  parseLookBack,
  parseSucceededIsSuccess,
  parseWindow,
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
    expect(parseLookBack('1d')).toEqual({ ok: true, value: '1d' });
    expect(parseLookBack('0s')).toMatchObject({ ok: false });
    expect(parseLookBack('yesterday')).toMatchObject({ ok: false, why: expect.stringContaining('none') });
  });
});

describe('as-of', () => {
  test('newest, now and an instant', () => {
    expect(parseAsOf('newest', now)).toEqual({ ok: true, value: { as_of: 'newest', as_of_now: false } });
    expect(parseAsOf('now', now)).toEqual({ ok: true, value: { as_of: '2026-03-14T09:00:00.123Z', as_of_now: true } });
    expect(parseAsOf('2026-03-14T10:00:00+01:00', now)).toEqual({
      ok: true,
      value: { as_of: '2026-03-14T10:00:00+01:00', as_of_now: false },
    });
  });

  test.each(['2026-03-14T09:00:00Z', '2024-02-29T00:00:00.1234567-08:30', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.9999999Z'])(
    '%s is an instant',
    (text) => {
      expect(isInstant(text)).toBe(true);
    },
  );

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
  ])('%s is none and the sentence shows one', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(parseAsOf(text, now)).toMatchObject({ ok: false, why: expect.stringContaining('2026-03-14T09:00:00Z') });
  });
});

describe('the offset of local times', () => {
  test.each([
    ['+05:30', '+05:30'],
    ['-08:00', '-08:00'],
    ['+18:00', '+18:00'],
    ['-18:00', '-18:00'],
    ['UTC', '+00:00'],
    ['Z', '+00:00'],
    ['-00:00', '+00:00'],
    [' +01:00 ', '+01:00'],
  ])('%j is %s', (text, value) => {
    expect(parseLocalZone(text)).toEqual({ ok: true, value });
  });

  test.each(['+18:01', '-19:00', '+05:60', '+5:30', '0530', '+0530', '', '05:30', '+05:30:00'])('%j is refused', (text) => {
    expect(parseLocalZone(text)).toMatchObject({ ok: false });
  });

  test.each(['Europe/Berlin', 'Asia/Kolkata', 'CET', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'the name %s is refused with what to give instead',
    (name) => {
      expect(parseLocalZone(name)).toMatchObject({ ok: false, why: expect.stringMatching(/names.*not supported yet.*\+01:00/) });
    },
  );
});

test('on, off and date orders are words, nothing else', () => {
  expect(parseSucceededIsSuccess('on')).toEqual({ ok: true, value: true });
  expect(parseSucceededIsSuccess('off')).toEqual({ ok: true, value: false });
  for (const text of ['', 'true', 'ON', '1']) expect(parseSucceededIsSuccess(text)).toMatchObject({ ok: false });
  for (const text of ['auto', 'day-first', 'month-first']) expect(parseDateOrder(text)).toEqual({ ok: true, value: text });
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
  });
});
