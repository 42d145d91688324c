// Hostile text on its way out: the payloads of tests/hostile in every field, through every export, read back by other people's readers. Nothing may be
// markup, a formula, a link or a query; and nothing may be lost: each text comes back letter by letter.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import MarkdownIt from 'markdown-it';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import createEngineModule, { type EngineModule } from '#engine';
import { type Answer, EngineHost, errorCodes, instantiate } from '../../web/src/engine/engine_host';
import { dialects, queries } from '../../web/src/engine/protocol';
import { parseReport, type Report, type Session } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { caseReportHtml, caseReportMarkdown } from '../../web/src/report/case_report';
import { navigatorLayer } from '../../web/src/report/navigator';
import { defang, listValues } from '../../web/src/report/values';
import { KnownGood, kLongestValue, knownKinds, readKnownList } from '../../web/src/state/known_good';
import { kqlString, pivotQueries } from '../../web/src/state/pivot_kql';
import { pasteLine } from '../../web/src/view/sessions_table';
import {
  fieldsOfFirst,
  fieldsOfSecond,
  held,
  kConsole,
  kSecondOperation,
  namedAt,
  namedFile,
  names,
  otherTable,
  recordsFile,
  refused,
  rowColumns,
  startOf,
  tableRows,
} from '../hostile/evidence';
import { payloads } from '../hostile/payloads';

const project = fileURLToPath(new URL('../../', import.meta.url));
const decoder = new TextDecoder();
// The texts are many and one is a megabyte; on a busy machine that takes ten times as long.
const kPatience = 300_000;
vi.setConfig({ testTimeout: kPatience, hookTimeout: kPatience });

function ok(answer: Answer): Uint8Array<ArrayBuffer> {
  if (answer.code !== errorCodes.ok) throw new Error(`code ${answer.code}: ${decoder.decode(answer.bytes)}`);
  return answer.bytes;
}

