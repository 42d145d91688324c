// Sessions and operations of the report, made up field by field, for tests of what the page makes of them.

import type { Operation, Session } from '../../../web/src/engine/report';

export const session = (changes: Partial<Session>): Session => ({
  id: `${changes.caller ?? 'alice@contoso.com'}|${changes.start ?? '2026-03-14T09:00:00Z'}|storage_listing`,
  caller: 'alice@contoso.com',
  start: '2026-03-14T09:00:00Z',
  end: '2026-03-14T10:00:00Z',
  severity: 'none',
  attribution: 'none',
  flags: [],
  longest_gap: null,
  sentinel_rows: [],
  why_not: [],
  signals: [],
  operations: [],
  ips: [],
  new_ips: [],
  subscriptions: [],
  resource_groups: [],
  app_ids: [],
  ...changes,
});

export const operation = (name: string, changes: Partial<Operation> = {}): Operation => ({
  name,
  count: 1,
  first: '2026-03-14T09:10:00Z',
  last: '2026-03-14T09:10:00Z',
  statuses: { Success: 1 },
  attribution: 'in_shell',
  in_shell_count: 1,
  shell_setup_count: 0,
  shell_setup: false,
  policy: false,
  calls: 1,
  failed: false,
  severity: 'none',
  techniques: [],
  why: '',
  sources: [],
  resources: [],
  ips: [],
  ...changes,
});
