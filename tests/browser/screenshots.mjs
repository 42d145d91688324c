// Takes the pictures of scripts/screenshots: node screenshots.mjs PAGE FOLDER. One picture a view, named view-width-theme.png.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../web/server/serve.mjs';

const [built = '', folder = ''] = process.argv.slice(2);
const damaged = fileURLToPath(new URL('fixtures/damaged-PT1H.json', import.meta.url));
const picture = fileURLToPath(new URL('fixtures/picture.png', import.meta.url));
const local = fileURLToPath(new URL('fixtures/local-query_data.csv', import.meta.url));

await mkdir(folder, { recursive: true });
const served = await serve(built, 0);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const [width, height] of [
    [1280, 900],
    [360, 780],
  ]) {
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({ viewport: { width: width ?? 0, height: height ?? 0 }, colorScheme: theme });
      const page = await context.newPage();
      const shot = async (/** @type {string} */ view) =>
        writeFile(join(folder, `${view}-${width}-${theme}.png`), await page.screenshot({ fullPage: true }));
      const done = () => page.locator('html[data-state=done]').waitFor();
      await page.goto(served.address);
      await page.locator('html[data-state=idle]').waitFor();
      await shot('1-first');
      await page.getByTestId('sample').click();
      await done();
      await shot('2-sessions');
      await page.getByTestId('session-row').first().getByRole('button').click();
      await page.getByTestId('event-row').first().getByRole('button').click();
      await page.getByTestId('raw-record').locator('pre, dl').first().waitFor();
      await shot('3-session');
      await page.getByTestId('tab-sentinel').click();
      await shot('4-sentinel');
      await page.getByTestId('settings').locator('summary').click();
      await shot('5-settings');
      await page.getByTestId('open-other').click();
      await page.getByTestId('file-input').setInputFiles([damaged, picture, local]);
      await done();
      await page.getByTestId('tab-files').click();
      await page.getByTestId('problem-row').getByRole('button').first().click();
      await page.getByTestId('raw-record').locator('pre').waitFor();
      await shot('6-files');
      await context.close();
    }
  }
} finally {
  await browser.close();
  await served.close();
}
process.stdout.write(`pictures are in ${folder}\n`);
