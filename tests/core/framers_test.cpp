// The three framers alone: what is a record, what is structure, what is rejected, and where reading goes on behind damage. Every text of the
// tables is framed whole, byte by byte, cut in two at every place and cut at random; all must say the same.
// In these texts a record is sure of itself (has time and operation) when it has the keys "t" and "o", or, as a row, begins with 2026.
#include "reading.h"

#include <algorithm>

#include "bytes/csv_framer.h"
#include "bytes/json_framer.h"
#include "bytes/line_framer.h"
#include "shapes/field_tree.h"
#include "shapes/json_record.h"

using namespace csh;
using namespace csh::test;

namespace {

struct Text {
  const char* about;
  std::string bytes;
  std::vector<std::string> said;
  bool whole = true;
};

Judge json_judge() {
  struct Own {
    const FieldTree& tree = field_tree();
    JsonRecordReader json{tree};
    Record record{tree.slots()};
  };
  return [own = std::make_shared<Own>()](std::string_view text, Certainty certainty) -> std::optional<RejectReason> {
    own->record.clear();
    if (text.front() == '[') return own->json.is_json(text) ? std::nullopt : std::optional(RejectReason::bad_json);
    if (const auto reason = own->json.read(text, own->record)) return reason;
    const bool sure = text.find("\"t\":") != std::string_view::npos && text.find("\"o\":") != std::string_view::npos;
    if (certainty == Certainty::after_break && !sure) return RejectReason::lost;
    return std::nullopt;
  };
}

// Fields of a row by quotes and delimiters alone.
size_t fields_of(std::string_view row, char delimiter) {
  size_t fields = 1;
  bool quoted = false, begins = true;
  for (const char c : row) {
    if (c == '"' && (quoted || begins)) quoted = !quoted;
    begins = !quoted && (c == delimiter || (begins && c == '"'));
    if (c == delimiter && !quoted) ++fields;
  }
  return fields;
}

struct CsvJudge {
  std::shared_ptr<size_t> fields = std::make_shared<size_t>(0);
  char delimiter = ',';
  Judge judge() const {
    return [*this](std::string_view row, Certainty certainty) -> std::optional<RejectReason> {
      if (fields_of(row, delimiter) != *fields) return RejectReason::wrong_field_count;
      if (certainty == Certainty::after_break && !row.starts_with("2026")) return RejectReason::lost;
      return std::nullopt;
    };
  }
  std::function<bool(std::string_view)> on_header() const {
    return [*this](std::string_view row) {
      *fields = fields_of(row, delimiter);
      return true;
    };
  }
};

enum class Kind { lines, json, csv };

Framing frame(Kind kind, std::string_view text, const Cuts& cuts) {
  if (kind == Kind::csv) {
    const CsvJudge judge;
    CsvFramer framer(',');
    return frame_in_blocks(framer, text, cuts, judge.judge(), judge.on_header());
  }
  if (kind == Kind::lines) {
    LineFramer framer;
    return frame_in_blocks(framer, text, cuts, json_judge());
  }
  JsonFramer framer;
  return frame_in_blocks(framer, text, cuts, json_judge());
}

void check_every_cut(Kind kind, const std::vector<Text>& texts) {
  std::mt19937 random(20260314);
  for (const Text& text : texts) {
    INFO(text.about << ": " << text.bytes);
    const Framing whole = frame(kind, text.bytes, {});
    CHECK(whole.said == text.said);
    CHECK(whole.whole == text.whole);
    CHECK(frame(kind, text.bytes, every_byte(text.bytes.size())) == whole);
    for (size_t cut = 1; cut < text.bytes.size(); ++cut) {
      INFO("cut at " << cut);
      CHECK(frame(kind, text.bytes, {cut}) == whole);
    }
    for (int i = 0; i < 20; ++i) CHECK(frame(kind, text.bytes, random_cuts(text.bytes.size(), 5, random)) == whole);
  }
}

std::string many(size_t count, std::string_view text) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

const std::string kMark = "\xEF\xBB\xBF";

}  // namespace

