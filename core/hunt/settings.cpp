#include "hunt/settings.h"

#include "bytes/json_text.h"
#include "time/parse.h"

namespace csh {
namespace {

// A zone changes its offset twice a year; in all of the database no zone did so a tenth as often. The limit keeps a hostile text from costing memory.
constexpr size_t kMostOffsets = 4096;
constexpr size_t kLongestZoneName = 64;  // the database's longest has 32

// Instants of settings: with an offset of their own.
std::optional<Ticks> parse_instant(std::string_view text) {
  const ParsedTime instant = parse_time(text);
  if (instant.problem != TimeProblem::none || !instant.has_offset) return std::nullopt;
  return instant.ticks;
}

std::optional<LocalZone> parse_zone(const JsonPlace& object) {
  LocalZone zone;
  const std::optional<std::string_view> name = object["name"].string();
  const JsonPlace offsets = object["offsets"];
  if (object.size() != 2 || !name || !offsets.is_list()) return std::nullopt;
  if (name->empty() || name->size() > kLongestZoneName || offsets.size() > kMostOffsets) return std::nullopt;
  zone.name = *name;
  for (JsonPlace entry = offsets.begin_inside(); entry; entry = entry.next()) {
    const JsonPlace from = entry["from"];
    const std::optional<std::string_view> text = entry["offset"].string();
    if (!entry.is_object() || entry.size() != 2 || !from || !text) return std::nullopt;
    const std::optional<int32_t> seconds = parse_offset(*text);
    std::optional<Ticks> since = 0;
    if (zone.offsets.empty()) {
      if (!from.is_null()) return std::nullopt;
    } else {
      const std::optional<std::string_view> start = from.string();
      if (!start) return std::nullopt;
      since = parse_instant(*start);
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
  JsonText whole;
  if (!whole.parse(json) || !whole.root().is_object()) {
    why = "The settings are not a JSON object.";
    return Error::bad_argument_text;
  }
  Settings read;
  const auto refuse = [&](std::string sentence) {
    why = std::move(sentence);
    return Error::bad_setting;
  };
  for (JsonPlace value = whole.root().begin_inside(); value; value = value.next()) {
    const std::string_view key = value.name();
    const bool is_text = value.string().has_value();
    const std::string_view text = value.string().value_or(std::string_view());
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
      if (!value.boolean()) return refuse("as_of_now is neither true nor false.");
      read.as_of_now = *value.boolean();
    } else if (key == "succeeded_is_success") {
      if (!value.boolean()) return refuse("succeeded_is_success is neither true nor false.");
      read.succeeded_is_success = *value.boolean();
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
      auto zone = parse_zone(value);
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
