// A record is shown formatted and unchanged: what JSON.parse would lose must still stand there.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumns, csvRow, decodeRecord, hexDump, indentJson, looksBinary } from '../../../web/src/view/record_text';

describe('indentJson', () => {
  it('indents objects and lists, and keeps empty ones on their line', () => {
    expect(indentJson('{"a":{"b":[1,2]},"c":{},"d":[],"e":"x, {y}: [z]"}')).toEqual([
      '{',
      '  "a": {',
      '    "b": [',
      '      1,',
      '      2',
      '    ]',
      '  },',
      '  "c": {},',
      '  "d": [],',
      '  "e": "x, {y}: [z]"',
      '}',
    ]);
  });

  it('keeps what parsing would change: long numbers, both of two equal keys, escapes', () => {
    expect(indentJson('{"n":12345678901234567890,"k":1,"k":2.10,"s":"\\u202e\\/\\""}')).toEqual([
      '{',
      '  "n": 12345678901234567890,',
      '  "k": 1,',
      '  "k": 2.10,',
      '  "s": "\\u202e\\/\\""',
      '}',
    ]);
  });

  it.each(['', 'a,b', '{bad}', '{"a":1} {"b":2}', '[1,,2]', '"text"', '12'])(
    'leaves %j, which is no JSON object or list, to others',
    (text) => {
      expect(indentJson(text)).toBeNull();
    },
  );

  it('gives back the value of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(indentJson(text)?.join('\n') ?? '')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is not undone by depth', () => {
    const depth = 5000;
    const lines = indentJson(`${'['.repeat(depth)}1${']'.repeat(depth)}`) ?? [];
    expect(lines.length).toBe(2 * depth + 1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(50);
  });
});

describe('CSV', () => {
  it('reads quoted fields with separators, quotes and line breaks', () => {
    expect(csvRow('a,"b,""c""\nd",,e\r\nnext,row', ',')).toEqual(['a', 'b,"c"\nd', '', 'e']);
    expect(csvRow('', ',')).toEqual(['']);
    expect(csvRow('"open', ',')).toEqual(['open']);
  });

  it('sets a row beside its names, whatever the separator', () => {
    expect(csvColumns('\u{FEFF}"TimeGenerated [UTC]";Caller\r\nx;y', '"14/03/2026";alice')).toEqual([
      { name: 'TimeGenerated [UTC]', value: '14/03/2026' },
      { name: 'Caller', value: 'alice' },
    ]);
    expect(csvColumns('a,b,c\n', '1,2')).toBeNull();
    expect(csvColumns('a', '1')).toBeNull();
  });
});

describe('bytes', () => {
  it('are decoded in the encoding of their input', () => {
    expect(decodeRecord(new Uint8Array([0xc3, 0xa9]), 'utf-8')).toBe('é');
    expect(decodeRecord(new Uint8Array([0xe9, 0x00]), 'utf-16le')).toBe('é');
    expect(decodeRecord(new Uint8Array([0x00, 0xe9]), 'utf-16be')).toBe('é');
    expect(decodeRecord(new Uint8Array([0xff]), 'utf-8-bom')).toBe('\u{FFFD}');
  });

  it('that are no text are shown as hex', () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0]);
    expect(looksBinary(decodeRecord(png, 'utf-8'))).toBe(true);
    expect(looksBinary('{"a":\t1}\r\n')).toBe(false);
    expect(looksBinary('')).toBe(false);
    expect(hexDump(png, 4096)).toEqual([
      '00001000  89 50 4e 47 0d 0a 1a 0a 00 00 00 0d 49 48 44 52  .PNG........IHDR',
      '00001010  00                                               .',
    ]);
  });
});
