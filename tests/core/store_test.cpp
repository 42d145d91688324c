// The store keeps what the file says: columns return the texts they were given, counts are those of the inputs, ids are dense.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "shapes/conditions.h"
#include "store/dictionary.h"
#include "store/event_store.h"

using namespace csh;

namespace {

constexpr Column kAll[] = {Column::caller,       Column::operation, Column::status,      Column::resource_group, Column::ip,
                           Column::subscription, Column::app_id,    Column::resource_id, Column::correlation_id, Column::event_id};

Input input(const std::string& path) {
  Input made;
  made.path = path;
  return made;
}

}  // namespace

TEST_CASE("dictionary: a text is held once, the empty one is 0, ids are dense") {
  Dictionary dictionary;
  CHECK(dictionary.size() == 1);
  CHECK(dictionary.text(0).empty());
  CHECK(dictionary.intern("") == 0);
  CHECK(dictionary.intern("a") == 1);
  CHECK(dictionary.intern("A") == 2);  // case matters here; folding is the reader's
  CHECK(dictionary.intern("a") == 1);
  CHECK(dictionary.intern(std::string("a\0", 2)) == 3);
  CHECK(dictionary.intern(std::string("\0", 1)) == 4);
  CHECK(dictionary.text(3) == std::string_view("a\0", 2));
  CHECK(dictionary.size() == 5);
}

TEST_CASE("dictionary: texts stay where they are while others come") {
  Dictionary dictionary;
  const uint32_t first = dictionary.intern("the first text");
  const std::string_view kept = dictionary.text(first);
  const std::string long_text(3'000'000, 'x');
  const uint32_t long_id = dictionary.intern(long_text);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 100'000; ++i) ids.push_back(dictionary.intern("text " + std::to_string(i)));
  CHECK(dictionary.text(first).data() == kept.data());
  CHECK(kept == "the first text");
  CHECK(dictionary.text(long_id) == long_text);
  CHECK(dictionary.size() == 100'003);
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string text = "text " + std::to_string(i);
    wrong += dictionary.text(ids[static_cast<size_t>(i)]) == text && dictionary.intern(text) == ids[static_cast<size_t>(i)] ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(dictionary.bytes() >= 3'000'000);
}

// A product modulo 2^64 hands a difference in the top bit through unchanged, whatever it is multiplied by; the fold of its upper half then shows it in
// bit 31 too. With a hash of that kind the second word takes back what the first one did: n pairs of words are 2^n texts of one hash.
TEST_CASE("dictionary: texts made to be of one hash lie apart under any key") {
  constexpr int kPairs = 13;
  constexpr uint64_t kTop = uint64_t{1} << 63, kTopAndFold = kTop | uint64_t{1} << 31;
  std::vector<std::string> texts(1 << kPairs);
  for (size_t at = 0; at < texts.size(); ++at) {
    for (int pair = 0; pair < kPairs; ++pair) {
      const bool turned = (at >> pair & 1) != 0;
      for (const uint64_t word : {0x0123456789ABCDEFu ^ (turned ? kTop : 0), 0x5566778811223344u ^ (turned ? kTopAndFold : 0)}) {
        for (int byte = 0; byte < 64; byte += 8) texts[at] += static_cast<char>(word >> byte);
      }
    }
  }
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, kTop, 0x9E3779B97F4A7C15u, 0xFEDCBA9876543210u, ~uint64_t{0}}) {
    seed_hashes(seed);
    Dictionary dictionary;
    for (const std::string& text : texts) dictionary.intern(text);
    CHECK(dictionary.size() == texts.size() + 1);
    // Two thirds of the slots taken, by chance: runs of some dozens.
    CHECK(dictionary.longest_run() < 200);
  }
  seed_hashes(0x9E3779B97F4A7C15u);
}

TEST_CASE("dictionary: ids do not depend on the key") {
  seed_hashes(7);
  Dictionary one;
  seed_hashes(0x9E3779B97F4A7C15u);
  Dictionary other;
  int different = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = "text " + std::to_string(i % 7'000);
    different += one.intern(text) == other.intern(text) ? 0 : 1;
  }
  CHECK(different == 0);
}

