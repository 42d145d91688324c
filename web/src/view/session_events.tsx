// The events of one session, a page at a time from the engine, each down to the bytes of its record in the file.

import { useEffect, useState } from 'preact/hooks';
import type { Report, SessionEvent, SessionEvents } from '../engine/report';
import { type Case, sentenceOf } from '../state/case';
import { Evidence } from './evidence';
import { counted, resourceEnd } from './format';
import { Chip, Instant } from './marks';
import { Pager } from './pager';
import { RawRecord } from './raw_record';
import { appName, attributionWord, eventFlagWord, readAs, signalWord } from './words';

const kPage = 50;

export function SessionEventsTable({ hunt, report, index }: { hunt: Case; report: Report; index: number }) {
  const [first, setFirst] = useState(0);
  const [page, setPage] = useState<SessionEvents | null>(null);
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState<number | null>(null);
  const hunts = hunt.hunts.value;
  const session = report.sessions[index];
  const oneDay = session !== undefined && session.start.slice(0, 10) === session.end.slice(0, 10);

  useEffect(() => {
    let current = true;
    setOpen(null);
    hunt.pool.sessionEvents(index, first, kPage).then(
      (events) => {
        if (!current) return;
        setPage(events);
        setProblem('');
      },
      (error: unknown) => current && setProblem(sentenceOf(error)),
    );
    return () => {
      current = false;
    };
  }, [hunt, index, first, hunts]);

  if (problem !== '') return <p class="problem-text">The events could not be fetched: {problem}</p>;
  if (page === null) return <p class="muted">Fetching events…</p>;
  return (
    <>
      <table class="stack events" aria-label="Events">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Operation</th>
            <th scope="col">Status</th>
            <th scope="col">Address</th>
            <th scope="col">Counted as</th>
            <th scope="col">
              <span class="visually-hidden">Raw record</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {page.events.map((event, at) => (
            <EventRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an event's identity is its place in the session
              key={first + at}
              hunt={hunt}
              report={report}
              event={event}
              timeOnly={oneDay}
              open={open === at}
              toggle={() => setOpen(open === at ? null : at)}
            />
          ))}
        </tbody>
      </table>
      <Pager first={first} pageSize={kPage} total={page.total} one="event" go={setFirst} />
    </>
  );
}

interface EventRowProps {
  hunt: Case;
  report: Report;
  event: SessionEvent;
  timeOnly: boolean;
  open: boolean;
  toggle(): void;
}

// Said beside the status itself.
const kRawStatus = 'raw_status';

function EventRow({ hunt, report, event, timeOnly, open, toggle }: EventRowProps) {
  const status = readAs(event.status, event.flags.includes(kRawStatus) || report.settings.succeeded_is_success);
  const flags = event.flags.filter((flag) => flag !== kRawStatus);
  return (
    <>
      <tr data-testid="event-row" class={open ? 'chosen' : undefined}>
        <td data-label="Time">
          <Instant at={event.time} display={hunt.display.value} timeOnly={timeOnly} exact />
        </td>
        <td data-label="Operation" class="operation-cell">
          <Evidence text={event.operation} mono empty="(no operation)" />
          {event.resource_id !== '' && (
            <span class="block muted resource">
              <Evidence text={resourceEnd(event.resource_id)} mono />
            </span>
          )}
        </td>
        <td data-label="Status">
          <Evidence text={event.status} empty="none" />
          {status !== undefined && <span class="block muted">read as {status}</span>}
        </td>
        <td data-label="Address">
          <Evidence text={event.ip} mono empty="none" />
        </td>
        <td data-label="Counted as">
          {event.signal === null ? attributionWord[event.attribution] : signalWord[event.signal]}
          {event.app_id !== '' && <span class="block muted">{appName(event.app_id) ?? <Evidence text={event.app_id} mono />}</span>}
          {(flags.length > 0 || event.copies > 1) && (
            <span class="chips">
              {event.copies > 1 && <Chip>{counted(event.copies, 'copy', 'copies')}</Chip>}
              {flags.map((flag) => (
                <Chip key={flag}>{eventFlagWord(flag)}</Chip>
              ))}
            </span>
          )}
        </td>
        <td data-label="Raw record">
          <button type="button" class="small" aria-expanded={open} onClick={toggle}>
            {open ? 'Hide' : 'Record'}
          </button>
        </td>
      </tr>
      {open && (
        <tr class="raw-row">
          <td colSpan={6}>
            <RawRecord hunt={hunt} report={report} input={event.input} offset={event.offset} length={event.length} />
          </td>
        </tr>
      )}
    </>
  );
}
