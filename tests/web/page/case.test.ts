// The case on the page over the real engine: the report comes in pieces, and whatever is asked meanwhile, what is shown and what leaves are of one
// hunt. Questions are answered in the order in which they are asked, each only when the test lets it be. Needs build/wasm.

import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import createEngineModule from '#engine';
import { type Answer, EngineHost, errorCodes, sentence } from '../../../web/src/engine/engine_host';
import { EngineFailure, type Pool } from '../../../web/src/engine/pool';
import type { TextKind } from '../../../web/src/engine/protocol';
import { parseReport } from '../../../web/src/engine/report';
import type { Settings } from '../../../web/src/engine/settings';
import { Case } from '../../../web/src/state/case';

const sample = readFileSync(new URL('../../../web/public/sample/development-az-activity-log.json', import.meta.url));
let wasm: WebAssembly.Module;
beforeAll(async () => {
  wasm = await WebAssembly.compile(readFileSync(new URL('../../../build/wasm/engine.wasm', import.meta.url)));
});

/** Answers one question after the other; `held` ones wait for answer(). */
class HeldPool {
  held = false;
  broken = false;
  wantedWorkers: number | null = null;
  private waiting: (() => void)[] = [];

  constructor(private readonly engine: EngineHost) {}

  open() {
    return { cancel: () => undefined, done: Promise.resolve({ state: 'done' }) };
  }
  async huntInOutline(settings: Settings) {
    const [outline, index] = await Promise.all([
      this.ask(() => {
        const answer = this.engine.hunt(settings);
        return answer.code === errorCodes.ok ? this.engine.reportOutline() : answer;
      }),
      this.ask(() => this.engine.sessionIndex()),
    ]);
    return { outline, index };
  }
  text = (kind: TextKind) => this.ask(() => this.engine.text(kind));
  report = () => this.ask(() => this.engine.reportJson());
  sessionResources = () => this.ask(() => this.engine.sessionResources());

  /** Questions that wait for an answer. */
  get asked(): number {
    return this.waiting.length;
  }

  /** Lets the next `count` held questions be answered. */
  async answer(count = Number.POSITIVE_INFINITY): Promise<void> {
    for (let left = count; left > 0 && this.waiting.length > 0; left -= 1) {
      this.waiting.shift()?.();
      await settle();
    }
  }

  private ask(question: () => Answer): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const run = () => {
        const answer = question();
        if (this.broken) reject(new EngineFailure('The reading engine stopped answering.', null));
        else if (answer.code === errorCodes.ok) resolve(answer.bytes);
        else reject(new EngineFailure(sentence(answer), answer.code));
      };
      if (this.held) this.waiting.push(run);
      else run();
    });
  }
}

/** All that follows from what happened has followed. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** Callbacks of frames that have not come; in a tab that nobody sees none does, and a timer of 100 ms takes their place. */
let frames: (() => void)[] = [];
const drawFrame = async () => {
  for (const frame of frames.splice(0)) frame();
  await settle();
};

/** Waits for nothing to change for a while, which end only here. */
let pauses: (() => void)[] = [];
const kPauseMillis = 300; // shorter ones are the browser's frames and this file's own
const becomeQuiet = async () => {
  for (const pause of pauses.splice(0)) pause();
  await settle();
};

let engine: EngineHost;
let pool: HeldPool;
let hunt: Case;
beforeEach(async () => {
  frames = [];
  pauses = [];
  const timer = globalThis.setTimeout;
  vi.stubGlobal('setTimeout', (what: () => void, millis?: number) =>
    (millis ?? 0) < kPauseMillis ? timer(what, millis) : { pauses: pauses.push(what) },
  );
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  engine = await EngineHost.start(createEngineModule, wasm);
  engine.openInput(0, 'sample.json', 'none');
  engine.write(new Uint8Array(sample));
  engine.closeInput('');
  pool = new HeldPool(engine);
  hunt = new Case(pool as unknown as Pool<File>);
  hunt.open({ sources: [{ path: 'sample.json', size: sample.length, handle: new File([sample], 'sample.json') }], unreadable: [] });
  await vi.waitFor(() => expect(hunt.phase.value).toBe('done'));
});
afterEach(() => {
  engine.close();
  vi.unstubAllGlobals();
});

