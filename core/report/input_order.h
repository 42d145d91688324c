// The order in which inputs are printed, whatever the order in which they were read: path, size, content.
#pragma once
#include <cstdint>
#include <vector>

#include "store/event_store.h"

namespace csh {

// Indexes of the store's inputs in printed order.
std::vector<uint32_t> input_order(const EventStore& store);

}  // namespace csh
