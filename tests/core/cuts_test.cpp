// Small files in every format, cut in every way, through the engine as a worker drives it: the report, the events of every session with
// their places, and the rejects are the same bytes for every cut. Files are small but for a long run of blanks near their beginning: the
// engine looks at a quarter of a megabyte before it begins, and a cut in what it has not begun with would prove nothing.
#include <simdjson.h>

#include <cstring>

#include "bytes/sniff.h"
#include "engine/engine.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string_view answer(const Engine& engine) { return {reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()}; }

uint32_t give(Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

// Everything that the engine says of a file: report, then the events of each session, then the rejects.
std::string all_answers(std::string_view text, const Cuts& cuts) {
  Engine engine;
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"file","container":"none"})")) == 0);
  size_t from = 0;
  const auto write = [&](size_t to) {
    const auto bytes = static_cast<uint32_t>(to - from);
    std::memcpy(reinterpret_cast<void*>(engine.begin_write(bytes)), text.data() + from, bytes);
    REQUIRE(engine.end_write(bytes) == 0);
    from = to;
  };
  for (const size_t cut : cuts) write(cut);
  write(text.size());
  REQUIRE(engine.close_input(0, 0) == 0);
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  std::string all(answer(engine));
  for (uint32_t session = 0; engine.session_events(session, 0, 1000) == 0; ++session) all.append("\n").append(answer(engine));
  REQUIRE(engine.rejects(0, 0, 1000) == 0);
  return all.append("\n").append(answer(engine));
}

uint64_t figure(simdjson::dom::element input, const char* name) {
  uint64_t value = 0;
  REQUIRE(input[name].get(value) == simdjson::SUCCESS);
  return value;
}

struct File {
  const char* about;
  std::string head;  // what stands before the blanks
  std::string tail;  // what is cut
  uint64_t events, rejected, repaired = 0;
};

std::string row_at(const char* minute, const char* operation) {
  return std::string(R"({"TimeGenerated":"2026-03-14T09:)") + minute +
         R"(:05.3234567Z","Caller":"alice@contoso.com","OperationNameValue":")" + operation +
         R"(","ActivityStatusValue":"Success","ResourceGroup":"cloud-shell-storage-weu"})";
}
std::string rest_at(const char* minute, const char* operation) {
  return std::string(R"({"eventTimestamp":"2026-03-14T09:)") + minute + R"(:05Z","caller":"alice@contoso.com","operationName":{"value":")" +
         operation + R"("},"status":{"value":"Succeeded"},"resourceGroupName":"cloud-shell-storage-weu"})";
}
std::string pretty(std::string text) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    out += c;
    if (!quoted && (c == '{' || c == ',')) out += "\n    ";
    if (!quoted && c == ':') out += ' ';
  }
  return out + "\n";
}

const char* const kList = "Microsoft.Storage/storageAccounts/listKeys/action";
const char* const kRun = "Microsoft.Compute/virtualMachines/runCommand/action";
const std::string kMark = "\xEF\xBB\xBF";
const std::string kHeader = "TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,Claims\n";
const std::string kFirst =
    "2026-03-14 09:10:00Z,alice@contoso.com,Microsoft.Storage/storageAccounts/listKeys/action,Success,cloud-shell-storage-weu,\n";

