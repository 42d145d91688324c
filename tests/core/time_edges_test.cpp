// Times at the edges of their forms: the first and last instant that each can name, one step beyond, and texts that break off or go on where the
// form ends. What each names was worked out by hand.
#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "time/parse.h"
#include "time/ticks.h"
#include "time/zone.h"

using namespace csh;

namespace {

std::string instant(Ticks ticks) {
  std::string out;
  append_instant(out, ticks);
  return out;
}

// The instant, or the word for what is wrong.
std::string read(const std::string& text) {
  const ParsedTime parsed = parse_time(text);
  switch (parsed.problem) {
    case TimeProblem::none: return instant(parsed.ticks);
    case TimeProblem::empty: return "empty";
    case TimeProblem::form: return "form";
    case TimeProblem::impossible: return "impossible";
  }
  return "";
}

std::string number(std::string_view digits) {
  const std::optional<Ticks> ticks = ticks_from_epoch(digits);
  return ticks ? instant(*ticks) : "none";
}

std::string times(const char* text, int count) {
  std::string out;
  for (; count > 0; --count) out += text;
  return out;
}

}  // namespace

TEST_CASE("time edges: .NET's milliseconds from the first year to the last") {
  CHECK(read("/Date(-62135596800000)/") == "0001-01-01T00:00:00Z");
  CHECK(read("/Date(-62135596800001)/") == "impossible");
  CHECK(read("/Date(-1)/") == "1969-12-31T23:59:59.999Z");
  CHECK(read("/Date(0)/") == "1970-01-01T00:00:00Z");
  CHECK(read("/Date(253402300799999)/") == "9999-12-31T23:59:59.999Z");
  CHECK(read("/Date(253402300800000)/") == "impossible");
  CHECK(read("/Date(999999999999999)/") == "impossible");
  CHECK(read("/Date(1000000000000000)/") == "impossible");
  CHECK(read("/Date(1773479525123+0530)/") == "2026-03-14T09:12:05.123Z");
  CHECK(read("/Date(1773479525123-0800)/") == "2026-03-14T09:12:05.123Z");
  CHECK(read("/Date(-)/") == "impossible");
  CHECK(read("/Date(12x)/") == "impossible");
  CHECK(read("/Date()/") == "form");
  CHECK(read("/Date(1") == "form");
  CHECK(read("/Date(1)") == "form");
  CHECK(read("/Date(1)/x") == "form");
}

TEST_CASE("time edges: an instant behind the calendar is written as its last") {
  CHECK(instant(kMaxTicks + 1) == instant(kMaxTicks));
  CHECK(instant(kMaxTicks) == "9999-12-31T23:59:59.9999999Z");
}

TEST_CASE("time edges: numbers since 1970, each unit in its own range") {
  CHECK(number("0") == "1970-01-01T00:00:00Z");
  CHECK(number("-1") == "1969-12-31T23:59:59Z");
  CHECK(number("-62135596800") == "0001-01-01T00:00:00Z");
  CHECK(number("-62135596801") == "none");
  CHECK(number("99999999999") == "5138-11-16T09:46:39Z");         // the last second
  CHECK(number("100000000000") == "1973-03-03T09:46:40Z");        // the first millisecond
  CHECK(number("99999999999999") == "5138-11-16T09:46:39.999Z");  // the last millisecond
  CHECK(number("100000000000000") == "1973-03-03T09:46:40Z");     // the first microsecond
  CHECK(number("99999999999999999") == "5138-11-16T09:46:39.999999Z");
  CHECK(number("100000000000000000") == "1973-03-03T09:46:40Z");  // the first nanosecond
  CHECK(number("9223372036854775807") == "2262-04-11T23:47:16.8547758Z");
  CHECK(number("9223372036854775808") == "none");
  CHECK(number("10000000000000000000") == "none");
  CHECK(number("-100000000000") == "1966-10-31T14:13:20Z");
  CHECK(number("1773479525123.0") == "2026-03-14T09:12:05.123Z");
  CHECK(number("1773479525123.000") == "2026-03-14T09:12:05.123Z");
  CHECK(number("1773479525123.5") == "none");
  CHECK(number("1773479525.") == "2026-03-14T09:12:05Z");
  for (const char* text : {"", "-", ".", ".0", "12x", "1 2", "+1", "1e3", "0x10"}) CHECK(number(text) == "none");
}

