// What every fuzz target shares: the entry that libFuzzer and the replay call, and a check that stops either of them. A failed check prints
// what did not hold and aborts, so that libFuzzer keeps the input. A target allocates what it can only once: a run in microseconds is what
// makes ten million of them worth asking for.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "bytes/framer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace csh::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view text_of(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// A text in a place of its own with kPadding bytes behind it, as framers and readers are given it; the sanitizer sees who reads farther, and who
// keeps a view of a window that is gone.
class Window {
 public:
  explicit Window(std::string_view text, char filler = '\0') : bytes_(new char[text.size() + kPadding]), size_(text.size()) {
    if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
    fill_behind(filler);
  }
  std::string_view text() const { return {bytes_.get(), size_}; }
  void fill_behind(char filler) { std::memset(bytes_.get() + size_, filler, kPadding); }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_;
};

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
