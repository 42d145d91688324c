// Why a span of bytes did not become a record's event: one word for machines, one sentence for people. Counted per input and reason.
#pragma once
#include <cstdint>
#include <string_view>

namespace csh {

enum class RejectReason : uint8_t {
  bad_utf8,
  control_character,
  unclosed,
  too_deep,
  bad_string,
  bad_value,
  bad_json,
  not_an_object,
  too_long,
  wrong_field_count,
  bad_quotes,
  cut,
  lost,
  localizable,
  single_quotes,
  blob_data,
};
inline constexpr size_t kRejectReasons = 16;

std::string_view reject_name(RejectReason reason);     // "bad_utf8", …
std::string_view reject_message(RejectReason reason);  // what is wrong and what to do

}  // namespace csh
