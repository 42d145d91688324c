#include "shapes/json_record.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "bytes/block64.h"
#include "bytes/framer.h"
#include "bytes/json_framer.h"
#include "bytes/json_number.h"
#include "bytes/json_scan.h"
#include "bytes/json_text.h"

namespace csh {
namespace {

// Of a text that may hold JSON.
bool begins_object(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text.starts_with('{');
}

// Why `json`, which does not parse, is refused. simdjson's kernels do not agree on what they notice first, and the same bytes must be refused
// for the same reason natively and as wasm; so only what the walk itself found is taken from it.
RejectReason settle(std::string_view json, char opener, RejectReason found) {
  if (!simdjson::validate_utf8(json.data(), json.size())) return RejectReason::bad_utf8;
  size_t first = 0;
  while (first < json.size() && is_blank(json[first])) ++first;
  if (first == json.size() || json[first] != opener) return RejectReason::not_an_object;
  // Kernels differ in what tokens they see where there is, outside of strings, a backslash (some let it escape a quote) or a control character
  // (some take form feed for a comma), and text behind the value; some step over the first byte of an escaped character beyond ASCII.
  bool strange_outside = false, bad_escape = false;
  for (size_t at = first; at < json.size(); ++at) {
    strange_outside = strange_outside || json[at] == '\\' || (static_cast<unsigned char>(json[at]) < 0x20 && !is_blank(json[at]));
    if (json[at] != '"') continue;
    bool escaped = false;
    const size_t end = std::min(scan_string(json, at + 1, escaped), json.size());
    for (++at, escaped = false; at < end; ++at) {
      const auto c = static_cast<unsigned char>(json[at]);
      if (c < 0x20) return RejectReason::control_character;
      bad_escape = bad_escape || (escaped && c >= 0x80);
      escaped = !escaped && c == '\\';
    }
    at = end - 1;
  }
  JsonScan scan;
  if (!scan_to_end(json.substr(first), scan)) return RejectReason::unclosed;
  const bool walked = found == RejectReason::too_deep || found == RejectReason::bad_string || found == RejectReason::bad_value ||
                      found == RejectReason::wrong_field_count;
  const std::string_view behind = json.substr(first + scan.at);
  if (strange_outside || !std::all_of(behind.begin(), behind.end(), is_blank)) return RejectReason::bad_json;
  if (bad_escape) return RejectReason::bad_string;
  return walked ? found : RejectReason::bad_json;
}

}  // namespace

// simdjson's first stage: where strings, brackets, colons, commas and other values begin, in a text that is UTF-8 and whose strings are closed
// and hold no raw control characters. The second stage is the walk below.
// Before, On-Demand stepped over the same places: judging every value took it a look at the token, another at its end and a copy of each text.
struct JsonRecordReader::Tokens {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  // False when the first stage refuses the text.
  bool find(std::string_view json) {
    constexpr size_t kStep = 1u << 13;  // most records are smaller
    constexpr size_t kUnused = 1;       // the first stage nests nothing
    const size_t wanted = (json.size() / kStep + 1) * kStep;
    if (!parser) {
      if (simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, kUnused, parser)) return false;
    } else if (parser->capacity() < json.size() && parser->set_capacity(wanted)) {
      return false;
    }
    return !parser->stage1(reinterpret_cast<const uint8_t*>(json.data()), json.size(), simdjson::stage1_mode::regular);
  }
  const uint32_t* begin() const { return parser->structural_indexes.get(); }
  const uint32_t* end() const { return begin() + parser->n_structural_indexes; }  // holds the text's length
};

// One walk over a value; `record` null: only validates.
struct JsonRecordReader::Walk {
  JsonRecordReader& reader;
  const Tokens& tokens;
  std::string_view json;
  Record* record;
  bool embedded;  // inside another record's string; there is no second one
  const uint32_t* at = tokens.begin();
  const uint32_t* const end = tokens.end();
  const bool escapes = find_byte(json, '\\', 0) != std::string_view::npos;
  char* room = escapes ? reader.room(json.size()) : nullptr;  // where strings with escapes are written, none longer than it stands
  std::optional<RejectReason> failure = std::nullopt;
  bool in_fields = false;  // below Elasticsearch's "fields", where each value stands in a list

  bool fail(RejectReason reason) {
    failure = reason;
    return false;
  }

  // The first byte of the next token; NUL, which begins nothing, at the end.
  char next() const { return at < end ? json[*at] : '\0'; }

