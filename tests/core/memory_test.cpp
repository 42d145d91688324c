// Memory that ends: whichever allocation fails, and wherever the heap's ceiling lies, reading gives the right answer, or a result that says of itself
// that it is partial and is exactly what the blocks taken so far give; or a clean Error. Never another total.
// This program has its own operator new and, for what the core asks of malloc itself, a malloc in front of the real one (--wrap).
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/reserve.h"

namespace {

// What the heap does while `watched`.
struct Heap {
  bool watched = false;
  uint64_t calls = 0, fail_at = 0;          // 0: no call fails
  uint64_t held = 0, ceiling = UINT64_MAX;  // bytes
};
Heap heap;

}  // namespace

extern "C" void* __real_malloc(size_t size);
extern "C" void __real_free(void* place);

extern "C" void* __wrap_malloc(size_t size) {
  if (heap.watched && (++heap.calls == heap.fail_at || heap.held + size > heap.ceiling)) return nullptr;
  void* const place = __real_malloc(size);
  heap.held += malloc_usable_size(place);
  return place;
}

extern "C" void __wrap_free(void* place) {
  if (place != nullptr) heap.held -= malloc_usable_size(place);
  __real_free(place);
}

namespace {

void* allocate(size_t size) {
  for (;;) {
    if (void* const place = __wrap_malloc(size == 0 ? 1 : size)) return place;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) std::abort();
    handler();
  }
}

}  // namespace

void* operator new(size_t size) { return allocate(size); }
void* operator new[](size_t size) { return allocate(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* place) noexcept { __wrap_free(place); }
void operator delete[](void* place) noexcept { __wrap_free(place); }
void operator delete(void* place, size_t) noexcept { __wrap_free(place); }
void operator delete[](void* place, size_t) noexcept { __wrap_free(place); }

namespace {

using namespace csh;

constexpr uint32_t kOutOfMemory = static_cast<uint32_t>(Error::out_of_memory);

uint32_t give(Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

std::string answer(const Engine& engine) { return {reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()}; }

// A shell and what was done in it, with texts of their own in each event, a bad line, and a line that is cut.
std::string lines(int events) {
  std::string text;
  for (int i = 0; i < events; ++i) {
    const std::string number = std::to_string(i), two = (i % 60 < 10 ? "0" : "") + std::to_string(i % 60);
    text += R"({"TimeGenerated":"2026-03-14T09:)" + two + R"(:00Z","Caller":"caller)" + std::to_string(i % 3) + R"(@contoso.example",)";
    text += i % 7 == 0
                ? R"("OperationNameValue":"Microsoft.Storage/storageAccounts/listKeys/action","ResourceGroup":"cloud-shell-storage-weu",)"
                : R"("OperationNameValue":"Microsoft.Compute/virtualMachines/write","ResourceGroup":"rg",)";
    text += R"("ActivityStatusValue":"Success","CallerIpAddress":"203.0.113.)" + std::to_string(i % 9) + R"(","CorrelationId":"c)" +
            number + R"(","EventDataId":"e)" + number + R"(","_ResourceId":"/subscriptions/s/resourceGroups/rg/providers/p/t/)" + number +
            R"(","Claims_d":{"appid":"b677c290-cf4b-4a8e-a60e-91ba650a4abe"}})"
            "\n";
    if (i % 11 == 10) text += "{\"bad\": }\n";
  }
  return text;
}

struct Outcome {
  size_t blocks = 0;   // taken
  uint32_t error = 0;  // of the hunt; then there is no report
  std::string report;
  bool operator==(const Outcome&) const = default;
};

// Reads `text` in blocks, at most `most` of them, and hunts. Stops as a worker does where no block is taken.
Outcome read(Engine& engine, std::string_view text, size_t block, size_t most = SIZE_MAX) {
  Outcome outcome;
  if (engine.open_input(give(engine, R"({"number":0,"path":"file","container":"none"})")) != 0) std::abort();
  bool full = false;
  for (size_t at = 0; at < text.size(); at += block) {
    const std::string_view piece = text.substr(at, block);
    const uintptr_t room = outcome.blocks == most ? 0 : engine.begin_write(static_cast<uint32_t>(piece.size()));
    full = room == 0;
    if (full) break;
    std::memcpy(reinterpret_cast<void*>(room), piece.data(), piece.size());
    if (engine.end_write(static_cast<uint32_t>(piece.size())) != 0) std::abort();
    ++outcome.blocks;
  }
  if (engine.close_input(full ? 2 : 0, 0) != 0) std::abort();
  outcome.error = engine.hunt(give(engine, "{}"));
  if (outcome.error != 0) return outcome;
  if (engine.report_json() != 0) std::abort();
  outcome.report = answer(engine);
  return outcome;
}

Outcome expected(std::string_view text, size_t block, size_t blocks) {
  Engine engine;
  return read(engine, text, block, blocks);
}

// Runs `run` in a process of its own; the signal that ended it, or its exit status.
template <class Run>
std::pair<int, int> apart(const Run& run) {
  const pid_t child = fork();
  if (child == 0) _exit(run());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? std::pair(WTERMSIG(status), 0) : std::pair(0, WEXITSTATUS(status));
}

// How a run ended; other values are failures of the test.
enum Ending { kWhole = 10, kPartial, kRefused, kEndedBefore, kWrong = 99 };

}  // namespace

