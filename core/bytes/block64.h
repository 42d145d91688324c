// 64 bytes at once: which of them equal a byte, as a mask with the first byte in bit 0, and what masks are combined with. WebAssembly SIMD in
// wasm, SSE2 on x86-64, plain words elsewhere. Invariant: every form gives the same masks; PlainBlock is always there to be compared with.
// A Block reads 64 bytes whatever lies there; who may have fewer takes a TextBlock.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace csh {

inline constexpr size_t kBlockBytes = 64;

class PlainBlock {
 public:
  explicit PlainBlock(const char* bytes) { std::memcpy(words_, bytes, kBlockBytes); }
  uint64_t equal(char c) const {
    static_assert(std::endian::native == std::endian::little, "the first byte of a word must be its lowest");
    constexpr uint64_t kLow = 0x0101010101010101u, kSeven = 0x7F7F7F7F7F7F7F7Fu;
    uint64_t mask = 0;
    for (int word = 0; word < 8; ++word) {
      const uint64_t x = words_[word] ^ (kLow * static_cast<unsigned char>(c));
      // The top bit of each byte that is zero in x; none is carried into its neighbour.
      const uint64_t zero = ~(((x & kSeven) + kSeven) | x | kSeven);
      // Gathers the eight top bits: each product of a bit and a one lands in a place of its own.
      mask |= (((zero >> 7) * 0x0102040810204080u) >> 56) << (8 * word);
    }
    return mask;
  }
  uint64_t either(char c, char d) const { return equal(c) | equal(d); }

 private:
  uint64_t words_[8];
};

#if defined(__wasm_simd128__)
class Block {
 public:
  explicit Block(const char* bytes)
      : a_(wasm_v128_load(bytes)), b_(wasm_v128_load(bytes + 16)), c_(wasm_v128_load(bytes + 32)), d_(wasm_v128_load(bytes + 48)) {}
  uint64_t equal(char c) const {
    const v128_t wanted = wasm_i8x16_splat(c);
    return bits([&](v128_t part) { return wasm_i8x16_eq(part, wanted); });
  }
  // equal(c) | equal(d), and cheaper.
  uint64_t either(char c, char d) const {
    const v128_t wanted = wasm_i8x16_splat(c), or_this = wasm_i8x16_splat(d);
    return bits([&](v128_t part) { return wasm_v128_or(wasm_i8x16_eq(part, wanted), wasm_i8x16_eq(part, or_this)); });
  }

 private:
  template <class Found>
  uint64_t bits(Found found) const {
    const auto mask = [&](v128_t part) { return static_cast<uint64_t>(static_cast<uint32_t>(wasm_i8x16_bitmask(found(part)))); };
    return mask(a_) | mask(b_) << 16 | mask(c_) << 32 | mask(d_) << 48;
  }
  v128_t a_, b_, c_, d_;
};
#elif defined(__SSE2__)
class Block {
 public:
  explicit Block(const char* bytes) : a_(load(bytes)), b_(load(bytes + 16)), c_(load(bytes + 32)), d_(load(bytes + 48)) {}
  uint64_t equal(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    return bits([&](__m128i part) { return _mm_cmpeq_epi8(part, wanted); });
  }
  uint64_t either(char c, char d) const {
    const __m128i wanted = _mm_set1_epi8(c), or_this = _mm_set1_epi8(d);
    return bits([&](__m128i part) { return _mm_or_si128(_mm_cmpeq_epi8(part, wanted), _mm_cmpeq_epi8(part, or_this)); });
  }

 private:
  template <class Found>
  uint64_t bits(Found found) const {
    const auto mask = [&](__m128i part) { return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found(part)))); };
    return mask(a_) | mask(b_) << 16 | mask(c_) << 32 | mask(d_) << 48;
  }
  static __m128i load(const char* bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)); }
  __m128i a_, b_, c_, d_;
};
#else
using Block = PlainBlock;
#endif

