// An input at the edges of its rules: what comes after its end, parts that begin nowhere, records of other logs where a beginning is guessed, embedded
// records that are broken, first records that hold nothing, and what a file with nothing of ours in it is said to be.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "engine/input_reader.h"
#include "read_in_parts.h"
#include "reading.h"
#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

const std::string kRecord = row_at("20", "a/b");

// A part of an input, as one engine reads it.
struct OnePart {
  explicit OnePart(const PartToRead& part) : reader(store, store.add_input({}), decoders), begun(reader.begin_part(part)) {}
  void write(std::string_view block) {
    std::copy(block.begin(), block.end(), reader.begin_write(block.size()));
    reader.end_write(block.size());
  }
  EventStore store;
  Decoders decoders;
  InputReader reader;
  bool begun;
};

PartToRead part_of(std::string state, uint64_t from, uint64_t to, bool guess) {
  PartToRead part;
  part.state = std::move(state);
  part.from = from;
  part.to = to;
  part.guess = guess;
  return part;
}

std::string report_of(std::string_view text, std::string_view said = {}) {
  Engine engine;
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"file","container":"none"})")) == 0);
  if (!text.empty()) write(engine, text);
  REQUIRE(engine.close_input(said.empty() ? 0 : 1, give(engine, said)) == 0);
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  return std::string(answer(engine));
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("input edges: a beginning is guessed only where a state is known") {
  CHECK_FALSE(OnePart(part_of("", 0, 10, true)).begun);
  CHECK_FALSE(OnePart(part_of("", 5, 10, false)).begun);
  CHECK(OnePart(part_of("", 0, 10, false)).begun);
  CHECK_FALSE(OnePart(part_of("lx", 5, 10, true)).begun);
  CHECK(OnePart(part_of("l1", 5, 10, true)).begun);
  CHECK(OnePart(part_of("l0", 5, 10, true)).begun);
}

TEST_CASE("input edges: what is written behind a part's end is another's") {
  const std::string line = kRecord + "\n";
  OnePart one(part_of("l1", 0, 1, false));
  one.write(line + line);
  REQUIRE(one.reader.ended());
  one.write(line);
  one.reader.close(false, {});
  CHECK(one.store.size() == 1);
  CHECK(one.reader.part_read().end == line.size());
  CHECK(one.reader.part_read().whole);
}

