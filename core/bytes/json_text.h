// One JSON text read whole and then walked: settings, arguments of the engine, a table of pandas. Checked to the last byte before anything is asked;
// a place in it is one pointer into the list of its tokens, so nothing is built. simdjson's DOM did the same and is a tenth of the page's module.
#pragma once
#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace csh {

class JsonText;

// Where a value stands. Valid as long as its text; a default one stands nowhere, and is no value of any kind.
class JsonPlace {
 public:
  JsonPlace() = default;

  explicit operator bool() const { return text_ != nullptr; }
  bool is_object() const { return first() == '{'; }
  bool is_list() const { return first() == '['; }
  bool is_null() const { return first() == 'n'; }
  bool is_number() const { return first() == '-' || (first() >= '0' && first() <= '9'); }
  // As it stands in the text.
  std::string_view raw() const;
  // A string, its escapes resolved; lasts until forget_strings().
  std::optional<std::string_view> string() const;
  // A number without fraction, exponent and sign that fits.
  std::optional<uint64_t> unsigned_number() const;
  std::optional<bool> boolean() const;

  // Members of an object, elements of a list: the first one, then the next behind each. None in other values.
  JsonPlace begin_inside() const;
  JsonPlace next() const;
  // How many there are.
  size_t size() const;
  // Of a value that is an object's member: its name, as string().
  std::string_view name() const;
  // An object's first member of that name.
  JsonPlace operator[](std::string_view name) const;

 private:
  friend class JsonText;
  JsonPlace(const JsonText* text, const uint32_t* at) : text_(text), at_(at) {}
  char first() const;
  const uint32_t* behind() const;  // the token after this value's last
  JsonPlace member_at(const uint32_t* at) const;

  const JsonText* text_ = nullptr;
  const uint32_t* at_ = nullptr;
};

class JsonText {
 public:
  static constexpr int kMaxDepth = 256;  // as of a record

  JsonText();
  ~JsonText();

  // False: this is not one well-formed JSON list or object. The bytes are copied; places in an earlier text end.
  bool parse(std::string_view json);
  JsonPlace root() const { return {this, begin_}; }
  void forget_strings() const { strings_.clear(); }

 private:
  friend class JsonPlace;
  bool check() const;
  std::string_view token(const uint32_t* at) const;
  std::optional<std::string_view> unescaped(std::string_view token, bool keep) const;

  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  std::string bytes_;  // and kPadding more
  const uint32_t *begin_ = nullptr, *end_ = nullptr;
  mutable std::string room_;
  mutable std::forward_list<std::string> strings_;  // those that were written with escapes and have been asked for
};

}  // namespace csh
