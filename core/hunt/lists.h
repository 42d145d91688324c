// Many short lists that are made once and go together: one piece of memory for thousands of them. Findings hold some ten lists a session and three an
// operation; made and freed one by one they took a quarter of a native hunt.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace csh {

template <class T>
class Lists {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  // A list of `count` values, to be filled. It stays where it is until this goes, a move of this included.
  std::span<T> make(size_t count) {
    if (count > free_.size()) {
      const size_t room = std::max(count, kRoom);
      rooms_.push_back(std::make_unique<T[]>(room));
      free_ = {rooms_.back().get(), room};
    }
    const std::span<T> list = free_.first(count);
    free_ = free_.subspan(count);
    return list;
  }

 private:
  static constexpr size_t kRoom = 4096;  // values
  std::vector<std::unique_ptr<T[]>> rooms_;
  std::span<T> free_;  // of the last room
};

}  // namespace csh
