import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recogniseContainer, refusalOfOffice } from '../../web/src/engine/container';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part)));

test.each([
  ['gzip', bytes([0x1f, 0x8b, 8, 0])],
  ['zip', bytes('PK\x03\x04', new Array(26).fill(0))],
  ['zip', bytes('PK\x05\x06', new Array(18).fill(0))],
  ['zip', bytes('PK\x07\x08')],
  ['zip', bytes('PK00PK\x03\x04')],
])('%s is opened', (opens, head) => {
  expect(recogniseContainer(head)).toEqual({ opens });
});

test.each([
  ['parquet', bytes('PAR1', [21, 4]), 'CSV or JSON'],
  ['parquet', bytes('PARE'), 'CSV or JSON'],
  ['avro', bytes('Obj', [1], 'avro.codec'), 'JSON'],
  ['xls', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'CSV'],
  ['zstd', bytes([0x28, 0xb5, 0x2f, 0xfd]), 'unpack'],
  ['xz', bytes([0xfd], '7zXZ', [0]), 'unpack'],
  ['bzip2', bytes('BZh91AY&SY'), 'unpack'],
  ['7z', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c]), 'unpack'],
  ['rar', bytes('Rar!\x1a\x07'), 'unpack'],
  ['tar', bytes('dir/PT1H.json', new Array(257 - 13).fill(0), 'ustar'), 'unpack'],
  ['sqlite', bytes('SQLite format 3\0'), 'CSV or JSON'],
  ['pdf', bytes('%PDF-1.7'), 'CSV or JSON'],
  ['evtx', bytes('ElfFile\0'), 'CSV or JSON'],
])('%s is recognised by its first bytes and the sentence says what to do', (code, head, named) => {
  const message = expect.stringMatching(/^[A-Z].*\.$/);
  expect(recogniseContainer(head)).toEqual({ opens: null, code, message });
  expect(recogniseContainer(head)).toMatchObject({ message: expect.stringContaining(named) });
});

test('what the core calls by its first bytes, for callers that open nothing, has the same name here', () => {
  const core = readFileSync(new URL('../../core/bytes/sniff.cpp', import.meta.url), 'utf8');
  for (const code of ['parquet', 'avro', 'xlsx', 'gzip', 'zip']) expect(core).toContain(`return "${code}";`);
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
  ['a magic further in', bytes('x\x1f\x8b')],
])('%s is no container', (_, head) => {
  expect(recogniseContainer(head)).toBeNull();
});

test('an archive with the parts of an Office file is one', () => {
  expect(refusalOfOffice(['[Content_Types].xml', 'xl/workbook.xml'])).toMatchObject({ code: 'xlsx' });
  expect(refusalOfOffice(['[Content_Types].xml'])).toMatchObject({ code: 'xlsx' });
  expect(refusalOfOffice(['word/document.xml', '[Content_Types].xml'])).toMatchObject({ code: 'office' });
  expect(refusalOfOffice(['book/[Content_Types].xml', 'xl/PT1H.json'])).toBeNull();
});
