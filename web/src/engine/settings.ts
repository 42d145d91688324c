// What an analyst may change after loading, and how the texts of options and input fields become it. Shared by the page and scripts/hunt, so
// that one spelling means one thing. A text that is refused comes back with a sentence that names the accepted forms; the core checks the
// result once more (core/hunt/settings.h) and is the last word.

import { type LocalZone, looksLikeZone, zoneOf, zonesKnown } from './zone';

/** The JSON object that the engine's hunt() takes; keys and spellings are the core's. */
export interface Settings {
  /** Duration > 0: how long a signal keeps a session open. */
  window: string;
  look_back: 'none' | string;
  /** What look-back counts from: the newest event, or an RFC 3339 instant. */
  as_of: 'newest' | string;
  /** The instant in `as_of` was taken from the clock. */
  as_of_now: boolean;
  succeeded_is_success: boolean;
  date_order: DateOrder;
  /** Offset from UTC of times without a zone, "+05:30"; null: not known, or a zone is. */
  local_offset: string | null;
  /** Their zone, whose offset may change within a file. */
  local_zone: LocalZone | null;
}

/** What times without a zone are read by; one of the two at most. */
export type LocalTimes = Pick<Settings, 'local_offset' | 'local_zone'>;

export type DateOrder = 'auto' | 'day-first' | 'month-first';

export const defaultSettings: Readonly<Settings> = {
  window: '1h',
  look_back: 'none',
  as_of: 'newest',
  as_of_now: false,
  succeeded_is_success: true,
  date_order: 'auto',
  local_offset: null,
  local_zone: null,
};

/** What the published query does: one day back, and REST's "Succeeded" does not count. */
export const publishedSettings: Readonly<Pick<Settings, 'window' | 'look_back' | 'succeeded_is_success'>> = {
  window: '1h',
  look_back: '1d',
  succeeded_is_success: false,
};

export type Parsed<T> = { ok: true; value: T } | { ok: false; why: string };

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (why: string): { ok: false; why: string } => ({ ok: false, why });

const kTicksPerSecond = 10_000_000n;
// 9999-12-31T23:59:59.9999999Z in the core's unit: no duration may be longer than all time.
const kMaxTicks = 3_155_378_975_999_999_999n;
const kMaxOffsetMinutes = 18 * 60; // the core's limit; the widest offset in use is +14:00

/** Ticks of 100 ns of "1d", "1h30m", "45m10.5s" (units d h m s, largest first, each at most once); null for any other text. */
export function durationTicks(text: string): bigint | null {
  const parts = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})(?:\.(\d{1,7}))?s)?$/.exec(text);
  if (text === '' || parts === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * kTicksPerSecond + BigInt(fraction.padEnd(7, '0'));
  return ticks <= kMaxTicks ? ticks : null;
}

const kDurationForms = 'use units d, h, m and s, largest first, for example 1h, 90m or 1d12h';

// No machine that runs a browser has more processors; a worker beyond them only takes memory.
export const kMostWorkers = 64;

/** "automatic" (null) or a number from 1 to `most`. */
export function parseWorkers(text: string, most = kMostWorkers): Parsed<number | null> {
  const trimmed = text.trim();
  if (trimmed === 'automatic') return good(null);
  const workers = /^\d{1,3}$/.test(trimmed) ? Number(trimmed) : 0;
  if (workers >= 1 && workers <= most) return good(workers);
  return bad(`"${trimmed}" is neither automatic nor a number from 1 to ${most}, as many as this machine has processors.`);
}

export function parseWindow(text: string): Parsed<string> {
  const trimmed = text.trim();
  const ticks = durationTicks(trimmed);
  if (ticks === null) return bad(`"${trimmed}" is not a duration: ${kDurationForms}.`);
  if (ticks === 0n) return bad('The window must be longer than zero.');
  return good(trimmed);
}

export function parseLookBack(text: string): Parsed<string> {
  const trimmed = text.trim();
  if (trimmed === 'none') return good('none');
  const ticks = durationTicks(trimmed);
  if (ticks === null) return bad(`"${trimmed}" is not a look-back: use none, or ${kDurationForms.replace('use ', '')}.`);
  if (ticks === 0n) return bad('The look-back must be none or longer than zero.');
  return good(trimmed);
}

/** `now` is the clock's reading, used for the word "now" only. */
export function parseAsOf(text: string, now: Date): Parsed<Pick<Settings, 'as_of' | 'as_of_now'>> {
  const trimmed = text.trim();
  if (trimmed === 'newest') return good({ as_of: 'newest', as_of_now: false });
  if (trimmed === 'now') return good({ as_of: now.toISOString(), as_of_now: true });
  if (!isInstant(trimmed)) {
    return bad(`"${trimmed}" is not an instant: use newest, now, or a time with its offset such as 2026-03-14T09:00:00Z.`);
  }
  return good({ as_of: trimmed, as_of_now: false });
}

/** RFC 3339 with an offset, up to seven fraction digits, a real calendar date in years 0001 to 9999. */
export function isInstant(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,7})?(?:Z|[+-](\d\d):(\d\d))$/.exec(text);
  if (parts === null) return false;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = parts.slice(1).map((part) => Number(part ?? '0')) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60 && offsetHour < 24 && offsetMinute < 60;
}

export function parseSucceededIsSuccess(text: string): Parsed<boolean> {
  const trimmed = text.trim();
  if (trimmed === 'on') return good(true);
  if (trimmed === 'off') return good(false);
  return bad(`"${trimmed}" is neither on nor off.`);
}

export function parseDateOrder(text: string): Parsed<DateOrder> {
  const trimmed = text.trim();
  if (trimmed === 'auto' || trimmed === 'day-first' || trimmed === 'month-first') return good(trimmed);
  return bad(`"${trimmed}" is not a date order: use auto, day-first or month-first.`);
}

/** "+05:30", "-08:00", "UTC", "Z", or a name such as Europe/Berlin. */
export function parseLocalZone(text: string): Parsed<LocalTimes> {
  const trimmed = text.trim();
  const fixed = (local_offset: string): Parsed<LocalTimes> => good({ local_offset, local_zone: null });
  if (trimmed === 'Z' || trimmed.toUpperCase() === 'UTC') return fixed('+00:00');
  const parts = /^([+-])(\d\d):(\d\d)$/.exec(trimmed);
  if (parts !== null) {
    const [, sign, hours, minutes] = parts;
    if (Number(minutes) < 60 && Number(hours) * 60 + Number(minutes) <= kMaxOffsetMinutes) {
      return fixed(hours === '00' && minutes === '00' ? '+00:00' : `${sign}${hours}:${minutes}`);
    }
    return bad(`"${trimmed}" is not an offset from UTC: it must lie between -18:00 and +18:00.`);
  }
  if (looksLikeZone(trimmed)) {
    if (!zonesKnown())
      return bad('This program runs without knowledge of time zones (Intl): give the offset from UTC, for example +01:00.');
    const local_zone = zoneOf(trimmed);
    if (local_zone !== null) return good({ local_offset: null, local_zone });
    return bad(
      `"${trimmed}" is not the name of a time zone that is known here: use one such as Europe/Berlin, or the offset, such as +01:00.`,
    );
  }
  return bad(
    `"${trimmed}" is neither a time zone nor an offset from UTC: use a name such as Europe/Berlin, or +hh:mm or -hh:mm, such as +05:30.`,
  );
}

/** What parseLocalZone() takes for these; empty where neither is known. */
export function localZoneText({ local_offset, local_zone }: LocalTimes): string {
  return local_zone?.name ?? local_offset ?? '';
}
