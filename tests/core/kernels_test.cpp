// simdjson brings one kernel for each kind of processor; the page has the one made of wasm/simd. Whatever the kernel, the same records are
// taken, hold the same fields, and are refused for the same reason. Random and hostile records, each read by every kernel that runs here.
#include <simdjson.h>

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bytes/framer.h"
#include "shapes/field_tree.h"
#include "shapes/json_record.h"

using namespace csh;

namespace {

// The reader of one kernel: it takes the kernel that is active when it reads for the first time.
struct Kernel {
  explicit Kernel(const simdjson::implementation* made_by) : implementation(made_by) {}
  const simdjson::implementation* implementation;
  const FieldTree& tree = field_tree();
  JsonRecordReader json{tree};
  Record record{tree.slots()};

  // All that came of it, in words.
  std::string read(std::string_view padded, size_t length) {
    simdjson::get_active_implementation() = implementation;
    record.clear();
    if (const auto reason = json.read(padded.substr(0, length), record)) return "refused: " + std::string(reject_name(*reason));
    std::string out = record.duplicate_key ? "twice" : "";
    if (record.page) out += "page";
    for (uint32_t slot = 0; slot < tree.slots(); ++slot) {
      if (!record.has(slot)) continue;
      const Value& value = record.value(slot);
      out += '\n' + std::to_string(slot) + ' ' + std::to_string(static_cast<int>(value.kind)) + ' ' + std::string(value.text);
    }
    return out;
  }
};

std::vector<std::unique_ptr<Kernel>> kernels() {
  std::vector<std::unique_ptr<Kernel>> found;
  for (const simdjson::implementation* one : simdjson::get_available_implementations()) {
    if (one->supported_by_runtime_system()) found.push_back(std::make_unique<Kernel>(one));
  }
  return found;
}

// Puts the kernel back that the other tests run on.
class Restored {
 public:
  Restored() : active_(simdjson::get_active_implementation()) {}
  ~Restored() { simdjson::get_active_implementation() = active_; }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  const simdjson::implementation* active_;
};

std::string pick(std::mt19937& random, const std::vector<std::string>& from) { return from[random() % from.size()]; }

std::string random_string(std::mt19937& random) {
  static const std::vector<std::string> kParts = {"a",
                                                  "Microsoft.Storage/x",
                                                  "\\\"",
                                                  "\\\\",
                                                  "\\n",
                                                  "\\u00e9",
                                                  "\\ud83d\\ude00",
                                                  "\u00e9",
                                                  "\U0001F600",
                                                  "\\/",
                                                  "{\\\"appid\\\":\\\"z\\\"}",
                                                  "",
                                                  "0123456789abcdef0123456789abcdef"};
  std::string text = "\"";
  for (size_t parts = random() % 5; parts > 0; --parts) text += pick(random, kParts);
  return text + '"';
}

std::string random_value(std::mt19937& random, int depth) {
  static const std::vector<std::string> kScalars = {"null", "true", "false", "0", "-1.5e+10", "123456789012345678901234567890"};
  const size_t kind = random() % (depth > 4 ? 2 : 4);
  if (kind == 0) return pick(random, kScalars);
  if (kind == 1) return random_string(random);
  static const std::vector<std::string> kKeys = {
      "time",       "operationName", "value",  "identity", "claims",
      "appid",      "Claims",        "caller", "x",        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
      "resourceId", "records"};
  static const std::vector<std::string> kBlanks = {"", "", "", " ", "\n  ", "\t\r\n"};
  std::string text(1, kind == 2 ? '{' : '[');
  for (size_t members = random() % 6, member = 0; member < members; ++member) {
    if (member > 0) text += ',';
    text += pick(random, kBlanks);
    if (kind == 2) text += '"' + pick(random, kKeys) + "\"" + pick(random, kBlanks) + ":" + pick(random, kBlanks);
    text += random_value(random, depth + 1) + pick(random, kBlanks);
  }
  return text + (kind == 2 ? '}' : ']');
}

// One to three bytes overwritten, taken out or put in.
void damage(std::mt19937& random, std::string& text) {
  static const std::string kBytes = std::string(
                                        "\"\\{}[],:0-.eE+ \n\t\r\f\x1A"
                                        "\x01\x1F\x7F\x80\xC3\xE2\xED\xF0\xFFtrfnu/") +
                                    '\0';
  for (size_t times = 1 + random() % 3; times > 0 && !text.empty(); --times) {
    const size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    switch (random() % 4) {
      case 0: text[at] = byte; break;
      case 1: text.erase(at, 1 + random() % 3); break;
      case 2: text.insert(at, 1 + random() % 2, byte); break;
      default: text.resize(at); break;
    }
  }
}

}  // namespace

TEST_CASE("every kernel of simdjson reads the same records the same way") {
  const Restored restored;
  const auto all = kernels();
  REQUIRE(all.size() >= 2);
  std::mt19937 random(5);
  size_t taken = 0, refused = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text = "{\"time\":\"2026-03-14T09:12:05Z\",\"operationName\":" + random_value(random, 0) +
                       ",\"identity\":" + random_value(random, 0) + (random() % 2 ? "" : "\n") + "}";
    if (round % 2) damage(random, text);
    const size_t length = text.size();
    text.append(kPadding, "\0}\"\x80"[random() % 4]);
    INFO(text.substr(0, length));
    const std::string first = all.front()->read(text, length);
    (first.starts_with("refused") ? refused : taken) += 1;
    for (size_t other = 1; other < all.size(); ++other) {
      INFO(all.front()->implementation->name() << " against " << all[other]->implementation->name());
      REQUIRE(all[other]->read(text, length) == first);
    }
  }
  CHECK(taken > 15000);
  CHECK(refused > 10000);
}

TEST_CASE("every kernel of simdjson judges UTF-8 alike") {
  const auto all = kernels();
  REQUIRE(all.size() >= 2);
  std::mt19937 random(6);
  static const std::vector<std::string> kParts = {
      "a",        "\xC3\xA9",     "\xE2\x82\xAC",     "\xF0\x9F\x98\x80",
      "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
      "\xC3",     "\xE2\x82",     "\xF0\x9F",         "plain ascii text that fills a block of sixteen"};
  size_t good = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text;
    for (size_t parts = random() % 12; parts > 0; --parts) text += kParts[random() % (round % 2 ? kParts.size() : 4)];
    const bool first = all.front()->implementation->validate_utf8(text.data(), text.size());
    good += first;
    for (const auto& kernel : all) REQUIRE(kernel->implementation->validate_utf8(text.data(), text.size()) == first);
  }
  CHECK(good > 10000);
  CHECK(good < 39000);
}