std::vector<File> files() {
  const std::string listing = row_at("10", kList), run = row_at("20", kRun), more = row_at("30", "Contoso.X/a/write");
  const std::string odd = row_at("40", R"(Contoso.\"\\/\u00e9\\\\/write)"),
                    wide = row_at("41", "Contoso.\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80/write");
  const std::string rest_listing = rest_at("10", kList), rest_run = rest_at("20", kRun), rest_more = rest_at("30", "Contoso.X/a/write");
  return {
      {"JSON Lines", listing + "\n", run + "\n" + more + "\r\n\n" + odd + "\n" + wide, 5, 0},
      {"JSON Lines with marks and commas", kMark + listing + "\n", kMark + run + ",\n" + more + odd + "\n" + kMark, 4, 0},
      {"JSON Lines with bad lines", listing + "\n",
       "{bad}\n" + run + "\nword\n" + R"({"TimeGenerated":"\x"})" + "\n{\"a\":\"\xFF\"}\n" + more + "\n", 3, 4},
      {"JSON Lines with broken lines", listing + "\n",
       R"({"TimeGenerated":"2026-03-14T09:15:00Z","Caller":"alice@contoso.com","OperationNameValue":"a
b/c"})"
       "\n" +
           pretty(run) + more + "\n{\"a\":\"unclosed}\n" + wide + "\n",
       5, 1, 2},
      {"JSON Lines with carriage returns alone", listing + "\r",
       run + "\r{bad}\r" + R"({"TimeGenerated":"2026-03-14T09:15:00Z","Caller":"alice@contoso.com","OperationNameValue":"a)" + "\r" +
           R"(b/c"})" + "\r\r" + more + "\r",
       4, 1, 1},
      {"JSON Lines, cut", listing + "\n", run + "\n" + more.substr(0, 60), 2, 1},
      {"page a line", R"({"records":[)" + listing + "]}\n",
       R"({"records":[)" + run + "," + more +
           R"(]})"
           "\n"
           R"({"records":[]})"
           "\n[" +
           odd + "]\n",
       4, 0},
      {"list, minified", "[" + rest_listing + ",", rest_run + "," + rest_more + "]", 3, 0},
      {"list, pretty", "[\n" + pretty(rest_listing) + ",\n", pretty(rest_run) + ",\n" + pretty(rest_more) + "\n]\n", 3, 0},
      {"list with bad elements", "[" + rest_listing + ",", "{bad}," + rest_run + R"(,17,"x",{"a":"\x"},)" + rest_more + "]", 3, 4},
      {"list with a quote missing", "[" + rest_listing + ",", R"({"caller":"x},)" + rest_run + ",\n" + rest_more + "]", 3, 1},
      {"list with a brace missing", "[" + rest_listing + ",", R"({"caller":{"x":1},)" + rest_run + ",\n" + rest_more + "]", 3, 1},
      {"list, cut", "[" + rest_listing + ",", rest_run + "," + rest_more.substr(0, 70), 2, 1},
      {"page", R"({"nextLink":"x]}","value":[)" + rest_listing + ",",
       rest_run + "," + rest_more + R"(],"other":{"a":[1,{"b":"]}\""}]},"records":[)" + rest_at("50", kRun) + "]}", 4, 0},
      {"pages in a list", R"([{"value":[)" + rest_listing + "]},",
       R"({"value":[)" + rest_run + R"(],"nextLink":"y"},{"count":0,"value":[]},)" + rest_more + "]", 3, 0},
      {"pages one after the other", "{\n\"value\":[" + rest_listing + "]}\n",
       R"({"value":[)" + rest_run + "]}" + kMark + R"({"value":[)" + rest_more + "]}\n", 3, 0},
      {"objects one after the other, pretty", pretty(rest_listing),
       pretty(rest_run) + pretty(rest_more) + kMark + pretty(rest_at("40", "Contoso.X/b/write")), 4, 0},
      {"table", kHeader + kFirst,
       "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\"{\"\"appid\"\":\"\"b677c290-cf4b-4a8e-a60e-91ba650a4abe\"\"}\"\n"
       "\"2026-03-14 09:21:00Z\",\"alice@contoso.com\",\"c/\"\"d\n,e\"\"\",,,\n\n2026-03-14 09:22:00Z,alice@contoso.com,5\" f/g,,,",
       4, 0},
      {"table with carriage returns and line feeds", kHeader + kFirst,
       "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\r\n\"2026-03-14 09:21:00Z\",\"alice@contoso.com\",\"c/d\r\n\",,,\"\"\r\n\r\n",
       3, 0},
      {"table with carriage returns", kHeader + kFirst,
       "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\r\"2026-03-14 09:21:00Z\",\"alice@contoso.com\",\"c/d\r\",,,\r", 3, 0},
      {"tables one behind the other", kMark + kHeader + kFirst,
       kMark + kHeader + "2026-03-14 09:20:00Z,alice@contoso.com,\xC3\xA4/\xF0\x9F\x98\x80,Start,g,\n" + kMark + kHeader + kFirst, 3, 0},
      {"table with bad rows", kHeader + kFirst,
       "1,2\n2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\n,,,,,,,\n\"x\"y,,,,,\n2026-03-14 "
       "09:21:00Z,alice@contoso.com,c/d,Start,g,\n2026-03-14 09:22:00Z,\xFF,,,,\n",
       3, 4},
      {"table with a quote that stays open", kHeader + kFirst,
       "2026-03-14 09:20:00Z,alice@contoso.com,\"a/b,Start,g,\n2026-03-14 09:21:00Z,alice@contoso.com,c/d,Start,g,\n", 2, 1},
      {"table with text behind a quote and a quote that stays open", kHeader + kFirst,
       "\"x\"y,,,,,\n2026-03-14 09:21:00Z,alice@contoso.com,c/d,Start,g,\n\"x\"z,\"\n", 2, 2},
      {"table, cut", kHeader + kFirst, "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\n2026-03-14 09:21:00Z,ali", 2, 1},
  };
}

}  // namespace

