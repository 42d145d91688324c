#include "store/transfer.h"

#include <algorithm>
#include <cstring>

namespace csh {
namespace {

constexpr uint32_t kMagic = 0x49485343;  // "CSHI"
constexpr uint32_t kImageVersion = 3;
enum ImageKind : uint32_t { kInputs = 1, kTexts = 2, kEvents = 3 };
constexpr size_t kBytesPerEvent = sizeof(Ticks) + kColumns * sizeof(uint32_t) + sizeof(uint64_t) + sizeof(uint32_t) + sizeof(uint16_t);

class ImageWriter {
 public:
  ImageWriter(std::string& out, ImageKind kind) : out_(out) {
    out_.clear();
    number(kMagic);
    number(kImageVersion);
    number(static_cast<uint32_t>(kind));
  }
  template <class T>
  void number(T value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  void numbers(const T* values, size_t count) {
    out_.append(reinterpret_cast<const char*>(values), count * sizeof(T));
  }
  void text(std::string_view value) {
    number(static_cast<uint32_t>(value.size()));
    out_.append(value);
  }

 private:
  std::string& out_;
};

}  // namespace

class ImageReader {
 public:
  explicit ImageReader(std::string_view image) : image_(image) {}
  bool failed() const { return failed_; }
  bool done() const { return !failed_ && at_ == image_.size(); }
  size_t left() const { return image_.size() - at_; }
  template <class T>
  T number() {
    T value{};
    numbers(&value, 1);
    return value;
  }
  template <class T>
  void numbers(T* values, size_t count) {
    if (failed_ || count > left() / sizeof(T)) {
      failed_ = true;
      return;
    }
    if (count > 0) std::memcpy(values, image_.data() + at_, count * sizeof(T));
    at_ += count * sizeof(T);
  }
  std::string_view text() { return bytes(number<uint32_t>()); }
  std::string_view bytes(size_t length) {
    if (failed_ || length > left()) {
      failed_ = true;
      return {};
    }
    at_ += length;
    return image_.substr(at_ - length, length);
  }

