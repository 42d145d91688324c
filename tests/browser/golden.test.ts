// Every golden case that a browser can answer, opened in the page as a folder: its JSON export has the bytes that the native core prints.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { goldenCases, inputOf, nativeReport } from './golden_cases';
import { downloaded, TestBrowser, type Visit } from './session';

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
  expect(goldenCases.length).toBeGreaterThan(100);
});

it.each(goldenCases)('%s', async (name) => {
  const { page } = visit;
  const folder = inputOf(name);
  await visit.leave(() => page.goto(browser.address));
  await page.getByTestId('folder-input').setInputFiles(folder);
  await page.locator('html[data-state=done], html[data-state=failed]').waitFor();
  const { bytes } = await downloaded(page, 'export-json');
  const expected = nativeReport(folder);
  if (!bytes.equals(expected)) expect(bytes.toString()).toBe(expected.toString());
});
