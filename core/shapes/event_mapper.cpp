#include "shapes/event_mapper.h"

#include <algorithm>

#include "shapes/conditions.h"
#include "shapes/display_names.h"
#include "time/parse.h"

namespace csh {
namespace {

std::string_view segment_behind(std::string_view id, std::string_view name, bool at_start_only) {
  // Segments are short: a call of find() would cost more than the few bytes that it looks at.
  const auto end_of_segment = [&](size_t at) {
    while (at < id.size() && id[at] != '/') ++at;
    return at;
  };
  for (size_t at = 0; at < id.size();) {
    if (id[at] != '/') return {};
    const size_t end = end_of_segment(at + 1);
    if (equal_fold(id.substr(at + 1, end - at - 1), name) && end < id.size()) return id.substr(end + 1, end_of_segment(end + 1) - end - 1);
    if (at_start_only) return {};
    at = end;
  }
  return {};
}

// What ConvertTo-Json and Export-Csv print for an object they do not open.
bool is_localizable(std::string_view text) { return text.ends_with("LocalizableString"); }

std::string_view trimmed_account(std::string_view name) {
  constexpr std::string_view kPersonal = "live.com#";
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  if (name.size() >= kPersonal.size() && equal_fold(name.substr(0, kPersonal.size()), kPersonal)) name.remove_prefix(kPersonal.size());
  return name;
}

// Digits alone, as many as a number since 1970 has in seconds or finer.
bool is_epoch_text(std::string_view text) { return text.size() >= 10 && text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::string_view source_path(const ShapeDescription& shape, size_t column, uint8_t fed) {
  const std::span<const Source> sources[kColumns + 1] = {
      shape.caller, shape.operation,   shape.status,         shape.resource_group, shape.ip,  shape.subscription,
      shape.app_id, shape.resource_id, shape.correlation_id, shape.event_id,       shape.time};
  return sources[column][fed - 1u].path;
}

std::string_view group_of_resource_id(std::string_view id) { return segment_behind(id, "resourceGroups", false); }
std::string_view subscription_of_resource_id(std::string_view id) { return segment_behind(id, "subscriptions", true); }

// Compiled once: an engine of little evidence would take longer to begin than to read.
EventMapper::EventMapper()
    : shapes_([]() -> const std::vector<Compiled>& {
        static const std::vector<Compiled> compiled = compile();
        return compiled;
      }()),
      localizable_slot_(field_tree().slot_of("operationName")) {}

std::vector<EventMapper::Compiled> EventMapper::compile() {
  const FieldTree& tree = field_tree();
  std::vector<Compiled> all;
  const auto slots_of = [&](std::span<const Source> sources) {
    std::vector<SlotSource> slots;
    for (const Source& source : sources) slots.push_back({tree.slot_of(source.path), source.take});
    return slots;
  };
  const auto first_nodes = [&](std::span<const Source> sources) {
    std::vector<uint32_t> nodes;
    for (const Source& source : sources) nodes.push_back(tree.child(0, source.path.substr(0, source.path.find('>'))));
    return nodes;
  };
  for (const ShapeDescription* shape : shapes()) {
    Compiled compiled{.shape = shape,
                      .groups = {},
                      .columns = {},
                      .time = slots_of(shape->time),
                      .category = slots_of(shape->category),
                      .time_nodes = first_nodes(shape->time),
                      .operation_nodes = first_nodes(shape->operation),
                      .table_slot = FieldTree::kNone,
                      .user_slot = FieldTree::kNone,
                      .domain_slot = FieldTree::kNone};
    for (const auto& group : shape->recognised_by) {
      std::vector<uint32_t> slots;
      for (const std::string_view path : group) slots.push_back(tree.slot_of(path));
      compiled.groups.push_back(std::move(slots));
    }
    const auto column = [&](Column name, std::span<const Source> sources) {
      compiled.columns[static_cast<size_t>(name)] = slots_of(sources);
    };
    column(Column::caller, shape->caller);
    column(Column::operation, shape->operation);
    column(Column::status, shape->status);
    column(Column::resource_group, shape->resource_group);
    column(Column::ip, shape->ip);
    column(Column::subscription, shape->subscription);
    column(Column::app_id, shape->app_id);
    column(Column::resource_id, shape->resource_id);
    column(Column::correlation_id, shape->correlation_id);
    column(Column::event_id, shape->event_id);
    if (!shape->user_path.empty()) {
      compiled.user_slot = tree.slot_of(shape->user_path);
      compiled.domain_slot = tree.slot_of(shape->domain_path);
    }
    if (!shape->table_path.empty()) compiled.table_slot = tree.slot_of(shape->table_path);
    all.push_back(std::move(compiled));
  }
  return all;
}

const EventMapper::Compiled* EventMapper::find(const Record& record) const {
  for (const Compiled& shape : shapes_) {
    for (const auto& group : shape.groups) {
      if (std::all_of(group.begin(), group.end(), [&](uint32_t slot) { return record.has(slot); })) return &shape;
    }
  }
  return nullptr;
}

const ShapeDescription* EventMapper::recognise(const Record& record) const {
  const Compiled* const found = find(record);
  return found ? found->shape : nullptr;
}

bool EventMapper::holds_event(std::span<const uint32_t> first_level) const {
  const auto any = [&](const std::vector<uint32_t>& nodes) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](uint32_t node) { return std::find(first_level.begin(), first_level.end(), node) != first_level.end(); });
  };
  return std::any_of(shapes_.begin(), shapes_.end(),
                     [&](const Compiled& shape) { return any(shape.time_nodes) && any(shape.operation_nodes); });
}

