import { expect, test } from 'vitest';
import type { ReportInput, ReportNote } from '../../web/src/engine/report';
import { type Judged, judge } from '../../web/src/hunt/verdict';

function input(path: string, more: Partial<ReportInput> = {}): ReportInput {
  return {
    path,
    shape: 'rest',
    container: 'none',
    encoding: 'utf-8',
    bytes: 100,
    container_bytes: 0,
    framed: 1,
    events: 1,
    other: 0,
    rejected: 0,
    repaired: 0,
    duplicates: 0,
    record_bytes: 100,
    structure_bytes: 0,
    rejected_bytes: 0,
    no_time: 0,
    app_ids: true,
    columns: {},
    missing: [],
    refused: false,
    cut: false,
    notes: [],
    rejects: [],
    ...more,
  };
}

const note = (code: string, message: string): ReportNote => ({ code, message });
const report = (inputs: ReportInput[], cannotRun: Judged['sentinel_cannot_run'] = []): Judged => ({
  totals: { events: inputs.reduce((sum, { events }) => sum + events, 0) },
  inputs,
  sentinel_cannot_run: cannotRun,
});
const empty = input('e', { bytes: 0, events: 0, framed: 0, notes: [note('empty', 'The file is empty.')] });
const refused = input('r', { bytes: 0, events: 0, framed: 0, refused: true, notes: [note('gzip', 'This is a gzip file.')] });

test.each([
  ['an input read whole', report([input('a')]), 0],
  ['rejected records alone', report([input('a', { rejected: 3 })]), 0],
  ['an empty file beside another', report([input('a'), empty]), 0],
  ['a refused input beside another', report([input('a'), refused]), 3],
  ['a cut input', report([input('a', { cut: true })]), 3],
  ['an input that cannot run', report([input('a')], [{ path: 'a', missing: ['Caller'] }]), 3],
  ['an unknown offset', report([input('a', { notes: [note('needs_local_offset', 'Times are local.')] })]), 3],
  ['an unknown date order', report([input('a', { notes: [note('needs_date_order', 'Dates read either way.')] })]), 3],
  ['only empty files', report([empty]), 2],
  ['only blank space', report([{ ...empty, bytes: 8 }]), 2],
  ['an export that holds no events', report([input('a', { events: 0, framed: 0, bytes: 2 })]), 0],
  ['only refused files', report([refused, refused]), 2],
  ['nothing at all', report([]), 2],
] as [string, Judged, number][])('%s: status %i', (_, judged, status) => {
  expect(judge(judged, []).status).toBe(status);
});

test('a problem with a path makes it 3, or 2 where nothing else was read', () => {
  const problems = [{ path: '/x', why: 'The folder could not be listed (EACCES).' }];
  expect(judge(report([input('a')]), problems)).toEqual({ status: 3, lines: ['/x: The folder could not be listed (EACCES).'] });
  expect(judge(report([]), problems).status).toBe(2);
});

test('what cannot run says which columns, rejected records are counted over all inputs', () => {
  const { lines } = judge(
    report([input('a', { rejected: 1 }), input('b', { rejected: 2 })], [{ path: 'a', missing: ['Caller', 'ResourceGroup'] }]),
    [],
  );
  expect(lines).toEqual([
    'a: The published query cannot run on this: no Caller, ResourceGroup.',
    '3 records could not be read; the report lists reasons and places.',
  ]);
});

test('one trouble of many inputs is one line', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => input(`f${at}`, { notes: [note('no_app_ids', 'No app ids.')] }));
  expect(judge(report(many), []).lines).toEqual(['f0 (and 9999 others): No app ids.']);
});

test('full memory is said once, with the events that fit, and is 3', () => {
  const full = (path: string, events: number) =>
    input(path, { cut: true, events, notes: [note('memory_full', `Memory is full: ${events} events.`)] });
  expect(judge(report([input('a', { events: 12_000 }), full('b', 345), full('c', 0)]), [])).toEqual({
    status: 3,
    lines: [
      'b: Memory is full: 345 events.',
      'c: Memory is full: 0 events.',
      'Memory is full: 12,345 events fit, and reading stopped there. The result is partial; open fewer files, or a shorter time, at once.',
    ],
  });
});
