// A browser session of a test in Debian's Firefox ESR, driven over WebDriver BiDi (Playwright cannot drive a Firefox that is not its own). As in
// session.ts, whatever goes wrong behind the page's back is gathered and makes the test fail at its end.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type HTTPRequest, type Page } from 'puppeteer-core';
import { expect } from 'vitest';
import { serve } from '../../web/server/serve.mjs';
import { Departure } from './departure';
import { kPage } from './session';

// A cold start of Firefox takes seconds, on a busy machine ten times that.
const kPatience = 60_000;

export class FirefoxSession {
  readonly troubles: string[] = [];
  private readonly departure = new Departure<HTTPRequest>();

  private constructor(
    readonly browser: Browser,
    readonly page: Page,
    readonly address: string,
    private readonly downloads: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** `folder`: another page. */
  static async start(folder = kPage): Promise<FirefoxSession> {
    if (!existsSync(`${folder}/index.html`)) throw new Error('there is no built page: run scripts/build page first');
    const served = await serve(folder, 0);
    const downloads = mkdtempSync(join(tmpdir(), 'firefox-downloads-'));
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      // Lets the preference of the same purpose below count in a release.
      env: { ...process.env, MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' },
      extraPrefsFirefox: {
        'browser.download.folderList': 2,
        'browser.download.dir': downloads,
        'browser.download.always_ask_before_handling_new_types': false,
        'browser.download.alwaysOpenPanel': false,
        // Firefox's own lists, which it fetches without any page asking for it.
        'services.settings.server': 'data:,#remote-settings-dummy/v1',
        // Of several tabs only one is in front; the others are to be as quick.
        'dom.min_background_timeout_value': 4,
        'dom.timeout.enable_budget_timer_throttling': false,
      },
    });
    return FirefoxSession.visiting(browser, served.address, downloads, async () => {
      await browser.close();
      await served.close();
      rmSync(downloads, { recursive: true });
    });
  }

  /** A tab beside this one, to be closed by itself. Downloads of two tabs must not overlap. */
  another(): Promise<FirefoxSession> {
    return FirefoxSession.visiting(this.browser, this.address, this.downloads, (page) => page.close());
  }

  private static async visiting(
    browser: Browser,
    address: string,
    downloads: string,
    end: (page: Page) => Promise<void>,
  ): Promise<FirefoxSession> {
    const page = await browser.newPage();
    page.setDefaultTimeout(kPatience);
    await page.setViewport({ width: 1280, height: 900 });
    const session = new FirefoxSession(browser, page, address, downloads, () => end(page));
    const { troubles, departure } = session;
    page.on('console', (message) => troubles.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`error: ${String(error)}`));
    page.on('framenavigated', (frame) => frame === page.mainFrame() && departure.arrived());
    page.on('request', (request) => {
      departure.began(request);
      const asked = request.url();
      // Firefox draws parts of its own interface from data: addresses and tells of them; they reach no network.
      if (!asked.startsWith(address) && !/^(blob|data):/.test(asked)) troubles.push(`request to ${asked}`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      if (why !== 'NS_BINDING_ABORTED' || !departure.cutOff(request)) troubles.push(`failed request: ${request.url()} (${why})`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
    });
    // Kept in the page's own world and fetched before each navigation and at the end.
    await page.evaluateOnNewDocument(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { policyViolations: seen });
      document.addEventListener('securitypolicyviolation', (event) => seen.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await session.visit();
    return session;
  }

  /** Opens the page anew. */
  async visit(): Promise<void> {
    await this.gatherViolations();
    await this.departure.during(() => this.page.goto(this.address));
    await this.page.waitForSelector('html[data-state=idle]');
  }

  async find(testId: string): Promise<ElementHandle<Element>> {
    const found = await this.page.waitForSelector(`[data-testid=${testId}]`);
    if (found === null) throw new Error(`there is no ${testId}`);
    return found;
  }

  async text(testId: string): Promise<string> {
    return (await (await this.find(testId)).evaluate((element) => element.textContent)) ?? '';
  }

  /** Opens files or a folder by the input of that name and waits for the answer. */
  async open(input: 'file-input' | 'folder-input', ...paths: string[]): Promise<void> {
    await ((await this.find(input)) as ElementHandle<HTMLInputElement>).uploadFile(...paths);
    await this.page.waitForSelector('html[data-state=done], html[data-state=failed]');
  }

  /** Bytes of what a click downloads. */
  async downloaded(testId: string): Promise<Buffer> {
    // What came too late for a test that failed is none of this one's.
    for (const name of await readdir(this.downloads)) await rm(join(this.downloads, name));
    await (await this.find(testId)).click();
    // An empty file of its name is there first, then a part file beside it, which takes its place when it is whole.
    const whole = async () => {
      const [name, ...others] = await readdir(this.downloads);
      if (name === undefined || others.length > 0 || name.endsWith('.part')) return null;
      const path = join(this.downloads, name);
      return (await stat(path)).size > 0 ? path : null;
    };
    await expect.poll(whole, { timeout: kPatience }).not.toBeNull();
    const path = join(this.downloads, (await readdir(this.downloads))[0] ?? '');
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  }

  private async gatherViolations(): Promise<void> {
    const seen = await this.page.evaluate(() => (globalThis as { policyViolations?: string[] }).policyViolations ?? []);
    this.troubles.push(...seen.map((violation) => `policy: ${violation}`));
  }

  /** Fails on any trouble. */
  async expectNoTrouble(): Promise<void> {
    await this.gatherViolations();
    expect(this.troubles).toEqual([]);
  }

  async close(): Promise<void> {
    await this.end();
  }
}
