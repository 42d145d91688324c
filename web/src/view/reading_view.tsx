// While files are read: how far, how fast, how long still, which file, and a way out. Every figure has its place from the start, so that nothing
// moves while it counts.

import { useEffect, useRef } from 'preact/hooks';
import type { SoFar } from '../engine/so_far';
import type { Case } from '../state/case';
import { Evidence } from './evidence';
import { counted, formatBytes, formatCount, formatDuration } from './format';
import { SessionsSoFarTable } from './sessions_so_far';

const nothing: SoFar = { sessions: [], total: 0, zoneless: 0 };

export function ReadingView({ hunt }: { hunt: Case }) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const reading = hunt.reading.value;
  if (reading === null) return null;
  const { progress, files, bytesTotal, bytesPerSecond, millisLeft, hunting } = reading;
  const bytes = progress?.bytes ?? 0;
  const engine = progress?.engine;
  const records = engine === undefined ? 0 : engine.events + engine.other + engine.rejected;
  const step = hunting
    ? 'Hunting'
    : progress?.phase === 'merging'
      ? 'Bringing the events together'
      : progress === null
        ? 'Starting'
        : 'Reading';

  return (
    <section class="reading" data-testid="progress" aria-labelledby="reading-title">
      <div class="reading-head">
        <h1 id="reading-title" aria-live="polite">
          {step}…
        </h1>
        <button ref={cancel} type="button" data-testid="cancel" onClick={() => hunt.cancel()}>
          Cancel
        </button>
      </div>
      <progress class="bar" aria-label="Bytes read" max={Math.max(1, bytesTotal)} value={Math.min(bytes, bytesTotal)} />
      <dl class="figures">
        <div>
          <dt>Read</dt>
          <dd>
            {formatBytes(bytes)} <span class="muted">of {formatBytes(bytesTotal)}</span>
          </dd>
        </div>
        <div>
          <dt>Records</dt>
          <dd>{formatCount(records)}</dd>
        </div>
        <div>
          <dt>Rate</dt>
          <dd>{bytesPerSecond === null ? '–' : `${formatBytes(bytesPerSecond)}/s`}</dd>
        </div>
        <div>
          <dt>Time left</dt>
          <dd>{millisLeft === null ? '–' : formatDuration(millisLeft)}</dd>
        </div>
        <div>
          <dt>Files</dt>
          <dd>
            {formatCount(progress?.inputsDone ?? 0)} <span class="muted">of {formatCount(files)}</span>
          </dd>
        </div>
      </dl>
      <ul class="current" aria-label="Files being read">
        {progress?.current.map(({ number, path, bytes: read, size }) => (
          <li key={number}>
            <Evidence text={path} mono />
            <progress aria-label="Bytes read of this file" max={Math.max(1, size)} value={Math.min(read, size)} />
            <span class="muted">
              {formatBytes(read)} of {formatBytes(size)}
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">{counted(engine?.rejected ?? 0, 'record')} could not be read so far; the result says which and why.</p>
      <SessionsSoFarTable soFar={progress?.soFar ?? nothing} display={hunt.display.value} />
    </section>
  );
}
