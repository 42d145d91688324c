// Every timestamp text met in exports of the log, read to 100 ns without shifting: what names no instant is refused.
// The parser says what the text leaves open (day or month first, no offset) and never guesses: whoever knows the column decides.
#pragma once
#include <cstdint>
#include <string_view>

#include "time/ticks.h"

namespace csh {

enum class TimeProblem : uint8_t {
  none,
  empty,       // nothing but blanks
  form,        // not a timestamp in any known form, or text behind it
  impossible,  // a known form that names no instant: 31 April, hour 25, outside the years 0001 to 9999
};

struct ParsedTime {
  TimeProblem problem = TimeProblem::form;
  Ticks ticks = 0;            // valid when problem is none; UTC when has_offset, else the civil time as written
  bool has_offset = false;    // the text ends in Z or an offset, and it has been applied
  bool numeric_date = false;  // day and month are bare numbers before a year: the order is not in the digits
  bool month_first =
      false;  // of a numeric date: `ticks` read it month first (an upper-case AM/PM proves that form, or the second number is over 12)
  bool order_proven = false;  // of a numeric date: a number over 12, or the form proves it (see parse_time)
};

// Reads
//   ISO 8601 / RFC 3339: 2026-03-14T09:12:05.3234567Z; 't', ' ' or ", " for 'T'; 'z', ±hh:mm, ±hhmm, ±hh or nothing at the end; date alone
//     is midnight; '/' or '.' between a leading year and its parts; fraction behind '.' or ',' of any length, cut after seven digits, never rounded;
//   numeric dates as browsers print them in 36 locales: 5/29/2026, 10:26:20.038 PM; 14/03/2026 09:12; 14.3.2026 klo 9.12.05,123;
//     2026. 3. 14. PM 2:07:05.038; digits of Arabic scripts; blanks may be U+00A0, U+2009 or U+202F; am/pm in any case, before or behind;
//   Kibana's Mar 14, 2026 @ 09:12:05.123 and .NET's /Date(1773479525123)/. NaT is an empty time.
// The form proves the order of a numeric date where a browser wrote it, which prints a fraction: slashes with AM/PM in upper case are month
// first (en-US alone); dots, or a fraction without upper-case AM/PM, are day first. A numeric date without proof (a spreadsheet's 03/04/2026 09:12) is read
// day first and says so (order_proven false). Leading and trailing blanks are ignored.
// Sources: .NET and Kusto datetime text; Intl.DateTimeFormat output of 36 locales.
ParsedTime parse_time(std::string_view text);

// A number since 1970 as pandas writes it: seconds, milliseconds, microseconds or nanoseconds, told apart by size (a date after 1973 in any of
// them has its own range). nullopt when it is no whole number or names no instant.
std::optional<Ticks> ticks_from_epoch(std::string_view digits);

// The same civil day with day and month changed over, for a numeric date whose order was decided later. nullopt when the day is over 12.
std::optional<Ticks> swap_day_and_month(Ticks civil);

}  // namespace csh
