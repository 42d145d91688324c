// JSON that is not one record a line: a list of records, pages ({"value":[…]}, {"records":[…]}), lists of pages, values one after the other,
// minified or pretty. Streams: holds one record at a time, never the list.
// Which object is a page is told by its own keys: a list under an envelope key at the object's first level. What a page holds beside its
// list is structure.
// Behind a framing break (a quote or bracket missing) it looks for the next object that parses whole and has a time and an operation; all
// before it is one rejected span.
#pragma once
#include <vector>

#include "bytes/framer.h"
#include "bytes/json_scan.h"

namespace csh {

// Keys whose list holds records: REST and CLI pages, diagnostic blobs and Event Hub messages. Compared case-insensitively.
bool is_envelope_key(std::string_view key);

class JsonFramer final : public Framer {
 public:
  // Pages nest two deep in practice (a list of Event Hub messages); more than this is hostile.
  static constexpr size_t kMaxContainers = 16;
  // How far behind a break candidates are tried against each other before a span is given up; bounds quadratic cost.
  static constexpr size_t kMaxTriesABreak = 4096;
  static constexpr size_t kMaxCandidateBytes = 1u << 20;

  size_t scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) override;
  bool ended_whole() const override { return containers_.empty() && !ended_lost_; }

 private:
  enum class State : uint8_t {
    between,    // in a list or at top level, before a value
    candidate,  // inside an object that may be a record or a page
    page,       // inside a page, outside its list
    skipping,   // inside a record that is too long
    lost,       // behind a break
  };
  enum class Container : uint8_t { list, page };
  enum class Step : uint8_t { go_on, need_more };

  Step step_between(FrameSink& sink);
  Step step_candidate(FrameSink& sink);
  Step step_page(FrameSink& sink);
  Step step_skipping(FrameSink& sink);
  Step step_lost(FrameSink& sink);
  // True when the '[' at `bracket` is the value of an envelope key.
  bool opens_envelope(size_t bracket, size_t earliest) const;
  void begin_lost(size_t from, RejectReason reason, FrameSink& sink);
  void end_lost(uint64_t until, FrameSink& sink);
  uint64_t place(size_t at) const { return offset_ + at; }

  State state_ = State::between;
  std::vector<Container> containers_;
  JsonScan scan_;
  uint64_t span_start_ = 0;  // of the record being skipped or the lost span
  size_t tries_ = 0;
  RejectReason lost_reason_ = RejectReason::lost;  // of the span, should it reach the end of the input
  bool ended_lost_ = false;
  char lost_before_ = '\0';  // last byte before the window that is not blank, while lost

  // The window of the current call.
  std::string_view window_;
  uint64_t offset_ = 0;
  bool last_ = false;
  size_t at_ = 0;     // next byte that nobody has been told of
};

}  // namespace csh