  // The next token without the blanks behind it.
  std::string_view token() const {
    if (at == end) return {};
    const char* const begin = json.data() + *at;
    const char* behind = json.data() + at[1];
    while (behind > begin && is_blank(behind[-1])) --behind;
    return {begin, static_cast<size_t>(behind - begin)};
  }

  // Takes a string. What `text` gets lasts as long as the bytes read and until the next record. With `wanted` false only its escapes are judged.
  bool string(bool wanted, std::string_view& text) {
    text = token();
    if (text.size() < 2 || text.back() != '"') return fail(RejectReason::bad_json);
    ++at;
    text = {text.data() + 1, text.size() - 2};
    return !escapes || unescaped(wanted, text);
  }

  bool unescaped(bool wanted, std::string_view& text) {
    if (find_byte(text, '\\', 0) == std::string_view::npos) return true;
    auto* const out = reinterpret_cast<uint8_t*>(room);
    const uint8_t* const behind = tokens.parser->parse_string(reinterpret_cast<const uint8_t*>(text.data()), out, false);
    if (behind == nullptr) return fail(RejectReason::bad_string);
    if (!wanted) return true;
    text = {room, static_cast<size_t>(behind - out)};
    room += text.size();
    return true;
  }

  // A value that is neither string, list nor object.
  bool scalar(Value& found) {
    const std::string_view text = token();
    if (is_json_number(text)) {
      found = {ValueKind::number, text};
    } else if (text == "null") {
      found = {ValueKind::null, {}};
    } else if (text == "true" || text == "false") {
      found = {ValueKind::boolean, {}};
    } else {
      return fail(RejectReason::bad_value);
    }
    ++at;
    return true;
  }

  bool separator(char wanted) {
    if (next() != wanted) return fail(RejectReason::bad_json);
    ++at;
    return true;
  }

  // Takes a key of the object at `node` and the colon behind it.
  bool member(uint32_t node, uint32_t number, std::string_view& key, uint32_t& child) {
    Met* const met = number < kMembersMet ? &reader.met_[reader.met_at_[node] + number] : nullptr;
    const char* const begin = json.data() + *at;
    const size_t length = at[1] - *at;
    // The value closes behind it, so there is a next token; what stands up to it is one token and blanks, so equal bytes are the same key.
    if (met && length == met->length && begin[length] == ':' && same_bytes(begin, met->text, length)) {
      key = {begin + 1, length - 2};
      child = met->child;
      at += 2;
      return true;
    }
    if (next() != '"') return fail(RejectReason::bad_json);
    if (!string(true, key) || !separator(':')) return false;
    child = reader.child(node, key);
    if (met && key.data() == begin + 1 && key.size() + 2 <= sizeof met->text) {
      met->length = static_cast<uint8_t>(key.size() + 2);
      std::memcpy(met->text, begin, key.size() + 2);
      met->child = child;
    }
    return true;
  }

  // Takes a value that nobody asks for, `depth` brackets deep: judged to the last byte like any other.
  bool pass(int depth) {
    std::string_view text;
    return next() == '"' ? string(false, text) : pass_any(depth);
  }

  bool pass_any(int depth) {
    std::array<bool, kMaxDepth + 1> in_object;  // whether the bracket at a depth is an object's
    const int outside = depth;
    std::string_view text;
    Value found;
    for (;;) {
      const char c = next();
      bool opened = false;
      switch (c) {
        case '"':
          if (!string(false, text)) return false;
          break;
        case '{':
        case '[':
          if (++depth > kMaxDepth) return fail(RejectReason::too_deep);
          in_object[static_cast<size_t>(depth)] = c == '{';
          ++at;
          opened = true;
          break;
        default:
          if (!scalar(found)) return false;
          break;
      }
      // Behind a value, or behind an opening bracket, which may be closed at once.
      for (;;) {
        if (depth == outside) return true;
        const bool object = in_object[static_cast<size_t>(depth)];
        if (next() == (object ? '}' : ']')) {
          ++at;
          --depth;
          opened = false;
          continue;
        }
        if (!opened && !separator(',')) return false;
        if (object) {
          if (next() != '"') return fail(RejectReason::bad_json);
          if (!string(false, text) || !separator(':')) return false;
        }
        break;
      }
    }
  }

