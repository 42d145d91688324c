// What a diagnostic setting leaves in a storage account, an hour a file: one drop or one pick of the folder, one report, the bytes of the native
// hunt over the same folder. The tree comes from a seed; scripts/bench opens one of 10,000 files.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hourlyTree } from '../bench/data.mjs';
import { downloaded, drop, project, TestBrowser } from './session';

const kFiles = 300;

let browser: TestBrowser;
let folder: string;
let native: string;
beforeAll(async () => {
  browser = await TestBrowser.start();
  folder = await mkdtemp(join(tmpdir(), 'hourly-tree-'));
  hourlyTree(folder, kFiles, 20);
  const run = promisify(execFile);
  native = (await run(`${project}build/native/tests/core/native_hunt`, [folder], { maxBuffer: 2 ** 28 })).stdout;
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

it.each(['drop', 'pick'])('reads an hourly tree of 300 files by one %s', async (way) => {
  const visit = await browser.visit();
  const { page } = visit;
  if (way === 'drop') await drop(page, folder);
  else await page.getByTestId('folder-input').setInputFiles(folder);
  await page.locator('html[data-state=done]').waitFor();
  const report = (await downloaded(page, 'export-json')).bytes.toString();
  const { inputs, totals } = JSON.parse(report) as { inputs: { path: string; events: number }[]; totals: { sessions: number } };
  expect(inputs).toHaveLength(kFiles);
  expect(inputs[0]?.path).toMatch(/^resourceId=\/SUBSCRIPTIONS\/[0-9-]{36}\/y=2026\/m=03\/d=01\/h=00\/m=00\/PT1H\.json$/);
  expect(inputs.every(({ events }) => events === 20)).toBe(true);
  expect(totals.sessions).toBeGreaterThan(0);
  if (report !== native) expect(JSON.parse(report)).toEqual(JSON.parse(native));
  expect(report === native).toBe(true);
  await visit.end();
});
