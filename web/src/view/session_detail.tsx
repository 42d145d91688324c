// One session: what opened it, what the published query makes of it, what was done, from where, and the events themselves.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Report, Session } from '../engine/report';
import type { Case } from '../state/case';
import type { FacetKey } from '../state/session_index';
import { Evidence } from './evidence';
import { counted, formatCount, formatDuration, millisBetween, resourceEnd } from './format';
import { Chip, Instant, SeverityMark } from './marks';
import { Operations } from './operations';
import { Pivots } from './pivots';
import { SessionEventsTable } from './session_events';
import { SessionTimeline } from './session_timeline';
import { Found } from './sessions_table';
import { Value } from './value_menu';
import { VerdictBox } from './verdict_box';
import {
  appName,
  attributionSentence,
  attributionWord,
  flagSentence,
  flagWord,
  heaviestFirst,
  signalSentence,
  signalWord,
  whyNotSentence,
} from './words';

// Signals at first; a script that lists keys every minute must not push the operations out of sight.
const kFirstSignals = 8;

interface DetailProps {
  hunt: Case;
  report: Report;
  session: Session;
  /** Index into report.sessions: what the engine is asked by. */
  index: number;
}

export function SessionDetail({ hunt, report, session, index }: DetailProps) {
  const article = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const order = hunt.order.value;
  const place = order.indexOf(index);
  const display = hunt.display.value;
  // Where the session takes the table's place, the keyboard and the screen reader follow it; beside the table they stay in the list.
  useEffect(() => {
    const list = document.querySelector('.list');
    if (list !== null && list.getClientRects().length === 0) title.current?.focus();
    // Chosen from a list that stayed in place while the one before was scrolled through.
    if ((article.current?.getBoundingClientRect().top ?? 0) < 0) article.current?.scrollIntoView();
  }, []);
  /** Place of the event whose record is shown. */
  const [openEvent, setOpenEvent] = useState<number | null>(null);
  useEffect(() => setOpenEvent(null), [hunt.hunts.value]);
  const events = useRef<HTMLElement>(null);
  const step = (by: number) => {
    const next = order[place + by];
    if (next !== undefined) hunt.select(next);
  };
  const close = () => {
    hunt.selectedId.value = null;
    // The row that was open is the one that Tab reaches.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('tr[data-place] button[tabindex="0"]')?.focus());
  };
  return (
    <article
      ref={article}
      class="detail"
      data-testid="session-detail"
      aria-labelledby="detail-title"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div class="detail-bar">
        <button type="button" class="small" data-testid="close-detail" onClick={close}>
          All sessions
        </button>
        <span class="muted">{place < 0 ? 'hidden by the filters' : `${formatCount(place + 1)} of ${formatCount(order.length)}`}</span>
        <button type="button" class="small" disabled={place <= 0} onClick={() => step(-1)}>
          Previous
        </button>
        <button type="button" class="small" disabled={place < 0 || place >= order.length - 1} onClick={() => step(1)}>
          Next
        </button>
      </div>
      <header class="detail-head">
        <h2 id="detail-title" ref={title} tabIndex={-1}>
          <Value hunt={hunt} facet="caller" value={session.caller} />
        </h2>
        <p class="detail-line">
          <SeverityMark severity={session.severity} />
          <span>
            <Instant at={session.start} display={display} /> to <Instant at={session.end} display={display} zone />
          </span>
          <span class="muted">{formatDuration(millisBetween(session.start, session.end))}</span>
          <Found session={session} report={report} />
        </p>
      </header>

      {session.flags.length > 0 && (
        <dl class="flags">
          {heaviestFirst(session.flags).map((flag) => (
            <div key={flag}>
              <dt>
                <Value hunt={hunt} facet="flag" value={flag} chip>
                  {flagWord(flag)}
                </Value>
              </dt>
              <dd>
                {flagSentence(flag, session)}
                {flag === 'new_address' && <Values hunt={hunt} facet="address" values={session.new_ips} inline />}
              </dd>
            </div>
          ))}
        </dl>
      )}

      <VerdictBox hunt={hunt} session={session} />

      <section aria-labelledby="timeline-title">
        <h3 id="timeline-title">Time line</h3>
        <SessionTimeline
          hunt={hunt}
          session={session}
          index={index}
          openEvent={(at) => {
            setOpenEvent(at);
            events.current?.scrollIntoView({ block: 'nearest' });
          }}
        />
      </section>

      <section aria-labelledby="operations-title">
        <h3 id="operations-title">
          Operations <span class="count">{formatCount(session.operations.length)}</span>
        </h3>
        <p class="muted">
          {attributionWord[session.attribution]}: {attributionSentence[session.attribution]}
        </p>
        <Operations hunt={hunt} session={session} />
      </section>

      <section class="verdict" aria-labelledby="verdict-title">
        <h3 id="verdict-title">
          {session.sentinel_rows.length > 0 ? 'Why the published query finds it' : 'Why the published query misses it'}
        </h3>
        <Verdict hunt={hunt} report={report} session={session} />
      </section>

      <section ref={events} aria-labelledby="events-title">
        <h3 id="events-title">Events</h3>
        <SessionEventsTable hunt={hunt} report={report} session={session} index={index} open={openEvent} setOpen={setOpenEvent} />
      </section>

      <section aria-labelledby="signals-title">
        <h3 id="signals-title">What opened the shell</h3>
        <Signals hunt={hunt} session={session} />
      </section>

      <section aria-labelledby="from-title">
        <h3 id="from-title">From where and on what</h3>
        <dl class="facts">
          <Fact hunt={hunt} facet="address" name="Addresses" values={session.ips} fresh={session.new_ips} />
          <Fact hunt={hunt} facet="subscription" name="Subscriptions" values={session.subscriptions} />
          <Fact hunt={hunt} facet="resource_group" name="Resource groups" values={session.resource_groups} />
          <div>
            <dt>App ids</dt>
            <dd>
              {session.app_ids.length === 0 ? (
                <span class="muted">none</span>
              ) : (
                <ul class="values">
                  {session.app_ids.map((id) => (
                    <li key={id}>
                      <Value hunt={hunt} facet="app_id" value={id} />
                      {appName(id) !== undefined && <span class="muted"> {appName(id)}</span>}
                    </li>
                  ))}
                </ul>
              )}
            </dd>
          </div>
        </dl>
      </section>

      <section aria-labelledby="pivots-title">
        <h3 id="pivots-title">Go on in Sentinel</h3>
        <Pivots hunt={hunt} session={session} />
      </section>
    </article>
  );
}

