#include "shapes/column_name.h"

namespace csh {

ColumnName read_column_name(const FieldTree& tree, std::string_view name) {
  ColumnName column;
  constexpr std::string_view kUtc = " [UTC]", kLocal = " [Local Time]";
  if (name.ends_with(kUtc)) {
    column.zone = ColumnZone::utc;
    name.remove_suffix(kUtc.size());
  } else if (name.ends_with(kLocal)) {
    column.zone = ColumnZone::local;
    name.remove_suffix(kLocal.size());
  }
  column.node = tree.resolve(name);
  for (const std::string_view suffix : {"_string", "_dynamic", "_datetime"}) {
    if (column.node == FieldTree::kNone && name.ends_with(suffix)) column.node = tree.resolve(name.substr(0, name.size() - suffix.size()));
  }
  return column;
}

}  // namespace csh
