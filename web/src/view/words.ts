// The report's code words in plain language. Each switch names every word, so that a new one does not compile until it has its sentence.
// A word that an older page does not know (a report opened from a newer tool) is shown as it is, never dropped.

import {
  type Attribution,
  type Session,
  type SessionFlag,
  type Severity,
  type SignalKind,
  severitiesUp,
  type WhyNot,
} from '../engine/report';
import type { Verdict } from '../state/annotations';
import type { FacetKey } from '../state/session_index';
import { formatCount } from './format';

export const severityWord: Readonly<Record<Severity, string>> = { high: 'High', medium: 'Medium', low: 'Low', info: 'Info', none: 'None' };

export const severitiesDown: readonly Severity[] = [...severitiesUp].reverse();

export const attributionWord: Readonly<Record<Attribution, string>> = {
  in_shell: 'In the shell',
  same_window: 'Same time only',
  unknown: 'Cannot be told',
  none: 'No operations',
};

export const attributionSentence: Readonly<Record<Attribution, string>> = {
  in_shell: 'At least one event carries an app id of Cloud Shell: it was done inside the shell.',
  same_window: 'Done by the same caller while the shell was open, but with another app id: only the time connects it with the shell.',
  unknown: 'The file carries no app ids, so what was done in the shell cannot be told from what was done beside it.',
  none: 'No operation falls into the session.',
};

export const signalWord: Readonly<Record<SignalKind, string>> = {
  storage_listing: 'Shell storage keys listed',
  console_write: 'Console started',
  shell_app: 'Cloud Shell app id',
};

export const signalSentence: Readonly<Record<SignalKind, string>> = {
  storage_listing: 'A successful listKeys on a resource group whose name has “cloud-shell-storage”: a shell with storage starts like this.',
  console_write: 'Microsoft.Portal/consoles/write: the portal started a console.',
  shell_app: 'An operation that carries an app id of Cloud Shell: it was done inside the shell, with storage or without.',
};

const knownApps = new Map([
  ['b677c290-cf4b-4a8e-a60e-91ba650a4abe', 'Azure Portal Console App (Cloud Shell)'],
  ['2233b157-f44d-4812-b777-036cdaf9a96e', 'Azure Cloud Shell'],
  ['b1395854-dccf-4fe6-9186-655f101f919b', 'shell.azure.com'],
  ['245e1dee-74ef-4257-a8c8-8208296e1dfd', 'Cloud Shell in Windows Terminal'],
  ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'Azure portal'],
  ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Azure CLI, not in the shell'],
  ['1950a258-227b-4e31-a9cf-717495945fc2', 'Azure PowerShell, not in the shell'],
]);

/** Name of a well-known application; undefined for any other. */
export function appName(appId: string): string | undefined {
  return knownApps.get(appId.toLowerCase());
}

const flagOrder: SessionFlag[] = [
  'shared_shell_account',
  'several_shell_accounts',
  'new_address',
  'long_chain',
  'beside_gap',
  'ambiguous_time',
  'skipped_time',
  'first_use',
];

/** What says most about a session first: where there is little room, the rest is what is cut off. */
export function heaviestFirst(flags: readonly SessionFlag[]): SessionFlag[] {
  const place = (flag: SessionFlag) => (flagOrder.includes(flag) ? flagOrder.indexOf(flag) : flagOrder.length);
  return [...flags].sort((a, b) => place(a) - place(b));
}

export function flagWord(flag: SessionFlag): string {
  switch (flag) {
    case 'long_chain':
      return 'Longer than a day';
    case 'several_shell_accounts':
      return 'Several shell accounts';
    case 'shared_shell_account':
      return 'Shared shell account';
    case 'first_use':
      return 'First use';
    case 'new_address':
      return 'New address';
    case 'beside_gap':
      return 'Beside a gap';
    case 'ambiguous_time':
      return 'In a repeated hour';
    case 'skipped_time':
      return 'In a skipped hour';
    default:
      return unknownWord(flag);
  }
}

export function flagSentence(flag: SessionFlag, session: Session): string {
  switch (flag) {
    case 'long_chain':
      return `Signals followed each other for more than 24 hours${session.longest_gap === null ? '' : `, at most ${session.longest_gap} apart`}: rather a script, or several sittings in a row, than one.`;
    case 'several_shell_accounts':
      return 'Keys of more than one Cloud Shell storage account were listed: a user has one, so this may reach into somebody else’s shell.';
    case 'shared_shell_account':
      return 'Another caller listed the keys of the same Cloud Shell storage account: who holds them can change the disk image and run commands in the owner’s next shell (AZT403.1).';
    case 'first_use':
      return 'The first sign of Cloud Shell from this caller in this data.';
    case 'new_address':
      return `${session.new_ips.length === 1 ? 'An address' : 'Addresses'} not seen before from this caller in this data.`;
    case 'beside_gap':
      return 'The hour before the start, or the hour of the end, holds no event in any file: the log may be incomplete there.';
    case 'ambiguous_time':
      return 'A local time here stands for two instants, since the clocks were put back over it. The earlier one was taken; it may have been later.';
    case 'skipped_time':
      return 'A local time here stands for no instant, since the clocks were put forward over it: the zone may be another one. It was read with the offset from before the change.';
    default:
      return unknownWord(flag);
  }
}

