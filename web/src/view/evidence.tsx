// The only element through which text of the evidence reaches the page: a text node inside <bdi>, with what a browser would hide shown as an
// escape. Nothing else may print a caller, a path, an operation or any other field of a file.

import { Fragment } from 'preact';
import { visibleRuns } from './visible';

// A field may be as long as its record (1 MiB). Nobody reads that in a table; the raw record shows it whole.
export const kShownCharacters = 2000;

export interface EvidenceProps {
  text: string;
  /** What stands there when the text is empty. */
  empty?: string;
  /** Monospaced: identifiers, operations, addresses. */
  mono?: boolean;
  /** Line breaks are ours and stay. */
  lines?: boolean;
}

/** A line breaks after a slash or an at sign rather than anywhere; the text itself, and what is copied, stays as it is. */
function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[/@])/);
  return (
    <>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

export function Evidence({ text, empty = '(empty)', mono = false, lines = false }: EvidenceProps) {
  if (text === '') return <span class="muted">{empty}</span>;
  if (lines) {
    return (
      <>
        {text.split('\n').map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <Fragment key={at}>
            {at > 0 && '\n'}
            <Evidence text={line} empty="" mono={mono} />
          </Fragment>
        ))}
      </>
    );
  }
  const shown = text.length > kShownCharacters ? text.slice(0, kShownCharacters) : text;
  return (
    <bdi class={mono ? 'evidence mono' : 'evidence'}>
      {visibleRuns(shown).map((run, index) =>
        run.escaped ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their place
          <span key={index} class="escape">
            {run.text}
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Breakable key={index} text={run.text} />
        ),
      )}
      {shown.length < text.length && <span class="muted"> … {(text.length - shown.length).toLocaleString('en')} characters more</span>}
    </bdi>
  );
}
