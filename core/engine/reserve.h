// What is done when an allocation fails. The core throws nothing and cannot go on without what it asked for, so a reserve is kept: the first
// allocation that fails gets it, and whoever reads then sees that it is spent and stops, with all that was read whole. Only what asks for more than
// the reserve ends the program (in a worker: a trap, which the page tells from a result).
// The handler of operator new is one for the whole program; so this is the one place of the core that holds something global.
#pragma once
#include <cstddef>

namespace csh {

// More than one block of an input makes the reader ask for (its records, texts and tables, but for tables that double: see room_for), and what
// closing an input takes.
inline constexpr size_t kReserveBytes = 4u << 20;

// Fills the reserve, for the first time or again. False: there is no room for it.
[[nodiscard]] bool fill_reserve();
[[nodiscard]] bool reserve_is_spent();
// Whether `bytes` could be had at once, beside the reserve. Nothing is kept of them.
[[nodiscard]] bool room_for(size_t bytes);

}  // namespace csh
