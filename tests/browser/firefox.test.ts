// The whole way in Firefox ESR, as in Chromium: the sample, files, a session down to its raw record, every export, and the golden cases
// with the bytes of the native core. No violation of the policy, no request but for the page's own files, no line in the console.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FirefoxSession } from './firefox_session';
import { goldenCases, inputOf, nativeReport } from './golden_cases';
import { fixture } from './session';

let firefox: FirefoxSession;
beforeAll(async () => {
  firefox = await FirefoxSession.start();
});
afterAll(async () => {
  await firefox?.close();
});

describe('the whole way', () => {
  it('shows the sample', async () => {
    await firefox.visit();
    await (await firefox.find('sample')).click();
    await firefox.page.waitForSelector('html[data-state=done]');
    expect(await firefox.text('summary')).toMatch(/Cloud Shell sessions found/);
    await firefox.expectNoTrouble();
  });

  it('opens a file, and a session down to its raw record', async () => {
    await firefox.visit();
    await firefox.open('file-input', fixture('three-sessions.json'));
    expect(await firefox.text('summary')).toContain('3 Cloud Shell sessions found');
    const rows = await firefox.page.$$('[data-testid=session-row]');
    expect(rows).toHaveLength(3);
    await (await firefox.page.waitForSelector('[data-testid=session-row] button'))?.click();
    await firefox.find('session-detail');
    await firefox.find('operation-row');
    await (await firefox.page.waitForSelector('[data-testid=event-row] button'))?.click();
    expect(
      JSON.parse((await (await firefox.page.waitForSelector('[data-testid=raw-record] pre'))?.evaluate((pre) => pre.textContent)) ?? ''),
    ).toMatchObject({
      caller: 'alice@contoso.com',
    });
    for (const kind of ['export-json', 'export-csv', 'export-markdown'])
      expect((await firefox.downloaded(kind)).byteLength).toBeGreaterThan(100);
    await firefox.expectNoTrouble();
  });
});

// WebDriver hands Firefox files only, no folders: the cases whose input lies flat are opened as many files.
const flat = goldenCases
  .map((name) => ({ name, files: readdirSync(inputOf(name), { withFileTypes: true }) }))
  .filter(({ files }) => files.every((file) => file.isFile()))
  .map(({ name, files }) => ({ name, paths: files.map((file) => join(inputOf(name), file.name)) }));

describe('golden cases', () => {
  it('finds them', () => {
    expect(flat.length).toBeGreaterThan(100);
  });

  it.each(flat)('$name', async ({ paths }) => {
    await firefox.visit();
    await firefox.open('file-input', ...paths);
    const bytes = await firefox.downloaded('export-json');
    const expected = nativeReport(...paths);
    if (!bytes.equals(expected)) expect(bytes.toString()).toBe(expected.toString());
    await firefox.expectNoTrouble();
  });
});
