// Drives engines as workers drive them: one text in parts, read by whoever, in any order, until every seam fits, and the stores brought into the
// first engine in any order. Shared by the tests and the fuzz target of the whole pipeline, so it says what must hold to a function of theirs.
// The few lines that decide which part is read again stand in web/src/engine/parts.ts too.
#pragma once
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/sniff.h"
#include "engine/engine.h"
#include "report/text.h"

namespace csh::test {

inline std::string_view answer(const Engine& engine) {
  return {reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()};
}

inline uint32_t give(Engine& engine, std::string_view text) {
  const uintptr_t room = engine.text_in(static_cast<uint32_t>(text.size()));
  if (!text.empty()) std::memcpy(reinterpret_cast<void*>(room), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

using Require = void (*)(bool holds, const char* what);

inline void write_block(Engine& engine, std::string_view block, Require require) {
  const auto bytes = static_cast<uint32_t>(block.size());
  std::copy(block.begin(), block.end(), reinterpret_cast<char*>(engine.begin_write(bytes)));
  require(engine.end_write(bytes) == 0, "a block is written");
}

// Brings what `from` holds into `to`.
inline void bring(Engine& from, Engine& to, Require require) {
  require(from.begin_export() == 0 && to.begin_import(0, 0) == 0, "a store is exported and imported");
  for (;;) {
    require(from.next_image() == 0, "there is a next image");
    const std::string image(answer(from));
    if (image.empty()) break;
    require(to.import_image(give(to, image)) == 0, "an image is taken");
  }
  require(to.end_import() == 0, "an import ends");
}

struct Part {
  uint64_t from, to;
};

// What close_input answers.
struct PartAnswer {
  std::optional<uint64_t> start;
  std::string start_state, end_state;
  uint64_t end;
  bool whole, alone;
};

struct InParts {
  uint32_t redone = 0;
  bool in_one_go = false;  // no plan, or a part that must be read alone: the engines are not to be asked
};

class PartsReader {
 public:
  PartsReader(std::mt19937& random, Require require) : random_(random), require_(require) {}

  PartAnswer read(Engine& engine, std::string_view text, uint32_t id, Part part, const std::string& state, bool guess) {
    const uint64_t from = guess ? part.from - 1 : part.from;
    std::string argument = R"({"number":1,"path":"file","container":"none","part":{"id":)" + std::to_string(id) + R"(,"from":)" +
                           std::to_string(from) + R"(,"to":)" + std::to_string(part.to) + R"(,"state":)";
    append_json_string(argument, state);
    argument.append(R"(,"guess":)").append(guess ? "true" : "false").append("}}");
    require_(engine.open_input(give(engine, argument)) == 0, "a part opens");
    // Small files in small blocks; of a large one they would take for ever.
    const size_t block = random_() % 3 == 0 ? text.size() : text.size() > 1'000'000 ? 700'000 + random_() % 400'000 : 1 + random_() % 400;
    const size_t first = from == 0 ? kSniffBytes : block;  // until then nothing is begun
    for (size_t at = static_cast<size_t>(from); at < text.size() && engine.part_ended() == 0;) {
      const size_t bytes = std::min(at == from ? first : block, text.size() - at);
      write_block(engine, text.substr(at, bytes), require_);
      at += bytes;
    }
    require_(engine.close_input(0, 0) == 0, "a part closes");
    simdjson::dom::parser parser;
    simdjson::dom::element closed;
    const simdjson::padded_string padded(answer(engine));
    require_(parser.parse(padded).get(closed) == simdjson::SUCCESS, "the answer is JSON");
    PartAnswer out{};
    uint64_t start = 0;
    std::string_view start_state, end_state;
    if (!closed["start"].get(start)) out.start = start;
    require_((closed["start_state"].get(start_state) || closed["end_state"].get(end_state) || closed["end"].get(out.end) ||
              closed["whole"].get(out.whole) || closed["alone"].get(out.alone)) == 0,
             "the answer has its members");
    out.start_state = start_state;
    out.end_state = end_state;
    return out;
  }

  // Reads `text` in parts that end at `cuts`, each by one of the engines, and brings all into the first, in some order.
  InParts read_all(std::vector<Engine>& engines, std::string_view text, std::vector<uint64_t> cuts) {
    require_(engines[0].plan_parts(give(engines[0], text)) == 0, "parts are planned");
    const std::string guessed(answer(engines[0]));
    if (guessed.empty()) return {0, true};
    std::sort(cuts.begin(), cuts.end());
    std::vector<Part> parts;
    uint64_t from = 0;
    for (const uint64_t cut : cuts) {
      if (cut <= from || cut >= text.size()) continue;
      parts.push_back({from, cut});
      from = cut;
    }
    parts.push_back({from, text.size()});

    struct Read {
      size_t worker;
      PartAnswer answer;
    };
    std::vector<Read> done(parts.size());
    std::vector<size_t> order(parts.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random_);
    for (const size_t i : order) {
      done[i].worker = random_() % engines.size();
      done[i].answer = read(engines[done[i].worker], text, static_cast<uint32_t>(i), parts[i], i == 0 ? "" : guessed, i > 0);
    }
    InParts result;
    auto next_id = static_cast<uint32_t>(parts.size());
    PartAnswer left = done[0].answer;
    bool alone = left.alone;
    for (size_t i = 1; i < parts.size(); ++i) {
      alone = alone || done[i].answer.alone;
      if (!left.end_state.empty() && done[i].answer.start == left.end && done[i].answer.start_state == left.end_state) {
        left = done[i].answer;
        continue;
      }
      require_(engines[done[i].worker].drop_part(static_cast<uint32_t>(i)) == 0, "a part is dropped");
      if (left.end_state.empty() || left.end >= parts[i].to) continue;
      ++result.redone;
      left = read(engines[random_() % engines.size()], text, next_id++, {left.end, parts[i].to}, left.end_state, false);
      alone = alone || left.alone;
    }
    if (alone) return {result.redone, true};
    require_(left.end == text.size(), "the last part ends where the text does");
    std::vector<size_t> others;
    for (size_t i = 1; i < engines.size(); ++i) others.push_back(i);
    std::shuffle(others.begin(), others.end(), random_);
    for (const size_t other : others) bring(engines[other], engines[0], require_);
    return result;
  }

 private:
  std::mt19937& random_;
  Require require_;
};

}  // namespace csh::test
