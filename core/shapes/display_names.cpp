#include "shapes/display_names.h"

#include "store/dictionary.h"

namespace csh {
std::string_view operation_of_display_name(std::string_view name) {
  return equal_fold(name, "List Storage Account Keys") ? std::string_view("Microsoft.Storage/storageAccounts/listKeys/action")
                                                       : std::string_view{};
}
}  // namespace csh
