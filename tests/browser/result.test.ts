// The answer on the page: settings, questions, exports, hostile text, and that nothing happens behind the page's back.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloaded, fixture, open, project, TestBrowser, type Visit } from './session';

const run = promisify(execFile);
const hunt = async (...options: string[]) => (await run(`${project}scripts/hunt`, options, { maxBuffer: 1 << 28 })).stdout;

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(() => browser?.close());

const rows = async (visit: Visit) =>
  (await visit.page.getByTestId('session-row').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
const openSettings = (visit: Visit) => visit.page.getByTestId('settings').locator('summary').click();

describe('settings', () => {
  it('hunts again with another window and reads nothing again', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    const carol = page.getByTestId('session-row').filter({ hasText: 'carol@' });
    await carol.getByRole('button').click();
    expect(await page.getByTestId('operation-row').count()).toBe(0);
    const requests = visit.requests.length;

    await openSettings(visit);
    const window = page.getByLabel('Window of a session');
    await window.fill('2h');
    await window.press('Enter');
    await expect.poll(() => page.getByTestId('operation-row').count()).toBe(1);
    expect(await page.getByTestId('announcement').innerText()).toBe('3 sessions as before, 1 Sentinel row as before.');
    expect(await page.locator('html').getAttribute('data-state')).toBe('done');
    expect(visit.requests.length).toBe(requests);

    await window.fill('two hours');
    await window.press('Enter');
    expect(await page.getByTestId('settings').innerText()).toContain('"two hours" is not a duration');
    expect(await page.getByTestId('operation-row').count()).toBe(1);
    await visit.end();
  });

  it('counts what "Succeeded" gains, and finds nothing without it, saying why', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('legacy-query_data.csv'));
    expect(await rows(visit)).toHaveLength(1);
    expect(await page.getByTestId('summary').innerText()).toContain('1 Sentinel row is there only because “Succeeded” counts as Success.');
    await openSettings(visit);
    await page.getByTestId('preset-published').click();
    await expect.poll(() => rows(visit)).toHaveLength(0);
    expect(await page.getByRole('tabpanel').innerText()).toContain('“Succeeded” does not count as Success at present');
    expect(await page.getByTestId('announcement').innerText()).toBe('0 sessions (was 1), 0 Sentinel rows (was 1).');
    await page.getByTestId('tab-sentinel').click();
    expect(await page.getByRole('tabpanel').innerText()).toContain('Why there is no row');
    await page.getByTestId('preset-default').click();
    await expect.poll(() => page.getByTestId('sentinel-row').count()).toBe(1);
    await visit.end();
  });

  it('shows times in the zone of the computer when asked to, the query’s hour included', async () => {
    const visit = await browser.visit({ timezone: 'Asia/Kolkata' });
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    expect((await rows(visit))[0]).toContain('2026-03-14 09:12:05');
    await openSettings(visit);
    await page.getByLabel('Times are shown in').selectOption('local');
    expect((await rows(visit))[0]).toContain('2026-03-14 14:42:05');
    await page.getByTestId('tab-sentinel').click();
    expect(await page.getByTestId('sentinel-row').first().innerText()).toContain('2026-03-14 14:30:00');
    await visit.end();
  });
});

describe('questions', () => {
  const berlin = `${project}tests/golden/local_zone_berlin/input/query_data.csv`;

  it('asks for the zone of local times and counts the events with the answer', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('local-query_data.csv'));
    const question = page.getByRole('region', { name: 'Which time zone are the times in?' });
    expect(await question.innerText()).toContain('local-query_data.csv');
    expect(await rows(visit)).toHaveLength(0);
    await question.getByLabel(/^Zone/).fill('5:30');
    await question.getByRole('button', { name: 'Use it' }).click();
    expect(await question.innerText()).toContain('"5:30" is neither a time zone nor an offset from UTC');
    await question.getByLabel(/^Zone/).fill('+05:30');
    await question.getByLabel(/^Zone/).press('Enter');
    await expect.poll(() => rows(visit)).toHaveLength(1);
    expect((await rows(visit))[0]).toContain('2026-03-14 03:42:05');
    await expect.poll(() => question.count()).toBe(0);
    await visit.end();
  });

  it('takes a zone by name, this computer’s first, by keyboard alone, and marks what a clock change makes uncertain', async () => {
    const visit = await browser.visit({ timezone: 'Australia/Lord_Howe' });
    const { page } = visit;
    await open(page, berlin);
    const question = page.getByRole('region', { name: 'Which time zone are the times in?' });
    expect(await question.getByRole('button').first().innerText()).toBe('This computer’s, Australia/Lord_Howe');
    const choices = page.locator('#zone-answer-choices option');
    expect(await choices.first().getAttribute('value')).toBe('Australia/Lord_Howe');
    expect(await page.locator('#zone-answer-choices option[value="Europe/Berlin"]').count()).toBe(1);
    await question.getByLabel(/^Zone/).focus();
    await page.keyboard.type('europe/berlin');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(visit)).toHaveLength(6);
    const text = (await rows(visit)).join('\n');
    expect(text).toContain('2025-10-26 00:30:00');
    expect(text).toContain('In a repeated hour');
    expect(text).toContain('In a skipped hour');
    await page.getByTestId('tab-files').click();
    const problems = (await page.getByTestId('problem-row').allInnerTexts()).join('\n');
    expect(problems).toContain('2 events have local times that a clock change of Europe/Berlin repeats (first at byte 219)');
    expect(problems).toContain('1 event has a local time that a clock change of Europe/Berlin skips (first at byte 578)');
    const json = await downloaded(page, 'export-json');
    expect(json.bytes.toString()).toBe(await hunt('--local-zone', 'Europe/Berlin', berlin));
    await openSettings(visit);
    const zone = page.getByLabel('Zone of local times');
    expect(await zone.inputValue()).toBe('Europe/Berlin');
    await zone.fill('Mars/Base');
    await zone.press('Enter');
    expect(await page.getByTestId('settings').innerText()).toContain('"Mars/Base" is not the name of a time zone');
    await zone.fill('+01:00');
    await zone.press('Enter');
    await expect.poll(async () => (await rows(visit)).join()).not.toContain('In a repeated hour');
    await visit.end();
  });

  it('asks which part of a date is the month', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('spreadsheet.csv'));
    const question = page.getByRole('region', { name: 'Is the day or the month first in the dates?' });
    await question.getByRole('button', { name: 'Month first (March 4)' }).click();
    await expect.poll(() => rows(visit)).toHaveLength(1);
    expect((await rows(visit))[0]).toContain('2026-03-04 09:12:00');
    await visit.end();
  });
});

