// The published query and the sessions hunt as KQL. What each line does is what the predicates of hunt/rule.cpp and hunt/sessions.cpp do; a change
// there is a change here. Sessions are cut with scan: it walks the sorted events with the session's end in its state, so that a signal inside an
// open session moves the end and one at or after the end opens the next. row_window_session would need a greatest length, which a session has not.
#include <algorithm>

#include "hunt/words.h"
#include "report/report.h"
#include "version.h"

namespace csh {
namespace {

// The largest unit that holds the duration exactly.
void append_timespan(std::string& out, Ticks duration) {
  constexpr struct {
    Ticks ticks;
    std::string_view unit;
  } kUnits[] = {{kTicksPerDay, "d"},
                {kTicksPerHour, "h"},
                {kTicksPerMinute, "m"},
                {kTicksPerSecond, "s"},
                {kTicksPerSecond / 1000, "ms"},
                {kTicksPerSecond / 1'000'000, "microsecond"},
                {1, "tick"}};
  for (const auto& unit : kUnits) {
    if (duration % unit.ticks != 0) continue;
    out += std::to_string(duration / unit.ticks);
    out += unit.unit;
    return;
  }
}

void append_datetime(std::string& out, Ticks time) {
  out += "datetime(";
  append_instant(out, time);
  out += ")";
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  out += text;
  out += '"';
}

void append_head(std::string& out, const Findings& findings, std::string_view what) {
  out += "// CloudShell Hunt ";
  out += kVersion;
  out += ": ";
  out += what;
  out += "\n// For Sentinel and Log Analytics (set the time range to \"Set in query\"), Azure Data Explorer and Fabric.\n";
  if (findings.overall.events == 0) {
    out += "// The files hold no event with a readable time, so nothing bounds this query.\n";
    return;
  }
  out += "// Bounded to the time span of the files it was made from.\n";
  out += "let firstEvent = ";
  append_datetime(out, findings.overall.first);
  out += ";\nlet lastEvent = ";
  append_datetime(out, findings.overall.last);
  out += ";\n";
}

void append_span(std::string& out, const Findings& findings) {
  if (findings.overall.events > 0) out += "| where TimeGenerated between (firstEvent .. lastEvent)\n";
}

std::string success(const Findings& findings) {
  return findings.settings.succeeded_is_success ? "in~ (\"Success\", \"Succeeded\")" : "=~ \"Success\"";
}

void append_published(std::string& out, const Findings& findings) {
  append_head(out, findings, "the hunting query \"Azure CloudShell Usage\" (42831fb3-f61d-41e9-95d9-f08797479a0e).");
  if (findings.settings.succeeded_is_success)
    out += "// \"Succeeded\" counts as \"Success\" here; the published text takes \"Success\" alone.\n";
  const std::optional<Ticks> from = look_back_from(findings);
  if (from) {
    out += "let lookBackFrom = ";
    append_datetime(out, *from);
    out += ";  // in place of ago(";
    append_timespan(out, *findings.settings.look_back);
    out += ")\n";
  }
  out += "AzureActivity\n";
  append_span(out, findings);
  out += "| where ActivityStatusValue " + success(findings) + "\n";
  out += "| where ResourceGroup has ";
  append_quoted(out, kShellGroup);
  out += "\n| where OperationNameValue =~ ";
  append_quoted(out, kListKeys);
  out += "\n| summarize by Caller, timekey = bin(TimeGenerated, 1h)\n| join (\n    AzureActivity\n";
  std::string span;
  append_span(span, findings);
  if (!span.empty()) out += "    " + span;
  if (from) out += "    | where TimeGenerated >= lookBackFrom\n";
  out += "    | where OperationNameValue !~ ";
  append_quoted(out, kListKeys);
  out += "\n    | where isnotempty(OperationNameValue)\n";
  out += "    | summarize make_set(OperationNameValue) by Caller, timekey = bin(TimeGenerated, 1h)\n) on Caller, timekey\n";
  out += "| extend timestamp = timekey, AccountCustomEntity = Caller\n";
}

void append_sessions(std::string& out, const Findings& findings) {
  append_head(out, findings, "Cloud Shell sessions, across the hour and without shell storage too.");
  out += "// Copies of one event are not merged as on the page: where they disagree, each counts for itself.\n";
  out += "let window = ";
  append_timespan(out, findings.settings.window);
  out += ";  // how long a signal keeps a session open\n";
  out += "let shellApps = dynamic([\n";
  for (const std::string_view app : kShellApps) {
    out += "    ";
    append_quoted(out, app);
    out += app == kShellApps.back() ? "\n" : ",\n";
  }
  out += "]);\nlet activity = AzureActivity\n";
  append_span(out, findings);
  out +=
      "| where isnotnull(TimeGenerated) and isnotempty(Caller) and isnotempty(OperationNameValue)\n"
      "| extend\n"
      "    CallerKey = translate(\"ABCDEFGHIJKLMNOPQRSTUVWXYZ\", \"abcdefghijklmnopqrstuvwxyz\", Caller),\n"
      "    AppId = iff(isnotempty(tostring(column_ifexists(\"Claims_d\", dynamic({})).appid)),\n"
      "        tostring(column_ifexists(\"Claims_d\", dynamic({})).appid),\n"
      "        tostring(parse_json(tostring(column_ifexists(\"Claims\", \"\"))).appid))\n"
      "| extend Signal = case(\n"
      "    OperationNameValue =~ ";
  append_quoted(out, kListKeys);
  out += " and ActivityStatusValue " + success(findings) + " and ResourceGroup has ";
  append_quoted(out, kShellGroup);
  out += ", \"storage_listing\",\n    OperationNameValue =~ ";
  append_quoted(out, kConsoleWrite);
  out +=
      ", iff(ActivityStatusValue in~ (\"Failure\", \"Failed\"), \"\", \"console_write\"),\n"
      "    AppId in~ (shellApps), \"shell_app\",\n"
      "    \"\");\n"
      "let shellCallers = activity | where Signal != \"\" | distinct CallerKey;\n"
      "activity\n"
      "| where CallerKey in (shellCallers)\n"
      "// At one instant the signals come first: an event of the moment in which a session opens belongs to it.\n"
      "| sort by CallerKey asc, TimeGenerated asc, Signal desc\n"
      "| scan declare (SessionCaller: string = \"\", SessionStart: datetime, SessionEnd: datetime) with (\n"
      "    step event: true =>\n"
      "        SessionCaller = CallerKey,\n"
      "        SessionStart = case(\n"
      "            event.SessionCaller == CallerKey and TimeGenerated < event.SessionEnd, event.SessionStart,\n"
      "            Signal != \"\", TimeGenerated,\n"
      "            datetime(null)),\n"
      "        SessionEnd = case(\n"
      "            Signal != \"\", TimeGenerated + window,\n"
      "            event.SessionCaller == CallerKey and TimeGenerated < event.SessionEnd, event.SessionEnd,\n"
      "            datetime(null));\n"
      ")\n"
      "| where isnotnull(SessionStart)\n"
      "| extend IsOperation = Signal != \"console_write\" and (Signal != \"storage_listing\" or AppId =~ ";
  append_quoted(out, kConsoleApp);
  out +=
      ")\n"
      "| summarize\n"
      "    arg_min(TimeGenerated, Caller),\n"
      "    SessionEnd = max(SessionEnd),\n"
      "    StorageListings = countif(Signal == \"storage_listing\"),\n"
      "    ConsoleWrites = countif(Signal == \"console_write\"),\n"
      "    ShellAppEvents = countif(Signal == \"shell_app\"),\n"
      "    Operations = make_set_if(OperationNameValue, IsOperation),\n"
      "    OperationsInShell = make_set_if(OperationNameValue, IsOperation and AppId in~ (shellApps)),\n"
      "    Addresses = make_set_if(CallerIpAddress, isnotempty(CallerIpAddress)),\n"
      "    Subscriptions = make_set_if(SubscriptionId, isnotempty(SubscriptionId)),\n"
      "    ResourceGroups = make_set_if(ResourceGroup, isnotempty(ResourceGroup))\n"
      "    by CallerKey, SessionStart\n"
      "| extend Attribution = case(\n"
      "    array_length(OperationsInShell) > 0, \"in_shell\",  // by app id\n"
      "    array_length(Operations) > 0, \"same_window\",  // by time alone\n"
      "    \"none\")\n"
      "| project Caller, SessionStart, SessionEnd, Attribution, StorageListings, ConsoleWrites, ShellAppEvents,\n"
      "    Operations, OperationsInShell, Addresses, Subscriptions, ResourceGroups\n"
      "| extend timestamp = SessionStart, AccountCustomEntity = Caller\n"
      "| sort by SessionStart asc, Caller asc\n";
}

}  // namespace

std::optional<Ticks> look_back_from(const Findings& findings) {
  if (!findings.settings.look_back || !findings.as_of || *findings.settings.look_back > *findings.as_of) return std::nullopt;
  return *findings.as_of - *findings.settings.look_back;
}

void append_kql(std::string& out, const Findings& findings, Query query) {
  query == Query::published ? append_published(out, findings) : append_sessions(out, findings);
}

void append_query(std::string& out, const Findings& findings, Query query, Dialect dialect) {
  dialect == Dialect::kql ? append_kql(out, findings, query) : append_sql(out, findings, query, dialect);
}

}  // namespace csh
