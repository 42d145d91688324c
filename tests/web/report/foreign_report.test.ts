// A JSON report that comes back: what the analyst wrote survives, an unchanged one is the same bytes, and a changed one is refused before a value of it
// is shown.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Annotation, Report } from '../../../web/src/engine/report';
import { kMostReportBytes, openForeignReport, readForeignReport } from '../../../web/src/report/foreign_report';
import { withAnnotations } from '../../../web/src/report/report_bytes';
import { looksLikeReport } from '../../../web/src/report/report_head';
import { hostile, type Made, reportOf, sample } from './reports';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let made: Made;
let nasty: Made;
beforeAll(async () => {
  made = await reportOf(sample);
  nasty = await reportOf(hostile);
});

const whole = () => made.report;
const annotate = (annotations: readonly Annotation[], from: Uint8Array<ArrayBuffer> = made.bytes, before: readonly Annotation[] = []) =>
  withAnnotations({ bytes: from, annotations: before }, annotations, () => JSON.parse(decoder.decode(from)) as Report);

const notes: Annotation[] = [
  { session: 'z|2', verdict: null, note: 'line\nbreak, "quote", \\, \u2028, \u007f, \u202e, ünï, \ud800' },
  { session: 'a|1', verdict: 'confirmed', note: '' },
];

function read(bytes: Uint8Array): Report {
  const answer = readForeignReport(bytes);
  if (!answer.ok) throw new Error(answer.why);
  return answer.report;
}

describe('annotations', () => {
  test('none leave the core’s bytes as they are', () => {
    expect(annotate([])).toBe(made.bytes);
  });

  test('stand sorted at the end, nothing else changes, and come back', () => {
    const bytes = annotate(notes);
    const { annotations, ...rest } = read(bytes);
    expect(annotations).toEqual([notes[1], notes[0]]);
    const { annotations: none, ...before } = made.report;
    expect(none).toEqual([]);
    expect(rest).toEqual(before);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is asked
    expect(decoder.decode(bytes)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u2028\u2029]/);
  });

  test('in any order and by any way give the same bytes', () => {
    const bytes = annotate(notes);
    expect(annotate([...notes].reverse())).toEqual(bytes);
    const other = annotate([{ session: 'b', verdict: 'benign', note: 'x' }]);
    expect(annotate(notes, other, read(other).annotations)).toEqual(bytes);
  });

  test('a report opened again and exported is the same file', () => {
    for (const bytes of [made.bytes, annotate(notes), nasty.bytes]) {
      const { annotations } = read(bytes);
      expect(withAnnotations({ bytes, annotations }, annotations, whole)).toEqual(bytes);
    }
    const bytes = annotate(notes);
    expect(annotate([], bytes, read(bytes).annotations)).toEqual(made.bytes);
  });

  test('a report that somebody’s formatter laid out stays as it is, and takes notes', () => {
    const pretty = encoder.encode(JSON.stringify(made.report, null, 2));
    expect(annotate([], pretty)).toBe(pretty);
    const noted = read(annotate(notes, pretty));
    expect(noted).toEqual({ ...made.report, annotations: [notes[1], notes[0]] });
  });
});

describe('a report is recognised by its first key', () => {
  test.each([
    ['{"schema":"cloudshell-hunt/1"', true],
    ['\ufeff \n{ "schema" : "cloudshell-hunt/2"', true],
    ['{"schema":"other/1"', false],
    ['{"version":"1","schema":"cloudshell-hunt/1"', false],
    ['[{"schema":"cloudshell-hunt/1"', false],
    ['', false],
  ])('%j', (head, expected) => {
    expect(looksLikeReport(encoder.encode(head))).toBe(expected);
  });

  test('the engine’s own reports, hostile text and all, are read', () => {
    expect(looksLikeReport(made.bytes)).toBe(true);
    expect(read(made.bytes)).toEqual(made.report);
    expect(read(nasty.bytes)).toEqual(nasty.report);
  });
});

