import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../web/src/engine/settings';
import { type CommandLine, type HuntOptions, helpText, kMostWorkers, parseCommandLine } from '../../web/src/hunt/options';

const now = new Date('2026-03-14T09:00:00Z');
const parse = (...args: string[]): CommandLine => parseCommandLine(args, now, 4);

function options(...args: string[]): HuntOptions {
  const line = parse(...args);
  if (line.run !== 'hunt') throw new Error(JSON.stringify(line));
  return line.options;
}

function why(...args: string[]): string {
  const line = parse(...args);
  if (line.run !== 'refuse') throw new Error(JSON.stringify(line));
  return line.why;
}

test('paths alone give the defaults', () => {
  expect(options('a', 'b c')).toEqual({
    settings: defaultSettings,
    workers: 4,
    format: 'json',
    view: 'sessions',
    stats: false,
    paths: ['a', 'b c'],
  });
});

test('every option, in both spellings of its value', () => {
  const spaced = ['--window', '30m', '--look-back', '1d', '--as-of', 'now', '--succeeded-is-success', 'off', '--date-order', 'day-first'];
  const more = ['--local-zone', '-08:00', '--workers', '3', '--format', 'csv', '--view', 'sentinel', '--stats', 'x'];
  const joined = [...spaced, ...more].reduce<string[]>((out, arg) => {
    const last = out.at(-1);
    if (last?.startsWith('--') === true && !last.includes('=') && last !== '--stats' && !arg.startsWith('--'))
      out[out.length - 1] = `${last}=${arg}`;
    else out.push(arg);
    return out;
  }, []);
  expect(joined).toContain('--local-zone=-08:00');
  const expected = {
    settings: {
      window: '30m',
      look_back: '1d',
      as_of: '2026-03-14T09:00:00.000Z',
      as_of_now: true,
      succeeded_is_success: false,
      date_order: 'day-first',
      local_offset: '-08:00',
      local_zone: null,
    },
    workers: 3,
    format: 'csv',
    view: 'sentinel',
    stats: true,
    paths: ['x'],
  };
  expect(options(...spaced, ...more)).toEqual(expected);
  expect(options(...joined)).toEqual(expected);
});

test('the defaults are not changed by a run', () => {
  options('--window', '5m', 'x');
  expect(options('x').settings.window).toBe('1h');
});

test('the published preset, and options beside it in any order', () => {
  expect(options('--preset', 'published', 'x').settings).toMatchObject({ window: '1h', look_back: '1d', succeeded_is_success: false });
  expect(options('--look-back', 'none', '--preset', 'published', 'x').settings).toMatchObject({
    look_back: 'none',
    succeeded_is_success: false,
  });
  expect(why('--preset', 'mine', 'x')).toContain('published');
});

test('--local-offset is --local-zone', () => {
  for (const option of ['--local-offset', '--local-zone']) {
    expect(options(option, '+05:30', 'x').settings).toMatchObject({ local_offset: '+05:30', local_zone: null });
    expect(options(option, 'Europe/Berlin', 'x').settings).toMatchObject({ local_offset: null, local_zone: { name: 'Europe/Berlin' } });
    expect(why(option, 'Europe/Berlim', 'x')).toContain('"Europe/Berlim" is not the name of a time zone that is known here');
  }
});

test('of an offset and a zone the last one counts', () => {
  expect(options('--local-zone', 'Europe/Berlin', '--local-offset', '+05:30', 'x').settings.local_zone).toBeNull();
  expect(options('--local-offset', '+05:30', '--local-zone', 'Europe/Berlin', 'x').settings.local_offset).toBeNull();
});

test('after -- everything is a path', () => {
  expect(options('--', '--window', '-')).toMatchObject({ paths: ['--window', '-'] });
});

test('help and version win over what is wrong elsewhere', () => {
  expect(parse('--help')).toEqual({ run: 'help' });
  expect(parse('-h', '--nonsense')).toEqual({ run: 'help' });
  expect(parse('--version')).toEqual({ run: 'version' });
});

test.each([
  [['--windows', '1h', 'x'], '--windows'],
  [['-x'], '-x'],
  [['--window'], 'needs a value'],
  [['x', '--format'], 'needs a value'],
  [['--window', '1 hour', 'x'], '--window'],
  [['--window=', 'x'], '--window'],
  [['--look-back', 'ever', 'x'], '--look-back'],
  [['--as-of', 'today', 'x'], '--as-of'],
  [['--succeeded-is-success', 'yes', 'x'], 'on nor off'],
  [['--date-order', 'us', 'x'], 'day-first'],
  [['--format', 'xml', 'x'], 'markdown'],
  [['--view', 'hours', 'x'], 'sentinel'],
  [['-'], 'Standard input'],
  [[], 'at least one'],
  [['--stats'], 'at least one'],
  [[''], 'empty'],
] as [string[], string][])('%j is refused, naming %j', (args, named) => {
  expect(why(...args)).toContain(named);
});

describe('workers', () => {
  test.each(['0', `${kMostWorkers + 1}`, '-1', '1.5', 'all', ''])('%j is refused', (text) => {
    expect(why('--workers', text, 'x')).toContain(`1 to ${kMostWorkers}`);
  });
  test.each(['1', `${kMostWorkers}`])('%s is taken', (text) => {
    expect(options('--workers', text, 'x').workers).toBe(Number(text));
  });
  test('by default what the machine has, within limits', () => {
    const workers = (processors: number): number => {
      const line = parseCommandLine(['x'], now, processors);
      return line.run === 'hunt' ? line.options.workers : -1;
    };
    expect([workers(0), workers(1), workers(2), workers(200)]).toEqual([1, 1, 2, 16]);
  });
});

test('the help names every option that is taken, and only 120 columns are needed', () => {
  for (const name of [
    'window',
    'look-back',
    'as-of',
    'succeeded-is-success',
    'date-order',
    'local-zone',
    'local-offset',
    'preset',
    'workers',
    'format',
    'view',
    'stats',
    'help',
    'version',
  ]) {
    expect(helpText).toContain(`--${name}`);
  }
  expect(Math.max(...helpText.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('formats and the views they hold', () => {
  expect(options('--format', 'spark', '--view', 'sentinel', 'x')).toMatchObject({ format: 'spark', view: 'sentinel' });
  expect(options('--format', 'csv-raw', '--view', 'events', 'x')).toMatchObject({ format: 'csv-raw', view: 'events' });
  expect(options('--format', 'timesketch', 'x').format).toBe('timesketch');
  expect(options('--format', 'timesketch', '--view', 'events', 'x').view).toBe('events');
  expect(why('--format', 'kql', '--view', 'events', 'x')).toBe('--view: of a query there are sessions and sentinel, not events.');
  expect(why('--format', 'timesketch', '--view', 'sessions', 'x')).toBe('--view: timesketch holds events, not sessions.');
});

test.each(['16', '3072'])('--memory %s MiB is taken', (memory) => {
  const line = parseCommandLine(['--memory', memory, 'x'], new Date(), 4);
  expect(line).toMatchObject({ run: 'hunt', options: { memory: Number(memory) } });
});

test.each(['15', '3073', '0', '-1', '1G', ''])('--memory "%s" is refused', (memory) => {
  expect(parseCommandLine(['--memory', memory, 'x'], new Date(), 4)).toMatchObject({
    run: 'refuse',
    why: `--memory: "${memory}" is not a number of MiB from 16 to 3072.`,
  });
});
