// What a finished report means for the exit status and for standard error: which inputs were not read whole, cannot run, or need an option.

import { isMemoryFull, memoryFullSentence, type ReportInput, type SentinelCannotRun, type Totals } from '../engine/report';
import type { Problem } from './files';

export interface Verdict {
  /** 0 ran; 2 no input could be read; 3 some input was not read whole or cannot run. */
  status: 0 | 2 | 3;
  /** Lines for standard error, in the report's order. */
  lines: string[];
}

// Times that only the analyst can complete: the note's sentence names the option; until it is given the events are in no answer.
const unanswered = new Set(['needs_local_offset', 'needs_date_order']);

/** The parts of a report that decide. */
export interface Judged {
  totals: Pick<Totals, 'events'>;
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
    if (!input.refused && !isEmpty(input)) read += 1;
    if (input.refused || input.cut) troubled = true;
    rejected += input.rejected;
    for (const { code, message } of input.notes) {
      if (unanswered.has(code)) troubled = true;
      say(input.path, message);
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
  if (isMemoryFull(report)) lines.push(memoryFullSentence(report.totals.events));
  if (read === 0) lines.push(report.inputs.length === 0 ? 'There is no file to read.' : 'No input could be read.');
  return { status: read === 0 ? 2 : troubled ? 3 : 0, lines };
}

/** Nothing in it, or nothing but blank space: an empty list of events is an answer, this is none. */
function isEmpty(input: ReportInput): boolean {
  return input.bytes === 0 || input.notes.some(({ code }) => code === 'empty');
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}
