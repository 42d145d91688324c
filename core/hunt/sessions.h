// Cuts each caller's time line into Cloud Shell sessions, judges what was done in them, and reconciles them with the query's rows.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hunt/groundwork.h"
#include "hunt/hunt.h"
#include "hunt/timeline.h"
#include "store/event_store.h"

namespace csh {

// Fills findings.sessions; rows, hours, overall coverage, as_of and settings must be there. `cut` and `runs` as in run_rule().
void find_sessions(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, std::optional<Ticks> cut,
                   const std::vector<uint8_t>& runs, Findings& findings);

}  // namespace csh
