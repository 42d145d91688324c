#include "hunt/settings.h"

#include <simdjson.h>

#include "time/parse.h"

namespace csh {
namespace {

namespace dom = simdjson::dom;

// A zone changes its offset twice a year; in all of the database no zone did so a tenth as often. The limit keeps a hostile text from costing memory.
constexpr size_t kMostOffsets = 4096;
constexpr size_t kLongestZoneName = 64;  // the database's longest has 32

// Instants of settings: with an offset of their own.
std::optional<Ticks> parse_instant(std::string_view text) {
  const ParsedTime instant = parse_time(text);
  if (instant.problem != TimeProblem::none || !instant.has_offset) return std::nullopt;
  return instant.ticks;
}

std::optional<LocalZone> parse_zone(const dom::object& object) {
  LocalZone zone;
  std::string_view name;
  dom::array offsets;
  if (object.size() != 2 || object["name"].get(name) || object["offsets"].get(offsets)) return std::nullopt;
  if (name.empty() || name.size() > kLongestZoneName || offsets.size() > kMostOffsets) return std::nullopt;
  zone.name = name;
  for (const dom::element element : offsets) {
    dom::object entry;
    dom::element from;
    std::string_view text, start;
    if (element.get(entry) || entry.size() != 2 || entry["from"].get(from) || entry["offset"].get(text)) return std::nullopt;
    const std::optional<int32_t> seconds = parse_offset(text);
    std::optional<Ticks> since = 0;
    if (zone.offsets.empty()) {
      if (!from.is_null()) return std::nullopt;
    } else {
      if (from.get(start)) return std::nullopt;
      since = parse_instant(start);
      if (since && zone.offsets.size() > 1 && *since <= zone.offsets.back().from) return std::nullopt;
    }
    if (!seconds || !since) return std::nullopt;
    zone.offsets.push_back({*since, *seconds});
  }
  if (zone.offsets.empty()) return std::nullopt;
  return zone;
}

}  // namespace

Error parse_settings(std::string_view json, Settings& settings, std::string& why) {
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
        const auto instant = is_text ? parse_instant(text) : std::nullopt;
        if (!instant) {
          return refuse("The as-of instant " + shown + " is neither newest nor an instant with an offset, such as 2026-03-14T09:00:00Z.");
        }
        read.as_of = AsOf::given;
        read.as_of_instant = *instant;
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
      if (value.is_null()) continue;
      const auto seconds = is_text ? parse_offset(text) : std::nullopt;
      if (!seconds) return refuse("The offset " + shown + " is not of the form +05:30.");
      if (read.local_zone) return refuse("Give an offset or a zone of local times, not both.");
      read.local_zone = LocalZone{{}, {{0, *seconds}}};
    } else if (key == "local_zone") {
      if (value.is_null()) continue;
      dom::object object_of_zone;
      auto zone = value.get(object_of_zone) ? std::nullopt : parse_zone(object_of_zone);
      if (!zone) return refuse("local_zone is not a zone: a name, and its offsets in order of time, the first from null.");
      if (read.local_zone) return refuse("Give an offset or a zone of local times, not both.");
      read.local_zone = std::move(zone);
    } else {
      return refuse("There is no setting \"" + std::string(key) + "\".");
    }
  }
  settings = read;
  return Error::ok;
}

}  // namespace csh
