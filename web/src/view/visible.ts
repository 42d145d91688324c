// Text of the evidence is hostile: a caller may hold characters that are drawn as nothing, reverse what stands beside them or break a line.
// This is the one place where such characters become visible escapes; every view shows evidence through it (evidence.tsx). Invariant: the
// joined runs hold no character that a browser draws as nothing or uses to order or break the text around it, and plain text comes back as is.

export interface Run {
  text: string;
  /** True: stands for a character of the evidence, written as an escape; drawn so that it differs from the same text typed by somebody. */
  escaped: boolean;
}

// C: controls, format characters (bidi, zero width), lone surrogates, private use, unassigned. Zl, Zp: line breaks. DI: what fonts draw as nothing
// (variation selectors, Hangul fillers). Zs other than the plain blank: blanks that look like it and are not.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

const shortForms = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortForms.get(character) ?? `\\u{${code.toString(16).toUpperCase().padStart(4, '0')}}`;
}

/** Cuts text into runs of plain text and escapes, in order. Empty text gives no run. */
export function visibleRuns(text: string): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index), escaped: false });
    runs.push({ text: escapeOf(match[0]), escaped: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), escaped: false });
  return runs;
}

/** The same as one string, for labels that take no elements. */
export function visible(text: string): string {
  return text.replace(hidden, escapeOf);
}
