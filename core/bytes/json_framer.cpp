#include "bytes/json_framer.h"

#include <algorithm>

#include "store/dictionary.h"

namespace csh {
namespace {

bool is_scalar_end(char c) { return is_blank(c) || c == ',' || c == ']' || c == '}' || c == '{' || c == '['; }

}  // namespace

bool is_envelope_key(std::string_view key) { return equal_fold(key, "value") || equal_fold(key, "records"); }

bool JsonFramer::opens_envelope(size_t bracket, size_t earliest) const {
  size_t at = bracket;
  const auto back_over_blanks = [&] {
    while (at > earliest && is_blank(window_[at - 1])) --at;
  };
  back_over_blanks();
  if (at == earliest || window_[at - 1] != ':') return false;
  --at;
  back_over_blanks();
  if (at == earliest || window_[at - 1] != '"') return false;
  const size_t close = at - 1;
  constexpr size_t kLongestKey = 16;
  for (size_t open = close; open > earliest && close - open < kLongestKey;) {
    --open;
    if (window_[open] == '"') return is_envelope_key(window_.substr(open + 1, close - open - 1));
  }
  return false;
}

void JsonFramer::begin_lost(size_t from, RejectReason reason, FrameSink& sink) {
  state_ = State::lost;
  lost_reason_ = reason;
  span_start_ = place(from);
  sink.mark(span_start_);
  tries_ = 0;
  lost_before_ = '\0';
  scan_ = {};
}

void JsonFramer::end_lost(uint64_t until, FrameSink& sink) {
  if (until > span_start_) sink.reject(span_start_, until - span_start_, RejectReason::lost);
}

JsonFramer::Step JsonFramer::step_between(FrameSink& sink) {
  const size_t begin = at_;
  while (at_ < window_.size() && (is_blank(window_[at_]) || window_[at_] == ',')) ++at_;
  const std::string_view rest = window_.substr(at_);
  if (rest.starts_with(kByteOrderMark)) {
    at_ += kByteOrderMark.size();
    sink.structure(at_ - begin);
    return Step::go_on;
  }
  sink.structure(at_ - begin);
  if (rest.empty()) return Step::need_more;
  if (!last_ && rest.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(rest)) return Step::need_more;
  const char c = rest.front();
  if (c == '{') {
    scan_ = {};
    state_ = State::candidate;
    return Step::go_on;
  }
  if (c == '[') {
    if (containers_.size() == kMaxContainers) {
      begin_lost(at_, RejectReason::too_deep, sink);
      return Step::go_on;
    }
    containers_.push_back(Container::list);
    ++at_;
    sink.structure(1);
    return Step::go_on;
  }
  if (c == ']' && !containers_.empty()) {
    containers_.pop_back();
    ++at_;
    sink.structure(1);
    if (!containers_.empty() && containers_.back() == Container::page) {
      scan_ = {};
      scan_.depth = 1;
      state_ = State::page;
    }
    return Step::go_on;
  }
  // A value that is no object; a record of its own, and not one of ours.
  size_t end = 1;
  if (c == '"') {
    bool escaped = false;
    end = scan_string(rest, 1, escaped);
  } else {
    while (end < rest.size() && !is_scalar_end(rest[end])) ++end;
  }
  const bool open = end == std::string_view::npos || (end == rest.size() && !last_);
  if (open && !last_ && rest.size() <= kMaxRecordBytes) return Step::need_more;
  if (open && (c == '"' || !last_)) {
    begin_lost(at_, RejectReason::lost, sink);
    return Step::go_on;
  }
  end = std::min(end, rest.size());
  sink.reject(place(at_), end, RejectReason::not_an_object);
  at_ += end;
  return Step::go_on;
}

JsonFramer::Step JsonFramer::step_candidate(FrameSink& sink) {
  const std::string_view text = window_.substr(at_);
  bool closed = false;
  // As scan_to_end, with a look at lists of the first level: they may make the object a page.
  while (scan_.at < text.size()) {
    if (scan_.in_string) {
      const size_t end = scan_string(text, scan_.at, scan_.escaped);
      if (end == std::string_view::npos) {
        scan_.at = text.size();
        break;
      }
      scan_.in_string = false;
      scan_.at = end;
      continue;
    }
    const char c = text[scan_.at++];
    if (c == '"') {
      scan_.in_string = true;
    } else if (c == '{' || c == '[') {
      if (c == '[' && scan_.depth == 1 && containers_.size() + 2 <= kMaxContainers && opens_envelope(at_ + scan_.at - 1, at_)) {
        sink.structure(scan_.at);
        at_ += scan_.at;
        containers_.push_back(Container::page);
        containers_.push_back(Container::list);
        state_ = State::between;
        return Step::go_on;
      }
      ++scan_.depth;
    } else if (c == '}' || c == ']') {
      if (--scan_.depth == 0) {
        closed = true;
        break;
      }
    }
  }
  if (!closed) {
    if (text.size() > kMaxRecordBytes) {
      if (framing_is_doubtful(text.substr(0, kMaxRecordBytes))) {
        begin_lost(at_, RejectReason::lost, sink);
        return Step::go_on;
      }
      state_ = State::skipping;
      span_start_ = place(at_);
      sink.mark(span_start_);
      return Step::go_on;
    }
    if (!last_) return Step::need_more;
    // The end of the input inside a record: cut there, or a bracket or quote is missing somewhere before.
    begin_lost(at_, RejectReason::cut, sink);
    return Step::go_on;
  }
  const std::string_view record = text.substr(0, scan_.at);
  if (record.size() > kMaxRecordBytes) {
    if (framing_is_doubtful(text.substr(0, kMaxRecordBytes))) {
      begin_lost(at_, RejectReason::lost, sink);
      return Step::go_on;
    }
    sink.reject(place(at_), record.size(), RejectReason::too_long);
    at_ += record.size();
    state_ = State::between;
    return Step::go_on;
  }
  if (sink.record(record, place(at_), record.size(), Certainty::framed) == Verdict::taken) {
    at_ += record.size();
    state_ = State::between;
    return Step::go_on;
  }
  if (framing_is_doubtful(record)) {
    begin_lost(at_, RejectReason::lost, sink);
    return Step::go_on;
  }
  sink.reject(place(at_), record.size(), sink.refusal());
  at_ += record.size();
  state_ = State::between;
  return Step::go_on;
}

JsonFramer::Step JsonFramer::step_page(FrameSink& sink) {
  const size_t begin = at_;
  // Keys are looked up backwards, so the last bytes that may hold one stay in the window until their value has begun.
  size_t key_from = at_;
  while (at_ < window_.size()) {
    if (scan_.in_string) {
      const size_t end = scan_string(window_, at_, scan_.escaped);
      if (end == std::string_view::npos) {
        at_ = window_.size();
        break;
      }
      scan_.in_string = false;
      at_ = end;
      continue;
    }
    const char c = window_[at_];
    if (c == ',' && scan_.depth == 1) {
      key_from = ++at_;
      scan_.at = 0;
      continue;
    }
    if (c == '"') {
      scan_.in_string = true;
    } else if (c == '{' || c == '[') {
      if (c == '[' && scan_.depth == 1 && containers_.size() < kMaxContainers && opens_envelope(at_, key_from)) {
        ++at_;
        sink.structure(at_ - begin);
        containers_.push_back(Container::list);
        state_ = State::between;
        return Step::go_on;
      }
      ++scan_.depth;
    } else if (c == '}' || c == ']') {
      if (--scan_.depth == 0) {
        ++at_;
        sink.structure(at_ - begin);
        containers_.pop_back();
        state_ = State::between;
        return Step::go_on;
      }
    }
    ++at_;
  }
  // A key at the window's end must be seen whole with its value: go back to the last member's start, unless that member is huge.
  constexpr size_t kLongestMember = 1u << 16;
  if (!last_ && scan_.depth == 1 && window_.size() - key_from < kLongestMember) {
    at_ = key_from;
    scan_ = {};
    scan_.depth = 1;
  }
  sink.structure(at_ - begin);
  return Step::need_more;
}

JsonFramer::Step JsonFramer::step_skipping(FrameSink& sink) {
  if (scan_to_end(window_.substr(at_), scan_)) {
    at_ += scan_.at;
    sink.reject(span_start_, place(at_) - span_start_, RejectReason::too_long);
    state_ = State::between;
    return Step::go_on;
  }
  at_ = window_.size();
  scan_.at = 0;
  if (last_) {
    sink.reject(span_start_, place(at_) - span_start_, RejectReason::too_long);
    state_ = State::between;
  }
  return Step::need_more;
}

JsonFramer::Step JsonFramer::step_lost(FrameSink& sink) {
  // Candidates are objects behind a comma, an opening bracket or a line break; each is framed afresh from its own first byte.
  while (at_ < window_.size()) {
    const char c = window_[at_];
    const bool may_begin = c == '{' && place(at_) > span_start_ &&
                           (lost_before_ == ',' || lost_before_ == '[' || lost_before_ == '\n' || lost_before_ == '}');
    if (may_begin && tries_ < kMaxTriesABreak) {
      JsonScan scan;
      const std::string_view text = window_.substr(at_);
      const bool closed = scan_to_end(text, scan);
      if (!closed && !last_ && text.size() <= kMaxCandidateBytes) return Step::need_more;
      if (closed && scan.at <= kMaxCandidateBytes) {
        ++tries_;
        if (sink.record(text.substr(0, scan.at), place(at_), scan.at, Certainty::after_break) == Verdict::taken) {
          end_lost(place(at_), sink);
          at_ += scan.at;
          state_ = State::between;
          return Step::go_on;
        }
      }
    }
    if (c == '\n' || !is_blank(c)) lost_before_ = c == '\n' && (lost_before_ == ',' || lost_before_ == '[') ? lost_before_ : c;
    ++at_;
  }
  if (last_) {
    if (place(at_) > span_start_) sink.reject(span_start_, place(at_) - span_start_, lost_reason_);
    ended_lost_ = true;
    state_ = State::between;
  }
  return Step::need_more;
}

size_t JsonFramer::scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) {
  window_ = window;
  offset_ = offset;
  last_ = last;
  at_ = 0;
  for (Step step = Step::go_on; step == Step::go_on;) {
    switch (state_) {
      case State::between: step = step_between(sink); break;
      case State::candidate: step = step_candidate(sink); break;
      case State::page: step = step_page(sink); break;
      case State::skipping: step = step_skipping(sink); break;
      case State::lost: step = step_lost(sink); break;
    }
    if (step == Step::go_on && at_ == window_.size() && state_ == State::between && !last_) break;
  }
  return at_;
}

}  // namespace csh
