// JSON files at the edges of their framing: what is cut right behind a bracket, what is longer than a framer looks, how guesses end, and that all of it
// says the same however the bytes arrive.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "bytes/json_framer.h"
#include "bytes/json_repair.h"
#include "bytes/json_scan.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

const std::string kEvent = R"({"TimeGenerated":"2026-03-14T09:20:00Z","Caller":"a@contoso.com","OperationNameValue":"a/b"})";

// Takes every object and row with this letter in it.
Judge letters(char wanted) {
  return [wanted](std::string_view text, Certainty) -> std::optional<RejectReason> {
    return text.find(wanted) == std::string_view::npos ? std::optional(RejectReason::bad_json) : std::nullopt;
  };
}

// What was said, its long texts by their lengths.
std::vector<std::string> brief(const Framing& framing) {
  std::vector<std::string> out;
  for (const std::string& text : framing.said)
    out.push_back(text.size() <= 60 ? text : text.substr(0, 20) + "… " + std::to_string(text.size()));
  return out;
}

std::vector<std::string> framed(const std::string& text, const Cuts& cuts = {}) {
  JsonFramer framer;
  return brief(frame_in_blocks(framer, text, cuts, letters('k')));
}

// Blocks of 100 kB, as much as is looked at in one go at most places.
Cuts blocks(const std::string& text) {
  Cuts cuts;
  for (size_t at = 100'000; at < text.size(); at += 100'000) cuts.push_back(at);
  return cuts;
}

size_t guessed(std::string_view state, std::string text, bool last, size_t* asked = nullptr) {
  JsonFramer framer;
  REQUIRE(framer.resume(state));
  const size_t size = text.size();
  text.append(kPadding, '\0');
  Guesser sink;
  const size_t at = framer.guess(std::string_view(text).substr(0, size), last, sink);
  if (asked != nullptr) *asked = sink.asked;
  return at;
}

}  // namespace

TEST_CASE("json edges: a framer that has met nothing has an empty state, and goes on from it") {
  JsonFramer first, second;
  CHECK(first.state().empty());
  CHECK(second.resume(""));
  CHECK(second.state().empty());
}

TEST_CASE("json edges: a state is read back as it was written, and nothing else is one") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    INFO(byte);
    JsonFramer framer;
    CHECK(framer.resume(one) == (std::string_view("lrp+-ov").find(one[0]) != std::string_view::npos));
  }
  for (const char* state : {"l", "r", "p", "lv", "pl", "plv", "pr+v", "pr+ov", "p-v", "plov", "lpplv"}) {
    JsonFramer framer;
    INFO(state);
    CHECK(framer.resume(state));
    CHECK(framer.state() == state);
  }
  for (const char* state : {"vl", "vv", "ol", "oo", "+l", "+-", "vo", "v+", "o+"}) CHECK_FALSE(JsonFramer().resume(state));
}

TEST_CASE("json edges: rows before their columns are told, those of a table that is not ours are not") {
  const std::string before = R"({"tables":[{"rows":[["k"]],"columns":["a"]}]})";
  const std::string other = R"({"tables":[{"columns":["a"],"rows":[["k"]]}]})";
  for (const Cuts& cuts : {Cuts{}, every_byte(before.size())}) {
    CHECK(framed(before, cuts) == std::vector<std::string>{"rows unnamed", R"(columns ["a"])"});
    CHECK(read_in_blocks(before, cuts).has_note("columns_missing"));
    JsonFramer framer;
    const auto not_ours = [](std::string_view) { return false; };
    CHECK(frame_in_blocks(framer, other, cuts, letters('k'), not_ours).said == std::vector<std::string>{R"(columns ["a"])"});
    CHECK(read_in_blocks(other, cuts).has_note("not_the_activity_log"));
  }
}

TEST_CASE("json edges: a file that ends anywhere, in its frame too, says the same however it arrives") {
  for (const char* text :
       {R"({"tables":[{"name":"k","columns":[{"name":"a"},{"name":"b"}],"rows":[["k",1],["k",2]]}],"error":{"code":"x"}})",
        R"([{"FrameType":"DataTable","columns":["a"],"rows":[["k"]]},{"FrameType":"DataSetCompletion","OneApiErrors":[{"k":0}]}])",
        R"({"responses":[{"id":"1","body":{"value":[{"k":1}],"nextLink":"x"}},{"body":{"error":{"code":"k"}}}]})",
        R"({"body":{"k":{"a":[1,"]}"]}},"b":1})", R"({"took":1,"hits":{"total":{"value":2},"hits":[{"k":1},{"k":2}]}})",
        R"([{'k':1}, {'k':'"'},[2]])", "\xEF\xBB\xBF{\"k\":1}\n\xEF\xBB\xBF[[{\"k\":[{\"value\":[{}]}]}]]"}) {
    const std::string_view whole = text;
    for (size_t size = 1; size <= whole.size(); ++size) {
      const std::string prefix(whole.substr(0, size));
      INFO(prefix);
      const auto said = framed(prefix);
      CHECK(framed(prefix, every_byte(size)) == said);
      CHECK(framed(prefix, {size / 2}) == said);
    }
  }
}

