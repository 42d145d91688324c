// What is told of sessions while files are still being read: the same events are signals as in the hunt, each is told once, and a call is bounded.
#include "hunt/signals.h"
#include "engine/engine.h"
#include "scenario.h"

using namespace csh;
using namespace csh::test;

namespace {

// "alice@contoso.com 09:00 storage_listing in_shell"
Texts lines(const NewSignals& found) {
  Texts out;
  for (const NewSignal& signal : found.signals) {
    out.push_back(std::string(signal.caller) + " " + clock(signal.time) + " " + std::string(signal_name(signal.kind)) +
                  (signal.in_shell ? " in_shell" : ""));
  }
  return out;
}

void append(EventStore& store, uint32_t input, Ticks time, std::string_view operation, uint16_t flags = 0,
            std::string_view caller = kAlice) {
  EventFields fields;
  fields.time = time;
  fields[Column::caller] = caller;
  fields[Column::operation] = operation;
  fields[Column::status] = "Success";
  fields.flags = flags;
  store.append(input, fields);
}

uint32_t new_input(EventStore& store) { return store.add_input({}); }

}  // namespace

TEST_CASE("signals so far: the hunt's own, in the order of the file") {
  Scenario log;
  log.event(kBob, "11:00", "MICROSOFT.PORTAL/CONSOLES/WRITE", "Started");
  log.listing(kAlice, "09:00");
  log.event(kAlice, "09:05", kListKeys, "Succeeded").group("MY-CLOUD-SHELL-STORAGE-1").app(kConsoleApp);
  log.event(kAlice, "09:10", kRunCommand).app(kCloudShellApp);
  // None of these is one.
  log.event(kAlice, "09:20", kRunCommand).app(kPortalApp);
  log.event(kAlice, "09:21", kListKeys, "Start").group(kShellGroup);
  log.event(kAlice, "09:22", kListKeys).group("production");
  log.event(kAlice, "09:23", kConsoleWrite, "Failure");
  log.event(kAlice, "09:24", "").app(kConsoleApp);
  const Result result = log.hunt();
  SignalsSoFar signals;
  CHECK(lines(signals.next(*result.store)) ==
        Texts{std::string(kBob) + " 11:00 console_write", std::string(kAlice) + " 09:00 storage_listing",
              std::string(kAlice) + " 09:05 storage_listing in_shell", std::string(kAlice) + " 09:10 shell_app in_shell"});
  size_t in_hunt = 0;
  for (const Session& session : result.findings.sessions) in_hunt += session.signals.size();
  CHECK(in_hunt == 4);
  CHECK(lines(signals.next(*result.store)).empty());
}

TEST_CASE("signals so far: without a caller or a time nothing, without a zone or a date order a number") {
  EventStore store;
  const uint32_t input = new_input(store);
  append(store, input, at("09:00"), kConsoleWrite, 0, "");
  append(store, input, kNoTime, kConsoleWrite);
  append(store, input, kNoTime, kConsoleWrite, kZoneless);
  append(store, input, at("09:00"), kConsoleWrite, kZoneless);
  append(store, input, at("09:00"), kConsoleWrite, kEitherOrder);
  append(store, input, at("09:00"), kRunCommand, kZoneless);
  SignalsSoFar signals;
  const NewSignals found = signals.next(store);
  CHECK(found.signals.empty());
  CHECK(found.zoneless == 2);
  CHECK(found.waiting == 0);
}

TEST_CASE("signals so far: each call goes on where the last one ended, and tells 2,000 at most") {
  for (const uint32_t count : {1999u, 2000u, 2001u, 4500u}) {
    EventStore store;
    const uint32_t input = new_input(store);
    for (uint32_t i = 0; i < count; ++i) {
      append(store, input, at("09:00") + i, kConsoleWrite);
      append(store, input, at("09:00") + i, kRunCommand);
    }
    SignalsSoFar signals;
    std::vector<uint32_t> told, waiting;
    Ticks expected = at("09:00");
    for (int call = 0; call < 4; ++call) {
      const NewSignals found = signals.next(store);
      for (const NewSignal& signal : found.signals) CHECK(signal.time == expected++);
      told.push_back(static_cast<uint32_t>(found.signals.size()));
      waiting.push_back(found.waiting);
    }
    INFO(count);
    CHECK(told == std::vector<uint32_t>{std::min(count, 2000u), count <= 2000 ? 0 : std::min(count - 2000, 2000u),
                                        count <= 4000 ? 0 : count - 4000, 0});
    // The event behind the 2,000th signal has not been looked at.
    CHECK(waiting[0] == (count < 2000 ? 0 : 2 * (count - 2000) + 1));
    CHECK(waiting[3] == 0);
  }
}

