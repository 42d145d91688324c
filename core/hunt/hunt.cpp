#include "hunt/hunt.h"

#include <algorithm>

#include "hunt/groundwork.h"
#include "hunt/rule.h"
#include "hunt/sessions.h"
#include "hunt/timeline.h"

namespace csh {

std::string_view attribution_name(Attribution attribution) {
  switch (attribution) {
    case Attribution::none: return "none";
    case Attribution::unknown: return "unknown";
    case Attribution::same_window: return "same_window";
    case Attribution::in_shell: return "in_shell";
  }
  return "";
}

Findings hunt(const EventStore& store, const Timeline& timeline, const Settings& settings) {
  return hunt(store, timeline, Groundwork(store, timeline), settings);
}

Findings hunt(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, const Settings& settings) {
  Findings findings;
  findings.settings = settings;
  findings.hours = groundwork.hours;
  findings.overall = groundwork.overall;
  findings.coverage = groundwork.coverage;
  findings.input_no_time = groundwork.input_no_time;

  if (settings.as_of == AsOf::given) {
    findings.as_of = settings.as_of_instant;
  } else if (findings.overall.events > 0) {
    findings.as_of = findings.overall.last;
  }
  std::optional<Ticks> cut;
  if (settings.look_back && findings.as_of) cut = *findings.as_of - *settings.look_back;

  std::vector<uint8_t> runs;
  for (uint32_t i = 0; i < store.inputs().size(); ++i) {
    const Input& input = store.inputs()[i];
    runs.push_back(input.can_run());
    findings.sentinel_ran = findings.sentinel_ran || input.can_run();
    const uint8_t missing = static_cast<uint8_t>(((1u << kNeeded) - 1) & ~input.present);
    if (input.events > 0 && !input.refused && missing != 0) findings.cannot_run.emplace_back(i, missing);
  }
  RuleResult rule = run_rule(store, timeline, groundwork, settings.succeeded_is_success, cut, runs);
  findings.rows = std::move(rule.rows);
  findings.totals.rows_lost_to_look_back = rule.lost_to_look_back;
  for (const SentinelRow& row : findings.rows) findings.totals.rows_owed_to_succeeded += row.owed_to_succeeded;

  find_sessions(store, timeline, groundwork, cut, runs, findings);

  findings.totals.events = store.size();
  findings.totals.no_caller = groundwork.no_caller;
  findings.totals.no_time = store.size() - findings.overall.events;
  findings.input_duplicates = timeline.input_duplicates();
  for (const uint64_t duplicates : findings.input_duplicates) findings.totals.duplicates += duplicates;
  return findings;
}

}  // namespace csh
