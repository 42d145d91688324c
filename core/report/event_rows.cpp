#include "report/event_rows.h"

#include <string>

#include "hunt/words.h"
#include "store/input_order.h"

namespace csh {

EventRows::EventRows(const EventStore& store, const Timeline& timeline, const Findings& findings)
    : store_(store), timeline_(timeline), findings_(findings), printed_(store.inputs().size()) {
  const std::vector<uint32_t> order = input_order(store);
  for (uint32_t i = 0; i < order.size(); ++i) printed_[order[i]] = i;
}

void EventRows::open(uint32_t session) {
  session_ = &findings_.sessions[session];
  size_ = session_->last_moment - session_->first_moment;
  signals_.clear();
  by_name_.clear();
  for (const Signal& signal : session_->signals) signals_.emplace(signal.event, signal.kind);
  std::vector<char> room;
  for (const Operation& operation : session_->operations) by_name_.emplace(fold_into(operation.name, room), &operation);
}

EventRow EventRows::row(uint32_t index) {
  const uint32_t event = timeline_.moments()[session_->first_moment + index];
  const uint32_t input = store_.input_of(event);
  EventRow row;
  row.time = *timeline_.time(event);
  for (size_t column = 0; column < kColumns; ++column) {
    const Column name = static_cast<Column>(column);
    row.texts[column] = store_.dictionary(name).text(timeline_.id(event, name));
  }
  if (const auto signal = signals_.find(event); signal != signals_.end()) row.signal = signal->second;
  const bool in_shell = is_shell_app(row.text(Column::app_id));
  row.attribution = in_shell                                 ? Attribution::in_shell
                    : store_.inputs()[input].carries_app_ids ? Attribution::same_window
                                                             : Attribution::unknown;
  const bool signal_alone = row.signal == SignalKind::console_write ||
                            (row.signal == SignalKind::storage_listing && !equal_fold(row.text(Column::app_id), kConsoleApp)) ||
                            row.text(Column::operation).empty();
  if (!signal_alone) {
    std::vector<char> room;
    if (const auto found = by_name_.find(std::string(fold_into(row.text(Column::operation), room))); found != by_name_.end())
      row.operation = found->second;
  }
  row.input = printed_[input];
  row.path = store_.inputs()[input].path;
  row.offset = store_.offset(event);
  row.length = store_.length(event);
  constexpr struct {
    EventFlag flag;
    std::string_view name;
  } kNames[] = {{kRawStatus, "raw_status"},       {kPolicyCategory, "policy"},         {kAdminRole, "admin_role"},
                {kPublicAccess, "public_access"}, {kSoftDeleteOff, "soft_delete_off"}, {kRepaired, "repaired"},
                {kAfterBreak, "after_break"},     {kDuplicateKey, "duplicate_key"},    {kRebuilt, "rebuilt"},
                {kZoneless, "zoneless"},          {kEitherOrder, "either_order"},      {kAmbiguousTime, "ambiguous_time"},
                {kSkippedTime, "skipped_time"}};
  const uint16_t flags = timeline_.flags(event);
  for (const auto& known : kNames) {
    if (flags & known.flag) row.flags.push_back(known.name);
  }
  if (const MergedEvent* const merged = timeline_.merged(event)) row.copies = merged->copies.size();
  return row;
}

}  // namespace csh
