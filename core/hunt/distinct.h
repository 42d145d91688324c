// Distinct texts of the events of one session or operation, compared without regard to ASCII case, each as first met; sorted by bytes when taken.
// Made to be used again for the next one: what was met is told by a number, so that nothing is cleared and nothing allocated an event.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "compact_sort.h"
#include "hunt/groundwork.h"

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
  std::vector<std::string_view> sorted() const {
    std::vector<std::string_view> texts;
    texts.reserve(ids_.size());
    for (const uint32_t id : ids_) texts.push_back(dictionary_.text(id));
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

}  // namespace csh
