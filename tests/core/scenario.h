// A log in a few lines: fills an EventStore as a decoder would and runs the hunt over it, so that a test reads as the story of one day.
// Times are clock times of 2026-03-14 UTC unless they name a day; they are turned into ticks here, by <chrono>, not by the code under test.
// Invariant: what is expected is always written in the test; nothing in this file knows the rule or the sessions.
#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hunt/hunt.h"
#include "hunt/settings.h"
#include "hunt/timeline.h"
#include "report/report.h"
#include "store/event_store.h"
#include "time/ticks.h"

namespace csh::test {

inline constexpr std::string_view kListKeys = "Microsoft.Storage/storageAccounts/listKeys/action";
inline constexpr std::string_view kConsoleWrite = "Microsoft.Portal/consoles/write";
inline constexpr std::string_view kGroupWrite = "Microsoft.Resources/subscriptions/resourceGroups/write";
inline constexpr std::string_view kStorageWrite = "Microsoft.Storage/storageAccounts/write";
inline constexpr std::string_view kShareWrite = "Microsoft.Storage/storageAccounts/fileServices/shares/write";
inline constexpr std::string_view kRunCommand = "Microsoft.Compute/virtualMachines/runCommand/action";      // medium
inline constexpr std::string_view kDiskAccess = "Microsoft.Compute/disks/beginGetAccess/action";            // high
inline constexpr std::string_view kMachineDelete = "Microsoft.Compute/virtualMachines/delete";              // info
inline constexpr std::string_view kVaultPurge = "Microsoft.KeyVault/locations/deletedVaults/purge/action";  // low
inline constexpr std::string_view kRoleWrite = "Microsoft.Authorization/roleAssignments/write";             // high, or medium
inline constexpr std::string_view kUnlisted = "Contoso.Billing/invoices/write";                             // not in the catalogue

inline constexpr std::string_view kShellGroup = "cloud-shell-storage-westeurope";

inline constexpr std::string_view kConsoleApp = "b677c290-cf4b-4a8e-a60e-91ba650a4abe";
inline constexpr std::string_view kCloudShellApp = "2233b157-f44d-4812-b777-036cdaf9a96e";
inline constexpr std::string_view kShellSiteApp = "b1395854-dccf-4fe6-9186-655f101f919b";
inline constexpr std::string_view kTerminalApp = "245e1dee-74ef-4257-a8c8-8208296e1dfd";
inline constexpr std::string_view kPortalApp = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
inline constexpr std::string_view kCliApp = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
inline constexpr std::string_view kPowerShellApp = "1950a258-227b-4e31-a9cf-717495945fc2";

inline constexpr std::string_view kAlice = "alice@contoso.com";
inline constexpr std::string_view kBob = "bob@contoso.com";
inline constexpr std::string_view kToday = "2026-03-14";

using Texts = std::vector<std::string>;

inline Texts texts(TextList views) { return {views.begin(), views.end()}; }

// "09:12", "09:12:05.3234567" (today) or "2026-03-15T09:12". Fractions of up to seven digits.
inline Ticks at(std::string_view text) {
  std::string_view day = kToday;
  std::string_view clock = text;
  if (const size_t t = text.find('T'); t != std::string_view::npos) {
    day = text.substr(0, t);
    clock = text.substr(t + 1);
  }
  auto number = [&](std::string_view whole, size_t from, size_t count) {
    int value = 0;
    for (size_t i = from; i < from + count; ++i) {
      if (i >= whole.size() || whole[i] < '0' || whole[i] > '9') FAIL("not a time of a scenario: " << text);
      value = value * 10 + (whole[i] - '0');
    }
    return value;
  };
  namespace c = std::chrono;
  const c::sys_days date = c::year{number(day, 0, 4)} / number(day, 5, 2) / number(day, 8, 2);
  const c::sys_days first = c::year{1} / 1 / 1;
  Ticks ticks = static_cast<Ticks>((date - first).count()) * kTicksPerDay;
  ticks += number(clock, 0, 2) * kTicksPerHour + number(clock, 3, 2) * kTicksPerMinute;
  if (clock.size() > 5) ticks += number(clock, 6, 2) * kTicksPerSecond;
  if (clock.size() > 8) {
    Ticks scale = kTicksPerSecond / 10;
    for (size_t i = 9; i < clock.size(); ++i, scale /= 10) ticks += number(clock, i, 1) * scale;
  }
  return ticks;
}

// The shortest text that at() reads back: "09:00", "09:12:05.3", "2026-03-15T09:00".
inline std::string clock(Ticks ticks) {
  namespace c = std::chrono;
  const c::sys_days first = c::year{1} / 1 / 1;
  const c::year_month_day date = first + c::days{ticks / kTicksPerDay};
  auto digits = [](int64_t value, size_t count) {
    std::string text = std::to_string(value);
    return std::string(count - std::min(count, text.size()), '0') + text;
  };
  std::string day = digits(static_cast<int>(date.year()), 4) + "-" + digits(static_cast<unsigned>(date.month()), 2) + "-" +
                    digits(static_cast<unsigned>(date.day()), 2);
  std::string out = day == kToday ? "" : day + "T";
  const Ticks rest = ticks % kTicksPerDay;
  out += digits(rest / kTicksPerHour, 2) + ":" + digits(rest / kTicksPerMinute % 60, 2);
  if (rest % kTicksPerMinute == 0) return out;
  out += ":" + digits(rest / kTicksPerSecond % 60, 2);
  if (rest % kTicksPerSecond == 0) return out;
  std::string fraction = digits(rest % kTicksPerSecond, 7);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return out + "." + fraction;
}

// What a hunt found, with its store, and ways to look things up in it by name.
struct Result {
  std::unique_ptr<EventStore> store;
  Timeline timeline;
  Findings findings;

