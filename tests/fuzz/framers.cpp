// The three framers over a text in blocks: every byte is handed over exactly once and in order, and any cut gives the same calls.
// Input: one byte for the framer, one for the cuts, then the text.
#include <algorithm>
#include <memory>
#include <vector>

#include "body.h"
#include "bytes/csv_framer.h"
#include "bytes/json_framer.h"
#include "bytes/line_framer.h"
#include "shapes/json_record.h"
#include "shapes/shape.h"

namespace {

using namespace csh;
using csh::fuzz::check;

struct Call {
  char what;
  uint64_t offset, length;
  uint8_t detail;
  bool operator==(const Call&) const = default;
};

class Listener final : public FrameSink {
 public:
  Listener(JsonRecordReader& json, const FieldTree& tree, bool csv) : json_(json), record_(tree.slots()), csv_(csv) {}
  Verdict record(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty) override {
    check(!text.empty() && offset >= window, "a record stands in the window");
    const bool sure = text.size() % 3 != 0;  // some of what is whole is not sure
    bool whole = true;
    if (csv_) {
      whole = text.find(',') != std::string_view::npos;
    } else if (text.front() == '[') {
      whole = json_.is_json(text);
    } else {
      record_.clear();
      whole = !json_.read(text, record_).has_value();
    }
    if (!whole || (certainty == Certainty::after_break && !sure)) return Verdict::refused;
    calls.push_back({'r', offset, length, static_cast<uint8_t>(certainty)});
    return Verdict::taken;
  }
  RejectReason refusal() const override { return RejectReason::bad_json; }
  void reject(uint64_t offset, uint64_t length, RejectReason reason) override {
    check(length > 0, "a rejected span is not empty");
    check(offset >= window || offset == marked_, "a span that left the window was marked");
    calls.push_back({'x', offset, length, static_cast<uint8_t>(reason)});
    // A span before a record found behind a break is told after it.
    if (calls.size() > 1 && calls[calls.size() - 2].offset > offset) std::swap(calls[calls.size() - 1], calls[calls.size() - 2]);
  }
  void structure(uint64_t bytes) override { structure_bytes += bytes; }
  void mark(uint64_t offset) override {
    check(offset >= window, "a mark stands in the window");
    marked_ = offset;
  }
  bool header(std::string_view, uint64_t offset) override {
    calls.push_back({'h', offset, 0, 0});
    return true;
  }
  bool columns(std::string_view list, uint64_t offset) override {
    check(offset >= window, "a list of columns stands in the window");
    calls.push_back({'h', offset, 0, 1});
    return list.size() % 3 != 0;
  }
  Verdict row(std::string_view list, uint64_t offset, uint64_t length, Certainty certainty) override {
    return record(list, offset, length, certainty);
  }
  void rows_replaced() override { calls.push_back({'h', 0, 0, 2}); }
  void partial_answer() override { partial = true; }  // may be told more than once

  uint64_t window = 0, structure_bytes = 0;
  bool partial = false;
  std::vector<Call> calls;

 private:
  JsonRecordReader& json_;
  Record record_;
  bool csv_;
  uint64_t marked_ = UINT64_MAX;
};

struct Shared {
  FieldTree tree{shapes()};
  JsonRecordReader json{tree};
};

std::vector<Call> frame(int kind, std::string_view text, uint32_t seed, size_t most) {
  static Shared shared;
  std::unique_ptr<Framer> framer;
  if (kind == 0) framer = std::make_unique<JsonFramer>();
  if (kind == 1) framer = std::make_unique<LineFramer>();
  if (kind == 2) framer = std::make_unique<CsvFramer>(',');
  Listener listener(shared.json, shared.tree, kind == 2);
  fuzz::Cutter cutter(seed);
  for (size_t begin = 0, end = 0;;) {
    end += std::min(most == 0 ? text.size() : cutter.next(most), text.size() - end);
    const bool last = end == text.size();
    const fuzz::Window window(text.substr(begin, end - begin));
    const size_t done = framer->scan(window.text(), listener.window, last, listener);
    check(done <= end - begin, "no more is consumed than there is");
    begin += done;
    listener.window = begin;
    if (last) {
      check(begin == end, "the last window is consumed whole");
      break;
    }
  }
  uint64_t covered = listener.structure_bytes, behind = 0;
  for (const Call& call : listener.calls) {
    if (call.what == 'h') continue;
    check(call.offset >= behind, "spans stand one behind the other");
    behind = call.offset + call.length;
    covered += call.length;
  }
  check(covered == text.size(), "every byte is handed over once");
  listener.calls.push_back({'e', listener.structure_bytes, listener.partial, static_cast<uint8_t>(framer->ended_whole())});
  return listener.calls;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const int kind = data[0] % 3;
  const std::string_view text = csh::fuzz::text_of(data + 2, size - 2);
  const auto whole = frame(kind, text, 0, 0);
  check(frame(kind, text, data[1], 1 + data[1] % 64) == whole, "any cut gives the same calls");
  return 0;
}