std::string_view EventMapper::take(const Record& record, const std::vector<SlotSource>& sources, bool& present, uint8_t& fed) {
  std::string_view text;
  for (size_t number = 0; number < sources.size(); ++number) {
    const SlotSource& source = sources[number];
    const Value& value = record.value(source.slot);
    if (value.kind == ValueKind::absent) continue;
    const bool conditional = source.take == Take::operation || source.take == Take::filled;
    if (!conditional && value.kind != ValueKind::object && value.kind != ValueKind::list) present = true;
    if (!text.empty() || value.text.empty()) continue;
    switch (source.take) {
      case Take::value:
      case Take::filled: text = value.text; break;
      case Take::operation:
        if (value.text.find('/') != std::string_view::npos) text = value.text;
        break;
      case Take::display_name:
        if (is_localizable(value.text)) break;
        text = operation_of_display_name(value.text);
        if (text.empty()) text = value.text;
        break;
      case Take::account: text = trimmed_account(value.text); break;
      case Take::group_of_id: text = group_of_resource_id(value.text); break;
      case Take::subscription_of_id: text = subscription_of_resource_id(value.text); break;
    }
    if (conditional && !text.empty()) present = true;
    if (!text.empty()) fed = static_cast<uint8_t>(number + 1);
  }
  return text;
}

