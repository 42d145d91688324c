// The engine is WebAssembly with SIMD. A browser without it would refuse the whole module with an error for programmers; asked first, it gets a
// sentence for people. A second module without SIMD would be four times as slow, and would have to be tested everywhere as well.

import { ReadingFailed } from './reading';

/** The smallest module that has it: (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt). */
export const kSimdModule = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x0a, 0x01, 0x08,
  0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b,
]);

export const kNoSimd =
  'WebAssembly SIMD, which the reading engine is made of, is missing here or switched off: Chrome and Edge have it since version 91, Firefox ' +
  'since 89, Safari since 16.4, Node since 16.4. Update the browser or use another one; in a locked-down mode, allow WebAssembly for this page.';

/** Throws that sentence where the engine cannot be compiled. */
export function requireSimd(): void {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(kSimdModule)) throw new ReadingFailed(kNoSimd);
}
