// Text of the evidence is hostile: a caller may hold characters that are drawn as nothing, reverse what stands beside them or break a line.
// This is the one place where such characters become visible escapes; every view shows evidence through it (evidence.tsx). Invariants: what comes
// out holds no character that a browser draws as nothing or uses to order or break the text around it; plain text comes back as is; and the
// text itself can be told from what comes out, so that nobody passes off typed letters as an escape.

export interface Run {
  text: string;
  /** True: stands for a character of the evidence, written as an escape; drawn so that it differs from the same text typed by somebody. */
  escaped: boolean;
}

// C: controls, format characters (bidi, zero width), lone surrogates, private use, unassigned. Zl, Zp: line breaks. DI: what fonts draw as nothing
// (variation selectors, Hangul fillers). Zs other than the plain blank, and the empty
// Braille cell: blanks that look like it and are not. M, marks piled on one letter: no
// language has more than four, and more are drawn over the lines beside them.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|\u2800|(?<=\p{M}{4})\p{M}/gu;

const shortForms = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u{${code.toString(16).toUpperCase().padStart(4, '0')}}`;
}

// The backslash of a typed "\u{" is an escape itself: so every "\u{…}" in a text without marks stands for a character.
const hiddenOrTyped = new RegExp(`${hidden.source}|\\\\(?=u\\{)`, 'gu');

/** Cuts text into runs of plain text and escapes, in order. Empty text gives no run. */
export function visibleRuns(text: string): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index), escaped: false });
    runs.push({ text: shortForms.get(match[0]) ?? escapeOf(match[0]), escaped: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), escaped: false });
  return runs;
}

/** As one string, for what takes no elements: labels, Markdown, lists. Read back by putting its character for every `\u{…}`. */
export function visible(text: string): string {
  return text.replace(hiddenOrTyped, escapeOf);
}
