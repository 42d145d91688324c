// The server of scripts/serve as a program: the headers that keep the evidence in the browser are on every response, whatever is asked for, and
// nothing outside the folder is ever sent. The expected policy is written out here, not taken from the code under test.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// Programs are started; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const project = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const expected = new Map([
  [
    'content-security-policy',
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; " +
      "manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; " +
      "require-trusted-types-for 'script'; trusted-types cloudshell-hunt; sandbox allow-scripts allow-same-origin allow-downloads",
  ],
  ['connection-allowlist', '(response-origin)'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-embedder-policy', 'require-corp'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
]);

let place: string;
let server: ChildProcess;
let address: string;

/** Starts the program and waits for the line that names its address. */
async function start(folder: string, port: string): Promise<{ process: ChildProcess; address: string }> {
  const started = spawn(process.execPath, [project('web/server/serve.mjs'), folder, port], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of started.stdout.setEncoding('utf8')) {
    said += text;
    const found = /http:\/\/127\.0\.0\.1:[0-9]+\//.exec(said);
    if (found !== null) return { process: started, address: found[0] };
  }
  throw new Error(`the server ended without an address; it said: ${said}`);
}

/** One request as these bytes, since fetch tidies a path up before it is sent. */
async function raw(line: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.write(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let said = '';
  for await (const text of socket.setEncoding('utf8')) said += text;
  return said;
}

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'server-test-'));
  const page = join(place, 'page');
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(place, 'secret.txt'), 'secret');
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(page, 'sample.json'), '[]');
  writeFileSync(join(page, 'assets/worker.js'), 'onmessage = () => {};');
  writeFileSync(join(page, 'assets/engine.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  writeFileSync(join(page, 'assets/a b%.json'), '{}');
  writeFileSync(join(page, 'assets/unknown.xyz'), '?');
  symlinkSync(join(place, 'secret.txt'), join(page, 'link.txt'));
  ({ process: server, address } = await start(page, '0'));
});

afterAll(() => {
  server.kill('SIGKILL');
  rmSync(place, { recursive: true });
});

function expectHeaders(headers: Headers) {
  for (const [name, value] of expected) expect([name, headers.get(name)]).toEqual([name, value]);
  const permissions = (headers.get('permissions-policy') ?? '').split(', ');
  const kept = permissions.filter((feature) => !feature.endsWith('=()'));
  expect(kept).toEqual(['clipboard-write=(self)', 'cross-origin-isolated=(self)']);
  for (const feature of ['camera', 'microphone', 'geolocation', 'clipboard-read', 'usb', 'serial', 'display-capture']) {
    expect(permissions).toContain(`${feature}=()`);
  }
}

