// The events of each caller in order of time, copies of one event merged: what sessions are cut from.
// Built once after loading and again only when a time setting changes, so that a re-hunt is a walk over ids.
// Order: time, caller, operation, status, resource, app id, address, as bytes; where all agree the events are interchangeable in everything that is printed but positions.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hunt/settings.h"
#include "store/event_store.h"
#include "time/zone.h"

namespace csh {

// Copies of one event (several exports of the same log): their union, where one copy may lack what another has.
struct MergedEvent {
  std::array<uint32_t, kColumns> ids{};
  uint16_t flags = 0;
  std::vector<uint32_t> copies;  // by path, then offset; the first one stays
};

// Events of one input whose local time stands for no single instant in the zone of the settings, or lies outside of what is known of it.
struct OddTimes {
  uint64_t count = 0, first_offset = 0;  // in the input's bytes
  std::vector<int32_t> seconds;          // the offsets that were used, sorted, distinct
};

class Timeline {
 public:
  // Sorts and merges. O(n log n); the store must outlive the timeline.
  static Timeline build(const EventStore& store, const Settings& settings);

  // Time of a store's event under the settings of build(); nullopt: no readable time, or the offset of local time is not known yet.
  std::optional<Ticks> time(uint32_t event) const {
    const Ticks time = times_.empty() ? store_->raw_time(event) : times_[event];
    return time == kNoTime ? std::nullopt : std::optional<Ticks>(time);
  }
  // Unique events with a caller and a time, grouped by caller (case-insensitively), each group in order.
  const std::vector<uint32_t>& moments() const { return moments_; }
  // Group g is moments()[group_start(g) .. group_start(g + 1)).
  uint32_t groups() const { return static_cast<uint32_t>(group_starts_.size() - 1); }
  uint32_t group_start(uint32_t group) const { return group_starts_[group]; }
  // The group of a caller (id of the dictionary); UINT32_MAX where it has no moment.
  uint32_t group_of(uint32_t caller) const { return group_of_caller_[caller]; }
  // First place in moments() of the group's events at or after `time`.
  uint32_t index_from(uint32_t group, Ticks time) const;
  // The same, O(log distance) when it lies near `near`, a place of the group or its end.
  uint32_t index_from(uint32_t group, Ticks time, uint32_t near) const;
  bool has_merged() const { return !has_copies_.empty(); }
  // nullptr when the event has no copies.
  const MergedEvent* merged(uint32_t event) const { return has_copies_.empty() || !has_copies_[event] ? nullptr : &merged_.at(event); }
  // Field of a moment, with what its copies add.
  uint32_t id(uint32_t event, Column column) const {
    const MergedEvent* const copies = merged(event);
    return copies ? copies->ids[static_cast<size_t>(column)] : store_->id(event, column);
  }
  // The store's bits, and kAmbiguousTime or kSkippedTime where the zone of the settings makes them so; a copy whose time is certain settles it.
  uint16_t flags(uint32_t event) const {
    const MergedEvent* const copies = merged(event);
    return copies ? copies->flags : own_flags(event);
  }
  const std::vector<uint64_t>& input_duplicates() const { return input_duplicates_; }
  // By index of the store's inputs; all empty while every local time names one instant.
  const OddTimes& repeated_times(uint32_t input) const { return repeated_[input]; }
  const OddTimes& skipped_times(uint32_t input) const { return skipped_[input]; }
  // Before or after the years that a named zone's offsets are known for: read by the nearest.
  const OddTimes& outside_times(uint32_t input) const { return outside_[input]; }
  // The offsets of the settings' zone between the first and the last that some event is read by, what says that one is ambiguous included: with
  // these alone every event is read as it is. The first one holds from the beginning of time. Empty: no event is read by the zone.
  const std::vector<ZoneOffset>& zone_offsets_used() const { return zone_offsets_used_; }
  // True when build() with these settings would give another timeline.
  bool outdated_by(const Settings& settings) const;

 private:
  uint32_t index_between(uint32_t from, uint32_t to, Ticks time) const;
  void read_times(const Settings& settings);
  void mark_odd(uint32_t event, const LocalReading& reading);
  void count_odd(OddTimes& odd, uint32_t event, const LocalReading& reading) const;
  uint16_t own_flags(uint32_t event) const {
    const uint16_t flags = store_->flags(event) & static_cast<uint16_t>(~(kAmbiguousTime | kSkippedTime));
    if (odd_.empty()) return flags;
    const auto found = odd_.find(event);
    return found == odd_.end() ? flags : static_cast<uint16_t>(flags | found->second);
  }

  const EventStore* store_ = nullptr;
  std::vector<Ticks> times_;  // empty when the store's own column holds for every event
  std::vector<uint32_t> moments_, group_starts_, group_of_caller_;
  std::vector<uint8_t> has_copies_;  // by event: a look into merged_ is worth it; empty while nothing is merged
  std::unordered_map<uint32_t, MergedEvent> merged_;
  std::vector<uint64_t> input_duplicates_;
  std::unordered_map<uint32_t, uint16_t> odd_;  // event -> kAmbiguousTime or kSkippedTime; few
  std::vector<OddTimes> repeated_, skipped_, outside_;
  std::vector<ZoneOffset> zone_offsets_used_;
  DateOrder date_order_ = DateOrder::automatic;
  std::optional<LocalZone> local_zone_;
};

}  // namespace csh
