// Events of a timeline with what a hunt asks of them. They are read some at a time and column by column: one after the other the events of a caller
// lie anywhere in the store, and only where many loads stand beside each other does the processor wait for them together. Event by event a hunt over
// a million events took 27 ms natively, in this way 21.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "hunt/timeline.h"
#include "store/event_store.h"

namespace csh {

struct Moment {
  uint32_t event = 0;  // index into the store
  Ticks time = 0;
  std::array<uint32_t, kColumns> ids{};  // with what copies add; of caller and event id nothing is told here
  uint16_t flags = 0;                    // likewise; Timeline::flags
  uint32_t id(Column column) const { return ids[static_cast<size_t>(column)]; }
};

class MomentReader {
 public:
  // Both must outlive it.
  MomentReader(const EventStore& store, const Timeline& timeline) : store_(store), timeline_(timeline) {}

  // Calls visit(place, moment) for the places [first, last) of Timeline::moments(), in order. What is visited must not use this reader.
  template <class Visit>
  void each(uint32_t first, uint32_t last, const Visit& visit) {
    while (first < last) {
      const uint32_t count = std::min<uint32_t>(last - first, kAtOnce);
      for (uint32_t i = 0; i < count; ++i) read_[i].event = timeline_.moments()[first + i];
      fill(count);
      for (uint32_t i = 0; i < count; ++i) visit(first + i, std::as_const(read_[i]));
      first += count;
    }
  }
  // The same for places one by one: place_of(element) of each element.
  template <class Element, class PlaceOf, class Visit>
  void each_of(std::span<const Element> elements, const PlaceOf& place_of, const Visit& visit) {
    for (size_t at = 0; at < elements.size();) {
      const auto count = static_cast<uint32_t>(std::min<size_t>(elements.size() - at, kAtOnce));
      for (uint32_t i = 0; i < count; ++i) read_[i].event = timeline_.moments()[place_of(elements[at + i])];
      fill(count);
      for (uint32_t i = 0; i < count; ++i) visit(place_of(elements[at + i]), std::as_const(read_[i]));
      at += count;
    }
  }

 private:
  static constexpr uint32_t kAtOnce = 128;
  // The first `count` of read_, of which only the events are known.
  void fill(uint32_t count);

  const EventStore& store_;
  const Timeline& timeline_;
  std::array<Moment, kAtOnce> read_;
};

}  // namespace csh
