// What scripts/bench runs: makes the data, runs every side of the asked rows in turns, compares their answers, and prints a table of medians with
// ratios and what they must be. Nothing here fails for being slow; a difference of answers makes a row void, and so does a spread of a tenth.
// Invariant: the two sides of a row were run in the same rounds, on the same file, with warm caches.

import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { BenchBrowser } from './browser.mjs';
import { dataFile, hourlyTree } from './data.mjs';
import { Duck, jqVersion, project, runHunt, runJq } from './peers.mjs';

const kFolder = `${project}build/bench`;
const kVoidSpread = 0.1;
const kLeastRuns = 5;
const kNames = { lines: 'JSON Lines', table: 'CSV', minified: 'JSON array, minified', pretty: 'JSON array, pretty', exported: 'rows' };
const kMiB = 2 ** 20;

/** Rows by name, in the order of the table. */
const kRows = {
  'page-read': 'page, from the drop to the table, against only reading the file in the same browser with as many workers',
  'page-duckdb': 'page against native DuckDB with all threads, same query and file',
  'hunt-duckdb': 'scripts/hunt against native DuckDB, likewise',
  'page-duckdb-wasm': 'page against DuckDB-WASM in the same browser, CSV',
  jq: 'page against jq, JSON Lines; where jq is installed (apt-get install jq)',
  decode: 'decoding in wasm against the same with the fallback kernel of simdjson, JSON Lines',
  workers: 'two workers against one, the decode part',
  memory: 'bytes an event, memory of a worker beyond its events, memory of the tab',
  scaling: 'time and memory as the file grows',
  rehunt: 'a changed setting on many events',
  load: 'first load of the page',
  tree: 'a tree of hourly files, one drop or one pick',
};

const help = `usage: scripts/bench [options] [ROW]...

rows; all of them unless some are named:
${Object.entries(kRows)
  .map(([name, what]) => `  ${name.padEnd(17)} ${what}`)
  .join('\n')}

  --size 1G      bytes of each file
  --big SIZE     a file of this size too, for memory and scaling (5G)
  --events 1M    events of rehunt
  --files 10000  files of tree
  --runs 5       how often each side is run; fewer than ${kLeastRuns} void every row

Data is kept in build/bench/data and used again. The table goes to standard output and to build/bench/table.md, every single time to
build/bench/figures.json. Run it on a machine that does nothing else.
`;

