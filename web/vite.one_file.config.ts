// Builds the page as one HTML file, for a share, a mail or a host that cannot send headers: it opens from file:// with no server. Everything is inside:
// the workers as classic scripts in blobs (a blob module worker fails from file:// in Chromium), engine and sample compressed, styles and script
// by hash in the page's own policy. Invariant: that policy lets no connection out, and nothing in the file asks for one.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build, defineConfig, type Plugin } from 'vite';
import { trustedTypesPolicy } from './server/headers.mjs';

const project = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { version } = JSON.parse(readFileSync(project('package.json'), 'utf8')) as { version: string };

const kEntry = 'virtual:one-file-entry';
const kFiles = 'virtual:one-file-files';

const classic = { format: 'iife', codeSplitting: false } as const;

/** A classic script has no import.meta: what asks for it (the preload helper, the glue's own address) runs without one. */
function onLog(level: string, log: { code?: string }, say: (level: never, log: never) => void): void {
  if (log.code !== 'EMPTY_IMPORT_META') say(level as never, log as never);
}

/** The engine's glue names its wasm by an address that a blob cannot be the base of; the page hands over the compiled module instead. */
const glueWithoutAddress: Plugin = {
  name: 'glue-without-address',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/build\/wasm\/[\w-]+\.mjs$/.test(id)) return null;
    const without = code.replace(/new URL\(("[\w.-]+\.wasm"),\s*import\.meta\.url\)/, '$1');
    if (without === code) throw new Error(`${id} names its wasm in another way than expected`);
    return { code: without, map: null };
  },
};

/** The worker and all it may import, as one classic script. */
async function workerScript(path: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: project('web'),
    logLevel: 'warn',
    publicDir: false,
    plugins: [glueWithoutAddress],
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: path, output: classic, onLog },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  const [script, ...more] = outputs;
  if (script?.type !== 'chunk' || more.length > 0) throw new Error(`${path} is not one script`);
  return script.code;
}

function oneFile(): Plugin {
  const files = new Map<string, { type: string; base64: string }>();
  const add = (address: string, path: string, type: string) => {
    files.set(address, { type, base64: deflateRawSync(readFileSync(path), { level: 9 }).toString('base64') });
  };
  return {
    name: 'one-file',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (id === kEntry || id === kFiles) return `\0${id}`;
      if (id.endsWith('?worker&url') || id.endsWith('.wasm?url')) {
        const found = await this.resolve(id.slice(0, id.indexOf('?')), importer, { skipSelf: true });
        if (found === null) throw new Error(`${id} is not there`);
        return `\0one-file:${found.id}${id.slice(id.indexOf('?'))}`;
      }
      if (id.endsWith('/own_files') && importer?.includes('/one_file/') !== true) return project('web/src/one_file/own_files.ts');
      return null;
    },
    async load(id) {
      if (id === `\0${kEntry}`) return 'import "/src/style.css"; import "/src/main.tsx";';
      if (id === `\0${kFiles}`) {
        const folder = project('web/public/sample');
        for (const name of readdirSync(folder)) add(`sample/${name}`, `${folder}/${name}`, 'application/octet-stream');
        const wasm = readdirSync(project('build/wasm')).filter((name) => name.endsWith('.wasm') && name.startsWith('engine'));
        for (const name of wasm) add(name, project(`build/wasm/${name}`), 'application/wasm');
        return `export default new Map(${JSON.stringify([...files].sort(([a], [b]) => (a < b ? -1 : 1)))});`;
      }
      if (!id.startsWith('\0one-file:')) return null;
      const path = id.slice('\0one-file:'.length, id.indexOf('?'));
      if (id.endsWith('.wasm?url')) return `export default ${JSON.stringify(path.slice(path.lastIndexOf('/') + 1))};`;
      const script = JSON.stringify(await workerScript(path));
      return `export default URL.createObjectURL(new Blob([${script}], { type: 'text/javascript' }));`;
    },
    // Behind Vite's own, which makes the style sheet.
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const outputs = Object.values(bundle);
        const scripts = outputs.flatMap((output) => (output.type === 'chunk' ? [output.code] : []));
        const styles = outputs.flatMap((output) =>
          output.type === 'asset' && output.fileName.endsWith('.css') ? [String(output.source)] : [],
        );
        if (scripts.length !== 1 || styles.length !== 1 || outputs.length !== 2) {
          throw new Error(`not one script and one style sheet: ${Object.keys(bundle).join(', ')}`);
        }
        for (const name of Object.keys(bundle)) delete bundle[name];
        // What would end the element, or be changed by the HTML parser before the hash is taken, in the only places it may stand: strings.
        const script = (scripts[0] ?? '')
          .replace(/<(?=\/script|!--)/gi, '\\x3c')
          .replaceAll('\0', '\\0')
          .replaceAll('\r', '\\r');
        const style = (styles[0] ?? '').trim();
        if (/<\/style/i.test(style)) throw new Error('the style sheet ends its own element');
        this.emitFile({ type: 'asset', fileName: 'cloudshell-hunt.html', source: page(script, style) });
      },
    },
  };
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function page(script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    "connect-src 'none'",
    `style-src ${hashOf(style)}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypesPolicy}`,
  ].join('; ');
  const replaced = (text: string, part: RegExp, by: string): string => {
    if (!part.test(text)) throw new Error(`web/index.html has no ${part}`);
    return text.replace(part, () => by);
  };
  let text = readFileSync(project('web/index.html'), 'utf8');
  text = replaced(
    text,
    /(?<=<meta charset="utf-8" \/>\n)/,
    `    <meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta name="referrer" content="no-referrer" />\n`,
  );
  text = replaced(text, / *<link rel="icon"[^>]*>\n/, '');
  text = replaced(text, /<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`);
  return replaced(text, /<script type="module"[^>]*><\/script>/, `<script>${script}</script>`);
}

export default defineConfig({
  root: project('web'),
  base: './',
  publicDir: false,
  define: { __VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [oneFile()],
  build: {
    outDir: project('build/one-file'),
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: kEntry, output: classic, onLog },
  },
});
