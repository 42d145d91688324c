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
  // ASCII blank or one of the no-break and thin spaces that browsers print.
  bool take_blank() {
    if (take(' ') || take('\t')) return true;
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view blank : {std::string_view("\xC2\xA0"), std::string_view("\xE2\x80\xAF"), std::string_view("\xE2\x80\x89")}) {
      if (rest.starts_with(blank)) {
        at_ += blank.size();
        return true;
      }
    }
    return false;
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

}  // namespace

std::optional<Ticks> swap_day_and_month(Ticks civil) {
  CivilTime c = civil_from_ticks(civil);
  if (c.day > 12) return std::nullopt;
  const int day = c.day;
  c.day = c.month;
  c.month = day;
  return ticks_from_civil(c);
}

ParsedTime parse_time(std::string_view text) {
  Cursor cursor(text);
  cursor.skip_blanks();
  if (cursor.done()) return refused(TimeProblem::empty);

  CivilTime c;
  ParsedTime parsed;
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

  // Time: behind 'T', a comma, blanks; or absent.
  bool half_upper = false, has_fraction = false;
  Half half = Half::none;
  const size_t after_date = cursor.place();
  if (first_digits == 4) cursor.take('.');  // "2026. 3. 14. 09:12"
  const bool joined = cursor.take('T') || cursor.take('t');
  if (!joined) {
    cursor.take(',');
    cursor.skip_blanks();
  }
  if (!cursor.done()) {
    if (!joined && cursor.place() == after_date && cursor.peek() != 'Z' && cursor.peek() != 'z' && cursor.peek() != '+') return refused(TimeProblem::form);
    c.hour = cursor.take_number(1, 2);
    if (c.hour < 0) {
      if (joined) return refused(TimeProblem::form);
      c.hour = 0;
    } else {
      const char colon = cursor.peek();
      if (colon != ':' && colon != '.') return refused(TimeProblem::form);
      cursor.take(colon);
      c.minute = cursor.take_number(2, 2);
      if (c.minute < 0) return refused(TimeProblem::form);
      if (cursor.take(colon)) {
        c.second = cursor.take_number(2, 2);
        if (c.second < 0) return refused(TimeProblem::form);
        if (cursor.take('.') || cursor.take(',')) {
          has_fraction = true;
          c.fraction = cursor.take_fraction();
          if (c.fraction < 0) return refused(TimeProblem::form);
        }
      }
    }
  } else if (joined) {
    return refused(TimeProblem::form);
  }

  cursor.skip_blanks();
  half = take_half(cursor, half_upper);
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
    const bool en_us = separator == '/' && half != Half::none && half_upper;
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

}  // namespace csh
