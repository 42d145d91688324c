// Conditions under which an operation weighs more, read from the raw record of the few operations they belong to: the request body stands
// in it as JSON, often inside a JSON string, so the text is searched rather than parsed.
#pragma once
#include <cstdint>
#include <string_view>

namespace csh {

// Bits kAdminRole, kPublicAccess, kSoftDeleteOff of EventFlag that the record shows for this operation.
// Administrator roles: Owner, Contributor, User Access Administrator, Role Based Access Control Administrator (Azure's built-in role ids).
uint16_t conditions_of(std::string_view operation, std::string_view raw_record);

}  // namespace csh
