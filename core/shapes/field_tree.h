// The paths of all shapes in one tree, so that a record is walked once and only the keys that some shape asks for are kept.
// A slot is the index of a distinct path.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shapes/shape.h"

namespace csh {

class FieldTree {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  [[gnu::cold]] explicit FieldTree(std::span<const ShapeDescription* const> shapes);

  // Child of `node` under `key` (case-insensitive), or kNone. The root is node 0; wrappers (Elasticsearch's "_source" and "fields", Splunk's "result") lead
  // back to it.
  uint32_t child(uint32_t node, std::string_view key) const;
  // Slot of the value at `node`, or kNone when only values below it are asked for.
  uint32_t slot(uint32_t node) const { return nodes_[node].slot; }
  bool has_children(uint32_t node) const { return nodes_[node].children > 0; }
  // The node that a flattened name leads to, such as "identity.claims.appid": dots stand between keys, but a key may hold dots itself.
  uint32_t resolve(std::string_view dotted, uint32_t node = 0) const;
  uint32_t parent(uint32_t node) const { return nodes_[node].parent; }
  uint32_t nodes() const { return static_cast<uint32_t>(nodes_.size()); }
  uint32_t slots() const { return slots_; }
  // The slot of a path of some shape; the path must be one.
  uint32_t slot_of(std::string_view path) const;

 private:
  struct Node {
    uint32_t parent = kNone;
    std::string key;  // folded
    uint32_t slot = kNone;
    uint32_t children = 0;
  };
  uint32_t add(uint32_t parent, std::string_view key);
  static uint32_t hash(uint32_t node, std::string_view key);

  std::vector<Node> nodes_;
  std::vector<uint32_t> table_;  // open addressing over (parent, folded key); node + 1, 0 is free
  uint32_t slots_ = 0;
};

// Of all shapes, built when it is first asked for.
const FieldTree& field_tree();

}  // namespace csh
