#include "shapes/field_tree.h"

#include "store/dictionary.h"

namespace csh {
namespace {

constexpr size_t kTableSize = 1024;  // some hundred paths; stays under a third full
constexpr std::string_view kWrappers[] = {"_source", "fields", "result"};

}  // namespace

uint32_t FieldTree::hash(uint32_t node, std::string_view key) {
  // Length, and letters from both ends and the middle, tell apart nearly all keys met in records.
  uint32_t h = node * 0x9E3779B1u + static_cast<uint32_t>(key.size()) * 0x85EBCA6Bu;
  if (!key.empty()) {
    const auto byte = [&](size_t at) { return static_cast<uint32_t>(static_cast<unsigned char>(fold(key[at]))); };
    h ^= byte(0) * 0xC2B2AE35u + byte(key.size() - 1) * 0x27D4EB2Fu + byte(key.size() / 2) * 0x165667B1u;
  }
  return h ^ (h >> 15);
}

uint32_t FieldTree::resolve(std::string_view dotted, uint32_t node) const {
  if (const uint32_t found = child(node, dotted); found != kNone) return found;
  for (size_t dot = dotted.find('.'); dot != std::string_view::npos; dot = dotted.find('.', dot + 1)) {
    const uint32_t next = child(node, dotted.substr(0, dot));
    if (next == kNone) continue;
    if (const uint32_t found = resolve(dotted.substr(dot + 1), next); found != kNone) return found;
  }
  return kNone;
}

uint32_t FieldTree::child(uint32_t node, std::string_view key) const {
  for (size_t at = hash(node, key) & (kTableSize - 1); table_[at] != 0; at = (at + 1) & (kTableSize - 1)) {
    const Node& found = nodes_[table_[at] - 1];
    if (found.parent == node && equal_fold(found.key, key)) return table_[at] - 1;
  }
  if (node == 0) {
    for (const std::string_view wrapper : kWrappers) {
      if (wrapper == key) return 0;
    }
  }
  return kNone;
}

uint32_t FieldTree::add(uint32_t parent, std::string_view key) {
  if (const uint32_t found = child(parent, key); found != kNone) return found;
  const uint32_t node = static_cast<uint32_t>(nodes_.size());
  std::string folded(key);
  for (char& c : folded) c = fold(c);
  nodes_.push_back({.parent = parent, .key = std::move(folded)});
  ++nodes_[parent].children;
  size_t at = hash(parent, key) & (kTableSize - 1);
  while (table_[at] != 0) at = (at + 1) & (kTableSize - 1);
  table_[at] = node + 1;
  return node;
}

FieldTree::FieldTree(std::span<const ShapeDescription* const> shapes) : nodes_(1), table_(kTableSize, 0) {
  const auto add_path = [&](std::string_view path) {
    if (path.empty()) return;
    uint32_t node = 0;
    for (size_t from = 0; from <= path.size();) {
      size_t to = path.find('>', from);
      if (to == std::string_view::npos) to = path.size();
      node = add(node, path.substr(from, to - from));
      from = to + 1;
    }
    if (nodes_[node].slot == kNone) nodes_[node].slot = slots_++;
  };
  for (const ShapeDescription* shape : shapes) {
    for (const auto& group : shape->recognised_by) {
      for (const std::string_view path : group) add_path(path);
    }
    for (const auto& field :
         {shape->time, shape->caller, shape->operation, shape->status, shape->resource_group, shape->ip, shape->subscription, shape->app_id,
          shape->resource_id, shape->correlation_id, shape->event_id, shape->category}) {
      for (const Source& source : field) add_path(source.path);
    }
    for (const std::string_view path : {shape->table_path, shape->user_path, shape->domain_path}) add_path(path);
  }
}

uint32_t FieldTree::slot_of(std::string_view path) const {
  uint32_t node = 0;
  for (size_t from = 0; from <= path.size() && node != kNone;) {
    size_t to = path.find('>', from);
    if (to == std::string_view::npos) to = path.size();
    node = child(node, path.substr(from, to - from));
    from = to + 1;
  }
  return node == kNone ? kNone : nodes_[node].slot;
}

const FieldTree& field_tree() {
  static const FieldTree tree(shapes());
  return tree;
}

}  // namespace csh
