// What decoding JSON Lines costs by itself, without a worker's messages or a file's slices: built twice as wasm, with the JSON kernel that ships and
// with simdjson's own fallback, and run in one go by scripts/bench. The file is read into memory first.
//   decode FILE MEBIBYTES RUNS     at most that much of the file, whole lines; one line of JSON on standard output
// Three measures, each over the same lines: `fields` asks simdjson alone for five fields of each record and takes the rest as read; `records` is the
// reader that validates every value; `events` is all of it, framing, shapes, times and the store included. `sum` is made of the five fields and the
// counts, so that two builds can be seen to have done the same.
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/framer.h"
#include "engine/input_reader.h"
#include "report/json.h"
#include "shapes/json_record.h"
#include "shapes/shape.h"
#include "store/event_store.h"

namespace {

constexpr size_t kBlock = 1u << 20;  // as workers hand bytes over

[[noreturn]] void fail(std::string_view sentence) {
  std::cerr << "decode: " << sentence << '\n';
  std::exit(2);
}

// Cheap, so that what is measured is the parser: the length of a text and its last byte.
void add(uint64_t& sum, std::string_view text) {
  sum = sum * 31 + text.size() * 256 + static_cast<unsigned char>(text.empty() ? '\0' : text.back());
}

std::string read_lines(const char* path, size_t most) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("the file cannot be opened");
  std::string text(most, '\0');
  in.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<size_t>(in.gcount()));
  const size_t end = text.rfind('\n');
  if (end == std::string::npos) fail("there is no whole line in it");
  text.resize(end + 1);
  text.append(csh::kPadding, '\0');
  return text;
}

template <class Each>
size_t for_each_line(std::string_view text, Each each) {
  size_t lines = 0;
  for (size_t at = 0; at < text.size(); ++lines) {
    const size_t end = text.find('\n', at);
    each(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

uint64_t five_fields(std::string_view text, size_t capacity) {
  uint64_t sum = 0;
  simdjson::ondemand::parser parser;
  const auto take = [&sum](simdjson::simdjson_result<simdjson::ondemand::value> value) {
    std::string_view found;
    if (value.get_string().get(found) == simdjson::SUCCESS) add(sum, found);
  };
  for_each_line(text, [&](std::string_view line) {
    simdjson::ondemand::document document;
    const size_t room = capacity - static_cast<size_t>(line.data() - text.data());
    if (parser.iterate(simdjson::padded_string_view(line.data(), line.size(), room)).get(document) != simdjson::SUCCESS)
      fail("a line is no JSON");
    take(document["time"]);
    take(document["resourceId"]);
    take(document["operationName"]);
    take(document["resultType"]);
    take(document["identity"]["claims"]["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"]);
  });
  return sum;
}

size_t records(std::string_view text) {
  const csh::FieldTree tree(csh::shapes());
  csh::JsonRecordReader reader(tree);
  csh::Record record(tree.slots());
  return for_each_line(text, [&](std::string_view line) {
    record.clear();
    if (reader.read(line, record)) fail("a line is no record");
  });
}

size_t events(std::string_view text) {
  csh::EventStore store;
  csh::Decoders decoders;
  store.add_input({});
  csh::InputReader reader(store, 0, decoders);
  for (size_t at = 0; at < text.size(); at += kBlock) {
    const std::string_view block = text.substr(at, kBlock);
    std::memcpy(reader.begin_write(block.size()), block.data(), block.size());
    reader.end_write(block.size());
  }
  reader.close(false, {});
  return store.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: decode FILE MEBIBYTES RUNS");
  const std::string held = read_lines(argv[1], static_cast<size_t>(std::strtoul(argv[2], nullptr, 10)) << 20);
  const std::string_view text(held.data(), held.size() - csh::kPadding);
  const unsigned long runs = std::strtoul(argv[3], nullptr, 10);

  std::string out;
  csh::JsonWriter json(out);
  json.begin_object();
  json.text("kernel", simdjson::get_active_implementation()->name());
  json.number("bytes", text.size());
  uint64_t sum = 0;
  const auto measure = [&](std::string_view name, auto work) {
    json.key(name);
    json.begin_list();
    for (unsigned long run = 0; run <= runs; ++run) {
      const auto started = std::chrono::steady_clock::now();
      const uint64_t result = work();
      const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
      if (run == 0) sum = sum * 31 + result;  // the first run warms up
      if (run > 0) json.number(static_cast<uint64_t>(micros.count()));
    }
    json.end_list();
  };
  measure("fields", [&] { return five_fields(text, held.size()); });
  measure("records", [&] { return records(text); });
  measure("events", [&] { return events(text); });
  json.text("sum", std::to_string(sum));
  json.end_object();
  std::cout << out << '\n';
  return 0;
}
