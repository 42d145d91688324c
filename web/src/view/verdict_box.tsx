// The analyst's own word on a session: a verdict and a note. Both stay in this tab and leave with the JSON report and the case report.

import type { Session } from '../engine/report';
import { kLongestNote, verdicts } from '../state/annotations';
import type { Case } from '../state/case';
import { verdictWord } from './words';

const shapes = {
  none: 'M3 8h10',
  benign: 'M2.5 8.5 6.5 12.5 13.5 4',
  suspicious: 'M8 1.5v8M8 12v2.5',
  confirmed: 'M3 3l10 10M13 3 3 13',
} as const;

export function VerdictBox({ hunt, session }: { hunt: Case; session: Session }) {
  const { annotations } = hunt.view;
  const { verdict, note } = annotations.of(session.id);
  return (
    <section class="judge" aria-labelledby="judge-title">
      <h3 id="judge-title">Your verdict</h3>
      <fieldset class="segments" data-testid="verdict">
        <legend class="visually-hidden">Verdict on this session</legend>
        {(['none', ...verdicts] as const).map((value) => (
          <label key={value} class={`segment verdict-${value}`}>
            <input
              type="radio"
              name="verdict"
              value={value}
              checked={(verdict ?? 'none') === value}
              onChange={() => annotations.set(session.id, { verdict: value === 'none' ? null : value })}
            />
            <span>
              <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
                <path d={shapes[value]} />
              </svg>
              {value === 'none' ? 'Not judged' : verdictWord[value]}
            </span>
          </label>
        ))}
      </fieldset>
      <label class="note">
        <span class="visually-hidden">Note on this session</span>
        <textarea
          data-testid="note"
          rows={note.includes('\n') || note.length > 80 ? 4 : 1}
          maxLength={kLongestNote}
          placeholder="Note: ticket, what was checked, whom you asked…"
          value={note}
          onInput={(event) => annotations.set(session.id, { note: event.currentTarget.value })}
        />
      </label>
    </section>
  );
}
