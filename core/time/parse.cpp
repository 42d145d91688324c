#include "time/parse.h"

namespace csh {
namespace {

// Walks over a text; every step either takes what it names or leaves the place as it was.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c || done()) return false;
    ++at_;
    return true;
  }
  bool take_blank() { return take(' ') || take('\t'); }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_blanks() {
    while (take_blank()) {
    }
  }
  // A number of `least` to `most` digits, or -1.
  int take_number(int least, int most) {
    int value = 0, digits = 0;
    while (digits < most && peek() >= '0' && peek() <= '9') {
      value = value * 10 + (peek() - '0');
      ++at_;
      ++digits;
    }
    if (digits < least) return -1;
    digits_ = digits;
    return value;
  }
  int digits() const { return digits_; }  // of the last number taken
  // The digits of a fraction, as ticks; more than seven are cut. -1 when there is none.
  int32_t take_fraction() {
    int32_t value = 0, place = 1'000'000;
    const size_t first = at_;
    for (; peek() >= '0' && peek() <= '9'; ++at_, place /= 10) value += place * (peek() - '0');
    return at_ == first ? -1 : value;
  }
  size_t place() const { return at_; }
  void back_to(size_t place) { at_ = place; }

 private:
  std::string_view text_;
  size_t at_ = 0;
  int digits_ = 0;
};

// What browsers print beyond ASCII, in ASCII: blanks, separators, marks of direction, halves of the day, and the digits of two scripts.
struct Spelling {
  std::string_view found, ascii;
};
constexpr Spelling kSpellings[] = {
    {"\xC2\xA0", " "},    {"\xE2\x80\xAF", " "}, {"\xE2\x80\x89", " "},  // no-break, narrow no-break and thin space
    {"\xE2\x80\x8E", ""}, {"\xE2\x80\x8F", ""},  {"\xD8\x9C", ""},       // left-to-right, right-to-left, Arabic letter mark
    {"\xD8\x8C", ","},    {"\xD9\xAB", "."},                             // Arabic comma and decimal separator
    {"上午", "am"},       {"下午", "pm"},        {"오전", "am"},        {"오후", "pm"}, {"午前", "am"},
    {"午後", "pm"},       {"π.μ.", "am"},        {"μ.μ.", "pm"},        {"ص", "am"},    {"م", "pm"},
};

// Longer than any timestamp met; anything longer is none.
constexpr size_t kLongestText = 96;

// `text` in ASCII; nullopt when it holds a character that no known form has.
std::optional<std::string_view> to_ascii(std::string_view text, char (&room)[kLongestText]) {
  size_t length = 0;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      if (length == kLongestText) return std::nullopt;
      room[length++] = text[at++];
      continue;
    }
    const std::string_view rest = text.substr(at);
    // Arabic-Indic digits U+0660..0669, extended ones U+06F0..06F9.
    if (rest.size() >= 2 &&
        ((rest[0] == '\xD9' && rest[1] >= '\xA0' && rest[1] <= '\xA9') || (rest[0] == '\xDB' && rest[1] >= '\xB0' && rest[1] <= '\xB9'))) {
      if (length == kLongestText) return std::nullopt;
      room[length++] = static_cast<char>('0' + (static_cast<unsigned char>(rest[1]) & 0x0F));
      at += 2;
      continue;
    }
    bool known = false;
    for (const Spelling& spelling : kSpellings) {
      if (!rest.starts_with(spelling.found)) continue;
      if (length + spelling.ascii.size() > kLongestText) return std::nullopt;
      for (const char c : spelling.ascii) room[length++] = c;
      at += spelling.found.size();
      known = true;
      break;
    }
    if (!known) return std::nullopt;
  }
  return std::string_view(room, length);
}

enum class Half : uint8_t { none, am, pm };

ParsedTime refused(TimeProblem problem) {
  ParsedTime parsed;
  parsed.problem = problem;
  return parsed;
}

