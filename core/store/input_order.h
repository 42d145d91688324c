// The order of inputs whatever the order in which they were read: path, size, content. It decides how inputs are printed and which of several
// copies of an event stays.
#pragma once
#include <cstdint>
#include <vector>

#include "store/event_store.h"

namespace csh {

// Indexes of the store's inputs in that order.
std::vector<uint32_t> input_order(const EventStore& store);

}  // namespace csh