  // "alice@contoso.com 09:00 [a, b]", with the row's marks behind it.
  Texts rows() const {
    Texts out;
    for (const SentinelRow& row : findings.rows) {
      std::string line = std::string(row.caller) + " " + clock(row.hour) + " [";
      for (size_t i = 0; i < row.operations.size(); ++i) line += (i == 0 ? "" : ", ") + std::string(row.operations[i]);
      line += "]";
      if (row.empty_caller) line += " empty_caller";
      if (row.owed_to_succeeded) line += " owed_to_succeeded";
      out.push_back(line);
    }
    return out;
  }

  // "alice@contoso.com 09:12..10:12 storage_listing shell_app": caller, start, end, signals in order.
  Texts sessions() const {
    Texts out;
    for (const Session& session : findings.sessions) {
      std::string line = std::string(session.caller) + " " + clock(session.start) + ".." + clock(session.end);
      for (const Signal& signal : session.signals) line += " " + std::string(signal_name(signal.kind));
      out.push_back(line);
    }
    return out;
  }

  // The caller's nth session by start, the caller as it is shown.
  const Session& session(std::string_view caller = kAlice, size_t nth = 0) const {
    for (const Session& session : findings.sessions) {
      if (session.caller == caller && nth-- == 0) return session;
    }
    FAIL("no such session: " << caller);
    return findings.sessions.front();
  }

  size_t session_index(const Session& session) const { return static_cast<size_t>(&session - findings.sessions.data()); }

  static bool has_flag(const Session& session, std::string_view flag) {
    return std::find(session.flags.begin(), session.flags.end(), flag) != session.flags.end();
  }

  static Texts operations(const Session& session) {
    Texts out;
    for (const Operation& operation : session.operations) out.emplace_back(operation.name);
    return out;
  }

  static const Operation& operation(const Session& session, std::string_view name) {
    for (const Operation& operation : session.operations) {
      if (operation.name == name) return operation;
    }
    FAIL("no such operation in the session: " << name);
    return session.operations.front();
  }

  // Why the query does not find the session; in byte order, since several reasons have no order of their own.
  static Texts why_not(const Session& session) {
    Texts out = texts(session.why_not);
    std::sort(out.begin(), out.end());
    return out;
  }

  std::string json() const {
    std::string out;
    append_report_json(out, *store, timeline, findings);
    return out;
  }
};

// One event in the making. Whatever is not said is empty, as a field that the record lacks.
struct Line {
  std::string caller, operation, status, resource_group, address, subscription_id, app_id, resource_id, correlation_id, event_id;
  Ticks time = kNoTime;
  uint16_t flags = 0;
  std::optional<uint64_t> offset;
  uint32_t input = 0;

