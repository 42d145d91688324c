// Why an answer is empty. No finding is never silent: each reason that the report gives evidence for becomes a sentence, the decisive ones first.
// Only what the report says is used; nothing is guessed.

import type { Report, ReportInput, WhyNot } from '../engine/report';

const list = (values: string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(values);
const number = (value: number): string => value.toLocaleString('en');

function ofAll(some: number, all: number): string {
  if (all === 1) return 'The file';
  return some === all ? `All ${number(all)} files` : `${number(some)} of ${number(all)} files`;
}

function whyNoEvents(report: Report): string[] {
  const { inputs, totals } = report;
  const reasons: string[] = [];
  const refused = inputs.filter(({ refused }) => refused);
  const empty = inputs.filter(({ bytes, refused }) => bytes === 0 && !refused);
  if (refused.length > 0) {
    reasons.push(
      `${ofAll(refused.length, inputs.length)} could not be read as a log; “Files and problems” says what each is and what to open instead.`,
    );
  }
  if (empty.length > 0) reasons.push(`${ofAll(empty.length, inputs.length)} ${empty.length === 1 ? 'is' : 'are'} empty.`);
  if (totals.rejected > 0) {
    reasons.push(`${number(totals.rejected)} records could not be read; “Files and problems” lists each kind with its place.`);
  }
  if (totals.other > 0) reasons.push(`${number(totals.other)} records belong to other kinds of log, not to the Azure Activity log.`);
  reasons.push('Not one event of the Azure Activity log was found, so there is nothing to hunt in.');
  return reasons;
}

const withEvents = (report: Report): ReportInput[] => report.inputs.filter(({ events }) => events > 0);

/** Sentences on why there is no session; empty when there is one. */
export function whyNoSessions(report: Report): string[] {
  const { totals, settings } = report;
  if (totals.sessions > 0) return [];
  if (totals.events === 0) return whyNoEvents(report);
  const open = report.inputs.some(({ notes }) => notes.some(({ code }) => code === 'needs_local_offset' || code === 'needs_date_order'));
  const placed = totals.events - totals.no_time;
  if (open && placed === 0) return ['No event has a time before the question above is answered, so none can be in a session.'];
  const events = placed === totals.events ? 'events' : 'events that have a time';
  const reasons = [
    `${totals.events === 1 ? 'The one event is no' : `None of the ${number(placed)} ${events} is a`} sign of Cloud Shell: no successful listing of keys on a resource group whose name has “cloud-shell-storage”, no Microsoft.Portal/consoles/write, and no event with the app id of Cloud Shell.`,
  ];
  const inputs = withEvents(report);
  const blind = inputs.filter(({ app_ids }) => !app_ids);
  if (blind.length > 0) {
    reasons.push(
      `${ofAll(blind.length, inputs.length)} ${blind.length === 1 ? 'carries' : 'carry'} no app ids: Cloud Shell without storage cannot be seen there.`,
    );
  }
  const missing = new Set(inputs.flatMap((input) => input.missing));
  if (missing.size > 0) reasons.push(`Columns are missing that a listing is known by: ${list([...missing])}.`);
  if (!settings.succeeded_is_success) {
    reasons.push(
      '“Succeeded” does not count as Success at present; a legacy export writes only that word. The setting can be changed above.',
    );
  }
  if (totals.no_time > 0) reasons.push(`${number(totals.no_time)} events have no readable time and can join no session.`);
  if (totals.no_caller > 0) reasons.push(`${number(totals.no_caller)} events name no caller and can join no session.`);
  if (totals.rejected > 0) reasons.push(`${number(totals.rejected)} records could not be read and are missing from the hunt.`);
  return reasons;
}

/**
 * Sentences on why the published query gives no row; empty when it gives one or cannot run. `missed`: in how many sessions each reason holds.
 */
export function whyNoRows(report: Report, missed: ReadonlyMap<WhyNot, number>): string[] {
  const { totals, settings } = report;
  if (report.sentinel === null || report.sentinel.length > 0) return [];
  if (totals.events === 0) return whyNoEvents(report);
  const reasons: string[] = [];
  // A session without a listing has that reason alone, so the others are of sessions with one.
  const because = (reason: WhyNot) => missed.get(reason) ?? 0;
  if (totals.rows_lost_to_look_back > 0) {
    reasons.push(
      `The look-back of ${settings.look_back} hides ${number(totals.rows_lost_to_look_back)} ${totals.rows_lost_to_look_back === 1 ? 'row' : 'rows'}: their other operations are older than that, counted from ${settings.as_of_instant ?? 'the newest event'}.`,
    );
  }
  if (because('no_storage_listing') >= totals.sessions) {
    reasons.push(
      'There is no successful listing of keys on a resource group whose name has “cloud-shell-storage”, the only thing the query starts from.',
    );
  }
  const quiet = because('no_other_operation') + because('list_keys_hidden');
  if (quiet > 0) {
    reasons.push(
      `In ${number(quiet)} ${quiet === 1 ? 'session' : 'sessions'} the caller did nothing else in the hour of the listing that the query counts.`,
    );
  }
  const crossing = because('crosses_bin');
  if (crossing > 0) {
    reasons.push(
      `In ${number(crossing)} ${crossing === 1 ? 'session' : 'sessions'} the work was done in another clock hour than the listing; the query joins within one hour.`,
    );
  }
  const spelled = because('caller_case');
  if (spelled > 0) {
    reasons.push(
      `In ${number(spelled)} ${spelled === 1 ? 'session' : 'sessions'} the caller is spelled in two ways, and the query compares callers by case.`,
    );
  }
  if (!settings.succeeded_is_success) {
    reasons.push('“Succeeded” does not count as Success at present, as in the published query; a legacy export writes only that word.');
  }
  if (totals.no_time > 0) reasons.push(`${number(totals.no_time)} events have no readable time; the query drops them.`);
  return reasons;
}
