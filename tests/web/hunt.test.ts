// scripts/hunt as a person runs it: what goes to which stream, exit status, and the same bytes whatever the workers and the order.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Report } from '../../web/src/engine/report';
import { zipOf } from './archives';
import { evidence } from './evidence';

const script = fileURLToPath(new URL('../../scripts/hunt', import.meta.url));
// Each test starts the program once or several times; on a busy machine that is seconds.
vi.setConfig({ testTimeout: 120_000 });

let root = '';

function write(path: string, content: string | Uint8Array): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

function hunt(...args: string[]): SpawnSyncReturns<string> {
  const ran = spawnSync(script, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (ran.error) throw ran.error;
  return ran;
}

function reportOf(...args: string[]): Report {
  return JSON.parse(hunt(...args).stdout) as Report;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hunt-run-'));
  for (const [name, content] of Object.entries(evidence)) {
    write(name, content);
    write(`day/${name}`, content);
  }
  for (let hour = 0; hour < 12; hour += 1) {
    const text = evidence['PT1H.json'] as string;
    write(
      `day/y=2026/m=03/d=${String(hour + 1).padStart(2, '0')}/PT1H.json`,
      text.replaceAll('2026-03-14', `2026-03-${String(hour + 1).padStart(2, '0')}`),
    );
  }
  write('empty.json', '');
  write('packed.json', gzipSync(evidence['az.json'] as string));
  write('archive.json', zipOf([{ name: 'd/az.json', content: evidence['az.json'] as string }]));
  write('locked.zip', zipOf([{ name: 'az.json', content: 'x', flags: 1 }]));
  write('table.json', 'PAR1 and so on');
  write(
    'no_caller.csv',
    'TimeGenerated,OperationNameValue,ActivityStatusValue,ResourceGroup\n2026-03-14T09:00:00Z,A/B/write,Success,prod\n',
  );
  write(
    'local.csv',
    '"TimeGenerated [Local Time]",OperationNameValue,ActivityStatusValue,ResourceGroup,Caller\n"3/14/2026, 11:00:00.000 AM",A/B/WRITE,Success,PROD,carol@contoso.example\n',
  );
  write(
    'days.csv',
    'TimeGenerated,OperationNameValue,ActivityStatusValue,ResourceGroup,Caller\n03/04/2026 09:12:00,A/B/WRITE,Success,PROD,carol@contoso.example\n',
  );
  // The first run may have to build; the others then only run.
  hunt('--version');
}, 600_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the report', () => {
  test('goes to standard output alone, ends with a line feed, and names the schema first', () => {
    const { stdout, stderr, status } = hunt('az.json');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.startsWith('{')).toBe(true);
    expect(stdout.endsWith('\n')).toBe(true);
    const report = JSON.parse(stdout) as Report;
    expect(Object.keys(report)[0]).toBe('schema');
    expect(report.inputs).toMatchObject([{ path: 'az.json', shape: 'rest', events: 2 }]);
    expect(report.sessions.map((session) => session.caller)).toEqual(['alice@contoso.example']);
  });

  test('is the same bytes for any number of workers, any order of arguments, and any place', () => {
    const one = hunt('--workers', '1', 'day');
    expect(one.status).toBe(0);
    expect((JSON.parse(one.stdout) as Report).inputs.length).toBe(15);
    for (const workers of ['2', '3', '8']) expect(hunt('--workers', workers, 'day').stdout).toBe(one.stdout);
    expect(hunt(join(root, 'day')).stdout).toBe(one.stdout);
    const files = hunt('az.json', 'PT1H.json', 'query_data.csv');
    expect(hunt('--workers', '3', 'query_data.csv', 'az.json', 'PT1H.json').stdout).toBe(files.stdout);
  });

  test('two inputs of one path are two rows', () => {
    expect(reportOf('PT1H.json', 'day/y=2026/m=03/d=01/PT1H.json').inputs.map(({ path }) => path)).toEqual(['PT1H.json', 'PT1H.json']);
  });

  test('says which settings it was made with', () => {
    expect(
      reportOf('--window', '90m', '--look-back', '1d', '--as-of', '2026-03-15T00:00:00+01:00', '--succeeded-is-success', 'off', 'az.json')
        .settings,
    ).toMatchObject({
      look_back: '1d',
      as_of: 'given',
      as_of_instant: '2026-03-14T23:00:00Z',
      succeeded_is_success: false,
    });
    expect(reportOf('--as-of', 'now', 'az.json').settings).toMatchObject({ as_of: 'now' });
    expect(reportOf('--preset', 'published', 'az.json').settings).toMatchObject({
      window: '1h',
      look_back: '1d',
      succeeded_is_success: false,
    });
    expect(reportOf('az.json').settings).toMatchObject({ window: '1h', look_back: 'none', as_of: 'newest', succeeded_is_success: true });
  });

  test('comes as CSV and Markdown, of sessions or Sentinel rows', () => {
    const header = (...args: string[]): string => hunt(...args, 'az.json').stdout.split(/\r?\n/)[0] as string;
    expect(header('--format', 'csv', '--view', 'sentinel')).toBe(
      'Caller,timekey,Caller1,timekey1,set_OperationNameValue,timestamp,AccountCustomEntity',
    );
    expect(header('--format', 'csv')).not.toBe(header('--format', 'csv', '--view', 'sentinel'));
    expect(hunt('--format', 'markdown', 'az.json').stdout).toContain('alice');
    expect(hunt('--format', 'markdown', '--view', 'sentinel', 'az.json').stdout).toContain('|');
  });
});

