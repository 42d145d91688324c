#include "shapes/pandas_object.h"

#include <forward_list>
#include <optional>
#include <string>
#include <vector>

#include "bytes/framer.h"
#include "bytes/json_text.h"
#include "shapes/column_name.h"

namespace csh {
namespace {

// Puts a cell into the record, at the node of its column. `rooms` keeps alive what must be padded.
void set_cell(const JsonPlace& cell, uint32_t node, const FieldTree& tree, JsonRecordReader& reader, Record& record,
              std::forward_list<std::string>& rooms) {
  Value value{ValueKind::null, {}};
  if (const std::optional<std::string_view> text = cell.string()) {
    value = {ValueKind::text, *text};
  } else if (cell.is_number()) {
    value = {ValueKind::number, cell.raw()};
  } else if (cell.is_object()) {
    value = {ValueKind::text, cell.raw()};
  }
  if (tree.has_children(node) && value.text.starts_with('{')) {
    std::string& room = rooms.emplace_front(value.text);
    room.append(kPadding, '\0');
    reader.read_embedded(std::string_view(room).substr(0, value.text.size()), node, record);
  }
  if (tree.slot(node) != FieldTree::kNone && !cell.is_object() && record.value(tree.slot(node)).text.empty())
    record.set(tree.slot(node), value);
}

}  // namespace

bool read_pandas_object(std::string_view json, const FieldTree& tree, JsonRecordReader& reader, Record& record,
                        const std::function<bool(const Record&)>& is_ours, const std::function<void()>& row) {
  JsonText text;
  if (!text.parse(json)) return false;
  const JsonPlace table = text.root();
  if (!table.is_object() || !table.begin_inside()) return false;
  for (JsonPlace value = table.begin_inside(); value; value = value.next()) {
    if (!value.is_object()) return false;
  }
  std::forward_list<std::string> rooms;
  const auto begin_row = [&] {
    reader.begin_record();
    record.clear();
    rooms.clear();
    text.forget_strings();
  };

  // Columns of rows?
  begin_row();
  struct TableColumn {
    uint32_t node;
    JsonPlace cells, at;
  };
  std::vector<TableColumn> columns;
  for (JsonPlace cells = table.begin_inside(); cells; cells = cells.next()) {
    const uint32_t node = read_column_name(tree, cells.name()).node;
    if (node == FieldTree::kNone) continue;
    columns.push_back({node, cells, cells.begin_inside()});
    if (tree.slot(node) != FieldTree::kNone) record.set(tree.slot(node), {ValueKind::null, {}});
  }
  if (is_ours(record)) {
    // Every column has the same index in the same order; a cell that does not is looked up by its key.
    for (JsonPlace first = columns.front().at; first; first = first.next()) {
      begin_row();
      const std::string_view index = first.name();
      for (TableColumn& column : columns) {
        JsonPlace cell = column.at;
        if (cell && cell.name() == index) {
          column.at = cell.next();
        } else {
          cell = column.cells[index];
        }
        if (cell) set_cell(cell, column.node, tree, reader, record, rooms);
      }
      row();
    }
    return true;
  }

  // Rows of columns?
  bool any = false;
  for (JsonPlace cells = table.begin_inside(); cells; cells = cells.next()) {
    begin_row();
    for (JsonPlace cell = cells.begin_inside(); cell; cell = cell.next()) {
      const uint32_t node = read_column_name(tree, cell.name()).node;
      if (node != FieldTree::kNone) set_cell(cell, node, tree, reader, record, rooms);
    }
    if (!any && !is_ours(record)) return false;
    any = true;
    row();
  }
  return any;
}

}  // namespace csh
