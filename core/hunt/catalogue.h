// Operations that matter when done from a Cloud Shell: what each can be used for, and who says so. Data, not code: catalogue_data.cpp.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace csh {

enum class Severity : uint8_t { none, info, low, medium, high };
std::string_view severity_name(Severity severity);  // "none", "info", "low", "medium", "high"

// What a record must show before a source's severity counts.
enum class Condition : uint8_t { always, admin_role, public_access, soft_delete_off };

struct CatalogueSource {
  std::string_view name;  // "Elastic", "Sigma", "Panther", "Sentinel efe843ca", "ATRM AZT301.1", "judgement" …
  Severity severity;      // none: the source names the operation without a severity word
  Condition condition;    // always, unless the source's severity holds under a condition only
};

struct CatalogueEntry {
  std::string_view operation;  // as the provider spells it; one segment "…" stands for any number (also none) of path segments
  std::span<const std::string_view> techniques;  // ATT&CK ids, sorted by bytes
  std::string_view why;                          // one plain sentence
  std::span<const CatalogueSource> sources;      // at least one
};

// All entries, in the order of the table they came from.
std::span<const CatalogueEntry> catalogue();

// The entry of an operation name (compared case-insensitively, ASCII), exact names before patterns; nullptr when none.
const CatalogueEntry* find_in_catalogue(std::string_view operation);

// The severity when the records show `conditions` (bit 1 << Condition): the highest of the sources whose condition is met; a source whose
// condition is not met counts as the next lower word; an entry without any severity word is medium.
Severity catalogue_severity(const CatalogueEntry& entry, uint32_t conditions);

}  // namespace csh
