#include "hunt/settings.h"

#include <simdjson.h>

#include "time/parse.h"

namespace csh {
namespace {

// "+05:30", "-0800", "Z".
std::optional<int32_t> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && i == 3) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int minutes = digits.size() == 4 ? (digits[2] - '0') * 10 + (digits[3] - '0') : 0;
  constexpr int kMaxHours = 18;  // the zone database's widest is +14; ISO 8601 readers take 18
  if (hours > kMaxHours || minutes > 59 || hours * 60 + minutes > kMaxHours * 60) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

Error parse_settings(std::string_view json, Settings& settings, std::string& why) {
  namespace dom = simdjson::dom;
  dom::parser parser;
  dom::object object;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(object)) {
    why = "The settings are not a JSON object.";
    return Error::bad_argument_text;
  }
  Settings read;
  const auto refuse = [&](std::string sentence) {
    why = std::move(sentence);
    return Error::bad_setting;
  };
  for (const auto& [key, value] : object) {
    std::string_view text;
    const bool is_text = value.get(text) == simdjson::SUCCESS;
    const std::string shown = "\"" + std::string(text) + "\"";
    if (key == "window") {
      const auto window = is_text ? parse_duration(text) : std::nullopt;
      if (!window || *window <= 0) return refuse("The window " + shown + " is not a duration above zero, such as 1h or 30m.");
      read.window = *window;
    } else if (key == "look_back") {
      if (is_text && text == "none") {
        read.look_back.reset();
      } else {
        const auto look_back = is_text ? parse_duration(text) : std::nullopt;
        if (!look_back || *look_back <= 0)
          return refuse("The look-back " + shown + " is neither none nor a duration above zero, such as 1d.");
        read.look_back = *look_back;
      }
    } else if (key == "as_of") {
      if (is_text && text == "newest") {
        read.as_of = AsOf::newest;
      } else {
        const ParsedTime instant = is_text ? parse_time(text) : ParsedTime{};
        if (instant.problem != TimeProblem::none || !instant.has_offset) {
          return refuse("The as-of instant " + shown + " is neither newest nor an instant with an offset, such as 2026-03-14T09:00:00Z.");
        }
        read.as_of = AsOf::given;
        read.as_of_instant = instant.ticks;
      }
    } else if (key == "as_of_now") {
      if (value.get(read.as_of_now)) return refuse("as_of_now is neither true nor false.");
    } else if (key == "succeeded_is_success") {
      if (value.get(read.succeeded_is_success)) return refuse("succeeded_is_success is neither true nor false.");
    } else if (key == "date_order") {
      if (is_text && text == "auto") {
        read.date_order = DateOrder::automatic;
      } else if (is_text && text == "day-first") {
        read.date_order = DateOrder::day_first;
      } else if (is_text && text == "month-first") {
        read.date_order = DateOrder::month_first;
      } else {
        return refuse("The date order " + shown + " is none of auto, day-first, month-first.");
      }
    } else if (key == "local_offset") {
      if (value.is_null()) {
        read.local_offset_minutes.reset();
      } else {
        const auto offset = is_text ? parse_offset(text) : std::nullopt;
        if (!offset) return refuse("The offset " + shown + " is not of the form +05:30.");
        read.local_offset_minutes = *offset;
      }
    } else {
      return refuse("There is no setting \"" + std::string(key) + "\".");
    }
  }
  settings = read;
  return Error::ok;
}

}  // namespace csh
