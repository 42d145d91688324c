// Archives for the tests, byte by byte from the format's description and node:zlib, sharing nothing with what opens them.

import { deflateRawSync, gzipSync, crc32 as nodeCrc32 } from 'node:zlib';

export type Bytes = Uint8Array<ArrayBuffer>;

export const bytesOf = (content: string | Uint8Array): Bytes =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

export const joined = (...parts: (string | Uint8Array)[]): Bytes => new Uint8Array(Buffer.concat(parts.map(bytesOf)));

/** Bit by bit, as the polynomial is written down; Node's own where this Node has it. */
export function crcOf(bytes: Uint8Array): number {
  if (typeof nodeCrc32 === 'function') return nodeCrc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export interface Entry {
  name: string | Uint8Array;
  content?: string | Uint8Array;
  stored?: boolean;
  /** Lengths behind the content, in a record with or without its signature. */
  descriptor?: 'signed' | 'bare' | 'wide';
  zip64?: boolean;
  flags?: number;
  /** System (3: Unix, 0: FAT) and version. */
  madeBy?: number;
  method?: number;
  crc?: number;
  /** Further extra fields. */
  extra?: Uint8Array;
  /** The directory's entry points at this other entry's header. */
  sharesHeaderOf?: number;
}

const little = (value: number, bytes: 2 | 4 | 8): Bytes => {
  const out = Buffer.alloc(bytes);
  if (bytes === 2) out.writeUInt16LE(value);
  else if (bytes === 4) out.writeUInt32LE(value);
  else out.writeBigUInt64LE(BigInt(value));
  return new Uint8Array(out);
};

export interface ZipOptions {
  comment?: string;
  zip64?: boolean;
  disk?: number;
  /** Added to the offset of the directory. */
  directoryOff?: number;
}

/** Where each entry's header and the directory begin, beside the archive itself. */
export function zipWithPlaces(entries: readonly Entry[], options: ZipOptions = {}): { bytes: Bytes; headers: number[]; directory: number } {
  const parts: Bytes[] = [];
  let at = 0;
  const add = (...some: (string | Uint8Array)[]) => {
    const part = joined(...some);
    parts.push(part);
    at += part.byteLength;
  };
  const headers: number[] = [];
  const central: Bytes[] = [];
  for (const entry of entries) {
    const { descriptor, zip64 = false, stored = false } = entry;
    const name = bytesOf(entry.name);
    const content = bytesOf(entry.content ?? '');
    const packed = stored ? content : new Uint8Array(deflateRawSync(content));
    const crc = entry.crc ?? crcOf(content);
    const flags = (entry.flags ?? 0) | (descriptor === undefined ? 0 : 8);
    const method = entry.method ?? (stored ? 0 : 8);
    const sizes = [packed.byteLength, content.byteLength] as const;
    const known = descriptor === undefined;
    const fixed = (first: Uint8Array) => joined(first, little(flags, 2), little(method, 2), little(0, 4));
    const header = at;
    headers.push(header);
    const localExtra = joined(
      zip64 ? joined(little(1, 2), little(16, 2), little(known ? sizes[1] : 0, 8), little(known ? sizes[0] : 0, 8)) : '',
      entry.extra ?? '',
    );
    add('PK\x03\x04', fixed(little(zip64 ? 45 : 20, 2)), little(known ? crc : 0, 4));
    for (const size of sizes) add(little(zip64 ? 0xffffffff : known ? size : 0, 4));
    add(little(name.byteLength, 2), little(localExtra.byteLength, 2), name, localExtra, packed);
    const wide = descriptor === 'wide' ? 8 : 4;
    if (!known) add(descriptor === 'bare' ? '' : 'PK\x07\x08', little(crc, 4), little(sizes[0], wide), little(sizes[1], wide));
    const headerAt = entry.sharesHeaderOf === undefined ? header : (headers[entry.sharesHeaderOf] as number);
    const extra = joined(
      zip64 ? joined(little(1, 2), little(24, 2), little(sizes[1], 8), little(sizes[0], 8), little(headerAt, 8)) : '',
      entry.extra ?? '',
    );
    central.push(
      joined(
        'PK\x01\x02',
        little(entry.madeBy ?? 0x031e, 2),
        fixed(little(20, 2)),
        little(crc, 4),
        ...sizes.map((size) => little(zip64 ? 0xffffffff : size, 4)),
        little(name.byteLength, 2),
        little(extra.byteLength, 2),
        new Uint8Array(2 + 2 + 2 + 4),
        little(zip64 ? 0xffffffff : headerAt, 4),
        name,
        extra,
      ),
    );
  }
  const directory = at;
  add(...central);
  const size = at - directory;
  const start = directory + (options.directoryOff ?? 0);
  if (options.zip64 === true) {
    const end64 = at;
    const counts = joined(little(entries.length, 8), little(entries.length, 8));
    add('PK\x06\x06', little(44, 8), little(45, 2), little(45, 2), new Uint8Array(8), counts, little(size, 8), little(start, 8));
    add('PK\x06\x07', new Uint8Array(4), little(end64, 8), little(1, 4));
  }
  const count = little(options.zip64 === true ? 0xffff : Math.min(entries.length, 0xffff), 2);
  const comment = bytesOf(options.comment ?? '');
  add('PK\x05\x06', little(options.disk ?? 0, 2), new Uint8Array(2), count, count);
  add(...[size, start].map((value) => little(options.zip64 === true ? 0xffffffff : value, 4)), little(comment.byteLength, 2), comment);
  return { bytes: joined(...parts), headers, directory };
}

export const zipOf = (entries: readonly Entry[], options: ZipOptions = {}): Bytes => zipWithPlaces(entries, options).bytes;

export const gzipOf = (...members: (string | Uint8Array)[]): Bytes => joined(...members.map((member) => gzipSync(bytesOf(member))));
