// The table of sessions: any number of rows, of which the visible ones are drawn. Each row has one button, which opens the session; every cell can be
// reached by arrow keys and has a menu (right click, the ⋯ beside the pointer, M or the menu key) to filter by it, copy it or mark it.

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Report, Session } from '../engine/report';
import type { Case } from '../state/case';
import { severityRank } from '../state/session_index';
import type { SortKey } from '../state/session_order';
import { allColumns, type ColumnName } from '../state/sessions_view';
import { Evidence } from './evidence';
import { counted, formatCount, formatDuration, instantText, millisBetween } from './format';
import { useLongRows } from './long_rows';
import { Chip, Instant, QueryMark, SeverityMark } from './marks';
import { SpaceRow } from './space_row';
import { copyText, type MenuAction, type Pointed, useMenu } from './value_menu';
import { visible } from './visible';
import { attributionWord, flagWord, heaviestFirst, signalWord, verdictWord } from './words';

interface Column {
  title: string;
  sort: SortKey | null;
  className: string;
  cell(session: Session, hunt: Case, report: Report): JSX.Element | string;
  /** What is copied; in a row, what is not drawn is an escape. */
  text(session: Session, hunt: Case, report: Report): string;
  /** What the cell can be filtered by; the n-th stands for the element with data-at="n". */
  values(session: Session): Pointed[];
}

const heaviest = ({ operations }: Session) =>
  operations.reduce<Session['operations'][number] | null>((best, operation) => {
    const weight = (one: typeof operation) => (one.failed ? 0 : 10) + severityRank(one.severity);
    return best === null || weight(operation) > weight(best) ? operation : best;
  }, null);

const techniquesOf = ({ operations }: Session) => [...new Set(operations.flatMap(({ techniques }) => techniques))].sort();
const signalsOf = ({ signals, signals_per_hour = [] }: Session) => [...new Set([...signals, ...signals_per_hour].map(({ kind }) => kind))];

/** The end of an operation's name, which tells it apart: "roleAssignments/write", "virtualMachines/runCommand/action". */
export function shortOperation(name: string): string {
  const parts = name.split('/');
  return parts.slice(/^action$/i.test(parts.at(-1) ?? '') ? -3 : -2).join('/');
}

const foundWord = (session: Session, report: Report) =>
  session.sentinel_rows.length > 0 ? 'Finds it' : report.sentinel === null ? 'Cannot run' : 'Misses it';

const kListed = 2;
/** The first few of a list, and how many there are beyond. */
function Some({ values, mono = true }: { values: readonly string[]; mono?: boolean }) {
  return (
    <>
      {values.slice(0, kListed).map((value, at) => (
        <span key={value} data-at={at}>
          {at > 0 && ', '}
          <Evidence text={value} mono={mono} />
        </span>
      ))}
      {values.length > kListed && <span class="muted"> +{formatCount(values.length - kListed)}</span>}
    </>
  );
}

const pointedAt = (facet: Pointed['facet'], values: readonly string[]): Pointed[] => values.map((value) => ({ facet, value }));

