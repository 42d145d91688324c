// Looking operations up in the catalogue, and what severity an entry has for what the records show.
// Invariant: the answer depends on the folded name alone; an exact entry stands before a pattern, and of two patterns the first in the table.
// Exact names go through a hash table of two bytes a slot, the handful of patterns are tried one after the other; a lookup is linear in the
// name's length and allocates nothing.
#include "hunt/catalogue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "store/dictionary.h"

namespace csh {
namespace {

constexpr std::string_view kAnySegments = "…";

// What is left of a path: "a/b" is the segments "a" and "b"; "" is one empty segment.
struct Segments {
  std::string_view rest;
  bool ended = false;

  bool next(std::string_view& segment) {
    if (ended) return false;
    const size_t slash = rest.find('/');
    segment = rest.substr(0, slash);
    ended = slash == std::string_view::npos;
    if (!ended) rest.remove_prefix(slash + 1);
    return true;
  }
};

bool is_pattern(std::string_view operation) {
  Segments segments{operation};
  for (std::string_view segment; segments.next(segment);) {
    if (segment == kAnySegments) return true;
  }
  return false;
}

// From the left, segment by segment. On a mismatch the latest "…" takes one segment more and what follows it is tried again; earlier ones
// never need to give way (as with * in a glob), so a long hostile name costs its length times the pattern's and not more.
bool matches(std::string_view pattern, std::string_view operation) {
  struct Place {
    Segments want, have;
  };
  Place at{{pattern}, {operation}};
  std::optional<Place> retry;  // behind the latest "…": the pattern's next segment, and the first segment of the name not taken by it
  for (std::string_view expected, found;;) {
    if (at.want.next(expected)) {
      if (expected == kAnySegments) {
        retry = at;
        continue;
      }
      if (at.have.next(found) && equal_fold(expected, found)) continue;
    } else if (at.have.ended) {
      return true;
    }
    if (!retry || !retry->have.next(found)) return false;
    at = *retry;
  }
}

// FNV-1a over the folded name.
uint32_t folded_hash(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(fold(c))) * 16777619u;
  return hash;
}

// Where the catalogue's entries are: exact names by hash with linear probing, patterns in the table's order.
struct Index {
  static constexpr size_t kSlots = 1024;   // a power of two, at least twice the entries: probes stay short and always meet a free slot
  static constexpr size_t kPatterns = 16;  // more would call for something better than trying each
  std::array<uint16_t, kSlots> slots{};    // entry + 1; 0 is free
  std::array<uint16_t, kPatterns> patterns{};
  size_t pattern_count = 0;

  Index() {
    const auto entries = catalogue();
    for (size_t entry = 0; entry < entries.size(); ++entry) {
      if (is_pattern(entries[entry].operation)) {
        if (pattern_count < kPatterns) patterns[pattern_count++] = static_cast<uint16_t>(entry);
        continue;
      }
      size_t slot = folded_hash(entries[entry].operation) % kSlots;
      while (slots[slot] != 0) slot = (slot + 1) % kSlots;
      slots[slot] = static_cast<uint16_t>(entry + 1);
    }
  }
};

Severity next_lower(Severity severity) {
  return severity > Severity::info ? static_cast<Severity>(static_cast<uint8_t>(severity) - 1) : severity;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::none: return "none";
    case Severity::info: return "info";
    case Severity::low: return "low";
    case Severity::medium: return "medium";
    case Severity::high: return "high";
  }
  return "none";
}

const CatalogueEntry* find_in_catalogue(std::string_view operation) {
  static const Index index;
  const auto entries = catalogue();
  for (size_t slot = folded_hash(operation) % Index::kSlots; index.slots[slot] != 0; slot = (slot + 1) % Index::kSlots) {
    const CatalogueEntry& entry = entries[index.slots[slot] - 1u];
    if (equal_fold(entry.operation, operation)) return &entry;
  }
  for (size_t at = 0; at < index.pattern_count; ++at) {
    const CatalogueEntry& entry = entries[index.patterns[at]];
    if (matches(entry.operation, operation)) return &entry;
  }
  return nullptr;
}

Severity catalogue_severity(const CatalogueEntry& entry, uint32_t conditions) {
  Severity highest = Severity::none;
  for (const CatalogueSource& source : entry.sources) {
    const bool met = source.condition == Condition::always || (conditions & (1u << static_cast<uint8_t>(source.condition))) != 0;
    highest = std::max(highest, met ? source.severity : next_lower(source.severity));
  }
  return highest == Severity::none ? Severity::medium : highest;
}

}  // namespace csh
