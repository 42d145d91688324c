// What can be changed on a loaded case. Each change hunts again at once and reads no file. A text that is no setting stays in its field with a
// sentence beside it, and the last good setting stays in force.

import { useEffect, useState } from 'preact/hooks';
import type { Report } from '../engine/report';
import {
  defaultSettings,
  localZoneText,
  type Parsed,
  parseAsOf,
  parseLocalZone,
  parseLookBack,
  parseWindow,
  parseWorkers,
  publishedSettings,
  type Settings,
} from '../engine/settings';
import { type Case, processors } from '../state/case';
import type { Display } from './format';
import { Instant } from './marks';
import { zoneChoices } from './zone_choices';

interface TextSettingProps<T> {
  id: string;
  label: string;
  hint: string;
  value: string;
  choices: string[];
  parse(text: string): Parsed<T>;
  apply(value: T): void;
}

function TextSetting<T>({ id, label, hint, value, choices, parse, apply }: TextSettingProps<T>) {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState('');
  // A preset or a question changes the setting from outside.
  useEffect(() => {
    setText(value);
    setProblem('');
  }, [value]);
  const commit = (typed: string) => {
    if (typed.trim() === value) {
      setProblem('');
      return;
    }
    const parsed = parse(typed);
    if (!parsed.ok) {
      setProblem(parsed.why);
      return;
    }
    setProblem('');
    apply(parsed.value);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-choices`}
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-hint ${id}-problem`}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={(event) => commit(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
      />
      <datalist id={`${id}-choices`}>
        {choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
      <p id={`${id}-problem`} class="problem-text" role="status">
        {problem}
      </p>
    </div>
  );
}

const mapped =
  <T, U>(parse: (text: string) => Parsed<T>, to: (value: T) => U) =>
  (text: string): Parsed<U> => {
    const parsed = parse(text);
    return parsed.ok ? { ok: true, value: to(parsed.value) } : parsed;
  };

const dateOrders: { value: Settings['date_order']; label: string }[] = [
  { value: 'auto', label: 'As the file shows' },
  { value: 'day-first', label: 'Day first' },
  { value: 'month-first', label: 'Month first' },
];

export function SettingsPanel({ hunt, report }: { hunt: Case; report: Report }) {
  const settings = hunt.settings.value;
  const apply = (changes: Partial<Settings>) => void hunt.change(changes);
  const asOf = settings.as_of_now ? 'now' : settings.as_of;
  const localTimes = localZoneText(settings);
  const summary = [
    `window ${settings.window}`,
    settings.look_back === 'none' ? 'no look-back' : `look-back ${settings.look_back}`,
    settings.succeeded_is_success ? '“Succeeded” counts as Success' : '“Succeeded” does not count as Success',
    ...(settings.date_order === 'auto' ? [] : [settings.date_order.replace('-', ' ')]),
    ...(localTimes === '' ? [] : [`local times ${localTimes}`]),
    hunt.display.value === 'utc' ? 'shown in UTC' : 'shown in local time',
  ].join(', ');
  return (
    <details class="settings" data-testid="settings">
      <summary>
        <span class="settings-title">Settings</span> <span class="muted">{summary}</span>
      </summary>
      <div class="settings-body">
        <div class="presets" role="group" aria-label="Presets">
          <button
            type="button"
            data-testid="preset-published"
            onClick={() => apply({ ...publishedSettings, as_of: 'newest', as_of_now: false })}
          >
            As in the published query
          </button>
          <button
            type="button"
            data-testid="preset-default"
            onClick={() => {
              const { date_order, local_offset, local_zone } = settings;
              apply({ ...defaultSettings, date_order, local_offset, local_zone });
            }}
          >
            Default
          </button>
          <span class="muted">Files are not read again; only the hunt is repeated.</span>
          {hunt.hunts.value > 1 && <strong class="difference">{hunt.announcement.value}</strong>}
        </div>
        <div class="fields">
          <TextSetting
            id="setting-window"
            label="Window of a session"
            hint="How long a sign of Cloud Shell keeps a session open, such as 30m, 1h or 1h30m."
            value={settings.window}
            choices={['20m', '30m', '1h', '2h', '4h', '8h', '1d']}
            parse={mapped(parseWindow, (window) => ({ window }))}
            apply={apply}
          />
          <TextSetting
            id="setting-look-back"
            label="Look-back of the query"
            hint="none, or how far back operations count, such as 1d. Acts on Sentinel rows only."
            value={settings.look_back}
            choices={['none', '1d', '7d', '14d', '30d']}
            parse={mapped(parseLookBack, (look_back) => ({ look_back }))}
            apply={apply}
          />
          <TextSetting
            id="setting-as-of"
            label="Look-back counts from"
            hint="newest (event), now, or an instant such as 2026-03-14T09:00:00Z."
            value={asOf}
            choices={['newest', 'now', ...(report.coverage.last === null ? [] : [report.coverage.last])]}
            parse={(text) => parseAsOf(text, new Date())}
            apply={apply}
          />
          <TextSetting
            id="setting-offset"
            label="Zone of local times"
            hint="For columns without a zone: a name such as Europe/Berlin, or an offset such as +05:30; unknown until given."
            value={localTimes}
            choices={zoneChoices(report.coverage.last)}
            parse={(text) => (text.trim() === '' ? { ok: true, value: { local_offset: null, local_zone: null } } : parseLocalZone(text))}
            apply={apply}
          />
          <div class="field">
            <label for="setting-date-order">Dates that read both ways</label>
            <select
              id="setting-date-order"
              value={settings.date_order}
              onChange={(event) => apply({ date_order: event.currentTarget.value as Settings['date_order'] })}
            >
              {dateOrders.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <p class="hint">03/04/2026 as 3 April or March 4.</p>
          </div>
          <div class="field">
            <label for="setting-display">Times are shown in</label>
            <select
              id="setting-display"
              value={hunt.display.value}
              onChange={(event) => {
                hunt.display.value = event.currentTarget.value as Display;
              }}
            >
              <option value="utc">UTC</option>
              <option value="local">This computer’s zone</option>
            </select>
            <p class="hint">The query’s hours are always UTC.</p>
          </div>
          <TextSetting
            id="setting-workers"
            label="Workers that read"
            hint={`automatic (${hunt.pool.workers} here), or a number from 1 to ${processors()}. More read faster and take more memory. For the files opened next.`}
            value={hunt.workers.value === null ? 'automatic' : String(hunt.workers.value)}
            choices={['automatic', ...Array.from({ length: Math.min(processors(), 8) }, (_, at) => String(at + 1))]}
            parse={(text) => parseWorkers(text, processors())}
            apply={(workers) => {
              hunt.workers.value = workers;
            }}
          />
          <div class="field field-wide">
            <label class="check">
              <input
                type="checkbox"
                id="setting-succeeded"
                checked={settings.succeeded_is_success}
                onChange={(event) => apply({ succeeded_is_success: event.currentTarget.checked })}
              />
              “Succeeded” counts as Success
            </label>
            <p class="hint">
              For AzureActivity and diagnostic records, whose older exports write Succeeded. Statuses of REST and az CLI files are always
              read as the query’s words.
            </p>
          </div>
        </div>
        <p class="muted">
          {report.settings.as_of_instant !== null && report.settings.look_back !== 'none' && (
            <>
              Look-back of {report.settings.look_back} counts from{' '}
              <Instant at={report.settings.as_of_instant} display={hunt.display.value} zone />.{' '}
            </>
          )}
        </p>
      </div>
      <p class="problem-text" role="alert">
        {hunt.settingsProblem.value}
      </p>
    </details>
  );
}