/** "1G" -> 1e9. */
function sizeOf(text) {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is no size; write 100M or 1G`);
  return Math.round(Number(number) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[unit]);
}

const sorted = (values) => [...values].sort((a, b) => a - b);
function stats(values) {
  const all = sorted(values);
  const middle = all.length / 2;
  const median = all.length % 2 === 1 ? all[Math.floor(middle)] : (all[middle - 1] + all[middle]) / 2;
  return { median, min: all[0], max: all.at(-1), spread: (all.at(-1) - all[0]) / median, runs: all.length };
}

const say = (text) => process.stderr.write(`bench: ${text}\n`);
const seconds = (millis) => `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s`;
const shortMillis = (millis) => (millis < 1_000 ? `${millis.toFixed(millis < 10 ? 1 : 0)} ms` : seconds(millis));
const sideText = ({ median, min, max }, bytes) =>
  `${shortMillis(median)} (${shortMillis(min)} to ${shortMillis(max)})${bytes === undefined ? '' : `, ${Math.round(bytes / median / 1e3)} MB/s`}`;
const mebibytes = (bytes) => `${(bytes / kMiB).toFixed(0)} MiB`;

/** The table and all that stands behind it. */
class Table {
  lines = [];
  figures = {};

  /**
   * A pair of sides. `most`, `least`: limits of the ratio; `wanted`: what would be better still.
   * @param {{ name: string, ours: number[], peer: number[], bytes?: number, invert?: boolean, most?: number, least?: number, wanted?: number, differs?: string }} pair
   *   invert: the ratio is peer / ours, how many times as fast we are
   */
  pair({ name, ours, peer, bytes, invert = false, most, least, wanted, differs = '' }) {
    const [a, b] = [stats(ours), stats(peer)];
    const ratio = invert ? b.median / a.median : a.median / b.median;
    const limit = most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : '';
    const ok = most !== undefined ? ratio <= most : least !== undefined ? ratio >= least : null;
    const reached = wanted !== undefined && (most !== undefined ? ratio <= wanted : ratio >= wanted);
    const verdict =
      differs !== ''
        ? `void: ${differs}`
        : (voidBy(a, b) ?? (ok === null ? '' : ok ? (reached ? 'met, and what is wanted' : 'met') : 'missed'));
    this.add(
      name,
      sideText(a, bytes),
      sideText(b, bytes),
      ratio.toFixed(2),
      `${limit}${wanted === undefined ? '' : `, wanted ${wanted}`}`,
      verdict,
    );
    this.figures[name] = { ours, peer, ratio, verdict };
  }

  /**
   * A figure alone; with a limit, the verdict says whether even the worst kept to it.
   * @param {{ name: string, values: number[], text: (value: number) => string, most?: number, limit?: string }} single
   */
  single({ name, values, text, most, limit = '' }) {
    const { median, min, max } = stats(values);
    const shown = min === max ? text(median) : `${text(median)} (${text(min)} to ${text(max)})`;
    this.add(name, shown, '', '', limit, most === undefined ? '' : max <= most ? 'met' : median <= most ? 'met by the median' : 'missed');
    this.figures[name] = { values };
  }

  add(...cells) {
    this.lines.push(cells);
    say(cells.filter((cell) => cell !== '').join(' | '));
  }

  markdown(head) {
    const rows = [['what', 'this', 'against', 'ratio', 'must be', ''], ['---', '---', '---', '---', '---', '---'], ...this.lines];
    return `${head}\n\n${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
  }

  text() {
    const rows = [['what', 'this', 'against', 'ratio', 'must be', ''], ...this.lines];
    const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
    return rows
      .map((cells) =>
        cells
          .map((cell, column) => cell.padEnd(widths[column]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}

const voidText = (spread) => `void: spread ${(spread * 100).toFixed(0)} %`;
function voidBy(...sides) {
  const runs = Math.min(...sides.map((side) => side.runs));
  if (runs < kLeastRuns) return `void: ${runs} runs`;
  const spread = Math.max(...sides.map((side) => side.spread));
  return spread > kVoidSpread ? voidText(spread) : null;
}

/** Into the page cache. */
async function warm(path) {
  await pipeline(
    createReadStream(path, { highWaterMark: 4 * kMiB }),
    new Writable({
      highWaterMark: 4 * kMiB,
      write: (_chunk, _encoding, done) => done(),
    }),
  );
}

/** Each side once a round, another one first each time, so that none always runs in the same one's wake. */
async function inRounds(runs, sides) {
  const names = Object.keys(sides);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < runs; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + round) % names.length];
      times[name].push(await sides[name]());
    }
  }
  return times;
}

class Bench {
  constructor(options, rows) {
    this.options = options;
    this.rows = new Set(rows);
    this.table = new Table();
    this.notes = [];
  }

  wants(...rows) {
    return rows.some((row) => this.rows.has(row));
  }

  async file(form, size = this.options.size) {
    const label = size >= 1e9 ? `${size / 1e9}G` : `${size / 1e6}M`;
    const made = await dataFile(join(kFolder, 'data'), form, { bytes: size, label });
    return made;
  }

  async run() {
    this.browser = await BenchBrowser.start();
    this.duck = await Duck.start();
    try {
      for (const form of ['lines', 'table', 'minified', 'pretty']) await this.form(form);
      if (this.wants('decode')) await this.decode();
      if (this.wants('workers')) await this.twoWorkers();
      if (this.wants('memory', 'scaling')) await this.growing();
      if (this.wants('rehunt')) await this.rehunt();
      if (this.wants('load')) await this.load();
      if (this.wants('tree')) await this.tree();
      this.versions = {
        chromium: await this.browser.version(),
        duckdb: await this.duck.version(),
        jq: (await jqVersion()) ?? 'not installed',
      };
    } finally {
      this.duck.close();
      await this.browser.close();
    }
  }

