// Finds the files of a zip archive: by the directory at its end, or, where that is missing or does not fit, by the headers before each file.
// Own code, because what libraries offer either wants the whole archive in memory, or trusts the directory, or gives up where it is cut; here
// archives are large, hostile and cut. Invariants: nothing is read but headers, never more of them than asked for; an entry's bytes lie inside
// the archive; no two entries share bytes (that is how a small archive unpacks to petabytes).

import { crc32 } from './crc32';
import { type Inflaters, inflated } from './inflate';
import { type RandomSource, Trouble } from './random_source';

export interface ZipEntry {
  /** '/'-separated, as the archive names it. */
  name: string;
  /** Of the header before the content. */
  headerAt: number;
  packed: number;
  size: number;
  crc: number;
  method: number;
  encrypted: boolean;
  /** Its bytes are claimed by another entry too. */
  overlaps: boolean;
}

export interface ZipDirectory {
  /** In the order in which they lie in the archive. */
  entries: ZipEntry[];
  /** Names the directory lists, those over the limit included. */
  listed: number;
}

export const methodNames: ReadonlyMap<number, string> = new Map([
  [1, 'Shrink'],
  [6, 'Implode'],
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [20, 'Zstandard'],
  [93, 'Zstandard'],
  [94, 'MP3'],
  [95, 'xz'],
  [96, 'JPEG'],
  [97, 'WavPack'],
  [98, 'PPMd'],
  [99, 'AES'],
]);
export const kStored = 0;
export const kDeflated = 8;

const kLocal = 0x04034b50;
const kCentral = 0x02014b50;
const kEnd = 0x06054b50;
const kEnd64 = 0x06064b50;
const kLocator64 = 0x07064b50;
const kDescriptor = 0x08074b50;
const kSpanned = 0x08074b50;
const kSpannedAlone = 0x30304b50;

// What every signature begins with.
const kPK = 0x4b50;

