// One Engine of the wasm module, from the side of JavaScript: text and blocks in, answers out. Runs in browser workers and Node workers alike
// and touches no platform API. Invariants: every address is read unsigned (`>>> 0`), HEAPU8 is fetched anew after each call because memory may
// have grown, no heap view outlives the call that made it, and text crosses as UTF-8 bytes with their length.
// A trap leaves as an exception: the host must not be used after one. An error code comes back as a value: the engine is sound.

import type { Engine, EngineModule, EngineModuleOptions } from '#engine';
import {
  dialects,
  type EngineProgress,
  type NewSignals,
  type PartBegin,
  type PartDone,
  queries,
  type RefusedInput,
  type TextKind,
} from './protocol';
import type { Settings } from './settings';

/** Codes of core/error.h that callers tell apart; a test compares them with that file. */
export const errorCodes = {
  ok: 0,
  badSetting: 5,
  noSuchInput: 9,
  outOfMemory: 10,
} as const;

/** `bytes` belong to the caller; with a code other than ok they are one sentence. */
export interface Answer {
  code: number;
  bytes: Uint8Array<ArrayBuffer>;
}

export type CreateEngineModule = (options: EngineModuleOptions) => Promise<EngineModule>;

// One call cannot report from inside itself. 256 KiB keep the worst input known (lines that are all broken, each tried joined with the next 64:
// 4 MB/s) below a tenth of a second; ordinary logs decode as fast as in pieces of 1 MiB.
export const kPieceBytes = 256 * 1024;

// An image is at most kImageBytes of core/store/transfer.h and one text more, which is seldom longer than this leaves for it.
const kImageRoomBytes = 1_100_000;

// Often enough for a person who watches a table grow.
export const kSignalsMillis = 500;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Instantiates the compiled module. Rejects when that fails (no memory, a module of another build). */
export function instantiate(create: CreateEngineModule, wasm: WebAssembly.Module): Promise<EngineModule> {
  return new Promise((resolve, reject) => {
    create({
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm), reject);
        return {};
      },
      printErr() {
        // The engine prints nothing; what the runtime would print may hold evidence and must not reach a console.
      },
      onAbort(reason) {
        reject(new Error(`The engine stopped: ${String(reason)}`));
      },
    }).then(resolve, reject);
  });
}

