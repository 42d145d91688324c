// Sorting where little code matters more than the last bit of speed. libc++ makes some 3 kB of WebAssembly for every std::sort of another type or order;
// those of two dozen calls were a sixth of the module that the page loads first. This one is 0.3 kB each, and as std::sort never quadratic: texts of
// the evidence decide the order, and must not decide the time. Equal elements may change places.
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace csh {

template <class Iterator, class Less = std::less<>>
void compact_sort(Iterator first, Iterator last, Less less = {}) {
  constexpr size_t kFew = 16;  // most lists are shorter: operations of a session, copies of an event
  const auto count = static_cast<size_t>(last - first);
  if (std::is_sorted(first, last, less)) return;  // as logs mostly are
  const auto at = [&](size_t index) -> decltype(auto) { return first[static_cast<std::ptrdiff_t>(index)]; };
  if (count <= kFew) {
    for (size_t i = 1; i < count; ++i) {
      auto value = std::move(at(i));
      size_t hole = i;
      for (; hole > 0 && less(value, at(hole - 1)); --hole) at(hole) = std::move(at(hole - 1));
      at(hole) = std::move(value);
    }
    return;
  }
  // Heapsort. In the first half of the rounds the heap is made, in the second its greatest element is taken out to the end.
  size_t roots = count / 2, end = count;
  while (end > 1) {
    const bool making = roots > 0;
    size_t hole = making ? --roots : 0;
    auto value = std::move(at(making ? hole : --end));
    if (!making) at(end) = std::move(at(0));
    for (size_t child; (child = 2 * hole + 1) < end; hole = child) {
      if (child + 1 < end && less(at(child), at(child + 1))) ++child;
      if (!less(value, at(child))) break;
      at(hole) = std::move(at(child));
    }
    at(hole) = std::move(value);
  }
}

}  // namespace csh
