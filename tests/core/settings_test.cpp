// Settings as text: what the page and scripts/hunt send. A setting that cannot be understood is refused with a sentence, since a hunt under
// another setting than the one asked for would be a wrong answer.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "hunt/settings.h"

using namespace csh;

namespace {

Settings read(const std::string& json) {
  Settings settings;
  std::string why;
  INFO(json);
  REQUIRE(parse_settings(json, settings, why) == Error::ok);
  return settings;
}

}  // namespace

TEST_CASE("settings: an empty object is the defaults") {
  const Settings settings = read("{}");
  CHECK(settings.window == kTicksPerHour);
  CHECK_FALSE(settings.look_back.has_value());
  CHECK(settings.as_of == AsOf::newest);
  CHECK_FALSE(settings.as_of_now);
  CHECK(settings.succeeded_is_success);
  CHECK(settings.date_order == DateOrder::automatic);
  CHECK_FALSE(settings.local_zone.has_value());
}

TEST_CASE("settings: each key is read") {
  const Settings settings = read(R"({"window":"45m10.5s","look_back":"1d","as_of":"2026-03-14T09:12:05.3234567Z","as_of_now":true,)"
                                 R"("succeeded_is_success":false,"date_order":"month-first","local_offset":"+05:30"})");
  CHECK(settings.window == 45 * kTicksPerMinute + 105'000'000);
  CHECK(settings.look_back == kTicksPerDay);
  CHECK(settings.as_of == AsOf::given);
  CHECK(settings.as_of_instant == ticks_from_civil({2026, 3, 14, 9, 12, 5, 3'234'567}));
  CHECK(settings.as_of_now);
  CHECK_FALSE(settings.succeeded_is_success);
  CHECK(settings.date_order == DateOrder::month_first);
  CHECK(settings.local_zone == fixed_zone(330));
}

TEST_CASE("settings: the words for nothing in particular") {
  const Settings settings = read(R"( { "look_back" : "none" , "as_of" : "newest", "date_order": "auto", "local_offset": null } )");
  CHECK_FALSE(settings.look_back.has_value());
  CHECK(settings.as_of == AsOf::newest);
  CHECK(settings.date_order == DateOrder::automatic);
  CHECK_FALSE(settings.local_zone.has_value());
  CHECK(read(R"({"date_order":"day-first"})").date_order == DateOrder::day_first);
}

TEST_CASE("settings: offsets of local time from -18:00 to +18:00") {
  CHECK(read(R"({"local_offset":"+00:00"})").local_zone == fixed_zone(0));
  CHECK(read(R"({"local_offset":"-03:30"})").local_zone == fixed_zone(-210));
  CHECK(read(R"({"local_offset":"+18:00"})").local_zone == fixed_zone(1080));
  CHECK(read(R"({"local_offset":"-18:00"})").local_zone == fixed_zone(-1080));
}

TEST_CASE("settings: a zone is a name and its offsets") {
  const Settings settings =
      read(R"({"local_offset":null,"local_zone":{"name":"Europe/Berlin","offsets":[{"from":null,"offset":"+00:53:28"},)"
           R"({"from":"1893-03-31T23:06:32Z","offset":"+01:00"},{"offset":"+02:00","from":"1916-04-30T22:00:00Z"}]}})");
  REQUIRE(settings.local_zone.has_value());
  CHECK(settings.local_zone->name == "Europe/Berlin");
  CHECK(settings.local_zone->offsets == std::vector<ZoneOffset>{{0, 3208},
                                                                {*ticks_from_civil({1893, 3, 31, 23, 6, 32, 0}), 3600},
                                                                {*ticks_from_civil({1916, 4, 30, 22, 0, 0, 0}), 7200}});
  CHECK_FALSE(read(R"({"local_zone":null})").local_zone.has_value());
}

TEST_CASE("settings: a zone has 4096 offsets at most, its name 64 bytes") {
  const auto zone = [](size_t name, size_t offsets) {
    std::string json = R"({"local_zone":{"name":")" + std::string(name, 'x') + R"(","offsets":[{"from":null,"offset":"+01:00"})";
    Ticks from = 0;
    for (size_t i = 1; i < offsets; ++i) {
      from += kTicksPerDay;
      json += R"(,{"from":")";
      append_instant(json, from);
      json += R"(","offset":"+02:00"})";
    }
    return json + "]}}";
  };
  CHECK(read(zone(64, 1)).local_zone->name.size() == 64);
  CHECK(read(zone(1, 4095)).local_zone->offsets.size() == 4095);
  CHECK(read(zone(1, 4096)).local_zone->offsets.size() == 4096);
  Settings settings;
  std::string why;
  CHECK(parse_settings(zone(65, 1), settings, why) == Error::bad_setting);
  CHECK(parse_settings(zone(1, 4097), settings, why) == Error::bad_setting);
}

