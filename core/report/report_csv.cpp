#include <algorithm>
#include <vector>

#include "compact_sort.h"
#include "report/event_rows.h"
#include "report/report.h"
#include "report/table_parts.h"
#include "report/text.h"

namespace csh {
namespace {

class CsvRow {
 public:
  CsvRow(std::string& out, const TableText& text) : out_(out), raw_(text.form == Form::csv_raw) {}
  ~CsvRow() { out_ += "\r\n"; }
  CsvRow(const CsvRow&) = delete;
  CsvRow& operator=(const CsvRow&) = delete;
  CsvRow& field(std::string_view text) {
    if (!first_) out_ += ',';
    first_ = false;
    raw_ ? append_csv_field_raw(out_, text) : append_csv_field(out_, text);
    return *this;
  }
  CsvRow& number(uint64_t value) { return field(std::to_string(value)); }
  CsvRow& instant(Ticks time) {
    std::string text;
    append_instant(text, time);
    return field(text);
  }
  template <class Texts>
  CsvRow& list(const Texts& texts) {
    std::string joined;
    for (const auto& text : texts) {
      if (!joined.empty()) joined += "; ";
      joined += text;
    }
    return field(joined);
  }

 private:
  std::string& out_;
  bool first_ = true;
  const bool raw_;
};

template <size_t N>
void titles(std::string& out, const TableText& text, const std::string_view (&names)[N]) {
  if (!text.head) return;
  CsvRow row(out, text);
  for (const std::string_view name : names) row.field(name);
}

// CSV has no comments: what is hidden stands in the first field of a last row as wide as the others.
template <size_t N>
void hidden(std::string& out, const TableText& text, const std::string_view (&)[N]) {
  if (!text.tail || text.hidden == 0) return;
  CsvRow row(out, text);
  row.field("(" + hidden_sentence(text) + ")");
  for (size_t i = 1; i < N; ++i) row.field("");
}

constexpr std::string_view kSessionTitles[] = {"severity",      "caller",          "start",         "end",   "attribution", "signals",
                                               "operations",    "why_not",         "sentinel_rows", "flags", "techniques",  "ips",
                                               "subscriptions", "resource_groups", "app_ids",       "id"};
constexpr std::string_view kOperationTitles[] = {"session", "caller",         "session_start", "operation", "severity", "attribution",
                                                 "count",   "in_shell_count", "calls",         "failed",    "statuses", "first",
                                                 "last",    "techniques",     "why",           "resources", "ips"};
constexpr std::string_view kEventTitles[] = {"session", "caller",   "time",           "operation",   "status",         "attribution",
                                             "signal",  "severity", "techniques",     "resource_id", "resource_group", "subscription",
                                             "ip",      "app_id",   "correlation_id", "event_id",    "flags",          "copies",
                                             "path",    "offset",   "length"};

}  // namespace

void append_sessions_csv(std::string& out, const Findings& findings, const TableText& text) {
  titles(out, text, kSessionTitles);
  for (const uint32_t index : sessions_of(findings, text)) {
    const Session& session = findings.sessions[index];
    std::vector<std::string> operations, rows, signals;
    std::vector<std::string_view> techniques;
    for (const Operation& operation : session.operations) {
      operations.push_back(std::string(operation.name) + " (" + std::to_string(operation.count) + ")");
      if (operation.entry) techniques.insert(techniques.end(), operation.entry->techniques.begin(), operation.entry->techniques.end());
    }
    compact_sort(techniques.begin(), techniques.end());
    techniques.erase(std::unique(techniques.begin(), techniques.end()), techniques.end());
    for (const RowOfSession& row : session.rows) {
      std::string hour;
      append_instant(hour, findings.rows[row.row].hour);
      rows.push_back(std::move(hour));
    }
    for (const SignalKind kind : {SignalKind::storage_listing, SignalKind::console_write, SignalKind::shell_app}) {
      const auto count = std::count_if(session.signals.begin(), session.signals.end(), [&](const Signal& s) { return s.kind == kind; });
      if (count > 0) signals.push_back(std::string(signal_name(kind)) + " (" + std::to_string(count) + ")");
    }
    CsvRow row(out, text);
    row.field(severity_name(session.severity)).field(session.caller).instant(session.start).instant(session.end);
    row.field(attribution_name(session.attribution)).list(signals).list(operations).list(session.why_not).list(rows).list(session.flags);
    row.list(techniques)
        .list(session.ips)
        .list(session.subscriptions)
        .list(session.resource_groups)
        .list(session.app_ids)
        .field(session.id);
  }
  hidden(out, text, kSessionTitles);
}

void append_operations_csv(std::string& out, const Findings& findings, const TableText& text) {
  titles(out, text, kOperationTitles);
  for (const uint32_t index : sessions_of(findings, text)) {
    const Session& session = findings.sessions[index];
    for (const Operation& operation : session.operations) {
      CsvRow row(out, text);
      row.field(session.id).field(session.caller).instant(session.start).field(operation.name).field(severity_name(operation.severity));
      row.field(attribution_name(operation.attribution)).number(operation.count).number(operation.in_shell_count).number(operation.calls);
      row.field(operation.failed ? "true" : "false").list(statuses_of(operation)).instant(operation.first).instant(operation.last);
      row.list(techniques_of(operation)).field(operation.entry ? operation.entry->why : std::string_view{});
      row.list(operation.resources).list(operation.ips);
    }
  }
  hidden(out, text, kOperationTitles);
}

void append_events_csv(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                       const TableText& text) {
  titles(out, text, kEventTitles);
  EventRows rows(store, timeline, findings);
  for (const uint32_t index : sessions_of(findings, text)) {
    const Session& session = findings.sessions[index];
    rows.open(index);
    for (uint32_t i = 0; i < rows.size(); ++i) {
      const EventRow event = rows.row(i);
      CsvRow row(out, text);
      row.field(session.id).field(event.text(Column::caller)).instant(event.time).field(event.text(Column::operation));
      row.field(event.text(Column::status)).field(attribution_name(event.attribution));
      row.field(event.signal ? signal_name(*event.signal) : std::string_view{});
      row.field(severity_name(event.operation ? event.operation->severity : Severity::none));
      row.list(event.operation ? techniques_of(*event.operation) : std::span<const std::string_view>{});
      for (const Column column : {Column::resource_id, Column::resource_group, Column::subscription, Column::ip, Column::app_id,
                                  Column::correlation_id, Column::event_id}) {
        row.field(event.text(column));
      }
      row.list(event.flags).number(event.copies).field(event.path).number(event.offset).number(event.length);
    }
  }
  hidden(out, text, kEventTitles);
}

void append_sentinel_csv(std::string& out, const Findings& findings, const TableText& text) {
  constexpr std::string_view kTitles[] = {
      "Caller", "timekey", "Caller1", "timekey1", "set_OperationNameValue", "timestamp", "AccountCustomEntity"};
  titles(out, text, kTitles);
  for (const SentinelRow& row : findings.rows) {
    // A dynamic column prints as JSON, as Log Analytics exports it.
    std::string set = "[";
    for (const std::string_view operation : row.operations) {
      if (set.size() > 1) set += ',';
      append_json_string(set, operation);
    }
    set += ']';
    CsvRow(out, text)
        .field(row.caller)
        .instant(row.hour)
        .field(row.caller)
        .instant(row.hour)
        .field(set)
        .instant(row.hour)
        .field(row.caller);
  }
}

}  // namespace csh