  // Takes an object, its bracket included, which opens at `depth`. `overwrite_all` false: another spelling of this object's name stood before,
  // and what it filled stays.
  bool object(uint32_t node, int depth, bool overwrite_all = true) {
    if (depth > kMaxDepth) return fail(RejectReason::too_deep);
    const uint64_t instance = ++reader.objects_;
    ++at;
    if (next() == '}') {
      ++at;
      return true;
    }
    for (uint32_t number = 0;; ++number) {
      std::string_view key;
      uint32_t child = FieldTree::kNone;
      if (!member(node, number, key, child)) return false;
      if (node == 0 && depth == 1) look_for_page(key);
      if (child == FieldTree::kNone) {
        if (!pass(depth)) return false;
      } else {
        bool overwrite = overwrite_all;
        Seen& seen = reader.seen_[child];
        if (seen.object != instance) {
          seen.object = instance;
          seen.count = 0;
        }
        const auto met = seen.keys.begin() + static_cast<std::ptrdiff_t>(seen.count);
        if (std::find(seen.keys.begin(), met, key) != met) {
          record->duplicate_key = true;
          reader.clear_below(child, true, *record);
        } else {
          overwrite = overwrite && seen.count == 0;  // another spelling of the same name: a filled value stays
          if (seen.count < seen.keys.size()) seen.keys[seen.count++] = key;
        }
        const bool outside = in_fields;
        if (child == 0) in_fields = in_fields || key == "fields";
        if (!value(child, depth, overwrite)) return false;
        in_fields = outside;
      }
      if (next() == '}') {
        ++at;
        return true;
      }
      if (!separator(',')) return false;
    }
  }

  // A list or object under an envelope key makes this a page of records rather than one.
  void look_for_page(std::string_view key) {
    const char opener = next();
    if (opener != '[' && opener != '{') return;
    const Envelope envelope = envelope_of(key, opener);
    if (envelope != Envelope::none && envelope != Envelope::error) record->page = true;
  }

  void set(uint32_t node, Value found, bool overwrite) {
    const uint32_t slot = reader.tree_.slot(node);
    if (slot == FieldTree::kNone) return;
    if (!overwrite && !record->value(slot).text.empty()) return;
    record->set(slot, found);
  }

  // Takes the value at `node`, which stands `depth` brackets deep.
  bool value(uint32_t node, int depth, bool overwrite) {
    switch (next()) {
      case '{':
        set(node, {ValueKind::object, {}}, overwrite);
        return reader.tree_.has_children(node) ? object(node, depth + 1, overwrite) : pass(depth);
      case '[': {
        set(node, {ValueKind::list, {}}, overwrite);
        const uint32_t* const first = at + 1;
        if (!pass(depth)) return false;
        if (!in_fields || first == end) return true;
        // The list is judged; its first element, unless it has none or one of brackets, is the value.
        const uint32_t* const behind = at;
        at = first;
        const char c = next();
        const bool taken = c == '[' || c == '{' || c == ']' || value(node, depth, overwrite);
        at = behind;
        return taken;
      }
      case '"': {
        std::string_view text;
        if (!string(true, text)) return false;
        if (node != 0 && !embedded && begins_object(text) && reader.tree_.has_children(node)) reader.embedded_.push_back({node, text});
        set(node, {ValueKind::text, text}, overwrite);
        return true;
      }
      default: break;
    }
    Value found;
    if (!scalar(found)) return false;
    set(node, found, overwrite);
    return true;
  }

  // Takes the whole text: a value of brackets, and nothing behind it.
  bool whole_object(uint32_t node, int depth) { return closes_with('{', '}') && object(node, depth) && ended(); }
  // Asked first, since a text that is cut off is that before all else.
  bool closes_with(char opener, char closer) {
    return at < end && json[*at] == opener && json[end[-1]] == closer ? true : fail(RejectReason::unclosed);
  }
  bool ended() { return at == end ? true : fail(RejectReason::bad_json); }
};

JsonRecordReader::JsonRecordReader(const FieldTree& tree)
    : tree_(tree),
      tokens_(std::make_unique<Tokens>()),
      embedded_tokens_(std::make_unique<Tokens>()),
      seen_(tree.nodes()),
      met_at_(tree.nodes()) {
  uint32_t parents = 0;
  for (uint32_t node = 0; node < tree.nodes(); ++node) met_at_[node] = tree.has_children(node) ? kMembersMet * parents++ : 0;
  met_.resize(size_t{kMembersMet} * parents);
}
JsonRecordReader::~JsonRecordReader() = default;

uint32_t JsonRecordReader::child(uint32_t node, std::string_view key) const {
  uint32_t found = tree_.child(node, key);
  // Flattened names occur at the top only; claim types, which hold dots as well, lie deeper.
  if (found == FieldTree::kNone && node == 0 && key.find('.') != std::string_view::npos) found = tree_.resolve(key);
  return found;
}

