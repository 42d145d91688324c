#include "time/zone.h"

#include <algorithm>

namespace csh {

LocalZone fixed_zone(int32_t minutes) { return {{}, {{0, minutes * 60}}}; }

LocalReading read_local(const LocalZone& zone, Ticks civil) {
  const std::vector<ZoneOffset>& offsets = zone.offsets;
  constexpr Ticks kWidest = kMaxOffsetSeconds * kTicksPerSecond;
  // No offset that was over by then can give an instant of this time.
  const auto behind = std::upper_bound(offsets.begin() + 1, offsets.end(), civil - kWidest,
                                       [](Ticks time, const ZoneOffset& offset) { return time < offset.from; });
  //   clocks put back                       clocks put forward
  //   before ──────┤                        before ──────┤
  //   after     ├──────────                 after            ├──────
  //             └──┘ two instants                        └───┘ none
  LocalReading reading;
  bool found = false;
  for (auto i = static_cast<uint32_t>(behind - offsets.begin()) - 1; i < offsets.size(); ++i) {
    const Ticks time = civil - offsets[i].seconds * kTicksPerSecond;
    if (i > 0 && offsets[i].from > civil + kWidest) break;  // nor is any later one in force yet
    if (i > 0 && time < offsets[i].from) continue;
    const bool over = i + 1 < offsets.size() && time >= offsets[i + 1].from;
    if (found && !over) {
      reading.match = LocalMatch::repeated;
      break;
    }
    if (found) continue;
    // As long as none fits, the last one that had begun stands: of a skipped time it is the one before the change.
    reading = {time, over ? LocalMatch::skipped : LocalMatch::one, i};
    found = !over;
  }
  return reading;
}

void append_offset(std::string& out, int32_t seconds) {
  const auto two = [&](int32_t value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
  };
  out += seconds < 0 ? '-' : '+';
  const int32_t size = seconds < 0 ? -seconds : seconds;
  two(size / 3600);
  out += ':';
  two(size / 60 % 60);
  if (size % 60 == 0) return;
  out += ':';
  two(size % 60);
}

std::optional<int32_t> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && (i == 3 || (i == 6 && text[3] == ':'))) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  if (digits.size() != 2 && digits.size() != 4 && digits.size() != 6) return std::nullopt;
  const auto two = [&](size_t at) { return digits.size() > at ? (digits[at] - '0') * 10 + (digits[at + 1] - '0') : 0; };
  const int32_t minutes = two(2), seconds = two(4);
  const int32_t size = two(0) * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || size > kMaxOffsetSeconds) return std::nullopt;
  return text[0] == '-' ? -size : size;
}

}  // namespace csh
