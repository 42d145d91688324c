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

inline constexpr size_t kImageBytes = 4u << 20;

class StoreExport {
 public:
  explicit StoreExport(const EventStore& store) : store_(store) {}
  // The next image; empty when the chain is done. Views stay valid until the next call.
  std::string_view next();

 private:
  bool next_dictionary();
  bool next_events();

  const EventStore& store_;
  std::string image_;
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