TEST_CASE("memory: whichever allocation fails, the result is the right one or says where it stopped") {
  const std::string text = lines(20);
  constexpr size_t kBlock = 500;
  const size_t all = (text.size() + kBlock - 1) / kBlock;
  std::vector<std::string> right;
  for (size_t blocks = 0; blocks <= all; ++blocks) right.push_back(expected(text, kBlock, blocks).report);
  // Copied by every fork: an engine takes longer to make than the rest.
  Engine engine;
  REQUIRE(fill_reserve());
  std::map<int, int> endings;
  uint64_t n = 1;
  for (;; ++n) {
    const auto [signal, ending] = apart([&] {
      heap.calls = 0;
      heap.fail_at = n;
      heap.watched = true;
      const Outcome outcome = read(engine, text, kBlock);
      heap.watched = false;
      if (heap.calls < n) return static_cast<int>(kEndedBefore);
      if (outcome.error != 0) return static_cast<int>(outcome.error == kOutOfMemory ? kRefused : kWrong);
      const bool partial = outcome.report.find("\"memory_full\"") != std::string::npos;
      if (outcome.report != right[outcome.blocks] || partial != (outcome.blocks < all)) return static_cast<int>(kWrong);
      return static_cast<int>(partial ? kPartial : kWhole);
    });
    INFO("allocation " << n);
    REQUIRE(signal == 0);
    REQUIRE(ending != kWrong);
    if (ending == kEndedBefore) break;
    ++endings[ending];
  }
  CHECK(n > 500);
  CHECK(endings[kWhole] > 100);
  CHECK(endings[kPartial] > 10);
  CHECK(endings[kRefused] > 0);  // the hunt asked whether there is room for it
}

TEST_CASE("memory: wherever the heap ends, a run ends with a right result, a partial one, an Error, or by a trap") {
  const std::string text = lines(20'000);
  constexpr size_t kBlock = 64u << 10;
  const std::string whole = expected(text, kBlock, SIZE_MAX).report;
  Engine engine;
  std::map<int, int> endings;
  for (uint64_t ceiling = 0; ceiling < 32u << 20; ceiling += (1u << 20) + 4321) {
    const auto [signal, ending] = apart([&] {
      heap.ceiling = heap.held + ceiling;
      heap.watched = true;
      const Outcome outcome = read(engine, text, kBlock);
      heap.watched = false;
      if (outcome.error != 0) return static_cast<int>(outcome.error == kOutOfMemory ? kRefused : kWrong);
      if (outcome.report == whole) return static_cast<int>(kWhole);
      if (outcome.report.find("\"memory_full\"") == std::string::npos) return static_cast<int>(kWrong);
      return static_cast<int>(outcome.report == expected(text, kBlock, outcome.blocks).report ? kPartial : kWrong);
    });
    INFO("ceiling " << ceiling);
    REQUIRE((signal == 0 || signal == SIGABRT));
    REQUIRE((signal != 0 || ending != kWrong));
    ++endings[signal != 0 ? kEndedBefore : ending];
  }
  CHECK(endings[kWhole] > 0);
  CHECK(endings[kPartial] > 0);
  CHECK(endings[kEndedBefore] < 12);
}

TEST_CASE("memory: a limit stops the reading where so much is held, and nothing more is taken") {
  const std::string text = lines(20'000);
  constexpr size_t kBlock = 64u << 10;
  Engine engine;
  engine.limit_memory(4);
  const Outcome outcome = read(engine, text, kBlock);
  CHECK(outcome.blocks > 1);
  CHECK(outcome.blocks < text.size() / kBlock);
  CHECK(outcome == expected(text, kBlock, outcome.blocks));
  CHECK(outcome.report.find("\"cut\":true") != std::string::npos);
  CHECK(outcome.report.find("\"truncated\"") == std::string::npos);
  // A second input finds it full from the start.
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"next","container":"none"})")) == 0);
  CHECK(engine.begin_write(kBlock) == 0);
  REQUIRE(engine.close_input(2, 0) == 0);
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  CHECK(answer(engine).find("Memory is full: reading stopped after 0 bytes. The 0 events read until then") != std::string::npos);
}

TEST_CASE("memory: a store that does not fit is not begun to be imported") {
  Engine engine;
  engine.limit_memory(8);
  CHECK(engine.begin_import(7 * 1024, 100) == 0);
  REQUIRE(engine.end_import() == 0);
  CHECK(engine.begin_import(9 * 1024, 1) == kOutOfMemory);
  CHECK(engine.begin_import(7 * 1024, 100'000) == kOutOfMemory);  // a hunt over it does not fit
  CHECK(engine.begin_import(7 * 1024, 100'000, true) == kOutOfMemory);
  CHECK(answer(engine).find("Memory is full") == 0);
  CHECK(engine.end_import() != 0);
  // What was held before is still there to be hunted in.
  const Outcome outcome = read(engine, lines(10), 500);
  CHECK(outcome == expected(lines(10), 500, SIZE_MAX));
}

TEST_CASE("memory: the reserve is filled once, spent once, and filled again") {
  REQUIRE(fill_reserve());
  CHECK_FALSE(reserve_is_spent());
  std::get_new_handler()();
  CHECK(reserve_is_spent());
  REQUIRE(fill_reserve());
  CHECK_FALSE(reserve_is_spent());
  CHECK(room_for(1000));
  heap.ceiling = heap.held + 1000;
  heap.watched = true;
  const bool fits = room_for(2000);
  heap.watched = false;
  heap.ceiling = UINT64_MAX;
  CHECK_FALSE(fits);
}
