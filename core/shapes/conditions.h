// Conditions under which an operation weighs more, read from the raw record of the few operations they belong to: the request body stands
// in it as JSON, often inside a JSON string, so the text is searched rather than parsed.
#pragma once
#include <cstdint>
#include <string_view>

namespace csh {

// Bits kAdminRole, kPublicAccess, kSoftDeleteOff of EventFlag that the record shows for this operation.
// Administrator roles are those that Elastic's rule on built-in administrator roles lists: Owner, Contributor, User Access, Role Based Access
// Control, Azure File Sync and Reservations Administrator (Azure's built-in role ids).
uint16_t conditions_of(std::string_view operation, std::string_view raw_record);

}  // namespace csh