TEST_CASE("framers: JSON lists, pages and values one after the other") {
  check_every_cut(
      Kind::json,
      {
          {"nothing", "", {}},
          {"blanks", " \n\t\r\n ", {}},
          {"list", R"([{"a":1},{"b":2}])", {R"({"a":1})", R"({"b":2})"}},
          {"pretty list",
           "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": [ 2 ]\n  }\n]\n",
           {"{\n    \"a\": 1\n  }", "{\n    \"b\": [ 2 ]\n  }"}},
          {"empty list", "[]", {}},
          {"empty objects", "[{},{}]", {"{}", "{}"}},
          {"list in a list", R"([[{"a":1}],[[{"b":2}]]])", {R"({"a":1})", R"({"b":2})"}},
          {"page", R"({"value":[{"a":1},{"b":2}],"nextLink":"https://x"})", {R"({"a":1})", R"({"b":2})"}},
          {"page with its list last", R"({"count":2,"x":{"value":[{"no":1}]},"value":[{"a":1}]})", {R"({"a":1})"}},
          {"page of records", R"({"records":[{"a":1}]})", {R"({"a":1})"}},
          {"page key in another case, blanks around its colon", "{ \"Records\" \n:\t [ {\"a\":1} ] }", {R"({"a":1})"}},
          {"two lists in one page", R"({"value":[{"a":1}],"n":"]}","records":[{"b":2}],"z":{"a":[]}})", {R"({"a":1})", R"({"b":2})"}},
          {"empty page", R"({"value":[],"nextLink":null})", {}},
          {"list of pages", R"([{"value":[{"a":1}]},{"records":[{"b":2}]},{"c":3}])", {R"({"a":1})", R"({"b":2})", R"({"c":3})"}},
          {"page in a page", R"({"records":[{"records":[{"a":1}]},{"b":2}]})", {R"({"a":1})", R"({"b":2})"}},
          {"pages one after the other", "{\"value\":[{\"a\":1}]}\n{\"value\":[{\"b\":2}]}", {R"({"a":1})", R"({"b":2})"}},
          {"objects one after the other", R"({"a":1}{"b":2} {"c":3},{"d":4})", {R"({"a":1})", R"({"b":2})", R"({"c":3})", R"({"d":4})"}},
          {"lists one after the other", R"([{"a":1}][{"b":2}])", {R"({"a":1})", R"({"b":2})"}},
          {"marks at the start and between",
           kMark + R"({"a":1})" + kMark + "\n" + kMark + R"([{"b":2}])" + kMark,
           {R"({"a":1})", R"({"b":2})"}},
          {"empty members between", R"(["":"",{"a":1},"":"",{"b":2},"":"",])", {R"({"a":1})", R"({"b":2})"}},
          {"trailing and doubled commas of a list", R"([{"a":1},,{"b":2},])", {R"({"a":1})", R"({"b":2})"}},
      });
}

TEST_CASE("framers: an object is a page by its own keys alone") {
  check_every_cut(Kind::json, {
                                  {"a list deeper down", R"({"a":{"value":[{"b":1}]}})", {R"({"a":{"value":[{"b":1}]}})"}},
                                  {"a list under another key", R"({"values":[{"a":1}]})", {R"({"values":[{"a":1}]})"}},
                                  {"the key as text", R"({"a":"\"value\":[","b":"value"})", {R"({"a":"\"value\":[","b":"value"})"}},
                                  {"the key is an element", R"({"a":["value",[{"b":1}]]})", {R"({"a":["value",[{"b":1}]]})"}},
                                  {"no list under the key", R"({"value":{"a":[{"b":1}]}})", {R"({"value":{"a":[{"b":1}]}})"}},
                                  {"the end of a longer key", R"({"x\"value":[{"a":1}]})", {R"({"x\"value":[{"a":1}]})"}},
                              });
}

TEST_CASE("framers: strings hide brackets, commas, quotes and records") {
  check_every_cut(
      Kind::json,
      {
          {"brackets", R"([{"a":"]}[{"},{"b":"}"}])", {R"({"a":"]}[{"})", R"({"b":"}"})"}},
          {"escaped quotes",
           R"([{"a":"\""},{"b":"\\"},{"c":"\\\""},{"d":"\\\\"}])",
           {R"({"a":"\""})", R"({"b":"\\"})", R"({"c":"\\\""})", R"({"d":"\\\\"})"}},
          {"escaped quotes in keys", R"([{"\"":1},{"\\":[2]}])", {R"({"\"":1})", R"({"\\":[2]})"}},
          {"a record as text", R"([{"a":"\n,{\"t\":1,\"o\":2},\n"},{"b":1}])", {R"({"a":"\n,{\"t\":1,\"o\":2},\n"})", R"({"b":1})"}},
          {"many bytes a letter",
           "[{\"\xC3\xA4\":\"\xE2\x82\xAC\"},{\"b\":\"\xF0\x9F\x98\x80\"}]",
           {"{\"\xC3\xA4\":\"\xE2\x82\xAC\"}", "{\"b\":\"\xF0\x9F\x98\x80\"}"}},
          {"quotes and brackets outside of records", R"({"n":"\"]}","value":[{"a":1}],"m":"[{\\"})", {R"({"a":1})"}},
      });
}

