// What goes wrong while the page reads, in both browsers: the file on the disk, a slice, a worker. Whatever happens, the page says what and what to
// do, marks the result as partial unless it is whole, and never shows a total that is not that of the bytes it says it has read.
// The faulty page (faulty_page.ts) holds the reading back until the file is changed, so nothing here waits for luck. Every record is 1,000 bytes:
// from the bytes that were read follows how many events there must be.

import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportInput } from '../../web/src/engine/report';
import { type BrowserName, browsers, type FaultyBrowser, type Kill, startFaulty, type Tab } from './faulty_page';

const kRecord = 1000;
// After so much the workers look at a file again (web/src/engine/file_source.ts).
const kSlice = 16 * 1024 * 1024;
// Three slices, read by one worker; what a worker reads at a time; five slices; and more than two parts, read by all.
const kSmall = 40_000;
const kTurn = 9_000;
const kWhole = 80_000;
const kParts = 144_000;

let folder = '';
let original = '';
let other = '';

/** Records of one caller, each with the number of its place in it. */
function write(path: string, records: number, caller: string): string {
  const file = openSync(path, 'w');
  for (let first = 0; first < records; first += 1000) {
    let block = '';
    for (let at = first; at < Math.min(first + 1000, records); at += 1) {
      const time = `2026-03-${String(1 + (at % 28)).padStart(2, '0')}T${String(at % 24).padStart(2, '0')}:10:00Z`;
      const operationName = at % 500 === 0 ? 'MICROSOFT.PORTAL/CONSOLES/WRITE' : 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE';
      const identity = { claims: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': `${caller}${at % 7}@contoso.com` } };
      const record = JSON.stringify({ time, operationName, resultType: 'Success', correlationId: `c-${at}`, identity, padding: '' });
      block += `${record.slice(0, -2)}${'x'.repeat(kRecord - 1 - record.length)}"}\n`;
    }
    writeSync(file, block);
  }
  closeSync(file);
  return path;
}

/** A fresh file with the first records of the original. */
function copy(name: string, records: number): string {
  const path = join(folder, name);
  copyFileSync(original, path);
  truncateSync(path, records * kRecord);
  // As an export that lay there for a while.
  const then = Math.floor(Date.now() / 1000) - 60;
  utimesSync(path, then, then);
  return path;
}

/** Puts the other caller's records in place of the file's, without a new file. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  const from = openSync(other, 'r');
  const { size } = statSync(path);
  const block = Buffer.alloc(1_000_000);
  for (let at = 0; at < size; at += block.byteLength) writeSync(file, block, 0, readSync(from, block, 0, block.byteLength, at), at);
  closeSync(from);
  closeSync(file);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudshell-hunt-'));
  original = write(join(folder, 'original.json'), kParts, 'alice');
  other = write(join(folder, 'other.json'), kParts, 'mallory');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Expected {
  /** Of the one note on why it is not whole; null: it is whole. */
  why: RegExp | null;
  /** Where that is known. */
  bytes?: number;
}

const moved =
  /^Reading stopped after \d+ of \d+ bytes: the file was moved, renamed or deleted \(NotFoundError\)\. What was read until then is in the result; open the file again to have all of it\.$/;
const stopped = (word: string) =>
  new RegExp(
    `^Reading stopped after \\d+ of \\d+ bytes: the file may have been changed, moved, deleted or locked, or permission to read it taken away \\(${word}\\)\\. What was read until then is in the result; open the file again to have all of it\\.$`,
  );
const changed =
  /^The file was changed while it was being read: what was read may mix two versions of it\. Open it again when nothing writes to it any more\.$/;
const shorter =
  /^The file is shorter than when it was picked: \d+ of \d+ bytes could be read\. What was read until then is in the result; open the file again to have all of it\.$/;

