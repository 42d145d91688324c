// Hostile text on the screen: the payloads of tests/hostile in every field, every view of the page, in both browsers. Nothing of it runs, asks for
// anything or becomes markup; what a browser would hide is shown; and what is shown can be read back to the letter. What leaves the page is
// checked in tests/web/hostile.test.ts; here, that it leaves a real browser like that and opens in one.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { held, kConsole, kSecondOperation, namedFile, otherTable, recordsFile, refused } from '../hostile/evidence';
import { zipOf } from '../web/archives';
import { FirefoxSession } from './firefox_session';
import { type Installed, install, type ShownSession, walkFacets, walkMarks, walkPages, walkSessions, walkTable } from './hostile_walk';
import { downloaded, drop, project, TestBrowser } from './session';

// More of a field is drawn nowhere but in its record.
const kShown = 2000;
const kPatience = 300_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  writeFileSync(join(folder, 'log.json'), recordsFile());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const texts = held.map(({ text }) => text);
const shownOf = (text: string) => text.slice(0, kShown);
const sorted = (list: Iterable<string>) => [...list].sort();

/** What stands in a session's view must be the session of its caller's payload. */
function expectSession(shown: ShownSession): void {
  const text = texts.find((one) => shownOf(one) === shown.caller);
  if (text === undefined) throw new Error(`no payload is ${JSON.stringify(shown.caller)}`);
  const drawn = shownOf(text);
  expect(sorted(shown.operations)).toEqual(sorted([drawn, kSecondOperation]));
  expect(shown.statuses).toContain(drawn);
  expect(shown.chip).toBe(shown.menu);
  // The caller, an operation, or one of the facts.
  if (!/^cloud-shell-storage-/.test(shown.chip)) expect([drawn, kSecondOperation]).toContain(shown.chip);
  expect(shown.shown).toMatch(/^\d+ sessions? shown/);
  expect(shown.titles.length).toBeGreaterThan(3);
  // Where it stands whole: address, subscription, group, app id, resource, status; the queries to go on with hold it as a literal.
  expect(shown.texts).toContain(drawn);
  expect(shown.records).toHaveLength(2);
  if (drawn !== text) return;
  const [first, second] = shown.records.map((record) => JSON.parse(record) as Record<string, unknown>);
  expect(first).toMatchObject({
    caller: text,
    operationName: { value: text },
    status: { value: text },
    resourceId: text,
    resourceGroupName: text,
    subscriptionId: text,
    httpRequest: { clientIpAddress: text },
    claims: { appid: text },
  });
  const own = (of: unknown, key: string) => Object.entries(of as object).find(([name]) => name === key)?.[1];
  expect(second).toMatchObject({ correlationId: text, eventDataId: text, category: { value: text }, level: text, tenantId: text });
  expect([own(second, text), own(second, 'x-unmapped'), own(second?.claims, text), own(second?.claims, 'name')]).toEqual([
    text,
    text,
    text,
    text,
  ]);
}