TEST_CASE("input edges: a part that is cut before its end is not whole, one that is cut behind it is") {
  const std::string line = kRecord + "\n";
  OnePart before(part_of("l1", 0, 10'000, false));
  before.write(line);
  before.reader.close(true, "gone");
  CHECK_FALSE(before.reader.part_read().whole);
  OnePart behind(part_of("l1", 0, 1, false));
  behind.write(line + line);
  behind.reader.close(true, "gone");
  CHECK(behind.reader.part_read().whole);
}

TEST_CASE("input edges: where nothing begins in what the longest record may take, the part has no beginning") {
  OnePart one(part_of("l1", 100, 200, true));
  const std::string block(1u << 20, 'x');
  size_t written = 0;
  for (; !one.reader.ended() && written < kMaxRecordBytes + (8u << 20); written += block.size()) one.write(block);
  CHECK(one.reader.ended());
  CHECK(written > kMaxRecordBytes);
  one.reader.close(false, {});
  CHECK_FALSE(one.reader.part_read().start.has_value());
  CHECK_FALSE(one.reader.part_read().whole);
}

TEST_CASE("input edges: a part may begin with a record of another log, not with one whose embedded record is broken") {
  // Which of the two records behind the rest of another is taken for the first.
  const auto start_at = [](const std::string& record) {
    const std::string front = "rest\"}," + record + ",";
    OnePart one(part_of("j1lv", 1000, 1'000'000, true));
    one.write(front + kRecord + "," + kRecord + "]");
    one.reader.close(false, {});
    REQUIRE(one.reader.part_read().start.has_value());
    const uint64_t first = 1000 + front.size() - record.size() - 1, second = 1000 + front.size();
    CHECK((*one.reader.part_read().start == first || *one.reader.part_read().start == second));
    return *one.reader.part_read().start == first ? 1 : 2;
  };
  CHECK(start_at(kRecord) == 1);
  CHECK(start_at(R"({"Type":"SigninLogs","TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"Sign-in"})") == 1);
  CHECK(start_at(R"({"_raw":"{\"time\":1"})") == 2);
  CHECK(start_at(R"({"_raw":"{\"time\":1","TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"a/b"})") == 2);
  CHECK(start_at(R"({"name":"x"})") == 2);
  // PowerShell wrote the type of the name in its place.
  CHECK(
      start_at(
          R"({"EventTimestamp":"2026-03-14T09:20:00Z","OperationName":"Microsoft.Azure.Commands.Insights.OutputClasses.PSLocalizableString"})") ==
      1);
}

TEST_CASE("input edges: what begins as no log is counted to its end") {
  const std::string text(3 * kSniffBytes, '\x01');
  for (const Cuts& cuts : {Cuts{}, Cuts{kSniffBytes + 1}, Cuts{kSniffBytes / 2, kSniffBytes + 1, 2 * kSniffBytes}}) {
    const Reading reading = read_in_blocks(text, cuts);
    CHECK(reading.input().refused);
    CHECK(reading.input().bytes == text.size());
    CHECK(reading.events() == 0);
  }
}

TEST_CASE("input edges: UTF-16 and what is no log cannot be read in parts") {
  Decoders decoders;
  std::string lines, wide = "\xFF\xFE";
  while (lines.size() < 2 * kSniffBytes) lines += kRecord + "\n";
  for (const char c : lines) wide.append(1, c).append(1, '\0');
  CHECK_FALSE(InputReader::plan_parts(lines, decoders).empty());
  CHECK(InputReader::plan_parts(wide, decoders).empty());
  CHECK(InputReader::plan_parts(std::string(2 * kSniffBytes, '\x01'), decoders).empty());
}

TEST_CASE("input edges: of other logs eight names are kept, and each name that was seen is said") {
  std::string two, many;
  for (int i = 0; i < 20; ++i) {
    const std::string record =
        R"({"Type":"Other)" + std::to_string(10 + i) + R"(","TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"a/b"})" + "\n";
    if (i < 2) two += record + record;
    many += record;
  }
  CHECK(has(report_of(two), "(found: Other10, Other11)"));
  const Reading reading = read_in_blocks(many);
  CHECK(reading.input().other == 20);
  CHECK(reading.input().counts.other_kinds.size() == kOtherKindsKept);
}

TEST_CASE("input edges: a key that ends where a tool's mark is looked for last has no value there") {
  const std::string head = R"({"p":")", tail = R"(","kind")";
  const std::string record = head + std::string(4096 - head.size() - tail.size(), 'x') + tail + R"(:"AZUser"})";
  REQUIRE(record.substr(0, 4096).ends_with("\"kind\""));
  CHECK(read_in_blocks(record + "\n").input().counts.tool.empty());
  CHECK_FALSE(read_in_blocks(R"({"p":"x","kind":"AZUser"})"
                             "\n")
                  .input()
                  .counts.tool.empty());
}

TEST_CASE("input edges: a record that stands broken inside another is refused, repaired or not") {
  const std::string broken = R"("_raw":"{\"time\":1")", sound = R"("TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"a/b")";
  const Reading lines = read_in_blocks("{" + broken + "," + sound + "}\n{" + sound + "}\n");
  CHECK(lines.events() == 1);
  CHECK(lines.input().rejected == 1);
  // A raw line break in a string is what can be repaired.
  const std::string member = R"("p":"a)"
                             "\n"
                             R"(b")";
  CHECK(read_in_blocks("[{" + member + "," + sound + "}]\n").events() == 1);
  const Reading repaired = read_in_blocks("[{" + broken + "," + member + "," + sound + "},\n{" + sound + "}]\n");
  CHECK(repaired.events() == 1);
  CHECK(repaired.input().rejected == 1);
  const Reading table = read_in_blocks(
      R"({"tables":[{"columns":[{"name":"TimeGenerated"},{"name":"OperationNameValue"},{"name":"Caller"},{"name":"ActivityStatusValue"},{"name":"_raw"}],)"
      R"("rows":[["2026-03-14T09:20:00Z","a/b","x","Success","{\"time\":1"],["2026-03-14T09:20:00Z","a/b","x","Success",""]]}]})");
  CHECK(table.events() == 1);
  CHECK(table.input().rejected == 1);
}

TEST_CASE("input edges: a first row that holds nothing is what it is anywhere else") {
  const std::string hollow = ",alice@contoso.com,,,,\n";
  const auto of = [&](const std::string& rows) {
    const Input input = read_in_blocks(kHeader + rows).input();
    return std::array<uint64_t, 3>{input.events, input.other, input.rejected};
  };
  CHECK(of(hollow + kFirst) == of(kFirst + hollow));
}

