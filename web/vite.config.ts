// Builds the page into build/page: hashed assets below relative addresses, so that it can stand under any path of any static host. What the page's
// policy forbids must not be built in: no inlined data: addresses, no preload polyfill (an inline script), no style elements.
// The tests of the page's parts run by the same config (vitest reads `test`); they need neither a browser nor the engine.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  root,
  base: './',
  publicDir: `${root}public`,
  define: { __VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../build/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/web/**/*.test.ts'],
    environment: 'node',
    // What takes this long hangs; on a busy machine the largest inputs take seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