 private:
  std::string_view image_;
  size_t at_ = 0;
  bool failed_ = false;
};

void StoreExport::next(std::string& image) {
  if (!inputs_done_) {
    inputs_done_ = true;
    write_inputs(image);
  } else if (!next_dictionary(image) && !next_events(image)) {
    image.clear();
  }
}

void StoreExport::write_inputs(std::string& image) const {
  ImageWriter out(image, kInputs);
  out.number(static_cast<uint32_t>(store_.inputs().size()));
  for (const Input& input : store_.inputs()) {
    out.number(input.number);
    out.number(static_cast<uint8_t>(input.part.is_part));
    out.number(input.part.id);
    for (const uint64_t value : {input.part.start, input.part.end, input.part.line_ends}) out.number(value);
    const InputCounts& counts = input.counts;
    for (const uint64_t value : {counts.unreadable_times, counts.first_unreadable_time, counts.duplicate_keys, counts.after_break,
                                 counts.rows_replaced, counts.unmapped_names}) {
      out.number(value);
    }
    out.number(static_cast<uint8_t>(counts.is_table | counts.blank << 1 | counts.truncated << 2 | counts.partial_answer << 3 |
                                    counts.rows_unnamed << 4 | counts.tool_looked_for << 5 | counts.memory_full << 6));
    out.text(counts.tool);
    for (const auto* names : {&counts.shapes, &counts.other_kinds, &counts.other_columns}) {
      out.number(static_cast<uint32_t>(names->size()));
      for (const std::string& name : *names) out.text(name);
    }
    for (const std::string* text : {&input.path, &input.shape, &input.container, &input.encoding}) out.text(*text);
    for (const uint64_t value : {input.bytes, input.container_bytes, input.framed, input.other, input.rejected, input.repaired,
                                 input.record_bytes, input.structure_bytes, input.rejected_bytes}) {
      out.number(value);
    }
    out.number(input.present);
    const uint8_t bits = static_cast<uint8_t>(input.day_first_proven | input.month_first_proven << 1 | input.refused << 2 | input.cut << 3);
    out.number(bits);
    out.number(static_cast<uint32_t>(input.fed.size()));
    for (const auto& [column, path] : input.fed) {
      out.text(column);
      out.text(path);
    }
    out.number(static_cast<uint32_t>(input.notes.size()));
    for (const Note& note : input.notes) {
      out.text(note.code);
      out.text(note.message);
    }
    out.number(static_cast<uint32_t>(input.reject_kinds.size()));
    for (const RejectKind& kind : input.reject_kinds) {
      out.text(kind.reason);
      for (const uint64_t value : {kind.count, kind.first_offset, kind.first_line}) out.number(value);
      out.text(kind.message);
    }
    out.number(static_cast<uint32_t>(input.rejects.size()));
    for (const Reject& reject : input.rejects) {
      out.number(reject.kind);
      for (const uint64_t value : {reject.offset, reject.length, reject.line}) out.number(value);
    }
  }
}

bool StoreExport::next_dictionary(std::string& image) {
  while (column_ < kColumns && text_ >= store_.dictionary(static_cast<Column>(column_)).size()) {
    ++column_;
    text_ = 1;
  }
  if (column_ == kColumns) return false;
  const Dictionary& dictionary = store_.dictionary(static_cast<Column>(column_));
  uint32_t end = text_;
  size_t bytes = 0;
  while (end < dictionary.size() && (end == text_ || bytes < kImageBytes)) bytes += dictionary.text(end++).size() + sizeof(uint32_t);
  ImageWriter out(image, kTexts);
  out.number(static_cast<uint32_t>(column_));
  out.number(text_);
  out.number(end - text_);
  for (uint32_t id = text_; id < end; ++id) out.text(dictionary.text(id));
  text_ = end;
  return true;
}

bool StoreExport::next_events(std::string& image) {
  if (event_ == store_.size()) return false;
  // One image holds events of one input.
  const uint32_t input = store_.input_of(event_);
  uint32_t end = std::min<uint32_t>(store_.size(), event_ + static_cast<uint32_t>(kImageBytes / kBytesPerEvent));
  while (store_.input_of(end - 1) != input) {
    // Halving finds a prefix of the input quickly; the next image goes on from there.
    end = event_ + (end - event_ + 1) / 2;
  }
  const uint32_t count = end - event_;
  ImageWriter out(image, kEvents);
  out.number(input);
  out.number(count);
  const auto write = [&](const auto& values) {
    values.stretches(event_, count, [&](const auto* from, uint32_t here) { out.numbers(from, here); });
  };
  write(store_.time_);
  for (const auto& ids : store_.ids_) write(ids);
  write(store_.offset_);
  write(store_.length_);
  write(store_.flags_);
  event_ = end;
  return true;
}

Error StoreImport::take(std::string_view image) {
  ImageReader reader(image);
  const auto magic = reader.number<uint32_t>(), version = reader.number<uint32_t>(), kind = reader.number<uint32_t>();
  if (reader.failed() || magic != kMagic || version != kImageVersion) return Error::bad_store_image;
  switch (kind) {
    case kInputs: return take_inputs(reader);
    case kTexts: return take_dictionary(reader);
    case kEvents: return take_events(reader);
    default: return Error::bad_store_image;
  }
}

Error StoreImport::take_inputs(ImageReader& reader) {
  if (!inputs_.empty()) return Error::bad_store_image;
  for (size_t column = 0; column < kColumns; ++column) ids_[column].assign(1, 0);
  const auto count = reader.number<uint32_t>();
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    Input input;
    input.number = reader.number<uint32_t>();
    input.part.is_part = reader.number<uint8_t>() & 1;
    input.part.id = reader.number<uint32_t>();
    for (uint64_t* value : {&input.part.start, &input.part.end, &input.part.line_ends}) *value = reader.number<uint64_t>();
    InputCounts& counts = input.counts;
    for (uint64_t* value : {&counts.unreadable_times, &counts.first_unreadable_time, &counts.duplicate_keys, &counts.after_break,
                            &counts.rows_replaced, &counts.unmapped_names}) {
      *value = reader.number<uint64_t>();
    }
    const auto met = reader.number<uint8_t>();
    counts.is_table = met & 1;
    counts.blank = met & 2;
    counts.truncated = met & 4;
    counts.partial_answer = met & 8;
    counts.rows_unnamed = met & 16;
    counts.tool_looked_for = met & 32;
    counts.memory_full = met & 64;
    counts.tool = reader.text();
    for (auto* names : {&counts.shapes, &counts.other_kinds, &counts.other_columns}) {
      for (auto left = reader.number<uint32_t>(); left > 0 && !reader.failed(); --left) names->emplace_back(reader.text());
    }
    for (std::string* text : {&input.path, &input.shape, &input.container, &input.encoding}) *text = reader.text();
    for (uint64_t* value : {&input.bytes, &input.container_bytes, &input.framed, &input.other, &input.rejected, &input.repaired,
                            &input.record_bytes, &input.structure_bytes, &input.rejected_bytes}) {
      *value = reader.number<uint64_t>();
    }
    input.present = reader.number<uint8_t>();
    const auto bits = reader.number<uint8_t>();
    input.day_first_proven = bits & 1;
    input.month_first_proven = bits & 2;
    input.refused = bits & 4;
    input.cut = bits & 8;
    for (auto left = reader.number<uint32_t>(); left > 0 && !reader.failed(); --left) {
      const std::string_view column = reader.text(), path = reader.text();
      input.fed.emplace_back(column, path);
    }
    for (auto left = reader.number<uint32_t>(); left > 0 && !reader.failed(); --left) {
      Note note;
      note.code = reader.text();
      note.message = reader.text();
      input.notes.push_back(std::move(note));
    }
    for (auto left = reader.number<uint32_t>(); left > 0 && !reader.failed(); --left) {
      RejectKind kind;
      kind.reason = reader.text();
      for (uint64_t* value : {&kind.count, &kind.first_offset, &kind.first_line}) *value = reader.number<uint64_t>();
      kind.message = reader.text();
      input.reject_kinds.push_back(std::move(kind));
    }
    for (auto left = reader.number<uint32_t>(); left > 0 && !reader.failed(); --left) {
      Reject reject;
      reject.kind = reader.number<uint32_t>();
      for (uint64_t* value : {&reject.offset, &reject.length, &reject.line}) *value = reader.number<uint64_t>();
      if (reject.kind >= input.reject_kinds.size() || input.rejects.size() == kRejectsKept) return Error::bad_store_image;
      input.rejects.push_back(reject);
    }
    if (reader.failed()) return Error::bad_store_image;
    inputs_.push_back(store_.add_input(std::move(input)));
  }
  return reader.done() ? Error::ok : Error::bad_store_image;
}

Error StoreImport::take_dictionary(ImageReader& reader) {
  const auto column = reader.number<uint32_t>(), first = reader.number<uint32_t>(), count = reader.number<uint32_t>();
  if (reader.failed() || column >= kColumns || first != ids_[column].size()) return Error::bad_store_image;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view text = reader.text();
    if (reader.failed()) return Error::bad_store_image;
    ids_[column].push_back(store_.dictionaries_[column].intern(text));
  }
  return reader.done() ? Error::ok : Error::bad_store_image;
}

