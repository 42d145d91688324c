// The sessions: a table of any length, of which only the visible rows are drawn, and beside it the chosen session. Where there is no room for
// both, the session takes the table's place and leads back to it.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Report, Session } from '../engine/report';
import type { Case } from '../state/case';
import { whyNoSessions } from '../state/explain';
import type { SortKey } from '../state/session_order';
import { kMostRows, type VisibleRows, visibleRows } from '../state/visible_rows';
import { Evidence } from './evidence';
import { counted, formatCount, formatDuration, millisBetween } from './format';
import { Chip, Instant, QueryMark, SeverityMark } from './marks';
import { SessionDetail } from './session_detail';
import { attributionWord, flagWord, heaviestFirst } from './words';

export function SessionsTab({ hunt, report }: { hunt: Case; report: Report }) {
  const selected = hunt.selected.value;
  const session = selected === null ? undefined : report.sessions[selected];
  if (report.sessions.length === 0) return <Reasons title="Why there is no session" reasons={whyNoSessions(report)} />;
  return (
    <div class={session === undefined ? 'split' : 'split split-open'}>
      <SessionsTable hunt={hunt} report={report} />
      {session !== undefined && selected !== null && (
        <SessionDetail key={session.id} hunt={hunt} report={report} session={session} index={selected} />
      )}
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

interface Column {
  key: SortKey | null;
  title: string;
  className: string;
  cell(session: Session, hunt: Case, report: Report): JSX.Element | string;
}

const columns: Column[] = [
  { key: 'severity', title: 'Severity', className: 'col-severity', cell: ({ severity }) => <SeverityMark severity={severity} /> },
  // The caller's cell is written by the row: it holds the button.
  { key: 'caller', title: 'Caller', className: 'col-caller', cell: () => '' },
  { key: 'start', title: 'Start', className: 'col-start', cell: ({ start }, hunt) => <Instant at={start} display={hunt.display.value} /> },
  { key: 'length', title: 'Length', className: 'col-length', cell: ({ start, end }) => formatDuration(millisBetween(start, end)) },
  { key: 'operations', title: 'Operations', className: 'col-operations number', cell: ({ operations }) => formatCount(operations.length) },
  { key: 'attribution', title: 'Attribution', className: 'col-attribution', cell: ({ attribution }) => attributionWord[attribution] },
  {
    key: 'query',
    title: 'Published query',
    className: 'col-query',
    cell: (session, _hunt, report) => <Found session={session} report={report} />,
  },
  {
    key: null,
    title: 'Marks',
    className: 'col-flags',
    cell: ({ flags }) => (
      <>
        {heaviestFirst(flags).map((flag) => (
          <Chip key={flag}>{flagWord(flag)}</Chip>
        ))}
      </>
    ),
  },
];

export function Found({ session, report }: { session: Session; report: Report }) {
  if (session.sentinel_rows.length > 0) return <QueryMark found text="Finds it" />;
  return <QueryMark found={false} text={report.sentinel === null ? 'Cannot run' : 'Misses it'} />;
}

function SessionsTable({ hunt, report }: { hunt: Case; report: Report }) {
  const order = hunt.order.value;
  const shown = Math.min(order.length, kMostRows);
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [rowHeight, setRowHeight] = useState(40);
  const [rows, setRows] = useState<VisibleRows>({ first: 0, last: Math.min(shown, 60) });
  // The row that Tab reaches and arrow keys move; a place in the order.
  const [active, setActive] = useState(0);
  const focusWanted = useRef(false);

  useLayoutEffect(() => {
    const update = () => {
      const table = body.current;
      const view = scroller.current;
      if (table === null || view === null) return;
      const box = view.getBoundingClientRect();
      const top = Math.max(0, box.top);
      const bottom = Math.min(window.innerHeight, box.bottom);
      const next = visibleRows(table.getBoundingClientRect().top, top, Math.max(top, bottom), rowHeight, shown);
      setRows((now) => (now.first === next.first && now.last === next.last ? now : next));
      const drawn = table.querySelector<HTMLElement>('tr[data-place]')?.getBoundingClientRect().height ?? 0;
      if (drawn > 0 && Math.abs(drawn - rowHeight) > 0.01) setRowHeight(drawn);
    };
    update();
    // Capturing: scrolling does not bubble, and either the table's own box or the page may be what scrolls.
    document.addEventListener('scroll', update, { capture: true, passive: true });
    window.addEventListener('resize', update);
    // Not within the observer's own turn: what update() draws may change the size again.
    let frame = 0;
    const resized = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(update);
    });
    if (scroller.current !== null) resized.observe(scroller.current);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('scroll', update, { capture: true });
      window.removeEventListener('resize', update);
      resized.disconnect();
    };
  }, [shown, rowHeight, order]);

  useEffect(() => {
    if (!focusWanted.current) return;
    const button = body.current?.querySelector<HTMLElement>(`tr[data-place="${active}"] button`);
    if (button == null) return;
    focusWanted.current = false;
    button.focus({ preventScroll: true });
  }, [active, rows]);

  const sortBy = (key: SortKey) => {
    const { value } = hunt.sort;
    // Words and times read from the smallest up, weights from the heaviest down.
    const ascendingFirst = key === 'caller' || key === 'start' || key === 'query';
    hunt.sort.value = { key, ascending: value.key === key ? !value.ascending : ascendingFirst };
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  };

  const open = (place: number) => {
    const index = order[place];
    const session = index === undefined ? undefined : report.sessions[index];
    if (session === undefined) return;
    setActive(place);
    hunt.selectedId.value = session.id;
  };

  const goTo = (place: number) => {
    const to = Math.max(0, Math.min(shown - 1, place));
    const view = scroller.current;
    const table = body.current;
    if (view === null || table === null) return;
    setActive(to);
    focusWanted.current = true;
    // Into the table's own box if that scrolls, else the page.
    const head = view.querySelector('thead')?.getBoundingClientRect().height ?? 0;
    const box = view.getBoundingClientRect();
    const rowTop = table.getBoundingClientRect().top + to * rowHeight;
    if (view.scrollHeight > view.clientHeight + 1) {
      if (rowTop < box.top + head) view.scrollTop -= box.top + head - rowTop;
      else if (rowTop + rowHeight > box.bottom) view.scrollTop += rowTop + rowHeight - box.bottom;
    } else if (rowTop < head) {
      window.scrollBy(0, rowTop - head);
    } else if (rowTop + rowHeight > window.innerHeight) {
      window.scrollBy(0, rowTop + rowHeight - window.innerHeight);
    }
  };

  const keys = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const steps = new Map([
      ['ArrowDown', active + 1],
      ['ArrowUp', active - 1],
      ['PageDown', active + page],
      ['PageUp', active - page],
      ['Home', 0],
      ['End', shown - 1],
    ]);
    const to = steps.get(event.key);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };

  const reachable = active >= rows.first && active < rows.last ? active : rows.first;
  const { key: sortKey, ascending } = hunt.sort.value;
  return (
    <div class="list">
      <div ref={scroller} class="scroller">
        <table class="sessions" aria-rowcount={shown + 1} aria-label="Sessions">
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ key, title, className }) => (
                <th
                  key={title}
                  scope="col"
                  class={className}
                  aria-sort={key === sortKey ? (ascending ? 'ascending' : 'descending') : undefined}
                >
                  {key === null ? (
                    title
                  ) : (
                    <button type="button" class="sort" onClick={() => sortBy(key)}>
                      {title}
                      <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true" focusable="false">
                        {key === sortKey && <path d={ascending ? 'M1 7l4-4 4 4' : 'M1 3l4 4 4-4'} />}
                      </svg>
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            <Space rows={rows.first} rowHeight={rowHeight} />
            {order.slice(rows.first, rows.last).map((index, offset) => {
              const place = rows.first + offset;
              const session = report.sessions[index];
              return (
                session !== undefined && (
                  <Row
                    key={session.id}
                    hunt={hunt}
                    report={report}
                    session={session}
                    place={place}
                    chosen={session.id === hunt.selectedId.value}
                    reachable={place === reachable}
                    open={open}
                    keys={keys}
                  />
                )
              );
            })}
            <Space rows={shown - rows.last} rowHeight={rowHeight} />
          </tbody>
        </table>
      </div>
      {shown < order.length && (
        <p class="muted">
          The table shows the first {counted(shown, 'session')} in this order, of {formatCount(order.length)}; the exports hold all of them.
        </p>
      )}
    </div>
  );
}

/** Stands for rows that are not drawn. */
function Space({ rows, rowHeight }: { rows: number; rowHeight: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    // Through the CSSOM: the page's policy forbids style attributes.
    if (cell.current !== null) cell.current.style.height = `${rows * rowHeight}px`;
  }, [rows, rowHeight]);
  if (rows <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr class="space" aria-hidden="true">
      <td ref={cell} colSpan={columns.length} />
    </tr>
  );
}

