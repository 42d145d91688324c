import { afterEach, expect, test, vi } from 'vitest';
import { openPool } from '../../web/src/engine/pool_node';
import { kNoSimd, kSimdModule, requireSimd } from '../../web/src/engine/simd';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('the module asked about is one with SIMD, and nothing else is wrong with it', () => {
  expect(WebAssembly.validate(kSimdModule)).toBe(true);
  expect(() => requireSimd()).not.toThrow();
  // The same with an instruction that no version of SIMD has.
  const unknown = kSimdModule.slice();
  unknown[unknown.length - 2] = 0x9a;
  expect(WebAssembly.validate(unknown)).toBe(false);
});

test('without SIMD or WebAssembly a reading fails with the sentence, before anything is compiled or started', async () => {
  const compile = vi.spyOn(WebAssembly, 'compile');
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const nowhere = new URL('file:///nowhere');
  const pool = openPool({ worker: nowhere, wasm: nowhere }, 2);
  const outcome = await pool.open(
    [{ path: 'a', size: 1, handle: { name: new Uint8Array(), size: 1, modified: 0, status: 0 } }],
    () => undefined,
  ).done;
  expect(outcome.state).toBe('failed');
  expect(outcome.why).toBe(kNoSimd);
  expect(compile).not.toHaveBeenCalled();
  pool.close();
  vi.stubGlobal('WebAssembly', undefined);
  expect(() => requireSimd()).toThrow(kNoSimd);
});
