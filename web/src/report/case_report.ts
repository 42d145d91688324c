// The case report: what was opened, with what settings, what was found, and what the analyst makes of it, as one file to print, keep or send. It
// opens from anywhere and asks for nothing: its own policy allows one style sheet, by hash, and no script, image or address. The same content
// as Markdown. Invariant: text of the evidence enters through escape.ts alone.

import type { Annotation, Report, ReportInput, Session, Severity } from '../engine/report';
import { localZoneText } from '../engine/settings';
import { compareInstants, counted, formatBytes, formatCount } from '../view/format';
import {
  attributionWord,
  flagSentence,
  flagWord,
  severitiesDown,
  severityWord,
  shapeWord,
  signalWord,
  whyNotSentence,
} from '../view/words';
import { caseStyle, caseStyleHash } from './case_style';
import { evidence, html, markdown } from './escape';
import { timeLine } from './time_line';

/** A file as it was opened, compressed ones as they are. */
export interface EvidenceFile {
  path: string;
  size: number;
  /** Lower-case hexadecimal; null: not computed. `why`: it could not be read. */
  sha256: string | null;
  why?: string;
}

export interface CaseReport {
  report: Report;
  /** The sessions that are shown, in the order shown. */
  sessions: readonly Session[];
  /** What hides the others, one sentence; empty when nothing does. */
  filters: string;
  annotations: readonly Annotation[];
  /** null: the report was opened without its evidence. */
  files: readonly EvidenceFile[] | null;
  /** RFC 3339, of the clock. */
  madeAt: string;
  version: string;
}

/** Sessions described one by one; the others stand in the table alone. A report of more pages than this is read by nobody. */
export const kMostDescribed = 300;

const verdictWord: Readonly<Record<'benign' | 'suspicious' | 'confirmed', string>> = {
  benign: 'Benign',
  suspicious: 'Suspicious',
  confirmed: 'Confirmed',
};

const instant = (at: string | null) => (at === null ? '–' : at.replace('T', ' ').replace('Z', ' UTC'));

function settingRows({ settings }: Report): [string, string][] {
  const rows: [string, string][] = [
    ['Window of a session', settings.window],
    ['Look-back of the published query', settings.look_back],
    ['Look-back counts from', `${settings.as_of}${settings.as_of_instant === null ? '' : `, ${instant(settings.as_of_instant)}`}`],
    ['“Succeeded” counts as Success', settings.succeeded_is_success ? 'yes' : 'no'],
    ['Dates that read both ways', settings.date_order],
  ];
  const zone = localZoneText(settings);
  if (zone !== '') rows.push(['Local times lie in', zone]);
  return rows;
}

function totalRows({ totals, coverage }: Report): [string, string][] {
  return [
    ['Events', formatCount(totals.events)],
    ['First event', instant(coverage.first)],
    ['Last event', instant(coverage.last)],
    ['Copies of another event, counted once', formatCount(totals.duplicates)],
    ['Without a caller, in no session', formatCount(totals.no_caller)],
    ['Without a readable time, in no session', formatCount(totals.no_time)],
    ['Rejected records', formatCount(totals.rejected)],
    ['Repaired records', formatCount(totals.repaired)],
    ['Records of other kinds of log', formatCount(totals.other)],
    ['Rows there only because “Succeeded” counts', formatCount(totals.rows_owed_to_succeeded)],
    ['Rows hidden by the look-back', formatCount(totals.rows_lost_to_look_back)],
  ];
}

/** Both sums of an input: records, and bytes. */
function booksOf(input: ReportInput): string {
  if (input.refused) return 'refused';
  const records = input.framed === input.events + input.other + input.rejected;
  const bytes = input.bytes === input.record_bytes + input.structure_bytes + input.rejected_bytes;
  const cut = input.cut ? ', read in part' : '';
  return records && bytes ? `sums hold${cut}` : `SUMS DO NOT HOLD${cut}`;
}

function severityCounts(sessions: readonly Session[]): string {
  const counts = new Map<Severity, number>();
  for (const { severity } of sessions) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return severitiesDown
    .filter((severity) => counts.has(severity))
    .map((severity) => `${formatCount(counts.get(severity) ?? 0)} ${severityWord[severity].toLowerCase()}`)
    .join(', ');
}

function findingSentences({ report, sessions, filters }: CaseReport): string[] {
  const all = report.sessions.length;
  const missed = report.sessions.filter(({ sentinel_rows }) => sentinel_rows.length === 0).length;
  const lines = [
    all === 0 ? 'No Cloud Shell session was found.' : `${counted(all, 'Cloud Shell session')}: ${severityCounts(report.sessions)}.`,
    report.sentinel === null
      ? 'The published query cannot run on these files: no file holds all of its columns.'
      : `The published query returns ${counted(report.sentinel.length, 'row')}${all === 0 ? '' : ` and misses ${formatCount(missed)} of the sessions`}.`,
  ];
  if (sessions.length < all) {
    lines.push(`${counted(all - sessions.length, 'session')} of them hidden and not in this report. ${filters}`.trim());
  }
  if (sessions.length > kMostDescribed) {
    lines.push(`The first ${formatCount(kMostDescribed)} sessions are described one by one, the others stand in the table alone.`);
  }
  return lines;
}

