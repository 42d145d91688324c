// Bytes of the evidence itself, read from the file again at their offset and shown formatted: JSON indented, a CSV row beside its column names,
// bytes that are no text as hex. The text is not changed, and what a browser would hide is shown as an escape.

import { useEffect, useState } from 'preact/hooks';
import type { RawRecordOptions } from '../engine/pool';
import type { Report, ReportInput } from '../engine/report';
import { type Case, sentenceOf } from '../state/case';
import { Evidence } from './evidence';
import { formatBytes, formatCount } from './format';
import { csvColumns, decodeRecord, hexDump, indentJson, looksBinary } from './record_text';

// More of one record is not read by a person; what is left out is said.
const kShownBytes = 256 * 1024;
// Lines drawn: each is an element, and a record of a megabyte may hold a hundred thousand.
const kShownLines = 3000;
// A header row of AzureActivity takes about 600 bytes; a file that needs more is shown without names.
const kHeaderBytes = 64 * 1024;

type Shown = { kind: 'lines'; lines: string[] } | { kind: 'columns'; columns: { name: string; value: string }[] };

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
  if (looksBinary(text)) return { kind: 'lines', lines: hexDump(bytes, offset) };
  const json = length <= kShownBytes ? indentJson(text) : null;
  if (json !== null) return { kind: 'lines', lines: json };
  if (source.shape === 'activity_rows' && offset > 0) {
    const head = await hunt.pool.rawRecord(input, 0, Math.min(offset, kHeaderBytes), options);
    const columns = csvColumns(decodeRecord(head, source.encoding), text);
    if (columns !== null) return { kind: 'columns', columns };
  }
  return { kind: 'lines', lines: text.replace(/\r?\n$/, '').split('\n') };
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

  if (source === undefined) return null;
  return (
    <div class="raw" data-testid="raw-record">
      <p class="muted">
        <Evidence text={source.path} mono />, byte {formatCount(offset)}, {formatBytes(length)}
        {length > kShownBytes && `, of which the first ${formatBytes(kShownBytes)} are shown`}
      </p>
      {problem !== '' && <p class="problem-text">{problem}</p>}
      {shown === null && problem === '' && (
        <p class="muted">{reached > 0 ? `Opening the compressed file again, ${Math.floor(reached * 100)} %…` : 'Reading…'}</p>
      )}
      {shown?.kind === 'lines' && <Lines lines={shown.lines} />}
      {shown?.kind === 'columns' && (
        <dl class="columns">
          {shown.columns.map(({ name, value }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            <div key={at}>
              <dt>
                <Evidence text={name} mono empty="(no name)" />
              </dt>
              <dd>
                <Evidence text={value} mono empty="" />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

export function Lines({ lines }: { lines: string[] }) {
  return (
    <>
      <pre tabIndex={0} role="region" aria-label="Raw record">
        {lines.slice(0, kShownLines).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <span key={at} class="line">
            <Evidence text={line} empty="" />
            {'\n'}
          </span>
        ))}
      </pre>
      {lines.length > kShownLines && <p class="muted">{formatCount(lines.length - kShownLines)} more lines are not shown.</p>}
    </>
  );
}
