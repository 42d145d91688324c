#include "hunt/words.h"

namespace csh {
namespace {

bool is_term_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

StatusWord status_word(std::string_view status) {
  constexpr struct {
    std::string_view text;
    StatusWord word;
  } kWords[] = {
      {"Success", StatusWord::success}, {"Succeeded", StatusWord::success}, {"Start", StatusWord::start},
      {"Started", StatusWord::start},   {"Accept", StatusWord::accept},     {"Accepted", StatusWord::accept},
      {"Failure", StatusWord::failure}, {"Failed", StatusWord::failure},
  };
  for (const auto& known : kWords) {
    if (equal_fold(status, known.text)) return known.word;
  }
  return StatusWord::other;
}

std::string_view status_name(StatusWord word) {
  switch (word) {
    case StatusWord::start: return "Start";
    case StatusWord::success: return "Success";
    case StatusWord::accept: return "Accept";
    case StatusWord::failure: return "Failure";
    case StatusWord::other: break;
  }
  return "";
}

std::vector<StatusWord> status_words(const Dictionary& statuses) {
  std::vector<StatusWord> words(statuses.size());
  for (uint32_t id = 0; id < statuses.size(); ++id) words[id] = status_word(statuses.text(id));
  return words;
}

bool is_shell_app(std::string_view app_id) {
  for (const std::string_view known : kShellApps) {
    if (equal_fold(app_id, known)) return true;
  }
  return false;
}

bool has_phrase(std::string_view text, std::string_view phrase) {
  if (phrase.empty() || text.size() < phrase.size()) return false;
  for (size_t at = 0; at + phrase.size() <= text.size(); ++at) {
    if (!equal_fold(text.substr(at, phrase.size()), phrase)) continue;
    if (at > 0 && is_term_character(text[at - 1])) continue;
    const size_t behind = at + phrase.size();
    if (behind < text.size() && is_term_character(text[behind])) continue;
    return true;
  }
  return false;
}

bool is_shell_group(std::string_view text) { return has_phrase(text, kShellGroup); }

bool is_shell_setup_write(std::string_view operation) {
  return equal_fold(operation, "Microsoft.Resources/subscriptions/resourceGroups/write") ||
         equal_fold(operation, "Microsoft.Storage/storageAccounts/write") ||
         equal_fold(operation, "Microsoft.Storage/storageAccounts/fileServices/shares/write");
}

}  // namespace csh