TEST_CASE("cuts: whatever the blocks, the same report, events and rejects") {
  std::mt19937 random(20260314);
  for (const File& file : files()) {
    INFO(file.about);
    REQUIRE(file.head.size() < kSniffBytes);
    // Blanks may stand between any two records; a line end goes behind them where lines count.
    const std::string front = file.head + std::string(kSniffBytes - file.head.size() - 1, ' ') + "\n";
    const std::string text = front + file.tail;
    const std::string whole = all_answers(text, {});

    simdjson::dom::parser parser;
    simdjson::dom::element report;
    const simdjson::padded_string padded(whole.substr(0, whole.rfind("\n{\"total\"")).substr(0, whole.find("\n{\"total\"")));
    REQUIRE(parser.parse(padded).get(report) == simdjson::SUCCESS);
    const simdjson::dom::element input = report["inputs"].at(0).value_unsafe();
    CHECK(figure(input, "events") == file.events);
    CHECK(figure(input, "rejected") == file.rejected);
    CHECK(figure(input, "repaired") == file.repaired);
    CHECK(figure(input, "other") == 0);
    CHECK(figure(input, "bytes") == text.size());
    CHECK(figure(input, "framed") == figure(input, "events") + figure(input, "other") + figure(input, "rejected"));
    CHECK(figure(input, "bytes") == figure(input, "record_bytes") + figure(input, "structure_bytes") + figure(input, "rejected_bytes"));
    CHECK(report["sessions"].get_array().value_unsafe().size() == 1);

    const auto shifted = [&](Cuts cuts) {
      for (size_t& cut : cuts) cut += front.size();
      cuts.insert(cuts.begin(), front.size());
      return cuts;
    };
    CHECK(all_answers(text, shifted(every_byte(file.tail.size()))) == whole);
    for (size_t cut = 0; cut < file.tail.size(); ++cut) {
      if (all_answers(text, {front.size() + cut}) == whole) continue;
      INFO("cut at byte " << cut << " of: " << file.tail);
      CHECK(all_answers(text, {front.size() + cut}) == whole);
      break;
    }
    for (int i = 0; i < 30; ++i) CHECK(all_answers(text, shifted(random_cuts(file.tail.size(), i < 15 ? 4 : 40, random))) == whole);
    // Blocks of no bytes, and a cut inside of what is looked at first.
    CHECK(all_answers(text, {0, 0, 1, 2, 2, 1000, kSniffBytes - 1, kSniffBytes, kSniffBytes}) == whole);
  }
}

TEST_CASE("cuts: lines of rejects are told rightly, whatever the blocks") {
  // Three lines before the blanks, the bad line is the sixth.
  const std::string text =
      row_at("10", kList) + "\n\n\n" + std::string(kSniffBytes, ' ') + "\n" + row_at("20", kRun) + "\n{bad}\n" + row_at("30", kRun) + "\n";
  const size_t bad = text.find("{bad}");
  for (const Cuts& cuts :
       {Cuts{}, Cuts{kSniffBytes + 10}, Cuts{bad}, Cuts{bad + 1}, Cuts{kSniffBytes + 10, bad - 1, bad + 3, bad + 5, bad + 6}}) {
    const Reading reading = read_in_blocks(text, cuts);
    CHECK(reading.rejects() == std::vector<std::string>{"bad_json " + std::to_string(bad) + "+5 line 6"});
  }
}

