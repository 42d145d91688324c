// Reports for the tests of what leaves the page, made by the built engine from files of this repository.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createEngineModule from '#engine';
import { type Answer, EngineHost, errorCodes } from '../../../web/src/engine/engine_host';
import type { TableText } from '../../../web/src/engine/protocol';
import { parseReport, type Report } from '../../../web/src/engine/report';
import { defaultSettings } from '../../../web/src/engine/settings';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const decoder = new TextDecoder();

export const sample = ['development-az-activity-log.json', 'production-PT1H.json', 'shared-query_data.csv'].map(
  (name) => `web/public/sample/${name}`,
);
export const hostile = [
  'tests/browser/fixtures/hostile.json',
  'tests/golden/hostile_text/input/rows.jsonl',
  'tests/golden/hostile_keys/input/rows.jsonl',
];

function ok(answer: Answer): Uint8Array<ArrayBuffer> {
  if (answer.code !== errorCodes.ok) throw new Error(`code ${answer.code}: ${decoder.decode(answer.bytes)}`);
  return answer.bytes;
}

export interface Made {
  bytes: Uint8Array<ArrayBuffer>;
  report: Report;
  text(table: Omit<TableText, 'text'>): string;
}

export async function reportOf(paths: readonly string[]): Promise<Made> {
  const wasm = await WebAssembly.compile(readFileSync(`${project}build/wasm/engine.wasm`));
  const engine = await EngineHost.start(createEngineModule, wasm);
  for (const [number, path] of paths.entries()) {
    ok(engine.openInput(number, path, 'none'));
    ok(engine.write(readFileSync(project + path)));
    ok(engine.closeInput(''));
  }
  ok(engine.hunt(defaultSettings));
  const bytes = ok(engine.reportJson());
  return { bytes, report: parseReport(bytes), text: (table) => decoder.decode(ok(engine.text({ text: 'table', ...table }))) };
}
