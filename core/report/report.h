// What leaves the core as text. Every text is made here, for the page, scripts/hunt and the native tests alike, so that equal input gives
// equal bytes everywhere. Instants are RFC 3339 in UTC. Lists and map keys are sorted by bytes; sessions by start, then caller.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "hunt/hunt.h"
#include "hunt/timeline.h"

namespace csh {

inline constexpr std::string_view kSchema = "cloudshell-hunt/1";
// More signals than this are summarised per hour: a script that lists keys every second would otherwise outweigh the report.
inline constexpr size_t kSignalsInFull = 1000;

// The whole report, UTF-8, ends with a line feed.
void append_report_json(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings);

// RFC 4180, CRLF, header row. A field that a spreadsheet could take for a formula gets a leading apostrophe.
void append_sessions_csv(std::string& out, const Findings& findings);
void append_sentinel_csv(std::string& out, const Findings& findings);

// Tables with every text escaped: no links, no images, control characters visible.
void append_sessions_markdown(std::string& out, const Findings& findings);
void append_sentinel_markdown(std::string& out, const Findings& findings);

// Events of one session in order of time, `count` of them from `first`, as JSON for the page:
// {"total":N,"events":[{"time","operation","status","resource_id","ip","app_id","resource_group","subscription","correlation_id","event_id",
//   "signal":kind|null,"attribution","input":index of the report's inputs,"offset","length","flags":[…],"copies":N}]}
void append_session_events_json(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                                uint32_t session, uint32_t first, uint32_t count);

// What was found among the events read last, while reading goes on:
// {"signals":[{"caller","time","kind","in_shell"}],"zoneless":N,"waiting":N}. Nothing at all when there is none of them.
void append_new_signals_json(std::string& out, const NewSignals& found);

// Rejects of one input, looked up by the report's order: {"total":N,"kept":N,"rejects":[{"reason","offset","length","line"}]}
void append_rejects_json(std::string& out, const EventStore& store, uint32_t input, uint32_t first, uint32_t count);

}  // namespace csh