export function whyNotSentence(why: WhyNot): string {
  switch (why) {
    case 'no_storage_listing':
      return 'The session left no successful listing of keys on a “cloud-shell-storage” group: the shell ran without storage or with storage of another name. The query starts from that listing and from nothing else.';
    case 'crosses_bin':
      return 'The keys were listed in one clock hour and the work was done in another, as with a start at 10:58 and work at 11:02. The query joins within one clock hour only.';
    case 'list_keys_hidden':
      return 'In that hour the caller did nothing but list storage keys, and the query leaves out every listKeys, also those on other accounts.';
    case 'no_other_operation':
      return 'The caller did nothing else: the query gives a row only if there is another operation in the same hour.';
    case 'outside_look_back':
      return 'The other operations in that hour are older than the look-back allows.';
    case 'caller_case':
      return 'The caller is spelled in two ways in that hour; the query compares callers by upper and lower case, so the two sides do not join.';
    case 'input_cannot_run':
      return 'The other operations of that hour are in a file that lacks a column of the query, so the query cannot run on it.';
    default:
      return unknownWord(why);
  }
}

export function whyNotWord(why: WhyNot): string {
  switch (why) {
    case 'no_storage_listing':
      return 'No storage listing';
    case 'crosses_bin':
      return 'Crosses the hour';
    case 'list_keys_hidden':
      return 'Only key listings';
    case 'no_other_operation':
      return 'Nothing else done';
    case 'outside_look_back':
      return 'Outside the look-back';
    case 'caller_case':
      return 'Caller in two spellings';
    case 'input_cannot_run':
      return 'Column missing';
    default:
      return unknownWord(why);
  }
}

export const verdictWord: Readonly<Record<Verdict, string>> = { benign: 'Benign', suspicious: 'Suspicious', confirmed: 'Confirmed' };

const facetTitles: Readonly<Record<FacetKey, string>> = {
  severity: 'Severity',
  attribution: 'Attribution',
  signal: 'Opened by',
  query: 'Published query',
  technique: 'Technique',
  flag: 'Mark',
  kind: 'Kind of operation',
  caller: 'Caller',
  operation: 'Operation',
  address: 'Address',
  subscription: 'Subscription',
  resource_group: 'Resource group',
  app_id: 'App id',
};

export function facetTitle(facet: FacetKey): string {
  return facetTitles[facet];
}

/** The facet's values are words of the report, not text of the evidence. */
export function isOurs(facet: FacetKey): boolean {
  return facet === 'severity' || facet === 'attribution' || facet === 'signal' || facet === 'query' || facet === 'flag' || facet === 'kind';
}

const kindWords = new Map([
  ['ordinary', 'Ordinary'],
  ['policy', 'Policy’s own'],
  ['shell_setup', 'Shell’s own set-up'],
  ['failed', 'Failed only'],
]);

/** How a value of a facet reads; text of the evidence comes back as it is. */
export function facetWord(facet: FacetKey, value: string): string {
  switch (facet) {
    case 'severity':
      return wordOf(severityWord, value);
    case 'attribution':
      return wordOf(attributionWord, value);
    case 'signal':
      return wordOf(signalWord, value);
    case 'query':
      return value === 'found' ? 'Finds it' : whyNotWord(value as WhyNot);
    case 'flag':
      return flagWord(value as SessionFlag);
    case 'kind':
      return kindWords.get(value) ?? value;
    default:
      return value;
  }
}

/** A word that only a newer tool knows stands as it is. */
function wordOf(words: Readonly<Record<string, string>>, value: string): string {
  return Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}

/** Each word of an event's or row's flags; unknown ones stand as they are. */
export function eventFlagWord(flag: string): string {
  return eventFlags.get(flag) ?? flag;
}

const eventFlags = new Map([
  ['repaired', 'record repaired'],
  ['after_break', 'found behind a break in the file'],
  ['duplicate_key', 'a key stands twice, the last one counts'],
  ['zoneless', 'local time'],
  ['policy', 'policy event'],
  ['either_order', 'date reads both ways'],
  ['ambiguous_time', 'in an hour that the clock change repeats'],
  ['skipped_time', 'in an hour that the clock change skips'],
  ['admin_role', 'administrator role'],
  ['public_access', 'public access on'],
  ['soft_delete_off', 'soft delete off'],
]);

const mappedStatus = new Map([
  ['succeeded', 'Success'],
  ['started', 'Start'],
  ['accepted', 'Accept'],
  ['failed', 'Failure'],
]);

/** The query's word for a REST status where the hunt reads it so; undefined where the word counts as it stands. */
export function readAs(status: string, mapped: boolean): string | undefined {
  return mapped ? mappedStatus.get(status.toLowerCase()) : undefined;
}

const shapes = new Map([
  ['rest', 'REST / az CLI'],
  ['diagnostic', 'Diagnostic setting'],
  ['activity_rows', 'AzureActivity rows'],
  ['mixed', 'Mixed'],
  ['powershell', 'PowerShell'],
  ['portal_csv', 'Portal CSV'],
  ['goose', 'Untitled Goose Tool'],
  ['elastic', 'Elastic'],
  ['splunk_raw', 'Splunk'],
]);

export function shapeWord(shape: string): string {
  return shapes.get(shape) ?? (shape === '' ? 'Not recognised' : shape);
}

/** "Success 2, Start 1"; order as given. */
export function statusesText(statuses: Record<string, number>): { status: string; count: string }[] {
  return Object.entries(statuses).map(([status, count]) => ({ status, count: formatCount(count) }));
}

function unknownWord(word: never): string {
  return String(word);
}
