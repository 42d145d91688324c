// Recognises, by content, files whose bytes are not the log itself. gzip and zip are opened (unpack.ts). Other compressed files, columnar and office
// formats are refused with a sentence that says what to do instead; decoding them as text would give thousands of rejects and no hint. Names
// decide nothing. The core knows the same first bytes (core/bytes/sniff.cpp) for callers that open nothing; a test compares the codes.

export interface Refusal {
  opens: null;
  /** Stable word of the note in the report. */
  code: string;
  /** One sentence: what it is and what to do. */
  message: string;
}

export type Opens = 'gzip' | 'zip';

/** Bytes that recogniseContainer wants to see when the file has them: a tar's magic stands at 257. */
export const kSniffBytes = 512;

const kExport = 'export the table as CSV or JSON instead and open that';
const kUnpack = 'unpack it and open the files inside';
const kUnpackOne = 'unpack it and open the file inside';

interface Magic {
  bytes: number[];
  at?: number;
  found: Refusal | { opens: Opens };
}

const none = (code: string, message: string): Refusal => ({ opens: null, code, message });
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

const magics: Magic[] = [
  { bytes: [0x1f, 0x8b], found: { opens: 'gzip' } },
  // A first file; nothing but the end of an empty archive; the mark of an archive that was meant to be split.
  { bytes: ascii('PK\x03\x04'), found: { opens: 'zip' } },
  { bytes: ascii('PK\x05\x06'), found: { opens: 'zip' } },
  { bytes: ascii('PK\x07\x08'), found: { opens: 'zip' } },
  { bytes: ascii('PK00PK\x03\x04'), found: { opens: 'zip' } },
  { bytes: ascii('PAR1'), found: none('parquet', `This is a Parquet file, which is not read: ${kExport}.`) },
  { bytes: ascii('PARE'), found: none('parquet', `This is an encrypted Parquet file, which is not read: ${kExport}.`) },
  {
    bytes: [...ascii('Obj'), 1],
    found: none(
      'avro',
      'This is an Avro file, as Event Hubs Capture writes it, which is not read: save the messages as JSON Lines, or take the log from the storage account or workspace as JSON or CSV.',
    ),
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    found: none('xls', 'This is an old Office file, which is not read: save the sheet as CSV (UTF-8) and open that.'),
  },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], found: none('zstd', `This is a Zstandard file, which is not read: ${kUnpackOne}.`) },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], found: none('xz', `This is an xz file, which is not read: ${kUnpackOne}.`) },
  { bytes: ascii('1AY&SY'), at: 4, found: none('bzip2', `This is a bzip2 file, which is not read: ${kUnpackOne}.`) },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], found: none('7z', `This is a 7-Zip archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('Rar!\x1a\x07'), found: none('rar', `This is a RAR archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('ustar'), at: 257, found: none('tar', `This is a tar archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('SQLite format 3\0'), found: none('sqlite', `This is an SQLite database, which is not read: ${kExport}.`) },
  {
    bytes: ascii('%PDF-'),
    found: none('pdf', 'This is a PDF, which holds no log that can be read: export the log as CSV or JSON and open that.'),
  },
  {
    bytes: ascii('ElfFile\0'),
    found: none('evtx', 'This is a Windows event log, not an Azure Activity log: export the Activity log as CSV or JSON and open that.'),
  },
];

/** An Office file is a zip with these names in it. null: some other archive. */
export function refusalOfOffice(names: readonly string[]): Refusal | null {
  if (!names.includes('[Content_Types].xml')) return null;
  return names.length === 1 || names.some((name) => name.startsWith('xl/')) ? xlsx : officeDocument;
}

const xlsx = none(
  'xlsx',
  'This is an Excel workbook, which is not read: save the sheet as CSV (UTF-8), or export the log as CSV or JSON, and open that.',
);
const officeDocument = none(
  'office',
  'This is an Office document, which holds no log that can be read: export the log as CSV or JSON and open that.',
);

/** `head`: the first bytes of the file, kSniffBytes of them or the whole file. null: nothing known, to be read as text. */
export function recogniseContainer(head: Uint8Array): Refusal | { opens: Opens } | null {
  return magics.find((magic) => startsWith(head, magic.bytes, magic.at ?? 0))?.found ?? null;
}

function startsWith(head: Uint8Array, magic: number[], at: number): boolean {
  return head.byteLength >= at + magic.length && magic.every((byte, index) => head[at + index] === byte);
}
