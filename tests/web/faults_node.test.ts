// What happens to a file on the disk while scripts/hunt's own workers read it: each thread begins with a few lines that do it at its n-th read, then
// runs the built worker. Needs build/hunt (scripts/build).

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPool } from '../../web/src/engine/pool_node';
import { parseReport, type ReportInput } from '../../web/src/engine/report';
import { defaultSettings } from '../../web/src/engine/settings';
import { filesOf } from '../../web/src/hunt/files';
import { judge } from '../../web/src/hunt/verdict';

vi.setConfig({ testTimeout: 60_000 });
const built = (name: string): URL => new URL(`../../build/hunt/${name}`, import.meta.url);
const kRecord = 250;
const kRecords = 2000;
const kPart = 80_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function content(caller: string): string {
  const record = (at: number) => {
    const body = `{"time":"2026-03-14T09:10:00Z","operationName":"A/B/WRITE","resultType":"Success","resourceId":"/SUBSCRIPTIONS/1/RESOURCEGROUPS/G","correlationId":"${at}","identity":{"claims":{"appid":"${caller}"}},"x":"`;
    return `${body}${'x'.repeat(kRecord - 3 - body.length)}"}\n`;
  };
  return Array.from({ length: kRecords }, (_, at) => record(at)).join('');
}

/** The built worker; before its read number `nth` of any thread's, `what` is done, once in all. */
function faultyWorker(path: string, nth: number, what: string): URL {
  const counter = mkdtempSync(join(folder, 'reads-'));
  const script = join(folder, 'faulty.mjs');
  writeFileSync(
    script,
    `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const path = ${JSON.stringify(path)};
const counter = ${JSON.stringify(counter)};
const read = fs.read;
// The threads count together: each number is taken by whoever makes the file of that name.
const next = () => {
  for (let number = 1; ; number += 1) {
    try {
      fs.closeSync(fs.openSync(counter + '/' + number, 'wx'));
      return number;
    } catch {}
  }
};
fs.read = (...args) => {
  if (next() === ${nth}) { ${what} }
  return read(...args);
};
syncBuiltinESMExports();
await import(${JSON.stringify(built('worker_node.mjs').href)});
`,
  );
  return pathToFileURL(script);
}

async function hunt(nth: number, what: string, workers: number): Promise<{ input: ReportInput; lines: string[]; status: number }> {
  const path = join(folder, 'export.json');
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, content('alice'));
  writeFileSync(join(folder, 'other.json'), content('mallory'));
  const then = Math.floor(Date.now() / 1000) - 60;
  utimesSync(path, then, then);
  const { sources } = filesOf([path]);
  const pool = openPool({ worker: faultyWorker(path, nth, what), wasm: built('engine.wasm') }, workers, { partBytes: kPart });
  try {
    expect(await pool.open(sources, () => undefined).done).toMatchObject({ state: 'done' });
    const report = parseReport(await pool.hunt(defaultSettings));
    const [input] = report.inputs as [ReportInput];
    expect(report.totals).toMatchObject({ bytes: input.bytes, events: input.events, rejected: input.rejected });
    expect(input.record_bytes + input.structure_bytes + input.rejected_bytes).toBe(input.bytes);
    if (!input.refused)
      expect([input.events, input.rejected]).toEqual([Math.floor(input.bytes / kRecord), input.bytes % kRecord === 0 ? 0 : 1]);
    return { input, ...judge(report, []) };
  } finally {
    pool.close();
  }
}

const kRename = `fs.renameSync(path, path + '.old');`;
const changed = /^The file was changed while it was being read/;

// A part that was read before notices at its end that the file is another.
const whatHappens: { what: string; does: string; why: RegExp }[] = [
  {
    what: 'truncated',
    does: 'fs.truncateSync(path, 150_100);',
    why: /^The file (is shorter than when it was picked: \d+ of 500000 bytes could be read|was changed while it was being read)/,
  },
  { what: 'appended to', does: `fs.appendFileSync(path, 'x');`, why: changed },
  {
    what: 'overwritten in place',
    does: `fs.writeFileSync(path, fs.readFileSync(path.replace('export', 'other')), { flag: 'r+' });`,
    why: changed,
  },
  {
    what: 'overwritten in place under its old time of change',
    does: `const { atime, mtime } = fs.statSync(path); fs.writeFileSync(path, fs.readFileSync(path.replace('export', 'other')), { flag: 'r+' }); fs.utimesSync(path, atime, mtime);`,
    why: changed,
  },
  { what: 'replaced by another of its name', does: `fs.renameSync(path.replace('export', 'other'), path);`, why: changed },
  // A file that is open is read on, whatever becomes of its name; a part that is not begun cannot be.
  {
    what: 'removed',
    does: 'fs.unlinkSync(path);',
    why: /^The file could not be opened: the file was moved, renamed or deleted \(ENOENT\)\.$/,
  },
  {
    what: 'replaced by a folder',
    does: `${kRename} fs.mkdirSync(path);`,
    why: /: (a folder stands in its place \(EISDIR\)|the file was moved, renamed or deleted \(ENOENT\))/,
  },
];

describe.each([
  // In one go there is one read; in parts, one for the plan and one or two for each part.
  { workers: 2, nth: 4 },
  { workers: 1, nth: 1 },
])('$workers workers, at the read number $nth', ({ workers, nth }) => {
  test.each(whatHappens)('a file that is $what', async ({ what, does, why }) => {
    const { input, lines, status } = await hunt(nth, does, workers);
    // What is read at once, of a file that is open, is of one version.
    if (workers === 1 && /^(removed|replaced|overwritten in place under)/.test(what)) {
      expect(input).toMatchObject({ cut: false, refused: false, events: kRecords });
      expect({ lines, status }).toEqual({ lines: [], status: 0 });
      return;
    }
    expect(input.cut).toBe(true);
    expect(input.notes.filter(({ code }) => code === 'cut')).toEqual([{ code: 'cut', message: expect.stringMatching(why) }]);
    expect(input.notes.map(({ code }) => code)).not.toContain('truncated');
    expect(status).toBe(input.bytes === 0 ? 2 : 3);
    expect(lines).toContainEqual(expect.stringMatching(/^export\.json: (The file|Reading stopped) /));
  });
});
