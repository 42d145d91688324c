// What the engine answers to a call that comes at the wrong time or with an argument that means nothing: an error and a sentence, and all it held is
// still there. And two files of one name and size that were dropped together: the report is the same whichever was read first.
#include <algorithm>
#include <catch2/catch.hpp>

#include "read_in_parts.h"
#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

uint32_t code(Error error) { return static_cast<uint32_t>(error); }

void require(bool holds, const char* what) {
  INFO(what);
  REQUIRE(holds);
}

void read(Engine& engine, uint32_t number, std::string_view text) {
  REQUIRE(engine.open_input(give(engine, R"({"number":)" + std::to_string(number) + R"(,"path":"same.json","container":"none"})")) == 0);
  write(engine, text);
  REQUIRE(engine.close_input(0, 0) == 0);
}

// The answers of an engine that read `first`, and was brought what another read of `second`.
std::string told(std::string_view first, std::string_view second) {
  Engine engine, other;
  read(engine, 1, first);
  read(other, 2, second);
  bring(other, engine, require);
  return all_answers(engine);
}

}  // namespace

TEST_CASE("engine: calls that need a hunt, an input or none of them say so") {
  Engine engine;
  CHECK(engine.report_json() == code(Error::no_hunt));
  CHECK(engine.report_outline() == code(Error::no_hunt));
  CHECK(engine.session_index() == code(Error::no_hunt));
  CHECK(engine.session_resources() == code(Error::no_hunt));
  CHECK(engine.report_table(give(engine, R"({"table":"sessions","form":"csv"})")) == code(Error::no_hunt));
  CHECK(engine.report_query(0, 0) == code(Error::no_hunt));
  CHECK(engine.session_events(0, 0, 1) == code(Error::no_hunt));
  CHECK_FALSE(answer(engine).empty());
  CHECK(engine.rejects(0, 0, 1) == code(Error::no_such_input));
  CHECK(engine.note_input(give(engine, R"({"code":"a","message":"b"})")) == code(Error::no_open_input));
  CHECK(engine.end_write(0) == code(Error::no_open_input));
  CHECK(engine.close_input(0, 0) == code(Error::no_open_input));
  CHECK(engine.begin_write(1) == 0);

  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"f","container":"none"})")) == 0);
  CHECK(engine.open_input(give(engine, R"({"number":2,"path":"g","container":"none"})")) == code(Error::input_already_open));
  CHECK(engine.refuse_input(give(engine, R"({"number":2,"path":"g","code":"a","message":"b"})")) == code(Error::input_already_open));
  CHECK(engine.hunt(give(engine, "{}")) == code(Error::input_already_open));
  CHECK(engine.begin_export() == code(Error::input_already_open));
  CHECK(engine.begin_import(0, 0) == code(Error::input_already_open));
  CHECK(engine.drop_part(1) == code(Error::input_already_open));
  CHECK(engine.plan_parts(give(engine, "x")) == code(Error::input_already_open));
  write(engine, row_at("10", kList) + "\n");
  REQUIRE(engine.close_input(0, 0) == 0);
  CHECK(engine.next_image() == code(Error::bad_store_image));
  CHECK(engine.import_image(give(engine, "x")) == code(Error::bad_store_image));
  CHECK(engine.end_import() == code(Error::bad_store_image));
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  CHECK(engine.report_json() == 0);
  const std::string whole(answer(engine));
  CHECK(engine.report_outline() == 0);
  CHECK(answer(engine).size() < whole.size());
  CHECK(answer(engine).find("\"sessions\":[") != std::string_view::npos);
  CHECK(engine.session_index() == 0);
  CHECK_FALSE(answer(engine).empty());
  CHECK(engine.session_resources() == 0);
  CHECK_FALSE(answer(engine).empty());
}

