// What leaves the page on more than one click: the case report with its checksums, the hunt as a query, every table in every form, lists to paste.
// Loaded when first opened. A modal dialog: Escape closes it, and the focus returns to the button that opened it.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type HashProgress, hashFiles } from '../engine/hashing';
import type { QueryText, TableText } from '../engine/protocol';
import { caseReportHtml, caseReportMarkdown, type EvidenceFile } from '../report/case_report';
import { navigatorLayer } from '../report/navigator';
import { defang, listValues, type ValueKind, valueKinds } from '../report/values';
import { type Case, sentenceOf } from '../state/case';
import { annotationsOf, sessionsOf, shownSessions, tableBytes } from '../state/take_away';
import './export.css';
import type { Leaving, TakeAwayProps } from './export_bar';
import { counted, formatBytes, formatCount } from './format';
import { saveBytes } from './save_bytes';

const titles: Readonly<Record<Leaving, string>> = {
  report: 'Case report',
  kql: 'Run it where the logs live: KQL',
  sql: 'Run it where the logs live: SQL',
  more: 'Take away',
};

export function TakeAwayDialog({ hunt, leaving, close }: TakeAwayProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="take-away" aria-labelledby="take-away-title" data-testid="take-away" onClose={close}>
      <div class="take-away-head">
        <h2 id="take-away-title">{titles[leaving]}</h2>
        <button type="button" class="small" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <Body hunt={hunt} leaving={leaving} />
    </dialog>
  );
}

function Body({ hunt, leaving }: { hunt: Case; leaving: Leaving }) {
  switch (leaving) {
    case 'report':
      return <CaseReportPart hunt={hunt} />;
    case 'kql':
      return <QueryPart hunt={hunt} dialects={[['kql', 'KQL']]} />;
    case 'sql':
      return (
        <QueryPart
          hunt={hunt}
          dialects={[
            ['duckdb', 'DuckDB'],
            ['trino', 'Trino'],
            ['spark', 'Spark'],
          ]}
        />
      );
    case 'more':
      return <MorePart hunt={hunt} />;
    default:
      return unreachable(leaving);
  }
}

function unreachable(value: never): never {
  throw new Error(`unexpected ${String(value)}`);
}

function Choice<Value extends string>({
  legend,
  options,
  value,
  onChange,
}: {
  legend: string;
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChange(value: Value): void;
}) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input type="radio" name={`take-away-${legend}`} value={option} checked={value === option} onChange={() => onChange(option)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A text to copy. Where the clipboard is refused it is selected, so that the keyboard's copy takes it. */
function CopyText({ text, label, testId, children }: { text: string; label: string; testId: string; children?: ComponentChildren }) {
  const box = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(''), [text]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => {
        if (box.current !== null) getSelection()?.selectAllChildren(box.current);
        setSaid('Selected: press Ctrl+C');
      },
    );
  return (
    <>
      <pre ref={box} class="copy-text" tabIndex={0} role="region" aria-label={label} data-testid={testId}>
        {text}
      </pre>
      <div class="buttons">
        <button type="button" class="primary" disabled={text === ''} onClick={copy} data-testid={`${testId}-copy`}>
          Copy
        </button>
        {children}
        <span role="status" class="muted">
          {said}
        </span>
      </div>
    </>
  );
}

// --- queries ---

type Dialect = QueryText['dialect'];