  /** Every side that reads this form of the log, in the same rounds. */
  async form(form) {
    const is = (name, ...forms) => this.wants(name) && forms.includes(form);
    const against = {
      read: is('page-read', 'lines', 'table', 'minified', 'pretty'),
      duckdb: is('page-duckdb', 'lines', 'table') || is('hunt-duckdb', 'lines', 'table'),
      hunt: is('hunt-duckdb', 'lines', 'table'),
      duckdbWasm: is('page-duckdb-wasm', 'table'),
      jq: is('jq', 'lines') && (await jqVersion()) !== null,
    };
    const page = against.read || is('page-duckdb', 'lines', 'table') || against.duckdbWasm || against.jq;
    if (!Object.values(against).includes(true)) return;
    const { path, bytes } = await this.file(form);
    say(`${kNames[form]}, ${(bytes / 1e6).toFixed(0)} MB`);
    await warm(path);

    // Answers first, once a side; these runs warm up as well. Of everybody the native DuckDB is the one to agree with.
    const expected = (await this.duck.run(form, path)).lines;
    const differs = {};
    const compare = (side, lines) => {
      const same = JSON.stringify(lines) === JSON.stringify(expected);
      differs[side] = same && lines.length > 0 ? '' : `answers differ (${lines.length} rows of ${side}, ${expected.length} of DuckDB)`;
    };
    const sides = {};
    let workers = availableParallelism();
    if (page) {
      compare('page', (await this.browser.answerOf(path)).lines);
      workers = (await this.browser.readPage(path)).workers;
      sides.page = async () => (await this.browser.readPage(path)).millis;
    }
    if (against.read) {
      const slices = await this.browser.bestSlices(path, workers);
      const how = `slices of ${slices.sliceBytes / kMiB} MiB, ${slices.ahead + 1} under way in each of ${workers}${slices.streams ? ', through streams' : ''}`;
      this.notes.push(`Reading ${kNames[form]} alone was fastest in ${how} workers.`);
      sides.read = () => this.browser.readAlone(path, { workers, ...slices });
    }
    if (against.duckdb) sides.duckdb = async () => (await this.duck.run(form, path)).millis;
    if (against.hunt || against.jq) this.notes.push('Of scripts/hunt and jq the start of the process is in the time, of DuckDB it is not.');
    if (against.hunt) {
      compare('scripts/hunt', (await runHunt(path)).lines);
      sides.hunt = async () => (await runHunt(path)).millis;
    }
    if (against.jq) {
      compare('jq', (await runJq(path)).lines);
      sides.jq = async () => (await runJq(path)).millis;
    }
    if (against.duckdbWasm) {
      const engine = await this.browser.duckDb(path);
      compare('DuckDB-WASM', (await engine.run()).lines);
      this.notes.push(`DuckDB-WASM ${engine.version}, its build with exceptions and one thread.`);
      sides.duckdbWasm = async () => (await engine.run()).millis;
    }
    const times = await inRounds(this.options.runs, sides);
    await this.browser.leavePeers();

    const pair = (what, ours, peer, more) => {
      const wrong = [
        differs.page,
        ours === 'hunt' ? differs['scripts/hunt'] : '',
        peer === 'jq' ? differs.jq : '',
        peer === 'duckdbWasm' ? differs['DuckDB-WASM'] : '',
      ];
      const difference = wrong.find((text) => text !== undefined && text !== '') ?? '';
      this.table.pair({ name: `${what}: ${kNames[form]}`, ours: times[ours], peer: times[peer], bytes, differs: difference, ...more });
    };
    if (against.read) pair('page / reading alone', 'page', 'read', { most: 1.5, wanted: 1.25 });
    if (is('page-duckdb', 'lines')) pair('page / DuckDB', 'page', 'duckdb', { most: 1.5, wanted: 1 });
    if (is('page-duckdb', 'table')) pair('page / DuckDB', 'page', 'duckdb', { most: 1.2, wanted: 0.9 });
    if (against.hunt) pair('scripts/hunt / DuckDB', 'hunt', 'duckdb', { most: form === 'lines' ? 0.8 : 0.6 });
    if (against.duckdbWasm) pair('page / DuckDB-WASM', 'page', 'duckdbWasm', { most: 0.15 });
    if (against.jq) pair('page / jq', 'page', 'jq', {});
  }

