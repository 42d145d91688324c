// Delimited files at the edges of their rules: a line that tells Excel the delimiter, a cell that only closes after rows have been doubted, zero
// bytes in front of a row, and what ends where the file does.
#include <algorithm>
#include <catch2/catch.hpp>

#include "bytes/csv_framer.h"
#include "reading.h"
#include "small_files.h"

using namespace csh;
using namespace csh::test;

namespace {

const std::string kRow = "2026-03-14 09:20:00Z,alice@contoso.com,a/b,Start,g,\n";

// In one block, and with a cut before each byte behind `uncut` ones.
void check_read(const std::string& text, uint64_t events, const std::vector<std::string>& rejects, size_t uncut = 0) {
  INFO(text.substr(uncut));
  Cuts every;
  for (size_t at = std::max<size_t>(uncut, 1); at < text.size(); ++at) every.push_back(at);
  for (const Cuts& cuts : {Cuts{}, every}) {
    const Reading reading = read_in_blocks(text, cuts);
    CHECK(reading.events() == events);
    CHECK(reading.rejects() == rejects);
    CHECK(reading.input().bytes == text.size());
    check_books(reading.input());
  }
}

std::string with_semicolons(std::string text) {
  for (char& c : text) c = c == ',' ? ';' : c;
  return text;
}

}  // namespace

TEST_CASE("csv edges: the line that tells Excel the delimiter is no row") {
  check_read("sep=,\n" + kHeader + kRow, 1, {});
  check_read(with_semicolons("sep=,\r\n" + kHeader + kRow), 1, {});
  // Anywhere else it is a row that is too short.
  const std::string text = kHeader + "sep=,\n" + kRow;
  check_read(text, 1, {"wrong_field_count " + std::to_string(kHeader.size()) + "+5 line 2"});
}

TEST_CASE("csv edges: behind a break a row that may be a cell's text is none, one that cannot be is") {
  const std::string broken = "\"x\"y,,,,,\n", open = "2026-03-14 09:20:00Z,b,\"c\n";
  const auto lost = [](const std::string& before, const std::string& span) {
    return std::vector<std::string>{"bad_quotes " + std::to_string(before.size()) + "+" + std::to_string(span.size()) + " line 2"};
  };
  // The next quote closes a cell before a comma or a line end: everything before it may have been inside.
  for (const char* close : {"d\",,\n", "d\"\n"}) {
    const std::string text = kHeader + broken + kRow + close;
    check_read(text, 0, lost(kHeader, broken + kRow + close));
  }
  // A quote before anything else, or a doubled one and then such a quote, was an opening one.
  for (const std::string& behind :
       {std::string("2026-03-14 09:21:00Z,b,\"c\",Start,g,\n"), std::string("2026-03-14 09:21:00Z,b,\"c\"\"d\",Start,g,\n")}) {
    check_read(kHeader + broken + kRow + behind, 2, lost(kHeader, broken));
  }
}

TEST_CASE("csv edges: zero bytes in front of a row are no part of it") {
  // Behind what is looked at first: a file that begins with them is no text.
  const std::string zeros(3, '\0'), front = kHeader + std::string(kSniffBytes, ' ') + "\n";
  const auto rejected = [&](size_t before, const char* line) {
    return std::vector<std::string>{"control_character " + std::to_string(front.size() + before) + "+3 line " + line};
  };
  check_read(front + zeros + kRow + kRow, 2, rejected(0, "3"), front.size());
  check_read(front + kRow + zeros, 1, rejected(kRow.size(), "4"), front.size());
  check_read(front + kRow + zeros + "\n" + kRow, 2, rejected(kRow.size(), "4"), front.size());
}

TEST_CASE("csv edges: the end of the file inside a row, a cell or a lost span") {
  const std::string short_row = "2026-03-14 09:20:00Z,alice", open_cell = "2026-03-14 09:20:00Z,\"alice\n" + kRow;
  const auto at = [](size_t begin, size_t length) { return std::to_string(begin) + "+" + std::to_string(length); };
  check_read(kHeader + kRow + short_row, 1, {"cut " + at(kHeader.size() + kRow.size(), short_row.size()) + " line 3"});
  check_read(kHeader + kRow + short_row + "\n", 1, {"wrong_field_count " + at(kHeader.size() + kRow.size(), short_row.size()) + " line 3"});
  check_read(kHeader + kRow + open_cell.substr(0, 30), 1, {"cut " + at(kHeader.size() + kRow.size(), 30) + " line 3"});
  check_read(kHeader + kRow + "2026-03-14 09:20:00Z,\xFF,a/b,Start,g,", 1,
             {"bad_utf8 " + at(kHeader.size() + kRow.size(), 35) + " line 3"});
}

TEST_CASE("csv edges: a framer goes on from its own state and from nothing else") {
  CsvFramer first(',');
  CHECK(first.state() == "-0");
  for (const char* state : {"", "q", "-", "x0", "x1a", "q2", "-0a", "q01"}) {
    INFO(state);
    CHECK_FALSE(first.resume(state));
  }
  for (const char* state : {"q0", "-0", "q1", "-1a,b", "q1\"a\",b"}) {
    INFO(state);
    CsvFramer framer(',');
    REQUIRE(framer.resume(state));
    CHECK(framer.state() == state);
  }
}

TEST_CASE("csv edges: where a part begins is guessed by rows; a header that stands there again is none of them") {
  const auto guessed = [](std::string text, bool last = true) {
    CsvFramer framer(',');
    REQUIRE(framer.resume("-1a,b"));
    const size_t size = text.size();
    text.append(kPadding, '\0');
    Guesser sink;
    return framer.guess(std::string_view(text).substr(0, size), last, sink);
  };
  CHECK(guessed("x\nk,1\nk,2\n") == 2);
  CHECK(guessed("x\na,b\nk,1\nk,2\n") == 2);
  CHECK(guessed("x\na,b\n") == std::string_view::npos);
  CHECK(guessed("x\nq,1\n") == std::string_view::npos);
  // A cell that is still open may hold rows: more is waited for, but not more than a megabyte.
  std::string rows;
  for (size_t row = 0; row < 100; ++row) rows += "k," + std::to_string(row) + "\n";
  CHECK(guessed("x\n\"q" + rows, false) == std::string_view::npos);
  const std::string open = "x\n\"q" + std::string(CsvFramer::kMaxCandidateBytes, 'q') + "\n";
  CHECK(guessed(open + rows, false) == open.size());
}

TEST_CASE("csv edges: a row that is too long and has no end, all in the last window") {
  const std::string row(kMaxRecordBytes + 1000, 'x'), text = "a,b\n1,2\n" + row;
  CsvFramer framer(',');
  const Framing framing = frame_in_blocks(framer, text, {}, [](std::string_view, Certainty) { return std::nullopt; });
  CHECK(framing.said == std::vector<std::string>{"header a,b", "1,2", "reject too_long " + row});
}
