// A changed setting hunts again over what stays: whatever settings came before, the report is the one that a fresh engine gives.
#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

using namespace csh;

namespace {

uint32_t give(Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

void read(Engine& engine, uint32_t number, std::string_view text) {
  const std::string argument = R"({"number":)" + std::to_string(number) + R"(,"path":"file)" + std::to_string(number) + R"("})";
  REQUIRE(engine.open_input(give(engine, argument)) == 0);
  const uintptr_t room = engine.begin_write(static_cast<uint32_t>(text.size()));
  REQUIRE(room != 0);
  std::memcpy(reinterpret_cast<void*>(room), text.data(), text.size());
  REQUIRE(engine.end_write(static_cast<uint32_t>(text.size())) == 0);
  REQUIRE(engine.close_input(0, 0) == 0);
}

// Report and index under these settings.
std::string answer(Engine& engine, std::string_view settings) {
  REQUIRE(engine.hunt(give(engine, settings)) == 0);
  REQUIRE(engine.report_json() == 0);
  std::string text(reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes());
  REQUIRE(engine.session_index() == 0);
  text.append(reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes());
  return text;
}

// Rows of several callers in two spellings, some without one; copies; listings by Succeeded and by Success; several addresses.
std::string rows(std::mt19937& random, bool local_times) {
  const auto pick = [&](std::initializer_list<const char*> words) { return std::string(*(words.begin() + random() % words.size())); };
  std::string text = local_times ? "\"TimeGenerated [Local Time]\"" : "\"TimeGenerated [UTC]\"";
  text += ",Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,CallerIpAddress,CorrelationId,\"_ResourceId\",Claims\n";
  std::string row;
  for (int i = 0; i < 60; ++i) {
    if (row.empty() || random() % 5 != 0) {
      const auto day = std::to_string(1 + random() % 9), hour = std::to_string(1 + random() % 9),
                 minute = std::to_string(10 + random() % 50);
      row = "\"0" + day + "/0" + pick({"3", "4"}) + "/2026, 0" + hour + ":" + minute + ":00.000\",";
      row += pick({"alice@x.example", "Alice@x.example", "bob@x.example", "bob@x.example", ""}) + ",";
      row += pick({"Microsoft.Storage/storageAccounts/listKeys/action", "MICROSOFT.STORAGE/storageAccounts/listKeys/action",
                   "Microsoft.Compute/disks/write", "Microsoft.Portal/consoles/write", ""}) +
             ",";
      row += pick({"Success", "Succeeded", "Start", "Failure"}) + "," + pick({"cloud-shell-storage-weu", "rg"}) + ",";
      row += pick({"203.0.113.1", "203.0.113.2", "203.0.113.3", ""}) + "," + pick({"c1", "c2", ""}) + "," +
             pick({"/s/storageAccounts/a", "/s/storageAccounts/b", ""}) + ",";
      row += pick({"\"{\"\"appid\"\":\"\"b677c290-cf4b-4a8e-a60e-91ba650a4abe\"\"}\"", "\"{\"\"appid\"\":\"\"x\"\"}\"", ""}) + "\n";
    }
    text += row;  // the same again: a copy
  }
  return text;
}

const std::vector<std::string_view> kSettings = {
    "{}",
    R"({"window":"10m"})",
    R"({"window":"3h"})",
    R"({"look_back":"1d"})",
    R"({"look_back":"2h","as_of":"2026-03-05T09:00:00Z"})",
    R"({"succeeded_is_success":false})",
    R"({"succeeded_is_success":false,"window":"2h"})",
    R"({"date_order":"day-first"})",
    R"({"date_order":"month-first"})",
    R"({"local_offset":"+05:30"})",
    R"({"local_offset":"-08:00","date_order":"day-first"})",
    R"({"local_zone":{"name":"Europe/Berlin","offsets":[{"from":null,"offset":"+01:00"},{"from":"2026-03-29T01:00:00Z","offset":"+02:00"}]}})",
};

}  // namespace

TEST_CASE("rehunt: after any settings the report is that of a fresh engine") {
  size_t differing = 0;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    const std::vector<std::string> texts = {rows(random, seed % 3 == 0), rows(random, seed % 3 == 1)};
    Engine again;
    for (uint32_t i = 0; i < texts.size(); ++i) read(again, i, texts[i]);
    std::vector<std::string> fresh(kSettings.size());
    for (int step = 0; step < 24; ++step) {
      const size_t which = random() % kSettings.size();
      if (fresh[which].empty()) {
        Engine engine;
        for (uint32_t i = 0; i < texts.size(); ++i) read(engine, i, texts[i]);
        fresh[which] = answer(engine, kSettings[which]);
        differing += fresh[which] != fresh[0];
      }
      INFO("seed " << seed << ", step " << step << ": " << kSettings[which]);
      REQUIRE(answer(again, kSettings[which]) == fresh[which]);
    }
  }
  CHECK(differing > 50);
}

TEST_CASE("rehunt: what is read after a hunt is in the next one") {
  std::mt19937 random(7);
  const std::string first = rows(random, false), second = rows(random, false);
  Engine again, fresh;
  read(again, 0, first);
  (void)answer(again, "{}");
  read(again, 1, second);
  read(fresh, 0, first);
  read(fresh, 1, second);
  CHECK(answer(again, "{}") == answer(fresh, "{}"));
}