  /** The same program built twice, in turns; each run of it warms up by itself. */
  async decode() {
    const { path } = await this.file('lines');
    await warm(path);
    const said = {};
    const once = (preset) => () => {
      const program = `${project}build/${preset}/tests/bench/decode.cjs`;
      const out = JSON.parse(execFileSync(process.execPath, [program, path, '256', '1'], { encoding: 'utf8' }));
      said[preset] = out;
      return out;
    };
    const times = await inRounds(this.options.runs, { wasm: once('wasm'), 'wasm-fallback': once('wasm-fallback') });
    const differs = said.wasm.sum === said['wasm-fallback'].sum ? '' : 'answers differ';
    const kernels = `${said.wasm.kernel} / ${said['wasm-fallback'].kernel}`;
    for (const [what, name] of [
      ['fields', 'five fields by simdjson alone'],
      ['records', 'every value validated'],
      ['events', 'to events in the store'],
    ]) {
      const of = (preset) => times[preset].map((out) => out[what][0] / 1000);
      const more = { bytes: said.wasm.bytes, invert: true, differs, ...(what === 'records' ? {} : { least: 2.5 }) };
      this.table.pair({ name: `decoding in wasm, kernel ${kernels}: ${name}`, ours: of('wasm'), peer: of('wasm-fallback'), ...more });
    }
  }

  async twoWorkers() {
    for (const form of ['lines', 'table', 'minified']) {
      const { path, bytes } = await this.file(form);
      await warm(path);
      const times = await inRounds(this.options.runs, {
        two: async () => (await this.browser.readPage(path, { workers: 2 })).decoding,
        one: async () => (await this.browser.readPage(path, { workers: 1 })).decoding,
      });
      this.table.pair({
        name: `two workers / one, decode part: ${kNames[form]}`,
        ours: times.two,
        peer: times.one,
        bytes,
        invert: true,
        least: 1.7,
      });
    }
  }

  /** Memory and linearity, over files of three sizes. */
  async growing() {
    const { size, big } = this.options;
    const sizes = big === null ? [size / 10, size / 2, size] : [Math.min(size, 1e8), Math.min(size, 1e9), big];
    const measured = [];
    for (const bytes of new Set(sizes)) {
      const file = await this.file('lines', bytes);
      await warm(file.path);
      const runs = [];
      for (let run = 0; run < this.options.runs; run++) runs.push(await this.browser.readPage(file.path, { alone: true }));
      measured.push({ bytes: file.bytes, runs });
      say(`${(file.bytes / 1e6).toFixed(0)} MB: ${runs.map(({ millis }) => shortMillis(millis)).join(', ')}`);
    }
    const last = measured.at(-1);
    const named = `${(last.bytes / 1e6).toFixed(0)} MB JSON Lines`;
    const values = (pick) => last.runs.map(pick);
    if (this.wants('memory')) {
      this.table.single({
        name: `bytes held an event, strings apart: ${named}`,
        values: values(({ eventBytes, events }) => eventBytes / events),
        text: (value) => value.toFixed(1),
        most: 64,
        limit: '≤ 64',
      });
      this.table.single({
        name: `bytes of strings an event: ${named}`,
        values: values(({ textBytes, events }) => textBytes / events),
        text: (value) => value.toFixed(1),
      });
      this.table.single({
        name: `a worker's memory beyond its events: ${named}`,
        values: values(({ peakBeyond }) => peakBeyond),
        text: mebibytes,
        most: 96 * kMiB,
        limit: '≤ 96 MiB',
      });
      this.table.single({
        name: `wasm memory of all workers, at most: ${named}`,
        values: values(({ peakHeap }) => peakHeap),
        text: mebibytes,
      });
      const tab = last.bytes >= 4.5e9 ? { most: 1e9, limit: '≤ 1 GB' } : { limit: '5 GB: ≤ 1 GB (--big 5G)' };
      this.table.single({
        name: `the tab's process, resident at most: ${named}`,
        values: values(({ resident }) => resident.page),
        text: mebibytes,
        ...tab,
      });
    }
    if (this.wants('scaling') && measured.length === 3) {
      const at = measured.map(({ bytes, runs }) => ({
        bytes,
        times: runs.map(({ millis }) => millis),
        held: runs[0].eventBytes + runs[0].textBytes,
        events: runs[0].events,
      }));
      const slope = (from, to) => (stats(to.times).median - stats(from.times).median) / (to.bytes - from.bytes);
      const [low, high] = [slope(at[0], at[1]), slope(at[1], at[2])];
      const spread = Math.max(...at.map(({ times }) => stats(times).spread));
      const ratio = high / low;
      const verdict =
        this.options.runs < kLeastRuns
          ? `void: ${this.options.runs} runs`
          : spread > kVoidSpread
            ? voidText(spread)
            : Math.abs(ratio - 1) <= 0.15
              ? 'met'
              : 'missed';
      const span = (from, to, rate) =>
        `${((rate * 1e9) / 1e3).toFixed(2)} s a GB from ${(from.bytes / 1e6).toFixed(0)} to ${(to.bytes / 1e6).toFixed(0)} MB`;
      this.table.add(
        'time a further byte, page, JSON Lines',
        span(at[1], at[2], high),
        span(at[0], at[1], low),
        ratio.toFixed(2),
        '0.85 to 1.15',
        verdict,
      );
      const perEvent = at.map(({ held, events }) => held / events);
      this.table.add(
        'memory held an event',
        `${perEvent[2].toFixed(0)} B at ${at[2].events} events`,
        `${perEvent[0].toFixed(0)} B at ${at[0].events}`,
        (perEvent[2] / perEvent[0]).toFixed(2),
        'linear in events',
        '',
      );
      this.table.figures.scaling = at;
    }
  }

