// Events per hour, and above them where sessions start, a lane for each severity: told by place and shape, never by colour alone. Dragging over it
// narrows what is shown to a span of hours; by keyboard two sliders do the same. The table below the picture says all of it in figures.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Report } from '../engine/report';
import { severitiesUp } from '../engine/report';
import { type Bins, binsOf, gapsOn, wholeSpan } from '../state/activity';
import type { Case } from '../state/case';
import type { SessionIndex } from '../state/session_index';
import { counted, type Display, formatCount, instantText } from './format';
import { Instant, SeverityMark, severityShape } from './marks';
import { useWidth } from './use_width';
import { severitiesDown, severityWord } from './words';

const kLane = 13;
const kLanes = severitiesUp.length * kLane;
const kBars = 46;
const kAxis = 18;
const kHeight = kLanes + kBars + kAxis + 4;
const kLeft = 58;
const kRight = 8;
const kBarWidth = 7;
// Below this a drag is a click with a trembling hand.
const kDragPixels = 4;

type Span = { from: number; to: number };

export function ActivityChart({ hunt, report, index }: { hunt: Case; report: Report; index: SessionIndex }) {
  const { box, width } = useWidth<HTMLDivElement>();
  const [zoomed, setZoomed] = useState<Span | null>(null);
  const [figures, setFigures] = useState(false);
  const whole = wholeSpan(report, index);
  const filtered = hunt.view.filtered.value;
  if (whole === null || filtered === null) return null;
  const domain = zoomed ?? whole;
  const most = Math.max(4, Math.floor((Math.max(300, width) - kLeft - kRight) / kBarWidth));
  const bins = binsOf(report, index, filtered.inAnyTime, domain, most);
  const { span } = hunt.view.filter.value;
  const display = hunt.display.value;
  return (
    <section class="activity" aria-labelledby="activity-title" data-testid="activity">
      <div class="activity-head">
        <h2 id="activity-title">Activity</h2>
        <span class="muted">
          events per {stepWord(bins.step)}, sessions by severity where they start
          {report.coverage.gaps.length > 0 && `, ${counted(report.coverage.gaps.length, 'gap')} hatched`}
        </span>
        <span class="activity-span" role="status">
          {span !== null && (
            <>
              <Instant at={new Date(span.from).toISOString()} display={display} coarse /> to{' '}
              <Instant at={new Date(span.to).toISOString()} display={display} coarse zone />
            </>
          )}
        </span>
        {span !== null && zoomed === null && (
          <button type="button" class="small" onClick={() => setZoomed(span)}>
            Zoom in
          </button>
        )}
        {zoomed !== null && (
          <button type="button" class="small" onClick={() => setZoomed(null)}>
            Whole log
          </button>
        )}
        <button type="button" class="small" aria-expanded={figures} onClick={() => setFigures(!figures)}>
          In figures
        </button>
        {span !== null && (
          <button type="button" class="small" data-testid="clear-span" onClick={() => hunt.view.narrow(null)}>
            All times
          </button>
        )}
      </div>
      <div ref={box} class="activity-box">
        {width > 0 && <Picture hunt={hunt} report={report} index={index} bins={bins} width={width} span={span} display={display} />}
      </div>
      {figures && <Figures bins={bins} display={display} />}
    </section>
  );
}

function stepWord(step: number): string {
  const hours = Math.round(step / 3_600_000);
  if (hours === 1) return 'hour';
  if (hours < 24) return `${hours} hours`;
  if (hours === 24) return 'day';
  return hours % 168 === 0 ? (hours === 168 ? 'week' : `${hours / 168} weeks`) : `${Math.round(hours / 24)} days`;
}

interface PictureProps {
  hunt: Case;
  report: Report;
  index: SessionIndex;
  bins: Bins;
  width: number;
  span: Span | null;
  display: Display;
}