char* JsonRecordReader::room(size_t bytes) {
  if (rooms_used_ == rooms_.size()) rooms_.emplace_back();
  std::vector<char>& room = rooms_[rooms_used_++];
  if (room.size() < bytes + kPadding) room.resize(bytes + kPadding);
  return room.data();
}

void JsonRecordReader::clear_below(uint32_t node, bool itself, Record& record) {
  for (uint32_t below = 0; below < tree_.nodes(); ++below) {
    if (below == node && !itself) continue;
    uint32_t at = below;
    while (at != FieldTree::kNone && at != node) at = tree_.parent(at);
    if (at == node && tree_.slot(below) != FieldTree::kNone) record.set(tree_.slot(below), {});
  }
  std::erase_if(embedded_, [&](const Embedded& text) { return text.node == node; });
}

void JsonRecordReader::begin_record() {
  embedded_.clear();
  rooms_used_ = 0;
}

std::optional<RejectReason> JsonRecordReader::read(std::string_view json, Record& record) {
  const std::optional<RejectReason> found = parse(json, record);
  return found ? std::optional(settle(json, '{', *found)) : std::nullopt;
}

std::optional<RejectReason> JsonRecordReader::read_row(std::string_view json, const std::vector<uint32_t>& columns, Record& record) {
  const std::optional<RejectReason> found = parse_row(json, columns, record);
  return found ? std::optional(settle(json, '[', *found)) : std::nullopt;
}

std::optional<RejectReason> JsonRecordReader::parse(std::string_view json, Record& record) {
  begin_record();
  if (!tokens_->find(json)) return RejectReason::bad_json;
  Walk walk{*this, *tokens_, json, &record, false};
  if (!walk.whole_object(0, 1)) return walk.failure;
  read_all_embedded(record);
  return std::nullopt;
}

std::optional<RejectReason> JsonRecordReader::parse_row(std::string_view json, const std::vector<uint32_t>& columns, Record& record) {
  begin_record();
  if (!tokens_->find(json)) return RejectReason::bad_json;
  Walk walk{*this, *tokens_, json, &record, false};
  if (!walk.closes_with('[', ']')) return walk.failure;
  ++walk.at;
  size_t column = 0;
  for (bool more = walk.next() != ']'; more; ++column) {
    const uint32_t node = column < columns.size() ? columns[column] : FieldTree::kNone;
    // Two columns of one meaning: a filled one stays.
    if (!(node == FieldTree::kNone ? walk.pass(1) : walk.value(node, 1, false))) return walk.failure;
    more = walk.next() != ']';
    if (more && !walk.separator(',')) return walk.failure;
  }
  ++walk.at;
  if (!walk.ended()) return walk.failure;
  if (column != columns.size()) return RejectReason::wrong_field_count;
  read_all_embedded(record);
  return std::nullopt;
}

void JsonRecordReader::read_all_embedded(Record& record) {
  if (embedded_.empty()) return;
  const std::vector<Embedded> embedded = std::move(embedded_);
  embedded_.clear();
  for (const Embedded& text : embedded) read_embedded(text.text, text.node, record);
}

std::vector<std::string> JsonRecordReader::read_column_names(std::string_view json) {
  std::vector<std::string> names;
  JsonText columns;
  if (!columns.parse(json) || !columns.root().is_list()) return names;
  for (JsonPlace column = columns.root().begin_inside(); column; column = column.next()) {
    std::optional<std::string_view> name = column.string();
    for (const std::string_view key : {"name", "ColumnName", "Name"}) {
      if (!name) name = column[key].string();
    }
    if (!name) return {};
    names.emplace_back(*name);
  }
  return names;
}

bool JsonRecordReader::read_embedded(std::string_view text, uint32_t node, Record& record) {
  if (!begins_object(text)) return true;
  if (!embedded_tokens_->find(text)) return false;
  Walk walk{*this, *embedded_tokens_, text, &record, true};
  if (walk.whole_object(node, 2)) return true;
  clear_below(node, false, record);
  return false;
}

bool JsonRecordReader::is_json(std::string_view json) {
  begin_record();
  if (!tokens_->find(json)) return false;
  Walk walk{*this, *tokens_, json, nullptr, false};
  const bool list = walk.next() == '[';
  return walk.closes_with(list ? '[' : '{', list ? ']' : '}') && walk.pass(0) && walk.ended();
}

}  // namespace csh