TEST_CASE("time edges: digits and blanks beyond ASCII, as long as any time may be") {
  const std::string iso = "2026-03-14T09:12:05Z";
  CHECK(read("٢٠٢٦-٠٣-١٤") == "2026-03-14T00:00:00Z");
  CHECK(read("۲۰۲۶-۰۳-۱۹") == "2026-03-19T00:00:00Z");
  CHECK(read("٠٩.٠٣.٢٠٢٦") == "2026-03-09T00:00:00Z");
  // 96 characters are read, whatever stands last.
  CHECK(read(times("\xC2\xA0", 76) + iso) == "2026-03-14T09:12:05Z");
  CHECK(read(times("\xC2\xA0", 77) + iso) == "form");
  CHECK(read(iso + times("\xC2\xA0", 76)) == "2026-03-14T09:12:05Z");
  CHECK(read(iso + times("\xC2\xA0", 77)) == "form");
  CHECK(read(times("\xC2\xA0", 86) + "٢٠٢٦-٠٣-١٤") == "2026-03-14T00:00:00Z");
  CHECK(read(times("\xC2\xA0", 87) + "٢٠٢٦-٠٣-١٤") == "form");
  // What is ASCII is read where it stands, however long.
  CHECK(read(times(" ", 200) + iso + times("\t", 200)) == "2026-03-14T09:12:05Z");
  // Marks of direction take no room.
  CHECK(read(times("\xE2\x80\x8E", 200) + iso) == "2026-03-14T09:12:05Z");
  for (const char* behind : {"\xD9", "\xDB", "\xD9\xAA", "\xD9\x9F", "\xDB\xAF", "\xDB\xBA", "\xC3\xA9", "\x80", "\xFF"}) {
    INFO(static_cast<int>(static_cast<unsigned char>(behind[0])));
    CHECK(read("2026-03-14" + std::string(behind)) == "form");
    CHECK(read(behind + iso) == "form");
  }
}

TEST_CASE("time edges: what may follow a date") {
  CHECK(read("2026-03-14Z") == "2026-03-14T00:00:00Z");
  CHECK(read("2026-03-14z") == "2026-03-14T00:00:00Z");
  CHECK(read("2026-03-14+01:00") == "2026-03-13T23:00:00Z");
  CHECK(read("2026-03-14 ") == "2026-03-14T00:00:00Z");
  for (const char* text :
       {"2026-03-14x", "2026-03-14T", "2026-03-14t", "2026-03-14TZ", "2026-03-14T9", "2026-03-14 9h12", "2026-03-14 09:1",
        "2026-03-14 09:12:5", "2026-03-14 09:12:05.", "2026-03-14 09:12:05,Z", "2026-03-14 09:12.05.1.1", "2026-03-14 09:12:05Z.",
        "2026-03-14 09 h 12 min 05,123", "2026-03-14 009:12", "2026-03-1409:12", "14.3.202609:12", "2026-03-14-01:00"}) {
    INFO(text);
    CHECK(read(text) == "form");
  }
  CHECK(read("2026-03-14 09 h 12 min 05,123 s") == "2026-03-14T09:12:05.123Z");
  CHECK(read("2026-03-14 09 h 12") == "2026-03-14T09:12:00Z");
  CHECK(read("2026-03-14 09 h 12 min 05 s") == "2026-03-14T09:12:05Z");
  CHECK(read("14.3.2026 klo 9.12.05,123") == "2026-03-14T09:12:05.123Z");
  CHECK(read("14.3.2026 klo9.12") == "2026-03-14T09:12:00Z");
  CHECK(read("14.3.2026 klo pm 9.12") == "2026-03-14T21:12:00Z");
  for (const char* text : {"", " ", "\t ", "NaT"}) CHECK(read(text) == "empty");
  for (const char* text : {"NaT ", "nat", "NaTs"}) CHECK(read(text) == "form");
}

TEST_CASE("time edges: the places of the usual form hold digits, and stand in the text") {
  // Characters beside the digits, which would add up to the first of January of the year 1.
  CHECK(read("/:/;-/;-/;T/::/::/:Z") == "form");
  // Bytes around the text say nothing.
  CHECK(parse_time(std::string_view("Z2026-03-14T09:12:05Z").substr(1, 0)).problem == TimeProblem::empty);
  CHECK(parse_time(std::string_view("2026-03-14T09:12:05Z").substr(0, 18)).problem == TimeProblem::form);
}

TEST_CASE("time edges: months by name") {
  CHECK(read("Mar 14, 2026 @ 09:12:05.123") == "2026-03-14T09:12:05.123Z");
  CHECK(read("Dec 31,9999@ 23:59:59.9999999") == "9999-12-31T23:59:59.9999999Z");
  for (const char* text : {"Mar , 2026", "Mar 14 2026", "Mar 14, 26", "Mar x, 2026", "mar 14, 2026", "Marc 14, 2026", "Mar"}) {
    INFO(text);
    CHECK(read(text) == "form");
  }
  CHECK(read("Feb 30, 2026") == "impossible");
}