// "AM", "pm", "a.m.", "p. m."; `upper` says that both letters were upper case.
Half take_half(Cursor& cursor, bool& upper) {
  const size_t start = cursor.place();
  const char first = cursor.peek();
  if (first != 'a' && first != 'A' && first != 'p' && first != 'P') return Half::none;
  cursor.take(first);
  cursor.take('.');
  cursor.take_blank();
  const char second = cursor.peek();
  if (second != 'm' && second != 'M') {
    cursor.back_to(start);
    return Half::none;
  }
  cursor.take(second);
  cursor.take('.');
  upper = (first == 'A' || first == 'P') && second == 'M';
  return first == 'a' || first == 'A' ? Half::am : Half::pm;
}

// "Jan" to "Dec" with a capital, as Kibana prints months.
std::optional<int> take_month_name(Cursor& cursor) {
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (int month = 0; month < 12; ++month) {
    if (cursor.take_word(kMonths[month])) return month + 1;
  }
  return std::nullopt;
}

std::optional<Ticks> ticks_from_milliseconds(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  // 15 digits reach the year 33658; the range check does the rest.
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  if (value > kMaxTicks / (kTicksPerSecond / 1'000)) return std::nullopt;
  const Ticks ticks = kUnixEpochTicks + (negative ? -value : value) * (kTicksPerSecond / 1'000);
  if (ticks < 0 || ticks > kMaxTicks) return std::nullopt;
  return ticks;
}

// Reads what follows a date: time of day, half of the day on either side of it, offset; then judges the whole.
ParsedTime finish_time(Cursor cursor, CivilTime c, ParsedTime parsed, char separator, int first, int second) {
  // Time: behind 'T', a comma, blanks; or absent.
  bool half_upper = false, has_fraction = false;
  Half half = Half::none;
  const size_t after_date = cursor.place();
  const bool joined = cursor.take('T') || cursor.take('t');
  if (!joined) {
    cursor.take(',');
    cursor.skip_blanks();
    if (cursor.take_word("klo")) cursor.skip_blanks();  // Finnish "at"
  }
  if (!cursor.done()) {
    if (!joined && cursor.place() == after_date && cursor.peek() != 'Z' && cursor.peek() != 'z' && cursor.peek() != '+')
      return refused(TimeProblem::form);
    half = take_half(cursor, half_upper);  // Korean and Chinese write it first
    cursor.skip_blanks();
    c.hour = cursor.take_number(1, 2);
    if (c.hour < 0) {
      if (joined) return refused(TimeProblem::form);
      c.hour = 0;
    } else {
      const bool words = cursor.take_word(" h ");  // Canadian French: 09 h 12 min 05,123 s
      const char colon = words ? 'w' : cursor.peek();
      if (!words && colon != ':' && colon != '.') return refused(TimeProblem::form);
      if (!words) cursor.take(colon);
      c.minute = cursor.take_number(2, 2);
      if (c.minute < 0) return refused(TimeProblem::form);
      if (words ? cursor.take_word(" min ") : cursor.take(colon)) {
        c.second = cursor.take_number(2, 2);
        if (c.second < 0) return refused(TimeProblem::form);
        if (cursor.take('.') || cursor.take(',')) {
          has_fraction = true;
          c.fraction = cursor.take_fraction();
          if (c.fraction < 0) return refused(TimeProblem::form);
        }
        if (words && !cursor.take_word(" s")) return refused(TimeProblem::form);
      }
    }
  } else if (joined) {
    return refused(TimeProblem::form);
  }

  cursor.skip_blanks();
  if (half == Half::none) half = take_half(cursor, half_upper);
  if (half != Half::none) {
    if (c.hour < 1 || c.hour > 12) return refused(TimeProblem::impossible);
    c.hour = c.hour % 12 + (half == Half::pm ? 12 : 0);
  }

  // Offset.
  cursor.skip_blanks();
  int offset_minutes = 0;
  if (cursor.take('Z') || cursor.take('z')) {
    parsed.has_offset = true;
  } else if (cursor.peek() == '+' || cursor.peek() == '-') {
    const int sign = cursor.peek() == '-' ? -1 : 1;
    cursor.take(cursor.peek());
    const int hours = cursor.take_number(2, 2);
    if (hours < 0) return refused(TimeProblem::form);
    const bool colon = cursor.take(':');
    const int minutes = cursor.take_number(2, 2);
    if (minutes < 0 && colon) return refused(TimeProblem::form);
    if (hours > 18 || minutes > 59) return refused(TimeProblem::impossible);
    offset_minutes = sign * (hours * 60 + (minutes < 0 ? 0 : minutes));
    parsed.has_offset = true;
  }
  cursor.skip_blanks();
  if (!cursor.done()) return refused(TimeProblem::form);

  if (parsed.numeric_date) {
    // Month first occurs only in the en-US form, which alone has AM/PM in upper case.
    const bool en_us = separator == '/' && half != Half::none && half_upper && has_fraction;
    const bool day_first_form = separator == '.' || (has_fraction && !half_upper);
    parsed.month_first = en_us || (!day_first_form && second > 12 && first <= 12);
    parsed.order_proven = en_us || day_first_form || first > 12 || second > 12;
    c.month = parsed.month_first ? first : second;
    c.day = parsed.month_first ? second : first;
  }
  const std::optional<Ticks> civil = ticks_from_civil(c);
  if (!civil) return refused(TimeProblem::impossible);
  const Ticks ticks = *civil - offset_minutes * kTicksPerMinute;
  if (ticks < 0 || ticks > kMaxTicks) return refused(TimeProblem::impossible);
  parsed.ticks = ticks;
  parsed.problem = TimeProblem::none;
  return parsed;
}

// What nearly every export writes: 2026-03-14T09:12:05Z, with up to seven digits of a fraction. nullopt: another form, or no instant.
std::optional<Ticks> ticks_from_iso(std::string_view text) {
  constexpr size_t kWhole = 19;  // up to the seconds
  if (text.size() <= kWhole || text.size() > kWhole + 9 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text.back() != 'Z')
    return std::nullopt;
  bool digits = true;
  const auto digit = [&](size_t at) {
    const int value = text[at] - '0';
    digits = digits && value >= 0 && value <= 9;
    return value;
  };
  const auto two = [&](size_t at) { return 10 * digit(at) + digit(at + 1); };
  CivilTime c{.year = 100 * two(0) + two(2), .month = two(5), .day = two(8), .hour = two(11), .minute = two(14), .second = two(17)};
  if (text.size() > kWhole + 1) {
    if (text[kWhole] != '.' || text.size() == kWhole + 2) return std::nullopt;
    for (size_t at = kWhole + 1; at < kWhole + 8; ++at) c.fraction = 10 * c.fraction + (at + 1 < text.size() ? digit(at) : 0);
  }
  return digits ? ticks_from_civil(c) : std::nullopt;
}

}  // namespace

std::optional<Ticks> swap_day_and_month(Ticks civil) {
  CivilTime c = civil_from_ticks(civil);
  if (c.day > 12) return std::nullopt;
  const int day = c.day;
  c.day = c.month;
  c.month = day;
  return ticks_from_civil(c);
}

std::optional<Ticks> ticks_from_epoch(std::string_view digits) {
  bool negative = false;
  if (digits.starts_with('-')) {
    negative = true;
    digits.remove_prefix(1);
  }
  if (const size_t point = digits.find('.'); point != std::string_view::npos) {
    // pandas writes 1773479525123.0 where a column had gaps.
    if (digits.find_first_not_of('0', point + 1) != std::string_view::npos) return std::nullopt;
    digits = digits.substr(0, point);
  }
  // 18 digits hold every nanosecond up to 2001, 19 up to 2262; more names no instant.
  if (digits.empty() || digits.size() > 19 || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<uint64_t>(c - '0');
  if (value > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
  int64_t ticks = static_cast<int64_t>(value);
  if (value < 100'000'000'000u) {
    ticks *= kTicksPerSecond;  // seconds up to the year 5138
  } else if (value < 100'000'000'000'000u) {
    ticks *= kTicksPerSecond / 1'000;
  } else if (value < 100'000'000'000'000'000u) {
    ticks *= kTicksPerSecond / 1'000'000;
  } else {
    ticks /= 100;
  }
  ticks = kUnixEpochTicks + (negative ? -ticks : ticks);
  if (ticks < 0 || ticks > kMaxTicks) return std::nullopt;
  return ticks;
}

ParsedTime parse_time(std::string_view original) {
  if (const std::optional<Ticks> ticks = ticks_from_iso(original)) {
    ParsedTime parsed;
    parsed.problem = TimeProblem::none;
    parsed.ticks = *ticks;
    parsed.has_offset = true;
    return parsed;
  }
  char room[kLongestText];
  std::string_view text = original;
  for (const char c : original) {
    if (static_cast<unsigned char>(c) < 0x80) continue;
    const std::optional<std::string_view> ascii = to_ascii(original, room);
    if (!ascii) return refused(TimeProblem::form);
    text = *ascii;
    break;
  }
  Cursor cursor(text);
  cursor.skip_blanks();
  // pandas prints a missing time as NaT.
  if (cursor.done() || text == "NaT") return refused(TimeProblem::empty);

  CivilTime c;
  ParsedTime parsed;
  // .NET's JSON dates: milliseconds since 1970, always UTC; an offset behind them says only where they were written.
  if (cursor.take_word("/Date(")) {
    const std::string_view inside =
        text.substr(cursor.place(), text.find(')') == std::string_view::npos ? 0 : text.find(')') - cursor.place());
    if (inside.empty() || text.substr(text.find(')')) != ")/") return refused(TimeProblem::form);
    const size_t offset = inside.find_first_of("+-", 1);
    const std::optional<Ticks> ticks = ticks_from_milliseconds(inside.substr(0, offset));
    if (!ticks) return refused(TimeProblem::impossible);
    parsed.ticks = *ticks;
    parsed.has_offset = true;
    parsed.problem = TimeProblem::none;
    return parsed;
  }
  if (const std::optional<int> month = take_month_name(cursor)) {
    // Kibana: Mar 14, 2026 @ 09:12:05.123
    c.month = *month;
    cursor.skip_blanks();
    c.day = cursor.take_number(1, 2);
    if (c.day < 0 || !cursor.take(',')) return refused(TimeProblem::form);
    cursor.skip_blanks();
    c.year = cursor.take_number(4, 4);
    if (c.year < 0) return refused(TimeProblem::form);
    cursor.skip_blanks();
    cursor.take('@');
    return finish_time(cursor, c, parsed, '\0', 0, 0);
  }
  // Date: three numbers with one separator throughout. A first number of four digits is the year.
  int first = cursor.take_number(1, 4);
  const int first_digits = cursor.digits();
  if (first < 0 || first_digits == 3) return refused(TimeProblem::form);
  const char separator = cursor.peek();
  if (separator != '-' && separator != '/' && separator != '.') return refused(TimeProblem::form);
  cursor.take(separator);
  cursor.skip_blanks();
  const int second = cursor.take_number(1, 2);
  if (second < 0 || !cursor.take(separator)) return refused(TimeProblem::form);
  cursor.skip_blanks();
  const int third = first_digits == 4 ? cursor.take_number(1, 2) : cursor.take_number(4, 4);
  if (third < 0) return refused(TimeProblem::form);
  if (first_digits == 4) {
    c.year = first;
    c.month = second;
    c.day = third;
  } else {
    parsed.numeric_date = true;
    c.year = third;
  }

  const bool year_first = first_digits == 4;
  if (year_first) cursor.take('.');  // "2026. 3. 14. 09:12"
  return finish_time(cursor, c, parsed, separator, first, second);
}

}  // namespace csh