/** Chromium reads no further once a file's time of change is another; Firefox reads what is there. */
const changes: { what: string; change(path: string): void; chromium: Expected; firefox: Expected }[] = [
  {
    what: 'removed',
    change: unlinkSync,
    chromium: { why: moved, bytes: kSlice },
    firefox: { why: stopped('AbortError'), bytes: kSlice },
  },
  {
    what: 'truncated',
    change: (path) => truncateSync(path, 25_000_500),
    chromium: { why: stopped('NotReadableError'), bytes: kSlice },
    firefox: { why: shorter, bytes: 25_000_500 },
  },
  {
    what: 'appended to',
    change: (path) => appendFileSync(path, 'x'.repeat(5000)),
    chromium: { why: stopped('NotReadableError'), bytes: kSlice },
    // All of what was picked is there as it was.
    firefox: { why: null, bytes: kSmall * kRecord },
  },
  {
    what: 'overwritten in place',
    change: overwrite,
    chromium: { why: stopped('NotReadableError'), bytes: kSlice },
    firefox: { why: changed, bytes: kSmall * kRecord },
  },
  {
    what: 'overwritten in place under its old time of change',
    change: (path) => {
      const { atime, mtime } = statSync(path);
      overwrite(path);
      utimesSync(path, atime, mtime);
    },
    chromium: { why: changed, bytes: kSmall * kRecord },
    firefox: { why: changed, bytes: kSmall * kRecord },
  },
  {
    what: 'replaced by another of its name',
    change: (path) => {
      copyFileSync(other, `${path}.new`);
      truncateSync(`${path}.new`, kSmall * kRecord);
      renameSync(`${path}.new`, path);
    },
    chromium: { why: stopped('NotReadableError'), bytes: kSlice },
    firefox: { why: changed, bytes: kSmall * kRecord },
  },
  {
    // What a test that runs as root can do so that the file really cannot be opened; permission taken away is made up below.
    what: 'replaced by a folder',
    change: (path) => {
      unlinkSync(path);
      mkdirSync(path);
    },
    chromium: { why: moved, bytes: kSlice },
    firefox: { why: stopped('AbortError'), bytes: kSlice },
  },
];

