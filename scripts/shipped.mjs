// What a release ships that others wrote: the list of it as a CycloneDX bill of materials, and the licence texts, taken from the packages as they are
// installed and never from memory. Invariants: a part without a licence text is an error; the same packages give the same bytes (no random
// number, no clock: the time is given).
//   node scripts/shipped.mjs SECONDS BILL LICENCES     seconds since 1970; the two files to write

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const project = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');
const own = JSON.parse(read(project('package.json')));

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} version
 * @property {string} licence an SPDX expression
 * @property {string} purl
 * @property {string} what
 * @property {string} text
 * @property {string | null} sha512 of the package as the lock file has it, hexadecimal
 */

// Some lines of these stand in the built scripts: the loader of what is fetched later, and the frame around CommonJS.
const bundlers = ['rolldown', 'vite'];

/** The npm packages whose code is in the page: those not marked as needed for development only, and the bundlers. @returns {Part[]} */
function packages() {
  /** @type {[string, { version: string, dev?: boolean, integrity?: string }][]} */
  const locked = Object.entries(JSON.parse(read(project('package-lock.json'))).packages);
  return locked
    .map(([path, entry]) => ({ name: path.replace(/^.*node_modules\//, ''), path, entry }))
    .filter(({ path, name, entry }) => path !== '' && (entry.dev !== true || (bundlers.includes(name) && path === `node_modules/${name}`)))
    .map(({ path, name, entry }) => {
      const folder = project(path);
      const file = readdirSync(folder)
        .filter((found) => /^licen[cs]e(\.(md|txt))?$/i.test(found))
        .sort()[0];
      // Vite's own file goes on with the licences of what it carries for itself, none of which gets into a page.
      const text = file === undefined ? '' : (read(`${folder}/${file}`).split('\n# Licenses of bundled dependencies')[0] ?? '');
      const { version, license, description } = JSON.parse(read(`${folder}/package.json`));
      if (version !== entry.version) throw new Error(`${name} is installed as ${version}, locked as ${entry.version}; run scripts/setup`);
      return {
        name,
        version,
        licence: String(license).replace(/^\((.*)\)$/, '$1'),
        purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
        what: description ?? '',
        text,
        sha512: /^sha512-/.test(entry.integrity ?? '') ? Buffer.from((entry.integrity ?? '').slice(7), 'base64').toString('hex') : null,
      };
    });
}

const kSystem = '/usr/share/emscripten/system/lib';

/** What Emscripten's package puts into engine.wasm and engine.mjs. @returns {Part[]} */
function emscripten() {
  const package_ = execFileSync('dpkg-query', ['--show', 'emscripten'], { encoding: 'utf8' }).trim().split('\t')[1];
  const version = read('/usr/share/emscripten/emscripten-version.txt').trim().replaceAll('"', '');
  // Debian's machine-readable copyright file: paragraphs on files, each naming a licence, and paragraphs with the texts of those.
  const paragraphs = read('/usr/share/doc/emscripten/copyright').split(/\n\n(?=\S)/);
  const onFiles = (/** @type {string} */ pattern) =>
    paragraphs.find((one) => one.startsWith('Files:') && one.split('\n').some((line) => line.trim() === pattern)) ?? '';
  const named = (/** @type {string} */ name) => paragraphs.find((one) => one.split('\n')[0] === `License: ${name}`) ?? '';
  const apache = read('/usr/share/common-licenses/Apache-2.0');
  const whole = (/** @type {string[]} */ ...texts) => (texts.some((text) => text.trim() === '') ? '' : texts.join('\n\n'));
  const libcxx = /#\s*define _LIBCPP_VERSION (\d+)/.exec(read(`${kSystem}/libcxx/include/__config`))?.[1] ?? '';
  const llvm = `${Math.floor(Number(libcxx) / 1000)}.${Math.floor(Number(libcxx) / 100) % 10}.${Number(libcxx) % 100}`;
  const llvmLicence = 'Apache-2.0 WITH LLVM-exception';
  const purl = `pkg:deb/debian/emscripten@${package_}`;
  const part = (
    /** @type {string} */ name,
    /** @type {string} */ of,
    /** @type {string} */ licence,
    /** @type {string} */ what,
    text = '',
  ) => ({
    name,
    version: of,
    licence,
    purl: `${purl}#${name}`,
    what,
    text,
    sha512: null,
  });
  return [
    {
      ...part(
        'emscripten',
        version,
        'MIT OR NCSA',
        'run time and bindings of the module',
        whole(onFiles('*'), named('Expat'), named('NCSA~Mozilla')),
      ),
      purl,
    },
    part('musl', read(`${kSystem}/libc/musl/VERSION`).trim(), 'MIT', 'C library', read(`${kSystem}/libc/musl/COPYRIGHT`)),
    part('libc++', llvm, llvmLicence, 'C++ library', whole(onFiles('system/lib/libcxx/*'), apache)),
    part('libc++abi', llvm, llvmLicence, 'C++ run time', whole(onFiles('system/lib/libcxxabi/*'), apache)),
    part('compiler-rt', llvm, llvmLicence, 'arithmetic that WebAssembly lacks', whole(onFiles('system/lib/compiler-rt/*'), apache)),
    part('dlmalloc', version, 'CC0-1.0', 'memory allocator', onFiles('system/lib/dlmalloc.c')),
  ];
}

/** All parts, by name. Throws where one has no licence text. */
export function shippedParts() {
  const parts = [...packages(), ...emscripten()].sort((a, b) => (a.name < b.name ? -1 : 1));
  checkLicences(parts);
  return parts;
}

/** @param {readonly Part[]} parts */
export function checkLicences(parts) {
  for (const { name, licence, text, version } of parts) {
    if (text.trim().length < 200) throw new Error(`${name} has no licence text where its package keeps it; it must not be shipped without`);
    if (!/^[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*$/.test(licence)) throw new Error(`${name}: "${licence}" is no SPDX expression`);
    if (version === '') throw new Error(`${name} has no version`);
  }
}

/** @param {readonly Part[]} parts */
export function licenceTexts(parts) {
  const line = '='.repeat(100);
  const texts = parts.map(({ name, version, licence, text }) => `${line}\n${name} ${version}: ${licence}\n${line}\n\n${text.trim()}\n`);
  const ours = `${line}\n${own.name} ${own.version}: ${own.license}\n${line}\n\n${read(project('LICENSE')).trim()}\n`;
  return `CloudShell Hunt, and what it is made with: every part whose code is in the page or its engine.\n\n${[ours, ...texts].join('\n')}`;
}

/** @param {readonly Part[]} parts @param {number} seconds */
export function billOfMaterials(parts, seconds) {
  const licences = (/** @type {string} */ licence) => [/ /.test(licence) ? { expression: licence } : { license: { id: licence } }];
  const root = `pkg:generic/${own.name}@${own.version}`;
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': root,
        name: own.name,
        version: own.version,
        description: own.description,
        licenses: licences(own.license),
        purl: root,
      },
    },
    components: parts.map(({ name, version, licence, purl, what, sha512 }) => ({
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      description: what,
      scope: 'required',
      ...(sha512 === null ? {} : { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
      licenses: licences(licence),
      purl,
    })),
    dependencies: [{ ref: root, dependsOn: parts.map(({ purl }) => purl) }, ...parts.map(({ purl }) => ({ ref: purl, dependsOn: [] }))],
  };
  // A number of its own, as the format wants it, but made of what it says.
  const digest = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
  const serial = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  const { bomFormat, specVersion, ...rest } = bill;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat,
    specVersion,
    serialNumber: `urn:uuid:${serial}`,
    ...rest,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds, bill, licences] = process.argv.slice(2);
  if (bill === undefined || licences === undefined || !/^\d+$/.test(seconds ?? ''))
    throw new Error('usage: shipped.mjs SECONDS BILL LICENCES');
  const parts = shippedParts();
  writeFileSync(bill, `${JSON.stringify(billOfMaterials(parts, Number(seconds)), null, 2)}\n`);
  writeFileSync(licences, licenceTexts(parts));
}
