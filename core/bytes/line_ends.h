// What ends a line: LF, CR LF, or CR alone, each of them one line end, in every format. Looked for and counted here alone, so that the framers
// and the line numbers of rejects agree.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace csh {

constexpr bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The first CR or LF of `text` at or behind `from`, or npos.
inline size_t find_line_end(std::string_view text, size_t from) {
  constexpr size_t kStep = 64;  // a block without a branch inside becomes SIMD
  size_t at = from;
  while (at + kStep <= text.size()) {
    unsigned met = 0;
    for (size_t i = 0; i < kStep; ++i) met += static_cast<unsigned>(text[at + i] == '\n') + static_cast<unsigned>(text[at + i] == '\r');
    if (met != 0) break;
    at += kStep;
  }
  while (at < text.size() && !is_line_end(text[at])) ++at;
  return at < text.size() ? at : std::string_view::npos;
}

// Line ends in `text`, before which `before` stands (any byte but CR at the input's start). CR LF counts where its CR stands.
inline uint64_t count_line_ends(std::string_view text, char before) {
  constexpr size_t kStep = 128;  // counts fit a byte
  uint64_t count = 0;
  for (size_t from = 0; from < text.size(); from += kStep) {
    const size_t to = std::min(text.size(), from + kStep);
    unsigned char met =
        static_cast<unsigned char>(text[from] == '\r' || (text[from] == '\n' && (from > 0 ? text[from - 1] : before) != '\r'));
    for (size_t at = from + 1; at < to; ++at) {
      met = static_cast<unsigned char>(met + (text[at] == '\r') +
                                       static_cast<int>(text[at] == '\n') * static_cast<int>(text[at - 1] != '\r'));
    }
    count += met;
  }
  return count;
}

}  // namespace csh
