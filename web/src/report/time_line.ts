// The time line of a session as SVG inside the case report: signals above, an operation a lane, from its first event to its last. Shapes and words
// tell severities apart, colour only repeats it. Text of the evidence is text nodes; positions are numbers of ours.

import type { Operation, Session, Severity } from '../engine/report';
import { severitiesDown, severityWord } from '../view/words';
import { html } from './escape';

const kWidth = 960;
const kLabels = 330;
const kLane = 18;
const kTop = 34;
// Lanes; the rest is said. More do not fit a printed page beside their table.
const kMostLanes = 24;
const kMostSignals = 400;
const kLabelCharacters = 46;

function millis(instant: string): number {
  return Date.parse(instant);
}

const cut = (text: string) => (text.length > kLabelCharacters ? `…${text.slice(1 - kLabelCharacters)}` : text);
const rank = (severity: Severity) => severitiesDown.indexOf(severity);

export function timeLine({ start, end, signals, operations }: Session): string {
  const from = millis(start);
  const span = Math.max(1, millis(end) - from);
  const x = (instant: string) => (kLabels + ((millis(instant) - from) / span) * (kWidth - kLabels - 10)).toFixed(1);
  const lanes = [...operations]
    .sort((a, b) => rank(a.severity) - rank(b.severity) || millis(a.first) - millis(b.first))
    .slice(0, kMostLanes)
    .sort((a, b) => millis(a.first) - millis(b.first) || rank(a.severity) - rank(b.severity));
  const height = kTop + lanes.length * kLane + 8;
  const label = `Time line from ${start} to ${end}: ${signals.length} signals, ${operations.length} operations; the table below has each.`;
  const parts = [
    `<figure><svg viewBox="0 0 ${kWidth} ${height}" role="img" aria-label="${html(label)}">`,
    `<text class="axis" x="${kLabels}" y="12">${html(start.slice(11, 19))}</text>`,
    `<text class="axis" x="${kWidth - 10}" y="12" text-anchor="end">${html(end.slice(11, 19))}</text>`,
    `<line class="base" x1="${kLabels}" y1="24" x2="${kWidth - 10}" y2="24"/>`,
    '<text class="label" x="0" y="28">Signs of Cloud Shell</text>',
  ];
  for (const { time } of signals.slice(0, kMostSignals)) {
    const at = x(time);
    parts.push(`<line class="signal" x1="${at}" y1="18" x2="${at}" y2="30"/>`);
  }
  lanes.forEach((operation: Operation, lane) => {
    const y = kTop + lane * kLane + 11;
    const name = cut(operation.name);
    parts.push(`<text class="label" x="0" y="${y + 4}">${html(name)}</text>`);
    parts.push(`<line class="lane" x1="${kLabels}" y1="${y}" x2="${kWidth - 10}" y2="${y}"/>`);
    parts.push(`<line class="span ${operation.severity}" x1="${x(operation.first)}" y1="${y}" x2="${x(operation.last)}" y2="${y}"/>`);
    parts.push(mark(operation.severity, Number(x(operation.first)), y));
  });
  const more = operations.length - lanes.length;
  const legend = severitiesDown
    .filter((severity) => lanes.some((operation) => operation.severity === severity))
    .map((severity) => `<svg class="key" viewBox="0 0 12 12" aria-hidden="true">${mark(severity, 6, 6)}</svg> ${severityWord[severity]}`)
    .join(' · ');
  parts.push(`</svg><figcaption>${legend}${more > 0 ? ` · ${more} more operations in the table` : ''}</figcaption></figure>\n`);
  return parts.join('');
}

/** Octagon, triangle, square, disc, ring: told apart in black and white. */
function mark(severity: Severity, x: number, y: number): string {
  const at = (dx: number, dy: number) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`;
  const polygon = (...points: [number, number][]) =>
    `<polygon class="mark ${severity}" points="${points.map(([dx, dy]) => at(dx, dy)).join(' ')}"/>`;
  switch (severity) {
    case 'high':
      return polygon([-2, -5], [2, -5], [5, -2], [5, 2], [2, 5], [-2, 5], [-5, 2], [-5, -2]);
    case 'medium':
      return polygon([0, -5], [5.5, 4.5], [-5.5, 4.5]);
    case 'low':
      return polygon([-4, -4], [4, -4], [4, 4], [-4, 4]);
    case 'info':
      return `<circle class="mark info" cx="${x}" cy="${y}" r="4"/>`;
    case 'none':
      return `<circle class="mark none" cx="${x}" cy="${y}" r="3"/>`;
    default:
      return unreachable(severity);
  }
}

function unreachable(severity: never): never {
  throw new Error(`unexpected ${String(severity)}`);
}
