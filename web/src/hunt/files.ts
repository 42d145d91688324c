// From the paths a person names to the inputs of a reading. A folder stands for every file in it, however deep; names are bytes on disk and need
// not be UTF-8. Nothing is left out in silence: what cannot be listed or is no file comes back as a problem, what cannot be opened becomes an
// input that the reader refuses. A path in the report is relative to what was named, so that a report does not depend on where it was made.

import { readdirSync, type Stats, statSync } from 'node:fs';
import type { Source } from '../engine/pool';
import type { NodeFile } from '../engine/pool_node';

export interface Problem {
  path: string;
  /** One sentence. */
  why: string;
}

export interface NamedFiles {
  sources: Source<NodeFile>[];
  problems: Problem[];
}

const kSlash = Buffer.from('/');

export function filesOf(paths: readonly string[]): NamedFiles {
  const found: NamedFiles = { sources: [], problems: [] };
  for (const path of paths) {
    const name = Buffer.from(path);
    const stats = statOf(name);
    if (stats?.isDirectory() === true) walk(name, '', new Set(), found);
    else take(name, baseName(path), stats, found);
  }
  return found;
}

/** `seen` holds the folders already listed, so that symbolic links neither loop nor list one folder twice. */
function walk(folder: Buffer, prefix: string, seen: Set<string>, found: NamedFiles): void {
  const stats = statOf(folder);
  const identity = stats === null ? '' : `${stats.dev}:${stats.ino}`;
  if (seen.has(identity)) return;
  seen.add(identity);
  let names: Buffer[];
  try {
    names = readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare);
  } catch (error) {
    found.problems.push({ path: folder.toString(), why: `The folder could not be listed (${codeOf(error)}).` });
    return;
  }
  for (const name of names) {
    const full = Buffer.concat([folder, kSlash, name]);
    const path = prefix + name.toString();
    const entry = statOf(full);
    if (entry?.isDirectory() === true) walk(full, `${path}/`, seen, found);
    else take(full, path, entry, found);
  }
}

function take(name: Buffer, path: string, stats: Stats | null, found: NamedFiles): void {
  if (stats !== null && !stats.isFile()) {
    // Opening a pipe would wait for its writer.
    found.problems.push({ path: name.toString(), why: 'This is not a regular file, so it is not read: save its content to a file first.' });
    return;
  }
  // Without stats (a dangling link, a mistyped name) the reader's attempt to open it says why.
  const size = stats?.size ?? 0;
  found.sources.push({
    path,
    size,
    handle: { name: new Uint8Array(name), size, modified: stats?.mtimeMs ?? 0, status: stats?.ctimeMs ?? 0 },
  });
}

function statOf(name: Buffer): Stats | null {
  try {
    return statSync(name);
  } catch {
    return null;
  }
}

function baseName(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.at(-1) ?? path;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'unknown error';
}
