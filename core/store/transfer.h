// A store as a chain of images, so that several workers' stores become one without ever standing in memory twice: each image is at most
// about kImageBytes and is imported before the next is made. Good only between equal versions on one machine; every number is checked on
// import, since a damaged image must be an Error and nothing else.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "error.h"
#include "store/event_store.h"

namespace csh {

// Small enough to stay in a processor's cache on its way, and for the memory it takes to be made again and again without a cost.
inline constexpr size_t kImageBytes = 1u << 20;

class StoreExport {
 public:
  explicit StoreExport(const EventStore& store) : store_(store) {}
  // Makes `image` the next image; empty when the chain is done.
  void next(std::string& image);

 private:
  void write_inputs(std::string& image) const;
  bool next_dictionary(std::string& image);
  bool next_events(std::string& image);

  const EventStore& store_;
  bool inputs_done_ = false;
  size_t column_ = 0;
  uint32_t text_ = 1;  // id 0 is the empty string everywhere
  uint32_t event_ = 0;
};

class StoreImport {
 public:
  explicit StoreImport(EventStore& store) : store_(store) {}
  // Takes one image of a chain, in the order of export. After an Error the store is not to be used.
  Error take(std::string_view image);

 private:
  Error take_inputs(class ImageReader& reader);
  Error take_dictionary(class ImageReader& reader);
  Error take_events(class ImageReader& reader);

  EventStore& store_;
  std::vector<uint32_t> inputs_;                     // exporter's index -> ours
  std::array<std::vector<uint32_t>, kColumns> ids_;  // exporter's id -> ours
};

}  // namespace csh
