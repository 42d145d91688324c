#include "shapes/csv_record.h"

#include <simdjson.h>

#include "bytes/block64.h"
#include "bytes/framer.h"

namespace csh {
void CsvRecordReader::begin_row(size_t bytes) {
  if (room_.size() < bytes + kPadding) room_.resize(bytes + kPadding);
  room_used_ = 0;
}

std::string_view CsvRecordReader::unquoted(const CsvField& field) {
  if (!field.doubled_quotes) return field.text;
  char* const out = room_.data() + room_used_;
  const size_t length = undouble_quotes(field.text, out);
  room_used_ += length;
  return {out, length};
}

std::optional<RejectReason> CsvRecordReader::read_header(std::string_view row, Record& record) {
  if (!simdjson::validate_utf8(row.data(), row.size())) return RejectReason::bad_utf8;
  if (!split_row(row, delimiter_, fields_)) return RejectReason::bad_quotes;
  begin_row(row.size());
  names_.clear();
  for (const CsvField& field : fields_) names_.emplace_back(unquoted(field));
  nodes_.clear();
  zones_.assign(tree_.slots(), ColumnZone::unsaid);
  for (const std::string_view name : names_) {
    const auto [node, zone] = read_column_name(tree_, name);
    nodes_.push_back(node);
    if (node == FieldTree::kNone || tree_.slot(node) == FieldTree::kNone) continue;
    zones_[tree_.slot(node)] = zone;
    record.set(tree_.slot(node), {ValueKind::null, {}});
  }
  return std::nullopt;
}

std::optional<RejectReason> CsvRecordReader::read(std::string_view row, Record& record) {
  json_.begin_record();
  if (!simdjson::validate_utf8(row.data(), row.size())) return RejectReason::bad_utf8;
  if (find_byte(row, '\0', 0) != std::string_view::npos) return RejectReason::control_character;  // UTF-8, and never text
  if (!split_row(row, delimiter_, fields_)) return RejectReason::bad_quotes;
  begin_row(row.size());
  if (fields_.size() != nodes_.size()) return RejectReason::wrong_field_count;
  for (size_t column = 0; column < nodes_.size(); ++column) {
    const uint32_t node = nodes_[column];
    if (node == FieldTree::kNone) continue;
    const std::string_view field = unquoted(fields_[column]);
    if (const uint32_t slot = tree_.slot(node); slot != FieldTree::kNone && record.value(slot).text.empty()) {
      record.set(slot, field.empty() ? Value{ValueKind::null, {}} : Value{ValueKind::text, field});
    }
    if (node != 0 && tree_.has_children(node)) json_.read_embedded(field, node, record);
  }
  return std::nullopt;
}

}  // namespace csh
