#include "bytes/json_scan.h"

#include <cstring>
#include <string>

#include "bytes/framer.h"

namespace csh {

size_t scan_string(std::string_view text, size_t at, bool& escaped) {
  while (at < text.size()) {
    if (escaped) {
      escaped = false;
      ++at;
      continue;
    }
    const void* const quote = std::memchr(text.data() + at, '"', text.size() - at);
    const size_t stop = quote ? static_cast<size_t>(static_cast<const char*>(quote) - text.data()) : text.size();
    // A quote counts unless an odd number of backslashes stands before it. Only backslashes from `at` on: those before are spent.
    size_t slashes = 0;
    while (slashes < stop - at && text[stop - 1 - slashes] == '\\') ++slashes;
    escaped = slashes % 2 == 1;
    at = stop;
    if (stop < text.size() && !escaped) return stop + 1;
  }
  return std::string_view::npos;
}

bool scan_to_end(std::string_view text, JsonScan& scan) {
  size_t at = scan.at;
  while (at < text.size()) {
    if (scan.in_string) {
      const size_t end = scan_string(text, at, scan.escaped);
      if (end == std::string_view::npos) {
        scan.at = text.size();
        return false;
      }
      scan.in_string = false;
      at = end;
      continue;
    }
    switch (text[at++]) {
      case '"': scan.in_string = true; break;
      case '{':
      case '[': ++scan.depth; break;
      case '}':
      case ']':
        if (--scan.depth <= 0) {
          scan.at = at;
          return true;
        }
        break;
      default: break;
    }
  }
  scan.at = at;
  return false;
}

bool framing_is_doubtful(std::string_view value) {
  std::string open;    // brackets, innermost last
  char before = '\0';  // last byte outside strings that is not blank; '"' stands for a whole string
  for (size_t at = 0; at < value.size();) {
    const char c = value[at];
    if (is_blank(c)) {
      ++at;
      continue;
    }
    const bool structural = c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
    if (before == '"' && !structural) return true;
    if (before == ',' && !open.empty() && open.back() == '{' && c != '"' && c != '}') return true;
    if (c == '"') {
      if (before != '{' && before != '[' && before != ',' && before != ':') return true;
      bool escaped = false;
      const size_t end = scan_string(value, at + 1, escaped);
      if (value.substr(at, end == std::string_view::npos ? end : end - at).find('\n') != std::string_view::npos) return true;
      if (end == std::string_view::npos) return false;
      at = end;
      before = '"';
      continue;
    }
    if (c == '{' || c == '[') open += c;
    if (c == '}' || c == ']') {
      if (open.empty() || (open.back() == '{') != (c == '}')) return true;
      open.pop_back();
    }
    before = c;
    ++at;
  }
  return false;
}

}  // namespace csh
