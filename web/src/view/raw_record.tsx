// Bytes of the evidence itself, read from the file again at their offset and shown formatted: JSON indented, a CSV row beside its column names,
// bytes that are no text as hex. The text is not changed, and what a browser would hide is shown as an escape. What fed a column of the hunt is
// marked with that column's name; the mark is drawn by the stylesheet, so that copying gives the record alone.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RawRecordOptions } from '../engine/pool';
import type { Report, ReportInput } from '../engine/report';
import { type Case, sentenceOf } from '../state/case';
import { Evidence } from './evidence';
import { counted, formatBytes, formatCount } from './format';
import { csvColumns, decodeRecord, fedBy, fedByName, hexDump, jsonLines, looksBinary, matchParts, type RecordLine } from './record_text';
import { copyText } from './value_menu';

// More of one record is not read by a person; what is left out is said.
const kShownBytes = 256 * 1024;
// Lines drawn: each is an element, and a record of a megabyte may hold a hundred thousand.
const kShownLines = 3000;
// A header row of AzureActivity takes about 600 bytes; a file that needs more is shown without names.
const kHeaderBytes = 64 * 1024;

type Shown =
  | { kind: 'lines'; lines: RecordLine[]; text: string }
  | { kind: 'columns'; columns: { name: string; value: string }[]; text: string };

const plain = (lines: string[]): RecordLine[] => lines.map((text) => ({ text, path: '' }));

async function read(
  hunt: Case,
  input: number,
  source: ReportInput,
  offset: number,
  length: number,
  options: RawRecordOptions,
): Promise<Shown> {
  const bytes = await hunt.pool.rawRecord(input, offset, Math.min(length, kShownBytes), options);
  const text = decodeRecord(bytes, source.encoding);
  // A record that is JSON is shown as such, whatever characters it is full of.
  const json = length <= kShownBytes ? jsonLines(text) : null;
  if (json !== null) return { kind: 'lines', lines: json, text };
  if (looksBinary(text)) return { kind: 'lines', lines: plain(hexDump(bytes, offset)), text };
  if ((source.shape === 'activity_rows' || source.shape === 'portal_csv') && offset > 0) {
    const head = await hunt.pool.rawRecord(input, 0, Math.min(offset, kHeaderBytes), options);
    const columns = csvColumns(decodeRecord(head, source.encoding), text);
    if (columns !== null) return { kind: 'columns', columns, text };
  }
  return { kind: 'lines', lines: plain(text.replace(/\r?\n$/, '').split('\n')), text };
}

export interface RawRecordProps {
  hunt: Case;
  report: Report;
  /** Index into report.inputs. */
  input: number;
  offset: number;
  length: number;
}

export function RawRecord({ hunt, report, input, offset, length }: RawRecordProps) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState('');
  /** How far a compressed file was opened again, 0 to 1. */
  const [reached, setReached] = useState(0);
  const [search, setSearch] = useState('');
  /** Which of the matches was gone to last. */
  const [match, setMatch] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const source = report.inputs[input];

  useEffect(() => {
    if (source === undefined) return;
    // What is no longer looked at ends at once: opening a large compressed file again takes seconds.
    const away = new AbortController();
    const { signal } = away;
    const onProgress = (bytes: number, size: number) => !signal.aborted && setReached(bytes / Math.max(1, size));
    read(hunt, input, source, offset, length, { signal, onProgress }).then(
      (record) => !signal.aborted && setShown(record),
      (error: unknown) => !signal.aborted && setProblem(sentenceOf(error)),
    );
    return () => away.abort();
  }, [hunt, source, input, offset, length]);

  const wanted = search.toLowerCase();
  const matches = useMemo(() => (shown === null || wanted === '' ? 0 : countMatches(shown, wanted)), [shown, wanted]);
  const goTo = (by: number) => {
    const marks = box.current?.querySelectorAll('mark') ?? [];
    if (marks.length === 0) return;
    const to = (match + by + marks.length) % marks.length;
    setMatch(to);
    for (const mark of marks) mark.classList.remove('here');
    marks[to]?.classList.add('here');
    marks[to]?.scrollIntoView({ block: 'nearest' });
  };

  if (source === undefined) return null;
  const fed = fedBy(source.columns);
  return (
    <div ref={box} class="raw" data-testid="raw-record">
      <p class="muted">
        <Evidence text={source.path} mono />, byte {formatCount(offset)}, {formatBytes(length)}
        {length > kShownBytes && `, of which the first ${formatBytes(kShownBytes)} are shown`}
      </p>
      <div class="raw-tools">
        <input
          type="search"
          aria-label="Find in this record"
          placeholder="Find in this record"
          autocomplete="off"
          spellcheck={false}
          value={search}
          disabled={shown === null}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setMatch(-1);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') goTo(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape' && search !== '') {
              event.stopPropagation();
              setSearch('');
            }
          }}
        />
        <span class="muted" role="status">
          {wanted !== '' && (matches === 0 ? 'not found' : counted(matches, 'match', 'matches'))}
        </span>
        <button
          type="button"
          class="small"
          data-testid="copy-record"
          disabled={shown === null}
          onClick={() => shown !== null && copyText(hunt, shown.text.replace(/\r?\n$/, ''), 'Record')}
        >
          Copy record
        </button>
      </div>
      {problem !== '' && <p class="problem-text">{problem}</p>}
      {shown === null && problem === '' && (
        <p class="muted loading">{reached > 0 ? `Opening the compressed file again, ${Math.floor(reached * 100)} %…` : 'Reading…'}</p>
      )}
      {shown?.kind === 'lines' && <Lines lines={shown.lines} fed={fed} wanted={wanted} />}
      {shown?.kind === 'columns' && (
        <dl class="columns">
          {shown.columns.map(({ name, value }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            <div key={at} data-fed={fedByName(fed, name).join(', ') || undefined}>
              <dt>
                <Marked text={name} wanted={wanted} empty="(no name)" />
              </dt>
              <dd>
                <Marked text={value} wanted={wanted} empty="" />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function countMatches(shown: Shown, wanted: string): number {
  const texts =
    shown.kind === 'lines'
      ? shown.lines.slice(0, kShownLines).map(({ text }) => text)
      : shown.columns.flatMap(({ name, value }) => [name, value]);
  return texts.reduce((sum, text) => sum + matchParts(text, wanted).filter(({ match }) => match).length, 0);
}

/** Evidence with what was searched for marked in it. */
function Marked({ text, wanted, empty }: { text: string; wanted: string; empty: string }) {
  if (wanted === '' || text === '') return <Evidence text={text} mono empty={empty} />;
  return (
    <>
      {matchParts(text, wanted).map(({ text: part, match }, at) =>
        match ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
          <mark key={at}>
            <Evidence text={part} mono />
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Evidence key={at} text={part} mono />
        ),
      )}
    </>
  );
}

function Lines({ lines, fed, wanted }: { lines: RecordLine[]; fed: ReadonlyMap<string, string[]>; wanted: string }) {
  return (
    <>
      <pre tabIndex={0} role="region" aria-label="Raw record">
        {lines.slice(0, kShownLines).map(({ text, path }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <span key={at} class="line" data-fed={path === '' ? undefined : fed.get(path)?.join(', ')}>
            <Marked text={text} wanted={wanted} empty="" />
            {'\n'}
          </span>
        ))}
      </pre>
      {lines.length > kShownLines && <p class="muted">{formatCount(lines.length - kShownLines)} more lines are not shown.</p>}
    </>
  );
}
