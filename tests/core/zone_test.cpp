// Local times in a zone: one instant, two, or none. The zones here are typed from the published rules; a second opinion for any list of offsets is
// a search through all of it.
#include <random>

#include "scenario.h"
#include "simdjson.h"
#include "time/zone.h"

using namespace csh;
using namespace csh::test;

namespace {

// "2025-10-26T00:30Z +02:00", with what is odd about it.
std::string read(const LocalZone& zone, std::string_view civil) {
  const LocalReading reading = read_local(zone, at(civil));
  std::string out;
  append_instant(out, reading.time);
  out += ' ';
  append_offset(out, zone.offsets[reading.offset].seconds);
  if (reading.match == LocalMatch::repeated) out += " repeated";
  if (reading.match == LocalMatch::skipped) out += " skipped";
  return out;
}

const LocalZone kBerlin = {"Europe/Berlin",
                           {{0, 3600},
                            {at("2025-03-30T01:00"), 7200},
                            {at("2025-10-26T01:00"), 3600},
                            {at("2026-03-29T01:00"), 7200},
                            {at("2026-10-25T01:00"), 3600}}};
// Half an hour of daylight saving.
const LocalZone kLordHowe = {
    "Australia/Lord_Howe", {{0, 39600}, {at("2026-04-04T15:00"), 37800}, {at("2026-10-03T15:30"), 39600}, {at("2027-04-03T15:00"), 37800}}};
// Left out a whole day when it crossed the date line.
const LocalZone kApia = {"Pacific/Apia", {{0, -36000}, {at("2011-12-30T10:00"), 50400}}};

struct Odd {
  std::string code, message;
};
std::vector<Odd> notes(const Result& result, size_t input) {
  simdjson::dom::parser parser;
  const std::string json = result.json();
  std::vector<Odd> out;
  for (const auto note : simdjson::dom::array(parser.parse(json)["inputs"].at(input)["notes"].value())) {
    const std::string_view code = note["code"], message = note["message"];
    if (code != "no_app_ids") out.push_back({std::string(code), std::string(message)});
  }
  return out;
}

std::string settings_of(const Result& result) {
  simdjson::dom::parser parser;
  const std::string json = result.json();
  return simdjson::minify(parser.parse(json)["settings"]["local_zone"].value());
}

}  // namespace

TEST_CASE("zone: the offset that is in force at the time") {
  CHECK(read(kBerlin, "2020-07-01T12:00") == "2020-07-01T11:00:00Z +01:00");  // before the first change that the list has
  CHECK(read(kBerlin, "2025-03-30T01:59:59.9999999") == "2025-03-30T00:59:59.9999999Z +01:00");
  CHECK(read(kBerlin, "2025-03-30T03:00") == "2025-03-30T01:00:00Z +02:00");
  CHECK(read(kBerlin, "2025-10-26T01:59:59.9999999") == "2025-10-25T23:59:59.9999999Z +02:00");
  CHECK(read(kBerlin, "2025-10-26T03:00") == "2025-10-26T02:00:00Z +01:00");
  CHECK(read(kBerlin, "2040-07-01T12:00") == "2040-07-01T11:00:00Z +01:00");  // behind the last
  CHECK(read(fixed_zone(-210), "2026-01-01T00:00") == "2026-01-01T03:30:00Z -03:30");
}

TEST_CASE("zone: a repeated hour is the earlier of its two instants, a skipped one keeps the offset from before the change") {
  CHECK(read(kBerlin, "2025-10-26T02:00") == "2025-10-26T00:00:00Z +02:00 repeated");
  CHECK(read(kBerlin, "2025-10-26T02:59:59.9999999") == "2025-10-26T00:59:59.9999999Z +02:00 repeated");
  CHECK(read(kBerlin, "2025-03-30T02:00") == "2025-03-30T01:00:00Z +01:00 skipped");
  CHECK(read(kBerlin, "2025-03-30T02:59:59.9999999") == "2025-03-30T01:59:59.9999999Z +01:00 skipped");
}

