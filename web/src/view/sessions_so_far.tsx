// Sessions while files are still being read: who, from when to when, how many signs of Cloud Shell. It stands below everything else in the reading
// view and its rows keep their places while their content changes, so that nothing moves under the eye. Provisional, and it says so.

import type { SoFar } from '../engine/so_far';
import { Evidence } from './evidence';
import { counted, type Display, formatCount } from './format';
import { Chip, Instant } from './marks';

/** For screen readers: the first session is told, then each tenfold, not every change of a table that changes twice a second. */
function told(total: number): string {
  if (total === 0) return '';
  if (total < 10) return 'A first session was found.';
  return `More than ${formatCount(10 ** Math.floor(Math.log10(total)) - 1)} sessions so far.`;
}

export function SessionsSoFarTable({ soFar: { sessions, total, zoneless }, display }: { soFar: SoFar; display: Display }) {
  return (
    <section class="so-far" data-testid="so-far" aria-labelledby="so-far-title">
      <h2 id="so-far-title">
        Sessions so far <span class="count">{formatCount(total)}</span>
      </h2>
      <p class="muted">
        Provisional, by the default settings: copies of an event, and what must be read twice, still count twice. Severity and operations
        follow when all is read.
      </p>
      <p class="muted so-far-zoneless">
        {zoneless > 0 &&
          `${counted(zoneless, 'sign')} of Cloud Shell ${zoneless === 1 ? 'has a time' : 'have times'} that you will be asked about.`}
      </p>
      <p class="visually-hidden" role="status">
        {told(total)}
      </p>
      {total > 0 && (
        <table class="stack" aria-label="Sessions so far">
          <thead>
            <tr>
              <th scope="col">Caller</th>
              <th scope="col">First sign</th>
              <th scope="col">Last sign</th>
              <th scope="col">Signs</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ caller, first, last, signals, inShell }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row keeps its place, its content changes
              <tr key={at} data-testid="so-far-row">
                <td data-label="Caller">
                  <Evidence text={caller} />
                </td>
                <td data-label="First sign">
                  <Instant at={first} display={display} />
                </td>
                <td data-label="Last sign">
                  <Instant at={last} display={display} />
                </td>
                <td data-label="Signs">
                  {formatCount(signals)} {inShell && <Chip>In the shell</Chip>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {total > sessions.length && <p class="muted">and {formatCount(total - sessions.length)} more</p>}
    </section>
  );
}