TEST_CASE("time edges: halves of the day") {
  CHECK(read("5/29/2026, 12:00:00.000 AM") == "2026-05-29T00:00:00Z");
  CHECK(read("5/29/2026, 12:59:59.999 PM") == "2026-05-29T12:59:59.999Z");
  CHECK(read("5/29/2026, 1:00:00.000 PM") == "2026-05-29T13:00:00Z");
  CHECK(read("5/29/2026, 0:26:20.038 PM") == "impossible");
  CHECK(read("5/29/2026, 13:26:20.038 AM") == "impossible");
  CHECK(read("29/5/2026 10:26 p. m.") == "2026-05-29T22:26:00Z");
  CHECK(read("29/5/2026 10:26 a.m.") == "2026-05-29T10:26:00Z");
  for (const char* text : {"5/29/2026 10:26 A", "5/29/2026 10:26 AX", "5/29/2026 10:26 XM", "5/29/2026 10:26 AM PM"})
    CHECK(read(text) == "form");
  // The order is proven by upper-case letters behind a fraction between slashes, and by nothing less.
  const auto order = [](const char* text) {
    const ParsedTime parsed = parse_time(text);
    return std::string(parsed.month_first ? "month" : "day") + (parsed.order_proven ? " proven" : " open");
  };
  CHECK(order("5/6/2026, 10:26:20.038 PM") == "month proven");
  CHECK(order("5/6/2026, 10:26:20.038 pm") == "day proven");
  CHECK(order("5/6/2026, 10:26:20.038 Pm") == "day proven");
  CHECK(order("5/6/2026, 10:26:20.038 pM") == "day proven");
  CHECK(order("5/6/2026, 10:26:20.038") == "day proven");
  CHECK(order("5/6/2026, 10:26:20 PM") == "day open");
  CHECK(order("5/6/2026 10:26") == "day open");
  CHECK(order("5.6.2026 10:26") == "day proven");
  CHECK(order("5/13/2026 10:26") == "month proven");
  CHECK(order("13/5/2026 10:26") == "day proven");
  CHECK(order("12/12/2026 10:26") == "day open");
}

TEST_CASE("time edges: offsets, and where they leave the calendar") {
  CHECK(read("2026-03-14T09:12:05+18:59") == "2026-03-13T14:13:05Z");
  CHECK(read("2026-03-14T09:12:05-0530") == "2026-03-14T14:42:05Z");
  CHECK(read("2026-03-14T09:12:05 -05") == "2026-03-14T14:12:05Z");
  CHECK(read("2026-03-14T09:12:05+19:00") == "impossible");
  CHECK(read("2026-03-14T09:12:05+05:60") == "impossible");
  for (const char* text : {"2026-03-14T09:12:05+", "2026-03-14T09:12:05+5", "2026-03-14T09:12:05+05:", "2026-03-14T09:12:05+05:3",
                           "2026-03-14T09:12:05+05:300", "2026-03-14T09:12:05*05:30", "2026-03-14T09:12:05Z+01"}) {
    INFO(text);
    CHECK(read(text) == "form");
  }
  CHECK(read("0001-01-01T00:01:00+00:01") == "0001-01-01T00:00:00Z");
  CHECK(read("0001-01-01T00:00:59.9999999+00:01") == "impossible");
  CHECK(read("9999-12-31T23:58:59.9999999-00:01") == "9999-12-31T23:59:59.9999999Z");
  CHECK(read("9999-12-31T23:59:00-00:01") == "impossible");
}

TEST_CASE("time edges: a zone's offset as text") {
  CHECK(parse_offset("Z") == 0);
  CHECK(parse_offset("z") == 0);
  CHECK(parse_offset("+05") == 5 * 3600);
  CHECK(parse_offset("-0530") == -(5 * 3600 + 1800));
  CHECK(parse_offset("-00:44:30") == -(44 * 60 + 30));
  CHECK(parse_offset("+004430") == 44 * 60 + 30);
  CHECK(parse_offset("+18:00") == kMaxOffsetSeconds);
  for (const char* text : {"", "Y", "+", "+5", "05:30", "+05;30", "+05:3x", "+05:3", "+0:530", "+05:60", "+05:00:60", "+18:00:01", "+19:00",
                           "+05::30", "+05300", "*05:30"}) {
    INFO(text);
    CHECK_FALSE(parse_offset(text).has_value());
  }
}

TEST_CASE("time edges: durations up to the calendar's length") {
  CHECK(parse_duration("3652059d") == Ticks{3'652'059} * kTicksPerDay);
  CHECK(parse_duration("1.5s") == kTicksPerSecond * 3 / 2);
  CHECK(parse_duration("0.0000001s") == 1);
  for (const char* text : {"", "d", "1", "1.5", "1.s", ".5s", "1.5d", "1.5h", "1.5m", "1h1d", "1h1h", "1x", "3652060d", "3652059d1s",
                           "3652059d0.1s", "87649417h", "0.00000001s", "1 h", "-1h"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}
