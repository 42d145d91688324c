// Local times to instants. The core has no time zone database: a zone comes to it as data, the list of its offsets from UTC and since when each
// holds. Invariant: every civil time is read as some instant and says so when the zone has two for it, or none; nothing is lost or moved in
// silence.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/ticks.h"

namespace csh {

// The zone database's widest is +15:13:42 (Manila before 1845); ISO 8601 readers take 18 h.
inline constexpr int32_t kMaxOffsetSeconds = 18 * 3600;

// What the list of a named zone tells of (web/src/engine/zone.ts makes it): 1970 to 2099. A time outside is read by the first or last offset.
inline constexpr Ticks kZonesFrom = kUnixEpochTicks;
inline constexpr Ticks kZonesUntil = kUnixEpochTicks + 47'482 * kTicksPerDay;

struct ZoneOffset {
  Ticks from = 0;       // UTC; ignored for the first one of a zone, which holds from the beginning of time
  int32_t seconds = 0;  // east of UTC is positive; -kMaxOffsetSeconds .. kMaxOffsetSeconds
  bool operator==(const ZoneOffset&) const = default;
};

struct LocalZone {
  std::string name;                 // "Europe/Berlin"; empty: a fixed offset, alone in the list
  std::vector<ZoneOffset> offsets;  // at least one; `from` rises strictly behind the first. The last one holds to the end of time
  bool operator==(const LocalZone&) const = default;
};
LocalZone fixed_zone(int32_t minutes);

enum class LocalMatch : uint8_t {
  one,
  repeated,  // clocks were put back over it: it names two instants, and the earlier one is taken
  skipped,   // clocks were put forward over it: it names none
};
struct LocalReading {
  Ticks time = 0;  // UTC; may lie outside 0..kMaxTicks by up to kMaxOffsetSeconds
  LocalMatch match = LocalMatch::one;
  uint32_t offset = 0;  // index into LocalZone::offsets
};

// `civil` as ticks of the time as written. Where the zone does not give exactly one instant, the offset from before the change is used: for a
// repeated time that is the earlier instant, and for a skipped one the instant that a clock shows which nobody has put forward yet. Java, Python
// and JavaScript's Temporal choose the same, so other tools agree with what is printed here.
LocalReading read_local(const LocalZone& zone, Ticks civil);

// "+05:30", "-00:44:30": seconds only where there are some. The parser takes also "+0530", "+05" and "Z".
void append_offset(std::string& out, int32_t seconds);
std::optional<int32_t> parse_offset(std::string_view text);

}  // namespace csh
