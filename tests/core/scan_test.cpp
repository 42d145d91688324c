// What reads 64 bytes at a time against the same thing a byte at a time: masks, the end of a JSON value, the end and the fields of a CSV row.
// The slow forms below are the rules as they read; texts are random over the few bytes that matter, in every place of a block.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "bytes/block64.h"
#include "bytes/csv_scan.h"
#include "bytes/framer.h"
#include "bytes/json_scan.h"
#include "bytes/line_ends.h"
#include "slow_rows.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string random_text(std::mt19937& random, std::string_view alphabet, size_t length) {
  std::string text;
  for (size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

// Mostly plain bytes, so that whole blocks are plain too; `salt` of a hundred are not.
std::string salted_text(std::mt19937& random, std::string_view alphabet, size_t length, uint32_t salt) {
  std::string text;
  for (size_t i = 0; i < length; ++i) text += random() % 100 < salt ? alphabet[random() % alphabet.size()] : 'x';
  return text;
}

bool slow_scan(std::string_view text, JsonScan& scan, bool stop_at_members, bool& stopped) {
  stopped = false;
  for (; scan.at < text.size(); ++scan.at) {
    const char c = text[scan.at];
    if (scan.in_string) {
      if (scan.escaped) {
        scan.escaped = false;
      } else if (c == '\\') {
        scan.escaped = true;
      } else if (c == '"') {
        scan.in_string = false;
      }
    } else if (c == '"') {
      scan.in_string = true;
    } else if (c == '{' || c == '[') {
      if (stop_at_members && scan.depth == 1) {
        stopped = true;
        return false;
      }
      ++scan.depth;
    } else if (c == '}' || c == ']') {
      if (--scan.depth <= 0) {
        ++scan.at;
        return true;
      }
    }
  }
  return false;
}

void check_same(const JsonScan& a, const JsonScan& b) {
  CHECK(a.at == b.at);
  CHECK(a.depth == b.depth);
  CHECK(a.in_string == b.in_string);
  CHECK(a.escaped == b.escaped);
}

}  // namespace

TEST_CASE("a block's masks are those of its bytes, by SIMD and by words") {
  std::mt19937 random(64);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(kBlockBytes, '\0');
    for (char& c : bytes) c = static_cast<char>(round % 2 ? random() : "\"\\\x80\x01\xFF\x7F,"[random() % 7]);
    for (const char wanted : {'"', '\\', ',', '\0', '\x80', '\xFF', '\x7F', '\x01', bytes[random() % kBlockBytes]}) {
      uint64_t expected = 0;
      for (size_t i = 0; i < kBlockBytes; ++i) expected |= uint64_t{bytes[i] == wanted} << i;
      REQUIRE(Block(bytes.data()).equal(wanted) == expected);
      REQUIRE(PlainBlock(bytes.data()).equal(wanted) == expected);
      for (const char other : {wanted, ',', bytes[random() % kBlockBytes]}) {
        const uint64_t both = expected | PlainBlock(bytes.data()).equal(other);
        REQUIRE(Block(bytes.data()).either(wanted, other) == both);
        REQUIRE(PlainBlock(bytes.data()).either(wanted, other) == both);
      }
    }
  }
}

TEST_CASE("a block at a text's end knows nothing of what lies behind it") {
  std::mt19937 random(69);
  for (size_t length = 1; length < 140; ++length) {
    // NULs, as which what lies behind would be read.
    const std::string text = random_text(random, std::string_view("\0ab", 3), length);
    for (size_t at = 0; at < length; ++at) {
      const TextBlock block(text, at);
      uint64_t nuls = 0, letters = 0;
      for (size_t i = 0; i < std::min(length - at, kBlockBytes); ++i) {
        nuls |= uint64_t{text[at + i] == '\0'} << i;
        letters |= uint64_t{text[at + i] == 'a'} << i;
      }
      REQUIRE(block.count() == std::min(length - at, kBlockBytes));
      REQUIRE(block.equal('\0') == nuls);
      REQUIRE(block.equal('a') == letters);
      REQUIRE(block.either('\0', 'a') == (nuls | letters));
      REQUIRE(block.either('a', '\0') == (nuls | letters));
    }
  }
}

TEST_CASE("line ends are found and counted as a byte at a time would") {
  std::mt19937 random(66);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 200, '.');
    for (char& c : text) c = random() % (round % 2 ? 3 : 40) ? c : "\r\n"[random() % 2];
    const char before = "\r\n."[random() % 3];
    uint64_t expected = 0;
    char last = before;
    for (const char c : text) {
      expected += c == '\r' || (c == '\n' && last != '\r');
      last = c;
    }
    CAPTURE(text, before);
    REQUIRE(count_line_ends(text, before) == expected);
    const size_t from = random() % (text.size() + 1);
    REQUIRE(find_line_end(text, from) == text.find_first_of("\r\n", from));
  }
}

TEST_CASE("masks of quotes and backslashes say what is inside and what is escaped") {
  std::mt19937 random(65);
  for (int round = 0; round < 20000; ++round) {
    const uint64_t bits = (uint64_t{random()} << 32 | random()) & (round % 3 ? uint64_t{random()} << 32 | random() : ~uint64_t{0});
    uint64_t inside = 0, parity = 0;
    for (int i = 0; i < 64; ++i) {
      parity ^= bits >> i & 1;
      inside |= parity << i;
    }
    REQUIRE(prefix_xor(bits) == inside);
    for (const bool before : {false, true}) {
      bool escaped = before, carry = before;
      uint64_t expected = 0;
      for (int i = 0; i < 64; ++i) {
        if (escaped) expected |= uint64_t{1} << i;
        escaped = !escaped && (bits >> i & 1) != 0;
      }
      REQUIRE(escaped_bytes(bits, carry) == expected);
      REQUIRE(carry == escaped);
    }
  }
}

