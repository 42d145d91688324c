// What a finished report means for the exit status and for standard error: which inputs were not read whole, cannot run, or need an option.

import type { ReportInput, SentinelCannotRun } from '../engine/report';
import type { Problem } from './files';

export interface Verdict {
  /** 0 ran; 2 no input could be read; 3 some input was not read whole or cannot run. */
  status: 0 | 2 | 3;
  /** Lines for standard error, in the report's order. */
  lines: string[];
}

// The core says that a column cannot be read without an answer; which option gives it is the command line's to say.
const optionOf = new Map([
  ['needs_local_offset', 'Give --local-zone +hh:mm, the offset from UTC that held where the file was exported.'],
  ['needs_date_order', 'Give --date-order day-first or --date-order month-first.'],
]);

/** The parts of a report that decide. */
export interface Judged {
  inputs: ReportInput[];
  sentinel_cannot_run: SentinelCannotRun[];
}

export function judge(report: Judged, problems: readonly Problem[]): Verdict {
  // Sentence -> paths: ten thousand files with one trouble are one line.
  const said = new Map<string, string[]>();
  const say = (path: string, sentence: string): void => {
    const paths = said.get(sentence);
    if (paths === undefined) said.set(sentence, [path]);
    else paths.push(path);
  };
  let read = 0;
  let rejected = 0;
  let troubled = problems.length > 0;
  for (const { path, why } of problems) say(path, why);
  for (const input of report.inputs) {
    if (!input.refused && input.bytes > 0) read += 1;
    if (input.refused || input.cut) troubled = true;
    rejected += input.rejected;
    for (const { code, message } of input.notes) {
      const option = optionOf.get(code);
      if (option !== undefined) troubled = true;
      say(input.path, option === undefined ? message : `${message} ${option}`);
    }
  }
  for (const { path, missing } of report.sentinel_cannot_run) {
    troubled = true;
    say(path, `The published query cannot run on this: no ${missing.join(', ')}.`);
  }
  const lines = Array.from(said, ([sentence, paths]) => {
    const more = paths.length > 1 ? ` (and ${count(paths.length - 1, 'other')})` : '';
    return `${paths[0]}${more}: ${sentence}`;
  });
  if (rejected > 0) lines.push(`${count(rejected, 'record')} could not be read; the report lists reasons and places.`);
  if (read === 0) lines.push(report.inputs.length === 0 ? 'There is no file to read.' : 'No input could be read.');
  return { status: read === 0 ? 2 : troubled ? 3 : 0, lines };
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}