function Verdict({ hunt, report, session }: { hunt: Case; report: Report; session: Session }) {
  const display = hunt.display.value;
  if (session.sentinel_rows.length === 0) {
    return (
      <>
        {report.sentinel === null && (
          <p>
            The query cannot run on {report.inputs.length === 1 ? 'this file' : 'these files'}: a column is missing, see “Sentinel rows”.
          </p>
        )}
        {session.why_not.length > 0 && (
          <ul>
            {session.why_not.map((why) => (
              <li key={why} data-why={why}>
                {whyNotSentence(why)}
              </li>
            ))}
          </ul>
        )}
      </>
    );
  }
  return (
    <>
      <p>
        The caller listed the keys of the shell’s storage and did something else in the same clock hour:{' '}
        {counted(session.sentinel_rows.length, 'row')}.
      </p>
      <ul>
        {session.sentinel_rows.map((row) => {
          const outside = row.before_start.length + row.after_end.length + row.in_other_session.length;
          return (
            <li key={`${row.Caller} ${row.timekey}`}>
              Hour <Instant at={row.timekey} display={display} zone />, <Evidence text={row.Caller} />
              {outside === 0 && <span class="muted">: every operation of the row is in this session</span>}
              {outside > 0 && (
                <dl class="row-parts">
                  <Part name="In the row, but before the shell started" values={row.before_start} />
                  <Part name="In the row, but after the session ended" values={row.after_end} />
                  <Part
                    name="In the row, but in another session"
                    values={row.in_other_session.map(({ operation }) => operation)}
                    links={row.in_other_session.map(({ session: id }) => id)}
                    hunt={hunt}
                  />
                </dl>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Part({ name, values, links = [], hunt }: { name: string; values: string[]; links?: string[]; hunt?: Case }) {
  if (values.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <ul class="values">
          {values.map((value, at) => {
            const id = links[at];
            return (
              <li key={value}>
                <Evidence text={value} mono />
                {id !== undefined && hunt !== undefined && (
                  <button
                    type="button"
                    class="small"
                    onClick={() => {
                      hunt.selectedId.value = id;
                    }}
                  >
                    Show that session
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      </dd>
    </div>
  );
}

function Signals({ hunt, session }: { hunt: Case; session: Session }) {
  const [all, setAll] = useState(false);
  const display = hunt.display.value;
  const perHour = session.signals_per_hour ?? [];
  if (perHour.length > 0) {
    const total = perHour.reduce((sum, { count }) => sum + count, 0);
    return (
      <>
        <p class="muted">{counted(total, 'signal')}, too many to list one by one; per hour:</p>
        <ul class="signals">
          {(all ? perHour : perHour.slice(0, kFirstSignals)).map(({ hour, kind, count }) => (
            <li key={`${hour} ${kind}`}>
              <Instant at={hour} display={display} /> <span>{signalWord[kind]}</span> <span class="muted">{counted(count, 'time')}</span>
            </li>
          ))}
        </ul>
        <More total={perHour.length} all={all} setAll={setAll} />
      </>
    );
  }
  const kinds = [...new Set(session.signals.map(({ kind }) => kind))];
  return (
    <>
      {kinds.map((kind) => (
        <p key={kind} class="muted">
          {signalWord[kind]}: {signalSentence[kind]}
        </p>
      ))}
      <ul class="signals">
        {(all ? session.signals : session.signals.slice(0, kFirstSignals)).map(({ kind, time, resource_id, ip, app_id }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two signals may agree in every field
          <li key={at}>
            <Instant at={time} display={display} exact />
            <span>{signalWord[kind]}</span>
            {ip !== '' && <Evidence text={ip} mono />}
            {resource_id !== '' && <Evidence text={resourceEnd(resource_id)} mono />}
            {app_id !== '' && <span class="muted">{appName(app_id) ?? <Evidence text={app_id} mono />}</span>}
          </li>
        ))}
      </ul>
      <More total={session.signals.length} all={all} setAll={setAll} />
    </>
  );
}

function More({ total, all, setAll }: { total: number; all: boolean; setAll(all: boolean): void }) {
  if (total <= kFirstSignals) return null;
  return (
    <button type="button" class="small" aria-expanded={all} onClick={() => setAll(!all)}>
      {all ? `Show the first ${kFirstSignals}` : `Show all ${formatCount(total)}`}
    </button>
  );
}

interface FactProps {
  hunt: Case;
  facet: FacetKey;
  name: string;
  values: string[];
  /** Not seen before. */
  fresh?: string[];
}

function Fact({ hunt, facet, name, values, fresh = [] }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Values hunt={hunt} facet={facet} values={values} fresh={fresh} />
      </dd>
    </div>
  );
}

export interface ValuesProps {
  hunt: Case;
  /** null: nothing that sessions can be filtered by. */
  facet: FacetKey | null;
  values: string[];
  fresh?: string[];
  inline?: boolean;
}

/** Values of the evidence as a list; long lists are cut and say by how much. */
export function Values({ hunt, facet, values, fresh = [], inline = false }: ValuesProps) {
  const [all, setAll] = useState(false);
  if (values.length === 0) return <span class="muted">none</span>;
  return (
    <>
      <ul class={inline ? 'values values-inline' : 'values'}>
        {(all ? values : values.slice(0, kFirstValues)).map((value) => (
          <li key={value}>
            {facet === null ? <Evidence text={value} mono /> : <Value hunt={hunt} facet={facet} value={value} />}
            {fresh.includes(value) && (
              <>
                {' '}
                <Chip>New</Chip>
              </>
            )}
          </li>
        ))}
      </ul>
      {values.length > kFirstValues && (
        <button type="button" class="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${formatCount(values.length)}`}
        </button>
      )}
    </>
  );
}

const kFirstValues = 20;
