// The whole way through the product in both browsers, for scripts/prove-no-egress, which runs it where every packet that leaves is listed: the
// sample, files, sessions down to a raw record, changed settings, every export. With WAY=control it is the positive control instead: from a page
// without a policy each browser sends something to the address in OUTSIDE, which the listener must hear.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { FirefoxSession } from '../firefox_session';
import { chromiumArguments, downloaded, fixture, open, TestBrowser } from '../session';

// The same Chromium without the desktop browser's own services: that one looks up accounts.google.com and update.googleapis.com at every start, whatever
// page is open, and no switch turns it off.
const kShell = '/usr/bin/chromium-headless-shell';
const kExports = ['export-json', 'export-csv', 'export-markdown'];
const outside = process.env.OUTSIDE;

describe.runIf(process.env.WAY === 'product')('the product', () => {
  it('in Chromium', async () => {
    const browser = await TestBrowser.start(kShell);
    const visit = await browser.visit();
    const { page } = visit;
    await page.getByTestId('sample').click();
    await page.locator('html[data-state=done]').waitFor();
    await page.goto(browser.address);
    await open(page, fixture('three-sessions.json'), fixture('legacy-query_data.csv'));
    await page.getByTestId('session-row').first().getByRole('button').click();
    await page.getByTestId('event-row').first().getByRole('button').click();
    await page.getByTestId('raw-record').first().waitFor();
    for (const name of kExports) expect((await downloaded(page, name)).bytes.byteLength).toBeGreaterThan(100);
    await page.getByTestId('tab-sentinel').click();
    await page.getByTestId('tab-files').click();
    await visit.end();
    await browser.close();
  });

  it('in Firefox', async () => {
    const firefox = await FirefoxSession.start();
    await (await firefox.find('sample')).click();
    await firefox.page.waitForSelector('html[data-state=done]');
    await firefox.visit();
    await firefox.open('file-input', fixture('three-sessions.json'), fixture('legacy-query_data.csv'));
    await (await firefox.page.waitForSelector('[data-testid=session-row] button'))?.click();
    await (await firefox.page.waitForSelector('[data-testid=event-row] button'))?.click();
    await firefox.find('raw-record');
    for (const name of kExports) expect((await firefox.downloaded(name)).byteLength).toBeGreaterThan(100);
    await (await firefox.find('tab-sentinel')).click();
    await (await firefox.find('tab-files')).click();
    await firefox.expectNoTrouble();
    await firefox.close();
  });
});

describe.runIf(process.env.WAY === 'control')('the positive control', () => {
  // An image's request, as an attacker would send it; nobody answers, so its end is not waited for.
  const send = `new Image().src = 'http://${outside}/control'`;

  it.each(['chromium', 'firefox'] as const)('in %s', async (name) => {
    const server = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>no policy</title><body>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    if (name === 'chromium') {
      const browser = await chromium.launch({ executablePath: kShell, args: chromiumArguments });
      const page = await browser.newPage();
      await page.goto(address);
      const asked = page.waitForEvent('request', (request) => request.url().includes('/control'));
      await page.evaluate(send);
      await asked;
      await browser.close();
    } else {
      const browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
      const page = await browser.newPage();
      await page.goto(address);
      const asked = page.waitForRequest((request) => request.url().includes('/control'));
      await page.evaluate(send);
      await asked;
      await browser.close();
    }
    server.close();
    server.closeAllConnections();
  });
});
