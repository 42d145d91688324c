// The published query as other programs answer it, on the same files: DuckDB (native here, wasm in browser.mjs) and jq; and this project's own
// scripts/hunt. Each gives the Sentinel rows as lines of one form, so that answers can be compared before times are.
// The SQL is written to be fast, not to be checked against (tests/differential/hunt.sql is): columns are given, each file is read once, and only
// what the query needs is taken from it.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableColumns } from './data.mjs';

export const project = fileURLToPath(new URL('../../', import.meta.url));

const kListKeys = 'microsoft.storage/storageaccounts/listkeys/action';
const kUpn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const kObjectId = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

/** Where each form's rows come from, as DuckDB reads them: caller, operation, status, grp and moment. @type {Record<string, (path: string) => string>} */
const kSources = {
  lines: (path) => `
    SELECT coalesce(identity.claims."${kUpn}", identity.claims."${kObjectId}", '') AS caller, operationName AS operation,
      resultType AS status, regexp_extract(resourceId, '/RESOURCEGROUPS/([^/]*)', 1) AS grp, time AS moment
    FROM read_json('${path}', format = 'newline_delimited', columns = { time: 'TIMESTAMP', resourceId: 'VARCHAR',
      operationName: 'VARCHAR', resultType: 'VARCHAR', identity: 'STRUCT(claims STRUCT("${kUpn}" VARCHAR, "${kObjectId}" VARCHAR))' })`,
  table: (path) => `
    SELECT coalesce("Caller", '') AS caller, coalesce("OperationNameValue", '') AS operation, "ActivityStatusValue" AS status,
      "ResourceGroup" AS grp, "TimeGenerated [UTC]" AS moment
    FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n',
      timestampformat = '%-m/%-d/%Y, %-I:%M:%S.%g %p', columns = { ${tableColumns
        .map((name) => `'${name}': '${name === 'TimeGenerated [UTC]' ? 'TIMESTAMP' : 'VARCHAR'}'`)
        .join(', ')} })`,
};
kSources.minified = kSources.pretty = (path) => `
    SELECT caller, operationName.value AS operation, CASE status.value WHEN 'Succeeded' THEN 'Success' ELSE status.value END AS status,
      resourceGroupName AS grp, eventTimestamp AS moment
    FROM read_json('${path}', format = 'array', columns = { eventTimestamp: 'TIMESTAMP', caller: 'VARCHAR',
      operationName: 'STRUCT(value VARCHAR)', status: 'STRUCT(value VARCHAR)', resourceGroupName: 'VARCHAR' })`;

/** The published query over a file, one line a row. */
export function sqlOf(form, path) {
  return `
  WITH log AS (SELECT caller, operation, status, grp, date_trunc('hour', moment) AS timekey FROM (${kSources[form](path)})),
  left_side AS (
    SELECT DISTINCT caller, timekey FROM log WHERE lower(operation) = '${kListKeys}' AND lower(status) = 'success'
      AND regexp_matches(lower(grp), '(^|[^a-z0-9])cloud-shell-storage($|[^a-z0-9])')
  ), right_side AS (
    SELECT caller, timekey, list_sort(list(DISTINCT operation)) AS operations FROM log SEMI JOIN left_side USING (caller, timekey)
    WHERE lower(operation) <> '${kListKeys}' AND operation <> '' GROUP BY caller, timekey
  )
  SELECT caller || '|' || strftime(timekey, '%Y-%m-%dT%H:%M:%SZ') || '|' || array_to_string(operations, ';') AS line
  FROM left_side JOIN right_side USING (caller, timekey) ORDER BY line`;
}

/** The same lines from a report. */
export function linesOf(report) {
  return (report.sentinel ?? [])
    .map((row) => `${row.Caller}|${row.timekey}|${row.set_OperationNameValue.join(';')}`)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Native DuckDB, all threads, in this process: what it takes to start is not counted. */
export class Duck {
  static async start() {
    const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'false' });
    return new Duck(instance, await instance.connect());
  }

  constructor(instance, connection) {
    this.instance = instance;
    this.connection = connection;
  }

  async version() {
    return (await this.connection.runAndReadAll('SELECT version()')).getRows()[0][0];
  }

  async run(form, path) {
    const started = performance.now();
    const reader = await this.connection.runAndReadAll(sqlOf(form, path));
    const millis = performance.now() - started;
    return { millis, lines: reader.getRows().map(([line]) => line) };
  }

  close() {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Runs a program to its end; what it prints, and how long it took, its start included. */
async function timed(command, args) {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = [];
  let errors = '';
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const status = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const millis = performance.now() - started;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${errors.slice(-400)}`);
  return { millis, text: Buffer.concat(out).toString() };
}

/** scripts/hunt, the process's start and the whole report included. */
export async function runHunt(path, workers) {
  const options = workers === undefined ? [] : ['--workers', String(workers)];
  const { millis, text } = await timed(process.execPath, [`${project}build/hunt/hunt.mjs`, ...options, path]);
  return { millis, lines: linesOf(JSON.parse(text)) };
}

export async function jqVersion() {
  try {
    return (await timed('jq', ['--version'])).text.trim();
  } catch {
    return null;
  }
}

/** What the published query needs of each record, by jq; a join inside jq copies its tables with every event. */
const kJq = `
  [(.identity.claims | .["${kUpn}"] // .["${kObjectId}"] // ""), .time[0:13], .operationName,
   (if (.operationName | ascii_downcase) != "${kListKeys}" then "right"
    elif (.resultType | ascii_downcase) == "success" and (.resourceId | ascii_downcase
      | test("/resourcegroups/([^/]*[^a-z0-9/])?cloud-shell-storage([^a-z0-9][^/]*)?(/|$)")) then "left"
    else "neither" end)] | @tsv`;

/** jq, its start included, and the join over what it prints. */
export async function runJq(path) {
  const started = performance.now();
  const { text } = await timed('jq', ['--raw-output', kJq, path]);
  /** @type {Map<string, { left: boolean, operations: Set<string> }>} */
  const hours = new Map();
  for (const line of text.split('\n')) {
    const [caller, hour, operation = '', side] = line.split('\t');
    if (side === undefined || side === 'neither') continue;
    const key = `${caller}|${hour}:00:00Z`;
    const entry = hours.get(key) ?? { left: false, operations: new Set() };
    hours.set(key, entry);
    if (side === 'left') entry.left = true;
    else if (operation !== '') entry.operations.add(operation);
  }
  const lines = [...hours]
    .filter(([, { left, operations }]) => left && operations.size > 0)
    .map(([key, { operations }]) => `${key}|${[...operations].sort().join(';')}`)
    .sort();
  return { millis: performance.now() - started, lines };
}