TEST_CASE("json edges: an error member that the end of the file cuts says nothing of the records") {
  const std::string record = R"({"k":1})";
  for (const char* end : {R"({)", R"({ )", R"([)", R"([ ])"}) {
    const std::string text = R"({"value":[)" + record + R"(],"error":)" + end;
    INFO(text);
    for (const Cuts& cuts : {Cuts{}, every_byte(text.size())}) {
      JsonFramer framer;
      const Framing framing = frame_in_blocks(framer, text, cuts, letters('k'));
      REQUIRE(!framing.said.empty());
      CHECK(framing.said.front() == record);
      CHECK(std::find(framing.said.begin(), framing.said.end(), "partial answer") == framing.said.end());
      CHECK_FALSE(framing.whole);
    }
  }
}

TEST_CASE("json edges: a colon without a key names no list") {
  const std::string text = R"({"value":[{"k":1}],:[{"k":2}],"value":[{"k":3}]})";
  for (const Cuts& cuts : {Cuts{}, every_byte(text.size())}) {
    CHECK(framed(text, cuts) == std::vector<std::string>{R"({"k":1})", R"({"k":3})"});
  }
}

TEST_CASE("json edges: columns that are longer than is looked at make the object no table, columns that are cut wait") {
  const auto table = [](size_t names) {
    std::string columns = R"({"tables":[{"columns":[)";
    for (size_t i = 0; i < names; ++i) columns += (i > 0 ? ",\"" : "\"") + std::string(1000, 'c') + '"';
    return columns + R"(],"rows":[["k"],["k"]]}]})";
  };
  // More than is looked through for keys, so that the columns have begun before their end has come.
  const std::string small = table(1), middle = table(600), large = table(1100);
  for (const Cuts& cuts : {Cuts{}, every_byte(small.size())}) CHECK(framed(small, cuts).size() == 3);
  for (const Cuts& cuts : {Cuts{}, blocks(middle)}) CHECK(framed(middle, cuts).size() == 3);
  const std::string cut = middle.substr(0, 550'000);
  CHECK(framed(cut, blocks(cut)) == framed(cut));
  for (const Cuts& cuts : {Cuts{}, blocks(large)}) {
    const auto said = framed(large, cuts);
    CHECK(std::find(said.begin(), said.end(), R"(["k"])") == said.end());
    // The table is as any other object then, which may be too long itself (where memory is checked, records are shorter).
    const bool too_long = large.size() > kMaxRecordBytes;
    CHECK(said.size() == (too_long ? 1 : 2));
    CHECK(said.back().find("{\"co") != std::string::npos);
  }
}

TEST_CASE("json edges: a row of the wrong length holds the rows behind it only where a list stands in it") {
  const std::string head = R"({"tables":[{"columns":["a"],"rows":[)";
  // Cells of a row may be objects, with lists in them.
  const std::string text = head + R"([1,{"a":[1]},"k"],["k"]]}]})";
  const auto judge = [](std::string_view row, Certainty) {
    return row == R"(["k"])" ? std::nullopt : std::optional(RejectReason::wrong_field_count);
  };
  for (const Cuts& cuts : {Cuts{}, every_byte(text.size())}) {
    JsonFramer framer;
    CHECK(frame_in_blocks(framer, text, cuts, judge).said ==
          std::vector<std::string>{R"(columns ["a"])", R"(reject wrong_field_count [1,{"a":[1]},"k"])", R"(["k"])"});
  }
}

TEST_CASE("json edges: an only record inside a page, in any cut, sound or with a word too much") {
  const std::string hits = R"({"hits":{"hits":[{"k":1},{"k":2}]}})";
  CHECK(framed(hits, every_byte(hits.size())) == std::vector<std::string>{R"({"k":1})", R"({"k":2})"});
  const std::string behind = R"({"value":[{"k":1}],"body":{"value":[{"k":2}]}})";
  for (const Cuts& cuts : {Cuts{}, every_byte(behind.size())}) CHECK(framed(behind, cuts) == framed(hits));
  // Behind so much that it was taken for a page before its end was seen.
  const std::string far = R"({"value":[{"k":1}])" + std::string(JsonFramer::kMaxKeysBytes, ' ') + R"(,"body":{"value":[{"k":2}]}})";
  Cuts last;
  for (size_t at = far.size() - 40; at < far.size(); ++at) last.push_back(at);
  for (const Cuts& cuts : {Cuts{}, last}) CHECK(framed(far, cuts) == framed(hits));
  const std::string alone = R"({"value":[)" + kEvent + "]" + std::string(JsonFramer::kMaxKeysBytes, ' ') + R"(,"body":)" + kEvent + "}";
  for (size_t size = alone.size() - kEvent.size() - 10; size <= alone.size(); ++size) {
    const std::string prefix = alone.substr(0, size);
    const Reading whole = read_in_blocks(prefix), cut = read_in_blocks(prefix, {size / 2, size - 20, size - 10, size - 3});
    INFO(prefix.substr(alone.size() - kEvent.size() - 20));
    CHECK(whole.events() == (size + 1 >= alone.size() ? 2 : 1));
    CHECK(cut.events() == whole.events());
    CHECK(cut.rejects() == whole.rejects());
  }
  const std::string sound = R"({"body":)" + kEvent + "}";
  const std::string broken = kEvent.substr(0, kEvent.size() - 1) + R"(,"p":"q" 1})";
  const std::string lost = R"({"body":)" + broken + "}\n" + kEvent + "\n";
  for (const Cuts& cuts : {Cuts{}, every_byte(sound.size())}) CHECK(read_in_blocks(sound, cuts).events() == 1);
  for (const Cuts& cuts : {Cuts{}, every_byte(lost.size())}) {
    const Reading reading = read_in_blocks(lost, cuts);
    CHECK(reading.events() == 1);
    CHECK(reading.input().rejected == 1);
  }
  // A quote is missing in it, and one in a later record: what stands between them is no part of it.
  const std::string open = kEvent.substr(0, kEvent.size() - 1) + R"(,"p":"q})";
  const std::string between = R"([{"body":)" + open + "},\n" + kEvent + ",\n" + open + ",\n" + kEvent + "]\n";
  for (const Cuts& cuts : {Cuts{}, every_byte(between.size())}) {
    const Reading reading = read_in_blocks(between, cuts);
    CHECK(reading.events() == 2);
    CHECK(reading.input().rejected == 2);
  }
}

