// The one unit of time inside the core: ticks of 100 ns since 0001-01-01T00:00:00Z, as Kusto's datetime has them, in a signed 64-bit number.
// Years 0001 to 9999 are representable; everything else is refused by the parser, never wrapped or shifted.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csh {

using Ticks = int64_t;

inline constexpr Ticks kTicksPerSecond = 10'000'000;
inline constexpr Ticks kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr Ticks kTicksPerHour = 60 * kTicksPerMinute;
inline constexpr Ticks kTicksPerDay = 24 * kTicksPerHour;
inline constexpr Ticks kMaxTicks = 3'155'378'975'999'999'999;      // 9999-12-31T23:59:59.9999999Z
inline constexpr Ticks kUnixEpochTicks = 621'355'968'000'000'000;  // 1970-01-01T00:00:00Z

// What an event without a readable time holds in the time column. Only the store knows it; its readers get an optional.
inline constexpr Ticks kNoTime = INT64_MIN;

// KQL: bin(t, 1h): the multiple of one hour at or before t, counted from tick 0. `time` must be in 0..kMaxTicks.
constexpr Ticks hour_of(Ticks time) { return time - time % kTicksPerHour; }

struct CivilTime {
  int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int32_t fraction = 0;  // ticks, 0..9'999'999
};

// nullopt when a part is out of range for the proleptic Gregorian calendar (31 April, hour 24, year 0).
std::optional<Ticks> ticks_from_civil(const CivilTime& civil);
CivilTime civil_from_ticks(Ticks time);

// "2026-03-14T09:12:05.3234567Z": RFC 3339, UTC, up to seven fraction digits, no trailing zeros. Appends.
// What lies beyond the year 9999 prints as its last tick.
void append_instant(std::string& out, Ticks time);

// "1d", "1h", "45m10.5s", "0s": units d h m s, largest first. The parser takes the same grammar, each unit at most once, and refuses the rest.
void append_duration(std::string& out, Ticks duration);
std::optional<Ticks> parse_duration(std::string_view text);

}  // namespace csh
