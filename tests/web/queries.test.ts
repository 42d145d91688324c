// The hunt as a query, as the built engine writes it. KQL is checked by Kusto's own language service against a schema of AzureActivity written here
// from its documentation: no diagnostic, whatever the settings. DuckDB's SQL is run on every golden case that is a table of AzureActivity rows
// and must find the rows and sessions of the report. Trino and Spark are not run: what differs in their texts is checked as text.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import createEngineModule, { type EngineModule } from '#engine';
import { type Answer, EngineHost, errorCodes, instantiate } from '../../web/src/engine/engine_host';
import { dialects, type QueryText, queries } from '../../web/src/engine/protocol';
import { parseReport, type Report } from '../../web/src/engine/report';
import { defaultSettings, type Settings } from '../../web/src/engine/settings';
import { filesOf } from '../../web/src/hunt/files';
import { parseCommandLine } from '../../web/src/hunt/options';

const project = fileURLToPath(new URL('../../', import.meta.url));
const golden = join(project, 'tests/golden');
const decoder = new TextDecoder();

let module: EngineModule;
beforeAll(async () => {
  module = await instantiate(createEngineModule, await WebAssembly.compile(readFileSync(join(project, 'build/wasm/engine.wasm'))));
});

function ok(answer: Answer): Uint8Array {
  if (answer.code !== errorCodes.ok) throw new Error(`code ${answer.code}: ${decoder.decode(answer.bytes)}`);
  return answer.bytes;
}

function engineOver(files: { path: string; content: Uint8Array }[]): EngineHost {
  const engine = new EngineHost(module);
  for (const [number, { path, content }] of files.entries()) {
    ok(engine.openInput(number, path, 'none'));
    ok(engine.write(content));
    ok(engine.closeInput(''));
  }
  return engine;
}

const query = (engine: EngineHost, name: QueryText['query'], dialect: QueryText['dialect']): string =>
  decoder.decode(ok(engine.text({ text: 'query', query: name, dialect })));

const lines = new TextEncoder().encode(
  [
    '{"TimeGenerated":"2026-03-14T09:58:10.0123456Z","Caller":"alice@contoso.com","OperationNameValue":"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION","ActivityStatusValue":"Success","ResourceGroup":"CLOUD-SHELL-STORAGE-WESTEUROPE","Claims":"{}"}',
    '{"TimeGenerated":"2026-03-14T10:05:00.7654321Z","Caller":"alice@contoso.com","OperationNameValue":"A/B/WRITE","ActivityStatusValue":"Success","ResourceGroup":"PROD","Claims":"{}"}',
  ].join('\n'),
);

const changes: Partial<Settings>[] = [
  {},
  { window: '30m' },
  { window: '1d' },
  { window: '1h30m' },
  { window: '0.5s' },
  { window: '0.0000001s' },
  { look_back: '1d' },
  { look_back: '0.001s', as_of: '2026-03-14T10:00:00.1234567Z' },
  { look_back: '900000d' },
  { succeeded_is_success: false },
  { window: '4h', look_back: '7d', succeeded_is_success: false, as_of: '2030-01-01T00:00:00Z' },
];

