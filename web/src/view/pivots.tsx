// Queries to go on with in Sentinel, ready to copy.

import { useMemo } from 'preact/hooks';
import type { Session } from '../engine/report';
import type { Case } from '../state/case';
import { pivotQueries } from '../state/pivot_kql';
import { Evidence } from './evidence';
import { copyText } from './value_menu';

export function Pivots({ hunt, session }: { hunt: Case; session: Session }) {
  const queries = useMemo(() => pivotQueries(session), [session]);
  return (
    <ul class="pivots">
      {queries.map(({ id, title, note, text }) => (
        <li key={id} data-testid={`pivot-${id}`}>
          <details class="more">
            <summary>
              <span class="pivot-title">{title}</span> <span class="muted">{note}</span>
            </summary>
            <pre tabIndex={0} role="region" aria-label={title}>
              <Evidence text={text} lines />
            </pre>
          </details>
          <button type="button" class="small" aria-label={`Copy KQL: ${title}`} onClick={() => copyText(hunt, text, 'Query')}>
            Copy KQL
          </button>
        </li>
      ))}
    </ul>
  );
}
