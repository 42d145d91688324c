// Distinct texts of the events of one session or operation, compared without regard to ASCII case, each as first met; sorted by bytes when taken.
// Made to be used again for the next one: what was met is told by a number, so that nothing is cleared and nothing allocated an event.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "compact_sort.h"
#include "hunt/groundwork.h"
#include "hunt/lists.h"

namespace csh {

class Distinct {
 public:
  Distinct(const Groundwork& groundwork, const EventStore& store, Column column)
      : folded_(groundwork.folded(column)), dictionary_(store.dictionary(column)) {}

  // Nothing is met yet.
  void begin() {
    ++turn_;
    ids_.clear();
  }
  // The empty text does not count.
  void add(uint32_t id) {
    if (id == 0) return;
    const uint32_t folded = folded_.of(id);
    if (folded >= met_.size()) met_.resize(folded_.size());
    if (met_[folded] == turn_) return;
    met_[folded] = turn_;
    ids_.push_back(id);
  }
  size_t size() const { return ids_.size(); }
  std::span<const std::string_view> sorted(Lists<std::string_view>& lists) const {
    const std::span<std::string_view> texts = lists.make(ids_.size());
    for (size_t i = 0; i < ids_.size(); ++i) texts[i] = dictionary_.text(ids_[i]);
    compact_sort(texts.begin(), texts.end());
    return texts;
  }
  // As met.
  const std::vector<uint32_t>& ids() const { return ids_; }

 private:
  FoldedIds& folded_;
  const Dictionary& dictionary_;
  std::vector<uint32_t> met_;  // by folded id: the turn in which it was met last
  uint32_t turn_ = 0;
  std::vector<uint32_t> ids_;
};

// How often each number was met; as Distinct, made to be used again.
class Tally {
 public:
  void begin() {
    for (const uint32_t key : keys_) counts_[key] = 0;
    keys_.clear();
  }
  void add(uint32_t key) {
    if (key >= counts_.size()) counts_.resize(key + 1);
    if (counts_[key]++ == 0) keys_.push_back(key);
  }
  // As met.
  const std::vector<uint32_t>& keys() const { return keys_; }
  uint32_t count(uint32_t key) const { return counts_[key]; }

 private:
  std::vector<uint32_t> counts_;
  std::vector<uint32_t> keys_;
};

}  // namespace csh