TEST_CASE("cuts: LF, CR LF and CR alone are each one line end, whatever the blocks") {
  const std::string header = "TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,Claims";
  const std::string row = "2026-03-14 09:10:00Z,alice@contoso.com,a/b,Success,g,";
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (const bool csv : {false, true}) {
      // Eight line ends stand before the bad record, one of them in a string or cell.
      const std::string good = csv ? row : row_at("20", kRun);
      const std::string torn =
          csv ? "2026-03-14 09:10:00Z,alice@contoso.com,a/b,Success,g,\"x" + end + "y\"" : good.substr(0, good.size() - 2) + end + "\"}";
      const std::string bad = csv ? "1,2" : "{bad}";
      const std::string front = (csv ? header : good) + end + end + std::string(kSniffBytes, ' ') + end;
      const std::string text = front + good + end + torn + end + good + end + end + bad + end + good;
      INFO(text.substr(0, 60) << " with " << end.size() << (end[0] == '\r' ? " cr" : " lf"));
      const size_t at = text.find(end + bad) + end.size();
      const std::vector<std::string> wanted = {(csv ? "wrong_field_count " : "bad_json ") + std::to_string(at) + "+" +
                                               std::to_string(bad.size()) + " line 9"};
      const Reading whole = read_in_blocks(text);
      CHECK(whole.rejects() == wanted);
      CHECK(whole.events() == (csv ? 4 : 5));
      CHECK(whole.input().repaired == (csv ? 0 : 1));
      for (size_t cut = front.size() - 2; cut < text.size(); ++cut) {
        if (read_in_blocks(text, {cut}).rejects() == wanted) continue;
        INFO("cut at " << cut);
        CHECK(read_in_blocks(text, {cut}).rejects() == wanted);
        break;
      }
      Cuts every = every_byte(text.size());
      std::erase_if(every, [&](size_t cut) { return cut < front.size() - 2; });
      CHECK(read_in_blocks(text, every).rejects() == wanted);
    }
  }
}

TEST_CASE("cuts: a span that is long lost keeps the line where it began") {
  std::string text = "[" + rest_at("10", kList) + ",\n" + std::string(kSniffBytes, ' ') + "\n" + R"({"caller":"x},)";
  const size_t bad = text.find(R"({"caller":"x})");
  for (int i = 0; i < 5000; ++i) text += "{\"a\":1},\n";
  text += rest_at("20", kRun) + "]";
  const Reading whole = read_in_blocks(text);
  REQUIRE(whole.rejects().size() == 1);
  CHECK(whole.rejects()[0] == "cut " + std::to_string(bad) + "+" + std::to_string(text.size() - bad) + " line 3");
  Cuts cuts;
  for (size_t at = 1000; at < text.size(); at += 1000) cuts.push_back(at);
  CHECK(read_in_blocks(text, cuts).rejects() == whole.rejects());
}

TEST_CASE("cuts: a bad record inside a page on one line costs itself alone") {
  const std::string text = R"({"records":[)" + row_at("10", kList) + "]}\n" + R"({"records":[)" + row_at("11", kRun) + R"(,{"a":tru},)" +
                           row_at("12", kRun) + "]}\n[" + row_at("13", kRun) + ",{bad}]\n" + row_at("14", kRun) + "\n";
  const Reading reading = read_in_blocks(text);
  CHECK(reading.events() == 5);
  CHECK(reading.input().rejected == 2);
  CHECK(reading.input().rejected_bytes == 14);
}

TEST_CASE("cuts: a page whose other keys are long, whatever the blocks") {
  const std::string front = R"({"value":[)" + rest_at("10", kList) + "]" + std::string(kSniffBytes, ' ') + "\n";
  for (const std::string& filling : {std::string(70'000, ' '), std::string(140'000, ' ')}) {
    const std::string text = front + R"(,"records")" + filling + ":[" + rest_at("20", kRun) + "]}";
    const Reading whole = read_in_blocks(text);
    Cuts cuts = {front.size()};
    for (size_t at = front.size() + 1000; at < text.size(); at += 1000) cuts.push_back(at);
    const Reading cut = read_in_blocks(text, cuts);
    CHECK(cut.events() == whole.events());
    CHECK(cut.input().structure_bytes == whole.input().structure_bytes);
  }
}
