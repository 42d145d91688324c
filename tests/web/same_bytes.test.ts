// Every golden case, read by the built wasm module and by the native core: the same bytes. Both come from one source; what could differ is the width
// of a pointer, an order of hashing, a kernel of the JSON parser, or the compiler. Needs build/wasm and build/native (scripts/build).

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import createEngineModule, { type EngineModule } from '#engine';
import { EngineHost, errorCodes, instantiate } from '../../web/src/engine/engine_host';
import { filesOf } from '../../web/src/hunt/files';
import { parseCommandLine } from '../../web/src/hunt/options';

const project = fileURLToPath(new URL('../../', import.meta.url));
const golden = join(project, 'tests/golden');
const native = join(project, 'build/native/tests/core/native_hunt');

const cases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .sort();

let module: EngineModule;
beforeAll(async () => {
  module = await instantiate(createEngineModule, await WebAssembly.compile(readFileSync(join(project, 'build/wasm/engine.wasm'))));
});

test('there are golden cases', () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)(
  '%s',
  (name) => {
    const { settings } = JSON.parse(readFileSync(join(golden, name, 'case.json'), 'utf8')) as { settings: Record<string, string> };
    const options = Object.entries(settings).flatMap(([key, value]) => [`--${key.replaceAll('_', '-')}`, value]);
    const folder = join(golden, name, 'input');
    const paths = readdirSync(folder).map((file) => join(folder, file));

    const line = parseCommandLine([...options, ...paths], new Date(0), 1);
    if (line.run !== 'hunt') throw new Error(JSON.stringify(line));
    const engine = new EngineHost(module);
    for (const [number, { path, handle }] of filesOf(line.options.paths).sources.entries()) {
      expect(engine.openInput(number, path, 'none').code).toBe(errorCodes.ok);
      expect(engine.write(readFileSync(Buffer.from(handle.name))).code).toBe(errorCodes.ok);
      expect(engine.closeInput('').code).toBe(errorCodes.ok);
    }
    expect(engine.hunt(line.options.settings).code).toBe(errorCodes.ok);
    const report = Buffer.from(engine.reportJson().bytes);
    engine.close();

    // The core knows no zone by name; both get the same list of offsets.
    const { local_zone: zone } = line.options.settings;
    const given = zone === null ? options : options.map((option) => (option === settings.local_zone ? JSON.stringify(zone) : option));
    const other = execFileSync(native, [...given, ...paths], { maxBuffer: 2 ** 28 });
    if (!report.equals(other)) expect(report.toString()).toBe(other.toString());
  },
  60_000,
);
