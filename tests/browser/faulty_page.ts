// The built page with a fault in it, in either browser: before the page's script and before the worker's stands one of ours (faults/), so that a test
// can hold the reading back, let a slice fail, hang or end a worker. All else is what ships, under the policy that ships. The tests of both
// browsers are the same because of what stands here.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer-core';
import { parseReport, type Report } from '../../web/src/engine/report';
import { FirefoxSession } from './firefox_session';
import { downloaded, kPage, project, TestBrowser } from './session';

export const browsers = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof browsers)[number];

/** What in_worker.js does; slices are counted from 1 in each worker. */
export interface WorkerFaults {
  /** Holds this slice and all behind it until goOn(). */
  holdAt?: number;
  failAt?: number;
  shortAt?: number;
  /** Never gives control back. */
  hangAt?: number;
}

/**
 * Ends a worker: the one that gets the n-th question of a kind, when it has said so many things since. While its script is on its way over the
 * network nothing can be told from its silence, so it is ended when it has said that it is there, at the earliest.
 */
export interface Kill {
  ask: string;
  nth: number;
  after: number;
}

interface InPage {
  killed: string[];
  asks: string[];
  goOn(): void;
}

export interface Tab {
  /** `faultyWorkers`: in the first so many that start. */
  plan(faults: WorkerFaults, faultyWorkers?: number): Promise<void>;
  kill(kill: Kill): Promise<void>;
  /** Questions that the page asked its workers, in order, and the ones at which a worker was ended. */
  asked(): Promise<Pick<InPage, 'asks' | 'killed'>>;
  open(...paths: string[]): Promise<void>;
  /** Waits until a worker holds a slice back. */
  held(): Promise<void>;
  goOn(): Promise<void>;
  settled(): Promise<'done' | 'failed'>;
  /** Of the first element that a selector finds. */
  text(selector: string): Promise<string>;
  report(): Promise<{ report: Report; bytes: Buffer }>;
  reload(): Promise<void>;
  evaluate<T>(what: () => T | Promise<T>): Promise<T>;
  /** Fails on any trouble behind the page's back. */
  close(): Promise<void>;
}

export interface FaultyBrowser {
  /** Opens the page in a tab of its own. */
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

function faultyPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faulty-page-'));
  cpSync(kPage, folder, { recursive: true });
  const assets = join(folder, 'assets');
  for (const [name, ours] of [
    [/^index-.*\.js$/, 'in_page.js'],
    [/^worker-.*\.js$/, 'in_worker.js'],
  ] as const) {
    const found = readdirSync(assets).filter((file) => name.test(file));
    if (found.length !== 1) throw new Error(`the built page has ${found.length} scripts ${name}`);
    const path = join(assets, found[0] as string);
    writeFileSync(path, readFileSync(`${project}tests/browser/faults/${ours}`, 'utf8') + readFileSync(path, 'utf8'));
  }
  return folder;
}

type Evaluate = <T, A>(what: (argument: A) => T | Promise<T>, argument: A) => Promise<T>;

/** What differs between the browsers. */
interface Driver extends Pick<Tab, 'open' | 'reload' | 'close'> {
  evaluate: Evaluate;
  waitFor(selector: string): Promise<unknown>;
  exported(): Promise<Buffer>;
}

const set = (evaluate: Evaluate, wanted: object): Promise<void> =>
  evaluate((values) => void Object.assign((globalThis as unknown as { faults: InPage }).faults, values), wanted);

function tabOf(driver: Driver): Tab {
  const { evaluate } = driver;
  return {
    open: driver.open,
    reload: driver.reload,
    close: driver.close,
    plan: (inWorkers, faultyWorkers = Number.MAX_SAFE_INTEGER) => set(evaluate, { inWorkers, faultyWorkers }),
    kill: (kill) => set(evaluate, { kill }),
    asked: () =>
      evaluate(() => {
        const { asks, killed } = (globalThis as unknown as { faults: InPage }).faults;
        return { asks, killed };
      }, null),
    held: async () => {
      await driver.waitFor('html[data-held]');
    },
    goOn: () => evaluate(() => (globalThis as unknown as { faults: InPage }).faults.goOn(), null),
    settled: async () => {
      await driver.waitFor('html[data-state=done], html[data-state=failed]');
      return (await evaluate(() => document.documentElement.dataset.state, null)) === 'done' ? 'done' : 'failed';
    },
    text: (selector) => evaluate((asked) => document.querySelector<HTMLElement>(asked)?.innerText ?? '', selector),
    report: async () => {
      const bytes = await driver.exported();
      return { report: parseReport(bytes), bytes };
    },
    evaluate: (what) => evaluate(what, null),
  };
}

async function chromium(folder: string): Promise<FaultyBrowser> {
  const browser = await TestBrowser.start(undefined, folder);
  return {
    tab: async () => {
      const visit = await browser.visit();
      const { page } = visit;
      return tabOf({
        evaluate: (what, argument) => page.evaluate(what as never, argument) as never,
        open: (...paths) => page.getByTestId('file-input').setInputFiles(paths),
        waitFor: (selector) => page.waitForSelector(selector, { state: 'attached', timeout: 0 }),
        exported: async () => (await downloaded(page, 'export-json')).bytes,
        reload: async () => {
          await page.reload();
          await page.locator('html[data-state=idle]').waitFor();
        },
        close: () => visit.end(),
      });
    },
    close: () => browser.close(),
  };
}

async function firefox(folder: string): Promise<FaultyBrowser> {
  const session = await FirefoxSession.start(folder);
  return {
    tab: async () => {
      const tab = await session.another();
      return tabOf({
        evaluate: (what, argument) => tab.page.evaluate(what as never, argument) as never,
        open: async (...paths) => ((await tab.page.$('[data-testid=file-input]')) as ElementHandle<HTMLInputElement>).uploadFile(...paths),
        // A tab behind another one draws no frame, so it is looked at by the clock.
        waitFor: (selector) => tab.page.waitForFunction((asked) => document.querySelector(asked) !== null, { polling: 50 }, selector),
        exported: async () => {
          await tab.page.bringToFront();
          return tab.downloaded('export-json');
        },
        reload: async () => {
          await tab.page.reload();
          await tab.page.waitForSelector('html[data-state=idle]');
        },
        close: async () => {
          await tab.expectNoTrouble();
          await tab.close();
        },
      });
    },
    close: () => session.close(),
  };
}

export async function startFaulty(name: BrowserName): Promise<FaultyBrowser> {
  const folder = faultyPage();
  const browser = await (name === 'chromium' ? chromium(folder) : firefox(folder));
  return {
    tab: browser.tab,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