  async rehunt() {
    const { events: count } = this.options;
    const { path } = await dataFile(join(kFolder, 'data'), 'exported', { count, label: `${count / 1e6}M-events` });
    await warm(path);
    const { events, times } = await this.browser.rehunt(path, this.options.runs);
    for (const [setting, { answer, shown }] of times) {
      this.table.single({
        name: `re-hunt, ${setting} changed, ${events} events, to the engine's answer`,
        values: answer,
        text: shortMillis,
      });
      this.table.single({
        name: `re-hunt, ${setting} changed, ${events} events, to the screen`,
        values: shown,
        text: shortMillis,
        most: 100,
        limit: '≤ 100 ms',
      });
    }
  }

  async load() {
    const loads = { local: [], slow: [] };
    for (let run = 0; run < this.options.runs; run++) {
      loads.local.push(await this.browser.load(null));
      loads.slow.push(await this.browser.load(10));
    }
    const sum = (pack) => loads.local[0].files.reduce((bytes, { body }) => bytes + pack(body).byteLength, 0);
    const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(0)} kB`;
    const packed = sum((body) => gzipSync(body, { level: 9 }));
    this.table.single({
      name: `first load, ${loads.local[0].files.length} files, gzip -9`,
      values: [packed],
      text: kilobytes,
      most: 300e3,
      limit: '≤ 300 kB',
    });
    this.table.single({ name: 'the same, brotli', values: [sum((body) => brotliCompressSync(body))], text: kilobytes });
    for (const [where, name] of [
      ['local', 'from this machine'],
      ['slow', 'over 10 Mbit/s, uncompressed'],
    ]) {
      const interactive = loads[where].map((load) => load.interactive);
      const wasm = loads[where].map((load) => load.wasm);
      this.table.single({ name: `can be used after, ${name}`, values: interactive, text: shortMillis });
      // From this machine both come at once; whether the page waits for the wasm shows where the network is the slower.
      const early = loads[where].every((load) => load.interactive < load.wasm);
      const verdict = where === 'slow' ? ['later', early ? 'met' : 'missed'] : ['', ''];
      this.table.add(`the wasm has arrived after, ${name}`, sideText(stats(wasm)), '', '', ...verdict);
    }
  }

  async tree() {
    const { files } = this.options;
    const folder = join(kFolder, 'data', `tree-${files}`);
    if (!existsSync(`${folder}.made`)) {
      rmSync(folder, { recursive: true, force: true });
      hourlyTree(folder, files, 20);
      writeFileSync(`${folder}.made`, '');
    }
    const runs = { drop: [], folder: [] };
    for (let run = 0; run < this.options.runs; run++) {
      for (const by of /** @type {const} */ (['drop', 'folder'])) runs[by].push(await this.browser.readPage(folder, { by, alone: true }));
    }
    for (const [by, name] of [
      ['drop', 'one drop'],
      ['folder', 'one pick'],
    ]) {
      const values = (pick) => runs[by].map(pick);
      this.table.single({
        name: `${files} hourly files by ${name}, to the table`,
        values: values(({ millis }) => millis),
        text: shortMillis,
      });
      this.table.single({ name: `of it until all are listed, ${name}`, values: values(({ toList }) => toList), text: shortMillis });
      this.table.single({ name: `of it until all are decoded, ${name}`, values: values(({ decoding }) => decoding), text: shortMillis });
      this.table.single({
        name: `the tab's process, resident at most, ${name}`,
        values: values(({ resident }) => resident.page),
        text: mebibytes,
      });
    }
  }
}

