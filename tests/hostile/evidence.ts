// A log in which every field of some event holds a hostile text, once for each of payloads.ts; and files, folders and archive entries that have such
// names. What a view or export of it must give back follows from the place in the list: the n-th payload's session starts at startOf(n).

import { isRefused, type Payload, payloads } from './payloads';

/** Those that can stand in a record, in order: the n-th has the n-th session. */
export const held: readonly Payload[] = payloads.filter((payload) => !isRefused(payload));
export const refused: readonly Payload[] = payloads.filter(isRefused);

const kSpacing = 10;
/** RFC 3339, as reports print it; all within one hour, so that every caller has one Sentinel row. */
function instant(hour: number, seconds: number): string {
  return new Date(Date.UTC(2026, 2, 14, hour, 0, seconds)).toISOString().replace('.000Z', 'Z');
}
export const startOf = (at: number): string => instant(9, at * kSpacing);
/** When the event happened that the n-th name has; an hour for itself. */
export const namedAt = (at: number): string => instant(12, at * kSpacing);

export const kListKeys = 'Microsoft.Storage/storageAccounts/listKeys/action';
export const kConsole = 'Microsoft.Portal/consoles/write';
export const kSecondOperation = 'Contoso.Test/second/action';

/** The names of the fields that hold the payload, by the record that holds them. */
export const fieldsOfFirst = [
  'caller',
  'operation',
  'status',
  'resource id',
  'resource group',
  'subscription',
  'address',
  'app id',
] as const;
export const fieldsOfSecond = [
  'correlation id',
  'event id',
  'claim',
  'claim key',
  'category',
  'level',
  'tenant',
  'unmapped key',
  'unmapped value',
] as const;
export const names = ['file name', 'folder name', 'archive entry'] as const;

// By entries, so that a key __proto__ is a key.
const withKey = (key: string, value: string) => Object.fromEntries([[key, value]]);

/** Four records of one caller: a listing of his keys, his console, and two that hold the payload in every field. */
function recordsOf({ text }: Payload, at: number): string[] {
  const event = (seconds: number, operation: string) => ({
    eventTimestamp: instant(9, at * kSpacing + seconds),
    caller: text,
    operationName: { value: operation },
  });
  const listing = {
    ...event(0, kListKeys),
    status: { value: 'Succeeded' },
    resourceGroupName: `cloud-shell-storage-${at}`,
    resourceId: `/x/storageAccounts/cs${at}`,
  };
  const first = {
    ...event(2, text),
    status: { value: text },
    resourceId: text,
    resourceGroupName: text,
    subscriptionId: text,
    httpRequest: { clientIpAddress: text },
    claims: { appid: text },
  };
  const second = {
    ...event(3, kSecondOperation),
    correlationId: text,
    eventDataId: text,
    claims: { name: text, ...withKey(text, text) },
    category: { value: text },
    level: text,
    tenantId: text,
    'x-unmapped': text,
    ...withKey(text, text),
  };
  return [listing, { ...event(1, kConsole), status: { value: 'Succeeded' } }, first, second].map((record) => JSON.stringify(record));
}

/** A list of REST objects, a record a line. Those of texts that JSON cannot hold stand behind the others. */
export function recordsFile(): string {
  return `[\n${[...held, ...refused].flatMap(recordsOf).join(',\n')}\n]\n`;
}

/** One event, of a caller of its own, for a file whose name is what matters. */
export function namedFile(at: number): string {
  const caller = `name-${at}@contoso.example`;
  const status = { value: 'Succeeded' };
  return JSON.stringify({ eventTimestamp: namedAt(at), caller, operationName: { value: kConsole }, status, resourceGroupName: 'any' });
}

/** A table that is no log and has a column of that name; whoever refuses it names its columns. */
export function otherTable(column: string): string {
  return `id,"${column.replaceAll('"', '""')}"\n1,2\n`;
}

/** The same texts as rows of a workspace's table, for a query to be run over them. */
export const rowColumns = [
  'TimeGenerated',
  'Caller',
  'OperationNameValue',
  'ActivityStatusValue',
  'ResourceGroup',
  'CallerIpAddress',
  'SubscriptionId',
  'Claims',
] as const;

export function tableRows(): Record<(typeof rowColumns)[number], string>[] {
  return held.flatMap(({ text }, at) => {
    const row = (seconds: number, operation: string, group: string) => ({
      TimeGenerated: instant(9, at * kSpacing + seconds),
      Caller: text,
      OperationNameValue: operation,
      ActivityStatusValue: 'Success',
      ResourceGroup: group,
      CallerIpAddress: text,
      SubscriptionId: text,
      Claims: JSON.stringify({ appid: text, ...withKey(text, text) }),
    });
    return [row(0, kListKeys, `cloud-shell-storage-${at}`), row(1, text, text), row(2, `${text}x`, text)];
  });
}