describe('KQL', () => {
  interface Diagnostic {
    Message: string;
    Start: number;
  }
  interface Kusto {
    Kusto: {
      Language: {
        GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
        KustoCode: { ParseAndAnalyze(text: string, globals: unknown): { GetDiagnostics(): { ToArray?(): Diagnostic[] } } };
        Symbols: {
          TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
          DatabaseSymbol: { $ctor1: new (name: string, symbols: unknown[]) => unknown };
        };
      };
    };
  }

  // https://learn.microsoft.com/azure/azure-monitor/reference/tables/azureactivity
  const schema =
    '(TenantId:string, SourceSystem:string, CallerIpAddress:string, CategoryValue:string, CorrelationId:string, Authorization:string, ' +
    'Authorization_d:dynamic, Claims:string, Claims_d:dynamic, Level:string, OperationNameValue:string, Properties:string, ' +
    'Properties_d:dynamic, Caller:string, EventDataId:string, EventSubmissionTimestamp:datetime, HTTPRequest:string, OperationId:string, ' +
    'ResourceGroup:string, ResourceProviderValue:string, ActivityStatusValue:string, ActivitySubstatusValue:string, Hierarchy:string, ' +
    'TimeGenerated:datetime, SubscriptionId:string, OperationName:string, ActivityStatus:string, ActivitySubstatus:string, Category:string, ' +
    'ResourceId:string, ResourceProvider:string, Resource:string, Type:string, _ResourceId:string, _SubscriptionId:string)';

  let diagnose: (text: string) => string[];
  beforeAll(() => {
    const require = createRequire(import.meta.url);
    require('@kusto/language-service-next/bridge.min');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min');
    const { Language } = (globalThis as unknown as Kusto).Kusto;
    const table = Language.Symbols.TableSymbol.From(schema).WithName('AzureActivity');
    const globals = Language.GlobalState.Default.WithDatabase(new Language.Symbols.DatabaseSymbol.$ctor1('logs', [table]));
    diagnose = (text) => {
      const found = Language.KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics() as unknown as {
        Count: number;
        getItem(index: number): Diagnostic;
      };
      return Array.from(
        { length: found.Count },
        (_, at) => `${found.getItem(at).Message} (at ${text.slice(found.getItem(at).Start, found.getItem(at).Start + 30)})`,
      );
    };
  });

  test('the checker notices a column that is not there, a wrong type and a slip of the pen', () => {
    expect(diagnose('AzureActivity | where Caller == "x"')).toEqual([]);
    expect(diagnose('AzureActivity | where CallerX == "x"')).not.toEqual([]);
    expect(diagnose('AzureActivity | where TimeGenerated + 1h has "x"')).not.toEqual([]);
    expect(diagnose('AzureActivity | summarise count()')).not.toEqual([]);
  });

  test.each(changes)('no diagnostic with %o', (change) => {
    const engine = engineOver([{ path: 'rows.jsonl', content: lines }]);
    ok(engine.hunt({ ...defaultSettings, ...change }));
    for (const name of queries) expect(diagnose(query(engine, name, 'kql')), name).toEqual([]);
    engine.close();
  });

  test('no diagnostic without any event', () => {
    const engine = engineOver([]);
    ok(engine.hunt(defaultSettings));
    for (const name of queries) {
      expect(diagnose(query(engine, name, 'kql')), name).toEqual([]);
      expect(query(engine, name, 'kql')).toContain('nothing bounds this query');
    }
    engine.close();
  });

  test('with the published settings it is the published text, its time span apart', () => {
    const engine = engineOver([{ path: 'rows.jsonl', content: lines }]);
    ok(engine.hunt({ ...defaultSettings, look_back: '1d', succeeded_is_success: false }));
    const statements = query(engine, 'published', 'kql')
      .split('\n')
      .map((line) => line.replace(/ *\/\/.*/, '').trim())
      .filter((line) => line !== '');
    expect(statements).toEqual([
      'let firstEvent = datetime(2026-03-14T09:58:10.0123456Z);',
      'let lastEvent = datetime(2026-03-14T10:05:00.7654321Z);',
      'let lookBackFrom = datetime(2026-03-13T10:05:00.7654321Z);',
      'AzureActivity',
      '| where TimeGenerated between (firstEvent .. lastEvent)',
      '| where ActivityStatusValue =~ "Success"',
      '| where ResourceGroup has "cloud-shell-storage"',
      '| where OperationNameValue =~ "Microsoft.Storage/storageAccounts/listKeys/action"',
      '| summarize by Caller, timekey = bin(TimeGenerated, 1h)',
      '| join (',
      'AzureActivity',
      '| where TimeGenerated between (firstEvent .. lastEvent)',
      '| where TimeGenerated >= lookBackFrom',
      '| where OperationNameValue !~ "Microsoft.Storage/storageAccounts/listKeys/action"',
      '| where isnotempty(OperationNameValue)',
      '| summarize make_set(OperationNameValue) by Caller, timekey = bin(TimeGenerated, 1h)',
      ') on Caller, timekey',
      '| extend timestamp = timekey, AccountCustomEntity = Caller',
    ]);
    engine.close();
  });
});

// --- SQL ---