function foundBy(session: Session): string {
  if (session.sentinel_rows.length === 0)
    return `Not found by the published query. ${session.why_not.map(whyNotSentence).join(' ')}`.trim();
  return `Found by the published query: ${session.sentinel_rows.map(({ timekey }) => instant(timekey)).join(', ')}.`;
}

function signalSummary({ signals, signals_per_hour }: Session): string {
  const counts = new Map<string, number>();
  for (const { kind } of signals) counts.set(signalWord[kind], (counts.get(signalWord[kind]) ?? 0) + 1);
  for (const { kind, count } of signals_per_hour ?? []) counts.set(signalWord[kind], (counts.get(signalWord[kind]) ?? 0) + count);
  return [...counts].map(([word, count]) => `${word} ${formatCount(count)}`).join(', ');
}

const heaviestFirst = ({ operations }: Session) =>
  [...operations].sort(
    (a, b) => severitiesDown.indexOf(a.severity) - severitiesDown.indexOf(b.severity) || compareInstants(a.first, b.first),
  );

// --- HTML ---

const row = (cells: readonly string[], tag: 'td' | 'th' = 'td') =>
  `<tr>${cells.map((cell) => (tag === 'th' ? `<th scope="col">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>\n`;

function table(titles: readonly string[], rows: Iterable<readonly string[]>, name: string): string {
  let text = `<table aria-label="${html(name)}">\n<thead>\n${row(titles.map(html), 'th')}</thead>\n<tbody>\n`;
  for (const cells of rows) text += row(cells);
  return `${text}</tbody>\n</table>\n`;
}

const pairs = (rows: readonly [string, string][]) =>
  `<dl>\n${rows.map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>\n`).join('')}</dl>\n`;

const list = (values: readonly string[]) => values.map((value) => evidence(value)).join('<br>') || '–';
const severityCell = (severity: Severity) => `<span class="severity ${severity}">${severityWord[severity]}</span>`;

function* sessionHtml(session: Session, number: number, annotation: Annotation | undefined): Generator<string> {
  yield `<section class="session" id="s${number}">\n<h3>${number}. ${evidence(session.caller)}, ${instant(session.start)}</h3>\n`;
  yield `<p>${severityCell(session.severity)} · ${html(attributionWord[session.attribution])} · to ${instant(session.end)} · ${html(signalSummary(session))}</p>\n`;
  if (annotation !== undefined) {
    const verdict = annotation.verdict === null ? 'Not judged' : verdictWord[annotation.verdict];
    const note = annotation.note.split(/\r\n|\r|\n/).map((line) => (line === '' ? '' : evidence(line)));
    yield `<div class="note"><strong>${verdict}</strong><p>${note.join('<br>')}</p></div>\n`;
  }
  yield `<p>${html(foundBy(session))}</p>\n`;
  for (const flag of session.flags)
    yield `<p class="flag"><strong>${html(flagWord(flag))}</strong>: ${html(flagSentence(flag, session))}</p>\n`;
  yield timeLine(session);
  yield table(
    ['Severity', 'Operation', 'Attribution', 'Events', 'Statuses', 'First', 'Last', 'Techniques', 'Resources', 'Addresses'],
    heaviestFirst(session).map((operation) => [
      severityCell(operation.severity),
      `${evidence(operation.name)}${operation.why === '' ? '' : `<br><span class="quiet">${html(operation.why)}</span>`}`,
      html(`${attributionWord[operation.attribution]}${operation.failed ? ', failed' : ''}`),
      formatCount(operation.count),
      Object.entries(operation.statuses)
        .map(([status, count]) => `${evidence(status)} ${formatCount(count)}`)
        .join('<br>'),
      instant(operation.first),
      instant(operation.last),
      list(operation.techniques),
      list(operation.resources),
      list(operation.ips),
    ]),
    `Operations of session ${number}`,
  );
  yield table(
    ['Addresses', 'Subscriptions', 'Resource groups', 'App ids'],
    [[list(session.ips), list(session.subscriptions), list(session.resource_groups), list(session.app_ids)]],
    `What session ${number} touched`,
  );
  yield '</section>\n';
}

/** In pieces, so that a large report need not be one string. */
export function* caseReportHtml(made: CaseReport): Generator<string> {
  const { report, sessions, annotations, files, madeAt, version } = made;
  const noted = new Map(annotations.map((annotation) => [annotation.session, annotation]));
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${caseStyleHash}'; base-uri 'none'; form-action 'none'">\n`;
  yield '<meta name="referrer" content="no-referrer">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n';
  yield `<title>Cloud Shell case report</title>\n<style>${caseStyle}</style>\n</head>\n<body>\n<main>\n`;
  yield `<h1>Cloud Shell case report</h1>\n<p class="quiet">Made by CloudShell Hunt ${html(version)} at ${instant(madeAt)}`;
  yield report.version === version ? '. Times are UTC.</p>\n' : `, from a report of version ${html(report.version)}. Times are UTC.</p>\n`;
  yield `<h2>Findings</h2>\n<ul>\n${findingSentences(made)
    .map((line) => `<li>${html(line)}</li>\n`)
    .join('')}</ul>\n`;
  yield table(
    ['', 'Severity', 'Caller', 'Start', 'End', 'Attribution', 'Operations', 'Published query', 'Verdict'],
    (function* () {
      for (const [at, session] of sessions.entries()) {
        const verdict = noted.get(session.id)?.verdict ?? null;
        yield [
          `${at + 1}`,
          severityCell(session.severity),
          evidence(session.caller),
          instant(session.start),
          instant(session.end),
          html(attributionWord[session.attribution]),
          formatCount(session.operations.length),
          session.sentinel_rows.length > 0 ? 'finds it' : report.sentinel === null ? 'cannot run' : 'misses it',
          verdict === null ? '–' : verdictWord[verdict],
        ];
      }
    })(),
    'Sessions',
  );
  yield `<h2>Settings</h2>\n${pairs(settingRows(report))}`;
  yield '<h2>Evidence</h2>\n';
  if (files === null) {
    yield '<p>This report was made from an exported JSON report; the files themselves were not open, so they have no size and checksum here.</p>\n';
  } else {
    yield table(
      ['File', 'Bytes', 'SHA-256'],
      files.map(({ path, size, sha256, why }) => [
        evidence(path),
        formatCount(size),
        sha256 === null ? html(why ?? 'not computed') : `<code>${html(sha256)}</code>`,
      ]),
      'Evidence files',
    );
  }
  yield '<h3>What was read</h3>\n<p>Records found are events, other kinds of log or rejected; a file’s bytes lie in records, structure or rejected spans.</p>\n';
  yield table(
    ['Input', 'Shape', 'Encoding', 'Bytes', 'Records', 'Events', 'Other', 'Rejected', 'Repaired', 'Copies', 'Sums', 'Notes'],
    report.inputs.map((input) => [
      evidence(input.path),
      html(shapeWord(input.shape)),
      html(`${input.encoding}${input.container === 'none' ? '' : `, ${input.container}`}`),
      formatCount(input.bytes),
      formatCount(input.framed),
      formatCount(input.events),
      formatCount(input.other),
      formatCount(input.rejected),
      formatCount(input.repaired),
      formatCount(input.duplicates),
      booksOf(input),
      list([
        ...input.notes.map(({ message }) => message),
        ...input.rejects.map(
          ({ message, count, first_offset, first_line }) =>
            `${message} (${formatCount(count)}, first at byte ${first_offset}, line ${first_line})`,
        ),
        ...(input.missing.length === 0 ? [] : [`Missing: ${input.missing.join(', ')}`]),
      ]),
    ]),
    'Inputs',
  );
  yield `<p>${formatBytes(report.totals.bytes)} in all.</p>\n${pairs(totalRows(report))}`;
  yield '<h2>Rows of the published query</h2>\n';
  if (report.sentinel === null) yield '<p>It cannot run: no file holds all of its columns.</p>\n';
  else if (report.sentinel.length === 0) yield '<p>None.</p>\n';
  else {
    yield table(
      ['Caller', 'timekey', 'set_OperationNameValue'],
      report.sentinel.map((one) => [evidence(one.Caller), instant(one.timekey), list(one.set_OperationNameValue)]),
      'Rows of the published query',
    );
  }
  if (sessions.length > 0) yield '<h2>Sessions</h2>\n';
  for (const [at, session] of sessions.slice(0, kMostDescribed).entries()) yield* sessionHtml(session, at + 1, noted.get(session.id));
  yield '</main>\n</body>\n</html>\n';
}

// --- Markdown ---

const mdRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
const mdTable = (titles: readonly string[], rows: readonly (readonly string[])[]) =>
  `${mdRow(titles.map(markdown))}${mdRow(titles.map(() => '---'))}${rows.map(mdRow).join('')}\n`;
const mdList = (values: readonly string[]) => values.map(markdown).join('<br>') || '–';
const mdPairs = (rows: readonly [string, string][]) => `${rows.map(([name, value]) => `- ${markdown(`${name}: ${value}`)}\n`).join('')}\n`;

function* sessionMarkdown(session: Session, number: number, annotation: Annotation | undefined): Generator<string> {
  yield `### ${number}\\. ${markdown(session.caller)}, ${markdown(instant(session.start))}\n\n`;
  yield `${markdown(`${severityWord[session.severity]}, ${attributionWord[session.attribution]}, to ${instant(session.end)}. ${signalSummary(session)}.`)}\n\n`;
  if (annotation !== undefined) {
    yield `**${annotation.verdict === null ? 'Not judged' : verdictWord[annotation.verdict]}**\n\n`;
    for (const line of annotation.note.split(/\r\n|\r|\n/)) if (line.trim() !== '') yield `> ${markdown(line.trim())}\n`;
    yield '\n';
  }
  yield `${markdown(foundBy(session))}\n\n`;
  for (const flag of session.flags) yield `- ${markdown(`${flagWord(flag)}: ${flagSentence(flag, session)}`)}\n`;
  yield '\n';
  yield mdTable(
    ['Severity', 'Operation', 'Attribution', 'Events', 'Statuses', 'First', 'Last', 'Techniques', 'Resources', 'Addresses'],
    heaviestFirst(session).map((operation) => [
      markdown(severityWord[operation.severity]),
      markdown(operation.name),
      markdown(`${attributionWord[operation.attribution]}${operation.failed ? ', failed' : ''}`),
      formatCount(operation.count),
      mdList(Object.entries(operation.statuses).map(([status, count]) => `${status} ${formatCount(count)}`)),
      markdown(instant(operation.first)),
      markdown(instant(operation.last)),
      mdList(operation.techniques),
      mdList(operation.resources),
      mdList(operation.ips),
    ]),
  );
}

export function* caseReportMarkdown(made: CaseReport): Generator<string> {
  const { report, sessions, annotations, files, madeAt, version } = made;
  const noted = new Map(annotations.map((annotation) => [annotation.session, annotation]));
  yield `# Cloud Shell case report\n\n${markdown(`Made by CloudShell Hunt ${version} at ${instant(madeAt)}. Times are UTC.`)}\n\n## Findings\n\n`;
  for (const line of findingSentences(made)) yield `- ${markdown(line)}\n`;
  yield '\n';
  yield mdTable(
    ['', 'Severity', 'Caller', 'Start', 'End', 'Attribution', 'Operations', 'Published query', 'Verdict'],
    sessions.map((session, at) => {
      const verdict = noted.get(session.id)?.verdict ?? null;
      return [
        `${at + 1}`,
        severityWord[session.severity],
        markdown(session.caller),
        markdown(instant(session.start)),
        markdown(instant(session.end)),
        markdown(attributionWord[session.attribution]),
        formatCount(session.operations.length),
        session.sentinel_rows.length > 0 ? 'finds it' : report.sentinel === null ? 'cannot run' : 'misses it',
        verdict === null ? '–' : verdictWord[verdict],
      ];
    }),
  );
  yield `## Settings\n\n${mdPairs(settingRows(report))}## Evidence\n\n`;
  if (files === null) yield 'This report was made from an exported JSON report; the files themselves were not open.\n\n';
  else {
    yield mdTable(
      ['File', 'Bytes', 'SHA-256'],
      files.map(({ path, size, sha256, why }) => [markdown(path), formatCount(size), sha256 ?? markdown(why ?? 'not computed')]),
    );
  }
  yield mdTable(
    ['Input', 'Shape', 'Bytes', 'Records', 'Events', 'Other', 'Rejected', 'Repaired', 'Copies', 'Sums', 'Notes'],
    report.inputs.map((input) => [
      markdown(input.path),
      markdown(shapeWord(input.shape)),
      formatCount(input.bytes),
      formatCount(input.framed),
      formatCount(input.events),
      formatCount(input.other),
      formatCount(input.rejected),
      formatCount(input.repaired),
      formatCount(input.duplicates),
      booksOf(input),
      mdList([
        ...input.notes.map(({ message }) => message),
        ...input.rejects.map(({ message, count }) => `${message} (${formatCount(count)})`),
      ]),
    ]),
  );
  yield `${mdPairs(totalRows(report))}## Rows of the published query\n\n`;
  if (report.sentinel === null) yield 'It cannot run: no file holds all of its columns.\n\n';
  else {
    yield mdTable(
      ['Caller', 'timekey', 'set_OperationNameValue'],
      report.sentinel.map((one) => [markdown(one.Caller), markdown(instant(one.timekey)), mdList(one.set_OperationNameValue)]),
    );
  }
  if (sessions.length > 0) yield '## Sessions\n\n';
  for (const [at, session] of sessions.slice(0, kMostDescribed).entries()) yield* sessionMarkdown(session, at + 1, noted.get(session.id));
}
