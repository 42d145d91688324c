// Repairs of what is no JSON: each does what its comment in json_repair.h says and nothing else, and none makes structure of what stands in strings.
// Input: the text of an object.
#include <algorithm>
#include <string>

#include "body.h"
#include "bytes/framer.h"
#include "bytes/json_repair.h"
#include "shapes/json_record.h"
#include "shapes/shape.h"

namespace {

using namespace csh;
using csh::fuzz::check;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

// The text without what stands in double quotes; a string that does not close reaches to the end. Strings are walked a byte at a time.
std::string outside_of_strings(std::string_view text) {
  std::string out;
  bool inside = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!inside) out += text[at];
    if (inside && text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      inside = !inside;
  }
  return out;
}

// The other way round of escape_controls: what it wrote becomes the bytes again.
std::string with_raw_controls(std::string_view escaped) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (size_t at = 0; at < escaped.size(); ++at) {
    if (escaped.substr(at).starts_with("\\u00") && at + 6 <= escaped.size() && (escaped[at + 4] == '0' || escaped[at + 4] == '1') &&
        kHex.find(escaped[at + 5]) != std::string_view::npos) {
      out += static_cast<char>((escaped[at + 4] - '0') * 16 + static_cast<int>(kHex.find(escaped[at + 5])));
      at += 5;
    } else {
      out += escaped[at];
      if (escaped[at] == '\\' && at + 1 < escaped.size()) out += escaped[++at];
    }
  }
  return out;
}

void check_placeholder(std::string_view text) {
  const size_t length = placeholder_length(text);
  if (length == 0 || length == std::string_view::npos) return;
  check(length <= text.size() && length <= kLongestPlaceholder, "a placeholder is no longer than it may be");
  const std::string_view found = text.substr(0, length);
  check(found.front() == '[' && found.back() == ']' && found.find("blob data") != std::string_view::npos, "a placeholder looks like one");
  check(found.find('"') == std::string_view::npos && found.find_first_of("{},:") == std::string_view::npos, "it holds no structure");
  for (size_t size = 1; size < length; ++size)
    check(placeholder_length(text.substr(0, size)) == std::string_view::npos, "its beginnings may become one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const FieldTree tree{shapes()};
  static JsonRecordReader json{tree};
  static std::string out, again;
  const fuzz::Window window(fuzz::text_of(data, size));
  const std::string_view text = window.text();

  escape_controls(text, out);
  check(outside_of_strings(out) == outside_of_strings(text), "escaping changes nothing outside of strings");
  if (text.find("\\u00") == std::string_view::npos && text.find("\\\"") == std::string_view::npos &&
      text.find("\\\\") == std::string_view::npos) {
    bool escaped_control = false;  // a backslash before a control character stays, and with it the character
    for (size_t at = 0; at + 1 < text.size(); ++at) escaped_control = escaped_control || (text[at] == '\\' && is_control(text[at + 1]));
    if (!escaped_control) check(with_raw_controls(out) == text, "escaping can be undone");
  }

  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) check_placeholder(text.substr(at));
  const size_t end = end_in_either_quotes(text);
  check(end == std::string_view::npos || (end <= size && (text[end - 1] == '}' || text[end - 1] == ']')), "an object ends at a bracket");

  const Flaw flaw = repair_json(text, out);
  check(flaw != Flaw::none || out.empty(), "where nothing is known nothing is repaired");
  if (out.empty()) return 0;
  switch (flaw) {
    case Flaw::line_breaks: check(outside_of_strings(out) == outside_of_strings(text), "line breaks are escaped in strings alone"); break;
    case Flaw::placeholder:
    case Flaw::empty_members: check(out.size() < text.size() + 4, "a placeholder is longer than null"); break;
    default: break;
  }
  // What was repaired to JSON needs no second repair of that kind.
  if (!json.is_json(fuzz::Window(out).text())) return 0;
  check(!json.is_json(text) || flaw == Flaw::placeholder || flaw == Flaw::empty_members || flaw == Flaw::single_quotes || out == text,
        "JSON is not repaired into other JSON");
  return 0;
}
