// Small things that every view shows: a severity by word and shape (never by colour alone), an instant, a chip, a button that copies.

import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Severity } from '../engine/report';
import { type Display, instantText } from './format';
import { severityWord } from './words';

const shapes: Readonly<Record<Severity, string>> = {
  // Octagon, triangle, square, disc, dash: told apart without colour and at 12 px.
  high: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
  medium: 'M8 1.5 15.2 14.5H.8z',
  low: 'M2.5 2.5h11v11h-11z',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  none: 'M2.5 7h11v2h-11z',
};

/** Path of a severity's shape in a box of 16 by 16. */
export const severityShape = (severity: Severity): string => shapes[severity] ?? shapes.none;

export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span class={`severity severity-${severity}`}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
        <path d={shapes[severity]} />
      </svg>
      {severityWord[severity]}
    </span>
  );
}

/** Found by the query or not: tick and cross differ by shape, the word says it. */
export function QueryMark({ found, text }: { found: boolean; text: string }) {
  return (
    <span class={found ? 'query-mark query-found' : 'query-mark query-missed'}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
        <path d={found ? 'M2.5 8.5 6.5 12.5 13.5 4' : 'M4 4l8 8M12 4l-8 8'} />
      </svg>
      {text}
    </span>
  );
}

export interface InstantProps {
  at: string;
  display: Display;
  /** Leaves the date out where it stands beside. */
  timeOnly?: boolean;
  /** All digits, for single events. */
  exact?: boolean;
  /** To the minute, where there is little room. */
  coarse?: boolean;
  zone?: boolean;
}

export function Instant({ at, display, timeOnly = false, exact = false, coarse = false, zone = false }: InstantProps) {
  const text = instantText(at, display);
  return (
    <time class="instant" dateTime={at}>
      {timeOnly ? '' : `${text.date} `}
      {coarse ? text.time.slice(0, 5) : text.time}
      {exact && text.fraction !== '' && <span class="muted">{text.fraction}</span>}
      {zone && <span class="muted"> {text.zone}</span>}
    </time>
  );
}

export function Chip({ children }: { children: ComponentChildren }) {
  return <span class="chip">{children}</span>;
}

export interface CopyLineProps {
  /** What is copied, a line of ours. */
  text: string;
  label: string;
}

/** A line to copy. Where the clipboard is refused the line is selected, so that the keyboard's copy takes it. */
export function CopyLine({ text, label }: CopyLineProps) {
  const line = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => {
        if (line.current === null) return;
        getSelection()?.selectAllChildren(line.current);
        setSaid('Selected: press Ctrl+C');
      },
    );
  };
  return (
    <div class="copy-line">
      <code ref={line} tabIndex={0} role="region" aria-label={label}>
        {text}
      </code>
      <button type="button" class="small" onClick={copy} aria-label={`Copy: ${label}`}>
        Copy
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </div>
  );
}