TEST_CASE("folding: A to Z alone") {
  CHECK(equal_fold("", ""));
  CHECK(equal_fold("aZ09", "Az09"));
  CHECK_FALSE(equal_fold("a", "ab"));
  CHECK_FALSE(equal_fold("@", "`"));  // the neighbours of the letters differ by 32 too
  CHECK_FALSE(equal_fold("[", "{"));
  CHECK_FALSE(equal_fold("\u212a", "k"));  // Kelvin sign
  CHECK_FALSE(equal_fold("\u017f", "s"));  // long s
  CHECK_FALSE(equal_fold("\u00c4", "\u00e4"));
  CHECK(compare_fold("ABC", "abc") == 0);
  CHECK(compare_fold("abc", "ABD") < 0);
  CHECK(compare_fold("B", "a") > 0);
  CHECK(compare_fold("a", "AA") < 0);
  CHECK(compare_fold("", "a") < 0);
  CHECK(compare_fold("a", "\u00e9") < 0);  // bytes are unsigned
  std::vector<char> room;
  CHECK(fold_into("ABC\u00c4@[z", room) == "abc\u00c4@[z");
}

TEST_CASE("store: columns give back what was appended") {
  EventStore store;
  const uint32_t first = store.add_input(input("a"));
  const uint32_t second = store.add_input(input("b"));
  std::vector<std::string> texts;
  for (size_t i = 0; i < kColumns; ++i) texts.push_back("text of column " + std::to_string(i));
  EventFields event;
  event.time = 42;
  event.flags = kRawStatus | kEitherOrder;
  event.offset = uint64_t{1} << 40;
  event.length = 4'000'000'000u;
  for (size_t i = 0; i < kColumns; ++i) event.text[i] = texts[i];
  store.append(first, event);
  for (std::string& text : texts) text.assign(text.size(), '?');  // the views were valid during append() only
  store.append(second, EventFields{});
  store.append(first, event);

  REQUIRE(store.size() == 3);
  for (size_t i = 0; i < kColumns; ++i) {
    CHECK(store.text(0, kAll[i]) == "text of column " + std::to_string(i));
    CHECK(store.text(1, kAll[i]).empty());
    CHECK(store.id(1, kAll[i]) == 0);
  }
  CHECK(store.raw_time(0) == 42);
  CHECK(store.raw_time(1) == kNoTime);
  CHECK(store.flags(0) == (kRawStatus | kEitherOrder));
  CHECK(store.offset(0) == uint64_t{1} << 40);
  CHECK(store.length(0) == 4'000'000'000u);
  CHECK(store.input_of(0) == first);
  CHECK(store.input_of(1) == second);
  CHECK(store.input_of(2) == first);
  CHECK(store.inputs()[first].events == 2);
  CHECK(store.inputs()[second].events == 1);
}

TEST_CASE("store: inputs that alternate stay told apart") {
  EventStore store;
  for (const char* path : {"a", "b", "c"}) store.add_input(input(path));
  const std::vector<uint32_t> order = {0, 0, 2, 1, 1, 1, 0, 2, 2, 1, 0};
  for (const uint32_t of : order) store.append(of, EventFields{});
  for (uint32_t i = 0; i < order.size(); ++i) CHECK(store.input_of(i) == order[i]);
}

TEST_CASE("store: an input can run with events and all five columns, not with less") {
  Input made = input("a");
  CHECK_FALSE(made.can_run());
  made.present = (1u << kNeeded) - 1;
  CHECK_FALSE(made.can_run());
  made.events = 1;
  CHECK(made.can_run());
  made.refused = true;
  CHECK_FALSE(made.can_run());
  made.refused = false;
  for (unsigned bit = 0; bit < kNeeded; ++bit) {
    made.present = static_cast<uint8_t>(((1u << kNeeded) - 1) & ~(1u << bit));
    CHECK_FALSE(made.can_run());
  }
}

TEST_CASE("letters are folded alike at every place of a text, and nothing but letters of ASCII") {
  for (size_t length = 1; length <= 20; ++length) {
    for (size_t place = 0; place < length; ++place) {
      for (int a = 0; a < 256; ++a) {
        for (const int b : std::initializer_list<int>{a ^ 0x20, a ^ 0x80, a, 'k', '@', '[', '`', '{'}) {
          std::string left(length, 'Q'), right(length, 'q');
          left[place] = static_cast<char>(a);
          right[place] = static_cast<char>(b);
          REQUIRE(equal_fold(left, right) == (fold(static_cast<char>(a)) == fold(static_cast<char>(b))));
        }
      }
    }
  }
}

TEST_CASE("a condition is seen however its body is written: as JSON, in a string of JSON, over several lines") {
  const std::string_view account = "Microsoft.Storage/storageAccounts/write",
                         blobs = "Microsoft.Storage/storageAccounts/blobServices/write";
  for (const std::string_view between :
       {"\":", "\" : ", "\":\n\t", R"(\":)", R"(\":\n )", R"(\":\r\n)", R"(\":\t)", R"(\\\":\\n\\t)", R"(": ")"}) {
    const std::string name = R"("allowBlobPublicAccess)" + std::string(between);
    INFO(name);
    CHECK(conditions_of(account, name + "true") == kPublicAccess);
    CHECK(conditions_of(account, name + "TRUE") == kPublicAccess);
    CHECK(conditions_of(account, name + "false") == 0);
    CHECK(conditions_of(account, name + "null, \"x\": true") == 0);
    CHECK(conditions_of(account, name) == 0);
    // The second one counts where the first says nothing.
    CHECK(conditions_of(account, name + "false," + name + "true") == kPublicAccess);
    CHECK(conditions_of(blobs, R"("deleteRetentionPolicy":{"enabled)" + std::string(between) + "false}") == kSoftDeleteOff);
    CHECK(conditions_of(blobs, R"("deleteRetentionPolicy":{"enabled)" + std::string(between) + "true}") == 0);
  }
  // Letters behind a backslash that are no blank, and blanks without one.
  CHECK(conditions_of(account, R"("allowBlobPublicAccess":\btrue)") == 0);
  CHECK(conditions_of(account, R"("allowBlobPublicAccess":ntrue)") == 0);
  CHECK(conditions_of(blobs, R"("deleteRetentionPolicy":{},"enabled":false)") == 0);
}

