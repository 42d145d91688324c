#include "engine/input_reader.h"

#include <algorithm>
#include <cstring>

#include "bytes/csv_framer.h"
#include "bytes/json_framer.h"
#include "bytes/json_repair.h"
#include "bytes/line_ends.h"
#include "bytes/line_framer.h"
#include "engine/conclude.h"
#include "shapes/pandas_object.h"

namespace csh {
namespace {

bool closes_at_end(std::string_view value) {
  JsonScan scan;
  return scan_to_end(value, scan) && scan.at == value.size();
}

// A part's beginning is first looked for in this much, then in twice as much, and at last in what the longest record may take.
constexpr size_t kFirstGuessBytes = 64u << 10;
constexpr size_t kLastGuessBytes = kMaxRecordBytes + (1u << 20);

void remember(std::vector<std::string>& names, std::string_view name, size_t at_most) {
  if (names.size() < at_most && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

// Time and operation are there: what a record must show that was guessed or repaired.
bool is_sure(const Mapped& mapped) {
  return mapped.kind == RecordKind::event && mapped.fields.time != kNoTime &&
         !mapped.fields.text[static_cast<size_t>(Column::operation)].empty();
}

// What a record that is nothing of the log shows of the tool that wrote it; empty: nothing known.
std::string_view tool_of(std::string_view object) {
  object = object.substr(0, 4096);
  const auto behind_key = [&](std::string_view key) -> std::string_view {
    const size_t at = object.find(key);
    if (at == std::string_view::npos) return {};
    const size_t value = object.find_first_not_of(" \t\r\n:", at + key.size());
    return value == std::string_view::npos ? std::string_view{} : object.substr(value);
  };
  if (behind_key("\"kind\"").starts_with("\"AZ")) return "This is AzureHound's collection of a directory and its resources.";
  if (!behind_key("\"objectType\"").empty() && !behind_key("\"objectId\"").empty()) {
    return "These are a directory's objects, as ROADrecon dumps them.";
  }
  return {};
}

}  // namespace

Decoders::Decoders() : tree(field_tree()), json(tree), record(tree.slots()), raw_slot(tree.slot_of("_raw")) {}

InputReader::InputReader(EventStore& store, uint32_t input, Decoders& decoders) : store_(store), input_(input), decoders_(decoders) {
  kinds_.fill(UINT32_MAX);
}

char* InputReader::begin_write(size_t bytes) {
  if (utf16_) {
    raw_.resize(raw_held_ + bytes);
    return raw_.data() + raw_held_;
  }
  if (buffer_.size() < held_ + bytes + kPadding) buffer_.resize(held_ + bytes + kPadding);
  return buffer_.data() + held_;
}

void InputReader::decide_encoding() {
  encoding_known_ = true;
  utf16_ = sniff_utf16({buffer_.data(), held_});
  if (!utf16_) return;
  books().encoding = *utf16_ == ByteOrder::little ? "utf-16le" : "utf-16be";
  raw_.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(held_));
  raw_held_ = held_;
  held_ = 0;
}

void InputReader::transcode(bool last) {
  buffer_.resize(held_);
  const size_t done = append_utf8({raw_.data(), raw_held_}, *utf16_, last, buffer_);
  raw_held_ -= done;
  std::memmove(raw_.data(), raw_.data() + done, raw_held_);
  held_ = buffer_.size();
  buffer_.resize(held_ + kPadding);
}

uint64_t InputReader::original(uint64_t offset) {
  if (!utf16_) return offset;
  if (offset == marked_offset_) return marked_original_;
  const std::string_view held(buffer_.data(), held_);
  if (offset >= mapped_) {
    mapped_units_ += utf16_units(held.substr(static_cast<size_t>(mapped_ - offset_), static_cast<size_t>(offset - mapped_)));
    mapped_ = offset;
    return 2 * mapped_units_;
  }
  return 2 * (mapped_units_ - utf16_units(held.substr(static_cast<size_t>(offset - offset_), static_cast<size_t>(mapped_ - offset))));
}

bool InputReader::begin_part(const PartToRead& part) {
  part_ = part;
  InputPart& row = books().part;
  row.is_part = true;
  row.id = part.id;
  row.start = row.end = part.from;
  offset_ = counted_ = part.from;
  part_read_.start_state = part.state;
  if (part.state.empty()) {
    part_read_.start = part.from;
    return part.from == 0 && !part.guess;
  }
  encoding_known_ = started_ = true;
  if (!resume(part.state)) return false;
  framer_->stop_at(part.to);
  guessing_ = part.guess;
  guess_with_ = kFirstGuessBytes;
  if (!guessing_) part_read_.start = part.from;
  return true;
}

// Format, whether a record was framed before, and what the framer needs; of CSV the delimiter stands before that.
std::string InputReader::state() const {
  std::string text;
  switch (format_) {
    case Format::json_lines: text = "l"; break;
    case Format::json: text = "j"; break;
    default: text = "c"; break;
  }
  text += framed_before_ || store_.inputs()[input_].framed > 0 ? '1' : '0';
  if (format_ == Format::csv) text += delimiter_;
  return text + framer_->state();
}

bool InputReader::resume(std::string_view state) {
  if (state.size() < 2 || (state[1] != '0' && state[1] != '1')) return false;
  framed_before_ = state[1] == '1';
  std::string_view rest = state.substr(2);
  switch (state[0]) {
    case 'l': frame_as(Format::json_lines, ','); break;
    case 'j': frame_as(Format::json, ','); break;
    case 'c':
      if (rest.empty()) return false;
      frame_as(Format::csv, rest.front());
      rest.remove_prefix(1);
      // The same header as before: it was taken once, so it is taken again.
      if (rest.size() > 1 && rest[1] == '1' && !header(rest.substr(2), 0)) return false;
      break;
    default: return false;
  }
  return framer_->resume(rest);
}

bool InputReader::find_start(bool last) {
  if (!last && held_ < guess_with_) return false;
  std::memset(buffer_.data() + held_, 0, kPadding);
  const size_t at = framer_->guess({buffer_.data(), held_}, last, *this);
  if (at == std::string_view::npos) {
    guess_with_ = held_ < kLastGuessBytes / 2 ? 2 * held_ : kLastGuessBytes;
    ended_ = last || held_ >= kLastGuessBytes;  // without a beginning
    return false;
  }
  before_ = buffer_[at - 1];
  std::memmove(buffer_.data(), buffer_.data() + at, held_ - at);
  held_ -= at;
  offset_ += at;
  counted_ = offset_;
  books().part.start = offset_;
  part_read_.start = offset_;
  guessing_ = false;
  return true;
}

void InputReader::end_write(size_t bytes) {
  if (ended_) return;
  (utf16_ ? raw_held_ : held_) += bytes;
  books().bytes += bytes;
  constexpr size_t kEncodingBytes = 4;
  if (!encoding_known_ && held_ >= kEncodingBytes) decide_encoding();
  if (!encoding_known_) return;
  if (utf16_) transcode(false);
  if (ignoring_) {
    books().structure_bytes += held_;
    held_ = 0;
    return;
  }
  if (!started_ && held_ < kSniffBytes) return;
  if (guessing_ && !find_start(false)) return;
  scan(false);
}

void InputReader::skip(uint64_t bytes) {
  books().bytes += bytes;
  books().structure_bytes += bytes;
}

void InputReader::refuse(std::string_view code, std::string_view message) {
  books().refused = true;
  books().notes.push_back({std::string(code), std::string(message)});
  ignoring_ = true;
}

void InputReader::frame_as(Format format, char delimiter) {
  format_ = format;
  delimiter_ = delimiter;
  if (format == Format::json_lines) {
    framer_ = std::make_unique<LineFramer>();
  } else if (format == Format::json) {
    framer_ = std::make_unique<JsonFramer>();
  } else {
    framer_ = std::make_unique<CsvFramer>(delimiter);
    csv_.emplace(decoders_.tree, decoders_.json, delimiter);
    books().counts.is_table = true;
  }
  if (part_ && !utf16_) framer_->stop_at(part_->to);
}

void InputReader::choose_framer(std::string_view head, bool whole) {
  started_ = true;
  if (head.starts_with(kByteOrderMark)) {
    if (!utf16_) books().encoding = "utf-8-bom";
    head.remove_prefix(kByteOrderMark.size());  // the framers count it as structure
  }
  const Sniffed sniffed = sniff(head, whole, [this](std::string_view text) { return decoders_.json.is_json(text); });
  switch (sniffed.format) {
    case Format::blank:
      // Blank as far as was seen; what follows, if anything, is framed as lines.
      books().counts.blank = whole;
      return frame_as(Format::json_lines, sniffed.delimiter);
    case Format::json_lines:
    case Format::json:
    case Format::csv: return frame_as(sniffed.format, sniffed.delimiter);
    case Format::gzip:
    case Format::zip:
    case Format::xlsx:
    case Format::parquet:
    case Format::avro:
    case Format::html:
    case Format::powershell_list:
    case Format::image:
    case Format::binary:
    case Format::text: break;
  }
  refuse(refusal_code(sniffed.format), refusal_of(sniffed.format));
}

void InputReader::scan(bool last) {
  std::memset(buffer_.data() + held_, 0, kPadding);
  // What is sniffed must not depend on how the bytes were cut.
  if (!started_) choose_framer({buffer_.data(), std::min(held_, kSniffBytes)}, last && held_ <= kSniffBytes);
  if (ignoring_) {
    books().structure_bytes += held_;
    held_ = 0;
    return;
  }
  const size_t done = framer_->scan({buffer_.data(), held_}, offset_, last, *this);
  count_lines(done);
  if (utf16_ && mapped_ < offset_ + done) (void)original(offset_ + done);
  if (done > 0) before_ = buffer_[done - 1];
  std::memmove(buffer_.data(), buffer_.data() + done, held_ - done);
  held_ -= done;
  offset_ += done;
  ended_ = framer_->stopped();
}

void InputReader::count_lines(size_t upto) {
  const uint64_t target = offset_ + upto;
  if (target <= counted_) return;
  lines_before_ += count_line_ends(held_text(counted_, target), byte_before(counted_));
  counted_ = target;
}

std::string_view InputReader::held_text(uint64_t from, uint64_t to) const {
  return {buffer_.data() + (from - offset_), static_cast<size_t>(to - from)};
}

char InputReader::byte_before(uint64_t offset) const {
  return offset > offset_ ? buffer_[static_cast<size_t>(offset - offset_) - 1] : before_;
}

uint64_t InputReader::line_of(uint64_t offset) {
  if (offset == marked_offset_) return marked_line_;
  if (offset < offset_) return 0;  // unreachable: framers mark what they leave behind
  if (offset >= counted_) {
    count_lines(static_cast<size_t>(offset - offset_));
    return lines_before_ + 1;
  }
  return lines_before_ + 1 - count_line_ends(held_text(offset, counted_), byte_before(offset));
}

void InputReader::mark(uint64_t offset) {
  marked_line_ = line_of(offset);
  marked_original_ = original(offset);
  marked_offset_ = offset;
}

void InputReader::structure(uint64_t bytes) { books().structure_bytes += bytes; }

void InputReader::reject(uint64_t offset, uint64_t length, RejectReason reason) {
  if (in_torn_line_ && reason == RejectReason::cut) reason = RejectReason::unclosed;
  const uint64_t line = line_of(offset);
  if (utf16_) {
    const uint64_t begin = original(offset);
    length = original(offset + length) - begin;
    offset = begin;
  }
  Input& input = books();
  ++input.framed;
  ++input.rejected;
  input.rejected_bytes += length;
  uint32_t& kind = kinds_[static_cast<size_t>(reason)];
  if (kind == UINT32_MAX) {
    kind = static_cast<uint32_t>(input.reject_kinds.size());
    input.reject_kinds.push_back({std::string(reject_name(reason)), 0, offset, line, std::string(reject_message(reason))});
  }
  RejectKind& met = input.reject_kinds[kind];
  ++met.count;
  if (offset < met.first_offset) {
    // What is lost is known when a record stands behind it, of which a row may have been rejected already.
    met.first_offset = offset;
    met.first_line = line;
  }
  if (input.rejects.size() == kRejectsKept) return;
  auto place = input.rejects.end();
  while (place != input.rejects.begin() && (place - 1)->offset > offset) --place;
  input.rejects.insert(place, {kind, offset, length, line});
}

bool InputReader::header(std::string_view text, uint64_t) {
  Record& record = decoders_.record;
  record.clear();
  if (const auto reason = csv_->read_header(text, record)) {
    refuse("bad_header", std::string("The header row cannot be read: ") + std::string(reject_message(*reason)));
    return false;
  }
  if (const ShapeDescription* shape = decoders_.mapper.recognise(record)) {
    if (shape == &kSplunkRaw) return true;  // each row says for itself
    // A header names its columns even when no row follows, so what is missing is known from it.
    meet_shape(shape);
    books().present = decoders_.mapper.map(record, &*csv_).present;
    return true;
  }
  refuse("not_the_activity_log", not_our_table(csv_->names()));
  return false;
}

void InputReader::meet_shape(const ShapeDescription* shape) {
  if (shape == shape_) return;
  if (shape_) collect_fed();
  shape_ = shape;
  remember(books().counts.shapes, shape->name, SIZE_MAX);
}

bool InputReader::columns(std::string_view list, uint64_t) {
  part_read_.alone = true;
  const std::vector<std::string> names = decoders_.json.read_column_names(list);
  Record& record = decoders_.record;
  record.clear();
  std::vector<uint32_t> nodes;
  for (const std::string& name : names) {
    const ColumnName column = read_column_name(decoders_.tree, name);
    nodes.push_back(column.node);
    if (column.node != FieldTree::kNone && decoders_.tree.slot(column.node) != FieldTree::kNone) {
      record.set(decoders_.tree.slot(column.node), {ValueKind::null, {}});
    }
  }
  const ShapeDescription* const shape = decoders_.mapper.recognise(record);
  if (!shape) {
    books().counts.other_columns = names;
    return false;
  }
  table_ = std::move(nodes);
  meet_shape(shape);
  books().present |= decoders_.mapper.map(record, nullptr).present;
  return true;
}

Verdict InputReader::row(std::string_view list, uint64_t offset, uint64_t length, Certainty certainty) {
  Record& record = decoders_.record;
  record.clear();
  if (const auto reason = decoders_.json.read_row(list, table_, record)) {
    refusal_ = *reason;
    return Verdict::refused;
  }
  record.raw = list;
  if (const auto reason = unwrap(record)) {
    refusal_ = *reason;
    return Verdict::refused;
  }
  return count_record(decoders_.mapper.map(record, nullptr), offset, length, certainty);
}

void InputReader::rows_unnamed() {
  part_read_.alone = true;
  books().counts.rows_unnamed = true;
}

bool InputReader::resembles_record(std::string_view text) {
  Record& record = decoders_.record;
  record.clear();
  if (csv_ ? csv_->read(text, record) : decoders_.json.read(text, record)) return false;
  if (record.page || unwrap(record)) return false;
  record.raw = text;
  const Mapped mapped = decoders_.mapper.map(record, csv_ ? &*csv_ : nullptr);
  switch (mapped.kind) {
    case RecordKind::event: return mapped.fields.time != kNoTime || !mapped.fields.text[static_cast<size_t>(Column::operation)].empty();
    case RecordKind::other_table:
    case RecordKind::other_category:
    case RecordKind::unusable: return true;
    case RecordKind::unknown: break;
  }
  return false;
}

void InputReader::rows_replaced() {
  part_read_.alone = true;
  // Kusto's progressive answers repeat a table from its start; what was read of it so far is no event any more.
  const uint64_t void_events = store_.drop_events(input_);
  books().other += void_events;
  books().counts.rows_replaced += void_events;
}

std::optional<RejectReason> InputReader::unwrap(Record& record) {
  const Value raw = record.value(decoders_.raw_slot);
  if (raw.kind != ValueKind::text) return std::nullopt;
  // Splunk cuts long records; what is left of one is no record.
  if (!decoders_.json.read_embedded(raw.text, 0, record)) return RejectReason::bad_json;
  return std::nullopt;
}

bool InputReader::is_record(const std::vector<std::string_view>& keys) {
  // Two members make an event, the list is a third.
  if (keys.size() < 3) return false;
  const FieldTree& tree = decoders_.tree;
  std::vector<uint32_t> nodes;
  for (const std::string_view key : keys) {
    uint32_t node = tree.child(0, key);
    if (node == FieldTree::kNone && key.find('.') != std::string_view::npos) node = tree.resolve(key);
    if (node == FieldTree::kNone || node == 0) continue;
    while (tree.parent(node) != 0) node = tree.parent(node);
    nodes.push_back(node);
  }
  return decoders_.mapper.holds_event(nodes);
}

Verdict InputReader::torn_line(std::string_view text, uint64_t offset, bool at_end) {
  if (csv_ || in_page_) return Verdict::refused;
  const size_t inside = text.find_first_not_of(" \t\r\n", 1);
  const bool is_list = text.front() == '[' && inside != std::string_view::npos && text[inside] == '{';
  if (!is_list && !is_page(text, *this)) return Verdict::refused;
  in_torn_line_ = !at_end;
  const Verdict verdict = read_page(text, offset);
  in_torn_line_ = false;
  return verdict;
}

Verdict InputReader::read_page(std::string_view text, uint64_t offset) {
  in_page_ = true;  // a key that only unescaping turns into an envelope key must not make a page of a page for ever
  JsonFramer framer(text.front() == '{');
  framer.scan(text, offset, true, *this);
  in_page_ = false;
  return Verdict::taken;
}

Verdict InputReader::read_pandas(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty, bool& is_one) {
  const auto read = [&](const auto& row) {
    return read_pandas_object(
        text, decoders_.tree, decoders_.json, decoders_.record,
        [&](const Record& record) { return decoders_.mapper.recognise(record) != nullptr; },
        [&] {
          decoders_.record.raw = {};
          row(decoders_.mapper.map(decoders_.record, nullptr));
        });
  };
  if (certainty == Certainty::after_break) {
    // As any object behind a break: taken only for what it holds.
    bool holds_event = false;
    (void)read([&](const Mapped& mapped) { holds_event |= is_sure(mapped); });
    if (!holds_event) return Verdict::refused;
  }
  rebuilt_ = true;
  bool counted = false;  // the object's bytes count once, with its first row
  is_one = read([&](const Mapped& mapped) {
    const uint64_t record_bytes = books().record_bytes, rejected_bytes = books().rejected_bytes;
    if (count_record(mapped, offset, length, certainty) == Verdict::refused) reject(offset, length, refusal_);
    if (counted) {
      books().record_bytes = record_bytes;
      books().rejected_bytes = rejected_bytes;
    }
    counted = true;
  });
  rebuilt_ = false;
  return Verdict::taken;
}

Verdict InputReader::record(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty) {
  Record& record = decoders_.record;
  record.clear();
  if (text.size() > kMaxRecordBytes) {
    bool is_one = false;
    const Verdict verdict = read_pandas(text, offset, length, certainty, is_one);
    if (is_one) return verdict;
    refusal_ = RejectReason::too_long;
    return Verdict::refused;
  }
  std::optional<RejectReason> reason;
  if (csv_) {
    reason = csv_->read(text, record);
    if (!reason) reason = unwrap(record);
  } else if (text.front() == '[' && !in_page_) {
    // A line that holds a list: its elements are the records, and a bad one costs itself alone.
    if (certainty != Certainty::framed || framing_is_doubtful(text) || !closes_at_end(text)) {
      refusal_ = RejectReason::bad_json;
      return Verdict::refused;
    }
    return read_page(text, offset);
  } else {
    reason = decoders_.json.read(text, record);
    if (!reason) reason = unwrap(record);
  }
  if (reason) {
    refusal_ = *reason;
    if (csv_ || certainty != Certainty::framed) return Verdict::refused;
    const bool bad_in_page = !in_page_ && closes_at_end(text) && !framing_is_doubtful(text) && is_page(text, *this);
    return bad_in_page ? read_page(text, offset) : repair(text, offset, length, *reason);
  }
  record.raw = text;
  // A page over several lines keeps its offsets as long as joining changed none of its bytes.
  const bool in_place = certainty == Certainty::framed || (certainty == Certainty::joined && text.size() == length);
  if (record.page && in_place && !in_page_ && is_page(text, *this)) return read_page(text, offset);
  Mapped mapped = decoders_.mapper.map(record, csv_ ? &*csv_ : nullptr);
  const bool hollow = mapped.kind == RecordKind::unknown ||
                      (mapped.kind == RecordKind::event && mapped.fields.time == kNoTime && mapped.fields[Column::operation].empty());
  if (hollow && !csv_ && !framed_before_ && books().framed == 0) {
    // The first record of an input, and nothing of ours in it: perhaps the whole table.
    bool is_one = false;
    const Verdict verdict = read_pandas(text, offset, length, certainty, is_one);
    if (is_one) return verdict;
    record.clear();
    (void)decoders_.json.read(text, record);  // read once already; the attempt has overwritten it
    record.raw = text;
    mapped = decoders_.mapper.map(record, nullptr);
  }
  InputCounts& counts = books().counts;
  if (mapped.kind == RecordKind::unknown && !counts.tool_looked_for && !csv_) {
    counts.tool = tool_of(text);
    counts.tool_looked_for = true;
  }
  return count_record(mapped, offset, length, certainty);
}

Verdict InputReader::repair(std::string_view text, uint64_t offset, uint64_t length, RejectReason reason) {
  if (reason == RejectReason::bad_utf8 || reason == RejectReason::not_an_object || reason == RejectReason::too_deep)
    return Verdict::refused;
  const Flaw flaw = repair_json(text, repaired_);
  if (flaw == Flaw::single_quotes) refusal_ = RejectReason::single_quotes;
  if (flaw == Flaw::placeholder) refusal_ = RejectReason::blob_data;
  if (repaired_.empty()) return Verdict::refused;
  const size_t repaired = repaired_.size();
  repaired_.append(kPadding, '\0');
  Record& record = decoders_.record;
  record.clear();
  const std::string_view whole(repaired_.data(), repaired);
  if (decoders_.json.read(whole, record) || unwrap(record)) return Verdict::refused;
  // A key that stands twice would be the sign that a text has become structure after all.
  if (flaw == Flaw::single_quotes && record.duplicate_key) return Verdict::refused;
  record.raw = whole;
  const Mapped mapped = decoders_.mapper.map(record, nullptr);
  if (!is_sure(mapped)) return Verdict::refused;
  return count_record(mapped, offset, length, Certainty::joined);
}

Verdict InputReader::count_record(const Mapped& mapped, uint64_t offset, uint64_t length, Certainty certainty) {
  if (certainty == Certainty::after_break) {
    if (!is_sure(mapped)) {
      refusal_ = RejectReason::lost;
      return Verdict::refused;
    }
    ++books().counts.after_break;
  }
  if (mapped.kind == RecordKind::unusable) {
    refusal_ = RejectReason::localizable;
    return Verdict::refused;
  }
  if (utf16_) {
    const uint64_t begin = original(offset);
    length = original(offset + length) - begin;
    offset = begin;
  }
  Input& input = books();
  ++input.framed;
  input.record_bytes += length;
  if (mapped.kind != RecordKind::event) {
    ++input.other;
    if (!mapped.kind_name.empty()) remember(input.counts.other_kinds, mapped.kind_name, kOtherKindsKept);
    return Verdict::taken;
  }
  EventFields fields = mapped.fields;
  fields.offset = offset;
  fields.length = static_cast<uint32_t>(length);
  if (certainty == Certainty::after_break) fields.flags |= kAfterBreak;
  if (certainty == Certainty::joined) {
    fields.flags |= kRepaired;
    ++input.repaired;
  }
  if (rebuilt_) fields.flags |= kRebuilt;
  if (fields.flags & kDuplicateKey) ++input.counts.duplicate_keys;
  if (mapped.unmapped_name) ++input.counts.unmapped_names;
  if (fields.flags & kTimeUnreadable && input.counts.unreadable_times++ == 0) input.counts.first_unreadable_time = offset;
  input.present |= mapped.present;
  input.day_first_proven |= mapped.day_first_proven;
  input.month_first_proven |= mapped.month_first_proven;
  meet_shape(mapped.shape);
  for (size_t column = 0; column <= kColumns; ++column) {
    if (mapped.fed[column] != 0) fed_[column] |= 1u << (mapped.fed[column] - 1);
  }
  store_.append(input_, fields);
  return Verdict::taken;
}

void InputReader::collect_fed() {
  for (size_t column = 0; column <= kColumns; ++column) {
    const std::string_view name = column == kColumns ? needed_name(Needed::time) : column_name(static_cast<Column>(column));
    for (uint8_t source = 1; fed_[column] >> (source - 1) != 0; ++source) {
      if (fed_[column] >> (source - 1) & 1) fed_paths_.emplace(name, source_path(*shape_, column, source));
    }
  }
  fed_ = {};
}

void InputReader::close(bool cut, std::string_view sentence) {
  scan_rest();
  if (cut) {
    books().cut = true;
    books().notes.push_back({"cut", std::string(sentence)});
  }
  close_books();
}

void InputReader::close_full() {
  scan_rest();
  books().cut = books().counts.memory_full = true;
  close_books();
}

void InputReader::scan_rest() {
  if (!ended_) {
    if (buffer_.size() < held_ + kPadding) buffer_.resize(held_ + kPadding);
    if (!encoding_known_) decide_encoding();
    if (utf16_) transcode(true);
    if (!guessing_ || find_start(true)) scan(true);
  }
  Input& input = books();
  if (shape_) collect_fed();
  for (const auto& [column, path] : fed_paths_) input.fed.emplace_back(column, path);
  if (utf16_) {
    // The framers counted bytes of UTF-8; what is neither record nor reject is structure, half a unit at the end included.
    input.structure_bytes = input.bytes - input.record_bytes - input.rejected_bytes;
  }
}

void InputReader::close_books() {
  Input& input = books();
  input.counts.truncated = !ended_ && (raw_held_ > 0 || (framer_ && !framer_->ended_whole()));
  if (part_) {
    close_part(input.cut);
  } else {
    conclude(input);
  }
}

void InputReader::close_part(bool cut) {
  Input& input = books();
  input.part.end = part_read_.end = part_read_.start ? offset_ : input.part.start;
  input.part.line_ends = lines_before_;
  // What was written before the guessed beginning and behind the end belongs to others.
  input.bytes = input.part.end - input.part.start;
  if (ended_ && part_read_.start) part_read_.end_state = state();
  part_read_.whole = part_read_.start && (ended_ || !cut);
}

std::string InputReader::plan_parts(std::string_view head, Decoders& decoders) {
  EventStore store;
  InputReader reader(store, store.add_input({}), decoders);
  // The state behind the first record is that of all places like it.
  PartToRead part;
  part.to = 1;
  if (!reader.begin_part(part)) return {};
  std::copy(head.begin(), head.end(), reader.begin_write(head.size()));
  reader.end_write(head.size());
  while (reader.ended_ && store.inputs().front().framed == 0) {
    reader.ended_ = false;
    reader.framer_->stop_at(reader.offset_ + 1);
    reader.scan(false);
  }
  const bool can = reader.ended_ && !reader.utf16_ && !reader.ignoring_ && !reader.part_read_.alone;
  return can ? reader.state() : std::string();
}

}  // namespace csh
