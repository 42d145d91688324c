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

RuleResult run_rule(const EventStore& store, const Timeline& timeline, bool succeeded_is_success, std::optional<Ticks> cut,
                    const std::vector<uint8_t>& runs) {
  const Dictionary& operations = store.dictionary(Column::operation);
  std::vector<uint8_t> is_list_keys(operations.size());
  for (uint32_t id = 0; id < operations.size(); ++id) is_list_keys[id] = equal_fold(operations.text(id), kListKeys);
  const Dictionary& groups = store.dictionary(Column::resource_group);
  std::vector<uint8_t> is_shell(groups.size());
  for (uint32_t id = 0; id < groups.size(); ++id) is_shell[id] = is_shell_group(groups.text(id));
  const std::vector<StatusWord> words = status_words(store.dictionary(Column::status));
  const bool all_run = std::all_of(runs.begin(), runs.end(), [](uint8_t r) { return r != 0; });
  const auto takes_part = [&](uint32_t event) { return all_run || runs[store.input_of(event)] != 0; };

  // Left side.
  std::unordered_map<CallerHour, Draft, CallerHourHash> drafts;
  std::vector<uint8_t> has_left(store.dictionary(Column::caller).size());
  for (uint32_t event = 0; event < store.size(); ++event) {
    // | where OperationNameValue =~ "Microsoft.Storage/storageAccounts/listKeys/action"
    if (!is_list_keys[store.id(event, Column::operation)]) continue;
    // | where ActivityStatusValue =~ "Success"
    const uint32_t status = store.id(event, Column::status);
    if (words[status] != StatusWord::success) continue;
    const bool own_word = (store.flags(event) & kRawStatus) != 0 || equal_fold(store.dictionary(Column::status).text(status), "Success");
    if (!own_word && !succeeded_is_success) continue;
    // | where ResourceGroup has "cloud-shell-storage"
    if (!is_shell[store.id(event, Column::resource_group)]) continue;
    // | summarize by Caller, timekey= bin(TimeGenerated, 1h)      (a null timekey meets no right row)
    const std::optional<Ticks> time = timeline.time(event);
    if (!time || !takes_part(event)) continue;
    const uint32_t caller = store.id(event, Column::caller);
    Draft& draft = drafts[{caller, hour_of(*time)}];
    if (own_word) draft.owed = false;
    has_left[caller] = 1;
  }

  // Right side, only where a left key waits for it.
  if (!drafts.empty()) {
    for (uint32_t event = 0; event < store.size(); ++event) {
      const uint32_t caller = store.id(event, Column::caller);
      if (!has_left[caller]) continue;
      // | where OperationNameValue !~ "Microsoft.Storage/storageAccounts/listKeys/action"
      // | where isnotempty(OperationNameValue)
      const uint32_t operation = store.id(event, Column::operation);
      if (operation == 0 || is_list_keys[operation]) continue;
      const std::optional<Ticks> time = timeline.time(event);
      if (!time) continue;
      // join kind=innerunique … on Caller, timekey
      const auto found = drafts.find({caller, hour_of(*time)});
      if (found == drafts.end() || !takes_part(event)) continue;
      found->second.any_right = true;
      // | where TimeGenerated >= ago(1d)
      if (cut && *time < *cut) continue;
      // | summarize make_set(OperationNameValue) by Caller, timekey=bin(TimeGenerated, 1h)
      std::vector<uint32_t>& set = found->second.operations;
      if (set.empty() || set.back() != operation) set.push_back(operation);
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
    for (const uint32_t id : draft.operations) row.operations.push_back(operations.text(id));
    compact_sort(row.operations.begin(), row.operations.end());
    result.rows.push_back(std::move(row));
  }
  compact_sort(result.rows.begin(), result.rows.end(),
               [](const SentinelRow& a, const SentinelRow& b) { return a.caller != b.caller ? a.caller < b.caller : a.hour < b.hour; });
  return result;
}

}  // namespace csh