TEST_CASE("zone: half an hour of daylight saving, and a day left out") {
  CHECK(read(kLordHowe, "2026-04-05T01:29:59") == "2026-04-04T14:29:59Z +11:00");
  CHECK(read(kLordHowe, "2026-04-05T01:30") == "2026-04-04T14:30:00Z +11:00 repeated");
  CHECK(read(kLordHowe, "2026-04-05T01:59:59") == "2026-04-04T14:59:59Z +11:00 repeated");
  CHECK(read(kLordHowe, "2026-04-05T02:00") == "2026-04-04T15:30:00Z +10:30");
  CHECK(read(kLordHowe, "2026-10-04T02:00") == "2026-10-03T15:30:00Z +10:30 skipped");
  CHECK(read(kLordHowe, "2026-10-04T02:30") == "2026-10-03T15:30:00Z +11:00");
  CHECK(read(kApia, "2011-12-29T23:59") == "2011-12-30T09:59:00Z -10:00");
  CHECK(read(kApia, "2011-12-30T00:00") == "2011-12-30T10:00:00Z -10:00 skipped");
  CHECK(read(kApia, "2011-12-30T23:59") == "2011-12-31T09:59:00Z -10:00 skipped");
  CHECK(read(kApia, "2011-12-31T00:00") == "2011-12-30T10:00:00Z +14:00");
}

TEST_CASE("zone: any list of offsets, against a search through all of it") {
  std::mt19937 random(7);
  const auto pick = [&](int64_t from, int64_t to) { return std::uniform_int_distribution<int64_t>(from, to)(random); };
  int odd = 0;
  for (int round = 0; round < 2000; ++round) {
    LocalZone zone{"Some/Where", {{0, static_cast<int32_t>(pick(-kMaxOffsetSeconds, kMaxOffsetSeconds))}}};
    Ticks from = at("2026-01-01T00:00");
    for (int64_t changes = pick(0, 6); changes > 0; --changes) {
      from += pick(1, 80 * 3600) * kTicksPerSecond;
      zone.offsets.push_back({from, static_cast<int32_t>(pick(-kMaxOffsetSeconds, kMaxOffsetSeconds))});
    }
    const Ticks civil = at("2026-01-01T00:00") + pick(-40 * 3600, 400 * 3600) * kTicksPerSecond;
    std::vector<uint32_t> fit, begun;
    for (uint32_t i = 0; i < zone.offsets.size(); ++i) {
      const Ticks time = civil - zone.offsets[i].seconds * kTicksPerSecond;
      if (i > 0 && time < zone.offsets[i].from) continue;
      begun.push_back(i);
      if (i + 1 == zone.offsets.size() || time < zone.offsets[i + 1].from) fit.push_back(i);
    }
    const LocalReading reading = read_local(zone, civil);
    const uint32_t expected = fit.empty() ? begun.back() : fit.front();
    CHECK(reading.offset == expected);
    CHECK(reading.time == civil - zone.offsets[expected].seconds * kTicksPerSecond);
    CHECK(reading.match == (fit.empty() ? LocalMatch::skipped : fit.size() > 1 ? LocalMatch::repeated : LocalMatch::one));
    odd += fit.size() != 1;
  }
  CHECK(odd > 100);
}

TEST_CASE("zone: offsets as text") {
  for (const auto& [seconds, text] : std::vector<std::pair<int32_t, std::string>>{
           {0, "+00:00"}, {19800, "+05:30"}, {-12600, "-03:30"}, {3208, "+00:53:28"}, {-2670, "-00:44:30"}, {64800, "+18:00"}}) {
    std::string out;
    append_offset(out, seconds);
    CHECK(out == text);
    CHECK(parse_offset(text) == seconds);
  }
  CHECK(parse_offset("Z") == 0);
  CHECK(parse_offset("-0800") == -28800);
  CHECK(parse_offset("+05") == 18000);
  for (const std::string_view bad : {"", "5", "+5", "+05:3", "+05:60", "+05:30:60", "+18:00:01", "+0:530", "05:30", "+05:30:0",
                                     "+05:30:00:00", "+05300:0", "+05.30", "+0 530"})
    CHECK_FALSE(parse_offset(bad).has_value());
}

TEST_CASE("hunt in a zone: bins and sessions follow the clock change") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  // 01:50 and 03:10 of the night the clocks are put forward are twenty minutes apart.
  log.listing(kAlice, "2026-03-29T01:50").flag(kZoneless);
  log.event(kAlice, "2026-03-29T03:10", kRunCommand).flag(kZoneless);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{std::string(kAlice) + " 2026-03-29T00:50..2026-03-29T01:50 storage_listing"});
  CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
  CHECK_FALSE(Result::has_flag(result.session(), "ambiguous_time"));
  CHECK(notes(result, 0).empty());
}

