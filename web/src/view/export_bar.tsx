// Ways to take the answer away. The JSON is the core's own bytes, unchanged: equal to what scripts/hunt prints for the same files and settings.
// File names say nothing about the evidence.

import { useState } from 'preact/hooks';
import type { TextKind } from '../engine/protocol';
import { type Case, sentenceOf } from '../state/case';

// The link is followed at once; the bytes must only outlive the start of the download.
const kRevokeMillis = 60_000;

function download(bytes: Uint8Array<ArrayBuffer>, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), kRevokeMillis);
}

export function ExportBar({ hunt }: { hunt: Case }) {
  const [problem, setProblem] = useState('');
  const text = (kind: TextKind, name: string, type: string) => {
    setProblem('');
    hunt.pool.text(kind).then(
      (bytes) => download(bytes, name, type),
      (error: unknown) => setProblem(`The export failed: ${sentenceOf(error)}`),
    );
  };
  return (
    <div class="exports" role="group" aria-label="Export">
      <span class="exports-title" aria-hidden="true">
        Export
      </span>
      <button type="button" data-testid="export-json" onClick={() => download(hunt.json(), 'cloudshell-hunt.json', 'application/json')}>
        Report (JSON)
      </button>
      <button
        type="button"
        data-testid="export-csv"
        onClick={() => text({ text: 'table', table: 'sessions', form: 'csv' }, 'cloudshell-hunt-sessions.csv', 'text/csv')}
      >
        Sessions (CSV)
      </button>
      <button
        type="button"
        data-testid="export-csv-sentinel"
        onClick={() => text({ text: 'table', table: 'sentinel', form: 'csv' }, 'cloudshell-hunt-sentinel.csv', 'text/csv')}
      >
        Sentinel rows (CSV)
      </button>
      <button
        type="button"
        data-testid="export-markdown"
        onClick={() => text({ text: 'table', table: 'sessions', form: 'markdown' }, 'cloudshell-hunt-sessions.md', 'text/markdown')}
      >
        Sessions (Markdown)
      </button>
      <span role="status" class="problem-text">
        {problem}
      </span>
    </div>
  );
}