TEST_CASE("settings: an as-of instant may carry an offset") {
  CHECK(read(R"({"as_of":"2026-03-14T09:00:00+02:00"})").as_of_instant == ticks_from_civil({2026, 3, 14, 7, 0, 0, 0}));
}

TEST_CASE("settings: a value outside its grammar is refused, with a sentence") {
  const std::vector<std::string> bad = {
      R"({"window":"0s"})",
      R"({"window":"none"})",
      R"({"window":""})",
      R"({"window":"1 hour"})",
      R"({"window":3600})",
      R"({"window":"-1h"})",
      R"({"window":null})",
      R"({"window":"h"})",
      R"({"look_back":"yesterday"})",
      R"({"look_back":1})",
      R"({"look_back":"-1d"})",
      R"({"look_back":true})",
      R"({"as_of":"now"})",
      R"({"as_of":"2026-03-14"})",
      R"({"as_of":"2026-03-14T09:00:00"})",
      R"({"as_of":"2026-02-30T00:00:00Z"})",
      R"({"as_of":5})",
      R"({"as_of_now":"yes"})",
      R"({"succeeded_is_success":"on"})",
      R"({"succeeded_is_success":1})",
      R"({"date_order":"dmy"})",
      R"({"date_order":null})",
      R"({"local_offset":"+18:01"})",
      R"({"local_offset":"+19:00"})",
      R"({"local_offset":"05:30"})",
      R"({"local_offset":"+5:30"})",
      R"({"local_offset":"+05:60"})",
      R"({"local_offset":330})",
      R"({"local_offset":"Europe/Berlin"})",
      R"({"local_zone":"Europe/Berlin"})",
      R"({"local_zone":{}})",
      R"({"local_zone":{"name":"","offsets":[{"from":null,"offset":"+01:00"}]}})",
      R"({"local_zone":{"name":"x","offsets":[]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01:00"}],"more":1}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":"2026-01-01T00:00:00Z","offset":"+01:00"}]}})",
      R"({"local_zone":{"name":5,"offsets":[{"from":null,"offset":"+01:00"}]}})",
      R"({"local_zone":{"offsets":[{"from":null,"offset":"+01:00"}],"more":1}})",
      R"({"local_zone":{"name":"x","offsets":{"from":null,"offset":"+01:00"}}})",
      R"({"local_zone":{"name":"x","offsets":["+01:00"]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01:00","more":1}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"since":null,"offset":"+01:00"}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":60}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01"},{"from":null,"offset":"+02"}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01"},{"from":"2026-01-01T00:00:00","offset":"+02"}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01"},{"from":"2026-01-01T00:00:00Z","offset":"+19"}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01"},{"from":"2026-01-01T00:00:00Z","offset":"+02"},)"
      R"({"from":"2026-01-01T00:00:00Z","offset":"+01"}]}})",
      R"({"local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01:00"}]},"local_offset":"+01:00"})",
      R"({"local_offset":"+01:00","local_zone":{"name":"x","offsets":[{"from":null,"offset":"+01:00"}]}})",
  };
  for (const std::string& json : bad) {
    INFO(json);
    Settings settings;
    std::string why;
    CHECK(parse_settings(json, settings, why) == Error::bad_setting);
    CHECK_FALSE(why.empty());
  }
}

TEST_CASE("settings: an unknown key is refused by its name") {
  Settings settings;
  std::string why;
  CHECK(parse_settings(R"({"windw":"1h"})", settings, why) != Error::ok);
  CHECK(why.find("windw") != std::string::npos);
}

TEST_CASE("settings: what is not one JSON object is refused") {
  const std::vector<std::string> bad = {"",
                                        " ",
                                        "[]",
                                        "null",
                                        "\"1h\"",
                                        "{",
                                        "{}}",
                                        "{} {}",
                                        "{\"window\"}",
                                        "{\"window\":\"1h\",}",
                                        "{'window':'1h'}",
                                        "{\"window\":\"1h\"} x",
                                        "{\"as_of_now\":tru}",
                                        "\xff"};
  for (const std::string& json : bad) {
    INFO(json);
    Settings settings;
    std::string why;
    CHECK(parse_settings(json, settings, why) != Error::ok);
    CHECK_FALSE(why.empty());
  }
}
