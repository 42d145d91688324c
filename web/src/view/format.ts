// How numbers, sizes, durations and instants read on the page. Instants come as RFC 3339 text in UTC with up to seven fraction digits and are
// compared as text: they do not fit a Number (100 ns ticks since year 1).

export type Display = 'utc' | 'local';

// toLocaleString() would look its locale up each time.
const counts = new Intl.NumberFormat('en');

export function formatCount(value: number): string {
  return counts.format(value);
}

/** "1 session", "2 sessions". */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  // 999.95 and not 1000: what rounds to 1000.0 belongs to the next unit.
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.95 && unit < units.length - 1);
  return `${value.toFixed(value < 9.995 ? 2 : 1)} ${units[unit] ?? ''}`;
}

/** Milliseconds in the two largest units: "1 h 12 min", "45 s", "3 d 2 h". */
export function formatDuration(millis: number): string {
  const seconds = Math.round(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** Milliseconds from one instant to the other; fractions below a millisecond are dropped. */
export function millisBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** Orders instants to the last of their seven digits. */
export function compareInstants(a: string, b: string): number {
  // "…05Z" and "…05.5Z" differ first at 'Z' and '.', which sort the wrong way round as text.
  const left = a.slice(0, -1).padEnd(20, '.');
  const right = b.slice(0, -1).padEnd(20, '.');
  return left < right ? -1 : left > right ? 1 : 0;
}

const two = (value: number) => String(value).padStart(2, '0');

function localOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** Offset of this browser's zone at an instant, "+01:00". */
export function browserOffset(at: string | null): string {
  return localOffset(at === null ? new Date() : new Date(at));
}

/** The end of a resource id, type and name: "…/virtualMachines/vm-01". Shorter ids come back whole. */
export function resourceEnd(resourceId: string): string {
  const parts = resourceId.split('/');
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : resourceId;
}

export interface InstantText {
  date: string;
  /** To the second. */
  time: string;
  /** ".3234567", or empty. */
  fraction: string;
  /** "UTC" or the offset that holds then. */
  zone: string;
}

/** Parts of an instant as the analyst chose to see it. */
export function instantText(instant: string, display: Display): InstantText {
  const fraction = /\.\d+/.exec(instant)?.[0] ?? '';
  if (display === 'utc') return { date: instant.slice(0, 10), time: instant.slice(11, 19), fraction, zone: 'UTC' };
  const at = new Date(instant);
  // Date is correct for years 0001 to 9999; a local year outside has no four digits and is shown in UTC.
  if (Number.isNaN(at.getTime()) || at.getFullYear() < 1 || at.getFullYear() > 9999) return instantText(instant, 'utc');
  return {
    date: `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
    fraction,
    zone: localOffset(at),
  };
}
