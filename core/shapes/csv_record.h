// Rows of a delimited file as Records: the header row says which column feeds which path, a row is split and unquoted.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/reject_reason.h"
#include "shapes/column_name.h"
#include "shapes/field_tree.h"
#include "shapes/json_record.h"
#include "shapes/record.h"

namespace csh {

class CsvRecordReader {
 public:
  CsvRecordReader(const FieldTree& tree, JsonRecordReader& json, char delimiter) : tree_(tree), json_(json), delimiter_(delimiter) {}

  // Takes the header row; every mapped column is set (empty) in `record`, so that a shape can be recognised by it.
  std::optional<RejectReason> read_header(std::string_view row, Record& record);
  std::optional<RejectReason> read(std::string_view row, Record& record);

  ColumnZone zone(uint32_t slot) const { return slot < zones_.size() ? zones_[slot] : ColumnZone::unsaid; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool split(std::string_view row);

  const FieldTree& tree_;
  JsonRecordReader& json_;
  char delimiter_;
  std::vector<std::string> names_;        // as the header has them
  std::vector<uint32_t> nodes_;           // per column; FieldTree::kNone when no shape asks for it
  std::vector<ColumnZone> zones_;         // per slot
  std::vector<std::string_view> fields_;  // of the current row
  std::string unquoted_;
};

}  // namespace csh
