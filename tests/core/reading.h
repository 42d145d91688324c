// Drives a framer or an engine over a text that arrives in blocks, as a worker does, and writes down what came of it in words that a test
// can list. Invariants checked on the way, for every text and every cut: each byte is handed over exactly once and in order, what is called
// a record is what stands at its offset, a span that began before the window was marked while it was in it.
// What a record is, is judged here by a few lines that share nothing with the shapes: JSON that parses, a row with the header's commas.
#pragma once
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/framer.h"
#include "engine/input_reader.h"

namespace csh::test {

// Where a text is cut: block ends, ascending; what is behind the last one is a block of its own.
using Cuts = std::vector<size_t>;

inline Cuts every_byte(size_t size) {
  Cuts cuts;
  for (size_t at = 1; at < size; ++at) cuts.push_back(at);
  return cuts;
}

// Each place is a cut with a chance of one in `spacing`.
inline Cuts random_cuts(size_t size, uint32_t spacing, std::mt19937& random) {
  Cuts cuts;
  for (size_t at = 1; at < size; ++at) {
    if (random() % spacing == 0) cuts.push_back(at);
  }
  return cuts;
}

// What a framer said of a text.
struct Framing {
  // In order: `{"a":1}` for a record, "after_break {…}", "joined {…}", "reject lost …" with the bytes that it covers, "header …".
  std::vector<std::string> said;
  uint64_t structure = 0;
  bool whole = true;
  bool operator==(const Framing&) const = default;
};

// Whether the record with this text would be taken at this certainty, and if not, why.
using Judge = std::function<std::optional<RejectReason>(std::string_view, Certainty)>;

class Listener final : public FrameSink {
 public:
  Listener(std::string_view all, Judge judge) : all_(all), judge_(std::move(judge)) {}
  Verdict record(std::string_view text, uint64_t offset, uint64_t length, Certainty certainty) override {
    REQUIRE(offset >= window);
    REQUIRE(offset + length <= all_.size());
    if (certainty != Certainty::joined) REQUIRE(text == all_.substr(static_cast<size_t>(offset), static_cast<size_t>(length)));
    if (const auto reason = judge_(text, certainty)) {
      refusal_ = *reason;
      return Verdict::refused;
    }
    spans.push_back({offset, length});
    const char* const how = certainty == Certainty::framed ? "" : certainty == Certainty::joined ? "joined " : "after_break ";
    framing.said.push_back(how + std::string(all_.substr(static_cast<size_t>(offset), static_cast<size_t>(length))));
    return Verdict::taken;
  }
  RejectReason refusal() const override { return refusal_; }
  void reject(uint64_t offset, uint64_t length, RejectReason reason) override {
    REQUIRE(length > 0);
    REQUIRE((offset >= window || offset == marked_));
    REQUIRE(offset + length <= all_.size());
    spans.push_back({offset, length});
    // A span found behind a break is rejected after the record that ended it was taken; order by place.
    framing.said.push_back("reject " + std::string(reject_name(reason)) + " " +
                           std::string(all_.substr(static_cast<size_t>(offset), static_cast<size_t>(length))));
    if (spans.size() > 1 && spans[spans.size() - 2].offset > offset) {
      std::swap(spans[spans.size() - 1], spans[spans.size() - 2]);
      std::swap(framing.said[framing.said.size() - 1], framing.said[framing.said.size() - 2]);
    }
  }
  void structure(uint64_t bytes) override { framing.structure += bytes; }
  void mark(uint64_t offset) override {
    REQUIRE(offset >= window);
    marked_ = offset;
  }
  bool header(std::string_view row, uint64_t offset) override {
    REQUIRE(row == all_.substr(static_cast<size_t>(offset), row.size()));
    framing.said.push_back("header " + std::string(row));
    return on_header ? on_header(row) : true;
  }
  bool columns(std::string_view list, uint64_t offset) override {
    REQUIRE(list == all_.substr(static_cast<size_t>(offset), list.size()));
    framing.said.push_back("columns " + std::string(list));
    return on_header ? on_header(list) : true;
  }
  Verdict row(std::string_view list, uint64_t offset, uint64_t length, Certainty certainty) override {
    return record(list, offset, length, certainty);
  }
  void rows_replaced() override { framing.said.push_back("rows replaced"); }
  void partial_answer() override { framing.said.push_back("partial answer"); }
  void rows_unnamed() override { framing.said.push_back("rows unnamed"); }

