// What is said of an input once all of it is read: its shape, and the notes that depend on the whole. Made in this one place from counts, so that
// an input read in parts says the same, byte for byte, as one that was read in one go.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/event_store.h"

namespace csh {

// Sets shape, refused, cut and notes from the counts; to be called once, on an input whose books are closed.
void conclude(Input& input);

// A table that no shape knows, by its columns.
std::string not_our_table(const std::vector<std::string>& columns);

}  // namespace csh
