// The golden cases that a browser can open as a folder and answer on the default settings. The cases with settings of their own are compared in
// Node with the same wasm module (tests/web/same_bytes.test.ts), and the sample, whose cases are made of links, by a test of its own.

import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { project } from './session';

const golden = join(project, 'tests/golden');

export const goldenCases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .filter((name) => {
    const { settings } = JSON.parse(readFileSync(join(golden, name, 'case.json'), 'utf8')) as { settings: Record<string, string> };
    const input = join(golden, name, 'input');
    return Object.keys(settings).length === 0 && readdirSync(input).every((file) => !lstatSync(join(input, file)).isSymbolicLink());
  })
  .sort();

export const inputOf = (name: string) => join(golden, name, 'input');

/** The JSON report as the native core prints it. */
export const nativeReport = (...paths: string[]): Buffer =>
  execFileSync(join(project, 'build/native/tests/core/native_hunt'), paths, { maxBuffer: 2 ** 28 });
