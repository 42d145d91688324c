// Record -> event: recognises the record's shape and takes each field from the places that the shape names. Records are those of field_tree().
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shapes/csv_record.h"
#include "shapes/field_tree.h"
#include "shapes/record.h"
#include "shapes/shape.h"
#include "store/event_store.h"

namespace csh {

// What a record turned out to be.
enum class RecordKind : uint8_t {
  event,
  other_table,     // a row of another table
  other_category,  // a diagnostic record of another log
  unusable,        // an event whose operation PowerShell replaced by the name of a type
  unknown,         // nothing of the Activity log in it
};

struct Mapped {
  RecordKind kind = RecordKind::unknown;
  const ShapeDescription* shape = nullptr;
  EventFields fields;  // offset and length are the caller's
  // Per text column, and last for the time: which source of the shape gave the value, counted from 1; 0 when none did.
  std::array<uint8_t, kColumns + 1> fed{};
  uint8_t present = 0;  // bits of Needed whose alias the record has
  bool day_first_proven = false, month_first_proven = false;
  bool unmapped_name = false;  // the operation is a display name that no table has
  std::string_view kind_name;  // of other logs: their category or table
};

class EventMapper {
 public:
  EventMapper();
  // The first shape whose recognition holds; nullptr when none.
  const ShapeDescription* recognise(const Record& record) const;
  // True when an object that has these nodes below the root has places for a shape's time and operation.
  bool holds_event(std::span<const uint32_t> first_level) const;
  // Views in the result last as long as the record and until the next map(). `columns`: the CSV reader when the record is a row, for what its header says of zones.
  Mapped map(const Record& record, const CsvRecordReader* columns) const;

 private:
  struct SlotSource {
    uint32_t slot;
    Take take;
  };
  struct Compiled {
    const ShapeDescription* shape;
    std::vector<std::vector<uint32_t>> groups;
    std::array<std::vector<SlotSource>, kColumns> columns;
    std::vector<SlotSource> time, category;
    std::vector<uint32_t> time_nodes, operation_nodes;  // below the root, on the way to the sources
    uint32_t table_slot, user_slot, domain_slot;
  };
  static std::string_view take(const Record& record, const std::vector<SlotSource>& sources, bool& present, uint8_t& fed);
  [[gnu::cold]] static std::vector<Compiled> compile();
  const Compiled* find(const Record& record) const;

  const std::vector<Compiled>& shapes_;  // the same for all mappers
  mutable std::string account_;          // a caller put together from name and domain; the last map() may refer to it
  uint32_t localizable_slot_;            // where PowerShell may have written "…LocalizableString"
};

// The path of a column's source, `fed` as in Mapped; for column kColumns the time's.
std::string_view source_path(const ShapeDescription& shape, size_t column, uint8_t fed);

// The segment behind /resourceGroups/ (any case) of a resource id, or empty.
std::string_view group_of_resource_id(std::string_view id);
// The segment behind a leading /subscriptions/, or empty.
std::string_view subscription_of_resource_id(std::string_view id);

}  // namespace csh