Mapped EventMapper::map(const Record& record, const CsvRecordReader* columns) const {
  Mapped mapped;
  const Compiled* const shape = find(record);
  if (!shape) return mapped;
  if (shape->shape == &kSplunkRaw) return mapped;  // what _raw holds is no record of the log
  mapped.shape = shape->shape;
  EventFields& fields = mapped.fields;

  bool ignored = false;
  uint8_t unasked = 0;
  if (shape->table_slot != FieldTree::kNone) {
    const std::string_view table = record.value(shape->table_slot).text;
    if (!table.empty() && !equal_fold(table, shape->shape->table_name)) {
      mapped.kind = RecordKind::other_table;
      mapped.kind_name = table;
      return mapped;
    }
  }
  const std::string_view category = take(record, shape->category, ignored, unasked);
  const auto& categories = shape->shape->categories;
  std::array<bool, kColumns> present{};
  for (size_t column = 0; column < kColumns; ++column)
    fields.text[column] = take(record, shape->columns[column], present[column], mapped.fed[column]);
  const std::string_view operation = fields[Column::operation];
  const bool split_account = shape->user_slot != FieldTree::kNone && record.has(shape->user_slot) && record.has(shape->domain_slot);
  if (split_account && fields[Column::caller].empty()) {
    const std::string_view user = record.value(shape->user_slot).text, domain = record.value(shape->domain_slot).text;
    if (!user.empty() && !domain.empty()) {
      account_.assign(user).append("@").append(domain);
      fields[Column::caller] = account_;
    }
  }
  if (!categories.empty()) {
    const bool known = category.empty()
                           ? operation.find('/') != std::string_view::npos
                           : std::any_of(categories.begin(), categories.end(), [&](std::string_view c) { return equal_fold(c, category); });
    if (!known) {
      mapped.kind = RecordKind::other_category;
      mapped.kind_name = category;
      return mapped;
    }
  }
  // Only a display name holds no '/'.
  mapped.unmapped_name = !operation.empty() && operation.find('/') == std::string_view::npos;
  if (is_localizable(fields[Column::status])) fields[Column::status] = {};
  if (operation.empty() && record.value(localizable_slot_).kind == ValueKind::text &&
      is_localizable(record.value(localizable_slot_).text)) {
    mapped.kind = RecordKind::unusable;
    return mapped;
  }
  mapped.kind = RecordKind::event;

  const auto mark = [&](Needed needed, bool is_present) {
    if (is_present) mapped.present |= static_cast<uint8_t>(1u << static_cast<unsigned>(needed));
  };
  mark(Needed::caller, present[static_cast<size_t>(Column::caller)] || split_account);
  mark(Needed::operation, present[static_cast<size_t>(Column::operation)]);
  mark(Needed::status, present[static_cast<size_t>(Column::status)]);
  mark(Needed::resource_group, present[static_cast<size_t>(Column::resource_group)]);

  if (shape->shape->raw_status) fields.flags |= kRawStatus;
  if (equal_fold(category, "Policy")) fields.flags |= kPolicyCategory;
  if (record.duplicate_key) fields.flags |= kDuplicateKey;
  fields.flags |= conditions_of(operation, record.raw);

  bool time_present = false;
  for (size_t number = 0; number < shape->time.size(); ++number) {
    const SlotSource& source = shape->time[number];
    const Value& value = record.value(source.slot);
    if (value.kind == ValueKind::absent) continue;
    time_present = true;
    if (fields.time != kNoTime || value.text.empty()) continue;
    mapped.fed[kColumns] = static_cast<uint8_t>(number + 1);
    if (value.kind == ValueKind::number || is_epoch_text(value.text)) {
      if (const std::optional<Ticks> ticks = ticks_from_epoch(value.text)) {
        fields.time = *ticks;
        fields.flags &= static_cast<uint16_t>(~kTimeUnreadable);
      } else {
        fields.flags |= kTimeUnreadable;
      }
      continue;
    }
    const ParsedTime parsed = parse_time(value.text);
    if (parsed.problem == TimeProblem::empty) continue;
    if (parsed.problem != TimeProblem::none) {
      fields.flags |= kTimeUnreadable;
      continue;
    }
    fields.time = parsed.ticks;
    fields.flags &= static_cast<uint16_t>(~kTimeUnreadable);
    const ColumnZone zone = columns ? columns->zone(source.slot) : ColumnZone::unsaid;
    if (!parsed.has_offset && zone != ColumnZone::utc) fields.flags |= kZoneless;
    if (parsed.numeric_date) {
      if (!parsed.order_proven) {
        // 03/03 is one day in both orders.
        const CivilTime civil = civil_from_ticks(parsed.ticks);
        if (civil.day != civil.month) fields.flags |= kEitherOrder;
      } else if (parsed.month_first) {
        mapped.month_first_proven = true;
      } else {
        mapped.day_first_proven = true;
      }
    }
  }
  mark(Needed::time, time_present);
  return mapped;
}

}  // namespace csh