/** The report with these settings, by an engine call of its own; what the case asked for before is answered already. */
function reportOf(window: string): Buffer {
  expect(engine.hunt({ ...hunt.settings.peek(), window }).code).toBe(errorCodes.ok);
  return Buffer.from(engine.reportJson().bytes);
}
/** Another window's report is shown by outline, index and what is looked at; its rest is not asked for yet, and questions are held from now on. */
async function showAnother(): Promise<void> {
  pool.held = true;
  const changed = hunt.change({ window: '2h' });
  await pool.answer(3);
  await changed;
}
const exported = async () => Buffer.from(await hunt.json());
const windowOf = (bytes: Buffer) => parseReport(new Uint8Array(bytes)).settings.window;

describe('the report on the page', () => {
  test('is shown by outline, index and what is looked at, and is whole afterwards', async () => {
    const count = hunt.report.value?.totals.sessions ?? 0;
    expect(count).toBeGreaterThan(1);
    await hunt.whole();
    const bytes = await exported();
    expect(bytes.equals(reportOf('1h'))).toBe(true);
    expect(hunt.report.value).toEqual(parseReport(new Uint8Array(bytes)));
    expect(hunt.view.resources.value?.texts.length).toBeGreaterThan(0);
    for (let at = 0; at < count; at += 1) expect(hunt.session(at)).toEqual(hunt.report.value?.sessions[at]);
  });

  test('is never mixed with that of a hunt asked for meanwhile', async () => {
    await hunt.whole();
    await showAnother();
    expect(hunt.report.value?.settings.window).toBe('2h');
    const asked = exported();
    const second = hunt.change({ window: '10m' });
    await drawFrame();
    await pool.answer();
    await second;
    pool.held = false;
    await pool.answer();
    const bytes = await asked;
    expect(windowOf(bytes)).toBe('10m');
    expect(hunt.report.value?.settings.window).toBe('10m');
    expect(hunt.fault.value).toBe('');
    expect(bytes.equals(reportOf('10m'))).toBe(true);
  });

  test('comes to its end after a change that the engine refuses', async () => {
    await hunt.whole();
    await showAnother();
    const refused = hunt.change({ window: 'soon' });
    const asked = exported();
    await drawFrame();
    await pool.answer();
    await refused;
    pool.held = false;
    await pool.answer();
    expect(hunt.settingsProblem.value).not.toBe('');
    const bytes = await asked;
    expect(windowOf(bytes)).toBe('2h');
    expect(bytes.equals(reportOf('2h'))).toBe(true);
  });

  test('leaves the engine alone until nothing changes any more, or until somebody asks for the rest', async () => {
    await hunt.whole();
    await showAnother();
    await drawFrame();
    expect(pool.asked).toBe(0);
    await becomeQuiet();
    expect(pool.asked).toBe(2);
    await pool.answer();
    expect(hunt.sessionIfHere(0)).not.toBeNull();

    const changed = hunt.change({ window: '1h' });
    await pool.answer(3);
    await changed;
    await drawFrame();
    expect(pool.asked).toBe(0);
    const whole = hunt.whole();
    await settle();
    expect(pool.asked).toBe(2);
    await pool.answer();
    await whole;
  });

  test('waits for the resources while something is searched for', async () => {
    await hunt.whole();
    const resource = hunt.session(0).operations.flatMap(({ resources }) => resources)[0] ?? '';
    expect(resource).not.toBe('');
    hunt.view.filter.value = { ...hunt.view.filter.value, search: resource };
    const before = [...hunt.order.value];
    expect(before.length).toBeGreaterThan(0);
    let least = before.length;
    const stop = hunt.view.order.subscribe((order) => {
      least = Math.min(least, order.length);
    });
    await hunt.change({ succeeded_is_success: true });
    stop();
    expect(hunt.order.value).toEqual(before);
    expect(least).toBe(before.length);
  });

  test('says that it is not whole when the engine goes while it is made, and keeps what is shown', async () => {
    await hunt.whole();
    await showAnother();
    pool.broken = true;
    const asked = hunt.json();
    const refused = expect(asked).rejects.toBeInstanceOf(EngineFailure);
    await drawFrame();
    await pool.answer();
    await refused;
    expect(hunt.phase.value).toBe('done');
    expect(hunt.fault.value).toMatch(/^Not all of the report could be made: The reading engine stopped answering\./);
    expect(hunt.sessionIfHere(hunt.order.value[0] ?? 0)?.id).toBeTruthy();
    await expect(hunt.json()).rejects.toBeInstanceOf(EngineFailure);
  });
});
