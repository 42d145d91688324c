// The words of the log that the hunt turns on: statuses, operations, applications, and KQL's `has` for the one group name it looks for.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/dictionary.h"

namespace csh {

// REST says Succeeded, Started, Accepted, Failed where AzureActivity says Success, Start, Accept, Failure; both count as one word.
enum class StatusWord : uint8_t { other, start, success, accept, failure };
StatusWord status_word(std::string_view status);
std::string_view status_name(StatusWord word);  // AzureActivity's spelling; empty for other
std::vector<StatusWord> status_words(const Dictionary& statuses);

inline constexpr std::string_view kListKeys = "Microsoft.Storage/storageAccounts/listKeys/action";
inline constexpr std::string_view kConsoleWrite = "Microsoft.Portal/consoles/write";
inline constexpr std::string_view kConsoleApp = "b677c290-cf4b-4a8e-a60e-91ba650a4abe";  // operations run inside Cloud Shell carry it
inline constexpr std::string_view kShellGroup = "cloud-shell-storage";

// AzurePortal Console App, Azure Cloud Shell, shell.azure.com, Cloud Shell in Windows Terminal.
inline constexpr std::array<std::string_view, 4> kShellApps = {
    kConsoleApp, "2233b157-f44d-4812-b777-036cdaf9a96e", "b1395854-dccf-4fe6-9186-655f101f919b", "245e1dee-74ef-4257-a8c8-8208296e1dfd"};
bool is_shell_app(std::string_view app_id);

// KQL: text has "cloud-shell-storage": the phrase, case-insensitively, with no term character (ASCII letter or digit, or any character
// beyond ASCII) right before or behind it.
bool is_shell_group(std::string_view text);
bool has_phrase(std::string_view text, std::string_view phrase);

// The writes with which a first start makes its own group, account and share.
bool is_shell_setup_write(std::string_view operation);

}  // namespace csh
