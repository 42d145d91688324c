// What a hunt needs of store and timeline that only a time setting changes: classes of texts, events that are a signal under some setting, when the
// data speak at all. Made once after loading and with each new timeline, so that a changed window, look-back or meaning of "Succeeded" walks over a
// few thousand candidates and not over all events.
// Invariant: it says nothing that depends on another setting than the timeline's.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "hunt/catalogue.h"
#include "hunt/hunt.h"
#include "hunt/timeline.h"
#include "hunt/words.h"
#include "store/event_store.h"

namespace csh {

// Numbers of texts in which upper and lower case are one, made for those that are asked for.
class FoldedIds {
 public:
  explicit FoldedIds(const Dictionary& dictionary) : dictionary_(dictionary) {}
  // Equal for two ids whose texts differ in the case of ASCII letters alone; below size().
  uint32_t of(uint32_t id) { return known_.empty() || known_[id] == UINT32_MAX ? first(id) : known_[id]; }
  uint32_t size() const { return folded_.size(); }

 private:
  uint32_t first(uint32_t id);

  const Dictionary& dictionary_;
  std::vector<uint32_t> known_;  // by id; made with the first question
  Dictionary folded_;
  std::vector<char> room_;
};

class Groundwork {
 public:
  // Both must outlive it; the timeline must be the store's.
  Groundwork(const EventStore& store, const Timeline& timeline);

  struct OperationClass {
    bool list_keys = false, console_write = false, setup_write = false;
    uint32_t folded = 0;
    const CatalogueEntry* entry = nullptr;
  };
  // By id.
  std::vector<OperationClass> operation;
  std::vector<StatusWord> status;
  std::vector<uint8_t> status_is_plain;  // in AzureActivity's own word
  std::vector<uint8_t> shell_app, console_app, shell_group;

  // Places in Timeline::moments() of events that are a signal under some setting, in order.
  std::vector<uint32_t> candidates;
  // Events that the left side of the published query takes under some setting, and those without a caller, by time: only where a listing has none.
  std::vector<uint32_t> listings, nobody;

  std::vector<HourCount> hours;
  Coverage overall;
  std::vector<Coverage> coverage;
  uint64_t no_caller = 0;
  std::vector<uint64_t> input_no_time;  // by index of the store's inputs

  // Where each address of a caller is met first.
  struct Address {
    uint32_t folded;
    uint32_t moment;
  };
  // Sorted by `folded`. Made when first asked for.
  std::span<const Address> addresses_of(uint32_t group) const;
  FoldedIds& folded(Column column) const { return folded_[static_cast<size_t>(column)]; }

 private:
  const Timeline& timeline_;
  mutable std::vector<FoldedIds> folded_;  // by column
  mutable std::vector<std::vector<Address>> addresses_;
  mutable std::vector<uint8_t> addresses_known_;
  mutable std::vector<uint32_t> met_in_;  // by folded address: the group that had it last, and one
};

}  // namespace csh
