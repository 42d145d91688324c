// UTF-8 as RFC 3629 reads, a code point at a time: the other opinion on what is valid, and what UTF-16 must turn into. Shares no code with the core.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace csh::fuzz {

inline void slow_append(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  // 11 bits in two bytes, 16 in three, 21 in four.
  const int behind = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = behind == 1 ? 0xC0 : behind == 2 ? 0xE0 : 0xF0;
  out += static_cast<char>(lead | code >> (6 * behind));
  for (int i = behind - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

// The shortest form of no surrogate and nothing beyond U+10FFFF: what decodes and encodes again to the same bytes.
inline bool slow_is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    size_t length = 1;
    uint32_t code = lead;
    if (lead >= 0x80) {
      if (lead < 0xC0 || lead >= 0xF8) return false;
      length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      code = lead & (0xFFu >> (length + 1));
      if (at + length > text.size()) return false;
      for (size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if (byte >> 6 != 2) return false;
        code = code << 6 | (byte & 0x3F);
      }
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    std::string again;
    slow_append(again, code);
    if (again.size() != length) return false;
    at += length;
  }
  return true;
}

}  // namespace csh::fuzz
