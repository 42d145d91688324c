// Opens what a file holds: gzip, zip, and either inside the other. Each file found is an input of its own, named `archive.zip!path/in/it`; gzip
// changes no name. Loaded only when a container is met, by page and Node alike.
// Invariants: every entry of an archive that is no folder becomes an input, a refused row with a sentence, or is counted in one; content is handed
// on in blocks, and the only thing ever held whole is a small archive that lies compressed in another one.

import { kSniffBytes, type Opens, recogniseContainer, refusalOfOffice } from './container';
import { crc32 } from './crc32';
import { gunzipped, Inflaters, inflated } from './inflate';
import type { Step } from './protocol';
import { MemorySource, PartOfSource, type RandomSource, Trouble } from './random_source';
import { contentAt, kDeflated, kStored, methodNames, readDirectory, salvage, type ZipEntry } from './zip';

export interface Limits {
  /** Containers inside one another. */
  depth: number;
  /** Inputs one file may turn into. */
  inputs: number;
  /** Bytes of an archive inflated into memory because it lies compressed in another one. */
  heldBytes: number;
  /** Inflated bytes up to which no ratio is too large. */
  freeBytes: number;
  /** Inflated bytes for each byte of the file, beyond freeBytes. */
  ratio: number;
  /** Inflated bytes of one file at most. */
  bytes: number;
}

const kMiB = 1024 * 1024;
const kGiB = 1024 * kMiB;

export const kLimits: Limits = {
  // A download of zips of .gz files, inside another download: four. Deeper ones are made to exhaust whoever opens them.
  depth: 4,
  // An hourly tree of eleven years has 96,360 files. A row costs about a kilobyte here, in the engine and in the report together.
  inputs: 100_000,
  // A worker may take 96 MiB beyond the events it holds; windows and engine need a third of it.
  heldBytes: 64 * kMiB,
  // A minute's work at the slowest; memory is bounded whatever the size.
  freeBytes: kGiB,
  // Each record has ids that differ, some sixty bytes that do not compress: real logs stay below 60. Deflate itself ends at 1,032.
  ratio: 200,
  // About the events of 1.9 kB records that fit a tab's 4 GiB.
  bytes: 64 * kGiB,
};

export interface Row {
  path: string;
  container: 'none' | 'gzip' | 'zip';
  /** Bytes it takes in its container. */
  containerBytes: number;
  /** Where it lies in the file. */
  steps: Step[];
}

export interface Sink {
  open(row: Row): void;
  /** Resolves to why no more of this input can be taken, one sentence; empty to go on. */
  write(block: Uint8Array): Promise<string>;
  note(code: string, message: string): void;
  close(why: string): void;
  /** `bytes`: of the opened stream, where they are known without reading it. */
  refuse(row: Row, code: string, message: string, bytes?: number): void;
  /** Lets messages and timers through; called again and again while no block comes. */
  breathe(): Promise<void>;
}

// A worker's own: files are unpacked one after the other, thousands of small ones in a reading.
const inflaters = new Inflaters();

interface Note {
  code: string;
  message: string;
}

/** A limit was met: nothing further of the file is opened. */
class LimitMet extends Trouble {}

/** Opens the file and gives all it holds to the sink. Rejects for faults of ours only. */
export async function unpack(file: RandomSource, path: string, opens: Opens, sink: Sink, limits: Limits = kLimits): Promise<void> {
  await new Unpacking(file, sink, limits).run(path, opens);
}

class Unpacking {
  private inputs = 0;
  private opened = 0;
  private stopped = '';

  constructor(
    private readonly file: RandomSource,
    private readonly sink: Sink,
    private readonly limits: Limits,
  ) {}

  run(path: string, opens: Opens): Promise<void> {
    const { file } = this;
    const row: Row = { path, container: opens, containerBytes: file.size, steps: [] };
    return opens === 'zip' ? this.archive(file, row, 1) : this.content(file.blocks(0, file.size), { ...row, container: 'none' }, 0, null);
  }

