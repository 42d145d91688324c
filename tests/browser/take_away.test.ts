// What leaves the page, as a user takes it: tables, queries, lists, the case report with its checksums, and a report that comes back without its
// evidence.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloaded, fixture, open, project, TestBrowser } from './session';

const run = promisify(execFile);
const hunt = async (...options: string[]) => (await run(`${project}scripts/hunt`, options, { maxBuffer: 1 << 28 })).stdout;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: TestBrowser;
let folder = '';
beforeAll(async () => {
  browser = await TestBrowser.start();
  folder = mkdtempSync(join(tmpdir(), 'take-away-'));
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const close = (page: Page) => page.getByRole('button', { name: 'Close', exact: true }).click();

/** What a paste into another page gives: this page's policy denies reading the clipboard. */
async function pasted(page: Page): Promise<string> {
  const other = await page.context().newPage();
  await other.setContent('<textarea></textarea>');
  await other.locator('textarea').focus();
  await other.keyboard.press('Control+V');
  const text = await other.locator('textarea').inputValue();
  await other.close();
  await page.bringToFront();
  return text;
}

/** What axe-core finds in the open dialog. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Axe {
      run(root: Element | null): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document.querySelector('dialog'));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

describe('tables', () => {
  it('are those of scripts/hunt, in every form', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const file = fixture('three-sessions.json');
    await open(page, file);
    await page.getByTestId('export-more').click();
    for (const [table, view] of [
      ['Operations', 'operations'],
      ['Events', 'events'],
      ['Sentinel rows', 'sentinel'],
    ] as const) {
      await page.getByRole('radio', { name: table, exact: true }).check();
      for (const [label, format] of [
        ['CSV, for spreadsheets', 'csv'],
        ['CSV, raw: for programs only', 'csv-raw'],
        ['Markdown', 'markdown'],
        ...(view === 'events' ? ([['Timesketch (JSON Lines)', 'timesketch']] as const) : []),
      ] as const) {
        await page.getByRole('radio', { name: label, exact: true }).check();
        const { bytes, name } = await downloaded(page, 'export-table');
        expect(bytes.toString(), `${table}, ${label}`).toBe(await hunt('--format', format, '--view', view, file));
        expect(name).toMatch(new RegExp(`^cloudshell-hunt-${view}[.-][a-z-]*`));
      }
    }
    await visit.end();
  });

  it('a form that cannot hold a table is not offered', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('export-more').click();
    expect(await page.getByRole('radio', { name: 'Timesketch (JSON Lines)' }).count()).toBe(0);
    await page.getByRole('radio', { name: 'Events', exact: true }).check();
    await page.getByRole('radio', { name: 'Timesketch (JSON Lines)' }).check();
    await page.getByRole('radio', { name: 'Sessions', exact: true }).check();
    expect(await page.getByRole('radio', { name: 'CSV, for spreadsheets' }).isChecked()).toBe(true);
    await visit.end();
  });
});

describe('filters', () => {
  it('decide what tables hold; they say what is hidden, and the JSON report stays whole', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const file = fixture('three-sessions.json');
    await open(page, file);
    await page.getByTestId('search').fill('alice');
    await expect.poll(() => page.getByTestId('session-row').count()).toBe(1);
    const csv = (await downloaded(page, 'export-csv')).bytes.toString();
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toContain('(2 sessions are hidden and not in this file. Hidden are 2 by the filters of the page.)');
    const markdown = (await downloaded(page, 'export-markdown')).bytes.toString();
    expect(markdown).toContain('2 sessions are hidden and not in this file');
    expect(markdown).not.toContain('carol');
    expect((await downloaded(page, 'export-json')).bytes.toString()).toBe(await hunt(file));
    expect((await downloaded(page, 'export-report')).bytes.toString()).toContain('2 sessions of them hidden and not in this report.');
    await close(page);
    await page.getByTestId('export-more').click();
    expect(await page.getByTestId('take-away-shown').innerText()).toContain('2 more are hidden by filters');
    await visit.end();
  });
});

describe('lists and layers', () => {
  it('copies addresses, defanged or plain', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('export-more').click();
    await page.getByRole('radio', { name: 'callers', exact: true }).check();
    await page.getByTestId('values-copy').click();
    const said = page.getByTestId('take-away').getByText('Copied');
    await said.waitFor();
    // Defanged, to the letter.
    expect(await pasted(page)).toContain('alice[@]contoso[.]com');
    await page.getByTestId('defang').uncheck();
    await page.getByTestId('values-copy').click();
    await said.waitFor();
    expect(await pasted(page)).toContain('alice@contoso.com\n');
    const layer = JSON.parse((await downloaded(page, 'export-navigator')).bytes.toString()) as { versions: unknown; techniques: unknown[] };
    expect(layer.versions).toMatchObject({ layer: '4.5' });
    expect(layer.techniques.length).toBeGreaterThan(0);
    await visit.end();
  });
});

describe('queries', () => {
  it('shows the hunt as KQL and as SQL, with the settings of the page', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const file = fixture('three-sessions.json');
    await open(page, file);
    await page.getByTestId('settings').locator('summary').click();
    await page.getByTestId('preset-published').click();
    await page.getByLabel('Window of a session').fill('2h');
    await page.getByLabel('Window of a session').press('Enter');
    const settings = ['--preset', 'published', '--window', '2h'];
    const text = () => page.getByTestId('query-text').textContent();

    await page.getByTestId('query-kql').click();
    await expect.poll(text).toBe(await hunt(...settings, '--format', 'kql', file));
    await page.getByRole('radio', { name: 'The published query' }).check();
    await expect.poll(text).toBe(await hunt(...settings, '--format', 'kql', '--view', 'sentinel', file));
    expect(await findings(page)).toEqual([]);
    expect((await downloaded(page, 'query-save')).name).toBe('cloudshell-hunt-published.kql');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('take-away').count()).toBe(0);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid)).toBe('query-kql');

    await page.getByTestId('query-sql').click();
    for (const [label, format] of [
      ['DuckDB', 'duckdb'],
      ['Trino', 'trino'],
      ['Spark', 'spark'],
    ] as const) {
      await page.getByRole('radio', { name: label }).check();
      await expect.poll(text).toBe(await hunt(...settings, '--format', format, file));
    }
    await close(page);
    await visit.end();
  });
});

describe('the case report', () => {
  it('is saved at a click, with the checksums of the files, and asks for nothing when opened', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const files = [fixture('three-sessions.json'), fixture('hostile.json')];
    await open(page, ...files);
    const { bytes, name } = await downloaded(page, 'export-report');
    expect(name).toBe('cloudshell-hunt-case.html');
    const text = bytes.toString();
    for (const file of files) expect(text).toContain(createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(await page.getByTestId('report-saved').innerText()).toBe('Saved as cloudshell-hunt-case.html.');
    expect(await findings(page)).toEqual([]);
    expect((await downloaded(page, 'report-markdown')).bytes.toString()).toContain('# Cloud Shell case report');
    await close(page);

    const path = join(folder, 'case.html');
    writeFileSync(path, bytes);
    const reader = await page.context().newPage();
    const troubles: string[] = [];
    reader.on('console', (message) => troubles.push(message.text()));
    reader.on('request', (request) => request.url() !== `file://${path}` && troubles.push(request.url()));
    reader.on('dialog', (dialog) => void dialog.dismiss().then(() => troubles.push('dialog')));
    await reader.goto(`file://${path}`);
    expect(await reader.locator('section.session').count()).toBeGreaterThan(3);
    expect(await reader.locator('figure svg').first().isVisible()).toBe(true);
    // The style sheet is in force: its hash is right.
    expect(
      await reader
        .locator('table')
        .first()
        .evaluate((table) => getComputedStyle(table).borderCollapse),
    ).toBe('collapse');
    const shown = await reader.locator('main').innerText();
    expect(shown).toContain('\\u{202E}<img src=x onerror=alert(1)>@contoso.com');
    expect(await reader.locator('img, script, a, iframe, [onerror], [onmouseover], main style').count()).toBe(0);
    expect(await reader.evaluate(() => document.querySelectorAll('b').length)).toBe(0);
    expect(troubles).toEqual([]);
    await reader.close();
    await visit.end();
  });
});

describe('without a network', () => {
  it('everything that leaves the page is there once an answer was', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await expect
      .poll(() => visit.requests.filter((path) => /hash_worker|take_away_dialog-.*js|foreign_report/.test(path)).length, {
        timeout: 30_000,
      })
      .toBe(3);
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.getByTestId('open-other').click();
    await open(page, fixture('three-sessions.json'));
    const { bytes } = await downloaded(page, 'export-report');
    expect(bytes.toString()).toMatch(/<code>[0-9a-f]{64}<\/code>/);
    await close(page);
    const json = await downloaded(page, 'export-json');
    await page.getByTestId('open-other').click();
    await page.getByTestId('file-input').setInputFiles([{ name: 'x', mimeType: '', buffer: json.bytes }]);
    await page.getByTestId('no-evidence').waitFor();
    await visit.end();
  });
});

describe('a report opened again', () => {
  it('shows without its evidence what was found, says what needs the files, and exports to the same bytes', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    const first = await downloaded(page, 'export-json');
    const rows = await page.getByTestId('session-row').allInnerTexts();
    const report = JSON.parse(first.bytes.toString()) as { sessions: { id: string }[]; annotations: unknown[] };
    // As an analyst's notes stand in it.
    const notes = `"annotations":[\n{"session":${JSON.stringify(report.sessions[0]?.id)},"verdict":"confirmed","note":"seen <b>"}\n]}\n`;
    const noted = first.bytes.toString().replace('"annotations":[]}\n', () => notes);
    expect(noted).not.toBe(first.bytes.toString());
    const path = join(folder, 'exported.txt');
    writeFileSync(path, noted);

    await page.getByTestId('open-other').click();
    await open(page, path);
    expect(await page.getByTestId('no-evidence').innerText()).toContain('raw records, single events and other settings need the files');
    // The note stands in the table too; else it is the same.
    const again = await page.getByTestId('session-row').allInnerTexts();
    expect(again.map((text) => text.replace('ConfirmedNote', ''))).toEqual(rows);
    expect(again.filter((text) => text.includes('ConfirmedNote'))).toHaveLength(1);
    expect((await downloaded(page, 'export-json')).bytes.toString()).toBe(noted);
    for (const hook of ['export-csv', 'export-markdown', 'query-kql', 'query-sql'])
      expect(await page.getByTestId(hook).isDisabled()).toBe(true);

    await page.getByTestId('session-row').first().getByRole('button').click();
    await expect.poll(() => page.getByTestId('session-detail').innerText()).toContain('need the files');
    await page.getByTestId('settings').locator('summary').click();
    await page.getByLabel('Window of a session').fill('2h');
    await page.getByLabel('Window of a session').press('Enter');
    await expect.poll(() => page.getByTestId('settings').innerText()).toContain('other settings need the files');
    const { bytes } = await downloaded(page, 'export-report');
    expect(bytes.toString()).toContain('the files themselves were not open');
    expect(bytes.toString()).toContain('seen &lt;b&gt;');
    await close(page);
    await page.getByTestId('export-more').click();
    expect(await findings(page)).toEqual([]);
    await close(page);

    await page.getByTestId('open-other').click();
    await open(page, fixture('three-sessions.json'));
    expect(await page.getByTestId('no-evidence').count()).toBe(0);
    expect((await downloaded(page, 'export-json')).bytes.toString()).toBe(first.bytes.toString());
    await visit.end();
  });

  it('brings verdicts and notes back, lets them be changed, and takes them along', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    const verdict = (name: string) => page.getByTestId('verdict').getByRole('radio', { name });
    await page.getByTestId('session-row').first().getByRole('button').click();
    await verdict('Confirmed').check();
    await page.getByTestId('note').fill('Ticket 4711\n\u202e"<b>"');
    const first = await downloaded(page, 'export-json');
    const { annotations } = JSON.parse(first.bytes.toString()) as { annotations: unknown[] };
    expect(annotations).toEqual([{ session: expect.stringContaining('|'), verdict: 'confirmed', note: 'Ticket 4711\n\u202e"<b>"' }]);
    const report = (await downloaded(page, 'export-report')).bytes.toString();
    expect(report).toContain('<strong>Confirmed</strong>');
    expect(report).toContain('<span class="escape">\\u{202E}</span>&quot;&lt;b&gt;&quot;');
    await close(page);

    await page.getByTestId('open-other').click();
    await page.getByTestId('file-input').setInputFiles([{ name: 'handed over', mimeType: '', buffer: first.bytes }]);
    await page.getByTestId('no-evidence').waitFor();
    expect((await downloaded(page, 'export-json')).bytes.toString()).toBe(first.bytes.toString());
    await page.getByTestId('session-row').first().getByRole('button').click();
    expect(await verdict('Confirmed').isChecked()).toBe(true);
    expect(await page.getByTestId('note').inputValue()).toContain('Ticket 4711');
    await verdict('Not judged').check();
    await page.getByTestId('note').fill('');
    expect((await downloaded(page, 'export-json')).bytes.toString()).toContain('"annotations":[]}\n');
    await visit.end();
  });

  it('is refused with a sentence when somebody changed it', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    const { bytes } = await downloaded(page, 'export-json');
    await page.getByTestId('open-other').click();
    const path = join(folder, 'changed.json');
    writeFileSync(path, bytes.toString().replace('"severity":"', '"severity":"<img src=x onerror=alert(1)>'));
    await page.getByTestId('file-input').setInputFiles([path]);
    const notice = page.getByText('The report could not be opened.');
    await notice.waitFor();
    expect(await notice.innerText()).toBe(
      'The report could not be opened. It was changed, or is not of this tool: sessions[0].severity is a word that this version does not know.',
    );
    expect(await page.locator('html').getAttribute('data-state')).toBe('idle');
    await visit.end();
  });
});
