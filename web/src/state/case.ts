// One case on the page: the files opened, the settings, the report over them, and what of it is looked at. Views read signals and call methods;
// nothing else holds state. Everything lives in this tab's memory only: no storage, no address, no console.
// Phases go idle -> reading -> done or failed, and back to idle by cancel or clear; whatever comes back from an abandoned run is dropped.

import { batch, computed, signal } from '@preact/signals';
import { EngineFailure, type Pool, type ReadingOutcome, type Run, type RunProgress } from '../engine/pool';
import type { Report, Session } from '../engine/report';
import { defaultSettings, type Settings } from '../engine/settings';
import { kHeadBytes, looksLikeReport } from '../report/report_head';
import type { Display } from '../view/format';
import type { Linked } from './link';
import { Rate } from './rate';
import { nextTurn, type ReadReport, readReport, type Sessions, sessionList } from './report_lines';
import { readIndex, type SessionIndex, SessionIndexBuilder } from './session_index';
import { SessionsView } from './sessions_view';
import type { FileSource, Gathered } from './sources';

export type Phase = 'idle' | 'reading' | 'done' | 'failed';
export type Tab = 'sessions' | 'sentinel' | 'files';

export interface ReadingState {
  progress: RunProgress | null;
  files: number;
  bytesTotal: number;
  bytesPerSecond: number | null;
  millisLeft: number | null;
  /** The bytes are read and the hunt is running. */
  hunting: boolean;
}

export class Case {
  readonly phase = signal<Phase>('idle');
  /** What the first view has to say: after a cancel, or when nothing could be opened. */
  readonly notice = signal('');
  readonly failure = signal('');
  /** A fault of the page itself while an answer stands: said above it, and the answer is kept. */
  readonly fault = signal('');
  readonly reading = signal<ReadingState | null>(null);
  readonly outcome = signal<ReadingOutcome | null>(null);
  /** Paths below a dropped folder that the browser could not list. */
  readonly unreadable = signal<string[]>([]);
  readonly isSample = signal(false);
  /** The files that are open; null while a report stands here without its evidence. */
  readonly sources = signal<readonly FileSource[] | null>([]);

  readonly settings = signal<Settings>({ ...defaultSettings });
  readonly settingsProblem = signal('');
  readonly display = signal<Display>('utc');
  /** How many workers read the next files; null: automatic. Outlives a case: it is about the machine. */
  readonly workers = signal<number | null>(null);

  readonly report = signal<Report | null>(null);
  readonly tab = signal<Tab>('sessions');
  /** Id of the session whose detail is shown; it survives a re-hunt that still finds the session. */
  readonly selectedId = signal<string | null>(null);
  /** Said to screen readers and shown beside the settings. */
  readonly announcement = signal('');
  /** Said for a few seconds in a corner: that something was copied. */
  readonly toast = signal('');
  /** Counts hunts, so that what was paged from an older one is asked for again. */
  readonly hunts = signal(0);

  /** Over the report's sessions; changes with it. */
  readonly index = signal<SessionIndex | null>(null);
  /** What of the sessions is looked at. */
  readonly view = new SessionsView(this.index);
  /** Indexes of the sessions that the table shows, in its order. */
  readonly order = this.view.order;
  readonly selected = computed<number | null>(() =>
    this.selectedId.value === null ? null : (this.index.value?.ids.get(this.selectedId.value) ?? null),
  );

  private run: Run | null = null;
  private reportBytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private sessions: Sessions | null = null;
  private huntTurn = 0;
  /** What the link that led here asks for; it holds for the first case that is opened. */
  private linked: Linked | null = null;

  constructor(readonly pool: Pool<File>) {}

  /** Applies what a link carries, to what is open or else to what is opened first. */
  follow(linked: Linked): void {
    this.display.value = linked.display;
    if (linked.workers !== undefined) this.workers.value = linked.workers;
    this.view.filter.value = linked.filter;
    if (this.report.value === null) {
      this.linked = linked;
      this.settings.value = { ...defaultSettings, ...linked.settings };
    } else {
      void this.change({ ...defaultSettings, ...linked.settings });
    }
  }