TEST_CASE("signals so far: events and names that come later are judged, events that were taken back are no trouble") {
  EventStore store;
  uint32_t input = new_input(store);
  append(store, input, at("09:00"), kRunCommand);
  SignalsSoFar signals;
  CHECK(signals.next(store).signals.empty());
  append(store, input, at("09:10"), kConsoleWrite);
  append(store, input, at("09:20"), kConsoleWrite);
  CHECK(lines(signals.next(store)).size() == 2);
  CHECK(store.drop_events(input) == 3);
  CHECK(signals.next(store).waiting == 0);
  append(store, input, at("10:00"), kConsoleWrite, 0, kBob);
  CHECK(lines(signals.next(store)) == Texts{std::string(kBob) + " 10:00 console_write"});
}

TEST_CASE("signals so far: what another engine has told is left out, whatever was waiting before it") {
  EventStore store;
  const uint32_t input = new_input(store);
  SignalsSoFar signals;
  append(store, input, at("09:00"), kConsoleWrite);
  append(store, input, at("09:10"), kConsoleWrite, 0, kBob);
  append(store, input, at("09:20"), kConsoleWrite, 0, kBob);
  append(store, input, at("09:30"), kConsoleWrite);
  append(store, input, at("09:40"), kConsoleWrite, 0, kBob);
  append(store, input, at("09:50"), kConsoleWrite);
  signals.leave_out(1, 3);
  signals.leave_out(4, 5);
  CHECK(lines(signals.next(store)).size() == 3);
  CHECK(signals.next(store).waiting == 0);
  // Nothing behind what is left out yet, and less than was told when events are taken back.
  append(store, input, at("10:00"), kConsoleWrite, 0, kBob);
  signals.leave_out(6, 7);
  CHECK(signals.next(store).signals.empty());
  append(store, input, at("10:10"), kConsoleWrite);
  signals.leave_out(8, 20);
  CHECK(lines(signals.next(store)).size() == 1);
  CHECK(store.drop_events(input) == 8);
  CHECK(signals.next(store).waiting == 0);
}

TEST_CASE("signals so far: the engine answers while an input is open, with nothing when nothing is new") {
  Engine engine;
  const auto answer = [&] { return std::string(reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()); };
  const auto put = [](uintptr_t address, std::string_view text) { std::copy(text.begin(), text.end(), reinterpret_cast<char*>(address)); };
  const std::string_view argument = R"({"number":0,"path":"a.json"})";
  put(engine.text_in(static_cast<uint32_t>(argument.size())), argument);
  REQUIRE(engine.open_input(static_cast<uint32_t>(argument.size())) == 0);
  REQUIRE(engine.signals_so_far() == 0);
  CHECK(answer().empty());
  const std::string_view record =
      R"({"eventTimestamp":"2026-03-14T09:12:05.5Z","caller":"a\"b","operationName":{"value":"Microsoft.Portal/consoles/write"},)"
      R"("status":{"value":"Started"}})"
      "\n";
  // The form of an input is told from more bytes than this record has.
  std::string block(record);
  while (block.size() < 300'000)
    block += R"({"eventTimestamp":"2026-03-14T09:12:06Z","caller":"b","operationName":{"value":"x/y"}})"
             "\n";
  put(engine.begin_write(static_cast<uint32_t>(block.size())), block);
  REQUIRE(engine.end_write(static_cast<uint32_t>(block.size())) == 0);
  REQUIRE(engine.signals_so_far() == 0);
  CHECK(
      answer() ==
      R"({"signals":[{"caller":"a\"b","time":"2026-03-14T09:12:05.5Z","kind":"console_write","in_shell":false}],"zoneless":0,"waiting":0})");
  REQUIRE(engine.signals_so_far() == 0);
  CHECK(answer().empty());
}

TEST_CASE("signals so far: numbers alone are told too, and nothing is nothing") {
  std::string out;
  append_new_signals_json(out, {});
  CHECK(out.empty());
  NewSignals found;
  found.zoneless = 2;
  append_new_signals_json(out, found);
  CHECK(out.find("2") != std::string::npos);
  out.clear();
  found = {};
  found.waiting = 3;
  append_new_signals_json(out, found);
  CHECK(out.find("3") != std::string::npos);
}
