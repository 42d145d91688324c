// Rows of a delimited file as Records: the header row says which column feeds which path, a row is split and unquoted.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/csv_scan.h"
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
  // kPadding bytes must be readable behind the row. Views in the record last until the next row.
  std::optional<RejectReason> read(std::string_view row, Record& record);

  ColumnZone zone(uint32_t slot) const { return slot < zones_.size() ? zones_[slot] : ColumnZone::unsaid; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  void begin_row(size_t bytes);
  // The field as it was meant; lasts until the next row.
  std::string_view unquoted(const CsvField& field);

  const FieldTree& tree_;
  JsonRecordReader& json_;
  char delimiter_;
  std::vector<std::string> names_;  // as the header has them
  std::vector<uint32_t> nodes_;     // per column; FieldTree::kNone when no shape asks for it
  std::vector<ColumnZone> zones_;   // per slot
  std::vector<CsvField> fields_;    // of the current row
  std::vector<char> room_;          // where fields with doubled quotes are written, none longer than it stands in the row
  size_t room_used_ = 0;
};

}  // namespace csh