describe('Chromium', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await TestBrowser.start();
  });
  afterAll(async () => {
    await browser?.close();
  });

  const file = (name: string, content: string | Uint8Array) => ({ name, mimeType: '', buffer: Buffer.from(content) });
  const done = (page: Page) => page.locator('html[data-state=done]').waitFor();

  it('would notice markup, a handler, a hidden character and a text beside its element', async () => {
    const visit = await browser.visit();
    await visit.page.evaluate(install);
    const whats = await visit.page.evaluate(() => {
      const { one, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
      const bold = document.createElement('b');
      bold.setAttribute('onfoo', '');
      bold.append('x\u202e', 'hostileRan');
      one('main').append(bold);
      Object.assign(globalThis, { hostileRan: 1 });
      return troubles().map(({ what }) => what);
    });
    expect(whats).toEqual(['element', 'attribute onfoo', 'hidden character', 'outside', 'ran']);
    await visit.end();
  });

  it('shows records of hostile fields in every view, to the letter, and runs none', { timeout: kPatience }, async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await page.evaluate(install);
    await page.getByTestId('file-input').setInputFiles(join(folder, 'log.json'));
    await done(page);
    const table = await page.evaluate(walkTable);
    expect(sorted(table.callers)).toEqual(sorted(texts.map(shownOf)));
    expect(table.troubles).toEqual([]);

    const walk = await page.evaluate(walkSessions, { count: texts.length, every: 1 });
    expect(walk.sessions).toHaveLength(texts.length);
    for (const session of walk.sessions) expectSession(session);
    expect(walk.troubles).toEqual([]);

    const facets = await page.evaluate(walkFacets, ['caller', 'operation', 'address', 'subscription', 'resource_group', 'app_id']);
    const all = new Set([...texts.map(shownOf), kSecondOperation]);
    for (const values of facets.values) {
      expect(values).toHaveLength(100);
      expect(values.filter((value) => !all.has(value) && !value.startsWith('cloud-shell-storage-'))).toEqual([]);
    }
    expect(facets.troubles).toEqual([]);

    await page.getByTestId('tab-sentinel').click();
    const sentinel = await page.evaluate(walkPages, { row: '[data-testid=sentinel-row]', nav: 'Pages of rows' });
    expect(sorted(sentinel.rows.map(([caller = '']) => caller))).toEqual(sorted(texts.map(shownOf)));
    for (const [caller = '', ...others] of sentinel.rows)
      expect(sorted(others)).toEqual(sorted([caller, caller, caller, kSecondOperation, kConsole]));
    expect(sentinel.troubles).toEqual([]);

    // What could not be read is shown as it stands.
    await page.getByTestId('tab-files').click();
    await page.getByTestId('problem-row').getByRole('button', { name: 'Look' }).click();
    const records = page.locator('.rejects > li');
    await expect.poll(() => records.count()).toBe(refused.length * 4);
    for (const [at, { text }] of refused.entries()) {
      if (at > 0)
        await records
          .nth(at * 4)
          .getByRole('button')
          .first()
          .click();
      await expect
        .poll(() =>
          records
            .nth(at * 4)
            .locator('pre')
            .textContent(),
        )
        .toContain(`"caller": ${JSON.stringify(text)}`);
    }
    expect((await page.evaluate(() => (globalThis as unknown as { hostile: Installed }).hostile.troubles())).length).toBe(0);

    // Marked as known good, searched for, and in the dialogs.
    await page.getByTestId('tab-sessions').click();
    const marked = await page.evaluate(walkMarks, { count: 12 });
    expect(marked.known.length).toBe(12);
    expect(marked.known.filter((value) => !texts.includes(value))).toEqual([]);
    expect(marked.searched).toEqual(marked.known.map((text) => text.trim()));
    expect(marked.troubles).toEqual([]);

    const { bytes } = await downloaded(page, 'export-report');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByTestId('export-more').click();
    for (const kind of ['addresses', 'callers', 'resources']) {
      await page.getByRole('radio', { name: kind, exact: true }).check();
      for (const defanged of [true, false]) {
        await page.getByTestId('defang').setChecked(defanged);
        const lines = ((await page.getByTestId('values').textContent()) ?? '').split('\n');
        expect(lines).toHaveLength(texts.length);
      }
    }
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    expect(page.url()).toBe(browser.address);

    // The case report, as its reader opens it.
    const path = join(folder, 'case.html');
    writeFileSync(path, bytes);
    const reader = await page.context().newPage();
    const happened: string[] = [];
    reader.on('console', (message) => happened.push(message.text()));
    reader.on('dialog', (dialog) => void dialog.dismiss().then(() => happened.push('dialog')));
    reader.on('request', (request) => request.url() !== `file://${path}` && happened.push(request.url()));
    reader.on('framenavigated', (frame) => frame.url() !== `file://${path}` && happened.push(frame.url()));
    await reader.goto(`file://${path}`);
    expect(await reader.locator('section.session').count()).toBe(texts.length);
    expect(await reader.evaluate(() => [document.title, 'hostileRan' in globalThis])).toEqual(['Cloud Shell case report', false]);
    expect(
      await reader.locator('script, img, a, iframe, object, form, link, base, template, math, noscript, main style, main meta').count(),
    ).toBe(0);
    expect(happened).toEqual([]);
    await visit.end();
  });

  it('shows hostile names of files, folders and archive entries', { timeout: kPatience }, async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await page.evaluate(install);
    const fitting = texts.filter((text) => Buffer.byteLength(text) < 0xffff);
    const archive = zipOf(fitting.map((text, at) => ({ name: text, content: namedFile(at), flags: 0x800 })));
    const files = texts.map((text, at) => file(text, namedFile(at)));
    const tables = texts.slice(0, 40).map((text, at) => file(`table${at}.csv`, otherTable(text)));
    await page.getByTestId('file-input').setInputFiles([...files, ...tables, file('names.zip', archive)]);
    await done(page);
    await page.getByTestId('tab-files').click();
    const rows = await page.evaluate(walkPages, { row: '[data-testid=file-row]', nav: 'Pages of files' });
    expect(sorted(rows.rows.map(([path = '']) => path))).toEqual(
      sorted([...texts.map(shownOf), ...fitting.map((text) => `names.zip!${text}`), ...tables.map(({ name }) => name)]),
    );
    const problems = await page.evaluate(walkPages, { row: '[data-testid=problem-row]', nav: 'Pages of problems' });
    for (const [at, { name }] of tables.entries()) {
      const said = problems.rows.find(([path]) => path === name)?.[1] ?? '';
      expect(said.includes(texts[at] as string) || said.startsWith('This is a binary file'), said).toBe(true);
    }
    expect([...rows.troubles, ...problems.troubles]).toEqual([]);
    await visit.end();

    const other = await browser.visit();
    await other.page.evaluate(install);
    // What a file system takes.
    const possible = texts.filter((text) => !/[/\0]/.test(text) && Buffer.byteLength(text) < 200);
    for (const [at, text] of possible.entries()) {
      mkdirSync(join(folder, 'tree', `${at}`, text), { recursive: true });
      writeFileSync(join(folder, 'tree', `${at}`, text, text), namedFile(at));
    }
    // Dropped: where a folder is picked, Chromium itself writes '/' for a backslash.
    await drop(other.page, join(folder, 'tree'));
    await done(other.page);
    await other.page.getByTestId('tab-files').click();
    const tree = await other.page.evaluate(walkPages, { row: '[data-testid=file-row]', nav: 'Pages of files' });
    expect(possible.length).toBeGreaterThan(80);
    expect(sorted(tree.rows.map(([path = '']) => path))).toEqual(sorted(possible.map((text, at) => `${at}/${text}/${text}`)));
    expect(tree.troubles).toEqual([]);
    await other.end();
  });
});