let module: EngineModule;
let folder = '';
beforeAll(async () => {
  module = await instantiate(createEngineModule, await WebAssembly.compile(readFileSync(`${project}build/wasm/engine.wasm`)));
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hunted(files: readonly { path: string; content: string }[]): { engine: EngineHost; json: string; report: Report } {
  const engine = new EngineHost(module);
  for (const [number, { path, content }] of files.entries()) {
    ok(engine.openInput(number, path, 'none'));
    ok(engine.write(new TextEncoder().encode(content)));
    ok(engine.closeInput(''));
  }
  ok(engine.hunt(defaultSettings));
  const bytes = ok(engine.reportJson());
  return { engine, json: decoder.decode(bytes), report: parseReport(bytes) };
}

const tables = ['sessions', 'operations', 'events', 'sentinel'] as const;
const forms = { csv: 'safe.csv', 'csv-raw': 'csv', markdown: 'md' } as const;

/** What read_back.py makes of a file. */
interface Cell {
  text: string;
  bdi: string[];
}
interface ReadBack {
  fields: string[][];
  rows: string[][];
  tables: { label: string; rows: Cell[][] }[];
  tags: string[];
  attributes: string[];
  comments: string[];
  other: string[];
  lines: string[];
}

function readBack(files: ReadonlyMap<string, string>): Map<string, ReadBack> {
  const at = mkdtempSync(join(folder, 'exports-'));
  const paths = [...files].map(([name, text]) => {
    const path = join(at, name);
    writeFileSync(path, text);
    return path;
  });
  const printed = execFileSync('python3', [join(project, 'tests/hostile/read_back.py'), ...paths], { maxBuffer: 1 << 30 });
  const read = JSON.parse(printed.toString()) as Record<string, ReadBack>;
  return new Map([...files.keys()].map((name, at) => [name, read[paths[at] as string] as ReadBack]));
}

/** A table's rows by the names of its columns. */
function byColumn(rows: readonly string[][]): Map<string, string>[] {
  const [titles = [], ...rest] = rows;
  return rest.map((row) => {
    expect(row.length).toBe(titles.length);
    return new Map(titles.map((title, at) => [title, row[at] ?? '']));
  });
}

// A failed comparison of a megabyte would print it.
const short = (texts: readonly string[]) => texts.map((text) => (text.length > 300 ? `${text.slice(0, 300)}… ${text.length}` : text));
function same(found: readonly (string | undefined)[], expected: readonly string[], what: string): void {
  if (found.length === expected.length && found.every((text, at) => text === expected[at])) return;
  expect(short(found.map((text) => text ?? '(none)')), what).toEqual(short(expected));
  throw new Error(`${what}: long texts differ`);
}

const texts = held.map(({ text }) => text);
const files = (evidence: 'records' | 'names') =>
  evidence === 'records'
    ? [{ path: 'log.json', content: recordsFile() }]
    : held.map(({ text }, at) => ({ path: text, content: namedFile(at) }));

/** Everything that leaves, of one hunt. */
function exportsOf({ engine, report }: ReturnType<typeof hunted>): Map<string, string> {
  const out = new Map<string, string>();
  const renderer = new MarkdownIt({ html: true, linkify: true, typographer: true });
  const rendered = (name: string, text: string) => out.set(name, text).set(`${name}.html`, renderer.render(text));
  for (const table of tables) {
    for (const [form, ending] of Object.entries(forms) as [keyof typeof forms, string][]) {
      const text = decoder.decode(ok(engine.text({ text: 'table', table, form })));
      if (form === 'markdown') rendered(`${table}.md`, text);
      else out.set(`${table}.${ending}`, text);
    }
  }
  for (const form of ['json-lines', 'timesketch'] as const) {
    out.set(form, decoder.decode(ok(engine.text({ text: 'table', table: 'events', form }))));
  }
  const made = {
    report,
    sessions: report.sessions,
    filters: '',
    annotations: report.sessions.map(({ id, caller }) => ({ session: id, verdict: 'suspicious' as const, note: caller })),
    files: report.inputs.map(({ path }) => ({ path, size: 1, sha256: null, why: 'not asked for' })),
    madeAt: '2026-03-15T08:00:00.000Z',
    version: '0.1.0',
  };
  out.set('case.html', [...caseReportHtml(made)].join(''));
  rendered('case.md', [...caseReportMarkdown(made)].join(''));
  return out;
}

test('the list of payloads is what it says', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(100);
  expect(new Set(payloads.map(({ name }) => name)).size).toBe(payloads.length);
  expect(fieldsOfFirst.length + fieldsOfSecond.length + names.length).toBe(20);
  expect(refused.length).toBe(3);
  // Callers are compared without case: each payload must have a session of its own.
  expect(new Set(texts.map((text) => text.toLowerCase())).size).toBe(texts.length);
  const source = readFileSync(join(project, 'tests/hostile/payloads.ts'), 'latin1');
  expect(source).toMatch(/^[\n -~]*$/);
});

describe('every field of a record', () => {
  let hunt: ReturnType<typeof hunted>;
  let out: Map<string, string>;
  let read: Map<string, ReadBack>;
  beforeAll(() => {
    hunt = hunted(files('records'));
    out = exportsOf(hunt);
    read = readBack(new Map([...out].filter(([name]) => /\.(csv|html)$/.test(name))));
  });
  const rowsOf = (name: string) => byColumn(read.get(name)?.rows ?? []);
  const cellsOf = (name: string, label = '') => {
    const all = read.get(name)?.tables.filter((table) => label === '' || table.label === label) ?? [];
    return all.map(({ rows }) => rows);
  };

  test('is in the JSON report', () => {
    const { report } = hunt;
    const { sessions } = report;
    expect(sessions.map(({ start }) => start)).toEqual(held.map((_, at) => startOf(at)));
    same(
      sessions.map(({ caller }) => caller),
      texts,
      'caller',
    );
    for (const [what, list] of [
      ['subscriptions', (session: Session) => session.subscriptions],
      ['ips', (session: Session) => session.ips],
      ['app_ids', (session: Session) => session.app_ids],
    ] as const) {
      for (const [at, session] of sessions.entries()) same(list(session), [texts[at] as string], what);
    }
    for (const [at, session] of sessions.entries()) {
      const text = texts[at] as string;
      expect(session.resource_groups.includes(text)).toBe(true);
      const operation = session.operations.find(({ name }) => name === text);
      same(Object.keys(operation?.statuses ?? {}), [text], 'status');
      same(operation?.resources ?? [], [text], 'resource');
      same(operation?.ips ?? [], [text], 'address of the operation');
      expect(session.operations.length).toBe(2);
      expect(session.id.startsWith(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))).toBe(true);
    }
    const rows = new Map((report.sentinel ?? []).map((row) => [row.Caller, row]));
    expect(rows.size).toBe(texts.length);
    for (const text of texts) {
      const row = rows.get(text);
      expect(row?.Caller1 === text && row.AccountCustomEntity === text).toBe(true);
      same(row?.set_OperationNameValue ?? [], [text, kSecondOperation, kConsole].sort(byBytes), 'set');
    }
    expect(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u.test(hunt.json)).toBe(false);
  });

  test('that JSON cannot hold is rejected, each record by itself', () => {
    const [input] = hunt.report.inputs;
    expect(input).toMatchObject({ events: held.length * 4, rejected: refused.length * 4, framed: payloads.length * 4 });
    expect(input?.rejects.map(({ reason, count }) => [reason, count])).toEqual([['bad_string', refused.length * 4]]);
  });

  test('is in the lines of events', () => {
    for (const form of ['json-lines', 'timesketch'] as const) {
      const lines = (out.get(form) ?? '')
        .trimEnd()
        .split('\n')
        .map((line) => new Map(Object.entries(JSON.parse(line) as object)));
      expect(lines.length).toBe(held.length * 4);
      const first = lines.filter((_, at) => at % 4 === 2);
      const second = lines.filter((_, at) => at % 4 === 3);
      for (const key of ['caller', 'operation', 'status', 'resource_id', 'resource_group', 'subscription', 'ip', 'app_id']) {
        same(
          first.map((line) => line.get(key) as string),
          texts,
          `${form}: ${key}`,
        );
      }
      for (const key of ['caller', 'correlation_id', 'event_id']) {
        same(
          second.map((line) => line.get(key) as string),
          texts,
          `${form}: ${key}`,
        );
      }
      if (form === 'timesketch') {
        same(
          first.map((line) => line.get('message') as string),
          texts.map((text) => `${text} (${text}) by ${text} from ${text}`),
          'message',
        );
      }
    }
  });

  test.each(['safe.csv', 'csv'])('is in the tables, %s', (ending) => {
    const sessions = rowsOf(`sessions.${ending}`);
    for (const column of ['caller', 'ips', 'subscriptions', 'app_ids']) {
      same(
        sessions.map((row) => row.get(column)),
        texts,
        column,
      );
    }
    for (const [at, row] of sessions.entries()) {
      const text = texts[at] as string;
      same([row.get('resource_groups')], [[text, `cloud-shell-storage-${at}`].sort(byBytes).join('; ')], 'resource_groups');
      same([row.get('operations')], [[`${text} (1)`, `${kSecondOperation} (1)`].sort(byBytes).join('; ')], 'operations');
    }
    const operations = rowsOf(`operations.${ending}`).filter((row) => row.get('operation') !== kSecondOperation);
    for (const column of ['caller', 'operation', 'resources', 'ips']) {
      same(
        operations.map((row) => row.get(column)),
        texts,
        column,
      );
    }
    same(
      operations.map((row) => row.get('statuses')),
      texts.map((text) => `${text} (1)`),
      'statuses',
    );
    const events = rowsOf(`events.${ending}`);
    for (const [column, record] of [
      ['caller', 0],
      ['caller', 1],
      ...['caller', 'operation', 'status', 'resource_id', 'resource_group', 'subscription', 'ip', 'app_id'].map(
        (name) => [name, 2] as const,
      ),
      ...['caller', 'correlation_id', 'event_id'].map((name) => [name, 3] as const),
    ] as const) {
      same(
        events.filter((_, at) => at % 4 === record).map((row) => row.get(column)),
        texts,
        column,
      );
    }
    const sentinel = rowsOf(`sentinel.${ending}`);
    const sorted = [...texts].sort(byBytes);
    for (const column of ['Caller', 'Caller1', 'AccountCustomEntity']) {
      same(
        sentinel.map((row) => row.get(column)),
        sorted,
        column,
      );
    }
    for (const [at, row] of sentinel.entries()) {
      const set = JSON.parse(row.get('set_OperationNameValue') ?? '') as string[];
      same(set, [sorted[at] as string, kSecondOperation, kConsole].sort(byBytes), 'set');
    }
  });

  test('starts no formula in a CSV for spreadsheets, whatever separator one is set to', () => {
    for (const table of tables) {
      const { fields = [] } = read.get(`${table}.safe.csv`) ?? {};
      expect(fields.length).toBeGreaterThan(texts.length);
      for (const field of fields.flat()) {
        expect(short([field])[0]).not.toMatch(/^(?:[\t\r\n\0]| *[=+\-@\uff1d\uff0b\uff0d\uff20])/);
        for (const cell of field.split(/[;\t\r\n]/).slice(1)) {
          expect(short([cell])[0]).not.toMatch(/^[ "]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
        }
      }
    }
    expect(out.get('sessions.csv')).toContain('=WEBSERVICE');
  });

  test('is in the tables as Markdown, and none of it is markup', () => {
    const [sessions = []] = cellsOf('sessions.md.html');
    const [operations = []] = cellsOf('operations.md.html');
    const [events = []] = cellsOf('events.md.html');
    const [sentinel = []] = cellsOf('sentinel.md.html');
    const column = (rows: Cell[][], at: number, every = 1, of = 0) =>
      rows
        .slice(1)
        .filter((_, row) => row % every === of)
        .map((row) => row[at]?.text);
    same(column(sessions, 1), texts, 'caller');
    same(column(sessions, 8), texts, 'address');
    const hostile = [operations[0] as Cell[], ...operations.slice(1).filter((row) => row[3]?.text !== kSecondOperation)];
    for (const at of [0, 3, 10]) same(column(hostile, at), texts, `operations, column ${at}`);
    same(
      column(hostile, 6),
      texts.map((text) => `${text} (1)`),
      'statuses',
    );
    for (const at of [1, 2, 3, 6, 7]) same(column(events, at, 4, 2), texts, `events, column ${at}`);
    const sorted = [...texts].sort(byBytes);
    for (const at of [0, 2, 6]) same(column(sentinel, at), sorted, `sentinel, column ${at}`);
    for (const name of [...tables.map((table) => `${table}.md.html`)]) {
      const { tags = [], attributes = [], comments = [] } = read.get(name) ?? {};
      expect(tags, name).toEqual(tags.filter((tag) => ['h1', 'p', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'br'].includes(tag)));
      expect([attributes, comments], name).toEqual([[], []]);
    }
  });

  test('is in the case report, and none of it is markup', () => {
    const page = read.get('case.html');
    const [[, ...sessions] = []] = cellsOf('case.html', 'Sessions');
    same(
      sessions.map((row) => row[2]?.bdi.join()),
      texts,
      'caller',
    );
    for (const at of texts.keys()) {
      const text = texts[at] as string;
      const [[, ...operations] = []] = cellsOf('case.html', `Operations of session ${at + 1}`);
      const row = operations.find((cells) => cells[1]?.bdi[0] === text);
      for (const cell of [4, 8, 9]) same(row?.[cell]?.bdi ?? [], [text], `column ${cell} of an operation`);
      const [[, touched = []] = []] = cellsOf('case.html', `What session ${at + 1} touched`);
      same(touched[0]?.bdi ?? [], [text], 'addresses');
      same(touched[1]?.bdi ?? [], [text], 'subscriptions');
      same(touched[3]?.bdi ?? [], [text], 'app ids');
      expect(touched[2]?.bdi.includes(text)).toBe(true);
    }
    // The heading of each session, and its note, which is told line by line.
    const heads = page?.other ?? [];
    for (const text of texts) {
      expect(heads.includes(text)).toBe(true);
      for (const line of text.split(/\r\n|\r|\n/)) expect(line === '' || heads.includes(line)).toBe(true);
    }
    const own =
      'html head meta title style body main h1 h2 h3 p ul li dl dt dd div section table thead tbody tr th td br bdi code strong span figure figcaption svg text line polygon circle';
    expect(page?.tags.filter((tag) => !own.split(' ').includes(tag))).toEqual([]);
    const allowed =
      'aria-hidden aria-label charset class content cx cy http-equiv id lang name points r role scope text-anchor viewbox x x1 x2 y y1 y2';
    expect(page?.attributes.filter((name) => !allowed.split(' ').includes(name))).toEqual([]);
    expect(page?.comments).toEqual([]);

    const markdown = read.get('case.md.html');
    const all = markdown?.tables.flatMap(({ rows }) => rows) ?? [];
    same(
      (markdown?.tables[0]?.rows ?? []).slice(1).map((row) => row[2]?.text),
      texts,
      'caller, Markdown',
    );
    for (const text of texts) {
      const row = all.find((cells) => cells.length === 10 && cells[1]?.text === text);
      for (const at of [8, 9]) same([row?.[at]?.text], [text], `column ${at} of an operation, Markdown`);
      same([row?.[4]?.text], [`${text} 1`], 'status, Markdown');
    }
    const plain = 'h1 h2 h3 p ul li strong blockquote table thead tbody tr th td br'.split(' ');
    expect(markdown?.tags.filter((tag) => !plain.includes(tag))).toEqual([]);
    expect([markdown?.attributes, markdown?.comments]).toEqual([[], []]);
  });

  test('shows in no text that leaves as a character that hides, moves or breaks what stands beside it', () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
    for (const [name, text] of out) {
      if (!/\.(html|md)$/.test(name)) continue;
      for (const line of text.split('\n')) {
        const found = /^[ -~]*$/.test(line) ? null : hidden.exec(line);
        if (found !== null)
          throw new Error(`${name} holds U+${found[0].codePointAt(0)?.toString(16)} at ${line.slice(found.index - 40, found.index)}`);
      }
    }
  });

  test('is in the lists to paste, one a line, and defanged is no address', () => {
    const sorted = (list: readonly string[]) => [...list].sort(byBytes);
    for (const kind of ['addresses', 'callers', 'subscriptions', 'app ids', 'resources'] as const) {
      const list = listValues(hunt.report.sessions, kind);
      const [lines] = readBack(new Map([['list.txt', list.join('\n')]])).values();
      same(sorted(lines?.lines ?? []), sorted(texts), kind);
      for (const value of list) {
        const harmless = defang(value);
        expect(short([harmless])[0]).not.toMatch(/https?:|www\.|\w:\/\/|[^[]@/i);
        // Taken out of its brackets again, it is what it was.
        same(
          [
            harmless
              .replaceAll('[.]', '.')
              .replaceAll('[:]', ':')
              .replaceAll('[@]', '@')
              .replace(/hxxp(?=s?:)/g, 'http'),
          ],
          [value],
          kind,
        );
      }
    }
  });

  test('is in a Navigator layer', () => {
    const [session] = hunt.report.sessions;
    const [operation] = session?.operations ?? [];
    if (session === undefined || operation === undefined) throw new Error('there is none');
    for (const text of texts) {
      const layer = navigatorLayer([{ ...session, operations: [{ ...operation, name: text, techniques: ['T1059', text] }] }], {
        version: '0.1.0',
        description: 'x',
      });
      const { techniques } = JSON.parse(layer) as { techniques: { techniqueID: string; comment: string }[] };
      expect(techniques.map(({ techniqueID }) => techniqueID)).toEqual(['T1059']);
      const shown = techniques[0]?.comment.replace(/^1 session: 1 \w+\. /, '') ?? '';
      same([unescaped(shown)], [text], 'comment');
    }
  });

  test('is in rows copied from the table: a row is a line, a field a cell, and none a formula', () => {
    for (const text of texts) {
      const line = pasteLine(['before', text, 'behind']);
      expect(line.split('\n')).toHaveLength(1);
      const [before, cell = '', behind] = line.split('\t');
      expect([before, behind]).toEqual(['before', 'behind']);
      expect(cell).not.toMatch(/^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      const ours = /^'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(cell) ? cell.slice(1) : cell;
      same([unescaped(ours)], [text], 'cell');
    }
  });

  test('is in a list of known good values, which can be read again', () => {
    const list = new KnownGood(() => {
      throw new Error('nothing is kept');
    });
    const fitting = texts.filter((text) => text.length <= kLongestValue);
    expect(fitting.length).toBe(texts.length - 1);
    list.add(...knownKinds.flatMap((kind) => texts.map((value) => ({ kind, value }))));
    const read = readKnownList(list.json());
    if (!read.ok) throw new Error(read.why);
    for (const kind of knownKinds) {
      const values = read.entries.filter((entry) => entry.kind === kind).map(({ value }) => value);
      same(values.sort(byBytes), [...fitting].sort(byBytes), kind);
    }
    expect(JSON.parse(list.json())).toEqual({ schema: 'cloudshell-hunt/known-good/1', entries: read.entries });
  });

  test('stands in no query: it is that of any other log of the same time', () => {
    const harmless = hunted([
      {
        path: 'log.json',
        content: `[${[0, held.length - 1]
          .flatMap((at) => [startOf(at), startOf(at).replace(/0Z$/, '3Z')])
          .map((eventTimestamp) => JSON.stringify({ eventTimestamp, caller: 'a', operationName: { value: 'a/b' } }))
          .join()}]`,
      },
    ]);
    for (const dialect of dialects) {
      for (const query of queries) {
        const text = (engine: EngineHost) => decoder.decode(ok(engine.text({ text: 'query', query, dialect })));
        expect(text(hunt.engine)).toBe(text(harmless.engine));
      }
    }
  });

  test('leaves no mark on any object', () => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Reflect.has(globalThis, 'hostileRan')).toBe(false);
  });
});

describe('names of files, folders and archive entries', () => {
  test(
    'are in every export that names files',
    () => {
      const hunt = hunted(files('names'));
      const { report } = hunt;
      const out = exportsOf(hunt);
      const read = readBack(new Map([...out].filter(([name]) => /\.(csv|html)$/.test(name))));
      const inOrder = report.inputs.map(({ path }) => path);
      same([...inOrder].sort(byBytes), [...texts].sort(byBytes), 'JSON');
      // Sessions by their hour, whatever the order of the files.
      expect(report.sessions.map(({ start }) => start)).toEqual(held.map((_, at) => namedAt(at)));
      for (const ending of ['safe.csv', 'csv']) {
        const events = byColumn(read.get(`events.${ending}`)?.rows ?? []);
        same(
          events.map((row) => row.get('path')),
          texts,
          ending,
        );
      }
      for (const form of ['json-lines', 'timesketch']) {
        const lines = (out.get(form) ?? '')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { path: string });
        same(
          lines.map(({ path }) => path),
          texts,
          form,
        );
      }
      const table = (name: string, label: string, at = 0) =>
        (label === '' ? read.get(name)?.tables[at] : read.get(name)?.tables.find((one) => one.label === label))?.rows.slice(1) ?? [];
      same(
        table('events.md.html', '').map((row) => row[8]?.text),
        texts,
        'Markdown',
      );
      for (const label of ['Evidence files', 'Inputs']) {
        same(
          table('case.html', label).map((row) => row[0]?.bdi.join()),
          inOrder,
          label,
        );
      }
      for (const at of [1, 2]) {
        same(
          table('case.md.html', '', at).map((row) => row[0]?.text),
          inOrder,
          `Markdown, table ${at}`,
        );
      }
    },
    kPatience,
  );

  test(
    'cannot move the lines that scripts/hunt prints about them',
    () => {
      const at = mkdtempSync(join(folder, 'named-'));
      const possible = held.filter(({ text }) => !/[/\0]/.test(text) && !/^\.{1,2}$/.test(text) && Buffer.byteLength(text) < 200);
      expect(possible.length).toBeGreaterThan(80);
      for (const [number, { text }] of possible.entries()) {
        mkdirSync(join(at, `${number}`, text), { recursive: true });
        writeFileSync(join(at, `${number}`, text, text), namedFile(number));
        writeFileSync(join(at, `${number}`, text, `${text}x`), otherTable(text));
      }
      const hunt = (...options: string[]) =>
        spawnSync(process.execPath, [join(project, 'build/hunt/hunt.mjs'), ...options, at], { maxBuffer: 1 << 30, encoding: 'utf8' });
      const { stdout, stderr, status } = hunt('--format', 'csv', '--view', 'events');
      expect(status).toBe(3);
      const [read] = readBack(new Map([['hunt.safe.csv', stdout]])).values();
      same(
        byColumn(read?.rows ?? []).map((row) => row.get('path')),
        possible.map(({ text }, number) => `${number}/${text}/${text}`),
        'path',
      );
      expect(stderr.split('\n').filter((line) => !/^hunt: [^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u.test(line))).toEqual(['']);
      // A file that is no log is named there, and so are its columns.
      expect(stderr.split('\n').filter((line) => line.includes('not of the Azure Activity log')).length).toBe(possible.length);
      const json = JSON.parse(hunt().stdout) as Report;
      expect(json.inputs.filter(({ refused }) => refused).length).toBe(possible.length);
      expect(json.inputs.length).toBe(2 * possible.length);
    },
    kPatience,
  );
});

describe('queries', () => {
  interface Kusto {
    Kusto: {
      Language: {
        GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
        KustoCode: {
          ParseAndAnalyze(
            text: string,
            globals: unknown,
          ): { GetDiagnostics(): { Count: number; getItem(at: number): { Message: string } } };
        };
        Symbols: {
          TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
          DatabaseSymbol: { $ctor1: new (name: string, symbols: unknown[]) => unknown };
        };
        KustoFacts: { GetStringLiteralValue(text: string): string };
      };
    };
  }
  const columns = 'TimeGenerated:datetime, Type:string, CorrelationId:string, OperationName:string, Category:string';
  const schemas = {
    AzureActivity: `(${columns}, Caller:string, OperationNameValue:string, ActivityStatusValue:string, CallerIpAddress:string, ResourceGroup:string, SubscriptionId:string, _ResourceId:string)`,
    SigninLogs: `(${columns}, UserPrincipalName:string, UserId:string, AppDisplayName:string, AppId:string, IPAddress:string, Location:string, ResultType:string, ResultDescription:string, UserAgent:string, ConditionalAccessStatus:string, AuthenticationRequirement:string)`,
    AuditLogs: `(${columns}, InitiatedBy:dynamic, Result:string, TargetResources:dynamic)`,
  };

  test(
    'to go on with parse without a complaint, and give the text back',
    () => {
      const require = createRequire(import.meta.url);
      require('@kusto/language-service-next/bridge.min');
      require('@kusto/language-service-next/Kusto.Language.Bridge.min');
      const { Language } = (globalThis as unknown as Kusto).Kusto;
      const all = Object.entries({ ...schemas, AADNonInteractiveUserSignInLogs: schemas.SigninLogs });
      const symbols = all.map(([name, schema]) => Language.Symbols.TableSymbol.From(schema).WithName(name));
      const globals = Language.GlobalState.Default.WithDatabase(new Language.Symbols.DatabaseSymbol.$ctor1('workspace', symbols));
      const complaints = (text: string) => {
        const found = Language.KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
        return Array.from({ length: found.Count }, (_, at) => found.getItem(at).Message);
      };
      expect(complaints('AuditLogs | where Nothing == "x"')).not.toEqual([]);
      const { report } = hunted([{ path: 'log.json', content: recordsFile() }]);
      for (const [at, session] of report.sessions.entries()) {
        const text = texts[at] as string;
        same([Language.KustoFacts.GetStringLiteralValue(kqlString(text))], [text], 'literal');
        const made = pivotQueries(session);
        expect(made).toHaveLength(4);
        for (const query of made) {
          expect(complaints(query.text), `${held[at]?.name}, ${query.id}`).toEqual([]);
          // Each line is one of ours; what the text says is inside a literal.
          expect(
            query.text
              .split('\n')
              .slice(1)
              .every((line) => line.startsWith('| ')),
          ).toBe(true);
          expect(query.text.replaceAll(kqlString(text), '""')).toMatch(/^[\n -~]*$/);
          expect(query.text.replaceAll(kqlString(text), '""').length).toBeLessThan(1000);
        }
      }
    },
    kPatience,
  );

  test(
    'in SQL find over such rows what the page finds, and nothing else',
    async () => {
      const rows = tableRows();
      const { engine, report } = hunted([{ path: 'rows.jsonl', content: rows.map((row) => JSON.stringify(row)).join('\n') }]);
      expect(report.sessions.length).toBe(held.length);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      await connection.run(`CREATE TABLE Texts (${rowColumns.map((column) => `${column} VARCHAR`).join(', ')})`);
      const appender = await connection.createAppender('Texts');
      for (const row of rows) {
        for (const column of rowColumns) appender.appendVarchar(row[column]);
        appender.endRow();
      }
      appender.closeSync();
      await connection.run('CREATE TABLE AzureActivity AS SELECT * REPLACE (CAST(TimeGenerated AS TIMESTAMP) AS TimeGenerated) FROM Texts');
      const ask = async (query: (typeof queries)[number]) => {
        const sql = decoder.decode(ok(engine.text({ text: 'query', query, dialect: 'duckdb' })));
        return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, string | string[]>[];
      };
      // Node's reader of DuckDB's answer takes a byte order mark in front away.
      const asRead = (text: string) => text.replace(/^\ufeff/, '');
      const published = await ask('published');
      same(published.map((row) => row.Caller as string).sort(byBytes), texts.map(asRead).sort(byBytes), 'callers of the published query');
      for (const row of published) {
        const caller = row.Caller as string;
        same([...(row.set_OperationNameValue as string[])].sort(byBytes), [caller, `${caller}x`].sort(byBytes), 'set');
      }
      const sessions = await ask('sessions');
      same(
        sessions.map((row) => row.Caller as string).sort(byBytes),
        report.sessions.map(({ caller }) => asRead(caller)).sort(byBytes),
        'callers of the sessions',
      );
      connection.closeSync();
    },
    kPatience,
  );
});

/** As the core sorts: by the bytes of UTF-8, which is by code point. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Every `\u{…}` stands for a character. */
function unescaped(shown: string): string {
  return shown.replace(/\\u\{([0-9A-F]+)\}/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
}