interface RowProps {
  hunt: Case;
  report: Report;
  session: Session;
  place: number;
  chosen: boolean;
  reachable: boolean;
  open(place: number): void;
  /** Arrow keys, Home and End lead from row to row. */
  keys(event: KeyboardEvent): void;
}

function Row({ hunt, report, session, place, chosen, reachable, open, keys }: RowProps) {
  return (
    // The button in the row is what the keyboard reaches; a click beside it does the same.
    <tr
      data-testid="session-row"
      data-place={place}
      class={chosen ? 'chosen' : undefined}
      aria-rowindex={place + 2}
      aria-current={chosen ? 'true' : undefined}
      onClick={() => open(place)}
    >
      {columns.map(({ key, title, className, cell }) => (
        <td key={title} class={className}>
          {key === 'caller' ? (
            <button
              type="button"
              class="row-button"
              tabIndex={reachable ? 0 : -1}
              onKeyDown={keys}
              onClick={(event) => {
                event.stopPropagation();
                open(place);
              }}
            >
              <Evidence text={session.caller} />
              <span class="row-second">
                <Instant at={session.start} display={hunt.display.value} coarse /> · <Found session={session} report={report} /> ·{' '}
                {counted(session.operations.length, 'operation')}
              </span>
            </button>
          ) : (
            cell(session, hunt, report)
          )}
        </td>
      ))}
    </tr>
  );
}
