// Cuts a stream of bytes into records; knows nothing of Azure. Three kinds: JSON Lines, any other JSON, CSV.
// Every byte of the stream is handed over exactly once: as part of a record, of a rejected span, or as structure (header row, brackets,
// separators, blank space, byte order marks). Any cut of the stream into windows gives the same calls.
// A stream may be read in parts: a framer stops at the first clean place at or behind a given one, says in a text what the rest depends on
// besides its bytes, and another one goes on from there by that text as if nothing had been between. A clean place is the first byte of a
// record (of a line, of a row) that nothing before it has a claim on; while a span is lost, skipped or joined there is none.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/reject_reason.h"

namespace csh {

// Room that must be readable behind every window, for SIMD loads past a record's end.
inline constexpr size_t kPadding = 64;
// The longest record that is held: larger than any event of the log (the service caps them at 32 KiB to 1 MiB), small enough for a worker.
// The builds with sanitizers hold less: the same code runs past the limit in a tenth of the time.
#ifdef CSH_MAX_RECORD_BYTES
inline constexpr size_t kMaxRecordBytes = CSH_MAX_RECORD_BYTES;
#else
inline constexpr size_t kMaxRecordBytes = 16u << 20;
#endif
// The longest table that stands in one object: pandas' default orient writes columns, which can only be read whole. A worker holds it three times
// over while it is read.
inline constexpr size_t kMaxTableBytes = 4 * kMaxRecordBytes;

// What became of a record that a framer handed over.
enum class Verdict : uint8_t {
  taken,   // an event, or a record of another kind of log: whole either way
  refused  // it does not parse; nothing was counted, the framer must join, resume or reject
};

// How much a framer knows about where a record begins.
enum class Certainty : uint8_t {
  framed,       // the stream says so
  after_break,  // guessed behind damage: taken only as an event that has a time and an operation
  joined,       // several lines made one record, or one was repaired; counts as repaired
};

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  // `text` is the record to decode, kPadding readable bytes behind it; offset and length say where it stands in the stream.
  virtual Verdict record(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty) = 0;
  // Why the last refused record was refused.
  virtual RejectReason refusal() const = 0;
  virtual void reject(uint64_t offset, uint64_t length, RejectReason reason) = 0;
  virtual void structure(uint64_t bytes) = 0;
  // A span that may be rejected later begins here; called while the byte is in the window, so that its line can be told.
  virtual void mark(uint64_t offset) = 0;
  // CSV: the first row. False: it is no header of the log, the rest is not framed.
  virtual bool header(std::string_view row, uint64_t offset) = 0;
  // JSON: true when an object with these keys at its first level has itself what an event needs, a time and an operation: a list under an envelope
  // key is then a part of it and makes it no page. Keys are as written, not unescaped.
  virtual bool is_record(const std::vector<std::string_view>&) { return false; }
  // JSON Lines: a line that neither parses nor joins; `at_end`: the input ends in it. Taken: it is a page or list whose records were told one by
  // one up to where it breaks, and every byte of it is counted.
  virtual Verdict torn_line(std::string_view, uint64_t, bool /*at_end*/) { return Verdict::refused; }
  // The rest is for JSON tables; a sink that knows none sees no rows. The list that names the columns of the rows that follow. False: the table is not the log's, its rows are passed over.
  virtual bool columns(std::string_view, uint64_t) { return false; }
  // A row of such a table; as record().
  virtual Verdict row(std::string_view, uint64_t, uint64_t, Certainty) { return Verdict::refused; }
  // A progressive answer sent its rows anew: those read so far are void.
  virtual void rows_replaced() {}
  // A query's answer says that it is partial.
  virtual void partial_answer() {}
  // Rows of a table whose columns have not been named; they are passed over.
  virtual void rows_unnamed() {}
  // Whether this text, with kPadding readable bytes behind it, reads like a record of a log; counts nothing.
  virtual bool resembles_record(std::string_view) { return false; }
};

class Framer {
 public:
  virtual ~Framer() = default;
  // Scans `window`, which starts at stream offset `offset`, and returns how many of its first bytes are done with. The next window starts
  // there. With `last` all of it is consumed.
  virtual size_t scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) = 0;
  // After the last window: false when the input ended inside a record or an unclosed list.
  virtual bool ended_whole() const = 0;

  // The first clean place at or behind `place`, with a byte of the stream at it, ends the scan: scan() returns there, and stopped() is true
  // until a later place is set.
  void stop_at(uint64_t place) {
    stop_ = place;
    stopped_ = false;
  }
  bool stopped() const { return stopped_; }
  // At a clean place: all that what follows depends on, besides its bytes. Equal texts mean equal futures.
  virtual std::string state() const = 0;
  // For a framer that has scanned nothing: goes on from a clean place with that state. False: it is no text of state().
  [[nodiscard]] virtual bool resume(std::string_view state) = 0;
  // For a framer that goes on with the state() of some other place of the stream: where in a window of the stream that begins anywhere the
  // first clean place seems to be, or npos when more of the stream is needed (or, with `last`, when there is none). Only a guess.
  virtual size_t guess(std::string_view window, bool last, FrameSink& sink) = 0;

 protected:
  bool stops_at(uint64_t place) { return stopped_ = place >= stop_; }

 private:
  uint64_t stop_ = UINT64_MAX;
  bool stopped_ = false;
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace csh
