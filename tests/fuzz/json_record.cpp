// One record: what is taken is JSON, what is JSON is taken, whatever bytes stand behind it; simdjson's DOM, which validates a document whole,
// is the other opinion. The two differ by intent in the size of numbers, in depth, and in what the top value may be.
#include <simdjson.h>

#include "body.h"
#include "shapes/json_record.h"
#include "shapes/shape.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace csh;
  struct Shared {
    FieldTree tree{shapes()};
    JsonRecordReader json{tree};
    Record record{tree.slots()};
    simdjson::dom::parser dom;
  };
  static Shared shared;
  fuzz::Window window(fuzz::text_of(data, size));
  const std::string_view text = window.text();
  std::optional<RejectReason> first;
  for (const char filler : {'\0', '}', '"', '\x80'}) {
    window.fill_behind(filler);
    shared.record.clear();
    const std::optional<RejectReason> reason = shared.json.read(text, shared.record);
    if (filler == '\0') first = reason;
    fuzz::check(reason.has_value() == first.has_value(), "what stands behind a record does not matter");
    for (uint32_t slot = 0; slot < shared.tree.slots(); ++slot) {
      // Every view must be readable; the sanitizer looks on.
      uint32_t sum = 0;
      for (const char c : shared.record.value(slot).text) sum += static_cast<unsigned char>(c);
      fuzz::check(sum <= 0xFF * (size + 1) * 6, "texts come from the record");
    }
  }
  // A byte order mark is the framers' to take off; the DOM passes over it.
  if (text.starts_with(kByteOrderMark)) return 0;
  simdjson::dom::object object;
  const simdjson::error_code dom = shared.dom.parse(text.data(), size, false).get(object);
  if (!first) {
    fuzz::check(dom == simdjson::SUCCESS || dom == simdjson::NUMBER_ERROR || dom == simdjson::BIGINT_ERROR, "what is taken is JSON");
  } else if (*first != RejectReason::too_deep) {
    fuzz::check(dom != simdjson::SUCCESS, "what is JSON is taken");
  }
  return 0;
}
