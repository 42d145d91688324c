// A session's operations over its time: a lane each, marks in the shape of their severity, filled where the event was made inside the shell and
// hollow where only the time ties it to the shell; quiet stretches hatched. A slider steps from event to event and says each in words; the table of
// operations below tells the same in figures.

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Session, SessionEvent } from '../engine/report';
import type { Case } from '../state/case';
import { timeLine } from '../state/time_line';
import { Evidence } from './evidence';
import { counted, formatCount, formatDuration, instantText, millisBetween } from './format';
import { severityShape } from './marks';
import { shortOperation } from './sessions_table';
import { useWidth } from './use_width';
import { visible } from './visible';
import { attributionWord, signalWord } from './words';

// Events that are marked one by one; beyond them the lanes show first and last.
const kMarked = 2000;
const kPad = 8;
const kLaneHeight = 22;

export interface TimelineProps {
  hunt: Case;
  session: Session;
  index: number;
  openEvent(place: number): void;
}

export function SessionTimeline({ hunt, session, index, openEvent }: TimelineProps) {
  const { box, width } = useWidth<HTMLDivElement>();
  const [events, setEvents] = useState<{ total: number; events: SessionEvent[] }>({ total: 0, events: [] });
  const [cursor, setCursor] = useState<number | null>(null);
  const hunts = hunt.hunts.value;
  useEffect(() => {
    let current = true;
    setCursor(null);
    // Without the evidence (a report opened again) the lanes are drawn from the report; the table of events says why.
    hunt.pool.sessionEvents(index, 0, kMarked).then(
      (answer) => current && setEvents(answer),
      () => current && setEvents({ total: 0, events: [] }),
    );
    return () => {
      current = false;
    };
  }, [hunt, index, hunts]);
  const whole = events.events.length === events.total;
  const line = useMemo(() => timeLine(session, whole ? events.events : []), [session, events, whole]);
  const display = hunt.display.value;
  const length = millisBetween(session.start, session.end);
  const plot = Math.max(1, width - 2 * kPad);
  const xOf = (at: number) => kPad + at * plot;
  const marked = whole ? events.events.length : 0;
  const at = cursor ?? 0;
  const event = events.events[at];
  const cursorAt = event === undefined ? null : millisBetween(session.start, event.time) / Math.max(1, length);

  const keys = (press: KeyboardEvent) => {
    const to = new Map([
      ['ArrowRight', cursor === null ? 0 : at + 1],
      ['ArrowUp', cursor === null ? 0 : at + 1],
      ['ArrowLeft', at - 1],
      ['ArrowDown', at - 1],
      ['PageUp', at + 10],
      ['PageDown', at - 10],
      ['Home', 0],
      ['End', marked - 1],
    ]).get(press.key);
    if (to !== undefined) setCursor(Math.max(0, Math.min(marked - 1, to)));
    else if (press.key === 'Enter') openEvent(at);
    else return;
    press.preventDefault();
  };
  /** The event nearest to the pointer. */
  const nearest = (pointer: PointerEvent) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const wanted = (pointer.clientX - left - kPad) / plot;
    let best = 0;
    events.events.forEach((one, place) => {
      const distance = (instant: string) => Math.abs(millisBetween(session.start, instant) / Math.max(1, length) - wanted);
      if (distance(one.time) < distance(events.events[best]?.time ?? session.start)) best = place;
    });
    return best;
  };

  return (
    <div class="timeline" data-testid="timeline">
      <div class="timeline-row timeline-axis">
        <span class="timeline-label muted">
          {counted(line.lanes.filter(({ operation }) => operation !== null).length, 'operation')} over {formatDuration(length)}
        </span>
        <div ref={box} class="timeline-track">
          {marked > 0 ? (
            <div
              class="timeline-slider"
              role="slider"
              tabIndex={0}
              aria-label="Event on the time line"
              aria-valuemin={1}
              aria-valuemax={marked}
              aria-valuenow={at + 1}
              aria-valuetext={event === undefined ? '' : sayEvent(event, display)}
              onKeyDown={keys}
              onFocus={() => cursor === null && setCursor(0)}
            >
              <Axis session={session} width={width} xOf={xOf} hunt={hunt} />
            </div>
          ) : (
            <Axis session={session} width={width} xOf={xOf} hunt={hunt} />
          )}
        </div>
      </div>
      {line.lanes.map((lane) => (
        <div key={lane.operation?.name ?? ' signals'} class={`timeline-row severity-${lane.severity}`}>
          <span class="timeline-label">
            {lane.operation === null ? (
              <span class="muted">Signs of the shell</span>
            ) : (
              <Evidence text={shortOperation(lane.operation.name)} mono />
            )}
          </span>
          {width > 0 && (
            <svg
              class="timeline-lane"
              width={width}
              height={kLaneHeight}
              aria-hidden="true"
              onPointerMove={(pointer) => marked > 0 && setCursor(nearest(pointer))}
              onClick={() => marked > 0 && cursor !== null && openEvent(cursor)}
            >
              {line.quiet.map(({ from, to }) => (
                <rect key={from} x={xOf(from)} y={0} width={(to - from) * plot} height={kLaneHeight} class="quiet" />
              ))}
              <path class="lane-line" d={`M${kPad} ${kLaneHeight / 2}H${width - kPad}`} />
              {lane.to > lane.from && <path class="lane-span" d={`M${xOf(lane.from)} ${kLaneHeight / 2}H${xOf(lane.to)}`} />}
              {lane.marks.map(({ at: place, event: number, attribution }, key) => (
                <path
                  // biome-ignore lint/suspicious/noArrayIndexKey: two events may stand at one place
                  key={key}
                  class={`mark mark-${lane.operation === null ? 'signal' : attribution}${number !== null && number === cursor ? ' mark-here' : ''}`}
                  transform={`translate(${(xOf(place) - 5.5).toFixed(1)} ${kLaneHeight / 2 - 5.5}) scale(0.6875)`}
                  d={lane.operation === null ? 'M8 1 15 8 8 15 1 8z' : severityShape(lane.severity)}
                />
              ))}
              {cursor !== null && cursorAt !== null && <path class="cursor" d={`M${xOf(cursorAt)} 0V${kLaneHeight}`} />}
            </svg>
          )}
        </div>
      ))}
      <p class="timeline-said" data-testid="timeline-said">
        {cursor === null || event === undefined ? (
          <span class="muted">
            Filled: in the shell. Hollow: same time only, or not to be told.
            {line.quiet.length > 0 &&
              ` Grey: nothing for ${line.quiet
                .map(({ millis }) => formatDuration(millis))
                .slice(0, 3)
                .join(', ')}.`}
            {line.unlisted > 0 && ` ${counted(line.unlisted, 'more operation')} in the table below.`}
            {!whole && ` ${formatCount(events.total)} events are too many to mark: first and last of each operation are.`}
            {marked > 0 && ' Arrow keys step from event to event, Enter shows the record.'}
          </span>
        ) : (
          <>
            <strong>
              {formatCount(at + 1)} of {formatCount(marked)}
            </strong>{' '}
            {instantText(event.time, display).time} <Evidence text={event.operation} mono empty="(no operation)" />{' '}
            <span class="muted">
              <Evidence text={event.status} empty="no status" />,{' '}
              {event.signal === null ? attributionWord[event.attribution] : signalWord[event.signal]}
              {event.ip !== '' && (
                <>
                  , <Evidence text={event.ip} mono />
                </>
              )}
            </span>
          </>
        )}
      </p>
    </div>
  );
}

