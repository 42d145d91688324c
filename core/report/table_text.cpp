#include <simdjson.h>

#include "report/report.h"

namespace csh {
namespace {

template <class Value, size_t N>
bool read_word(simdjson::dom::element element, const std::pair<std::string_view, Value> (&words)[N], Value& value) {
  std::string_view text;
  if (element.get(text)) return false;
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
  namespace dom = simdjson::dom;
  dom::parser parser;
  dom::object object;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(object)) return false;
  for (const auto& [key, value] : object) {
    bool good = false;
    if (key == "table") {
      good = read_word(value, kTables, text.table);
    } else if (key == "form") {
      good = read_word(value, kForms, text.form);
    } else if (key == "sessions") {
      dom::array list;
      good = !value.get(list);
      text.sessions.emplace();
      if (good) {
        for (const dom::element element : list) {
          uint64_t index = 0;
          good = good && !element.get(index) && index <= UINT32_MAX;
          text.sessions->push_back(static_cast<uint32_t>(index));
        }
      }
    } else if (key == "hidden") {
      uint64_t hidden = 0;
      good = !value.get(hidden) && hidden <= UINT32_MAX;
      text.hidden = static_cast<uint32_t>(hidden);
    } else if (key == "filters") {
      std::string_view filters;
      good = !value.get(filters);
      text.filters = filters;
    } else if (key == "head") {
      good = !value.get(text.head);
    } else if (key == "tail") {
      good = !value.get(text.tail);
    }
    if (!good) return false;
  }
  return text.table == Table::events || (text.form != Form::json_lines && text.form != Form::timesketch);
}

void append_table(std::string& out, const EventStore& store, const Timeline& timeline, const Findings& findings, const TableText& text) {
  const bool markdown = text.form == Form::markdown;
  switch (text.table) {
    case Table::sessions: return markdown ? append_sessions_markdown(out, findings, text) : append_sessions_csv(out, findings, text);
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
