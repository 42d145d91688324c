#include <algorithm>

#include "report/event_rows.h"
#include "report/report.h"
#include "report/table_parts.h"
#include "report/text.h"

namespace csh {
namespace {

void cell(std::string& out, std::string_view text) {
  out += ' ';
  append_markdown(out, text);
  out += " |";
}

void instant_cell(std::string& out, Ticks time) {
  out += ' ';
  append_instant(out, time);  // our own text: nothing in it is markup
  out += " |";
}

template <class Texts>
void list_cell(std::string& out, const Texts& texts) {
  out += ' ';
  bool first = true;
  for (const auto& text : texts) {
    if (!first) out += "<br>";
    first = false;
    append_markdown(out, text);
  }
  out += " |";
}

void hidden(std::string& out, const TableText& text) {
  if (text.hidden > 0) {
    out += ' ';
    append_markdown(out, hidden_sentence(text));
  }
  out += "\n\n";
}

}  // namespace

void append_sessions_markdown(std::string& out, const Findings& findings, const TableText& text) {
  const std::vector<uint32_t> indices = sessions_of(findings, text);
  if (text.head) {
    out += "# Cloud Shell sessions\n\n";
    out += std::to_string(indices.size()) + " sessions" + (text.sessions ? "" : ", sorted by start") + ". Times are UTC.";
    hidden(out, text);
    out += "| Severity | Caller | Start | End | Attribution | Operations | Why the published query is blind | Flags | Addresses |\n";
    out += "|---|---|---|---|---|---|---|---|---|\n";
  }
  for (const uint32_t index : indices) {
    const Session& session = findings.sessions[index];
    out += '|';
    cell(out, severity_name(session.severity));
    cell(out, session.caller);
    instant_cell(out, session.start);
    instant_cell(out, session.end);
    cell(out, attribution_name(session.attribution));
    std::vector<std::string> operations;
    for (const Operation& operation : session.operations)
      operations.push_back(std::string(operation.name) + " (" + std::to_string(operation.count) + ")");
    list_cell(out, operations);
    list_cell(out, session.why_not);
    list_cell(out, session.flags);
    list_cell(out, session.ips);
    out += '\n';
  }
}

void append_operations_markdown(std::string& out, const Findings& findings, const TableText& text) {
  if (text.head) {
    out += "# Operations of Cloud Shell sessions\n\nTimes are UTC.";
    hidden(out, text);
    out += "| Caller | Session | Severity | Operation | Attribution | Events | Statuses | First | Last | Techniques | Addresses |\n";
    out += "|---|---|---|---|---|---|---|---|---|---|---|\n";
  }
  for (const uint32_t index : sessions_of(findings, text)) {
    const Session& session = findings.sessions[index];
    for (const Operation& operation : session.operations) {
      out += '|';
      cell(out, session.caller);
      instant_cell(out, session.start);
      cell(out, severity_name(operation.severity));
      cell(out, operation.name);
      cell(out, attribution_name(operation.attribution));
      cell(out, std::to_string(operation.count));
      list_cell(out, statuses_of(operation));
      instant_cell(out, operation.first);
      instant_cell(out, operation.last);
      list_cell(out, techniques_of(operation));
      list_cell(out, operation.ips);
      out += '\n';
    }
  }
}

void append_events_markdown(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                            const TableText& text) {
  if (text.head) {
    out += "# Events of Cloud Shell sessions\n\nTimes are UTC.";
    hidden(out, text);
    out += "| Time | Caller | Operation | Status | Attribution | Signal | Resource | Address | File |\n";
    out += "|---|---|---|---|---|---|---|---|---|\n";
  }
  EventRows rows(store, timeline, findings);
  for (const uint32_t index : sessions_of(findings, text)) {
    rows.open(index);
    for (uint32_t i = 0; i < rows.size(); ++i) {
      const EventRow event = rows.row(i);
      out += '|';
      instant_cell(out, event.time);
      cell(out, event.text(Column::caller));
      cell(out, event.text(Column::operation));
      cell(out, event.text(Column::status));
      cell(out, attribution_name(event.attribution));
      cell(out, event.signal ? signal_name(*event.signal) : std::string_view{});
      cell(out, event.text(Column::resource_id));
      cell(out, event.text(Column::ip));
      cell(out, event.path);
      out += '\n';
    }
  }
}

void append_sentinel_markdown(std::string& out, const Findings& findings) {
  out += "# Rows of the published query\n\n";
  if (!findings.sentinel_ran) {
    out += "The query cannot run: no input holds all five columns it needs.\n";
    return;
  }
  out += std::to_string(findings.rows.size()) + " rows.\n\n";
  out += "| Caller | timekey | Caller1 | timekey1 | set\\_OperationNameValue | timestamp | AccountCustomEntity |\n";
  out += "|---|---|---|---|---|---|---|\n";
  for (const SentinelRow& row : findings.rows) {
    out += '|';
    cell(out, row.caller);
    instant_cell(out, row.hour);
    cell(out, row.caller);
    instant_cell(out, row.hour);
    list_cell(out, row.operations);
    instant_cell(out, row.hour);
    cell(out, row.caller);
    out += '\n';
  }
}

}  // namespace csh
