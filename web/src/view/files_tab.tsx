// What was opened and what of it could not be used. The two sums on each file's row are the proof that no record and no byte is unaccounted for.

import { useEffect, useState } from 'preact/hooks';
import type { Gap, RejectKind, Rejects, Report, ReportInput } from '../engine/report';
import { type Case, sentenceOf } from '../state/case';
import { Evidence } from './evidence';
import { counted, type Display, formatBytes, formatCount, millisBetween } from './format';
import { Chip, Instant } from './marks';
import { Pager } from './pager';
import { RawRecord } from './raw_record';
import { shapeWord } from './words';

const kPage = 100;
const kRejectsPage = 20;

export function FilesTab({ hunt, report }: { hunt: Case; report: Report }) {
  return (
    <>
      <Problems hunt={hunt} report={report} />
      <Files report={report} />
      <CoverageSection hunt={hunt} report={report} />
    </>
  );
}

interface Problem {
  input: number;
  path: string;
  kind: RejectKind | null;
  message: string;
}

/** Rejected records first, then notes; in the order of the files. */
function problemsOf(report: Report): Problem[] {
  return report.inputs.flatMap((input, index) => [
    ...input.rejects.map((kind) => ({ input: index, path: input.path, kind, message: kind.message })),
    ...input.notes.map(({ message }) => ({ input: index, path: input.path, kind: null, message })),
  ]);
}

function Problems({ hunt, report }: { hunt: Case; report: Report }) {
  const [first, setFirst] = useState(0);
  const problems = problemsOf(report);
  const from = first >= problems.length ? 0 : first;
  const unlisted = hunt.unreadable.value;
  return (
    <section aria-labelledby="problems-title">
      <h2 id="problems-title">
        Problems and notes <span class="count">{formatCount(problems.length + unlisted.length)}</span>
      </h2>
      {problems.length + unlisted.length === 0 && <p class="muted">None: every record of every file was read.</p>}
      {unlisted.length > 0 && (
        <ul>
          {unlisted.slice(0, kPage).map((path) => (
            <li key={path} data-testid="problem-row">
              <Evidence text={path} mono />: the browser could not list it.
            </li>
          ))}
        </ul>
      )}
      {problems.length > 0 && (
        <>
          <table class="stack problems" aria-label="Problems and notes">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">What</th>
                <th scope="col">Records</th>
                <th scope="col">First at</th>
                <th scope="col">
                  <span class="visually-hidden">Look</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {problems.slice(from, from + kPage).map((problem, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two notes of a file may read alike
                <ProblemRow key={from + at} hunt={hunt} report={report} problem={problem} />
              ))}
            </tbody>
          </table>
          <Pager first={from} pageSize={kPage} total={problems.length} one="problem" go={setFirst} />
        </>
      )}
    </section>
  );
}

