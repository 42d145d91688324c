// A column that grows without ever being moved as a whole: blocks of a fixed number of values, of which only the last one is grown in place, by a
// thirty-second of what the column holds. Invariants: values before the last block never move; at any size the room exceeds what is held by at
// most 1/32 and one value (a vector that doubles: by up to all of it), so the bytes of an event are what they should be at every count.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

namespace csh {

// Values of a block. A power of two; at 4,096 the last block's growth copies 16 MB over the life of any column of 8-byte values.
inline constexpr uint32_t kBlockValues = 4096;

template <class T>
class Blocks {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Blocks() = default;
  Blocks(Blocks&& other) noexcept : blocks_(std::move(other.blocks_)), size_(other.size_), capacity_(other.capacity_) { other.let_go(); }
  Blocks& operator=(Blocks&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.let_go();
    return *this;
  }

  uint32_t size() const { return size_; }
  const T& operator[](uint32_t i) const { return blocks_[i / kBlockValues][i % kBlockValues]; }
  T& operator[](uint32_t i) { return blocks_[i / kBlockValues][i % kBlockValues]; }
  void push_back(T value) {
    if (size_ == capacity_) grow(1);
    blocks_[size_ / kBlockValues][size_ % kBlockValues] = value;
    ++size_;
  }
  // `count` values more, unset.
  void extend(uint32_t count) {
    for (const uint32_t size = size_ + count; size_ < size;) {
      if (size_ == capacity_) grow(size - size_);
      size_ = std::min(size, capacity_);
    }
  }
  // The first `size` values stay, at most as many as there are.
  void cut(uint32_t size) {
    blocks_.resize((size + kBlockValues - 1) / kBlockValues);
    size_ = size;
    capacity_ = std::min(capacity_, static_cast<uint32_t>(blocks_.size()) * kBlockValues);
  }
  // Calls visit(pointer, count) for the stretches in which values [from, from + count) lie one behind the other, in order.
  template <class Visit>
  void stretches(uint32_t from, uint32_t count, const Visit& visit) const {
    while (count > 0) {
      const uint32_t here = std::min(count, kBlockValues - from % kBlockValues);
      visit(&blocks_[from / kBlockValues][from % kBlockValues], here);
      from += here;
      count -= here;
    }
  }
  template <class Visit>
  void stretches(uint32_t from, uint32_t count, const Visit& visit) {
    while (count > 0) {
      const uint32_t here = std::min(count, kBlockValues - from % kBlockValues);
      visit(&blocks_[from / kBlockValues][from % kBlockValues], here);
      from += here;
      count -= here;
    }
  }
  // Held, room included.
  uint64_t bytes() const { return uint64_t{capacity_} * sizeof(T) + blocks_.capacity() * sizeof(Block); }

 private:
  using Block = std::unique_ptr<T[]>;

  void grow(uint32_t wanted) {
    const uint32_t used = size_ % kBlockValues;
    const uint32_t room = std::min(kBlockValues, used + std::max({wanted, size_ / 32, 1u}));
    Block block(new T[room]);
    if (used > 0) {
      std::memcpy(block.get(), blocks_.back().get(), used * sizeof(T));
      blocks_.back() = std::move(block);
    } else {
      blocks_.push_back(std::move(block));
    }
    capacity_ = size_ - used + room;
  }
  void let_go() {
    blocks_.clear();
    size_ = capacity_ = 0;
  }

  std::vector<Block> blocks_;
  uint32_t size_ = 0, capacity_ = 0;
};

}  // namespace csh
