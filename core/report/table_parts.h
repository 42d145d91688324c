// What the tables of every form have in common: which sessions they hold, and the texts that more than one of them prints.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "report/report.h"

namespace csh {

// Indices of the sessions that the text holds, in its order.
std::vector<uint32_t> sessions_of(const Findings& findings, const TableText& text);
// "28 sessions are hidden and not in this file. Filters: …"; for hidden > 0.
std::string hidden_sentence(const TableText& text);
// "Success (2)", sorted by status.
std::vector<std::string> statuses_of(const Operation& operation);
std::span<const std::string_view> techniques_of(const Operation& operation);

}  // namespace csh