function ProblemRow({ hunt, report, problem: { input, path, kind, message } }: { hunt: Case; report: Report; problem: Problem }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr data-testid="problem-row">
        <td data-label="File">
          <Evidence text={path} mono />
        </td>
        <td data-label="What">
          <Evidence text={message} />
        </td>
        <td data-label="Records">{kind === null ? <span class="muted">note</span> : formatCount(kind.count)}</td>
        <td data-label="First at">
          {kind === null ? (
            <span class="muted">–</span>
          ) : (
            <>
              line {formatCount(kind.first_line)}
              <span class="block muted">byte {formatCount(kind.first_offset)}</span>
            </>
          )}
        </td>
        <td data-label="">
          {kind !== null && (
            <button type="button" class="small" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide' : 'Look'}
            </button>
          )}
        </td>
      </tr>
      {open && kind !== null && (
        <tr class="raw-row">
          <td colSpan={5}>
            <RejectedRecords hunt={hunt} report={report} input={input} reason={kind.reason} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The rejected spans of one reason. The engine pages over all reasons of an input, so pages are gone through until enough were found. */
function RejectedRecords({ hunt, report, input, reason }: { hunt: Case; report: Report; input: number; reason: string }) {
  const [all, setAll] = useState<Rejects['rejects'] | null>(null);
  const [kept, setKept] = useState({ kept: 0, total: 0 });
  const [problem, setProblem] = useState('');
  const [first, setFirst] = useState(0);
  const [open, setOpen] = useState<number | null>(0);

  useEffect(() => {
    let current = true;
    const fetchAll = async () => {
      const found: Rejects['rejects'] = [];
      for (let at = 0; ; at += kPage) {
        const page = await hunt.pool.rejects(input, at, kPage);
        found.push(...page.rejects.filter((reject) => reject.reason === reason));
        if (page.rejects.length < kPage) return { found, kept: page.kept, total: page.total };
      }
    };
    fetchAll().then(
      (result) => {
        if (!current) return;
        setAll(result.found);
        setKept(result);
      },
      (error: unknown) => current && setProblem(sentenceOf(error)),
    );
    return () => {
      current = false;
    };
  }, [hunt, input, reason]);

  if (problem !== '') return <p class="problem-text">{problem}</p>;
  if (all === null) return <p class="muted">Reading…</p>;
  return (
    <>
      {kept.kept < kept.total && (
        <p class="muted">
          Of {counted(kept.total, 'rejected record')} in this file the first {formatCount(kept.kept)} can be looked at.
        </p>
      )}
      <ul class="rejects">
        {all.slice(first, first + kRejectsPage).map(({ offset, length, line }, at) => (
          <li key={offset}>
            <button type="button" class="small" aria-expanded={open === at} onClick={() => setOpen(open === at ? null : at)}>
              Line {formatCount(line)}
            </button>{' '}
            <span class="muted">
              byte {formatCount(offset)}, {formatBytes(length)}
            </span>
            {open === at && <RawRecord hunt={hunt} report={report} input={input} offset={offset} length={length} />}
          </li>
        ))}
      </ul>
      <Pager first={first} pageSize={kRejectsPage} total={all.length} one="record" go={setFirst} />
    </>
  );
}

function Files({ report }: { report: Report }) {
  const [first, setFirst] = useState(0);
  const { inputs } = report;
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">
        Files <span class="count">{formatCount(inputs.length)}</span>
      </h2>
      <table class="stack files" aria-label="Files">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Read as</th>
            <th scope="col">Records: events + other logs + rejected</th>
            <th scope="col">Bytes: records + structure + rejected</th>
            <th scope="col">Notes</th>
          </tr>
        </thead>
        <tbody>
          {inputs.slice(first, first + kPage).map((input, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one path
            <FileRow key={first + at} input={input} />
          ))}
        </tbody>
      </table>
      <Pager first={first} pageSize={kPage} total={inputs.length} one="file" go={setFirst} />
    </section>
  );
}

function FileRow({ input }: { input: ReportInput }) {
  const { framed, events, other, rejected, bytes, record_bytes, structure_bytes, rejected_bytes } = input;
  return (
    <tr data-testid="file-row">
      <td data-label="File">
        <Evidence text={input.path} mono />
        {(input.refused || input.cut) && (
          <span class="chips">
            {input.refused && <Chip>Not read</Chip>}
            {input.cut && <Chip>Read in part</Chip>}
          </span>
        )}
      </td>
      <td data-label="Read as">
        {input.refused ? <span class="muted">–</span> : shapeWord(input.shape)}
        <span class="block muted">
          {input.container === 'none' ? '' : `${input.container}, `}
          {input.refused ? '' : input.encoding.toUpperCase()}
          {input.events > 0 && !input.app_ids && ', no app ids'}
        </span>
        <Columns columns={input.columns} />
      </td>
      <td data-label="Records" class="sum">
        <Sum whole={framed} parts={[events, other, rejected]} />
        {input.repaired > 0 && <span class="block muted">{formatCount(input.repaired)} of the events repaired</span>}
        {input.duplicates > 0 && <span class="block muted">{counted(input.duplicates, 'duplicate')}</span>}
        {input.no_time > 0 && <span class="block muted">{formatCount(input.no_time)} without a readable time</span>}
      </td>
      <td data-label="Bytes" class="sum">
        <Sum whole={bytes} parts={[record_bytes, structure_bytes, rejected_bytes]} />
        <span class="block muted">
          {formatBytes(bytes)}
          {input.container !== 'none' && input.container_bytes > 0 && `, compressed ${formatBytes(input.container_bytes)}`}
        </span>
      </td>
      <td data-label="Notes">
        {input.notes.map(({ message }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two notes may read alike
          <p key={at}>
            <Evidence text={message} />
          </p>
        ))}
        {input.missing.length > 0 && <p>The published query cannot run: no {input.missing.join(', no ')}.</p>}
        {input.notes.length === 0 && input.missing.length === 0 && <span class="muted">–</span>}
      </td>
    </tr>
  );
}

/** Which place in the records fed which column of the hunt. */
function Columns({ columns }: { columns: ReportInput['columns'] }) {
  const fed = Object.entries(columns);
  if (fed.length === 0) return null;
  return (
    <details class="more">
      <summary>{counted(fed.length, 'column')}</summary>
      <dl class="fed">
        {fed.map(([column, paths]) => (
          <div key={column}>
            <dt class="muted">{column}</dt>
            {paths.map((path) => (
              <dd key={path} class="mono">
                {path.replaceAll('>', ' › ')}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </details>
  );
}

/** First and last event and the hours between that hold none: where the log itself may be incomplete. */
function CoverageSection({ hunt, report }: { hunt: Case; report: Report }) {
  const [first, setFirst] = useState(0);
  const { coverage } = report;
  if (coverage.first === null) return null;
  const rows = [{ subscription: null, ...coverage }, ...coverage.subscriptions];
  const display = hunt.display.value;
  return (
    <section aria-labelledby="coverage-title">
      <h2 id="coverage-title">What time the events cover</h2>
      <p class="muted">
        Hours without any event, between the first and the last one. Nights are quiet; a gap in working hours may mean that a part of the
        log is missing.
      </p>
      <table class="stack" aria-label="Coverage">
        <thead>
          <tr>
            <th scope="col">Subscription</th>
            <th scope="col">Events</th>
            <th scope="col">First</th>
            <th scope="col">Last</th>
            <th scope="col">Hours without events</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(first, first + kPage).map(({ subscription, first: from, last: to, events, gaps }) => (
            <tr key={subscription ?? ' all'}>
              <td data-label="Subscription">
                {subscription === null ? <strong>All files</strong> : <Evidence text={subscription} mono empty="(none)" />}
              </td>
              <td data-label="Events">{formatCount(events)}</td>
              <td data-label="First">{from === null ? '–' : <Instant at={from} display={display} />}</td>
              <td data-label="Last">{to === null ? '–' : <Instant at={to} display={display} />}</td>
              <td data-label="Without events">
                <Gaps gaps={gaps} display={display} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager first={first} pageSize={kPage} total={rows.length} one="subscription" go={setFirst} />
    </section>
  );
}

function Gaps({ gaps, display }: { gaps: Gap[]; display: Display }) {
  if (gaps.length === 0) return <span class="muted">none</span>;
  const hours = gaps.reduce((sum, { from, to }) => sum + millisBetween(from, to), 0) / 3_600_000;
  return (
    <details class="more">
      <summary>
        {counted(Math.round(hours), 'hour')} in {counted(gaps.length, 'gap')}
      </summary>
      <ul class="values">
        {gaps.slice(0, kPage).map(({ from, to }) => (
          <li key={from}>
            <Instant at={from} display={display} /> to <Instant at={to} display={display} />
          </li>
        ))}
        {gaps.length > kPage && <li>and {formatCount(gaps.length - kPage)} more</li>}
      </ul>
    </details>
  );
}

/** "120 = 118 + 0 + 2", and a word when it does not come out: that would be a fault of ours, and it must not look like evidence. */
function Sum({ whole, parts }: { whole: number; parts: number[] }) {
  const sum = parts.reduce((total, part) => total + part, 0);
  return (
    <span class="sum-line">
      <strong>{formatCount(whole)}</strong> = {parts.map(formatCount).join(' + ')}
      {sum !== whole && <span class="problem-text"> the sum does not come out: please report this</span>}
    </span>
  );
}
