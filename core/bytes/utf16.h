// UTF-16 turned into UTF-8 as it comes, so that framers and decoders know one encoding. What is no UTF-16 (half a surrogate pair) becomes the
// byte 0xFF, which no UTF-8 holds: the record around it is rejected by the same check as any other bad byte.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace csh {

enum class ByteOrder : uint8_t { little, big };

// The order of a text's first four bytes (or fewer, at its end), told by its byte order mark or by the zero bytes of Western text; nullopt:
// not UTF-16.
std::optional<ByteOrder> sniff_utf16(std::string_view head);

// Appends `text` to `out` as UTF-8 and returns how many of its bytes are done with: all but half a unit or half a surrogate pair, which
// must be given again with more behind it. With `last`, a rest of two bytes is turned as well, and a single byte is left.
size_t append_utf8(std::string_view text, ByteOrder order, bool last, std::vector<char>& out);

// UTF-16 units that UTF-8 text made by append_utf8 stands for.
uint64_t utf16_units(std::string_view utf8);

}  // namespace csh
