// What every fuzz target shares: the entry that libFuzzer and the replay call, and a check that stops either of them. A failed check prints
// what did not hold and aborts, so that libFuzzer keeps the input.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace csh::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view text_of(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// Numbers for cuts, from the input's own bytes: the same input is cut in the same way again.
class Cutter {
 public:
  explicit Cutter(uint32_t seed) : state_(seed * 2654435761u + 1) {}
  // From 1 to `most`.
  size_t next(size_t most) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return 1 + state_ % most;
  }

 private:
  uint32_t state_;
};

}  // namespace csh::fuzz