describe('exit status', () => {
  test.each([
    ['findings', ['az.json'], 0],
    ['rejected records alone', ['PT1H.json'], 0],
    ['an empty file beside another', ['az.json', 'empty.json'], 0],
    ['no input could be read', ['empty.json'], 2],
    ['only a refused input', ['table.json'], 2],
    ['compressed files', ['packed.json', 'archive.json'], 0],
    ['an archive with nothing that can be opened', ['locked.zip'], 2],
    ['an archive with nothing that can be opened, beside another', ['archive.json', 'locked.zip'], 3],
    ['a mistyped path alone', ['mistyped.json'], 2],
    ['a refused input beside another', ['az.json', 'table.json'], 3],
    ['a mistyped path beside another', ['az.json', 'mistyped.json'], 3],
    ['an input that cannot run', ['no_caller.csv'], 3],
    ['no paths', [], 2],
    ['a wrong option', ['--window', '0s', 'az.json'], 2],
    ['help', ['--help'], 0],
  ])('%s: %j is %i', (_, args, status) => {
    const ran = hunt(...args);
    expect(ran.status, ran.stderr).toBe(status);
    if (status !== 0) expect(ran.stderr).toMatch(/^hunt: \S/);
  });

  test.each(['az.json', 'PT1H.json'])('%s broken off: what is whole is reported, and the status says that it is not all', (name) => {
    write('truncated.json', (evidence[name] as string).slice(0, -40));
    const ran = hunt('truncated.json');
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('truncated.json: ');
    const report = JSON.parse(ran.stdout) as Report;
    expect(report.inputs[0]?.cut).toBe(true);
    expect(report.totals.events).toBe(reportOf(name).totals.events - 1);
  });

  test('rejected records are counted on standard error', () => {
    expect(hunt('PT1H.json').stderr).toMatch(/record/);
  });

  test('a column that is missing is named', () => {
    expect(hunt('no_caller.csv').stderr).toContain('no Caller');
  });

  test('a file of another format is recognised under any name and the sentence says what to do', () => {
    expect(hunt('table.json').stderr).toMatch(/table\.json: This is a Parquet file.*export/);
  });

  test('a compressed file is opened under any name, and says of the log what the plain one says', () => {
    const plain = JSON.parse(hunt('az.json').stdout) as Report;
    for (const [name, path] of [
      ['packed.json', 'packed.json'],
      ['archive.json', 'archive.json!d/az.json'],
    ] as const) {
      const { sessions, inputs } = JSON.parse(hunt(name).stdout) as Report;
      expect(sessions).toEqual(plain.sessions);
      expect(inputs.map((input) => input.path)).toEqual([path]);
    }
  });

  test('a dangling link in a folder', () => {
    write('links/az.json', evidence['az.json'] as string);
    symlinkSync(join(root, 'nowhere'), join(root, 'links/dangling'));
    const ran = hunt('links');
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('dangling');
  });
});

describe('what only the analyst can know', () => {
  test('local times without an offset are refused with the option that gives it', () => {
    const ran = hunt('local.csv', 'az.json');
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/local\.csv: .*--local-zone Europe\/Berlin/);
    expect((JSON.parse(ran.stdout) as Report).hours.map(({ hour }) => hour)).toEqual(['2026-03-14T09:00:00Z']);
  });

  test('with the offset they are read', () => {
    const ran = hunt('--local-zone', '+05:30', 'local.csv');
    expect(ran.status).toBe(0);
    expect((JSON.parse(ran.stdout) as Report).hours).toEqual([{ hour: '2026-03-14T05:00:00Z', events: 1 }]);
  });

  test('with the zone they are read, and the report holds the offsets that were used', () => {
    const { hours, settings } = reportOf('--local-zone', 'America/St_Johns', 'local.csv');
    expect(hours).toEqual([{ hour: '2026-03-14T13:00:00Z', events: 1 }]);
    expect(settings).toMatchObject({
      local_offset: null,
      local_zone: { name: 'America/St_Johns', offsets: [{ from: null, offset: '-02:30' }] },
    });
  });

  test('a zone that is not known is wrong usage', () => {
    const ran = hunt('--local-zone', 'Europe/Berlim', 'local.csv');
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('"Europe/Berlim" is not the name of a time zone');
  });

  test('dates that read either way are refused with the option that decides', () => {
    const ran = hunt('--local-zone', 'UTC', 'days.csv', 'az.json');
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/days\.csv: .*--date-order/);
  });

  test('with the order they are read', () => {
    const hours = (order: string): string[] =>
      reportOf('--local-zone', 'UTC', '--date-order', order, 'days.csv').hours.map(({ hour }) => hour);
    expect(hours('day-first')).toEqual(['2026-04-03T09:00:00Z']);
    expect(hours('month-first')).toEqual(['2026-03-04T09:00:00Z']);
  });
});

describe('the streams', () => {
  test('a reader that is gone ends it without a complaint and without another status', () => {
    const command = 'set -o pipefail; "$0" day 2>stderr.txt | true';
    const ran = spawnSync('bash', ['-c', command, script], { cwd: root, encoding: 'utf8' });
    expect(ran.status).toBe(0);
    expect(readFileSync(join(root, 'stderr.txt'), 'utf8')).not.toMatch(/EPIPE|fault/);
  });

  test('a file name cannot write to the terminal', () => {
    write('odd/\u{1b}[31mred\u{202e}.json', '');
    const ran = hunt('odd');
    expect(ran.stderr).toContain('\\u{1b}[31mred\\u{202e}.json');
    expect(ran.stderr).not.toContain('\u{1b}');
  });
});
