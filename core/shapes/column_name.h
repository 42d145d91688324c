// What the name of a table's column says: which path it feeds, and in which zone its times are.
#pragma once
#include <cstdint>
#include <string_view>

#include "shapes/field_tree.h"

namespace csh {

// Log Analytics writes "TimeGenerated [UTC]", or "[Local Time]" without saying which.
enum class ColumnZone : uint8_t { unsaid, utc, local };

struct ColumnName {
  uint32_t node = FieldTree::kNone;  // none: no shape asks for the column
  ColumnZone zone = ColumnZone::unsaid;
};

// Takes off the zone, and the type that KQL's union appends where two tables disagree (Caller_string); dots may stand for nesting.
ColumnName read_column_name(const FieldTree& tree, std::string_view name);

}  // namespace csh