TEST_CASE("a condition's value may stand right behind a backslash") {
  const std::string_view account = "Microsoft.Storage/storageAccounts/write";
  CHECK(conditions_of(account, R"({"allowBlobPublicAccess":\true})") == kPublicAccess);
  CHECK(conditions_of(account, R"({"allowBlobPublicAccess":\n true})") == kPublicAccess);
  CHECK(conditions_of(account, R"({"allowBlobPublicAccess":\x true})") == 0);
}

TEST_CASE("a condition is seen wherever it stands in a record") {
  const std::string_view account = "MICROSOFT.STORAGE/storageAccounts/write", role = "Microsoft.Authorization/roleAssignments/WRITE";
  for (size_t before = 0; before < 140; ++before) {
    for (const size_t behind : {size_t{0}, size_t{1}, size_t{70}}) {
      const auto record = [&](std::string_view middle) {
        return std::string(before, 'a') + std::string(middle) + std::string(behind, '/');
      };
      CHECK(conditions_of(account, record("\"ALLOWBlobPublicAccess\": true")) == kPublicAccess);
      CHECK(conditions_of(account, record("\"allowBlobPublicAccess\": false")) == 0);
      CHECK(conditions_of(account, record("allowBlobPublicAcces")) == 0);
      CHECK(conditions_of(role, record("/8E3AF657-a8ff-443c-a75c-2fe8c4bcb635")) == kAdminRole);
      CHECK(conditions_of(role, record("/a8889054-8d42-49c9-bc1c-52486c10e7cd")) == kAdminRole);
      CHECK(conditions_of(role, record("/8e3af657-a8ff-443c-a75c-2fe8c4bcb63")) == 0);
    }
  }
}
