// One input read in parts by several engines, whatever the cuts and whoever read which: the same bytes as read in one go. The seams lie in quoted
// line breaks, doubled quotes, CRLF, letters of several bytes, strings that look like records, joined lines, lost spans and over-long records.
// The few lines that decide which part is read again stand in web/src/engine/parts.ts too; tests/web runs them over real workers.
#include <algorithm>

#include "read_in_parts.h"
#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

struct Played {
  std::string answers;
  uint32_t redone = 0;
  bool in_one_go = false;  // no plan, or a part that must be read alone
};

void require(bool holds, const char* what) {
  INFO(what);
  REQUIRE(holds);
}

PartAnswer read_part(Engine& engine, std::string_view text, uint32_t id, Part part, const std::string& state, bool guess,
                     std::mt19937& random) {
  return PartsReader(random, require).read(engine, text, id, part, state, guess);
}

std::string plan(Engine& engine, std::string_view text) {
  REQUIRE(engine.plan_parts(give(engine, text)) == 0);
  return std::string(answer(engine));
}

Played play(std::string_view text, std::vector<uint64_t> cuts, size_t workers, std::mt19937& random) {
  std::vector<Engine> engines(workers);
  const InParts read = PartsReader(random, require).read_all(engines, text, std::move(cuts));
  return {read.in_one_go ? all_answers(text, {}) : all_answers(engines[0]), read.redone, read.in_one_go};
}

std::vector<uint64_t> some_cuts(size_t front, size_t size, size_t parts, std::mt19937& random) {
  std::vector<uint64_t> cuts;
  while (cuts.size() + 1 < parts) {
    // Now and then among the blanks; else where something is to be cut.
    cuts.push_back(random() % 10 == 0 ? 1 + random() % (size - 1) : front - 100 + random() % (size - front + 100));
  }
  return cuts;
}

// More files, made to deceive whoever guesses where a record begins.
std::vector<SmallFile> deceiving_files() {
  const std::string listing = row_at("10", kList), run = row_at("20", kRun), more = row_at("30", "Contoso.X/a/write");
  const std::string rest = rest_at("20", kRun);
  std::string escaped, rows, lines;
  for (const char c : rest) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
  for (int i = 0; i < 12; ++i) {
    rows += "2026-03-14 09:3" + std::to_string(i % 10) + ":00Z,mallory@contoso.com,x/y,Success,g,\n";
    lines += row_at("50", "Contoso.X/in/a/string") + "\n";
  }
  const std::string many(70, '\n');
  return {
      {"rows in a cell", kHeader + kFirst + kFirst,
       "2026-03-14 09:20:00Z,alice@contoso.com,\"a/b\n" + rows + "\",Start,g,\n" + kFirst + "2026-03-14 09:21:00Z,b,\"\n" + rows +
           "\"\"\n" + rows + "\",,,\n" + kFirst,
       0, 0},
      {"records in a string", "[" + rest_at("10", kList) + ",\n" + rest_at("11", kList) + ",",
       R"({"note":"[)" + escaped + ",\\n" + escaped + "," + escaped + R"(]","eventTimestamp":"2026-03-14T09:30:00Z","caller":"b",)" +
           R"("operationName":{"value":"c/d"},"status":{"value":"Succeeded"}},)" + rest + "]",
       0, 0},
      {"records in a list of a record", "[" + rest_at("10", kList) + ",\n" + rest_at("11", kList) + ",",
       R"({"inner":[)" + rest + "," + rest + "," + rest + R"(],"eventTimestamp":"2026-03-14T09:30:00Z","caller":"b",)" +
           R"("operationName":{"value":"c/d"},"status":{"value":"Succeeded"}},)" + rest + "]",
       0, 0},
      {"a page over lines among lines", listing + "\n" + listing + "\n",
       "{\"records\":[\n" + more + "\n,\n" + run + "\n" + "]}\n" + run + "\n{\"unclosed\":\"\n" + lines + more + "\n" + many + more + "\n",
       0, 0},
      {"several values a line", listing + "\n" + listing + "\n", run + more + run + "," + more + "\n" + run + run + "\r\n" + more + "\n", 0,
       0},
      {"other logs and times that name no instant", listing + "\n" + listing + "\n",
       R"({"time":"2026-03-14T09:00:00Z","resourceId":"/SUBSCRIPTIONS/1/x","operationName":"Sign-in activity","category":"SignInLogs"})"
       "\n" +
           run + "\n" +
           R"({"TimeGenerated":"2026-02-31T09:00:00Z","Caller":"a","OperationNameValue":"e/f","ActivityStatusValue":"Success"})" +
           "\n{bad}\n" +
           R"({"time":"2026-03-14T09:00:00Z","resourceId":"/SUBSCRIPTIONS/1/x","operationName":"SecretGet","category":"AuditEvent"})" +
           "\n" + R"({"TimeGenerated":"x","Caller":"a","Caller":"b","OperationNameValue":"e/f","ActivityStatusValue":"Success"})" + "\n" +
           rest + "\n",
       0, 0},
      {"objects of another tool", R"([{"objectType":"User","objectId":"0"},{"objectType":"User","objectId":"1"},)",
       R"({"objectType":"User","objectId":"2"},{"kind":"AZUser"},{"objectType":"User","objectId":"3"},{"objectType":"User"}])", 0, 0},
      {"dates in both orders", kHeader + kFirst + kFirst,
       "13/03/2026 09:20:00,a,b/c,Success,g,\n\n03/14/2026 09:20:00,a,b/c,Success,g,\n02/03/2026 09:20:00,a,b/c,Success,g,\n1,2\n", 0, 0},
      {"pages in a list, with lists of others behind", R"([{"value":[)" + rest + "," + rest,
       R"(]},{"other":[{"a":1},{"b":2}],"value":[)" + rest + "," + rest + R"(,{"a":tru}],"nextLink":"{"},)" + rest + "]", 0, 0},
      {"a table behind pages", R"({"value":[)" + rest + "," + rest,
       R"(]}{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated"},{"name":"Caller"},{"name":"OperationNameValue"},)"
       R"({"name":"ActivityStatusValue"}],"rows":[["2026-03-14T09:40:00Z","alice@contoso.com","x/y","Success"]]}]})",
       0, 0},
  };
}