TEST_CASE("json edges: objects in single quotes, cut, longer than is repaired, or with much blank space behind") {
  // Blanks as many as may be looked through, before the first key and behind the end.
  const std::string blanks(100'000, ' ');
  CHECK(framed("[{" + blanks + "\"k\":1}]", blocks(blanks + blanks)).size() == 1);
  const std::string spread = "[{'k':1}" + blanks + ",{'k':2}]";
  for (const Cuts& cuts : {Cuts{}, Cuts{20}, Cuts{3000, 6000}, blocks(spread)}) {
    CHECK(framed(spread, cuts) == std::vector<std::string>{"{'k':1}", "{'k':2}"});
  }
  // What follows decides whether the single quotes are believed; otherwise the bracket between them counts.
  const std::string behind = "[{'k':'}'} x,{'k':3}]", believed = "[{'k':'}'} ,{'k':3}]";
  for (const Cuts& cuts : {Cuts{}, Cuts{10}, Cuts{11}, every_byte(behind.size())}) {
    CHECK(framed(behind, cuts).front() == "{'k':'}");
    CHECK(framed(believed, cuts) == std::vector<std::string>{"{'k':'}'}", "{'k':3}"});
  }
  const std::string open = "[{'k':'" + std::string(kMaxRepairedBytes + 100, 'x') + "\",\"k\":1}]";
  for (const Cuts& cuts : {Cuts{}, blocks(open)}) {
    JsonFramer framer;
    const Framing framing = frame_in_blocks(framer, open, cuts, letters('k'));
    REQUIRE(framing.said.size() == 1);
    CHECK(framing.said.front().size() >= kMaxRepairedBytes);
  }
}

TEST_CASE("json edges: a first value longer than a record is one only where it may be a table of columns") {
  const size_t size = kMaxRecordBytes + 1000;
  const auto padded = [&](const std::string& head, char fill, const std::string& tail) { return head + std::string(size, fill) + tail; };
  for (const std::string& text : {padded("{", ' ', "}"), padded("{1", ' ', "}"), padded("{\"a", 'a', ""), padded("{\"a\"", ' ', "}"),
                                  padded("{\"a\" 1", ' ', "}"), padded("{\"a\":", ' ', "}"), padded("{\"a\":[", ' ', "]}")}) {
    INFO(text.substr(0, 10));
    for (const Cuts& cuts : {Cuts{}, Cuts{text.size() / 2}, Cuts{text.size() - 1}}) {
      JsonFramer framer;
      const Framing framing = frame_in_blocks(framer, text, cuts, letters('\x01'));
      CHECK(framing.said.size() == 1);
      CHECK(framing.said.front().starts_with("reject "));
    }
  }
  const std::string columns = padded("{\"a\":{\"0\":\"k", 'k', "\"}}");
  for (const Cuts& cuts : {Cuts{}, Cuts{columns.size() / 2}}) {
    JsonFramer framer;
    CHECK(frame_in_blocks(framer, columns, cuts, letters('k')).said == std::vector<std::string>{columns});
  }
}

TEST_CASE("json edges: a record that is too long costs itself alone, in a list and where a quote is missing in it") {
  const std::string long_text(kMaxRecordBytes + 300'000, 'x');
  const std::string in_list = R"([{"k":1},{"a":")" + long_text + R"("},{"k":2}])";
  for (const Cuts& cuts : {Cuts{}, blocks(in_list)}) {
    const auto said = framed(in_list, cuts);
    REQUIRE(said.size() == 3);
    CHECK(said[0] == R"({"k":1})");
    CHECK(said[1].starts_with("reject too_long"));
    CHECK(said[2] == R"({"k":2})");
  }
  // The quote that is missing would make one record of all that follows; each line is looked at.
  const std::string doubtful = "{\"k\":1}\n{\"a\":\"b\n{\"k\":2}\n{\"k\":3}\n" + std::string(kMaxRecordBytes + 1000, ' ');
  for (const Cuts& cuts : {Cuts{}, blocks(doubtful)}) {
    const auto said = framed(doubtful, cuts);
    CHECK(std::count(said.begin(), said.end(), R"({"k":2})") + std::count(said.begin(), said.end(), R"(after_break {"k":2})") == 1);
  }
}

TEST_CASE("json edges: behind a break a candidate that does not end within a megabyte is none") {
  const std::string text = "[{\"k\":1} \"a\":2},{\"b\":\"" + std::string(JsonFramer::kMaxCandidateBytes + 100, 'x') + "\"},{\"k\":2}]";
  for (const Cuts& cuts : {Cuts{}, blocks(text)}) {
    const auto said = framed(text, cuts);
    REQUIRE(!said.empty());
    CHECK(said.back().ends_with(R"({"k":2})"));
  }
}

TEST_CASE("json edges: behind a break candidates are tried up to so many bytes, then all is lost up to the end") {
  const std::string candidate = ",{\"b\":\"" + std::string(1'000'000, 'x') + "\"}";
  std::string text = "[{\"k\":1} \"a\":2";
  for (size_t bytes = 0; bytes <= JsonFramer::kMaxTriedBytesABreak; bytes += candidate.size()) text += candidate;
  text += ",{\"k\":2}]";
  const auto said = framed(text);
  REQUIRE(said.size() == 1);
  CHECK(said.front().starts_with("reject lost"));
}

TEST_CASE("json edges: where a part begins is guessed as long as it makes sense") {
  const std::string record = R"({"k":1})";
  CHECK(guessed("lv", "", true) == std::string_view::npos);
  CHECK(guessed("lv", " " + record, true) == 1);
  CHECK(guessed("lv", "x" + record, true) == std::string_view::npos);
  // A row of a table.
  CHECK(guessed("pr+v", R"(],["k"])", true) == 2);
  // Not closed: more is needed, but not more than a megabyte.
  const std::string open = ",{\"a\":\"" + std::string(1000, 'x');
  CHECK(guessed("lv", open, false) == std::string_view::npos);
  const std::string holding = ",{\"a\":[1," + record + ",";
  CHECK(guessed("lv", holding, false) == std::string_view::npos);
  CHECK(guessed("lv", holding, true) == 9);
  const std::string far = ",{\"a\":\"" + std::string(JsonFramer::kMaxCandidateBytes + 10, 'x') + "\"}," + record;
  CHECK(guessed("lv", far, false) == far.size() - record.size());
  // Many that are none: it is given up.
  std::string many;
  for (size_t i = 0; i < JsonFramer::kMaxTriesABreak + 10; ++i) many += ",{\"a\":1}";
  size_t asked = 0;
  CHECK(guessed("lv", many + "," + record, true, &asked) == std::string_view::npos);
  CHECK(asked == JsonFramer::kMaxTriesABreak);
  std::string heavy;
  for (size_t bytes = 0; bytes < JsonFramer::kMaxTriedBytesABreak + 10; bytes += 1'000'009)
    heavy += ",{\"a\":\"" + std::string(1'000'000, 'x') + "\"}";
  CHECK(guessed("lv", heavy + "," + record, true, &asked) == std::string_view::npos);
  CHECK(asked < JsonFramer::kMaxTriesABreak);
}

TEST_CASE("json edges: PowerShell's placeholder for bytes is none where its blanks do not end") {
  CHECK(placeholder_length("[5 B blob data]") == 15);
  CHECK(placeholder_length("[5 B blob data ") == std::string_view::npos);
  CHECK(placeholder_length("[5 B blob data" + std::string(1000, ' ')) == 0);
}

TEST_CASE("json edges: a byte order mark between values is structure, a piece of one is none") {
  const std::string mark = "\xEF\xBB\xBF", text = "[{\"k\":1}]\n" + mark + "[{\"k\":2}]\n" + mark;
  for (const Cuts& cuts : {Cuts{}, every_byte(text.size())})
    CHECK(framed(text, cuts) == std::vector<std::string>{R"({"k":1})", R"({"k":2})"});
  for (const size_t piece : {size_t{1}, size_t{2}}) {
    const std::string cut = "[{\"k\":1}]\n" + mark.substr(0, piece);
    for (const Cuts& cuts : {Cuts{}, every_byte(cut.size())}) {
      CHECK(framed(cut, cuts) == std::vector<std::string>{R"({"k":1})", "reject not_an_object " + mark.substr(0, piece)});
    }
  }
}

TEST_CASE("json edges: a key behind an object is seen over five hundred blanks and in any cut, and farther never") {
  for (const size_t blanks :
       {size_t{0}, size_t{1}, size_t{500}, size_t{505}, size_t{506}, size_t{507}, size_t{511}, size_t{512}, size_t{600}}) {
    for (const char* key : {"\"x\":1},{\"k\":2}]", ",\"x\":1},{\"k\":2}]", ",{\"k\":2}]"}) {
      const std::string text = "[{\"k\":1}" + std::string(blanks, ' ') + key;
      INFO(blanks << " " << key);
      const auto whole = framed(text);
      CHECK(framed(text, every_byte(text.size())) == whole);
      CHECK(framed(text, {9 + blanks / 2}) == whole);
      CHECK(whole.back().ends_with(R"({"k":2})"));
    }
  }
}

TEST_CASE("json edges: behind a break a record begins behind a comma, a bracket or a line break") {
  for (const std::string& between :
       {std::string(","), std::string("["), std::string("\n"), std::string("}"), std::string(" , "), std::string("\n ")}) {
    const std::string text = "[{\"k\":1} \"a\":2 x" + between + "{\"k\":2}]";
    INFO(text);
    for (const Cuts& cuts : {Cuts{}, every_byte(text.size())}) CHECK(framed(text, cuts).back() == R"(after_break {"k":2})");
  }
  for (const char* between : {"", ":", " ", "x", "]"}) {
    const std::string text = "[{\"k\":1} \"a\":2 x" + std::string(between) + "{\"k\":2}]";
    INFO(text);
    for (const Cuts& cuts : {Cuts{}, every_byte(text.size())}) CHECK(framed(text, cuts).back().starts_with("reject "));
  }
}

TEST_CASE("json edges: behind a string only what builds structure leaves the framing beyond doubt") {
  for (const char* sound : {"{\"a\"{", "{\"a\"}", "{\"a\"[", "[\"a\"]", "{\"a\",", "{\"a\":"}) CHECK_FALSE(framing_is_doubtful(sound));
  for (const char* other : {"{\"a\"]", "[\"a\"}"}) CHECK(framing_is_doubtful(other));
  for (const char c : {'1', 't', '-', '"', '\'', ';', '\0'}) CHECK(framing_is_doubtful(std::string("{\"a\"") + c));
}

TEST_CASE("json edges: a guess takes either line end, and what goes before a bracket decides") {
  const std::string record = R"({"k":1})";
  for (const std::string& before :
       {std::string("x\n"), std::string("x\r"), std::string("x\r\n"), std::string("x,"), std::string("x["), std::string("x}")}) {
    INFO(before);
    CHECK(guessed("lv", before + record, true) == before.size());
  }
  for (const std::string& before : {std::string("x:"), std::string("x "), std::string("x]"), std::string("x\"")}) {
    INFO(before);
    CHECK(guessed("lv", before + record, true) == std::string_view::npos);
  }
}
