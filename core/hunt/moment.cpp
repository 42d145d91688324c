#include "hunt/moment.h"

namespace csh {

void MomentReader::fill(uint32_t count) {
  static constexpr Column kRead[] = {Column::operation,    Column::status, Column::resource_group, Column::ip,
                                     Column::subscription, Column::app_id, Column::resource_id,    Column::correlation_id};
  for (const Column column : kRead) {
    for (uint32_t i = 0; i < count; ++i) read_[i].ids[static_cast<size_t>(column)] = store_.id(read_[i].event, column);
  }
  for (uint32_t i = 0; i < count; ++i) read_[i].flags = timeline_.flags(read_[i].event);
  for (uint32_t i = 0; i < count; ++i) read_[i].time = *timeline_.time(read_[i].event);
  if (!timeline_.has_merged()) return;
  for (uint32_t i = 0; i < count; ++i) {
    if (const MergedEvent* const merged = timeline_.merged(read_[i].event)) read_[i].ids = merged->ids;
  }
}

}  // namespace csh
