// The events of one session, any number of them, fetched as they come into sight; the chosen one down to the bytes of its record in the file.

import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { Report, Session, SessionEvent } from '../engine/report';
import { type Case, sentenceOf } from '../state/case';
import { SessionWindows } from '../state/session_windows';
import { Evidence } from './evidence';
import { counted, formatCount, resourceEnd } from './format';
import { useLongRows } from './long_rows';
import { Chip, Instant } from './marks';
import { RawRecord } from './raw_record';
import { shortOperation } from './sessions_table';
import { SpaceRow } from './space_row';
import { useMenu } from './value_menu';
import { visible } from './visible';
import { appName, attributionWord, eventFlagWord, readAs, signalWord } from './words';

export interface EventsProps {
  hunt: Case;
  report: Report;
  session: Session;
  /** Index into report.sessions: what the engine is asked by. */
  index: number;
  /** Place of the event whose record is shown. */
  open: number | null;
  setOpen(place: number | null): void;
}

const kColumns = 6;
// A field may be as long as its record; nobody reads that in a hint.
const kTitle = 500;

export function SessionEventsTable({ hunt, report, session, index, open, setOpen }: EventsProps) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const hunts = hunt.hunts.value;
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  const windows = useMemo(
    () =>
      new SessionWindows(
        (first, count) => hunt.pool.sessionEvents(index, first, count),
        () => alive.current && redraw(undefined as never),
        sentenceOf,
      ),
    [hunt, index, hunts],
  );
  const total = windows.total ?? 0;
  const long = useLongRows(total, null, windows);
  useEffect(() => {
    windows.want(long.rows.first, long.rows.last);
    if (open !== null) windows.want(open, open + 1);
  });
  // Chosen elsewhere (on the time line): into sight.
  useEffect(() => {
    if (open !== null && (open < long.rows.first || open >= long.rows.last)) long.goTo(open);
  }, [open]);

  if (windows.problem !== '') {
    return <p class="problem-text">The events could not be fetched: {windows.problem}</p>;
  }
  if (windows.total === null) return <p class="muted loading">Fetching events…</p>;
  const oneDay = session.start.slice(0, 10) === session.end.slice(0, 10);
  const shown = open === null ? null : windows.at(open);
  return (
    <>
      <div ref={long.scroller} class="scroller events-box">
        <table class="events" aria-label="Events" aria-rowcount={total + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" class="event-time">
                Time
              </th>
              <th scope="col" class="event-operation">
                Operation, resource
              </th>
              <th scope="col" class="event-status">
                Status
              </th>
              <th scope="col" class="event-address">
                Address
              </th>
              <th scope="col" class="event-as">
                Counted as
              </th>
              <th scope="col" class="event-record">
                <span class="visually-hidden">Raw record</span>
              </th>
            </tr>
          </thead>
          <tbody
            ref={long.body}
            onKeyDown={(event) => {
              long.move(event);
            }}
          >
            <SpaceRow height={long.rows.before} columns={kColumns} />
            {Array.from({ length: long.rows.last - long.rows.first }, (_, offset) => {
              const place = long.rows.first + offset;
              return (
                <EventRow
                  key={place}
                  hunt={hunt}
                  report={report}
                  event={windows.at(place)}
                  place={place}
                  timeOnly={oneDay}
                  open={open === place}
                  reachable={place === long.reachable}
                  toggle={() => {
                    long.setActive(place);
                    setOpen(open === place ? null : place);
                  }}
                />
              );
            })}
            <SpaceRow height={long.rows.after} columns={kColumns} />
          </tbody>
        </table>
      </div>
      {open !== null && (
        <div class="record-panel">
          <div class="record-head">
            <h4>
              Record of event {formatCount(open + 1)} <span class="muted">of {formatCount(total)}</span>
            </h4>
            <button type="button" class="small" disabled={open === 0} onClick={() => setOpen(open - 1)}>
              Previous
            </button>
            <button type="button" class="small" disabled={open >= total - 1} onClick={() => setOpen(open + 1)}>
              Next
            </button>
            <button type="button" class="small" onClick={() => setOpen(null)}>
              Close
            </button>
          </div>
          {shown === null ? (
            <p class="muted loading">Fetching…</p>
          ) : (
            <RawRecord
              key={`${shown.input} ${shown.offset}`}
              hunt={hunt}
              report={report}
              input={shown.input}
              offset={shown.offset}
              length={shown.length}
            />
          )}
        </div>
      )}
    </>
  );
}

