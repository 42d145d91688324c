// A browser session of a test: Debian's Chromium on the page as the server of scripts/serve sends it. Whatever goes wrong behind the page's back
// is gathered and makes the test fail at its end: a violation of the policy, a line in the console, an error, a request to anywhere else.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { expect } from 'vitest';
import { serve } from '../../web/server/serve.mjs';
import { Departure } from './departure';

export const project = fileURLToPath(new URL('../..', import.meta.url));
export const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const kPage = `${project}build/page`;
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Visit {
  page: Page;
  /** What went wrong so far; empty in a good visit. */
  troubles: string[];
  /** Paths of all requests, in order. */
  requests: string[];
  /** Sends the page elsewhere, or loads it again; what it was still fetching then is no trouble. */
  leave(navigation: () => Promise<unknown>): Promise<void>;
  /** Fails on any trouble, then closes the visit. */
  end(): Promise<void>;
}

export interface VisitOptions {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  timezone?: string;
}

export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    readonly address: string,
    private readonly closeServer: () => Promise<void>,
  ) {}

  /** `executable`: another build of Chromium; `folder`: another page. */
  static async start(executable = '/usr/bin/chromium', folder = kPage): Promise<TestBrowser> {
    if (!existsSync(`${folder}/index.html`)) throw new Error('there is no built page: run scripts/build page first');
    const served = await serve(folder, 0);
    const browser = await chromium.launch({ executablePath: executable, args: chromiumArguments });
    return new TestBrowser(browser, served.address, served.close);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.closeServer();
  }

  async visit({ width = 1280, height = 900, colorScheme = 'light', timezone = 'UTC' }: VisitOptions = {}): Promise<Visit> {
    const context: BrowserContext = await this.browser.newContext({
      viewport: { width, height },
      colorScheme,
      timezoneId: timezone,
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const troubles: string[] = [];
    const requests: string[] = [];
    const departure = new Departure<Request>();
    page.on('console', (message) => {
      // Chromium's remark on the sandbox that the server asks for; the page is no frame.
      if (message.text().startsWith('An iframe which has both allow-scripts and allow-same-origin')) return;
      troubles.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('framenavigated', (frame) => frame === page.mainFrame() && departure.arrived());
    page.on('request', (request) => {
      departure.began(request);
      const address = request.url();
      if (address.startsWith(this.address)) requests.push(address.slice(this.address.length - 1));
      else if (!address.startsWith('blob:')) troubles.push(`request to ${address}`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      if (why !== 'net::ERR_ABORTED' || !departure.cutOff(request)) troubles.push(`failed request: ${request.url()} (${why})`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
    });
    await page.exposeFunction('reportViolation', (text: string) => troubles.push(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation;
        report(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await page.goto(this.address);
    await page.locator('html[data-state=idle]').waitFor();
    return {
      page,
      troubles,
      requests,
      leave: async (navigation) => {
        await departure.during(navigation);
      },
      end: async () => {
        // One round trip, so that what the page reported just now has arrived.
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
        expect(troubles).toEqual([]);
        await context.close();
      },
    };
  }
}

/** Opens files from disk by the file input and waits for the answer. */
export async function open(page: Page, ...paths: string[]): Promise<void> {
  await page.getByTestId('file-input').setInputFiles(paths);
  await page.locator('html[data-state=done]').waitFor();
}

/** Drops files or folders from disk, as the operating system does: through the browser's own drag and drop, not by a made-up event. */
export async function drop(page: Page, ...paths: string[]): Promise<void> {
  const box = await page.getByTestId('drop-zone').boundingBox();
  if (box === null) throw new Error('the drop zone is not on the page');
  const client = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + 40 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await client.send('Input.dispatchDragEvent', { type, ...at, data });
  await client.detach();
}

/** Bytes of what a click downloads. */
export async function downloaded(page: Page, testId: string): Promise<{ bytes: Buffer; name: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { bytes: Buffer.concat(chunks), name: download.suggestedFilename() };
}
