// The rule of a delimited row's quotes as it reads, a byte at a time: what csv_scan.h's blocks are compared with, on random texts in the tests and
// on what libFuzzer finds. Shares no code with the core.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bytes/csv_scan.h"

namespace csh::test {

// A field at a time, as csv_framer.h describes it.
inline RowEnd slow_row_end(std::string_view window, size_t begin, bool last, char delimiter, size_t& end, size_t& behind) {
  const auto is_line_end = [](char c) { return c == '\n' || c == '\r'; };
  size_t at = begin;
  for (;;) {
    if (at < window.size() && window[at] == '"') {
      ++at;
      for (;;) {
        const size_t quote = window.find('"', at);
        if (quote == std::string_view::npos) return last ? RowEnd::open_at_end : RowEnd::need_more;
        at = quote + 1;
        if (at == window.size()) {
          if (!last) return RowEnd::need_more;
          break;
        }
        if (window[at] == '"') {
          ++at;
          continue;
        }
        if (window[at] != delimiter && !is_line_end(window[at])) return RowEnd::broken;
        break;
      }
    } else {
      while (at < window.size() && window[at] != delimiter && !is_line_end(window[at])) ++at;
    }
    if (at == window.size()) {
      if (!last) return RowEnd::need_more;
      end = behind = at;
      return RowEnd::found;
    }
    if (window[at] == delimiter) {
      ++at;
      continue;
    }
    end = at;
    if (window[at] == '\r') {
      if (at + 1 == window.size() && !last) return RowEnd::need_more;
      behind = at + (at + 1 < window.size() && window[at + 1] == '\n' ? 2 : 1);
    } else {
      behind = at + 1;
    }
    return RowEnd::found;
  }
}

inline bool slow_split(std::string_view row, char delimiter, std::vector<std::string>& fields) {
  fields.clear();
  for (size_t at = 0;;) {
    std::string field;
    if (at < row.size() && row[at] == '"') {
      for (++at;;) {
        const size_t quote = row.find('"', at);
        if (quote == std::string_view::npos) return false;
        field.append(row, at, quote - at);
        at = quote + 1;
        if (at == row.size() || row[at] != '"') break;
        field += '"';
        ++at;
      }
      if (at < row.size() && row[at] != delimiter) return false;
    } else {
      for (; at < row.size() && row[at] != delimiter; ++at) field += row[at];
    }
    fields.push_back(field);
    if (at == row.size()) return true;
    ++at;
  }
}

}  // namespace csh::test
