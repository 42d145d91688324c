// Reads one JSON object into a Record and validates all of it, mapped or not. simdjson finds the tokens; the walk over them is our own, since
// its On-Demand would accept "[1,,2]" or "tru" in a value that nobody asks for. Strings are UTF-8 without raw control characters and with whole
// surrogate pairs, numbers follow the JSON grammar (of any size: nothing here computes with them), nesting is bounded.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/reject_reason.h"
#include "shapes/field_tree.h"
#include "shapes/record.h"

namespace csh {

class JsonRecordReader {
 public:
  // Deep enough for any event seen (claims and properties nest under ten), shallow enough for a worker's stack.
  static constexpr int kMaxDepth = 256;

  explicit JsonRecordReader(const FieldTree& tree);
  ~JsonRecordReader();

  // `json` must have kPadding readable bytes behind it. nullopt: read whole; views in `record` last as long as `json` and until the next read().
  std::optional<RejectReason> read(std::string_view json, Record& record);

  // Reads a cell or string that may hold JSON, as if it stood at `node` of the tree; does nothing when it is no JSON object.
  // False: it looks like an object and does not parse; nothing of it is in the record then. Padding and views as in read().
  bool read_embedded(std::string_view text, uint32_t node, Record& record);
  // Forgets what read_embedded kept; called before each record that is not read by read().
  void begin_record();

  // Reads one row of a table, a JSON list, into the nodes of its columns (FieldTree::kNone: not asked for). As read().
  std::optional<RejectReason> read_row(std::string_view json, const std::vector<uint32_t>& columns, Record& record);
  // The names in a list of columns: plain strings, or objects with a "name", "ColumnName" or "Name". Empty when it is neither.
  std::vector<std::string> read_column_names(std::string_view json);

  // True when `json` is one well-formed JSON value, an object or a list. Same padding.
  bool is_json(std::string_view json);

 private:
  struct Tokens;
  struct Walk;
  std::optional<RejectReason> parse(std::string_view json, Record& record);
  std::optional<RejectReason> parse_row(std::string_view json, const std::vector<uint32_t>& columns, Record& record);
  void read_all_embedded(Record& record);
  // Takes back every value below `node`, and with `itself` the one at it.
  void clear_below(uint32_t node, bool itself, Record& record);
  // The node that `key` leads to from `node`, which has children.
  uint32_t child(uint32_t node, std::string_view key) const;
  // Room for so many bytes and kPadding more, for this record.
  char* room(size_t bytes);

  const FieldTree& tree_;
  std::unique_ptr<Tokens> tokens_, embedded_tokens_;
  struct Embedded {
    uint32_t node;
    std::string_view text;
  };
  std::vector<Embedded> embedded_;
  struct Seen {
    uint64_t object = 0;                   // number of the object instance in which the node was met last
    std::array<std::string_view, 4> keys;  // the spellings met there; more than these are not told apart
    size_t count = 0;
  };
  std::vector<Seen> seen_;  // per node of the tree
  uint64_t objects_ = 0;
  // Records of one exporter have the same keys in the same order, so the last key of a member of that number is mostly the next one.
  struct Met {
    uint32_t child = FieldTree::kNone;
    uint8_t length = 0;  // of the text; 0, which no token has: not met yet
    char text[91] = {};  // the key in its quotes, as it stands; claim types have up to 70 bytes
  };
  static constexpr uint32_t kMembersMet = 32;
  std::vector<uint32_t> met_at_;  // per node: where its members begin
  std::vector<Met> met_;
  std::vector<std::vector<char>> rooms_;
  size_t rooms_used_ = 0;
};

}  // namespace csh
