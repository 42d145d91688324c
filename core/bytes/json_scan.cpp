#include "bytes/json_scan.h"

#include <algorithm>
#include <string>

#include "bytes/block64.h"
#include "bytes/framer.h"

namespace csh {

size_t scan_string(std::string_view text, size_t at, bool& escaped) {
  while (at < text.size()) {
    if (escaped) {
      escaped = false;
      ++at;
      continue;
    }
    const size_t stop = std::min(find_byte(text, '"', at), text.size());
    // A quote counts unless an odd number of backslashes stands before it. Only backslashes from `at` on: those before are spent.
    size_t slashes = 0;
    while (slashes < stop - at && text[stop - 1 - slashes] == '\\') ++slashes;
    escaped = slashes % 2 == 1;
    at = stop;
    if (stop < text.size() && !escaped) return stop + 1;
  }
  return std::string_view::npos;
}

namespace {

enum class Stop : uint8_t { at_end, closed, opening };

// One byte after the other, up to `end`: for the blocks in which a backslash stands outside a string, where it escapes nothing.
Stop scan_bytes(std::string_view text, size_t end, JsonScan& scan, bool stop_at_members) {
  for (size_t at = scan.at; at < end; ++at) {
    const char c = text[at];
    if (scan.in_string) {
      if (scan.escaped) {
        scan.escaped = false;
      } else if (c == '\\') {
        scan.escaped = true;
      } else if (c == '"') {
        scan.in_string = false;
      }
      continue;
    }
    scan.at = at;
    if (c == '"') {
      scan.in_string = true;
    } else if (c == '{' || c == '[') {
      if (stop_at_members && scan.depth == 1) return Stop::opening;
      ++scan.depth;
    } else if ((c == '}' || c == ']') && --scan.depth <= 0) {
      ++scan.at;
      return Stop::closed;
    }
  }
  scan.at = end;
  return Stop::at_end;
}

Stop scan_blocks(std::string_view text, JsonScan& scan, bool stop_at_members) {
  while (scan.at < text.size()) {
    const TextBlock block(text, scan.at);
    const size_t count = block.count();
    const uint64_t backslashes = block.equal('\\');
    bool escaped = scan.escaped;
    const uint64_t escapes = escaped_bytes(backslashes, escaped);
    const uint64_t strings = prefix_xor(block.equal('"') & ~escapes) ^ (scan.in_string ? ~uint64_t{0} : 0);
    if (backslashes & ~strings) {
      if (const Stop stop = scan_bytes(text, scan.at + count, scan, stop_at_members); stop != Stop::at_end) return stop;
      continue;
    }
    const uint64_t opening = (block.equal('{') | block.equal('[')) & ~strings, closing = (block.equal('}') | block.equal(']')) & ~strings;
    // Where too few brackets close to reach the first level, their order does not matter.
    if (scan.depth - std::popcount(closing) > 1) {
      scan.depth += std::popcount(opening) - std::popcount(closing);
    } else {
      for (uint64_t brackets = opening | closing; brackets != 0; brackets &= brackets - 1) {
        const uint64_t bracket = brackets & (~brackets + 1);
        const bool opens = (opening & bracket) != 0;
        if (opens && !(stop_at_members && scan.depth == 1)) {
          ++scan.depth;
          continue;
        }
        if (!opens && --scan.depth > 0) continue;
        scan.at += static_cast<size_t>(std::countr_zero(bracket)) + (opens ? 0 : 1);
        scan.in_string = scan.escaped = false;
        return opens ? Stop::opening : Stop::closed;
      }
    }
    scan.in_string = strings >> 63 != 0;
    scan.escaped = count == kBlockBytes ? escaped : (escapes >> count & 1) != 0;
    scan.at += count;
  }
  return Stop::at_end;
}

}  // namespace

bool scan_to_end(std::string_view text, JsonScan& scan) { return scan_blocks(text, scan, false) == Stop::closed; }

bool scan_to_member(std::string_view text, JsonScan& scan, bool& closed) {
  const Stop stop = scan_blocks(text, scan, true);
  closed = stop == Stop::closed;
  return stop == Stop::opening;
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
