#include "hunt/timeline.h"

#include <algorithm>

#include "compact_sort.h"
#include "hunt/words.h"
#include "store/input_order.h"
#include "time/parse.h"

namespace csh {
namespace {

// Folded ids of one dictionary: equal numbers for texts that differ only in the case of ASCII letters.
std::vector<uint32_t> fold_ids(const Dictionary& dictionary) {
  Dictionary folded;
  std::vector<char> room;
  std::vector<uint32_t> ids(dictionary.size());
  for (uint32_t id = 0; id < dictionary.size(); ++id) ids[id] = folded.intern(fold_into(dictionary.text(id), room));
  return ids;
}

// Three-way, by the columns that decide a tie, as bytes.
int compare_texts(const EventStore& store, uint32_t a, uint32_t b, std::initializer_list<Column> columns,
                  int (*compare)(std::string_view, std::string_view)) {
  for (const Column column : columns) {
    if (store.id(a, column) == store.id(b, column)) continue;
    if (const int order = compare(store.text(a, column), store.text(b, column)); order != 0) return order;
  }
  return 0;
}

int compare_bytes(std::string_view a, std::string_view b) { return a.compare(b); }

}  // namespace

void Timeline::read_times(const Settings& settings) {
  const EventStore& store = *store_;
  repeated_.resize(store.inputs().size());
  skipped_.resize(store.inputs().size());
  outside_.resize(store.inputs().size());
  const bool as_stored = std::all_of(store.inputs().begin(), store.inputs().end(),
                                     [](const Input& input) { return input.zoneless == 0 && input.either_order == 0; });
  if (as_stored) return;
  times_.resize(store.size());
  uint32_t first_used = UINT32_MAX, last_used = 0;
  for (uint32_t event = 0; event < store.size(); ++event) {
    Ticks time = store.raw_time(event);
    const uint16_t flags = store.flags(event);
    if (time != kNoTime && flags & kEitherOrder) {
      const Input& input = store.inputs()[store.input_of(event)];
      DateOrder order = settings.date_order;
      if (order == DateOrder::automatic && input.day_first_proven != input.month_first_proven) {
        order = input.day_first_proven ? DateOrder::day_first : DateOrder::month_first;
      }
      if (order == DateOrder::automatic) {
        time = kNoTime;
      } else if (order == DateOrder::month_first) {
        time = swap_day_and_month(time).value_or(kNoTime);
      }
    }
    if (time != kNoTime && flags & kZoneless) {
      if (settings.local_zone) {
        const LocalReading reading = read_local(*settings.local_zone, time);
        time = reading.time < 0 || reading.time > kMaxTicks ? kNoTime : reading.time;
        if (time != kNoTime) {
          // What says that a time is ambiguous is the offset behind it.
          first_used = std::min(first_used, reading.offset);
          last_used = std::max(last_used, reading.offset + (reading.match != LocalMatch::one));
          if (reading.match != LocalMatch::one) mark_odd(event, reading);
          const bool outside = time < kZonesFrom || time >= kZonesUntil;
          if (outside && !settings.local_zone->name.empty()) count_odd(outside_[store.input_of(event)], event, reading);
        }
      } else {
        time = kNoTime;
      }
    }
    times_[event] = time;
  }
  if (first_used == UINT32_MAX) return;
  const auto& offsets = settings.local_zone->offsets;
  zone_offsets_used_.assign(offsets.begin() + first_used, offsets.begin() + last_used + 1);
}

void Timeline::mark_odd(uint32_t event, const LocalReading& reading) {
  const bool repeated = reading.match == LocalMatch::repeated;
  odd_[event] = repeated ? kAmbiguousTime : kSkippedTime;
  count_odd((repeated ? repeated_ : skipped_)[store_->input_of(event)], event, reading);
}

void Timeline::count_odd(OddTimes& odd, uint32_t event, const LocalReading& reading) const {
  const uint64_t offset = store_->offset(event);
  // Parts of an input may have arrived in any order.
  if (odd.count++ == 0 || offset < odd.first_offset) odd.first_offset = offset;
  const int32_t seconds = local_zone_->offsets[reading.offset].seconds;
  const auto place = std::lower_bound(odd.seconds.begin(), odd.seconds.end(), seconds);
  if (place == odd.seconds.end() || *place != seconds) odd.seconds.insert(place, seconds);
}

Timeline Timeline::build(const EventStore& store, const Settings& settings) {
  Timeline timeline;
  timeline.store_ = &store;
  timeline.date_order_ = settings.date_order;
  timeline.local_zone_ = settings.local_zone;
  timeline.input_duplicates_.assign(store.inputs().size(), 0);

  timeline.read_times(settings);
  const uint32_t count = store.size();

  // Paths decide which of several copies stays, so inputs are ranked once.
  const std::vector<uint32_t> by_path = input_order(store);
  std::vector<uint32_t> rank(by_path.size());
  for (uint32_t i = 0; i < by_path.size(); ++i) rank[by_path[i]] = i;
  const auto first_by_position = [&](uint32_t a, uint32_t b) {
    const uint32_t x = rank[store.input_of(a)], y = rank[store.input_of(b)];
    if (x != y) return x < y;
    return store.offset(a) != store.offset(b) ? store.offset(a) < store.offset(b) : a < b;
  };

  std::vector<uint32_t> caller_group = fold_ids(store.dictionary(Column::caller));
  const std::vector<uint32_t> operation_fold = fold_ids(store.dictionary(Column::operation));
  const std::vector<StatusWord> status_word = status_words(store.dictionary(Column::status));
  const std::vector<uint32_t> status_fold = fold_ids(store.dictionary(Column::status));
  std::vector<uint8_t> plain_status(status_word.size());  // in AzureActivity's own word, which counts whatever the settings say
  for (uint32_t id = 0; id < plain_status.size(); ++id) {
    plain_status[id] = equal_fold(store.dictionary(Column::status).text(id), status_name(status_word[id]));
  }
  std::vector<uint8_t> group_has(store.dictionary(Column::resource_group).size());
  for (uint32_t id = 0; id < group_has.size(); ++id) group_has[id] = is_shell_group(store.dictionary(Column::resource_group).text(id));

  // Groups in order of their folded text, so that nothing depends on arrival.
  std::vector<uint32_t> position;
  {
    std::vector<uint32_t> sample;  // one caller id a group
    for (uint32_t id = 0; id < caller_group.size(); ++id) {
      if (caller_group[id] >= sample.size()) sample.resize(caller_group[id] + 1, UINT32_MAX);
      if (sample[caller_group[id]] == UINT32_MAX) sample[caller_group[id]] = id;
    }
    std::vector<uint32_t> order(sample.size());
    for (uint32_t g = 0; g < order.size(); ++g) order[g] = g;
    compact_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return compare_fold(store.dictionary(Column::caller).text(sample[a]), store.dictionary(Column::caller).text(sample[b])) < 0;
    });
    position.resize(order.size());
    for (uint32_t i = 0; i < order.size(); ++i) position[order[i]] = i;
    for (uint32_t& caller : caller_group) caller = position[caller];
  }
  // The time in the key sorts the bulk without looking at a text. Events are laid group by group first: sorting each
  // takes half the comparisons of sorting all.
  struct Key {
    uint32_t group;
    Ticks time;
    uint32_t event;
  };
  const auto each_event = [&](auto take) {
    for (uint32_t event = 0; event < count; ++event) {
      const uint32_t caller = store.id(event, Column::caller);
      const std::optional<Ticks> time = timeline.time(event);
      if (caller != 0 && time) take(Key{caller_group[caller], *time, event});
    }
  };
  std::vector<uint32_t> ends(position.size() + 1);  // of each group, once it is filled; its beginning before
  each_event([&](const Key& key) { ++ends[key.group + 1]; });
  for (size_t group = 1; group < ends.size(); ++group) ends[group] += ends[group - 1];
  std::vector<Key> keys(ends.back());
  each_event([&](const Key& key) { keys[ends[key.group]++] = key; });
  const auto tie = [&](uint32_t a, uint32_t b) {
    return compare_texts(store, a, b, {Column::caller, Column::operation, Column::status, Column::resource_id, Column::app_id, Column::ip},
                         compare_bytes);
  };
  const auto before = [&](const Key& a, const Key& b) {
    if (a.time != b.time) return a.time < b.time;
    if (const int order = tie(a.event, b.event); order != 0) return order < 0;
    return first_by_position(a.event, b.event);
  };
  uint32_t begin = 0;
  for (size_t group = 0; group < position.size(); ++group) {
    std::sort(keys.begin() + begin, keys.begin() + ends[group], before);
    begin = ends[group];
  }

  // Copies share group and time, so they stand in one run; inside it they are brought together by the rest of their key.
  const auto complete = [&](uint32_t e) {
    return store.id(e, Column::operation) != 0 && store.id(e, Column::status) != 0 && store.id(e, Column::correlation_id) != 0 &&
           store.id(e, Column::resource_id) != 0;
  };
  const auto compare_key = [&](uint32_t a, uint32_t b) {
    const uint32_t oa = operation_fold[store.id(a, Column::operation)], ob = operation_fold[store.id(b, Column::operation)];
    if (oa != ob) return oa < ob ? -1 : 1;
    const StatusWord wa = status_word[store.id(a, Column::status)], wb = status_word[store.id(b, Column::status)];
    if (wa != wb) return wa < wb ? -1 : 1;
    const uint32_t sa = status_fold[store.id(a, Column::status)], sb = status_fold[store.id(b, Column::status)];
    if (wa == StatusWord::other && sa != sb) return sa < sb ? -1 : 1;
    return compare_texts(store, a, b, {Column::correlation_id, Column::resource_id}, compare_fold);
  };
  std::vector<uint32_t> run, kept;
  timeline.group_of_caller_.assign(store.dictionary(Column::caller).size(), UINT32_MAX);
  const auto merge = [&](std::vector<uint32_t>::iterator from, std::vector<uint32_t>::iterator to) {
    // Copies with different event ids are different events; those without an id belong to the smallest id.
    compact_sort(from, to, [&](uint32_t a, uint32_t b) {
      const int order = compare_texts(store, a, b, {Column::event_id}, compare_fold);
      return order != 0 ? order < 0 : first_by_position(a, b);
    });
    for (auto at = from; at != to;) {
      auto end = at;
      while (end != to && store.id(*end, Column::event_id) == 0) ++end;  // empty ids sort first
      if (end != to) {
        const uint32_t id_of = *end;
        while (end != to && equal_fold(store.text(*end, Column::event_id), store.text(id_of, Column::event_id))) ++end;
      }
      if (end - at > 1) {
        MergedEvent merged;
        merged.copies.assign(at, end);
        compact_sort(merged.copies.begin(), merged.copies.end(), first_by_position);
        for (size_t column = 0; column < kColumns; ++column) {
          const Column name = static_cast<Column>(column);
          const auto better = [&](uint32_t a, uint32_t b) {  // a before b
            if ((a == 0) != (b == 0)) return b == 0;
            if (name == Column::resource_group && group_has[a] != group_has[b]) return group_has[a] != 0;
            if (name == Column::status && plain_status[a] != plain_status[b]) return plain_status[a] != 0;
            return store.dictionary(name).text(a) < store.dictionary(name).text(b);
          };
          uint32_t best = store.id(merged.copies.front(), name);
          for (const uint32_t copy : merged.copies) {
            if (better(store.id(copy, name), best)) best = store.id(copy, name);
          }
          merged.ids[column] = best;
        }
        uint16_t odd = kAmbiguousTime | kSkippedTime;
        for (const uint32_t copy : merged.copies) {
          const uint16_t flags = timeline.own_flags(copy);
          odd &= flags;
          merged.flags |= flags;
        }
        merged.flags &= static_cast<uint16_t>(odd | ~(kAmbiguousTime | kSkippedTime));
        for (size_t i = 1; i < merged.copies.size(); ++i) ++timeline.input_duplicates_[store.input_of(merged.copies[i])];
        const uint32_t stays = merged.copies.front();
        kept.push_back(stays);
        timeline.has_copies_.resize(count);
        timeline.has_copies_[stays] = 1;
        timeline.merged_.emplace(stays, std::move(merged));
      } else {
        kept.push_back(*at);
      }
      at = end;
    }
  };
  std::vector<uint32_t> group_rank;  // of each group that has moments, ascending
  timeline.moments_.reserve(keys.size());
  uint32_t group = UINT32_MAX;
  for (size_t at = 0; at < keys.size();) {
    if (keys[at].group != group) {
      group = keys[at].group;
      group_rank.push_back(group);
      timeline.group_starts_.push_back(static_cast<uint32_t>(timeline.moments_.size()));
    }
    size_t end = at + 1;
    while (end < keys.size() && keys[end].group == group && keys[end].time == keys[at].time) ++end;
    if (end - at == 1) {
      timeline.moments_.push_back(keys[at].event);
      at = end;
      continue;
    }
    run.clear();
    kept.clear();
    for (size_t i = at; i < end; ++i) {
      if (complete(keys[i].event)) {
        run.push_back(keys[i].event);
      } else {
        kept.push_back(keys[i].event);
      }
    }
    compact_sort(run.begin(), run.end(), [&](uint32_t a, uint32_t b) {
      const int order = compare_key(a, b);
      return order != 0 ? order < 0 : a < b;
    });
    for (auto from = run.begin(); from != run.end();) {
      auto to = from + 1;
      while (to != run.end() && compare_key(*from, *to) == 0) ++to;
      merge(from, to);
      from = to;
    }
    const auto text = [&](uint32_t event, Column column) { return store.dictionary(column).text(timeline.id(event, column)); };
    compact_sort(kept.begin(), kept.end(), [&](uint32_t a, uint32_t b) {
      for (const Column column : {Column::caller, Column::operation, Column::status, Column::resource_id, Column::app_id, Column::ip}) {
        if (const int order = text(a, column).compare(text(b, column)); order != 0) return order < 0;
      }
      return first_by_position(a, b);
    });
    timeline.moments_.insert(timeline.moments_.end(), kept.begin(), kept.end());
    at = end;
  }
  timeline.group_starts_.push_back(static_cast<uint32_t>(timeline.moments_.size()));
  for (uint32_t caller = 1; caller < caller_group.size(); ++caller) {
    const auto found = std::lower_bound(group_rank.begin(), group_rank.end(), caller_group[caller]);
    if (found != group_rank.end() && *found == caller_group[caller])
      timeline.group_of_caller_[caller] = static_cast<uint32_t>(found - group_rank.begin());
  }
  return timeline;
}

