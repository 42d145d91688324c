// What a link to this page carries: the settings and those filters whose values are words of this page. A caller, an address, an operation or
// anything else that comes from the evidence never enters the address, which ends up in a history and in messages: facets over such values and
// the search stay in the tab. The span of the chart is the analyst's own choice of hours. The fragment is never sent to a server.

import { attributionsUp, sessionFlags, severitiesUp, signalKinds, whyNots } from '../engine/report';
import {
  defaultSettings,
  type Parsed,
  parseAsOf,
  parseDateOrder,
  parseLocalZone,
  parseLookBack,
  parseSucceededIsSuccess,
  parseWindow,
  parseWorkers,
  type Settings,
} from '../engine/settings';
import type { Display } from '../view/format';
import { type Choice, type Filter, noFilter } from './filter';
import { type FacetKey, kinds } from './session_index';

/** Facets whose values are ours, and what may stand in them. */
const open: ReadonlyMap<FacetKey, RegExp> = new Map<FacetKey, RegExp>([
  ['severity', oneOf(severitiesUp)],
  ['attribution', oneOf(attributionsUp)],
  ['signal', oneOf(signalKinds)],
  ['query', oneOf(['found', ...whyNots])],
  ['technique', /^t\d{4}(\.\d{3})?$/],
  ['flag', oneOf(sessionFlags)],
  ['kind', oneOf(kinds)],
]);

function oneOf(words: readonly string[]): RegExp {
  return new RegExp(`^(?:${words.join('|')})$`);
}

export interface Linked {
  settings: Partial<Settings>;
  filter: Filter;
  display: Display;
  /** How many workers read; left out: automatic. */
  workers?: number;
}

const kHour = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;
const minute = (millis: number) => `${new Date(millis).toISOString().slice(0, 16)}Z`;

/** The fragment without '#'; empty when everything is as it is at first. */
export function writeLink(settings: Settings, filter: Filter, display: Display, workers: number | null = null): string {
  const words = new URLSearchParams();
  const { window, look_back, as_of, as_of_now, succeeded_is_success, date_order, local_offset, local_zone } = settings;
  if (window !== defaultSettings.window) words.set('window', window);
  if (look_back !== defaultSettings.look_back) words.set('look_back', look_back);
  // "now" is the clock's reading at that moment; the one who follows the link means his own.
  if (as_of !== defaultSettings.as_of) words.set('as_of', as_of_now ? 'now' : as_of);
  if (succeeded_is_success !== defaultSettings.succeeded_is_success) words.set('succeeded_is_success', succeeded_is_success ? 'on' : 'off');
  if (date_order !== defaultSettings.date_order) words.set('date_order', date_order);
  const local = local_zone?.name ?? local_offset;
  if (local !== null) words.set('local', local);
  for (const [facet, choices] of filter.facets) {
    const allowed = open.get(facet);
    if (allowed === undefined) continue;
    for (const choice of ['only', 'not'] as const) {
      const values = [...choices].filter(([value, chosen]) => chosen === choice && allowed.test(value)).map(([value]) => value);
      if (values.length > 0) words.set(choice === 'only' ? facet : `${facet}-not`, values.sort().join(','));
    }
  }
  if (filter.span !== null) {
    words.set('from', minute(filter.span.from));
    words.set('to', minute(filter.span.to));
  }
  if (display !== 'utc') words.set('display', display);
  if (workers !== null) words.set('workers', String(workers));
  return words.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** Anything that is not understood is left out; a link never fails. */
export function readLink(fragment: string, now: Date): Linked {
  const words = new URLSearchParams(fragment.replace(/^#/, ''));
  const settings: Partial<Settings> = {};
  const take = <Key extends keyof Settings>(key: Key, parse: (text: string) => Parsed<Settings[Key]>) => {
    const text = words.get(key);
    if (text === null) return;
    const parsed = parse(text);
    if (parsed.ok) settings[key] = parsed.value;
  };
  take('window', parseWindow);
  take('look_back', parseLookBack);
  take('succeeded_is_success', parseSucceededIsSuccess);
  take('date_order', parseDateOrder);
  const zone = parseLocalZone(words.get('local') ?? '');
  if (zone.ok) Object.assign(settings, zone.value);
  const asOf = parseAsOf(words.get('as_of') ?? '', now);
  if (asOf.ok) Object.assign(settings, asOf.value);

  const facets = new Map<FacetKey, Map<string, Choice>>();
  for (const [facet, allowed] of open) {
    const choices = new Map<string, Choice>();
    for (const choice of ['only', 'not'] as const) {
      for (const value of (words.get(choice === 'only' ? facet : `${facet}-not`) ?? '').split(',')) {
        if (allowed.test(value)) choices.set(value, choice);
      }
    }
    if (choices.size > 0) facets.set(facet, choices);
  }
  const [from, to] = ['from', 'to'].map((key) => {
    const text = words.get(key) ?? '';
    return kHour.test(text) ? Date.parse(text) : Number.NaN;
  }) as [number, number];
  const span = from < to ? { from, to } : null;
  const workers = parseWorkers(words.get('workers') ?? '');
  return {
    settings,
    filter: { ...noFilter, facets, span },
    display: words.get('display') === 'local' ? 'local' : 'utc',
    ...(workers.ok && workers.value !== null ? { workers: workers.value } : {}),
  };
}
