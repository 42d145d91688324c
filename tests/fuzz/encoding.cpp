// UTF-16 turned into UTF-8: any cut gives the same bytes, they are those of a decoder that takes a unit at a time, half pairs become 0xFF and
// nothing else does, and every unit is counted back. And what simdjson takes for UTF-8 is UTF-8.
// Input: one byte for the byte order, one for the cuts, then the text.
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <vector>

#include "body.h"
#include "bytes/framer.h"
#include "bytes/utf16.h"
#include "slow_utf8.h"

namespace {

using namespace csh;
using csh::fuzz::check;

// A unit at a time, with the first half of a pair kept until its second comes.
std::string slow_utf8(std::string_view text, ByteOrder order) {
  std::string out;
  uint32_t high = 0;
  for (size_t at = 0; at + 2 <= text.size(); at += 2) {
    const auto first = static_cast<unsigned char>(text[at]), second = static_cast<unsigned char>(text[at + 1]);
    const uint32_t unit = order == ByteOrder::big ? first * 256u + second : second * 256u + first;
    const bool is_low = unit >> 10 == 0x37, is_high = unit >> 10 == 0x36;
    if (high != 0) {
      if (is_low) {
        fuzz::slow_append(out, 0x10000 + (high - 0xD800) * 0x400 + (unit - 0xDC00));
        high = 0;
        continue;
      }
      out += '\xFF';
      high = 0;
    }
    if (is_high) {
      high = unit;
    } else if (is_low) {
      out += '\xFF';
    } else {
      fuzz::slow_append(out, unit);
    }
  }
  if (high != 0) out += '\xFF';
  return out;
}

std::string in_blocks(std::string_view text, ByteOrder order, uint32_t seed, size_t most) {
  fuzz::Cutter cutter(seed);
  std::vector<char> out;
  uint64_t units = 0;
  size_t begin = 0;
  for (size_t end = 0;;) {
    end += std::min(most == 0 ? text.size() : cutter.next(most), text.size() - end);
    const bool last = end == text.size();
    const fuzz::Window window(text.substr(begin, end - begin));
    const size_t before = out.size();
    const size_t done = append_utf8(window.text(), order, last, out);
    check(done <= end - begin && done % 2 == 0, "whole units are done with");
    check(end - begin - done < (last ? 2u : 4u), "no more is left than half a pair, at the end than half a unit");
    units += utf16_units({out.data() + before, out.size() - before});
    begin += done;
    check(2 * units == begin, "every unit is counted");
    if (last) break;
  }
  return {out.begin(), out.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const ByteOrder order = data[0] % 2 ? ByteOrder::big : ByteOrder::little;
  const std::string_view text = csh::fuzz::text_of(data + 2, size - 2);
  const std::string wanted = slow_utf8(text, order);
  check(in_blocks(text, order, 0, 0) == wanted, "the units' code points in UTF-8");
  check(in_blocks(text, order, data[1], 1 + data[1] % 9) == wanted, "any cut gives the same bytes");
  check(fuzz::slow_is_utf8(wanted) == (wanted.find('\xFF') == std::string::npos), "half a pair is no UTF-8, all else is");
  const fuzz::Window window(text);
  check(simdjson::validate_utf8(window.text().data(), window.text().size()) == fuzz::slow_is_utf8(text), "what is UTF-8 is judged alike");
  (void)sniff_utf16(window.text());
  return 0;
}
