// Compressed files on the page: opened in the worker by a part of it that is loaded when first needed, under the page's policy.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, zipOf } from '../web/archives';
import { downloaded, drop, fixture, open, project, TestBrowser, type Visit } from './session';

const run = promisify(execFile);
let browser: TestBrowser;
let folder = '';
beforeAll(async () => {
  browser = await TestBrowser.start();
  folder = mkdtempSync(join(tmpdir(), 'cloudshell-hunt-'));
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const texts = async (visit: Visit, testId: string) =>
  (await visit.page.getByTestId(testId).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const hours = ['y=2026/m=03/d=14/h=09/m=00/PT1H.json', 'y=2026/m=03/d=14/h=10/m=00/PT1H.json'];
const tree = hours.map((name): Entry => ({ name, content: readFileSync(fixture(`tree/${name}`)) }));

describe('compressed files', () => {
  it('opens a dropped archive of an hourly tree: each file an input, the same report as scripts/hunt, records shown', async () => {
    const archive = file(
      'insights.zip',
      zipOf([
        { name: 'y=2026/', stored: true },
        ...tree,
        { name: 'locked.json', content: 'x', flags: 1 },
        { name: '.DS_Store', content: 'x' },
      ]),
    );
    const visit = await browser.visit();
    const { page } = visit;
    await drop(page, archive);
    await page.locator('html[data-state=done]').waitFor();
    expect(await texts(visit, 'session-row')).toHaveLength(2);

    await page.getByTestId('session-row').first().getByRole('button').click();
    await page.getByTestId('event-row').first().getByRole('button').click();
    const record = page.getByTestId('raw-record').locator('pre');
    await record.waitFor();
    expect(JSON.parse(await record.innerText())).toMatchObject({ category: 'Administrative' });

    await page.getByTestId('tab-files').click();
    const files = await texts(visit, 'file-row');
    expect(files.map((row) => row.split(' ')[0])).toEqual([
      'insights.zip',
      'insights.zip!locked.json',
      ...hours.map((hour) => `insights.zip!${hour}`),
    ]);
    expect(files[0]).toContain('One file of the archive that macOS adds');
    expect(files[1]).toContain('encrypted');
    expect(files[2]).toMatch(/zip, UTF-8.*compressed/);
    const { bytes } = await downloaded(page, 'export-json');
    const hunted = await run(`${project}scripts/hunt`, ['--format', 'json', archive]).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(bytes.toString()).toBe(hunted.stdout);
    expect('code' in hunted && hunted.code).toBe(3);
    await visit.end();
  });

  it('opens gzip beside plain files, and shows its records', async () => {
    const log = readFileSync(fixture('three-sessions.json'));
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, file('three.json.gz', gzipSync(log)), fixture('damaged-PT1H.json'));
    await page.getByTestId('session-row').filter({ hasText: 'bob@' }).getByRole('button').click();
    await page.getByTestId('event-row').nth(1).getByRole('button').click();
    const record = await page.getByTestId('raw-record').locator('pre').innerText();
    expect(JSON.parse(record)).toMatchObject({ caller: 'bob@contoso.com', eventTimestamp: '2026-03-14T11:02:00Z' });
    await visit.end();
  });

  it('cancels while an archive is opened', async () => {
    const line = `${JSON.stringify({ time: '2026-03-14T09:00:00Z', operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE', padding: 'x'.repeat(900) })}\n`;
    const member = gzipSync(line.repeat(8192));
    const visit = await browser.visit();
    const { page } = visit;
    await page.getByTestId('file-input').setInputFiles(file('large.json.gz', Buffer.concat(Array.from({ length: 120 }, () => member))));
    await page.locator('html[data-state=reading]').waitFor();
    await expect.poll(() => page.getByTestId('progress').innerText()).toContain('large.json.gz');
    await page.getByTestId('cancel').click();
    await page.locator('html[data-state=idle]').waitFor();
    await open(page, file('tree.zip', zipOf(tree)));
    expect(await texts(visit, 'session-row')).toHaveLength(2);
    await visit.end();
  });

  it('opens them with the network gone since the page stood', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await expect.poll(() => visit.requests.some((path) => path.includes('/unpack-'))).toBe(true);
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await open(page, file('tree.zip', zipOf(tree)));
    expect(await texts(visit, 'session-row')).toHaveLength(2);
    await visit.end();
  });
});
