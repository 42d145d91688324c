// scripts/hunt: the same wasm engine as the page, in worker threads, without a page. The report goes to standard output and nothing else does;
// everything a person must know goes to standard error, control characters shown as escapes because names and messages come from the evidence.

import { availableParallelism } from 'node:os';
import { version } from '../../../package.json';
import { errorCodes, never } from '../engine/engine_host';
import { EngineFailure } from '../engine/pool';
import { openPool } from '../engine/pool_node';
import type { TextKind } from '../engine/protocol';
import { parseReport } from '../engine/report';
import { filesOf } from './files';
import { type HuntOptions, helpText, isQuery, parseCommandLine } from './options';
import { judge } from './verdict';

const kFault = 1;
const kUsage = 2;

async function main(): Promise<number> {
  const line = parseCommandLine(process.argv.slice(2), new Date(), availableParallelism());
  switch (line.run) {
    case 'help':
      await print(helpText);
      return 0;
    case 'version':
      await print(`cloudshell-hunt ${version}\n`);
      return 0;
    case 'refuse':
      complain(`${line.why} See hunt --help.`);
      return kUsage;
    case 'hunt':
      return hunt(line.options);
    default:
      return never(line);
  }
}

async function hunt(options: HuntOptions): Promise<number> {
  const started = performance.now();
  const { sources, problems } = filesOf(options.paths);
  const pool = openPool(
    { worker: new URL('./worker_node.mjs', import.meta.url), wasm: new URL('./engine.wasm', import.meta.url) },
    options.workers,
    { memoryMebibytes: options.memory },
  );
  try {
    const outcome = await pool.open(sources, () => undefined).done;
    if (outcome.state !== 'done') {
      complain(outcome.why);
      return kFault;
    }
    const read = performance.now();
    const json = await pool.hunt(options.settings);
    const { format, view } = options;
    await print(format === 'json' ? json : await pool.text(textKind({ format, view })));
    const verdict = judge(parseReport(json), problems);
    for (const said of verdict.lines) complain(said);
    if (options.stats) {
      const seconds = (read - started) / 1000;
      const { engine, parts } = outcome;
      complain(
        `${engine.bytes} bytes, ${engine.events} events in ${seconds.toFixed(2)} s (${(engine.bytes / 1e6 / seconds).toFixed(0)} MB/s), ` +
          `${parts.count} parts, ${parts.again} read twice, hunt and report ${((performance.now() - read) / 1000).toFixed(2)} s, wasm memory ${mebibytes(Math.max(outcome.heapBytes, pool.heapBytes))} MiB`,
      );
    }
    return verdict.status;
  } catch (error) {
    if (error instanceof EngineFailure) {
      complain(error.message);
      return error.code === errorCodes.badSetting ? kUsage : kFault;
    }
    throw error;
  } finally {
    pool.close();
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function textKind({ format, view }: Pick<HuntOptions, 'view'> & { format: Exclude<HuntOptions['format'], 'json'> }): TextKind {
  if (isQuery(format)) return { text: 'query', query: view === 'sentinel' ? 'published' : 'sessions', dialect: format };
  const linesOfEvents = format === 'json-lines' || format === 'timesketch';
  return { text: 'table', table: linesOfEvents ? 'events' : view, form: format };
}

/** Resolves when the text has left this process, or when nobody wants it any more (EPIPE). */
function print(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

function complain(text: string): void {
  process.stderr.write(`hunt: ${visible(text)}\n`);
}

/** Control, bidirectional and zero-width characters as \u{…}: a file name must not rewrite the terminal. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

// The callbacks of write() get the errors that matter; without listeners an EPIPE would end the process with a stack trace.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    complain(`This is a fault of the program: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = kFault;
  },
);
