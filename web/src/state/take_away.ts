// What leaves the page: which sessions are shown, what hides the others, what the analyst wrote, and the texts over them. Tables are what is shown
// and say what is hidden; JSON is whole. They follow the report's order whatever the table is sorted by, so that equal choices give equal bytes.

import type { TableText } from '../engine/protocol';
import type { Annotation, Session } from '../engine/report';
import { withAnnotations } from '../report/report_bytes';
import type { Case } from './case';

export interface Shown {
  /** Indexes into the report's sessions, ascending. */
  indexes: readonly number[];
  hidden: number;
  /** What hides them, one sentence; empty when nothing does. */
  filters: string;
}

export function shownSessions(hunt: Case): Shown {
  const total = hunt.report.value?.totals.sessions ?? 0;
  const indexes = [...hunt.order.value].sort((a, b) => a - b);
  const { hiddenByFilters = 0, hiddenAsKnown = 0 } = hunt.view.filtered.value ?? {};
  const by = [
    ...(hiddenByFilters > 0 ? [`${hiddenByFilters} by the filters of the page`] : []),
    ...(hiddenAsKnown > 0 ? [`${hiddenAsKnown} as known good`] : []),
  ];
  return { indexes, hidden: total - indexes.length, filters: by.length > 0 ? `Hidden are ${by.join(' and ')}.` : '' };
}

/** Once the whole report is here (Case.whole). */
export function sessionsOf(hunt: Case, { indexes }: Shown): Session[] {
  return indexes.map((index) => hunt.session(index));
}

export function annotationsOf(hunt: Case): readonly Annotation[] {
  return hunt.view.annotations.list();
}

/** The report with what the analyst wrote. Rejects with an EngineFailure. */
export async function jsonReport(hunt: Case): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await hunt.json();
  const report = hunt.report.value;
  if (report === null) throw new Error('no report is open');
  return withAnnotations({ bytes, annotations: report.annotations }, annotationsOf(hunt), () => report);
}

// A table of all events of a large log does not fit the engine's memory beside the log itself; in parts of this many rows it does.
const kRowsOfPart = 50_000;

/** The table as bytes, in as many parts as it takes. Rejects with an EngineFailure. */
export async function tableBytes(hunt: Case, table: Pick<TableText, 'table' | 'form'>): Promise<Uint8Array<ArrayBuffer>[]> {
  const shown = shownSessions(hunt);
  const request: TableText = {
    text: 'table',
    ...table,
    ...(shown.hidden === 0 ? {} : { sessions: shown.indexes, hidden: shown.hidden, filters: shown.filters }),
  };
  if (table.table !== 'events') return [await hunt.pool.text(request)];
  await hunt.whole();
  const parts = partsOf(hunt, shown.indexes);
  const bytes: Uint8Array<ArrayBuffer>[] = [];
  for (const [at, sessions] of parts.entries()) {
    bytes.push(await hunt.pool.text({ ...request, sessions, head: at === 0, tail: at === parts.length - 1 }));
  }
  return bytes;
}

function partsOf(hunt: Case, indexes: readonly number[]): number[][] {
  const parts: number[][] = [[]];
  let rows = 0;
  for (const index of indexes) {
    const { operations, signals } = hunt.session(index);
    const more = operations.reduce((sum, { count }) => sum + count, signals.length);
    if (rows > 0 && rows + more > kRowsOfPart) {
      parts.push([]);
      rows = 0;
    }
    parts.at(-1)?.push(index);
    rows += more;
  }
  return parts;
}
