// Distinct texts of events, compared without regard to ASCII case, each as first met; sorted by bytes when taken.
#pragma once
#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "compact_sort.h"
#include "store/dictionary.h"

namespace csh {

class Distinct {
 public:
  // `id` of one dictionary throughout; the empty text does not count. Returns true when the text is new.
  bool add(uint32_t id, const Dictionary& dictionary) {
    if (id == 0 || !ids_.insert(id).second) return false;
    return texts_.insert(dictionary.text(id)).second;
  }
  bool contains(std::string_view text) const { return texts_.contains(text); }
  size_t size() const { return texts_.size(); }
  std::vector<std::string_view> sorted() const {
    std::vector<std::string_view> texts(texts_.begin(), texts_.end());
    compact_sort(texts.begin(), texts.end());
    return texts;
  }

 private:
  struct FoldLess {
    bool operator()(std::string_view a, std::string_view b) const { return compare_fold(a, b) < 0; }
  };
  std::unordered_set<uint32_t> ids_;
  std::set<std::string_view, FoldLess> texts_;
};

}  // namespace csh
