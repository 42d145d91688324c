// Where a row of a delimited file ends, and where its fields do; what a quote means stands in csv_framer.h.
// Rows are read 64 bytes at a time as long as every quote stands where RFC 4180 has one: then the parity of quotes tells inside from outside.
//   a,"b ""c"", d",e     a quote opens behind a delimiter, the row's start or a quote; behind one that closes stands a delimiter, the end or a quote
// A row with a quote elsewhere (5" disk) is read again, a field at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace csh {

enum class RowEnd : uint8_t {
  found,
  need_more,    // the window ends inside the row
  broken,       // text behind a closing quote
  open_at_end,  // the input ends inside quotes
};
// Finds the end of the row at window[begin..]: `end` is one past its text, `behind` one past its line end. `last`: the window ends the input.
RowEnd find_row_end(std::string_view window, size_t begin, bool last, char delimiter, size_t& end, size_t& behind);

struct CsvField {
  std::string_view text;        // without the quotes around it, doubled ones as they stand
  bool doubled_quotes = false;  // there are some
};
// The fields of one row without its line end. False: text stands behind a closing quote, or quotes are not closed.
bool split_row(std::string_view row, char delimiter, std::vector<CsvField>& fields);

// Writes the text with one quote for each two, and returns how many bytes that are; text.size() bytes must be writable at `out`, and as many
// more as a step of 16 may write too much.
size_t undouble_quotes(std::string_view text, char* out);

}  // namespace csh
