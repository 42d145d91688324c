// Operations by the names that people read: the portal's CSV and newer Az.Monitor hold no others.
#pragma once
#include <string_view>

namespace csh {

// The operation of an English display name ("List Storage Account Keys"), compared case-insensitively; empty when it is in no table.
std::string_view operation_of_display_name(std::string_view name);

}  // namespace csh
