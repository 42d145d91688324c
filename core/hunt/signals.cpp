#include "hunt/signals.h"

#include <algorithm>

#include "hunt/words.h"

namespace csh {
namespace {

enum OperationBit : uint8_t { kIsListKeys = 1, kIsConsoleWrite = 2 };

template <class Judge>
void grow(std::vector<uint8_t>& classes, const Dictionary& dictionary, Judge judge) {
  for (auto id = static_cast<uint32_t>(classes.size()); id < dictionary.size(); ++id)
    classes.push_back(static_cast<uint8_t>(judge(dictionary.text(id))));
}

}  // namespace

std::string_view signal_name(SignalKind kind) {
  switch (kind) {
    case SignalKind::storage_listing: return "storage_listing";
    case SignalKind::console_write: return "console_write";
    case SignalKind::shell_app: return "shell_app";
  }
  return "";
}

NewSignals SignalsSoFar::next(const EventStore& store) {
  grow(operations_, store.dictionary(Column::operation), [](std::string_view name) {
    return (equal_fold(name, kListKeys) ? kIsListKeys : 0) | (equal_fold(name, kConsoleWrite) ? kIsConsoleWrite : 0);
  });
  grow(statuses_, store.dictionary(Column::status), [](std::string_view word) { return static_cast<uint8_t>(status_word(word)); });
  grow(groups_, store.dictionary(Column::resource_group), is_shell_group);
  grow(apps_, store.dictionary(Column::app_id), is_shell_app);

  struct Event {
    const SignalsSoFar& all;
    const EventStore& store;
    uint32_t event;
    uint8_t of(const std::vector<uint8_t>& classes, Column column) const { return classes[store.id(event, column)]; }
    bool has_operation() const { return store.id(event, Column::operation) != 0; }
    bool lists_keys() const { return of(all.operations_, Column::operation) & kIsListKeys; }
    bool writes_console() const { return of(all.operations_, Column::operation) & kIsConsoleWrite; }
    bool succeeded() const { return of(all.statuses_, Column::status) == static_cast<uint8_t>(StatusWord::success); }
    bool failed() const { return of(all.statuses_, Column::status) == static_cast<uint8_t>(StatusWord::failure); }
    bool on_shell_group() const { return of(all.groups_, Column::resource_group) != 0; }
    bool has_shell_app() const { return of(all.apps_, Column::app_id) != 0; }
  };
  NewSignals found;
  next_ = std::min(next_, store.size());  // events may have been taken back
  const auto skip = [&] {
    for (; !left_out_.empty() && left_out_.front().first <= next_; left_out_.erase(left_out_.begin())) {
      next_ = std::min(std::max(next_, left_out_.front().second), store.size());
    }
  };
  for (skip(); next_ < store.size() && found.signals.size() < kMostSignals; ++next_, skip()) {
    const Event event{*this, store, next_};
    const std::optional<SignalKind> kind = signal_of(event);
    if (!kind || store.id(next_, Column::caller) == 0 || store.raw_time(next_) == kNoTime) continue;
    if (store.flags(next_) & (kZoneless | kEitherOrder)) {
      ++found.zoneless;
    } else {
      found.signals.push_back({store.text(next_, Column::caller), store.raw_time(next_), *kind, event.has_shell_app()});
    }
  }
  found.waiting = store.size() - next_;
  return found;
}

}  // namespace csh
