// The built wasm module itself, in Node: that its methods are those of the hand-written types, that no cut of the bytes and no split of the inputs
// over engines changes a byte of the report. Needs build/wasm (scripts/build).

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import createEngineModule, { type EngineModule } from '#engine';
import { type Answer, EngineHost, errorCodes, instantiate } from '../../web/src/engine/engine_host';
import { defaultSettings } from '../../web/src/engine/settings';
import { evidence } from './evidence';

const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let module: EngineModule;
beforeAll(async () => {
  module = await instantiate(createEngineModule, await WebAssembly.compile(readFileSync(file('build/wasm/engine.wasm'))));
});

const newEngine = (): EngineHost => new EngineHost(module);

function ok(answer: Answer): Uint8Array<ArrayBuffer> {
  if (answer.code !== errorCodes.ok) throw new Error(`code ${answer.code}: ${decoder.decode(answer.bytes)}`);
  return answer.bytes;
}

/** Feeds one input, cut at the offsets given. */
function feed(engine: EngineHost, number: number, path: string, content: Uint8Array, cuts: readonly number[] = []): void {
  ok(engine.openInput(number, path, 'none'));
  const ends = [...new Set(cuts)].filter((cut) => cut > 0 && cut < content.byteLength).sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, content.byteLength]) {
    ok(engine.write(content.subarray(from, end)));
    from = end;
  }
  ok(engine.closeInput(''));
}

function report(engine: EngineHost): string {
  ok(engine.hunt(defaultSettings));
  return decoder.decode(ok(engine.reportJson()));
}

function reportOf(path: string, content: Uint8Array, cuts: readonly number[]): string {
  const engine = newEngine();
  feed(engine, 0, path, content, cuts);
  const text = report(engine);
  engine.close();
  return text;
}

describe('the hand-written types', () => {
  // Embind gives every class these through its base; they are not the engine's.
  const embind = ['constructor'];

  test('name every method of the built class and no other', () => {
    const types = readFileSync(file('wasm/engine.d.ts'), 'utf8');
    const body = /export interface Engine \{(.*?)\n\}/s.exec(types)?.[1] ?? '';
    const written = Array.from(body.matchAll(/^ {2}(\w+)\(/gm), (match) => match[1] as string);
    expect(written).toContain('begin_write');
    const prototype = module.Engine.prototype as object;
    const built = Object.getOwnPropertyNames(prototype).filter((name) => !embind.includes(name));
    expect(written.filter((name) => name !== 'delete').sort()).toEqual(built.sort());
    expect(typeof (prototype as { delete?: unknown }).delete).toBe('function');
    expect(module.HEAPU8).toBeInstanceOf(Uint8Array);
  });

  test('error codes are those of core/error.h', () => {
    const body = /enum class \[\[nodiscard\]\] Error[^{]*\{(.*?)\};/s.exec(readFileSync(file('core/error.h'), 'utf8'))?.[1] ?? '';
    const names = Array.from(body.matchAll(/^ +(\w+)/gm), (match) => match[1] as string);
    expect(names.indexOf('ok')).toBe(errorCodes.ok);
    expect(names.indexOf('bad_setting')).toBe(errorCodes.badSetting);
    expect(names.indexOf('no_such_input')).toBe(errorCodes.noSuchInput);
    expect(names.indexOf('out_of_memory')).toBe(errorCodes.outOfMemory);
  });

  test('the built glue makes no code from text', () => {
    const glue = readFileSync(file('build/wasm/engine.mjs'), 'utf8');
    expect(/\beval\s*\(|\bFunction\s*\(/.test(glue)).toBe(false);
  });
});

describe('any cut of the bytes', () => {
  test.each(Object.entries(evidence))(
    '%s: in two at every offset, and in single bytes',
    (path, content) => {
      const bytes = encoder.encode(content);
      const whole = reportOf(path, bytes, []);
      expect(JSON.parse(whole).totals.events).toBeGreaterThan(0);
      expect(JSON.parse(whole).inputs[0].bytes).toBe(bytes.byteLength);
      const wrong = Array.from(bytes.keys()).filter((cut) => reportOf(path, bytes, [cut]) !== whole);
      expect(wrong).toEqual([]);
      expect(reportOf(path, bytes, Array.from(bytes.keys()))).toBe(whole);
    },
    60_000,
  );

  test.each(Object.entries(evidence))(
    '%s: in any blocks',
    (path, content) => {
      const bytes = encoder.encode(content);
      const whole = reportOf(path, bytes, []);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: bytes.byteLength - 1 }), { maxLength: 20 }), (cuts) => {
          expect(reportOf(path, bytes, cuts)).toBe(whole);
        }),
      );
    },
    60_000,
  );
});

