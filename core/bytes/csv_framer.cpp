#include "bytes/csv_framer.h"

#include <algorithm>

#include "bytes/line_ends.h"

namespace csh {
namespace {

// Rows that must follow each other before a guess is believed; more cost more when a cell's text is tried, and find no more.
constexpr int kRowsBelieved = 3;

}  // namespace

bool CsvFramer::resume(std::string_view state) {
  if (state.size() < 2 || (state[0] != 'q' && state[0] != '-') || (state[1] != '1' && state.substr(1) != "0")) return false;
  quotes_met_ = state[0] == 'q';
  has_header_ = state[1] == '1';
  header_ = state.substr(2);
  return true;
}

size_t CsvFramer::guess(std::string_view window, bool last, FrameSink& sink) {
  for (size_t at = 0; at < window.size();) {
    while (at < window.size() && !is_line_end(window[at])) ++at;
    if (at + 1 < window.size() && window[at] == '\r' && window[at + 1] == '\n') ++at;
    if (++at >= window.size()) break;
    int rows = 0;
    size_t row = at;
    while (rows < kRowsBelieved) {
      if (row == window.size()) {
        if (!last) return std::string_view::npos;
        break;
      }
      size_t end = 0, behind = 0;
      const RowEnd found = find_row_end(window, row, last, end, behind);
      if (found == RowEnd::need_more && window.size() - at <= kMaxCandidateBytes) return std::string_view::npos;
      if (found != RowEnd::found || end - row > kMaxCandidateBytes) {
        rows = 0;
        break;
      }
      const std::string_view text = window.substr(row, end - row);
      row = behind;
      if (text.empty() || text == header_) continue;
      if (!sink.resembles_record(text)) {
        rows = 0;
        break;
      }
      ++rows;
    }
    if (rows > 0) return at;
  }
  return std::string_view::npos;
}

CsvFramer::Inside CsvFramer::inside_quotes(std::string_view window, size_t at, bool last) const {
  const std::string_view text = window.substr(at, kMaxFieldBytes);
  for (size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"', quote + 2)) {
    const size_t next = quote + 1;
    if (at + next == window.size()) return last ? Inside::perhaps : Inside::need_more;
    const char c = window[at + next];
    if (c != '"') return c == delimiter_ || is_line_end(c) ? Inside::perhaps : Inside::no;
  }
  if (text.size() == kMaxFieldBytes) return Inside::no;
  if (!last) return Inside::need_more;
  // No quote up to the end: a cell that the end of the input cuts, or a file that has quotes nowhere but where it is damaged.
  return quotes_met_ ? Inside::perhaps : Inside::no;
}

void CsvFramer::begin_lost(uint64_t offset, RejectReason reason, FrameSink& sink) {
  lost_ = true;
  lost_reason_ = reason;
  span_start_ = offset;
  sink.mark(offset);
}

size_t CsvFramer::scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) {
  size_t at = 0;
  while (at < window.size()) {
    if (not_ours_) {
      // Nothing of this table is a record of ours; it is passed over whole.
      sink.structure(window.size() - at);
      return window.size();
    }
    if (skipping_) {
      // The string state is kept, so that text inside the quotes of an over-long row does not become rows.
      bool broken = false;
      for (; at < window.size() && !broken; ++at) {
        const char c = window[at];
        if (skip_ == Skip::quoted) {
          if (c == '"') skip_ = Skip::quote_in_quotes;
        } else if (c == '"' && skip_ != Skip::unquoted) {
          skip_ = Skip::quoted;  // a field's first quote, or the second of a doubled one
        } else if (is_line_end(c)) {
          break;
        } else if (c == delimiter_) {
          skip_ = Skip::field_start;
        } else {
          broken = skip_ == Skip::quote_in_quotes;
          skip_ = Skip::unquoted;
        }
      }
      if (broken) {
        skipping_ = false;
        lost_ = true;
        lost_reason_ = RejectReason::bad_quotes;
      } else if (at < window.size() || last) {
        sink.reject(span_start_, offset + at - span_start_, RejectReason::too_long);
        skipping_ = false;
      }
      continue;
    }
    if (lost_) {
      // Only a line's first byte can start a row.
      const bool at_line_start = offset + at > span_start_ && at > 0 && is_line_end(window[at - 1]);
      if (at_line_start && !is_line_end(window[at])) {
        size_t end = 0, behind = 0;
        const RowEnd row = find_row_end(window, at, last, end, behind);
        const bool framed = row == RowEnd::found && end - at <= kMaxCandidateBytes;
        const Inside inside = framed ? inside_quotes(window, at, last) : Inside::perhaps;
        if (inside == Inside::need_more || (row == RowEnd::need_more && window.size() - at <= kMaxCandidateBytes))
          return at - 1;  // keeps the line end before it in the window
        if (framed && inside == Inside::no &&
            sink.record(window.substr(at, end - at), offset + at, end - at, Certainty::after_break) == Verdict::taken) {
          sink.reject(span_start_, offset + at - span_start_, lost_reason_ == RejectReason::cut ? RejectReason::bad_quotes : lost_reason_);
          sink.structure(behind - end);
          lost_ = false;
          at = behind;
          continue;
        }
      }
      while (at < window.size() && !is_line_end(window[at])) ++at;
      if (at + 1 >= window.size() && !last) return std::min(at, window.size());
      if (at < window.size()) ++at;
      if (at == window.size() && last) {
        sink.reject(span_start_, offset + at - span_start_, lost_reason_);
        cut_ = cut_ || lost_reason_ == RejectReason::cut;
        lost_ = false;
      }
      continue;
    }
    if (stops_at(offset + at)) return at;
    const std::string_view rest = window.substr(at);
    if (rest.starts_with(kByteOrderMark)) {
      sink.structure(kByteOrderMark.size());
      at += kByteOrderMark.size();
      continue;
    }
    size_t end = 0, behind = 0;
    // No farther than a row may reach and its line end, so that the cut of the windows decides nothing.
    const size_t reach = std::min(window.size(), at + kMaxRecordBytes + 2);
    const RowEnd ended = find_row_end(window.substr(0, reach), at, last && reach == window.size(), end, behind);
    switch (ended) {
      case RowEnd::need_more:
        if (rest.size() < kMaxRecordBytes + 2) return at;
        skipping_ = true;
        skip_ = Skip::field_start;
        span_start_ = offset + at;
        sink.mark(span_start_);
        continue;
      case RowEnd::open_at_end:
      case RowEnd::broken:
        begin_lost(offset + at, ended == RowEnd::open_at_end ? RejectReason::cut : RejectReason::bad_quotes, sink);
        continue;
      case RowEnd::found: break;
    }
    const std::string_view row = window.substr(at, end - at);
    const size_t zeros = row.empty() || row.front() != '\0' ? 0 : std::min(row.find_first_not_of('\0'), row.size());
    if (zeros > 0 && (row.size() <= zeros + 1 || row[zeros + 1] != '\0')) {
      // Zero bytes that a crash or a piece of UTF-16 left in front of a row are no part of it, unless the row itself is UTF-16.
      sink.reject(offset + at, zeros, RejectReason::control_character);
      at += zeros;
      continue;
    }
    if (row.size() > kMaxRecordBytes) {
      sink.reject(offset + at, row.size(), RejectReason::too_long);
      sink.structure(behind - end);
    } else if (row.find_first_not_of(" \t") == std::string_view::npos) {
      sink.structure(behind - at);
    } else if (!has_header_ && row.size() == 5 && row.starts_with("sep=")) {
      sink.structure(behind - at);  // tells Excel the delimiter
    } else if (!has_header_) {
      has_header_ = true;
      header_ = row;
      not_ours_ = !sink.header(row, offset + at);
      sink.structure(behind - at);
    } else if (row == header_) {
      sink.structure(behind - at);  // files put one behind the other
    } else {
      if (sink.record(row, offset + at, row.size(), Certainty::framed) == Verdict::refused) {
        // Without a line end behind it, a row that is too short was cut.
        const bool cut = last && behind == end && sink.refusal() == RejectReason::wrong_field_count;
        cut_ = cut_ || cut;
        sink.reject(offset + at, row.size(), cut ? RejectReason::cut : sink.refusal());
      }
      if (!quotes_met_) quotes_met_ = row.find('"') != std::string_view::npos;
      sink.structure(behind - end);
    }
    at = behind;
  }
  if (last && (lost_ || skipping_) && offset + at > span_start_) {
    sink.reject(span_start_, offset + at - span_start_, lost_ ? lost_reason_ : RejectReason::too_long);
    lost_ = skipping_ = false;
  }
  return at;
}

}  // namespace csh
