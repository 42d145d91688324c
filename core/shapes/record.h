// One record's values, whatever it was written as: what a JSON walk or a CSV row fills and what an event is mapped from.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace csh {

enum class ValueKind : uint8_t { absent, null, text, number, boolean, object, list };

struct Value {
  ValueKind kind = ValueKind::absent;
  std::string_view text;  // of text and number; valid until the next record is read
};

class Record {
 public:
  explicit Record(uint32_t slots) : values_(slots) {}
  void clear() {
    for (const uint32_t slot : filled_) values_[slot] = {};
    filled_.clear();
    duplicate_key = false;
    page = false;
  }
  void set(uint32_t slot, Value value) {
    if (values_[slot].kind == ValueKind::absent) filled_.push_back(slot);
    values_[slot] = value;
  }
  const Value& value(uint32_t slot) const { return values_[slot]; }
  bool has(uint32_t slot) const { return values_[slot].kind != ValueKind::absent; }

  bool duplicate_key = false;  // a mapped key stood twice in the same spelling; the last one counts
  bool page = false;           // a list stands under an envelope key: not a record but a page of them
  std::string_view raw;        // the record's bytes

 private:
  std::vector<Value> values_;
  std::vector<uint32_t> filled_;
};

}  // namespace csh