  /** Opens the gathered files as a new case. */
  open(gathered: Gathered, isSample = false): void {
    if (gathered.sources.length === 0) {
      this.notice.value =
        gathered.unreadable.length > 0
          ? 'The browser could not list what was dropped. Pick it with “Open a folder” instead.'
          : 'There was no file in what was dropped or picked.';
      return;
    }
    void this.openOrImport(gathered, isSample);
  }

  /** A report of this tool, alone, is opened as what it is, whatever it is called; anything else is evidence. */
  private async openOrImport(gathered: Gathered, isSample: boolean): Promise<void> {
    const [only] = gathered.sources;
    if (gathered.sources.length === 1 && only !== undefined && (await isReport(only.handle))) await this.importReport(only.handle);
    else await this.read(gathered, isSample);
  }

  private async importReport(file: File): Promise<void> {
    this.run?.cancel();
    this.forget();
    // Another opening, a cancel or a clear in the meantime takes its place.
    const turn = this.huntTurn;
    const wanted = () => turn === this.huntTurn;
    let why: string;
    try {
      // Loaded when first needed: few open one.
      const { openForeignReport } = await import('../report/foreign_report');
      const read = await openForeignReport(file);
      if (!wanted()) return;
      if (read.ok) {
        // From the value that was looked at, not from its lines: whoever wrote the file decides what stands on a line.
        const builder = new SessionIndexBuilder();
        for (const session of read.report.sessions) builder.add(session);
        this.sources.value = null;
        this.show(read.bytes, { report: read.report, sessions: sessionList(read.report.sessions) }, builder.build());
        this.view.annotations.load(read.report.annotations);
        this.settings.value = settingsOf(read.report);
        this.phase.value = 'done';
        this.announcement.value = summaryOf(this.report.value);
        return;
      }
      why = read.why;
    } catch (error) {
      why = `It could not be read (${sentenceOf(error)}).`;
    }
    if (!wanted()) return;
    this.notice.value = `The report could not be opened. ${why}`;
    this.phase.value = 'idle';
  }

  private async read({ sources, unreadable }: Gathered, isSample: boolean): Promise<void> {
    const rate = new Rate();
    const linked = this.linked;
    this.forget();
    this.sources.value = sources;
    if (linked !== null) this.follow(linked);
    this.linked = null;
    this.unreadable.value = unreadable;
    this.isSample.value = isSample;
    this.notice.value = '';
    this.reading.value = {
      progress: null,
      files: sources.length,
      bytesTotal: sources.reduce((sum, { size }) => sum + size, 0),
      bytesPerSecond: null,
      millisLeft: null,
      hunting: false,
    };
    this.phase.value = 'reading';
    this.pool.wantedWorkers = this.workers.value === null ? null : Math.min(this.workers.value, processors());
    const run = this.pool.open(sources, (progress) => {
      if (this.run !== run || this.reading.value === null) return;
      rate.add(performance.now(), progress.bytes);
      this.reading.value = {
        ...this.reading.value,
        progress,
        bytesPerSecond: rate.get(),
        millisLeft: rate.left(progress.bytesTotal),
      };
    });
    this.run = run;
    const outcome = await run.done;
    if (this.run !== run) return;
    if (outcome.state !== 'done') {
      this.fail(outcome.why);
      return;
    }
    this.outcome.value = outcome;
    if (this.reading.value !== null) this.reading.value = { ...this.reading.value, hunting: true };
    try {
      const answer = await this.pool.huntWithIndex(this.settings.value);
      if (this.run !== run || !(await this.take(answer, () => this.run === run))) return;
      this.phase.value = 'done';
      this.announcement.value = summaryOf(this.report.value);
    } catch (error) {
      if (this.run === run) this.fail(sentenceOf(error));
    }
  }

  /** Stops reading and lets go of everything that was read. */
  cancel(): void {
    this.run?.cancel();
    this.forget();
    this.notice.value = 'Cancelled. Nothing was sent or kept.';
    this.phase.value = 'idle';
  }

  /** Back to the first view. */
  clear(): void {
    this.run?.cancel();
    this.forget();
    this.notice.value = '';
    this.phase.value = 'idle';
  }

  /** Something went wrong outside of a call to the engine. */
  stumble(what: string): void {
    if (this.phase.value === 'done') this.fault.value = what;
    else this.fail(what);
  }

  /** A fault of ours: the page says what happened and offers to start again. */
  fail(why: string): void {
    this.run?.cancel();
    this.forget();
    this.failure.value = why;
    this.phase.value = 'failed';
  }