const kLocalBytes = 30;
const kCentralBytes = 46;
const kEndBytes = 22;
const kEnd64Bytes = 56;
const kLocator64Bytes = 20;
// The archive's comment stands behind the end record and is at most this long.
const kMostComment = 0xffff;
const kIn64 = 0xffffffff;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A number of 64 bits; beyond what a Number holds it is nonsense in any archive. */
function number64(data: DataView, at: number): number {
  const value = Number(data.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw new Trouble('The archive names sizes that cannot be.');
  return value;
}

/**
 * null: no directory that reaches from where it says to the file's end; bytes behind the end may be a second archive. At most `most` entries are
 * kept.
 */
export async function readDirectory(archive: RandomSource, most: number): Promise<ZipDirectory | null> {
  const tailAt = Math.max(0, archive.size - kEndBytes - kMostComment);
  const tail = await archive.read(tailAt, archive.size);
  const data = view(tail);
  for (let at = tail.byteLength - kEndBytes; at >= 0; at -= 1) {
    if (data.getUint32(at, true) !== kEnd || at + kEndBytes + data.getUint16(at + 20, true) !== tail.byteLength) continue;
    const end = await readEnd(archive, data, at, tailAt + at);
    if (end === null) continue;
    const directory = await readEntries(archive, end, most);
    if (directory !== null) return directory;
  }
  return null;
}

interface End {
  start: number;
  size: number;
  count: number;
}

// The directory must end where the record of its end begins. An archive that is cut behind an archive it holds ends with that one's record,
// whose offsets count from elsewhere.
async function readEnd(archive: RandomSource, tail: DataView, at: number, endAt: number): Promise<End | null> {
  const disk = tail.getUint16(at + 4, true);
  let count = tail.getUint16(at + 10, true);
  let size = tail.getUint32(at + 12, true);
  let start = tail.getUint32(at + 16, true);
  let behind = endAt;
  if (endAt >= kLocator64Bytes) {
    const locator = view(await archive.read(endAt - kLocator64Bytes, endAt));
    if (locator.getUint32(0, true) === kLocator64) {
      const end64At = number64(locator, 8);
      if (end64At + kEnd64Bytes > endAt) return null;
      const end64 = view(await archive.read(end64At, end64At + kEnd64Bytes));
      if (end64.getUint32(0, true) !== kEnd64) return null;
      count = number64(end64, 32);
      size = number64(end64, 40);
      start = number64(end64, 48);
      behind = end64At;
    }
  }
  if (disk !== 0 && disk !== 0xffff) {
    throw new Trouble('This is one part of a zip archive that was split over several files: join them, or unpack it, and open the result.');
  }
  return start + size === behind ? { start, size, count } : null;
}

async function readEntries(archive: RandomSource, { start, size, count }: End, most: number): Promise<ZipDirectory | null> {
  const end = start + size;
  const entries: ZipEntry[] = [];
  let at = start;
  let listed = 0;
  for (; listed < count && at + kCentralBytes <= end; listed += 1) {
    const head = view(await archive.read(at, at + kCentralBytes));
    if (head.getUint32(0, true) !== kCentral) return null;
    const nameBytes = head.getUint16(28, true);
    const extraBytes = head.getUint16(30, true);
    const next = at + kCentralBytes + nameBytes + extraBytes + head.getUint16(32, true);
    if (next > end) return null;
    if (entries.length >= most) {
      // The rest is counted by the end record; reading on would only cost time.
      listed = count;
      break;
    }
    const names = await archive.read(at + kCentralBytes, at + kCentralBytes + nameBytes + extraBytes);
    const extra = names.subarray(nameBytes);
    const sizes = wideSizes(extra, [head.getUint32(24, true), head.getUint32(20, true), head.getUint32(42, true)]);
    const [unpacked, packed, headerAt] = sizes as [number, number, number];
    const flags = head.getUint16(8, true);
    const method = head.getUint16(10, true);
    entries.push({
      name: decodeName(names.subarray(0, nameBytes), flags, extra, kWindows.has(head.getUint8(5))),
      headerAt,
      packed,
      size: unpacked,
      crc: head.getUint32(16, true),
      method,
      encrypted: isEncrypted(flags, method),
      overlaps: false,
    });
    at = next;
  }
  if (listed < count) return null;
  entries.sort((a, b) => a.headerAt - b.headerAt);
  let free = 0;
  for (const entry of entries) {
    const next = entry.headerAt + kLocalBytes + entry.packed;
    entry.overlaps = entry.headerAt < free || next > start;
    if (!entry.overlaps) free = next;
  }
  return { entries, listed };
}

/** Sizes that do not fit 32 bits stand in an extra field, only those, in this order. */
function wideSizes(extra: Uint8Array, sizes: number[]): number[] {
  if (!sizes.includes(kIn64)) return sizes;
  const field = extraField(extra, 0x0001);
  if (field === null) return sizes;
  const data = view(field);
  let at = 0;
  return sizes.map((size) => {
    if (size !== kIn64 || at + 8 > data.byteLength) return size;
    at += 8;
    return number64(data, at - 8);
  });
}

function extraField(extra: Uint8Array, id: number): Uint8Array | null {
  const data = view(extra);
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = data.getUint16(at + 2, true);
    if (data.getUint16(at, true) === id) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}

const isEncrypted = (flags: number, method: number): boolean => (flags & 0x2041) !== 0 || method === 99;

/** Where an entry's content begins. */
export async function contentAt(archive: RandomSource, entry: ZipEntry): Promise<number> {
  const { headerAt, packed } = entry;
  if (headerAt + kLocalBytes <= archive.size) {
    const head = view(await archive.read(headerAt, headerAt + kLocalBytes));
    const at = headerAt + kLocalBytes + head.getUint16(26, true) + head.getUint16(28, true);
    if (head.getUint32(0, true) === kLocal && at + packed <= archive.size) return at;
  }
  throw new Trouble('The archive is damaged: where this file should begin stands something else.');
}

export interface Salvage {
  /** Bytes of the archive that were understood. */
  upTo: number;
  /** The record of an archive's end was the last that was understood. */
  whole: boolean;
}

/**
 * The entries as their own headers tell them, from the beginning on; returns where that ended. An entry whose header does not know its length is
 * inflated to find its end, `mostBytes` of it at most. The last entry may reach past the end: then it is as long as what is there.
 */
export async function* salvage(
  archive: RandomSource,
  inflaters: Inflaters,
  mostBytes: number,
  breathe: () => Promise<void>,
): AsyncGenerator<ZipEntry, Salvage> {
  let at = 0;
  let sawEnd = false;
  while (at + 4 <= archive.size) {
    const signature = view(await archive.read(at, at + 4)).getUint32(0, true);
    if (at === 0 && (signature === kSpanned || signature === kSpannedAlone)) {
      at = 4;
      continue;
    }
    const bytes = await recordBytes(archive, at, signature);
    if (bytes !== null) {
      sawEnd = signature === kEnd;
      at += bytes;
      continue;
    }
    if (signature !== kLocal || at + kLocalBytes > archive.size) break;
    const head = view(await archive.read(at, at + kLocalBytes));
    const nameBytes = head.getUint16(26, true);
    const contentStart = at + kLocalBytes + nameBytes + head.getUint16(28, true);
    if (contentStart > archive.size) break;
    const names = await archive.read(at + kLocalBytes, contentStart);
    const extra = names.subarray(nameBytes);
    const flags = head.getUint16(6, true);
    const method = head.getUint16(8, true);
    const [unpacked, packed] = wideSizes(extra, [head.getUint32(22, true), head.getUint32(18, true)]) as [number, number];
    const entry: ZipEntry = {
      // Where it was made stands in the directory alone.
      name: decodeName(names.subarray(0, nameBytes), flags, extra, true),
      headerAt: at,
      packed,
      size: unpacked,
      crc: head.getUint32(14, true),
      method,
      encrypted: isEncrypted(flags, method),
      overlaps: false,
    };
    let next = contentStart + packed;
    if ((flags & 8) !== 0 && packed === 0) {
      // Lengths and checksum follow the content.
      const stored = method === kStored;
      if (entry.encrypted || (method !== kDeflated && !stored)) return { upTo: at, whole: false };
      const length = stored ? 0 : await packedLength(archive, contentStart, inflaters, mostBytes, breathe);
      const found = length === null ? null : await readDescriptor(archive, contentStart + length, length);
      // Of what is stored only an empty file shows where it ends.
      if (stored && found === null) return { upTo: at, whole: false };
      entry.packed = length ?? archive.size - contentStart;
      entry.crc = found?.crc ?? 0;
      // Without its descriptor nothing tells whether the content is whole: a size that cannot be met makes it count as cut.
      entry.size = found?.size ?? Number.POSITIVE_INFINITY;
      next = found?.next ?? archive.size;
    } else if (next > archive.size) {
      entry.packed = archive.size - contentStart;
    }
    yield entry;
    sawEnd = false;
    at = next;
  }
  return { upTo: Math.min(at, archive.size), whole: sawEnd && at <= archive.size };
}

/** Length of a record that is no file, or null. */
async function recordBytes(archive: RandomSource, at: number, signature: number): Promise<number | null> {
  const field = async (offset: number, bytes: 2 | 4): Promise<number> => {
    if (at + offset + bytes > archive.size) return 0;
    const data = view(await archive.read(at + offset, at + offset + bytes));
    return bytes === 2 ? data.getUint16(0, true) : data.getUint32(0, true);
  };
  switch (signature) {
    case kCentral:
      return kCentralBytes + (await field(28, 2)) + (await field(30, 2)) + (await field(32, 2));
    case kEnd:
      return kEndBytes + (await field(20, 2));
    case kEnd64:
      return 12 + (await field(4, 4));
    case kLocator64:
      return kLocator64Bytes;
    case kDescriptor:
      // Behind an entry that tells its length nevertheless.
      return (await field(16, 2)) === kPK ? 16 : 24;
    default:
      return null;
  }
}

async function packedLength(
  archive: RandomSource,
  from: number,
  inflaters: Inflaters,
  mostBytes: number,
  breathe: () => Promise<void>,
): Promise<number | null> {
  const content = inflated(archive.blocks(from, archive.size), inflaters);
  let bytes = 0;
  try {
    for (;;) {
      const { value, done } = await content.next();
      if (done === true) return value;
      bytes += value.byteLength;
      if (bytes > mostBytes) {
        await content.return(0);
        return null;
      }
      await breathe();
    }
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

/**
 * The record behind a content of unknown length: signature (often left out), checksum, packed length, length; lengths of 4 or 8 bytes, which is
 * told by where the next header stands. null where none fits.
 */
async function readDescriptor(
  archive: RandomSource,
  at: number,
  packed: number,
): Promise<{ crc: number; size: number; next: number } | null> {
  const kSignature = 4;
  const data = view(await archive.read(at, Math.min(at + kSignature + 20 + 2, archive.size)));
  const signed = data.byteLength >= kSignature && data.getUint32(0, true) === kDescriptor;
  for (const skip of signed ? [kSignature, 0] : [0]) {
    for (const wide of [false, true]) {
      const end = skip + (wide ? 20 : 12);
      if (data.byteLength < end) continue;
      const length = wide ? data.getBigUint64(skip + 4, true) : BigInt(data.getUint32(skip + 4, true));
      const behind = data.byteLength - end;
      const followed = behind === 0 || (behind === 1 ? data.getUint8(end) === (kPK & 0xff) : data.getUint16(end, true) === kPK);
      if (length !== BigInt(packed) || !followed) continue;
      const size = wide ? number64(data, skip + 12) : data.getUint32(skip + 8, true);
      return { crc: data.getUint32(skip, true), size, next: at + end };
    }
  }
  return null;
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// The upper half of code page 437, the name's encoding where nothing else is said.
const kUpper437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

// FAT, HPFS, NTFS, VFAT: what made the entry. Elsewhere '\' is a letter like any other.
const kWindows: ReadonlySet<number> = new Set([0, 6, 10, 11, 14]);

/** Old .NET wrote '\' between folders, against the format; a name from Windows that holds no '/' and one of those is such. */
function decodeName(bytes: Uint8Array, flags: number, extra: Uint8Array, windows: boolean): string {
  const name = decodeText(bytes, flags, extra);
  return !windows || name.includes('/') ? name : name.replaceAll('\\', '/');
}

function decodeText(bytes: Uint8Array, flags: number, extra: Uint8Array): string {
  if ((flags & 0x0800) !== 0) return utf8.decode(bytes);
  // Info-ZIP's field: version, CRC of the name it stands for, the name in UTF-8.
  const unicode = extraField(extra, 0x7075);
  if (unicode !== null && unicode.byteLength > 5 && view(unicode).getUint32(1, true) === crc32(0, bytes)) {
    return utf8.decode(unicode.subarray(5));
  }
  // macOS writes UTF-8 without saying so, and hardly any name in code page 437 is valid UTF-8 by chance.
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : (kUpper437[byte - 0x80] as string))).join('');
  }
}