TEST_CASE("framers: a bad element costs itself") {
  check_every_cut(
      Kind::json,
      {
          {"no key", R"([{"a":1},{bad},{"b":2}])", {R"({"a":1})", "reject bad_json {bad}", R"({"b":2})"}},
          {"bad value", R"([{"a":tru},{"b":2}])", {R"(reject bad_value {"a":tru})", R"({"b":2})"}},
          {"bad bytes", "[{\"a\":\"\xFF\"},{\"b\":2}]", {"reject bad_utf8 {\"a\":\"\xFF\"}", R"({"b":2})"}},
          {"in a page", R"({"value":[{"a":1},{"b":1 2},{"c":3}]})", {R"({"a":1})", R"(reject bad_json {"b":1 2})", R"({"c":3})"}},
          {"no objects",
           R"([1,"a,]{",null,-2.5e3,{"a":1}])",
           {"reject not_an_object 1", R"(reject not_an_object "a,]{")", "reject not_an_object null", "reject not_an_object -2.5e3",
            R"({"a":1})"}},
          {"words between values", R"({"a":1} oops {"b":2})", {R"({"a":1})", "reject not_an_object oops", R"({"b":2})"}},
          {"a bracket too much", R"({"a":1}]{"b":2})", {R"({"a":1})", "reject not_an_object ]", R"({"b":2})"}},
      });
}

TEST_CASE("framers: behind a break reading goes on at the next record that is sure") {
  const std::string s1 = R"({"t":1,"o":1})", s2 = R"({"t":2,"o":2})", s3 = R"({"t":3,"o":3})";
  check_every_cut(
      Kind::json,
      {
          {"a quote is missing at the end of a value",
           "[" + s1 + R"(,{"t":5,"o":"x},)" + s2 + "," + s3 + "]",
           {s1, R"(reject lost {"t":5,"o":"x},)", "after_break " + s2, s3}},
          {"the same, pretty",
           "[\n" + s1 + ",\n{\"t\":5,\n\"o\":\"x\n},\n" + s2 + ",\n" + s3 + "\n]",
           {s1, "reject lost {\"t\":5,\n\"o\":\"x\n},\n", "after_break " + s2, s3}},
          {"a quote is missing at the start of a value",
           "[" + s1 + R"(,{"t":5,"o":x"},)" + s2 + "," + s3 + "]",
           {s1, R"(reject lost {"t":5,"o":x"},)", "after_break " + s2, s3}},
          {"a quote too much",
           "[" + s1 + R"(,{"t":5,"o":"x""},)" + s2 + "," + s3 + "]",
           {s1, R"(reject lost {"t":5,"o":"x""},)", "after_break " + s2, s3}},
          {"two elements without a quote",
           R"([{"a":"x},)" + s1 + R"(,{"b":"y},)" + s2 + "]",
           {R"(reject lost {"a":"x},)", "after_break " + s1, R"(reject lost {"b":"y},)", "after_break " + s2}},
          {"a brace is missing", R"([{"a":{"b":1},)" + s1 + "," + s2 + "]", {R"(reject lost {"a":{"b":1},)", "after_break " + s1, s2}},
          {"a brace too much", R"([{"a":1}},)" + s1 + "," + s2 + "]", {R"({"a":1})", "reject not_an_object }", s1, s2}},
          {"the wrong bracket", R"([{"a":[1},)" + s1 + "," + s2 + "]", {R"(reject lost {"a":[1},)", "after_break " + s1, s2}},
          {"what is not sure is lost",
           R"([{"a":"x},{"b":1},)" + s1 + R"(,{"c":2}])",
           {R"(reject lost {"a":"x},{"b":1},)", "after_break " + s1, R"({"c":2})"}},
          {"between values",
           R"({"a":"x}
)" + s1 + "\n" +
               s2,
           {"reject lost {\"a\":\"x}\n", "after_break " + s1, s2}},
          {"records as text of a damaged element stay text",
           R"([{"a":1 "b":"},{\"t\":1,\"o\":1},{"},)" + s1 + "]",
           {R"(reject lost {"a":1 "b":"},{\"t\":1,\"o\":1},{"},)", "after_break " + s1}},
          {"a quote alone between two records",
           "[" + s1 + "\",\n" + s2 + "," + s3 + "]",
           {s1, "reject lost \",\n", "after_break " + s2, s3}},
          {"a key without a comma before it, in a page",
           "{\"n\":1,\"value\":[" + s1 + "],\"a\":[0]\"value\":[" + s2 + "],\"value\":[" + s3 + "]}",
           {s1, s3}},
          {"nothing sure follows", R"([)" + s1 + R"(,{"a":"x},{"b":1}])", {s1, R"(reject cut {"a":"x},{"b":1}])"}, false},
      });
}

