// A shape is a form in which exporters write the log: how it is recognised, and where each field comes from. Shapes are data: adding one is
// a file with one ShapeDescription and a line in shapes().
// A path names a value inside a record: keys joined by '>', compared case-insensitively ("identity>claims>appid"). A key may hold dots and
// slashes, as claim types do. Where a value on the way is a string of JSON (claims in a CSV cell), the path goes on inside it.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace csh {

// One place to take a field from. Alternatives are tried in order; an empty value never hides a filled one.
enum class Take : uint8_t {
  value,         // as it stands
  operation,     // only if it is an operation name, that is, holds a '/'; a deprecated column that newer exports leave empty
  filled,        // a deprecated column: counts as present only where it is filled
  display_name,  // an operation's name as people read it: looked up, else as it stands; never PowerShell's "…LocalizableString"
  account,       // trimmed, without the prefix "live.com#" of personal accounts
  group_of_id,   // the resource group's segment of a resource id
  subscription_of_id,
};

struct Source {
  std::string_view path;
  Take take = Take::value;
};

struct ShapeDescription {
  std::string_view name;    // as printed in the report
  bool raw_status = false;  // statuses come in REST's words and are always mapped
  // A record has this shape when all paths of one of these groups occur in it. Shapes are tried in the order of shapes().
  std::span<const std::span<const std::string_view>> recognised_by;
  // A shape names only what it has: everything below is empty unless given.
  std::span<const Source> time = {}, caller = {}, operation = {}, status = {}, resource_group = {}, ip = {}, subscription = {}, app_id = {},
                          resource_id = {}, correlation_id = {}, event_id = {}, category = {};
  // Categories of the log; a record of another category is of another kind of log. Empty: not judged by category.
  std::span<const std::string_view> categories = {};
  // The column that names a record's table, and the name it must have; empty path: none.
  std::string_view table_path = {}, table_name = {};
  // Where a caller that no source gives is split in two: its name, and what stands behind the '@'.
  std::string_view user_path = {}, domain_path = {};
};

std::span<const ShapeDescription* const> shapes();

extern const ShapeDescription kActivityRows, kRest, kDiagnostic, kPowerShell, kPortalCsv, kGoose, kElastic, kSplunkRaw;

}  // namespace csh
