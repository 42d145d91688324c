// What scripts/release made (run it first): complete, by its checksums, with a bill and licences of all that is in it, free of this machine's paths,
// the same bytes when built elsewhere, and a page that works from the zip.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLicences, licenceTexts, shippedParts } from '../../scripts/shipped.mjs';
import { hostFiles } from '../../web/server/hosts.mjs';
import { project, TestBrowser } from '../browser/session';

const { version, dependencies } = JSON.parse(readFileSync(`${project}package.json`, 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
const release = `${project}build/release`;
const name = `cloudshell-hunt-${version}`;

/** Paths of all files below a folder, relative, sorted. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
const bytesOf = (folder: string, file: string) => readFileSync(join(folder, file));

let place = '';
beforeAll(() => {
  if (!existsSync(`${release}/SHA256SUMS`)) throw new Error('there is no release: run scripts/release first');
  place = mkdtempSync(join(tmpdir(), 'release-test-'));
  execFileSync('python3', ['-m', 'zipfile', '-e', `${release}/${name}.zip`, place]);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('the checksums name every file, and agree', () => {
  const lines = readFileSync(`${release}/SHA256SUMS`, 'utf8').trimEnd().split('\n');
  const named = lines.map((line) => line.slice(66));
  expect(named).toEqual(filesOf(release).filter((file) => file !== 'SHA256SUMS'));
  for (const line of lines) {
    expect([
      line.slice(66),
      createHash('sha256')
        .update(bytesOf(release, line.slice(66)))
        .digest('hex'),
    ]).toEqual([line.slice(66), line.slice(0, 64)]);
  }
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: release });
});

test('the folder is the built page with the files for hosts, the zip is the folder, the one file is the one file', () => {
  const page = filesOf(`${project}build/page`);
  const hosts = Object.keys(hostFiles);
  const added = [
    'LICENSE',
    '_headers',
    'licences.txt',
    'sbom.cdx.json',
    'staticwebapp.config.json',
    ...hosts.map((file) => `hosts/${file}`),
  ];
  expect(filesOf(join(release, name))).toEqual([...page, ...added].sort());
  for (const file of page) expect(bytesOf(join(release, name), file).equals(bytesOf(`${project}build/page`, file))).toBe(true);
  for (const file of hosts) expect(bytesOf(join(release, name), `hosts/${file}`).toString()).toBe(hostFiles[file]);
  expect(filesOf(place)).toEqual(filesOf(join(release, name)).map((file) => join(name, file)));
  for (const file of filesOf(place)) expect(bytesOf(place, file).equals(bytesOf(release, file))).toBe(true);
  expect(bytesOf(release, `${name}.html`).equals(bytesOf(`${project}build`, 'cloudshell-hunt.html'))).toBe(true);
  // All that may be cached for ever is named after its content.
  for (const file of page.filter((path) => path.startsWith('assets/'))) expect(file).toMatch(/-[\w-]{8}\.(js|css|wasm)$/);
});

describe('what others wrote', () => {
  const parts = shippedParts();

  test('the bill of materials follows CycloneDX’s schema and names every part once', async () => {
    const text = bytesOf(release, `${name}.cdx.json`).toString();
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text)).toBeNull();
    const bill = JSON.parse(text) as { components: { name: string; version: string }[] };
    expect(bill.components.map((part) => `${part.name} ${part.version}`)).toEqual(parts.map((part) => `${part.name} ${part.version}`));
    for (const part of ['emscripten', 'musl', 'libc++', 'libc++abi', 'compiler-rt', ...Object.keys(dependencies)]) {
      expect(bill.components.filter((one) => one.name === part)).toHaveLength(1);
    }
    // The version of the code itself, not only of the package around it.
    const header = readFileSync(`${project}node_modules/@nozbe/simdjson/src/simdjson.h`, 'utf8');
    expect(bill.components).toContainEqual(
      expect.objectContaining({ name: '@nozbe/simdjson', version: /#define SIMDJSON_VERSION "(.*)"/.exec(header)?.[1] }),
    );
  });

  test('a checker that takes anything would be of no use', async () => {
    const bill = JSON.parse(bytesOf(release, `${name}.cdx.json`).toString()) as { serialNumber: string };
    const bad = JSON.stringify({ ...bill, serialNumber: 'urn:uuid:1' });
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(bad)).not.toBeNull();
  });

  test('every package that the page’s sources import is among them', () => {
    const imported = new Set<string>();
    for (const file of filesOf(`${project}web/src`).filter((path) => /\.tsx?$/.test(path))) {
      const text = bytesOf(`${project}web/src`, file).toString();
      const imports = /^(?:import|export)\b[^'"`;]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
      for (const [, named, bare, later] of text.matchAll(imports)) {
        const from = named ?? bare ?? later ?? '';
        if (!/^(\.|node:|#|virtual:)/.test(from))
          imported.add(
            from
              .split('/')
              .slice(0, from.startsWith('@') ? 2 : 1)
              .join('/'),
          );
      }
    }
    expect(imported.size).toBeGreaterThan(3);
    for (const one of imported) expect(parts.map((part) => part.name)).toContain(one);
  });

  test('each has its licence text in the release; one without stops the build', () => {
    const texts = bytesOf(release, `${name}-licences.txt`).toString();
    expect(texts).toBe(licenceTexts(parts));
    for (const words of [
      'Apache License',
      'LLVM Exceptions',
      'Permission is hereby granted, free of charge',
      'University of Illinois',
      'musl',
      'zlib',
    ]) {
      expect(texts.toLowerCase()).toContain(words.toLowerCase());
    }
    const [first] = parts;
    if (first === undefined) throw new Error('there are parts');
    expect(() => checkLicences([{ ...first, text: '' }])).toThrow('has no licence text');
    expect(() => checkLicences([{ ...first, licence: 'SEE LICENSE IN x' }])).toThrow('no SPDX expression');
  });
});

test('the changelog knows this version', () => {
  expect(readFileSync(`${project}CHANGELOG.md`, 'utf8').split('\n')).toContain(`## [${version}]`);
});

test('no file tells where it was built', () => {
  const paths = [project.replace(/\/$/, ''), homedir(), '/usr/share/emscripten', '/usr/include', 'node_modules/', tmpdir()];
  for (const file of filesOf(release).filter((path) => /\.(js|css|wasm|html|json|svg)$/.test(path))) {
    const bytes = bytesOf(release, file);
    expect([file, paths.filter((path) => path.length > 1 && bytes.includes(path))]).toEqual([file, []]);
  }
});

test('the page works from the zip', async () => {
  const browser = await TestBrowser.start('/usr/bin/chromium', join(place, name));
  const visit = await browser.visit();
  await visit.page.getByTestId('sample').click();
  await visit.page.locator('html[data-state=done]').waitFor();
  expect(await visit.page.getByTestId('session-row').count()).toBe(13);
  await visit.end();
  await browser.close();
});

test('built again from nothing, in a folder of another name: the same bytes', () => {
  const again = `${project}build/built-again/in-a-folder-of-another-name`;
  rmSync(again, { recursive: true, force: true });
  mkdirSync(again, { recursive: true });
  for (const entry of readdirSync(project).filter((one) => !['.git', 'build', 'node_modules'].includes(one))) {
    cpSync(join(project, entry), join(again, entry), { recursive: true });
  }
  // What is installed is the same either way, so it is linked, file by file: a link to the folder would lead back here.
  execFileSync('cp', ['-al', `${project}node_modules`, again]);
  mkdirSync(`${again}/build`);
  if (existsSync(`${project}build/node`)) execFileSync('cp', ['-al', `${project}build/node`, `${again}/build`]);
  const environment = { ...process.env };
  // Nothing that another build left behind may be taken for this one's work.
  for (const key of Object.keys(environment)) if (/^(CMAKE|CCACHE|CXX|CC$|VITEST|NODE_ENV)/.test(key)) delete environment[key];
  execFileSync(`${again}/scripts/release`, { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });

  const built = `${again}/build/release`;
  expect(filesOf(built)).toEqual(filesOf(release));
  const different = filesOf(built).filter((file) => !bytesOf(built, file).equals(bytesOf(release, file)));
  expect(different).toEqual([]);
  expect(statSync(`${built}/${name}.zip`).size).toBeGreaterThan(100_000);
  rmSync(`${project}build/built-again`, { recursive: true });
});
