#include "report/text.h"

#include <cstdint>
#include <cstring>

namespace csh {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_u16(std::string& out, uint32_t code) {
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 15];
}

// The code point at text[at] and its length in bytes; `text` is valid UTF-8.
uint32_t decode(std::string_view text, size_t at, size_t& length) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  const uint32_t first = byte(at);
  length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + length > text.size()) length = 1;
  if (length == 1) return first;
  uint32_t code = first & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) code = code << 6 | (byte(at + i) & 0x3F);
  return code;
}

// Characters that change how others are shown, or are not shown at all.
bool is_invisible(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C || code == 0x180E ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

namespace {

// Whether one of eight bytes may need an escape: a control character, a quote, a backslash, DEL, or anything beyond ASCII.
bool may_need_escape(const char* at) {
  constexpr uint64_t kEach = 0x0101010101010101u, kTop = 0x80 * kEach;
  uint64_t word;
  std::memcpy(&word, at, 8);
  const auto has_zero = [](uint64_t x) { return (x - kEach) & ~x & kTop; };
  return (((word - 0x20 * kEach) & kTop) | (word & kTop) | has_zero(word ^ '"' * kEach) | has_zero(word ^ '\\' * kEach) |
          has_zero(word ^ 0x7F * kEach)) != 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  size_t plain = 0;  // start of the part not copied yet
  for (size_t at = 0; at < text.size(); ++at) {
    while (at + 8 <= text.size() && !may_need_escape(text.data() + at)) at += 8;
    if (at == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    const bool separator =
        c == 0xE2 && at + 2 < text.size() && text[at + 1] == '\x80' && (text[at + 2] == '\xA8' || text[at + 2] == '\xA9');
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !separator) continue;
    out.append(text, plain, at - plain);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u";
        append_u16(out, separator ? 0x2000u | (static_cast<unsigned char>(text[at + 2]) & 0x3F) : c);
        if (separator) at += 2;
    }
    plain = at + 1;
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

namespace {

// '=', '+', '-', '@' and their full-width forms, which some spreadsheets take for the same.
bool starts_formula(std::string_view text) {
  constexpr std::string_view kLead = "=+-@";
  if (text.empty()) return false;
  if (kLead.find(text.front()) != std::string_view::npos) return true;
  size_t length = 0;
  const uint32_t first = decode(text, 0, length);
  return first == 0xFF1D || first == 0xFF0B || first == 0xFF0D || first == 0xFF20;
}

void append_quoted_csv(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' ') &&
      !text.starts_with('\'')) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_csv_field(std::string& out, std::string_view text) {
  constexpr std::string_view kControls("\t\r\n\0", 4);
  constexpr std::string_view kSeparators = ";\t\r\n";
  const bool leads = !text.empty() && (starts_formula(text) || kControls.find(text.front()) != std::string_view::npos);
  if (!leads && text.find_first_of(kSeparators) == std::string_view::npos) {
    append_quoted_csv(out, text);
    return;
  }
  std::string safe = leads ? "'" : "";
  // Where another separator is set, a part of a field becomes a cell: what follows a separator is looked at like a start.
  bool behind = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (behind && starts_formula(text.substr(at))) safe += '\'';
    const char c = text[at];
    behind = kSeparators.find(c) != std::string_view::npos || (behind && (c == ' ' || c == '"'));
    safe += c;
  }
  append_quoted_csv(out, safe);
}

void append_csv_field_raw(std::string& out, std::string_view text) { append_quoted_csv(out, text); }

void append_markdown(std::string& out, std::string_view text) {
  for (size_t at = 0, length = 1; at < text.size(); at += length) {
    const uint32_t code = decode(text, at, length);
    if (is_invisible(code)) {
      // In braces, so that the digits cannot run into the text behind.
      out += "\\\\u\\{";
      char digits[8];
      int count = 0;
      for (uint32_t rest = code; rest != 0 || count == 0; rest >>= 4) digits[count++] = kHex[rest & 15];
      while (count > 0) out += digits[--count];
      out += "\\}";
      continue;
    }
    constexpr std::string_view kMarkup = "\\`*_{}[]()#+-.!|<>~^&:/@$=\"'";
    if (length == 1 && kMarkup.find(text[at]) != std::string_view::npos) {
      // An entity is taken literally by every renderer, and keeps addresses from being made links of their own accord.
      if (code == '<') {
        out += "&lt;";
      } else if (code == '>') {
        out += "&gt;";
      } else if (code == '&') {
        out += "&amp;";
      } else if (code == ':' || code == '@') {
        out += code == ':' ? "&#58;" : "&#64;";
      } else if (code == '.') {
        // "www." is made a link by some renderers.
        out += (at >= 3 && (text[at - 1] == 'w' || text[at - 1] == 'W')) ? "&#46;" : ".";
      } else if (code == '/' || code == '-' || code == '\'' || code == '"' || code == '=' || code == '+') {
        out += at == 0 ? std::string("\\") + text[at] : std::string(1, text[at]);
      } else {
        out += '\\';
        out += text[at];
      }
      continue;
    }
    out.append(text, at, length);
  }
}

}  // namespace csh