type Row = Map<string, string>;
const columns = [
  'TimeGenerated',
  'Caller',
  'OperationNameValue',
  'ActivityStatusValue',
  'ResourceGroup',
  'CallerIpAddress',
  'SubscriptionId',
  'Claims',
];

/** Rows of a file that is JSON Lines of AzureActivity rows with whole instants in UTC; null for any other file. Not the engine's reading. */
function rowsOf(text: string): Row[] | null {
  const rows: Row[] = [];
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return null;
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return null;
    const row: Row = new Map();
    for (const [key, value] of Object.entries(record)) {
      const column = columns.find((name) => name === key) ?? (key === 'Claims_d' ? 'Claims' : undefined);
      if (column === undefined || value === null) continue;
      row.set(column, typeof value === 'string' ? value : JSON.stringify(value));
    }
    const time = row.get('TimeGenerated');
    // SQL keeps microseconds: a case whose seventh digit matters is none for it.
    if (time !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6}0?)?Z$/.test(time)) return null;
    if (!row.has('OperationNameValue') || !row.has('ResourceGroup')) return null;
    rows.push(row);
  }
  return rows;
}

interface SqlCase {
  name: string;
  settings: Settings;
  files: { path: string; content: Uint8Array }[];
  rows: Row[];
}

function sqlCase(name: string): SqlCase | null {
  const { settings } = JSON.parse(readFileSync(join(golden, name, 'case.json'), 'utf8')) as { settings: Record<string, string> };
  const options = Object.entries(settings).flatMap(([key, value]) => [`--${key.replaceAll('_', '-')}`, value]);
  const folder = join(golden, name, 'input');
  const line = parseCommandLine([...options, ...readdirSync(folder).map((file) => join(folder, file))], new Date(0), 1);
  if (line.run !== 'hunt') throw new Error(JSON.stringify(line));
  const files = filesOf(line.options.paths).sources.map(({ path, handle }) => ({ path, content: readFileSync(Buffer.from(handle.name)) }));
  const rows = files.map(({ content }) => rowsOf(decoder.decode(content)));
  if (rows.includes(null) || rows.length === 0) return null;
  return { name, settings: line.options.settings, files, rows: rows.flatMap((some) => some ?? []) };
}

const cases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .sort()
  .flatMap((name) => sqlCase(name) ?? []);