Error StoreImport::take_events(ImageReader& reader) {
  const auto input = reader.number<uint32_t>(), count = reader.number<uint32_t>();
  if (reader.failed() || input >= inputs_.size() || count == 0 || reader.left() / kBytesPerEvent != count ||
      reader.left() % kBytesPerEvent != 0) {
    return Error::bad_store_image;
  }
  // Read into the columns' ends, checked before anything refers to them.
  const uint32_t before = store_.size();
  const auto extend = [&](auto& values) {
    values.extend(count);
    values.stretches(before, count, [&](auto* to, uint32_t here) { reader.numbers(to, here); });
  };
  extend(store_.time_);
  for (auto& ids : store_.ids_) extend(ids);
  extend(store_.offset_);
  extend(store_.length_);
  extend(store_.flags_);
  bool good = true;
  store_.time_.stretches(before, count, [&](const Ticks* times, uint32_t here) {
    for (uint32_t i = 0; i < here; ++i) good &= times[i] == kNoTime || (times[i] >= 0 && times[i] <= kMaxTicks);
  });
  for (size_t column = 0; column < kColumns; ++column) {
    const uint32_t* const ours = ids_[column].data();
    const size_t known = ids_[column].size();
    store_.ids_[column].stretches(before, count, [&](uint32_t* ids, uint32_t here) {
      for (uint32_t i = 0; i < here; ++i) {
        if (ids[i] < known)
          ids[i] = ours[ids[i]];
        else
          good = false;
      }
    });
  }
  if (!good) return Error::bad_store_image;
  const uint32_t ours = inputs_[input];
  if (store_.runs_.empty() || store_.runs_.back().input != ours) store_.runs_.push_back({before, ours});
  // What append() counts.
  Input& row = store_.inputs_[ours];
  row.events += count;
  for (uint32_t i = before; i < before + count; ++i) {
    if (store_.time_[i] == kNoTime) ++row.no_time;
    if (store_.flags_[i] & kZoneless) ++row.zoneless;
    if (store_.flags_[i] & kEitherOrder) ++row.either_order;
    if (store_.ids_[static_cast<size_t>(Column::app_id)][i] != 0) row.carries_app_ids = true;
  }
  return Error::ok;
}

}  // namespace csh