TEST_CASE("finding, counting and comparing bytes agree with the library at every length") {
  std::mt19937 random(66);
  for (size_t length = 0; length < 200; ++length) {
    const std::string text = salted_text(random, "ab", length, 4);
    CHECK(count_byte(text, 'a') == static_cast<uint64_t>(std::count(text.begin(), text.end(), 'a')));
    for (size_t from = 0; from <= length + 1; ++from) REQUIRE(find_byte(text, 'a', from) == text.find('a', from));
    std::string other = text;
    CHECK(same_text(text, other));
    if (length > 0) {
      other[random() % length] ^= 1;
      CHECK_FALSE(same_text(text, other));
      CHECK_FALSE(same_text(text, std::string_view(text).substr(1)));
    }
  }
}

TEST_CASE("the end of a JSON value is the same by blocks and by bytes, however the text arrives") {
  std::mt19937 random(67);
  for (int round = 0; round < 30000; ++round) {
    const size_t length = 1 + random() % 300;
    std::string text = round % 4 == 0   ? random_text(random, "\"\\{}[] x", length)
                       : round % 4 == 1 ? salted_text(random, "\"\\{}[]", length, 10)
                       : round % 4 == 2 ? random_text(random, "\"\\\\\\x", length)
                                        : salted_text(random, "\"{[}]{[", length, 6);
    if (round % 2) text[0] = random() % 2 ? '{' : '[';
    const bool members = random() % 2 != 0;
    JsonScan fast, slow;
    bool closed = false, stopped = false;
    size_t arrived = 0;
    while (!closed && arrived < length) {
      arrived = std::min(length, arrived + 1 + random() % 150);
      const std::string_view window = std::string_view(text).substr(0, arrived);
      do {
        bool fast_closed = false;
        const bool fast_stopped = members && scan_to_member(window, fast, fast_closed);
        if (!members) fast_closed = scan_to_end(window, fast);
        closed = slow_scan(window, slow, members, stopped);
        REQUIRE(fast_stopped == stopped);
        REQUIRE(fast_closed == closed);
        check_same(fast, slow);
        if (!stopped) break;
        ++fast.at, ++fast.depth;
        ++slow.at, ++slow.depth;
      } while (true);
    }
  }
}

TEST_CASE("a CSV row ends and splits the same by blocks and by fields") {
  std::mt19937 random(68);
  std::vector<CsvField> fast;
  std::vector<std::string> slow;
  std::vector<char> room;
  size_t split = 0, found = 0, broken = 0;
  for (int round = 0; round < 60000; ++round) {
    const char delimiter = ",;\t"[random() % 3];
    std::string text;
    if (round % 3 == 0) {
      text = random_text(random, std::string("\"\"x\n\r ") + delimiter, random() % 150);
    } else {
      // A table as it should be, now and then with a byte that should not be there.
      for (size_t fields = random() % 12 + 1; fields > 0; --fields) {
        if (random() % 2) {
          text += '"' + salted_text(random, std::string("\n\r,;\t"), random() % 70, 10);
          for (size_t doubled = random() % 4; doubled > 0; --doubled) text += "\"\"" + std::string(random() % 30, 'y');
          text += '"';
        } else {
          text += std::string(random() % 20, 'z');
        }
        text += random() % 9 ? std::string(1, delimiter) : random() % 2 ? "\n" : "\r\n";
      }
      if (round % 3 == 1) text[random() % text.size()] = "\"x\n"[random() % 3];
    }
    const size_t begin = random() % (text.size() + 1);
    for (const bool last : {false, true}) {
      size_t end = 0, behind = 0, slow_end = 0, slow_behind = 0;
      const RowEnd row = find_row_end(text, begin, last, delimiter, end, behind);
      REQUIRE(row == slow_row_end(text, begin, last, delimiter, slow_end, slow_behind));
      broken += row == RowEnd::broken;
      if (row != RowEnd::found) continue;
      ++found;
      REQUIRE(end == slow_end);
      REQUIRE(behind == slow_behind);
    }
    size_t end = text.size(), behind = 0;
    if (round % 2) (void)find_row_end(text, 0, true, delimiter, end, behind);
    const std::string_view row = std::string_view(text).substr(0, end);
    const bool whole = split_row(row, delimiter, fast);
    REQUIRE(whole == slow_split(row, delimiter, slow));
    if (!whole) continue;
    ++split;
    REQUIRE(fast.size() == slow.size());
    for (size_t i = 0; i < fast.size(); ++i) {
      room.resize(fast[i].text.size() + 16);
      const size_t length = fast[i].doubled_quotes ? undouble_quotes(fast[i].text, room.data()) : 0;
      REQUIRE((fast[i].doubled_quotes ? std::string_view(room.data(), length) : fast[i].text) == slow[i]);
    }
  }
  // The texts are of all kinds.
  CHECK(split > 10000);
  CHECK(found > 10000);
  CHECK(broken > 1000);
}
