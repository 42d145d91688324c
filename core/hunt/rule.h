// The published hunting query "Azure CloudShell Usage" (42831fb3-f61d-41e9-95d9-f08797479a0e), evaluated exactly: its text stands in
// rule.cpp, each line above the predicate that does it.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hunt/groundwork.h"
#include "hunt/hunt.h"
#include "hunt/timeline.h"
#include "store/event_store.h"

namespace csh {

struct RuleResult {
  std::vector<SentinelRow> rows;  // sorted by caller (bytes), then hour
  uint64_t lost_to_look_back = 0;
};

// `cut`: the instant before which the right side sees nothing; nullopt without look-back. Events of inputs that lack a needed column take
// no part (`runs`, per input of the store).
RuleResult run_rule(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, bool succeeded_is_success,
                    std::optional<Ticks> cut, const std::vector<uint8_t>& runs);

}  // namespace csh