function QueryPart({ hunt, dialects }: { hunt: Case; dialects: readonly (readonly [Dialect, string])[] }) {
  const [query, setQuery] = useState<QueryText['query']>('sessions');
  const [dialect, setDialect] = useState<Dialect>(dialects[0]?.[0] ?? 'kql');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let wanted = true;
    hunt.pool.text({ text: 'query', query, dialect }).then(
      (bytes) => wanted && setText(new TextDecoder().decode(bytes)),
      (error: unknown) => wanted && setProblem(sentenceOf(error)),
    );
    return () => {
      wanted = false;
    };
  }, [hunt, query, dialect]);
  const name = `cloudshell-hunt-${query}.${dialect === 'kql' ? 'kql' : 'sql'}`;
  return (
    <>
      <p class="muted">
        The same hunt with the settings of the page, for the time span of the files
        {dialect === 'kql' ? ': Sentinel, Log Analytics, Azure Data Explorer, Fabric.' : '.'} Nothing of the evidence stands in it.
      </p>
      <div class="choices">
        <Choice
          legend="Query"
          options={[
            ['sessions', 'Sessions'],
            ['published', 'The published query'],
          ]}
          value={query}
          onChange={(chosen) => setQuery(chosen)}
        />
        {dialects.length > 1 && <Choice legend="Engine" options={dialects} value={dialect} onChange={(chosen) => setDialect(chosen)} />}
      </div>
      {problem === '' ? (
        <CopyText text={text} label={`The query, ${dialect}`} testId="query-text">
          <button type="button" data-testid="query-save" onClick={() => saveBytes([text], name, 'text/plain')}>
            Save
          </button>
        </CopyText>
      ) : (
        <p class="problem-text" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

// --- case report ---

type ReportForm = 'html' | 'markdown';

function CaseReportPart({ hunt }: { hunt: Case }) {
  const sources = hunt.sources.value;
  const [progress, setProgress] = useState<HashProgress | null>(null);
  const [files, setFiles] = useState<readonly EvidenceFile[] | null>(null);
  const [said, setSaid] = useState('');
  const hashing = useRef<AbortController | null>(null);

  const save = (form: ReportForm, evidence: readonly EvidenceFile[] | null) => {
    const report = hunt.report.peek();
    if (report === null) return;
    const shown = shownSessions(hunt);
    const made = {
      report,
      sessions: sessionsOf(hunt, shown),
      filters: shown.filters,
      annotations: annotationsOf(hunt),
      files: evidence,
      madeAt: new Date().toISOString(),
      version: __VERSION__,
    };
    const [parts, name, type] =
      form === 'html'
        ? [caseReportHtml(made), 'cloudshell-hunt-case.html', 'text/html']
        : [caseReportMarkdown(made), 'cloudshell-hunt-case.md', 'text/markdown'];
    saveBytes([...parts], name, type);
    setSaid(`Saved as ${name}.`);
  };

  // Asked for by opening this: the checksums are computed, then the report is saved. Without evidence there is nothing to wait for.
  useEffect(() => {
    if (sources === null) {
      save('html', null);
      return;
    }
    const controller = new AbortController();
    hashing.current = controller;
    setProgress({ bytes: 0, bytesTotal: 0, files: 0, filesTotal: sources.length });
    void hashFiles(sources, controller.signal, setProgress).then((hashed) => {
      hashing.current = null;
      setProgress(null);
      // Closed meanwhile: nobody wants it any more.
      if (controller.signal.reason === 'closed') return;
      setFiles(hashed);
      save('html', hashed);
    });
    return () => controller.abort('closed');
  }, []);

  const total = (sources ?? []).reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <p class="muted">
        One file that prints well and opens from anywhere: settings, evidence files with size and SHA-256, what was read of each, findings,
        time lines, notes and verdicts. It holds text of the evidence.
      </p>
      {progress !== null && (
        <div class="hashing">
          <label for="hash-progress">
            SHA-256 of {counted(progress.filesTotal, 'file')}, {formatBytes(total)}
          </label>
          <progress id="hash-progress" max={Math.max(1, progress.bytesTotal)} value={progress.bytes} data-testid="hash-progress" />
          <button type="button" data-testid="hash-skip" onClick={() => hashing.current?.abort('skipped')}>
            Save without the rest of the checksums
          </button>
        </div>
      )}
      <p role="status" data-testid="report-saved">
        {said}
      </p>
      <div class="buttons">
        <button type="button" class="primary" data-testid="report-html" disabled={progress !== null} onClick={() => save('html', files)}>
          Save again
        </button>
        <button type="button" data-testid="report-markdown" disabled={progress !== null} onClick={() => save('markdown', files)}>
          Save as Markdown
        </button>
      </div>
    </>
  );
}

// --- tables and lists ---

const tableNames: readonly (readonly [TableText['table'], string])[] = [
  ['sessions', 'Sessions'],
  ['operations', 'Operations'],
  ['events', 'Events'],
  ['sentinel', 'Sentinel rows'],
];
const forms: readonly (readonly [TableText['form'], string, string, string])[] = [
  ['csv', 'CSV, for spreadsheets', 'csv', 'text/csv'],
  ['csv-raw', 'CSV, raw: for programs only', 'raw-not-for-spreadsheets.csv', 'text/csv'],
  ['markdown', 'Markdown', 'md', 'text/markdown'],
  ['json-lines', 'JSON Lines', 'jsonl', 'application/x-ndjson'],
  ['timesketch', 'Timesketch (JSON Lines)', 'timesketch.jsonl', 'application/x-ndjson'],
];

function MorePart({ hunt }: { hunt: Case }) {
  const alone = hunt.sources.value === null;
  const shown = shownSessions(hunt);
  return (
    <>
      <p class="muted" data-testid="take-away-shown">
        {shown.hidden === 0
          ? `All ${counted(shown.indexes.length, 'session')}.`
          : `The ${counted(shown.indexes.length, 'session')} that are shown; ${formatCount(shown.hidden)} more are hidden by filters. Tables say so; the JSON report holds all.`}
      </p>
      {alone ? <p>Tables need the files: a report was opened without its evidence.</p> : <TablePart hunt={hunt} />}
      <NavigatorPart hunt={hunt} />
      <ValuesPart hunt={hunt} />
    </>
  );
}

function TablePart({ hunt }: { hunt: Case }) {
  const [table, setTable] = useState<TableText['table']>('sessions');
  const [form, setForm] = useState<TableText['form']>('csv');
  const [said, setSaid] = useState('');
  const possible = forms.filter(([one]) => table === 'events' || (one !== 'json-lines' && one !== 'timesketch'));
  const chosen = possible.find(([one]) => one === form) ?? possible[0];
  const save = () => {
    if (chosen === undefined) return;
    setSaid('');
    const [word, , ending, type] = chosen;
    const name = `cloudshell-hunt-${table}.${ending}`.replace('.raw', '-raw');
    tableBytes(hunt, { table, form: word }).then(
      (parts) => {
        saveBytes(parts, name, type);
        setSaid(`Saved as ${name}.`);
      },
      (error: unknown) => setSaid(`The export failed: ${sentenceOf(error)}`),
    );
  };
  return (
    <section aria-labelledby="take-table">
      <h3 id="take-table">Tables</h3>
      <div class="choices">
        <Choice legend="Table" options={tableNames} value={table} onChange={(chosen) => setTable(chosen)} />
        <Choice
          legend="Form"
          options={possible.map(([one, label]) => [one, label] as const)}
          value={chosen?.[0] ?? 'csv'}
          onChange={(chosen) => setForm(chosen)}
        />
      </div>
      {chosen?.[0] === 'csv-raw' && (
        <p class="problem-text">
          Fields are as the evidence has them: a spreadsheet may run some of them as formulas. Do not open it in one.
        </p>
      )}
      <div class="buttons">
        <button type="button" class="primary" data-testid="export-table" onClick={save}>
          Save
        </button>
        <span role="status" class="muted">
          {said}
        </span>
      </div>
    </section>
  );
}

function NavigatorPart({ hunt }: { hunt: Case }) {
  const save = () => {
    const shown = shownSessions(hunt);
    const description =
      `Techniques of the operations in ${counted(shown.indexes.length, 'Cloud Shell session')}` +
      (shown.hidden > 0 ? `; ${counted(shown.hidden, 'session')} hidden by filters.` : '.');
    const text = navigatorLayer(sessionsOf(hunt, shown), { version: __VERSION__, description });
    saveBytes([text], 'cloudshell-hunt-navigator.json', 'application/json');
  };
  return (
    <section aria-labelledby="take-navigator">
      <h3 id="take-navigator">ATT&CK Navigator</h3>
      <div class="buttons">
        <button type="button" data-testid="export-navigator" onClick={save}>
          Save the techniques as a layer
        </button>
      </div>
    </section>
  );
}

function ValuesPart({ hunt }: { hunt: Case }) {
  const [kind, setKind] = useState<ValueKind>('addresses');
  const [harmless, setHarmless] = useState(true);
  const values = listValues(sessionsOf(hunt, shownSessions(hunt)), kind);
  const text = (harmless ? values.map(defang) : values).join('\n');
  return (
    <section aria-labelledby="take-values">
      <h3 id="take-values">Lists to paste</h3>
      <div class="choices">
        <Choice
          legend="Values"
          options={valueKinds.map((one) => [one, one] as const)}
          value={kind}
          onChange={(chosen) => setKind(chosen)}
        />
        <label class="check">
          <input type="checkbox" checked={harmless} data-testid="defang" onChange={(event) => setHarmless(event.currentTarget.checked)} />
          Defanged
        </label>
      </div>
      <CopyText text={text} label={`${kind}, one a line`} testId="values" />
    </section>
  );
}
