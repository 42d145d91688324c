// Every facet with the values that the sessions in sight have, and how many sessions each would leave. A value is shown alone by its name and left
// out by the button beside it; both again to undo.

import { useState } from 'preact/hooks';
import { verdicts } from '../state/annotations';
import type { Case } from '../state/case';
import { type FacetValue, facetValues } from '../state/filter';
import { type FacetKey, facetKeys, type SessionIndex } from '../state/session_index';
import { formatCount } from './format';
import { SeverityMark } from './marks';
import { FacetText } from './value_menu';
import { visible } from './visible';
import { facetTitle, facetWord, isOurs, severitiesDown, verdictWord } from './words';

const kFirst = 6;
const kMore = 100;
// A value may be as long as its record; nobody hears that read out.
const kLabel = 200;
/** Open at first: what one looks for, not what one looks up. */
const openAtFirst: ReadonlySet<FacetKey> = new Set<FacetKey>([
  'severity',
  'attribution',
  'query',
  'technique',
  'flag',
  'caller',
  'operation',
  'address',
]);

export function Facets({ hunt, index }: { hunt: Case; index: SessionIndex }) {
  return (
    <div class="facets" data-testid="facets" role="group" aria-label="Filters with counts">
      {facetKeys.map((facet) => (
        <Facet key={facet} hunt={hunt} index={index} facet={facet} />
      ))}
      <VerdictFacet hunt={hunt} />
    </div>
  );
}

function Facet({ hunt, index, facet }: { hunt: Case; index: SessionIndex; facet: FacetKey }) {
  const { view } = hunt;
  const choices = view.filter.value.facets.get(facet);
  const [open, setOpen] = useState(openAtFirst.has(facet));
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const column = index.columns.get(facet);
  const counts = view.filtered.value?.counts.get(facet);
  if (column === undefined || counts === undefined || column.texts.length === 0) return null;
  const listed = open ? facetValues(column, counts, choices, search, all ? kMore : kFirst) : { values: [], total: 0 };
  const values = facet === 'severity' ? bySeverity(listed.values) : listed.values;
  const unlisted = listed.total - values.filter(({ choice }) => choice === null).length;
  return (
    <details class="facet" open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-facet={facet}>
      <summary>
        {facetTitle(facet)} <span class="count">{formatCount(column.texts.length)}</span>
        {choices !== undefined && <span class="facet-on">{formatCount(choices.size)} chosen</span>}
      </summary>
      {open && column.texts.length > kFirst && (
        <input
          type="search"
          class="facet-search"
          aria-label={`Find in ${facetTitle(facet)}`}
          placeholder="Find…"
          autocomplete="off"
          spellcheck={false}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <ul onKeyDown={rove}>
        {values.map((value, at) => (
          <FacetRow key={value.folded} hunt={hunt} facet={facet} value={value} reachable={at === 0} />
        ))}
      </ul>
      {open && values.length === 0 && <p class="muted">{search.trim() === '' ? 'None in what is shown.' : 'No value has this text.'}</p>}
      {(unlisted > 0 || all) && listed.total > kFirst && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? (unlisted > 0 ? `Fewer (${formatCount(unlisted)} more: find them above)` : 'Fewer') : `${formatCount(unlisted)} more`}
        </button>
      )}
    </details>
  );
}

function bySeverity(values: FacetValue[]): FacetValue[] {
  const rank = (value: FacetValue) => (severitiesDown as readonly string[]).indexOf(value.folded);
  return [...values].sort((a, b) => rank(a) - rank(b));
}

/** A list of values is one stop of Tab: arrows go up and down in it, and sideways between a value and its “leave out”. */
function rove(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const from = event.target as HTMLElement;
  const row = from.closest('li');
  const rows = [...list.children];
  const at = row === null ? -1 : rows.indexOf(row);
  if (row === null || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const kind = from.classList.contains('facet-not') ? 'button.facet-not' : 'button.facet-value';
  const steps = new Map<string, [number, string]>([
    ['ArrowDown', [at + 1, kind]],
    ['ArrowUp', [at - 1, kind]],
    ['Home', [0, kind]],
    ['End', [rows.length - 1, kind]],
    ['ArrowRight', [at, 'button.facet-not']],
    ['ArrowLeft', [at, 'button.facet-value']],
  ]);
  const step = steps.get(event.key);
  const target = step === undefined ? null : rows[step[0]]?.querySelector<HTMLElement>(step[1]);
  if (step === undefined) return;
  event.preventDefault();
  target?.focus();
}

interface FacetRowProps {
  hunt: Case;
  facet: FacetKey;
  value: FacetValue;
  /** The one that Tab reaches. */
  reachable: boolean;
}

function FacetRow({ hunt, facet, value, reachable }: FacetRowProps) {
  const { text, count, choice } = value;
  const { view } = hunt;
  return (
    <li class={choice === null ? undefined : `facet-${choice}`}>
      <button
        type="button"
        class="facet-value"
        tabIndex={reachable ? 0 : -1}
        aria-pressed={choice === 'only'}
        onClick={() => view.choose(facet, text, choice === 'only' ? null : 'only')}
      >
        <span class="facet-text">
          {facet === 'severity' ? (
            <SeverityMark severity={text as (typeof severitiesDown)[number]} />
          ) : (
            <FacetText facet={facet} value={text} />
          )}
        </span>
        <span class="facet-count">{formatCount(count)}</span>
      </button>
      <button
        type="button"
        class="facet-not"
        tabIndex={-1}
        aria-pressed={choice === 'not'}
        aria-label={`Leave out ${visible((isOurs(facet) ? facetWord(facet, text) : text).slice(0, kLabel))}`}
        title={choice === 'not' ? 'No longer leave out' : 'Leave out'}
        onClick={() => view.choose(facet, text, choice === 'not' ? null : 'not')}
      >
        <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
          <path d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3.5 3.5l9 9" />
        </svg>
      </button>
    </li>
  );
}

function VerdictFacet({ hunt }: { hunt: Case }) {
  const { view } = hunt;
  const chosen = view.verdicts.value;
  const toggle = (verdict: (typeof verdicts)[number] | 'none') => {
    const next = new Set(chosen);
    if (!next.delete(verdict)) next.add(verdict);
    view.verdicts.value = next;
  };
  return (
    <details class="facet" data-facet="verdict">
      <summary>Your verdict {chosen.size > 0 && <span class="facet-on">{formatCount(chosen.size)} chosen</span>}</summary>
      <ul>
        {[...verdicts, 'none' as const].map((verdict) => (
          <li key={verdict} class={chosen.has(verdict) ? 'facet-only' : undefined}>
            <button type="button" class="facet-value" aria-pressed={chosen.has(verdict)} onClick={() => toggle(verdict)}>
              <span class="facet-text">{verdict === 'none' ? 'Not judged' : verdictWord[verdict]}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
