#include "bytes/reject_reason.h"

namespace csh {

std::string_view reject_name(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_utf8: return "bad_utf8";
    case RejectReason::control_character: return "control_character";
    case RejectReason::unclosed: return "unclosed";
    case RejectReason::too_deep: return "too_deep";
    case RejectReason::bad_string: return "bad_string";
    case RejectReason::bad_value: return "bad_value";
    case RejectReason::bad_json: return "bad_json";
    case RejectReason::not_an_object: return "not_an_object";
    case RejectReason::too_long: return "too_long";
    case RejectReason::wrong_field_count: return "wrong_field_count";
    case RejectReason::bad_quotes: return "bad_quotes";
    case RejectReason::cut: return "cut";
    case RejectReason::lost: return "lost";
    case RejectReason::localizable: return "localizable_string";
    case RejectReason::single_quotes: return "single_quotes";
    case RejectReason::blob_data: return "blob_data";
  }
  return "";
}

std::string_view reject_message(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_utf8: return "The record holds bytes that are not UTF-8; export it again, or convert the file to UTF-8.";
    case RejectReason::control_character:
      return "A string holds a raw control character (such as a line break or a zero byte) that may not stand there.";
    case RejectReason::unclosed: return "A string, list or object is not closed before the record ends.";
    case RejectReason::too_deep: return "The record nests lists and objects deeper than 256 levels.";
    case RejectReason::bad_string: return "A string holds an escape that JSON does not know, or half a surrogate pair.";
    case RejectReason::bad_value: return "A value is not a JSON string, number, true, false, null, list or object.";
    case RejectReason::bad_json: return "The record is not well-formed JSON: a comma, colon or bracket is missing or out of place.";
    case RejectReason::not_an_object: return "Where a record was expected there is a value that is no JSON object.";
    case RejectReason::too_long:
      return "The record is longer than 16 MiB, and no event of the Activity log is; or a table of pandas columns is longer than 64 MiB.";
    case RejectReason::wrong_field_count: return "The row has another number of fields than the header row.";
    case RejectReason::bad_quotes: return "A quoted field is not closed, or text stands between its closing quote and the next separator.";
    case RejectReason::cut: return "What could be read ends in the middle of this record; open or export it again if the rest matters.";
    case RejectReason::lost:
      return "Behind damage, this span cannot be told apart into records; reading went on at the next record that is whole.";
    case RejectReason::localizable:
      return "PowerShell wrote the type LocalizableString in place of the operation; export again with '| ConvertTo-Json -Depth 100'.";
    case RejectReason::single_quotes:
      return "Strings stand in single quotes, and what in them is text and what is not cannot be told for certain; export it again as JSON "
             "(in Python with json.dumps).";
    case RejectReason::blob_data:
      return "Not JSON: the program that wrote it printed '[ … blob data ]' in place of the record or of a part of it.";
  }
  return "";
}

}  // namespace csh
