// UTF-16, as Windows PowerShell writes with '>': the same events as from UTF-8, with places counted in the file's own bytes.
#include "bytes/utf16.h"

#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string to_utf16(std::u16string_view text, bool little, bool mark) {
  std::string bytes = mark ? (little ? "\xFF\xFE" : "\xFE\xFF") : "";
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  }
  return bytes;
}

const std::u16string kFirst =
    u"{\"eventTimestamp\":\"2026-03-14T09:12:05Z\",\"caller\":\"zoë\U0001F600@contoso.com\",\"operationName\":{\"value\":"
    u"\"Microsoft.Storage/storageAccounts/listKeys/"
    u"action\"},\"status\":{\"value\":\"Succeeded\"},\"resourceGroupName\":\"cloud-shell-storage-weu\"}";
const std::u16string kSecond =
    u"{\"eventTimestamp\":\"2026-03-14T09:20:00Z\",\"caller\":\"zoë\U0001F600@contoso.com\",\"operationName\":{\"value\":"
    u"\"Microsoft.Compute/virtualMachines/write\"},\"status\":{\"value\":\"Succeeded\"},\"resourceGroupName\":\"größe\"}";

std::vector<size_t> every(size_t step, size_t size) {
  std::vector<size_t> cuts;
  for (size_t at = step; at < size; at += step) cuts.push_back(at);
  return cuts;
}

void check_sums(const Input& input, size_t bytes) {
  CHECK(input.bytes == bytes);
  check_books(input);
}
}  // namespace

TEST_CASE("utf-16: told by its mark or by its zero bytes, and nothing else is") {
  CHECK(sniff_utf16("\xFF\xFE") == ByteOrder::little);
  CHECK(sniff_utf16("\xFE\xFF") == ByteOrder::big);
  CHECK(sniff_utf16(to_utf16(u"[{", true, false)) == ByteOrder::little);
  CHECK(sniff_utf16(to_utf16(u"[{", false, false)) == ByteOrder::big);
  CHECK_FALSE(sniff_utf16("[{}]").has_value());
  CHECK_FALSE(sniff_utf16(std::string_view("[\0", 2)).has_value());
  CHECK_FALSE(sniff_utf16(std::string_view("\0\0\0\0", 4)).has_value());
  CHECK_FALSE(sniff_utf16("").has_value());
}

TEST_CASE("utf-16: events, places and sums, in both orders, whatever the blocks") {
  const std::u16string text = u"[\r\n  " + kFirst + u",\r\n  " + kSecond + u"\r\n]\r\n";
  for (const bool little : {true, false}) {
    for (const bool mark : {true, false}) {
      const std::string bytes = to_utf16(text, little, mark);
      const size_t first = 2 * (text.find(kFirst) + (mark ? 1 : 0)), second = 2 * (text.find(kSecond) + (mark ? 1 : 0));
      for (const size_t step : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{64}, bytes.size()}) {
        INFO((little ? "little" : "big") << (mark ? ", mark" : "") << ", step " << step);
        const Reading reading = read_in_blocks(bytes, every(step, bytes.size()));
        REQUIRE(reading.events() == 2);
        CHECK(reading.input().encoding == (little ? "utf-16le" : "utf-16be"));
        CHECK(reading.store->text(0, Column::caller) == "zoë\U0001F600@contoso.com");
        CHECK(reading.store->text(1, Column::resource_group) == "größe");
        CHECK(reading.store->offset(0) == first);
        CHECK(reading.store->length(0) == 2 * kFirst.size());
        CHECK(reading.store->offset(1) == second);
        CHECK(reading.store->length(1) == 2 * kSecond.size());
        check_sums(reading.input(), bytes.size());
      }
    }
  }
}

TEST_CASE("utf-16: half a surrogate pair costs its record alone, and says where") {
  std::u16string bad = kFirst;
  bad[bad.find(u'z')] = static_cast<char16_t>(0xD800);
  const std::u16string text = kFirst + u"\n" + bad + u"\n" + kSecond + u"\n";
  const std::string bytes = to_utf16(text, true, true);
  for (const size_t step : {size_t{1}, size_t{5}, bytes.size()}) {
    const Reading reading = read_in_blocks(bytes, every(step, bytes.size()));
    CHECK(reading.events() == 2);
    const size_t at = 2 + 2 * (kFirst.size() + 1);
    CHECK(reading.rejects() ==
          std::vector<std::string>{"bad_utf8 " + std::to_string(at) + "+" + std::to_string(2 * bad.size()) + " line 2"});
    check_sums(reading.input(), bytes.size());
  }
}

TEST_CASE("utf-16: an odd byte at the end is a cut, not a loss") {
  const std::string bytes = to_utf16(kFirst + u"\n", true, true) + "{";
  const Reading reading = read_in_blocks(bytes);
  CHECK(reading.events() == 1);
  CHECK(reading.has_note("truncated"));
  check_sums(reading.input(), bytes.size());
}

TEST_CASE("utf-16: CSV with a header") {
  const std::u16string text =
      u"TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\r\n2026-03-14T09:12:05Z,\"zoë, "
      u"\"\"z\"\"\",Microsoft.Compute/x/write,"
      u"Success,rg\r\n";
  const std::string bytes = to_utf16(text, true, true);
  const Reading reading = read_in_blocks(bytes, every(9, bytes.size()));
  REQUIRE(reading.events() == 1);
  CHECK(reading.store->text(0, Column::caller) == "zoë, \"z\"");
  CHECK(reading.store->offset(0) == 2 + 2 * text.find(u"2026"));
  check_sums(reading.input(), bytes.size());
}
