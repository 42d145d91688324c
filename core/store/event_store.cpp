#include "store/event_store.h"

#include <algorithm>

namespace csh {

std::string_view needed_name(Needed column) {
  switch (column) {
    case Needed::time: return "TimeGenerated";
    case Needed::caller: return "Caller";
    case Needed::operation: return "OperationNameValue";
    case Needed::status: return "ActivityStatusValue";
    case Needed::resource_group: return "ResourceGroup";
  }
  return "";
}

std::string_view column_name(Column column) {
  switch (column) {
    case Column::caller: return "Caller";
    case Column::operation: return "OperationNameValue";
    case Column::status: return "ActivityStatusValue";
    case Column::resource_group: return "ResourceGroup";
    case Column::ip: return "CallerIpAddress";
    case Column::subscription: return "SubscriptionId";
    case Column::app_id: return "Claims.appid";
    case Column::resource_id: return "_ResourceId";
    case Column::correlation_id: return "CorrelationId";
    case Column::event_id: return "EventDataId";
  }
  return "";
}

uint32_t EventStore::add_input(Input input) {
  inputs_.push_back(std::move(input));
  return static_cast<uint32_t>(inputs_.size() - 1);
}

void EventStore::append(uint32_t input, const EventFields& event) {
  if (runs_.empty() || runs_.back().input != input) runs_.push_back({size(), input});
  time_.push_back(event.time);
  for (size_t column = 0; column < kColumns; ++column) ids_[column].push_back(dictionaries_[column].intern(event.text[column]));
  offset_.push_back(event.offset);
  length_.push_back(event.length);
  flags_.push_back(event.flags);
  Input& row = inputs_[input];
  ++row.events;
  if (event.time == kNoTime) ++row.no_time;
  if (event.flags & kZoneless) ++row.zoneless;
  if (event.flags & kEitherOrder) ++row.either_order;
  if (!event.text[static_cast<size_t>(Column::app_id)].empty()) row.carries_app_ids = true;
}

uint64_t EventStore::drop_events(uint32_t input) {
  if (runs_.empty() || runs_.back().input != input) return 0;
  const uint32_t first = runs_.back().first;
  const uint64_t dropped = size() - first;
  runs_.pop_back();
  cut_columns(first);
  Input& row = inputs_[input];
  row.events = row.no_time = row.zoneless = row.either_order = 0;
  row.carries_app_ids = false;
  return dropped;
}

void EventStore::cut_columns(uint32_t size) {
  time_.cut(size);
  for (auto& ids : ids_) ids.cut(size);
  offset_.cut(size);
  length_.cut(size);
  flags_.cut(size);
}

void EventStore::replace_inputs(std::vector<Input> inputs, const std::vector<uint32_t>& becomes) {
  std::vector<Run> runs;
  uint32_t kept = 0;  // events already in their place
  const auto move_down = [&](auto& values, uint32_t from, uint32_t count) {
    if (kept == from) return;
    for (uint32_t i = 0; i < count; ++i) values[kept + i] = values[from + i];
  };
  for (size_t run = 0; run < runs_.size(); ++run) {
    const uint32_t from = runs_[run].first, end = run + 1 < runs_.size() ? runs_[run + 1].first : size();
    const uint32_t input = becomes[runs_[run].input];
    if (input == kDropped) continue;
    if (runs.empty() || runs.back().input != input) runs.push_back({kept, input});
    move_down(time_, from, end - from);
    for (auto& ids : ids_) move_down(ids, from, end - from);
    move_down(offset_, from, end - from);
    move_down(length_, from, end - from);
    move_down(flags_, from, end - from);
    kept += end - from;
  }
  cut_columns(kept);
  runs_ = std::move(runs);
  inputs_ = std::move(inputs);
}

uint32_t EventStore::input_of(uint32_t event) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), event, [](uint32_t e, const Run& run) { return e < run.first; });
  return (after - 1)->input;
}

uint64_t EventStore::column_bytes() const {
  uint64_t bytes = time_.bytes() + offset_.bytes() + length_.bytes() + flags_.bytes() + runs_.capacity() * sizeof(Run);
  for (const auto& ids : ids_) bytes += ids.bytes();
  return bytes;
}

uint64_t EventStore::growth_bytes(uint32_t texts) const {
  uint64_t bytes = 0;
  for (const Dictionary& dictionary : dictionaries_) bytes += dictionary.growth_bytes(texts);
  return bytes;
}

uint64_t EventStore::dictionary_bytes() const {
  uint64_t bytes = 0;
  for (const Dictionary& dictionary : dictionaries_) bytes += dictionary.bytes();
  return bytes;
}

}  // namespace csh
