// When the data speak at all: events per hour, and hours without any, overall and per subscription.
#pragma once
#include "hunt/hunt.h"
#include "hunt/timeline.h"
#include "store/event_store.h"

namespace csh {

// Fills findings.hours, overall, coverage.
void find_coverage(const EventStore& store, const Timeline& timeline, Findings& findings);

}  // namespace csh
