// A whole input through engines, from bytes to report: the books balance, and however it is read the bytes that come out are the same. Read in one
// go it is compared with: the same in blocks of any size; in parts, by three engines that guess where records begin, brought together in any
// order; as two files, by two engines, brought into one or the other.
// Input: one byte for what stands in front and which way of reading is tried, one for the cuts, then the rest. What stands in front ends in
// blanks, as long as the engine looks at before it begins; behind it cuts count.
#include <cstring>
#include <random>
#include <string>

#include "../core/read_in_parts.h"
#include "body.h"
#include "bytes/sniff.h"
#include "engine/engine.h"
#include "engine/input_reader.h"
#include "report/report.h"

namespace {

using namespace csh;
using csh::fuzz::check;
using csh::test::answer;
using csh::test::give;

void read_file(Engine& engine, std::string_view path, std::string_view front, std::string_view text, uint32_t seed, size_t most) {
  const std::string argument = std::string(R"({"number":1,"container":"none","path":")").append(path).append("\"}");
  check(engine.open_input(give(engine, argument)) == 0, "an input opens");
  fuzz::Cutter cutter(seed);
  if (most == 0) {
    test::write_block(engine, std::string(front).append(text), check);
  } else {
    test::write_block(engine, front, check);
    for (size_t from = 0; from < text.size();) {
      const size_t block = std::min(cutter.next(most), text.size() - from);
      test::write_block(engine, text.substr(from, block), check);
      from += block;
    }
  }
  check(engine.close_input(0, 0) == 0, "an input closes");
}

// The report, which holds all that was found, what was rejected, and one of the other ways out, all of which go by the same findings: all of them
// for every input would take a run most of its time.
std::string report(Engine& engine, uint8_t which) {
  check(engine.hunt(give(engine, "{}")) == 0, "it can be hunted in");
  std::string all;
  const auto keep = [&](uint32_t code) {
    check(code == 0, "it answers");
    all.append(answer(engine)).append("\n");
  };
  keep(engine.report_json());
  keep(engine.rejects(0, 0, 100));
  static constexpr std::string_view kTables[] = {"sessions", "operations", "events", "sentinel"};
  static constexpr std::string_view kForms[] = {"csv", "csv-raw", "markdown"};
  constexpr size_t kTableForms = std::size(kTables) * std::size(kForms);
  const size_t way = which % (kTableForms + 3);
  if (way < kTableForms) {
    std::string argument = R"({"table":")";
    argument.append(kTables[way % std::size(kTables)]).append(R"(","form":")").append(kForms[way / std::size(kTables)]).append(R"("})");
    keep(engine.report_table(give(engine, argument)));
  } else if (way == kTableForms) {
    keep(engine.report_table(give(engine, R"({"table":"events","form":"timesketch"})")));
  } else if (way == kTableForms + 1) {
    for (uint32_t dialect = 0; dialect < kDialects; ++dialect) {
      keep(engine.report_query(0, dialect));
      keep(engine.report_query(1, dialect));
    }
  } else {
    for (uint32_t session = 0; session < 300 && engine.session_events(session, 0, 100) == 0; ++session) keep(0);
  }
  return all;
}

std::string report_of(std::string_view front, std::string_view text, uint8_t which, uint32_t seed, size_t most) {
  Engine engine;
  read_file(engine, "file", front, text, seed, most);
  return report(engine, which);
}

void check_parts(std::string_view front, std::string_view text, uint8_t cuts, const std::string& whole) {
  std::mt19937 random(cuts);
  std::vector<uint64_t> ends;
  for (int i = 0; i < 2; ++i) ends.push_back(front.size() + random() % (text.size() + 1));
  ends.push_back(1 + random() % (front.size() + 1));
  std::vector<Engine> engines(3);
  const std::string all = std::string(front).append(text);
  if (test::PartsReader(random, check).read_all(engines, all, ends).in_one_go) return;
  check(report(engines[0], cuts) == whole, "in parts it is the same report");
}

void check_two_files(std::string_view front, std::string_view text, uint8_t cuts) {
  const size_t middle = text.size() * cuts / 256;
  const auto both = [&](bool first_receives) {
    Engine first, second;
    read_file(first, "first", front, text.substr(0, middle), 0, 0);
    read_file(second, "second", front, text.substr(middle), 0, 0);
    test::bring(first_receives ? second : first, first_receives ? first : second, check);
    return report(first_receives ? first : second, cuts);
  };
  check(both(true) == both(false), "whichever engine has the other's files brought to it, it is the same report");
}

void check_books(std::string_view front, std::string_view text) {
  EventStore store;
  static Decoders decoders;
  InputReader reader(store, store.add_input({}), decoders);
  for (const std::string_view block : {front, text}) {
    if (!block.empty()) std::memcpy(reader.begin_write(block.size()), block.data(), block.size());
    reader.end_write(block.size());
  }
  reader.close(false, {});
  const Input& input = store.inputs().front();
  check(input.framed == input.events + input.other + input.rejected, "framed = events + other + rejected");
  check(input.bytes == front.size() + text.size(), "all bytes are counted");
  check(input.bytes == input.record_bytes + input.structure_bytes + input.rejected_bytes, "bytes = records + structure + rejected");
  check(input.events == store.size(), "events are what the store holds");
}

std::string padded(std::string head) {
  head.append(kSniffBytes - head.size() - 1, ' ');
  return head + "\n";
}

std::string as_utf16(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(1, c).append(1, '\0');
  return out;
}

const std::string kListing =
    R"({"TimeGenerated":"2026-03-14T09:00:00Z","Caller":"a","OperationNameValue":"Microsoft.Storage/storageAccounts/listKeys/action",)"
    R"("ActivityStatusValue":"Success","ResourceGroup":"cloud-shell-storage-weu"})";
const std::string kHeader =
    "TimeGenerated,Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\n"
    "2026-03-14T09:00:00Z,a,Microsoft.Storage/storageAccounts/listKeys/action,Success,cloud-shell-storage-weu\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string kFronts[] = {
      padded(kListing + "\n" + kListing + "\n"),
      padded("[" + kListing + ",\n" + kListing + ","),
      padded("{\"value\":[" + kListing + ",\n" + kListing + ","),
      padded(kHeader),
      std::string(),
      "\xFF\xFE" + as_utf16(padded(kListing + "\n" + kListing + "\n")),
  };
  if (size < 2) return 0;
  const size_t kind = data[0] % std::size(kFronts), way = data[0] / std::size(kFronts) % 3;
  const std::string& front = kFronts[kind];
  const std::string_view given = fuzz::text_of(data + 2, size - 2);
  const std::string text = kind == 5 ? as_utf16(given) : std::string(given);
  check_books(front, text);
  if (way == 2) {
    check_two_files(front, text, data[1]);
    return 0;
  }
  const std::string whole = report_of(front, text, data[1], 0, 0);
  if (way == 0) {
    check(report_of(front, text, data[1], data[1], 1 + data[1] % 64) == whole, "any cut gives the same report");
  } else {
    check_parts(front, text, data[1], whole);
  }
  return 0;
}