// A field may be as long as its record; nobody listens to that.
const kSaidCharacters = 200;

function sayEvent(event: SessionEvent, display: Parameters<typeof instantText>[1]): string {
  const { time, zone } = instantText(event.time, display);
  const as = event.signal === null ? attributionWord[event.attribution] : signalWord[event.signal];
  const said = (text: string, none: string) => text.slice(0, kSaidCharacters) || none;
  return visible(`${time} ${zone}, ${said(event.operation, 'no operation')}, ${said(event.status, 'no status')}, ${as}`);
}

/** Times along the session, as many as there is room for. */
function Axis({ session, width, xOf, hunt }: { session: Session; width: number; xOf(at: number): number; hunt: Case }) {
  const start = Date.parse(session.start);
  const length = Math.max(1, millisBetween(session.start, session.end));
  const display = hunt.display.value;
  const room = Math.max(1, Math.floor(width / 90));
  const steps = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800].map(
    (seconds) => seconds * 1000,
  );
  const step = steps.find((size) => length / size <= room) ?? length / room;
  const ticks: JSX.Element[] = [];
  for (let at = Math.ceil(start / step) * step; at <= start + length; at += step) {
    const { date, time } = instantText(new Date(at).toISOString(), display);
    const x = xOf((at - start) / length);
    const text = step >= 86_400_000 ? date.slice(5) : step < 60_000 ? time : time.slice(0, 5);
    ticks.push(
      <g key={at} class="axis">
        <path d={`M${x} 14v4`} />
        <text x={x} y={11} text-anchor={x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle'}>
          {text}
        </text>
      </g>,
    );
  }
  return (
    <svg width={width} height={18} aria-hidden="true">
      {ticks}
    </svg>
  );
}
