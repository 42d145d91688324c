// The timeline under the sessions: events of each caller in order, copies merged, and the settings that make another one necessary.
#include "scenario.h"

using namespace csh;
using namespace csh::test;

namespace {

// "caller: operation, operation": the groups in their order, each with its events.
Texts groups(const Result& result) {
  Texts out;
  const Timeline& timeline = result.timeline;
  for (uint32_t group = 0; group < timeline.groups(); ++group) {
    std::string line;
    for (uint32_t i = timeline.group_start(group); i < timeline.group_start(group + 1); ++i) {
      const uint32_t event = timeline.moments().at(i);
      line += line.empty() ? std::string(result.store->text(event, Column::caller)) + ":" : ",";
      line += " " + std::string(result.store->text(event, Column::operation));
    }
    out.push_back(line);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("timeline: each caller's events in order of time, whatever the spelling; others' are left out") {
  Scenario log;
  log.event("bob", "10:00", "a");
  log.event("alice", "09:30", "c");
  log.event("ALICE", "09:10", "b");
  log.event("", "09:00", "no-caller");
  log.event("alice", "", "no-time");
  log.event("alice", "2020-01-01T00:00", "d");
  const Result result = log.hunt();
  CHECK(groups(result) == Texts{"alice: d, b, c", "bob: a"});
  CHECK(result.timeline.moments() == std::vector<uint32_t>{5, 2, 1, 0});  // alice before bob, who came first
}

TEST_CASE("timeline: at one instant caller, operation, status, resource, application and address decide, as bytes") {
  Scenario log;
  log.event("x", "09:00", "8").app("").resource("b");
  log.event("x", "09:00", "9", "Success").resource("a").app("a").ip("b");
  log.event("x", "09:00", "9", "Success").resource("a").app("a").ip("a");
  log.event("x", "09:00", "9", "Success").resource("a").app("A").ip("z");
  log.event("x", "09:00", "9", "Success").resource("A").app("z").ip("z");
  log.event("x", "09:00", "9", "Accept").resource("z");
  log.event("X", "09:00", "Z", "Z");
  const Result result = log.hunt();
  std::vector<uint32_t> order = result.timeline.moments();
  CHECK(order == std::vector<uint32_t>{6, 0, 5, 4, 3, 2, 1});
}

TEST_CASE("timeline: copies are one moment that has what each of them has") {
  Scenario log;
  log.input("b.json");
  log.event("x", "09:00", "op").correlation("c").resource("/r").ip("10.0.0.2").app("app");
  log.input("a.json");
  log.event("x", "09:00", "op").correlation("c").resource("/r").ip("10.0.0.10").subscription("s").flag(kAdminRole);
  log.event("x", "09:01", "op");
  const Result result = log.hunt();
  REQUIRE(result.timeline.moments() == std::vector<uint32_t>{1, 2});
  const MergedEvent* merged = result.timeline.merged(1);
  REQUIRE(merged != nullptr);
  CHECK(merged->copies == std::vector<uint32_t>{1, 0});
  CHECK(result.timeline.merged(2) == nullptr);
  const auto text = [&](uint32_t event, Column column) {
    return std::string(result.store->dictionary(column).text(result.timeline.id(event, column)));
  };
  CHECK(text(1, Column::app_id) == "app");
  CHECK(text(1, Column::subscription) == "s");
  CHECK(text(1, Column::ip) == "10.0.0.10");  // the smallest by bytes
  CHECK(result.timeline.flags(1) == kAdminRole);
  CHECK(text(2, Column::app_id).empty());
  CHECK(result.timeline.input_duplicates() == std::vector<uint64_t>{1, 0});
}

TEST_CASE("timeline: copies find each other whatever stands between them") {
  Scenario log;
  // Callers' spellings keep the copies apart as bytes; at one offset, as rows of one record are, they stay as they came.
  log.event("X", "09:00", "a").correlation("c").resource("/r").at_offset(100);
  log.event("X", "09:00", "b").correlation("c").resource("/r").at_offset(100);
  log.event("x", "09:00", "a").correlation("c").resource("/r").at_offset(100);
  const Result result = log.hunt();
  REQUIRE(result.timeline.moments() == std::vector<uint32_t>{0, 1});
  REQUIRE(result.timeline.merged(0) != nullptr);
  CHECK(result.timeline.merged(0)->copies == std::vector<uint32_t>{0, 2});
}

TEST_CASE("timeline: only settings of time make another one") {
  Scenario log;
  log.event("x", "2026-05-03T09:00", "zoneless").flag(kZoneless);
  log.event("x", "2026-05-03T09:00", "either order").flag(kEitherOrder);
  const Result result = log.hunt();
  CHECK_FALSE(result.timeline.outdated_by(log.settings));
  Settings others = log.settings;
  others.window = kTicksPerDay;
  others.look_back = kTicksPerDay;
  others.as_of = AsOf::given;
  others.as_of_instant = at("2030-01-01T00:00");
  CHECK_FALSE(result.timeline.outdated_by(others));
  others = log.settings;
  others.local_zone = fixed_zone(60);
  CHECK(result.timeline.outdated_by(others));
  others.local_zone->name = "Europe/Berlin";
  log.settings.local_zone = others.local_zone;
  const Result in_zone = log.hunt();
  CHECK_FALSE(in_zone.timeline.outdated_by(others));
  others.local_zone->offsets.push_back({at("2026-03-29T01:00"), 7200});
  CHECK(in_zone.timeline.outdated_by(others));
  log.settings.local_zone.reset();
  others = log.settings;
  others.date_order = DateOrder::month_first;
  CHECK(result.timeline.outdated_by(others));
}

TEST_CASE("timeline: one event among any number of inputs that cannot stand as it is makes its time a matter of the settings") {
  for (uint32_t inputs = 0; inputs <= 9; ++inputs) {
    for (uint32_t odd = 0; odd <= inputs; ++odd) {  // odd == inputs: none
      for (const EventFlag flag : {kZoneless, kEitherOrder}) {
        CAPTURE(inputs, odd, flag);
        Scenario log;
        for (uint32_t input = 0; input < inputs; ++input) {
          Line& line = log.input(std::to_string(input)).event("x", "2026-05-03T09:00", "op");
          if (input == odd) line.flag(flag);
        }
        const Result result = log.hunt();
        for (uint32_t event = 0; event < inputs; ++event) CHECK(result.timeline.time(event).has_value() == (event != odd));
        Settings others = log.settings;
        others.date_order = DateOrder::day_first;
        CHECK(result.timeline.outdated_by(others) == (odd < inputs));
      }
    }
  }
}

TEST_CASE("timeline: events without an operation are no copies of each other, and no sign of Cloud Shell") {
  Scenario log;
  for (const char* path : {"a.json", "b.json"}) {
    log.input(path);
    log.event(kAlice, "09:00", "").id("e1").correlation("c1").resource("/r").app(kConsoleApp);
    log.event(kBob, "09:00", kConsoleWrite).id("e2").correlation("c2").resource("/r");
  }
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{std::string(kBob) + " 09:00..10:00 console_write"});
  CHECK(result.timeline.moments().size() == 3);
}