describe.each(browsers)('in %s', (name: BrowserName) => {
  let browser: FaultyBrowser;
  beforeAll(async () => {
    browser = await startFaulty(name);
  });
  afterAll(() => browser?.close());

  /** Books that come out, of the records that lie in the bytes that were read. */
  function expectSound({ totals, inputs }: Report): ReportInput {
    expect(inputs).toHaveLength(1);
    const [input] = inputs as [ReportInput];
    const whole = Math.floor(input.bytes / kRecord);
    const cut = input.bytes % kRecord;
    expect(input).toMatchObject({ events: whole, other: 0, rejected: cut === 0 ? 0 : 1, framed: whole + (cut === 0 ? 0 : 1) });
    expect(input.record_bytes + input.structure_bytes + input.rejected_bytes).toBe(input.bytes);
    expect(totals).toMatchObject({ bytes: input.bytes, events: input.events, rejected: input.rejected });
    return input;
  }

  async function expectResult(tab: Tab, path: string, { why, bytes }: Expected): Promise<void> {
    expect(await tab.settled()).toBe('done');
    const { report } = await tab.report();
    const input = expectSound(report);
    if (bytes !== undefined) expect(input.bytes).toBe(bytes);
    const troubles = input.notes.filter(({ code }) => code === 'cut' || code === 'truncated');
    expect(input).toMatchObject({ cut: why !== null, refused: false });
    const remarks = await tab.text('.remarks');
    if (why === null) {
      expect(troubles).toEqual([]);
      expect(remarks).not.toContain('partial');
    } else {
      expect(troubles).toEqual([{ code: 'cut', message: expect.stringMatching(why) }]);
      expect(remarks).toContain(`${path.split('/').at(-1)} could not be read whole, or not as one version: this result is partial.`);
    }
    await tab.close();
  }

  describe('a file that is', () => {
    it.each(changes)('$what while it is read', async ({ change, ...expected }) => {
      const path = copy('export.json', kSmall);
      const tab = await browser.tab();
      await tab.plan({ holdAt: 2 });
      await tab.open(path);
      await tab.held();
      change(path);
      await tab.goOn();
      await expectResult(tab, path, expected[name]);
      rmSync(path, { recursive: true, force: true });
    });

    // Each worker reads its own parts: what one of them has read, another one may find changed.
    it.each([
      { what: 'removed', change: unlinkSync, why: name === 'chromium' ? moved : stopped('AbortError') },
      {
        what: 'truncated',
        change: (path: string) => truncateSync(path, 70_000_500),
        why: name === 'chromium' ? stopped('NotReadableError') : shorter,
      },
      { what: 'overwritten in place', change: overwrite, why: name === 'chromium' ? stopped('NotReadableError') : changed },
    ])('$what while its parts are read', async ({ change, why }) => {
      const path = copy('parts.json', kParts);
      const tab = await browser.tab();
      await tab.plan({ holdAt: 4 });
      await tab.open(path);
      await tab.held();
      change(path);
      await tab.goOn();
      await expectResult(tab, path, { why });
      rmSync(path, { force: true });
    });

    it('gone before it is read: it is not read, and the others are', async () => {
      const path = copy('gone.json', kSmall);
      const small = copy('small.json', 3);
      const tab = await browser.tab();
      await tab.plan({ holdAt: 1 });
      await tab.open(path, small);
      await tab.held();
      unlinkSync(path);
      await tab.goOn();
      expect(await tab.settled()).toBe('done');
      const { report } = await tab.report();
      expect(report.inputs).toMatchObject([
        {
          path: 'gone.json',
          refused: true,
          bytes: 0,
          notes: [{ code: 'unreadable', message: expect.stringMatching(/^The file could not be opened: /) }],
        },
        { path: 'small.json', refused: false, cut: false, events: 3 },
      ]);
      expect(report.totals.events).toBe(3);
      expect(await tab.text('.remarks')).toContain('gone.json could not be read and is missing here.');
      await tab.close();
    });
  });

  describe('a slice', () => {
    it.each([2, 5])('that fails at the call number %i ends the file there', async (nth) => {
      const tab = await browser.tab();
      await tab.plan({ failAt: nth });
      const path = copy('export.json', kWhole);
      await tab.open(path);
      await expectResult(tab, path, { why: stopped('NotReadableError'), bytes: (nth - 1) * kSlice });
    });

    it('that fails at the first call refuses the file', async () => {
      const tab = await browser.tab();
      await tab.plan({ failAt: 1 });
      await tab.open(copy('export.json', kSmall));
      expect(await tab.settled()).toBe('done');
      const { report } = await tab.report();
      expect(report).toMatchObject({ totals: { events: 0 }, inputs: [{ refused: true, notes: [{ code: 'unreadable' }] }] });
      await tab.close();
    });

    it.each([1, 2, 4])('that comes short at the call number %i ends the file there', async (nth) => {
      const tab = await browser.tab();
      await tab.plan({ shortAt: nth });
      const path = copy('export.json', kWhole);
      await tab.open(path);
      const from = (nth - 1) * kSlice;
      await expectResult(tab, path, { why: shorter, bytes: from + Math.floor(Math.min(kSlice, kWhole * kRecord - from) / 2) });
    });
  });

  describe('files of no use', () => {
    it.each([
      { what: 'no byte', make: (path: string) => writeFileSync(path, ''), code: 'empty', says: 'The file is empty.', refused: false },
      {
        what: 'one byte',
        make: (path: string) => writeFileSync(path, 'x'),
        code: 'not_a_log',
        says: /^This is text, but neither JSON nor a table/,
        refused: true,
      },
      {
        what: '10 GB of zeros',
        make: (path: string) => {
          writeFileSync(path, '');
          truncateSync(path, 10 * 2 ** 30);
        },
        code: 'binary',
        says: /^This is a binary file, not a log/,
        refused: true,
      },
    ])('$what: a sentence, no event', async ({ make, code, says, refused }) => {
      const path = join(folder, 'useless.json');
      make(path);
      const tab = await browser.tab();
      await tab.open(path);
      expect(await tab.settled()).toBe('done');
      const { report } = await tab.report();
      expect(report.totals).toMatchObject({ bytes: statSync(path).size, events: 0, framed: 0 });
      expect(report.inputs).toMatchObject([{ refused, notes: [{ code, message: expect.stringMatching(says) }] }]);
      await tab.close();
      rmSync(path);
    });

    // Beyond 2 GB where that is quick.
    const size = name === 'chromium' ? 2 ** 31 + 2 ** 20 : 3 * 2 ** 27;
    it(`4,000 bytes of records and zeros up to ${size} bytes: the records count, the zeros are one reject`, async () => {
      const path = copy('sparse.json', 4);
      truncateSync(path, size);
      const tab = await browser.tab();
      await tab.open(path);
      expect(await tab.settled()).toBe('done');
      const { report } = await tab.report();
      const [input] = report.inputs as [ReportInput];
      expect(input).toMatchObject({ events: 4, rejected: 1, bytes: size, rejected_bytes: size - 4 * kRecord });
      await tab.close();
      rmSync(path);
    });
  });

  describe('a worker', () => {
    it('that is ended without a word, at ten places of a reading: all is read again and nothing twice, or the page says that it failed', async () => {
      // Each is one turn of a worker.
      const files = [0, 1, 2, 3, 4].map((at) => copy(`export ${at}.json`, kTurn));
      const undisturbed = await browser.tab();
      await undisturbed.open(...files);
      expect(await undisturbed.settled()).toBe('done');
      const expected = (await undisturbed.report()).bytes;
      const { asks } = await undisturbed.asked();
      await undisturbed.close();

      // How many images a store takes varies with what each worker has read; there are always some.
      const places = [...new Set(asks)].flatMap((ask) => {
        const times = Math.min(asks.filter((other) => other === ask).length, 4);
        return Array.from({ length: times }, (_, at) => [0, 1].map((after): Kill => ({ ask, nth: at + 1, after }))).flat();
      });
      const random = seeded(20_260_314);
      const kills = Array.from({ length: 10 }, () => places.splice(Math.floor(random() * places.length), 1)).flat();
      expect(kills).toHaveLength(10);
      const tabs = await Promise.all(kills.map(() => browser.tab()));
      const states = await Promise.all(
        tabs.map(async (tab, at) => {
          await tab.kill(kills[at] as Kill);
          await tab.open(...files);
          return tab.settled();
        }),
      );
      for (const [at, tab] of tabs.entries()) {
        const kill = `killed at ${JSON.stringify(kills[at])}`;
        const { killed } = await tab.asked();
        expect(killed, kill).toHaveLength(1);
        const { ask, after } = kills[at] as Kill;
        if (states[at] === 'done' && ['text', 'session-resources', 'report'].includes(ask)) {
          // The answer is shown, and the rest of the report is gone with the worker.
          await expect
            .poll(() => tab.text('.result > [role=alert]'), { timeout: 30_000, message: kill })
            .toMatch(/Not all of the report could be made: .*What is shown may be incomplete\./);
        } else if (states[at] === 'done') {
          const { bytes } = await tab.report();
          expect(bytes.equals(expected), kill).toBe(true);
        } else {
          // What was read is gone with the worker that held all of it: at the answer's first questions, or once the last store was handed over.
          expect(ask === 'end-import' ? `${ask}, ${after}` : ask, kill).toBeOneOf(['hunt', 'session-index', 'text', 'end-import, 1']);
          expect(await tab.text('.failed'), kill).toMatch(
            /The reading engine stopped answering\.[\s\S]*Nothing was sent or kept\.[\s\S]*Start again/,
          );
        }
        await tab.close();
      }
    });

    it('that hangs is ended, and all is read by others', async () => {
      const tab = await browser.tab();
      await tab.plan({ hangAt: 3 }, 1);
      const path = copy('parts.json', kParts);
      await tab.open(path);
      await expectResult(tab, path, { why: null, bytes: kParts * kRecord });
    });
  });

  it('a reload while it reads leaves nothing', async () => {
    const tab = await browser.tab();
    await tab.plan({ holdAt: 2 });
    await tab.open(copy('export.json', kSmall));
    await tab.held();
    await tab.reload();
    const left = await tab.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      cookies: document.cookie,
      hash: location.hash,
      picked: Array.from(document.querySelectorAll<HTMLInputElement>('input[type=file]'), ({ files }) => files?.length ?? 0),
      shown: document.body.innerText.includes('export.json'),
    }));
    expect(left).toEqual({ local: 0, session: 0, databases: 0, caches: 0, cookies: '', hash: '', picked: [0, 0], shown: false });
    expect((await tab.asked()).asks).toEqual([]);
    await tab.close();
  });
});

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