describe('a report that was changed is refused', () => {
  const why = (bytes: Uint8Array): string => {
    const answer = readForeignReport(bytes);
    return answer.ok ? '' : answer.why;
  };
  type Path = (string | number)[];

  /** Every place of the report that has a value, one of each kind: list elements stand for their list. */
  function places(value: unknown, at: Path = [], found = new Map<string, Path>()): Map<string, Path> {
    const kind = at.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
    if (at.length > 0 && !found.has(kind)) found.set(kind, at);
    if (Array.isArray(value)) value.forEach((one, index) => void places(one, [...at, index], found));
    // Keys of these come from the evidence: any is one.
    else if (typeof value === 'object' && value !== null && !['statuses', 'columns'].includes(String(at.at(-1)))) {
      for (const [key, one] of Object.entries(value)) places(one, [...at, key], found);
    }
    return found;
  }
  function changed(at: Path, change: (parent: Record<string | number, unknown>, key: string | number) => void): Uint8Array {
    const copy = structuredClone(annotated) as unknown as Record<string | number, unknown>;
    const parent = at.slice(0, -1).reduce<Record<string | number, unknown>>((value, step) => value[step] as typeof copy, copy);
    change(parent, at.at(-1) as string | number);
    return encoder.encode(JSON.stringify(copy));
  }
  let annotated: Report;
  beforeAll(() => {
    annotated = { ...made.report, annotations: notes };
  });

  test('whatever value is of another type', () => {
    const all = places(annotated);
    expect(all.size).toBeGreaterThan(100);
    const taken: string[] = [];
    for (const [kind, at] of all) {
      for (const other of [{ toString: 1 }, [[1]], -1, 1.5, 'x\u0000', true]) {
        const bytes = changed(at, (parent, key) => {
          // Of the same type it may well be another good value.
          parent[key] = typeof parent[key] === typeof other && parent[key] !== null && !Array.isArray(other) ? undefined : other;
        });
        if (why(bytes) === '') taken.push(`${kind} = ${JSON.stringify(other)}`);
      }
    }
    expect(taken).toEqual([]);
  });

  test('whatever key is missing', () => {
    const taken = [...places(annotated)].filter(
      ([, at]) => typeof at.at(-1) === 'string' && why(changed(at, (parent, key) => Reflect.deleteProperty(parent, key))) === '',
    );
    expect(taken.map(([kind]) => kind)).toEqual([]);
  });

  test.each<[string, (report: Report) => unknown]>([
    [
      'sessions[1].severity is a word that this version does not know',
      ({ sessions: [, one] }) => Object.assign(one ?? {}, { severity: 'huge' }),
    ],
    ['sessions[0].start is not an instant', ({ sessions: [one] }) => Object.assign(one ?? {}, { start: '2026-13-01T00:00:00Z' })],
    ['settings.window is not a duration', ({ settings }) => Object.assign(settings, { window: '1h<b>' })],
    ['annotations[0].note is not a note', ({ annotations: [one] }) => Object.assign(one ?? {}, { note: 'x'.repeat(20_001) })],
    ['annotations holds two of one session', ({ annotations }) => annotations.push(...annotations)],
    ['sessions holds two sessions of one id', ({ sessions: [one, two] }) => Object.assign(two ?? {}, { id: one?.id })],
    ['totals.sessions is not how many there are', ({ totals }) => Object.assign(totals, { sessions: 99 })],
    ['totals.sentinel_rows is not how many there are', ({ totals }) => Object.assign(totals, { sentinel_rows: 99 })],
    ['totals.events is not a count', ({ totals }) => Object.assign(totals, { events: 2 ** 53 })],
  ])('%s', (sentence, change) => {
    const copy = structuredClone(annotated);
    change(copy);
    expect(why(encoder.encode(JSON.stringify(copy)))).toBe(`It was changed, or is not of this tool: ${sentence}.`);
  });

  test('of another version, cut, not UTF-8, no object, too large', () => {
    expect(why(encoder.encode(JSON.stringify({ ...annotated, schema: 'cloudshell-hunt/2' })))).toContain('version');
    expect(why(made.bytes.subarray(0, made.bytes.length - 3))).toContain('no JSON');
    expect(why(new Uint8Array([0x7b, 0xff]))).toContain('no UTF-8');
    expect(why(encoder.encode('[]'))).not.toBe('');
    expect(why(encoder.encode('null'))).not.toBe('');
    expect(why({ byteLength: kMostReportBytes + 1 } as Uint8Array)).toContain('256 MiB');
  });

  test('a file that is too large is not even read', async () => {
    const read = vi.fn();
    const file = { size: kMostReportBytes + 1, arrayBuffer: read } as unknown as File;
    expect(await openForeignReport(file)).toMatchObject({ ok: false, why: expect.stringContaining('256 MiB') });
    expect(read).not.toHaveBeenCalled();
    expect(await openForeignReport(new File([made.bytes], 'x'))).toMatchObject({ ok: true, report: made.report });
  });

  test('deep nesting and keys of an object’s prototype do no harm', () => {
    const text = JSON.stringify(annotated);
    expect(why(encoder.encode(`${text.slice(0, -1)},"more":${'['.repeat(5000)}${']'.repeat(5000)}}`))).toBe('');
    expect(why(encoder.encode(`${text.slice(0, -1)},"__proto__":{"sessions":[]},"constructor":1}`))).toBe('');
    const { sessions: _, ...without } = annotated;
    expect(why(encoder.encode(`${JSON.stringify(without).slice(0, -1)},"__proto__":{"sessions":[]}}`))).toContain('sessions is missing');
  });
});
