#include <algorithm>

#include "report/report.h"
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

}  // namespace

void append_sessions_markdown(std::string& out, const Findings& findings) {
  out += "# Cloud Shell sessions\n\n";
  out += std::to_string(findings.sessions.size()) + " sessions, sorted by start. Times are UTC.\n\n";
  out += "| Severity | Caller | Start | End | Attribution | Operations | Why the published query is blind | Flags | Addresses |\n";
  out += "|---|---|---|---|---|---|---|---|---|\n";
  for (const Session& session : findings.sessions) {
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
