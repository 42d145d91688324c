// What an input is, by its content alone: the formats that are read, and those that are named and refused, each with a sentence of its own.
#include "bytes/sniff.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

Sniffed sniffed(std::string text, bool whole = true) {
  static Decoders decoders;
  const size_t length = text.size();
  text.append(kPadding, '\0');
  return sniff(std::string_view(text).substr(0, length), whole, [](std::string_view part) { return decoders.json.is_json(part); });
}

Format format_of(const std::string& text, bool whole = true) { return sniffed(text, whole).format; }

struct Case {
  const char* about;
  std::string head;
};

}  // namespace

TEST_CASE("sniff: nothing and blanks are blank") {
  for (const char* text : {"", " ", "\n", "\r\n\t \r\n"}) CHECK(format_of(text) == Format::blank);
}

TEST_CASE("sniff: JSON Lines have a whole object on a line") {
  for (const Case& it : std::vector<Case>{
           {"lines", "{\"a\":1}\n{\"b\":2}\n"},
           {"one line", "{\"a\":1}"},
           {"carriage returns", "{\"a\":1}\r\n{\"b\":2}\r\n"},
           {"blank lines in front", "\n\n{\"a\":1}\n"},
           {"a bad first line", "{\"a\":1\n{\"b\":2}\n"},
           {"a word in front", "garbage\n{\"b\":2}\n"},
           {"a page a line", "{\"records\":[{\"a\":1}]}\n{\"records\":[{\"a\":1}]}\n"},
       }) {
    INFO(it.about);
    CHECK(format_of(it.head) == Format::json_lines);
  }
}

TEST_CASE("sniff: all other JSON") {
  for (const Case& it : std::vector<Case>{
           {"list", "[{\"a\":1}]"},
           {"list, an object a line", "[\n{\"a\":1},\n{\"b\":2}\n]\n"},
           {"list, brackets on lines of records", "[{\"a\":1},\n{\"b\":2}]"},
           {"pretty object", "{\n  \"a\": 1\n}\n"},
           {"pretty object with a whole object on a line", "{\n\"a\":\n{\"b\":1}\n}\n"},
           {"pretty page", "{\n  \"value\": [\n    {\"a\":1},\n    {\"b\":2}\n  ]\n}\n"},
           {"pretty page without indents", "{\n\"value\": [\n{\"a\":1},\n{\"b\":2}\n]\n}\n"},
           {"pretty objects one after the other", "{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}\n"},
       }) {
    INFO(it.about);
    CHECK(format_of(it.head) == Format::json);
  }
  // A first line that has not ended yet is no line.
  CHECK(format_of("{\"a\":[1,", false) == Format::json);
  CHECK(format_of("{\"a\":1}", false) == Format::json);
}

TEST_CASE("sniff: tables by their header's delimiter") {
  const auto delimiter = [](const std::string& text) {
    const Sniffed found = sniffed(text);
    CHECK(found.format == Format::csv);
    return found.delimiter;
  };
  CHECK(delimiter("a,b\n1,2\n") == ',');
  CHECK(delimiter("a;b;c\n1,2;3;4\n") == ';');
  CHECK(delimiter("a\tb\n1\t2\n") == '\t');
  CHECK(delimiter("a|b\n1|2\n") == '|');
  CHECK(delimiter("\"a,x,y\";\"b\"\n") == ';');
  CHECK(delimiter("\"TimeGenerated [UTC]\",Caller\n\"5/29/2026, 10:26:20.038 PM\",x\n") == ',');
  CHECK(delimiter("a,b") == ',');
  CHECK(delimiter("\n\na,b\r1,2\r") == ',');
}