/** What the rows that are asked for need built or installed. */
function prepare(bench) {
  const build = spawnSync(`${project}scripts/build`, ['page', 'hunt', ...(bench.wants('decode') ? ['decode'] : [])], {
    stdio: ['ignore', 2, 2],
  });
  if (build.status !== 0) throw new Error('scripts/build failed (above)');
  mkdirSync(join(kFolder, 'peers'), { recursive: true });
  if (!bench.wants('page-duckdb-wasm')) return;
  const installed = join(kFolder, 'peers/node_modules/.installed');
  const lock = readFileSync(`${project}tests/bench/peers/package-lock.json`, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  for (const name of ['tests/bench/peers/package.json', 'tests/bench/peers/package-lock.json', '.npmrc']) {
    writeFileSync(join(kFolder, 'peers', name.split('/').at(-1)), readFileSync(project + name));
  }
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: join(kFolder, 'peers'),
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) throw new Error('npm could not install DuckDB-WASM (above)');
  writeFileSync(installed, lock);
}

async function main() {
  let given;
  try {
    given = parseArgs({
      allowPositionals: true,
      options: {
        size: { type: 'string', default: '1G' },
        big: { type: 'string' },
        events: { type: 'string', default: '1M' },
        files: { type: 'string', default: '10000' },
        runs: { type: 'string', default: '5' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const unknown = given.positionals.find((row) => !Object.hasOwn(kRows, row));
    if (unknown !== undefined) throw new Error(`there is no row "${unknown}"`);
  } catch (error) {
    say(`${error.message}. See scripts/bench --help.`);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const options = {
    size: sizeOf(values.size),
    big: values.big === undefined ? null : sizeOf(values.big),
    events: sizeOf(values.events),
    files: sizeOf(values.files),
    runs: Number(values.runs),
  };
  const [load = 0] = loadavg();
  const bench = new Bench(options, positionals.length > 0 ? positionals : Object.keys(kRows));
  prepare(bench);
  if (bench.wants('jq') && (await jqVersion()) === null) say('jq is not installed, so its row is left out; apt-get install jq');
  await bench.run();

  const { chromium, duckdb, jq } = bench.versions;
  const [{ model = 'unknown processor' } = {}] = cpus();
  const commit = spawnSync('git', ['-C', project, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout?.trim() || 'unknown';
  const head = [
    `${model}, ${availableParallelism()} threads, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Chromium ${chromium}, Node ${process.version}, DuckDB ${duckdb}, ${jq}; ` +
      `commit ${commit}, ${new Date().toISOString().slice(0, 10)}. Medians of ${options.runs} runs with the least and the most, caches warm, all sides of a row in the same rounds.`,
    ...(load > 0.5 ? [`The machine was busy when this began (load ${load.toFixed(1)}).`] : []),
    ...new Set(bench.notes),
  ].join(' ');
  mkdirSync(kFolder, { recursive: true });
  writeFileSync(join(kFolder, 'table.md'), bench.table.markdown(head));
  writeFileSync(join(kFolder, 'figures.json'), `${JSON.stringify({ head, options, figures: bench.table.figures }, null, 1)}\n`);
  process.stdout.write(`${head}\n\n${bench.table.text()}\n`);
  return 0;
}

process.exitCode = await main();
