// Text of the evidence on its way out: JSON, CSV and Markdown each with the escapes that keep hostile text text.
#pragma once
#include <string>
#include <string_view>

namespace csh {

// A JSON string with its quotes. `text` is valid UTF-8; what is not drawn, or moves or breaks the text around it, becomes an escape: people read
// reports in editors and terminals.
void append_json_string(std::string& out, std::string_view text);

// An RFC 4180 field. What a spreadsheet could take for a formula (a leading = + - @, their full-width forms, blanks before one, tab, CR, LF, NUL)
// gets a leading apostrophe. So does what follows a semicolon, tab or line break inside a field: a spreadsheet set to another separator than the
// comma, as most of Europe's are, cuts there and makes it a cell. Text that has apostrophes before such a lead gets one more, so that the text
// can be told from the field: of apostrophes before such a lead the first is ours.
void append_csv_field(std::string& out, std::string_view text);
// The same without the apostrophe: no spreadsheet may open it.
void append_csv_field_raw(std::string& out, std::string_view text);

// Text of a Markdown table cell: nothing in it is markup, links included; what is not drawn, or moves or breaks the text around it, becomes an
// escape \u{202e}. A typed "\u{" shows as \u{5c}u{, so that every \u{…} stands for a character; blanks at either end become entities.
void append_markdown(std::string& out, std::string_view text);

}  // namespace csh
