#include "bytes/json_repair.h"

#include <algorithm>

#include "bytes/framer.h"
#include "bytes/json_scan.h"
#include "bytes/line_ends.h"

namespace csh {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// One past the string in double quotes at text[at], or npos.
size_t string_end(std::string_view text, size_t at) {
  bool escaped = false;
  return scan_string(text, at + 1, escaped);
}

bool is_opener(char c) { return c == '{' || c == '[' || c == ','; }

// Python's words for JSON's.
std::string_view json_word(std::string_view word) {
  if (word == "None") return "null";
  if (word == "True") return "true";
  if (word == "False") return "false";
  return word;
}

// True when certain, with the text in double quotes in `out`.
bool requote(std::string_view text, std::string& out) {
  bool keys_alone = true, double_quotes = false, as_python_prints = true;
  char before = '\0';  // last byte outside strings that is not blank; a quote stands for a whole string
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const size_t end = string_end(text, at);
      if (end == std::string_view::npos) return false;
      out.append(text, at, end - at);
      double_quotes = true;
      at = end;
      before = c;
      continue;
    }
    if (c == '\'') {
      const size_t close = text.find('\'', at + 1);
      if (close == std::string_view::npos || (!is_opener(before) && before != ':')) return false;
      const std::string_view inside = text.substr(at + 1, close - at - 1);
      const auto is_special = [](char i) { return i == '"' || i == '\\' || static_cast<unsigned char>(i) < 0x20; };
      if (std::any_of(inside.begin(), inside.end(), is_special)) return false;
      size_t next = close + 1;
      while (next < text.size() && is_blank(text[next])) ++next;
      keys_alone = keys_alone && next < text.size() && text[next] == ':' && before != ':';
      out.append("\"").append(inside).append("\"");
      at = close + 1;
      before = c;
      continue;
    }
    if (is_letter(c) && before != '0') {
      size_t end = at;
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view word = text.substr(at, end - at), turned = json_word(word);
      as_python_prints = as_python_prints && word != turned;
      out.append(turned);
      at = end;
      before = c;
      continue;
    }
    const char follows = at + 1 < text.size() ? text[at + 1] : '\0';
    if (is_blank(c)) {
      as_python_prints = as_python_prints && c == ' ' && at > 0 && (text[at - 1] == ',' || text[at - 1] == ':');
    } else {
      if (c == ',' || c == ':') as_python_prints = as_python_prints && follows == ' ';
      // The letter of an exponent belongs to its number.
      before = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' ? '0' : c;
    }
    out += c;
    ++at;
  }
  return keys_alone || (as_python_prints && !double_quotes);
}

// `text` without its placeholders, or without its empty members.
void replace(std::string_view text, Flaw flaw, std::string& out) {
  char before = '\0';
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const size_t placeholder = flaw == Flaw::placeholder && c == '[' ? placeholder_length(text.substr(at)) : 0;
    if (placeholder > 0 && placeholder != std::string_view::npos) {
      out.append("null");
      at += placeholder;
      before = ']';
      continue;
    }
    if (flaw == Flaw::empty_members && is_opener(before) && text.substr(at).starts_with(kEmptyMember)) {
      at += kEmptyMember.size();
      continue;
    }
    const size_t end = c == '"' ? std::min(string_end(text, at), text.size()) : at + 1;
    out.append(text, at, end - at);
    if (!is_blank(c)) before = c;
    at = end;
  }
}

}  // namespace

size_t placeholder_length(std::string_view text) {
  size_t at = 0;
  text = text.substr(0, kLongestPlaceholder);
  const auto ended = [&] { return at == text.size() ? std::string_view::npos : 0; };
  const auto pass = [&](auto&& belongs) {
    const size_t from = at;
    while (at < text.size() && belongs(text[at])) ++at;
    return at - from;
  };
  if (text.empty() || text[at++] != '[') return 0;
  pass(is_blank);
  if (pass([](char c) { return (c >= '0' && c <= '9') || c == '.'; }) == 0) return ended();
  pass(is_blank);
  pass(is_letter);  // B, K, M, GiB
  if (pass(is_blank) == 0) return ended();
  constexpr std::string_view kWords = "blob data";
  for (const char wanted : kWords) {
    if (at == text.size() || text[at] != wanted) return ended();
    ++at;
  }
  pass(is_blank);
  if (at == text.size()) return text.size() < kLongestPlaceholder ? std::string_view::npos : 0;
  return text[at] == ']' ? at + 1 : 0;
}

void escape_controls(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.clear();
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (in_string && static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
      continue;
    }
    out += c;
    if (in_string && c == '\\' && at + 1 < text.size()) out += text[++at];
  }
}

size_t end_in_either_quotes(std::string_view text) {
  size_t depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      for (++at; at < text.size() && text[at] != c; ++at) {
        if (text[at] == '\\') ++at;
      }
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

Flaw repair_json(std::string_view object, std::string& out) {
  out.clear();
  if (object.size() > kMaxRepairedBytes) return Flaw::none;
  Flaw flaw = Flaw::none;
  const auto met = [&](Flaw found) {
    if (flaw == Flaw::none || found < flaw) flaw = found;
  };
  char before = '\0';
  for (size_t at = 0; at < object.size() && flaw != Flaw::single_quotes;) {
    const char c = object[at];
    if (c == '\'') met(Flaw::single_quotes);
    size_t end = at + 1;
    if (c == '[') {
      const size_t placeholder = placeholder_length(object.substr(at));
      if (placeholder != 0 && placeholder != std::string_view::npos) met(Flaw::placeholder);
    } else if (c == '"') {
      end = std::min(string_end(object, at), object.size());
      if (find_line_end(object.substr(at, end - at), 0) != std::string_view::npos) met(Flaw::line_breaks);
      if (is_opener(before) && object.substr(at).starts_with(kEmptyMember)) met(Flaw::empty_members);
    }
    if (!is_blank(c)) before = c;
    at = end;
  }
  switch (flaw) {
    case Flaw::none: break;
    case Flaw::line_breaks:
      if (count_line_ends(object, '\0') < kMaxJoinedLines) escape_controls(object, out);
      break;
    case Flaw::single_quotes:
      if (!requote(object, out)) out.clear();
      break;
    case Flaw::placeholder:
    case Flaw::empty_members: replace(object, flaw, out); break;
  }
  return flaw;
}

}  // namespace csh
