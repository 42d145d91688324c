// What makes an event a sign of Cloud Shell. One definition for the hunt, which asks merged events, and for what is shown while files are still
// being read, which asks events as they come.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "store/event_store.h"
#include "time/ticks.h"

namespace csh {

enum class SignalKind : uint8_t { storage_listing, console_write, shell_app };
std::string_view signal_name(SignalKind kind);

// `Event` answers has_operation, lists_keys, succeeded, on_shell_group, writes_console, failed, has_shell_app. The first kind that fits.
template <class Event>
std::optional<SignalKind> signal_of(const Event& event) {
  if (!event.has_operation()) return std::nullopt;
  if (event.lists_keys() && event.succeeded() && event.on_shell_group()) return SignalKind::storage_listing;
  if (event.writes_console()) return event.failed() ? std::nullopt : std::optional(SignalKind::console_write);
  if (event.has_shell_app()) return SignalKind::shell_app;
  return std::nullopt;
}

struct NewSignal {
  std::string_view caller;  // views into the store
  Ticks time;
  SignalKind kind;
  bool in_shell;  // carries an application id of Cloud Shell
};

struct NewSignals {
  std::vector<NewSignal> signals;  // in the order of the store
  uint32_t zoneless = 0;           // further ones whose time a setting must place first: no zone, or day and month in either order
  uint32_t waiting = 0;            // events that the next call looks at
};

// Signals among the events that have come since the last call, under the default settings. Provisional: copies are not merged, and an event that
// is taken back later (a progressive answer sends its rows anew) stays told.
class SignalsSoFar {
 public:
  // More of them wait for the next call, so that a call stays short and its answer small (some 200 kB).
  static constexpr size_t kMostSignals = 2000;

  // Signals without a caller or a readable time are left out: no session will have them. O(new events + new texts of the dictionaries).
  NewSignals next(const EventStore& store);
  // Events [from, to) came from another engine, which has told theirs. In order of `from`.
  void leave_out(uint32_t from, uint32_t to) { left_out_.emplace_back(from, to); }

 private:
  std::vector<std::pair<uint32_t, uint32_t>> left_out_;
  uint32_t next_ = 0;  // the first event not looked at
  // By id of the dictionaries, grown as these grow.
  std::vector<uint8_t> operations_, statuses_, groups_, apps_;
};

}  // namespace csh
