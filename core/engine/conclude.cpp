#include "engine/conclude.h"

#include <algorithm>
#include <array>

#include "compact_sort.h"

namespace csh {
namespace {

std::string number(uint64_t value) { return std::to_string(value); }

}  // namespace

std::string not_our_table(const std::vector<std::string>& columns) {
  constexpr size_t kShown = 120;  // enough to recognise the table
  std::string names;
  for (const std::string& name : columns) {
    if (names.size() > kShown) {
      names += ", …";
      break;
    }
    if (!names.empty()) names += ", ";
    names += name;
  }
  return "This is a table, but not of the Azure Activity log: no column is one of TimeGenerated with Caller, OperationNameValue, "
         "ActivityStatusValue. Its columns: " +
         names + ". Export the table AzureActivity.";
}

void conclude(Input& input) {
  const InputCounts& counts = input.counts;
  const auto note = [&](std::string_view code, std::string message) { input.notes.push_back({std::string(code), std::move(message)}); };
  const auto refuse = [&](std::string_view code, std::string message) {
    input.refused = true;
    note(code, std::move(message));
  };
  if (!counts.shapes.empty()) input.shape = counts.shapes.size() == 1 ? counts.shapes.front() : "mixed";
  if (input.refused) return;
  if (counts.memory_full) {
    note("memory_full", "Memory is full: reading stopped after " + number(input.bytes) + " bytes. The " + number(input.events) +
                            " events read until then are in the result, the rest of the file is not.");
  }
  if (counts.memory_full) {
    // What the whole of it would have been cannot be told.
  } else if (input.bytes == 0) {
    // Who closed it may have said why there is nothing.
    if (input.notes.empty()) note("empty", "The file is empty.");
  } else if (counts.blank) {
    note("empty", "The file holds nothing but blank space.");
  } else if (input.framed == 0 && counts.rows_unnamed) {
    refuse("columns_missing",
           "Rows stand before the list that names their columns, or without one; write the columns first and open it again.");
  } else if (input.framed == 0 && !counts.other_columns.empty()) {
    refuse("not_the_activity_log", not_our_table(counts.other_columns));
  } else if (input.framed == 0) {
    note("no_records", counts.is_table ? "The file has a header row and no rows." : "The file holds no records.");
  } else if (input.events == 0 && input.other > 0 && input.rejected == 0) {
    std::vector<std::string> kinds = counts.other_kinds;
    compact_sort(kinds.begin(), kinds.end());
    std::string names;
    for (const std::string& kind : kinds) names += (names.empty() ? "" : ", ") + kind;
    refuse("not_the_activity_log", counts.tool + (counts.tool.empty() ? "" : " ") + "No record is of the Azure Activity log" +
                                       (names.empty() ? std::string() : " (found: " + names + ")") +
                                       ". Export the Activity log (AzureActivity, or insights-activity-logs).");
  } else if (input.events == 0 && input.rejected > 0) {
    note("no_events", "No record could be read as an event; see what was rejected.");
  }
  // Where the reading stopped, the note on that says why; nothing is known of the file's own end.
  if (counts.truncated && !input.cut) {
    input.cut = true;
    note("truncated",
         "The file ends in the middle of a record or list; what was read up to there is kept. Export it again if the rest matters.");
  }
  constexpr std::array<uint64_t, 6> kRound = {50, 1'000, 10'000, 30'000, 100'000, 500'000};
  if (!counts.memory_full && std::find(kRound.begin(), kRound.end(), input.framed) != kRound.end()) {
    note("may_be_cut", "Exactly " + number(input.framed) +
                           " records: the export may have been cut at a limit. Narrow its time range or raise the limit.");
  }
  if (counts.unreadable_times > 0) {
    note("time_unreadable", number(counts.unreadable_times) + " events have a time that names no instant (first at byte " +
                                number(counts.first_unreadable_time) + "); they join no session.");
  }
  if (input.events > 0 && !input.carries_app_ids) {
    note("no_app_ids",
         "The file carries no application ids: what was done inside the shell cannot be told, nor Cloud Shell without storage be seen.");
  }
  if (counts.partial_answer) note("may_be_cut", "The answer says that it is partial; run the query again over a shorter time.");
  if (counts.rows_replaced > 0)
    note("rows_replaced", number(counts.rows_replaced) + " rows were sent anew by a progressive answer; each counts once.");
  if (counts.unmapped_names > 0) {
    note("unmapped_names", number(counts.unmapped_names) +
                               " events have an operation's display name that is in no table; it stands as it is, and no rule knows it.");
  }
  if (counts.duplicate_keys > 0) note("duplicate_keys", number(counts.duplicate_keys) + " events hold a key twice; the last one counts.");
  if (counts.after_break > 0) note("after_break", number(counts.after_break) + " events were found behind damage; they are flagged.");
  if (input.day_first_proven && input.month_first_proven) {
    note("date_order_contradiction",
         "Some dates can only be day first, others only month first; set the date order to read the ones that fit both.");
  }
}

}  // namespace csh
