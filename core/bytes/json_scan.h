// Finds the end of a JSON value by its brackets and strings alone; whether it is well-formed is the parser's business.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace csh {

// Where a scan of one object or list stands; survives the end of a window.
struct JsonScan {
  size_t at = 0;      // next byte to look at, counted from the value's first byte
  int64_t depth = 0;  // open brackets
  bool in_string = false;
  bool escaped = false;  // the last byte of the window was a backslash inside a string
};

// Advances over `text` (the value's bytes from its first on) until its bracket closes. True: `scan.at` is one past the value.
bool scan_to_end(std::string_view text, JsonScan& scan);

// As scan_to_end, but stops also before a list or object at the value's first level: then true, and `scan.at` is its bracket, not yet counted.
// Else `closed` says what scan_to_end would have returned.
bool scan_to_member(std::string_view text, JsonScan& scan, bool& closed);

// One past the closing quote of the string whose contents begin at `at`, or npos; `escaped` as in JsonScan.
size_t scan_string(std::string_view text, size_t at, bool& escaped);

// For a value that does not parse, or the beginning of one that does not end: true when its strings, commas and brackets do not stand where
// they may, so that its end may be wrong as well. A raw line break in a string, a string next to a letter or another string, an object's
// comma without a key behind it, or a bracket closed by the other kind betray a quote or bracket that is missing or too much.
bool framing_is_doubtful(std::string_view value);

}  // namespace csh