export class EngineHost {
  private engine: Engine;
  private memoryMebibytes: number | null = null;
  private signalsAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly module: EngineModule) {
    const [low, high] = crypto.getRandomValues(new Uint32Array(2));
    module.seed_hashes(low as number, high as number);
    this.engine = new module.Engine();
  }

  static async start(create: CreateEngineModule, wasm: WebAssembly.Module): Promise<EngineHost> {
    return new EngineHost(await instantiate(create, wasm));
  }

  /** Size of the wasm memory. It never shrinks, so this is its peak. */
  get heapBytes(): number {
    return this.module.HEAPU8.byteLength;
  }

  /** `containerBytes`: what the content takes in its container. */
  openInput(number: number, path: string, container: RefusedInput['container'], containerBytes = 0): Answer {
    const text = JSON.stringify({ number, path, container, container_bytes: containerBytes });
    return this.withText(text, (bytes) => this.engine.open_input(bytes));
  }

  /** A part of an input; its bytes are written from `from` on, until partEnded(). */
  openPart(number: number, path: string, from: number, to: number, { id, state, guess }: PartBegin): Answer {
    const text = JSON.stringify({ number, path, container: 'none', part: { id, from, to, state, guess } });
    return this.withText(text, (bytes) => this.engine.open_input(bytes));
  }

  /** The open part has all that it owns. */
  partEnded(): boolean {
    return this.engine.part_ended() === 1;
  }

  /** The open input is refused by what it begins with: no further byte of it is looked at. */
  inputRefused(): boolean {
    return this.engine.input_refused() === 1;
  }

  /** Bytes of a refused input that nobody reads. */
  skipInput(bytes: number): Answer {
    return this.withText(JSON.stringify({ bytes }), (length) => this.engine.skip_input(length));
  }

  /** As closeInput(), or with null as closeFull(), of a part. */
  closePart({ id }: PartBegin, why: string | null): PartDone {
    const answer = why === null ? this.closeFull() : this.closeInput(why);
    if (answer.code !== errorCodes.ok) throw new Error(`engine code ${answer.code}: ${sentence(answer)}`);
    const closed = JSON.parse(decoder.decode(answer.bytes));
    const { start, start_state: startState, end, end_state: endState, alone } = closed;
    return { id, start, startState, end, endState, alone };
  }

  dropPart(id: number): Answer {
    return this.answer(this.engine.drop_part(id));
  }

  /** `head`: the input's beginning. */
  planParts(head: Uint8Array): Answer {
    return this.withBytes(head, (bytes) => this.engine.plan_parts(bytes));
  }

  /** A note on the open input. */
  noteInput(code: string, message: string): Answer {
    return this.withText(JSON.stringify({ code, message }), (bytes) => this.engine.note_input(bytes));
  }

  /** Feeds one block of the open input; any cut gives the same events. Takes at most kPieceBytes at a time. */
  write(block: Uint8Array): Answer {
    const address = this.engine.begin_write(block.byteLength) >>> 0;
    if (address === 0) return { code: errorCodes.outOfMemory, bytes: encoder.encode('Memory is full.') };
    this.module.HEAPU8.set(block, address);
    return this.answer(this.engine.end_write(block.byteLength));
  }

  /** The most that what is held and a hunt over it may take. */
  limitMemory(mebibytes: number): void {
    this.memoryMebibytes = mebibytes;
    this.engine.limit_memory(mebibytes);
  }

  /** All that the engine holds goes. Its memory stays with the module, there for what comes next. */
  beginAnew(): void {
    this.engine.delete();
    this.engine = new this.module.Engine();
    if (this.memoryMebibytes !== null) this.engine.limit_memory(this.memoryMebibytes);
    this.signalsAt = Number.NEGATIVE_INFINITY;
  }

  /** Memory is full: the open input says so, and how many events fit. */
  closeFull(): Answer {
    return this.answer(this.engine.close_input(2, 0));
  }

  /** `why` empty: the input was read to its end; else one sentence on why its bytes stopped before. */
  closeInput(why: string): Answer {
    return this.withText(why, (bytes) => this.engine.close_input(why === '' ? 0 : 1, bytes));
  }

  refuseInput(input: RefusedInput): Answer {
    const { number, path, container, code, message, bytes: size = 0 } = input;
    return this.withText(JSON.stringify({ number, path, container, code, message, bytes: size }), (bytes) =>
      this.engine.refuse_input(bytes),
    );
  }

  progress(): EngineProgress {
    return JSON.parse(decoder.decode(this.answer(this.engine.progress()).bytes)) as EngineProgress;
  }

  /** Signals of the events read since the last call; undefined when that was less than half a second ago, or none is new. `now` in milliseconds. */
  signalsSoFar(now: number): NewSignals | undefined {
    if (now - this.signalsAt < kSignalsMillis) return undefined;
    this.signalsAt = now;
    const { bytes } = this.answer(this.engine.signals_so_far());
    return bytes.byteLength === 0 ? undefined : (JSON.parse(decoder.decode(bytes)) as NewSignals);
  }

  beginExport(): Answer {
    return this.answer(this.engine.begin_export());
  }

  /** Next image of the chain; empty at its end. It lies in `room` where it fits, else in memory that further ones will fit into. */
  nextImage(room: ArrayBuffer = new ArrayBuffer(kImageRoomBytes)): Answer {
    return this.answer(this.engine.next_image(), room);
  }

  /** `bytes`: what the other engine holds; `events`: how many. */
  beginImport(bytes: number, events: number, readsOn: boolean): Answer {
    return this.answer(this.engine.begin_import(Math.ceil(bytes / 1024), events, readsOn));
  }

  importImage(image: Uint8Array): Answer {
    return this.withBytes(image, (bytes) => this.engine.import_image(bytes));
  }

  endImport(): Answer {
    return this.answer(this.engine.end_import());
  }

  hunt(settings: Settings): Answer {
    return this.withText(JSON.stringify(settings), (bytes) => this.engine.hunt(bytes));
  }

  reportJson(): Answer {
    return this.answer(this.engine.report_json());
  }

  reportOutline(): Answer {
    return this.answer(this.engine.report_outline());
  }

  sessionIndex(): Answer {
    return this.answer(this.engine.session_index());
  }

  sessionResources(): Answer {
    return this.answer(this.engine.session_resources());
  }

  text(kind: TextKind): Answer {
    switch (kind.text) {
      case 'table': {
        const { text: _, ...table } = kind;
        return this.withText(JSON.stringify(table), (bytes) => this.engine.report_table(bytes));
      }
      case 'query':
        return this.answer(this.engine.report_query(queries.indexOf(kind.query), dialects.indexOf(kind.dialect)));
      default:
        return never(kind);
    }
  }

  sessionEvents(session: number, first: number, count: number): Answer {
    return this.answer(this.engine.session_events(session, first, count));
  }

  rejects(input: number, first: number, count: number): Answer {
    return this.answer(this.engine.rejects(input, first, count));
  }

  /** Frees the engine and all it holds; the memory stays with the module. */
  close(): void {
    this.engine.delete();
  }

  private withText(text: string, call: (bytes: number) => number): Answer {
    return this.withBytes(encoder.encode(text), call);
  }

  private withBytes(bytes: Uint8Array, call: (bytes: number) => number): Answer {
    const address = this.engine.text_in(bytes.byteLength) >>> 0;
    if (bytes.byteLength > 0) this.module.HEAPU8.set(bytes, address);
    return this.answer(call(bytes.byteLength));
  }

  private answer(code: number, room?: ArrayBuffer): Answer {
    const address = this.engine.answer_address() >>> 0;
    const length = this.engine.answer_bytes() >>> 0;
    const bytes = new Uint8Array(room !== undefined && length <= room.byteLength ? room : new ArrayBuffer(length), 0, length);
    bytes.set(this.module.HEAPU8.subarray(address, address + length));
    return { code, bytes };
  }
}

export function sentence(answer: Answer): string {
  return decoder.decode(answer.bytes);
}

/** What a switch over a union ends in. */
export function never(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