describe('exports', () => {
  it('gives the same bytes as scripts/hunt', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const file = fixture('three-sessions.json');
    await open(page, file);
    const json = await downloaded(page, 'export-json');
    expect(json.name).toBe('cloudshell-hunt.json');
    expect(json.bytes.toString()).toBe(await hunt('--format', 'json', file));
    expect((await downloaded(page, 'export-csv')).bytes.toString()).toBe(await hunt('--format', 'csv', file));
    expect((await downloaded(page, 'export-markdown')).bytes.toString()).toBe(await hunt('--format', 'markdown', file));
    await visit.end();
  });

  it('gives the same bytes for the sample, with changed settings', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await page.getByTestId('sample').click();
    await page.locator('html[data-state=done]').waitFor();
    const before = await page.getByTestId('announcement').innerText();
    await openSettings(visit);
    await page.getByTestId('preset-published').click();
    await expect.poll(() => page.getByTestId('announcement').innerText()).not.toBe(before);
    const { bytes } = await downloaded(page, 'export-json');
    const files = ['development-az-activity-log.json', 'production-PT1H.json', 'shared-query_data.csv'].map(
      (name) => `${project}web/public/sample/${name}`,
    );
    expect(bytes.toString()).toBe(await hunt('--look-back', '1d', '--succeeded-is-success', 'off', ...files));
    await visit.end();
  });
});

describe('hostile text', () => {
  it('is shown as text, with what a browser would hide made visible', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('hostile.json'));
    const row = page.getByTestId('session-row').filter({ hasText: 'onerror' });
    expect(await row.innerText()).toContain('\\u{202E}<img src=x onerror=alert(1)>@contoso.com');
    await row.getByRole('button').click();
    const operation = page.getByTestId('operation-row').first();
    expect(await operation.innerText()).toContain('Microsoft.Evil/<b onmouseover=alert(2)>bold</b>\\u{200B}/write');
    await page.getByTestId('event-row').nth(1).getByRole('button').click();
    await expect.poll(() => page.getByTestId('raw-record').innerText()).toContain('alert(3)');
    const made = await page
      .locator('main')
      .evaluate((main) => main.querySelectorAll('img, b, script, iframe, a, [onmouseover], [style]').length);
    expect(made).toBe(0);
    const bare = await page.locator('main').evaluate((main) => /[\u200b\u202e]/.test(main.textContent ?? ''));
    expect(bare).toBe(false);
    const outside = await page.locator('main').evaluate((main) => {
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      let count = 0;
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (/alert\(|__proto__/.test(node.textContent ?? '') && node.parentElement?.closest('bdi') === null) count += 1;
      }
      return count;
    });
    expect(outside).toBe(0);
    await visit.end();
  });

  it('cannot take a key of an object’s prototype', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('hostile.json'));
    await page.getByTestId('session-row').filter({ hasText: '__proto__' }).getByRole('button').click();
    const operation = await page.getByTestId('operation-row').first().innerText();
    expect(operation).toContain('constructor');
    expect(operation).toContain('__proto__ 1');
    await visit.end();
  });

  it('leaves no trace of the evidence in the address or in storage', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('session-row').first().getByRole('button').click();
    expect(page.url()).toBe(browser.address);
    const kept = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      caches: (await caches.keys()).length,
      databases: (await indexedDB.databases()).length,
      cookies: document.cookie,
    }));
    expect(kept).toEqual({ local: 0, session: 0, caches: 0, databases: 0, cookies: '' });
    expect(await page.context().cookies()).toEqual([]);
    await visit.end();
  });
});

describe('the policy', () => {
  it('is in force, and a breach is noticed by these tests', async () => {
    const visit = await browser.visit();
    await visit.page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
    });
    await expect.poll(() => visit.troubles.some((trouble) => trouble.startsWith('policy: style-src'))).toBe(true);
    await visit.page.context().close();
  });

  it('lets no text become markup', async () => {
    const visit = await browser.visit();
    const refused = await visit.page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    });
    expect(refused).toBe(true);
    await visit.page.context().close();
  });

  it('the whole way asks for nothing but the page’s own files, by address alone', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url());
    });
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('session-row').first().getByRole('button').click();
    await page.getByTestId('event-row').first().getByRole('button').click();
    await page.getByTestId('raw-record').locator('pre').waitFor();
    await downloaded(page, 'export-csv');
    expect(sent).toEqual([]);
    const own =
      /^\/(favicon\.svg|assets\/(index|worker|unpack|engine|hashing|take_away_dialog|hash_worker|foreign_report)-[\w-]+\.(js|css|wasm))?$/;
    expect(visit.requests.filter((path) => !own.test(path))).toEqual([]);
    expect(visit.requests.some((path) => path.endsWith('.wasm'))).toBe(true);
    await visit.end();
  });
});
