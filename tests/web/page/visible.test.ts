// What a browser would hide, reorder or break must come out as an escape; everything else must come out as it went in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleRuns } from '../../../web/src/view/visible';

describe('visible', () => {
  it.each([
    ['a right-to-left override', 'alice\u202Emoc.osotnoc', 'alice\\u{202E}moc.osotnoc'],
    ['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
    ['marks of direction', '\u200Ea\u200F\u061C', '\\u{200E}a\\u{200F}\\u{061C}'],
    ['zero width', 'ad\u200Bmin\u200C\u200D\u2060\uFEFF', 'ad\\u{200B}min\\u{200C}\\u{200D}\\u{2060}\\u{FEFF}'],
    ['controls', 'a\0b\u0007c\u001Bd\u007Fe\u0085', 'a\\u{0000}b\\u{0007}c\\u{001B}d\\u{007F}e\\u{0085}'],
    ['line breaks and tab', 'a\tb\nc\rd\u2028e\u2029', 'a\\u{0009}b\\u{000A}c\\u{000D}d\\u{2028}e\\u{2029}'],
    ['blanks that look like a blank', 'a\u00A0b\u2009c\u3000d', 'a\\u{00A0}b\\u{2009}c\\u{3000}d'],
    ['soft hyphen and fillers', 'a\u00ADb\u3164c\u115F', 'a\\u{00AD}b\\u{3164}c\\u{115F}'],
    ['variation selectors and tags', 'a\uFE0Fb\u{E0041}', 'a\\u{FE0F}b\\u{E0041}'],
    ['what is piled on one letter', 'z\u0301\u0302\u0303\u0304\u0305\u0306o\u0308', 'z\u0301\u0302\u0303\u0304\\u{0305}\\u{0306}o\u0308'],
    ['half a surrogate pair', 'a\uD800b', 'a\\u{D800}b'],
    ['private use and noncharacters', '\uE000\uFFFE', '\\u{E000}\\u{FFFE}'],
  ])('shows %s', (_what, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it.each(['alice@contoso.com', 'Ünïcödé 東京 Ελλάδα مرحبا', '<img src=x>', '😀', 'a b', ''])('leaves %j alone', (text) => {
    expect(visible(text)).toBe(text);
    expect(visibleRuns(text)).toEqual(text === '' ? [] : [{ text, escaped: false }]);
  });

  it('tells an escape from the same text written out', () => {
    expect(visibleRuns('a\u202E\\u{202E}')).toEqual([
      { text: 'a', escaped: false },
      { text: '\\u{202E}', escaped: true },
      { text: '\\u{202E}', escaped: false },
    ]);
  });

  it('marks tab and line breaks by their short forms, which are letters where nothing is marked', () => {
    expect(visibleRuns('CONTOSO\\rob\r\n')).toEqual([
      { text: 'CONTOSO\\rob', escaped: false },
      { text: '\\r', escaped: true },
      { text: '\\n', escaped: true },
    ]);
    expect(visible('CONTOSO\\rob\r\n')).toBe('CONTOSO\\rob\\u{000D}\\u{000A}');
  });

  it('without marks, tells an escape from the same text written out', () => {
    expect(visible('\\u{202E}\\u202e \\\\u{}')).toBe('\\u{005C}u{202E}\\u202e \\\\u{005C}u{}');
    const typed = fc.string({ unit: fc.constantFrom('\\', 'u', '{', '}', '5', 'C', '\u202E', '\n') });
    fc.assert(
      fc.property(fc.oneof(typed, fc.string({ unit: 'binary' })), (text) => {
        expect(readBack(visible(text))).toBe(text);
      }),
    );
  });

  it('leaves nothing hidden, and loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const runs = visibleRuns(text);
        expect(visible(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        const back = runs.map((run) => (run.escaped ? unescaped(run.text) : run.text)).join('');
        expect(back).toBe(text);
      }),
    );
  });
});

/** Every `\u{…}` is a character. */
function readBack(shown: string): string {
  return shown.replace(/\\u\{([0-9A-F]+)\}/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
}

function unescaped(written: string): string {
  const short = new Map([
    ['\\t', '\t'],
    ['\\n', '\n'],
    ['\\r', '\r'],
  ]).get(written);
  return short ?? String.fromCodePoint(Number.parseInt(written.slice(3, -1), 16));
}
