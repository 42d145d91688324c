// Memory and workers in a real browser: what happens when no more events fit, and that the analyst says how many workers read.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downloaded, open, TestBrowser } from './session';

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

const kEvents = 150_000;
const record = (at: number) =>
  `{"TimeGenerated":"2026-03-14T09:12:05Z","Caller":"alice@contoso.example","ActivityStatusValue":"Success","ResourceGroup":"rg",` +
  `"OperationNameValue":"${at === 0 ? 'Microsoft.Portal/consoles/write' : 'Microsoft.Compute/disks/write'}",` +
  `"CorrelationId":"${String(at).padStart(36, '0')}","EventDataId":"${String(at).padStart(36, 'e')}","Claims_d":{"appid":"x"}}\n`;

/** Runs in the page before it starts workers: gives each engine a limit, and counts the workers that were asked to read. */
function limitEngines(mebibytes: number | null) {
  const seen = { readers: new Set<Worker>() };
  Object.assign(globalThis, { seen });
  globalThis.Worker = class extends Worker {
    override postMessage(message: { type?: string; ask?: string }, ...more: [never]) {
      if (message.ask === 'read') seen.readers.add(this);
      const limited = mebibytes !== null && message.type === 'start' ? { ...message, memoryMebibytes: mebibytes } : message;
      super.postMessage(limited, ...more);
    }
  };
}

it('when memory is full, reading stops and the page shows what fits, and says how many events that are', async () => {
  const many = join(folder, 'many.jsonl');
  writeFileSync(many, Array.from({ length: kEvents }, (_, at) => record(at)).join(''));
  const visit = await browser.visit();
  const { page } = visit;
  await page.evaluate(limitEngines, 12);
  await open(page, many);
  await page.locator('html[data-state=done]').waitFor();
  const report = JSON.parse((await downloaded(page, 'export-json')).bytes.toString());
  const { events } = report.totals;
  expect(events).toBeGreaterThan(1000);
  expect(events).toBeLessThan(kEvents);
  expect(report.inputs).toMatchObject([{ cut: true, events, notes: [{ code: 'memory_full' }] }]);
  const said = `Memory is full: ${events.toLocaleString('en')} events fit, and reading stopped there. The result is partial`;
  await page.getByTestId('summary').getByText(said).waitFor();
  expect(await page.getByTestId('session-row').count()).toBe(1);
  await page.getByTestId('tab-files').click();
  await page.getByText(`The ${events} events read until then are in the result`).first().waitFor();
  await visit.end();
});

it('as many workers read as the settings say, from the next files on', async () => {
  const names = Array.from({ length: 6 }, (_, at) => {
    const path = join(folder, `part${at}.jsonl`);
    writeFileSync(path, Array.from({ length: 30_000 }, (_unused, line) => record(line)).join(''));
    return path;
  });
  const visit = await browser.visit();
  const { page } = visit;
  // Nothing may be under way that the second load would break off.
  await page.waitForLoadState('networkidle');
  await page.addInitScript(limitEngines, null);
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 6 }));
  await page.reload();
  const readers = () => page.evaluate(() => (globalThis as unknown as { seen: { readers: Set<Worker> } }).seen.readers.size);
  await open(page, ...names);
  await page.locator('html[data-state=done]').waitFor();
  // Automatic: four at most.
  expect(await readers()).toBe(4);
  await page.getByTestId('settings').locator('summary').click();
  const field = page.getByLabel('Workers that read');
  expect(await field.inputValue()).toBe('automatic');
  await field.fill('7');
  await field.press('Enter');
  await page.getByText('"7" is neither automatic nor a number from 1 to 6').waitFor();
  await field.fill('1');
  await field.press('Enter');
  await page.getByTestId('open-other').click();
  await open(page, ...names);
  await page.locator('html[data-state=done]').waitFor();
  expect(await readers()).toBe(5);
  await visit.end();
});
