#include "engine/parts.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "compact_sort.h"
#include "engine/conclude.h"

namespace csh {
namespace {

void add_names(std::vector<std::string>& names, const std::vector<std::string>& more, size_t at_most) {
  for (const std::string& name : more) {
    if (names.size() < at_most && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

void add_counts(InputCounts& sum, InputCounts&& next) {
  if (sum.unreadable_times == 0) sum.first_unreadable_time = next.first_unreadable_time;
  sum.unreadable_times += next.unreadable_times;
  sum.duplicate_keys += next.duplicate_keys;
  sum.after_break += next.after_break;
  sum.rows_replaced += next.rows_replaced;
  sum.unmapped_names += next.unmapped_names;
  sum.is_table |= next.is_table;
  sum.blank |= next.blank;
  sum.truncated |= next.truncated;
  sum.partial_answer |= next.partial_answer;
  sum.rows_unnamed |= next.rows_unnamed;
  sum.memory_full |= next.memory_full;
  if (!sum.tool_looked_for) sum.tool = std::move(next.tool);
  sum.tool_looked_for |= next.tool_looked_for;
  add_names(sum.shapes, next.shapes, SIZE_MAX);
  add_names(sum.other_kinds, next.other_kinds, kOtherKindsKept);
  if (!next.other_columns.empty()) sum.other_columns = std::move(next.other_columns);
}

// Adds the part that follows `sum`.
void add_part(Input& sum, Input&& next) {
  // Rejects first: their lines are counted from the part's beginning.
  std::vector<uint32_t> kinds;  // next's index -> ours
  for (RejectKind& kind : next.reject_kinds) {
    const auto known =
        std::find_if(sum.reject_kinds.begin(), sum.reject_kinds.end(), [&](const RejectKind& ours) { return ours.reason == kind.reason; });
    kinds.push_back(static_cast<uint32_t>(known - sum.reject_kinds.begin()));
    if (known != sum.reject_kinds.end()) {
      known->count += kind.count;
      continue;
    }
    kind.first_line += sum.part.line_ends;
    sum.reject_kinds.push_back(std::move(kind));
  }
  for (Reject& reject : next.rejects) {
    if (sum.rejects.size() == kRejectsKept) break;
    sum.rejects.push_back({kinds[reject.kind], reject.offset, reject.length, reject.line + sum.part.line_ends});
  }
  sum.part.line_ends += next.part.line_ends;
  sum.part.end = next.part.end;

  sum.bytes += next.bytes;
  sum.framed += next.framed;
  sum.events += next.events;
  sum.other += next.other;
  sum.rejected += next.rejected;
  sum.repaired += next.repaired;
  sum.record_bytes += next.record_bytes;
  sum.structure_bytes += next.structure_bytes;
  sum.rejected_bytes += next.rejected_bytes;
  sum.no_time += next.no_time;
  sum.zoneless += next.zoneless;
  sum.either_order += next.either_order;
  sum.present |= next.present;
  sum.day_first_proven |= next.day_first_proven;
  sum.month_first_proven |= next.month_first_proven;
  sum.carries_app_ids |= next.carries_app_ids;
  sum.refused |= next.refused;
  sum.cut |= next.cut;
  sum.fed.insert(sum.fed.end(), std::make_move_iterator(next.fed.begin()), std::make_move_iterator(next.fed.end()));
  for (Note& note : next.notes) {
    // Each part of a changed or unreadable file says so; the input says it once.
    const bool said = std::any_of(sum.notes.begin(), sum.notes.end(), [&](const Note& ours) { return ours.code == note.code; });
    if (!said) sum.notes.push_back(std::move(note));
  }
  add_counts(sum.counts, std::move(next.counts));
}

}  // namespace

bool drop_part(EventStore& store, uint32_t id) {
  std::vector<Input> kept;
  std::vector<uint32_t> becomes;
  for (uint32_t index = 0; index < store.inputs().size(); ++index) {
    Input& input = store.input(index);
    const bool dropped = input.part.is_part && input.part.id == id;
    becomes.push_back(dropped ? EventStore::kDropped : static_cast<uint32_t>(kept.size()));
    if (!dropped) kept.push_back(std::move(input));
  }
  const bool found = kept.size() < becomes.size();
  store.replace_inputs(std::move(kept), becomes);
  return found;
}

Error join_parts(EventStore& store) {
  std::map<uint32_t, std::vector<uint32_t>> parts;  // by number
  for (uint32_t index = 0; index < store.inputs().size(); ++index) {
    const Input& input = store.inputs()[index];
    if (input.part.is_part) parts[input.number].push_back(index);
  }
  if (parts.empty()) return Error::ok;
  std::vector<uint32_t> first(store.inputs().size());  // the part that the input is joined into
  std::iota(first.begin(), first.end(), 0);
  for (auto& [number, indexes] : parts) {
    compact_sort(indexes.begin(), indexes.end(), [&](uint32_t a, uint32_t b) {
      const InputPart &x = store.inputs()[a].part, &y = store.inputs()[b].part;
      return x.start != y.start ? x.start < y.start : x.end < y.end;
    });
    Input& sum = store.input(indexes.front());
    if (sum.part.start != 0) return Error::parts_do_not_meet;
    for (size_t i = 1; i < indexes.size(); ++i) {
      Input& next = store.input(indexes[i]);
      if (next.part.start != sum.part.end) return Error::parts_do_not_meet;
      add_part(sum, std::move(next));
      first[indexes[i]] = indexes.front();
    }
    compact_sort(sum.fed.begin(), sum.fed.end());
    sum.fed.erase(std::unique(sum.fed.begin(), sum.fed.end()), sum.fed.end());
    conclude(sum);
    sum.part = {};
  }
  std::vector<Input> joined;
  std::vector<uint32_t> place(first.size()), becomes;
  for (uint32_t index = 0; index < first.size(); ++index) {
    if (first[index] != index) continue;
    place[index] = static_cast<uint32_t>(joined.size());
    joined.push_back(std::move(store.input(index)));
  }
  for (const uint32_t index : first) becomes.push_back(place[index]);
  store.replace_inputs(std::move(joined), becomes);
  return Error::ok;
}

}  // namespace csh
