// Time zones by name, for columns that hold local times. The core has no time zone database: it gets a zone as the list of its offsets from UTC,
// which is made here from what the JavaScript engine knows (Intl), in the page and in Node alike. The report holds the offsets that were used,
// so another engine with another edition of the database can be told apart.

/** As the core takes it (core/hunt/settings.h). `from` is null for the first offset alone, which holds from the beginning of time. */
export interface LocalZone {
  name: string;
  offsets: { from: string | null; offset: string }[];
}

// A log that is older or younger than this does not exist; a time outside is read with the first or the last offset of the list, and
// a note says so (kZonesFrom, kZonesUntil in core/time/zone.h are these). 130 years are at
// most 301 offsets (Hebron's), 15 kB of settings, 241 for Berlin; a zone takes 15 to 40 ms, once.
const kFirst = Date.UTC(1970, 0, 1);
const kLast = Date.UTC(2100, 0, 1);
// Two changes inside one step would not be seen. Since 1970 no zone changed twice within six days (Brazil's north-east in October 2000: 6.96).
const kStep = 6 * 86_400_000;
// Longest in the database: 32.
const kLongestName = 64;

const known = new Map<string, LocalZone>();

/** What may be the name of a zone, known or not. */
export function looksLikeZone(name: string): boolean {
  return name.length <= kLongestName && /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name);
}

/** null: no such zone, or no knowledge of zones at all (zonesKnown() tells which). */
export function zoneOf(name: string): LocalZone | null {
  if (!looksLikeZone(name) || !zonesKnown()) return null;
  const offsetAt = offsetReader(name);
  if (offsetAt === null) return null;
  const spelled = spelling(name);
  const found = known.get(spelled);
  if (found !== undefined) return found;
  let before = offsetAt(kFirst);
  const zone: LocalZone = { name: spelled, offsets: [{ from: null, offset: offsetText(before) }] };
  for (let at = kFirst; at < kLast; at += kStep) {
    const behind = offsetAt(at + kStep);
    if (behind === before) continue;
    zone.offsets.push({ from: instantText(changeBetween(offsetAt, at, at + kStep)), offset: offsetText(behind) });
    before = behind;
  }
  known.set(spelled, zone);
  return zone;
}

/** False in a Node that was built without Intl. */
export function zonesKnown(): boolean {
  return typeof Intl === 'object' && typeof Intl.DateTimeFormat === 'function';
}

/** The zone this machine is set to; null where it has only an offset, or none that is known. */
export function zoneHere(): string | null {
  const name = zonesKnown() ? new Intl.DateTimeFormat().resolvedOptions().timeZone : undefined;
  return name !== undefined && name !== 'UTC' && looksLikeZone(name) && offsetReader(name) !== null ? name : null;
}

/** Names to choose from. The engine may know further ones: older spellings, and newer ones where it lists the older. */
export function zoneNames(): string[] {
  return zonesKnown() && typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
}

/** Upper and lower case as the database has it, where that can be told: engines list one of several spellings of a zone. */
function spelling(name: string): string {
  const folded = name.toLowerCase();
  const candidates = [new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone, ...zoneNames()];
  return candidates.find((candidate) => candidate.toLowerCase() === folded) ?? name;
}

/** Seconds east of UTC at an instant; null when there is no such zone. */
function offsetReader(timeZone: string): ((at: number) => number) | null {
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
  return (at) => {
    // "3/29/2026, 01:59:59": what a clock on the wall shows, read as if it were UTC.
    const [month, day, year, hour, minute, second] = clock.format(at).split(/\D+/).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return (Date.UTC(year, month - 1, day, hour, minute, second) - at) / 1000;
  };
}

/** The one change between two instants that differ in offset, to the second. */
function changeBetween(offsetAt: (at: number) => number, from: number, to: number): number {
  const before = offsetAt(from);
  let low = from / 1000;
  let high = to / 1000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function instantText(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

function offsetText(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, ...(size % 60 === 0 ? [] : [size % 60])];
  return (seconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
