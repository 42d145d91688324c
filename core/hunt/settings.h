// What an analyst may change after loading; nothing here needs the files again.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "error.h"
#include "time/ticks.h"
#include "time/zone.h"

namespace csh {

enum class AsOf : uint8_t { newest, given };  // the instant that look-back counts from; "now" arrives as a given instant
enum class DateOrder : uint8_t { automatic, day_first, month_first };  // for numeric dates that read either way

struct Settings {
  Ticks window = kTicksPerHour;    // > 0; acts on sessions only, bins are always one hour
  std::optional<Ticks> look_back;  // nullopt: none. Acts on the Sentinel rows alone, as ago() does in the query
  AsOf as_of = AsOf::newest;       // newest: the newest event of the store
  Ticks as_of_instant = 0;         // for AsOf::given
  bool as_of_now = false;          // the given instant came from a clock; said in the report
  bool succeeded_is_success =
      true;  // REST's four status words count as AzureActivity's in every shape but the raw ones, which are always mapped
  DateOrder date_order = DateOrder::automatic;
  std::optional<LocalZone> local_zone;  // of zoneless time columns; nullopt: not known, such times are no instants
};

// Reads {"window":"1h","look_back":"none"|"1d","as_of":"newest"|RFC 3339,"as_of_now":false,"succeeded_is_success":true,
// "date_order":"auto"|"day-first"|"month-first","local_offset":"+05:30"|null,"local_zone":{"name":"Europe/Berlin","offsets":[
// {"from":null,"offset":"+01:00"},{"from":"2026-03-29T01:00:00Z","offset":"+02:00"},…]}|null}; absent keys keep their default, unknown keys are
// refused. Of local_offset and local_zone one may be given.
// `why` gets one sentence on failure.
Error parse_settings(std::string_view json, Settings& settings, std::string& why);

}  // namespace csh
