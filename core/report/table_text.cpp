#include "bytes/json_text.h"
#include "report/report.h"

namespace csh {
namespace {

bool read_text(const JsonPlace& place, std::string& text) {
  text = place.string().value_or(std::string_view());
  return place.string().has_value();
}

bool read_count(const JsonPlace& place, uint32_t& count) {
  const std::optional<uint64_t> number = place.unsigned_number();
  if (!number || *number > UINT32_MAX) return false;
  count = static_cast<uint32_t>(*number);
  return true;
}

template <class Value, size_t N>
bool read_word(const JsonPlace& place, const std::pair<std::string_view, Value> (&words)[N], Value& value) {
  const std::optional<std::string_view> text = place.string();
  for (const auto& [word, meaning] : words) {
    if (word != text) continue;
    value = meaning;
    return true;
  }
  return false;
}

constexpr std::pair<std::string_view, Table> kTables[] = {
    {"sessions", Table::sessions}, {"operations", Table::operations}, {"events", Table::events}, {"sentinel", Table::sentinel}};
constexpr std::pair<std::string_view, Form> kForms[] = {{"csv", Form::csv},
                                                        {"csv-raw", Form::csv_raw},
                                                        {"markdown", Form::markdown},
                                                        {"json-lines", Form::json_lines},
                                                        {"timesketch", Form::timesketch}};

}  // namespace

bool parse_table_text(std::string_view json, TableText& text) {
  JsonText whole;
  if (!whole.parse(json) || !whole.root().is_object()) return false;
  for (JsonPlace value = whole.root().begin_inside(); value; value = value.next()) {
    const std::string_view key = value.name();
    bool good = false;
    if (key == "table") {
      good = read_word(value, kTables, text.table);
    } else if (key == "form") {
      good = read_word(value, kForms, text.form);
    } else if (key == "sessions") {
      good = value.is_list();
      text.sessions.emplace();
      for (JsonPlace element = value.begin_inside(); good && element; element = element.next()) {
        good = read_count(element, text.sessions->emplace_back());
      }
    } else if (key == "hidden") {
      good = read_count(value, text.hidden);
    } else if (key == "filters") {
      good = read_text(value, text.filters);
    } else if (key == "head") {
      good = value.boolean().has_value();
      text.head = value.boolean().value_or(false);
    } else if (key == "tail") {
      good = value.boolean().has_value();
      text.tail = value.boolean().value_or(false);
    }
    if (!good) return false;
  }
  switch (text.form) {
    case Form::json_lines: return text.table == Table::events || text.table == Table::sessions;
    case Form::timesketch: return text.table == Table::events;
    default: return true;
  }
}

void append_table(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings, const TableText& text) {
  const bool markdown = text.form == Form::markdown;
  switch (text.table) {
    case Table::sessions:
      if (text.form == Form::json_lines) return append_session_lines(out, findings, text);
      return markdown ? append_sessions_markdown(out, findings, text) : append_sessions_csv(out, findings, text);
    case Table::operations: return markdown ? append_operations_markdown(out, findings, text) : append_operations_csv(out, findings, text);
    case Table::sentinel: return markdown ? append_sentinel_markdown(out, findings) : append_sentinel_csv(out, findings, text);
    case Table::events: break;
  }
  switch (text.form) {
    case Form::csv:
    case Form::csv_raw: return append_events_csv(out, store, timeline, findings, text);
    case Form::markdown: return append_events_markdown(out, store, timeline, findings, text);
    case Form::json_lines:
    case Form::timesketch: return append_event_lines(out, store, timeline, findings, text);
  }
}

}  // namespace csh