describe('several engines', () => {
  const inputs = Object.entries(evidence).map(([path, content], number) => ({ number, path, bytes: encoder.encode(content) }));

  function split(shares: number[][]): string {
    const engines = shares.map((share) => {
      const engine = newEngine();
      for (const number of share) {
        const { path, bytes } = inputs[number] as (typeof inputs)[number];
        feed(engine, number, path, bytes);
      }
      return engine;
    });
    const [main, ...others] = engines as [EngineHost, ...EngineHost[]];
    for (const other of others) {
      ok(other.beginExport());
      ok(main.beginImport(0, 0, false));
      for (let image = ok(other.nextImage()); image.byteLength > 0; image = ok(other.nextImage())) ok(main.importImage(image));
      ok(main.endImport());
    }
    return report(main);
  }

  test('any split of the inputs over engines, in any order, gives the same bytes', () => {
    const one = split([[0, 1, 2]]);
    expect(JSON.parse(one).inputs.length).toBe(3);
    expect(JSON.parse(one).sessions.length).toBeGreaterThan(1);
    for (const shares of [[[2, 1, 0]], [[0], [1], [2]], [[2], [1], [0]], [[1, 2], [0]], [[], [0, 2], [1]], [[0, 1, 2], []]]) {
      expect(split(shares), JSON.stringify(shares)).toBe(one);
    }
  });
});

describe('around the engine', () => {
  test('text crosses as UTF-8 with its length: a path of every kind comes back as it went in', () => {
    const path = 'Ålice/\u{1f600}/\u{202e}x"\\\n.json';
    const engine = newEngine();
    feed(engine, 0, path, encoder.encode('[]'));
    expect(JSON.parse(report(engine)).inputs[0].path).toBe(path);
  });

  test('what a container left out is a note on the open input, its size stands beside the bytes', () => {
    const engine = newEngine();
    expect(engine.noteInput('left_out', 'x').code).not.toBe(errorCodes.ok);
    ok(engine.openInput(1, 'a.zip!b', 'zip', 123_456_789_012));
    ok(engine.noteInput('left_out', 'A "file" was left out.'));
    ok(engine.closeInput(''));
    ok(engine.openInput(2, 'c', 'gzip', 7));
    ok(engine.closeInput('It is cut.'));
    const { inputs } = JSON.parse(report(engine));
    expect(inputs[0]).toMatchObject({ container: 'zip', container_bytes: 123_456_789_012, bytes: 0, cut: false });
    // Who closes an input with nothing in it has said why; the core does not call it an empty file beside that.
    expect(inputs[0].notes).toEqual([{ code: 'left_out', message: 'A "file" was left out.' }]);
    expect(inputs[1].notes).toEqual([{ code: 'cut', message: 'It is cut.' }]);
  });

  test('an empty input, a cut one and a refused one are rows that say so', () => {
    const engine = newEngine();
    feed(engine, 0, 'a-empty.json', new Uint8Array(0));
    ok(engine.openInput(1, 'b-cut.json', 'none'));
    ok(engine.write(encoder.encode('{"time":')));
    ok(engine.closeInput('The file ended too soon.'));
    ok(engine.refuseInput({ number: 2, path: 'c.gz', container: 'gzip', code: 'gzip', message: 'This is a gzip file.' }));
    const { inputs } = JSON.parse(report(engine));
    expect(inputs.map((input: { path: string }) => input.path)).toEqual(['a-empty.json', 'b-cut.json', 'c.gz']);
    expect(inputs[0].notes).toMatchObject([{ code: 'empty' }]);
    expect(inputs[1]).toMatchObject({ cut: true, refused: false });
    expect(JSON.stringify(inputs[1].notes)).toContain('The file ended too soon.');
    expect(inputs[2]).toMatchObject({ refused: true, container: 'gzip', notes: [{ code: 'gzip', message: 'This is a gzip file.' }] });
  });

  test('a wrong setting is refused with a sentence, and the next hunt runs', () => {
    const engine = newEngine();
    feed(engine, 0, 'az.json', encoder.encode(evidence['az.json'] as string));
    const answer = engine.hunt({ ...defaultSettings, window: 'soon' });
    expect(answer.code).toBe(errorCodes.badSetting);
    expect(decoder.decode(answer.bytes)).toMatch(/\w.*\./);
    expect(JSON.parse(report(engine)).totals.events).toBe(2);
  });

  test('a changed setting needs no second reading', () => {
    const engine = newEngine();
    feed(engine, 0, 'az.json', encoder.encode(evidence['az.json'] as string));
    const before = report(engine);
    ok(engine.hunt({ ...defaultSettings, window: '1m' }));
    expect(decoder.decode(ok(engine.reportJson()))).not.toBe(before);
    expect(report(engine)).toBe(before);
  });

  test('progress counts what was given', () => {
    const engine = newEngine();
    const bytes = encoder.encode(evidence['az.json'] as string);
    feed(engine, 0, 'az.json', bytes);
    expect(engine.progress()).toMatchObject({ events: 2, rejected: 0, bytes: bytes.byteLength });
    expect(engine.heapBytes).toBeGreaterThan(0);
  });
});
