// The page as one file, opened from disk in Chromium: no server, no request, and its own policy in force.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArguments, downloaded, fixture, open, project } from './session';

const built = `${project}build/cloudshell-hunt.html`;
let browser: Browser;
let folder = '';
beforeAll(async () => {
  if (!existsSync(built)) throw new Error('there is no one-file page: run scripts/build one-file first');
  // Alone in its folder, under a name that needs escapes in an address.
  folder = mkdtempSync(join(tmpdir(), 'one file-'));
  copyFileSync(built, join(folder, 'hunt #1.html'));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const hunt = (...options: string[]) => execFileSync(`${project}scripts/hunt`, options, { maxBuffer: 1 << 28 }).toString();

async function visit(then: (page: Page, troubles: string[]) => Promise<void>): Promise<void> {
  const address = `file://${folder.replaceAll(' ', '%20')}/hunt%20%231.html`;
  const context = await browser.newContext({ acceptDownloads: true, timezoneId: 'UTC' });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => troubles.push('dialog')));
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('blob:')) troubles.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => troubles.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (globalThis as unknown as { reportViolation(text: string): void }).reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(address);
  await page.locator('html[data-state=idle]').waitFor();
  await then(page, troubles);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(troubles).toEqual([]);
  await context.close();
}

describe('one file, from disk', () => {
  it('shows the sample that stands in it', () =>
    visit(async (page) => {
      await page.getByTestId('sample').click();
      await page.locator('html[data-state=done]').waitFor();
      expect(await page.getByTestId('session-row').count()).toBe(13);
      const sample = JSON.parse(readFileSync(`${project}web/public/sample/index.json`, 'utf8')) as { files: { path: string }[] };
      const { bytes } = await downloaded(page, 'export-json');
      expect(bytes.toString()).toBe(hunt(...sample.files.map(({ path }) => `${project}web/public/sample/${path}`)));
    }));

  it('opens a file, a compressed one too, down to the raw record, and exports the same bytes as scripts/hunt', () =>
    visit(async (page) => {
      const file = fixture('three-sessions.json');
      await open(page, file);
      expect((await downloaded(page, 'export-json')).bytes.toString()).toBe(hunt(file));
      expect((await downloaded(page, 'export-csv')).bytes.toString()).toBe(hunt('--format', 'csv', file));
      await page.getByTestId('session-row').first().getByRole('button').click();
      await page.getByTestId('event-row').first().getByRole('button').click();
      await page.getByTestId('raw-record').locator('pre').waitFor();
      await page.getByTestId('query-kql').click();
      await expect.poll(() => page.getByTestId('query-text').textContent()).toBe(hunt('--format', 'kql', file));
      await page.keyboard.press('Escape');
      expect((await downloaded(page, 'export-report')).bytes.toString()).toMatch(/<code>[0-9a-f]{64}<\/code>/);
      await page.keyboard.press('Escape');

      await page.getByTestId('open-other').click();
      await page.getByTestId('file-input').setInputFiles([{ name: 'a.gz', mimeType: '', buffer: gzipSync(readFileSync(file)) }]);
      await page.locator('html[data-state=done]').waitFor();
      expect(await page.getByTestId('session-row').count()).toBe(3);
    }));

  it('is held to its policy: no connection, no other worker, no markup from text', () =>
    visit(async (page, troubles) => {
      const refused = await page.evaluate(async () => {
        const tries: Record<string, () => unknown> = {
          fetch: () => fetch('http://127.0.0.1:9/'),
          blob: () => fetch(URL.createObjectURL(new Blob(['x']))),
          html: () => {
            document.createElement('div').innerHTML = '<b>x</b>';
          },
          worker: () => new Worker('data:text/javascript,0'),
        };
        const names: string[] = [];
        for (const [name, attempt] of Object.entries(tries)) {
          try {
            await attempt();
          } catch {
            names.push(name);
          }
        }
        return names;
      });
      expect(refused).toEqual(['fetch', 'blob', 'html', 'worker']);
      await expect.poll(() => troubles.filter((trouble) => trouble.startsWith('policy: connect-src')).length).toBe(2);
      // Each refusal is a violation and a line in the console, as meant here; nothing else may have happened.
      expect(troubles.filter((trouble) => !/^(policy|console): /.test(trouble))).toEqual([]);
      troubles.length = 0;
    }));
});
