// The columns that the core hands over beside a report are those that the page would make of the report's sessions itself. Needs build/wasm.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import createEngineModule from '#engine';
import { EngineHost, errorCodes } from '../../web/src/engine/engine_host';
import { parseReport } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { ArrivingSessions, readReport, sessionsByIndex } from '../../web/src/state/report_lines';
import { type Column, indexOf, readIndex, readResources, resourcesOf, type SessionIndex } from '../../web/src/state/session_index';

const golden = new URL('../golden/', import.meta.url).pathname;
let wasm: WebAssembly.Module;
beforeAll(async () => {
  wasm = await WebAssembly.compile(readFileSync(new URL('../../build/wasm/engine.wasm', import.meta.url)));
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

async function hunted(contents: Uint8Array[]): Promise<{ report: Uint8Array<ArrayBuffer>; index: SessionIndex; resources: Column }> {
  const engine = await EngineHost.start(createEngineModule, wasm);
  for (const [number, bytes] of contents.entries()) {
    engine.openInput(number, `file ${number}`, 'none');
    for (let at = 0; at < bytes.length; at += 65_536) engine.write(bytes.subarray(at, at + 65_536));
    engine.closeInput('');
  }
  expect(engine.hunt(defaultSettings).code).toBe(errorCodes.ok);
  const report = engine.reportJson().bytes;
  const index = readIndex(engine.sessionIndex().bytes);
  const resources = readResources(engine.sessionResources().bytes);
  engine.close();
  return { report, index, resources };
}

/** Every column as what each session has, whatever numbers its texts have. */
function told(index: SessionIndex, resources: Column) {
  return {
    count: index.count,
    numbers: [index.start, index.end, index.severity, index.attribution, index.found, index.operations].map((list) => [...list]),
    ids: [...index.ids],
    names: index.names,
    columns: [...index.columns, ['resource', resources] as const].map(([key, { texts, folded, places, values, numbers }]) => ({
      key,
      // Which spelling a value is shown by does not depend on numbers either.
      known: texts.map((text, number) => `${text} ${folded[number]}`).sort(),
      found: folded.every((text, number) => numbers.get(text) === number),
      sessions: Array.from({ length: index.count }, (_, at) =>
        [...values.subarray(places[at], places[at + 1])].map((number) => folded[number]).sort(),
      ),
    })),
  };
}

describe('the index of the core is that of the sessions', () => {
  const cases = readdirSync(golden).filter((name) => statSync(join(golden, name)).isDirectory() && name !== 'real');

  test('in every golden case', async () => {
    let sessions = 0;
    for (const name of cases) {
      const { report, index, resources } = await hunted(
        filesBelow(join(golden, name, 'input')).map((path) => new Uint8Array(readFileSync(path))),
      );
      const { sessions: listed } = parseReport(report);
      sessions += listed.length;
      expect(told(index, resources), name).toEqual(told(indexOf(listed), resourcesOf(listed)));
    }
    expect(sessions).toBeGreaterThan(100);
  }, 120_000);

  test('with texts whose lower case is longer, depends on what stands beside it, or makes two of them one', async () => {
    const callers = ['İpek', 'ΑΣ', 'Σ', 'Straße', 'STRASSE', 'Ünal', 'ünal', 'K', 'K', 'a\u0000b', 'a\nb', '😀', '__proto__'];
    const rows = callers.flatMap((caller, at) => [
      { Caller: caller, OperationNameValue: 'Microsoft.Portal/consoles/write', _ResourceId: `${caller}/É` },
      { Caller: caller, OperationNameValue: `op ${callers[(at + 1) % callers.length]}`, _ResourceId: `${caller}/é` },
    ]);
    const text = rows
      .map((row) =>
        JSON.stringify({ TimeGenerated: '1969-12-31T23:59:59.9999999Z', ActivityStatusValue: 'Success', ResourceGroup: 'Ä', ...row }),
      )
      .join('\n');
    const { report, index, resources } = await hunted([new TextEncoder().encode(text)]);
    const { sessions: listed } = parseReport(report);
    expect(listed.length).toBeGreaterThan(9);
    expect(told(index, resources)).toEqual(told(indexOf(listed), resourcesOf(listed)));
  });

  test('no session', async () => {
    const { index, resources } = await hunted([new TextEncoder().encode('[]')]);
    expect(told(index, resources)).toEqual(told(indexOf([]), resourcesOf([])));
  });
});

test('outline, asked-for sessions and lines together are the report', async () => {
  const engine = await EngineHost.start(createEngineModule, wasm);
  engine.openInput(0, 'sample', 'none');
  engine.write(new Uint8Array(readFileSync(join(golden, '../../web/public/sample/development-az-activity-log.json'))));
  engine.closeInput('');
  expect(engine.hunt(defaultSettings).code).toBe(errorCodes.ok);
  const bytes = engine.reportJson().bytes;
  const whole = parseReport(bytes);
  expect(whole.sessions.length).toBeGreaterThan(1);
  const outline = await readReport(engine.reportOutline().bytes, async () => true);
  expect(outline?.report).toEqual({ ...whole, sessions: [] });
  expect(outline?.lines.starts).toEqual([]);

  const read = await readReport(bytes, async () => true);
  if (read === null) throw new Error('given up');
  expect(read.report).toEqual({ ...whole, sessions: [] });
  const arriving = new ArrivingSessions(whole.sessions.length, new Map());
  arriving.complete(read.lines);
  for (const [at, session] of whole.sessions.entries()) expect(arriving.at(at)).toEqual(session);

  const asked = whole.sessions.map((_, at) => at).reverse();
  const lines = engine.text({ text: 'table', table: 'sessions', form: 'json-lines', sessions: asked }).bytes;
  expect([...sessionsByIndex(lines, asked)]).toEqual(asked.map((at) => [at, whole.sessions[at]]));
  engine.close();
});
