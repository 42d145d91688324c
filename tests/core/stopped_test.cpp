// Inputs whose bytes stop early, for a reason that only the caller knows, and inputs that need not be read any further. What was read must be
// counted as ever, and what is said must be true of the file: where the reading stopped, nothing is known of the file's own end.
#include <simdjson.h>

#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

const std::string kEvent =
    R"({"TimeGenerated":"2026-03-14T09:10:00Z","Caller":"alice","OperationNameValue":"a/b","ActivityStatusValue":"Success","ResourceGroup":"g"})";

void open(Engine& engine) { REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"file","container":"none"})")) == 0); }

struct Books {
  uint64_t bytes, events, rejected, structure;
  bool cut, refused;
  std::vector<std::string> notes;
};

Books books_of(Engine& engine) {
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(answer(engine));
  simdjson::dom::element root;
  REQUIRE(parser.parse(padded).get(root) == simdjson::SUCCESS);
  const simdjson::dom::element input = root["inputs"].at(0);
  Books books{input["bytes"].get_uint64().value(),
              input["events"].get_uint64().value(),
              input["rejected"].get_uint64().value(),
              input["structure_bytes"].get_uint64().value(),
              input["cut"].get_bool().value(),
              input["refused"].get_bool().value(),
              {}};
  const simdjson::dom::array notes = input["notes"];
  for (const simdjson::dom::element note : notes) books.notes.emplace_back(note["code"].get_string().value());
  return books;
}

bool has(const Books& books, std::string_view code) { return std::find(books.notes.begin(), books.notes.end(), code) != books.notes.end(); }

}  // namespace

TEST_CASE("stopped: the reason for it is said, and nothing of the file's own end") {
  const std::string text = kEvent + "\n" + kEvent + "\n" + kEvent.substr(0, 40);
  Engine engine;
  open(engine);
  write(engine, text);
  REQUIRE(engine.close_input(1, give(engine, "The disk is gone.")) == 0);
  const Books stopped = books_of(engine);
  CHECK(stopped.events == 2);
  CHECK(stopped.rejected == 1);
  CHECK(stopped.bytes == text.size());
  CHECK(stopped.cut);
  CHECK(has(stopped, "cut"));
  CHECK_FALSE(has(stopped, "truncated"));

  Engine whole;
  open(whole);
  write(whole, text);
  REQUIRE(whole.close_input(0, 0) == 0);
  const Books ended = books_of(whole);
  CHECK(ended.cut);
  CHECK(has(ended, "truncated"));
  CHECK_FALSE(has(ended, "cut"));
}

TEST_CASE("refused by its beginning: what is skipped counts as what is read and not looked at") {
  const std::string text(600'000, '\0');
  const auto [written, next] = GENERATE(table<size_t, size_t>({{300'000, 300'000}, {300'000, 100'000}, {600'000, 0}}));
  Engine read;
  open(read);
  write(read, text);
  REQUIRE(read.close_input(0, 0) == 0);
  const std::string expected = all_answers(read);

  Engine engine;
  open(engine);
  CHECK(engine.input_refused() == 0);
  write(engine, std::string_view(text).substr(0, written));
  REQUIRE(engine.input_refused() == 1);
  for (size_t at = written; at < text.size(); at += next) {
    REQUIRE(engine.skip_input(give(engine, R"({"bytes":)" + std::to_string(next) + "}")) == 0);
    REQUIRE(engine.progress() == 0);
    CHECK(answer(engine).find(R"("bytes":)" + std::to_string(at + next)) != std::string_view::npos);
  }
  REQUIRE(engine.close_input(0, 0) == 0);
  CHECK(all_answers(engine) == expected);
  const Books books = books_of(engine);
  CHECK(books.refused);
  CHECK(books.bytes == text.size());
  CHECK(books.structure == text.size());
}

TEST_CASE("what is not refused cannot be skipped") {
  Engine engine;
  CHECK(engine.input_refused() == 0);
  CHECK(engine.skip_input(give(engine, R"({"bytes":1})")) != 0);
  open(engine);
  write(engine, kEvent + "\n");
  CHECK(engine.input_refused() == 0);
  CHECK(engine.skip_input(give(engine, R"({"bytes":1})")) != 0);
  REQUIRE(engine.close_input(0, 0) == 0);
  CHECK(books_of(engine).bytes == kEvent.size() + 1);

  Engine binary;
  open(binary);
  write(binary, std::string(400'000, '\0'));
  REQUIRE(binary.input_refused() == 1);
  for (const std::string_view text : {"", "{}", R"({"bytes":-1})", R"({"bytes":"1"})"}) CHECK(binary.skip_input(give(binary, text)) != 0);
  REQUIRE(binary.close_input(0, 0) == 0);
}
