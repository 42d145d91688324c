#include <algorithm>
#include <map>

#include "compact_sort.h"
#include "report/event_rows.h"
#include "report/json.h"
#include "report/report.h"
#include "report/table_parts.h"
#include "store/input_order.h"
#include "time/zone.h"
#include "version.h"

namespace csh {
namespace {

void write_settings(JsonWriter& json, const Timeline& timeline, const Findings& findings) {
  const Settings& settings = findings.settings;
  json.key("settings");
  json.begin_object();
  json.key("window");
  json.duration(settings.window);
  json.key("look_back");
  settings.look_back ? json.duration(*settings.look_back) : json.text("none");
  json.text("as_of", settings.as_of == AsOf::newest ? "newest" : settings.as_of_now ? "now" : "given");
  json.key("as_of_instant");
  findings.as_of ? json.instant(*findings.as_of) : json.null();
  json.boolean("succeeded_is_success", settings.succeeded_is_success);
  json.text("date_order", settings.date_order == DateOrder::automatic   ? "auto"
                          : settings.date_order == DateOrder::day_first ? "day-first"
                                                                        : "month-first");
  const auto write_offset = [&](int32_t seconds) {
    std::string text;
    append_offset(text, seconds);
    json.text(text);
  };
  const bool fixed = settings.local_zone && settings.local_zone->name.empty();
  json.key("local_offset");
  fixed ? write_offset(settings.local_zone->offsets.front().seconds) : json.null();
  json.key("local_zone");
  if (settings.local_zone && !fixed) {
    json.begin_object();
    json.text("name", settings.local_zone->name);
    json.key("offsets");
    json.begin_list();
    bool first = true;
    for (const ZoneOffset& offset : timeline.zone_offsets_used()) {
      json.begin_object();
      json.key("from");
      first ? json.null() : json.instant(offset.from);
      json.key("offset");
      write_offset(offset.seconds);
      json.end_object();
      first = false;
    }
    json.end_list();
    json.end_object();
  } else {
    json.null();
  }
  json.end_object();
}

std::vector<std::string_view> missing_of(uint8_t bits) {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kNeeded; ++i) {
    if (bits & (1u << i)) names.push_back(needed_name(static_cast<Needed>(i)));
  }
  compact_sort(names.begin(), names.end());
  return names;
}

// "17 events have local times that … (first at byte 120); … with the offset +02:00.", for times that name no single instant, or one that is
// not known for sure.
std::string odd_times_sentence(const OddTimes& odd, std::string_view what, std::string_view how) {
  std::string text = std::to_string(odd.count);
  text += odd.count == 1 ? " event has a local time that " : " events have local times that ";
  text.append(what).append(" (first at byte ").append(std::to_string(odd.first_offset)).append("); ").append(how);
  for (size_t i = 0; i < odd.seconds.size(); ++i) {
    if (i > 0) text += i + 1 == odd.seconds.size() ? " or " : ", ";
    append_offset(text, odd.seconds[i]);
  }
  return text + ".";
}

// Notes that depend on the settings: times that cannot be placed without an answer of the analyst, or that the zone places in two ways or none.
std::vector<Note> notes_of_settings(const EventStore& store, uint32_t index, const Timeline& timeline, const Settings& settings) {
  const Input& input = store.inputs()[index];
  std::vector<Note> notes;
  constexpr std::string_view kMarked = " Sessions that hold one are marked.";
  if (input.zoneless > 0 && !settings.local_zone) {
    notes.push_back(
        {"needs_local_offset",
         std::to_string(input.zoneless) +
             " events have local times without an offset; say which zone (--local-zone Europe/Berlin or --local-zone +hh:mm, or "
             "the setting on the page). Until then they have no time."});
  }
  if (const OddTimes& repeated = timeline.repeated_times(index); repeated.count > 0) {
    notes.push_back({"ambiguous_time", odd_times_sentence(repeated, "a clock change of " + settings.local_zone->name + " repeats",
                                                          "read as the earlier of the two instants, with the offset ")
                                           .append(kMarked)});
  }
  if (const OddTimes& skipped = timeline.skipped_times(index); skipped.count > 0) {
    notes.push_back({"skipped_time", odd_times_sentence(skipped, "a clock change of " + settings.local_zone->name + " skips",
                                                        "read as if the clocks had not been put forward yet, with the offset ")
                                         .append(kMarked)});
  }
  if (const OddTimes& outside = timeline.outside_times(index); outside.count > 0) {
    notes.push_back({"outside_zone",
                     odd_times_sentence(outside, "no known offset of " + settings.local_zone->name + " covers, before 1970 or after 2099",
                                        "read with the nearest one, ")});
  }
  if (input.either_order > 0 && settings.date_order == DateOrder::automatic && input.day_first_proven == input.month_first_proven) {
    notes.push_back({"needs_date_order",
                     std::to_string(input.either_order) +
                         " events have dates that read day first or month first; say which (--date-order day-first or month-first, or "
                         "the setting on the page). Until then they have no time."});
  }
  return notes;
}

void write_inputs(JsonWriter& json, const EventStore& store, const Timeline& timeline, const Findings& findings,
                  const std::vector<uint32_t>& order) {
  json.key("inputs");
  json.begin_list();
  for (const uint32_t index : order) {
    const Input& input = store.inputs()[index];
    json.line();
    json.begin_object();
    json.text("path", input.path);
    json.text("shape", input.shape);
    json.text("container", input.container);
    json.text("encoding", input.encoding);
    json.number("bytes", input.bytes);
    json.number("container_bytes", input.container_bytes);
    json.number("framed", input.framed);
    json.number("events", input.events);
    json.number("other", input.other);
    json.number("rejected", input.rejected);
    json.number("repaired", input.repaired);
    json.number("duplicates", findings.input_duplicates[index]);
    json.number("record_bytes", input.record_bytes);
    json.number("structure_bytes", input.structure_bytes);
    json.number("rejected_bytes", input.rejected_bytes);
    json.number("no_time", findings.input_no_time[index]);
    json.boolean("app_ids", input.carries_app_ids);
    const uint8_t missing = static_cast<uint8_t>(((1u << kNeeded) - 1) & ~input.present);
    json.texts("missing", input.events > 0 && !input.refused ? missing_of(missing) : std::vector<std::string_view>{});
    json.key("columns");
    json.begin_object();
    for (size_t i = 0; i < input.fed.size();) {
      std::vector<std::string_view> paths;
      const std::string& column = input.fed[i].first;
      for (; i < input.fed.size() && input.fed[i].first == column; ++i) paths.push_back(input.fed[i].second);
      json.texts(column, paths);
    }
    json.end_object();
    json.boolean("refused", input.refused);
    json.boolean("cut", input.cut);
    json.key("notes");
    json.begin_list();
    std::vector<Note> notes = input.notes;
    for (Note& question : notes_of_settings(store, index, timeline, findings.settings)) notes.push_back(std::move(question));
    for (const Note& note : notes) {
      json.begin_object();
      json.text("code", note.code);
      json.text("message", note.message);
      json.end_object();
    }
    json.end_list();
    json.key("rejects");
    json.begin_list();
    std::vector<RejectKind> kinds = input.reject_kinds;
    compact_sort(kinds.begin(), kinds.end(), [](const RejectKind& a, const RejectKind& b) { return a.reason < b.reason; });
    for (const RejectKind& kind : kinds) {
      json.begin_object();
      json.text("reason", kind.reason);
      json.number("count", kind.count);
      json.number("first_offset", kind.first_offset);
      json.number("first_line", kind.first_line);
      json.text("message", kind.message);
      json.end_object();
    }
    json.end_list();
    json.end_object();
  }
  json.line();
  json.end_list();
}

void write_row(JsonWriter& json, const SentinelRow& row) {
  json.line();
  json.begin_object();
  json.text("Caller", row.caller);
  json.instant("timekey", row.hour);
  json.text("Caller1", row.caller);
  json.instant("timekey1", row.hour);
  json.texts("set_OperationNameValue", row.operations);
  json.instant("timestamp", row.hour);
  json.text("AccountCustomEntity", row.caller);
  json.end_object();
}

void write_sentinel(JsonWriter& json, const EventStore& store, const Findings& findings, const std::vector<uint32_t>& order) {
  json.key("sentinel");
  if (findings.sentinel_ran) {
    json.begin_list();
    for (const SentinelRow& row : findings.rows) write_row(json, row);
    json.line();
    json.end_list();
  } else {
    json.null();
  }
  json.key("sentinel_cannot_run");
  json.begin_list();
  for (const uint32_t index : order) {
    const auto found =
        std::find_if(findings.cannot_run.begin(), findings.cannot_run.end(), [&](const auto& entry) { return entry.first == index; });
    if (found == findings.cannot_run.end()) continue;
    json.line();
    json.begin_object();
    json.text("path", store.inputs()[index].path);
    json.texts("missing", missing_of(found->second));
    json.end_object();
  }
  json.line();
  json.end_list();
  json.key("sentinel_marks");
  json.begin_list();
  for (const SentinelRow& row : findings.rows) {
    if (!row.empty_caller && !row.owed_to_succeeded) continue;
    json.line();
    json.begin_object();
    json.text("Caller", row.caller);
    json.instant("timekey", row.hour);
    json.key("marks");
    json.begin_list();
    if (row.empty_caller) json.text("empty_caller");
    if (row.owed_to_succeeded) json.text("owed_to_succeeded");
    json.end_list();
    json.end_object();
  }
  json.line();
  json.end_list();
}

void write_operation(JsonWriter& json, const Operation& operation) {
  json.begin_object();
  json.text("name", operation.name);
  json.number("count", operation.count);
  json.instant("first", operation.first);
  json.instant("last", operation.last);
  json.key("statuses");
  json.begin_object();
  for (const auto& [status, count] : operation.statuses) {
    json.key_of_evidence(status);
    json.number(count);
  }
  json.end_object();
  json.text("attribution", attribution_name(operation.attribution));
  json.number("in_shell_count", operation.in_shell_count);
  json.number("shell_setup_count", operation.shell_setup_count);
  json.boolean("shell_setup", operation.shell_setup);
  json.boolean("policy", operation.policy);
  json.number("calls", operation.calls);
  json.boolean("failed", operation.failed);
  json.text("severity", severity_name(operation.severity));
  const CatalogueEntry* const entry = operation.entry;
  json.texts("techniques", entry ? entry->techniques : std::span<const std::string_view>{});
  json.text("why", entry ? entry->why : std::string_view{});
  json.key("sources");
  json.begin_list();
  if (entry) {
    std::vector<CatalogueSource> sources(entry->sources.begin(), entry->sources.end());
    compact_sort(sources.begin(), sources.end(), [](const CatalogueSource& a, const CatalogueSource& b) { return a.name < b.name; });
    for (const CatalogueSource& source : sources) {
      json.begin_object();
      json.text("source", source.name);
      json.text("severity", severity_name(source.severity));
      json.end_object();
    }
  }
  json.end_list();
  json.texts("resources", operation.resources);
  json.texts("ips", operation.ips);
  json.end_object();
}

void write_session(JsonWriter& json, const Findings& findings, const Session& session) {
  json.begin_object();
  json.text("id", session.id);
  json.text("caller", session.caller);
  json.instant("start", session.start);
  json.instant("end", session.end);
  json.text("severity", severity_name(session.severity));
  json.text("attribution", attribution_name(session.attribution));
  json.texts("flags", session.flags);
  json.key("longest_gap");
  session.longest_gap ? json.duration(*session.longest_gap) : json.null();
  json.key("sentinel_rows");
  json.begin_list();
  for (const RowOfSession& row : session.rows) {
    json.begin_object();
    json.text("Caller", findings.rows[row.row].caller);
    json.instant("timekey", findings.rows[row.row].hour);
    json.texts("before_start", row.before_start);
    json.texts("after_end", row.after_end);
    json.key("in_other_session");
    json.begin_list();
    for (const auto& [operation, other] : row.in_other_session) {
      json.begin_object();
      json.text("operation", operation);
      json.text("session", findings.sessions[other].id);
      json.end_object();
    }
    json.end_list();
    json.end_object();
  }
  json.end_list();
  json.texts("why_not", session.why_not);
  const bool in_full = session.signals.size() <= kSignalsInFull;
  json.key("signals");
  json.begin_list();
  if (in_full) {
    for (const Signal& signal : session.signals) {
      json.begin_object();
      json.text("kind", signal_name(signal.kind));
      json.instant("time", signal.time);
      json.text("resource_id", signal.resource_id);
      json.text("ip", signal.ip);
      json.text("app_id", signal.app_id);
      json.end_object();
    }
  }
  json.end_list();
  if (!in_full) {
    std::map<std::pair<Ticks, std::string_view>, uint64_t> hours;
    for (const Signal& signal : session.signals) ++hours[{hour_of(signal.time), signal_name(signal.kind)}];
    json.key("signals_per_hour");
    json.begin_list();
    for (const auto& [key, count] : hours) {
      json.begin_object();
      json.instant("hour", key.first);
      json.text("kind", key.second);
      json.number("count", count);
      json.end_object();
    }
    json.end_list();
  }
  json.key("operations");
  json.begin_list();
  for (const Operation& operation : session.operations) write_operation(json, operation);
  json.end_list();
  json.texts("ips", session.ips);
  json.texts("new_ips", session.new_ips);
  json.texts("subscriptions", session.subscriptions);
  json.texts("resource_groups", session.resource_groups);
  json.texts("app_ids", session.app_ids);
  json.end_object();
}

void write_coverage(JsonWriter& json, const Coverage& coverage) {
  json.key("first");
  coverage.events > 0 ? json.instant(coverage.first) : json.null();
  json.key("last");
  coverage.events > 0 ? json.instant(coverage.last) : json.null();
  json.number("events", coverage.events);
  json.key("gaps");
  json.begin_list();
  for (const Gap& gap : coverage.gaps) {
    json.begin_object();
    json.instant("from", gap.from);
    json.instant("to", gap.to);
    json.end_object();
  }
  json.end_list();
}

}  // namespace