  /** `depth`: containers around it. `plain`: the same bytes where they lie as they are. */
  private async content(blocks: AsyncIterable<Uint8Array>, row: Row, depth: number, plain: RandomSource | null, notes: Note[] = []) {
    const { head, all, close } = await peek(blocks);
    const found = recogniseContainer(head);
    try {
      if (found === null) await this.input(all, row, notes);
      else if (found.opens === null) this.refuse(row, found.code, found.message, await this.sizeOf(all));
      else if (depth >= this.limits.depth) this.refuse(row, 'nested', nestedMessage(this.limits.depth));
      else if (found.opens === 'gzip') {
        const note = (code: string, message: string) => notes.push({ code, message });
        await this.content(gunzipped(all, inflaters, { note }), { ...row, container: 'gzip' }, depth + 1, null, notes);
      } else {
        const archive = plain ?? new MemorySource(await this.hold(all));
        await this.archive(archive, row, depth + 1);
      }
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      // Only holding an archive ends here; an input that was opened is closed with its own trouble.
      if (error instanceof LimitMet) this.stopped = error.message;
      this.refuse(row, 'unreadable', error.message);
    } finally {
      await close();
    }
  }

  private async input(blocks: AsyncGenerator<Uint8Array, void>, row: Row, notes: Note[]): Promise<void> {
    let why = '';
    this.inputs += 1;
    this.sink.open(row);
    try {
      for await (const block of blocks) {
        this.count(block);
        why = await this.sink.write(block);
        if (why !== '') break;
      }
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (error instanceof LimitMet) this.stopped = error.message;
      why = error.message;
    }
    for (const { code, message } of notes) this.sink.note(code, message);
    this.sink.close(why);
  }

  /** Of a content that is not read: the report still says how much it was. */
  private async sizeOf(blocks: AsyncIterable<Uint8Array>): Promise<number> {
    let size = 0;
    for await (const block of blocks) {
      this.count(block);
      size += block.byteLength;
      await this.sink.breathe();
    }
    return size;
  }

  private refuse(row: Row, code: string, message: string, bytes?: number): void {
    this.inputs += 1;
    this.sink.refuse(row, code, message, bytes);
  }

  /** An Office file is a zip by its form alone: it is refused as the one file that it is. */
  private refuseOffice(row: Row, size: number, depth: number, { code, message }: { code: string; message: string }): void {
    this.refuse({ ...row, container: depth === 1 ? 'none' : row.container }, code, message, size);
  }

  private async archive(archive: RandomSource, row: Row, depth: number): Promise<void> {
    const own = { ...row, container: 'zip' as const, containerBytes: archive.size };
    const before = this.inputs;
    const left: LeftOut = { junk: 0, behind: 0 };
    let why = '';
    let notes: Note[] = [];
    try {
      const directory = await readDirectory(archive, Math.max(0, this.limits.inputs - this.inputs));
      if (directory !== null) {
        const office = refusalOfOffice(directory.entries.map(({ name }) => name));
        if (office !== null) return this.refuseOffice(row, archive.size, depth, office);
        for (const entry of directory.entries) await this.entry(archive, entry, own, depth, left);
        left.behind += directory.listed - directory.entries.length;
      } else {
        const entries = salvage(archive, inflaters, this.limits.freeBytes, () => this.sink.breathe());
        for (;;) {
          const { value, done } = await entries.next();
          if (done === true) {
            const found = this.inputs - before;
            if (found === 0 && !value.whole) return this.refuse(own, 'damaged', noFileMessage);
            if (value.whole) notes.push({ code: 'zip_directory', message: otherDirectoryMessage });
            else why = cutMessage(found, value.upTo, archive.size);
            break;
          }
          // Office writes it first.
          const office = this.inputs === before ? refusalOfOffice([value.name]) : null;
          if (office !== null) return this.refuseOffice(row, archive.size, depth, office);
          await this.entry(archive, value, own, depth, left);
          if (left.behind > 0) {
            await entries.return({ upTo: 0, whole: false });
            break;
          }
        }
      }
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (this.inputs === before) return this.refuse(own, 'unreadable', error.message);
      why = error.message;
    }
    if (left.behind > 0) {
      why = `${this.stopped || mostInputsMessage(this.limits.inputs)} ${left.behind} or more files of this archive were not opened.`;
    }
    if (left.junk > 0) notes = [...notes, { code: 'left_out', message: junkMessage(left.junk) }];
    const empty = this.inputs === before;
    if (empty) notes = [...notes, { code: 'empty_archive', message: 'The archive holds no file.' }];
    if (why === '' && notes.length === 0) return;
    // What there is to say of the archive itself stands in a row of its own.
    this.sink.open(own);
    for (const { code, message } of notes) this.sink.note(code, message);
    this.sink.close(why);
  }

