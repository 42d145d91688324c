// Columns in blocks: what was put in comes out, whatever the sequence of growth and cuts, and room never exceeds its share.
#include "store/blocks.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "store/event_store.h"

using namespace csh;

TEST_CASE("blocks: any sequence of growth and cuts holds what a vector would") {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    std::minstd_rand engine(seed);
    const auto random = [&] { return static_cast<uint32_t>(engine()); };
    Blocks<uint32_t> blocks;
    std::vector<uint32_t> expected;
    for (int step = 0; step < 60; ++step) {
      const uint32_t what = random() % 4;
      if (what == 0 && !expected.empty()) {
        const uint32_t size = random() % static_cast<uint32_t>(expected.size() + 1);
        blocks.cut(size);
        expected.resize(size);
      } else if (what == 1) {
        const uint32_t before = blocks.size(), count = random() % (2 * kBlockValues);
        blocks.extend(count);
        uint32_t next = before;
        blocks.stretches(before, count, [&](uint32_t* values, uint32_t here) {
          for (uint32_t i = 0; i < here; ++i) values[i] = next++;
        });
        for (uint32_t i = 0; i < count; ++i) expected.push_back(before + i);
      } else {
        for (uint32_t i = random() % 3000; i > 0; --i) {
          const uint32_t value = random();
          blocks.push_back(value);
          expected.push_back(value);
        }
      }
      REQUIRE(blocks.size() == expected.size());
    }
    std::vector<uint32_t> held;
    std::as_const(blocks).stretches(0, blocks.size(),
                                    [&](const uint32_t* values, uint32_t here) { held.insert(held.end(), values, values + here); });
    CHECK(held == expected);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < blocks.size(); ++i) wrong += blocks[i] != expected[i];
    CHECK(wrong == 0);
  }
}

TEST_CASE("blocks: sizes around a block's end") {
  for (const uint32_t size : {0u, 1u, kBlockValues - 1, kBlockValues, kBlockValues + 1, 2 * kBlockValues}) {
    Blocks<uint16_t> blocks;
    blocks.extend(size);
    CHECK(blocks.size() == size);
    blocks.push_back(7);
    CHECK(blocks[size] == 7);
    blocks.cut(size);
    blocks.push_back(8);
    CHECK(blocks[size] == 8);
    Blocks<uint16_t> moved(std::move(blocks));
    CHECK(moved.size() == size + 1);
    CHECK(moved[size] == 8);
  }
}

TEST_CASE("store: an event costs 64 bytes at most, at any count") {
  EventStore store;
  const uint32_t input = store.add_input({});
  EventFields fields;
  fields[Column::caller] = "somebody";
  double most = 0;
  for (uint32_t count = 1; count <= 300'000; ++count) {
    store.append(input, fields);
    if (count >= 64) most = std::max(most, static_cast<double>(store.column_bytes()) / count);
  }
  CHECK(most >= 62);
  CHECK(most <= 70);  // 64 and the lists of blocks, which weigh on the first few hundred events alone
  CHECK(static_cast<double>(store.column_bytes()) / store.size() <= 64);
}
