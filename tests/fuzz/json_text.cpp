// A JSON text read whole and walked: what is taken is JSON, what is JSON is taken, and every value, name and number is the one that simdjson's DOM
// has in its place. The two differ by intent in the size of numbers, in depth, and in what the top value may be.
// Input: the text.
#include <simdjson.h>

#include <string>

#include "body.h"
#include "bytes/json_text.h"

namespace {

namespace dom = simdjson::dom;
using csh::JsonPlace;
using csh::fuzz::check;

void check_same(JsonPlace place, dom::element element) {
  std::string_view text;
  uint64_t number = 0;
  bool truth = false;
  dom::object object;
  dom::array list;
  check(static_cast<bool>(place), "a value stands where one is");
  check(place.string().has_value() == element.is_string(), "a string is a string");
  if (!element.get(text)) check(place.string() == text, "with its escapes resolved");
  check(place.is_number() == element.is_number(), "a number is a number");
  if (element.is_number() && !element.get(number)) {
    // 1.0 and 1e2 are no integers here; the DOM takes neither for one.
    check(place.unsigned_number() == number, "of its size");
  }
  check(place.is_null() == element.is_null(), "null is null");
  check(place.boolean().has_value() == element.is_bool(), "a truth value is one");
  if (!element.get(truth)) check(place.boolean() == truth, "and the same");
  check(place.is_object() == element.is_object() && place.is_list() == element.is_array(), "brackets are those that stand there");
  JsonPlace inside = place.begin_inside();
  size_t count = 0;
  if (!element.get(object)) {
    for (const dom::key_value_pair member : object) {
      check(static_cast<bool>(inside) && inside.name() == member.key, "members have their names, in their order");
      check_same(inside, member.value);
      check(static_cast<bool>(place[member.key]), "and are found by them");
      inside = inside.next();
      ++count;
    }
  } else if (!element.get(list)) {
    for (const dom::element member : list) {
      check_same(inside, member);
      inside = inside.next();
      ++count;
    }
  }
  check(!inside && place.size() == count, "there are no more");
  check(!place.raw().empty(), "it stands somewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static csh::JsonText text;
  static dom::parser parser;
  const std::string_view given = csh::fuzz::text_of(data, size);
  const bool taken = text.parse(given);
  // A byte order mark is no part of these texts; the DOM passes over it.
  if (given.starts_with(csh::kByteOrderMark)) return 0;
  const csh::fuzz::Window window(given);
  dom::element element;
  const simdjson::error_code error = parser.parse(window.text().data(), window.text().size(), false).get(element);
  const bool has_brackets = !error && (element.is_object() || element.is_array());
  if (!taken) {
    // Every bracket costs a byte: a shorter text is not too deep.
    check(!has_brackets || size > size_t{csh::JsonText::kMaxDepth}, "what is JSON is taken");
    return 0;
  }
  check(has_brackets || error == simdjson::NUMBER_ERROR || error == simdjson::BIGINT_ERROR, "what is taken is JSON");
  if (has_brackets) check_same(text.root(), element);
  return 0;
}
