// Inputs that several workers read in parts: what a part is given and gives back, and how parts become one input again.
// A part owns the records whose first byte lies in it. It begins at a place and state that are known (the input's beginning, or where the part
// before it ended) or guessed, and it ends at the first clean place at or behind its end, often in the bytes of the next part. Whoever gives out
// parts compares: where a part did not begin with the very place and state with which the one before it ended, it is dropped and read again
// from there. So the result never depends on a guess; only the time does.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "error.h"
#include "store/event_store.h"

namespace csh {

struct PartToRead {
  uint32_t id = 0;
  uint64_t from = 0;  // of the first byte that will be written
  uint64_t to = 0;    // owns no record that begins at or behind this
  // What the input's reader knows at `from` (InputReader::state); empty: the input's beginning.
  std::string state;
  // `state` is that of some place in the input's beginning, and `from` is any place: where the part begins is to be guessed.
  bool guess = false;
};

struct PartRead {
  std::optional<uint64_t> start;  // none: no record was found to begin with
  std::string start_state;
  uint64_t end = 0;
  std::string end_state;  // empty: the end of the input
  // Ended at a clean place or at the input's end; false: the bytes stopped before.
  bool whole = false;
  // Something was met whose meaning reaches over the whole input: it must be read in one go.
  bool alone = false;
};

// Removes a part, and its events, from the store. True: it was there.
bool drop_part(EventStore& store, uint32_t id);

// Parts of one number become one input, whatever the order in which they came. An Error, and a store not to be used, if some do not meet.
Error join_parts(EventStore& store);

}  // namespace csh
