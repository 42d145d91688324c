#include "store/dictionary.h"

#include <cstring>

namespace csh {
namespace {

// 64-bit multiply-and-fold over 8-byte words, after the idea of wyhash; quality is enough for a table that compares the text anyway.
uint32_t hash_of(std::string_view text) {
  const auto mix = [](uint64_t a, uint64_t b) {
    a *= b;
    return a ^ (a >> 32);
  };
  uint64_t h = 0x9E3779B97F4A7C15u ^ (text.size() * 0xD6E8FEB86659FD93u);
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    h = mix(h ^ word, 0xD6E8FEB86659FD93u);
  }
  if (left > 0) {
    uint64_t word = 0;
    std::memcpy(&word, at, left);
    h = mix(h ^ word, 0xA0761D6478BD642Fu);
  }
  h = mix(h, 0xE7037ED1A0B428DBu);
  return static_cast<uint32_t>(h ^ (h >> 29));
}

constexpr size_t kFirstSlots = 16;
constexpr size_t kFirstBlock = 1024;       // most columns hold few texts
constexpr size_t kLargestBlock = 1 << 18;  // waste stays small against what fills it

}  // namespace

Dictionary::Dictionary() : slots_(kFirstSlots, 0) { intern({}); }

const char* Dictionary::keep(std::string_view text) {
  if (text.empty()) return "";
  if (text.size() > block_left_) {
    size_t size = blocks_.empty() ? kFirstBlock : kFirstBlock << (blocks_.size() < 8 ? blocks_.size() : 8);
    if (size > kLargestBlock) size = kLargestBlock;
    if (size < text.size()) size = text.size();
    blocks_.push_back(std::unique_ptr<char[]>(new char[size]));
    block_next_ = blocks_.back().get();
    block_left_ = size;
    block_bytes_ += size;
  }
  char* const place = block_next_;
  std::memcpy(place, text.data(), text.size());
  block_next_ += text.size();
  block_left_ -= text.size();
  return place;
}

void Dictionary::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t id = 0; id < entries_.size(); ++id) {
    size_t slot = entries_[id].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = id + 1;
  }
}

uint32_t Dictionary::intern(std::string_view text) {
  if (text.empty() && !entries_.empty()) return 0;
  const uint32_t hash = hash_of(text);
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.length == text.size() && std::memcmp(entry.data, text.data(), text.size()) == 0)
      return slots_[slot] - 1;
  }
  const uint32_t id = static_cast<uint32_t>(entries_.size());
  entries_.push_back({keep(text), static_cast<uint32_t>(text.size()), hash});
  slots_[slot] = id + 1;
  if (entries_.size() * 3 > slots_.size() * 2) grow();
  return id;
}

uint64_t Dictionary::bytes() const { return block_bytes_ + entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(uint32_t); }

bool equal_fold(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (fold(a[i]) != fold(b[i])) return false;
  }
  return true;
}

int compare_fold(std::string_view a, std::string_view b) {
  const size_t shared = a.size() < b.size() ? a.size() : b.size();
  for (size_t i = 0; i < shared; ++i) {
    const auto x = static_cast<unsigned char>(fold(a[i])), y = static_cast<unsigned char>(fold(b[i]));
    if (x != y) return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

std::string_view fold_into(std::string_view text, std::vector<char>& room) {
  room.assign(text.begin(), text.end());
  for (char& c : room) c = fold(c);
  return {room.data(), room.size()};
}

}  // namespace csh
