// The two answers side by side: the rows that the published Sentinel query returns, and the sessions of the better hunt, reconciled with
// each other. Reads the store, never bytes. Equal events in any order give an equal result.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hunt/catalogue.h"
#include "hunt/lists.h"
#include "hunt/settings.h"
#include "hunt/signals.h"
#include "store/event_store.h"

namespace csh {

using TextList = std::span<const std::string_view>;

// One row of the published query: its seven columns are these three (the query repeats Caller and timekey under other names).
struct SentinelRow {
  std::string_view caller;                   // as the file spells it; views into the store
  Ticks hour = 0;                            // timekey
  std::vector<std::string_view> operations;  // set_OperationNameValue, sorted by bytes
  std::vector<uint32_t> operation_ids;       // the same as ids of the store's dictionary, in the same order
  bool empty_caller = false;                 // events without a caller joined each other: a false row, flagged
  bool owed_to_succeeded = false;            // the row is there only because Succeeded counts as Success
};

enum class Attribution : uint8_t { none, unknown, same_window, in_shell };  // strongest last; none: a session without operations
std::string_view attribution_name(Attribution attribution);

struct Signal {
  SignalKind kind;
  Ticks time;
  uint32_t event;  // index into the store; of copies, the one first by path and offset
  std::string_view resource_id, ip, app_id;
};

struct StatusCount {
  std::string_view status;
  uint32_t count = 0;
  bool operator==(const StatusCount&) const = default;
};

struct Operation {
  std::string_view name;  // as the catalogue spells it, else as first met
  uint32_t count = 0, in_shell_count = 0, shell_setup_count = 0, calls = 0;
  Ticks first = 0, last = 0;
  std::span<const StatusCount> statuses;  // sorted by bytes
  Attribution attribution = Attribution::unknown;
  Severity severity = Severity::none;
  bool failed = false;       // a Failure and no Success or Accept
  bool shell_setup = false;  // every event of it is the shell's own set-up
  bool policy = false;       // every event of it is of the Policy category
  const CatalogueEntry* entry = nullptr;
  TextList resources, ips;  // sorted by bytes
};

// A Sentinel row as one session sees it: members of the row's set that are not this session's, and where they are.
struct RowOfSession {
  uint32_t row = 0;  // index into Findings::rows
  std::vector<std::string_view> before_start, after_end;
  std::vector<std::pair<std::string_view, uint32_t>> in_other_session;  // operation, index into Findings::sessions
};

struct Session {
  std::string id;            // caller in lower case | start | first signal's kind
  std::string_view caller;   // as first met in time order
  Ticks start = 0, end = 0;  // half-open
  Severity severity = Severity::none;
  Attribution attribution = Attribution::none;
  std::vector<std::string_view>
      flags;  // sorted; long_chain, several_shell_accounts, shared_shell_account, first_use, new_address, beside_gap,
              // ambiguous_time, skipped_time
  std::optional<Ticks> longest_gap;  // between two signals in a row; nullopt with one signal
  std::vector<RowOfSession> rows;
  std::vector<std::string_view> why_not;                  // only where rows is empty
  std::vector<Signal> signals;                            // in time order
  std::vector<Operation> operations;                      // sorted by name
  TextList ips, subscriptions, resource_groups, app_ids;  // sorted by bytes
  std::vector<std::string_view> new_ips;                  // likewise
  uint32_t first_moment = 0, last_moment = 0;  // [first, last) of Timeline::moments(): the caller's events inside the session, signals too
};

struct HourCount {
  Ticks hour;
  uint32_t events;
};
struct Gap {       // hours without any event, between the first and the last event
  Ticks from, to;  // [from, to), multiples of one hour
};
struct Coverage {
  std::string_view subscription;  // empty: events without one
  Ticks first = 0, last = 0;
  uint64_t events = 0;
  std::vector<Gap> gaps;
};

struct Totals {
  uint64_t events = 0, duplicates = 0, no_caller = 0, no_time = 0;
  uint64_t rows_owed_to_succeeded = 0, rows_lost_to_look_back = 0;
};

class Groundwork;
class Timeline;

struct Findings {
  Lists<std::string_view> texts;  // what the lists of sessions and operations lie in
  Lists<StatusCount> statuses;
  Settings settings;
  std::optional<Ticks> as_of;                            // resolved; nullopt when no event has a time
  bool sentinel_ran = false;                             // some input can run
  std::vector<std::pair<uint32_t, uint8_t>> cannot_run;  // input index, bits of Needed that are missing; only inputs that hold events
  std::vector<SentinelRow> rows;                         // sorted by caller (bytes), then hour
  std::vector<Session> sessions;                         // sorted by start, then caller
  std::vector<HourCount> hours;                          // hours that hold events, in order
  Coverage overall;
  std::vector<Coverage> coverage;          // per subscription, sorted by bytes (as first met, compared case-insensitively)
  std::vector<uint64_t> input_duplicates;  // per input of the store
  std::vector<uint64_t> input_no_time;     // likewise
  Totals totals;
};

// Runs rule and sessions over the store. Views in the result point into `store` and the catalogue and stay valid until the store changes.
// `timeline` must have been built from the same store with the same time settings (Timeline::build).
Findings hunt(const EventStore& store, const Timeline& timeline, const Settings& settings);
// The same with what a hunt before it has found out already; `groundwork` must be of this store and timeline.
Findings hunt(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, const Settings& settings);

}  // namespace csh
