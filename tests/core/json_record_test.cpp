// What JsonRecordReader takes and refuses: every value of a record is validated, whether a shape asks for it or not, so each document stands
// here in three places: under a key nobody asks for, under a mapped key, and deep inside lists. Then what a record holds: duplicate keys,
// spellings, embedded JSON text.
#include "shapes/json_record.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bytes/framer.h"
#include "json_values.h"
#include "shapes/field_tree.h"

using namespace csh;
using namespace csh::test;

namespace {

class Reader {
 public:
  std::optional<RejectReason> read(std::string text) {
    // A heap block of its own size: reads past the padding are caught by the sanitizer.
    const size_t length = text.size();
    bytes_ = std::make_unique<char[]>(length + kPadding);
    std::copy(text.begin(), text.end(), bytes_.get());
    std::fill_n(bytes_.get() + length, kPadding, filler);
    record.clear();
    return json.read({bytes_.get(), length}, record);
  }
  bool takes(const std::string& text) { return !read(text).has_value(); }
  const Value& at(std::string_view path) const { return record.value(tree.slot_of(path)); }
  std::string_view text(std::string_view path) const { return at(path).text; }

  const FieldTree& tree = field_tree();
  JsonRecordReader json{tree};
  Record record{tree.slots()};
  char filler = '\0';  // what stands behind the record; in a file it is the next one

 private:
  std::unique_ptr<char[]> bytes_;
};

std::vector<std::string> places_of(const std::string& value) {
  return {"{\"x\":" + value + "}",
          "{\"caller\":" + value + "}",
          "{\"x\":[1,[" + value + "]],\"caller\":\"a\"}",
          "{\"x\":{\"y\":" + value + "}}",
          "{\"claims\":{\"appid\":" + value + "}}",
          "{\"caller\" :\n" + value + "\t,\"x\":1}"};
}

std::string nested(size_t depth, char open, char close) {
  std::string text;
  for (size_t i = 0; i < depth; ++i) text += open == '{' ? (i == 0 ? "{" : "\"a\":{") : (i == 0 ? "{\"a\":" : "[");
  if (open == '[') text += "1";
  for (size_t i = 0; i < depth; ++i) text += i + 1 == depth ? '}' : close;
  return text;
}

const std::string kUpn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

}  // namespace

TEST_CASE("json record: values of JSON are taken") {
  Reader reader;
  for (const char filler : {'\0', '}', '"', '1', '\xFF'}) {
    reader.filler = filler;
    for (const std::string& value : json_values()) {
      for (const std::string& text : places_of(value)) {
        INFO(text);
        CHECK(reader.takes(text));
      }
    }
  }
}

TEST_CASE("json record: what is no JSON value is refused wherever it stands") {
  Reader reader;
  for (const char filler : {'\0', '}', '"', '1'}) {
    reader.filler = filler;
    for (const std::string& value : no_json_values()) {
      for (const std::string& text : places_of(value)) {
        INFO(text);
        CHECK_FALSE(reader.takes(text));
      }
    }
  }
}

TEST_CASE("json record: keys are validated like every string") {
  Reader reader;
  for (const std::string key : {R"("\x")", R"("\uD83D")", "\"\xFF\"", "\"\n\"", R"("\u00")", "\"\xED\xA0\x80\""}) {
    for (const std::string& text : {"{" + key + ":1}", "{\"x\":[{" + key + ":1}]}", "{\"claims\":{" + key + ":1}}"}) {
      INFO(text);
      CHECK_FALSE(reader.takes(text));
    }
  }
  CHECK_FALSE(reader.takes(R"({"x":})"));
  CHECK_FALSE(reader.takes(R"({"x": ,"caller":1})"));
  CHECK(reader.takes(R"({"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00":1})"));
}

TEST_CASE("json record: a key that is no string is refused by a reader that has read nothing yet") {
  for (const char c : {'\0', '\x01', 'a', '1', '\''}) {
    const std::string key(1, c);
    for (const std::string& text : {"{" + key + ":1}", "{\"x\":1," + key + ":1}", "{\"claims\":{" + key + ":1}}"}) {
      INFO(text);
      Reader reader;
      CHECK_FALSE(reader.takes(text));
    }
  }
}

TEST_CASE("json record: only one object is a record") {
  Reader reader;
  for (const std::string text :
       {"[]", "[{}]", "1", "\"a\"", "null", "true", "word", "{}{}", "{} {}", "{},", "{}1", "{}]", "{}}", "1{}", "{}x", " "}) {
    INFO(text);
    CHECK_FALSE(reader.takes(text));
  }
  CHECK(reader.takes("{}"));
  CHECK(reader.takes(" \n\t{ } \r\n"));
  CHECK(reader.read("[1]") == RejectReason::not_an_object);
}

