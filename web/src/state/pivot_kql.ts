// Queries to go on with in Sentinel from one session: the caller's sign-ins to Cloud Shell, what the directory logged, the caller's whole day, and
// who else came from the session's addresses. Text of the evidence enters a query in exactly one way, as a string literal made by kqlString().

import type { Session } from '../engine/report';
import { visible } from '../view/visible';

/** The applications that a sign-in to Cloud Shell is logged under. */
export const shellAppIds: readonly string[] = [
  'b677c290-cf4b-4a8e-a60e-91ba650a4abe',
  '2233b157-f44d-4812-b777-036cdaf9a96e',
  'b1395854-dccf-4fe6-9186-655f101f919b',
  '245e1dee-74ef-4257-a8c8-8208296e1dfd',
];

// A token may have been got well before the first event that it shows in; an hour is the longest that Cloud Shell's own tokens live.
const kSignInMillis = 3_600_000;
const kDayMillis = 86_400_000;
// Longer lists are cut and say so: a query of a thousand addresses is slow, and nobody reads its answer.
export const kMostAddresses = 200;

export interface PivotQuery {
  id: 'sign_ins' | 'audit' | 'day' | 'addresses';
  title: string;
  /** What the answer tells. */
  note: string;
  text: string;
}

/**
 * A KQL string literal. Quote and backslash are escaped, and so is every character that an editor would hide, reorder or break a line at; the
 * rest stands as it is.
 */
export function kqlString(text: string): string {
  const body = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    if (visible(character) === character) return character;
    // By UTF-16 units: KQL has no escape for a character beyond them (it reads \U as U).
    return character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  });
  return `"${body.join('')}"`;
}

const datetime = (millis: number) => `datetime(${new Date(millis).toISOString()})`;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The queries for one session. A caller may be a name or an object id; both are asked for. */
export function pivotQueries(session: Session): PivotQuery[] {
  const start = Date.parse(session.start);
  const end = Date.parse(session.end);
  const caller = kqlString(session.caller);
  const day = [Math.floor(start / kDayMillis) * kDayMillis, Math.ceil(end / kDayMillis) * kDayMillis] as const;
  const between = (from: number, to: number) => `| where TimeGenerated between (${datetime(from)} .. ${datetime(to)})`;
  const byId = guid.test(session.caller);
  const queries: PivotQuery[] = [
    {
      id: 'sign_ins',
      title: 'Sign-ins to Cloud Shell',
      note: 'Interactive or by token, from where and with which client, in the hour before the session until its end.',
      text: [
        'union isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs',
        between(start - kSignInMillis, end),
        byId ? `| where UserId =~ ${caller}` : `| where UserPrincipalName =~ ${caller} or UserId =~ ${caller}`,
        `| where AppId in~ (${shellAppIds.map(kqlString).join(', ')})`,
        '| project TimeGenerated, Type, UserPrincipalName, AppDisplayName, AppId, IPAddress, Location, ResultType, ResultDescription, UserAgent, ConditionalAccessStatus, AuthenticationRequirement, CorrelationId',
        '| sort by TimeGenerated asc',
      ].join('\n'),
    },
    {
      id: 'audit',
      title: 'Directory changes by the caller',
      note: 'AuditLogs of the session’s days: consents, role assignments, new credentials.',
      text: [
        'AuditLogs',
        between(...day),
        `| extend Actor = tostring(InitiatedBy.user.userPrincipalName), ActorId = tostring(InitiatedBy.user.id), ActorAddress = tostring(InitiatedBy.user.ipAddress)`,
        `| where Actor =~ ${caller} or ActorId =~ ${caller}`,
        '| project TimeGenerated, Actor, ActorAddress, OperationName, Category, Result, TargetResources, CorrelationId',
        '| sort by TimeGenerated asc',
      ].join('\n'),
    },
    {
      id: 'day',
      title: 'The caller’s whole day in Azure',
      note: 'Every AzureActivity row of the session’s days, in the shell and beside it.',
      text: [
        'AzureActivity',
        between(...day),
        `| where Caller =~ ${caller}`,
        '| project TimeGenerated, OperationNameValue, ActivityStatusValue, CallerIpAddress, ResourceGroup, SubscriptionId, _ResourceId, CorrelationId',
        '| sort by TimeGenerated asc',
      ].join('\n'),
    },
  ];
  const addresses = session.ips.slice(0, kMostAddresses);
  if (addresses.length > 0) {
    const cut = session.ips.length > addresses.length ? `, the first ${kMostAddresses} of ${session.ips.length}` : '';
    queries.push({
      id: 'addresses',
      title: 'Others from the same addresses',
      note: `Callers seen in AzureActivity from the session’s addresses${cut}.`,
      text: [
        'AzureActivity',
        between(day[0] - 6 * kDayMillis, day[1]),
        `| where CallerIpAddress in (${addresses.map(kqlString).join(', ')})`,
        '| summarize Events = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by Caller, CallerIpAddress',
        '| sort by Events desc',
      ].join('\n'),
    });
  }
  return queries;
}
