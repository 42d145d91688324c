#include "shapes/json_record.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "bytes/framer.h"
#include "bytes/json_framer.h"
#include "bytes/json_scan.h"

namespace csh {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

RejectReason reason_of(error_code error) {
  switch (error) {
    case error_code::UTF8_ERROR: return RejectReason::bad_utf8;
    case error_code::UNESCAPED_CHARS: return RejectReason::control_character;
    case error_code::UNCLOSED_STRING:
    case error_code::INCOMPLETE_ARRAY_OR_OBJECT: return RejectReason::unclosed;
    case error_code::DEPTH_ERROR: return RejectReason::too_deep;
    case error_code::STRING_ERROR: return RejectReason::bad_string;
    case error_code::CAPACITY: return RejectReason::too_long;
    default: return RejectReason::bad_json;
  }
}

std::string_view without_blanks_behind(std::string_view token) {
  while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
  return token;
}

// Of a text that may hold JSON.
bool begins_object(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text.starts_with('{');
}

// RFC 8259: -? int frac? exp?
bool is_number(std::string_view token) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t first = at;
    while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
    return at - first;
  };
  if (at < token.size() && token[at] == '-') ++at;
  if (at < token.size() && token[at] == '0') {
    ++at;
  } else if (digits() == 0) {
    return false;
  }
  if (at < token.size() && token[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == token.size();
}

// Why `json`, which does not parse, is refused. simdjson's kernels do not agree on what they notice first, and the same bytes must be refused
// for the same reason natively and as wasm; so only what the walk itself found is taken from it.
RejectReason settle(std::string_view json, char opener, RejectReason found) {
  if (!simdjson::validate_utf8(json.data(), json.size())) return RejectReason::bad_utf8;
  size_t first = 0;
  while (first < json.size() && is_blank(json[first])) ++first;
  if (first == json.size() || json[first] != opener) return RejectReason::not_an_object;
  for (size_t at = first; at < json.size(); ++at) {
    if (json[at] != '"') continue;
    bool escaped = false;
    const size_t end = std::min(scan_string(json, at + 1, escaped), json.size());
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(json.begin() + static_cast<std::ptrdiff_t>(at), json.begin() + static_cast<std::ptrdiff_t>(end), is_control)) {
      return RejectReason::control_character;
    }
    at = end - 1;
  }
  JsonScan scan;
  if (!scan_to_end(json.substr(first), scan)) return RejectReason::unclosed;
  const bool walked = found == RejectReason::too_deep || found == RejectReason::bad_string || found == RejectReason::bad_value ||
                      found == RejectReason::wrong_field_count;
  return walked ? found : RejectReason::bad_json;
}

}  // namespace

struct JsonRecordReader::Parsers {
  ondemand::parser record;
  ondemand::parser embedded;
};

// One walk over a value; `record` null: only validates.
struct JsonRecordReader::Walk {
  JsonRecordReader& reader;
  Record* record;
  bool keep_texts;  // the parser's own buffers do not outlive the walk
  std::optional<RejectReason> failure;

  bool fail(RejectReason reason) {
    failure = reason;
    return false;
  }
  bool fail(error_code error) { return fail(reason_of(error)); }

  std::string_view keep(std::string_view text) {
    if (!keep_texts) return text;
    std::string& room = reader.kept_[reader.kept_used_ - 1];
    const size_t from = room.size();
    room.append(text);
    return std::string_view(room).substr(from);
  }