TEST_CASE("json record: reasons name what is wrong") {
  Reader reader;
  CHECK(reader.read("{\"a\":\"\xFF\"}") == RejectReason::bad_utf8);
  CHECK(reader.read("{\"a\":\"\n\"}") == RejectReason::control_character);
  CHECK(reader.read("{\"a\":\"b}") == RejectReason::unclosed);
  CHECK(reader.read("{\"a\":{\"b\":1}") == RejectReason::unclosed);
  CHECK(reader.read("{\"a\":[1}") == RejectReason::unclosed);
  CHECK(reader.read(R"({"a":"\x"})") == RejectReason::bad_string);
  CHECK(reader.read(R"({"a":"\uD83D"})") == RejectReason::bad_string);
  CHECK(reader.read(R"({"a":tru})") == RejectReason::bad_value);
  CHECK(reader.read(R"({"a":01})") == RejectReason::bad_value);
  CHECK(reader.read(R"({"a":1 "b":2})") == RejectReason::bad_json);
}

TEST_CASE("json record: nesting is bounded") {
  Reader reader;
  const auto depth = static_cast<size_t>(JsonRecordReader::kMaxDepth);
  for (const char open : {'{', '['}) {
    const char close = open == '{' ? '}' : ']';
    CHECK(reader.takes(nested(depth - 1, open, close)));
    CHECK(reader.takes(nested(depth, open, close)));
    CHECK(reader.read(nested(depth + 1, open, close)) == RejectReason::too_deep);
    CHECK(reader.read(nested(100'000, open, close)) == RejectReason::too_deep);
  }
  CHECK(reader.takes("{\"claims\":" + nested(depth - 1, '{', '}') + "}"));
  CHECK(reader.read("{\"claims\":" + nested(depth, '{', '}') + "}") == RejectReason::too_deep);
  CHECK_FALSE(reader.takes("{\"a\":" + std::string(100'000, '[')));
  CHECK_FALSE(reader.json.is_json(std::string(100'000, '[') + std::string(kPadding, '\0')));
  CHECK(reader.takes(R"({"caller":"after"})"));
  CHECK(reader.text("caller") == "after");
}

TEST_CASE("json record: values are kept by their paths, whatever the case of keys") {
  Reader reader;
  REQUIRE(reader.takes(
      R"({"CALLER":"a","OperationName":{"VALUE":"b"},"httprequest":{"ClientIpAddress":"1.2.3.4"},"unasked":{"caller":"no"},"list":[{"caller":"no"}]})"));
  CHECK(reader.text("caller") == "a");
  CHECK(reader.text("operationName>value") == "b");
  CHECK(reader.text("httpRequest>clientIpAddress") == "1.2.3.4");
  REQUIRE(reader.takes("{\"identity\":{\"claims\":{\"" + kUpn + "\":\"u\"}}}"));
  CHECK(reader.text("identity>claims>" + kUpn) == "u");
  REQUIRE(reader.takes(R"({"\u0063aller":"a","\u0063laims":{"app\u0069d":"x\u0079"}})"));
  CHECK(reader.text("caller") == "a");
  CHECK(reader.text("claims>appid") == "xy");
}

TEST_CASE("json record: kinds of values") {
  Reader reader;
  REQUIRE(reader.takes(R"({"caller":null,"eventDataId":17.50,"status":true,"resourceId":"","correlationId":{},"subscriptionId":[]})"));
  CHECK(reader.at("caller").kind == ValueKind::null);
  CHECK(reader.at("eventDataId").kind == ValueKind::number);
  CHECK(reader.text("eventDataId") == "17.50");
  CHECK(reader.at("status").kind == ValueKind::boolean);
  CHECK(reader.at("resourceId").kind == ValueKind::text);
  CHECK(reader.at("correlationId").kind == ValueKind::object);
  CHECK(reader.at("subscriptionId").kind == ValueKind::list);
  CHECK_FALSE(reader.record.has(reader.tree.slot_of("resourceUri")));
  REQUIRE(reader.takes("{}"));
  for (uint32_t slot = 0; slot < reader.tree.slots(); ++slot) CHECK_FALSE(reader.record.has(slot));
}

TEST_CASE("json record: what a record gives does not depend on the record before it") {
  const std::string texts[] = {
      R"({"caller":"a","eventTimestamp":"b","claims":{"appid":"c"},"correlationId":"d"})",
      R"({"eventTimestamp":"b","caller":"a","claims":{"appid":"c"},"correlationId":"d"})",
      R"({"caller" :"a","eventTimestamp": "b","claims"  :{ "appid"  :"c"},"correlationId":"d"})",
      R"({"Caller":"a","eventtimestamp":"b","claims":{"aPPid":"c"},"correlationId":"d"})",
      R"({"\u0063aller":"a","eventTimestamp":"b","claims":{"app\u0069d":"c"},"correlationId":"d"})",
      R"({"calle":"a","callers":"b","claims":{"xppid":"c"},"correlationIx":"d"})",
      R"({"caller":"a","caller":"b","claims":{"appid":"c","appid":"e"}})",
      R"({"caller":"a","CALLER":"b","x":{"appid":"c"},"claims":[{"appid":"e"}]})",
      R"({"_source":{"caller":"a","x":1},"_source":{"x":2,"caller":"b"}})",
      R"({"x":{"caller":"a"},"caller":{"x":"caller"},"claims":"{\"appid\":\"c\"}"})",
      R"({"caller","a","claims":{"appid":"c"}})",
      R"({"caller":"a","eventTimestamp":})",
      R"({"caller":"a","eventTimestamp"})",
      R"({"caller":"a" "claims":{"appid":"c"}})",
      R"({})",
  };
  for (const std::string& before : texts) {
    for (const std::string& text : texts) {
      CAPTURE(before, text);
      Reader fresh, used;
      (void)used.read(before);
      CHECK(used.read(text) == fresh.read(text));
      CHECK(used.record.duplicate_key == fresh.record.duplicate_key);
      for (uint32_t slot = 0; slot < fresh.tree.slots(); ++slot) {
        CHECK(used.record.value(slot).kind == fresh.record.value(slot).kind);
        CHECK(used.record.value(slot).text == fresh.record.value(slot).text);
      }
    }
  }
}

TEST_CASE("json record: of a key twice the last counts, and the record says so") {
  Reader reader;
  REQUIRE(reader.takes(R"({"caller":"a","caller":"b"})"));
  CHECK(reader.text("caller") == "b");
  CHECK(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"caller":"a","\u0063aller":"b"})"));
  CHECK(reader.text("caller") == "b");
  CHECK(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"caller":"a","caller":""})"));
  CHECK(reader.text("caller").empty());
  CHECK(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"caller":"a","caller":null})"));
  CHECK(reader.text("caller").empty());
  REQUIRE(reader.takes(R"({"caller":"a","x":1,"x":2,"claims":{"y":1,"y":2}})"));
  CHECK_FALSE(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"claims":{"appid":"a"},"x":{"appid":"b"}})"));
  CHECK_FALSE(reader.record.duplicate_key);
}

TEST_CASE("json record: of an object twice the last counts whole") {
  Reader reader;
  REQUIRE(reader.takes(R"({"claims":{"appid":"a","ipaddr":"1.1.1.1"},"claims":{"ipaddr":"2.2.2.2"}})"));
  CHECK(reader.text("claims>appid").empty());
  CHECK(reader.text("claims>ipaddr") == "2.2.2.2");
  CHECK(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"operationName":{"value":"a"},"operationName":"b"})"));
  CHECK(reader.text("operationName>value").empty());
  CHECK(reader.text("operationName") == "b");
  REQUIRE(reader.takes(R"({"operationName":"b","operationName":{"value":"a"}})"));
  CHECK(reader.text("operationName>value") == "a");
  CHECK(reader.text("operationName").empty());
  REQUIRE(reader.takes(R"({"claims":{"appid":"a"},"claims":null})"));
  CHECK(reader.text("claims>appid").empty());
  REQUIRE(reader.takes(R"({"claims":"{\"appid\":\"a\"}","claims":{"ipaddr":"b"}})"));
  CHECK(reader.text("claims>appid").empty());
  CHECK(reader.text("claims>ipaddr") == "b");
  REQUIRE(reader.takes(R"({"claims":{"ipaddr":"b"},"claims":"{\"appid\":\"a\"}"})"));
  CHECK(reader.text("claims>appid") == "a");
  CHECK(reader.text("claims>ipaddr").empty());
}

TEST_CASE("json record: two spellings of one key are two keys, and an empty one hides nothing") {
  Reader reader;
  REQUIRE(reader.takes(R"({"caller":"a","Caller":""})"));
  CHECK(reader.text("caller") == "a");
  CHECK_FALSE(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"Caller":"","caller":"a"})"));
  CHECK(reader.text("caller") == "a");
  REQUIRE(reader.takes(R"({"Caller":null,"caller":"a","CALLER":null})"));
  CHECK(reader.text("caller") == "a");
  CHECK_FALSE(reader.record.duplicate_key);
  REQUIRE(reader.takes(R"({"claims":{"appid":"a"},"Claims":{}})"));
  CHECK(reader.text("claims>appid") == "a");
  REQUIRE(reader.takes(R"({"claims":{"appid":"a"},"Claims":{"appid":""}})"));
  CHECK(reader.text("claims>appid") == "a");
  // The same spelling again, with another between: still a duplicate.
  REQUIRE(reader.takes(R"({"caller":"a","Caller":"b","caller":"c"})"));
  CHECK(reader.record.duplicate_key);
}

TEST_CASE("json record: JSON inside a string is read as if it stood there") {
  Reader reader;
  REQUIRE(reader.takes(R"({"Claims":"{\"appid\":\"a\",\"ipaddr\":\"\\u0031\"}","Caller":"c"})"));
  CHECK(reader.text("Claims>appid") == "a");
  CHECK(reader.text("claims>ipaddr") == "1");
  CHECK(reader.text("Caller") == "c");
  // Several, short and long: views into each must outlive the others.
  REQUIRE(reader.takes(
      R"({"Claims":"{\"appid\":\"1\"}","Claims_d":"{\"appid\":\"2\"}","httpRequest":"{\"clientIpAddress\":\"3\"}","status":"{\"value\":\"4\"}","category":"{\"value\":\"5\"}"})"));
  CHECK(reader.text("claims>appid") == "1");
  CHECK(reader.text("Claims_d>appid") == "2");
  CHECK(reader.text("httpRequest>clientIpAddress") == "3");
  CHECK(reader.text("status>value") == "4");
  CHECK(reader.text("category>value") == "5");
  REQUIRE(reader.takes(R"({"identity":"{\"claims\":{\"appid\":\"a\"}}"})"));
  CHECK(reader.text("identity>claims>appid") == "a");
}

TEST_CASE("json record: broken JSON inside a string gives nothing and costs nothing") {
  Reader reader;
  for (const std::string broken : {"{", "{}x", R"({\"appid\":\"a\")", R"({\"appid\":\"a\",})", R"({\"appid\":\"a\",\"x\":tru})",
                                   R"({\"appid\":\"a\"} {})", "[1]", "text", "", R"({\"appid\":\"\\x\"})", R"({\"appid\":\"\\uD83D\"})"}) {
    INFO(broken);
    REQUIRE(reader.takes("{\"Claims\":\"" + broken + "\",\"Caller\":\"c\"}"));
    CHECK(reader.text("Claims>appid").empty());
    CHECK(reader.text("Caller") == "c");
  }
  // A plain text that begins like an object stays what it is.
  REQUIRE(reader.takes(R"({"operationName":"{curly","status":"{"})"));
  CHECK(reader.text("operationName") == "{curly");
  CHECK(reader.text("status") == "{");
  REQUIRE(reader.takes(R"({"operationName":"{curly}","status":"{\"value\":\"a\",}"})"));
  CHECK(reader.text("operationName") == "{curly}");
  CHECK(reader.text("status") == R"({"value":"a",})");
  CHECK(reader.text("status>value").empty());
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({\"a\":)";
  REQUIRE(reader.takes("{\"Claims\":\"" + deep + "\"}"));
  CHECK(reader.text("Claims>appid").empty());
}

TEST_CASE("json record: a page is told by a list under an envelope key of its own") {
  Reader reader;
  REQUIRE(reader.takes(R"({"value":[{"caller":"a"}],"nextLink":"x"})"));
  CHECK(reader.record.page);
  REQUIRE(reader.takes(R"({"Records":[]})"));
  CHECK(reader.record.page);
  for (const std::string text : {R"({"value":{"a":[1]}})", R"({"x":{"value":[1]}})", R"({"value":"[1]"})", R"({"values":[1]})",
                                 R"({"status":{"value":[1]}})", "{}"}) {
    INFO(text);
    REQUIRE(reader.takes(text));
    CHECK_FALSE(reader.record.page);
  }
}

TEST_CASE("json record: is_json takes whole objects and lists alone") {
  Reader reader;
  const auto is_json = [&](std::string text) {
    const size_t length = text.size();
    text.append(kPadding, '\0');
    return reader.json.is_json(std::string_view(text).substr(0, length));
  };
  for (const char* text : {"{}", "[]", "[1,{\"a\":[]}]", " {\"a\":1} "}) CHECK(is_json(text));
  for (const char* text : {"", " ", "1", "\"a\"", "null", "{} {}", "[],", "[1,]", "{\"a\":tru}", "[1", "{\"a\":\"\xFF\"}", "]", "[1]x"}) {
    INFO(text);
    CHECK_FALSE(is_json(text));
  }
}
