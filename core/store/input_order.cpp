#include "store/input_order.h"

#include <algorithm>

#include "compact_sort.h"

namespace csh {
namespace {

// Order of two inputs of one path and size by what was read from them. Rare (two files of one name dropped together), so it may be slow.
int compare_content(const EventStore& store, uint32_t a, uint32_t b) {
  std::vector<uint32_t> events[2];
  for (uint32_t event = 0; event < store.size(); ++event) {
    const uint32_t input = store.input_of(event);
    if (input == a) events[0].push_back(event);
    if (input == b) events[1].push_back(event);
  }
  // Parts of an input may have arrived in any order.
  for (auto& of_input : events)
    compact_sort(of_input.begin(), of_input.end(), [&](uint32_t x, uint32_t y) { return store.offset(x) < store.offset(y); });
  const size_t shared = std::min(events[0].size(), events[1].size());
  for (size_t i = 0; i < shared; ++i) {
    const uint32_t x = events[0][i], y = events[1][i];
    if (store.offset(x) != store.offset(y)) return store.offset(x) < store.offset(y) ? -1 : 1;
    if (store.length(x) != store.length(y)) return store.length(x) < store.length(y) ? -1 : 1;
    if (store.raw_time(x) != store.raw_time(y)) return store.raw_time(x) < store.raw_time(y) ? -1 : 1;
    if (store.flags(x) != store.flags(y)) return store.flags(x) < store.flags(y) ? -1 : 1;
    for (size_t column = 0; column < kColumns; ++column) {
      if (const int order = store.text(x, static_cast<Column>(column)).compare(store.text(y, static_cast<Column>(column))); order != 0)
        return order;
    }
  }
  const auto figures = [&](uint32_t i) {
    const Input& input = store.inputs()[i];
    return std::array<uint64_t, 5>{input.events, input.other, input.rejected, input.record_bytes, input.structure_bytes};
  };
  const auto x = figures(a), y = figures(b);
  if (x != y) return x < y ? -1 : 1;
  const auto& left = store.inputs()[a].rejects;
  const auto& right = store.inputs()[b].rejects;
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (left[i].offset != right[i].offset) return left[i].offset < right[i].offset ? -1 : 1;
  }
  return 0;
}

}  // namespace

std::vector<uint32_t> input_order(const EventStore& store) {
  std::vector<uint32_t> order(store.inputs().size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  compact_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const Input &x = store.inputs()[a], &y = store.inputs()[b];
    if (x.path != y.path) return x.path < y.path;
    if (x.bytes != y.bytes) return x.bytes < y.bytes;
    return a != b && compare_content(store, a, b) < 0;
  });
  return order;
}

}  // namespace csh
