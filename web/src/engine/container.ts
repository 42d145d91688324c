// Recognises, by content, files whose bytes are not the log itself: compressed files, archives, columnar and office formats. They are refused
// with a sentence that says what to do instead; decoding them as text would give thousands of rejects and no hint. Names decide nothing.

export interface Refusal {
  container: 'none' | 'gzip' | 'zip';
  /** Stable word of the note in the report. */
  code: string;
  /** One sentence: what it is and what to do. */
  message: string;
}

/** Bytes that recogniseContainer wants to see when the file has them: a zip's first local headers, a tar's magic at 257. */
export const kSniffBytes = 64 * 1024;

const kExport = 'export the table as CSV or JSON instead and open that';
const kUnpack = 'unpack it and open the files inside';
const kUnpackOne = 'unpack it and open the file inside';

interface Magic {
  bytes: number[];
  at?: number;
  refusal: Refusal;
}

const none = (code: string, message: string): Refusal => ({ container: 'none', code, message });
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

const magics: Magic[] = [
  {
    bytes: [0x1f, 0x8b],
    refusal: { container: 'gzip', code: 'gzip', message: `This is a gzip file, which is not read yet: ${kUnpackOne}.` },
  },
  { bytes: ascii('PAR1'), refusal: none('parquet', `This is a Parquet file, which is not read: ${kExport}.`) },
  { bytes: ascii('PARE'), refusal: none('parquet', `This is an encrypted Parquet file, which is not read: ${kExport}.`) },
  {
    bytes: [...ascii('Obj'), 1],
    refusal: none(
      'avro',
      'This is an Avro file, as Event Hubs Capture writes it, which is not read: save the messages as JSON Lines, or take the log from the storage account or workspace as JSON or CSV.',
    ),
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    refusal: none('xls', 'This is an old Office file, which is not read: save the sheet as CSV (UTF-8) and open that.'),
  },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], refusal: none('zstd', `This is a Zstandard file, which is not read: ${kUnpackOne}.`) },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], refusal: none('xz', `This is an xz file, which is not read: ${kUnpackOne}.`) },
  { bytes: ascii('1AY&SY'), at: 4, refusal: none('bzip2', `This is a bzip2 file, which is not read: ${kUnpackOne}.`) },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], refusal: none('7z', `This is a 7-Zip archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('Rar!\x1a\x07'), refusal: none('rar', `This is a RAR archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('ustar'), at: 257, refusal: none('tar', `This is a tar archive, which is not read: ${kUnpack}.`) },
  { bytes: ascii('SQLite format 3\0'), refusal: none('sqlite', `This is an SQLite database, which is not read: ${kExport}.`) },
  {
    bytes: ascii('%PDF-'),
    refusal: none('pdf', 'This is a PDF, which holds no log that can be read: export the log as CSV or JSON and open that.'),
  },
  {
    bytes: ascii('ElfFile\0'),
    refusal: none('evtx', 'This is a Windows event log, not an Azure Activity log: export the Activity log as CSV or JSON and open that.'),
  },
];

const zipMessage = `This is a zip archive, which is not read yet: ${kUnpack}.`;
const xlsx = none(
  'xlsx',
  'This is an Excel workbook, which is not read: save the sheet as CSV (UTF-8), or export the log as CSV or JSON, and open that.',
);
const officeDocument = none(
  'office',
  'This is an Office document, which holds no log that can be read: export the log as CSV or JSON and open that.',
);

/** `head`: the first bytes of the file, kSniffBytes of them or the whole file. null: nothing known, to be read as text. */
export function recogniseContainer(head: Uint8Array): Refusal | null {
  if (startsWith(head, ascii('PK\x03\x04'), 0) || startsWith(head, ascii('PK\x05\x06'), 0) || startsWith(head, ascii('PK\x07\x08'), 0)) {
    return recogniseZip(head);
  }
  for (const magic of magics) {
    if (startsWith(head, magic.bytes, magic.at ?? 0)) return magic.refusal;
  }
  return null;
}

// An Office file is a zip that holds "[Content_Types].xml". Its local headers store names as they are, so looking for the names in the first
// bytes is enough: a workbook's parts lie under xl/.
function recogniseZip(head: Uint8Array): Refusal {
  const text = new TextDecoder('latin1').decode(head.subarray(0, kSniffBytes));
  if (text.includes('[Content_Types].xml')) return text.includes('xl/') ? xlsx : officeDocument;
  return { container: 'zip', code: 'zip', message: zipMessage };
}

function startsWith(head: Uint8Array, magic: number[], at: number): boolean {
  return head.byteLength >= at + magic.length && magic.every((byte, index) => head[at + index] === byte);
}