  struct Span {
    uint64_t offset, length;
  };
  uint64_t window = 0;  // offset of the current window
  std::vector<Span> spans;
  Framing framing;
  std::function<bool(std::string_view)> on_header;

 private:
  std::string_view all_;
  Judge judge_;
  RejectReason refusal_ = RejectReason::bad_json;
  uint64_t marked_ = UINT64_MAX;
};

// What a framer's guess asks: texts with a 'k' in them resemble a record.
class Guesser final : public FrameSink {
 public:
  Verdict record(std::string_view, uint64_t, uint64_t, Certainty) override { return Verdict::refused; }
  RejectReason refusal() const override { return RejectReason::bad_json; }
  void reject(uint64_t, uint64_t, RejectReason) override {}
  void structure(uint64_t) override {}
  void mark(uint64_t) override {}
  bool header(std::string_view, uint64_t) override { return true; }
  bool resembles_record(std::string_view text) override {
    ++asked;
    return text.find('k') != std::string_view::npos;
  }
  size_t asked = 0;
};

// Runs `framer` over `text` in blocks that end at `cuts`.
inline Framing frame_in_blocks(Framer& framer, std::string_view text, const Cuts& cuts, Judge judge,
                               std::function<bool(std::string_view)> on_header = {}) {
  Listener listener(text, std::move(judge));
  listener.on_header = std::move(on_header);
  std::string held;
  size_t from = 0;
  const auto scan = [&](bool last) {
    std::string padded = held;  // a fresh place each time: a view kept from an earlier window would be caught by the sanitizer
    padded.append(kPadding, '\0');
    const size_t done = framer.scan(std::string_view(padded).substr(0, held.size()), listener.window, last, listener);
    REQUIRE(done <= held.size());
    listener.window += done;
    held.erase(0, done);
  };
  for (const size_t cut : cuts) {
    held.append(text.substr(from, cut - from));
    from = cut;
    scan(false);
  }
  held.append(text.substr(from));
  if (!cuts.empty()) scan(false);
  scan(true);
  CHECK(held.empty());
  uint64_t covered = listener.framing.structure, behind = 0;
  for (const Listener::Span& span : listener.spans) {
    CHECK(span.offset >= behind);
    behind = span.offset + span.length;
    covered += span.length;
  }
  CHECK(covered == text.size());
  listener.framing.whole = framer.ended_whole();
  return listener.framing;
}

// The reader of a text as the engine has it, with the store that it filled.
struct Reading {
  std::unique_ptr<EventStore> store;
  const Input& input() const { return store->inputs().front(); }
  uint32_t events() const { return store->size(); }
  std::string_view text(uint32_t event, Column column) const { return store->text(event, column); }
  bool has_note(std::string_view code) const {
    for (const Note& note : input().notes) {
      if (note.code == code) return true;
    }
    return false;
  }
  // "bad_json 12+5 line 2"
  std::vector<std::string> rejects() const {
    std::vector<std::string> out;
    for (const Reject& reject : input().rejects) {
      out.push_back(input().reject_kinds[reject.kind].reason + " " + std::to_string(reject.offset) + "+" + std::to_string(reject.length) +
                    " line " + std::to_string(reject.line));
    }
    return out;
  }
};

inline void check_books(const Input& input) {
  CHECK(input.framed == input.events + input.other + input.rejected);
  CHECK(input.bytes == input.record_bytes + input.structure_bytes + input.rejected_bytes);
}

inline Reading read_in_blocks(std::string_view text, const Cuts& cuts = {}) {
  Reading reading{std::make_unique<EventStore>()};
  Decoders decoders;
  Input input;
  input.path = "file";
  input.encoding = "utf-8";
  InputReader reader(*reading.store, reading.store->add_input(input), decoders);
  size_t from = 0;
  const auto write = [&](size_t to) {
    const std::string_view block = text.substr(from, to - from);
    std::copy(block.begin(), block.end(), reader.begin_write(block.size()));
    reader.end_write(block.size());
    from = to;
  };
  for (const size_t cut : cuts) write(cut);
  write(text.size());
  reader.close(false, {});
  CHECK(reading.input().bytes == text.size());
  check_books(reading.input());
  return reading;
}

}  // namespace csh::test
