#include "report/table_parts.h"

#include <numeric>

namespace csh {

std::vector<uint32_t> sessions_of(const Findings& findings, const TableText& text) {
  if (text.sessions) return *text.sessions;
  std::vector<uint32_t> all(findings.sessions.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

std::string hidden_sentence(const TableText& text) {
  std::string sentence =
      std::to_string(text.hidden) + (text.hidden == 1 ? " session is" : " sessions are") + " hidden and not in this file.";
  if (!text.filters.empty()) sentence += " " + text.filters;
  return sentence;
}

std::vector<std::string> statuses_of(const Operation& operation) {
  std::vector<std::string> texts;
  for (const auto& [status, count] : operation.statuses) texts.push_back(std::string(status) + " (" + std::to_string(count) + ")");
  return texts;
}

std::span<const std::string_view> techniques_of(const Operation& operation) {
  return operation.entry ? operation.entry->techniques : std::span<const std::string_view>{};
}

}  // namespace csh