TEST_CASE("hunt in a zone: what names no single instant is kept, counted with its first place, and marks its session") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  log.input("a.csv");
  log.listing(kAlice, "2025-10-26T02:30").flag(kZoneless).at_offset(900);
  log.event(kAlice, "2025-10-26T02:40", kRunCommand).flag(kZoneless).at_offset(500);
  log.event(kBob, "2026-03-29T02:15", kConsoleWrite).flag(kZoneless).at_offset(700);
  log.event(kBob, "2025-10-26T02:30", kConsoleWrite).at_offset(800);  // has an offset of its own
  log.input("b.csv");
  log.event("carol", "2025-10-26T03:00", kConsoleWrite).flag(kZoneless);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{std::string(kAlice) + " 2025-10-26T00:30..2025-10-26T01:30 storage_listing",
                                   "carol 2025-10-26T02:00..2025-10-26T03:00 console_write",
                                   std::string(kBob) + " 2025-10-26T02:30..2025-10-26T03:30 console_write",
                                   std::string(kBob) + " 2026-03-29T01:15..2026-03-29T02:15 console_write"});
  CHECK(result.findings.totals.no_time == 0);
  CHECK(Result::has_flag(result.session(), "ambiguous_time"));
  CHECK_FALSE(Result::has_flag(result.session(), "skipped_time"));
  CHECK_FALSE(Result::has_flag(result.session("carol"), "ambiguous_time"));
  CHECK_FALSE(Result::has_flag(result.session(kBob, 0), "ambiguous_time"));
  CHECK(Result::has_flag(result.session(kBob, 1), "skipped_time"));
  const std::vector<Odd> said = notes(result, 0);
  REQUIRE(said.size() == 2);
  CHECK(said[0].code == "ambiguous_time");
  CHECK(said[0].message ==
        "2 events have local times that a clock change of Europe/Berlin repeats (first at byte 500); read as the earlier of the two "
        "instants, with the offset +02:00. Sessions that hold one are marked.");
  CHECK(said[1].code == "skipped_time");
  CHECK(said[1].message ==
        "1 event has a local time that a clock change of Europe/Berlin skips (first at byte 700); read as if the clocks had not "
        "been put forward yet, with the offset +01:00. Sessions that hold one are marked.");
  CHECK(notes(result, 1).empty());
  std::string events;
  append_session_events_json(events, *result.store, result.timeline, result.findings,
                             static_cast<uint32_t>(result.session_index(result.session())), 0, 10);
  CHECK(events.find(R"("flags":["zoneless","ambiguous_time"])") != std::string::npos);
}

TEST_CASE("hunt in a zone: each offset by which odd times were read is said, in order") {
  Scenario log;
  // Three clock changes that each go back by an hour.
  log.settings.local_zone =
      LocalZone{"Test/Back", {{0, 14400}, {at("2026-01-10T01:00"), 10800}, {at("2026-02-10T01:00"), 7200}, {at("2026-03-10T01:00"), 3600}}};
  log.input("a.csv");
  // 04:00 to 05:00, 03:00 to 04:00 and 02:00 to 03:00 stand twice; the last one first.
  log.event(kAlice, "2026-03-10T02:30", kConsoleWrite).flag(kZoneless);
  log.event(kAlice, "2026-01-10T04:30", kConsoleWrite).flag(kZoneless);
  log.event(kAlice, "2026-02-10T03:30", kConsoleWrite).flag(kZoneless);
  const std::vector<Odd> said = notes(log.hunt(), 0);
  REQUIRE(said.size() == 1);
  CHECK(said[0].code == "ambiguous_time");
  CHECK(said[0].message.find("with the offset +02:00, +03:00 or +04:00") != std::string::npos);
}

