// When the data speak at all: events per hour, and hours without any, overall and per subscription.
#pragma once
#include "hunt/groundwork.h"
#include "hunt/timeline.h"
#include "store/event_store.h"

namespace csh {

// Fills hours, overall and coverage.
void find_coverage(const EventStore& store, const Timeline& timeline, Groundwork& groundwork);

}  // namespace csh