TEST_CASE("framers: with a quote missing in any element, all the others are kept") {
  constexpr size_t kElements = 9;
  for (const bool pretty : {false, true}) {
    for (size_t bad = 0; bad < kElements; ++bad) {
      for (const std::string damaged :
           {R"({"t":"bad,"o":2})", R"({"t":bad","o":2})", R"({"t":7,"o":2)", R"({"t:7,"o":2})", R"({t":7,"o":2})"}) {
        std::string text = "[";
        std::vector<std::string> kept;
        for (size_t i = 0; i < kElements; ++i) {
          text += i == 0 ? "" : ",";
          text += pretty ? "\n  " : "";
          const std::string good = "{\"t\":" + std::to_string(i) + ",\"o\":\"x\"}";
          text += i == bad ? damaged : good;
          if (i != bad) kept.push_back(good);
        }
        text += "]";
        INFO(text);
        std::vector<std::string> found;
        size_t rejects = 0;
        for (std::string said : frame(Kind::json, text, {}).said) {
          if (said.starts_with("reject ")) {
            ++rejects;
            continue;
          }
          if (said.starts_with("after_break ")) said.erase(0, 12);
          found.push_back(said);
        }
        CHECK(found == kept);
        CHECK(rejects == 1);
      }
    }
  }
}

TEST_CASE("framers: JSON that ends too early says so") {
  const std::string s1 = R"({"t":1,"o":1})";
  check_every_cut(Kind::json, {
                                  {"in a record", "[" + s1 + R"(,{"t":3)", {s1, R"(reject cut {"t":3)"}, false},
                                  {"in a string", "[" + s1 + R"(,{"t":"3\)", {s1, R"(reject cut {"t":"3\)"}, false},
                                  {"behind a comma", "[" + s1 + ",", {s1}, false},
                                  {"before the bracket", "[" + s1 + "\n", {s1}, false},
                                  {"in a page", R"({"value":[)" + s1 + "]", {s1}, false},
                                  {"in a page's other keys", R"({"value":[)" + s1 + R"(],"next":"ht)", {s1}, false},
                                  {"one object", R"({"t":1)", {R"(reject cut {"t":1)"}, false},
                                  {"in a scalar", "[" + s1 + ",tr", {s1, "reject not_an_object tr"}, false},
                                  {"in a string for a record", "[" + s1 + ",\"tr", {s1, "reject lost \"tr"}, false},
                                  {"in a byte order mark", s1 + "\xEF\xBB", {s1, "reject not_an_object \xEF\xBB"}},
                              });
}

