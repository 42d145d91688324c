// Any table through the framer and the record reader that read CSV exports, for tests that bring tables of other people: every column is asked
// for by name, and the rows are printed as a JSON list of objects. Who they are about does not matter here: the hunt refuses a table that is
// not the log.
//   csv_rows [--block BYTES] FILE     exit status 0; 2 when the file cannot be read or a row is rejected, with the reason
// Invariant: nothing of CSV is known in this file. A column's name holds no '>' (it would be a path), and names differ when folded.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/csv_framer.h"
#include "report/json.h"
#include "shapes/csv_record.h"
#include "shapes/field_tree.h"
#include "shapes/json_record.h"
#include "shapes/record.h"
#include "shapes/shape.h"

namespace {

[[noreturn]] void fail(std::string_view sentence) {
  std::cerr << "csv_rows: " << sentence << '\n';
  std::exit(2);
}

// The tree that asks for each of these columns.
csh::FieldTree tree_of(const std::vector<std::string>& columns) {
  const std::vector<std::string_view> paths(columns.begin(), columns.end());
  const std::span<const std::string_view> group(paths);
  const csh::ShapeDescription table{.name = "table", .recognised_by = {&group, 1}};
  const csh::ShapeDescription* const tables[] = {&table};
  return csh::FieldTree(tables);
}

class RowPrinter final : public csh::FrameSink {
 public:
  explicit RowPrinter(csh::JsonWriter& json) : json_(json) {}

  bool header(std::string_view row, uint64_t) override {
    const csh::FieldTree none{std::span<const csh::ShapeDescription* const>{}};
    csh::JsonRecordReader embedded(none);
    csh::CsvRecordReader names(none, embedded, ',');
    csh::Record record(none.slots());
    if (names.read_header(row, record)) fail("the header cannot be read");
    columns_ = names.names();
    tree_.emplace(tree_of(columns_));
    embedded_.emplace(*tree_);
    reader_.emplace(*tree_, *embedded_, ',');
    record_.emplace(tree_->slots());
    if (reader_->read_header(row, *record_)) fail("the header cannot be read");
    return true;
  }

  csh::Verdict record(std::string_view text, uint64_t, uint64_t, csh::Certainty) override {
    record_->clear();
    if (const auto reason = reader_->read(text, *record_)) {
      refusal_ = *reason;
      return csh::Verdict::refused;
    }
    json_.begin_object();
    for (const std::string& column : columns_) json_.text(column, record_->value(tree_->slot_of(column)).text);
    json_.end_object();
    return csh::Verdict::taken;
  }

  csh::RejectReason refusal() const override { return refusal_; }
  void reject(uint64_t, uint64_t, csh::RejectReason reason) override { fail(csh::reject_name(reason)); }
  void structure(uint64_t) override {}
  void mark(uint64_t) override {}

 private:
  csh::JsonWriter& json_;
  csh::RejectReason refusal_ = csh::RejectReason::bad_quotes;
  std::vector<std::string> columns_;
  std::optional<csh::FieldTree> tree_;
  std::optional<csh::JsonRecordReader> embedded_;
  std::optional<csh::CsvRecordReader> reader_;
  std::optional<csh::Record> record_;
};

}  // namespace

int main(int argc, char** argv) {
  size_t block = 1u << 20;
  int at = 1;
  if (argc == 4 && std::string_view(argv[1]) == "--block") {
    block = std::strtoul(argv[2], nullptr, 10);
    at = 3;
  }
  if (at + 1 != argc || block == 0) fail("usage: csv_rows [--block BYTES] FILE");
  std::ifstream in(argv[at], std::ios::binary);
  if (!in) fail("the file cannot be opened");

  std::string text;
  csh::JsonWriter json(text);
  json.begin_list();
  RowPrinter rows(json);
  csh::CsvFramer framer(',');
  std::string held;
  uint64_t offset = 0;
  for (bool last = false; !last;) {
    const size_t before = held.size();
    held.resize(before + block);
    in.read(held.data() + before, static_cast<std::streamsize>(block));
    held.resize(before + static_cast<size_t>(in.gcount()));
    last = static_cast<size_t>(in.gcount()) < block;
    const size_t bytes = held.size();
    held.append(csh::kPadding, '\0');
    const size_t done = framer.scan(std::string_view(held).substr(0, bytes), offset, last, rows);
    held.resize(bytes);
    held.erase(0, done);
    offset += done;
  }
  if (!framer.ended_whole()) fail("the last row is cut");
  json.end_list();
  std::cout << text << '\n';
  return 0;
}
