#include "bytes/csv_scan.h"

#include <algorithm>

#include "bytes/block64.h"
#include "bytes/line_ends.h"

namespace csh {
namespace {

// The masks of one block of a row, and what they leave to the next.
class RowBlocks {
 public:
  explicit RowBlocks(char delimiter) : delimiter_(delimiter) {}

  uint64_t quotes = 0, delimiters = 0, line_ends = 0;
  uint64_t quoted = 0;   // inside quotes, the opening one with it
  uint64_t strange = 0;  // bytes that break the rule of quotes: an opening one in the middle of a field, text behind a closing one

  void read(std::string_view row, size_t at) {
    if (at + kBlockBytes <= row.size()) return take(Block(row.data() + at), ~uint64_t{0});
    const TextBlock block(row, at);
    take(block, bits_below(block.count()));
  }
  bool ends_inside() const { return inside_ != 0; }

 private:
  template <class Bytes>
  void take(const Bytes& block, uint64_t within) {
    quotes = block.equal('"');
    delimiters = block.equal(delimiter_);
    line_ends = block.either('\n', '\r');
    quoted = prefix_xor(quotes) ^ inside_;
    const uint64_t opening = quotes & quoted, closing = quotes & ~quoted;
    const uint64_t may_open = (delimiters | closing) << 1 | may_open_;
    const uint64_t behind_closing = closing << 1 | closed_;
    strange = (opening & ~may_open) | (behind_closing & within & ~(delimiters | line_ends | quotes));
    inside_ = quoted >> 63 ? ~uint64_t{0} : 0;
    may_open_ = (delimiters | closing) >> 63;
    closed_ = closing >> 63;
  }

  char delimiter_;
  uint64_t inside_ = 0, may_open_ = 1,
           closed_ = 0;  // of the byte before the block: inside quotes (all bits), a quote may follow, it closed
};

RowEnd end_at(std::string_view window, size_t at, bool last, size_t& end, size_t& behind) {
  end = at;
  if (window[at] == '\r') {
    if (at + 1 == window.size() && !last) return RowEnd::need_more;
    behind = at + (at + 1 < window.size() && window[at + 1] == '\n' ? 2 : 1);
  } else {
    behind = at + 1;
  }
  return RowEnd::found;
}

// The same a field at a time, for rows with quotes in strange places.
RowEnd find_by_fields(std::string_view window, size_t begin, bool last, char delimiter, size_t& end, size_t& behind) {
  size_t at = begin;
  for (;;) {
    if (at < window.size() && window[at] == '"') {
      ++at;
      for (;;) {
        const size_t quote = find_byte(window, '"', at);
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
    if (window[at] != delimiter) return end_at(window, at, last, end, behind);
    ++at;
  }
}

bool split_by_fields(std::string_view row, char delimiter, std::vector<CsvField>& fields) {
  fields.clear();
  for (size_t at = 0;;) {
    if (at < row.size() && row[at] == '"') {
      const size_t from = ++at;
      bool doubled = false;
      for (;;) {
        const size_t quote = find_byte(row, '"', at);
        if (quote == std::string_view::npos) return false;
        at = quote + 1;
        if (at == row.size() || row[at] != '"') break;
        doubled = true;
        ++at;
      }
      if (at < row.size() && row[at] != delimiter) return false;
      fields.push_back({row.substr(from, at - 1 - from), doubled});
    } else {
      const size_t end = std::min(find_byte(row, delimiter, at), row.size());
      fields.push_back({row.substr(at, end - at), false});
      at = end;
    }
    if (at == row.size()) return true;
    ++at;
  }
}

}  // namespace

RowEnd find_row_end(std::string_view window, size_t begin, bool last, char delimiter, size_t& end, size_t& behind) {
  RowBlocks blocks(delimiter);
  for (size_t at = begin; at < window.size(); at += kBlockBytes) {
    blocks.read(window, at);
    const uint64_t ends = blocks.line_ends & ~blocks.quoted;
    // What is strange behind the row's end is the next row's; where no row ends, all bits are set.
    const uint64_t within = ends ^ (ends - 1);
    if (blocks.strange & within) return find_by_fields(window, begin, last, delimiter, end, behind);
    if (ends) return end_at(window, at + static_cast<size_t>(std::countr_zero(ends)), last, end, behind);
  }
  if (!last) return RowEnd::need_more;
  if (blocks.ends_inside()) return RowEnd::open_at_end;
  end = behind = window.size();
  return RowEnd::found;
}

bool split_row(std::string_view row, char delimiter, std::vector<CsvField>& fields) {
  fields.clear();
  RowBlocks blocks(delimiter);
  size_t field = 0;            // where the current one begins
  uint64_t quotes_before = 0;  // in the current one, before the block
  const auto add = [&](size_t end, uint64_t quotes) {
    const std::string_view text = row.substr(field, end - field);
    // Quotes stand in pairs here: two around the field, or none; a field of quotes alone has them too.
    fields.push_back(quotes == 0 ? CsvField{text, false} : CsvField{text.substr(1, text.size() - 2), quotes > 2});
    field = end + 1;
  };
  for (size_t at = 0; at < row.size(); at += kBlockBytes) {
    blocks.read(row, at);
    // A line end closes no field here, so behind a closing quote it is strange as well.
    if (blocks.strange || (blocks.line_ends & ~blocks.quoted)) return split_by_fields(row, delimiter, fields);
    uint64_t quotes = blocks.quotes;
    for (uint64_t ends = blocks.delimiters & ~blocks.quoted; ends != 0; ends &= ends - 1) {
      const size_t place = static_cast<size_t>(std::countr_zero(ends));
      const uint64_t before = quotes & bits_below(place);
      quotes &= ~before;
      add(at + place, quotes_before + static_cast<uint64_t>(std::popcount(before)));
      quotes_before = 0;
    }
    quotes_before += static_cast<uint64_t>(std::popcount(quotes));
  }
  if (blocks.ends_inside()) return false;
  add(row.size(), quotes_before);
  return true;
}

size_t undouble_quotes(std::string_view text, char* out) {
  constexpr size_t kStep = 16;
  char* const begin = out;
  size_t from = 0;  // next byte to copy
  const auto copy_to = [&](size_t to) {
    while (from < to && from + kStep <= text.size()) {
      std::memcpy(out, text.data() + from, kStep);
      const size_t step = std::min(kStep, to - from);
      out += step;
      from += step;
    }
    while (from < to) *out++ = text[from++];
  };
  for (size_t at = 0; at < text.size(); at += kBlockBytes) {
    for (uint64_t quotes = TextBlock(text, at).equal('"'); quotes != 0; quotes &= quotes - 1) {
      const size_t quote = at + static_cast<size_t>(std::countr_zero(quotes));
      if (quote < from) continue;  // the second of a pair
      copy_to(quote + 1);
      ++from;
    }
  }
  copy_to(text.size());
  return static_cast<size_t>(out - begin);
}

}  // namespace csh