TEST_CASE("hunt in a zone: what lies outside of the years that are known is read by the nearest offset, and said") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  log.input("a.csv");
  log.event(kAlice, "1970-01-01T00:59:59", kConsoleWrite).flag(kZoneless).at_offset(70);
  log.event(kAlice, "1970-01-01T01:00", kConsoleWrite).flag(kZoneless).at_offset(80);
  log.event(kAlice, "1969-01-01T01:00", kConsoleWrite).flag(kZoneless).at_offset(60);
  log.event(kAlice, "1969-01-01T01:00", kConsoleWrite).at_offset(10);  // has an offset of its own
  log.input("b.csv");
  log.event(kBob, "2099-12-31T23:59:59", kConsoleWrite).flag(kZoneless);
  log.input("c.csv");
  log.event(kBob, "2100-01-01T02:00", kConsoleWrite).flag(kZoneless).at_offset(5);
  const Result result = log.hunt();
  const std::vector<Odd> before = notes(result, 0), behind = notes(result, 2);
  REQUIRE(before.size() == 1);
  CHECK(before[0].code == "outside_zone");
  CHECK(before[0].message ==
        "2 events have local times that no known offset of Europe/Berlin covers, before 1970 or after 2099 (first at byte 60); read with "
        "the nearest one, +01:00.");
  CHECK(notes(result, 1).empty());
  REQUIRE(behind.size() == 1);
  CHECK(behind[0].message.starts_with("1 event has a local time that no known offset"));

  // An offset that somebody gave holds for all time.
  log.settings.local_zone = fixed_zone(60);
  CHECK(notes(log.hunt(), 0).empty());
}

TEST_CASE("hunt in a zone: a copy whose time is certain settles it") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  log.input("a.csv");
  log.event(kAlice, "2025-10-26T02:30", kConsoleWrite).flag(kZoneless).correlation("c").resource("/r");
  log.input("b.json");
  SECTION("the same instant in another file") { log.event(kAlice, "2025-10-26T00:30", kConsoleWrite).correlation("c").resource("/r"); }
  SECTION("as uncertain in another file") {
    log.event(kAlice, "2025-10-26T02:30", kConsoleWrite).flag(kZoneless).correlation("c").resource("/r");
  }
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 1);
  const bool both = result.timeline.repeated_times(1).count > 0;
  CHECK(Result::has_flag(result.session(), "ambiguous_time") == both);
  CHECK(result.timeline.repeated_times(0).count == 1);
}

TEST_CASE("hunt in a zone: day first and month first are each read with the offset of their own day") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  // The column holds day first: 3 October, else 10 March.
  log.event(kAlice, "2025-10-03T09:30", kConsoleWrite).flag(kZoneless).flag(kEitherOrder);
  CHECK(log.hunt().findings.totals.no_time == 1);
  log.settings.date_order = DateOrder::day_first;
  CHECK(log.hunt().sessions() == Texts{std::string(kAlice) + " 2025-10-03T07:30..2025-10-03T08:30 console_write"});
  log.settings.date_order = DateOrder::month_first;
  CHECK(log.hunt().sessions() == Texts{std::string(kAlice) + " 2025-03-10T08:30..2025-03-10T09:30 console_write"});

  // 26 October stands for nothing else; in Lord Howe 4 October is the night of a change and 10 April is not.
  Scenario island;
  island.settings.local_zone = kLordHowe;
  island.event(kAlice, "2026-10-04T02:10", kConsoleWrite).flag(kZoneless).flag(kEitherOrder);
  island.settings.date_order = DateOrder::day_first;
  CHECK(Result::has_flag(island.hunt().session(), "skipped_time"));
  island.settings.date_order = DateOrder::month_first;
  const Result month_first = island.hunt();
  CHECK(month_first.sessions() == Texts{std::string(kAlice) + " 2026-04-09T15:40..2026-04-09T16:40 console_write"});
  CHECK_FALSE(Result::has_flag(month_first.session(), "skipped_time"));
}

TEST_CASE("hunt in a zone: the report holds the offsets that were used, and they are enough") {
  Scenario log;
  log.settings.local_zone = kBerlin;
  CHECK(settings_of(log.hunt()) == R"({"name":"Europe/Berlin","offsets":[]})");
  log.event(kAlice, "2025-12-01T10:00", kConsoleWrite).flag(kZoneless);
  CHECK(settings_of(log.hunt()) == R"({"name":"Europe/Berlin","offsets":[{"from":null,"offset":"+01:00"}]})");
  log.event(kAlice, "2025-10-26T02:30", kConsoleWrite).flag(kZoneless);
  log.event(kAlice, "2026-03-29T02:30", kConsoleWrite).flag(kZoneless);
  const Result result = log.hunt();
  const std::string zone = settings_of(result);
  CHECK(zone == R"({"name":"Europe/Berlin","offsets":[{"from":null,"offset":"+02:00"},{"from":"2025-10-26T01:00:00Z","offset":"+01:00"},)"
                R"({"from":"2026-03-29T01:00:00Z","offset":"+02:00"}]})");
  std::string why;
  REQUIRE(parse_settings("{\"local_zone\":" + zone + "}", log.settings, why) == Error::ok);
  CHECK(log.hunt().json() == result.json());
}