const columns: Readonly<Record<ColumnName, Column>> = {
  severity: {
    title: 'Severity',
    sort: 'severity',
    className: 'col-severity',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
    text: ({ severity }) => severity,
    values: ({ severity }) => pointedAt('severity', [severity]),
  },
  caller: {
    title: 'Caller',
    sort: 'caller',
    className: 'col-caller',
    cell: () => '', // written by the row: it holds the button
    text: ({ caller }) => caller,
    values: ({ caller }) => pointedAt('caller', [caller]),
  },
  verdict: {
    title: 'Verdict',
    sort: null,
    className: 'col-verdict',
    cell: ({ id }, hunt) => {
      const { verdict } = hunt.view.annotations.of(id);
      return verdict === null ? <span class="muted">–</span> : verdictWord[verdict];
    },
    text: ({ id }, hunt) => hunt.view.annotations.of(id).verdict ?? '',
    values: () => [],
  },
  start: {
    title: 'Start',
    sort: 'start',
    className: 'col-start',
    cell: ({ start }, hunt) => <Instant at={start} display={hunt.display.value} />,
    text: ({ start }, hunt) => {
      const { date, time, zone } = instantText(start, hunt.display.value);
      return `${date} ${time} ${zone}`;
    },
    values: () => [],
  },
  length: {
    title: 'Length',
    sort: 'length',
    className: 'col-length',
    cell: ({ start, end }) => formatDuration(millisBetween(start, end)),
    text: ({ start, end }) => formatDuration(millisBetween(start, end)),
    values: () => [],
  },
  operations: {
    title: 'Operations',
    sort: 'operations',
    className: 'col-operations number',
    cell: ({ operations }) => formatCount(operations.length),
    text: ({ operations }) => String(operations.length),
    values: ({ operations }) =>
      pointedAt(
        'operation',
        operations.map(({ name }) => name),
      ),
  },
  heaviest: {
    title: 'Heaviest operation',
    sort: 'operations',
    className: 'col-heaviest',
    cell: (session) => {
      const operation = heaviest(session);
      if (operation === null) return <span class="muted">none</span>;
      const more = session.operations.length - 1;
      return (
        <>
          <Evidence text={shortOperation(operation.name)} mono />
          {more > 0 && <span class="muted"> +{formatCount(more)}</span>}
        </>
      );
    },
    text: (session) => heaviest(session)?.name ?? '',
    values: (session) => {
      const operation = heaviest(session);
      return operation === null ? [] : pointedAt('operation', [operation.name]);
    },
  },
  techniques: {
    title: 'Techniques',
    sort: null,
    className: 'col-techniques',
    cell: (session) => (
      <>
        {techniquesOf(session).map((technique, at) => (
          <span key={technique} data-at={at}>
            <Chip>{technique}</Chip>
          </span>
        ))}
      </>
    ),
    text: (session) => techniquesOf(session).join(' '),
    values: (session) => pointedAt('technique', techniquesOf(session)),
  },
  attribution: {
    title: 'Attribution',
    sort: 'attribution',
    className: 'col-attribution',
    cell: ({ attribution }) => attributionWord[attribution],
    text: ({ attribution }) => attribution,
    values: ({ attribution }) => pointedAt('attribution', [attribution]),
  },
  signals: {
    title: 'Opened by',
    sort: null,
    className: 'col-signals',
    cell: (session) => (
      <>
        {signalsOf(session).map((kind, at) => (
          <span key={kind} data-at={at}>
            <Chip>{signalWord[kind]}</Chip>
          </span>
        ))}
      </>
    ),
    text: (session) => signalsOf(session).join(' '),
    values: (session) => pointedAt('signal', signalsOf(session)),
  },
  addresses: {
    title: 'Addresses',
    sort: null,
    className: 'col-addresses',
    cell: ({ ips }) => <Some values={ips} />,
    text: ({ ips }) => ips.join(' '),
    values: ({ ips }) => pointedAt('address', ips),
  },
  subscriptions: {
    title: 'Subscriptions',
    sort: null,
    className: 'col-subscriptions',
    cell: ({ subscriptions }) => <Some values={subscriptions} />,
    text: ({ subscriptions }) => subscriptions.join(' '),
    values: ({ subscriptions }) => pointedAt('subscription', subscriptions),
  },
  resource_groups: {
    title: 'Resource groups',
    sort: null,
    className: 'col-groups',
    cell: ({ resource_groups }) => <Some values={resource_groups} />,
    text: ({ resource_groups }) => resource_groups.join(' '),
    values: ({ resource_groups }) => pointedAt('resource_group', resource_groups),
  },
  query: {
    title: 'Published query',
    sort: 'query',
    className: 'col-query',
    cell: (session, _hunt, report) => <Found session={session} report={report} />,
    text: (session, _hunt, report) => foundWord(session, report),
    values: ({ sentinel_rows, why_not }) => pointedAt('query', sentinel_rows.length > 0 ? ['found'] : why_not),
  },
  flags: {
    title: 'Marks',
    sort: null,
    className: 'col-flags',
    cell: ({ id, flags }, hunt) => {
      const { verdict, note } = hunt.view.annotations.of(id);
      return (
        <>
          {verdict !== null && <span class={`chip verdict-${verdict}`}>{verdictWord[verdict]}</span>}
          {note.trim() !== '' && <span class="chip">Note</span>}
          {heaviestFirst(flags).map((flag, at) => (
            <span key={flag} data-at={at}>
              <Chip>{flagWord(flag)}</Chip>
            </span>
          ))}
        </>
      );
    },
    text: ({ flags }) => heaviestFirst(flags).join(' '),
    values: ({ flags }) => pointedAt('flag', heaviestFirst(flags)),
  },
};

