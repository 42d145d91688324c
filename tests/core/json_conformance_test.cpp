// JSON as whole files, in the manner of a conformance suite: every valid value is accepted in a record of a JSON Lines file, of a list and of a
// page, and every invalid one costs its own record and no other, or is salvaged by a rule that README.md states. The same on every kernel of
// simdjson that the build has and the machine runs.
#include <simdjson.h>

#include <algorithm>

#include "bytes/utf16.h"
#include "json_values.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

// Calls `run` once for each kernel, with that kernel in use.
template <typename Run>
void on_every_kernel(const Run& run) {
  const auto* const before = simdjson::get_active_implementation().operator->();
  size_t kernels = 0;
  for (const auto* const kernel : simdjson::get_available_implementations()) {
    if (!kernel->supported_by_runtime_system()) continue;
    INFO("kernel " << kernel->name());
    simdjson::get_active_implementation() = kernel;
    run();
    ++kernels;
  }
  simdjson::get_active_implementation() = before;
  CHECK(kernels >= 1);
}

std::string record(const std::string& id, const std::string& value) {
  return R"({"time":"2026-03-14T09:10:00Z","operationName":"a/b","resourceId":"/r","x":)" + value + R"(,"eventDataId":")" + id + "\"}";
}

std::vector<std::string> files_with(const std::vector<std::string>& records) {
  std::string lines, list = "[", page = "{\"records\":[\n";
  for (const std::string& text : records) {
    lines += text + "\n";
    list += (list.size() > 1 ? "," : "") + text;
    page += (page.size() > 13 ? ",\n" : "") + text;
  }
  return {lines, list + "]", page + "]}"};
}

std::vector<std::string> ids(const Reading& reading) {
  std::vector<std::string> out;
  for (uint32_t event = 0; event < reading.events(); ++event) out.emplace_back(reading.text(event, Column::event_id));
  std::sort(out.begin(), out.end());
  return out;
}

// What is no JSON and is read all the same, by which rule: raw line breaks in a string are escaped; keys in single quotes get
// double ones.
struct Salvaged {
  std::string value;
  bool in_lines, in_lists;
};
const std::vector<Salvaged> kSalvaged = {
    {"\"\n\"", true, true},
    {"\"\r\"", true, true},
    {"{'a':1}", true, true},
};

}  // namespace

TEST_CASE("conformance: every JSON value is accepted in every kind of file") {
  const std::vector<std::string> values = json_values();
  REQUIRE(values.size() >= 90);
  on_every_kernel([&] {
    std::vector<std::string> records, wanted;
    for (size_t i = 0; i < values.size(); ++i) {
      // A raw line break between two values is no JSON Lines.
      if (values[i].find_first_of("\n\r") != std::string::npos) continue;
      wanted.push_back("e" + std::to_string(1000 + i));
      records.push_back(record(wanted.back(), values[i]));
    }
    for (const std::string& file : files_with(records)) {
      const Reading reading = read_in_blocks(file);
      CHECK(ids(reading) == wanted);
      CHECK(reading.rejects() == std::vector<std::string>());
      CHECK(reading.input().repaired == 0);
    }
    for (const std::string& value : values) {
      if (value.find_first_of("\n\r") == std::string::npos) continue;
      const std::vector<std::string> files = files_with({record("e0", "0"), record("e1", value)});
      for (size_t form = 0; form < 3; ++form) {
        INFO(value << " in form " << form);
        const Reading reading = read_in_blocks(files[form]);
        CHECK(ids(reading) == std::vector<std::string>{"e0", "e1"});
        CHECK(reading.input().repaired == (form == 0 ? 1 : 0));  // its lines were joined
      }
    }
  });
}

TEST_CASE("conformance: what is no JSON value costs its record, and no other") {
  const std::vector<std::string> values = no_json_values();
  REQUIRE(values.size() >= 190);
  on_every_kernel([&] {
    for (const std::string& value : values) {
      const std::vector<std::string> files = files_with({record("e0", "0"), record("e1", value), record("e2", "0"), record("e3", "0")});
      for (size_t form = 0; form < 3; ++form) {
        INFO(value << " in form " << form);
        const auto salvaged = std::find_if(kSalvaged.begin(), kSalvaged.end(), [&](const Salvaged& s) { return s.value == value; });
        const bool kept = salvaged != kSalvaged.end() && (form == 0 ? salvaged->in_lines : salvaged->in_lists);
        const Reading reading = read_in_blocks(files[form]);
        const std::vector<std::string> wanted =
            kept ? std::vector<std::string>{"e0", "e1", "e2", "e3"} : std::vector<std::string>{"e0", "e2", "e3"};
        CHECK(ids(reading) == wanted);
        CHECK((reading.input().rejected > 0) != kept);
        CHECK(reading.input().repaired == (kept ? 1 : 0));
        CHECK(reading.input().other == 0);
        if (!kept && !reading.input().rejects.empty()) CHECK(reading.input().rejects.front().offset >= record("e0", "0").size());
      }
    }
  });
}

