// Ways to take the answer away. The JSON is the core's own bytes, unchanged but for what the analyst wrote: equal to what scripts/hunt prints for
// the same files and settings. What is asked for less often, or takes time, stands in a dialog that loads when first needed.

import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Case, sentenceOf } from '../state/case';
import { jsonReport, tableBytes } from '../state/take_away';
import { saveBytes } from './save_bytes';

export type Leaving = 'report' | 'kql' | 'sql' | 'more';

export interface TakeAwayProps {
  hunt: Case;
  leaving: Leaving;
  close(): void;
}

type Dialog = FunctionComponent<TakeAwayProps>;
// A moment after the first answer, so that it delays neither that nor the page's first load.
const kFetchMillis = 2000;

/** What may be asked for later is fetched while there is a network. Should it not come, using it says so. */
async function fetchRest(): Promise<void> {
  const { fetchHashWorker } = await import('../engine/hashing');
  await Promise.all([loadDialog(), import('../report/foreign_report'), fetchHashWorker()]);
}

const loadDialog = (): Promise<Dialog> => import('./take_away_dialog').then(({ TakeAwayDialog }) => TakeAwayDialog);

export function ExportBar({ hunt }: { hunt: Case }) {
  const [problem, setProblem] = useState('');
  const [Dialog, setDialog] = useState<Dialog | null>(null);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => void fetchRest().catch(() => undefined), kFetchMillis);
    return () => clearTimeout(timer);
  }, []);
  const fail = (error: unknown) => setProblem(`The export failed: ${sentenceOf(error)}`);
  const table = (form: 'csv' | 'markdown', name: string, type: string) => {
    setProblem('');
    tableBytes(hunt, { table: 'sessions', form }).then((parts) => saveBytes(parts, name, type), fail);
  };
  const open = (what: Leaving) => {
    setProblem('');
    Promise.all([loadDialog(), hunt.whole()]).then(([component]) => {
      // A function as a state would be called.
      setDialog(() => component);
      setLeaving(what);
    }, fail);
  };
  const json = () => {
    setProblem('');
    jsonReport(hunt).then((bytes) => saveBytes([bytes], 'cloudshell-hunt.json', 'application/json'), fail);
  };
  // A report without its evidence has no engine to ask.
  const alone = hunt.sources.value === null;
  return (
    <div class="exports" role="group" aria-label="Export">
      <span class="exports-title" aria-hidden="true">
        Export
      </span>
      <button type="button" data-testid="export-json" onClick={json}>
        Report (JSON)
      </button>
      <button
        type="button"
        data-testid="export-csv"
        disabled={alone}
        onClick={() => table('csv', 'cloudshell-hunt-sessions.csv', 'text/csv')}
      >
        Sessions (CSV)
      </button>
      <button
        type="button"
        data-testid="export-markdown"
        disabled={alone}
        onClick={() => table('markdown', 'cloudshell-hunt-sessions.md', 'text/markdown')}
      >
        Sessions (Markdown)
      </button>
      <button type="button" data-testid="export-report" aria-haspopup="dialog" onClick={() => open('report')}>
        Case report
      </button>
      <button type="button" data-testid="query-kql" aria-haspopup="dialog" disabled={alone} onClick={() => open('kql')}>
        KQL
      </button>
      <button type="button" data-testid="query-sql" aria-haspopup="dialog" disabled={alone} onClick={() => open('sql')}>
        SQL
      </button>
      <button type="button" data-testid="export-more" aria-haspopup="dialog" onClick={() => open('more')}>
        More…
      </button>
      <span role="status" class="problem-text">
        {problem}
      </span>
      {Dialog !== null && leaving !== null && <Dialog hunt={hunt} leaving={leaving} close={() => setLeaving(null)} />}
    </div>
  );
}

/** Above a report that was opened without its evidence. */
export function AloneNote({ hunt }: { hunt: Case }) {
  if (hunt.sources.value !== null) return null;
  return (
    <p class="notice" data-testid="no-evidence">
      A report, opened without its evidence: raw records, single events and other settings need the files.
    </p>
  );
}
