#include "hunt/rule.h"

#include <algorithm>
#include <unordered_map>

#include "compact_sort.h"
#include "hunt/words.h"

namespace csh {
namespace {

struct CallerHour {
  uint32_t caller;  // id: callers are compared case-sensitively here, so the id is the caller
  Ticks hour;
  bool operator==(const CallerHour&) const = default;
};
struct CallerHourHash {
  size_t operator()(const CallerHour& key) const {
    return std::hash<uint64_t>()(static_cast<uint64_t>(key.hour / kTicksPerHour) * 0x9E3779B97F4A7C15u + key.caller);
  }
};

struct Draft {
  bool owed = true;        // no left event is Success in its own right
  bool any_right = false;  // a right event, look-back or not
  std::vector<uint32_t> operations;
};

}  // namespace

RuleResult run_rule(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, bool succeeded_is_success,
                    std::optional<Ticks> cut, const std::vector<uint8_t>& runs) {
  const Dictionary& operations = store.dictionary(Column::operation);
  const bool all_run = std::all_of(runs.begin(), runs.end(), [](uint8_t r) { return r != 0; });
  const auto takes_part = [&](uint32_t event) { return all_run || runs[store.input_of(event)] != 0; };

  // Left side. Of the listings the groundwork knows that
  // | where OperationNameValue =~ "Microsoft.Storage/storageAccounts/listKeys/action"
  // | where ResourceGroup has "cloud-shell-storage"
  // and that they have a time (a null timekey meets no right row).
  std::unordered_map<CallerHour, Draft, CallerHourHash> drafts;
  for (const uint32_t event : groundwork.listings) {
    // | where ActivityStatusValue =~ "Success"
    const std::string_view status = store.text(event, Column::status);
    const bool own_word = (store.flags(event) & kRawStatus) != 0 || equal_fold(status, "Success");
    if (!own_word && !succeeded_is_success) continue;
    if (!takes_part(event)) continue;
    // | summarize by Caller, timekey= bin(TimeGenerated, 1h)
    Draft& draft = drafts[{store.id(event, Column::caller), hour_of(*timeline.time(event))}];
    if (own_word) draft.owed = false;
  }

  // Right side, only where a left key waits for it:
  // join kind=innerunique … on Caller, timekey
  for (auto& [key, draft] : drafts) {
    const auto take = [&, caller = key.caller, &draft = draft](uint32_t event) {
      if (store.id(event, Column::caller) != caller || !takes_part(event)) return;
      // | where OperationNameValue !~ "Microsoft.Storage/storageAccounts/listKeys/action"
      // | where isnotempty(OperationNameValue)
      const uint32_t operation = store.id(event, Column::operation);
      if (operation == 0 || groundwork.operation[operation].list_keys) return;
      draft.any_right = true;
      // | where TimeGenerated >= ago(1d)
      if (cut && *timeline.time(event) < *cut) return;
      // | summarize make_set(OperationNameValue) by Caller, timekey=bin(TimeGenerated, 1h)
      draft.operations.push_back(operation);
    };
    const auto before = [&](uint32_t event, Ticks time) { return *timeline.time(event) < time; };
    if (key.caller == 0) {
      const auto& nobody = groundwork.nobody;
      for (auto at = std::lower_bound(nobody.begin(), nobody.end(), key.hour, before);
           at != nobody.end() && before(*at, key.hour + kTicksPerHour); ++at) {
        take(*at);
      }
      continue;
    }
    const uint32_t group = timeline.group_of(key.caller), begin = timeline.index_from(group, key.hour);
    const uint32_t end = timeline.index_from(group, key.hour + kTicksPerHour, begin);
    for (uint32_t index = begin; index < end; ++index) {
      const uint32_t event = timeline.moments()[index];
      if (const MergedEvent* const merged = timeline.merged(event)) {
        for (const uint32_t copy : merged->copies) take(copy);
      } else {
        take(event);
      }
    }
  }

  RuleResult result;
  for (auto& [key, draft] : drafts) {
    if (draft.operations.empty()) {
      if (draft.any_right) ++result.lost_to_look_back;
      continue;
    }
    // | extend timestamp = timekey, AccountCustomEntity = Caller
    SentinelRow row;
    row.caller = store.dictionary(Column::caller).text(key.caller);
    row.hour = key.hour;
    row.empty_caller = key.caller == 0;
    row.owed_to_succeeded = draft.owed;
    compact_sort(draft.operations.begin(), draft.operations.end());
    draft.operations.erase(std::unique(draft.operations.begin(), draft.operations.end()), draft.operations.end());
    compact_sort(draft.operations.begin(), draft.operations.end(),
                 [&](uint32_t a, uint32_t b) { return operations.text(a) < operations.text(b); });
    for (const uint32_t id : draft.operations) row.operations.push_back(operations.text(id));
    row.operation_ids = std::move(draft.operations);
    result.rows.push_back(std::move(row));
  }
  compact_sort(result.rows.begin(), result.rows.end(),
               [](const SentinelRow& a, const SentinelRow& b) { return a.caller != b.caller ? a.caller < b.caller : a.hour < b.hour; });
  return result;
}

}  // namespace csh
