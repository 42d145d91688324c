// What simdjson's westmere kernel includes for its instructions, compiled to WebAssembly SIMD: Emscripten's <nmmintrin.h> writes SSE4.2 with
// wasm_simd128.h, and here stand the two instructions that it lacks: the number of set bits and the carry-less product.
// Invariant: of products, only the one by a lane of all ones is ever asked for (simdjson::westmere::prefix_xor). Modulo 2^64 that is, bit by bit, the
// parity of the factor's bits up to that bit; the upper lane of the true product is never read, and is zero here.
#pragma once
#include <nmmintrin.h>

static inline __m128i _mm_clmulepi64_si128(__m128i factor, __m128i /*all_ones*/, const int /*lanes*/) {
  unsigned long long bits = static_cast<unsigned long long>(wasm_i64x2_extract_lane(static_cast<v128_t>(factor), 0));
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return static_cast<__m128i>(wasm_i64x2_make(static_cast<long long>(bits), 0));
}

static inline int _popcnt64(long long bits) { return __builtin_popcountll(static_cast<unsigned long long>(bits)); }
