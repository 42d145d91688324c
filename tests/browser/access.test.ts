// For everybody: the whole way by keyboard alone, axe-core's rules in light and dark, wide and narrow, and no sideways scrolling on a phone.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looks, sideways, violations } from './axe';
import { fixture, open, TestBrowser } from './session';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(() => browser?.close());

describe.each(looks)('at $width px, $colorScheme', ({ width, colorScheme }) => {
  it('every view keeps the rules and the width', async () => {
    const visit = await browser.visit({ width, colorScheme });
    const { page } = visit;
    const check = async (view: string) => {
      expect(await violations(page), view).toEqual([]);
      expect(await sideways(page), view).toBe(false);
    };
    await check('first view');
    await open(page, fixture('three-sessions.json'), fixture('damaged-PT1H.json'), fixture('local-query_data.csv'), fixture('picture.png'));
    await check('sessions');
    await page.getByTestId('settings').locator('summary').click();
    await check('settings');
    await page.getByTestId('settings').locator('summary').click();
    await page.getByTestId('session-row').first().getByRole('button').click();
    await page.getByTestId('event-row').first().getByRole('button').click();
    await page.getByTestId('raw-record').locator('pre').waitFor();
    await check('session');
    await page.getByTestId('tab-sentinel').click();
    await check('Sentinel rows');
    await page.getByTestId('tab-files').click();
    await page.getByTestId('problem-row').getByRole('button', { name: 'Look' }).first().click();
    await page.getByTestId('raw-record').locator('pre').waitFor();
    await check('files');
    await visit.end();
  });
});

describe('keyboard', () => {
  /** Presses Tab until what has the focus matches; fails when it never does. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    }
    throw new Error(`Tab never reaches ${selector}`);
  }
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.replace(/\s+/g, ' ') ?? '');
  /** The focused element has an outline that can be seen. */
  const outlined = (page: Page) =>
    page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });

  it('leads through the sample, from the first view to a raw record and back', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    await tabTo(page, '[data-testid=sample]');
    expect(await outlined(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.locator('html[data-state=done]').waitFor();
    // The focus is on the answer's title, so the next Tab goes on from there.
    expect(await focused(page)).toContain('found');

    await tabTo(page, '[role=tab][aria-selected=true]');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toContain('Sentinel rows');
    expect(await page.getByTestId('sentinel-row').count()).toBeGreaterThan(0);
    await page.keyboard.press('End');
    expect(await page.getByTestId('file-row').count()).toBe(3);
    await page.keyboard.press('Home');

    await tabTo(page, '.sort');
    await tabTo(page, 'tr[data-testid=session-row] button');
    const first = await focused(page);
    expect(await outlined(page)).toBe(true);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).not.toBe(first);
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')))
      .toBe(await page.getByRole('table', { name: 'Sessions' }).getAttribute('aria-rowcount'));
    await page.keyboard.press('Home');
    await expect.poll(() => focused(page)).toBe(first);
    await page.keyboard.press('Enter');
    await page.getByTestId('event-row').first().waitFor();

    await tabTo(page, '[data-testid=event-row] button');
    await page.keyboard.press('Enter');
    await page.getByTestId('raw-record').locator('pre').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('session-detail').count()).toBe(0);
    await expect.poll(() => focused(page)).toContain('@');

    await page.keyboard.press('Shift+Tab');
    await visit.end();
  });

  it('a session opened on a phone takes the focus, and Escape leads back to its row', async () => {
    const visit = await browser.visit({ width: 360, height: 780 });
    const { page } = visit;
    await open(page, fixture('three-sessions.json'));
    await page.getByTestId('session-row').nth(1).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('detail-title');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('bob@contoso.com');
    await visit.end();
  });

  it('the theme can be chosen', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole('radio', { name: 'Dark' }).focus();
    await page.keyboard.press('Space');
    await expect.poll(ground).not.toBe(light);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(ground).toBe(light);
    await visit.end();
  });
});

describe('many sessions', () => {
  it('draws a few dozen rows of two thousand and reaches the last', async () => {
    const visit = await browser.visit();
    const { page } = visit;
    const lines = Array.from({ length: 2000 }, (_, number) =>
      JSON.stringify({
        eventTimestamp: `2026-03-14T${String(Math.floor(number / 100)).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}:00Z`,
        caller: `user${String(number).padStart(4, '0')}@contoso.com`,
        operationName: { value: 'Microsoft.Portal/consoles/write' },
        status: { value: 'Succeeded' },
      }),
    );
    await page
      .getByTestId('file-input')
      .setInputFiles({ name: 'many.json', mimeType: 'application/json', buffer: Buffer.from(`${lines.join('\n')}\n`) });
    await page.locator('html[data-state=done]').waitFor();
    await page.getByRole('button', { name: 'Caller' }).click();
    expect(await page.getByTestId('session-row').count()).toBeLessThan(100);
    expect(await page.getByTestId('session-row').first().innerText()).toContain('user0000@');
    await page.getByTestId('session-row').first().getByRole('button').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? '')).toContain('user1999@');
    expect(await page.getByTestId('session-row').count()).toBeLessThan(100);
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo({ top: scroller.scrollHeight / 2 }));
    await expect
      .poll(async () => (await page.getByTestId('session-row').allInnerTexts()).some((text) => text.includes('user1000@')))
      .toBe(true);
    await visit.end();
  });
});
