import { expect, test } from 'vitest';
import { kSniffBytes, recogniseContainer } from '../../web/src/engine/container';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part)));
const localHeader = (name: string): (string | number[])[] => [
  'PK\x03\x04',
  new Array(22).fill(0),
  [name.length, 0, 0, 0],
  name,
  new Array(40).fill(7),
];

test.each([
  ['gzip', bytes([0x1f, 0x8b, 8, 0]), 'gzip', 'unpack'],
  ['zip', bytes(...localHeader('PT1H.json')), 'zip', 'unpack'],
  ['zip', bytes('PK\x05\x06', new Array(18).fill(0)), 'zip', 'unpack'],
  ['zip', bytes('PK\x07\x08'), 'zip', 'unpack'],
  ['xlsx', bytes(...localHeader('[Content_Types].xml'), ...localHeader('xl/workbook.xml')), 'none', 'CSV'],
  ['office', bytes(...localHeader('[Content_Types].xml'), ...localHeader('word/document.xml')), 'none', 'CSV'],
  ['parquet', bytes('PAR1', [21, 4]), 'none', 'CSV or JSON'],
  ['parquet', bytes('PARE'), 'none', 'CSV or JSON'],
  ['avro', bytes('Obj', [1], 'avro.codec'), 'none', 'JSON'],
  ['xls', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'none', 'CSV'],
  ['zstd', bytes([0x28, 0xb5, 0x2f, 0xfd]), 'none', 'unpack'],
  ['xz', bytes([0xfd], '7zXZ', [0]), 'none', 'unpack'],
  ['bzip2', bytes('BZh91AY&SY'), 'none', 'unpack'],
  ['7z', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c]), 'none', 'unpack'],
  ['rar', bytes('Rar!\x1a\x07'), 'none', 'unpack'],
  ['tar', bytes('dir/PT1H.json', new Array(257 - 13).fill(0), 'ustar'), 'none', 'unpack'],
  ['sqlite', bytes('SQLite format 3\0'), 'none', 'CSV or JSON'],
  ['pdf', bytes('%PDF-1.7'), 'none', 'CSV or JSON'],
  ['evtx', bytes('ElfFile\0'), 'none', 'CSV or JSON'],
])('%s is recognised by its first bytes and the sentence says what to do', (code, head, container, named) => {
  const refusal = recogniseContainer(head);
  expect(refusal).toMatchObject({ code, container });
  expect(refusal?.message).toContain(named);
  expect(refusal?.message).toMatch(/^[A-Z].*\.$/);
});

test.each([
  ['JSON Lines', bytes('{"time":"2026-03-14T09:12:05Z"}\n')],
  ['CSV', bytes('TimeGenerated,Caller\n')],
  ['UTF-8 with BOM', bytes([0xef, 0xbb, 0xbf], '[{}]')],
  ['UTF-16', bytes([0xff, 0xfe, 0x5b, 0])],
  ['a text that begins like a zip', bytes('PK,Caller\n')],
  ['a text that begins like bzip2', bytes('BZhello,1AY\n')],
  ['nothing', bytes()],
  ['one byte of a magic', bytes([0x1f])],
])('%s is no container', (_, head) => {
  expect(recogniseContainer(head)).toBeNull();
});

test('a workbook is told from a zip only by what lies within the sniffed bytes', () => {
  const early = bytes('PK\x03\x04', new Array(kSniffBytes - 4 - 22).fill(0), '[Content_Types].xml', 'xl/');
  const late = bytes('PK\x03\x04', new Array(kSniffBytes).fill(0), '[Content_Types].xml', 'xl/');
  expect(recogniseContainer(early)).toMatchObject({ code: 'xlsx' });
  expect(recogniseContainer(late)).toMatchObject({ code: 'zip' });
});
