// Ways to open files, and what the page makes of them: real files on disk, through the file input, the folder input, a drop, a paste and the sample.

import { execFile } from 'node:child_process';
import { mkdtemp, open as openFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloaded, drop, fixture, open, project, TestBrowser, type Visit } from './session';

const run = promisify(execFile);
let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(() => browser?.close());

/** Texts of a locator's matches, blanks collapsed. */
const texts = async (visit: Visit, testId: string) =>
  (await visit.page.getByTestId(testId).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

describe('opening', () => {
  it('shows the sessions of a file, heaviest first, and the rows of the query', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    const rows = await texts(visit, 'session-row');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^(High|Medium) /);
    expect(rows.map((row) => /\w+@contoso\.com/.exec(row)?.[0])).toEqual(['alice@contoso.com', 'bob@contoso.com', 'carol@contoso.com']);
    expect(rows[0]).toContain('Finds it');
    expect(rows[1]).toContain('Misses it');
    expect(rows[2]).toContain('Misses it');
    expect(await page.getByTestId('summary').innerText()).toContain('3 Cloud Shell sessions found');

    await page.getByTestId('tab-sentinel').click();
    const table = page.getByRole('table', { name: 'Rows of the published query' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'Caller',
      'timekey',
      'Caller1',
      'timekey1',
      'set_OperationNameValue',
      'timestamp',
      'AccountCustomEntity',
    ]);
    const sentinel = await texts(visit, 'sentinel-row');
    expect(sentinel).toHaveLength(1);
    expect(sentinel[0]).toContain('alice@contoso.com 2026-03-14 09:00:00');
    expect(sentinel[0]).toContain('Microsoft.Authorization/roleAssignments/write');
    await visit.end();
  });

  it('says of a session the query misses why, and shows each event down to its record', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('session-row').filter({ hasText: 'bob@' }).getByRole('button').click();
    const detail = page.getByTestId('session-detail');
    await expect.poll(() => detail.innerText()).toContain('Why the published query misses it');
    expect(await detail.locator('[data-why]').evaluateAll((items) => items.map((item) => item.getAttribute('data-why')))).toEqual([
      'crosses_bin',
    ]);
    expect(await texts(visit, 'operation-row')).toEqual([
      expect.stringContaining('Microsoft.Compute/virtualMachines/runCommand/action T1651'),
    ]);

    await page.getByTestId('event-row').first().waitFor();
    expect(await texts(visit, 'event-row')).toHaveLength(2);
    await page.getByTestId('event-row').nth(1).getByRole('button').click();
    const record = await page.getByTestId('raw-record').locator('pre').innerText();
    expect(JSON.parse(record)).toMatchObject({ caller: 'bob@contoso.com', eventTimestamp: '2026-03-14T11:02:00Z' });
    await visit.end();
  });

  it('shows the record of a table beside the names of its columns', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('legacy-query_data.csv'));
    await page.getByTestId('session-row').first().getByRole('button').click();
    await page.getByTestId('event-row').nth(1).getByRole('button').click();
    const record = page.getByTestId('raw-record').locator('dl');
    await record.waitFor();
    expect(await record.locator('dt').allInnerTexts()).toEqual([
      'TimeGenerated [UTC]',
      'OperationNameValue',
      'ActivityStatusValue',
      'Caller',
      'CallerIpAddress',
      'CorrelationId',
      'ResourceGroup',
    ]);
    expect(await record.locator('dd').first().innerText()).toBe('3/14/2026, 9:15:00.000 AM');
    await visit.end();
  });

  it('takes a dropped file under its base name', async () => {
    const visit = await browser.visit();
    await drop(visit.page, fixture('three-sessions.json'));
    await visit.page.locator('html[data-state=done]').waitFor();
    expect(await texts(visit, 'session-row')).toHaveLength(3);
    await visit.page.getByTestId('tab-files').click();
    expect((await texts(visit, 'file-row'))[0]).toMatch(/^three-sessions\.json /);
    await visit.end();
  });

  it('names the files of a dropped folder from inside it, as scripts/hunt does', async () => {
    const visit = await browser.visit();
    await drop(visit.page, fixture('tree'));
    await visit.page.locator('html[data-state=done]').waitFor();
    await visit.page.getByTestId('tab-files').click();
    const files = await texts(visit, 'file-row');
    expect(files.map((row) => row.split(' ')[0])).toEqual(['y=2026/m=03/d=14/h=09/m=00/PT1H.json', 'y=2026/m=03/d=14/h=10/m=00/PT1H.json']);
    const { bytes } = await downloaded(visit.page, 'export-json');
    expect(bytes.toString()).toBe((await run(`${project}scripts/hunt`, ['--format', 'json', fixture('tree')])).stdout);
    await visit.end();
  });

  it('keeps the names of folders dropped beside other things', async () => {
    const visit = await browser.visit();
    await drop(visit.page, fixture('tree'), fixture('three-sessions.json'));
    await visit.page.locator('html[data-state=done]').waitFor();
    await visit.page.getByTestId('tab-files').click();
    const files = await texts(visit, 'file-row');
    expect(files.map((row) => row.split(' ')[0])).toEqual([
      'three-sessions.json',
      'tree/y=2026/m=03/d=14/h=09/m=00/PT1H.json',
      'tree/y=2026/m=03/d=14/h=10/m=00/PT1H.json',
    ]);
    await visit.end();
  });

  it('opens a folder by its input', async () => {
    const visit = await browser.visit();
    await visit.page.getByTestId('folder-input').setInputFiles(fixture('tree'));
    await visit.page.locator('html[data-state=done]').waitFor();
    expect(await texts(visit, 'session-row')).toHaveLength(2);
    await visit.page.getByTestId('tab-files').click();
    expect((await texts(visit, 'file-row'))[0]).toMatch(/^y=2026\/m=03\/d=14\/h=09\/m=00\/PT1H\.json /);
    await visit.end();
  });

  it('opens pasted records', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await page.getByRole('button', { name: 'Paste records' }).click();
    await page
      .getByLabel(/^Records as text/)
      .fill(
        '{"eventTimestamp":"2026-03-14T09:00:00Z","caller":"dora@contoso.com","operationName":{"value":"Microsoft.Portal/consoles/write"},"status":{"value":"Succeeded"}}',
      );
    await page.getByRole('button', { name: 'Open what was pasted' }).click();
    await page.locator('html[data-state=done]').waitFor();
    expect(await texts(visit, 'session-row')).toEqual([expect.stringContaining('dora@contoso.com')]);
    await visit.end();
  });

  it('shows every kind of session in the sample', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await page.getByTestId('sample').click();
    await page.locator('html[data-state=done]').waitFor();
    const rows = await texts(visit, 'session-row');
    const kinds = ['Finds it', 'Misses it', 'In the shell', 'Cannot be told', 'No operations', 'High', 'Medium', 'None'];
    expect(kinds.filter((kind) => rows.some((row) => row.includes(kind)))).toEqual(kinds);
    expect(await page.getByTestId('summary').innerText()).toContain('Sample, made up');
    await visit.end();
  });
});

