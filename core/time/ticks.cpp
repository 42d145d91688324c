#include "time/ticks.h"

#include <charconv>

namespace csh {
namespace {

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int kDaysBeforeMonth[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

constexpr int days_in_month(int year, int month) {
  return kDaysBeforeMonth[month] - kDaysBeforeMonth[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Days from 0001-01-01 to the first of January of `year`.
constexpr int64_t days_before_year(int64_t year) {
  const int64_t y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}

void append_padded(std::string& out, int64_t value, int width) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (int i = static_cast<int>(end - digits); i < width; ++i) out += '0';
  out.append(digits, end);
}

// ".5", ".0000001" or nothing.
void append_fraction(std::string& out, int64_t ticks) {
  if (ticks == 0) return;
  char digits[8];
  for (int i = 6; i >= 0; --i, ticks /= 10) digits[i] = static_cast<char>('0' + ticks % 10);
  size_t length = 7;
  while (digits[length - 1] == '0') --length;
  out += '.';
  out.append(digits, length);
}

}  // namespace

std::optional<Ticks> ticks_from_civil(const CivilTime& c) {
  if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month))
    return std::nullopt;
  if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 59) return std::nullopt;
  if (c.fraction < 0 || c.fraction >= kTicksPerSecond) return std::nullopt;
  const int64_t days = days_before_year(c.year) + kDaysBeforeMonth[c.month - 1] + (c.month > 2 && is_leap(c.year) ? 1 : 0) + c.day - 1;
  return days * kTicksPerDay + c.hour * kTicksPerHour + c.minute * kTicksPerMinute + c.second * kTicksPerSecond + c.fraction;
}

CivilTime civil_from_ticks(Ticks time) {
  CivilTime c;
  int64_t days = time / kTicksPerDay;
  int64_t rest = time % kTicksPerDay;
  c.year = static_cast<int>(days * 400 / 146'097) + 1;
  while (days_before_year(c.year) > days) --c.year;
  while (days_before_year(c.year + 1) <= days) ++c.year;
  days -= days_before_year(c.year);
  c.month = 1;
  while (days >= days_in_month(c.year, c.month)) days -= days_in_month(c.year, c.month++);
  c.day = static_cast<int>(days) + 1;
  c.hour = static_cast<int>(rest / kTicksPerHour);
  rest %= kTicksPerHour;
  c.minute = static_cast<int>(rest / kTicksPerMinute);
  rest %= kTicksPerMinute;
  c.second = static_cast<int>(rest / kTicksPerSecond);
  c.fraction = static_cast<int32_t>(rest % kTicksPerSecond);
  return c;
}

void append_instant(std::string& out, Ticks time) {
  if (time > kMaxTicks) time = kMaxTicks;  // the end of a session that starts in the calendar's last hour
  const CivilTime c = civil_from_ticks(time);
  append_padded(out, c.year, 4);
  out += '-';
  append_padded(out, c.month, 2);
  out += '-';
  append_padded(out, c.day, 2);
  out += 'T';
  append_padded(out, c.hour, 2);
  out += ':';
  append_padded(out, c.minute, 2);
  out += ':';
  append_padded(out, c.second, 2);
  append_fraction(out, c.fraction);
  out += 'Z';
}

void append_duration(std::string& out, Ticks duration) {
  const size_t before = out.size();
  const auto unit = [&](Ticks size, char name) {
    if (duration < size) return;
    append_padded(out, duration / size, 1);
    out += name;
    duration %= size;
  };
  unit(kTicksPerDay, 'd');
  unit(kTicksPerHour, 'h');
  unit(kTicksPerMinute, 'm');
  if (duration > 0 || out.size() == before) {
    append_padded(out, duration / kTicksPerSecond, 1);
    append_fraction(out, duration % kTicksPerSecond);
    out += 's';
  }
}

std::optional<Ticks> parse_duration(std::string_view text) {
  // No look-back or window in use comes near this, and ten thousand years of ticks still fit the type.
  constexpr int64_t kMaxDays = 3'652'059;
  if (text.empty()) return std::nullopt;
  Ticks total = 0;
  size_t at = 0;
  int last_unit = -1;
  while (at < text.size()) {
    int64_t whole = 0;
    const size_t digits = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      whole = whole * 10 + (text[at] - '0');
      if (whole > kMaxDays * 86'400) return std::nullopt;
    }
    if (at == digits) return std::nullopt;
    Ticks fraction = 0;
    bool has_fraction = false;
    if (at < text.size() && text[at] == '.') {
      has_fraction = true;
      Ticks place = kTicksPerSecond / 10;
      const size_t first = ++at;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, place /= 10) {
        if (place == 0) return std::nullopt;
        fraction += place * (text[at] - '0');
      }
      if (at == first) return std::nullopt;
    }
    if (at == text.size()) return std::nullopt;
    constexpr std::string_view kUnits = "dhms";
    constexpr Ticks kSizes[] = {kTicksPerDay, kTicksPerHour, kTicksPerMinute, kTicksPerSecond};
    const size_t unit = kUnits.find(text[at++]);
    if (unit == std::string_view::npos || static_cast<int>(unit) <= last_unit) return std::nullopt;
    if (has_fraction && unit != 3) return std::nullopt;
    last_unit = static_cast<int>(unit);
    if (whole > kMaxDays * (kTicksPerDay / kSizes[unit])) return std::nullopt;
    total += whole * kSizes[unit] + fraction;
    if (total > kMaxDays * kTicksPerDay) return std::nullopt;
  }
  return total;
}

}  // namespace csh
