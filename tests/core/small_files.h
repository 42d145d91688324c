// Small files in every format, sound and damaged, and all that the engine says of one: what the tests that cut files compare. Files are small but
// for a long run of blanks near their beginning: the engine looks at a quarter of a megabyte before it begins, and a cut in what it has not
// begun with would prove nothing.
#pragma once
#include "bytes/sniff.h"
#include "engine/engine.h"
#include "read_in_parts.h"
#include "reading.h"

namespace csh::test {

// Everything that the engine says of the one input that it holds: report, then the events of each session, then the rejects.
inline std::string all_answers(Engine& engine) {
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  std::string all(answer(engine));
  for (uint32_t session = 0; engine.session_events(session, 0, 1000) == 0; ++session) all.append("\n").append(answer(engine));
  REQUIRE(engine.rejects(0, 0, 1000) == 0);
  return all.append("\n").append(answer(engine));
}

inline void write(Engine& engine, std::string_view block) {
  const auto bytes = static_cast<uint32_t>(block.size());
  std::copy(block.begin(), block.end(), reinterpret_cast<char*>(engine.begin_write(bytes)));
  if (engine.end_write(bytes) != 0) FAIL("end_write");
}

// The same of a text that is read in blocks.
inline std::string all_answers(std::string_view text, const Cuts& cuts) {
  Engine engine;
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"file","container":"none"})")) == 0);
  size_t from = 0;
  for (const size_t cut : cuts) {
    write(engine, text.substr(from, cut - from));
    from = cut;
  }
  write(engine, text.substr(from));
  REQUIRE(engine.close_input(0, 0) == 0);
  return all_answers(engine);
}

struct SmallFile {
  const char* about;
  std::string head;  // what stands before the blanks
  std::string tail;  // what is cut
  uint64_t events, rejected, repaired = 0;
};

inline std::string row_at(const char* minute, const char* operation) {
  return std::string(R"({"TimeGenerated":"2026-03-14T09:)") + minute +
         R"(:05.3234567Z","Caller":"alice@contoso.com","OperationNameValue":")" + operation +
         R"(","ActivityStatusValue":"Success","ResourceGroup":"cloud-shell-storage-weu"})";
}
inline std::string rest_at(const char* minute, const char* operation) {
  return std::string(R"({"eventTimestamp":"2026-03-14T09:)") + minute + R"(:05Z","caller":"alice@contoso.com","operationName":{"value":")" +
         operation + R"("},"status":{"value":"Succeeded"},"resourceGroupName":"cloud-shell-storage-weu"})";
}
inline std::string pretty(std::string text) {
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

inline constexpr const char* kList = "Microsoft.Storage/storageAccounts/listKeys/action";
inline constexpr const char* kRun = "Microsoft.Compute/virtualMachines/runCommand/action";
inline const std::string kMark = "\xEF\xBB\xBF";
inline const std::string kHeader = "TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,Claims\n";
inline const std::string kFirst =
    "2026-03-14 09:10:00Z,alice@contoso.com,Microsoft.Storage/storageAccounts/listKeys/action,Success,cloud-shell-storage-weu,\n";

inline std::vector<SmallFile> small_files() {
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

// Blanks may stand between any two records; a line end goes behind them where lines count.
inline std::string front_of(const SmallFile& file) {
  REQUIRE(file.head.size() < kSniffBytes);
  return file.head + std::string(kSniffBytes - file.head.size() - 1, ' ') + "\n";
}

}  // namespace csh::test
