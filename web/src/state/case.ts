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
import { ArrivingSessions, drawn, nextTurn, quiet, readReport, type Sessions, sessionList, sessionsByIndex } from './report_lines';
import { type Column, readIndex, readResources, type SessionIndex, SessionIndexBuilder } from './session_index';
import { SessionsView } from './sessions_view';
import type { FileSource, Gathered } from './sources';

// Settings are often changed several times in a row, and all of a report takes the engine as long as a hunt: what nobody asked for waits until there
// was no change for this long.
const kQuietMillis = 400;
// Rows that a first table draws at most.
const kFirstPlaces = 60;

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

  /** Counts how often sessions arrived after their report was shown. */
  readonly arrivals = signal(0);

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
  /** Resolves when all of the report is here, or when another one is shown. */
  private rest: Promise<void> = Promise.resolve();
  /** The rest of the report shall come now. */
  private hurryRest = () => {};
  /** The hunt that was asked for last, while it runs; never rejects. */
  private hunting: Promise<void> | null = null;
  /** Places of the table that were drawn last: the sessions that a changed setting shows at once. */
  placesDrawn = { first: 0, last: kFirstPlaces };
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
        this.show(read.report, sessionList(read.report.sessions), builder.build(), builder.buildResources());
        this.reportBytes = read.bytes;
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
      if (!(await this.hunt(this.settings.value, () => this.run === run))) return;
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
      if (!(await this.hunt(settings, () => turn === this.huntTurn && this.report.value !== null))) return;
      this.settingsProblem.value = '';
      this.announcement.value = differenceOf(before, this.report.value);
    } catch (error) {
      if (turn !== this.huntTurn) return;
      if (error instanceof EngineFailure && error.code !== null) this.settingsProblem.value = error.message;
      else this.fail(sentenceOf(error));
    }
  }

  /** The report's own bytes, for the JSON export. Rejects with an EngineFailure. */
  async json(): Promise<Uint8Array<ArrayBuffer>> {
    await this.whole();
    return this.reportBytes;
  }

  /** Resolves when every session of the report is here: what leaves the page waits for it. Rejects with an EngineFailure. */
  async whole(): Promise<void> {
    // Another report may be shown meanwhile; then that one's.
    for (let rest: Promise<void> | null = null; rest !== this.rest; await rest) {
      rest = this.rest;
      this.hurryRest();
    }
  }

  /** Shows a session's detail. */
  select(index: number): void {
    this.selectedId.value = this.index.value?.names[index] ?? null;
  }

  /** One session of the report; null: it is on its way, and `arrivals` will say that it came. Throws RangeError where there is none. */
  sessionIfHere(index: number): Session | null {
    if (this.sessions === null) throw new RangeError('no report is open');
    const session = this.sessions.at(index);
    if (session === null) this.hurryRest();
    return session;
  }

  /** One session of a report that is here in whole. Throws RangeError where there is none. */
  session(index: number): Session {
    const session = this.sessionIfHere(index);
    if (session === null) throw new RangeError(`session ${index} is not here yet`);
    return session;
  }

  /** Hunts and shows what was found; false when it is no longer wanted by then. What stood before stays until then. */
  private async hunt(settings: Settings, wanted: () => boolean): Promise<boolean> {
    const shown = this.huntAndShow(settings, wanted);
    const ended = shown.then(
      () => undefined,
      () => undefined,
    );
    this.hunting = ended;
    try {
      return await shown;
    } finally {
      if (this.hunting === ended) this.hunting = null;
    }
  }

  private async huntAndShow(settings: Settings, wanted: () => boolean): Promise<boolean> {
    const { outline, index: columns } = await this.pool.huntInOutline(settings);
    if (!wanted()) return false;
    const index = readIndex(columns);
    // What is shown depends on the resources while something is searched for; else they come with the rest.
    const resources = this.view.searching ? readResources(await this.pool.sessionResources()) : null;
    if (!wanted()) return false;
    const indexes = this.lookedAt(index, resources);
    const [read, lines] = await Promise.all([
      readReport(outline, turnsWhile(wanted)),
      indexes.length === 0 ? null : this.pool.text({ text: 'table', table: 'sessions', form: 'json-lines', sessions: indexes }),
    ]);
    if (read === null || !wanted()) return false;
    const sessions = new ArrivingSessions(index.count, lines === null ? new Map() : sessionsByIndex(lines, indexes));
    this.show(read.report, sessions, index, resources);
    const turn = this.hunts.value;
    const current = () => this.hunts.value === turn && this.report.value !== null;
    this.rest = this.takeRest(read.report, sessions, current);
    this.rest.catch((error: unknown) => {
      if (current()) this.fault.value = `Not all of the report could be made: ${sentenceOf(error)}`;
    });
    return true;
  }

  /** Sessions that are seen as soon as this index is shown. */
  private lookedAt(index: SessionIndex, resources: Column | null): number[] {
    const { first, last } = this.placesDrawn;
    const indexes = new Set(this.view.orderOf(index, resources).slice(first, last));
    const selected = this.selectedId.value === null ? undefined : index.ids.get(this.selectedId.value);
    if (selected !== undefined) indexes.add(selected);
    return [...indexes];
  }

  private async takeRest(report: Report, sessions: ArrivingSessions, wanted: () => boolean): Promise<void> {
    // What is seen first is drawn first.
    const hurried = new Promise<void>((resolve) => {
      this.hurryRest = resolve;
    });
    await drawn();
    await quiet(kQuietMillis, hurried);
    // From the moment a newer hunt is asked for the engine's answers are about that one; refused, it leaves the engine with this report's findings.
    while (this.hunting !== null) await this.hunting;
    if (!wanted()) return;
    const [columns, bytes] = await Promise.all([this.pool.sessionResources(), this.pool.report()]);
    if (wanted()) this.view.resources.value = readResources(columns);
    const read = wanted() ? await readReport(bytes, turnsWhile(wanted)) : null;
    if (read === null || !wanted()) return;
    sessions.complete(read.lines);
    this.reportBytes = bytes;
    // Parsed when first read: for exports, not for what is shown.
    let all: Session[] | null = null;
    Object.defineProperty(report, 'sessions', {
      enumerable: true,
      configurable: true,
      get: () => {
        all ??= read.lines.starts.map((_, index) => sessions.at(index) as Session);
        return all;
      },
    });
    this.arrivals.value += 1;
  }

  private show(report: Report, sessions: Sessions, index: SessionIndex, resources: Column | null): void {
    batch(() => {
      this.view.resources.value = resources;
      this.sessions = sessions;
      this.report.value = report;
      this.index.value = index;
      this.view.picked.value = new Set();
      this.hunts.value += 1;
    });
  }

  private forget(): void {
    this.run = null;
    this.huntTurn += 1;
    this.reportBytes = new Uint8Array(0);
    this.rest = Promise.resolve();
    this.placesDrawn = { first: 0, last: kFirstPlaces };
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

/** Lets the browser draw and take input between two turns of a reading; then whether it goes on. */
const turnsWhile = (wanted: () => boolean) => async (): Promise<boolean> => {
  await nextTurn();
  return wanted();
};

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
