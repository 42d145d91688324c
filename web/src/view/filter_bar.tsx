// Above the table: one search field, the filters that are on as chips to take off, what they hide, which columns there are, the known-good list and
// a link that carries settings and filters.

import { useEffect, useRef } from 'preact/hooks';
import type { Case } from '../state/case';
import { noFilter } from '../state/filter';
import { writeLink } from '../state/link';
import type { FacetKey } from '../state/session_index';
import { allColumns } from '../state/sessions_view';
import { Evidence } from './evidence';
import { counted, formatCount } from './format';
import { KnownGoodPanel } from './known_good_panel';
import { Instant } from './marks';
import { Pop } from './pop';
import { columnTitle } from './sessions_table';
import { copyText, FacetText } from './value_menu';
import { facetTitle, isOurs, verdictWord } from './words';

export function FilterBar({ hunt, facetsOpen, toggleFacets }: { hunt: Case; facetsOpen: boolean; toggleFacets(): void }) {
  const { view } = hunt;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest('input, textarea, select, [contenteditable]') !== null) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);
  const filter = view.filter.value;
  const chosen = [...filter.facets.values()].reduce((sum, choices) => sum + choices.size, 0);
  return (
    <div class="filter-bar">
      <div class="filter-line">
        <button type="button" class="small tall" aria-expanded={facetsOpen} data-testid="toggle-facets" onClick={toggleFacets}>
          <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" focusable="false">
            <path d="M1.5 2.5h13L9.5 8.5v5l-3-1.5V8.5z" />
          </svg>
          Filters{chosen > 0 && ` (${formatCount(chosen)})`}
        </button>
        <input
          ref={search}
          type="search"
          class="search"
          data-testid="search"
          aria-label="Search callers, operations, addresses, resources, notes"
          placeholder="Search callers, operations, addresses, resources, notes"
          autocomplete="off"
          spellcheck={false}
          value={filter.search}
          onInput={(event) => {
            view.filter.value = { ...filter, search: event.currentTarget.value };
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('tr[data-place] button[tabindex="0"]')?.focus();
          }}
        />
        <Pop title="Columns" testId="columns">
          <fieldset class="pop-body">
            <legend class="visually-hidden">Columns shown</legend>
            {allColumns.map((name) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  checked={view.columns.value.has(name)}
                  disabled={name === 'caller'}
                  onChange={() => view.toggleColumn(name)}
                />
                {columnTitle(name)}
              </label>
            ))}
          </fieldset>
        </Pop>
        <KnownGoodPanel hunt={hunt} />
        <button
          type="button"
          class="small tall"
          data-testid="copy-link"
          title="Settings and filters, never data: callers, addresses and operations are left out"
          onClick={() => copyLink(hunt)}
        >
          Copy link
        </button>
      </div>
      <Chips hunt={hunt} />
    </div>
  );
}

function copyLink(hunt: Case): void {
  const { filter } = hunt.view;
  const address = new URL(location.href);
  address.hash = writeLink(hunt.settings.value, filter.value, hunt.display.value, hunt.workers.value);
  const left =
    [...filter.value.facets.keys()].some((facet) => !isOurs(facet) && facet !== 'technique') || filter.value.search.trim() !== '';
  copyText(hunt, address.href, left ? 'Link, without the filters that name evidence,' : 'Link');
}

/** Active filters and what they hide. Always there, so that nothing moves when the first filter is set. */
function Chips({ hunt }: { hunt: Case }) {
  const { view } = hunt;
  const filter = view.filter.value;
  const filtered = view.filtered.value;
  const display = hunt.display.value;
  if (filtered === null) return null;
  const { shownCount, hiddenByFilters, hiddenAsKnown } = filtered;
  const facets = [...filter.facets].flatMap(([facet, choices]) => [...choices].map(([value, choice]) => ({ facet, value, choice })));
  return (
    <div class="filter-chips">
      <p class="shown-count" role="status" data-testid="shown-count">
        <strong>{counted(shownCount, 'session')}</strong> shown
        {hiddenByFilters > 0 && `, ${formatCount(hiddenByFilters)} hidden by filters`}
        {hiddenAsKnown > 0 && `, ${formatCount(hiddenAsKnown)} hidden as known good`}
      </p>
      {(view.filtering || filter.search !== '') && (
        <ul class="chip-list" aria-label="Active filters">
          {filter.search.trim() !== '' && (
            <ChipButton take={() => (view.filter.value = { ...filter, search: '' })} what="search">
              has “<Evidence text={filter.search.trim()} />”
            </ChipButton>
          )}
          {filter.span !== null && (
            <ChipButton take={() => view.narrow(null)} what="span of time">
              <Instant at={new Date(filter.span.from).toISOString()} display={display} coarse /> to{' '}
              <Instant at={new Date(filter.span.to).toISOString()} display={display} coarse />
            </ChipButton>
          )}
          {facets.map(({ facet, value, choice }) => (
            <ChipButton key={`${facet} ${value}`} take={() => view.choose(facet, value, null)} what={facetTitle(facet)}>
              <span class="muted">
                {facetTitle(facet)}
                {choice === 'not' && ' not'}:
              </span>{' '}
              <FacetText facet={facet} value={textOf(hunt, facet, value)} />
            </ChipButton>
          ))}
          {[...view.verdicts.value].map((verdict) => (
            <ChipButton
              key={verdict}
              what="verdict"
              take={() => {
                view.verdicts.value = new Set([...view.verdicts.value].filter((one) => one !== verdict));
              }}
            >
              <span class="muted">Verdict:</span> {verdict === 'none' ? 'not judged' : verdictWord[verdict]}
            </ChipButton>
          ))}
          <li>
            <button
              type="button"
              class="link"
              data-testid="clear-filters"
              onClick={() => {
                view.filter.value = noFilter;
                view.verdicts.value = new Set();
              }}
            >
              Clear all
            </button>
          </li>
        </ul>
      )}
    </div>
  );
}

/** The value as the evidence spells it; filters know it in lower case. */
function textOf(hunt: Case, facet: FacetKey, folded: string): string {
  const column = hunt.index.value?.columns.get(facet);
  const number = column?.numbers.get(folded);
  return number === undefined ? folded : (column?.texts[number] ?? folded);
}

function ChipButton({ take, what, children }: { take(): void; what: string; children: preact.ComponentChildren }) {
  return (
    <li>
      <button type="button" class="chip filter-chip" title="Take this filter off" onClick={take}>
        {children}
        <svg viewBox="0 0 10 10" width="9" height="9" role="img" aria-label={`Take off: ${what}`}>
          <path d="M1.5 1.5l7 7M8.5 1.5l-7 7" />
        </svg>
      </button>
    </li>
  );
}
