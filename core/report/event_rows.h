// The events of a session as rows of a text, with what its copies add: one reading of store and timeline for every form in which events leave.
#pragma once
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hunt/hunt.h"
#include "hunt/timeline.h"

namespace csh {

struct EventRow {
  Ticks time = 0;
  std::optional<SignalKind> signal;
  Attribution attribution = Attribution::unknown;
  const Operation* operation = nullptr;  // of the session; nullptr where the event is a signal alone
  uint32_t input = 0;                    // as the report lists them
  std::string_view path;
  uint64_t offset = 0;
  uint32_t length = 0;
  std::vector<std::string_view> flags;
  size_t copies = 1;
  std::string_view text(Column column) const { return texts[static_cast<size_t>(column)]; }
  std::array<std::string_view, kColumns> texts;
};

class EventRows {
 public:
  // All three must outlive the rows.
  EventRows(const EventStore& store, const Timeline& timeline, const Findings& findings);

  // Starts with the events of another session, index into Findings::sessions.
  void open(uint32_t session);
  uint32_t size() const { return size_; }
  // Event `index` of the session in order of time; reading on from the one before costs least.
  EventRow row(uint32_t index);

 private:
  const EventStore& store_;
  const Timeline& timeline_;
  const Findings& findings_;
  std::vector<uint32_t> printed_;  // input of the store -> place in the report
  const Session* session_ = nullptr;
  uint32_t size_ = 0;
  std::unordered_map<uint32_t, SignalKind> signals_;           // by event
  std::unordered_map<std::string, const Operation*> by_name_;  // folded
};

}  // namespace csh
