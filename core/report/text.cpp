#include "report/text.h"

#include <algorithm>
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

// What changes how other characters are shown, or is not shown itself: controls, format characters, blanks beyond ASCII, what fonts draw as
// nothing (Default_Ignorable_Code_Point, the empty Braille cell), private use. First and last of each range, in order; what web/src/view/visible.ts
// takes from Unicode's properties.
constexpr uint32_t kInvisible[][2] = {{0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
                                      {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
                                      {0x115F, 0x1160},   {0x1680, 0x1680},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},
                                      {0x2028, 0x202F},   {0x205F, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
                                      {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
                                      {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F},
                                      {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};

bool is_invisible(uint32_t code) {
  if (code >= 0x20 && code < 0x7F) return false;
  if ((code & 0xFFFE) == 0xFFFE) return true;  // noncharacters, the last two of each plane
  for (const auto& [first, last] : kInvisible) {
    if (code <= last) return code >= first;
  }
  return false;
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
  for (size_t at = 0, length = 1; at < text.size(); at += length) {
    while (at + 8 <= text.size() && !may_need_escape(text.data() + at)) at += 8;
    if (at == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    length = 1;
    const uint32_t code = c < 0x80 ? c : decode(text, at, length);
    if (c != '"' && c != '\\' && !is_invisible(code)) continue;
    out.append(text, plain, at - plain);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (code > 0xFFFF) {
          out += "\\u";
          append_u16(out, 0xD800 + ((code - 0x10000) >> 10));
        }
        out += "\\u";
        append_u16(out, code > 0xFFFF ? 0xDC00 + (code & 0x3FF) : code);
    }
    plain = at + length;
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

namespace {

// '=', '+', '-', '@' and their full-width forms, which some spreadsheets take for the same; behind apostrophes, which are text before such a lead
// as they are in front of it.
bool starts_formula(std::string_view text) {
  constexpr std::string_view kLead = "=+-@";
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty()) return false;
  if (kLead.find(text.front()) != std::string_view::npos) return true;
  size_t length = 0;
  const uint32_t first = decode(text, 0, length);
  return first == 0xFF1D || first == 0xFF0B || first == 0xFF0D || first == 0xFF20;
}

bool starts_control(std::string_view text) {
  constexpr std::string_view kControls("\t\r\n\0", 4);
  const size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos && kControls.find(text[first]) != std::string_view::npos;
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
  constexpr std::string_view kSeparators = ";\t\r\n";
  const bool leads = starts_formula(text) || starts_control(text);
  if (!leads && text.find_first_of(kSeparators) == std::string_view::npos) {
    append_quoted_csv(out, text);
    return;
  }
  std::string safe = leads ? "'" : "";
  // Where another separator is set, a part of a field becomes a cell: what follows a separator is looked at like a start.
  bool behind = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (behind && c != ' ' && starts_formula(text.substr(at))) safe += '\'';
    behind = kSeparators.find(c) != std::string_view::npos || (behind && (c == ' ' || c == '"'));
    safe += c;
  }
  append_quoted_csv(out, safe);
}

void append_csv_field_raw(std::string& out, std::string_view text) { append_quoted_csv(out, text); }

void append_markdown(std::string& out, std::string_view text) {
  // Renderers take blanks away at either end.
  const size_t first_shown = std::min(text.find_first_not_of(' '), text.size());
  const size_t blank_end = text.find_last_not_of(' ') + 1;  // npos + 1: all of it
  for (size_t at = 0, length = 1; at < text.size(); at += length) {
    const uint32_t code = decode(text, at, length);
    if (at < first_shown || at >= blank_end) {
      out += "&#32;";
      continue;
    }
    if (is_invisible(code) || text.substr(at).starts_with("\\u{")) {
      // In braces, so that the digits cannot run into the text behind.
      out += "\\\\u\\{";
      char digits[8];
      int count = 0;
      for (uint32_t rest = code; rest != 0 || count == 0; rest >>= 4) digits[count++] = kHex[rest & 15];
      while (count > 0) out += digits[--count];
      out += "\\}";
      continue;
    }
    const char before = at > 0 ? text[at - 1] : '\0', behind = at + 1 < text.size() ? text[at + 1] : '\0';
    constexpr std::string_view kRepeated = "-.,?", kMarkup = "\\`*_{}[]()#+-.,?!|<>~^&:/@$=\"'";
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
      } else if (code == '.' && (before == 'w' || before == 'W')) {
        out += "&#46;";  // "www." is made a link by some renderers
      } else if (kRepeated.find(text[at]) != std::string_view::npos && at > 0 && before != text[at] && behind != text[at] &&
                 before != '+') {
        out += text[at];  // alone it is itself; of several some renderers make a dash, an ellipsis or fewer, of "+-" another sign
      } else if ((code == '/' || code == '=' || code == '+') && at > 0) {
        out += text[at];
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
