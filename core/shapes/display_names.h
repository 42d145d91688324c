// Operations by the names that people read: the portal's CSV and newer Az.Monitor hold no others.
#pragma once
#include <array>
#include <span>
#include <string_view>

namespace csh {

struct DisplayName {
  std::string_view name;  // without a full stop at its end
  std::string_view operation;
};

// The operation of an English display name ("List Storage Account Keys"), compared case-insensitively (ASCII) and without one full stop at
// its end; empty when it is in no table, or when several operations bear it. The text lives as long as the program.
std::string_view operation_of_display_name(std::string_view name);

// Every name known: those read in public lists and records, then those that are not verified. Sorted by name in lower case.
std::array<std::span<const DisplayName>, 2> display_name_tables();

}  // namespace csh
