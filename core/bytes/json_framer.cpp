#include "bytes/json_framer.h"

#include <algorithm>

#include "bytes/json_repair.h"
#include "bytes/line_ends.h"
#include "store/dictionary.h"

namespace csh {
namespace {

bool is_scalar_end(char c) { return is_blank(c) || c == ',' || c == ']' || c == '}' || c == '{' || c == '['; }

// How far behind its member's first byte a list of records may open; a key is looked for no farther back, whatever the window.
constexpr size_t kLongestMember = 1u << 16;

struct EnvelopeKey {
  std::string_view key;
  char bracket;
  Envelope envelope;
};
constexpr EnvelopeKey kEnvelopeKeys[] = {
    {"value", '[', Envelope::records},                                           // pages of the REST API
    {"records", '[', Envelope::records},                                         // diagnostic blobs before 2018, Event Hub messages
    {"results", '[', Envelope::records},                                         // Splunk, Defender advanced hunting
    {"hits", '[', Envelope::records},                                            // Elasticsearch, inside its outer hits
    {"hits", '{', Envelope::inner},      {"responses", '[', Envelope::records},  // batch answers of the query API
    {"body", '{', Envelope::inner},      {"tables", '[', Envelope::records},     // query API and Kusto v1
    {"columns", '[', Envelope::columns},                                         // the same, Kusto v2 frames, pandas split
    {"rows", '[', Envelope::rows},       {"data", '[', Envelope::rows},
    {"error", '{', Envelope::error},     {"OneApiErrors", '[', Envelope::error},
};

// The key whose value begins at text[bracket], or empty; nothing before `earliest` is looked at.
std::string_view key_before(std::string_view text, size_t bracket, size_t earliest) {
  size_t at = bracket;
  const auto back_over_blanks = [&] {
    while (at > earliest && is_blank(text[at - 1])) --at;
  };
  back_over_blanks();
  if (at == earliest || text[at - 1] != ':') return {};
  --at;
  back_over_blanks();
  if (at == earliest || text[at - 1] != '"') return {};
  const size_t close = at - 1;
  constexpr size_t kLongestKey = 16;
  for (size_t open = close; open > earliest && close - open < kLongestKey;) {
    --open;
    if (text[open] != '"') continue;
    // A quote that is escaped is part of a longer key.
    const bool escaped = open > earliest && text[open - 1] == '\\';
    return escaped ? std::string_view{} : text.substr(open + 1, close - open - 1);
  }
  return {};
}

// The keys of the first level of the object that `text` begins with, as far as it goes. True: it closes.
bool keys_of(std::string_view text, std::vector<std::string_view>& keys) {
  keys.clear();
  int64_t depth = 0;
  bool key_next = false;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      bool escaped = false;
      const size_t end = scan_string(text, at + 1, escaped);
      if (end == std::string_view::npos) return false;
      if (key_next && depth == 1) keys.push_back(text.substr(at + 1, end - at - 2));
      key_next = false;
      at = end;
      continue;
    }
    if (c == '{' || c == '[') {
      key_next = ++depth == 1;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return true;
    } else if (c == ',') {
      key_next = depth == 1;
    }
    ++at;
  }
  return false;
}

