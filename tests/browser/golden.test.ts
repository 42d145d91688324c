// Every golden case that runs on the default settings, opened in the page as a folder: its JSON export has the bytes that the native core prints.
// The cases with settings of their own are compared in Node with the same wasm module (tests/web/same_bytes.test.ts), and the sample by a test
// of its own.

import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downloaded, project, TestBrowser, type Visit } from './session';

const golden = join(project, 'tests/golden');
const native = join(project, 'build/native/tests/core/native_hunt');

const cases = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .filter((name) => {
    const { settings } = JSON.parse(readFileSync(join(golden, name, 'case.json'), 'utf8')) as { settings: Record<string, string> };
    const input = join(golden, name, 'input');
    // A picked folder does not follow links, which the sample's cases are made of.
    return Object.keys(settings).length === 0 && readdirSync(input).every((file) => !lstatSync(join(input, file)).isSymbolicLink());
  })
  .sort();

let browser: TestBrowser;
let visit: Visit;
beforeAll(async () => {
  browser = await TestBrowser.start();
  visit = await browser.visit();
});
afterAll(async () => {
  await visit?.end();
  await browser?.close();
});

it('finds the golden cases', () => {
  expect(cases.length).toBeGreaterThan(100);
});

it.each(cases)('%s', async (name) => {
  const { page } = visit;
  const folder = join(golden, name, 'input');
  await page.goto(browser.address);
  await page.getByTestId('folder-input').setInputFiles(folder);
  await page.locator('html[data-state=done], html[data-state=failed]').waitFor();
  const { bytes } = await downloaded(page, 'export-json');
  const expected = execFileSync(native, [folder], { maxBuffer: 2 ** 28 });
  if (!bytes.equals(expected)) expect(bytes.toString()).toBe(expected.toString());
});