function Picture({ hunt, report, index, bins, width, span, display }: PictureProps) {
  const svg = useRef<SVGSVGElement>(null);
  /** Bins [from, to) under the pointer while it drags. */
  const [drag, setDrag] = useState<{ from: number; to: number; x: number } | null>(null);
  const open = hunt.selected.value;
  const plot = width - kLeft - kRight;
  const unit = plot / bins.count;
  const xOf = (bin: number) => kLeft + bin * unit;
  const clampBin = (bin: number) => Math.max(0, Math.min(bins.count, bin));
  const binAt = (clientX: number) => {
    const left = svg.current?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.min(bins.count - 1, Math.floor((clientX - left - kLeft) / unit)));
  };
  const timeOf = (bin: number) => bins.from + bin * bins.step;
  const chosen =
    drag ??
    (span === null ? null : { from: clampBin((span.from - bins.from) / bins.step), to: clampBin((span.to - bins.from) / bins.step) });
  const narrow = (from: number, to: number) => {
    const all = from <= 0 && to >= bins.count;
    hunt.view.narrow(all ? null : { from: timeOf(from), to: timeOf(to) });
  };
  const highest = bins.events.reduce((most, events) => Math.max(most, events), 1);
  const total = bins.events.reduce((sum, events) => sum + events, 0);
  const bottom = kLanes + kBars + 4;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest('[role=slider]') !== null) return;
    const bin = binAt(event.clientX);
    svg.current?.setPointerCapture(event.pointerId);
    setDrag({ from: bin, to: bin + 1, x: event.clientX });
  };
  const moved = (event: PointerEvent) => {
    if (drag === null) return;
    const start = binAt(drag.x);
    const bin = binAt(event.clientX);
    setDrag({ from: Math.min(start, bin), to: Math.max(start, bin) + 1, x: drag.x });
  };
  const up = (event: PointerEvent) => {
    if (drag === null) return;
    setDrag(null);
    // A click beside a chosen span lets go of it; otherwise it chooses its bin.
    if (Math.abs(event.clientX - drag.x) < kDragPixels && span !== null) hunt.view.narrow(null);
    else narrow(drag.from, drag.to);
  };

  const edge = (which: 'from' | 'to') => {
    const from = chosen?.from ?? 0;
    const to = chosen?.to ?? bins.count;
    const at = which === 'from' ? from : to;
    const set = (bin: number) => {
      if (which === 'from') narrow(Math.max(0, Math.min(Math.ceil(to) - 1, bin)), to);
      else narrow(from, Math.min(bins.count, Math.max(Math.floor(from) + 1, bin)));
    };
    const keys = (event: KeyboardEvent) => {
      const far = Math.max(1, Math.round(bins.count / 10));
      const bin = new Map([
        ['ArrowLeft', Math.ceil(at) - 1],
        ['ArrowDown', Math.ceil(at) - 1],
        ['ArrowRight', Math.floor(at) + 1],
        ['ArrowUp', Math.floor(at) + 1],
        ['PageDown', Math.ceil(at) - far],
        ['PageUp', Math.floor(at) + far],
        ['Home', 0],
        ['End', bins.count],
      ]).get(event.key);
      if (bin !== undefined) set(bin);
      else if (event.key === 'Escape') hunt.view.narrow(null);
      else return;
      event.preventDefault();
    };
    const { date, time, zone } = instantText(new Date(timeOf(at)).toISOString(), display);
    return (
      <g
        class="edge"
        role="slider"
        // Attributes of SVG are told apart by case.
        tabindex={0}
        aria-label={which === 'from' ? 'Show sessions from' : 'Show sessions until'}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={bins.count}
        aria-valuenow={Math.round(at)}
        aria-valuetext={`${date} ${time.slice(0, 5)} ${zone}`}
        data-testid={`span-${which}`}
        onKeyDown={keys}
        onPointerDown={(event) => {
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const bin = binAt(event.clientX);
          set(which === 'from' ? bin : bin + 1);
        }}
      >
        <rect class="edge-grip" x={xOf(at) - 5} y={0} width={10} height={bottom} />
        <path class="edge-line" d={`M${xOf(at)} 0V${bottom}`} />
        <rect class="edge-knob" x={xOf(at) - 3} y={kLanes / 2 - 9} width={6} height={18} rx={3} />
      </g>
    );
  };

  return (
    <svg
      ref={svg}
      class="activity-picture"
      width={width}
      height={kHeight}
      role="group"
      aria-label={`${formatCount(total)} events and ${counted(hunt.view.filtered.value?.shownCount ?? 0, 'shown session')} over time; figures below`}
      onPointerDown={down}
      onPointerMove={moved}
      onPointerUp={up}
      onPointerCancel={() => setDrag(null)}
    >
      <defs>
        <pattern id="gap-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="hatch" d="M0 0V6" />
        </pattern>
      </defs>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus */}
      <g aria-hidden="true">
        {gapsOn(report.coverage.gaps, bins).map(({ from, to }) => (
          <rect key={from} x={xOf(from)} y={0} width={(to - from) * unit} height={bottom} fill="url(#gap-hatch)">
            <title>no event in any file</title>
          </rect>
        ))}
        {severitiesDown.map((severity, lane) => {
          const rank = severitiesUp.indexOf(severity);
          return (
            <g key={severity} class={`lane severity-${severity}`}>
              <text x={kLeft - 8} y={lane * kLane + kLane - 3} text-anchor="end">
                {severityWord[severity]}
              </text>
              <path class="lane-line" d={`M${kLeft} ${lane * kLane + kLane - 0.5}H${width - kRight}`} />
              <Marks bins={bins} counts={bins.hidden[rank]} severity={severity} y={lane * kLane} xOf={xOf} unit={unit} faint />
              <Marks bins={bins} counts={bins.sessions[rank]} severity={severity} y={lane * kLane} xOf={xOf} unit={unit} />
            </g>
          );
        })}
        <text class="axis" x={kLeft - 8} y={kLanes + 14} text-anchor="end">
          {formatCount(highest)}
        </text>
        <path class="lane-line" d={`M${kLeft} ${bottom}H${width - kRight}`} />
        {Array.from(bins.events, (events, bin) => {
          if (events === 0) return null;
          const height = Math.max(1.5, (events / highest) * (kBars - 6));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            <rect key={bin} class="events-bar" x={xOf(bin) + 0.5} y={bottom - height} width={Math.max(1, unit - 1)} height={height}>
              <title>{binTitle(bins, bin, display)}</title>
            </rect>
          );
        })}
        <Ticks bins={bins} xOf={xOf} y={bottom + 13} display={display} width={width} />
        {open !== null && (
          <rect
            class="open-session"
            x={xOf(clampBin(((index.start[open] ?? 0) - bins.from) / bins.step))}
            y={0}
            width={Math.max(2, ((index.end[open] ?? 0) - (index.start[open] ?? 0)) / (bins.step / unit))}
            height={bottom}
          />
        )}
        {chosen !== null && (
          <>
            <rect class="veil" x={kLeft} y={0} width={Math.max(0, xOf(chosen.from) - kLeft)} height={bottom} />
            <rect class="veil" x={xOf(chosen.to)} y={0} width={Math.max(0, width - kRight - xOf(chosen.to))} height={bottom} />
          </>
        )}
      </g>
      {edge('from')}
      {edge('to')}
    </svg>
  );
}

