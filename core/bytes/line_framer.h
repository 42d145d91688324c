// JSON Lines: one record a line. A line that does not parse and does not close its brackets is joined with the lines behind it until
// the whole parses (some exporters write raw line breaks into strings, or one pretty record into the middle); else it is rejected alone, but
// for the whole records of a page or list that breaks off.
// Joining is tried before the next lines count for themselves, so that a line break inside a string cannot smuggle in a record.
#pragma once
#include <string>

#include "bytes/framer.h"
#include "bytes/json_repair.h"

namespace csh {

class LineFramer final : public Framer {
 public:
  // Joined lines and bytes are bounded: a missing quote must not cost more than this much looking ahead.
  static constexpr size_t kMaxJoinedLines = csh::kMaxJoinedLines;
  static constexpr size_t kMaxJoinedBytes = kMaxRepairedBytes;

  size_t scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) override;
  bool ended_whole() const override { return !cut_; }
  // Nothing outlives a line.
  std::string state() const override { return {}; }
  bool resume(std::string_view state) override { return state.empty(); }
  size_t guess(std::string_view window, bool last, FrameSink& sink) override;

 private:
  enum class Joined : uint8_t { taken, failed, need_more };
  // Tries to make one record of window[from..] and following lines; `end` gets the place behind the last line taken.
  Joined join(std::string_view window, size_t from, uint64_t offset, bool last, FrameSink& sink, size_t& end);

  size_t scanned_ = 0;     // bytes of the next window that hold no line end
  uint64_t skipping_ = 0;  // bytes of an over-long line already given up; 0 when not skipping
  uint64_t skip_start_ = 0;
  bool cut_ = false;  // the last line ends inside its record
  // Behind the first of several values of a line: value by value from here, or a line of a million would be parsed a million times.
  bool inside_line_ = false;
  std::string repaired_;  // joined text with raw control characters in strings escaped
};

}  // namespace csh
