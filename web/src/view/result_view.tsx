// The answer: figures that matter, questions that only the analyst can answer, settings, three tabs and ways to take it away.

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { isMemoryFull, memoryFullSentence, type Report, type ReportInput, type Severity, severitiesUp } from '../engine/report';
import type { Case, Tab } from '../state/case';
import { Evidence } from './evidence';
import { AloneNote, ExportBar } from './export_bar';
import { FilesTab } from './files_tab';
import { counted, formatBytes, formatCount } from './format';
import { Chip, Instant, SeverityMark } from './marks';
import { Questions } from './questions';
import { SentinelTab } from './sentinel_tab';
import { SessionsTab } from './sessions_tab';
import { SettingsPanel } from './settings_panel';
import { severitiesDown } from './words';

export function ResultView({ hunt }: { hunt: Case }) {
  const report = hunt.report.value;
  if (report === null) return null;
  return (
    <div class="result">
      {hunt.fault.value !== '' && (
        <p class="notice" role="alert">
          {hunt.fault.value} What is shown may be incomplete.
        </p>
      )}
      <AloneNote hunt={hunt} />
      <Head hunt={hunt} report={report} />
      <Questions hunt={hunt} report={report} />
      <div class="tools">
        <SettingsPanel hunt={hunt} report={report} />
        <ExportBar hunt={hunt} />
      </div>
      <Tabs hunt={hunt} report={report} />
    </div>
  );
}

function Figure({ label, value, children }: { label: string; value: string; children?: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <span class="figure-value">{value}</span>
        <span class="figure-note">{children}</span>
      </dd>
    </div>
  );
}

function Head({ hunt, report }: { hunt: Case; report: Report }) {
  const { totals, sentinel, coverage, inputs } = report;
  const display = hunt.display.value;
  const index = hunt.index.value;
  const sessions = index?.count ?? 0;
  const blind = sessions - (index?.found.reduce((sum, found) => sum + found, 0) ?? 0);
  const bySeverity = new Map<Severity, number>();
  for (const rank of index?.severity ?? []) {
    const severity = severitiesUp[rank] ?? 'none';
    bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  }
  const troubled = inputs.filter(({ refused, cut, rejected }) => refused || cut || rejected > 0).length;

  return (
    <section class="head" data-testid="summary" data-hunts={hunt.hunts.value} aria-labelledby="head-title">
      <div class="head-line">
        <h1 id="head-title" tabIndex={-1}>
          {sessions === 0 ? 'No Cloud Shell session found' : `${counted(sessions, 'Cloud Shell session')} found`}
        </h1>
        {hunt.isSample.value && <Chip>Sample, made up</Chip>}
        <button type="button" class="small" data-testid="open-other" onClick={() => hunt.clear()}>
          Open other files
        </button>
      </div>
      <dl class="figure-row">
        <Figure label="Sessions" value={formatCount(sessions)}>
          {severitiesDown
            .filter((severity) => (bySeverity.get(severity) ?? 0) > 0)
            .map((severity) => (
              <span key={severity} class="severity-count">
                <SeverityMark severity={severity} /> {formatCount(bySeverity.get(severity) ?? 0)}
              </span>
            ))}
        </Figure>
        <Figure label="Missed by the published query" value={formatCount(blind)}>
          {sessions === 0 ? 'no session' : blind === 0 ? 'it finds every session' : `of ${counted(sessions, 'session')}`}
        </Figure>
        <Figure label="Sentinel rows" value={sentinel === null ? '–' : formatCount(sentinel.length)}>
          {sentinel === null ? 'cannot run' : sentinel.length === 0 ? 'the tab says why' : 'exactly what the query returns'}
        </Figure>
        <Figure label="Events" value={formatCount(totals.events)}>
          {coverage.first === null || coverage.last === null ? (
            'none with a readable time'
          ) : (
            <>
              <Instant at={coverage.first} display={display} /> to <Instant at={coverage.last} display={display} zone />
            </>
          )}
        </Figure>
        <Figure label="Files" value={formatCount(inputs.length)}>
          {formatBytes(totals.bytes)}
          {troubled > 0 && `, ${formatCount(troubled)} with problems`}
        </Figure>
      </dl>
      <Remarks hunt={hunt} report={report} />
    </section>
  );
}