TEST_CASE("framers: nesting of lists and pages is bounded") {
  const auto nested = [](size_t depth) { return many(depth, "[") + R"({"t":1,"o":1})" + many(depth, "]"); };
  CHECK(frame(Kind::json, nested(JsonFramer::kMaxContainers - 1), {}).said == std::vector<std::string>{R"({"t":1,"o":1})"});
  CHECK(frame(Kind::json, nested(JsonFramer::kMaxContainers), {}).said == std::vector<std::string>{R"({"t":1,"o":1})"});
  const Framing over = frame(Kind::json, nested(JsonFramer::kMaxContainers + 1), {});
  REQUIRE(over.said.size() >= 1);
  CHECK(over.said.front().starts_with("reject "));
  const std::string bomb = many(100'000, "[");
  const Framing deep = frame(Kind::json, bomb, {});
  REQUIRE(deep.said.size() == 1);
  CHECK(deep.said.front() == "reject too_deep " + bomb.substr(JsonFramer::kMaxContainers));
  CHECK(frame(Kind::json, bomb, {7, 50'000, 70'001}) == deep);
  const std::string objects = many(100'000, R"({"a":)");
  CHECK(frame(Kind::json, objects, {50'003}).said == std::vector<std::string>{"reject cut " + objects});
}

TEST_CASE("framers: behind a break a bounded number of candidates is tried") {
  const std::string sure = R"({"t":1,"o":1})";
  const auto text = [&](size_t unsure) { return R"([{"a":"x},)" + many(unsure, R"({"b":1},)") + sure + "]"; };
  CHECK(frame(Kind::json, text(JsonFramer::kMaxTriesABreak - 1), {}).said.back() == "after_break " + sure);
  CHECK(frame(Kind::json, text(JsonFramer::kMaxTriesABreak), {}).said.size() == 1);
}

TEST_CASE("framers: what is whole is told before more has come") {
  const auto early = [](Framer& framer, const std::string& text, const Judge& judge, size_t held) {
    Listener listener(text, judge);
    const std::string padded = text + std::string(kPadding, '\0');
    CHECK(framer.scan(std::string_view(padded).substr(0, text.size()), 0, false, listener) == text.size() - held);
    return listener.framing.said;
  };
  using Said = std::vector<std::string>;
  JsonFramer list;
  CHECK(early(list, R"(["a",1,{"b":2},{"b":3},{)", json_judge(), 1) ==
        Said{R"(reject not_an_object "a")", "reject not_an_object 1", R"({"b":2})", R"({"b":3})"});
  LineFramer lines;
  CHECK(early(lines, "{\"b\":2}\n\n{\"b\":3}\n{\"b", json_judge(), 3) == Said{R"({"b":2})", R"({"b":3})"});
  // Behind a line feed a line is over, behind a carriage return a line feed may follow.
  for (const char* end : {"\n", "\r\n"}) {
    LineFramer whole;
    const std::string line = std::string(R"({"b":2})") + end;
    CHECK(early(whole, line + line, json_judge(), 0) == Said{R"({"b":2})", R"({"b":2})"});
  }
  LineFramer joined;
  CHECK(early(joined, "{\"a\":\"1\n2\"}\n", json_judge(), 0) == Said{"joined {\"a\":\"1\n2\"}"});
  LineFramer returns;
  CHECK(early(returns, "{\"b\":2}\r{\"b\":3}\r", json_judge(), 8) == Said{R"({"b":2})"});
  CsvFramer rows(',');
  const Judge any = [](std::string_view, Certainty) { return std::nullopt; };
  CHECK(early(rows, "a,b\n1,\"2\n\"\n3,\"", any, 3) == Said{"header a,b", "1,\"2\n\""});
  // Behind an object no farther is looked than a few hundred blanks, behind one in single quotes a few thousand.
  JsonFramer far, single;
  CHECK(early(far, R"([{"b":2})" + std::string(600, ' '), any, 0) == Said{R"({"b":2})"});
  CHECK(early(single, "[{'b':2}" + std::string(5000, ' '), any, 0) == Said{"{'b':2}"});
}

TEST_CASE("framers: JSON Lines") {
  check_every_cut(
      Kind::lines,
      {
          {"nothing", "", {}},
          {"lines", "{\"a\":1}\n{\"b\":2}\n", {R"({"a":1})", R"({"b":2})"}},
          {"no line end behind the last", "{\"a\":1}\n{\"b\":2}", {R"({"a":1})", R"({"b":2})"}},
          {"carriage returns and empty lines", "\r\n{\"a\":1}\r\n \r\n\t{\"b\":2} \r\n\n", {R"({"a":1})", R"({"b":2})"}},
          {"carriage returns alone", "{\"a\":1}\r{\"b\":2}\r", {R"({"a":1})", R"({"b":2})"}},
          {"marks", kMark + "{\"a\":1}\n" + kMark + "{\"b\":2}" + kMark + "\n" + kMark, {R"({"a":1})", R"({"b":2})"}},
          {"commas behind lines", "{\"a\":1},\n{\"b\":2} ,\n{\"c\":3}", {R"({"a":1})", R"({"b":2})", R"({"c":3})"}},
          {"two and three on a line",
           "{\"a\":1}{\"b\":2}\n{\"c\":3} {\"d\":\"}{\"},{\"e\":5}\n",
           {R"({"a":1})", R"({"b":2})", R"({"c":3})", R"({"d":"}{"})", R"({"e":5})"}},
          {"a list is one line", "{\"a\":1}\n[{\"b\":2},{\"c\":3}]\n", {R"({"a":1})", R"([{"b":2},{"c":3}])"}},
          {"bad lines",
           "{\"a\":1}\n{bad}\nword\n\"text\"\n17\n{\"b\":2}\n",
           {R"({"a":1})", "reject bad_json {bad}", "reject not_an_object word", "reject not_an_object \"text\"", "reject not_an_object 17",
            R"({"b":2})"}},
          {"bad bytes", "{\"a\":\"\xFF\"}\n{\"b\":2}\n", {"reject bad_utf8 {\"a\":\"\xFF\"}", R"({"b":2})"}},
          {"text behind a value", "{\"a\":1} x\n{\"b\":2}\n", {"reject bad_json {\"a\":1} x", R"({"b":2})"}},
          {"the second on a line is bad", "{\"a\":1}{bad}\n{\"b\":2}\n", {R"({"a":1})", "reject bad_json {bad}", R"({"b":2})"}},
          {"the second of three is bad",
           "{\"a\":1}{\"b\":tru}{\"c\":3}\n{\"d\":4}\n",
           {R"({"a":1})", R"(reject bad_json {"b":tru}{"c":3})", R"({"d":4})"}},
          {"the last line is cut", "{\"a\":1}\n{\"b\":\"2", {R"({"a":1})", "reject cut {\"b\":\"2"}, false},
          {"the last line is cut in a letter", "{\"a\":1}\n{\"b\":\"\xE2\x82", {R"({"a":1})", "reject cut {\"b\":\"\xE2\x82"}, false},
          {"the last line is bad but whole", "{\"a\":1}\n{bad}", {R"({"a":1})", "reject bad_json {bad}"}},
      });
}

TEST_CASE("framers: lines are joined where only together they are whole") {
  check_every_cut(
      Kind::lines,
      {
          {"a line break in a string", "{\"a\":\"1\n2\"}\n{\"b\":2}\n", {"joined {\"a\":\"1\n2\"}", R"({"b":2})"}},
          {"a carriage return and line feed in a string",
           "{\"a\":\"1\r\n2\"}\r\n{\"b\":2}\r\n",
           {"joined {\"a\":\"1\r\n2\"}", R"({"b":2})"}},
          {"a pretty record in the middle",
           "{\"a\":1}\n{\n  \"b\": 2\n}\n{\"c\":3}\n",
           {R"({"a":1})", "joined {\n  \"b\": 2\n}", R"({"c":3})"}},
          {"a record as text stays text",
           "{\"a\":\"x\n{\\\"t\\\":1}\n\"}\n{\"b\":2}\n",
           {"joined {\"a\":\"x\n{\\\"t\\\":1}\n\"}", R"({"b":2})"}},
          {"a quote is missing: the next line counts for itself",
           "{\"a\":\"x}\n{\"b\":2}\n{\"c\":3}\n",
           {"reject unclosed {\"a\":\"x}", R"({"b":2})", R"({"c":3})"}},
          {"a brace is missing",
           "{\"a\":{\"x\":1}\n{\"b\":2}\n{\"c\":3}\n",
           {"reject unclosed {\"a\":{\"x\":1}", R"({"b":2})", R"({"c":3})"}},
          {"more behind the joined",
           "{\"a\":\"1\n2\"} x\n{\"b\":2}\n",
           {"reject unclosed {\"a\":\"1", "reject not_an_object 2\"} x", R"({"b":2})"}},
          {"it ends unjoined", "{\"a\":1}\n{\"b\":\"1\n2", {R"({"a":1})", "reject unclosed {\"b\":\"1", "reject not_an_object 2"}},
      });
}

TEST_CASE("framers: joining stops at its limits") {
  const auto lines = [](size_t count) { return "{\"a\":\"" + many(count - 1, "x\n") + "\"}\n{\"b\":2}\n"; };
  CHECK(frame(Kind::lines, lines(LineFramer::kMaxJoinedLines - 1), {}).said.front().starts_with("joined "));
  CHECK(frame(Kind::lines, lines(LineFramer::kMaxJoinedLines), {}).said.front().starts_with("joined "));
  CHECK(frame(Kind::lines, lines(LineFramer::kMaxJoinedLines + 1), {}).said.front() == "reject unclosed {\"a\":\"x");
  // One byte more or less: `{"a":"…\n"}` has eight bytes beside its x.
  const auto bytes = [](size_t count) { return "{\"a\":\"" + many(count - 9, "x") + "\n\"}\n{\"b\":2}\n"; };
  for (const Cuts& cuts : {Cuts{}, Cuts{1000}, Cuts{LineFramer::kMaxJoinedBytes - 1}, Cuts{LineFramer::kMaxJoinedBytes},
                           Cuts{LineFramer::kMaxJoinedBytes + 1}}) {
    CHECK(frame(Kind::lines, bytes(LineFramer::kMaxJoinedBytes - 1), cuts).said.front().starts_with("joined "));
    CHECK(frame(Kind::lines, bytes(LineFramer::kMaxJoinedBytes), cuts).said.front().starts_with("joined "));
    const Framing over = frame(Kind::lines, bytes(LineFramer::kMaxJoinedBytes + 1), cuts);
    CHECK(over.said.front().starts_with("reject unclosed {"));
    CHECK(over.said.back() == R"({"b":2})");
  }
}

TEST_CASE("framers: CSV rows") {
  check_every_cut(
      Kind::csv,
      {
          {"nothing", "", {}},
          {"rows", "a,b\n1,2\n3,4\n", {"header a,b", "1,2", "3,4"}},
          {"carriage return and line feed", "a,b\r\n1,2\r\n3,4\r\n", {"header a,b", "1,2", "3,4"}},
          {"carriage returns", "a,b\r1,2\r3,4\r", {"header a,b", "1,2", "3,4"}},
          {"no line end at the end", "a,b\n1,2", {"header a,b", "1,2"}},
          {"a quote at the end", "a,b\n1,\"2\"", {"header a,b", "1,\"2\""}},
          {"empty lines and blanks", "\n \r\na,b\n\n1,2\n  \n3,4\n\r\n", {"header a,b", "1,2", "3,4"}},
          {"marks", kMark + "a,b\n1,2\n" + kMark + "a,b\n3,4\n", {"header a,b", "1,2", "3,4"}},
          {"line ends in quotes", "a,\"b\nc\"\n\"1\n2\",\"3\r\n\r4\"\n5,6\n", {"header a,\"b\nc\"", "\"1\n2\",\"3\r\n\r4\"", "5,6"}},
          {"doubled quotes", "a,b\n\"\"\"\",\"1\"\"\n\"\"2\"\n\"\",\"\"\n", {"header a,b", "\"\"\"\",\"1\"\"\n\"\"2\"", "\"\",\"\""}},
          {"a quote in an unquoted field", "a,b\n5\" disk,x\n1\"\",\"2\"\n", {"header a,b", "5\" disk,x", "1\"\",\"2\""}},
          {"the header again", "a,b\n1,2\na,b\n3,4\n", {"header a,b", "1,2", "3,4"}},
          {"other numbers of fields",
           "a,b\n1\n1,2\n1,2,3\n3,4\n",
           {"header a,b", "reject wrong_field_count 1", "1,2", "reject wrong_field_count 1,2,3", "3,4"}},
          {"empty fields", "a,b\n,\n\"\",\n", {"header a,b", ",", "\"\","}},
          {"many bytes a letter", "a,b\n\xC3\xA4,\"\xF0\x9F\x98\x80\"\n", {"header a,b", "\xC3\xA4,\"\xF0\x9F\x98\x80\""}},
          {"a row as text stays text", "a,b\nx,\"\n2026,1\n2026,2\n\"\n2026,3\n", {"header a,b", "x,\"\n2026,1\n2026,2\n\"", "2026,3"}},
      });
}

TEST_CASE("framers: behind a broken row CSV goes on at a row that is sure") {
  check_every_cut(
      Kind::csv,
      {
          {"text behind a quote",
           "a,b\n2026,1\n\"x\"y,2\n2026,3\n2026,4\n",
           {"header a,b", "2026,1", "reject bad_quotes \"x\"y,2\n", "after_break 2026,3", "2026,4"}},
          {"the same with carriage returns",
           "a,b\r\n\"x\"y,2\r\n2026,3\r\n",
           {"header a,b", "reject bad_quotes \"x\"y,2\r\n", "after_break 2026,3"}},
          {"the same with carriage returns alone",
           "a,b\r\"x\"y,2\r2026,3\r",
           {"header a,b", "reject bad_quotes \"x\"y,2\r", "after_break 2026,3"}},
          {"not sure", "a,b\n\"x\"y,2\nz,3\n2026,3\n", {"header a,b", "reject bad_quotes \"x\"y,2\nz,3\n", "after_break 2026,3"}},
          {"nothing sure follows", "a,b\n\"x\"y,2\nz,3\n", {"header a,b", "reject bad_quotes \"x\"y,2\nz,3\n"}},
          {"nothing follows, not even a line end", "a,b\n2026,1\n\"x\"y,2", {"header a,b", "2026,1", "reject bad_quotes \"x\"y,2"}},
          {"an odd number of quotes follows", "a,b\n\"x\"y,2\nz,\"3\n", {"header a,b", "reject bad_quotes \"x\"y,2\nz,\"3\n"}},
          {"a quote that opens is never closed",
           "a,b\n2026,\"1\n2026,2\n2026,3\n",
           {"header a,b", "reject bad_quotes 2026,\"1\n", "after_break 2026,2", "2026,3"}},
          {"and nothing follows", "a,b\n2026,1\n2026,\"2\n", {"header a,b", "2026,1", "reject cut 2026,\"2\n"}, false},
          {"a quote too much",
           "a,b\n2026,\"1\"\"\n2026,2\n2026,3\n",
           {"header a,b", "reject bad_quotes 2026,\"1\"\"\n", "after_break 2026,2", "2026,3"}},
      });
}

TEST_CASE("framers: CSV that ends in a row says so") {
  check_every_cut(Kind::csv,
                  {
                      {"too few fields", "a,b\n1,2\n3", {"header a,b", "1,2", "reject cut 3"}, false},
                      {"in quotes", "a,b\n1,2\n3,\"4", {"header a,b", "1,2", "reject cut 3,\"4"}, false},
                      {"too few fields before a line end is no cut", "a,b\n1,2\n3\n", {"header a,b", "1,2", "reject wrong_field_count 3"}},
                  });
}

TEST_CASE("framers: a table of something else is passed over") {
  CsvFramer framer(',');
  const Framing framing = frame_in_blocks(
      framer, "x,y\n1,\"2\n3\"\n", {5, 9}, [](std::string_view, Certainty) { return std::nullopt; },
      [](std::string_view) { return false; });
  CHECK(framing.said == std::vector<std::string>{"header x,y"});
  CHECK(framing.structure == 12);
}

TEST_CASE("framers: records up to the limit are held, longer ones are skipped with their strings understood") {
  constexpr size_t kBlock = kMaxRecordBytes / 4;
  const auto in_blocks = [](Kind kind, const std::string& text, bool whole) {
    Cuts cuts;
    for (size_t at = kBlock; at < text.size() && !whole; at += kBlock) cuts.push_back(at);
    Framing framing = frame(kind, text, cuts);
    for (std::string& said : framing.said) {
      if (said.size() > 40) said = said.substr(0, 20) + "~" + std::to_string(said.size());
    }
    return framing.said;
  };
  using Said = std::vector<std::string>;
  const auto size = [](size_t length) { return "~" + std::to_string(length); };
  for (const bool whole : {true, false}) {
    for (const size_t length : {kMaxRecordBytes - 1, kMaxRecordBytes, kMaxRecordBytes + 1}) {
      INFO("length " << length << (whole ? ", one block" : ", several blocks"));
      const std::string object = "{\"a\":\"" + std::string(length - 8, '{') + "\"}";
      const bool held = length <= kMaxRecordBytes;
      const std::string json = held ? object.substr(0, 20) + size(length) : "reject too_long " + object.substr(0, 4) + size(length + 16);
      CHECK(in_blocks(Kind::lines, object + "\n{\"b\":2}\n", whole) == Said{json, R"({"b":2})"});
      CHECK(in_blocks(Kind::json, "[" + object + ",{\"b\":2}]", whole) == Said{json, R"({"b":2})"});
      const std::string row = "\"" + std::string(length - 4, '\n') + "\",1";
      const std::string csv = held ? row.substr(0, 20) + size(length) : "reject too_long " + row.substr(0, 4) + size(length + 16);
      CHECK(in_blocks(Kind::csv, "a,b\n" + row + "\n1,2\n", whole) == Said{"header a,b", csv, "1,2"});
    }
  }
}

TEST_CASE("framers: whatever is longer than a record may be, the blocks decide nothing") {
  const std::string filling(kMaxRecordBytes, 'x');
  const std::vector<std::pair<Kind, std::string>> texts = {
      {Kind::json, "[\"" + filling + "\",{\"t\":1,\"o\":2}]"},
      {Kind::json, "[\"" + filling.substr(2) + "\",{\"t\":1,\"o\":2}]"},
      {Kind::json, "[" + filling + "x,{\"t\":1,\"o\":2}]"},
      {Kind::json, "{\"a\":\"" + filling + "\",\"value\":[{\"t\":1,\"o\":2}]}{\"t\":3,\"o\":4}"},
      {Kind::json, "[{\"a\":\"" + filling},
      {Kind::lines, "{\"a\":\"" + filling + "\n{\"b\":2}\n"},
      {Kind::lines, "{\"a\":\"" + filling},
      {Kind::csv, "a,b\n5\" disk," + filling + "\n1,2\n3,\"4\"\n"},
      {Kind::csv, "a,b\n" + filling + ",\"x\"y\n2026,2\n"},
      {Kind::csv, "a,b\n" + filling.substr(2) + ",y\r\n2026,2\r\n"},
      {Kind::csv, "a,b\n\"" + filling + "\"\",\n2026,2\n\",1\n3,4\n"},
      {Kind::csv, "a,b\n\"" + filling},
  };
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto& [kind, text] = texts[i];
    INFO("text " << i << ": " << text.substr(0, 20));
    const Framing whole = frame(kind, text, {});
    for (Cuts cuts : {Cuts{kMaxRecordBytes / 4, kMaxRecordBytes / 2, kMaxRecordBytes / 4 * 3},
                      Cuts{kMaxRecordBytes - 1, kMaxRecordBytes, kMaxRecordBytes + 1, kMaxRecordBytes + 2, kMaxRecordBytes + 6},
                      Cuts{text.size() - 1}}) {
      std::erase_if(cuts, [size = text.size()](size_t cut) { return cut > size; });
      const Framing cut = frame(kind, text, cuts);
      CHECK((cut == whole));
    }
  }
}
