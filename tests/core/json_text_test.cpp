// A JSON text walked by its tokens, against simdjson's DOM: both take and refuse the same texts, and find the same in them.
#include "bytes/json_text.h"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>

namespace dom = simdjson::dom;
using csh::JsonPlace;
using csh::JsonText;

namespace {

// The whole value written again, the strings unescaped and by length, so that two walks can be compared.
void spell(const JsonPlace& place, std::string& out) {
  if (const auto text = place.string()) {
    out += std::to_string(text->size()) + ':' + std::string(*text);
  } else if (place.is_object() || place.is_list()) {
    out += place.is_object() ? '{' : '[';
    size_t count = 0;
    for (JsonPlace inside = place.begin_inside(); inside; inside = inside.next(), ++count) {
      if (place.is_object()) out += std::string(inside.name()) + '=';
      spell(inside, out);
      out += ',';
    }
    CHECK(count == place.size());
    out += place.is_object() ? '}' : ']';
  } else if (const auto number = place.unsigned_number()) {
    out += std::to_string(*number);
  } else if (const auto boolean = place.boolean()) {
    out += *boolean ? "true" : "false";
  } else {
    out += place.is_null() ? "null" : place.is_number() ? "number" : "nothing";
  }
}

void spell(const dom::element& element, std::string& out) {
  std::string_view text;
  dom::object object;
  dom::array list;
  uint64_t number = 0;
  bool boolean = false;
  if (!element.get(text)) {
    out += std::to_string(text.size()) + ':' + std::string(text);
  } else if (!element.get(object)) {
    out += '{';
    for (const auto& [key, value] : object) {
      out += std::string(key) + '=';
      spell(value, out);
      out += ',';
    }
    out += '}';
  } else if (!element.get(list)) {
    out += '[';
    for (const dom::element inside : list) {
      spell(inside, out);
      out += ',';
    }
    out += ']';
  } else if (!element.get(number)) {
    out += std::to_string(number);
  } else if (!element.get(boolean)) {
    out += boolean ? "true" : "false";
  } else {
    out += element.is_null() ? "null" : "number";
  }
}

// True when the text is taken.
bool same_as_dom(const std::string& json) {
  CAPTURE(json);
  JsonText text;
  const bool taken = text.parse(json);
  dom::parser parser;
  dom::element root;
  const bool by_dom = !parser.parse(simdjson::padded_string(json)).get(root) && (root.is_object() || root.is_array());
  REQUIRE(taken == by_dom);
  if (!taken) return false;
  std::string mine, its;
  spell(text.root(), mine);
  spell(root, its);
  CHECK(mine == its);
  return true;
}

std::string nested(int depth) { return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']'); }

}  // namespace

TEST_CASE("JSON text: what is one list or object is taken, with all that is in it") {
  for (const char* const json :
       {"{}", "[]", " [ ] ", "{\"a\":1}", R"({"a":{"b":[1,2,{"c":null}],"":""},"a":true,"d":false})", "[\"\"]", "[[],[],{}]",
        R"(["\u00e9\ud83d\ude00\n\"\\\/","plain", "a\tb"])", R"({"k\u0041\"":"v"})", "[0,-1,1.5,1e9,18446744073709551615]",
        "\n[1 ,\r\n2\t]\n", R"({"colon":":","comma":",","brackets":"]}"})"}) {
    CHECK(same_as_dom(json));
  }
}

TEST_CASE("JSON text: what is not one is refused") {
  for (const char* const json : {"",           " ",           "1",          "\"a\"",     "null",          "{",
                                 "[",          "]",           "[1,]",       "[,1]",      "[1,,2]",        "[1 2]",
                                 "{\"a\"}",    "{\"a\":}",    "{\"a\":1,}", "{1:2}",     "{\"a\":1]",     "[1}",
                                 "[1]]",       "[1][2]",      "[tru]",      "[nullx]",   "[01]",          "[1.]",
                                 "[.5]",       "[+1]",        "[\"a]",      "[\"\\x\"]", "[\"\\ud800\"]", "[\"\xff\"]",
                                 "[\"a\nb\"]", "{\"\\q\":1}", "[1]x",       "x[1]",      "[\"a\"\"b\"]",  "[:]",
                                 "{:}",        "{\"a\"::1}",  "{\"a\":1:2}"}) {
    CHECK_FALSE(same_as_dom(json));
  }
}

TEST_CASE("JSON text: any damage of one byte is judged as by the DOM") {
  const std::string whole = R"({"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true},"e":"","f":[[],{}]})";
  const std::string bytes = "{}[]:,\"\\ \n0-.etnx\x01\xc3";
  int taken = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : bytes) {
      std::string changed = whole;
      changed[at] = byte;
      taken += same_as_dom(changed);
    }
    std::string shorter = whole;
    shorter.erase(at, 1);
    taken += same_as_dom(shorter);
  }
  CHECK(taken > 100);  // else the comparison says little
}

TEST_CASE("JSON text: nesting is bounded") {
  JsonText text;
  CHECK(text.parse(nested(JsonText::kMaxDepth - 1)));
  CHECK(text.parse(nested(JsonText::kMaxDepth)));
  CHECK_FALSE(text.parse(nested(JsonText::kMaxDepth + 1)));
}

TEST_CASE("JSON text: places stand where they say") {
  JsonText text;
  REQUIRE(text.parse(R"( {"n": -1.50 , "o": {"x" : [1, 2] } , "t":"a\"b", "n":2, "big":18446744073709551616} )"));
  const JsonPlace root = text.root();
  CHECK(root["n"].raw() == "-1.50");
  CHECK(root["n"].is_number());
  CHECK_FALSE(root["n"].unsigned_number());
  CHECK_FALSE(root["big"].unsigned_number());
  CHECK(root["o"].raw() == R"({"x" : [1, 2] })");
  CHECK(root["o"]["x"].size() == 2);
  CHECK(root["o"]["x"].begin_inside().next().unsigned_number() == 2);
  CHECK(root["t"].string() == "a\"b");
  CHECK(root["t"].raw() == R"("a\"b")");
  CHECK_FALSE(root["nothing"]);
  CHECK_FALSE(root["t"]["inside a text"]);
  CHECK_FALSE(root["nothing"].string());
  CHECK_FALSE(root["nothing"]["deeper"].boolean());
  CHECK(root["nothing"].raw().empty());
  CHECK_FALSE(root.next());
  REQUIRE(text.parse("[3]"));  // the same holder once more, for a shorter text
  CHECK(text.root().begin_inside().unsigned_number() == 3);
  CHECK_FALSE(text.parse("[3"));
}
