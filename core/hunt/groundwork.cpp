#include "hunt/groundwork.h"

#include <algorithm>

#include "compact_sort.h"
#include "hunt/coverage.h"

namespace csh {

uint32_t FoldedIds::first(uint32_t id) {
  if (known_.empty()) known_.resize(dictionary_.size(), UINT32_MAX);
  return known_[id] = folded_.intern(fold_into(dictionary_.text(id), room_));
}

Groundwork::Groundwork(const EventStore& store, const Timeline& timeline) : timeline_(timeline) {
  for (size_t column = 0; column < kColumns; ++column) folded_.emplace_back(store.dictionary(static_cast<Column>(column)));
  const Dictionary& operations = store.dictionary(Column::operation);
  operation.resize(operations.size());
  for (uint32_t id = 0; id < operations.size(); ++id) {
    const std::string_view name = operations.text(id);
    operation[id] = {equal_fold(name, kListKeys), equal_fold(name, kConsoleWrite), is_shell_setup_write(name),
                     folded(Column::operation).of(id), find_in_catalogue(name)};
  }
  const Dictionary& statuses = store.dictionary(Column::status);
  status = status_words(statuses);
  for (uint32_t id = 0; id < statuses.size(); ++id) status_is_plain.push_back(equal_fold(statuses.text(id), status_name(status[id])));
  const Dictionary& apps = store.dictionary(Column::app_id);
  for (uint32_t id = 0; id < apps.size(); ++id) {
    shell_app.push_back(is_shell_app(apps.text(id)));
    console_app.push_back(equal_fold(apps.text(id), kConsoleApp));
  }
  const Dictionary& groups = store.dictionary(Column::resource_group);
  for (uint32_t id = 0; id < groups.size(); ++id) shell_group.push_back(is_shell_group(groups.text(id)));

  const auto lists = [&](uint32_t operation_id, uint32_t status_id, uint32_t group_id) {
    return operation[operation_id].list_keys && status[status_id] == StatusWord::success && shell_group[group_id] != 0;
  };
  // In the store's order, where neighbours lie together; of a moment only a bit is asked for then.
  std::vector<uint8_t> may_signal(store.size());
  bool nobody_lists = false;
  input_no_time.resize(store.inputs().size());
  for (uint32_t event = 0; event < store.size(); ++event) {
    const uint32_t name = store.id(event, Column::operation);
    const bool has_time = timeline.time(event).has_value(), has_caller = store.id(event, Column::caller) != 0;
    if (!has_time) ++input_no_time[store.input_of(event)];
    if (!has_caller) ++no_caller;
    if (name == 0) continue;
    const bool listing = lists(name, store.id(event, Column::status), store.id(event, Column::resource_group));
    may_signal[event] = listing || operation[name].console_write || shell_app[store.id(event, Column::app_id)] != 0;
    if (!listing || !has_time) continue;
    listings.push_back(event);
    nobody_lists = nobody_lists || !has_caller;
  }
  const auto& moments = timeline.moments();
  for (uint32_t index = 0; index < moments.size(); ++index) {
    const uint32_t event = moments[index];
    bool signals = may_signal[event] != 0;
    if (timeline.merged(event) != nullptr) {
      const uint32_t name = timeline.id(event, Column::operation);
      signals = name != 0 && (lists(name, timeline.id(event, Column::status), timeline.id(event, Column::resource_group)) ||
                              operation[name].console_write || shell_app[timeline.id(event, Column::app_id)] != 0);
    }
    if (signals) candidates.push_back(index);
  }
  if (nobody_lists) {
    for (uint32_t event = 0; event < store.size(); ++event) {
      if (store.id(event, Column::caller) == 0 && timeline.time(event)) nobody.push_back(event);
    }
    compact_sort(nobody.begin(), nobody.end(), [&](uint32_t a, uint32_t b) { return *timeline.time(a) < *timeline.time(b); });
  }
  addresses_.resize(timeline.groups());
  addresses_known_.resize(timeline.groups());
  find_coverage(store, timeline, *this);
}

std::span<const Groundwork::Address> Groundwork::addresses_of(uint32_t group) const {
  std::vector<Address>& addresses = addresses_[group];
  if (addresses_known_[group]) return addresses;
  addresses_known_[group] = 1;
  FoldedIds& folds = folded(Column::ip);
  for (uint32_t index = timeline_.group_start(group); index < timeline_.group_start(group + 1); ++index) {
    const uint32_t ip = timeline_.id(timeline_.moments()[index], Column::ip);
    if (ip == 0) continue;
    const uint32_t folded_ip = folds.of(ip);
    if (folded_ip >= met_in_.size()) met_in_.resize(folds.size());
    if (met_in_[folded_ip] == group + 1) continue;
    met_in_[folded_ip] = group + 1;
    addresses.push_back({folded_ip, index});
  }
  compact_sort(addresses.begin(), addresses.end(), [](const Address& a, const Address& b) { return a.folded < b.folded; });
  return addresses;
}

}  // namespace csh
