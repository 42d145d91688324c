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
      const shot = async (/** @type {string} */ view, fullPage = true) => {
        await writeFile(join(folder, `${view}-${width}-${theme}.png`), await page.screenshot({ fullPage }));
        // A picture of the whole page leaves the window scrolled beyond its end until the next layout.
        await page.evaluate(() => scrollTo(0, scrollY));
      };
      const done = () => page.locator('html[data-state=done]').waitFor();
      await page.goto(served.address);
      await page.locator('html[data-state=idle]').waitFor();
      await shot('01-first');
      await page.getByTestId('sample').click();
      await done();
      await shot('02-sessions');
      // Narrowed by keyboard in the chart, by a facet and by the search.
      await page.getByTestId('span-from').focus();
      for (let bin = 0; bin < 10; bin += 1) await page.keyboard.press('ArrowRight');
      if ((width ?? 0) < 1200) await page.getByTestId('toggle-facets').click();
      await page.locator('[data-facet=attribution] .facet-value').first().click();
      await page.locator('[data-facet=severity] button.facet-not').last().click();
      await page.getByTestId('search').fill('contoso');
      await shot('03-filtered');
      await page.getByTestId('search').fill('nobody');
      await shot('04-nothing-shown');
      await page.getByTestId('clear-filters').press('Enter');
      if ((width ?? 0) < 1200) await page.getByTestId('toggle-facets').click();
      await page.getByTestId('session-row').nth(2).locator('td.col-caller').click({ button: 'right' });
      await page.getByTestId('value-menu').waitFor();
      await shot('05-menu', false); // a picture of the whole page would resize the window, which closes menus
      await page.getByRole('menuitem', { name: 'Mark as known good' }).click();
      await page.getByTestId('known-good').locator('summary').click();
      await shot('06-known-good');
      await page.getByTestId('known-good').locator('summary').click();
      await page.getByTestId('session-row').first().getByRole('button').click();
      await page.getByTestId('event-row').first().waitFor();
      await page.getByTestId('verdict').getByRole('radio', { name: 'Confirmed' }).check();
      await page.getByTestId('note').fill('INC-4711: the role assignment was not ordered by anybody.');
      await shot('07-session');
      await page.getByTestId('timeline').getByRole('slider').focus();
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.getByTestId('raw-record').locator('pre, dl').first().waitFor();
      await page.getByTestId('raw-record').getByRole('searchbox').fill('role');
      await page.getByTestId('pivot-sign_ins').locator('summary').click();
      await shot('08-record');
      await page.getByTestId('tab-sentinel').click();
      await shot('09-sentinel');
      await page.getByTestId('settings').locator('summary').click();
      await shot('10-settings');
      await page.getByTestId('open-other').click();
      await page.getByTestId('file-input').setInputFiles([damaged, picture, local]);
      await done();
      await page.getByTestId('tab-files').click();
      await page.getByTestId('problem-row').getByRole('button').first().click();
      await page.getByTestId('raw-record').locator('pre').waitFor();
      await shot('11-files');
      await page.getByTestId('open-other').click();
      await page.getByTestId('file-input').setInputFiles([picture]);
      await done();
      await shot('12-no-session');
      await context.close();
    }
  }
} finally {
  await browser.close();
  await served.close();
}
process.stdout.write(`pictures are in ${folder}\n`);