  // `overwrite` false: another spelling of this object's name stood before, and what it filled stays.
  bool object(ondemand::object object, uint32_t node, int depth, bool overwrite_all = true) {
    if (depth > kMaxDepth) return fail(RejectReason::too_deep);
    const FieldTree& tree = reader.tree_;
    const uint64_t instance = ++reader.objects_;
    for (simdjson::simdjson_result<ondemand::field> result : object) {
      ondemand::field field;
      if (const error_code error = std::move(result).get(field)) return fail(error);
      std::string_view key = field.escaped_key();
      if (key.find('\\') != std::string_view::npos) {
        if (const error_code error = field.unescaped_key(false).get(key)) return fail(error);
      }
      uint32_t child = FieldTree::kNone;
      bool overwrite = overwrite_all;
      if (node != FieldTree::kNone && record != nullptr) {
        child = tree.child(node, key);
        // Flattened names occur at the top only; claim types, which hold dots as well, lie deeper.
        if (child == FieldTree::kNone && node == 0 && key.find('.') != std::string_view::npos) child = tree.resolve(key);
        if (node == 0 && depth == 1) look_for_page(key, field.value());
        if (child != FieldTree::kNone) {
          Seen& seen = reader.seen_[child];
          if (seen.object != instance) seen = {instance, {}, 0};
          const auto met = seen.keys.begin() + static_cast<std::ptrdiff_t>(seen.count);
          if (std::find(seen.keys.begin(), met, key) != met) {
            record->duplicate_key = true;
            reader.clear_below(child, true, *record);
          } else {
            overwrite = overwrite && seen.count == 0;  // another spelling of the same name: a filled value stays
            if (seen.count < seen.keys.size()) seen.keys[seen.count++] = key;
          }
        }
      }
      if (!value(field.value(), child, depth, overwrite)) return false;
    }
    return true;
  }

  // A list or object under an envelope key makes this a page of records rather than one.
  void look_for_page(std::string_view key, ondemand::value& value) {
    const std::string_view token = value.raw_json_token();
    if (token.empty() || (token.front() != '[' && token.front() != '{')) return;
    const Envelope envelope = envelope_of(key, token.front());
    if (envelope != Envelope::none && envelope != Envelope::error) record->page = true;
  }

  bool list(ondemand::array array, uint32_t, int depth) {
    if (depth > kMaxDepth) return fail(RejectReason::too_deep);
    for (simdjson::simdjson_result<ondemand::value> result : array) {
      ondemand::value element;
      if (const error_code error = std::move(result).get(element)) return fail(error);
      if (!value(element, FieldTree::kNone, depth, true)) return false;
    }
    return true;
  }

  void set(uint32_t node, Value found, bool overwrite) {
    if (node == FieldTree::kNone) return;
    const uint32_t slot = reader.tree_.slot(node);
    if (slot == FieldTree::kNone) return;
    if (!overwrite && !record->value(slot).text.empty()) return;
    record->set(slot, found);
  }

  bool value(ondemand::value value, uint32_t node, int depth, bool overwrite) {
    const std::string_view token = value.raw_json_token();
    if (token.empty()) return fail(RejectReason::bad_json);
    switch (token.front()) {
      case '{': {
        ondemand::object inner;
        if (const error_code error = value.get_object().get(inner)) return fail(error);
        set(node, {ValueKind::object, {}}, overwrite);
        return object(inner, node != FieldTree::kNone && reader.tree_.has_children(node) ? node : FieldTree::kNone, depth + 1, overwrite);
      }
      case '[': {
        ondemand::array inner;
        if (const error_code error = value.get_array().get(inner)) return fail(error);
        set(node, {ValueKind::list, {}}, overwrite);
        return list(inner, FieldTree::kNone, depth + 1);
      }
      case '"': {
        const bool wanted = node != FieldTree::kNone;
        std::string_view text;
        if (wanted || token.find('\\') != std::string_view::npos) {
          if (const error_code error = value.get_string(false).get(text)) return fail(error);
        } else {
          // Taken all the same: a value left lying is skipped by its first byte, and a colon behind it would pass unseen.
          ondemand::raw_json_string raw;
          if (const error_code error = value.get_raw_json_string().get(raw)) return fail(error);
        }
        if (!wanted) return true;
        if (node != 0 && reader.tree_.has_children(node) && !keep_texts && begins_object(text)) reader.embedded_.push_back({node, text});
        if (reader.tree_.slot(node) != FieldTree::kNone) set(node, {ValueKind::text, keep(text)}, overwrite);
        return true;
      }
      default: break;
    }
    const std::string_view scalar = without_blanks_behind(token);
    if (scalar == "null") {
      set(node, {ValueKind::null, {}}, overwrite);
    } else if (scalar == "true" || scalar == "false") {
      set(node, {ValueKind::boolean, {}}, overwrite);
    } else if (is_number(scalar)) {
      set(node, {ValueKind::number, node == FieldTree::kNone ? scalar : keep(scalar)}, overwrite);
    } else {
      return fail(RejectReason::bad_value);
    }
    return true;
  }
};