void append_report_json(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings, Extent extent) {
  const std::vector<uint32_t> order = input_order(store);
  JsonWriter json(out);
  json.begin_object();
  json.text("schema", kSchema);
  json.text("version", kVersion);
  write_settings(json, timeline, findings);
  write_inputs(json, store, timeline, findings, order);
  write_sentinel(json, store, findings, order);
  json.key("sessions");
  json.begin_list();
  if (extent == Extent::whole) {
    for (const Session& session : findings.sessions) {
      json.line();
      write_session(json, findings, session);
    }
  }
  json.line();
  json.end_list();

  Input sum;
  for (const Input& input : store.inputs()) {
    sum.bytes += input.bytes;
    sum.framed += input.framed;
    sum.other += input.other;
    sum.rejected += input.rejected;
    sum.repaired += input.repaired;
  }
  json.key("totals");
  json.begin_object();
  json.number("bytes", sum.bytes);
  json.number("framed", sum.framed);
  json.number("events", findings.totals.events);
  json.number("other", sum.other);
  json.number("rejected", sum.rejected);
  json.number("repaired", sum.repaired);
  json.number("duplicates", findings.totals.duplicates);
  json.number("no_caller", findings.totals.no_caller);
  json.number("no_time", findings.totals.no_time);
  json.number("sessions", findings.sessions.size());
  json.number("sentinel_rows", findings.rows.size());
  json.number("rows_owed_to_succeeded", findings.totals.rows_owed_to_succeeded);
  json.number("rows_lost_to_look_back", findings.totals.rows_lost_to_look_back);
  json.end_object();

  json.key("hours");
  json.begin_list();
  for (const HourCount& hour : findings.hours) {
    json.line();
    json.begin_object();
    json.instant("hour", hour.hour);
    json.number("events", hour.events);
    json.end_object();
  }
  json.line();
  json.end_list();
  json.key("coverage");
  json.begin_object();
  write_coverage(json, findings.overall);
  json.key("subscriptions");
  json.begin_list();
  for (const Coverage& coverage : findings.coverage) {
    json.line();
    json.begin_object();
    json.text("subscription", coverage.subscription);
    write_coverage(json, coverage);
    json.end_object();
  }
  json.line();
  json.end_list();
  json.end_object();
  json.key("annotations");
  json.begin_list();
  json.end_list();
  json.end_object();
  out += '\n';
}

