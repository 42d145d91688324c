// What was dropped, picked or pasted, as the list of inputs that the pool opens. Only names and sizes are looked at here; no byte is read.
// Paths are relative to what was dropped, as scripts/hunt names them: a file is its base name, the files of a folder are named from inside it.
// Where more than one thing was dropped, the folders keep their own names in front: two of them may hold the same tree.

import { ownFile } from '../engine/own_files';
import type { Source } from '../engine/pool';

export type FileSource = Source<File>;

/** Where the walk through a dropped folder could not go on; said on the page, since a file that is left out in silence could be the one. */
export interface Gathered {
  sources: FileSource[];
  unreadable: string[];
}

const sourceOf = (file: File, path: string): FileSource => ({ path, size: file.size, handle: file });

const withoutFirst = (path: string) => path.slice(path.indexOf('/') + 1);

/** Files of an input element: with `webkitdirectory` each carries its path below the one picked folder, that folder's name in front. */
export function fromFiles(files: Iterable<File>): FileSource[] {
  return Array.from(files, (file) => sourceOf(file, file.webkitRelativePath === '' ? file.name : withoutFirst(file.webkitRelativePath)));
}

/** Pasted text is an input like a file of that name. */
export function fromText(text: string): FileSource {
  return sourceOf(new File([text], 'pasted text'), 'pasted text');
}

/**
 * Must be called while the drop event is being handled: its items are gone afterwards, so all entries are taken before the first wait.
 */
export async function fromDrop(transfer: DataTransfer): Promise<Gathered> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of Array.from(transfer.items)) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry !== null) {
      entries.push(entry);
    } else {
      // A file that no entry stands for (made by a script, or a browser without entries).
      const file = item.getAsFile();
      if (file !== null) loose.push(file);
    }
  }
  const gathered: Gathered = { sources: fromFiles(loose), unreadable: [] };
  const alone = entries.length === 1 && loose.length === 0 && entries[0]?.isDirectory === true;
  for (const entry of entries) await walk(entry, alone, gathered);
  return gathered;
}

// Each folder costs a few round trips to the browser's own process, and an hourly tree of 10,000 files has twice as many folders: one at a time they
// took 23 s on a busy machine, sixteen 9 s, more of them no less.
const kFoldersAtOnce = 16;

// A list instead of recursion: the depth of a dropped tree is not ours to trust.
async function walk(root: FileSystemEntry, alone: boolean, into: Gathered): Promise<void> {
  const pathOf = (entry: FileSystemEntry) => {
    const whole = entry.fullPath.replace(/^\/+/, '');
    return alone && entry !== root ? withoutFirst(whole) : whole;
  };
  const take = async (entry: FileSystemEntry) => {
    try {
      into.sources.push(sourceOf(await fileOf(entry as FileSystemFileEntry), pathOf(entry)));
    } catch {
      into.unreadable.push(pathOf(entry));
    }
  };
  if (root.isFile) return take(root);
  const folders: FileSystemEntry[] = [root];
  const look = async (folder: FileSystemEntry) => {
    try {
      const children = await childrenOf(folder as FileSystemDirectoryEntry);
      for (const child of children) if (!child.isFile) folders.push(child);
      await Promise.all(children.filter(({ isFile }) => isFile).map(take));
    } catch {
      into.unreadable.push(pathOf(folder));
    }
  };
  const looking = new Set<Promise<void>>();
  while (folders.length > 0 || looking.size > 0) {
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const one: Promise<void> = look(folder).finally(() => looking.delete(one));
      looking.add(one);
      if (looking.size >= kFoldersAtOnce) break;
    }
    await Promise.race(looking);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

// readEntries gives a hundred at a time in Chromium and ends with an empty list.
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

interface SampleIndex {
  files: { path: string; bytes: number }[];
}

/** The built-in sample: files beside the page, fetched when asked for and then opened like any file of the analyst's. */
export async function fetchSample(): Promise<FileSource[]> {
  const index = await get('sample/index.json');
  const { files } = JSON.parse(await index.text()) as SampleIndex;
  return Promise.all(
    files.map(async ({ path, bytes }) => {
      const body = await get(`sample/${path.split('/').map(encodeURIComponent).join('/')}`);
      if (body.size !== bytes) throw new Error(`${path} came with ${body.size} bytes instead of ${bytes}`);
      return sourceOf(new File([body], path.split('/').at(-1) ?? path), path);
    }),
  );
}

async function get(address: string): Promise<Blob> {
  const response = await ownFile(address);
  if (!response.ok) throw new Error(`the page's own server answered with status ${response.status}`);
  return response.blob();
}
