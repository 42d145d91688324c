#include "engine/input_reader.h"

#include <algorithm>
#include <cstring>

#include "bytes/csv_framer.h"
#include "bytes/json_framer.h"
#include "bytes/json_repair.h"
#include "bytes/line_ends.h"
#include "bytes/line_framer.h"
#include "shapes/pandas_object.h"

namespace csh {
namespace {

constexpr size_t kOtherKindsKept = 8;

bool closes_at_end(std::string_view value) {
  JsonScan scan;
  return scan_to_end(value, scan) && scan.at == value.size();
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

std::string number(uint64_t value) { return std::to_string(value); }

}  // namespace

Decoders::Decoders() : tree(shapes()), json(tree), mapper(tree), record(tree.slots()), raw_slot(tree.slot_of("_raw")) {}

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

void InputReader::end_write(size_t bytes) {
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
  scan(false);
}

void InputReader::refuse(std::string_view code, std::string_view message) {
  books().refused = true;
  books().notes.push_back({std::string(code), std::string(message)});
  ignoring_ = true;
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
      blank_ = whole;
      framer_ = std::make_unique<LineFramer>();
      return;
    case Format::json_lines: framer_ = std::make_unique<LineFramer>(); return;
    case Format::json: framer_ = std::make_unique<JsonFramer>(); return;
    case Format::csv:
      framer_ = std::make_unique<CsvFramer>(sniffed.delimiter);
      csv_.emplace(decoders_.tree, decoders_.json, sniffed.delimiter);
      return;
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
  ++input.reject_kinds[kind].count;
  if (input.rejects.size() < kRejectsKept) input.rejects.push_back({kind, offset, length, line});
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
    shape_ = shape;
    books().shape = shape->name;
    books().present = decoders_.mapper.map(record, &*csv_).present;
    return true;
  }
  refuse_table(csv_->names());
  return false;
}

void InputReader::refuse_table(const std::vector<std::string>& columns) {
  constexpr size_t kShown = 120;  // enough to recognise the table
  std::string names;
  for (const std::string& name : columns) {
    if (names.size() > kShown) {
      names += ", …";
      break;
    }
    if (!names.empty()) names += ", ";
    names += name;
  }
  refuse("not_the_activity_log",
         "This is a table, but not of the Azure Activity log: no column is one of TimeGenerated with Caller, OperationNameValue, "
         "ActivityStatusValue. Its columns: " +
             names + ". Export the table AzureActivity.");
}

bool InputReader::columns(std::string_view list, uint64_t) {
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
    other_columns_ = names;
    return false;
  }
  table_ = std::move(nodes);
  shape_ = shape;
  books().shape = shape->name;
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

void InputReader::rows_replaced() {
  // Kusto's progressive answers repeat a table from its start; what was read of it so far is no event any more.
  const uint64_t void_events = store_.drop_events(input_);
  books().other += void_events;
  replaced_ += void_events;
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
  rebuilt_ = true;
  uint64_t counted = length;  // the object's bytes count once, with its first row
  is_one = read_pandas_object(
      text, decoders_.tree, decoders_.json, decoders_.record,
      [&](const Record& record) { return decoders_.mapper.recognise(record) != nullptr; },
      [&] {
        decoders_.record.raw = {};
        (void)count_record(decoders_.mapper.map(decoders_.record, nullptr), offset, length, certainty);
        books().record_bytes -= length - counted;
        counted = 0;
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
  if (hollow && !csv_ && books().framed == 0) {
    // The first record of an input, and nothing of ours in it: perhaps the whole table.
    bool is_one = false;
    const Verdict verdict = read_pandas(text, offset, length, certainty, is_one);
    if (is_one) return verdict;
    record.clear();
    (void)decoders_.json.read(text, record);  // read once already; the attempt has overwritten it
    record.raw = text;
    mapped = decoders_.mapper.map(record, nullptr);
  }
  if (mapped.kind == RecordKind::unknown && !tool_looked_for_ && !csv_) {
    tool_ = tool_of(text);
    tool_looked_for_ = true;
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
    ++after_break_;
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
    if (!mapped.kind_name.empty() && other_kinds_.size() < kOtherKindsKept) other_kinds_.emplace(mapped.kind_name);
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
  if (fields.flags & kDuplicateKey) ++duplicate_keys_;
  if (mapped.unmapped_name) ++unmapped_names_;
  if (fields.flags & kTimeUnreadable && unreadable_times_++ == 0) first_unreadable_time_ = offset;
  input.present |= mapped.present;
  input.day_first_proven |= mapped.day_first_proven;
  input.month_first_proven |= mapped.month_first_proven;
  if (mapped.shape != shape_) {
    collect_fed();
    input.shape = shape_ ? "mixed" : std::string(mapped.shape->name);
    shape_ = mapped.shape;
  }
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
  if (buffer_.size() < held_ + kPadding) buffer_.resize(held_ + kPadding);
  if (!encoding_known_) decide_encoding();
  if (utf16_) transcode(true);
  scan(true);
  Input& input = books();
  collect_fed();
  for (const auto& [column, path] : fed_paths_) input.fed.emplace_back(column, path);
  if (utf16_) {
    // The framers counted bytes of UTF-8; what is neither record nor reject is structure, half a unit at the end included.
    input.structure_bytes = input.bytes - input.record_bytes - input.rejected_bytes;
  }
  const auto note = [&](std::string_view code, std::string message) { input.notes.push_back({std::string(code), std::move(message)}); };
  if (cut) {
    input.cut = true;
    note("cut", std::string(sentence));
  }
  if (input.refused) return;
  if (input.bytes == 0) {
    // Who closed it may have said why there is nothing.
    if (input.notes.empty()) note("empty", "The file is empty.");
  } else if (blank_) {
    note("empty", "The file holds nothing but blank space.");
  } else if (input.framed == 0 && rows_unnamed_) {
    refuse("columns_missing",
           "Rows stand before the list that names their columns, or without one; write the columns first and open it again.");
  } else if (input.framed == 0 && !other_columns_.empty()) {
    refuse_table(other_columns_);
  } else if (input.framed == 0) {
    note("no_records", csv_ ? "The file has a header row and no rows." : "The file holds no records.");
  } else if (input.events == 0 && input.other > 0 && input.rejected == 0) {
    std::string kinds;
    for (const std::string& kind : other_kinds_) kinds += (kinds.empty() ? "" : ", ") + kind;
    input.refused = true;
    note("not_the_activity_log", std::string(tool_) + (tool_.empty() ? "" : " ") + "No record is of the Azure Activity log" +
                                     (kinds.empty() ? std::string() : " (found: " + kinds + ")") +
                                     ". Export the Activity log (AzureActivity, or insights-activity-logs).");
  } else if (input.events == 0 && input.rejected > 0) {
    note("no_events", "No record could be read as an event; see what was rejected.");
  }
  if (raw_held_ > 0 || (framer_ && !framer_->ended_whole())) {
    input.cut = true;
    note("truncated",
         "The file ends in the middle of a record or list; what was read up to there is kept. Export it again if the rest matters.");
  }
  constexpr std::array<uint64_t, 6> kRound = {50, 1'000, 10'000, 30'000, 100'000, 500'000};
  if (std::find(kRound.begin(), kRound.end(), input.framed) != kRound.end()) {
    note("may_be_cut", "Exactly " + number(input.framed) +
                           " records: the export may have been cut at a limit. Narrow its time range or raise the limit.");
  }
  if (unreadable_times_ > 0) {
    note("time_unreadable", number(unreadable_times_) + " events have a time that names no instant (first at byte " +
                                number(first_unreadable_time_) + "); they join no session.");
  }
  if (input.events > 0 && !input.carries_app_ids) {
    note("no_app_ids",
         "The file carries no application ids: what was done inside the shell cannot be told, nor Cloud Shell without storage be seen.");
  }
  if (partial_) note("may_be_cut", "The answer says that it is partial; run the query again over a shorter time.");
  if (replaced_ > 0) note("rows_replaced", number(replaced_) + " rows were sent anew by a progressive answer; each counts once.");
  if (unmapped_names_ > 0) {
    note("unmapped_names", number(unmapped_names_) +
                               " events have an operation's display name that is in no table; it stands as it is, and no rule knows it.");
  }
  if (duplicate_keys_ > 0) note("duplicate_keys", number(duplicate_keys_) + " events hold a key twice; the last one counts.");
  if (after_break_ > 0) note("after_break", number(after_break_) + " events were found behind damage; they are flagged.");
  if (input.day_first_proven && input.month_first_proven) {
    note("date_order_contradiction",
         "Some dates can only be day first, others only month first; set the date order to read the ones that fit both.");
  }
}

}  // namespace csh
