import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesOf } from '../../web/src/hunt/files';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hunt-files-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function file(path: string, content = 'x'): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

const listed = (...paths: string[]): [string, number][] =>
  filesOf(paths.map((path) => join(root, path))).sources.map(({ path, size }) => [path, size]);

test('a file is its base name', () => {
  file('deep/in/PT1H.json', 'abc');
  expect(listed('deep/in/PT1H.json')).toEqual([['PT1H.json', 3]]);
});

test('a folder is what lies in it, relative to it, in order', () => {
  file('log/b/2.json');
  file('log/a.json', '');
  file('log/b/1.json');
  file('log/B.json');
  expect(listed('log')).toEqual([
    ['B.json', 1],
    ['a.json', 0],
    ['b/1.json', 1],
    ['b/2.json', 1],
  ]);
  expect(listed('log/')).toEqual(listed('log'));
});

test('two arguments that give one path are both kept', () => {
  file('one/PT1H.json', 'a');
  file('two/PT1H.json', 'bb');
  expect(listed('one', 'two/PT1H.json')).toEqual([
    ['PT1H.json', 1],
    ['PT1H.json', 2],
  ]);
});

test('links to files and folders are followed, loops end', () => {
  file('log/a.json');
  file('elsewhere/b.json');
  symlinkSync(join(root, 'log'), join(root, 'log/loop'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'log/other'));
  symlinkSync(join(root, 'elsewhere/b.json'), join(root, 'log/z.json'));
  expect(listed('log').map(([path]) => path)).toEqual(['a.json', 'other/b.json', 'z.json']);
});

test('a dangling link and a mistyped name become inputs that the reader will refuse', () => {
  file('log/a.json');
  symlinkSync(join(root, 'nowhere'), join(root, 'log/dangling'));
  expect(listed('log', 'mistyped.json')).toEqual([
    ['a.json', 1],
    ['dangling', 0],
    ['mistyped.json', 0],
  ]);
});

test('a pipe is a problem and is not opened', () => {
  file('log/a.json');
  execFileSync('mkfifo', [join(root, 'log/pipe')]);
  const { sources, problems } = filesOf([join(root, 'log')]);
  expect(sources.map(({ path }) => path)).toEqual(['a.json']);
  expect(problems).toMatchObject([{ path: join(root, 'log/pipe'), why: expect.stringContaining('not a regular file') }]);
});

test('a name that is not UTF-8 keeps its bytes', () => {
  mkdirSync(join(root, 'log'));
  const name = Buffer.concat([Buffer.from(`${root}/log/`), Buffer.from([0x66, 0xff, 0x2e])]);
  writeFileSync(name, 'x');
  const { sources } = filesOf([join(root, 'log')]);
  expect(sources).toMatchObject([{ path: 'f\u{fffd}.', size: 1 }]);
  expect(Buffer.compare(sources[0]?.handle.name as Uint8Array, name)).toBe(0);
});

test('an empty folder holds no inputs', () => {
  mkdirSync(join(root, 'log'));
  expect(filesOf([join(root, 'log')])).toEqual({ sources: [], problems: [] });
});
