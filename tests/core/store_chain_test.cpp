// Stores that travel between engines: what several engines read comes together in one, in any order, to the report of a single one; chains of
// several images of events; and images from hostile hands, driven through the engine as the page drives it.
#include <cstring>

#include "engine/engine.h"
#include "reading.h"
#include "store/transfer.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string_view answer(const Engine& engine) { return {reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()}; }

uint32_t give(Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

void read(Engine& engine, int number, std::string_view text) {
  const std::string name = std::to_string(number);
  REQUIRE(engine.open_input(give(engine, R"({"number":)" + name + R"(,"path":"file)" + name + R"(","container":"none"})")) == 0);
  std::memcpy(reinterpret_cast<void*>(engine.begin_write(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  REQUIRE(engine.end_write(static_cast<uint32_t>(text.size())) == 0);
  REQUIRE(engine.close_input(0, 0) == 0);
}

std::vector<std::string> chain_of(Engine& engine) {
  std::vector<std::string> chain;
  REQUIRE(engine.begin_export() == 0);
  for (;;) {
    REQUIRE(engine.next_image() == 0);
    if (engine.answer_bytes() == 0) return chain;
    chain.emplace_back(answer(engine));
  }
}

uint32_t import_into(Engine& engine, const std::vector<std::string>& chain) {
  REQUIRE(engine.begin_import(0, 0) == 0);
  for (const std::string& image : chain) {
    if (const uint32_t code = engine.import_image(give(engine, image)); code != 0) return code;
  }
  REQUIRE(engine.end_import() == 0);
  return 0;
}

std::string report_of(Engine& engine) {
  REQUIRE(engine.hunt(give(engine, "{}")) == 0);
  REQUIRE(engine.report_json() == 0);
  return std::string(answer(engine));
}

// Three files: a listing and an operation in different files, bad lines, a duplicate, an app id, a refused file.
const std::string kListing =
    R"({"TimeGenerated":"2026-03-14T09:10:00Z","Caller":"alice","OperationNameValue":"Microsoft.Storage/storageAccounts/listKeys/action",)"
    R"("ActivityStatusValue":"Success","ResourceGroup":"cloud-shell-storage-weu","EventDataId":"e1"})";
const std::string kOperation =
    R"({"TimeGenerated":"2026-03-14T09:20:00Z","Caller":"ALICE","OperationNameValue":"a/b","ActivityStatusValue":"Start","ResourceGroup":"g",)"
    R"("Claims":"{\"appid\":\"b677c290-cf4b-4a8e-a60e-91ba650a4abe\"}"})";
std::string file(int number) {
  switch (number) {
    case 1: return kListing + "\n{bad}\n" + kOperation + "\n";
    case 2: return kListing + "\n" + kOperation + "\n{\"TimeGenerated\":\"never\",\"Caller\":\"b\"}\n{\"x\":1}\n{\"cut";
    default: return "PAR1";
  }
}

}  // namespace

TEST_CASE("store chain: several engines come together to the report of one, in any order") {
  Engine one;
  for (const int number : {1, 2, 3}) read(one, number, file(number));
  const std::string expected = report_of(one);
  CHECK(expected.find("\"bad_json\"") != std::string::npos);
  std::vector<int> order = {1, 2, 3};
  do {
    Engine target;
    for (const int number : order) {
      Engine worker;
      read(worker, number, file(number));
      CHECK(import_into(target, chain_of(worker)) == 0);
    }
    CHECK(report_of(target) == expected);
    // And once more as a whole.
    Engine again;
    CHECK(import_into(again, chain_of(target)) == 0);
    CHECK(report_of(again) == expected);
    // A target that has read a file of its own.
    Engine own;
    read(own, order[0], file(order[0]));
    for (size_t i = 1; i < order.size(); ++i) {
      Engine worker;
      read(worker, order[i], file(order[i]));
      CHECK(import_into(own, chain_of(worker)) == 0);
    }
    CHECK(report_of(own) == expected);
    // One that is given the first file between two of its own, and reads on.
    Engine between, first;
    read(first, order[0], file(order[0]));
    read(between, order[1], file(order[1]));
    CHECK(import_into(between, chain_of(first)) == 0);
    read(between, order[2], file(order[2]));
    CHECK(report_of(between) == expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("store chain: signals of what is imported are not told again") {
  Engine other, engine;
  read(other, 1, file(1));
  read(engine, 2, file(2));
  CHECK(import_into(engine, chain_of(other)) == 0);
  read(engine, 4, kListing + "\n");
  std::string told;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(engine.signals_so_far() == 0);
    told += answer(engine);
  }
  const auto count = [&](std::string_view what) {
    int found = 0;
    for (size_t at = told.find(what); at != std::string::npos; at = told.find(what, at + 1)) ++found;
    return found;
  };
  // The listings of the second and the fourth file, and the operation of the second, which carries an app id of Cloud Shell.
  CHECK(count("storage_listing") == 2);
  CHECK(count("shell_app") == 1);
}

TEST_CASE("store chain: more events than one image holds arrive in order") {
  EventStore sent;
  Input input;
  constexpr uint32_t kEvents = 130'000;  // 66 bytes each: three images
  uint32_t row = 0;
  for (uint32_t i = 0; i < kEvents; ++i) {
    if (i == 0 || i == 70'000 || i == 70'001) {
      input.path = "file" + std::to_string(i);
      row = sent.add_input(input);
    }
    EventFields fields;
    const std::string caller = "caller" + std::to_string(i % 1000);
    fields.time = static_cast<Ticks>(i);
    fields[Column::caller] = caller;
    fields[Column::app_id] = i % 2 == 0 ? "app" : "";
    fields.offset = uint64_t{1} << 40 | i;
    fields.length = i;
    fields.flags = static_cast<uint16_t>(i % 2 == 0 ? kZoneless : kEitherOrder);
    sent.append(row, fields);
  }
  EventStore arrived;
  StoreImport import(arrived);
  StoreExport chain(sent);
  size_t images = 0;
  std::string image;
  for (chain.next(image); !image.empty(); chain.next(image), ++images) {
    CHECK(image.size() <= kImageBytes + 1024);
    REQUIRE(import.take(image) == Error::ok);
  }
  CHECK(images >= 6);
  REQUIRE(arrived.size() == kEvents);
  bool equal = true;
  for (uint32_t i = 0; i < kEvents; ++i) {
    equal = equal && arrived.raw_time(i) == sent.raw_time(i) && arrived.text(i, Column::caller) == sent.text(i, Column::caller) &&
            arrived.offset(i) == sent.offset(i) && arrived.length(i) == sent.length(i) && arrived.flags(i) == sent.flags(i) &&
            arrived.input_of(i) == sent.input_of(i);
  }
  CHECK(equal);
  REQUIRE(arrived.inputs().size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(arrived.inputs()[i].events == sent.inputs()[i].events);
    CHECK(arrived.inputs()[i].zoneless == sent.inputs()[i].zoneless);
    CHECK(arrived.inputs()[i].either_order == sent.inputs()[i].either_order);
    CHECK(arrived.inputs()[i].carries_app_ids == sent.inputs()[i].carries_app_ids);
  }
}

TEST_CASE("store chain: two thousand damaged chains end in an Error or in a store that answers") {
  Engine good;
  for (const int number : {1, 2, 3}) read(good, number, file(number));
  const std::vector<std::string> chain = chain_of(good);
  REQUIRE(chain.size() > 3);
  std::mt19937 random(42);
  size_t refused = 0, taken = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::string> damaged = chain;
    for (auto edits = 1 + random() % 3; edits > 0; --edits) {
      std::string& image = damaged[random() % damaged.size()];
      if (image.empty()) continue;
      const size_t place = random() % image.size();
      switch (random() % 8) {
        case 0: image.resize(place); break;
        case 1: image.insert(place, 1 + random() % 8, static_cast<char>(random())); break;
        case 2: std::swap(damaged[random() % damaged.size()], damaged[random() % damaged.size()]); break;
        case 3: damaged.push_back(damaged[random() % damaged.size()]); break;
        default: image[place] = static_cast<char>(random());
      }
    }
    Engine engine;
    if (import_into(engine, damaged) != 0) {
      ++refused;
      CHECK(engine.answer_bytes() > 0);  // a sentence
      continue;
    }
    ++taken;
    CHECK_FALSE(report_of(engine).empty());
    Engine next;
    CHECK(import_into(next, chain_of(engine)) == 0);
  }
  CHECK(refused > 0);
  CHECK(taken > 0);
}

TEST_CASE("store chain: calls out of place are Errors") {
  Engine engine;
  const auto code = [](Error error) { return static_cast<uint32_t>(error); };
  CHECK(engine.next_image() == code(Error::bad_store_image));
  CHECK(engine.import_image(give(engine, "x")) == code(Error::bad_store_image));
  CHECK(engine.end_import() == code(Error::bad_store_image));
  CHECK(engine.end_write(0) == code(Error::no_open_input));
  CHECK(engine.close_input(0, 0) == code(Error::no_open_input));
  CHECK(engine.begin_write(10) == 0);
  REQUIRE(engine.open_input(give(engine, R"({"number":1,"path":"p"})")) == 0);
  CHECK(engine.open_input(give(engine, R"({"number":1,"path":"p"})")) == code(Error::input_already_open));
  CHECK(engine.begin_export() == code(Error::input_already_open));
  CHECK(engine.begin_import(0, 0) == code(Error::input_already_open));
  CHECK(engine.hunt(give(engine, "{}")) == code(Error::input_already_open));
  engine.begin_write(4);
  CHECK(engine.end_write(5) == code(Error::write_too_long));
  REQUIRE(engine.close_input(0, 0) == 0);
  for (const char* text : {"", "{", "[]", "{}", R"({"number":1})", R"({"path":"p"})", R"({"number":-1,"path":"p"})",
                           R"({"number":4294967296,"path":"p"})", R"({"number":"1","path":"p"})"}) {
    INFO(text);
    CHECK(engine.open_input(give(engine, text)) == code(Error::bad_argument_text));
  }
}