describe('every response carries the headers', () => {
  test.each([
    ['the page', 'GET', '', 200, 'text/html; charset=utf-8'],
    ['the page by name', 'GET', 'index.html', 200, 'text/html; charset=utf-8'],
    ['the page with a query', 'GET', '?x=1', 200, 'text/html; charset=utf-8'],
    ['a worker', 'GET', 'assets/worker.js', 200, 'text/javascript; charset=utf-8'],
    ['wasm', 'GET', 'assets/engine.wasm', 200, 'application/wasm'],
    ['a name with escapes', 'GET', 'assets/a%20b%25.json', 200, 'application/json; charset=utf-8'],
    ['a type it does not know', 'GET', 'assets/unknown.xyz', 200, 'application/octet-stream'],
    ['only the head', 'HEAD', 'assets/engine.wasm', 200, 'application/wasm'],
    ['what is not there', 'GET', 'nothing.js', 404, 'text/plain; charset=utf-8'],
    ['a folder', 'GET', 'assets', 404, 'text/plain; charset=utf-8'],
    ['a folder without a page', 'GET', 'assets/', 404, 'text/plain; charset=utf-8'],
    ['a bad escape', 'GET', '%E0%A4%A', 404, 'text/plain; charset=utf-8'],
    ['a link that leads out', 'GET', 'link.txt', 404, 'text/plain; charset=utf-8'],
    ['something sent', 'POST', '', 405, 'text/plain; charset=utf-8'],
  ])('%s', async (_, method, path, status, type) => {
    const response = await fetch(address + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(type);
    expectHeaders(response.headers);
    expect(await response.text()).not.toContain('secret');
  });
});

test('the bytes are the file', async () => {
  const bytes = new Uint8Array(await (await fetch(`${address}assets/engine.wasm`)).arrayBuffer());
  expect(bytes).toEqual(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
});

test('what is text or wasm is sent compressed to who takes it, once that is done, and is the same file; a changed file is compressed anew', async () => {
  const path = join(place, 'page/assets/long.js');
  const ask = (encoding: string) => fetch(`${address}assets/long.js`, { headers: { 'Accept-Encoding': encoding } });
  for (const text of ['a();'.repeat(1000), 'b();'.repeat(2000)]) {
    writeFileSync(path, text);
    await vi.waitUntil(async () => {
      const response = await ask('gzip, br');
      expect(await response.text()).toBe(text);
      return response.headers.get('content-encoding') === 'br';
    });
    const response = await ask('gzip, br');
    expectHeaders(response.headers);
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200);
    expect(await response.text()).toBe(text);
    const plain = await ask('identity');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('content-length')).toBe(String(text.length));
    expect(await plain.text()).toBe(text);
  }
  const other = await fetch(`${address}assets/unknown.xyz`, { headers: { 'Accept-Encoding': 'br' } });
  expect(other.headers.get('content-encoding')).toBeNull();
});

test('files named after their content are kept by the browser, so that workers start without a network; nothing else is', async () => {
  const kept = async (path: string) => (await fetch(address + path)).headers.get('cache-control');
  expect(await kept('assets/worker.js')).toBe('public, max-age=31536000, immutable');
  for (const path of ['', 'index.html', 'sample.json', 'assets/nothing.js']) expect([path, await kept(path)]).toEqual([path, 'no-cache']);
});

test.each([
  'GET /../secret.txt',
  'GET /assets/../../secret.txt',
  'GET /%2e%2e/secret.txt',
  'GET /..%2fsecret.txt',
  'GET /%00',
  'GET secret.txt',
])('nothing outside the folder: %s', async (line) => {
  const answer = await raw(line);
  expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  expect(answer).not.toContain('secret');
});

test('a port that is taken is said in a sentence', () => {
  const port = new URL(address).port;
  let said = '';
  try {
    execFileSync(process.execPath, [project('web/server/serve.mjs'), join(place, 'page'), port], { stdio: 'pipe' });
  } catch (error) {
    said = String((error as { stderr: Buffer }).stderr);
  }
  expect(said).toBe(`serve: port ${port} is taken by another program; choose one with --port N\n`);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it cleanly, with a connection open', async (signal) => {
  const started = await start(join(place, 'page'), '0');
  const idle = connect(Number(new URL(started.address).port), '127.0.0.1');
  await once(idle, 'connect');
  idle.on('error', () => {}); // the server may reset it; that is its way to close what it did not open
  started.process.kill(signal);
  expect(await once(started.process, 'exit')).toEqual([0, null]);
  idle.destroy();
});

test('the table in README.md says the same, and the printed list says all', () => {
  const readme = readFileSync(project('README.md'), 'utf8');
  const rows = new Map([...readme.matchAll(/^\| `([A-Za-z-]+)` \| `(.+)` \|$/gm)].map((row) => [row[1]?.toLowerCase(), row[2]]));
  for (const [name, value] of expected) expect([name, rows.get(name)]).toEqual([name, value]);

  const printed = new Headers();
  for (const line of execFileSync(process.execPath, [project('web/server/headers.mjs')], { encoding: 'utf8' })
    .trim()
    .split('\n')) {
    printed.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2));
  }
  expectHeaders(printed);
});
