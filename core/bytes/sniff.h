// Tells from an input's first bytes what it is, whatever its name: a format that is read, or one that is named and refused with help.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace csh {

enum class Format : uint8_t {
  blank,       // nothing, or blank space alone
  json_lines,  // one JSON value a line
  json,        // any other JSON text
  csv,
  gzip,
  zip,
  xlsx,
  parquet,
  avro,
  html,
  powershell_list,
  image,
  binary,
  text,  // readable, and none of the above
};

struct Sniffed {
  Format format = Format::blank;
  char delimiter = ',';  // of csv
};

// Enough for the first lines of any export seen; a record may be longer, then the format is told by its beginning. The builds with
// sanitizers look at less: there, reading this much is most of a run's time.
#ifdef CSH_SNIFF_BYTES
inline constexpr size_t kSniffBytes = CSH_SNIFF_BYTES;
#else
inline constexpr size_t kSniffBytes = 256u << 10;
#endif

// `head` is the input's beginning without a byte order mark; `whole`: nothing follows. `is_json` answers whether a text (inside `head`) is one
// well-formed JSON object or list.
Sniffed sniff(std::string_view head, bool whole, const std::function<bool(std::string_view)>& is_json);

// One sentence for a format that is not read: what it is and what to do.
std::string_view refusal_of(Format format);
std::string_view refusal_code(Format format);

}  // namespace csh
