// An engine module without wasm, for tests of what stands around it. It keeps what it was given per input and answers with counts of it, and it is as
// unfriendly as the real one may be: every call that hands out room moves the memory and detaches the old one, so a kept view fails.

import type { Engine, EngineModule } from '../../wasm/engine';

export interface FakeInput {
  number: number;
  path: string;
  content: Uint8Array[];
  blocks: number[];
  container: string;
  containerBytes: number;
  notes: string[];
  closed: boolean;
  cut: string;
  refused: string;
  message: string;
  skipped: number;
  part: { from: number; to: number; state: string; guess: boolean } | null;
}

export interface FakeEngineOptions {
  /** begin_write gives no memory once this many bytes were taken. */
  memoryBytes?: number;
  /** Where a part's last record ends; without it, where the input does. */
  partEnd?: number;
  /** end_write traps when the input's bytes hold this text. */
  trapOn?: string;
  /** An input whose bytes hold this text is refused as binary. */
  refuseOn?: string;
  /** Answers of signals_so_far, one after the other. */
  signals?: string[];
}

// Where room begins: address 0 means that there is none.
const kRoom = 8;
const blank = { containerBytes: 0, closed: false, cut: '', refused: '', message: '', skipped: 0, part: null };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class FakeEngine implements Engine {
  readonly inputs: FakeInput[] = [];
  private answerBytes: Uint8Array = new Uint8Array(0);
  private room = 0;
  private taken = 0;
  limit: number | null = null;

  constructor(
    private readonly memory: { HEAPU8: Uint8Array },
    private readonly options: FakeEngineOptions,
  ) {}

  /** Room for some bytes in a memory that has just moved. */
  private grow(bytes: number): number {
    structuredClone(null, { transfer: [this.memory.HEAPU8.buffer as ArrayBuffer] });
    this.memory.HEAPU8 = new Uint8Array(kRoom + bytes);
    return kRoom;
  }

  private text(bytes: number): string {
    return decoder.decode(this.memory.HEAPU8.subarray(this.room, this.room + bytes));
  }

  private answer(text: string): number {
    this.answerBytes = encoder.encode(text);
    return 0;
  }

  private open(): FakeInput {
    const input = this.inputs.at(-1);
    if (input === undefined || input.closed) throw new Error('no open input');
    return input;
  }

  text_in(bytes: number): number {
    this.room = this.grow(bytes);
    return this.room;
  }
  answer_address(): number {
    const address = this.grow(this.answerBytes.byteLength);
    this.memory.HEAPU8.set(this.answerBytes, address);
    return address;
  }
  answer_bytes(): number {
    return this.answerBytes.byteLength;
  }
  limit_memory(mebibytes: number): void {
    this.limit = mebibytes;
  }
  open_input(textBytes: number): number {
    const { number, path, container, container_bytes: containerBytes, part = null } = JSON.parse(this.text(textBytes));
    this.inputs.push({ ...blank, number, path, container, containerBytes, content: [], blocks: [], notes: [], part });
    return this.answer('');
  }
  note_input(textBytes: number): number {
    const { code } = JSON.parse(this.text(textBytes));
    this.open().notes.push(code);
    return this.answer('');
  }
  begin_write(bytes: number): number {
    if (this.taken + bytes > (this.options.memoryBytes ?? Number.POSITIVE_INFINITY)) return 0;
    this.room = this.grow(bytes);
    return this.room;
  }
  end_write(bytes: number): number {
    const input = this.open();
    const block = this.memory.HEAPU8.slice(this.room, this.room + bytes);
    input.content.push(block);
    input.blocks.push(bytes);
    this.taken += bytes;
    if (this.options.trapOn !== undefined && decoder.decode(block).includes(this.options.trapOn)) throw new Error('unreachable');
    if (this.options.refuseOn !== undefined && decoder.decode(block).includes(this.options.refuseOn)) input.refused = 'binary';
    return this.answer('');
  }
  input_refused(): number {
    const input = this.inputs.at(-1);
    return input !== undefined && !input.closed && input.refused !== '' ? 1 : 0;
  }
  skip_input(textBytes: number): number {
    const { bytes } = JSON.parse(this.text(textBytes));
    this.open().skipped += bytes;
    return this.answer('');
  }
  close_input(cut: number, textBytes: number): number {
    const input = this.open();
    input.closed = true;
    if (cut === 1) input.cut = this.text(textBytes);
    if (cut === 2) input.cut = 'memory_full';
    if (input.part === null) return this.answer('');
    const { from, state } = input.part;
    const ended = this.part_ended() === 1;
    const end = ended ? this.options.partEnd : from + lengthOf(input);
    return this.answer(
      JSON.stringify({ start: from, start_state: state, end, end_state: ended ? 's' : '', whole: cut === 0, alone: false }),
    );
  }
  part_ended(): number {
    const input = this.inputs.at(-1);
    const end = this.options.partEnd ?? Number.POSITIVE_INFINITY;
    return input !== undefined && input.part !== null && input.part.from + lengthOf(input) >= end ? 1 : 0;
  }
  drop_part(): number {
    return this.answer('');
  }
  plan_parts(headBytes: number): number {
    return this.answer(`planned from ${headBytes}`);
  }
  refuse_input(textBytes: number): number {
    const { number, path, container, code, message } = JSON.parse(this.text(textBytes));
    this.inputs.push({ ...blank, number, path, container, content: [], blocks: [], notes: [], closed: true, refused: code, message });
    return this.answer('');
  }
  progress(): number {
    const bytes = this.inputs.reduce((sum, input) => sum + lengthOf(input), 0);
    return this.answer(
      JSON.stringify({ events: this.inputs.length, rejected: 0, other: 0, bytes, heap_events_bytes: 0, heap_text_bytes: 0 }),
    );
  }
  signals_so_far(): number {
    return this.answer(this.options.signals?.shift() ?? '');
  }
  session_index(): number {
    return this.answer('');
  }
  session_resources(): number {
    return this.answer('');
  }
  begin_export(): number {
    return this.answer('');
  }
  next_image(): number {
    return this.answer('');
  }
  begin_import(): number {
    return this.answer('');
  }
  import_image(): number {
    return this.answer('');
  }
  end_import(): number {
    return this.answer('');
  }
  hunt(textBytes: number): number {
    const { window } = JSON.parse(this.text(textBytes));
    if (window === 'wrong') {
      this.answer('a setting is wrong');
      return 5;
    }
    return this.answer('');
  }
  report_json(): number {
    return this.answer(
      JSON.stringify(this.inputs.map((input) => ({ path: input.path, bytes: lengthOf(input), cut: input.cut, refused: input.refused }))),
    );
  }
  report_outline(): number {
    return this.report_json();
  }
  report_table(textBytes: number): number {
    return this.answer(this.text(textBytes));
  }
  report_query(query: number, dialect: number): number {
    return this.answer(`query ${query} ${dialect}`);
  }
  session_events(session: number, first: number, count: number): number {
    return this.answer(JSON.stringify({ session, first, count }));
  }
  rejects(input: number, first: number, count: number): number {
    return this.answer(JSON.stringify({ input, first, count }));
  }
  delete(): void {}
}

const lengthOf = (input: FakeInput): number => input.blocks.reduce((sum, bytes) => sum + bytes, 0);

/** A module whose engine the test can look into. */
export function fakeModule(options: FakeEngineOptions = {}): { create: () => Promise<EngineModule>; engine: () => FakeEngine } {
  let made: FakeEngine | null = null;
  const memory = { HEAPU8: new Uint8Array(1) };
  const module = {
    get HEAPU8() {
      return memory.HEAPU8;
    },
    seed_hashes() {},
    Engine: class extends FakeEngine {
      constructor() {
        super(memory, options);
        made = this;
      }
    },
  };
  return {
    create: async () => module,
    engine: () => {
      if (made === null) throw new Error('the engine was not started');
      return made;
    },
  };
}