describe('SQL of DuckDB', () => {
  let connection: DuckDBConnection;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'queries-'));
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => {
    connection?.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  test('there are golden cases that are such tables', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const folded = (names: readonly string[]) => [...new Set(names.map(fold))].sort();
  /** As DuckDB prints a timestamp: to the microsecond. */
  const stamp = (instant: string) => {
    const [, date, time, fraction = ''] = /^(.+)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(instant) ?? [];
    const digits = fraction.slice(0, 6).replace(/0+$/, '');
    return `${date} ${time}${digits === '' ? '' : `.${digits}`}`;
  };

  test.each(cases.map((one) => [one.name, one] as const))('%s', async (name, { settings, files, rows }) => {
    const engine = engineOver(files);
    ok(engine.hunt(settings));
    const report: Report = parseReport(ok(engine.reportJson()));
    const published = query(engine, 'published', 'duckdb');
    const sessions = query(engine, 'sessions', 'duckdb');
    engine.close();

    const path = join(folder, 'rows.json');
    writeFileSync(path, rows.map((row) => JSON.stringify(Object.fromEntries(row))).join('\n'));
    await connection.run('DROP TABLE IF EXISTS AzureActivity');
    await connection.run(
      `CREATE TABLE AzureActivity AS SELECT * REPLACE (CAST(TimeGenerated AS TIMESTAMP) AS TimeGenerated) FROM read_json('${path}', format = 'newline_delimited', columns = {${columns.map((column) => `${column}: 'VARCHAR'`).join(', ')}})`,
    );

    type Rows = Record<string, string | string[]>[];
    const ask = async (sql: string) => {
      const result = await connection.runAndReadAll(sql);
      expect(result.columnNames()).toHaveLength(sql === published ? 7 : 12);
      return result.getRowObjectsJson() as Rows;
    };
    const found = await ask(published);
    expect(
      found.map((row) => [
        row.Caller,
        row.timekey,
        row.Caller1,
        row.timekey1,
        [...(row.set_OperationNameValue ?? [])].sort(),
        row.timestamp,
        row.AccountCustomEntity,
      ]),
    ).toEqual(
      (report.sentinel ?? []).map((row) => {
        const hour = stamp(row.timekey);
        return [row.Caller, hour, row.Caller, hour, [...row.set_OperationNameValue].sort(), hour, row.Caller];
      }),
    );

    // The one case in which two copies of a listing disagree on its group: the page merges them, a query takes each for itself, and the one without the
    // group is an ordinary operation to it.
    const unmerged = name === 'copies_disagree' ? ['microsoft.storage/storageaccounts/listkeys/action'] : [];
    const byStart = (a: unknown[], b: unknown[]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const inShell = (names: Report['sessions'][number]['operations']) => names.filter(({ in_shell_count }) => in_shell_count > 0);
    expect(
      (await ask(sessions))
        .map((row) => [
          row.SessionStart,
          fold(String(row.Caller)),
          row.SessionEnd,
          folded(row.Operations as string[]),
          folded(row.OperationsInShell as string[]),
        ])
        .sort(byStart),
    ).toEqual(
      report.sessions
        .map(({ caller, start, end, operations }) => [
          stamp(start),
          fold(caller),
          stamp(end),
          folded([...operations.map(({ name }) => name), ...unmerged]),
          folded(inShell(operations).map(({ name }) => name)),
        ])
        .sort(byStart),
    );
  });
});

describe('SQL of every dialect', () => {
  const textOf = (change: Partial<Settings>, dialect: QueryText['dialect']): string => {
    const engine = engineOver([{ path: 'rows.jsonl', content: lines }]);
    ok(engine.hunt({ ...defaultSettings, ...change }));
    const text = queries.map((name) => query(engine, name, dialect)).join('\n');
    engine.close();
    return text;
  };

  test('has its bounds rounded outwards to the microsecond', () => {
    for (const dialect of dialects.slice(1)) {
      expect(textOf({}, dialect)).toContain("BETWEEN TIMESTAMP '2026-03-14 09:58:10.012345' AND TIMESTAMP '2026-03-14 10:05:00.765433'");
    }
  });

  test.each([
    ['2d', "INTERVAL '2' DAY"],
    ['1h30m', "INTERVAL '90' MINUTE"],
    ['61s', "INTERVAL '61' SECOND"],
  ])('writes a window of %s', (window, interval) => {
    for (const dialect of dialects.slice(1)) expect(textOf({ window }, dialect)).toContain(`+ ${interval}`);
  });

  test('rounds a window up to what each engine holds', () => {
    expect(textOf({ window: '1.0000001s' }, 'duckdb')).toContain("+ INTERVAL '1000001' MICROSECOND");
    expect(textOf({ window: '1.0000001s' }, 'spark')).toContain("+ INTERVAL '1.000001' SECOND");
    expect(textOf({ window: '1.0000001s' }, 'trino')).toContain("+ INTERVAL '1.001' SECOND");
  });

  test('uses the functions of its engine and no other’s', () => {
    const own: Record<'duckdb' | 'trino' | 'spark', RegExp> = {
      duckdb: /regexp_matches|json_extract_string|list_sort|TRY_CAST/g,
      trino: /array_agg|json_extract_scalar|json_parse|ARRAY\[\]/g,
      spark: /collect_set|get_json_object|SET TIME ZONE|`timestamp`/g,
    };
    for (const [dialect, words] of Object.entries(own)) {
      expect(textOf({}, dialect as keyof typeof own)).toMatch(words);
      for (const other of Object.keys(own).filter((name) => name !== dialect)) {
        expect(textOf({}, other as keyof typeof own).match(words), `${dialect} in ${other}`).toBeNull();
      }
    }
  });

  test('parentheses and quotes close', () => {
    for (const dialect of dialects) {
      for (const change of changes) {
        const code = textOf(change, dialect)
          .replace(/^\s*(--|\/\/).*$/gm, '')
          .replace(/'[^']*'|"[^"]*"/g, '');
        expect(code).not.toMatch(/['"]/);
        expect(code.split('(').length, dialect).toBe(code.split(')').length);
      }
    }
  });
});
