#include "bytes/line_framer.h"

#include <algorithm>

#include "bytes/json_scan.h"
#include "bytes/line_ends.h"

namespace csh {
namespace {

struct Line {
  size_t end, behind;  // one past its text, one past its line end
  bool found;          // false: its end is not in the window, and no line end stands before `end`
};

// A CR at the window's end is no line end yet: an LF may follow, which belongs to it.
Line line_from(std::string_view window, size_t from, bool last) {
  const size_t at = find_line_end(window, from);
  if (at == std::string_view::npos) return {window.size(), window.size(), false};
  if (window[at] == '\n') return {at, at + 1, true};
  if (at + 1 == window.size()) return last ? Line{at, at + 1, true} : Line{at, at, false};
  return {at, at + (window[at + 1] == '\n' ? 2 : 1), true};
}

struct Trimmed {
  size_t begin, end;
};

// Without blanks and byte order marks around it.
Trimmed trim(std::string_view text, size_t begin, size_t end) {
  for (;;) {
    if (begin < end && is_blank(text[begin])) {
      ++begin;
    } else if (text.substr(begin, end - begin).starts_with(kByteOrderMark)) {
      begin += kByteOrderMark.size();
    } else {
      break;
    }
  }
  while (end > begin && is_blank(text[end - 1])) --end;
  return {begin, end};
}

}  // namespace

size_t LineFramer::guess(std::string_view window, bool, FrameSink&) {
  const Line line = line_from(window, 0, false);
  return line.found && line.behind < window.size() ? line.behind : std::string_view::npos;
}

LineFramer::Joined LineFramer::join(std::string_view window, size_t from, uint64_t offset, bool last, FrameSink& sink, size_t& end) {
  JsonScan scan;
  size_t line_start = from;
  for (size_t lines = 1;; ++lines) {
    const Line line = line_from(window, line_start, last);
    const size_t line_end = line.end;
    const bool at_end = !line.found;
    if (line_end - from > kMaxJoinedBytes || lines > kMaxJoinedLines) return Joined::failed;
    if (at_end && !last) return Joined::need_more;
    const bool closed = scan_to_end(window.substr(0, line_end).substr(from), scan);
    // Brackets closed in the first line: it is bad in itself, and joining cannot mend it.
    if (closed && lines == 1) return Joined::failed;
    if (closed) {
      // More text behind the closing bracket means that the brackets were miscounted.
      if (trim(window, from + scan.at, line_end).begin != trim(window, from + scan.at, line_end).end) return Joined::failed;
      escape_controls(window.substr(from, scan.at), repaired_);
      const size_t length = repaired_.size();
      repaired_.append(kPadding, '\0');
      if (sink.record({repaired_.data(), length}, offset + from, scan.at, Certainty::joined) != Verdict::taken) return Joined::failed;
      sink.structure(line.behind - from - scan.at);
      end = line.behind;
      return Joined::taken;
    }
    if (at_end) return Joined::failed;
    line_start = line.behind;
  }
}

size_t LineFramer::scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) {
  size_t start = 0;
  size_t from = scanned_;
  scanned_ = 0;
  while (start < window.size()) {
    if (!inside_line_ && skipping_ == 0 && stops_at(offset + start)) return start;
    const Line found = line_from(window, from, last);
    const size_t line_end = found.end, behind = found.behind;
    const bool at_end = !found.found;
    if (at_end && !last) {
      if (skipping_ > 0 || line_end - start > kMaxRecordBytes) {
        if (skipping_ == 0) {
          skip_start_ = offset + start;
          sink.mark(skip_start_);
        }
        skipping_ += line_end - start;
        return line_end;
      }
      scanned_ = line_end - start;
      return start;
    }
    if (skipping_ > 0 || line_end - start > kMaxRecordBytes) {
      const uint64_t begin = skipping_ > 0 ? skip_start_ : offset + start;
      sink.reject(begin, skipping_ + (line_end - start), RejectReason::too_long);
      cut_ = cut_ || at_end;
      sink.structure(behind - line_end);
      skipping_ = 0;
      start = from = behind;
      continue;
    }
    const Trimmed line = trim(window, start, line_end);
    if (line.begin == line.end) {
      sink.structure(behind - start);
      start = from = behind;
      inside_line_ = false;
      continue;
    }
    const std::string_view text = window.substr(line.begin, line.end - line.begin);
    const size_t zeros = std::min(text.find_first_not_of('\0'), text.size());
    if (zeros > 0 && (text.size() <= zeros + 1 || text[zeros + 1] != '\0')) {
      // Zero bytes that a crash or a piece of UTF-16 left in front of a line are no part of it, unless the line itself is UTF-16.
      sink.structure(line.begin - start);
      sink.reject(offset + line.begin, zeros, RejectReason::control_character);
      start = line.begin + zeros;
      from = line_end;
      continue;
    }
    JsonScan value;
    const bool several = inside_line_ && scan_to_end(text, value) && value.at < text.size();
    if (!several && sink.record(text, offset + line.begin, text.size(), Certainty::framed) == Verdict::taken) {
      sink.structure(behind - start - text.size());
      start = from = behind;
      inside_line_ = false;
      continue;
    }
    RejectReason reason = sink.refusal();
    if (text.front() == '{' || text.front() == '[') {
      // A whole value with a comma or another value behind it: a lost line break, or a list's separator. Each value is a record.
      value = {};
      if (scan_to_end(text, value) && value.at < text.size()) {
        Trimmed rest = trim(window, line.begin + value.at, line.end);
        if (window[rest.begin] == ',') rest.begin = trim(window, rest.begin + 1, line.end).begin;
        const bool another = rest.begin == line.end || window[rest.begin] == '{' || window[rest.begin] == '[' || window[rest.begin] == '\0';
        if (another && sink.record(text.substr(0, value.at), offset + line.begin, value.at, Certainty::framed) == Verdict::taken) {
          sink.structure(line.begin - start + rest.begin - (line.begin + value.at));
          start = rest.begin;
          from = line_end;
          inside_line_ = true;
          continue;
        }
        if (several && sink.record(text, offset + line.begin, text.size(), Certainty::framed) == Verdict::refused) reason = sink.refusal();
      }
      size_t end = 0;
      switch (join(window, line.begin, offset, last, sink, end)) {
        case Joined::taken:
          sink.structure(line.begin - start);
          start = from = end;
          inside_line_ = false;
          continue;
        case Joined::need_more: scanned_ = line_end - start; return start;
        case Joined::failed: break;
      }
      JsonScan scan;
      if (at_end && !scan_to_end(text, scan)) {
        reason = RejectReason::cut;
        cut_ = true;
      }
      if (sink.torn_line(text, offset + line.begin, at_end) == Verdict::taken) {
        sink.structure(behind - start - text.size());
        start = from = behind;
        inside_line_ = false;
        continue;
      }
    }
    sink.reject(offset + line.begin, text.size(), reason);
    sink.structure(behind - start - text.size());
    start = from = behind;
    inside_line_ = false;
  }
  if (last && skipping_ > 0) {
    sink.reject(skip_start_, skipping_, RejectReason::too_long);
    cut_ = true;
    skipping_ = 0;
  }
  return window.size();
}

}  // namespace csh
