#include "store/dictionary.h"

#include <cstring>
#include <utility>

#include "bytes/block64.h"

namespace csh {
namespace {

uint64_t next_seed = 0x9E3779B97F4A7C15u;

// Halves of a keyed word times each other, as in NH of UMAC: the product of two 32-bit numbers loses nothing, and what a change of the word changes
// in it depends on the other half, which the key hides. (A product with a constant lets the top bit through alone, whatever the key.) The word itself
// is added so that a half of zero does not swallow the other.
uint64_t mix(uint64_t keyed) { return (keyed & 0xFFFFFFFFu) * (keyed >> 32) + (keyed << 29 | keyed >> 35); }

constexpr size_t kFirstSlots = 16;
constexpr size_t kFirstBlock = 1024;       // most columns hold few texts
constexpr size_t kLargestBlock = 1 << 18;  // waste stays small against what fills it

}  // namespace

void seed_hashes(uint64_t seed) { next_seed = seed; }

Dictionary::Dictionary() : slots_(kFirstSlots), seed_(next_seed) { intern({}); }

uint32_t Dictionary::hash_of(std::string_view text) const {
  uint64_t h = seed_ ^ (text.size() * 0xD6E8FEB86659FD93u);
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    h = mix(h ^ word);
  }
  if (left > 0) {
    uint64_t word = 0;
    std::memcpy(&word, at, left);
    h = mix(h ^ word);
  }
  // Not a text's any more: spread over all bits, of which a table takes the lowest.
  h = (h ^ h >> 32) * 0xE7037ED1A0B428DBu;
  return static_cast<uint32_t>(h >> 32);
}

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
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  const size_t mask = slots_.size() - 1;
  for (const Slot& held : before) {
    if (held.id == 0) continue;
    size_t place = held.hash & mask;
    while (slots_[place].id != 0) place = (place + 1) & mask;
    slots_[place] = held;
  }
}

uint32_t Dictionary::intern(std::string_view text) {
  if (text.empty() && entries_.size() > 0) return 0;
  // Neighbours in a log are alike in most columns.
  if (last_ < entries_.size() && same_text(entries_[last_].view(), text)) return last_;
  const uint32_t hash = hash_of(text);
  const size_t mask = slots_.size() - 1;
  size_t place = hash & mask;
  for (; slots_[place].id != 0; place = (place + 1) & mask) {
    const Slot& slot = slots_[place];
    if (slot.hash == hash && same_text(entries_[slot.id].view(), text)) return last_ = slot.id;
  }
  const uint32_t id = entries_.size();
  entries_.push_back({keep(text), static_cast<uint32_t>(text.size())});
  slots_[place] = {hash, id};
  if (size_t{id} * 3 + 3 > slots_.size() * 2) grow();
  return last_ = id;
}

uint64_t Dictionary::bytes() const { return block_bytes_ + entries_.bytes() + slots_.capacity() * sizeof(Slot); }

uint64_t Dictionary::growth_bytes(uint32_t texts) const {
  size_t slots = slots_.size();
  while ((size_t{entries_.size()} + texts) * 3 > slots * 2) slots *= 2;
  return slots == slots_.size() ? 0 : slots * sizeof(Slot);
}

uint32_t Dictionary::longest_run() const {
  uint32_t longest = 0, run = 0;
  for (const Slot& slot : slots_) {
    run = slot.id == 0 ? 0 : run + 1;
    longest = run > longest ? run : longest;
  }
  return longest;
}

bool equal_fold(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  // Eight letters at once: the top bit of each byte that is an upper-case one, moved to where small letters differ.
  const auto folded = [](const char* at) {
    constexpr uint64_t kEach = 0x0101010101010101u, kTop = 0x80 * kEach;
    uint64_t word;
    std::memcpy(&word, at, 8);
    const uint64_t low = word & ~kTop;
    const uint64_t upper = (low + (0x80 - 'A') * kEach) & ~(low + (0x7F - 'Z') * kEach) & ~word & kTop;
    return word | upper >> 2;
  };
  size_t at = 0;
  for (; at + 8 <= a.size(); at += 8) {
    if (folded(a.data() + at) != folded(b.data() + at)) return false;
  }
  for (; at < a.size(); ++at) {
    if (fold(a[at]) != fold(b[at])) return false;
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