describe('Firefox', () => {
  let firefox: FirefoxSession;
  beforeAll(async () => {
    firefox = await FirefoxSession.start();
  });
  afterAll(async () => {
    await firefox?.close();
  });

  it('shows them, and lets them go as CSV and as a report, to the letter', { timeout: kPatience }, async () => {
    const { page } = firefox;
    await firefox.visit();
    await page.evaluate(install);
    await firefox.open('file-input', join(folder, 'log.json'));
    const table = await page.evaluate(walkTable);
    expect(sorted(table.callers)).toEqual(sorted(texts.map(shownOf)));
    const walk = await page.evaluate(walkSessions, { count: texts.length, every: 12 });
    expect(walk.sessions.length).toBe(Math.ceil(texts.length / 12));
    for (const session of walk.sessions) expectSession(session);
    expect([...table.troubles, ...walk.troubles]).toEqual([]);

    const paths = ['firefox.safe.csv', 'firefox.html'].map((name) => join(folder, name));
    writeFileSync(paths[0] as string, await firefox.downloaded('export-csv'));
    writeFileSync(paths[1] as string, await firefox.downloaded('export-report'));
    const printed = execFileSync('python3', [`${project}tests/hostile/read_back.py`, ...paths], { maxBuffer: 1 << 30 });
    const [csv, report] = Object.values(JSON.parse(printed.toString()) as object) as [
      { rows: string[][] },
      { tables: { label: string; rows: { bdi: string[] }[][] }[] },
    ];
    const callers = csv.rows.slice(1).map((row) => row[1] as string);
    expect(callers.length === texts.length && callers.every((caller, at) => caller === texts[at])).toBe(true);
    const rows = report.tables.find(({ label }) => label === 'Sessions')?.rows.slice(1) ?? [];
    expect(rows.length === texts.length && rows.every((row, at) => row[2]?.bdi[0] === texts[at])).toBe(true);
    await firefox.expectNoTrouble();
  });
});