  Line& group(std::string_view text) { return resource_group = text, *this; }
  Line& ip(std::string_view text) { return address = text, *this; }
  Line& subscription(std::string_view text) { return subscription_id = text, *this; }
  Line& app(std::string_view text) { return app_id = text, *this; }
  Line& resource(std::string_view text) { return resource_id = text, *this; }
  Line& correlation(std::string_view text) { return correlation_id = text, *this; }
  Line& id(std::string_view text) { return event_id = text, *this; }
  Line& flag(EventFlag bit) { return flags = static_cast<uint16_t>(flags | bit), *this; }
  Line& at_offset(uint64_t value) { return offset = value, *this; }
  // A listing of the keys of that storage account in the Cloud Shell group.
  Line& account(std::string_view name) {
    return resource("/subscriptions/1111/resourceGroups/" + std::string(kShellGroup) + "/providers/Microsoft.Storage/storageAccounts/" +
                    std::string(name));
  }
};

class Scenario {
 public:
  Settings settings;

  // Events that follow are of this input. Without it they are of "log.json", whose rows are of the AzureActivity table.
  Scenario& input(std::string_view path) {
    for (uint32_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].path == path) return current_ = i, *this;
    }
    return new_input(path);
  }

  // The same, for a path that another input has too.
  Scenario& new_input(std::string_view path) {
    Input input;
    input.number = static_cast<uint32_t>(inputs_.size());
    input.path = path;
    input.shape = "activity_rows";
    input.container = "none";
    input.encoding = "utf-8";
    input.present = (1u << kNeeded) - 1;
    inputs_.push_back(std::move(input));
    raw_.push_back(false);
    current_ = static_cast<uint32_t>(inputs_.size() - 1);
    return *this;
  }

  // The current input speaks REST: its status words are always mapped.
  Scenario& raw_status() {
    ensure_input();
    inputs_[current_].shape = "rest";
    raw_[current_] = true;
    return *this;
  }

  Scenario& shape(std::string_view name) {
    ensure_input();
    inputs_[current_].shape = name;
    return *this;
  }

  // The current input itself, for what only reports show.
  Input& current() {
    ensure_input();
    return inputs_[current_];
  }

  // No record of the current input has this column.
  Scenario& missing(Needed column) {
    ensure_input();
    inputs_[current_].present = static_cast<uint8_t>(inputs_[current_].present & ~(1u << static_cast<unsigned>(column)));
    return *this;
  }

  // An event; an empty time is a record without one.
  Line& event(std::string_view caller, std::string_view time, std::string_view operation, std::string_view status = "Success") {
    return event_at(caller, time.empty() ? kNoTime : at(time), operation, status);
  }

  Line& event_at(std::string_view caller, Ticks time, std::string_view operation, std::string_view status = "Success") {
    ensure_input();
    Line& line = lines_.emplace_back();
    line.caller = caller;
    line.time = time;
    line.operation = operation;
    line.status = status;
    line.input = current_;
    return line;
  }

  // The query's left side: keys of a Cloud Shell storage account listed.
  Line& listing(std::string_view caller, std::string_view time) { return event(caller, time, kListKeys, "Success").group(kShellGroup); }

  std::deque<Line>& lines() { return lines_; }

  Result hunt() const {
    Result result;
    result.store = std::make_unique<EventStore>();
    std::vector<uint64_t> next_offset(inputs_.size(), 0);
    for (uint32_t i = 0; i < inputs_.size(); ++i) {
      Input input = inputs_[i];
      for (const Line& line : lines_) {
        if (line.input != i) continue;
        input.carries_app_ids |= !line.app_id.empty();
        ++input.framed;
      }
      result.store->add_input(std::move(input));
    }
    for (const Line& line : lines_) {
      EventFields fields;
      fields.time = line.time;
      fields[Column::caller] = line.caller;
      fields[Column::operation] = line.operation;
      fields[Column::status] = line.status;
      fields[Column::resource_group] = line.resource_group;
      fields[Column::ip] = line.address;
      fields[Column::subscription] = line.subscription_id;
      fields[Column::app_id] = line.app_id;
      fields[Column::resource_id] = line.resource_id;
      fields[Column::correlation_id] = line.correlation_id;
      fields[Column::event_id] = line.event_id;
      fields.flags = static_cast<uint16_t>(line.flags | (raw_[line.input] ? kRawStatus : 0));
      fields.offset = line.offset.value_or(next_offset[line.input]);
      fields.length = 100;
      next_offset[line.input] = fields.offset + fields.length;
      result.store->append(line.input, fields);
    }
    result.timeline = Timeline::build(*result.store, settings);
    result.findings = csh::hunt(*result.store, result.timeline, settings);
    return result;
  }

 private:
  void ensure_input() {
    if (inputs_.empty()) input("log.json");
  }

  std::vector<Input> inputs_;
  std::vector<bool> raw_;
  std::deque<Line> lines_;
  uint32_t current_ = 0;
};

}  // namespace csh::test
