#include "shapes/csv_record.h"

#include <simdjson.h>

namespace csh {
namespace {

// Zero bytes are UTF-8, and never text: a piece of UTF-16, or what a crash left.
bool holds_zero(std::string_view text) {
  constexpr size_t kStep = 64;  // a block without a branch inside becomes SIMD
  size_t at = 0;
  for (; at + kStep <= text.size(); at += kStep) {
    unsigned met = 0;
    for (size_t i = 0; i < kStep; ++i) met += static_cast<unsigned>(text[at + i] == '\0');
    if (met != 0) return true;
  }
  return text.find('\0', at) != std::string_view::npos;
}

}  // namespace

bool CsvRecordReader::split(std::string_view row) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(row.size());  // fields never grow by unquoting, so views into it stay
  size_t at = 0;
  for (;;) {
    if (at < row.size() && row[at] == '"') {
      const size_t from = unquoted_.size();
      for (++at;;) {
        const size_t quote = row.find('"', at);
        if (quote == std::string_view::npos) return false;
        unquoted_.append(row, at, quote - at);
        at = quote + 1;
        if (at == row.size() || row[at] != '"') break;
        unquoted_ += '"';
        ++at;
      }
      if (at < row.size() && row[at] != delimiter_) return false;
      fields_.push_back(std::string_view(unquoted_).substr(from));
    } else {
      size_t end = row.find(delimiter_, at);
      if (end == std::string_view::npos) end = row.size();
      fields_.push_back(row.substr(at, end - at));
      at = end;
    }
    if (at == row.size()) return true;
    ++at;
  }
}

std::optional<RejectReason> CsvRecordReader::read_header(std::string_view row, Record& record) {
  if (!simdjson::validate_utf8(row.data(), row.size())) return RejectReason::bad_utf8;
  if (!split(row)) return RejectReason::bad_quotes;
  names_.assign(fields_.begin(), fields_.end());
  nodes_.clear();
  zones_.assign(tree_.slots(), ColumnZone::unsaid);
  for (const std::string_view name : fields_) {
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
  if (holds_zero(row)) return RejectReason::control_character;
  if (!split(row)) return RejectReason::bad_quotes;
  if (fields_.size() != nodes_.size()) return RejectReason::wrong_field_count;
  for (size_t column = 0; column < nodes_.size(); ++column) {
    const uint32_t node = nodes_[column];
    if (node == FieldTree::kNone) continue;
    const std::string_view field = fields_[column];
    if (const uint32_t slot = tree_.slot(node); slot != FieldTree::kNone && record.value(slot).text.empty()) {
      record.set(slot, field.empty() ? Value{ValueKind::null, {}} : Value{ValueKind::text, field});
    }
    if (node != 0 && tree_.has_children(node)) json_.read_embedded(field, node, record);
  }
  return std::nullopt;
}

}  // namespace csh
