// Objects that are no JSON and whose meaning is certain all the same: what Azure and the programs behind its event hubs are known to write.
// A repair changes only what stands outside of strings (and raw line breaks inside them), so that no text can become structure; whether the
// repaired text parses whole and is an event is for the caller to see.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace csh {

enum class Flaw : uint8_t {
  none,  // nothing known
  single_quotes,
  placeholder,
  line_breaks,
  empty_members,
};

// Longer objects are not repaired: the service caps events at 32 KiB to 1 MiB.
inline constexpr size_t kMaxRepairedBytes = 1u << 20;
// As many lines may be joined to one record, in JSON Lines and inside a list.
inline constexpr size_t kMaxJoinedLines = 64;

// What is wrong with `object`, which does not parse: the first in this list that it has.
//   single_quotes  {'time': 'a'}   Certain when only keys stand in single quotes, {'time':"a"}; or when the object is laid out exactly as Python
//                  prints it, one blank behind each colon and comma and no other, and holds neither '"' nor '\': Python gives strings with an
//                  apostrophe other quotes or a backslash, so here no apostrophe is text. None, True and False are turned as well.
//   placeholder    {"properties":[ 218 B blob data ],…}   printed in place of a value that was no text; becomes null. Always certain.
//   line_breaks    a raw CR or LF in a string; escaped, with other control characters. Certain up to kMaxJoinedLines.
//   empty_members  "":"", where a member or element may begin and does not belong; taken out.
// `out` is the repaired text where that is certain, else empty.
Flaw repair_json(std::string_view object, std::string& out);

inline constexpr std::string_view kEmptyMember = R"("":"",)";

// The length of a placeholder such as "[ 218 B blob data ]" or "[1.2K blob data]" that `text` begins with; 0: none; npos: `text` may be the
// beginning of one.
size_t placeholder_length(std::string_view text);
inline constexpr size_t kLongestPlaceholder = 128;

// Copies `text`, writing raw control characters inside strings as escapes.
void escape_controls(std::string_view text, std::string& out);

// One past the bracket that closes the object `text` begins with, where strings stand in either kind of quotes; npos: it does not close.
size_t end_in_either_quotes(std::string_view text);

}  // namespace csh
