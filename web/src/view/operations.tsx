// The operation set of one session: the heaviest first, each with what it can be used for and who says so, and with what tells it from noise.

import { useState } from 'preact/hooks';
import type { Operation, Session } from '../engine/report';
import type { Case } from '../state/case';
import { heaviestOperations } from '../state/time_line';
import { Evidence } from './evidence';
import { counted, formatCount } from './format';
import { Chip, Instant, SeverityMark } from './marks';
import { Pager } from './pager';
import { Values } from './session_detail';
import { Value } from './value_menu';
import { attributionSentence, attributionWord, severityWord, statusesText } from './words';

const kPage = 100;

export function Operations({ hunt, session }: { hunt: Case; session: Session }) {
  const [first, setFirst] = useState(0);
  if (session.operations.length === 0)
    return (
      <p>The caller did nothing else in this session that the log shows. Reading and data-plane access are never in the Activity Log.</p>
    );
  const { known } = hunt.view;
  const all = heaviestOperations(session.operations);
  const isKnown = ({ name }: Operation) => known.has('operation', name);
  const ordered = known.hide.value ? all.filter((operation) => !isKnown(operation)) : all;
  const hidden = all.length - ordered.length;
  return (
    <>
      <table class="stack operations" aria-label="Operations">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Operation</th>
            <th scope="col">Events</th>
            <th scope="col">First, last</th>
            <th scope="col">Attribution</th>
          </tr>
        </thead>
        <tbody>
          {ordered.slice(first, first + kPage).map((operation) => (
            <OperationRow key={operation.name} hunt={hunt} session={session} operation={operation} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p class="muted">{counted(hidden, 'operation')} hidden as known good.</p>}
      <Pager first={first} pageSize={kPage} total={ordered.length} one="operation" go={setFirst} />
    </>
  );
}

function OperationRow({ hunt, session, operation }: { hunt: Case; session: Session; operation: Operation }) {
  const display = hunt.display.value;
  const oneDay = session.start.slice(0, 10) === session.end.slice(0, 10);
  const { name, failed, shell_setup, policy, why, techniques, sources, count, calls, in_shell_count, shell_setup_count } = operation;
  return (
    <tr data-testid="operation-row" class={hunt.view.known.has('operation', name) ? 'expected' : undefined}>
      <td data-label="Severity">
        <SeverityMark severity={operation.severity} />
        {failed && <span class="block muted">all failed</span>}
      </td>
      <td data-label="Operation" class="operation-cell">
        <span class="operation-name">
          <Value hunt={hunt} facet="operation" value={name} />
        </span>
        {(techniques.length > 0 || shell_setup || policy) && (
          <span class="chips">
            {techniques.map((technique) => (
              <Value key={technique} hunt={hunt} facet="technique" value={technique} chip>
                {technique}
              </Value>
            ))}
            {shell_setup && <Chip>Shell’s own set-up</Chip>}
            {policy && <Chip>Policy</Chip>}
          </span>
        )}
        {why !== '' && <p class="why">{why}</p>}
        <details class="more">
          <summary>
            {counted(operation.resources.length, 'resource')}, {counted(operation.ips.length, 'address', 'addresses')}
            {sources.length > 0 && `, ${counted(sources.length, 'source')}`}
          </summary>
          <dl class="facts">
            {sources.length > 0 && (
              <div>
                <dt>Rated by</dt>
                <dd>
                  <ul class="values">
                    {sources.map(({ source, severity }) => (
                      <li key={source}>
                        {source}{' '}
                        <span class="muted">
                          {severity === 'none' ? 'names it without a severity' : severityWord[severity].toLowerCase()}
                        </span>
                      </li>
                    ))}
                  </ul>
                </dd>
              </div>
            )}
            <div>
              <dt>Resources</dt>
              <dd>
                <Values hunt={hunt} facet={null} values={operation.resources} />
              </dd>
            </div>
            <div>
              <dt>Addresses</dt>
              <dd>
                <Values hunt={hunt} facet="address" values={operation.ips} />
              </dd>
            </div>
          </dl>
        </details>
      </td>
      <td data-label="Events">
        {formatCount(count)}
        {calls > 0 && <span class="block muted">{counted(calls, 'call')}</span>}
        <span class="block muted statuses">
          {statusesText(operation.statuses).map(({ status, count: times }) => (
            <span key={status}>
              <Evidence text={status} empty="no status" /> {times}
            </span>
          ))}
        </span>
        {!shell_setup && shell_setup_count > 0 && <span class="block muted">{formatCount(shell_setup_count)} of the shell’s set-up</span>}
      </td>
      <td data-label="First, last">
        <Instant at={operation.first} display={display} timeOnly={oneDay} />
        {operation.last !== operation.first && (
          <span class="block">
            <Instant at={operation.last} display={display} timeOnly={oneDay} />
          </span>
        )}
      </td>
      <td data-label="Attribution">
        <span class={`attribution attribution-${operation.attribution}`}>{attributionWord[operation.attribution]}</span>
        {in_shell_count > 0 && (
          <span class="block muted">
            {formatCount(in_shell_count)} of {counted(count, 'event')}
          </span>
        )}
        <span class="visually-hidden">{attributionSentence[operation.attribution]}</span>
      </td>
    </tr>
  );
}