// True when a list stands in the list `row` itself.
bool holds_list(std::string_view row) {
  int64_t depth = 0;
  for (size_t at = 0; at < row.size();) {
    const char c = row[at++];
    if (c == '"') {
      bool escaped = false;
      at = scan_string(row, at, escaped);  // npos ends the loop
    } else if (c == '{' || c == '[') {
      if (depth++ == 1 && c == '[') return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

bool makes_page(Envelope envelope) { return envelope != Envelope::none && envelope != Envelope::error; }

}  // namespace

Envelope envelope_of(std::string_view key, char bracket) {
  for (const EnvelopeKey& known : kEnvelopeKeys) {
    if (known.bracket == bracket && known.key.size() == key.size() && equal_fold(known.key, key)) return known.envelope;
  }
  return Envelope::none;
}

bool is_page(std::string_view object, FrameSink& sink) {
  int64_t depth = 0;
  for (size_t at = 0; at < object.size();) {
    const char c = object[at];
    if (c == '"') {
      bool escaped = false;
      at = scan_string(object, at + 1, escaped);
      continue;  // npos ends the loop
    }
    if ((c == '{' || c == '[') && depth++ == 1) {
      if (makes_page(envelope_of(key_before(object, at, 0), c))) {
        std::vector<std::string_view> keys;
        keys_of(object.substr(0, JsonFramer::kMaxKeysBytes), keys);
        return !sink.is_record(keys);
      }
    }
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return false;
}

void JsonFramer::enter_container() {
  const bool page = !containers_.empty() && containers_.back() == Container::page;
  state_ = page ? State::page : State::between;
  scan_ = {};
  scan_.depth = page ? 1 : 0;
  at_member_ = page;
  page_before_ = '\0';
  reopened_ = false;
}

bool JsonFramer::reopen_list(char bracket) {
  if (page_before_ == ':' || containers_.size() + 1 > kMaxContainers) return false;
  containers_.push_back(bracket == '[' && table_is_ours_ ? Container::rows : Container::list);
  enter_container();
  reopened_ = true;
  return true;
}

JsonFramer::Opened JsonFramer::open_envelope(size_t bracket, size_t earliest, bool in_page, size_t told, FrameSink& sink) {
  const Envelope envelope = envelope_of(key_before(window_, bracket, earliest), window_[bracket]);
  if (envelope == Envelope::none || containers_.size() + 3 > kMaxContainers) return Opened::nothing;
  if (envelope == Envelope::error) {
    // An event may have an "error" of its own; only a page's is about the records beside it. Kusto's list may be empty, and then is none.
    const size_t inside = window_.find_first_not_of(" \t\r\n", bracket + 1);
    if (inside == std::string_view::npos && !last_) return Opened::need_more;
    const bool filled = inside != std::string_view::npos && window_[inside] != ']';
    if (filled && (in_page || window_[bracket] == '[')) sink.partial_answer();
    return Opened::nothing;
  }
  if (envelope == Envelope::inner) {
    if (const std::optional<Opened> opened = take_only_record(bracket, in_page, told, sink)) return *opened;
  }
  size_t behind = bracket + 1;
  if (envelope == Envelope::columns) {
    JsonScan list;
    const std::string_view text = window_.substr(bracket);
    if (!scan_to_end(text.substr(0, kMaxColumnsBytes), list)) {
      if (last_ || text.size() >= kMaxColumnsBytes) return Opened::nothing;
      return Opened::need_more;
    }
    columns_named_ = true;
    table_is_ours_ = sink.columns(text.substr(0, list.at), place(bracket));
    behind = bracket + list.at;
  } else if (envelope == Envelope::rows) {
    const bool table = equal_fold(key_before(window_, bracket, earliest), "rows") || table_is_ours_;
    if (table && !table_is_ours_) {  // rows of some other table, or of none
      if (!columns_named_) sink.rows_unnamed();
      return Opened::nothing;
    }
    if (table && window_.substr(earliest, bracket - earliest).find("\"DataReplace\"") != std::string_view::npos) sink.rows_replaced();
  }
  if (!in_page) containers_.push_back(Container::page);
  switch (envelope) {
    case Envelope::records: containers_.push_back(Container::list); break;
    case Envelope::rows: containers_.push_back(table_is_ours_ ? Container::rows : Container::list); break;
    case Envelope::inner: containers_.push_back(Container::page); break;
    case Envelope::columns:
    case Envelope::error:
    case Envelope::none: break;
  }
  sink.structure(behind - told);
  at_ = behind;
  enter_container();
  return Opened::taken;
}

std::optional<JsonFramer::Opened> JsonFramer::take_only_record(size_t bracket, bool in_page, size_t told, FrameSink& sink) {
  const std::string_view text = window_.substr(bracket);
  std::vector<std::string_view> keys;
  if (!keys_of(text.substr(0, kMaxKeysBytes), keys) && !last_ && text.size() < kMaxKeysBytes) return Opened::need_more;
  if (!sink.is_record(keys)) return std::nullopt;
  JsonScan whole;
  const bool closed = scan_to_end(text.substr(0, kMaxRecordBytes), whole);
  if (!closed && !last_ && text.size() < kMaxRecordBytes) return Opened::need_more;
  if (!closed && !in_page) return Opened::nothing;  // what holds it is cut or too long as well, and rejected for that
  const std::string_view record = text.substr(0, closed ? whole.at : text.size());
  const Verdict verdict = closed ? sink.record(record, place(bracket), record.size(), Certainty::framed) : Verdict::refused;
  if (verdict == Verdict::refused && !in_page && framing_is_doubtful(record)) {
    begin_lost(at_, RejectReason::lost, sink);
    return Opened::taken;
  }
  sink.structure(bracket - told);
  at_ = bracket;
  if (!in_page) containers_.push_back(Container::page);
  enter_container();
  if (closed) {
    if (verdict == Verdict::refused) sink.reject(place(at_), record.size(), sink.refusal());
    at_ += record.size();
  } else if (text.size() < kMaxRecordBytes) {
    sink.reject(place(at_), record.size(), RejectReason::cut);
    at_ = window_.size();
    ended_lost_ = true;
  } else {
    scan_ = {};
    state_ = State::skipping;
    span_start_ = place(at_);
    sink.mark(span_start_);
  }
  return Opened::taken;
}

std::string JsonFramer::state() const {
  std::string text;
  for (const Container container : containers_) {
    switch (container) {
      case Container::list: text += 'l'; break;
      case Container::rows: text += 'r'; break;
      case Container::page: text += 'p'; break;
    }
  }
  if (columns_named_) text += table_is_ours_ ? '+' : '-';
  if (reopened_) text += 'o';
  if (met_value_) text += 'v';
  return text;
}

bool JsonFramer::resume(std::string_view state) {
  for (const char c : state) {
    // Containers, columns, list, value: in this order, and each of the last three once at most.
    if (met_value_ || (reopened_ && c != 'v') || (columns_named_ && c != 'o' && c != 'v')) return false;
    switch (c) {
      case 'l': containers_.push_back(Container::list); break;
      case 'r': containers_.push_back(Container::rows); break;
      case 'p': containers_.push_back(Container::page); break;
      case '+':
      case '-':
        columns_named_ = true;
        table_is_ours_ = c == '+';
        break;
      case 'o': reopened_ = true; break;
      case 'v': met_value_ = true; break;
      default: return false;
    }
  }
  return containers_.size() <= kMaxContainers;
}

size_t JsonFramer::guess(std::string_view window, bool last, FrameSink& sink) {
  const char opener = in_rows() ? '[' : '{';
  // What stands before a window that begins with blanks is not known, and is taken for a separator.
  char before = !window.empty() && is_blank(window.front()) ? ',' : '\0';
  size_t tries = 0, tried_bytes = 0;
  for (size_t at = 0; at < window.size(); ++at) {
    const char c = window[at];
    if (c == opener && (before == ',' || before == '[' || before == '\n' || before == '}')) {
      JsonScan scan;
      const std::string_view text = window.substr(at, kMaxCandidateBytes);
      const bool closed = scan_to_end(text, scan);
      if (!closed && !last && text.size() < kMaxCandidateBytes) return std::string_view::npos;
      if (closed && sink.resembles_record(text.substr(0, scan.at))) return at;
      tried_bytes += closed ? scan.at : text.size();
      if (++tries >= kMaxTriesABreak || tried_bytes >= kMaxTriedBytesABreak) break;
    }
    if (is_line_end(c) && before != ',' && before != '[') before = '\n';
    if (!is_blank(c)) before = c;
  }
  return std::string_view::npos;
}

void JsonFramer::begin_lost(size_t from, RejectReason reason, FrameSink& sink) {
  state_ = State::lost;
  lost_reason_ = reason;
  span_start_ = place(from);
  sink.mark(span_start_);
  tries_ = 0;
  tried_bytes_ = 0;
  lost_before_ = '\0';
  scan_ = {};
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
  const char c = rest.front();
  if (c == '[') {
    const size_t placeholder = placeholder_length(rest);
    if (placeholder == std::string_view::npos && !last_) return Step::need_more;
    if (placeholder != 0 && placeholder != std::string_view::npos) {
      sink.reject(place(at_), placeholder, RejectReason::blob_data);
      at_ += placeholder;
      return Step::go_on;
    }
  }
  if (c == '{' || (c == '[' && in_rows())) {
    if (stops_at(place(at_))) return Step::need_more;
    scan_ = {};
    known_ = first_is_page_ ? Known::page : Known::nothing;
    first_is_page_ = false;
    first_value_ = !met_value_ && containers_.empty();
    met_value_ = true;
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
    enter_container();
    return Step::go_on;
  }
  if (c == '"' && reopened_) {  // a key of the page again
    containers_.pop_back();
    enter_container();
    page_before_ = ',';
    return Step::go_on;
  }
  if (c == '"' && !last_ && rest.size() < kEmptyMember.size() && kEmptyMember.starts_with(rest)) return Step::need_more;
  if (rest.starts_with(kEmptyMember)) {
    at_ += kEmptyMember.size();
    sink.structure(kEmptyMember.size());
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
  if (open || end > kMaxRecordBytes) {
    begin_lost(at_, RejectReason::lost, sink);
    return Step::go_on;
  }
  if (c == '"') {
    // A quote that stands alone between two records opens no string: it would end in the next record's first key.
    const bool ends_well = end == rest.size() || is_scalar_end(rest[end]);
    if (!ends_well || find_line_end(rest.substr(0, end), 0) != std::string_view::npos) {
      begin_lost(at_, RejectReason::lost, sink);
      return Step::go_on;
    }
  }
  sink.reject(place(at_), end, c == '\0' ? RejectReason::control_character : RejectReason::not_an_object);
  at_ += end;
  return Step::go_on;
}

JsonFramer::Opened JsonFramer::open_candidate(std::string_view text, size_t bracket, FrameSink& sink) {
  if (known_ == Known::nothing && makes_page(envelope_of(key_before(text, bracket, 0), text[bracket]))) {
    std::vector<std::string_view> keys;
    const bool closed = keys_of(text.substr(0, kMaxKeysBytes), keys);
    if (!closed && !last_ && text.size() < kMaxKeysBytes) return Opened::need_more;
    known_ = sink.is_record(keys) ? Known::record : Known::page;
  }
  return known_ == Known::record ? Opened::nothing : open_envelope(at_ + bracket, at_, false, at_, sink);
}

std::optional<JsonFramer::Step> JsonFramer::step_single_quotes(std::string_view text, FrameSink& sink) {
  const size_t first = std::min(text.find_first_not_of(" \t\r\n", 1), text.size());
  if (first == text.size() && !last_ && first < kMaxRepairedBytes) return Step::need_more;
  if (first == text.size() || text[first] != '\'') return std::nullopt;
  const std::string_view within = text.substr(0, kMaxRepairedBytes);
  const size_t end = end_in_either_quotes(within);
  if (end == std::string_view::npos) {
    if (last_ || text.size() >= kMaxRepairedBytes) return std::nullopt;
    return Step::need_more;
  }
  // Its end is believed only where the next value, or the end of what holds it, follows.
  constexpr size_t kLookBehind = 4096;
  const std::string_view behind = text.substr(end, kLookBehind);
  const size_t next = behind.find_first_not_of(" \t\r\n");
  if (next == std::string_view::npos && !last_ && behind.size() < kLookBehind) return Step::need_more;
  if (next != std::string_view::npos && std::string_view(",]}{\xEF").find(behind[next]) == std::string_view::npos) return std::nullopt;
  if (sink.record(text.substr(0, end), place(at_), end, Certainty::framed) == Verdict::refused)
    sink.reject(place(at_), end, sink.refusal());
  at_ += end;
  state_ = State::between;
  return Step::go_on;
}

size_t JsonFramer::limit_of(std::string_view text) const {
  if (!first_value_ || text.size() <= kMaxRecordBytes) return kMaxRecordBytes;
  // {"column":{…
  size_t at = text.find_first_not_of(" \t\r\n", 1);
  if (at == std::string_view::npos || text[at] != '"') return kMaxRecordBytes;
  bool escaped = false;
  at = scan_string(text, at + 1, escaped);
  if (at == std::string_view::npos) return kMaxRecordBytes;
  at = text.find_first_not_of(" \t\r\n", at);
  if (at == std::string_view::npos || text[at] != ':') return kMaxRecordBytes;
  at = text.find_first_not_of(" \t\r\n", at + 1);
  return at != std::string_view::npos && text[at] == '{' ? kMaxTableBytes : kMaxRecordBytes;
}

JsonFramer::Opened JsonFramer::key_behind(size_t at) const {
  constexpr size_t kLookBehind = 512;
  const std::string_view behind = window_.substr(at, kLookBehind);
  const bool seen_all = last_ || behind.size() == kLookBehind;
  size_t next = behind.find_first_not_of(" \t\r\n");
  if (next != std::string_view::npos && behind[next] == ',') next = behind.find_first_not_of(" \t\r\n", next + 1);
  if (next == std::string_view::npos) return seen_all ? Opened::nothing : Opened::need_more;
  const std::string_view key = behind.substr(next);
  if (key.front() != '"' || key.starts_with(kEmptyMember)) return Opened::nothing;
  if (!seen_all && kEmptyMember.starts_with(key)) return Opened::need_more;
  bool escaped = false;
  const size_t end = scan_string(behind, next + 1, escaped);
  const size_t colon = end == std::string_view::npos ? end : behind.find_first_not_of(" \t\r\n", end);
  if (colon == std::string_view::npos) return seen_all ? Opened::nothing : Opened::need_more;
  return behind[colon] == ':' ? Opened::taken : Opened::nothing;
}

JsonFramer::Step JsonFramer::step_candidate(FrameSink& sink) {
  const std::string_view text = window_.substr(at_);
  const bool is_row = !text.empty() && text.front() == '[';
  if (scan_.at == 0 && !is_row) {
    if (const std::optional<Step> step = step_single_quotes(text, sink)) return *step;
  }
  bool closed = false;
  if (is_row) {
    closed = scan_to_end(text, scan_);
  } else {
    // Lists and objects of the first level may make the object a page.
    while (scan_to_member(text, scan_, closed)) {
      if (scan_.at < kMaxRecordBytes) {
        switch (open_candidate(text, scan_.at, sink)) {
          case Opened::taken: return Step::go_on;
          case Opened::need_more: return Step::need_more;
          case Opened::nothing: break;
        }
      }
      ++scan_.at;
      ++scan_.depth;
    }
  }
  const bool too_long = (closed ? scan_.at : text.size()) > limit_of(text);
  if (!closed && !too_long && !last_) return Step::need_more;
  if (too_long) {
    if (framing_is_doubtful(text.substr(0, kMaxRecordBytes))) {
      begin_lost(at_, RejectReason::lost, sink);
      return Step::go_on;
    }
    if (closed) {
      sink.reject(place(at_), scan_.at, RejectReason::too_long);
      at_ += scan_.at;
      state_ = State::between;
    } else {
      state_ = State::skipping;
      span_start_ = place(at_);
      sink.mark(span_start_);
    }
    return Step::go_on;
  }
  if (!closed) {
    // The end of the input inside a record: cut there, or a bracket or quote is missing somewhere before.
    begin_lost(at_, RejectReason::cut, sink);
    return Step::go_on;
  }
  const std::string_view record = text.substr(0, scan_.at);
  if (!is_row && !reopened_) {
    switch (key_behind(at_ + scan_.at)) {
      case Opened::nothing: break;
      case Opened::taken: begin_lost(at_, RejectReason::lost, sink); return Step::go_on;
      case Opened::need_more: {
        // Its last bracket is seen again when more has come.
        --scan_.at;
        scan_.depth = 1;
        return Step::need_more;
      }
    }
  }
  const Verdict verdict = is_row ? sink.row(record, place(at_), record.size(), Certainty::framed)
                                 : sink.record(record, place(at_), record.size(), Certainty::framed);
  if (verdict == Verdict::refused) {
    // A row that is not closed holds the rows behind it as cells.
    const bool holds_rows = is_row && sink.refusal() == RejectReason::wrong_field_count && holds_list(record);
    if (holds_rows || framing_is_doubtful(record)) {
      begin_lost(at_, RejectReason::lost, sink);
      return Step::go_on;
    }
    sink.reject(place(at_), record.size(), sink.refusal());
  }
  at_ += record.size();
  state_ = State::between;
  return Step::go_on;
}

JsonFramer::Step JsonFramer::step_page(FrameSink& sink) {
  const size_t begin = at_;
  // Keys are looked up backwards, so the last bytes that may hold one stay in the window until their value has begun. Where the window begins
  // inside a member, its key is gone, and nothing is looked for before the next comma.
  size_t key_from = at_;
  char before_key = page_before_;
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
      page_before_ = before_key = ',';
      at_member_ = true;
      continue;
    }
    if (c == '"') {
      scan_.in_string = true;
    } else if (c == '{' || c == '[') {
      if (scan_.depth == 1 && reopen_list(c)) {
        sink.structure(at_ - begin);
        return Step::go_on;
      }
      if (scan_.depth == 1 && at_member_ && at_ - key_from < kLongestMember) {
        switch (open_envelope(at_, key_from, true, begin, sink)) {
          case Opened::taken: return Step::go_on;
          case Opened::need_more:
            sink.structure(key_from - begin);
            at_ = key_from;
            page_before_ = before_key;
            scan_ = {};
            scan_.depth = 1;
            return Step::need_more;
          case Opened::nothing: break;
        }
      }
      at_member_ = false;  // until the next comma, wherever the window ends
      ++scan_.depth;
    } else if (c == '}' || c == ']') {
      if (--scan_.depth == 0) {
        ++at_;
        sink.structure(at_ - begin);
        containers_.pop_back();
        enter_container();
        return Step::go_on;
      }
    }
    if (scan_.depth == 1 && !is_blank(c)) page_before_ = c;
    ++at_;
  }
  // A key at the window's end must be seen whole with its value: go back to the last member's start, unless that member is huge.
  if (!last_ && at_member_ && scan_.depth == 1 && window_.size() - key_from < kLongestMember) {
    at_ = key_from;
    page_before_ = before_key;
    scan_ = {};
    scan_.depth = 1;
  } else {
    at_member_ = false;
  }
  sink.structure(at_ - begin);
  return Step::need_more;
}

JsonFramer::Step JsonFramer::step_skipping(FrameSink& sink) {
  if (scan_to_end(window_.substr(at_), scan_)) {
    at_ += scan_.at;
    sink.reject(span_start_, place(at_) - span_start_, RejectReason::too_long);
    if (!containers_.empty() && containers_.back() == Container::page) {
      enter_container();
    } else {
      state_ = State::between;
    }
    return Step::go_on;
  }
  at_ = window_.size();
  scan_.at = 0;
  if (last_) {
    sink.reject(span_start_, place(at_) - span_start_, RejectReason::too_long);
    ended_lost_ = true;
    state_ = State::between;
  }
  return Step::need_more;
}

JsonFramer::Step JsonFramer::step_lost(FrameSink& sink) {
  // Candidates are objects (in a table: rows) behind a comma, an opening bracket or a line break; each is framed afresh from its own first byte.
  const char opener = in_rows() ? '[' : '{';
  while (at_ < window_.size()) {
    const char c = window_[at_];
    const bool may_begin = c == opener && place(at_) > span_start_ &&
                           (lost_before_ == ',' || lost_before_ == '[' || lost_before_ == '\n' || lost_before_ == '}');
    if (may_begin && tries_ < kMaxTriesABreak && tried_bytes_ < kMaxTriedBytesABreak) {
      JsonScan scan;
      const std::string_view text = window_.substr(at_, kMaxCandidateBytes);
      const bool closed = scan_to_end(text, scan);
      if (!closed && !last_ && text.size() < kMaxCandidateBytes) return Step::need_more;
      ++tries_;
      tried_bytes_ += closed ? scan.at : text.size();
      if (closed) {
        const std::string_view record = text.substr(0, scan.at);
        const Verdict verdict = opener == '[' ? sink.row(record, place(at_), record.size(), Certainty::after_break)
                                              : sink.record(record, place(at_), record.size(), Certainty::after_break);
        if (verdict == Verdict::taken) {
          sink.reject(span_start_, place(at_) - span_start_, RejectReason::lost);
          at_ += scan.at;
          state_ = State::between;
          return Step::go_on;
        }
      }
    }
    // A line break counts like a separator, unless a separator stands before it.
    if (c == '\n' && lost_before_ != ',' && lost_before_ != '[') lost_before_ = c;
    if (!is_blank(c)) lost_before_ = c;
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
  }
  return at_;
}

}  // namespace csh
