// Bundles scripts/hunt: the command line and its worker thread as two modules that need nothing but Node, with the engine's wasm beside them.
// The same sources as the page's, so both read alike. Needs build/wasm (scripts/build).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const project = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  root: project('web'),
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    outDir: project('build/hunt'),
    emptyOutDir: true,
    rolldownOptions: {
      input: { hunt: project('web/src/hunt/hunt.ts'), worker_node: project('web/src/engine/worker_node.ts') },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    },
  },
  plugins: [
    {
      name: 'engine-wasm-beside-the-program',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'engine.wasm', source: readFileSync(project('build/wasm/engine.wasm')) });
      },
    },
  ],
});