JsonRecordReader::JsonRecordReader(const FieldTree& tree) : tree_(tree), parsers_(std::make_unique<Parsers>()), seen_(tree.nodes()) {}
JsonRecordReader::~JsonRecordReader() = default;

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
  kept_used_ = 0;
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
  ondemand::document document;
  if (const error_code error = parsers_->record.iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING).get(document)) {
    return reason_of(error);
  }
  ondemand::object object;
  if (const error_code error = document.get_object().get(object)) {
    return error == error_code::INCORRECT_TYPE ? RejectReason::not_an_object : reason_of(error);
  }
  Walk walk{*this, &record, false, {}};
  if (!walk.object(object, 0, 1)) return walk.failure;
  if (!document.at_end()) return RejectReason::bad_json;
  const std::vector<Embedded> embedded = embedded_;
  for (const Embedded& text : embedded) read_embedded(text.text, text.node, record);
  return std::nullopt;
}

std::optional<RejectReason> JsonRecordReader::parse_row(std::string_view json, const std::vector<uint32_t>& columns, Record& record) {
  begin_record();
  ondemand::document document;
  if (const error_code error = parsers_->record.iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING).get(document)) {
    return reason_of(error);
  }
  ondemand::array row;
  if (const error_code error = document.get_array().get(row)) return reason_of(error);
  Walk walk{*this, &record, false, {}};
  size_t column = 0;
  for (simdjson::simdjson_result<ondemand::value> result : row) {
    ondemand::value element;
    if (const error_code error = std::move(result).get(element)) return reason_of(error);
    const uint32_t node = column < columns.size() ? columns[column] : FieldTree::kNone;
    // Two columns of one meaning: a filled one stays.
    if (!walk.value(element, node, 1, false)) return walk.failure;
    ++column;
  }
  if (!document.at_end()) return RejectReason::bad_json;
  if (column != columns.size()) return RejectReason::wrong_field_count;
  const std::vector<Embedded> embedded = embedded_;
  for (const Embedded& text : embedded) read_embedded(text.text, text.node, record);
  return std::nullopt;
}

std::vector<std::string> JsonRecordReader::read_column_names(std::string_view json) {
  namespace dom = simdjson::dom;
  std::vector<std::string> names;
  dom::parser parser;
  dom::array columns;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(columns)) return names;
  for (const dom::element column : columns) {
    std::string_view name;
    dom::object object;
    if (!column.get(object)) {
      bool named = false;
      for (const std::string_view key : {"name", "ColumnName", "Name"}) named = named || !object[key].get(name);
      if (!named) return {};
    } else if (column.get(name)) {
      return {};
    }
    names.emplace_back(name);
  }
  return names;
}

bool JsonRecordReader::read_embedded(std::string_view text, uint32_t node, Record& record) {
  if (!begins_object(text)) return true;
  padded_.assign(text);
  padded_.append(kPadding, '\0');
  ondemand::document document;
  ondemand::object object;
  if (parsers_->embedded.iterate(padded_.data(), text.size(), padded_.size()).get(document)) return false;
  if (document.get_object().get(object)) return false;
  if (kept_used_ == kept_.size()) kept_.emplace_back();
  std::string& room = kept_[kept_used_++];
  room.clear();
  room.reserve(text.size() +
               kPadding);  // values are never longer than their text, and short ones must not stand in the string itself: views stay
  Walk walk{*this, &record, true, {}};
  if (walk.object(object, node, 2) && document.at_end()) return true;
  clear_below(node, false, record);
  return false;
}

bool JsonRecordReader::is_json(std::string_view json) {
  ondemand::document document;
  if (parsers_->record.iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING).get(document)) return false;
  Walk walk{*this, nullptr, false, {}};
  ondemand::object object;
  ondemand::array array;
  if (document.get_object().get(object) == error_code::SUCCESS) return walk.object(object, FieldTree::kNone, 1) && document.at_end();
  if (document.get_array().get(array) == error_code::SUCCESS) return walk.list(array, FieldTree::kNone, 1) && document.at_end();
  return false;
}

}  // namespace csh
