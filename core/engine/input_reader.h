// Reads one input from its first byte to its last, or a part of one (engine/parts.h): sniffs, frames, decodes, maps, and appends to the store,
// keeping the books of every record and byte. Holds at most one record and one block of the input.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/framer.h"
#include "bytes/sniff.h"
#include "bytes/utf16.h"
#include "engine/parts.h"
#include "shapes/csv_record.h"
#include "shapes/event_mapper.h"
#include "shapes/field_tree.h"
#include "shapes/json_record.h"
#include "store/event_store.h"

namespace csh {

// What decoding needs and the inputs of one engine share.
struct Decoders {
  Decoders();
  const FieldTree& tree;
  JsonRecordReader json;
  EventMapper mapper;
  Record record;
  uint32_t raw_slot;  // of Splunk's _raw
};

class InputReader final : private FrameSink {
 public:
  // `input` is the row of the store that this input fills; store and decoders must outlive the reader.
  InputReader(EventStore& store, uint32_t input, Decoders& decoders);
  // A part. False: the part's state is none; nothing may be written then.
  [[gnu::cold]] [[nodiscard]] bool begin_part(const PartToRead& part);

  // Room for `bytes` bytes behind what is still unread; valid until end_write.
  char* begin_write(size_t bytes);
  // The first `bytes` of that room are written.
  void end_write(size_t bytes);
  // Bytes written that are no whole record yet, or wait for what follows.
  size_t held_bytes() const { return held_ + raw_held_; }
  // Nothing follows, for memory is full: the input says so of itself.
  [[gnu::cold]] void close_full();
  // What the input begins with is no log: nothing of it is looked at any more.
  bool refused() const { return ignoring_; }
  // Of a refused input: bytes behind what was written, which nobody reads.
  [[gnu::cold]] void skip(uint64_t bytes);
  // Nothing follows. `cut`: the bytes stopped before the input's end, for the reason in the sentence.
  [[gnu::cold]] void close(bool cut, std::string_view sentence);
  // The part has all that it owns: what is written from now on is ignored.
  bool ended() const { return ended_; }
  // Of a closed part.
  const PartRead& part_read() const { return part_read_; }

  // The state with which parts of an input can be guessed that begins with `head`, or empty: it must be read in one go. `head` must be longer
  // than kSniffBytes.
  [[gnu::cold]] static std::string plan_parts(std::string_view head, Decoders& decoders);

 private:
  // What runs once a file, a part or a flaw is marked cold: made for size, as such files of the core are (core/CMakeLists.txt).
  [[gnu::cold]] std::string state() const;
  [[gnu::cold]] bool resume(std::string_view state);
  [[gnu::cold]] bool find_start(bool last);
  [[gnu::cold]] void scan_rest();
  [[gnu::cold]] void close_books();
  [[gnu::cold]] void close_part(bool cut);
  void scan(bool last);
  [[gnu::cold]] void choose_framer(std::string_view head, bool whole);
  [[gnu::cold]] void frame_as(Format format, char delimiter);
  [[gnu::cold]] void refuse(std::string_view code, std::string_view message);
  void count_lines(size_t upto);
  // Both of what the buffer holds, and of the byte before it.
  std::string_view held_text(uint64_t from, uint64_t to) const;
  char byte_before(uint64_t offset) const;

  Verdict record(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty) override;
  RejectReason refusal() const override { return refusal_; }
  [[gnu::cold]] void reject(uint64_t offset, uint64_t length, RejectReason reason) override;
  void structure(uint64_t bytes) override;
  void mark(uint64_t offset) override;
  bool is_record(const std::vector<std::string_view>& keys) override;
  [[gnu::cold]] Verdict torn_line(std::string_view text, uint64_t offset, bool at_end) override;
  [[gnu::cold]] bool header(std::string_view row, uint64_t offset) override;
  [[gnu::cold]] bool columns(std::string_view list, uint64_t offset) override;
  Verdict row(std::string_view list, uint64_t offset, uint64_t length, Certainty certainty) override;
  [[gnu::cold]] void rows_replaced() override;
  void partial_answer() override { books().counts.partial_answer = true; }
  [[gnu::cold]] void rows_unnamed() override;
  bool resembles_record(std::string_view text) override;