// `redone`: parts that had to be read again.
uint32_t check_parts(const std::string& front, const std::string& tail, int rounds, std::mt19937& random) {
  const std::string text = front + tail;
  const std::string whole = all_answers(text, {});
  uint32_t redone = 0;
  constexpr size_t kParts[] = {1, 2, 3, 8};
  for (int round = 0; round < rounds; ++round) {
    const std::vector<uint64_t> cuts = some_cuts(front.size(), text.size(), kParts[round % 4], random);
    const Played played = play(text, cuts, 1 + random() % 3, random);
    redone += played.redone;
    if (played.answers == whole) continue;
    std::string places;
    for (const uint64_t cut : cuts) places += std::to_string(static_cast<int64_t>(cut) - static_cast<int64_t>(front.size())) + " ";
    INFO("cut in " << tail << " at " << places);
    CHECK(played.answers == whole);
    break;
  }
  return redone;
}

}  // namespace

TEST_CASE("parts: whatever the cuts and the workers, the same report, events and rejects") {
  std::mt19937 random(20260315);
  // A state is found behind the first record: two of them at the beginning, so that there is a second.
  for (SmallFile file : small_files()) {
    INFO(file.about);
    const size_t first = file.head.find("{\"eventTimestamp\"");
    if (first != std::string::npos) file.head.insert(first, rest_at("05", "Contoso.X/first/write") + (file.head[0] == '{' ? " " : ","));
    check_parts(front_of(file), file.tail, 200, random);
  }
  for (const SmallFile& file : deceiving_files()) {
    INFO(file.about);
    check_parts(front_of(file), file.tail, 200, random);
  }
}

TEST_CASE("parts: one cut after the other through what deceives a guess") {
  std::mt19937 random(20260316);
  for (const SmallFile& file : deceiving_files()) {
    INFO(file.about);
    const std::string front = front_of(file), text = front + file.tail, whole = all_answers(text, {});
    uint32_t redone = 0;
    size_t wrong = 0;
    for (size_t cut = front.size() - 1; cut < text.size() && wrong == 0; cut += 1 + random() % 5) {
      const Played played = play(text, {cut}, 2, random);
      redone += played.redone;
      if (played.answers != whole) wrong = cut;
    }
    CHECK(wrong == 0);
    // A file that deceives nobody would prove nothing.
    if (file.about == std::string("rows in a cell") || file.about == std::string("records in a list of a record") ||
        file.about == std::string("a page over lines among lines")) {
      CHECK(redone > 0);
    }
  }
}

