#include "bytes/sniff.h"

#include <algorithm>

#include "bytes/framer.h"
#include "bytes/line_ends.h"

namespace csh {
namespace {

struct Line {
  std::string_view text;  // without blanks at both ends
  bool indented;
  bool complete;  // its end was seen
};

Line next_line(std::string_view head, size_t& at, bool whole) {
  size_t end = find_line_end(head, at);
  const bool complete = end != std::string_view::npos || whole;
  if (end == std::string_view::npos) end = head.size();
  std::string_view text = head.substr(at, end - at);
  const bool indented = !text.empty() && is_blank(text.front());
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  at = std::min(end + 1, head.size());
  return {text, indented, complete};
}

// JSON Lines when the first line is a whole object, or, with damage in front, when an object stands whole on a line of its own where no
// list or object is open. A line that is nothing but an opening bracket begins a pretty value: where those are as many as the whole lines,
// values are framed by their brackets; a few among many lines are joined by the line framer.
bool is_json_lines(std::string_view head, bool whole, const std::function<bool(std::string_view)>& is_json) {
  constexpr int kLinesTried = 200;
  bool first = true;
  int whole_lines = 0, pretty_lines = 0;
  std::string_view before;
  size_t at = 0;
  for (int tried = 0; at < head.size() && tried < kLinesTried;) {
    const Line line = next_line(head, at, whole);
    if (line.text.empty()) continue;
    ++tried;
    if (!line.complete || (first && line.text.front() == '[')) break;
    if (!line.indented && (line.text == "{" || line.text == "[")) {
      if (first) return false;
      ++pretty_lines;
    } else if (line.text.front() == '{') {
      const bool stands_alone =
          first || (!line.indented && before.back() != ',' && before.back() != '[' && before.back() != ':' && before.back() != '{');
      if (stands_alone && is_json(line.text)) ++whole_lines;
    }
    first = false;
    before = line.text;
  }
  return whole_lines > pretty_lines;
}

char delimiter_of(std::string_view head) {
  if (head.size() > 4 && head.starts_with("sep=")) return head[4];  // a line of Excel's, which the framer passes over
  size_t counts[4] = {};
  constexpr std::string_view kDelimiters = ",;\t|";
  bool quoted = false;
  for (const char c : head) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (is_line_end(c)) break;
    if (const size_t which = kDelimiters.find(c); which != std::string_view::npos) ++counts[which];
  }
  const auto most = std::max_element(counts, counts + 4);
  return *most == 0 ? '\0' : kDelimiters[static_cast<size_t>(most - counts)];
}

bool starts_with_fold(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char l, char c) { return l == (c >= 'A' && c <= 'Z' ? c + 32 : c); });
}

}  // namespace

Sniffed sniff(std::string_view head, bool whole, const std::function<bool(std::string_view)>& is_json) {
  using namespace std::string_view_literals;
  if (head.starts_with("\x1F\x8B"sv)) return {Format::gzip};
  if (head.starts_with("PK\x03\x04"sv)) return {head.substr(0, 4096).find("xl/"sv) != std::string_view::npos ? Format::xlsx : Format::zip};
  if (head.starts_with("PAR1"sv)) return {Format::parquet};
  if (head.starts_with("Obj\x01"sv)) return {Format::avro};
  if (head.starts_with("\x89PNG"sv) || head.starts_with("\xFF\xD8\xFF"sv) || head.starts_with("GIF8"sv)) return {Format::image};
  size_t begin = 0;
  while (begin < head.size() && is_blank(head[begin])) ++begin;
  const std::string_view text = head.substr(begin);
  if (text.empty()) return {Format::blank};
  if (text.front() == '{' || text.front() == '[') return {is_json_lines(text, whole, is_json) ? Format::json_lines : Format::json};
  if (starts_with_fold(text, "<!doctype html") || starts_with_fold(text, "<html") || starts_with_fold(text, "<?xml")) return {Format::html};
  if (is_json_lines(text, whole, is_json)) return {Format::json_lines};
  const std::string_view first = text.substr(0, find_line_end(text, 0));
  const size_t colon = first.find(" : ");
  if (colon != std::string_view::npos && first.substr(0, colon).find_first_of(",;\"") == std::string_view::npos)
    return {Format::powershell_list};
  const size_t zeros = static_cast<size_t>(std::count(head.begin(), head.end(), '\0'));
  if (const char delimiter = delimiter_of(text); delimiter != '\0' && zeros == 0) return {Format::csv, delimiter};
  const size_t controls = static_cast<size_t>(
      std::count_if(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_blank(c); }));
  return {zeros > 0 || controls * 20 > head.size() ? Format::binary : Format::text};
}

std::string_view refusal_code(Format format) {
  switch (format) {
    case Format::gzip: return "gzip";
    case Format::zip: return "zip";
    case Format::xlsx: return "xlsx";
    case Format::parquet: return "parquet";
    case Format::avro: return "avro";
    case Format::html: return "html";
    case Format::powershell_list: return "powershell_list";
    case Format::image: return "image";
    case Format::binary: return "binary";
    case Format::text: return "not_a_log";
    case Format::blank:
    case Format::json_lines:
    case Format::json:
    case Format::csv: break;
  }
  return "";
}

// The page and scripts/hunt recognise these files before the core sees them, with the same words (web/src/engine/container.ts).
std::string_view refusal_of(Format format) {
  switch (format) {
    case Format::gzip: return "This is a gzip file; unpack it and open the file inside.";
    case Format::zip: return "This is a zip archive; unpack it and open the files inside.";
    case Format::xlsx:
      return "This is an Excel workbook, which is not read: save the sheet as CSV (UTF-8), or export the log as CSV or JSON, and open "
             "that.";
    case Format::parquet: return "This is a Parquet file, which is not read: export the table as CSV or JSON instead and open that.";
    case Format::avro:
      return "This is an Avro file, as Event Hubs Capture writes it, which is not read: save the messages as JSON Lines, or take the log "
             "from the storage account or workspace as JSON or CSV.";
    case Format::html:
      return "This is a web page, not a log; the download was probably a sign-in or error page. Export the log again as CSV or JSON.";
    case Format::powershell_list:
      return "This is PowerShell's list text, which loses structure; export again with '| ConvertTo-Json -Depth 100'.";
    case Format::image: return "This is a picture, not a log; open an export of the Azure Activity log as CSV or JSON.";
    case Format::binary: return "This is a binary file, not a log; open an export of the Azure Activity log as CSV or JSON.";
    case Format::text:
      return "This is text, but neither JSON nor a table with a header row; open an export of the Azure Activity log as CSV or JSON.";
    case Format::blank:
    case Format::json_lines:
    case Format::json:
    case Format::csv: break;
  }
  return "";
}

}  // namespace csh
