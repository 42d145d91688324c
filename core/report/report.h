// What leaves the core as text. Every text is made here, for the page, scripts/hunt and the native tests alike, so that equal input gives
// equal bytes everywhere. Instants are RFC 3339 in UTC. Lists and map keys are sorted by bytes; sessions by start, then caller.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hunt/hunt.h"
#include "hunt/timeline.h"

namespace csh {

inline constexpr std::string_view kSchema = "cloudshell-hunt/1";
// More signals than this are summarised per hour: a script that lists keys every second would otherwise outweigh the report.
inline constexpr size_t kSignalsInFull = 1000;

// The report, UTF-8, ends with a line feed. Of its outline the list of sessions is empty: what is there to see of them at once stands in their index.
enum class Extent : uint8_t { whole, outline };
void append_report_json(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                        Extent extent = Extent::whole);

// What a page needs of every session at once, as columns of numbers in the machine's order of bytes; the rest of a session stands in its line of the
// report. All lists are by index of Findings::sessions. Layout, each part aligned to four bytes, the start to eight:
//   u32 sessions, u32 columns; f64 starts[], f64 ends[] (milliseconds since 1970, rounded down); u32 operations[];
//   u8 severities[], u8 attributions[], u8 found[] (1: has Sentinel rows); TEXTS of the ids;
//   for each of the 13 columns severity, attribution, signal, query, technique, flag, kind, caller, operation, address, subscription,
//   resource_group, app_id: COLUMN.
// COLUMN: TEXTS, u32 places[sessions + 1], u32 values, u32 values[]: session i has texts values[places[i] .. places[i + 1]).
// TEXTS: u32 texts, u32 bytes, u32 ends[] in UTF-16 units, UTF-8 of all of them in a row. Texts that differ in the case of ASCII letters are one, as first met.
void append_session_index(std::string& out, const Findings& findings);
// u32 sessions, then the COLUMN of the resources. By itself, for it is larger than the others together and only a search looks at it.
void append_session_resources(std::string& out, const Findings& findings);

// A table as text. Rows of sessions, their operations and their events follow the list of sessions, in its order; so the list is what somebody
// sees, and the text says what is hidden. Sentinel rows are always all of them.
enum class Table : uint8_t { sessions, operations, events, sentinel };
enum class Form : uint8_t {
  csv,         // RFC 4180, CRLF, header row. A field that a spreadsheet could take for a formula gets a leading apostrophe.
  csv_raw,     // the same without the apostrophes: for programs, never for a spreadsheet
  markdown,    // every text escaped: no links, no images, control characters visible
  json_lines,  // events and sessions alone: one object a line, a session as it stands in the report
  timesketch,  // events alone: JSON Lines with the fields that Timesketch asks for
};
struct TableText {
  Table table = Table::sessions;
  Form form = Form::csv;
  std::optional<std::vector<uint32_t>> sessions;  // indices into Findings::sessions; nullopt: all, in the report's order
  uint32_t hidden = 0;                            // how many are not in the list
  std::string filters;                            // what hides them, one sentence; may be empty
  // A long table may be made in parts: titles stand in the first, the row on what is hidden in the last.
  bool head = true, tail = true;
};
// Reads {"table":"sessions|operations|events|sentinel","form":"csv|csv-raw|markdown|json-lines|timesketch","sessions":[indices]|absent,
// "hidden":N,"filters":"…","head":true,"tail":true}; false when it is anything else or the form cannot hold the table.
bool parse_table_text(std::string_view json, TableText& text);
// Every index in text.sessions must be one of a session.
void append_table(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings, const TableText& text);

// The makers behind it.
void append_sessions_csv(std::string& out, const Findings& findings, const TableText& text = {});
void append_operations_csv(std::string& out, const Findings& findings, const TableText& text = {});
void append_events_csv(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                       const TableText& text = {});
void append_sentinel_csv(std::string& out, const Findings& findings, const TableText& text = {});
void append_sessions_markdown(std::string& out, const Findings& findings, const TableText& text = {});
void append_operations_markdown(std::string& out, const Findings& findings, const TableText& text = {});
void append_events_markdown(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                            const TableText& text = {});
void append_sentinel_markdown(std::string& out, const Findings& findings);
void append_session_lines(std::string& out, const Findings& findings, const TableText& text = {});
void append_event_lines(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings,
                        const TableText& text = {});

// The same hunt as text to run where the log lives: KQL for Sentinel, Azure Data Explorer and Fabric, SQL for the others. It has the settings of
// the findings and the time span of their events; no text of the evidence enters it.
enum class Dialect : uint8_t { kql, duckdb, trino, spark };
inline constexpr uint32_t kDialects = 4;
enum class Query : uint8_t { published, sessions };  // the published query, or the sessions hunt
void append_query(std::string& out, const Findings& findings, Query query, Dialect dialect);
// The two makers behind it; SQL is for any dialect but kql.
void append_kql(std::string& out, const Findings& findings, Query query);
void append_sql(std::string& out, const Findings& findings, Query query, Dialect dialect);
// First instant that the right side of the published query sees; nullopt without a look-back, or where it reaches before all time.
std::optional<Ticks> look_back_from(const Findings& findings);

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