TEST_CASE("engine: arguments that mean nothing are refused, and change nothing") {
  Engine engine;
  for (const char* text :
       {"", "[]", "{}", R"({"number":1})", R"({"path":"f"})", R"({"number":-1,"path":"f"})", R"({"number":4294967296,"path":"f"})",
        R"({"number":1,"path":"f","part":{}})", R"({"number":1,"path":"f","part":{"id":1,"from":0,"to":1,"state":""}})",
        R"({"number":1,"path":"f","part":{"id":4294967296,"from":0,"to":1,"state":"","guess":false}})"}) {
    INFO(text);
    CHECK(engine.open_input(give(engine, text)) == code(Error::bad_argument_text));
    CHECK(engine.refuse_input(give(engine, text)) == code(Error::bad_argument_text));
  }
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"f","container":"none"})")) == 0);
  for (const char* text : {"", "[]", "{}", R"({"code":"a"})", R"({"message":"b"})", R"({"code":1,"message":"b"})"}) {
    INFO(text);
    CHECK(engine.note_input(give(engine, text)) == code(Error::bad_argument_text));
  }
  CHECK(engine.note_input(give(engine, R"({"code":"seen","message":"Something."})")) == 0);
  write(engine, row_at("10", kList) + "\n" + row_at("11", kRun) + "\n{bad}\n");
  CHECK(engine.end_write(1) == code(Error::write_too_long));
  REQUIRE(engine.close_input(0, 0) == 0);
  REQUIRE(engine.refuse_input(
              give(engine, R"({"number":2,"path":"g","container":"zip","bytes":7,"code":"encrypted","message":"It is locked."})")) == 0);
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  const std::string report(answer(engine));
  CHECK(report.find(R"({"code":"seen","message":"Something."})") != std::string::npos);
  CHECK(report.find(R"({"code":"encrypted","message":"It is locked."})") != std::string::npos);
  for (const char* text :
       {"", R"({"table":"x","form":"csv"})", R"({"table":"sessions","form":"x"})", R"({"table":"sessions","form":"timesketch"})",
        R"({"table":"sessions","form":"csv","sessions":[-1]})", R"({"table":"sessions","form":"csv","hidden":4294967296})"}) {
    INFO(text);
    CHECK(engine.report_table(give(engine, text)) == code(Error::bad_argument_text));
  }
  CHECK(engine.report_table(give(engine, R"({"table":"sessions","form":"csv","sessions":[0]})")) == 0);
  CHECK(engine.report_table(give(engine, R"({"table":"sessions","form":"csv","sessions":[0,1]})")) == code(Error::no_such_session));
  CHECK(engine.report_query(2, 0) == code(Error::bad_argument_text));
  CHECK(engine.report_query(0, 4) == code(Error::bad_argument_text));
  CHECK(engine.report_query(1, 3) == 0);
  CHECK(engine.session_events(1, 0, 1) == code(Error::no_such_session));
  CHECK(engine.rejects(2, 0, 1) == code(Error::no_such_input));
  CHECK(engine.rejects(0, 0, 1) == 0);
  for (const char* text : {R"({"window":"0s"})", R"({"look_back":"-1d"})", R"({"look_back":"0s"})", R"({"local_zone":{}})"}) {
    INFO(text);
    CHECK(engine.hunt(give(engine, text)) == code(Error::bad_setting));
  }
  CHECK(engine.hunt(give(engine, R"({"window":)")) == code(Error::bad_argument_text));
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  CHECK(answer(engine) == report);
}

TEST_CASE("engine: two files of one name and size, in either order, are one report") {
  const std::string listing = row_at("10", kList) + "\n", run = row_at("20", kRun) + "\n";
  const std::string blanks(8, ' '), broken = "{bad}\n";
  std::string other_time = listing, other_caller = listing, repaired = listing;
  other_time.replace(other_time.find("09:10"), 5, "09:11");
  other_caller.replace(other_caller.find("alice"), 5, "bobby");
  const std::string twice = listing.substr(0, listing.size() - 2) + R"(,"Caller":"alice@contoso.com"})"
                                                                    "\n";
  const std::string once = listing.substr(0, listing.size() - 2) + R"(,"Zaller":"alice@contoso.com"})"
                                                                   "\n";
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {listing + blanks, blanks + listing},                                        // offsets
      {listing, other_time},                                                       // times
      {listing, other_caller},                                                     // texts
      {listing + run, listing + std::string(run.size(), '\n')},                    // events more
      {broken + blanks + listing, blanks + broken + listing},                      // places of rejects and events
      {listing + broken + blanks, listing + blanks + broken},                      // places of rejects alone
      {listing + blanks, listing.substr(0, listing.size() - 2) + blanks + "}\n"},  // lengths
      {listing, listing},
      {broken + listing, broken + listing},
      {twice, once},  // a key that stands twice alone
  };
  for (const auto& [one, two] : pairs) {
    INFO(one << two);
    REQUIRE(one.size() == two.size());
    CHECK(told(one, two) == told(two, one));
  }
}
