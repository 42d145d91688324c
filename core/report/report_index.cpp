#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "bytes/utf16.h"
#include "report/report.h"
#include "store/dictionary.h"

namespace csh {
namespace {

// Numbers of texts by the place where they lie. Open addressing, linear probing; the size is a power of two.
class PlacesOfTexts {
 public:
  // The number kept for a text, UINT32_MAX at first; good until the next call. Texts that begin at one place may differ in length, and share it.
  uint32_t& operator[](const char* text) {
    if (2 * (taken_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[find(text)];
    if (slot.text == nullptr) {
      slot.text = text;
      ++taken_;
    }
    return slot.number;
  }

 private:
  struct Slot {
    const char* text = nullptr;
    uint32_t number = UINT32_MAX;
  };
  size_t find(const char* text) const {
    const size_t mask = slots_.size() - 1;
    size_t at = (reinterpret_cast<uintptr_t>(text) * uint64_t{0x9E3779B97F4A7C15u} >> 32) & mask;
    while (slots_[at].text != nullptr && slots_[at].text != text) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<Slot> slots(std::max<size_t>(16, 2 * slots_.size()));
    slots.swap(slots_);
    for (const Slot& slot : slots) {
      if (slot.text != nullptr) slots_[find(slot.text)] = slot;
    }
  }

  std::vector<Slot> slots_;
  size_t taken_ = 0;
};

// Texts of one column and which of them each session has.
class IndexColumn {
 public:
  IndexColumn() { places_.push_back(0); }
  void add(std::string_view text) {
    // Texts of the store lie where they are, so most of them are known by their place without a look at their bytes.
    uint32_t& known = by_address_[text.data()];
    if (known == UINT32_MAX || texts_[known].size() != text.size()) known = place_of(text);
    const uint32_t place = known;
    if (held_by_[place] == places_.size()) return;
    held_by_[place] = static_cast<uint32_t>(places_.size());
    values_.push_back(place);
  }
  void end_session() { places_.push_back(static_cast<uint32_t>(values_.size())); }
  const std::vector<std::string_view>& texts() const { return texts_; }
  const std::vector<uint32_t>& places() const { return places_; }
  const std::vector<uint32_t>& values() const { return values_; }

 private:
  uint32_t place_of(std::string_view text) {
    const uint32_t number = folded_.intern(fold_into(text, room_));
    if (number >= place_of_.size()) place_of_.resize(number + 1, UINT32_MAX);
    if (place_of_[number] == UINT32_MAX) {
      place_of_[number] = static_cast<uint32_t>(texts_.size());
      texts_.push_back(text);
      held_by_.push_back(0);
    }
    return place_of_[number];
  }

  Dictionary folded_;
  PlacesOfTexts by_address_;
  std::vector<char> room_;
  std::vector<uint32_t> place_of_;  // by folded id
  std::vector<std::string_view> texts_;
  std::vector<uint32_t> held_by_;  // the session that had the text last, and one
  std::vector<uint32_t> places_, values_;
};

template <class T>
void append_numbers(std::string& out, const std::vector<T>& values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

void align(std::string& out) { out.resize((out.size() + 3) / 4 * 4); }

// Bytes of all texts, where each ends in UTF-16 units (what a reader cuts one long text by), and the bytes.
template <class Texts>
void append_texts(std::string& out, const Texts& texts) {
  std::vector<uint32_t> head = {static_cast<uint32_t>(texts.size()), 0};
  uint64_t units = 0;
  for (const auto& text : texts) {
    units += utf16_units(text);
    head.push_back(static_cast<uint32_t>(units));
    head[1] += static_cast<uint32_t>(text.size());
  }
  append_numbers(out, head);
  for (const auto& text : texts) out += text;
  align(out);
}

double unix_millis(Ticks time) {
  constexpr Ticks kPerMilli = kTicksPerSecond / 1000;
  const Ticks since = time - kUnixEpochTicks;
  return static_cast<double>(since >= 0 ? since / kPerMilli : -((-since + kPerMilli - 1) / kPerMilli));
}

void append_column(std::string& out, const IndexColumn& column) {
  append_texts(out, column.texts());
  append_numbers(out, column.places());
  append_numbers(out, std::vector<uint32_t>{static_cast<uint32_t>(column.values().size())});
  append_numbers(out, column.values());
}

// As the page names its facets.
enum Facet : size_t {
  kSeverity,
  kAttribution,
  kSignal,
  kQuery,
  kTechnique,
  kFlag,
  kKind,
  kCaller,
  kOperation,
  kAddress,
  kSubscription,
  kGroup,
  kApp,
  kFacets
};

}  // namespace

void append_session_index(std::string& out, const Findings& findings) {
  std::array<IndexColumn, kFacets> columns;
  std::vector<double> starts, ends;
  std::vector<uint32_t> operations;
  std::vector<uint8_t> severities, attributions, found;
  std::vector<std::string_view> ids;
  const auto add_all = [&](Facet facet, const auto& texts) {
    for (const std::string_view text : texts) columns[facet].add(text);
  };
  for (const Session& session : findings.sessions) {
    ids.push_back(session.id);
    starts.push_back(unix_millis(session.start));
    ends.push_back(unix_millis(session.end));
    operations.push_back(static_cast<uint32_t>(session.operations.size()));
    severities.push_back(static_cast<uint8_t>(session.severity));
    attributions.push_back(static_cast<uint8_t>(session.attribution));
    found.push_back(!session.rows.empty());
    columns[kSeverity].add(severity_name(session.severity));
    columns[kAttribution].add(attribution_name(session.attribution));
    columns[kCaller].add(session.caller);
    add_all(kFlag, session.flags);
    if (session.rows.empty()) {
      add_all(kQuery, session.why_not);
    } else {
      columns[kQuery].add("found");
    }
    for (const Signal& signal : session.signals) columns[kSignal].add(signal_name(signal.kind));
    add_all(kAddress, session.ips);
    add_all(kSubscription, session.subscriptions);
    add_all(kGroup, session.resource_groups);
    add_all(kApp, session.app_ids);
    for (const Operation& operation : session.operations) {
      columns[kOperation].add(operation.name);
      if (operation.entry) add_all(kTechnique, operation.entry->techniques);
      columns[kKind].add(operation.policy ? "policy" : operation.shell_setup ? "shell_setup" : operation.failed ? "failed" : "ordinary");
    }
    for (IndexColumn& column : columns) column.end_session();
  }
  append_numbers(out, std::vector<uint32_t>{static_cast<uint32_t>(findings.sessions.size()), kFacets});
  append_numbers(out, starts);
  append_numbers(out, ends);
  append_numbers(out, operations);
  for (const auto* bytes : {&severities, &attributions, &found}) append_numbers(out, *bytes);
  align(out);
  append_texts(out, ids);
  for (const IndexColumn& column : columns) append_column(out, column);
}

void append_session_resources(std::string& out, const Findings& findings) {
  IndexColumn column;
  for (const Session& session : findings.sessions) {
    for (const Operation& operation : session.operations) {
      for (const std::string_view resource : operation.resources) column.add(resource);
    }
    column.end_session();
  }
  append_numbers(out, std::vector<uint32_t>{static_cast<uint32_t>(findings.sessions.size())});
  append_column(out, column);
}

}  // namespace csh
