#include "bytes/utf16.h"

#include <cstring>

namespace csh {

std::optional<ByteOrder> sniff_utf16(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFF\xFE"sv)) return ByteOrder::little;
  if (head.starts_with("\xFE\xFF"sv)) return ByteOrder::big;
  if (head.size() < 4) return std::nullopt;
  const bool zero[] = {head[0] == '\0', head[1] == '\0', head[2] == '\0', head[3] == '\0'};
  if (!zero[0] && zero[1] && !zero[2] && zero[3]) return ByteOrder::little;
  if (zero[0] && !zero[1] && zero[2] && !zero[3]) return ByteOrder::big;
  return std::nullopt;
}

size_t append_utf8(std::string_view text, ByteOrder order, bool last, std::vector<char>& out) {
  const auto unit = [&](size_t at) {
    const auto first = static_cast<unsigned char>(text[at]), second = static_cast<unsigned char>(text[at + 1]);
    return order == ByteOrder::little ? static_cast<uint32_t>(first | second << 8) : static_cast<uint32_t>(first << 8 | second);
  };
  size_t at = 0;
  while (at + 2 <= text.size()) {
    uint32_t code = unit(at);
    size_t length = 2;
    if (code >= 0xD800 && code < 0xE000) {
      const bool high = code < 0xDC00;
      if (high && at + 4 > text.size() && !last) break;
      const uint32_t low = high && at + 4 <= text.size() ? unit(at + 2) : 0;
      if (low < 0xDC00 || low >= 0xE000) {
        out.push_back('\xFF');
        at += 2;
        continue;
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      length = 4;
    }
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out.push_back(static_cast<char>(0xC0 | code >> 6));
      out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | code >> 12));
      out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else {
      out.push_back(static_cast<char>(0xF0 | code >> 18));
      out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    }
    at += length;
  }
  return at;
}

uint64_t utf16_units(std::string_view utf8) {
  uint64_t units = utf8.size();
  size_t at = 0;
  // Most texts are ASCII, a unit a byte.
  for (uint64_t eight; at + sizeof eight <= utf8.size(); at += sizeof eight) {
    std::memcpy(&eight, utf8.data() + at, sizeof eight);
    if (eight & 0x8080808080808080u) break;
  }
  for (; at < utf8.size(); ++at) {
    const auto byte = static_cast<unsigned char>(utf8[at]);
    // Lead bytes count; those of four bytes stand for a pair, and 0xFF for the unit that was none.
    if (byte >= 0x80 && byte < 0xC0) --units;
    if (byte >= 0xF0 && byte != 0xFF) ++units;
  }
  return units;
}

}  // namespace csh
