// The command line of scripts/hunt: option texts to settings, and what is wrong with them. Pure: the clock and the number of processors come in.

import { dialects } from '../engine/protocol';
import { kMemoryMebibytes } from '../engine/reading';
import {
  defaultSettings,
  type Parsed,
  parseAsOf,
  parseDateOrder,
  parseLocalZone,
  parseLookBack,
  parseSucceededIsSuccess,
  parseWindow,
  publishedSettings,
  type Settings,
} from '../engine/settings';

const formats = ['json', 'csv', 'csv-raw', 'markdown', 'json-lines', 'timesketch', ...dialects] as const;
export type Format = (typeof formats)[number];
const views = ['sessions', 'operations', 'events', 'sentinel'] as const;
export type View = (typeof views)[number];

export interface HuntOptions {
  settings: Settings;
  workers: number;
  /** MiB; undefined: as much as an engine can hold. */
  memory?: number;
  format: Format;
  view: View;
  stats: boolean;
  paths: string[];
}

export type CommandLine = { run: 'hunt'; options: HuntOptions } | { run: 'help' } | { run: 'version' } | { run: 'refuse'; why: string };

// More threads than this share one disk and one memory bus; each also has a wasm memory of its own.
export const kMostWorkers = 64;
const kDefaultMostWorkers = 16;
// Below this an engine's own tables leave no room for events.
const kLeastMemory = 16;

export const helpText = `Usage: hunt [options] PATH...

Reads exports of the Azure Activity log (files, or folders with all that is in them) and reports who used Azure
Cloud Shell, when, and which operations they did meanwhile. Nothing leaves this machine.

Options
  --window DURATION            how long a signal keeps a session open (default 1h)
  --look-back none|DURATION    how far back the published query looks; acts on the Sentinel rows alone (default none)
  --as-of newest|now|INSTANT   what look-back counts from: the newest event, the clock, or a time such as
                               2026-03-14T09:00:00Z (default newest)
  --succeeded-is-success on|off
                               whether "Succeeded" counts as "Success" in AzureActivity rows (default on)
  --date-order auto|day-first|month-first
                               how numeric dates are read that could be either (default auto: as the column proves)
  --local-zone NAME|+hh:mm     zone, such as Europe/Berlin, or offset from UTC of times without one, such as
                               "[Local Time]" columns (--local-offset is the same)
  --preset published           the settings of the published query: --window 1h --look-back 1d
                               --succeeded-is-success off; options given beside it win
  --workers N                  worker threads, 1 to ${kMostWorkers} (default: as many as processors, ${kDefaultMostWorkers} at most)
  --memory MIB                 at most so much for what is read; reading stops there and the rest is left out (default,
                               and most: ${kMemoryMebibytes})
  --format WORD                what is printed (default json: the whole report)
                                 csv, markdown            a table; csv is safe to open in a spreadsheet
                                 csv-raw                  the same for programs: fields may read as formulas
                                 json-lines, timesketch   the events of all sessions, one a line
                                 kql, duckdb, trino, spark
                                                          the hunt as a query with these settings, for the time span of
                                                          the files, to run where the logs live
  --view sessions|operations|events|sentinel
                               which table csv and markdown hold; of a query, sessions is the sessions hunt and sentinel
                               the published query (default sessions)
  --stats                      time, rate and memory on standard error
  --help, --version
  --                           what follows are paths

Exit status
  0  ran, with findings or without
  1  a fault of this program
  2  wrong usage, or no input could be read
  3  some input was refused, cut short or unreadable, or the published query cannot run on it; the rest is reported
The report goes to standard output, everything else to standard error.
`;