describe('what cannot be used', () => {
  it('says of a picture and of a text what they are and what to open instead', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('picture.png'), fixture('notes.txt'));
    const panel = page.getByRole('tabpanel');
    expect(await panel.innerText()).toContain('Why there is no session');
    expect(await panel.innerText()).toContain('Not one event of the Azure Activity log was found');
    await page.getByTestId('tab-files').click();
    const problems = await texts(visit, 'problem-row');
    expect(problems.find((row) => row.startsWith('picture.png'))).toMatch(/picture|image/i);
    expect(problems.find((row) => row.startsWith('notes.txt'))).toMatch(/CSV|JSON/);
    const files = await texts(visit, 'file-row');
    expect(files).toHaveLength(2);
    expect(files.every((row) => row.includes('Not read'))).toBe(true);
    await visit.end();
  });

  it('itemises a damaged record, keeps the rest, and lets it be looked at', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('damaged-PT1H.json'));
    expect(await texts(visit, 'session-row')).toHaveLength(1);
    await page.getByTestId('tab-files').click();
    expect((await texts(visit, 'file-row'))[0]).toContain('3 = 2 + 0 + 1');
    const problem = page.getByTestId('problem-row').filter({ hasText: 'line 2' });
    await problem.getByRole('button', { name: 'Look' }).click();
    const record = page.getByTestId('raw-record');
    await expect.poll(() => record.innerText()).toContain('{"time":"2026-03-14T09:13:00Z","operationName":[1,,2]}');
    await visit.end();
  });

  it('says that the query cannot run where a column is missing', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('no-group.csv'));
    await page.getByTestId('tab-sentinel').click();
    const panel = page.getByRole('tabpanel');
    expect(await panel.innerText()).toContain('The published query cannot run');
    expect(await panel.innerText()).toContain('no-group.csv: cannot run: no ResourceGroup');
    expect(await page.getByTestId('sentinel-row').count()).toBe(0);
    await visit.end();
  });
});

describe('cancel', () => {
  it('stops a reading, says that nothing was kept, and can open again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudshell-hunt-'));
    try {
      // Large enough that reading takes seconds on any machine; written a block at a time.
      const large = join(folder, 'large.json');
      const line = `${JSON.stringify({ time: '2026-03-14T09:00:00Z', operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE', padding: 'x'.repeat(900) })}\n`;
      const block = Buffer.from(line.repeat(4096));
      const file = await openFile(large, 'w');
      for (let written = 0; written < 1_000_000_000; written += block.byteLength) await file.write(block);
      await file.close();

      const visit = await browser.visit();
      const { page } = visit;
      await page.getByTestId('file-input').setInputFiles(large);
      await page.locator('html[data-state=reading]').waitFor();
      await expect.poll(() => page.getByTestId('progress').innerText()).toContain('large.json');
      await page.getByTestId('cancel').click();
      await page.locator('html[data-state=idle]').waitFor();
      expect(await page.getByRole('status').first().innerText()).toBe('Cancelled. Nothing was sent or kept.');
      await open(page, fixture('three-sessions.json'));
      expect(await texts(visit, 'session-row')).toHaveLength(3);
      await visit.end();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
