// Strings of one column, each held once: a text becomes a 32-bit id, and a column of a million events is a million ids.
// Invariants: id 0 is the empty string; ids are dense, given in order of arrival, and never change; text(id) stays valid while the
// dictionary lives. Ids say nothing about order: whoever prints sorts by text, since arrival differs with the number of workers.
// Texts are an attacker's to choose: hashes are keyed (seed_hashes), so that texts of one hash, which would make reading quadratic, cannot be made
// ahead. Nothing that is printed depends on the key.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "store/blocks.h"

namespace csh {

// The key of dictionaries made from now on. Whoever runs the core brings the randomness, once and before anything else: the core has none.
void seed_hashes(uint64_t seed);

class Dictionary {
 public:
  Dictionary();
  Dictionary(Dictionary&&) = default;
  Dictionary& operator=(Dictionary&&) = default;

  // Copies `text` on first sight. Amortised O(length).
  uint32_t intern(std::string_view text);
  std::string_view text(uint32_t id) const { return {entries_[id].data, entries_[id].length}; }
  uint32_t size() const { return entries_.size(); }
  // Bytes held by text and tables together.
  uint64_t bytes() const;
  // What may be asked for at once while `texts` new ones come: larger tables, beside which the former ones stand until theirs are filled.
  uint64_t growth_bytes(uint32_t texts) const;
  // How many slots are taken in a row at most: what a search may have to walk.
  uint32_t longest_run() const;

 private:
  struct Entry {
    const char* data;
    uint32_t length;
    std::string_view view() const { return {data, length}; }
  };
  uint32_t hash_of(std::string_view text) const;
  const char* keep(std::string_view text);
  void grow();

  Blocks<Entry> entries_;
  struct Slot {
    uint32_t hash = 0;
    uint32_t id = 0;  // 0: free; the empty string has no slot
  };
  // Open addressing, linear probing; the size is a power of two. Most texts of a log's ids are new: a slot says so without a look at entries
  // and texts, which lie anywhere in memory.
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t block_left_ = 0;
  char* block_next_ = nullptr;
  uint64_t block_bytes_ = 0;
  uint32_t last_ = 0;  // the id given last
  uint64_t seed_;
};

// Equality and a copy in lower case, for ASCII letters alone: Kusto folds no others (KQL =~), so "K" (Kelvin sign) never equals "k".
bool equal_fold(std::string_view a, std::string_view b);
int compare_fold(std::string_view a, std::string_view b);
std::string_view fold_into(std::string_view text, std::vector<char>& room);
constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace csh