// Bits below `count`, which is at most 64.
constexpr uint64_t bits_below(size_t count) { return count >= 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

// Up to 64 bytes of a text, those at `at` and behind; bits for bytes beyond its end are zero. Reads nothing outside of the text: a short last
// block is the text's last 64 bytes, shifted.
class TextBlock {
 public:
  TextBlock(std::string_view text, size_t at)
      : count_(text.size() - at < kBlockBytes ? text.size() - at : kBlockBytes),
        shift_(text.size() < kBlockBytes ? 0 : kBlockBytes - count_),
        block_(text.size() < kBlockBytes ? copied(text, at, count_) : Block(text.data() + at - shift_)) {}
  size_t count() const { return count_; }
  uint64_t equal(char c) const { return within(block_.equal(c)); }
  uint64_t either(char c, char d) const { return within(block_.either(c, d)); }

 private:
  uint64_t within(uint64_t bits) const { return (bits >> shift_) & bits_below(count_); }
  static Block copied(std::string_view text, size_t at, size_t count) {
    char room[kBlockBytes] = {};
    std::memcpy(room, text.data() + at, count);
    return Block(room);
  }
  size_t count_, shift_;
  Block block_;
};

// Bit i: whether an odd number of the bits 0..i is set. Of a mask of quotes: what lies inside, opening quotes with it, closing ones without.
constexpr uint64_t prefix_xor(uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

// Bytes that a backslash before them escapes. `carry`: the first byte is escaped; becomes whether the byte behind the block is.
//   a \ \ \ b   each backslash that is not escaped itself escapes the next byte, so of a run of them every second counts
constexpr uint64_t escaped_bytes(uint64_t backslashes, bool& carry) {
  if (backslashes == 0) {
    const uint64_t first = carry ? 1 : 0;
    carry = false;
    return first;
  }
  constexpr uint64_t kEven = 0x5555555555555555u;
  const uint64_t first = carry ? 1 : 0;
  backslashes &= ~first;
  const uint64_t behind = backslashes << 1 | first;
  const uint64_t odd_starts = backslashes & ~kEven & ~behind;
  // Adding a run's start to it carries to the place behind the run; what leaves the block is the next one's.
  const uint64_t even_runs = odd_starts + backslashes;
  carry = even_runs < backslashes;
  return (kEven ^ (even_runs << 1)) & behind;
}

// The first `c` at or behind `from`, or npos. As text.find(c, from), which is a byte at a time in Emscripten's library.
inline size_t find_byte(std::string_view text, char c, size_t from) {
  for (; from + kBlockBytes <= text.size(); from += kBlockBytes) {
    if (const uint64_t found = Block(text.data() + from).equal(c)) return from + static_cast<size_t>(std::countr_zero(found));
  }
  if (from >= text.size()) return std::string_view::npos;
  const uint64_t found = TextBlock(text, from).equal(c);
  return found ? from + static_cast<size_t>(std::countr_zero(found)) : std::string_view::npos;
}

// How often `c` occurs.
inline uint64_t count_byte(std::string_view text, char c) {
  uint64_t count = 0;
  size_t at = 0;
  for (; at + kBlockBytes <= text.size(); at += kBlockBytes)
    count += static_cast<uint64_t>(std::popcount(Block(text.data() + at).equal(c)));
  return at == text.size() ? count : count + static_cast<uint64_t>(std::popcount(TextBlock(text, at).equal(c)));
}

// a == b of one length, without the call: Emscripten's memcmp goes byte by byte, and texts of a log are short.
inline bool same_bytes(const char* a, const char* b, size_t length) {
  const auto word = [](const char* at) {
    uint64_t value;
    std::memcpy(&value, at, 8);
    return value;
  };
  if (length >= 8) {
    for (size_t at = 0; at + 8 < length; at += 8) {
      if (word(a + at) != word(b + at)) return false;
    }
    return word(a + length - 8) == word(b + length - 8);  // overlaps the last one
  }
  for (size_t at = 0; at < length; ++at) {
    if (a[at] != b[at]) return false;
  }
  return true;
}
inline bool same_text(std::string_view a, std::string_view b) { return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size()); }

}  // namespace csh
