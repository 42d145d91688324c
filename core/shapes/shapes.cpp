#include "shapes/shape.h"

namespace csh {

std::span<const ShapeDescription* const> shapes() {
  // Rows of the table have names of their own. Diagnostic records come before REST objects: some carry REST's objects beside their own fields
  // (directory events), while no REST object has a field "time".
  // PowerShell's objects are REST's with wrappers, so they come before them. Splunk's raw column is asked last: what it wraps has been looked at.
  static constexpr const ShapeDescription* kAll[] = {&kActivityRows, &kPortalCsv, &kDiagnostic, &kPowerShell,
                                                     &kRest,         &kGoose,     &kElastic,    &kSplunkRaw};
  return kAll;
}

}  // namespace csh
