// Small files in every format, cut in every way, through the engine as a worker drives it: the report, the events of every session with
// their places, and the rejects are the same bytes for every cut.
#include <simdjson.h>

#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

uint64_t figure(simdjson::dom::element input, const char* name) {
  uint64_t value = 0;
  REQUIRE(input[name].get(value) == simdjson::SUCCESS);
  return value;
}

}  // namespace

TEST_CASE("cuts: whatever the blocks, the same report, events and rejects") {
  std::mt19937 random(20260314);
  for (const SmallFile& file : small_files()) {
    INFO(file.about);
    const std::string front = front_of(file);
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
