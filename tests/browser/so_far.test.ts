// Sessions while files are still being read. The reading is held by a real obstacle, so that the test looks at it as long as it likes: the part that
// opens compressed files is not delivered until the test lets it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestBrowser } from './session';

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

// Larger than what workers get at a time, so that each file is one turn of a worker and the compressed one is nobody's neighbour.
const kLarge = 9 * 1024 * 1024;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function record(caller: string, time: string, operation: string): string {
  return `${JSON.stringify({ eventTimestamp: time, caller, operationName: { value: operation }, status: { value: 'Started' } })}\n`;
}

it('shows who used Cloud Shell before all is read, and says that it is provisional', async () => {
  const console = 'Microsoft.Portal/consoles/write';
  const other = record('nobody@contoso.com', '2026-03-14T08:00:00Z', 'Microsoft.Compute/virtualMachines/read');
  const shells = [
    record('alice@contoso.com', '2026-03-14T09:10:00Z', console),
    record('ALICE@contoso.com', '2026-03-14T10:05:00Z', console),
    record('<b>bob</b>\u202e', '2026-03-14T11:00:00Z', console),
  ];
  const large = file('large.json', shells.join('') + other.repeat(Math.ceil(kLarge / other.length)));
  const row = '"3/14/2026, 9:12:05.000 AM",carol@contoso.com,Microsoft.Portal/consoles/write,Success,\n';
  const filler = '"3/14/2026, 9:12:05.000 AM",carol@contoso.com,Microsoft.Compute/virtualMachines/read,Success,\n';
  const local = file(
    'local.csv',
    `TimeGenerated [Local Time],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\n${row}${filler.repeat(Math.ceil(kLarge / filler.length))}`,
  );
  const compressed = file('late.json.gz', gzipSync(record('dave@contoso.com', '2026-03-14T12:00:00Z', console)));

  const visit = await browser.visit();
  const { page } = visit;
  let deliver: () => void = () => undefined;
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.context().route(/\/unpack-[\w-]+\.js$/, async (route) => {
    await delivered;
    await route.continue();
  });
  await page.getByTestId('file-input').setInputFiles([large, local, compressed]);

  const soFar = page.getByTestId('so-far');
  await soFar.getByText('1 sign of Cloud Shell has a time that you will be asked about.').waitFor();
  await expect.poll(() => page.getByTestId('so-far-row').count()).toBe(2);
  expect(await page.locator('html').getAttribute('data-state')).toBe('reading');
  const rows = (await page.getByTestId('so-far-row').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  expect(rows).toEqual([
    expect.stringMatching(/^<b>bob<\/b>.*2026-03-14 11:00:00 2026-03-14 11:00:00 1$/),
    'alice@contoso.com 2026-03-14 09:10:00 2026-03-14 10:05:00 2',
  ]);
  expect(await soFar.innerText()).toContain('still count twice');
  expect(await soFar.getByRole('status').innerText()).toBe('A first session was found.');

  deliver();
  await page.locator('html[data-state=done]').waitFor();
  expect(await page.getByTestId('so-far').count()).toBe(0);
  expect(await page.getByTestId('session-row').count()).toBe(3);
  await visit.end();
});
