// Time: the calendar of years 0001 to 9999, instants and durations as text, and every timestamp text that exports hold.
// <chrono> is the second opinion on the calendar; what a text should mean stands beside it as the instant it names.
#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "time/parse.h"
#include "time/ticks.h"

using namespace csh;

namespace {

namespace chr = std::chrono;

constexpr chr::sys_days kFirstDay = chr::year{1} / 1 / 1;
constexpr int kDays = 3'652'059;  // 0001-01-01 to 9999-12-31

std::string instant(Ticks ticks) {
  std::string out;
  append_instant(out, ticks);
  return out;
}

std::string duration(Ticks ticks) {
  std::string out;
  append_duration(out, ticks);
  return out;
}

CivilTime civil(int year, int month, int day, int hour = 0, int minute = 0, int second = 0, int32_t fraction = 0) {
  CivilTime time;
  time.year = year;
  time.month = month;
  time.day = day;
  time.hour = hour;
  time.minute = minute;
  time.second = second;
  time.fraction = fraction;
  return time;
}

}  // namespace

TEST_CASE("ticks: known instants") {
  CHECK(ticks_from_civil(civil(1, 1, 1)) == Ticks{0});
  CHECK(ticks_from_civil(civil(1970, 1, 1)) == kUnixEpochTicks);
  CHECK(ticks_from_civil(civil(9999, 12, 31, 23, 59, 59, 9'999'999)) == kMaxTicks);
  CHECK(ticks_from_civil(civil(1, 1, 1, 0, 0, 0, 1)) == Ticks{1});
  CHECK(ticks_from_civil(civil(2000, 1, 1)) == Ticks{630'822'816'000'000'000});  // as .NET's DateTime(2000, 1, 1).Ticks
  CHECK(ticks_from_civil(civil(1601, 1, 1)) == Ticks{504'911'232'000'000'000});  // the epoch of Windows file times
  CHECK(ticks_from_civil(civil(2026, 3, 14, 9, 12, 5, 3'234'567)) == kUnixEpochTicks + Ticks{1'773'479'525} * kTicksPerSecond + 3'234'567);
}

TEST_CASE("ticks: every day of the calendar there and back") {
  int wrong = 0;
  // 97 is prime to the lengths of weeks, months' cycles and leap cycles; the days beside each new year and leap day come on top.
  std::vector<int> days;
  for (int day = 0; day < kDays; day += 97) days.push_back(day);
  for (int year = 1; year <= 9999; ++year) {
    const auto push = [&](chr::sys_days date) {
      const auto day = static_cast<int>((date - kFirstDay).count());
      for (int near = day - 1; near <= day + 1; ++near) {
        if (near >= 0 && near < kDays) days.push_back(near);
      }
    };
    push(chr::year{year} / 1 / 1);
    push(chr::sys_days{chr::year{year} / 2 / 28});
    push(chr::sys_days{chr::year{year} / 3 / 1});
  }
  for (const int day : days) {
    const chr::year_month_day date = kFirstDay + chr::days{day};
    const int year = static_cast<int>(date.year());
    const auto month = static_cast<int>(static_cast<unsigned>(date.month()));
    const auto of_month = static_cast<int>(static_cast<unsigned>(date.day()));
    const Ticks expected = day * kTicksPerDay + 23 * kTicksPerHour + 59 * kTicksPerMinute + 58 * kTicksPerSecond + 7;
    const std::optional<Ticks> there = ticks_from_civil(civil(year, month, of_month, 23, 59, 58, 7));
    if (there != expected) {
      ++wrong;
      CAPTURE(year, month, of_month);
      CHECK(there == expected);
    }
    const CivilTime back = civil_from_ticks(expected);
    if (back.year != year || back.month != month || back.day != of_month || back.hour != 23 || back.minute != 59 || back.second != 58 ||
        back.fraction != 7) {
      ++wrong;
      CAPTURE(year, month, of_month, back.year, back.month, back.day, back.hour, back.minute, back.second, back.fraction);
      CHECK(false);
    }
    if (wrong > 10) break;  // one broken rule makes thousands of broken days
  }
  CHECK(wrong == 0);
}

TEST_CASE("ticks: February has 29 days in leap years alone") {
  for (const int year : {4, 1600, 1904, 1996, 2000, 2024, 2400, 9996}) {
    INFO(year);
    CHECK(ticks_from_civil(civil(year, 2, 29)).has_value());
    CHECK_FALSE(ticks_from_civil(civil(year, 2, 30)).has_value());
  }
  for (const int year : {1, 100, 1700, 1800, 1900, 2023, 2026, 2100, 9999}) {
    INFO(year);
    CHECK(ticks_from_civil(civil(year, 2, 28)).has_value());
    CHECK_FALSE(ticks_from_civil(civil(year, 2, 29)).has_value());
  }
}

TEST_CASE("ticks: parts out of range are refused, never carried over") {
  const std::vector<CivilTime> bad = {
      civil(0, 1, 1),
      civil(10000, 1, 1),
      civil(-1, 1, 1),
      civil(2026, 0, 1),
      civil(2026, 13, 1),
      civil(2026, 1, 0),
      civil(2026, 1, 32),
      civil(2026, 4, 31),
      civil(2026, 6, 31),
      civil(2026, 9, 31),
      civil(2026, 11, 31),
      civil(2026, 3, 14, 24),
      civil(2026, 3, 14, -1),
      civil(2026, -3, 14),
      civil(2026, 3, -14),
      civil(2026, 3, 14, 9, 60),
      civil(2026, 3, 14, 9, -1),
      civil(2026, 3, 14, 9, 0, 60),
      civil(2026, 3, 14, 9, 0, -1),
      civil(2026, 3, 14, 9, 0, 0, 10'000'000),
      civil(2026, 3, 14, 9, 0, 0, -1),
  };
  for (const CivilTime& time : bad) {
    CAPTURE(time.year, time.month, time.day, time.hour, time.minute, time.second, time.fraction);
    CHECK_FALSE(ticks_from_civil(time).has_value());
  }
  for (const int month : {1, 3, 5, 7, 8, 10, 12}) CHECK(ticks_from_civil(civil(2026, month, 31)).has_value());
  for (const int month : {4, 6, 9, 11}) CHECK(ticks_from_civil(civil(2026, month, 30)).has_value());
}

TEST_CASE("ticks: the hour of a time is the multiple of an hour at or before it") {
  CHECK(hour_of(0) == 0);
  CHECK(hour_of(1) == 0);
  CHECK(hour_of(kTicksPerHour - 1) == 0);
  CHECK(hour_of(kTicksPerHour) == kTicksPerHour);
  CHECK(hour_of(kUnixEpochTicks - 1) == kUnixEpochTicks - kTicksPerHour);
  CHECK(hour_of(kUnixEpochTicks) == kUnixEpochTicks);
  CHECK(hour_of(kMaxTicks) == kMaxTicks - kTicksPerHour + 1);
}

TEST_CASE("ticks: instants as text have no trailing zeros and no fraction that is nothing") {
  CHECK(instant(0) == "0001-01-01T00:00:00Z");
  CHECK(instant(1) == "0001-01-01T00:00:00.0000001Z");
  CHECK(instant(kMaxTicks) == "9999-12-31T23:59:59.9999999Z");
  CHECK(instant(kUnixEpochTicks) == "1970-01-01T00:00:00Z");
  CHECK(instant(kUnixEpochTicks - 1) == "1969-12-31T23:59:59.9999999Z");
  const Ticks base = *ticks_from_civil(civil(2026, 3, 14, 9, 12, 5));
  CHECK(instant(base) == "2026-03-14T09:12:05Z");
  CHECK(instant(base + 3'234'567) == "2026-03-14T09:12:05.3234567Z");
  CHECK(instant(base + 3'000'000) == "2026-03-14T09:12:05.3Z");
  CHECK(instant(base + 3'200'000) == "2026-03-14T09:12:05.32Z");
  CHECK(instant(base + 30) == "2026-03-14T09:12:05.000003Z");
  CHECK(instant(base + 1'000'001) == "2026-03-14T09:12:05.1000001Z");

  std::string out = "at ";
  append_instant(out, base);
  CHECK(out == "at 2026-03-14T09:12:05Z");
}

TEST_CASE("ticks: durations as text") {
  CHECK(duration(0) == "0s");
  CHECK(duration(1) == "0.0000001s");
  CHECK(duration(kTicksPerSecond / 2) == "0.5s");
  CHECK(duration(kTicksPerSecond) == "1s");
  CHECK(duration(59 * kTicksPerSecond) == "59s");
  CHECK(duration(kTicksPerMinute) == "1m");
  CHECK(duration(45 * kTicksPerMinute) == "45m");
  CHECK(duration(45 * kTicksPerMinute + 10 * kTicksPerSecond + kTicksPerSecond / 2) == "45m10.5s");
  CHECK(duration(kTicksPerHour) == "1h");
  CHECK(duration(kTicksPerHour + 30 * kTicksPerMinute) == "1h30m");
  CHECK(duration(kTicksPerHour + 5 * kTicksPerSecond) == "1h5s");
  CHECK(duration(kTicksPerDay) == "1d");
  CHECK(duration(kTicksPerDay + 2 * kTicksPerHour) == "1d2h");
  CHECK(duration(25 * kTicksPerHour) == "1d1h");
  CHECK(duration(400 * kTicksPerDay + 1) == "400d0.0000001s");
}

TEST_CASE("ticks: durations are read as they are written") {
  const std::vector<Ticks> values = {0,
                                     1,
                                     12,
                                     kTicksPerSecond / 2,
                                     kTicksPerSecond,
                                     90 * kTicksPerSecond,
                                     kTicksPerHour,
                                     45 * kTicksPerMinute + 105'000'000,
                                     kTicksPerDay - 1,
                                     kTicksPerDay,
                                     kTicksPerDay + 1,
                                     36'500 * kTicksPerDay};
  for (const Ticks value : values) {
    INFO(duration(value));
    CHECK(parse_duration(duration(value)) == value);
  }
  CHECK(parse_duration("1d2h3m4.5s") == kTicksPerDay + 2 * kTicksPerHour + 3 * kTicksPerMinute + 45'000'000);
  CHECK(parse_duration("90m") == 90 * kTicksPerMinute);
  CHECK(parse_duration("24h") == kTicksPerDay);
}

TEST_CASE("ticks: what is no duration is refused") {
  const std::vector<std::string> bad = {"",
                                        "1",
                                        "h",
                                        "1 h",
                                        " 1h",
                                        "1h ",
                                        "-1h",
                                        "+1h",
                                        "1h1h",
                                        "1m1h",
                                        "1x",
                                        "1hh",
                                        "1.5.5s",
                                        "1.s",
                                        ".5s",
                                        "1s1s",
                                        "PT1H",
                                        "01:00",
                                        "1,5s",
                                        "1e3s",
                                        "0x1s",
                                        "one hour",
                                        "99999999999999999999d",
                                        "99999999999d",
                                        "1h1d",
                                        "nan",
                                        "1h-5m"};
  for (const std::string& text : bad) {
    INFO("'" << text << "'");
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

// --- texts ---

namespace {

// What a text says, in one line: the instant, and behind it what the text leaves open.
std::string reading(std::string_view text) {
  const ParsedTime parsed = parse_time(text);
  switch (parsed.problem) {
    case TimeProblem::empty: return "empty";
    case TimeProblem::form: return "form";
    case TimeProblem::impossible: return "impossible";
    case TimeProblem::none: break;
  }
  std::string out = instant(parsed.ticks);
  if (!parsed.has_offset) {
    out.pop_back();
    out += " no offset";
  }
  if (parsed.numeric_date) {
    out += parsed.month_first ? ", month first" : ", day first";
    out += parsed.order_proven ? ", proven" : ", open";
  }
  return out;
}

struct Text {
  std::string_view text, means;
};

void check(const std::vector<Text>& table) {
  for (const Text& line : table) {
    INFO("'" << line.text << "'");
    CHECK(reading(line.text) == line.means);
  }
}

}  // namespace

TEST_CASE("time texts: ISO 8601 and RFC 3339") {
  check({
      {"2026-03-14T09:12:05Z", "2026-03-14T09:12:05Z"},
      {"2026-03-14t09:12:05z", "2026-03-14T09:12:05Z"},
      {"2026-03-14 09:12:05Z", "2026-03-14T09:12:05Z"},
      {"2026-03-14 09:12:05z", "2026-03-14T09:12:05Z"},
      {"2026-03-14, 09:12:05Z", "2026-03-14T09:12:05Z"},
      {"2026-03-14T09:12:05", "2026-03-14T09:12:05 no offset"},
      {"2026-03-14T09:12Z", "2026-03-14T09:12:00Z"},
      {"2026-03-14 09:12", "2026-03-14T09:12:00 no offset"},
      {"2026-03-14", "2026-03-14T00:00:00 no offset"},
      {"2026/03/14 09:12:05", "2026-03-14T09:12:05 no offset"},
      {"2026.03.14 09:12:05", "2026-03-14T09:12:05 no offset"},
      {"  2026-03-14T09:12:05Z\t", "2026-03-14T09:12:05Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"},
      {"1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.9999999Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
  });
}

TEST_CASE("time texts: the form of nearly every export is read by its places as any other is by its parts") {
  // A blank before it sends a text the longer way.
  const auto same_both_ways = [](const std::string& text) {
    CAPTURE(text);
    const ParsedTime by_place = parse_time(text), by_part = parse_time(' ' + text);
    CHECK(by_place.problem == by_part.problem);
    CHECK(by_place.ticks == by_part.ticks);
    CHECK(by_place.has_offset == by_part.has_offset);
    CHECK(by_place.numeric_date == by_part.numeric_date);
    CHECK(by_place.month_first == by_part.month_first);
    CHECK(by_place.order_proven == by_part.order_proven);
  };
  const std::string whole = "2026-03-14T09:12:05.3234567Z";
  CHECK(instant(parse_time(whole).ticks) == whole);
  for (size_t digits = 0; digits <= 9; ++digits) same_both_ways("2026-03-14T09:12:05." + std::string("323456789").substr(0, digits) + "Z");
  // Every byte of it replaced, left out or doubled.
  for (const std::string& text : {whole, std::string("2026-03-14T09:12:05Z")}) {
    for (size_t at = 0; at < text.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string other = text;
        other[at] = static_cast<char>(byte);
        same_both_ways(other);
      }
      same_both_ways(text.substr(0, at) + text.substr(at + 1));
      same_both_ways(text.substr(0, at) + text[at] + text.substr(at));
    }
  }
  for (const char* text : {"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-02-29T00:00:00Z",
                           "2024-02-29T00:00:00Z", "2026-03-14T24:00:00Z", "2026-03-14T23:60:00Z", "2026-03-14T23:59:60Z"})
    same_both_ways(text);
}

TEST_CASE("time texts: fractions are cut after seven digits, never rounded") {
  check({
      {"2026-03-14T09:59:59.9Z", "2026-03-14T09:59:59.9Z"},
      {"2026-03-14T09:59:59.99Z", "2026-03-14T09:59:59.99Z"},
      {"2026-03-14T09:59:59.999Z", "2026-03-14T09:59:59.999Z"},
      {"2026-03-14T09:59:59.9999Z", "2026-03-14T09:59:59.9999Z"},
      {"2026-03-14T09:59:59.99999Z", "2026-03-14T09:59:59.99999Z"},
      {"2026-03-14T09:59:59.999999Z", "2026-03-14T09:59:59.999999Z"},
      {"2026-03-14T09:59:59.9999999Z", "2026-03-14T09:59:59.9999999Z"},
      {"2026-03-14T09:59:59.99999999Z", "2026-03-14T09:59:59.9999999Z"},
      {"2026-03-14T09:59:59.999999999Z", "2026-03-14T09:59:59.9999999Z"},
      {"2026-03-14T09:59:59.999999999999999999999999999999Z", "2026-03-14T09:59:59.9999999Z"},
      {"2026-03-14T09:12:05.00000009Z", "2026-03-14T09:12:05Z"},
      {"2026-03-14T09:12:05.0000001Z", "2026-03-14T09:12:05.0000001Z"},
      {"2026-03-14T09:12:05.3200000Z", "2026-03-14T09:12:05.32Z"},
      {"2026-03-14T09:12:05,323Z", "2026-03-14T09:12:05.323Z"},
      {"2026-03-14 09:12:05.123456+00:00", "2026-03-14T09:12:05.123456Z"},
  });
}

TEST_CASE("time texts: offsets are applied, over midnight and new year too") {
  check({
      {"2026-03-14T09:12:05+00:00", "2026-03-14T09:12:05Z"},
      {"2026-03-14T09:12:05-00:00", "2026-03-14T09:12:05Z"},
      {"2026-03-14T09:12:05+02:00", "2026-03-14T07:12:05Z"},
      {"2026-03-14T09:12:05.5+05:30", "2026-03-14T03:42:05.5Z"},
      {"2026-03-14T09:12:05-08:00", "2026-03-14T17:12:05Z"},
      {"2026-03-14T09:12:05+0530", "2026-03-14T03:42:05Z"},
      {"2026-03-14T09:12:05-03", "2026-03-14T12:12:05Z"},
      {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"},
      {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"},
      {"2024-03-01T05:00:00+05:45", "2024-02-29T23:15:00Z"},
      {"0001-01-01T00:30:00+01:00", "impossible"},
      {"9999-12-31T23:30:00-01:00", "impossible"},
  });
}

TEST_CASE("time texts: en-US as the portal writes it") {
  check({
      {"5/29/2026, 10:26:20.038 PM", "2026-05-29T22:26:20.038 no offset, month first, proven"},
      {"5/29/2026, 10:26:20.038\u202fPM", "2026-05-29T22:26:20.038 no offset, month first, proven"},
      {"5/29/2026, 10:26:20.038\u00a0PM", "2026-05-29T22:26:20.038 no offset, month first, proven"},
      {"5/29/2026,\u2009"
       "10:26:20.038\u2009PM",
       "2026-05-29T22:26:20.038 no offset, month first, proven"},
      {"5/29/2026, 10:26:20.038 AM", "2026-05-29T10:26:20.038 no offset, month first, proven"},
      {"3/4/2026, 1:02:03.000 AM", "2026-03-04T01:02:03 no offset, month first, proven"},  // the capitals prove it
      {"3/4/2026, 12:00:00.000 AM", "2026-03-04T00:00:00 no offset, month first, proven"},
      {"3/4/2026, 12:59:59.999 AM", "2026-03-04T00:59:59.999 no offset, month first, proven"},
      {"3/4/2026, 12:00:00.000 PM", "2026-03-04T12:00:00 no offset, month first, proven"},
      {"3/4/2026, 12:59:59.999 PM", "2026-03-04T12:59:59.999 no offset, month first, proven"},
      {"3/4/2026, 11:59:59.999 PM", "2026-03-04T23:59:59.999 no offset, month first, proven"},
      {"12/31/2026, 1:00:00.000 PM", "2026-12-31T13:00:00 no offset, month first, proven"},
  });
}

TEST_CASE("time texts: day first as browsers write it, proven by a number or by the form") {
  check({
      {"26/02/2025, 11:58:34.221", "2025-02-26T11:58:34.221 no offset, day first, proven"},
      {"09/04/2024, 11:26:37.286", "2024-04-09T11:26:37.286 no offset, day first, proven"},
      {"09/04/2024, 11:26:37.286 am", "2024-04-09T11:26:37.286 no offset, day first, proven"},
      {"09/04/2024, 11:26:37.286 pm", "2024-04-09T23:26:37.286 no offset, day first, proven"},
      {"09/04/2024, 12:26:37.286 am", "2024-04-09T00:26:37.286 no offset, day first, proven"},
      {"29/05/2026, 10:26:20 p.m.", "2026-05-29T22:26:20 no offset, day first, proven"},
      {"14/03/2026 09:12", "2026-03-14T09:12:00 no offset, day first, proven"},
      {"14.3.2026, 09:12:05,123", "2026-03-14T09:12:05.123 no offset, day first, proven"},
      {"4.3.2026 09:12", "2026-03-04T09:12:00 no offset, day first, proven"},
      {"13/12/2026 09:12", "2026-12-13T09:12:00 no offset, day first, proven"},
  });
}

TEST_CASE("time texts: numeric dates that prove nothing are read day first and say so") {
  check({
      {"09/04/2024 11:26", "2024-04-09T11:26:00 no offset, day first, open"},
      {"09/04/2024, 11:26:37", "2024-04-09T11:26:37 no offset, day first, open"},
      {"09/04/2024 11:26:37 pm", "2024-04-09T23:26:37 no offset, day first, open"},
      {"12/12/2026 09:12", "2026-12-12T09:12:00 no offset, day first, open"},
      {"1/1/2026 00:00", "2026-01-01T00:00:00 no offset, day first, open"},
      {"3/14/2026 09:12", "2026-03-14T09:12:00 no offset, month first, proven"},
      {"12/13/2026 09:12", "2026-12-13T09:12:00 no offset, month first, proven"},
  });
}

TEST_CASE("time texts: dates and times that do not exist are refused, never moved") {
  check({
      {"2026-02-29T00:00:00Z", "impossible"}, {"1900-02-29T00:00:00Z", "impossible"}, {"2026-02-30T00:00:00Z", "impossible"},
      {"2026-04-31T00:00:00Z", "impossible"}, {"2026-13-01T00:00:00Z", "impossible"}, {"2026-00-10T00:00:00Z", "impossible"},
      {"2026-01-00T00:00:00Z", "impossible"}, {"2026-01-32T00:00:00Z", "impossible"}, {"0000-01-01T00:00:00Z", "impossible"},
      {"2026-03-14T24:00:00Z", "impossible"}, {"2026-03-14T25:00:00Z", "impossible"}, {"2026-03-14T09:60:00Z", "impossible"},
      {"2026-03-14T09:00:60Z", "impossible"}, {"31/04/2026, 10:00:00", "impossible"}, {"2/30/2026, 10:00:00.000 PM", "impossible"},
      {"13/13/2026, 10:00:00", "impossible"}, {"0/5/2026, 10:00:00", "impossible"},   {"5/29/2026, 13:00:00.000 PM", "impossible"},
      {"29/02/2025, 10:00:00", "impossible"},
  });
}

TEST_CASE("time texts: what is no time, or has something behind it, is refused") {
  const std::vector<std::string_view> texts = {
      "2026-03-14T09:12:05Zx",
      "2026-03-14T09:12:05Z Z",
      "2026-03-14T09:12:05Z2",
      "2026-03-14T09:12:05+02:00:00x",
      "2026-03-14T09:12:05.Z",
      "2026-03-14T09:12:05.12a4Z",
      "2026-03-14T09:12:05 UTC+1",
      "2026-03-14T",
      "2026-03-14T09",
      "2026-03-14T09:",
      "2026-03",
      "2026",
      "20260314T091205Z",
      "x2026-03-14T09:12:05Z",
      "2026-03-14T09:12:05++02:00",
      "2026-03-14T-9:12:05Z",
      "2026-+3-14T09:12:05Z",
      "12026-03-14T09:12:05Z",
      "026-03-14T09:12:05Z",
      "5/29/26, 10:26:20.038 PM",
      "5/29/2026, 10:26:20.038 XM",
      "5/29/2026, 10:26:20.038 PMx",
      "5/29/2026, 10:26:20.038 PM PM",
      "5//2026, 10:26:20",
      "null",
      "yesterday",
      "09:12:05",
      "-1",
      "1773479525123",
      "2026-03-14T09:12:05Z\n2026-03-14T09:12:05Z",
      "\uff12\uff10\uff12\uff16-03-14T09:12:05Z",
      std::string_view("2026-03-14T09:12:05Z\0", 21),
      std::string_view("2026-03-14T\0", 12),
  };
  for (const std::string_view text : texts) {
    INFO("'" << text << "'");
    CHECK(reading(text) == "form");
  }
  check({{"", "empty"}, {" ", "empty"}, {"\t \u00a0", "empty"}});
}

TEST_CASE("time texts: no prefix of a time reads past its end or as a later instant") {
  for (const std::string& whole : {std::string("2026-03-14T09:12:05.3234567+05:30"), std::string("5/29/2026, 10:26:20.038\u202fPM")}) {
    for (size_t length = 0; length <= whole.size(); ++length) {
      // A copy of its own, so that a sanitizer sees a read behind it.
      const std::string prefix = whole.substr(0, length);
      const ParsedTime parsed = parse_time(std::string_view(prefix.data(), prefix.size()));
      INFO("'" << prefix << "'");
      if (parsed.problem == TimeProblem::none) CHECK((parsed.ticks >= 0 && parsed.ticks <= kMaxTicks));
    }
    CHECK(parse_time(whole).problem == TimeProblem::none);
  }
}

TEST_CASE("time texts: day and month change places where both can") {
  const auto day = [](int month, int of_month) { return *ticks_from_civil(civil(2026, month, of_month, 9, 12, 5, 7)); };
  CHECK(swap_day_and_month(day(5, 3)) == day(3, 5));
  CHECK(swap_day_and_month(day(1, 12)) == day(12, 1));
  CHECK(swap_day_and_month(day(7, 7)) == day(7, 7));
  CHECK_FALSE(swap_day_and_month(day(5, 13)).has_value());
  CHECK_FALSE(swap_day_and_month(day(12, 31)).has_value());
}
