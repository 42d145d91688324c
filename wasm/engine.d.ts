// The engine module as TypeScript sees it: one class, numbers in, numbers out. The contract of every method stands in
// core/engine/engine.h; a test compares this list with the built module.
// Every address must be read as unsigned (`address >>> 0`), and HEAPU8 fetched anew after every call: memory may have grown.

/** csh::Error; 0 is ok. After any other code the answer holds one sentence. */
export type ErrorCode = number;

export interface Engine {
  text_in(bytes: number): number;
  answer_address(): number;
  answer_bytes(): number;

  limit_memory(mebibytes: number): void;
  open_input(textBytes: number): ErrorCode;
  /** 0: memory is full. */
  begin_write(bytes: number): number;
  end_write(bytes: number): ErrorCode;
  note_input(textBytes: number): ErrorCode;
  close_input(cut: number, textBytes: number): ErrorCode;
  /** 0 or 1. */
  part_ended(): number;
  /** 0 or 1. */
  input_refused(): number;
  skip_input(textBytes: number): ErrorCode;
  drop_part(id: number): ErrorCode;
  plan_parts(headBytes: number): ErrorCode;
  refuse_input(textBytes: number): ErrorCode;

  progress(): ErrorCode;
  signals_so_far(): ErrorCode;

  begin_export(): ErrorCode;
  next_image(): ErrorCode;
  begin_import(kibibytes: number, events: number, reads_on: boolean): ErrorCode;
  import_image(imageBytes: number): ErrorCode;
  end_import(): ErrorCode;

  hunt(textBytes: number): ErrorCode;
  report_json(): ErrorCode;
  report_outline(): ErrorCode;
  session_index(): ErrorCode;
  session_resources(): ErrorCode;
  report_table(textBytes: number): ErrorCode;
  report_query(query: number, dialect: number): ErrorCode;
  session_events(session: number, first: number, count: number): ErrorCode;
  rejects(input: number, first: number, count: number): ErrorCode;

  /** Frees the C++ object. */
  delete(): void;
}

export interface EngineModule {
  /** Random bits that key the hash tables of engines made from then on (core/store/dictionary.h): evidence is written by attackers. */
  seed_hashes(low: number, high: number): void;
  Engine: { new (): Engine };
  readonly HEAPU8: Uint8Array;
}

export interface EngineModuleOptions {
  /** Gets the imports, must instantiate the module and hand the instance over; returns {} at once. */
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void): object;
  /** Anything the runtime would print; the engine prints nothing, so a call is a fault. */
  printErr?(text: string): void;
  onAbort?(reason: unknown): void;
}

export default function createEngineModule(options: EngineModuleOptions): Promise<EngineModule>;
