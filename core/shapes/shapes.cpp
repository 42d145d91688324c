#include "shapes/shape.h"

namespace csh {

std::span<const ShapeDescription* const> shapes() {
  // Rows of the table have names of their own. Diagnostic records come before REST objects: some carry REST's objects beside their own fields
  // (directory events), while no REST object has a field "time".
  static constexpr const ShapeDescription* kAll[] = {&kActivityRows, &kDiagnostic, &kRest};
  return kAll;
}

}  // namespace csh