TEST_CASE("input edges: a list of columns without names names no table, and rows before their columns none either") {
  const std::string rows = R"("rows":[["2026-03-14T09:20:00Z","a/b","x"]])";
  const std::string columns = R"("columns":[{"name":"TimeGenerated"},{"name":"OperationNameValue"},{"name":"Caller"}])";
  CHECK(has(report_of(R"({"tables":[{)" + rows + "," + columns + "}]}"), "columns_missing"));
  const auto of_columns = [&](std::string_view list) {
    return report_of(R"({"tables":[{"columns":)" + std::string(list) + "," + rows + "}]}");
  };
  CHECK(has(of_columns(R"([{"x":"TimeGenerated"}])"), "no_records"));
  CHECK(has(of_columns(R"([{"name":"p"},{"name":"q"}])"), "not_the_activity_log"));
}

TEST_CASE("input edges: of a file that gave no byte, whoever closed it says why") {
  CHECK(has(report_of(""), "The file is empty."));
  const std::string said = report_of("", "The network went away.");
  CHECK(has(said, "The network went away."));
  CHECK_FALSE(has(said, "The file is empty."));
}

TEST_CASE("input edges: times as numbers in texts, beyond the calendar, or blank") {
  const auto time_of = [](const std::string& members) {
    const Reading reading = read_in_blocks("{" + members +
                                           R"(,"OperationNameValue":"a/b","Caller":"x","ActivityStatusValue":"Success"})"
                                           "\n");
    REQUIRE(reading.events() == 1);
    return std::pair(reading.store->raw_time(0), (reading.store->flags(0) & kTimeUnreadable) != 0);
  };
  const auto known = time_of(R"("TimeGenerated":"2026-03-14T09:20:00Z")");
  CHECK(known.first != kNoTime);
  CHECK(time_of(R"("TimeGenerated":"1773480000")") == known);
  CHECK(time_of(R"("TimeGenerated":1773480000)") == known);
  CHECK(time_of(R"("TimeGenerated":99999999999999999999)") == std::pair(kNoTime, true));
  CHECK(time_of(R"("TimeGenerated":"1773480000x")") == std::pair(kNoTime, true));
  CHECK(time_of(R"("TimeGenerated":"   ")") == std::pair(kNoTime, false));
}

TEST_CASE("input edges: a list where a text should be is none") {
  const Reading reading =
      read_in_blocks(R"({"TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"a/b","Caller":["x"],"ActivityStatusValue":{"a":1}})"
                     "\n");
  REQUIRE(reading.events() == 1);
  CHECK(reading.text(0, Column::caller).empty());
  CHECK(reading.text(0, Column::status).empty());
}

TEST_CASE("input edges: two columns of one name, the first that is filled counts") {
  const std::string header = "TimeGenerated,Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,CALLER\n";
  const Reading reading = read_in_blocks(header + "2026-03-14 09:20:00Z,alice,a/b,Start,g,bob\n2026-03-14 09:20:00Z,,a/b,Start,g,bob\n");
  REQUIRE(reading.events() == 2);
  CHECK(reading.text(0, Column::caller) == "alice");
  CHECK(reading.text(1, Column::caller) == "bob");
}

TEST_CASE("input edges: a table of columns whose cells stand in another order, miss, or are objects") {
  const Reading reading = read_in_blocks(
      R"({"TimeGenerated":{"0":"2026-03-14T09:20:00Z","1":"2026-03-14T09:30:00Z","2":"2026-03-14T09:40:00Z"},"OperationNameValue":{"1":"c/d","0":"a/b"},)"
      R"("Caller":{"1":"bob"},"ActivityStatusValue":{"0":"Success","1":{"a":1}},"caller":{"0":"alice","1":"eve"},"Claims":{"0":{"appid":"p"},"1":null}})");
  REQUIRE(reading.events() == 2);
  CHECK(reading.input().other == 1);  // a time alone
  CHECK(reading.text(0, Column::operation) == "a/b");
  CHECK(reading.text(0, Column::caller) == "alice");
  CHECK(reading.text(1, Column::operation) == "c/d");
  CHECK(reading.text(1, Column::caller) == "bob");
  CHECK(reading.text(1, Column::status).empty());
}

TEST_CASE("input edges: a table of columns that is longer than a record and no JSON is refused whole") {
  std::string table = R"({"TimeGenerated":{"0":"2026-03-14T09:20:00Z"},"OperationNameValue":{"0":"a/b"},"Caller":{"0":")";
  table += std::string(kMaxRecordBytes, 'x');
  const Reading sound = read_in_blocks(table + "\"}}");
  CHECK(sound.events() == 1);
  const Reading broken = read_in_blocks(table + "\\q\"}}");
  CHECK(broken.events() == 0);
  CHECK(broken.input().rejected == 1);
}

