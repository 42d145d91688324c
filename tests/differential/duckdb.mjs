#!/usr/bin/env node
// Compares a build of the hunt with a hunt in SQL (hunt.sql) on random exports that DuckDB reads by itself: diagnostic JSON Lines, REST
// lists and AzureActivity CSV (generate.py --plain), one to three files of a world in one hunt, with the world's settings.
// Compared exactly: the published query's rows with all seven columns, duplicates; for each session caller, start, end, signals by kind,
// the rows it answers to, and each operation's count, first, last, calls, in_shell_count, failed and attribution; names compare folded.
// What the SQL leaves to hunt.py stands at its head.
//   node tests/differential/duckdb.mjs [--count 1000] [--seed 1] [--native PROGRAM] [--keep FOLDER]
// Last line: `N passed, N failed`; exit status 1 when anything failed.

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const kShown = 6;
const kAttributions = ['none', 'unknown', 'same_window', 'in_shell'];

const { values: given } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    native: { type: 'string', default: here('../../build/native/tests/core/native_hunt') },
    keep: { type: 'string' },
  },
});

const fold = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const bySize = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Ticks of 100 ns since 1970 from "2026-03-14T09:12:05.3234567Z". */
function ticksOf(instant) {
  const [, seconds, fraction = ''] = /^(.{19})(?:\.(\d{1,7}))?Z$/.exec(instant);
  return BigInt(Date.parse(`${seconds}Z`)) * 10_000n + BigInt(fraction.padEnd(7, '0'));
}

/** Ticks from "1h", "30m", "10m0.0000001s". */
function durationTicks(text) {
  const unit = { d: 864_000_000_000n, h: 36_000_000_000n, m: 600_000_000n, s: 10_000_000n };
  let ticks = 0n;
  for (const [, whole, fraction = '', letter] of text.matchAll(/(\d+)(?:\.(\d+))?([dhms])/g)) {
    ticks += BigInt(whole) * unit[letter] + (BigInt(fraction.padEnd(7, '0')) * unit[letter]) / 10_000_000n;
  }
  return ticks;
}

/** What the report of one world says, in the words of the SQL. */
function fromReport(report) {
  return {
    sentinel: (report.sentinel ?? []).map((row) => ({
      ...row,
      timekey: ticksOf(row.timekey),
      timekey1: ticksOf(row.timekey1),
      timestamp: ticksOf(row.timestamp),
    })),
    duplicates: BigInt(report.totals.duplicates),
    sessions: report.sessions.map((session) => ({
      caller: fold(session.caller),
      starts: ticksOf(session.start),
      ends: ticksOf(session.end),
      rows: session.sentinel_rows.map((row) => ({ caller: row.Caller, timekey: ticksOf(row.timekey) })),
      signals: countKinds(session.signals),
      operations: session.operations.map((operation) => ({
        operation: fold(operation.name),
        events: BigInt(operation.count),
        first: ticksOf(operation.first),
        last: ticksOf(operation.last),
        attribution: operation.attribution,
        in_shell_count: BigInt(operation.in_shell_count),
        calls: BigInt(operation.calls),
        failed: operation.failed,
      })),
      attribution: session.attribution,
    })),
  };
}

function countKinds(signals) {
  const counts = {};
  for (const { kind } of signals) counts[kind] = (counts[kind] ?? 0n) + 1n;
  return counts;
}

/** The answers of the SQL by folder, in the same form. */
async function fromDuckDb(folder, worlds) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET VARIABLE folder = '${folder.replaceAll("'", "''")}'`);
  await connection.run(
    'CREATE TABLE hunts(folder VARCHAR, window_ticks BIGINT, look_back_ticks BIGINT, as_of_ticks BIGINT, succeeded_is_success BOOLEAN)',
  );
  const rows = worlds.map(({ name, settings }) => {
    const lookBack = settings.look_back === 'none' ? 'NULL' : durationTicks(settings.look_back);
    const asOf = settings.as_of === 'newest' ? 'NULL' : ticksOf(settings.as_of);
    return `('${name}', ${durationTicks(settings.window)}, ${lookBack}, ${asOf}, ${settings.succeeded_is_success === 'on'})`;
  });
  await connection.run(`INSERT INTO hunts VALUES ${rows.join(', ')}`);
  await connection.run(readFileSync(here('hunt.sql'), 'utf8'));
  const query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();

  const answers = new Map(worlds.map(({ name }) => [name, { sentinel: [], duplicates: 0n, sessions: [] }]));
  for (const { folder: name, ...row } of await query('FROM sentinel_rows')) answers.get(name).sentinel.push(row);
  for (const { folder: name, duplicates } of await query('FROM duplicate_counts')) answers.get(name).duplicates = duplicates;
  const sessions = new Map();
  const key = ({ folder: name, caller, starts }) => JSON.stringify([name, caller, String(starts)]);
  for (const row of await query('FROM session_list')) {
    const { folder: name, ...session } = row;
    const entry = { ...session, signals: {}, operations: [], attribution: 'none' };
    answers.get(name).sessions.push(entry);
    sessions.set(key(row), entry);
  }
  for (const row of await query('FROM session_signals')) sessions.get(key(row)).signals[row.kind] = row.events;
  for (const row of await query('FROM session_operations')) {
    const session = sessions.get(key(row));
    const { folder: _folder, caller: _caller, starts: _starts, attribution, ...operation } = row;
    session.operations.push({ ...operation, attribution: kAttributions[attribution] });
    if (attribution > kAttributions.indexOf(session.attribution)) session.attribution = kAttributions[attribution];
  }
  connection.closeSync();
  instance.closeSync();
  return answers;
}