/** `processors`: how many this machine offers. */
export function parseCommandLine(args: readonly string[], now: Date, processors: number): CommandLine {
  const given = new Map<string, string>();
  const paths: string[] = [];
  let stats = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === '--') {
      paths.push(...args.slice(at + 1));
      break;
    }
    if (arg === '--help' || arg === '-h') return { run: 'help' };
    if (arg === '--version') return { run: 'version' };
    if (arg === '--stats') {
      stats = true;
      continue;
    }
    if (!arg.startsWith('-')) {
      paths.push(arg);
      continue;
    }
    if (arg === '-') return refuse('Standard input is not read: give the name of a file or folder.');
    const equals = arg.indexOf('=');
    const written = equals < 0 ? arg : arg.slice(0, equals);
    const name = written === '--local-offset' ? '--local-zone' : written;
    if (!valued.has(name)) return refuse(`There is no option ${written}.`);
    let value: string;
    if (equals >= 0) {
      value = arg.slice(equals + 1);
    } else {
      at += 1;
      if (at >= args.length) return refuse(`${written} needs a value.`);
      value = args[at] as string;
    }
    given.set(name, value);
  }

  const settings: Settings = { ...defaultSettings };
  const preset = given.get('--preset');
  if (preset !== undefined) {
    if (preset !== 'published') return refuse(`--preset: "${preset}" is not a preset: the one there is is published.`);
    Object.assign(settings, publishedSettings);
  }
  const options: HuntOptions = {
    settings,
    workers: Math.max(1, Math.min(processors, kDefaultMostWorkers)),
    format: 'json',
    view: 'sessions',
    stats,
    paths,
  };
  for (const [name, value] of given) {
    const why = valued.get(name)?.(value, options, now);
    if (why !== undefined) return refuse(`${name}: ${why}`);
  }
  const { format, view } = options;
  if (isQuery(format) && view !== 'sessions' && view !== 'sentinel') {
    return refuse(`--view: of a query there are sessions and sentinel, not ${view}.`);
  }
  if ((format === 'json-lines' || format === 'timesketch') && given.has('--view') && view !== 'events') {
    return refuse(`--view: ${format} holds events, not ${view}.`);
  }
  if (paths.length === 0) return refuse('Give at least one file or folder to read.');
  if (paths.includes('')) return refuse('A path is empty.');
  return { run: 'hunt', options };
}

/** The format is the hunt itself as a query. */
export function isQuery(format: Format): format is (typeof dialects)[number] {
  return (dialects as readonly string[]).includes(format);
}

const refuse = (why: string): CommandLine => ({ run: 'refuse', why });

/** Applies one option's value; returns the sentence that says what is wrong with it. */
type Apply = (value: string, options: HuntOptions, now: Date) => string | undefined;

function set<T>(parsed: Parsed<T>, apply: (value: T) => void): string | undefined {
  if (!parsed.ok) return parsed.why;
  apply(parsed.value);
  return undefined;
}

const valued = new Map<string, Apply>([
  ['--window', (value, { settings }) => set(parseWindow(value), (window) => Object.assign(settings, { window }))],
  ['--look-back', (value, { settings }) => set(parseLookBack(value), (look_back) => Object.assign(settings, { look_back }))],
  ['--as-of', (value, { settings }, now) => set(parseAsOf(value, now), (asOf) => Object.assign(settings, asOf))],
  [
    '--succeeded-is-success',
    (value, { settings }) =>
      set(parseSucceededIsSuccess(value), (succeeded_is_success) => Object.assign(settings, { succeeded_is_success })),
  ],
  ['--date-order', (value, { settings }) => set(parseDateOrder(value), (date_order) => Object.assign(settings, { date_order }))],
  ['--local-zone', (value, { settings }) => set(parseLocalZone(value), (local) => Object.assign(settings, local))],
  ['--preset', () => undefined],
  ['--workers', (value, options) => set(parseWorkers(value), (workers) => Object.assign(options, { workers }))],
  ['--memory', (value, options) => set(parseMemory(value), (memory) => Object.assign(options, { memory }))],
  ['--format', (value, options) => set(oneOf(value, formats), (format) => Object.assign(options, { format }))],
  ['--view', (value, options) => set(oneOf(value, views), (view) => Object.assign(options, { view }))],
]);

function parseWorkers(text: string): Parsed<number> {
  const workers = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (workers >= 1 && workers <= kMostWorkers) return { ok: true, value: workers };
  return { ok: false, why: `"${text}" is not a number from 1 to ${kMostWorkers}.` };
}

function parseMemory(text: string): Parsed<number> {
  const memory = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (memory >= kLeastMemory && memory <= kMemoryMebibytes) return { ok: true, value: memory };
  return { ok: false, why: `"${text}" is not a number of MiB from ${kLeastMemory} to ${kMemoryMebibytes}.` };
}

function oneOf<T extends string>(text: string, words: readonly T[]): Parsed<T> {
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return { ok: true, value: word };
  return { ok: false, why: `"${text}" is not one of ${words.join(', ')}.` };
}
