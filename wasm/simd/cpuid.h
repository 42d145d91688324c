// What simdjson asks the processor, answered for WebAssembly with SIMD: the kernel that is compiled in (westmere: SSE4.2 and carry-less product)
// always runs, and nothing beyond it does. A module with SIMD does not even compile where the browser has none, so there is nothing to detect.
#pragma once

static inline int __get_cpuid(unsigned leaf, unsigned* a, unsigned* b, unsigned* c, unsigned* d) {
  constexpr unsigned kCarrylessProduct = 1u << 1, kSse42 = 1u << 20;
  *a = *b = *d = 0;
  *c = leaf == 1 ? kCarrylessProduct | kSse42 : 0;
  return 1;
}