  // An object of columns: each row counts or is rejected, the object's bytes once. `is_one` false: it is none, and nothing was counted.
  [[gnu::cold]] Verdict read_pandas(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty, bool& is_one);
  // A line or list element that is a page of records itself.
  Verdict read_page(std::string_view text, uint64_t offset);
  // A record that does not parse, for `reason`: taken when it can be repaired with certainty and is an event then, else refused.
  [[gnu::cold]] Verdict repair(std::string_view text, uint64_t offset, uint64_t length, RejectReason reason);
  // What a record holds in a field of its own that is a record itself (Splunk's _raw) takes its place.
  std::optional<RejectReason> unwrap(Record& record);
  [[gnu::cold]] void collect_fed();
  void meet_shape(const ShapeDescription* shape);
  Verdict count_record(const Mapped& mapped, uint64_t offset, uint64_t length, Certainty certainty);
  uint64_t line_of(uint64_t offset);
  Input& books() { return store_.input(input_); }

  EventStore& store_;
  uint32_t input_;
  Decoders& decoders_;

  // The encoding is known from the first four bytes; until then, and for UTF-8 always, bytes are written straight into buffer_.
  void decide_encoding();
  void transcode(bool last);
  // Place in the input's own bytes of a place in the UTF-8 stream that framers see; both are the same unless the input is UTF-16. `offset` must
  // lie in the buffer, or have been marked.
  uint64_t original(uint64_t offset);

  bool encoding_known_ = false;
  std::optional<ByteOrder> utf16_;
  std::vector<char> raw_;  // of UTF-16: [0, raw_held_) is not turned into UTF-8 yet
  size_t raw_held_ = 0;
  uint64_t mapped_ = 0, mapped_units_ = 0;  // UTF-8 offset up to which units are counted, and their number

  std::vector<char> buffer_;  // [0, held_) is not consumed yet; kPadding bytes stand behind it
  size_t held_ = 0;
  uint64_t offset_ = 0;   // of buffer_[0] in the stream
  char before_ = '\0';    // the byte before buffer_[0]
  bool rebuilt_ = false;  // rows of an object of columns are being counted
  bool started_ = false, ignoring_ = false, in_page_ = false;
  bool in_torn_line_ = false;  // of a page whose line ends before it does, with more lines behind
  std::string repaired_;       // text of the record being repaired

  std::optional<PartToRead> part_;
  PartRead part_read_;
  bool framed_before_ = false;  // the input has records before the part
  bool guessing_ = false, ended_ = false;
  size_t guess_with_ = 0;  // bytes held before the next attempt

  Format format_ = Format::blank;
  char delimiter_ = ',';
  std::unique_ptr<Framer> framer_;
  std::optional<CsvRecordReader> csv_;
  RejectReason refusal_ = RejectReason::bad_json;
  std::array<uint32_t, kRejectReasons> kinds_;  // index into Input::reject_kinds, or UINT32_MAX

  uint64_t lines_before_ = 0;  // line ends before counted_
  uint64_t counted_ = 0;       // stream offset up to which line ends are counted
  uint64_t marked_offset_ = UINT64_MAX, marked_line_ = 0, marked_original_ = 0;

  std::vector<uint32_t> table_;  // nodes of the columns of the JSON table being read

  const ShapeDescription* shape_ = nullptr;
  std::array<uint32_t, kColumns + 1> fed_{};                           // bits of the sources of shape_ that gave a value
  std::set<std::pair<std::string_view, std::string_view>> fed_paths_;  // the same of all shapes met, as column and path
};

}  // namespace csh
