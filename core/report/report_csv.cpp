#include <algorithm>
#include <vector>

#include "report/report.h"
#include "report/text.h"

namespace csh {
namespace {

class CsvRow {
 public:
  explicit CsvRow(std::string& out) : out_(out) {}
  ~CsvRow() { out_ += "\r\n"; }
  CsvRow& field(std::string_view text) {
    if (!first_) out_ += ',';
    first_ = false;
    append_csv_field(out_, text);
    return *this;
  }
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
};

}  // namespace

void append_sessions_csv(std::string& out, const Findings& findings) {
  CsvRow(out)
      .field("severity")
      .field("caller")
      .field("start")
      .field("end")
      .field("attribution")
      .field("signals")
      .field("operations")
      .field("why_not")
      .field("sentinel_rows")
      .field("flags")
      .field("techniques")
      .field("ips")
      .field("subscriptions")
      .field("resource_groups")
      .field("app_ids")
      .field("id");
  for (const Session& session : findings.sessions) {
    std::vector<std::string> operations, rows, signals;
    std::vector<std::string_view> techniques;
    for (const Operation& operation : session.operations) {
      operations.push_back(std::string(operation.name) + " (" + std::to_string(operation.count) + ")");
      if (operation.entry) techniques.insert(techniques.end(), operation.entry->techniques.begin(), operation.entry->techniques.end());
    }
    std::sort(techniques.begin(), techniques.end());
    techniques.erase(std::unique(techniques.begin(), techniques.end()), techniques.end());
    for (const RowOfSession& row : session.rows) {
      std::string text;
      append_instant(text, findings.rows[row.row].hour);
      rows.push_back(std::move(text));
    }
    for (const SignalKind kind : {SignalKind::storage_listing, SignalKind::console_write, SignalKind::shell_app}) {
      const auto count = std::count_if(session.signals.begin(), session.signals.end(), [&](const Signal& s) { return s.kind == kind; });
      if (count > 0) signals.push_back(std::string(signal_name(kind)) + " (" + std::to_string(count) + ")");
    }
    CsvRow row(out);
    row.field(severity_name(session.severity)).field(session.caller).instant(session.start).instant(session.end);
    row.field(attribution_name(session.attribution)).list(signals).list(operations).list(session.why_not).list(rows).list(session.flags);
    row.list(techniques)
        .list(session.ips)
        .list(session.subscriptions)
        .list(session.resource_groups)
        .list(session.app_ids)
        .field(session.id);
  }
}

void append_sentinel_csv(std::string& out, const Findings& findings) {
  CsvRow(out)
      .field("Caller")
      .field("timekey")
      .field("Caller1")
      .field("timekey1")
      .field("set_OperationNameValue")
      .field("timestamp")
      .field("AccountCustomEntity");
  for (const SentinelRow& row : findings.rows) {
    // A dynamic column prints as JSON, as Log Analytics exports it.
    std::string set = "[";
    for (const std::string_view operation : row.operations) {
      if (set.size() > 1) set += ',';
      append_json_string(set, operation);
    }
    set += ']';
    CsvRow(out).field(row.caller).instant(row.hour).field(row.caller).instant(row.hour).field(set).instant(row.hour).field(row.caller);
  }
}

}  // namespace csh