export const columnTitle = (name: ColumnName): string => columns[name].title;

export function Found({ session, report }: { session: Session; report: Report }) {
  return <QueryMark found={session.sentinel_rows.length > 0} text={foundWord(session, report)} />;
}

/**
 * One line of a spreadsheet's paste. What is not drawn, or would make a cell or line of its own, is an escape; a text that a spreadsheet would take
 * for a formula gets an apostrophe in front, and so does one with apostrophes before such a lead, so that it can be told from the former.
 */
export function pasteLine(texts: readonly string[]): string {
  return texts
    .map((text) => {
      const flat = visible(text);
      return /^'* *[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(flat) ? `'${flat}` : flat;
    })
    .join('\t');
}

export function SessionsTable({ hunt, report }: { hunt: Case; report: Report }) {
  const { view } = hunt;
  const order = hunt.order.value;
  const names = allColumns.filter((name) => view.columns.value.has(name));
  const { key: sortKey, ascending } = view.sort.value;
  const [column, setColumn] = useState<number | null>(null);
  const long = useLongRows(order.length, column, order);
  const menu = useMenu();
  const picked = view.picked.value;
  const known = view.knownMask.value;
  // Rows whose session was on its way are drawn again.
  void hunt.arrivals.value;
  hunt.placesDrawn = { first: long.rows.first, last: long.rows.last };

  // Another order or filter: from the top again.
  useEffect(() => {
    long.toTop();
  }, [view.sort.value, view.filter.value]);

  const sortBy = (key: SortKey) => {
    // Words and times read from the smallest up, weights from the heaviest down.
    const ascendingFirst = key === 'caller' || key === 'start' || key === 'query';
    view.sort.value = { key, ascending: sortKey === key ? !ascending : ascendingFirst };
    long.setActive(0);
  };

  const open = (place: number) => {
    const index = order[place];
    if (index === undefined) return;
    long.setActive(place);
    setColumn(null);
    hunt.select(index);
  };

  const lineOf = (index: number) => {
    const session = hunt.session(index);
    return pasteLine(names.map((name) => columns[name].text(session, hunt, report)));
  };
  const copyRows = async (indexes: readonly number[]) => {
    const head = pasteLine(names.map((name) => columns[name].title));
    await hunt.whole();
    copyText(hunt, [head, ...indexes.map(lineOf)].join('\n'), counted(indexes.length, 'row'));
  };
  const pickedRows = () => order.filter((index) => picked.has(index));

  const openMenu = (anchor: HTMLElement, place: number, at: number, value: number | null) => {
    const index = order[place];
    const name = names[at];
    if (index === undefined || name === undefined) return;
    const session = hunt.sessionIfHere(index);
    if (session === null) return; // its row says nothing yet
    const all = columns[name].values(session);
    const pointed = value === null ? all : all.slice(value, value + 1);
    const chosen = pickedRows();
    const more: MenuAction[] = [
      { label: 'Copy cell', run: () => copyText(hunt, columns[name].text(session, hunt, report), 'Cell') },
      { label: 'Copy row', run: () => copyRows([index]) },
      ...(chosen.length > 0 ? [{ label: `Copy ${counted(chosen.length, 'chosen row')}`, run: () => copyRows(chosen) }] : []),
      { label: picked.has(index) ? 'Take out of the choice' : 'Choose row', run: () => view.togglePicked(index) },
    ];
    menu.open(anchor, pointed, more);
  };

  const pick = (from: number, to: number) => {
    const next = new Set(picked);
    for (let place = Math.min(from, to); place <= Math.max(from, to); place += 1) {
      const index = order[place];
      if (index !== undefined) next.add(index);
    }
    view.picked.value = next;
  };

  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const cell = target.closest('td');
    const command = event.ctrlKey || event.metaKey;
    const index = order[long.active];
    if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      pick(long.active, long.active + (event.key === 'ArrowDown' ? 1 : -1));
    }
    if (long.move(event)) return;
    const callerAt = names.indexOf('caller');
    const at = column ?? callerAt;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const next = Math.max(0, Math.min(names.length - 1, at + (event.key === 'ArrowRight' ? 1 : -1)));
      setColumn(next === callerAt ? null : next);
      long.goTo(long.active);
    } else if (command && event.key.toLowerCase() === 'c' && index !== undefined) {
      if ((getSelection()?.toString() ?? '') !== '') return;
      copyRows(picked.size > 0 ? pickedRows() : [index]);
    } else if (command && event.key.toLowerCase() === 'a') {
      view.picked.value = new Set(order);
    } else if (!command && event.key.toLowerCase() === 'x' && index !== undefined) {
      view.togglePicked(index);
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey) || (!command && event.key.toLowerCase() === 'm')) {
      if (cell !== null) openMenu(cell, long.active, at, null);
    } else if (event.key === 'Escape' && picked.size > 0) {
      view.picked.value = new Set();
    } else if (event.key === 'Enter' && target === cell) {
      open(long.active);
    } else {
      return;
    }
    event.preventDefault();
  };

  const place = (target: EventTarget | null) => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-column]') : null;
    const row = cell?.closest<HTMLElement>('tr[data-place]');
    if (cell == null || row == null) return null;
    return { cell, place: Number(row.dataset.place), column: Number(cell.dataset.column) };
  };

  return (
    <div class="list">
      <div ref={long.scroller} class="scroller">
        <table class="sessions" aria-rowcount={order.length + 1} aria-label="Sessions" aria-describedby="sessions-help">
          <thead>
            <tr aria-rowindex={1}>
              {names.map((name) => {
                const { title, sort, className } = columns[name];
                return (
                  <th
                    key={name}
                    scope="col"
                    class={className}
                    aria-sort={sort !== null && sort === sortKey ? (ascending ? 'ascending' : 'descending') : undefined}
                  >
                    {sort === null ? (
                      title
                    ) : (
                      <button type="button" class="sort" onClick={() => sortBy(sort)}>
                        {title}
                        <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true" focusable="false">
                          {sort === sortKey && <path d={ascending ? 'M1 7l4-4 4 4' : 'M1 3l4 4 4-4'} />}
                        </svg>
                      </button>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody
            ref={long.body}
            onKeyDown={keys}
            onContextMenu={(event) => {
              const at = place(event.target);
              if (at === null) return;
              event.preventDefault();
              const value = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset.at;
              openMenu(at.cell, at.place, at.column, value === undefined ? null : Number(value));
            }}
          >
            <SpaceRow height={long.rows.before} columns={names.length} />
            {order.slice(long.rows.first, long.rows.last).map((index, offset) => {
              const at = long.rows.first + offset;
              const session = hunt.sessionIfHere(index);
              if (session === null) return <RowToCome key={index} place={at} columns={names.length} height={long.rowHeight} />;
              return (
                <Row
                  key={session.id}
                  hunt={hunt}
                  report={report}
                  session={session}
                  names={names}
                  place={at}
                  state={`${session.id === hunt.selectedId.value ? 'chosen ' : ''}${picked.has(index) ? 'picked ' : ''}${known[index] === 1 ? 'expected' : ''}`}
                  reachable={at === long.reachable}
                  column={column}
                  open={(event) => {
                    const dots = (event.target as Element).closest('.cell-menu')?.closest('td');
                    if (dots != null) openMenu(dots, at, Number(dots.dataset.column), null);
                    else if (event.ctrlKey || event.metaKey) view.togglePicked(index);
                    else if (event.shiftKey) pick(long.active, at);
                    else open(at);
                  }}
                />
              );
            })}
            <SpaceRow height={long.rows.after} columns={names.length} />
          </tbody>
        </table>
        {order.length === 0 && (
          <div class="empty" data-testid="nothing-shown">
            <p>No session passes the filters.</p>
            <button
              type="button"
              onClick={() => {
                view.showAll();
                view.known.hide.value = false;
              }}
            >
              Show all {formatCount(view.index.value?.count ?? 0)}
            </button>
          </div>
        )}
      </div>
      <p id="sessions-help" class="table-help muted">
        {picked.size > 0 && (
          <>
            <strong>{counted(picked.size, 'row')} chosen.</strong>{' '}
            <button type="button" class="small" onClick={() => copyRows(pickedRows())}>
              Copy
            </button>{' '}
            <button
              type="button"
              class="small"
              onClick={() => {
                view.picked.value = new Set();
              }}
            >
              Let go
            </button>{' '}
          </>
        )}
        <span class="keys-hint">
          <kbd>↑</kbd> <kbd>↓</kbd> row, <kbd>←</kbd> <kbd>→</kbd> cell, <kbd>Enter</kbd> open, <kbd>M</kbd> or right click: filter by a
          cell, copy, <kbd>X</kbd> choose, <kbd>Ctrl</kbd> <kbd>C</kbd> copy, <kbd>/</kbd> search
        </span>
      </p>
    </div>
  );
}

interface RowProps {
  hunt: Case;
  report: Report;
  session: Session;
  names: readonly ColumnName[];
  place: number;
  state: string;
  reachable: boolean;
  column: number | null;
  open(event: MouseEvent): void;
}

/** A row whose session is on its way: as high as the others, and no place for the keyboard yet. */
function RowToCome({ place, columns, height }: { place: number; columns: number; height: number }) {
  return (
    <tr aria-rowindex={place + 2} aria-busy="true">
      <td colSpan={columns} height={height} class="muted">
        …
      </td>
    </tr>
  );
}

function Row({ hunt, report, session, names, place, state, reachable, column, open }: RowProps) {
  const chosen = state.startsWith('chosen');
  return (
    // The button in the row is what the keyboard reaches first; a click beside it does the same.
    <tr
      data-testid="session-row"
      data-place={place}
      class={state}
      aria-rowindex={place + 2}
      aria-current={chosen ? 'true' : undefined}
      onClick={open}
    >
      {names.map((name, at) => (
        <td key={name} class={columns[name].className} data-column={at} tabIndex={reachable && column === at ? 0 : -1}>
          {name === 'caller' ? (
            <button
              type="button"
              class="row-button"
              tabIndex={reachable && column === null ? 0 : -1}
              onClick={(event) => {
                event.stopPropagation();
                open(event);
              }}
            >
              <Evidence text={session.caller} />
              {state.includes('expected') && <span class="expected-word"> known good</span>}
              <span class="row-second">
                <Instant at={session.start} display={hunt.display.value} coarse /> · <Found session={session} report={report} /> ·{' '}
                {counted(session.operations.length, 'operation')}
              </span>
            </button>
          ) : (
            columns[name].cell(session, hunt, report)
          )}
          {/* For the mouse alone, shown in the cell under it; the keyboard has M. */}
          <span class="cell-menu" aria-hidden="true" title="Filter by this, copy…">
            <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
              <path d="M3 8h.01M8 8h.01M13 8h.01" />
            </svg>
          </span>
        </td>
      ))}
    </tr>
  );
}
