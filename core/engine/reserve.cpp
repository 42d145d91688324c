#include "engine/reserve.h"

#include <cstdint>
#include <cstdlib>
#include <new>

namespace csh {
namespace {

void* reserve = nullptr;

// The builds with sanitizers ask for less: theirs is a malloc that maps and marks every larger piece, and tests write files byte by byte.
#ifdef CSH_MOST_ASKED
constexpr size_t kMostAsked = CSH_MOST_ASKED;
#else
constexpr size_t kMostAsked = SIZE_MAX;
#endif

void on_failure() {
  if (reserve == nullptr) std::abort();
  std::free(reserve);
  reserve = nullptr;
}

}  // namespace

// By malloc: operator new would ask the handler itself.
bool fill_reserve() {
  std::set_new_handler(on_failure);
  if (reserve == nullptr) reserve = std::malloc(kReserveBytes);
  return reserve != nullptr;
}

bool reserve_is_spent() { return reserve == nullptr; }

bool room_for(size_t bytes) {
  bytes = bytes < kMostAsked ? bytes : kMostAsked;
  // A compiler may leave out a malloc whose memory nobody looks at.
  void* volatile place = std::malloc(bytes);
  std::free(place);
  return place != nullptr;
}

}  // namespace csh
