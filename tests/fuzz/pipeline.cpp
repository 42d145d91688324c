// A whole input through the engine, from bytes to report: the books balance, and two ways of cutting it give the same bytes.
// Input: one byte for what stands in front, one for the cuts, then the rest. What stands in front ends in blanks, as long as the engine looks
// at before it begins; behind it cuts count.
#include <cstring>
#include <string>

#include "body.h"
#include "bytes/sniff.h"
#include "engine/engine.h"
#include "engine/input_reader.h"
#include "report/report.h"

namespace {

using namespace csh;

uint32_t give(Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

std::string report(std::string_view front, std::string_view text, uint32_t seed, size_t most) {
  Engine engine;
  fuzz::check(engine.open_input(give(engine, R"({"number":1,"path":"f","container":"none"})")) == 0, "an input opens");
  const auto write = [&](std::string_view block) {
    std::memcpy(reinterpret_cast<void*>(engine.begin_write(static_cast<uint32_t>(block.size()))), block.data(), block.size());
    fuzz::check(engine.end_write(static_cast<uint32_t>(block.size())) == 0, "a block is written");
  };
  fuzz::Cutter cutter(seed);
  if (most == 0) {
    std::string all(front);
    write(all.append(text));
  } else {
    write(front);
    for (size_t from = 0; from < text.size();) {
      const size_t block = std::min(cutter.next(most), text.size() - from);
      write(text.substr(from, block));
      from += block;
    }
  }
  fuzz::check(engine.close_input(0, 0) == 0, "an input closes");
  fuzz::check(engine.hunt(give(engine, "{}")) == 0, "it can be hunted in");
  std::string all;
  const auto keep = [&](uint32_t code) {
    fuzz::check(code == 0, "it answers");
    all.append(reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()).append("\n");
  };
  keep(engine.report_json());
  for (const std::string_view table : {"sessions", "operations", "events", "sentinel"}) {
    for (const std::string_view form : {"csv", "csv-raw", "markdown"}) {
      std::string argument = R"({"table":")";
      argument.append(table).append(R"(","form":")").append(form).append(R"("})");
      keep(engine.report_table(give(engine, argument)));
    }
  }
  keep(engine.report_table(give(engine, R"({"table":"events","form":"timesketch"})")));
  for (uint32_t dialect = 0; dialect < kDialects; ++dialect) {
    keep(engine.report_query(0, dialect));
    keep(engine.report_query(1, dialect));
  }
  keep(engine.rejects(0, 0, 100));
  while (engine.session_events(seed, 0, 100) == 0) {
    keep(0);
    ++seed;
    if (seed > 300) break;
  }
  return all;
}

void check_books(std::string_view front, std::string_view text) {
  EventStore store;
  Decoders decoders;
  InputReader reader(store, store.add_input({}), decoders);
  for (const std::string_view block : {front, text}) {
    std::memcpy(reader.begin_write(block.size()), block.data(), block.size());
    reader.end_write(block.size());
  }
  reader.close(false, {});
  const Input& input = store.inputs().front();
  fuzz::check(input.framed == input.events + input.other + input.rejected, "framed = events + other + rejected");
  fuzz::check(input.bytes == front.size() + text.size(), "all bytes are counted");
  fuzz::check(input.bytes == input.record_bytes + input.structure_bytes + input.rejected_bytes, "bytes = records + structure + rejected");
  fuzz::check(input.events == store.size(), "events are what the store holds");
}

std::string padded(std::string head) {
  head.append(kSniffBytes - head.size() - 1, ' ');
  return head + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string kFronts[] = {
      padded("{\"TimeGenerated\":\"2026-03-14T09:00:00Z\",\"Caller\":\"a\"}\n"),
      padded("[{\"eventTimestamp\":\"2026-03-14T09:00:00Z\",\"caller\":\"a\"},"),
      padded("{\"value\":[{\"eventTimestamp\":\"2026-03-14T09:00:00Z\",\"caller\":\"a\"},"),
      padded("TimeGenerated,Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\n"),
      std::string(),
  };
  if (size < 2) return 0;
  const std::string& front = kFronts[data[0] % std::size(kFronts)];
  const std::string_view text = fuzz::text_of(data + 2, size - 2);
  check_books(front, text);
  fuzz::check(report(front, text, 0, 0) == report(front, text, 0, 1 + data[1] % 64), "any cut gives the same report");
  return 0;
}