uint32_t Timeline::index_between(uint32_t from, uint32_t to, Ticks time) const {
  const auto begin = moments_.begin();
  const auto found = std::partition_point(begin + from, begin + to, [&](uint32_t event) { return *this->time(event) < time; });
  return static_cast<uint32_t>(found - begin);
}

uint32_t Timeline::index_from(uint32_t group, Ticks time) const { return index_between(group_start(group), group_start(group + 1), time); }

uint32_t Timeline::index_from(uint32_t group, Ticks time, uint32_t near) const {
  const auto is_before = [&](uint32_t index) { return *this->time(moments_[index]) < time; };
  // Steps that double, away from `near`, until the place lies in [from, to].
  uint32_t from = near, to = near;
  const uint32_t start = group_start(group), end = group_start(group + 1);
  for (uint32_t step = 1; to < end && is_before(to); step *= 2) {
    from = to + 1;
    to = end - from < step ? end : from + step;
  }
  if (to > near) return index_between(from, to, time);
  for (uint32_t step = 1; from > start && !is_before(from - 1); step *= 2) {
    to = from - 1;
    from = to - start < step ? start : to - step;
  }
  return index_between(from, to, time);
}

bool Timeline::outdated_by(const Settings& settings) const {
  // Where every time stands as it is, neither says anything.
  if (times_.empty()) return false;
  return settings.date_order != date_order_ || settings.local_zone != local_zone_;
}

}  // namespace csh
