// Splunk's exports keep each record as it came in a field _raw (JSON "result" objects, "results" lists, CSV). The record inside is read in its
// place and has a shape of its own; this one remains where _raw holds no record of the log.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByRaw[] = {"_raw"};
constexpr Paths kGroups[] = {kByRaw};

}  // namespace

constexpr ShapeDescription kSplunkRaw = {
    .name = "splunk_raw",
    .raw_status = false,
    .recognised_by = kGroups,
};

}  // namespace csh