/** What a setting gained or hid, and what could not be counted in; one line each. */
function Remarks({ hunt, report }: { hunt: Case; report: Report }) {
  const { totals, inputs, settings, sentinel_cannot_run } = report;
  const lines: ComponentChildren[] = [];
  const were = (count: number) => (count === 1 ? 'is' : 'are');
  if (totals.rows_owed_to_succeeded > 0) {
    lines.push(
      `${counted(totals.rows_owed_to_succeeded, 'Sentinel row')} ${were(totals.rows_owed_to_succeeded)} there only because “Succeeded” counts as Success.`,
    );
  }
  if (totals.rows_lost_to_look_back > 0) {
    lines.push(
      `${counted(totals.rows_lost_to_look_back, 'Sentinel row')} ${were(totals.rows_lost_to_look_back)} hidden by the look-back of ${settings.look_back}.`,
    );
  }
  const blind = inputs.filter(({ events, app_ids }) => events > 0 && !app_ids).length;
  if (blind > 0) {
    lines.push(
      `${counted(blind, 'file')} ${blind === 1 ? 'carries' : 'carry'} no app ids: Cloud Shell without storage cannot be seen there, nor what was done inside the shell.`,
    );
  }
  if (sentinel_cannot_run.length > 0) {
    lines.push(`The published query cannot run on ${counted(sentinel_cannot_run.length, 'file')}: a column is missing.`);
  }
  if (totals.no_time > 0) lines.push(`${counted(totals.no_time, 'event')} without a readable time ${were(totals.no_time)} in no session.`);
  if (totals.no_caller > 0) lines.push(`${counted(totals.no_caller, 'event')} without a caller ${were(totals.no_caller)} in no session.`);
  if (totals.rejected > 0) lines.push(`${counted(totals.rejected, 'record')} could not be read.`);
  if (totals.duplicates > 0)
    lines.push(
      `${counted(totals.duplicates, 'event')} ${totals.duplicates === 1 ? 'is a copy' : 'are copies'} of another and ${totals.duplicates === 1 ? 'counts' : 'count'} once in sessions.`,
    );
  if (isMemoryFull(report)) lines.push(memoryFullSentence(totals.events));
  lines.push(...partialLines(inputs));
  const unlisted = hunt.unreadable.value.length;
  if (unlisted > 0)
    lines.push(
      `${counted(unlisted, 'entry', 'entries')} of the dropped folder could not be listed by the browser and ${unlisted === 1 ? 'is' : 'are'} missing here.`,
    );
  if (lines.length === 0) return null;
  return (
    <ul class="remarks">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they change all at once
        <li key={at}>{line}</li>
      ))}
    </ul>
  );
}

/** What of the files is not in this result. */
function partialLines(inputs: readonly ReportInput[]): ComponentChildren[] {
  const kWhy = 'The files’ tab says why.';
  const name = ([only, ...others]: readonly ReportInput[]) =>
    only !== undefined && others.length === 0 ? <Evidence text={only.path} mono /> : counted(others.length + 1, 'file');
  const lines: ComponentChildren[] = [];
  const cut = inputs.filter((input) => input.cut);
  if (cut.length > 0)
    lines.push(
      <>
        {name(cut)} could not be read whole, or not as one version: this result is partial. {kWhy}
      </>,
    );
  const refused = inputs.filter((input) => input.refused);
  if (refused.length > 0)
    lines.push(
      <>
        {name(refused)} could not be read and {refused.length === 1 ? 'is' : 'are'} missing here. {kWhy}
      </>,
    );
  return lines;
}

const tabs: { tab: Tab; title: string }[] = [
  { tab: 'sessions', title: 'Sessions' },
  { tab: 'sentinel', title: 'Sentinel rows' },
  { tab: 'files', title: 'Files and problems' },
];

function Tabs({ hunt, report }: { hunt: Case; report: Report }) {
  const list = useRef<HTMLDivElement>(null);
  const chosen = hunt.tab.value;
  const counts: Record<Tab, string> = {
    sessions: formatCount(hunt.index.value?.count ?? 0),
    sentinel: report.sentinel === null ? '–' : formatCount(report.sentinel.length),
    files: formatCount(report.inputs.length),
  };
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ tab }) => tab === chosen);
    const to =
      event.key === 'ArrowRight'
        ? (at + 1) % tabs.length
        : event.key === 'ArrowLeft'
          ? (at + tabs.length - 1) % tabs.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? tabs.length - 1
              : -1;
    const next = tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    hunt.tab.value = next.tab;
    list.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <div class="tabbed">
      <div ref={list} class="tabs" role="tablist" aria-label="Results" onKeyDown={move}>
        {tabs.map(({ tab, title }) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            data-testid={`tab-${tab}`}
            aria-selected={chosen === tab}
            aria-controls="tab-panel"
            tabIndex={chosen === tab ? 0 : -1}
            onClick={() => {
              hunt.tab.value = tab;
            }}
          >
            {title} <span class="count">{counts[tab]}</span>
          </button>
        ))}
      </div>
      <div id="tab-panel" class="panel" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        {chosen === 'sessions' && <SessionsTab hunt={hunt} report={report} />}
        {chosen === 'sentinel' && <SentinelTab hunt={hunt} report={report} />}
        {chosen === 'files' && <FilesTab hunt={hunt} report={report} />}
      </div>
    </div>
  );
}