interface EventRowProps {
  hunt: Case;
  report: Report;
  event: SessionEvent | null;
  place: number;
  timeOnly: boolean;
  open: boolean;
  reachable: boolean;
  toggle(): void;
}

// Said beside the status itself.
const kRawStatus = 'raw_status';

function EventRow({ hunt, report, event, place, timeOnly, open, reachable, toggle }: EventRowProps) {
  const menu = useMenu();
  if (event === null) {
    return (
      <tr data-place={place} aria-rowindex={place + 2} class="on-its-way">
        <td colSpan={kColumns}>
          <span class="muted">…</span>
        </td>
      </tr>
    );
  }
  const status = readAs(event.status, event.flags.includes(kRawStatus) || report.settings.succeeded_is_success);
  const flags = event.flags.filter((flag) => flag !== kRawStatus);
  const known =
    (event.ip !== '' && hunt.view.known.has('address', event.ip)) ||
    (event.operation !== '' && hunt.view.known.has('operation', event.operation)) ||
    (event.app_id !== '' && hunt.view.known.has('app_id', event.app_id));
  return (
    <tr
      data-testid="event-row"
      data-place={place}
      aria-rowindex={place + 2}
      class={`${open ? 'chosen ' : ''}${known ? 'expected' : ''}`}
      onContextMenu={(click) => {
        click.preventDefault();
        menu.open(click.currentTarget, [
          ...(event.operation === '' ? [] : [{ facet: 'operation' as const, value: event.operation }]),
          ...(event.ip === '' ? [] : [{ facet: 'address' as const, value: event.ip }]),
          ...(event.app_id === '' ? [] : [{ facet: 'app_id' as const, value: event.app_id }]),
        ]);
      }}
    >
      <td class="event-time">
        <Instant at={event.time} display={hunt.display.value} timeOnly={timeOnly} exact />
      </td>
      <td class="event-operation">
        <span class="line-1" title={visible(event.operation.slice(0, kTitle))}>
          <Evidence text={shortOperation(event.operation)} mono empty="(no operation)" />
        </span>
        <span class="line-2 muted">
          {event.resource_id === '' ? 'no resource' : <Evidence text={resourceEnd(event.resource_id)} mono />}
        </span>
        {/* Where there is no room for a column of its own. */}
        <span class="line-narrow muted">
          <Evidence text={event.status} empty="no status" />,{' '}
          {event.signal === null ? attributionWord[event.attribution] : signalWord[event.signal]}
        </span>
      </td>
      <td class="event-status">
        <span class="line-1">
          <Evidence text={event.status} empty="none" />
        </span>
        <span class="line-2 muted">{status !== undefined && `read as ${status}`}</span>
      </td>
      <td class="event-address">
        <Evidence text={event.ip} mono empty="none" />
      </td>
      <td class="event-as">
        <span class="line-1">{event.signal === null ? attributionWord[event.attribution] : signalWord[event.signal]}</span>
        <span class="line-2 muted">
          {event.app_id !== '' && (appName(event.app_id) ?? <Evidence text={event.app_id} mono />)}
          {event.copies > 1 && <Chip>{counted(event.copies, 'copy', 'copies')}</Chip>}
          {flags.map((flag) => (
            <Chip key={flag}>{eventFlagWord(flag)}</Chip>
          ))}
        </span>
      </td>
      <td class="event-record">
        <button type="button" class="small" aria-expanded={open} tabIndex={reachable ? 0 : -1} onClick={toggle}>
          {open ? 'Hide' : 'Record'}
        </button>
      </td>
    </tr>
  );
}
