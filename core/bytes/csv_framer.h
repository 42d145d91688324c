// Rows of a delimited file with quoted fields (RFC 4180), line breaks inside quotes included. The first row is the header.
// A quote counts where a field begins, and ends the field only before a separator or line end:
//   "a ""b"" c",d      field with escaped quotes
//   5" disk,d          a quote inside an unquoted field is a plain character
//   "abc"def,d         text behind a closing quote: the framing is broken here, and what follows may be inside or outside of quotes
// Behind a break only a line that frames without doubt, has the right number of fields, a time and an operation starts a row again, and only
// where what follows cannot be the inside of a quoted field: text in a cell must never become a row.
//   x"y,"a             a break; was the quote before a the first of a field, or the last?
//   2026-…,fake,…      looks like a row, and may be text of that cell …
//   b",c               … if the next quote that is not doubled stands before a separator or line end, as a closing one does
//   2026-…,"real",…    … and is none if it stands before anything else
#pragma once
#include <string>

#include "bytes/csv_scan.h"
#include "bytes/framer.h"

namespace csh {

class CsvFramer final : public Framer {
 public:
  static constexpr size_t kMaxCandidateBytes = 1u << 20;
  // No cell is longer: a column of Log Analytics holds 64 KiB at most.
  static constexpr size_t kMaxFieldBytes = 64u << 10;

  explicit CsvFramer(char delimiter) : delimiter_(delimiter) {}
  size_t scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) override;
  bool ended_whole() const override { return !cut_; }
  // 'q' where quotes were met, else '-'; then '1' and the header row, or '0' before it.
  std::string state() const override { return (quotes_met_ ? "q" : "-") + (has_header_ ? '1' + header_ : "0"); }
  bool resume(std::string_view state) override;
  // Whether the window begins inside quotes cannot be seen from its beginning; the first line that frames as a row, reads as one, and has such
  // rows behind it, is taken for one. Text inside a quoted cell that holds whole rows deceives it.
  size_t guess(std::string_view window, bool last, FrameSink& sink) override;

 private:
  RowEnd find_row_end(std::string_view window, size_t begin, bool last, size_t& end, size_t& behind) const {
    return csh::find_row_end(window, begin, last, delimiter_, end, behind);
  }
  enum class Inside : uint8_t { no, perhaps, need_more };
  // Whether the text from window[at] on may be the inside of a quoted field.
  Inside inside_quotes(std::string_view window, size_t at, bool last) const;
  void begin_lost(uint64_t offset, RejectReason reason, FrameSink& sink);

  char delimiter_;
  bool has_header_ = false, not_ours_ = false, lost_ = false, skipping_ = false, cut_ = false;
  bool quotes_met_ = false;  // in a whole row
  enum class Skip : uint8_t { field_start, unquoted, quoted, quote_in_quotes };
  Skip skip_ = Skip::field_start;  // where skipping stands in its row
  uint64_t span_start_ = 0;
  RejectReason lost_reason_ = RejectReason::lost;
  std::string header_;
};

}  // namespace csh