TEST_CASE("conformance: whole documents") {
  struct Document {
    std::string text;
    uint64_t events, other, rejected;
    bool cut = false, refused = false;
  };
  const std::string e = record("e", "0"), mark = "\xEF\xBB\xBF";
  const auto nested = [](size_t depth, const std::string& inside) { return std::string(depth, '[') + inside + std::string(depth, ']'); };
  const std::vector<Document> documents = {
      // structure and blank space
      {"", 0, 0, 0},
      {" ", 0, 0, 0},
      {"\n\r\t ", 0, 0, 0},
      {mark, 0, 0, 0},
      {"[]", 0, 0, 0},
      {"[ \n\t\r]", 0, 0, 0},
      {"\t[" + e + " ]\r\n", 1, 0, 0},
      {"[" + e + ",{}]", 1, 1, 0},
      {e + "\n{}", 1, 1, 0},
      {mark + e, 1, 0, 0},
      {mark + "[" + e + "]" + mark, 1, 0, 0},
      {e + "\r" + e, 2, 0, 0},
      {e + e, 2, 0, 0},
      {e + " " + e + "\n\n" + e, 3, 0, 0},
      {e + "," + e, 2, 0, 0},
      {"[" + e + "]" + "[" + e + "]", 2, 0, 0},
      {"[" + e + "][" + e, 2, 0, 0, true},
      {"[" + e + ",]", 1, 0, 0},
      {"[," + e + "]", 1, 0, 0},
      {"[" + e + ",," + e + "]", 2, 0, 0},
      {"[" + e + " " + e + "]", 2, 0, 0},
      {"[" + e + "\n" + e + "]", 2, 0, 0},
      {"[[" + e + "],[[" + e + "]]]", 2, 0, 0},
      {nested(16, e), 1, 0, 0},
      // what is no record
      {"[1," + e + "]", 1, 0, 1},
      {"[" + e + ",null,true,false,\"a\",-1.5e3]", 1, 0, 5},
      {e + "\nnull\n1\n\"a\"\n", 1, 0, 3},
      {"[" + e + ",tru,nan,+1]", 1, 0, 3},
      {"[" + e + ",{}}]", 1, 1, 1},
      {e + "]", 1, 0, 1},
      {e + "}", 1, 0, 1},
      {e + " x\n" + e, 1, 0, 1},
      {"[" + e + ",{\"a\"}]", 1, 0, 1},
      {"[" + e + "}", 1, 0, 1, true},
      {"[" + e + ",*" + e + "]", 2, 0, 1},
      {"[" + e + "]x", 1, 0, 1},
      // cut
      {"[" + e, 1, 0, 0, true},
      {"[" + e + ",", 1, 0, 0, true},
      {"[" + e + ",{", 1, 0, 1, true},
      {"[" + e + ",\"a", 1, 0, 1, true},
      {e.substr(0, e.size() - 1), 0, 0, 1, true},
      {e + "\n{\"a\":\"\\", 1, 0, 1, true},
      {e + "\n[", 1, 0, 0, true},
      // not JSON at all
      {"a", 0, 0, 0, false, true},
      {"]", 0, 0, 0, false, true},
      {"\"a\"", 0, 0, 0, false, true},
      {"1", 0, 0, 0, false, true},
      {"null", 0, 0, 0, false, true},
      {std::string("\0", 1), 0, 0, 0, false, true},
      {"<null>", 0, 0, 0, false, true},
      {"{}", 0, 1, 0, false, true},
      {"[{}]", 0, 1, 0, false, true},
  };
  on_every_kernel([&] {
    for (const Document& document : documents) {
      INFO(document.text);
      const Reading reading = read_in_blocks(document.text);
      CHECK(reading.events() == document.events);
      CHECK(reading.input().other == document.other);
      CHECK(reading.input().rejected == document.rejected);
      CHECK(reading.has_note("truncated") == document.cut);
      CHECK(reading.input().refused == document.refused);
    }
    // Deeper than any page nests: rejected once, nothing of it read.
    for (const size_t depth : {size_t{17}, size_t{1000}, size_t{100'000}}) {
      const Reading reading = read_in_blocks(nested(depth, "") + "\n" + e);
      CHECK(reading.events() == 1);
      CHECK(reading.input().rejected >= 1);
    }
  });
}

TEST_CASE("conformance: the same documents in UTF-16 give the same records and rejects") {
  const std::vector<std::string> values = no_json_values();
  on_every_kernel([&] {
    for (const std::string& value : values) {
      if (std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) continue;
      for (const std::string& file : files_with({record("e0", "0"), record("e1", value), record("e2", "0")})) {
        const Reading narrow = read_in_blocks(file);
        std::string wide = "\xFF\xFE";
        for (const char c : file) wide.append(1, c).append(1, '\0');
        const Reading reading = read_in_blocks(wide);
        INFO(file);
        CHECK(ids(reading) == ids(narrow));
        CHECK(reading.input().repaired == narrow.input().repaired);
        REQUIRE(reading.input().rejects.size() == narrow.input().rejects.size());
        for (size_t i = 0; i < reading.input().rejects.size(); ++i) {
          const Reject &one = reading.input().rejects[i], &other = narrow.input().rejects[i];
          CHECK(one.offset == 2 + 2 * other.offset);
          CHECK(one.length == 2 * other.length);
          CHECK(one.line == other.line);
        }
      }
    }
  });
}
