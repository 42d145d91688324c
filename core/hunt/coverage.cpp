#include "hunt/coverage.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "compact_sort.h"

namespace csh {
namespace {

struct FoldLess {
  bool operator()(std::string_view a, std::string_view b) const { return compare_fold(a, b) < 0; }
};

std::vector<Gap> gaps_between(const std::vector<Ticks>& hours) {
  std::vector<Gap> gaps;
  for (size_t i = 1; i < hours.size(); ++i) {
    if (hours[i] - hours[i - 1] > kTicksPerHour) gaps.push_back({hours[i - 1] + kTicksPerHour, hours[i]});
  }
  return gaps;
}

// Spelling and figures of one subscription.
struct Tally {
  std::string_view name;
  uint32_t named_by = 0;
  Ticks first = 0, last = 0;
  uint64_t events = 0;
  std::vector<Ticks> hours;  // unsorted, with repeats
};

}  // namespace

void find_coverage(const EventStore& store, const Timeline& timeline, Groundwork& groundwork) {
  const Dictionary& subscriptions = store.dictionary(Column::subscription);
  std::map<std::string_view, uint32_t, FoldLess> index;
  std::vector<uint32_t> tally_of(subscriptions.size());
  std::vector<Tally> tallies;
  for (uint32_t id = 0; id < subscriptions.size(); ++id) {
    const auto [found, is_new] = index.emplace(subscriptions.text(id), static_cast<uint32_t>(tallies.size()));
    if (is_new) {
      tallies.emplace_back().name = subscriptions.text(id);
    } else {
      // Two spellings: the smaller one by bytes, whichever came first.
      tallies[found->second].name = std::min(tallies[found->second].name, subscriptions.text(id));
    }
    tally_of[id] = found->second;
  }
  std::unordered_map<Ticks, uint32_t> per_hour;
  uint32_t* count = nullptr;
  Ticks counted_hour = 0;
  for (uint32_t event = 0; event < store.size(); ++event) {
    const std::optional<Ticks> time = timeline.time(event);
    if (!time) continue;
    const Ticks hour = hour_of(*time);
    if (count == nullptr || hour != counted_hour) {
      count = &per_hour[hour];
      counted_hour = hour;
    }
    ++*count;
    Tally& tally = tallies[tally_of[store.id(event, Column::subscription)]];
    if (tally.events == 0 || *time < tally.first) tally.first = *time;
    if (tally.events == 0 || *time > tally.last) tally.last = *time;
    ++tally.events;
    if (tally.hours.empty() || tally.hours.back() != hour) tally.hours.push_back(hour);
  }
  for (const auto& [hour, events] : per_hour) groundwork.hours.push_back({hour, events});
  compact_sort(groundwork.hours.begin(), groundwork.hours.end(), [](const HourCount& a, const HourCount& b) { return a.hour < b.hour; });
  std::vector<Ticks> all_hours;
  for (const HourCount& hour : groundwork.hours) all_hours.push_back(hour.hour);
  groundwork.overall.gaps = gaps_between(all_hours);
  for (Tally& tally : tallies) {
    if (tally.events == 0) continue;
    if (groundwork.overall.events == 0 || tally.first < groundwork.overall.first) groundwork.overall.first = tally.first;
    if (groundwork.overall.events == 0 || tally.last > groundwork.overall.last) groundwork.overall.last = tally.last;
    groundwork.overall.events += tally.events;
    compact_sort(tally.hours.begin(), tally.hours.end());
    tally.hours.erase(std::unique(tally.hours.begin(), tally.hours.end()), tally.hours.end());
    groundwork.coverage.push_back({tally.name, tally.first, tally.last, tally.events, gaps_between(tally.hours)});
  }
  compact_sort(groundwork.coverage.begin(), groundwork.coverage.end(),
               [](const Coverage& a, const Coverage& b) { return a.subscription < b.subscription; });
}

}  // namespace csh
