// Rows of a delimited text, read by blocks, against the rule a byte at a time: where a row ends, what its fields are, and what the record reader
// makes of them.
// Input: one byte for the delimiter, one for a place in the text where a window ends, then the rows.
#include <algorithm>
#include <string>
#include <vector>

#include "../core/slow_rows.h"
#include "body.h"
#include "bytes/csv_scan.h"
#include "bytes/framer.h"
#include "bytes/line_ends.h"
#include "shapes/csv_record.h"
#include "shapes/json_record.h"
#include "shapes/shape.h"
#include "slow_utf8.h"

namespace {

using namespace csh;
using csh::fuzz::check;

// Columns that one shape asks for, and one that none does.
constexpr std::string_view kPaths[] = {"one", "two", "three"};
constexpr std::span<const std::string_view> kGroup(kPaths);
const ShapeDescription kTable{.name = "table", .recognised_by = {&kGroup, 1}};
const ShapeDescription* const kTables[] = {&kTable};

struct Reader {
  explicit Reader(char delimiter) : rows(tree, json, delimiter) {
    std::string header;
    for (const char* name : {"one", "nobody's", "two", "three"})
      header.append(header.empty() ? "" : std::string(1, delimiter)).append(name);
    header.append(kPadding, '\0');
    check(!rows.read_header(std::string_view(header).substr(0, header.size() - kPadding), record), "the header is read");
  }
  FieldTree tree{kTables};
  JsonRecordReader json{tree};
  Record record{tree.slots()};
  CsvRecordReader rows;
};

void check_record(Reader& reader, std::string_view row, bool whole, const std::vector<std::string>& fields) {
  reader.record.clear();
  const std::optional<RejectReason> reason = reader.rows.read(row, reader.record);
  std::optional<RejectReason> wanted;
  if (!fuzz::slow_is_utf8(row)) {
    wanted = RejectReason::bad_utf8;
  } else if (row.find('\0') != std::string_view::npos) {
    wanted = RejectReason::control_character;
  } else if (!whole) {
    wanted = RejectReason::bad_quotes;
  } else if (fields.size() != 4) {
    wanted = RejectReason::wrong_field_count;
  }
  check(reason == wanted, "a row is taken or refused for the reason that it has");
  if (reason) return;
  const size_t columns[] = {0, 2, 3};
  for (size_t i = 0; i < std::size(kPaths); ++i) {
    const Value& value = reader.record.value(reader.tree.slot_of(kPaths[i]));
    check(value.text == fields[columns[i]], "a cell is what stands in its quotes");
    check(value.kind == (fields[columns[i]].empty() ? ValueKind::null : ValueKind::text), "an empty cell is null");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Reader readers[] = {Reader(','), Reader(';'), Reader('\t')};
  static std::vector<CsvField> fast;
  static std::vector<std::string> slow;
  static std::vector<char> room;
  if (size < 2) return 0;
  const char delimiter = ",;\t"[data[0] % 3];
  const fuzz::Window window(fuzz::text_of(data + 2, size - 2));
  const std::string_view text = window.text();
  for (size_t at = 0; at < text.size();) {
    size_t end = 0, behind = 0, slow_end = 0, slow_behind = 0;
    const size_t cut = std::min(text.size(), at + 1 + data[1] % (text.size() - at));
    const RowEnd early = find_row_end(text.substr(0, cut), at, false, delimiter, end, behind);
    check(early == test::slow_row_end(text.substr(0, cut), at, false, delimiter, slow_end, slow_behind),
          "a row in a window is told like a byte at a time");
    if (early == RowEnd::found) check(end == slow_end && behind == slow_behind, "it ends there");
    const RowEnd found = find_row_end(text, at, true, delimiter, end, behind);
    check(found == test::slow_row_end(text, at, true, delimiter, slow_end, slow_behind), "a row is told like a byte at a time");
    // Behind a break the next line is as good as any other.
    if (found == RowEnd::found) {
      check(end == slow_end && behind == slow_behind, "a row ends where it ends a byte at a time");
    } else {
      end = std::min(find_line_end(text, at), text.size());
      behind = std::min(end + 1, text.size());
    }
    const std::string_view row = text.substr(at, end - at);
    const bool whole = split_row(row, delimiter, fast);
    check(whole == test::slow_split(row, delimiter, slow), "a row is whole or not");
    if (whole) {
      check(fast.size() == slow.size(), "it has its fields");
      for (size_t i = 0; i < fast.size(); ++i) {
        room.resize(fast[i].text.size() + 16);
        const std::string_view field =
            fast[i].doubled_quotes ? std::string_view(room.data(), undouble_quotes(fast[i].text, room.data())) : fast[i].text;
        check(field == slow[i], "a field is what stands in its quotes");
      }
    }
    check_record(readers[data[0] % 3], row, whole, slow);
    at = behind;
  }
  return 0;
}
