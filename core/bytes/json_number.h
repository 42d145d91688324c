// What JSON calls a number, of any size: nothing here computes with it.
#pragma once
#include <cstddef>
#include <string_view>

namespace csh {

// RFC 8259: -? int frac? exp?
inline bool is_json_number(std::string_view token) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t first = at;
    while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
    return at - first;
  };
  if (at < token.size() && token[at] == '-') ++at;
  if (at < token.size() && token[at] == '0') {
    ++at;
  } else if (digits() == 0) {
    return false;
  }
  if (at < token.size() && token[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == token.size();
}

}  // namespace csh
