// The list of what is expected: greys sessions, hides them on request, leaves and comes back as a JSON file, and stays in this browser only while
// the switch for it is on.

import { useRef, useState } from 'preact/hooks';
import type { Case } from '../state/case';
import { readKnownList } from '../state/known_good';
import { counted, formatCount } from './format';
import { Pop } from './pop';
import { saveBytes } from './save_bytes';
import { FacetText } from './value_menu';
import { facetTitle } from './words';

// A file of the page's own making with the most entries of the longest values is below this.
const kLargestFile = 64 * 1024 * 1024;
const kListed = 200;

export function KnownGoodPanel({ hunt }: { hunt: Case }) {
  const { known, knownMask } = hunt.view;
  const file = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  const entries = known.entries.value;
  const sessions = knownMask.value.reduce((sum, one) => sum + one, 0);

  const take = async (input: HTMLInputElement) => {
    const picked = input.files?.[0];
    input.value = '';
    if (picked === undefined) return;
    if (picked.size > kLargestFile) {
      setSaid('This file is too large for a known-good list.');
      return;
    }
    const list = readKnownList(await picked.text());
    if (!list.ok) {
      setSaid(list.why);
      return;
    }
    known.add(...list.entries);
    setSaid(`${counted(list.entries.length, 'entry', 'entries')} taken in.`);
  };

  return (
    <Pop title={entries.length > 0 ? `Known good (${formatCount(entries.length)})` : 'Known good'} testId="known-good">
      <div class="pop-body pop-wide">
        <p>
          A session is known good when its caller is listed, or all of its addresses, all of its app ids or all of its operations are. It is
          greyed; mark values in the menu of any cell.
        </p>
        <label class="check">
          <input
            type="checkbox"
            data-testid="hide-known"
            checked={known.hide.value}
            onChange={(event) => {
              known.hide.value = event.currentTarget.checked;
            }}
          />
          <span>
            Hide known-good sessions <span class="muted">({formatCount(sessions)} now)</span>
          </span>
        </label>
        {entries.length === 0 ? (
          <p class="muted">Nothing is marked yet.</p>
        ) : (
          <ul class="known-list" aria-label="Known good">
            {entries.slice(0, kListed).map(({ kind, value }) => (
              <li key={`${kind} ${value}`}>
                <span class="muted">{facetTitle(kind)}</span> <FacetText facet={kind} value={value} />
                <button type="button" class="link" onClick={() => known.remove(kind, value)}>
                  Remove
                </button>
              </li>
            ))}
            {entries.length > kListed && <li class="muted">and {formatCount(entries.length - kListed)} more, in the export</li>}
          </ul>
        )}
        <div class="pop-buttons">
          <button
            type="button"
            class="small"
            disabled={entries.length === 0}
            data-testid="export-known"
            onClick={() => saveBytes([known.json()], 'cloudshell-hunt-known-good.json', 'application/json')}
          >
            Export
          </button>
          <button type="button" class="small" onClick={() => file.current?.click()}>
            Import…
          </button>
          <input
            ref={file}
            type="file"
            class="visually-hidden"
            tabIndex={-1}
            aria-label="Known-good list"
            data-testid="import-known"
            accept=".json,application/json"
            onChange={(event) => void take(event.currentTarget)}
          />
          <button type="button" class="small" disabled={entries.length === 0} onClick={() => known.clear()}>
            Empty the list
          </button>
        </div>
        <label class="check">
          <input
            type="checkbox"
            data-testid="keep-known"
            checked={known.kept.value}
            onChange={(event) => known.keep(event.currentTarget.checked)}
          />
          <span>
            Keep this list in this browser <span class="muted">(it names callers and addresses; off: it goes with the tab)</span>
          </span>
        </label>
        <p role="status" class={known.problem.value === '' ? 'muted' : 'problem-text'}>
          {known.problem.value || said}
        </p>
      </div>
    </Pop>
  );
}
