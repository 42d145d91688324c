// Texts of the evidence on their way out: each form reads back as the text, and holds nothing that its reader would take for more than text.
// JSON is read back by simdjson, CSV by the rule of quotes a byte at a time, Markdown by its rule of escapes.
// Input: a text; what is no UTF-8 never gets that far, so such an input is only tried as CSV, which does not look.
#include <simdjson.h>

#include <charconv>
#include <string>
#include <vector>

#include "../core/slow_rows.h"
#include "body.h"
#include "report/text.h"
#include "slow_utf8.h"

namespace {

using csh::fuzz::check;

// What a spreadsheet evaluates when a cell begins with it.
bool is_formula(std::string_view cell) {
  for (const std::string_view lead : {"=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}) {
    if (cell.starts_with(lead)) return true;
  }
  return false;
}

void check_csv(std::string_view text) {
  static std::string out;
  static std::vector<std::string> fields;
  out.clear();
  csh::append_csv_field_raw(out, text);
  check(csh::test::slow_split(out, ',', fields) && fields.size() == 1 && fields[0] == text, "a raw field reads back");
  check(out.front() == '"' || out.find_first_of("\r\n") == std::string::npos || text.empty(), "a line break stands in quotes");
  out.clear();
  csh::append_csv_field(out, text);
  check(csh::test::slow_split(out, ',', fields) && fields.size() == 1, "a field is one field");
  const std::string_view field = fields[0];
  // Apostrophes were put in, and nothing else was done.
  size_t of_text = 0;
  for (const char c : field) {
    if (of_text < text.size() && text[of_text] == c)
      ++of_text;
    else
      check(c == '\'', "nothing but apostrophes is put in");
  }
  check(of_text == text.size(), "nothing is left out");
  check(!is_formula(field), "no field is a formula");
  check(field.empty() || std::string_view("\t\r\n\0", 4).find(field.front()) == std::string_view::npos, "no field begins with a control");
  for (size_t at = 0; at < field.size(); ++at) {
    if (std::string_view(";\t\r\n").find(field[at]) == std::string_view::npos) continue;
    const size_t cell = field.find_first_not_of(" \"", at + 1);
    check(cell == std::string_view::npos || !is_formula(field.substr(cell)),
          "no part of a field is a formula where another separator is set");
  }
}

void check_json(std::string_view text) {
  static simdjson::dom::parser parser;
  static std::string out;
  out = "[";
  csh::append_json_string(out, text);
  out += ']';
  for (const char c : out) check(static_cast<unsigned char>(c) >= 0x20 && c != '\x7F', "JSON shows no control character");
  check(out.find("\xE2\x80\xA8") == std::string::npos && out.find("\xE2\x80\xA9") == std::string::npos,
        "nor a separator that ends a line of script");
  simdjson::dom::array list;
  std::string_view back;
  check(!parser.parse(out).get(list) && list.size() == 1 && !list.at(0).get(back) && back == text, "a JSON string reads back");
}

// Takes back what Markdown writes; false where something stands that its reader would take for markup.
bool markdown_as_shown(std::string_view markdown, std::string& shown) {
  shown.clear();
  for (size_t at = 0; at < markdown.size(); ++at) {
    const char c = markdown[at];
    if (c == '\\') {
      if (++at == markdown.size()) return false;
      shown += markdown[at];
    } else if (c == '&') {
      const size_t end = markdown.find(';', at);
      if (end == std::string_view::npos) return false;
      const std::string_view name = markdown.substr(at + 1, end - at - 1);
      if (name == "lt") {
        shown += '<';
      } else if (name == "gt") {
        shown += '>';
      } else if (name == "amp") {
        shown += '&';
      } else {
        int code = 0;
        if (!name.starts_with('#') || std::from_chars(name.data() + 1, name.data() + name.size(), code).ptr != name.data() + name.size())
          return false;
        shown += static_cast<char>(code);
      }
      at = end;
    } else if (std::string_view("`*_{}[]()#|<>!~^:@").find(c) != std::string_view::npos || static_cast<unsigned char>(c) < 0x20) {
      return false;
    } else {
      shown += c;
    }
  }
  return true;
}

void check_markdown(std::string_view text) {
  static std::string out, shown;
  out.clear();
  csh::append_markdown(out, text);
  check(markdown_as_shown(out, shown), "nothing in a cell is markup");
  // Shown is the text, but for what would not be seen, which stands as \u{…}; every \u{…} is such a one, since a typed one's \ is shown so too.
  size_t at = 0;
  for (size_t of_text = 0; of_text < text.size();) {
    size_t length = 1;
    while (of_text + length < text.size() && (text[of_text + length] & 0xC0) == 0x80) ++length;
    const std::string_view letter = text.substr(of_text, length);
    of_text += length;
    if (!std::string_view(shown).substr(at).starts_with("\\u{")) {
      check(std::string_view(shown).substr(at).starts_with(letter), "what is not shown by its number is shown as it is");
      at += length;
      continue;
    }
    uint32_t code = 0;
    const auto read = std::from_chars(shown.data() + at + 3, shown.data() + shown.size(), code, 16);
    std::string again;
    csh::fuzz::slow_append(again, code);
    check(read.ptr != shown.data() + shown.size() && *read.ptr == '}' && again == letter, "and the number is its own");
    at = static_cast<size_t>(read.ptr - shown.data()) + 1;
  }
  check(at == shown.size(), "nothing is added");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = csh::fuzz::text_of(data, size);
  check_csv(text);
  if (!csh::fuzz::slow_is_utf8(text)) return 0;
  check_json(text);
  check_markdown(text);
  return 0;
}
