// What a test forgives when it sends its page elsewhere, and what not: a request that the test's own way cuts off, and no other. Firefox's session
// goes by the same rule; there a request that a test holds back is not told of when it is cut off, so it is shown here alone.

import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { TestBrowser } from './session';

// Fetched ahead once an answer stands, see web/src/view/export_bar.tsx.
const kAhead = /\/assets\/hashing-/;

it('a fetch that the next page cuts off is no trouble, any other that fails is', async () => {
  const browser = await TestBrowser.start();
  for (const forgiven of [true, false]) {
    const visit = await browser.visit();
    const { page } = visit;
    const held: Route[] = [];
    await page.route(kAhead, (route) => void held.push(route));
    await page.getByTestId('sample').click();
    await expect.poll(() => held.length, { timeout: 30_000 }).toBe(1);
    if (forgiven) {
      await visit.leave(() => page.goto(browser.address));
      await visit.end();
    } else {
      await page.goto(browser.address);
      expect(visit.troubles).toEqual([expect.stringMatching(/^failed request: .*hashing-.*ERR_ABORTED/)]);
    }
  }
  const visit = await browser.visit();
  await visit.page.route(kAhead, (route) => route.abort('aborted'));
  await visit.page.getByTestId('sample').click();
  await expect.poll(() => visit.troubles.join(), { timeout: 30_000 }).toMatch(/^failed request: .*hashing-.*ERR_ABORTED/);
  await browser.close();
});
