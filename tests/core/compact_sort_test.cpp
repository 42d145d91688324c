// Sorting in little code against std::sort: every length around the place where the way changes, many equal elements, orders already there, and
// elements that can only be moved.
#include "compact_sort.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

using csh::compact_sort;

TEST_CASE("any list is sorted as std::sort does it") {
  std::mt19937 random(7);
  for (const size_t count : {0, 1, 2, 3, 15, 16, 17, 18, 31, 32, 33, 100, 1000, 4097}) {
    for (const uint32_t kinds : {1u, 2u, 5u, 1u << 30}) {
      CAPTURE(count, kinds);
      std::vector<uint32_t> list(count);
      for (uint32_t& value : list) value = static_cast<uint32_t>(random() % kinds);
      std::vector<uint32_t> wanted = list;
      std::sort(wanted.begin(), wanted.end());
      compact_sort(list.begin(), list.end());
      CHECK(list == wanted);
      compact_sort(list.begin(), list.end());
      CHECK(list == wanted);
      std::reverse(list.begin(), list.end());
      compact_sort(list.begin(), list.end());
      CHECK(list == wanted);
      std::sort(wanted.begin(), wanted.end(), std::greater<>());
      compact_sort(list.begin(), list.end(), std::greater<>());
      CHECK(list == wanted);
    }
  }
}

TEST_CASE("elements are moved, never copied, and none is lost") {
  for (const int count : {10, 200}) {
    std::vector<std::unique_ptr<std::string>> list;
    for (int i = 0; i < count; ++i) list.push_back(std::make_unique<std::string>(std::to_string(i * 37 % count)));
    compact_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return std::stoi(*a) < std::stoi(*b); });
    for (int i = 0; i < count; ++i) CHECK(*list[static_cast<size_t>(i)] == std::to_string(i));
  }
}