TEST_CASE("parts: in a sound file every guess is right") {
  std::mt19937 random(20260317);
  std::string lines, rows = kHeader, list = "[", page = R"({"value":[)", pretty_list = "[\n";
  for (int i = 0; i < 2000; ++i) {
    const std::string minute = std::to_string(10 + i % 50), name = "Contoso.X/" + std::to_string(i) + "/write";
    lines += row_at(minute.c_str(), name.c_str()) + "\n";
    rows += "2026-03-14 09:" + minute + ":00Z,alice@contoso.com,\"" + name + "\",Success,g,\"{\"\"x\"\":\n\"\"a,b\"\"}\"\r\n";
    list += rest_at(minute.c_str(), name.c_str()) + ",";
    page += rest_at(minute.c_str(), name.c_str()) + ",";
    pretty_list += pretty(rest_at(minute.c_str(), name.c_str())) + ",\n";
  }
  list += rest_at("00", "a/b") + "]";
  page += rest_at("00", "a/b") + R"(],"nextLink":"x"})";
  pretty_list += rest_at("00", "a/b") + "\n]";
  for (std::string* text : {&lines, &rows, &list, &page, &pretty_list}) {
    // Long enough to be planned.
    while (text->size() < 300'000) *text += '\n';
    const std::string whole = all_answers(*text, {});
    uint32_t redone = 0;
    for (int round = 0; round < 6; ++round) {
      std::vector<uint64_t> cuts;
      for (int i = 0; i < 7; ++i) cuts.push_back(1000 + random() % (text->size() / 2));
      const Played played = play(*text, cuts, 3, random);
      CHECK(!played.in_one_go);
      CHECK((played.answers == whole));
      redone += played.redone;
    }
    INFO(text->substr(0, 20));
    CHECK(redone == 0);
  }
}

TEST_CASE("parts: seams inside records that are too long") {
  std::mt19937 random(20260318);
  const std::string listing = row_at("10", kList) + "\n", run = row_at("20", kRun);
  const std::string filling(kMaxRecordBytes, 'x');
  const std::vector<std::pair<std::string, std::string>> texts = {
      {listing + listing, R"({"a":")" + filling + "\"}\n" + run + "\n"},
      {"[" + rest_at("10", kList) + "," + rest_at("11", kList) + ",", R"({"a":")" + filling + "\"}," + rest_at("20", kRun) + "]"},
      {kHeader + kFirst + kFirst, "a,\"\n" + kFirst + filling + "\n\"\n" + kFirst},
  };
  for (const auto& [head, tail] : texts) {
    const SmallFile file{"", head, tail, 0, 0};
    const std::string front = front_of(file), text = front + tail, whole = all_answers(text, {});
    for (const uint64_t cut : {front.size() + 3, front.size() + 1'000'000, text.size() - 300, text.size() - 20}) {
      const Played played = play(text, {cut, cut + 5}, 2, random);
      CHECK((played.answers == whole));
    }
  }
}

TEST_CASE("parts: what is refused or cannot be cut is read in one go") {
  Engine engine;
  const std::string blanks(kSniffBytes, ' ');
  CHECK(plan(engine, "") == "");
  CHECK(plan(engine, kHeader + kFirst) == "");                                           // too short to tell
  CHECK(plan(engine, "a,b\n1,2\n3,4\n" + blanks) == "");                                 // not ours
  CHECK(plan(engine, "\x1F\x8B" + blanks) == "");                                        // refused
  CHECK(plan(engine, std::string("[\0{\0", 4) + std::string(kSniffBytes, '\0')) == "");  // UTF-16
  CHECK(plan(engine, blanks + blanks) == "");
  CHECK(plan(engine, row_at("10", kList) + "\n" + row_at("10", kList) + "\n" + blanks) != "");
  CHECK(plan(engine, R"({"tables":[{"columns":[{"name":"TimeGenerated"},{"name":"Caller"}],"rows":[["2026-03-14T09:40:00Z","a"],)"
                     R"(["2026-03-14T09:40:00Z","a"],)" +
                         blanks) == "");
}

TEST_CASE("parts: parts that leave bytes out never become a report") {
  std::mt19937 random(1);
  const std::string line = row_at("10", kList) + "\n", text = line + line + std::string(kSniffBytes, ' ') + "\n" + line + line;
  Engine engine;
  const std::string state = plan(engine, text);
  read_part(engine, text, 0, {0, line.size()}, "", false, random);
  read_part(engine, text, 1, {text.size() - line.size(), text.size()}, state, true, random);
  CHECK(engine.hunt(give(engine, "{}")) == static_cast<uint32_t>(Error::parts_do_not_meet));
  CHECK(engine.drop_part(7) == static_cast<uint32_t>(Error::no_such_input));
  REQUIRE(engine.drop_part(1) == 0);
  CHECK(engine.hunt(give(engine, "{}")) == 0);
}

TEST_CASE("parts: a state that is none is refused, and leaves nothing behind") {
  Engine engine;
  for (const char* state : {"x1", "l", "l1z", "j1q", "j1+l", "j1vl", "j1o+", "j1vv", "c1", "c1,2", "c1,-2", "c1,-1no,header,of,ours"}) {
    INFO(state);
    CHECK(engine.open_input(give(engine, R"({"number":1,"path":"f","part":{"id":1,"from":5,"to":9,"guess":false,"state":")" +
                                             std::string(state) + "\"}}")) == static_cast<uint32_t>(Error::bad_argument_text));
  }
  CHECK(engine.open_input(give(engine, R"({"number":1,"path":"f","part":{"id":1,"from":5,"to":9,"guess":false,"state":""}})")) != 0);
  REQUIRE(engine.progress() == 0);
  CHECK(answer(engine).find(R"("bytes":0)") != std::string_view::npos);
  CHECK(engine.hunt(give(engine, "{}")) == 0);
}
