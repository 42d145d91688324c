#include "shapes/shape.h"

namespace csh {

std::span<const ShapeDescription* const> shapes() {
  // The most telling field names first: rows of the table, then the REST object, then the diagnostic record with its common words.
  static constexpr const ShapeDescription* kAll[] = {&kActivityRows, &kRest, &kDiagnostic};
  return kAll;
}

}  // namespace csh
