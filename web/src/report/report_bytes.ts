// What the analyst wrote, in the JSON report. The core makes the report and leaves `annotations` empty; this is the one place that fills it, by
// putting other bytes in place of the report's end. Invariants: no annotation leaves the core's bytes as they are, so page and scripts/hunt agree;
// equal annotations give equal bytes; a report opened again and exported unchanged is the same file.

import type { Annotation, Report } from '../engine/report';

const encoder = new TextEncoder();

/** As the core writes a string: controls, U+007F and the two line separators are escapes. */
function jsonText(value: string | null): string {
  return JSON.stringify(value).replace(
    /[\u007f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The end of a report, from the key on. Sorted by session. */
function endOf(annotations: readonly Annotation[]): string {
  if (annotations.length === 0) return '"annotations":[]}\n';
  const sorted = [...annotations].sort((a, b) => (a.session < b.session ? -1 : a.session > b.session ? 1 : 0));
  const lines = sorted.map(
    ({ session, verdict, note }) => `{"session":${jsonText(session)},"verdict":${jsonText(verdict)},"note":${jsonText(note)}}`,
  );
  return `"annotations":[\n${lines.join(',\n')}\n]}\n`;
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  const from = bytes.length - end.length;
  return from >= 0 && end.every((byte, at) => bytes[from + at] === byte);
}

/** Report bytes, and the annotations that stand in them. */
export interface ReportBytes {
  bytes: Uint8Array<ArrayBuffer>;
  annotations: readonly Annotation[];
}

/**
 * The report with these annotations in place of its own. `whole` gives its value where the text is laid out otherwise than the core does it
 * (somebody's formatter): then it is written anew, the same value in one line.
 */
export function withAnnotations(report: ReportBytes, annotations: readonly Annotation[], whole: () => Report): Uint8Array<ArrayBuffer> {
  const end = endOf(annotations);
  const before = endOf(report.annotations);
  if (end === before) return report.bytes;
  const old = encoder.encode(before);
  const tail = encoder.encode(end);
  let front: Uint8Array;
  if (endsWith(report.bytes, old)) {
    front = report.bytes.subarray(0, report.bytes.length - old.length);
  } else {
    const { annotations: _, ...rest } = whole();
    front = encoder.encode(`${JSON.stringify(rest).slice(0, -1)},`);
  }
  const bytes = new Uint8Array(front.length + tail.length);
  bytes.set(front);
  bytes.set(tail, front.length);
  return bytes;
}
