// A time text: what is read lies in the calendar, prints and reads back the same, and changing day and month over twice changes nothing.
#include <string>

#include "body.h"
#include "time/parse.h"
#include "time/ticks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace csh;
  const std::string text(fuzz::text_of(data, size));
  const ParsedTime parsed = parse_time(text);
  (void)parse_duration(text);
  if (parsed.problem != TimeProblem::none) return 0;
  fuzz::check(parsed.ticks >= 0 && parsed.ticks <= kMaxTicks, "a time lies in the years 1 to 9999");
  std::string printed;
  append_instant(printed, parsed.ticks);
  const ParsedTime again = parse_time(printed);
  fuzz::check(again.problem == TimeProblem::none && again.has_offset && again.ticks == parsed.ticks, "a printed time reads back");
  if (parsed.numeric_date) {
    if (const auto swapped = swap_day_and_month(parsed.ticks)) {
      const auto back = swap_day_and_month(*swapped);
      fuzz::check(back && *back == parsed.ticks, "changed over twice is unchanged");
    } else {
      fuzz::check(parsed.order_proven || civil_from_ticks(parsed.ticks).day > 12 || parsed.month_first,
                  "an order left open can be changed over");
    }
  }
  return 0;
}
