// What could carry evidence away if hostile code ever ran in the page, tried one by one, in both browsers. Each probe is first run from a page without
// a policy (the control: the listener does hear it, so silence means something), then from our page. What no policy can forbid in a browser is
// in the table as such and must be heard: a verdict that stops to hold, in either direction, fails.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as listenForTcp, type Socket } from 'node:net';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../web/server/serve.mjs';
import { type BrowserName, probes } from './egress_probes';
import { chromiumArguments, kPage } from './session';

// The control's own time times this, and this much at least, is how long our page is listened to before its silence counts.
const kPatienceFactor = 4;
const kPatienceMillis = 1_000;
// A control that takes longer than this has failed.
const kControlMillis = 20_000;

/** Hears any connection or datagram that comes to a port of its own. */
class Listener {
  heard = false;
  private tell: () => void = () => undefined;
  private readonly first = new Promise<void>((resolve) => {
    this.tell = resolve;
  });
  private readonly sockets = new Set<Socket>();
  private readonly udp = createSocket('udp4');
  private readonly tcp = listenForTcp((socket) => {
    this.hear();
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'));
  });

  static async start(): Promise<Listener> {
    const listener = new Listener();
    await new Promise<void>((resolve) => listener.tcp.listen(0, '127.0.0.1', resolve));
    listener.udp.on('message', () => listener.hear());
    await new Promise<void>((resolve) => listener.udp.bind(listener.port, '127.0.0.1', resolve));
    return listener;
  }

  private get port(): number {
    return (this.tcp.address() as AddressInfo).port;
  }
  get address(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  private hear(): void {
    this.heard = true;
    this.tell();
  }

  /** True as soon as something was heard, false when nothing was until then. */
  async hearsWithin(millis: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      this.first,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, millis);
      }),
    ]);
    clearTimeout(timer);
    return this.heard;
  }

  close(): void {
    this.tcp.close();
    for (const socket of this.sockets) socket.destroy();
    this.udp.close();
  }
}

interface Driver {
  /** Opens an address in a page of its own, runs a program there without waiting for its end, and gives what closes the page. */
  run(address: string, source: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

// A probe that leaves its page takes the answer of its own evaluation with it.
const ended = () => undefined;

const drivers: Record<BrowserName, () => Promise<Driver>> = {
  chromium: async () => {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments });
    return {
      run: async (address, source) => {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(address);
        page.evaluate(source).catch(ended);
        return () => context.close();
      },
      close: () => browser.close(),
    };
  },
  firefox: async () => {
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
    // A page is opened in whatever window is in front, which must not be one that a probe has opened and that is being closed.
    let windows: Promise<unknown> = Promise.resolve();
    const alone = <T>(what: () => Promise<T>): Promise<T> => {
      const done = windows.then(what);
      windows = done.catch(() => undefined);
      return done;
    };
    return {
      run: async (address, source) => {
        const context = await browser.createBrowserContext();
        const page = await alone(() => context.newPage());
        await page.goto(address);
        page.evaluate(source).catch(ended);
        return () => alone(() => context.close());
      },
      close: () => browser.close(),
    };
  },
};

let ours: Awaited<ReturnType<typeof serve>>;
const unprotected = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<!doctype html><link rel="icon" href="data:,"><title>no policy</title><body>');
});
let control: string;
beforeAll(async () => {
  ours = await serve(kPage, 0);
  await new Promise<void>((resolve) => unprotected.listen(0, '127.0.0.1', resolve));
  control = `http://127.0.0.1:${(unprotected.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await ours?.close();
  unprotected.close();
  unprotected.closeAllConnections();
});

describe.each(['chromium', 'firefox'] as const)('%s', (name) => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await drivers[name]();
  });
  afterAll(() => driver?.close());

  /** How long it took to be heard, or null. */
  async function millisUntilHeard(address: string, source: (to: string) => string, patience: number): Promise<number | null> {
    const listener = await Listener.start();
    const started = performance.now();
    const leave = await driver.run(address, `(async () => { ${source(listener.address)} })()`);
    const heard = await listener.hearsWithin(patience);
    const millis = performance.now() - started;
    await leave();
    listener.close();
    return heard ? millis : null;
  }

  // Side by side, since most of the time goes into listening; each has its own port and its own storage.
  it.concurrent.each(probes)('$name', async ({ source, never, sends }) => {
    const stolen = (to: string) => source(to, 'evidence');
    const cannot = never?.[name] !== undefined;
    const inControl = await millisUntilHeard(control, stolen, cannot ? kPatienceMillis : kControlMillis);
    expect(inControl !== null, 'heard from a page without a policy').toBe(!cannot);
    const patience = Math.max(kPatienceMillis, kPatienceFactor * (inControl ?? 0));
    const fromOurs = await millisUntilHeard(ours.address, stolen, patience);
    expect(fromOurs !== null, 'heard from our page').toBe(sends?.includes(name) ?? false);
  });
});
