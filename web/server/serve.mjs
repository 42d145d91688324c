// Serves the built page on this machine alone (127.0.0.1), with Node's own modules and nothing else: what guards the evidence should be short
// enough to read. Invariants: every response, 404 and 405 included, carries the security headers; only files inside the folder are sent.
// As a program: node web/server/serve.mjs FOLDER PORT. It prints the address once it listens and ends on SIGINT or SIGTERM.

import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { securityHeaders } from './headers.mjs';

// With nosniff a browser runs a script, worker or wasm only under its right type.
/** @type {ReadonlyMap<string, string>} */
const types = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.jsonl', 'application/x-ndjson; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.woff2', 'font/woff2'],
]);

// The build names the files in assets/ after their content, so they never change: an open page that has lost the network starts its workers from
// the browser's cache. All else is asked for again, lest the page of a new build be the old one.
const kForever = 'public, max-age=31536000, immutable';
const kAskAgain = 'no-cache';

// What is text, and wasm, is sent compressed to whoever takes it, as static hosts do: the first load falls to a third. Each file is compressed
// once, as well as Brotli can, and kept until it changes. That takes a second for the engine, so until it is done the file is sent as it is.
const kCompressed = /^(text\/|application\/(wasm|json|manifest)|image\/svg)/;
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
/** @type {Map<string, { changed: number, bytes: Buffer | null }>} */
const compressed = new Map();

/**
 * The file compressed, or null while it is not yet.
 * @param {string} path
 * @param {number} changed its time of change
 */
function compressedIfReady(path, changed) {
  const kept = compressed.get(path);
  if (kept?.changed === changed) return kept.bytes;
  /** @type {{ changed: number, bytes: Buffer | null }} */
  const entry = { changed, bytes: null };
  compressed.set(path, entry);
  readFile(path)
    .then((content) => promisify(brotliCompress)(content, best))
    .then((bytes) => {
      entry.bytes = bytes;
    })
    .catch(() => compressed.delete(path)); // it went away; the next request says so
  return null;
}

/**
 * The file that a request's target names, or null when there is none inside `folder`. Links are resolved first, so none leads out.
 * @param {string} folder a real path
 * @param {string} target path and query as they stand in the request line
 * @returns {Promise<{ path: string, bytes: number, changed: number } | null>}
 */
async function fileOf(folder, target) {
  try {
    const name = decodeURIComponent(target.replace(/[?#].*$/s, ''));
    if (!name.startsWith('/') || name.includes('\0')) return null;
    const path = await realpath(join(folder, name.endsWith('/') ? `${name}index.html` : name));
    const found = await stat(path);
    return path.startsWith(folder + sep) && found.isFile() ? { path, bytes: found.size, changed: found.mtimeMs } : null;
  } catch {
    return null; // not there, not readable, or not a valid escape: one answer for all
  }
}

/**
 * Starts to serve `folder`; port 0 takes any free one. Rejects when the port is taken.
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<{ address: string, close: () => Promise<void> }>} the address ends in '/'
 */
export async function serve(folder, port) {
  const root = await realpath(folder);
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const say = (/** @type {number} */ status, /** @type {string} */ text) => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': kAskAgain });
      response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return say(405, 'This server only hands out the page; nothing can be sent to it.');
    }
    const file = await fileOf(root, request.url ?? '');
    if (file === null) return say(404, 'There is no such file here.');
    const type = types.get(extname(file.path)) ?? 'application/octet-stream';
    response.setHeader('Content-Type', type);
    response.setHeader('Cache-Control', file.path.startsWith(join(root, 'assets') + sep) ? kForever : kAskAgain);
    if (kCompressed.test(type)) {
      response.setHeader('Vary', 'Accept-Encoding');
      const bytes = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? '')) ? compressedIfReady(file.path, file.changed) : null;
      if (bytes !== null) {
        response.writeHead(200, { 'Content-Encoding': 'br', 'Content-Length': bytes.byteLength });
        response.end(request.method === 'HEAD' ? undefined : bytes);
        return;
      }
    }
    response.writeHead(200, { 'Content-Length': file.bytes });
    if (request.method === 'HEAD') return response.end();
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
  });
  // What is no HTTP request never reaches the function above.
  server.on('clientError', (_, socket) => {
    const head = Object.entries({ ...securityHeaders, 'Content-Length': '0', Connection: 'close' });
    if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a server on a port has an address with a port');
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function main() {
  const [folder = '', port = ''] = process.argv.slice(2);
  try {
    const served = await serve(folder, Number(port));
    // Before the address is said: who reads it may end the server at once.
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => served.close().then(() => process.exit(0)));
    process.stdout.write(`CloudShell Hunt is at ${served.address} (Ctrl-C ends it)\n`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const why =
      code === 'EADDRINUSE'
        ? `port ${port} is taken by another program; choose one with --port N`
        : code === 'EACCES'
          ? `port ${port} may not be used by this user; choose one above 1023 with --port N`
          : code === 'ENOENT'
            ? `there is no folder ${folder}; scripts/build page makes it`
            : String(error);
    process.stderr.write(`serve: ${why}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