  /** Hunts again with changed settings; no file is read. Of several changes in a row the last one counts. */
  async change(changes: Partial<Settings>): Promise<void> {
    const before = this.report.value;
    if (this.sources.value === null) {
      this.settingsProblem.value = 'No evidence is open: other settings need the files.';
      return;
    }
    const settings = { ...this.settings.value, ...changes };
    this.settings.value = settings;
    this.huntTurn += 1;
    const turn = this.huntTurn;
    if (before === null) return;
    try {
      const answer = await this.pool.huntWithIndex(settings);
      const wanted = () => turn === this.huntTurn && this.report.value !== null;
      if (!wanted() || !(await this.take(answer, wanted))) return;
      this.settingsProblem.value = '';
      this.announcement.value = differenceOf(before, this.report.value);
    } catch (error) {
      if (turn !== this.huntTurn) return;
      if (error instanceof EngineFailure && error.code !== null) this.settingsProblem.value = error.message;
      else this.fail(sentenceOf(error));
    }
  }

  /** The core's own bytes, for the JSON export. */
  json(): Uint8Array<ArrayBuffer> {
    return this.reportBytes;
  }

  /** One session of the report. Throws RangeError where there is none. */
  session(index: number): Session {
    if (this.sessions === null) throw new RangeError('no report is open');
    return this.sessions.at(index);
  }

  /** Shows a report; false when it is no longer wanted by the time it is read. What stood before stays until then. */
  private async take(answer: Awaited<ReturnType<Pool<File>['huntWithIndex']>>, wanted: () => boolean): Promise<boolean> {
    const read = await readReport(answer.report, null, async () => {
      await nextTurn();
      return wanted();
    });
    if (read === null || !wanted()) return false;
    this.show(answer.report, read, readIndex(answer.index));
    return true;
  }

  private show(bytes: Uint8Array<ArrayBuffer>, read: ReadReport, index: SessionIndex): void {
    batch(() => {
      this.reportBytes = bytes;
      this.sessions = read.sessions;
      this.report.value = read.report;
      this.index.value = index;
      this.view.picked.value = new Set();
      this.hunts.value += 1;
    });
  }

  private forget(): void {
    this.run = null;
    this.huntTurn += 1;
    this.reportBytes = new Uint8Array(0);
    this.report.value = null;
    this.index.value = null;
    this.sessions = null;
    this.linked = null;
    this.view.forget();
    this.reading.value = null;
    this.outcome.value = null;
    this.sources.value = [];
    this.unreadable.value = [];
    this.isSample.value = false;
    this.failure.value = '';
    this.fault.value = '';
    this.settings.value = { ...defaultSettings };
    this.settingsProblem.value = '';
    this.selectedId.value = null;
    this.tab.value = 'sessions';
    this.announcement.value = '';
  }
}

/** How many workers this machine can run at once. */
export function processors(): number {
  return navigator.hardwareConcurrency || 2;
}

async function isReport(file: File): Promise<boolean> {
  try {
    return looksLikeReport(new Uint8Array(await file.slice(0, kHeadBytes).arrayBuffer()));
  } catch {
    return false; // the reading says why
  }
}

/** The settings a report was made with, as the panel shows them. */
function settingsOf({ settings }: Report): Settings {
  const { as_of, as_of_instant, ...same } = settings;
  return { ...defaultSettings, ...same, as_of: as_of === 'newest' ? 'newest' : (as_of_instant ?? 'newest'), as_of_now: as_of === 'now' };
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

function summaryOf(report: Report | null): string {
  if (report === null) return '';
  return `${plural(report.totals.sessions, 'session')} found, ${report.sentinel === null ? 'the query cannot run' : plural(report.sentinel.length, 'Sentinel row')}.`;
}

function differenceOf(before: Report, after: Report | null): string {
  if (after === null) return '';
  const was = (from: number, to: number) => (from === to ? ' as before' : ` (was ${from.toLocaleString('en')})`);
  const rows = after.sentinel?.length ?? 0;
  return `${plural(after.totals.sessions, 'session')}${was(before.totals.sessions, after.totals.sessions)}, ${plural(rows, 'Sentinel row')}${was(before.sentinel?.length ?? 0, rows)}.`;
}
