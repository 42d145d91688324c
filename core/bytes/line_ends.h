// What ends a line: LF, CR LF, or CR alone, each of them one line end, in every format. Looked for and counted here alone, so that the framers
// and the line numbers of rejects agree.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bytes/block64.h"

namespace csh {

constexpr bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The first CR or LF of `text` at or behind `from`, or npos.
inline size_t find_line_end(std::string_view text, size_t from) {
  for (; from + kBlockBytes <= text.size(); from += kBlockBytes) {
    const Block block(text.data() + from);
    if (const uint64_t found = block.either('\n', '\r')) return from + static_cast<size_t>(std::countr_zero(found));
  }
  if (from >= text.size()) return std::string_view::npos;
  const TextBlock rest(text, from);
  const uint64_t found = rest.either('\n', '\r');
  return found ? from + static_cast<size_t>(std::countr_zero(found)) : std::string_view::npos;
}

// Line ends in `text`, before which `before` stands (any byte but CR at the input's start). CR LF counts where its CR stands.
inline uint64_t count_line_ends(std::string_view text, char before) {
  uint64_t count = 0;
  uint64_t behind_cr = before == '\r' ? 1 : 0;
  const auto add = [&](const auto& block) {
    const uint64_t ends = block.either('\n', '\r');
    if (ends == 0) {  // nearly always
      behind_cr = 0;
      return;
    }
    const uint64_t cr = block.equal('\r');
    count += static_cast<uint64_t>(std::popcount(cr | (ends & ~(cr << 1 | behind_cr))));
    behind_cr = cr >> 63;
  };
  size_t at = 0;
  for (; at + kBlockBytes <= text.size(); at += kBlockBytes) add(Block(text.data() + at));
  if (at < text.size()) add(TextBlock(text, at));
  return count;
}

}  // namespace csh