TEST_CASE("input edges: a record of many members is read whole") {
  std::string record = "{";
  for (int i = 0; i < 300; ++i) record += "\"m" + std::to_string(i) + "\":1,";
  record += kRecord.substr(1);
  const Reading reading = read_in_blocks(record + "\n" + record + "\n" + kRecord + "\n");
  CHECK(reading.events() == 3);
  for (uint32_t event = 0; event < 3; ++event) CHECK(reading.text(event, Column::operation) == "a/b");
}

TEST_CASE("input edges: a row that is too long is one reject, whether or not the file goes on behind it") {
  const std::string front = kHeader + kFirst + std::string(kSniffBytes, ' ') + "\n", row(kMaxRecordBytes + 1000, 'x');
  for (const std::string& end : {std::string(), "\n" + kFirst}) {
    const std::string text = front + row + end;
    for (const Cuts& cuts :
         {Cuts{}, Cuts{front.size() + 1000}, Cuts{front.size() + kMaxRecordBytes + 500}, Cuts{front.size() + row.size()}}) {
      const Reading reading = read_in_blocks(text, cuts);
      CHECK(reading.events() == (end.empty() ? 1 : 2));
      REQUIRE(reading.rejects().size() == 1);
      CHECK(reading.rejects().front().starts_with("too_long " + std::to_string(front.size()) + "+" + std::to_string(row.size())));
    }
  }
}

TEST_CASE("input edges: behind a break in a delimited file a row of more than a megabyte is no sign that reading goes on") {
  const std::string broken = "\"x\"y,,,,,\n", row = "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,";
  for (const std::string& quote : {std::string(), std::string("\"")}) {
    const std::string text = kHeader + kFirst + broken + row + quote + std::string(1'200'000, 'x') + quote + "\n" + row + "\n" + row + "\n";
    const Reading whole = read_in_blocks(text);
    CHECK(whole.events() == 3);
    CHECK(whole.input().rejected == 1);
    CHECK(read_in_blocks(text, {kHeader.size() + 500'000, kHeader.size() + 1'100'000}).rejects() == whole.rejects());
  }
}

TEST_CASE(
    "input edges: an engine that reads nothing has no part that ended, takes no text that was not given, and imports while it reads on") {
  Engine engine;
  CHECK(engine.part_ended() == 0);
  CHECK(engine.input_refused() == 0);
  CHECK(engine.hunt(1000) == static_cast<uint32_t>(Error::bad_argument_text));
  CHECK(engine.begin_import(16, 10, true) == 0);
  CHECK(engine.end_import() == 0);
  for (const char* missing : {R"("from":0,"to":1,"state":"","guess":false)", R"("id":1,"to":1,"state":"","guess":false)",
                              R"("id":1,"from":0,"state":"","guess":false)", R"("id":1,"from":0,"to":1,"guess":false)"}) {
    INFO(missing);
    CHECK(engine.open_input(give(engine, R"({"number":1,"path":"f","part":{)" + std::string(missing) + "}}")) ==
          static_cast<uint32_t>(Error::bad_argument_text));
  }
}

TEST_CASE("input edges: a part alone that does not begin the input is no input") {
  const std::string line = kRecord + "\n";
  Engine engine;
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"f","part":{"id":1,"from":5,"to":9,"guess":false,"state":"l1"}})")) == 0);
  write(engine, line + line);
  REQUIRE(engine.close_input(0, 0) == 0);
  CHECK(engine.hunt(give(engine, "{}")) == static_cast<uint32_t>(Error::parts_do_not_meet));
}

TEST_CASE("input edges: events are taken back from the input that came last alone") {
  EventStore store;
  const uint32_t first = store.add_input({}), second = store.add_input({});
  CHECK(store.drop_events(first) == 0);
  EventFields fields;
  store.append(first, fields);
  CHECK(store.drop_events(second) == 0);
  CHECK(store.size() == 1);
  CHECK(store.drop_events(first) == 1);
  CHECK(store.size() == 0);
}

TEST_CASE("input edges: the time of a REST record is its event's, never that of its submission") {
  const Reading both = read_in_blocks(
      R"({"eventTimestamp":"2026-03-14T09:20:00Z","submissionTimestamp":"2026-03-14T10:20:00Z","operationName":{"value":"a/b"},"caller":"x"})"
      "\n"
      R"({"eventTimestamp":"","submissionTimestamp":"2026-03-14T10:20:00Z","operationName":{"value":"a/b"},"caller":"x"})"
      "\n"
      R"({"eventTimestamp":"2026-03-14T09:20:00Z","operationName":{"value":"a/b"},"caller":"x"})"
      "\n");
  REQUIRE(both.events() == 3);
  CHECK(both.store->raw_time(0) == both.store->raw_time(2));
  CHECK(both.store->raw_time(1) == kNoTime);
}

TEST_CASE("input edges: parts of one file that say the same say it once, and a thousand rejects are kept of all of them") {
  std::string bad;
  for (int i = 0; i < 700; ++i) bad += "x\n";
  std::string first = kRecord + "\n" + bad, second = bad + kRecord + "\n";
  for (int i = 0; i < 6; ++i) {
    const std::string rest = R"(","TimeGenerated":"2026-03-14T09:20:00Z","OperationNameValue":"a/b"})"
                             "\n";
    first += R"({"Type":"First)" + std::to_string(i) + rest;
    second += R"({"Type":"Second)" + std::to_string(i) + rest;
  }
  Engine engine;
  REQUIRE(engine.open_input(give(engine, R"({"number":7,"path":"whole","container":"none"})")) == 0);
  write(engine, kRecord + "\n");
  REQUIRE(engine.close_input(0, 0) == 0);
  const auto part = [&](uint32_t id, uint64_t from, uint64_t to, const char* state, const std::string& text, bool said) {
    REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"parts","part":{"id":)" + std::to_string(id) + R"(,"from":)" +
                                               std::to_string(from) + R"(,"to":)" + std::to_string(to) + R"(,"guess":false,"state":")" +
                                               state + "\"}}")) == 0);
    write(engine, text);
    REQUIRE(engine.close_input(said ? 1 : 0, give(engine, said ? "The file was changed." : "")) == 0);
  };
  part(3, 0, first.size(), "l1", first, true);
  part(4, first.size(), first.size() + second.size(), "l1", second, true);
  part(5, 0, 100, "l1", first, false);
  REQUIRE(engine.drop_part(5) == 0);
  const auto second_alone = [&] {
    Engine other;
    const std::string line = kRecord + "\n";
    for (const bool said : {false, true}) {
      REQUIRE(other.open_input(give(other, R"({"number":1,"path":"p","part":{"id":)" + std::string(said ? "2" : "1") + R"(,"from":)" +
                                               std::to_string(said ? line.size() : 0) + R"(,"to":)" + std::to_string(2 * line.size()) +
                                               R"(,"guess":false,"state":"l1"}})")) == 0);
      write(other, line);
      REQUIRE(other.close_input(said ? 1 : 0, give(other, said ? "The file was changed." : "")) == 0);
    }
    REQUIRE(other.hunt(give(other, "{}")) == 0);
    REQUIRE(other.report_json() == 0);
    return std::string(answer(other));
  };
  CHECK(has(second_alone(), "The file was changed."));
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  const std::string report(answer(engine));
  const size_t said = report.find("The file was changed.");
  REQUIRE(said != std::string::npos);
  CHECK(report.find("The file was changed.", said + 1) == std::string::npos);
  CHECK(has(report, R"("rejected":1400)"));
  REQUIRE(engine.rejects(0, 0, 10) == 0);  // "parts" comes before "whole"
  CHECK(has(std::string(answer(engine)), "\"kept\":" + std::to_string(kRejectsKept)));
}