function binTitle(bins: Bins, bin: number, display: Display): string {
  const { date, time, zone } = instantText(new Date(bins.from + bin * bins.step).toISOString(), display);
  const sessions = severitiesDown
    .map((severity) => ({ severity, count: bins.sessions[severitiesUp.indexOf(severity)]?.[bin] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${formatCount(count)} ${severityWord[severity].toLowerCase()}`);
  return `${date} ${time.slice(0, 5)} ${zone}: ${counted(bins.events[bin] ?? 0, 'event')}${sessions.length > 0 ? `; sessions: ${sessions.join(', ')}` : ''}`;
}

interface MarksProps {
  bins: Bins;
  counts: Uint32Array | undefined;
  severity: (typeof severitiesUp)[number];
  y: number;
  xOf(bin: number): number;
  unit: number;
  faint?: boolean;
}

/** The severity's own shape in each bin that has a session, larger where there are many. */
function Marks({ bins, counts, severity, y, xOf, unit, faint = false }: MarksProps) {
  if (counts === undefined) return null;
  const marks: JSX.Element[] = [];
  for (let bin = 0; bin < bins.count; bin += 1) {
    const count = counts[bin] ?? 0;
    if (count === 0) continue;
    const size = 8 + Math.min(3, Math.log2(count));
    const scale = size / 16;
    const x = xOf(bin) + unit / 2 - size / 2;
    marks.push(
      <path
        key={bin}
        class="mark"
        transform={`translate(${x.toFixed(1)} ${(y + (kLane - size) / 2).toFixed(1)}) scale(${scale.toFixed(3)})`}
        d={severityShape(severity)}
      />,
    );
  }
  return <g class={faint ? 'marks faint' : 'marks'}>{marks}</g>;
}

/** Dates and hours along the axis, as many as there is room for. */
function Ticks({ bins, xOf, y, display, width }: { bins: Bins; xOf(bin: number): number; y: number; display: Display; width: number }) {
  const room = Math.max(1, Math.floor((width - kLeft - kRight) / 88));
  const every = Math.max(1, Math.ceil(bins.count / room));
  const days = bins.step >= 24 * 3_600_000;
  const ticks: JSX.Element[] = [];
  let last = '';
  for (let bin = 0; bin < bins.count; bin += every) {
    const { date, time } = instantText(new Date(bins.from + bin * bins.step).toISOString(), display);
    if (xOf(bin) > width - kRight - 60) break;
    const text = days ? date : date === last ? time.slice(0, 5) : `${date.slice(5)} ${time.slice(0, 5)}`;
    last = date;
    ticks.push(
      <g key={bin} class="axis">
        <path d={`M${xOf(bin)} ${y - 13}v4`} />
        <text x={xOf(bin) + 2} y={y}>
          {text}
        </text>
      </g>,
    );
  }
  return <>{ticks}</>;
}

function Figures({ bins, display }: { bins: Bins; display: Display }) {
  const rows = Array.from(bins.events, (_, bin) => bin).filter(
    (bin) => (bins.events[bin] ?? 0) > 0 || bins.sessions.some((lane) => (lane[bin] ?? 0) > 0),
  );
  return (
    <div class="figures-box" role="region" aria-label="Activity in figures" tabIndex={0}>
      <table class="stack" aria-label="Activity">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Events</th>
            {severitiesDown.map((severity) => (
              <th key={severity} scope="col">
                <SeverityMark severity={severity} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((bin) => (
            <tr key={bin}>
              <td data-label="From">
                <Instant at={new Date(bins.from + bin * bins.step).toISOString()} display={display} coarse zone />
              </td>
              <td data-label="Events">{formatCount(bins.events[bin] ?? 0)}</td>
              {severitiesDown.map((severity) => (
                <td key={severity} data-label={severityWord[severity]}>
                  {formatCount(bins.sessions[severitiesUp.indexOf(severity)]?.[bin] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
