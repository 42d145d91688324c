#include "shapes/pandas_object.h"

#include <simdjson.h>

#include <string>
#include <vector>

#include "bytes/framer.h"
#include "shapes/column_name.h"

namespace csh {
namespace {

namespace dom = simdjson::dom;

// Puts a cell into the record, at the node of its column. `texts` keeps alive what the document does not hold as a text.
void set_cell(const dom::element& cell, uint32_t node, const FieldTree& tree, JsonRecordReader& reader, Record& record,
              std::vector<std::string>& texts) {
  std::string_view text;
  Value value{ValueKind::null, {}};
  if (!cell.get(text)) {
    value = {ValueKind::text, text};
  } else if (cell.is_number()) {
    // reserve() keeps earlier views in place: one entry a column at most.
    texts.push_back(simdjson::minify(cell));
    value = {ValueKind::number, texts.back()};
  } else if (cell.is_object()) {
    texts.push_back(simdjson::minify(cell));
    value = {ValueKind::text, texts.back()};
  }
  if (tree.has_children(node) && value.text.starts_with('{')) {
    if (!cell.is_object()) texts.emplace_back(text);
    const size_t length = texts.back().size();
    texts.back().append(kPadding, '\0');
    reader.read_embedded(std::string_view(texts.back()).substr(0, length), node, record);
  }
  if (tree.slot(node) != FieldTree::kNone && !cell.is_object() && record.value(tree.slot(node)).text.empty())
    record.set(tree.slot(node), value);
}

}  // namespace

bool read_pandas_object(std::string_view json, const FieldTree& tree, JsonRecordReader& reader, Record& record,
                        const std::function<bool(const Record&)>& is_ours, const std::function<void()>& row) {
  dom::parser parser;
  dom::object table;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(table) || table.size() == 0) return false;
  for (const auto& [key, value] : table) {
    if (!value.is_object()) return false;
  }
  std::vector<std::string> texts;
  const auto begin_row = [&](size_t cells) {
    reader.begin_record();
    record.clear();
    texts.clear();
    texts.reserve(cells);
  };

  // Columns of rows?
  begin_row(0);
  std::vector<std::pair<uint32_t, dom::object>> columns;
  for (const auto& [key, value] : table) {
    const uint32_t node = read_column_name(tree, key).node;
    dom::object cells;
    if (node == FieldTree::kNone || value.get(cells)) continue;
    columns.emplace_back(node, cells);
    if (tree.slot(node) != FieldTree::kNone) record.set(tree.slot(node), {ValueKind::null, {}});
  }
  if (is_ours(record)) {
    // Every column has the same index in the same order; a cell that does not is looked up by its key.
    std::vector<dom::object::iterator> places;
    places.reserve(columns.size());
    for (const auto& [node, cells] : columns) places.push_back(cells.begin());
    for (const auto& [index, unused] : columns.front().second) {
      begin_row(columns.size());
      for (size_t column = 0; column < columns.size(); ++column) {
        const auto& [node, cells] = columns[column];
        dom::element cell;
        if (places[column] != cells.end() && places[column].key() == index) {
          cell = places[column].value();
          ++places[column];
        } else if (cells[index].get(cell)) {
          continue;
        }
        set_cell(cell, node, tree, reader, record, texts);
      }
      row();
    }
    return true;
  }

  // Rows of columns?
  bool any = false;
  for (const auto& [index, value] : table) {
    dom::object cells;
    if (value.get(cells)) return any;
    begin_row(cells.size());
    for (const auto& [name, cell] : cells) {
      const uint32_t node = read_column_name(tree, name).node;
      if (node != FieldTree::kNone) set_cell(cell, node, tree, reader, record, texts);
    }
    if (!any && !is_ours(record)) return false;
    any = true;
    row();
  }
  return any;
}

}  // namespace csh