void append_session_lines(std::string& out, const Findings& findings, const TableText& text) {
  for (const uint32_t index : sessions_of(findings, text)) {
    JsonWriter json(out);
    write_session(json, findings, findings.sessions[index]);
    out += '\n';
  }
}

void append_session_events_json(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                                uint32_t session, uint32_t first, uint32_t count) {
  EventRows rows(store, timeline, findings);
  rows.open(session);
  JsonWriter json(out);
  json.begin_object();
  json.number("total", rows.size());
  json.key("events");
  json.begin_list();
  for (uint32_t index = std::min(first, rows.size()); index < rows.size() && index - first < count; ++index) {
    const EventRow row = rows.row(index);
    json.begin_object();
    json.instant("time", row.time);
    json.text("operation", row.text(Column::operation));
    json.text("status", row.text(Column::status));
    json.text("resource_id", row.text(Column::resource_id));
    json.text("ip", row.text(Column::ip));
    json.text("app_id", row.text(Column::app_id));
    json.text("resource_group", row.text(Column::resource_group));
    json.text("subscription", row.text(Column::subscription));
    json.text("correlation_id", row.text(Column::correlation_id));
    json.text("event_id", row.text(Column::event_id));
    json.key("signal");
    row.signal ? json.text(signal_name(*row.signal)) : json.null();
    json.text("attribution", attribution_name(row.attribution));
    json.number("input", row.input);
    json.number("offset", row.offset);
    json.number("length", row.length);
    json.texts("flags", row.flags);
    json.number("copies", row.copies);
    json.end_object();
  }
  json.end_list();
  json.end_object();
}

void append_rejects_json(std::string& out, const EventStore& store, uint32_t printed, uint32_t first, uint32_t count) {
  const Input& input = store.inputs()[input_order(store)[printed]];
  JsonWriter json(out);
  json.begin_object();
  json.number("total", input.rejected);
  json.number("kept", input.rejects.size());
  json.key("rejects");
  json.begin_list();
  for (size_t i = first; i < input.rejects.size() && i - first < count; ++i) {
    const Reject& reject = input.rejects[i];
    json.begin_object();
    json.text("reason", input.reject_kinds[reject.kind].reason);
    json.number("offset", reject.offset);
    json.number("length", reject.length);
    json.number("line", reject.line);
    json.end_object();
  }
  json.end_list();
  json.end_object();
}

}  // namespace csh
