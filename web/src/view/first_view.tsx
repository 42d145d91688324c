// What an analyst sees first: what the page does, that nothing leaves the browser and how to check that, ways to open an export, a sample, and
// how to get an export.

import { useRef, useState } from 'preact/hooks';
import type { Case } from '../state/case';
import { fetchSample, fromFiles, fromText } from '../state/sources';
import { CopyLine } from './marks';

interface Recipe {
  title: string;
  line: string;
  note: string;
}

const recipes: Recipe[] = [
  {
    title: 'Azure CLI',
    line: 'az monitor activity-log list --offset 30d --max-events 100000 -o json > activity-log.json',
    note: 'One subscription. Without the two options the command gives six hours and 50 events.',
  },
  {
    title: 'Sentinel or Log Analytics',
    line: 'AzureActivity | where TimeGenerated > ago(30d)',
    note: 'In the portal: run it under Logs, then Export, CSV (all columns). A result of 30,000 rows is cut: take shorter spans. The Activity log page’s own “Download as CSV” holds no addresses and no operation ids.',
  },
  {
    title: 'Storage account of a diagnostic setting',
    line: 'azcopy copy "https://ACCOUNT.blob.core.windows.net/insights-activity-logs" . --recursive',
    note: 'Open the whole folder: the hourly PT1H.json files are read together.',
  },
  {
    title: 'Workspace by command line',
    line: 'az monitor log-analytics query -w WORKSPACE-ID --analytics-query "AzureActivity | where TimeGenerated > ago(30d)" -o json > azure-activity.json',
    note: 'For a workspace you can query but not browse.',
  },
];

export function FirstView({ hunt, dragging }: { hunt: Case; dragging: boolean }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [pasting, setPasting] = useState(false);
  const [pasted, setPasted] = useState('');
  const [fetching, setFetching] = useState(false);

  const take = (input: HTMLInputElement | null) => {
    if (input === null || input.files === null || input.files.length === 0) return;
    const sources = fromFiles(input.files);
    // Cleared so that the same file can be picked again.
    input.value = '';
    hunt.open({ sources, unreadable: [] });
  };
  const sample = () => {
    setFetching(true);
    fetchSample().then(
      (sources) => hunt.open({ sources, unreadable: [] }, true),
      (error: unknown) => {
        setFetching(false);
        hunt.notice.value = `The sample could not be fetched (${error instanceof Error ? error.message : String(error)}).`;
      },
    );
  };

  return (
    <div class="first">
      <section class="intro">
        <h1>Who used Azure Cloud Shell, when, and what they did meanwhile</h1>
        <p class="lead">
          Open an export of the Azure Activity log. The page finds the Cloud Shell sessions in it, also those that the published Sentinel
          query cannot see, and shows the operations of each.
        </p>
      </section>

      <div class="notice-place" role="status">
        {hunt.notice.value !== '' && <p class="notice">{hunt.notice.value}</p>}
      </div>

      <div class="start">
        <section class={dragging ? 'drop drop-over' : 'drop'} data-testid="drop-zone" aria-labelledby="drop-title">
          <svg class="drop-icon" viewBox="0 0 48 48" width="44" height="44" aria-hidden="true" focusable="false">
            <path d="M10 6h18l10 10v26H10zM28 6v10h10M24 22v13M18 29l6 6 6-6" />
          </svg>
          <h2 id="drop-title">Drop files or folders here</h2>
          <p class="muted">JSON, JSON Lines or CSV, also .gz and .zip; many files and large ones are fine.</p>
          <div class="buttons">
            <button type="button" class="primary" onClick={() => files.current?.click()}>
              Open files…
            </button>
            <button type="button" onClick={() => folder.current?.click()}>
              Open a folder…
            </button>
            <button type="button" aria-expanded={pasting} aria-controls="paste-box" onClick={() => setPasting(!pasting)}>
              Paste records
            </button>
          </div>
          <input
            ref={files}
            class="visually-hidden"
            type="file"
            multiple
            data-testid="file-input"
            tabIndex={-1}
            aria-label="Files to open"
            onChange={(event) => take(event.currentTarget)}
          />
          <input
            ref={folder}
            class="visually-hidden"
            type="file"
            multiple
            data-testid="folder-input"
            tabIndex={-1}
            aria-label="Folder to open"
            // The attribute is the only name of this; every current browser has it.
            {...{ webkitdirectory: true }}
            onChange={(event) => take(event.currentTarget)}
          />
          <div id="paste-box" class="paste" hidden={!pasting}>
            <label for="paste-text">Records as text, with the header row if it is CSV</label>
            <textarea
              id="paste-text"
              rows={6}
              spellcheck={false}
              autocomplete="off"
              value={pasted}
              onInput={(event) => setPasted(event.currentTarget.value)}
            />
            <button
              type="button"
              disabled={pasted.trim() === ''}
              onClick={() => hunt.open({ sources: [fromText(pasted)], unreadable: [] })}
            >
              Open what was pasted
            </button>
          </div>
          <div class="sample">
            <button type="button" data-testid="sample" disabled={fetching} onClick={sample}>
              Try the sample
            </button>
            <span class="muted">a made-up day of a tenant that shows every kind of session</span>
          </div>
        </section>

        <section class="private" aria-labelledby="private-title">
          <h2 id="private-title">
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
              <path d="M4 7V5a4 4 0 0 1 8 0v2M3 7h10v7.5H3z" />
            </svg>
            Nothing leaves this browser
          </h2>
          <p>Files are read in this tab, on this computer. Nothing is stored, and closing the tab forgets everything.</p>
          <h3>Check it yourself</h3>
          <ul>
            <li>
              Open the developer tools (F12), choose “Network”, then open a file: the requests fetch parts of this page, and none carries
              anything of your files.
            </li>
            <li>
              The server sends the page with a policy (Content-Security-Policy) under which the browser refuses every connection to anywhere
              else.
            </li>
          </ul>
        </section>
      </div>

      <section class="recipes" aria-labelledby="recipes-title">
        <h2 id="recipes-title">How to get an export</h2>
        <ul class="recipe-list">
          {recipes.map(({ title, line, note }) => (
            <li key={title}>
              <h3>{title}</h3>
              <CopyLine text={line} label={title} />
              <p class="muted">{note}</p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
