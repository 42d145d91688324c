#include "shapes/conditions.h"

#include <algorithm>

#include "bytes/block64.h"
#include "store/dictionary.h"
#include "store/event_store.h"

namespace csh {
namespace {

// The first place at or behind `from` where `word`, which begins with a letter or a sign, stands in any case; or npos.
size_t find_fold(std::string_view text, std::string_view word, size_t from = 0) {
  if (text.size() < word.size()) return std::string_view::npos;
  const char lower = fold(word.front());
  const char upper = lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - 'a' + 'A') : lower;
  const size_t places = text.size() - word.size() + 1;  // where it may begin
  for (; from < places; from += kBlockBytes) {
    const TextBlock block(text.substr(0, places), from);
    for (uint64_t begins = block.equal(lower) | block.equal(upper); begins != 0; begins &= begins - 1) {
      const size_t at = from + static_cast<size_t>(std::countr_zero(begins));
      if (equal_fold(text.substr(at, word.size()), word)) return at;
    }
  }
  return std::string_view::npos;
}

// True when `name` occurs with `value` behind it, nothing but quotes, backslashes, blanks and a colon between; `within` bytes at most.
bool is_set_to(std::string_view text, std::string_view name, std::string_view value) {
  for (size_t at = find_fold(text, name); at != std::string_view::npos; at = find_fold(text, name, at + 1)) {
    size_t behind = at + name.size();
    while (behind < text.size()) {
      if (std::string_view("\"\\ :\n\r\t").find(text[behind]) == std::string_view::npos) {
        // A line break that is escaped: the body stands in a string.
        const bool escaped_blank = text[behind - 1] == '\\' && (text[behind] == 'n' || text[behind] == 'r' || text[behind] == 't') &&
                                   !equal_fold(text.substr(behind, value.size()), value);
        if (!escaped_blank) break;
      }
      ++behind;
    }
    if (equal_fold(text.substr(behind, value.size()), value)) return true;
  }
  return false;
}

constexpr std::string_view kAdministratorRoles[] = {
    "/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  // Owner
    "/b24988ac-6180-42a0-ab88-20f7382dd24c",  // Contributor
    "/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  // User Access Administrator
    "/f58310d9-a9f6-439a-9e8d-f62e7b41a168",  // Role Based Access Control Administrator
    "/92b92042-07d9-4307-87f7-36a593fc5850",  // Azure File Sync Administrator
    "/a8889054-8d42-49c9-bc1c-52486c10e7cd",  // Reservations Administrator
};

}  // namespace

uint16_t conditions_of(std::string_view operation, std::string_view raw) {
  if (equal_fold(operation, "Microsoft.Authorization/roleAssignments/write")) {
    // One pass for all of them: a record names many paths and few roles.
    for (size_t at = find_byte(raw, '/', 0); at != std::string_view::npos; at = find_byte(raw, '/', at + 1)) {
      if (raw.size() - at < kAdministratorRoles[0].size() || raw[at + 9] != '-') continue;  // no id behind it
      for (const std::string_view role : kAdministratorRoles) {
        if (equal_fold(raw.substr(at, role.size()), role)) return kAdminRole;
      }
    }
  } else if (equal_fold(operation, "Microsoft.Storage/storageAccounts/write")) {
    if (is_set_to(raw, "allowBlobPublicAccess", "true")) return kPublicAccess;
  } else if (equal_fold(operation, "Microsoft.Storage/storageAccounts/blobServices/write")) {
    for (const std::string_view policy : {"deleteRetentionPolicy", "containerDeleteRetentionPolicy"}) {
      // The policy is a small object of its own; what follows its closing brace belongs to others.
      for (size_t at = find_fold(raw, policy); at != std::string_view::npos; at = find_fold(raw, policy, at + 1)) {
        const std::string_view object = raw.substr(at, raw.find('}', at) - at);
        if (is_set_to(object, "enabled", "false")) return kSoftDeleteOff;
      }
    }
  }
  return 0;
}

}  // namespace csh