/** Sorted, so that only what is in it decides; one line of text for each row or session. */
function lines(answer) {
  const rowOrder = (a, b) => byText(a.Caller ?? a.caller, b.Caller ?? b.caller) || bySize(a.timekey, b.timekey);
  const line = (value) => JSON.stringify(sortedKeys(value));
  return [
    ...answer.sentinel.toSorted(rowOrder).map((row) => `row ${line(row)}`),
    ...answer.sessions.map((session) => {
      const operations = session.operations.toSorted((a, b) => byText(a.operation, b.operation));
      return `session ${line({ ...session, operations, rows: session.rows.toSorted(rowOrder) })}`;
    }),
    `duplicates ${answer.duplicates}`,
  ].sort();
}

function sortedKeys(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sortedKeys(value[name])]),
  );
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'duckdb-'));
  const generate = [here('generate.py'), '--plain', '--seed', given.seed, '--count', given.count, folder];
  const worlds = execFileSync('python3', generate, { encoding: 'utf8', maxBuffer: 2 ** 28 })
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((world) => ({ ...world, name: basename(world.folder) }));
  const reports = new Map();
  const waiting = worlds.values();
  const run = promisify(execFile);
  const readNext = async () => {
    for (const world of waiting) {
      const options = Object.entries(world.settings).flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, value]);
      const { stdout } = await run(given.native, [...options, world.folder], { maxBuffer: 2 ** 28 });
      reports.set(world.name, JSON.parse(stdout));
    }
  };
  const readers = Array.from({ length: availableParallelism() }, readNext);
  const [answers] = await Promise.all([fromDuckDb(folder, worlds), ...readers]);

  let passed = 0;
  let failed = 0;
  let files = 0;
  const found = { rows: 0, sessions: 0, duplicates: 0n };
  for (const world of worlds) {
    const sql = lines(answers.get(world.name));
    const ours = lines(fromReport(reports.get(world.name)));
    const differences = [
      ...sql.filter((line) => !ours.includes(line)).map((line) => `SQL  ${line}`),
      ...ours.filter((line) => !sql.includes(line)).map((line) => `hunt ${line}`),
    ];
    files += world.files;
    found.rows += answers.get(world.name).sentinel.length;
    found.sessions += answers.get(world.name).sessions.length;
    found.duplicates += answers.get(world.name).duplicates;
    if (differences.length === 0 && sql.length === ours.length) {
      passed += 1;
      continue;
    }
    failed += 1;
    console.log(`FAILED seed ${given.seed}, world ${world.name} ${JSON.stringify(world.settings)}`);
    for (const difference of differences.slice(0, kShown)) console.log(`    ${escaped(difference)}`);
    if (given.keep !== undefined) cpSync(world.folder, join(given.keep, world.name), { recursive: true });
  }
  rmSync(folder, { recursive: true });
  console.log(
    `SQL: ${worlds.length} worlds, ${files} files; ${found.rows} rows, ${found.sessions} sessions, ${found.duplicates} duplicates expected`,
  );
  console.log(`${passed} passed, ${failed} failed`);
  // A run in which nothing was to be found says nothing.
  return failed > 0 || found.rows === 0 || found.sessions === 0 || found.duplicates === 0n ? 1 : 0;
}

/** In ASCII: the evidence may hold characters that a terminal obeys. */
function escaped(text) {
  return text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

process.exitCode = await main();
