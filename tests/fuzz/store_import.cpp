// Images of a store from hostile hands: an Error, or a store that can be hunted in and exported again.
// Input: edits of a good chain, five bytes each (image, place in 256ths of it, fine place, operation, byte); operation 0 overwrites, 1 cuts the
// image there, 2 inserts, 3 leaves the image out, 4 sends it twice.
#include <algorithm>
#include <string>
#include <vector>

#include "body.h"
#include "hunt/hunt.h"
#include "hunt/timeline.h"
#include "report/report.h"
#include "store/event_store.h"
#include "store/transfer.h"

namespace {

using namespace csh;

std::vector<std::string> images(const EventStore& store) {
  std::vector<std::string> out;
  StoreExport chain(store);
  std::string image;
  for (chain.next(image); !image.empty(); chain.next(image)) out.push_back(image);
  return out;
}

EventStore sample() {
  EventStore store;
  for (const char* path : {"a", "b"}) {
    Input input;
    input.path = path;
    input.bytes = 10;
    input.notes.push_back({"note", "message"});
    input.reject_kinds.push_back({"bad_json", 1, 2, 3, "message"});
    input.rejects.push_back({0, 2, 5, 3});
    const uint32_t number = store.add_input(input);
    for (int i = 0; i < 3; ++i) {
      EventFields fields;
      fields.time = kUnixEpochTicks + i * kTicksPerMinute;
      fields[Column::caller] = "alice";
      fields[Column::operation] = i == 0 ? "Microsoft.Storage/storageAccounts/listKeys/action" : "a/b";
      fields[Column::status] = "Success";
      fields[Column::resource_group] = "cloud-shell-storage-weu";
      fields.offset = static_cast<uint64_t>(i);
      fields.length = 1;
      store.append(number, fields);
    }
  }
  return store;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<std::string> kGood = images(sample());
  std::vector<std::string> chain = kGood;
  for (size_t at = 0; at + 5 <= size; at += 5) {
    if (chain.empty()) break;
    std::string& image = chain[data[at] % chain.size()];
    const size_t place = std::min(image.size() * data[at + 1] / 256 + data[at + 2] % 16, image.size());
    const auto byte = static_cast<char>(data[at + 4]);
    switch (data[at + 3] % 5) {
      case 0:
        if (place < image.size()) image[place] = byte;
        break;
      case 1: image.resize(place); break;
      case 2: image.insert(place, 1, byte); break;
      case 3: chain.erase(chain.begin() + data[at] % static_cast<std::ptrdiff_t>(chain.size())); break;
      case 4: {
        const std::string copy = image;
        if (chain.size() < 64) chain.push_back(copy);
        break;
      }
      default: break;
    }
  }
  EventStore store;
  StoreImport import(store);
  for (const std::string& image : chain) {
    if (import.take(image) != Error::ok) return 0;
  }
  const Settings settings;
  const Timeline timeline = Timeline::build(store, settings);
  const Findings findings = hunt(store, timeline, settings);
  std::string report;
  append_report_json(report, store, timeline, findings);
  fuzz::check(!report.empty(), "a store that arrived can be hunted in");
  // What was taken is a store like any other: it travels on unchanged.
  EventStore again;
  StoreImport second(again);
  for (const std::string& image : images(store)) fuzz::check(second.take(image) == Error::ok, "what was taken can be sent on");
  fuzz::check(again.size() == store.size(), "what was taken arrives whole");
  return 0;
}
