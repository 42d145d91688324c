// Lists of what occurs in sessions, to paste into another tool: one value a line, sorted, each once. Defanged, so that nothing that reads them
// makes a link of one. What would hide or break a line is an escape.

import type { Session } from '../engine/report';
import { visible } from '../view/visible';

export type ValueKind = 'addresses' | 'callers' | 'subscriptions' | 'app ids' | 'techniques' | 'resources';

export const valueKinds: readonly ValueKind[] = ['addresses', 'callers', 'subscriptions', 'app ids', 'techniques', 'resources'];

function valuesOf(session: Session, kind: ValueKind): readonly string[] {
  switch (kind) {
    case 'addresses':
      return session.ips;
    case 'callers':
      return [session.caller];
    case 'subscriptions':
      return session.subscriptions;
    case 'app ids':
      return session.app_ids;
    case 'techniques':
      return session.operations.flatMap(({ techniques }) => techniques);
    case 'resources':
      return session.operations.flatMap(({ resources }) => resources);
    default:
      return unreachable(kind);
  }
}

function unreachable(kind: never): never {
  throw new Error(`unexpected ${String(kind)}`);
}

export function listValues(sessions: Iterable<Session>, kind: ValueKind): string[] {
  const all = new Set<string>();
  for (const session of sessions) for (const value of valuesOf(session, kind)) if (value !== '') all.add(visible(value));
  return [...all].sort();
}

/** `20[.]50[.]1[.]10`, `2001[:]db8[:][:]1`, `alice[@]contoso[.]com`, `hxxps[:]//…`; GUIDs and technique ids stay as they are. */
export function defang(value: string): string {
  if (/^T\d{4}(\.\d{3})?$/.test(value)) return value;
  // An account's own name keeps its dots; what stands before an at sign in anything else may be an address as well.
  const at = value.lastIndexOf('@');
  const account = at >= 0 && !/[/\\:<>]|www\./i.test(value.slice(0, at)) ? value.slice(0, at) : '';
  const rest = value
    .slice(account.length)
    .replace(/\bhttp(?=s?:)/gi, 'hxxp')
    .replaceAll('.', '[.]')
    .replaceAll(':', '[:]');
  return (account + rest).replaceAll('@', '[@]');
}
