// Stores that travel from worker to worker: what arrives gives the report of what was sent, in whatever order the stores come together, and
// a damaged image is an Error, never a crash or a wrong id.
#include "store/transfer.h"

#include <string>
#include <vector>

#include "scenario.h"

using namespace csh;
using namespace csh::test;

namespace {

std::vector<std::string> images(const EventStore& store) {
  StoreExport chain(store);
  std::vector<std::string> out;
  std::string image;
  for (chain.next(image); !image.empty(); chain.next(image)) out.push_back(image);
  return out;
}

Error take(EventStore& store, const std::vector<std::string>& chain) {
  StoreImport import(store);
  for (const std::string& image : chain) {
    if (const Error error = import.take(image); error != Error::ok) return error;
  }
  return Error::ok;
}

std::string report(const EventStore& store) {
  const Settings settings;
  const Timeline timeline = Timeline::build(store, settings);
  const Findings findings = csh::hunt(store, timeline, settings);
  std::string out;
  append_report_json(out, store, timeline, findings);
  return out;
}

// A part of a day: every field of events and inputs is filled somewhere, and copies stand in several inputs.
Scenario day(const std::vector<std::string>& paths) {
  Scenario log;
  for (const std::string& path : paths) {
    log.input(path);
    Input& input = log.current();
    input.number = static_cast<uint32_t>(path[0]);
    input.bytes = 1000;
    input.record_bytes = 900;
    input.container_bytes = 70;
    input.structure_bytes = 60;
    input.rejected_bytes = 40;
    input.other = 2;
    input.rejected = 3;
    input.repaired = 1;
    input.notes.push_back({"note", "of " + path});
    input.reject_kinds.push_back({"not_json", 3, 10, 2, "a sentence"});
    input.rejects.push_back({0, 10, 20, 2});
    log.listing(kAlice, "09:12:05.3234567").account("cs1").correlation("c1").id("e1").ip("10.0.0.1").subscription("1111").app(kPortalApp);
    log.event("only in " + path, "09:20", kRunCommand, "Failure").group(path).flag(kAdminRole).at_offset(5'000'000'000);
    log.event(kAlice, "09:21", "op of " + path).app(kConsoleApp);
    log.event("", "", "");
  }
  return log;
}

}  // namespace

TEST_CASE("transfer: an imported store gives the report of the exported one") {
  const Result sent = day({"a.json", "b.json"}).hunt();
  EventStore arrived;
  REQUIRE(take(arrived, images(*sent.store)) == Error::ok);
  REQUIRE(arrived.size() == sent.store->size());
  CHECK(report(arrived) == report(*sent.store));
  CHECK(arrived.inputs().at(1).rejects.size() == 1);
  CHECK(arrived.offset(1) == 5'000'000'000);
  CHECK(arrived.flags(1) == kAdminRole);
  CHECK(arrived.raw_time(3) == kNoTime);
}

TEST_CASE("transfer: an empty store arrives empty") {
  EventStore empty, arrived;
  REQUIRE(take(arrived, images(empty)) == Error::ok);
  CHECK(arrived.size() == 0);
  CHECK(arrived.inputs().empty());
}

TEST_CASE("transfer: several stores come together to one report, in any order and onto whichever store") {
  const Result whole = day({"a.json", "b.json", "c.json"}).hunt();
  const std::string expected = report(*whole.store);
  const std::vector<std::string> paths = {"a.json", "b.json", "c.json"};
  std::vector<size_t> order = {0, 1, 2};
  do {
    const Result own = day({paths[order[0]]}).hunt();
    for (const size_t other : {order[1], order[2]}) {
      REQUIRE(take(*own.store, images(*day({paths[other]}).hunt().store)) == Error::ok);
    }
    CHECK(report(*own.store) == expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("transfer: long chains are cut into images of bounded size") {
  Scenario log;
  const std::string filler(1000, 'x');
  for (int i = 0; i < 20'000; ++i) log.event_at(kAlice, at("09:00") + i, filler + std::to_string(i));
  const Result sent = log.hunt();
  const std::vector<std::string> chain = images(*sent.store);
  CHECK(chain.size() > 4);  // 20 MB of names
  for (const std::string& image : chain) CHECK(image.size() <= kImageBytes + kImageBytes / 4);
  EventStore arrived;
  REQUIRE(take(arrived, chain) == Error::ok);
  CHECK(arrived.size() == 20'000);
  CHECK(arrived.text(19'999, Column::operation) == filler + "19999");
}

TEST_CASE("transfer: a cut image is an Error") {
  const std::vector<std::string> chain = images(*day({"a.json"}).hunt().store);
  for (size_t which = 0; which < chain.size(); ++which) {
    for (size_t length = 0; length < chain[which].size(); ++length) {
      std::vector<std::string> cut(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(which));
      cut.push_back(chain[which].substr(0, length));
      EventStore store;
      INFO("image " << which << " cut at " << length);
      CHECK(take(store, cut) == Error::bad_store_image);
    }
  }
}

TEST_CASE("transfer: images out of order, twice, or with something behind them are Errors") {
  const std::vector<std::string> chain = images(*day({"a.json"}).hunt().store);
  REQUIRE(chain.size() >= 2);
  EventStore reversed;
  CHECK(take(reversed, {chain.rbegin(), chain.rend()}) == Error::bad_store_image);
  EventStore longer;
  CHECK(take(longer, {chain[0] + "x"}) == Error::bad_store_image);
  EventStore noise;
  CHECK(take(noise, {std::string(100, '\xff')}) == Error::bad_store_image);
  EventStore zeros;
  CHECK(take(zeros, {std::string(100, '\0')}) == Error::bad_store_image);
}

TEST_CASE("transfer: whatever byte is changed, import ends with an Error or a store that can be hunted in") {
  const std::vector<std::string> chain = images(*day({"a.json"}).hunt().store);
  size_t refused = 0;
  for (size_t which = 0; which < chain.size(); ++which) {
    for (size_t i = 0; i < chain[which].size(); ++i) {
      for (const unsigned change : {0x01u, 0x80u, 0xffu}) {
        std::vector<std::string> changed = chain;
        changed[which][i] = static_cast<char>(static_cast<unsigned char>(changed[which][i]) ^ change);
        EventStore store;
        if (take(store, changed) != Error::ok) {
          ++refused;
          continue;
        }
        CHECK_FALSE(report(store).empty());
      }
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("transfer: an image without events, and an input with more rejects than are kept, are Errors") {
  const Scenario log = day({"a"});
  std::vector<std::string> chain = images(*log.hunt().store);
  REQUIRE(chain.size() > 1);
  std::string empty = chain.back().substr(0, 3 * sizeof(uint32_t));
  empty.append(2 * sizeof(uint32_t), '\0');  // input 0, no events
  chain.back() = empty;
  EventStore store;
  CHECK(take(store, chain) == Error::bad_store_image);

  Scenario many = day({"a"});
  while (many.current().rejects.size() <= kRejectsKept) many.current().rejects.push_back({0, 10, 20, 2});
  EventStore other;
  CHECK(take(other, images(*many.hunt().store)) == Error::bad_store_image);
}