  private async entry(archive: RandomSource, entry: ZipEntry, around: Row, depth: number, left: LeftOut): Promise<void> {
    await this.sink.breathe();
    const { name, method, packed } = entry;
    if (name.endsWith('/') && packed <= (method === kDeflated ? kEmptyDeflated : 0)) return;
    if (isJunk(name)) {
      left.junk += 1;
      return;
    }
    if (this.stopped !== '' || this.inputs >= this.limits.inputs) {
      left.behind += 1;
      return;
    }
    const row: Row = { path: `${around.path}!${name}`, container: 'zip', containerBytes: packed, steps: around.steps };
    if (entry.encrypted) return this.refuse(row, 'encrypted', encryptedMessage);
    if (entry.overlaps) return this.refuse(row, 'overlapping', overlapMessage);
    if (method !== kStored && method !== kDeflated) return this.refuse(row, 'zip_method', methodMessage(method));
    let at: number;
    try {
      at = await contentAt(archive, entry);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      return this.refuse(row, 'damaged', error.message);
    }
    const step: Step = { at, packed, deflated: method === kDeflated };
    const plain = step.deflated ? null : new PartOfSource(archive, at, packed);
    const content = checked(contentOf(archive, step), entry);
    await this.content(content, { ...row, steps: [...around.steps, step] }, depth, plain);
  }

  private async hold(blocks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    return hold(blocks, this.limits.heldBytes, (block) => this.count(block));
  }

  private count(block: Uint8Array): void {
    const { freeBytes, ratio, bytes } = this.limits;
    this.opened += block.byteLength;
    if (this.opened <= freeBytes || (this.opened <= bytes && this.opened <= ratio * this.file.size)) return;
    const times = Math.floor(this.opened / Math.max(1, this.file.size));
    throw new LimitMet(
      this.opened > bytes
        ? `Opening was stopped after ${bytes} bytes, the most that is read of one compressed file: unpack it and open parts of it.`
        : `Opening was stopped after ${this.opened} bytes, ${times} times the size of the file: it is made to unpack without end, or holds no log.`,
    );
  }
}

interface LeftOut {
  junk: number;
  behind: number;
}

/** Bytes [from, to) of what unpack() gave as a row with these steps; fewer where it ends before. Throws Trouble. */
export async function readAgain(
  file: RandomSource,
  steps: readonly Step[],
  from: number,
  to: number,
  breathe: () => Promise<void>,
  limits: Limits = kLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  let plain: RandomSource | null = file;
  let blocks: AsyncIterable<Uint8Array> = file.blocks(0, file.size);
  for (const step of steps) {
    const opened: Peeled = await withoutGzip(blocks, limits.depth);
    try {
      const archive: RandomSource =
        plain !== null && !opened.wasGzip ? plain : new MemorySource(await hold(opened.all, limits.heldBytes, () => undefined));
      plain = step.deflated ? null : new PartOfSource(archive, step.at, step.packed);
      blocks = contentOf(archive, step);
    } finally {
      await opened.close();
    }
  }
  const { all } = await withoutGzip(blocks, limits.depth);
  const bytes = new Uint8Array(to - from);
  let at = 0;
  for await (const block of all) {
    const first = Math.max(0, from - at);
    const last = Math.min(block.byteLength, to - at);
    if (first < last) bytes.set(block.subarray(first, last), at + first - from);
    at += block.byteLength;
    if (at >= to) break;
    await breathe();
  }
  return bytes.subarray(0, Math.max(0, Math.min(at, to) - from));
}

interface Peeled extends Peeked {
  wasGzip: boolean;
}

async function withoutGzip(blocks: AsyncIterable<Uint8Array>, depth: number): Promise<Peeled> {
  let inner = blocks;
  for (let layers = 0; ; layers += 1) {
    const peeked = await peek(inner);
    if (layers === depth || recogniseContainer(peeked.head)?.opens !== 'gzip') return { ...peeked, wasGzip: layers > 0 };
    inner = gunzipped(peeked.all, inflaters, { note: () => undefined });
  }
}

function contentOf(archive: RandomSource, { at, packed, deflated }: Step): AsyncIterable<Uint8Array> {
  const blocks = archive.blocks(at, at + packed);
  return deflated ? inflated(blocks, inflaters) : blocks;
}

