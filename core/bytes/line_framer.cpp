#include "bytes/line_framer.h"

#include <cstring>

#include "bytes/json_scan.h"

namespace csh {
namespace {

size_t find_line_end(std::string_view text, size_t from) {
  const void* const found = from < text.size() ? std::memchr(text.data() + from, '\n', text.size() - from) : nullptr;
  return found ? static_cast<size_t>(static_cast<const char*>(found) - text.data()) : std::string_view::npos;
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

// Copies `text`, writing raw control characters inside strings as escapes.
void escape_controls(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.clear();
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (in_string && static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
      continue;
    }
    out += c;
    if (in_string && c == '\\' && at + 1 < text.size()) out += text[++at];
  }
}

}  // namespace

size_t LineFramer::guess(std::string_view window, bool, FrameSink&) {
  const size_t line_end = find_line_end(window, 0);
  return line_end == std::string_view::npos || line_end + 1 == window.size() ? std::string_view::npos : line_end + 1;
}

LineFramer::Joined LineFramer::join(std::string_view window, size_t from, uint64_t offset, bool last, FrameSink& sink, size_t& end) {
  JsonScan scan;
  size_t line_start = from;
  for (size_t lines = 1;; ++lines) {
    size_t line_end = find_line_end(window, line_start);
    const bool at_end = line_end == std::string_view::npos;
    if (at_end) line_end = window.size();
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
      sink.structure(line_end - from - scan.at + (at_end ? 0 : 1));
      end = line_end + (at_end ? 0 : 1);
      return Joined::taken;
    }
    if (at_end) return Joined::failed;
    line_start = line_end + 1;
  }
}

size_t LineFramer::scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) {
  size_t start = 0;
  size_t from = scanned_;
  scanned_ = 0;
  while (start < window.size()) {
    if (!inside_line_ && skipping_ == 0 && stops_at(offset + start)) return start;
    size_t line_end = find_line_end(window, from);
    const bool at_end = line_end == std::string_view::npos;
    if (at_end) {
      if (!last) {
        if (skipping_ > 0 || window.size() - start > kMaxRecordBytes) {
          if (skipping_ == 0) {
            skip_start_ = offset + start;
            sink.mark(skip_start_);
          }
          skipping_ += window.size() - start;
          return window.size();
        }
        scanned_ = window.size() - start;
        return start;
      }
      line_end = window.size();
    }
    const size_t behind = line_end + (at_end ? 0 : 1);
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
        const bool another = rest.begin == line.end || window[rest.begin] == '{' || window[rest.begin] == '[';
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