TEST_CASE("input edges: the tree knows the paths of shapes and no others") {
  const FieldTree& tree = field_tree();
  CHECK(tree.slot_of("_raw") != FieldTree::kNone);
  CHECK(tree.slot_of("no>such>path") == FieldTree::kNone);
  CHECK(tree.slot_of("_raw>no") == FieldTree::kNone);
}

TEST_CASE("input edges: an account of two parts that lacks one is no account") {
  const auto caller = [](const std::string& user) {
    const Reading reading = read_in_blocks(
        R"({"@timestamp":"2026-03-14T09:20:00Z","azure":{"activitylogs":{"operation_name":"A.B/c/write","result_type":"Success","category":"Administrative"}},"user":)" +
        user + "}\n");
    REQUIRE(reading.events() == 1);
    return std::string(reading.text(0, Column::caller));
  };
  CHECK(caller(R"({"name":"alice","domain":"contoso.com"})") == "alice@contoso.com");
  CHECK(caller(R"({"name":"","domain":"contoso.com"})").empty());
  CHECK(caller(R"({"name":"alice","domain":""})").empty());
}

TEST_CASE("input edges: a column named as what a record is wrapped in holds no record's fields") {
  const std::string header = "_source,TimeGenerated,Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\n";
  const Reading reading = read_in_blocks(header + "\"{\"\"Caller\"\":\"\"eve\"\"}\",2026-03-14 09:20:00Z,alice,a/b,Start,g\n");
  REQUIRE(reading.events() == 1);
  CHECK(reading.text(0, Column::caller) == "alice");
}
