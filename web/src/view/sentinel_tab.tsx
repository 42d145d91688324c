// The published query's own answer: its seven columns, in its order, nothing added but marks. No row is never silent.

import { useState } from 'preact/hooks';
import type { Report, SentinelRow, WhyNot } from '../engine/report';
import type { Case } from '../state/case';
import { whyNoRows } from '../state/explain';
import { Evidence } from './evidence';
import { Chip, Instant } from './marks';
import { Pager } from './pager';
import { Reasons } from './sessions_tab';

const kPage = 100;
// Members of a set at first; a set may hold a million.
const kFirstMembers = 12;

const markWords = {
  empty_caller: 'No caller: events without one joined each other, a false row',
  owed_to_succeeded: 'Only because “Succeeded” counts as Success',
} as const;

export function SentinelTab({ hunt, report }: { hunt: Case; report: Report }) {
  const [first, setFirst] = useState(0);
  const rows = report.sentinel;
  const from = rows !== null && first >= rows.length ? 0 : first;
  const marks = new Map(report.sentinel_marks.map(({ Caller, timekey, marks: words }) => [`${timekey} ${Caller}`, words]));
  return (
    <>
      <CannotRun report={report} />
      {rows !== null && rows.length === 0 && <Reasons title="Why there is no row" reasons={whyNoRows(report, missedBy(hunt))} />}
      {rows !== null && rows.length > 0 && (
        <>
          <table class="stack sentinel" aria-label="Rows of the published query">
            <thead>
              <tr>
                {['Caller', 'timekey', 'Caller1', 'timekey1', 'set_OperationNameValue', 'timestamp', 'AccountCustomEntity'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(from, from + kPage).map((row) => (
                <Row key={`${row.timekey} ${row.Caller}`} hunt={hunt} row={row} marks={marks.get(`${row.timekey} ${row.Caller}`) ?? []} />
              ))}
            </tbody>
          </table>
          <Pager first={from} pageSize={kPage} total={rows.length} one="row" go={setFirst} />
        </>
      )}
    </>
  );
}

/** In how many sessions each reason holds why the query misses them. */
function missedBy(hunt: Case): Map<WhyNot, number> {
  const column = hunt.index.value?.columns.get('query');
  const missed = new Map<WhyNot, number>();
  for (const number of column?.values ?? []) {
    const why = column?.texts[number] as WhyNot;
    missed.set(why, (missed.get(why) ?? 0) + 1);
  }
  return missed;
}

function CannotRun({ report }: { report: Report }) {
  const blocked = report.sentinel_cannot_run;
  if (report.sentinel !== null && blocked.length === 0) return null;
  return (
    <section class="reasons" data-testid="cannot-run">
      <h2>{report.sentinel === null ? 'The published query cannot run' : 'Files on which the published query cannot run'}</h2>
      {blocked.length === 0 ? (
        <p>No file holds an event of the Azure Activity log.</p>
      ) : (
        <ul>
          {blocked.slice(0, kPage).map(({ path, missing }) => (
            <li key={path}>
              <Evidence text={path} mono />: cannot run: no {missing.join(', no ')}
            </li>
          ))}
          {blocked.length > kPage && <li>and {blocked.length - kPage} more, see “Files and problems”</li>}
        </ul>
      )}
      <p class="muted">
        The query needs TimeGenerated, Caller, OperationNameValue, ActivityStatusValue and ResourceGroup. Export all columns and open that
        file. Sessions are found as far as the columns that are there allow.
      </p>
    </section>
  );
}

function Row({ hunt, row, marks }: { hunt: Case; row: SentinelRow; marks: readonly (keyof typeof markWords)[] }) {
  const [all, setAll] = useState(false);
  const display = hunt.display.value;
  const members = row.set_OperationNameValue;
  return (
    <tr data-testid="sentinel-row">
      <td data-label="Caller">
        <Evidence text={row.Caller} />
        {marks.map((mark) => (
          <span key={mark} class="block">
            <Chip>{markWords[mark]}</Chip>
          </span>
        ))}
      </td>
      <td data-label="timekey">
        <Instant at={row.timekey} display={display} />
      </td>
      <td data-label="Caller1" class="muted">
        <Evidence text={row.Caller1} />
      </td>
      <td data-label="timekey1" class="muted">
        <Instant at={row.timekey1} display={display} />
      </td>
      <td data-label="set_OperationNameValue" class="set">
        <ul class="values">
          {(all ? members : members.slice(0, kFirstMembers)).map((name) => (
            <li key={name}>
              <Evidence text={name} mono />
            </li>
          ))}
        </ul>
        {members.length > kFirstMembers && (
          <button type="button" class="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${members.length.toLocaleString('en')}`}
          </button>
        )}
      </td>
      <td data-label="timestamp" class="muted">
        <Instant at={row.timestamp} display={display} />
      </td>
      <td data-label="AccountCustomEntity" class="muted">
        <Evidence text={row.AccountCustomEntity} />
      </td>
    </tr>
  );
}