TEST_CASE("sniff: what is not read is named, each with its code and a sentence that says what to do") {
  using namespace std::string_literals;
  const std::vector<std::pair<Format, Case>> cases = {
      {Format::gzip, {"gzip", "\x1F\x8B\x08\x00 rest"s}},
      {Format::zip, {"zip", "PK\x03\x04 folder/PT1H.json"s}},
      {Format::xlsx, {"workbook", "PK\x03\x04 [Content_Types].xml xl/workbook.xml"s}},
      {Format::parquet, {"parquet", "PAR1 rest"s}},
      {Format::avro, {"avro", "Obj\x01 rest"s}},
      {Format::html, {"page", "<!DOCTYPE html><html>"s}},
      {Format::html, {"page without a type", "\n<HTML><body>"s}},
      {Format::html, {"XML", "<?xml version=\"1.0\"?>"s}},
      {Format::powershell_list, {"list text", "\nAuthorization        : Microsoft.Azure.Commands\nCaller               : alice\n"s}},
      {Format::image, {"PNG", "\x89PNG\r\n"s}},
      {Format::image, {"JPEG", "\xFF\xD8\xFF\xE0"s}},
      {Format::image, {"GIF", "GIF89a"s}},
      {Format::binary, {"bytes", "\x01\x02\x00\x03\x04\x00"s}},
      {Format::binary,
       {"a program",
        "\x7F"
        "ELF\x02\x01\x01\x00\x00\x00,"s}},
      {Format::text, {"a word", "hello"s}},
      {Format::text, {"lines", "first line\nsecond line\n"s}},
  };
  std::set<std::string_view> codes, sentences;
  std::set<Format> formats;
  for (const auto& [format, it] : cases) {
    INFO(it.about);
    CHECK(format_of(it.head) == format);
    const Reading reading = read_in_blocks(it.head);
    CHECK(reading.input().refused);
    CHECK(reading.input().framed == 0);
    REQUIRE(reading.input().notes.size() == 1);
    CHECK(reading.input().notes[0].code == refusal_code(format));
    CHECK(reading.input().notes[0].message == refusal_of(format));
    CHECK(refusal_of(format).ends_with("."));
    formats.insert(format);
    codes.insert(refusal_code(format));
    sentences.insert(refusal_of(format));
  }
  CHECK(codes.size() == formats.size());
  CHECK(sentences.size() == formats.size());
  for (const Format read : {Format::blank, Format::json_lines, Format::json, Format::csv}) {
    CHECK(refusal_of(read).empty());
    CHECK(refusal_code(read).empty());
  }
}

TEST_CASE("sniff: a byte order mark in front changes nothing") {
  for (const std::string text :
       {"{\"TimeGenerated\":\"2026-03-14T09:00:00Z\",\"Caller\":\"c\"}\n",
        "[{\"TimeGenerated\":\"2026-03-14T09:00:00Z\",\"Caller\":\"c\"}]", "TimeGenerated,Caller\n2026-03-14T09:00:00Z,c\n"}) {
    const Reading marked = read_in_blocks("\xEF\xBB\xBF" + text);
    CHECK(marked.events() == 1);
    CHECK(marked.input().encoding == "utf-8-bom");
    CHECK(marked.store->offset(0) == read_in_blocks(text).store->offset(0) + 3);
  }
  CHECK(read_in_blocks("\xEF\xBB\xBF").input().framed == 0);
}

TEST_CASE("sniff: an empty input and one without records say so") {
  CHECK(read_in_blocks("").has_note("empty"));
  CHECK(read_in_blocks(" \n").has_note("empty"));
  CHECK(read_in_blocks("[]").has_note("no_records"));
  CHECK(read_in_blocks("{\"value\":[]}").has_note("no_records"));
  CHECK(read_in_blocks("TimeGenerated,Caller\n").has_note("no_records"));
  for (const char* text : {"", " \n", "[]", "TimeGenerated,Caller\n"}) CHECK_FALSE(read_in_blocks(text).input().refused);
}

TEST_CASE("sniff: the format is told by the same beginning however long the first block is") {
  // The first line is longer than what is looked at; a damaged line stands far behind it.
  const std::string text = "{\"TimeGenerated\":\"2026-03-14T09:00:00Z\",\"Caller\":\"" + std::string(kSniffBytes, 'x') +
                           "\"}\n{\"TimeGenerated\":\"2026\n{bad}\n" + "{\"TimeGenerated\":\"2026-03-14T09:00:00Z\",\"Caller\":\"y\"}\n";
  const Reading whole = read_in_blocks(text), cut = read_in_blocks(text, {kSniffBytes, kSniffBytes + 5}),
                shorter = read_in_blocks(text, {kSniffBytes - 1});
  CHECK(cut.rejects() == whole.rejects());
  CHECK(shorter.rejects() == whole.rejects());
  CHECK(cut.events() == whole.events());
}
