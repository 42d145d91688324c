// The sessions: when there was activity, filters, the table, and beside it the chosen session. Where there is no room for both, the session takes the
// table's place and leads back to it.

import { useEffect, useState } from 'preact/hooks';
import type { Report } from '../engine/report';
import type { Case } from '../state/case';
import { whyNoSessions } from '../state/explain';
import { ActivityChart } from './activity_chart';
import { Facets } from './facets';
import { FilterBar } from './filter_bar';
import { SessionDetail } from './session_detail';
import { SessionsTable } from './sessions_table';

// Facets beside the table from this width on; below they open above it.
const kWide = '(width >= 75rem)';

export function SessionsTab({ hunt, report }: { hunt: Case; report: Report }) {
  const index = hunt.index.value;
  const selected = hunt.selected.value;
  const [facetsOpen, setFacetsOpen] = useState(() => matchMedia(kWide).matches);
  // A session takes the facets' room; they come back with the table.
  const [before, setBefore] = useState(facetsOpen);
  useEffect(() => {
    if (selected !== null) {
      setBefore(facetsOpen);
      setFacetsOpen(false);
    } else {
      setFacetsOpen(before);
    }
  }, [selected === null]);
  if (index === null) return null;
  if (index.count === 0) {
    return (
      <>
        <Reasons title="Why there is no session" reasons={whyNoSessions(report)} />
        <ActivityChart hunt={hunt} report={report} index={index} />
      </>
    );
  }
  void hunt.arrivals.value;
  const session = selected === null ? null : hunt.sessionIfHere(selected);
  return (
    <div class="sessions-tab">
      <ActivityChart hunt={hunt} report={report} index={index} />
      <FilterBar hunt={hunt} facetsOpen={facetsOpen} toggleFacets={() => setFacetsOpen(!facetsOpen)} />
      <div class={`split${session === null ? '' : ' split-open'}${facetsOpen ? ' split-facets' : ''}`}>
        {facetsOpen && <Facets hunt={hunt} index={index} />}
        <SessionsTable hunt={hunt} report={report} />
        {session !== null && selected !== null && (
          <SessionDetail key={session.id} hunt={hunt} report={report} session={session} index={selected} />
        )}
      </div>
    </div>
  );
}

export function Reasons({ title, reasons }: { title: string; reasons: string[] }) {
  return (
    <section class="reasons">
      <h2>{title}</h2>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}
