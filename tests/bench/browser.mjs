// The sides of the bench that live in Chromium: the built page as scripts/serve sends it, and on a page of the bench's own, in the same browser, the
// reading of a file alone and DuckDB-WASM. Files come from disk by the browser's own drag and drop or file input.
// Nothing is built into the page for this: a watch around its Worker class and its document notes when things happen (watch below).

import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../../web/server/serve.mjs';
import { linesOf, project, sqlOf } from './peers.mjs';

const kArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// A file of 5 GB, on a machine that is busy.
const kPatienceMillis = 1_800_000;

/** Runs in the page before its own scripts. Times are of performance.now() there. */
function watch() {
  const seen = {
    idle: 0,
    given: 0,
    firstRead: 0,
    lastRead: 0,
    done: 0,
    shown: 0,
    hunts: [],
    workers: new Map(),
    peakHeap: 0,
    peakBeyond: 0,
    engine: null,
    heap: 0,
  };
  globalThis.seen = seen;
  const given = () => {
    seen.given = performance.now();
  };
  addEventListener('drop', given, { capture: true });
  addEventListener('change', (event) => event.target.type === 'file' && given(), { capture: true });

  // From the question to its answer, and to the frame in which the page shows it: the summary carries how many hunts it has shown.
  const answered = (at) => {
    seen.hunts.push({ at, answer: performance.now() - at, shown: 0 });
  };
  new MutationObserver(() => {
    const hunt = seen.hunts.at(-1);
    if (hunt === undefined) return;
    requestAnimationFrame(() => {
      hunt.shown = performance.now() - hunt.at;
    });
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-hunts'] });

  let number = 0;
  globalThis.Worker = class extends Worker {
    constructor(...words) {
      super(...words);
      const state = { asked: new Map(), read: false, heap: 0, beyond: 0 };
      seen.workers.set(number++, state);
      this.state = state;
      this.addEventListener('message', ({ data }) => {
        if (data?.heapBytes !== undefined) {
          state.heap = data.heapBytes;
          let sum = 0;
          for (const worker of seen.workers.values()) sum += worker.heap;
          seen.peakHeap = Math.max(seen.peakHeap, sum);
        }
        if (data?.type === 'progress') {
          const { heap_events_bytes: events, heap_text_bytes: text } = data.engine;
          state.engine = data.engine;
          seen.peakBeyond = Math.max(seen.peakBeyond, data.heapBytes - events - text);
        }
        const asked = state.asked.get(data?.id);
        if (data?.type === 'answer' && asked !== undefined) {
          if (asked.ask === 'read') seen.lastRead = performance.now();
          if (asked.ask === 'hunt') answered(asked.at);
        }
      });
    }
    postMessage(message, ...more) {
      if (message?.type === 'ask') {
        this.state.asked.set(message.id, { ask: message.ask, at: performance.now() });
        if (message.ask === 'read') {
          this.state.read = true;
          seen.firstRead ||= performance.now();
        }
      }
      super.postMessage(message, ...more);
    }
    terminate() {
      this.state.heap = 0;
      super.terminate();
    }
  };

  const look = () => {
    const { state } = document.documentElement.dataset;
    if (state === 'idle') seen.idle ||= performance.now();
    if (state !== 'done' || seen.done !== 0) return;
    seen.done = performance.now();
    // The frame in which the table is drawn. Where there is no session to draw, the summary is all there will be.
    let summary = 0;
    let frames = 0;
    const frame = () => {
      if (document.querySelector('[data-testid=session-row]') !== null) {
        seen.shown = performance.now();
        return;
      }
      if (document.querySelector('[data-testid=summary]') !== null) summary ||= performance.now();
      frames += 1;
      if (summary > 0 && frames > 60) seen.shown = summary;
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  new MutationObserver(look).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'], childList: true });
}

const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves the bench's own pages and the peers' packages, on this machine alone. */
async function servePeers() {
  const folders = [`${project}tests/bench/pages/`, `${project}build/bench/peers/`];
  const server = createServer((request, response) => {
    const [name = '/'] = (request.url ?? '/').split('?');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    for (const folder of folders) {
      try {
        const path = realpathSync(join(folder, decodeURIComponent(name)));
        if (!path.startsWith(folder)) continue;
        const bytes = readFileSync(path);
        response.writeHead(200, { 'Content-Type': kTypes[extname(path)] ?? 'application/octet-stream' });
        response.end(bytes);
        return;
      } catch {
        // In the next folder, or nowhere.
      }
    }
    response.writeHead(404);
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** Memory of a process as the kernel counts it, in bytes. */
function residentPeak(pid) {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0; // it ended meanwhile
  }
}

/** Setting, its field, the changed value, the first one. */
const kSettings = [
  ['window', '#setting-window', '2h', '1h'],
  ['look-back', '#setting-look-back', '1d', 'none'],
  ['as of', '#setting-as-of', 'now', 'newest'],
  ['Succeeded', '#setting-succeeded', '', ''],
  ['date order', '#setting-date-order', 'day-first', 'auto'],
  ['offset', '#setting-offset', '+05:30', ''],
];

export class BenchBrowser {
  static async start() {
    const page = await serve(`${project}build/page`, 0);
    const peers = await servePeers();
    return new BenchBrowser(page, peers);
  }

  constructor(page, peers) {
    this.page = page;
    this.peers = peers;
    this.browser = null;
    this.peersPage = null;
    this.picked = '';
  }

  async launch() {
    this.browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: kArguments });
    return this.browser;
  }

  async version() {
    return (await this.launch()).version();
  }

  /** A visit in a browser of its own where `alone`: then its memory is its own too. */
  async visit({ alone = false, workers } = {}) {
    const browser = alone ? await chromium.launch({ executablePath: '/usr/bin/chromium', args: kArguments }) : await this.launch();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    page.setDefaultTimeout(kPatienceMillis);
    await page.addInitScript(watch);
    if (workers !== undefined) {
      await page.addInitScript((count) => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => count }), workers);
    }
    await page.goto(this.page.address, { waitUntil: 'networkidle' });
    await page.locator('html[data-state=idle]').waitFor();
    const close = async () => {
      await context.close();
      if (alone) await browser.close();
    };
    return { browser, page, close };
  }

  /**
   * The page's whole way, from the drop to the table. `look` gets the page before it is closed.
   * @param {string} path a file or a folder
   * @param {{ by?: 'drop' | 'folder', workers?: number, alone?: boolean, look?: (page: import('playwright-core').Page) => Promise<void> }} how
   */
  async readPage(path, { by = 'drop', workers, alone = false, look } = {}) {
    const { browser, page, close } = await this.visit({ alone, ...(workers === undefined ? {} : { workers }) });
    try {
      if (by === 'drop') await drop(page, path);
      else await page.getByTestId('folder-input').setInputFiles(path);
      await page.waitForFunction(() => globalThis.seen.shown > 0 || document.documentElement.dataset.state === 'failed');
      const seen = await page.evaluate(() => {
        const { given, firstRead, lastRead, done, shown, peakHeap, peakBeyond, workers: all } = globalThis.seen;
        const engines = [...all.values()].filter(({ read }) => read);
        const sum = (key) => engines.reduce((total, { engine }) => total + (engine?.[key] ?? 0), 0);
        return {
          failed: document.documentElement.dataset.state === 'failed' ? document.querySelector('main').textContent : '',
          millis: shown - given,
          toList: firstRead - given,
          decoding: lastRead - firstRead,
          toTable: shown - done,
          workers: engines.length,
          peakHeap,
          peakBeyond,
          events: sum('events'),
          eventBytes: sum('heap_events_bytes'),
          textBytes: sum('heap_text_bytes'),
        };
      });
      if (seen.failed !== '') throw new Error(`the page failed on ${path}: ${seen.failed}`);
      if (!(seen.decoding > 0)) throw new Error('no worker was asked to read: the watch of tests/bench/browser.mjs knows another protocol');
      const resident = alone ? await this.residentOf(browser) : null;
      await look?.(page);
      return { ...seen, resident };
    } finally {
      await close();
    }
  }

  /** Peak resident memory of the page's process, and of all of the browser's together. */
  async residentOf(browser) {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const peaks = processInfo.map(({ type, id }) => ({ type, bytes: residentPeak(id) }));
    const renderers = peaks.filter(({ type }) => type === 'renderer').map(({ bytes }) => bytes);
    return { page: Math.max(...renderers), all: peaks.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /**
   * Opens a file and changes each setting there and back `runs` times; milliseconds from the change to the engine's answer and to the frame that
   * shows it, by setting.
   */
  async rehunt(path, runs) {
    /** @type {Map<string, { answer: number[], shown: number[] }>} */
    const times = new Map();
    let events = 0;
    const look = async (page) => {
      events = await page.evaluate(() => [...globalThis.seen.workers.values()].reduce((sum, { engine }) => sum + (engine?.events ?? 0), 0));
      await page.getByTestId('settings').locator('summary').click();
      for (let run = 0; run <= runs; run++) {
        for (const [name, id, there, back] of kSettings) {
          for (const value of [there, back]) {
            const field = page.locator(id);
            const before = await page.evaluate(() => globalThis.seen.hunts.length);
            if (id === '#setting-succeeded') await field.click();
            else if (id === '#setting-date-order') await field.selectOption(value);
            else await field.fill(value).then(() => field.press('Enter'));
            await page.waitForFunction((count) => globalThis.seen.hunts[count]?.shown > 0, before, { polling: 100 });
            const hunt = await page.evaluate((count) => globalThis.seen.hunts[count], before);
            const entry = times.get(name) ?? { answer: [], shown: [] };
            times.set(name, entry);
            if (run === 0) continue; // warms up
            entry.answer.push(hunt.answer);
            entry.shown.push(hunt.shown);
          }
        }
      }
    };
    await this.readPage(path, { look });
    return { events, times };
  }

  /**
   * The first load of the page with an empty cache: every file that it asks for, and when it can be used. `megabits`: the network's speed.
   * @param {number | null} megabits
   */
  async load(megabits) {
    const browser = await this.launch();
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.addInitScript(watch);
      const client = await context.newCDPSession(page);
      await client.send('Network.enable');
      await client.send('Network.setCacheDisabled', { cacheDisabled: true });
      if (megabits !== null) {
        const bytesPerSecond = (megabits * 1e6) / 8;
        const speed = { offline: false, latency: 40, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
        await client.send('Network.emulateNetworkConditions', speed);
      }
      const files = [];
      page.on('response', (response) => files.push(response.body().then((body) => ({ path: new URL(response.url()).pathname, body }))));
      await page.goto(this.page.address, { waitUntil: 'networkidle' });
      await page.locator('html[data-state=idle]').waitFor();
      const times = await page.evaluate(() => ({
        interactive: globalThis.seen.idle,
        wasm: performance.getEntriesByType('resource').find(({ name }) => name.endsWith('.wasm'))?.responseEnd ?? 0,
      }));
      return { ...times, files: await Promise.all(files) };
    } finally {
      await context.close();
    }
  }

  /** Sentinel rows as the page exports them, and the report itself. */
  async answerOf(path, how = {}) {
    let report = null;
    await this.readPage(path, {
      ...how,
      look: async (page) => {
        report = await exported(page);
      },
    });
    return { report, lines: linesOf(report) };
  }

  /** The page of the bench's own, with this file picked. */
  async pick(path) {
    if (this.peersPage === null) {
      const context = await (await this.launch()).newContext();
      this.peersPage = await context.newPage();
      this.peersPage.setDefaultTimeout(kPatienceMillis);
    }
    if (this.picked !== path) {
      await this.peersPage.goto(`${this.peers.address}peers.html`);
      await this.peersPage.locator('#file').setInputFiles(path);
      this.picked = path;
    }
    return this.peersPage;
  }

  /** Milliseconds of reading the file and doing nothing with it. */
  async readAlone(path, { workers, sliceBytes, ahead, streams }) {
    const page = await this.pick(path);
    await page.evaluate((count) => globalThis.startReaders(count), workers);
    return page.evaluate((how) => globalThis.readAlone(how), { workers, sliceBytes, ahead, streams });
  }

  /** The way of slicing that reads this file fastest, by one reading each. */
  async bestSlices(path, workers) {
    let best = { sliceBytes: 0, ahead: 0, streams: false, millis: Number.POSITIVE_INFINITY };
    for (const mebibytes of [4, 16, 64]) {
      if (mebibytes > 4 && mebibytes * 2 ** 20 * workers > statSync(path).size) break;
      for (const [ahead, streams] of /** @type {[number, boolean][]} */ ([
        [1, false],
        [2, false],
        [1, true],
      ])) {
        const millis = await this.readAlone(path, { workers, sliceBytes: mebibytes * 2 ** 20, ahead, streams });
        if (millis < best.millis) best = { sliceBytes: mebibytes * 2 ** 20, ahead, streams, millis };
      }
    }
    return best;
  }

  /** DuckDB-WASM in a page of its own; the file is registered before the clock starts. */
  async duckDb(path) {
    this.picked = '';
    const page = await this.pick(path);
    const version = await page.evaluate(() => globalThis.startDuckDb());
    const sql = sqlOf('table', 'picked.csv');
    return { version, run: () => page.evaluate((text) => globalThis.runDuckDb(text), sql) };
  }

  /** Ends the page of the bench's own, and what it holds. */
  async leavePeers() {
    await this.peersPage?.context().close();
    this.peersPage = null;
    this.picked = '';
  }

  async close() {
    await this.browser?.close();
    await this.page.close();
    this.peers.close();
  }
}

/** Drops a file or folder from disk, as the operating system does. */
async function drop(page, path) {
  const box = await page.getByTestId('drop-zone').boundingBox();
  if (box === null) throw new Error('the drop zone is not on the page');
  const client = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + 40 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await client.send('Input.dispatchDragEvent', { type, ...at, data });
  await client.detach();
}

export async function exported(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-json').click()]);
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}
