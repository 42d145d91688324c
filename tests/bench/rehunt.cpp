// How long a hunt over everything held takes again after each kind of changed setting, natively or as wasm in Node, and how much of it is the report.
// scripts/bench measures the same in the page; this is for a profiler.
//   rehunt FILE [RUNS]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace {

using Clock = std::chrono::steady_clock;

uint32_t give(csh::Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

double millis(Clock::time_point from, Clock::time_point to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
  csh::Engine engine;
  if (engine.open_input(give(engine, R"({"number":0,"path":"file","container":"none"})")) != 0) return 1;
  std::FILE* const file = std::fopen(argv[1], "rb");
  if (file == nullptr) return 1;
  constexpr uint32_t kBlock = 256u << 10;
  for (;;) {
    void* const room = reinterpret_cast<void*>(engine.begin_write(kBlock));
    if (room == nullptr) break;
    const auto got = static_cast<uint32_t>(std::fread(room, 1, kBlock, file));
    if (engine.end_write(got) != 0 || got < kBlock) break;
  }
  std::fclose(file);
  if (engine.close_input(0, 0) != 0) return 1;
  const std::vector<std::pair<std::string_view, std::string_view>> settings = {
      {"first", "{}"},
      {"window", R"({"window":"2h"})"},
      {"back", "{}"},
      {"look-back", R"({"look_back":"1d"})"},
      {"as of", R"({"look_back":"1d","as_of":"2026-03-14T09:00:00Z"})"},
      {"Succeeded", R"({"succeeded_is_success":false})"},
      {"date order", R"({"date_order":"day-first"})"},
      {"offset", R"({"local_offset":"+05:30"})"},
  };
  for (int run = 0; run < runs; ++run) {
    for (const auto& [name, text] : settings) {
      const Clock::time_point start = Clock::now();
      if (engine.hunt(give(engine, text)) != 0) return 1;
      const Clock::time_point hunted = Clock::now();
      if (engine.report_json() != 0) return 1;
      const Clock::time_point told = Clock::now();
      const uint32_t report_bytes = engine.answer_bytes();
      if (engine.session_index() != 0) return 1;
      std::printf("%-11s hunt %7.1f ms, report %7.1f ms, %u bytes, index %7.1f ms, %u bytes\n", name.data(), millis(start, hunted),
                  millis(hunted, told), report_bytes, millis(told, Clock::now()), engine.answer_bytes());
    }
  }
  return 0;
}
