// Events as JSON Lines: our own fields, or those that Timesketch asks for (message, datetime, timestamp_desc; timestamp in microseconds since 1970)
// with ours beside them.
#include "report/event_rows.h"
#include "report/json.h"
#include "report/report.h"
#include "report/table_parts.h"

namespace csh {
namespace {

// "2026-03-14T09:12:05.323456+00:00": six digits always, cut, as Python's own reader of such texts wants them.
std::string microsecond_instant(Ticks time) {
  constexpr Ticks kTicksPerMicrosecond = kTicksPerSecond / 1'000'000;
  const Ticks second = time - time % kTicksPerSecond;
  std::string text;
  append_instant(text, second);
  text.pop_back();  // Z
  return text + "." + std::to_string(1'000'000 + (time - second) / kTicksPerMicrosecond).substr(1) + "+00:00";
}

void timesketch_fields(JsonWriter& json, const EventRow& event) {
  std::string message(event.text(Column::operation));
  if (!event.text(Column::status).empty()) message += " (" + std::string(event.text(Column::status)) + ")";
  message += " by " + std::string(event.text(Column::caller));
  if (!event.text(Column::ip).empty()) message += " from " + std::string(event.text(Column::ip));
  json.text("message", message);
  json.text("datetime", microsecond_instant(event.time));
  json.key("timestamp");
  const Ticks since = event.time - kUnixEpochTicks;
  json.integer((since - (since % 10 + 10) % 10) / 10);
  json.text("timestamp_desc", "Azure Activity event");
}

}  // namespace

void append_event_lines(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                        const TableText& text) {
  EventRows rows(store, timeline, findings);
  for (const uint32_t index : sessions_of(findings, text)) {
    const Session& session = findings.sessions[index];
    rows.open(index);
    for (uint32_t i = 0; i < rows.size(); ++i) {
      const EventRow event = rows.row(i);
      JsonWriter json(out);
      json.begin_object();
      if (text.form == Form::timesketch) timesketch_fields(json, event);
      json.text("session", session.id);
      json.instant("time", event.time);
      json.text("caller", event.text(Column::caller));
      json.text("operation", event.text(Column::operation));
      json.text("status", event.text(Column::status));
      json.text("attribution", attribution_name(event.attribution));
      json.text("signal", event.signal ? signal_name(*event.signal) : std::string_view{});
      json.text("severity", severity_name(event.operation ? event.operation->severity : Severity::none));
      json.texts("techniques", event.operation ? techniques_of(*event.operation) : std::span<const std::string_view>{});
      json.text("resource_id", event.text(Column::resource_id));
      json.text("resource_group", event.text(Column::resource_group));
      json.text("subscription", event.text(Column::subscription));
      json.text("ip", event.text(Column::ip));
      json.text("app_id", event.text(Column::app_id));
      json.text("correlation_id", event.text(Column::correlation_id));
      json.text("event_id", event.text(Column::event_id));
      json.texts("flags", event.flags);
      json.number("copies", event.copies);
      json.text("path", event.path);
      json.number("offset", event.offset);
      json.number("length", event.length);
      json.end_object();
      out += '\n';
    }
  }
}

}  // namespace csh