interface Peeked {
  /** The first bytes, enough to recognise a container. */
  head: Uint8Array;
  /** All bytes as before; trouble that was met meanwhile comes when this gets there. */
  all: AsyncGenerator<Uint8Array, void>;
  /** Lets go of what the bytes come from, begun or not. */
  close(): Promise<void>;
}

async function peek(blocks: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const iterator = blocks[Symbol.asyncIterator]();
  const kept: Uint8Array[] = [];
  let length = 0;
  let trouble: unknown = null;
  let over = false;
  while (length < kSniffBytes && !over) {
    // A block is good until the next is asked for.
    const last = kept.pop();
    if (last !== undefined) kept.push(last.slice());
    try {
      const { value, done } = await iterator.next();
      if (done === true) over = true;
      else {
        kept.push(value);
        length += value.byteLength;
      }
    } catch (error) {
      trouble = error;
      over = true;
    }
  }
  const head = kept.length === 1 ? (kept[0] as Uint8Array) : joined(kept, length);
  async function* everything(): AsyncGenerator<Uint8Array, void> {
    if (length > 0) yield head;
    if (trouble !== null) throw trouble;
    while (!over) {
      const { value, done } = await iterator.next();
      if (done === true) over = true;
      else yield value;
    }
  }
  const all = everything();
  const close = async () => {
    await all.return();
    if (!over) await iterator.return?.();
    over = true;
  };
  return { head, all, close };
}

async function hold(blocks: AsyncIterable<Uint8Array>, most: number, count: (block: Uint8Array) => void): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const block of blocks) {
    count(block);
    length += block.byteLength;
    if (length > most) {
      throw new Trouble(`This archive lies compressed in another one and holds more than ${most} bytes: unpack the outer one and open it.`);
    }
    kept.push(block.slice());
  }
  return joined(kept, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** The same blocks; at their end length and checksum are compared with what the archive says. */
async function* checked(blocks: AsyncIterable<Uint8Array>, { size, crc }: ZipEntry): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  let sum = 0;
  for await (const block of blocks) {
    length += block.byteLength;
    sum = crc32(sum, block);
    yield block;
  }
  if (size === Number.POSITIVE_INFINITY) throw new Trouble('The archive ends in this file; what was read until there is kept.');
  if (length !== size) throw new Trouble(`The archive is damaged or cut: this file should have ${size} bytes and has ${length}.`);
  if (sum !== crc) throw new Trouble('The checksum of this file in its archive is wrong: it is damaged, and what was read may differ.');
}

// Nothing, deflated, takes two bytes, and a byte takes three.
const kEmptyDeflated = 2;

function isJunk(name: string): boolean {
  const parts = name.split('/');
  return parts.includes('__MACOSX') || parts.at(-1) === '.DS_Store';
}

const junkMessage = (count: number) =>
  `${count === 1 ? 'One file' : `${count} files`} of the archive that macOS adds (.DS_Store, __MACOSX) ${count === 1 ? 'was' : 'were'} left out; they hold nothing of the log.`;
const nestedMessage = (depth: number) =>
  `This is a compressed file inside ${depth} others, and none deeper is opened: unpack the outer ones and open it.`;
const mostInputsMessage = (most: number) => `The first ${most} files of it were read, the most that is read of one archive.`;
const cutMessage = (found: number, upTo: number, size: number) =>
  `The archive is cut or damaged: it has no directory that fits, and ${found === 1 ? 'one file was' : `${found} files were`} found by the headers before them, up to byte ${upTo} of ${size}. What stood behind is missing.`;
const noFileMessage =
  'This begins like a zip archive, but neither its directory nor a file in it could be found: it is damaged. Make or download it again.';
const otherDirectoryMessage =
  'The directory of the archive does not fit it, or bytes follow its end; its files were found by the headers before them.';
const encryptedMessage = 'This file is encrypted in its archive: unpack it with its password and open the result.';
const overlapMessage =
  'This file shares its bytes with another one of the archive, or with its directory, as no ordinary archive does; it was not opened.';
const methodMessage = (method: number) =>
  `This file is compressed by ${methodNames.get(method) ?? `method ${method}`}, which is not read: unpack the archive and open the files inside.`;
