// What no file says and the hunt depends on: the zone of local times, and whether 03/04 is March or April. Asked where it cannot be overlooked,
// since without an answer these events have no time and are in no session.

import { useState } from 'preact/hooks';
import type { Report } from '../engine/report';
import { parseLocalZone } from '../engine/settings';
import { zoneHere } from '../engine/zone';
import type { Case } from '../state/case';
import { Evidence } from './evidence';
import { browserOffset, counted } from './format';
import { zoneChoices } from './zone_choices';

// The first few files by name, the rest as a number: an hourly tree would fill the page.
const kNamed = 3;

function FilesOf({ paths }: { paths: string[] }) {
  return (
    <>
      {paths.slice(0, kNamed).map((path, index) => (
        <span key={path}>
          {index > 0 && ', '}
          <Evidence text={path} mono />
        </span>
      ))}
      {paths.length > kNamed && ` and ${counted(paths.length - kNamed, 'more file')}`}
    </>
  );
}

const withNote = (report: Report, code: string) =>
  report.inputs.filter(({ notes }) => notes.some((note) => note.code === code)).map(({ path }) => path);

export function Questions({ hunt, report }: { hunt: Case; report: Report }) {
  const zoneless = withNote(report, 'needs_local_offset');
  const ambiguous = withNote(report, 'needs_date_order');
  return (
    <>
      {zoneless.length > 0 && <ZoneQuestion hunt={hunt} report={report} paths={zoneless} />}
      {ambiguous.length > 0 && <OrderQuestion hunt={hunt} paths={ambiguous} />}
    </>
  );
}

function ZoneQuestion({ hunt, report, paths }: { hunt: Case; report: Report; paths: string[] }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const here = zoneHere() ?? browserOffset(report.coverage.last);
  const apply = (zone: string) => {
    const parsed = parseLocalZone(zone);
    if (!parsed.ok) {
      setProblem(parsed.why);
      return;
    }
    setProblem('');
    void hunt.change(parsed.value);
  };
  return (
    <section class="question" aria-labelledby="zone-title">
      <h2 id="zone-title">Which time zone are the times in?</h2>
      <p>
        <FilesOf paths={paths} /> {paths.length === 1 ? 'holds' : 'hold'} local times and not their zone. Until it is known these events
        have no time and are in no session.
      </p>
      <div class="answer">
        <button type="button" class="primary" onClick={() => apply(here)}>
          This computer’s, {here}
        </button>
        <button type="button" onClick={() => apply('+00:00')}>
          They are UTC
        </button>
        <label for="zone-answer">Zone, such as Europe/Berlin, or offset, such as +05:30</label>
        <input
          id="zone-answer"
          type="text"
          size={18}
          list="zone-answer-choices"
          autocomplete="off"
          spellcheck={false}
          value={text}
          aria-invalid={problem !== ''}
          aria-describedby="zone-problem"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && apply(text)}
        />
        <datalist id="zone-answer-choices">
          {zoneChoices(report.coverage.last).map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
        <button type="button" onClick={() => apply(text)}>
          Use it
        </button>
      </div>
      <p id="zone-problem" class="problem-text" role="status">
        {problem}
      </p>
    </section>
  );
}

function OrderQuestion({ hunt, paths }: { hunt: Case; paths: string[] }) {
  return (
    <section class="question" aria-labelledby="order-title">
      <h2 id="order-title">Is the day or the month first in the dates?</h2>
      <p>
        Every date in <FilesOf paths={paths} /> reads both ways, as 03/04/2026 does. Until it is known these events have no time and are in
        no session.
      </p>
      <div class="answer">
        <button type="button" class="primary" onClick={() => void hunt.change({ date_order: 'day-first' })}>
          Day first (3 April)
        </button>
        <button type="button" class="primary" onClick={() => void hunt.change({ date_order: 'month-first' })}>
          Month first (March 4)
        </button>
      </div>
    </section>
  );
}
