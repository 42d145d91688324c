#include "bytes/json_text.h"

#include <simdjson.h>

#include <array>
#include <charconv>

#include "bytes/framer.h"
#include "bytes/json_number.h"

namespace csh {

JsonText::JsonText() = default;
JsonText::~JsonText() = default;

bool JsonText::parse(std::string_view json) {
  forget_strings();
  begin_ = end_ = nullptr;
  if (json.empty()) return false;
  bytes_.clear();
  bytes_.reserve(json.size() + kPadding);
  bytes_.append(json).append(kPadding, ' ');
  constexpr size_t kUnused = 1;  // the first stage nests nothing
  if (simdjson::get_active_implementation()->create_dom_parser_implementation(json.size(), kUnused, parser_)) return false;
  if (parser_->stage1(reinterpret_cast<const uint8_t*>(bytes_.data()), json.size(), simdjson::stage1_mode::regular)) return false;
  begin_ = parser_->structural_indexes.get();
  end_ = begin_ + parser_->n_structural_indexes;  // holds the text's length
  return check();
}

// The token without the blanks behind it; empty at the end.
std::string_view JsonText::token(const uint32_t* at) const {
  if (at >= end_) return {};
  const std::string_view bytes = bytes_;
  size_t behind = at[1];
  while (behind > *at && is_blank(bytes[behind - 1])) --behind;
  return bytes.substr(*at, behind - *at);
}

// The contents of a token that is a string, or nothing where it is none. `keep` false: only its escapes are judged.
std::optional<std::string_view> JsonText::unescaped(std::string_view token, bool keep) const {
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') return std::nullopt;
  const std::string_view inside = token.substr(1, token.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside;
  if (room_.size() < token.size() + kPadding) room_.resize(token.size() + kPadding);
  auto* const out = reinterpret_cast<uint8_t*>(room_.data());
  const uint8_t* const behind = parser_->parse_string(reinterpret_cast<const uint8_t*>(inside.data()), out, false);
  if (behind == nullptr) return std::nullopt;
  if (!keep) return inside;
  return strings_.emplace_front(room_.data(), static_cast<size_t>(behind - out));
}

bool JsonText::check() const {
  std::array<char, kMaxDepth + 1> closers{};  // of the bracket at a depth
  int depth = 0;
  const uint32_t* at = begin_;
  const auto next = [&] { return at < end_ ? bytes_[*at] : '\0'; };
  if (next() != '{' && next() != '[') return false;
  for (;;) {
    const char c = next();
    bool opened = false;
    if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return false;
      closers[static_cast<size_t>(depth)] = c == '{' ? '}' : ']';
      opened = true;
    } else if (c == '"') {
      if (!unescaped(token(at), false)) return false;
    } else {
      const std::string_view word = token(at);
      if (word != "null" && word != "true" && word != "false" && !is_json_number(word)) return false;
    }
    ++at;
    // Behind a value, or behind an opening bracket, which may be closed at once.
    for (;;) {
      if (depth == 0) return at == end_;
      const char closer = closers[static_cast<size_t>(depth)];
      if (next() == closer) {
        ++at;
        --depth;
        opened = false;
        continue;
      }
      if (!opened) {
        if (next() != ',') return false;
        ++at;
      }
      if (closer == '}') {
        if (!unescaped(token(at), false)) return false;
        ++at;
        if (next() != ':') return false;
        ++at;
      }
      break;
    }
  }
}

char JsonPlace::first() const { return text_ == nullptr ? '\0' : text_->bytes_[*at_]; }

const uint32_t* JsonPlace::behind() const {
  const uint32_t* at = at_;
  size_t depth = 0;
  do {
    const char c = text_->bytes_[*at++];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  } while (depth > 0);
  return at;
}

std::string_view JsonPlace::raw() const {
  if (text_ == nullptr) return {};
  const std::string_view last = text_->token(behind() - 1);
  const char* const begin = text_->bytes_.data() + *at_;
  return {begin, static_cast<size_t>(last.data() + last.size() - begin)};
}

std::optional<std::string_view> JsonPlace::string() const {
  return text_ == nullptr ? std::nullopt : text_->unescaped(text_->token(at_), true);
}

std::optional<uint64_t> JsonPlace::unsigned_number() const {
  if (!is_number()) return std::nullopt;
  const std::string_view token = text_->token(at_);
  uint64_t number = 0;
  const auto [behind, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  return error == std::errc() && behind == token.data() + token.size() ? std::optional(number) : std::nullopt;
}

std::optional<bool> JsonPlace::boolean() const {
  return first() == 't' ? std::optional(true) : first() == 'f' ? std::optional(false) : std::nullopt;
}

// `at`: the first token of a member or element, or the closing bracket.
JsonPlace JsonPlace::member_at(const uint32_t* at) const {
  const char c = text_->bytes_[*at];
  if (c == '}' || c == ']') return {};
  const bool named = text_->bytes_[at[1]] == ':';
  return {text_, named ? at + 2 : at};
}

JsonPlace JsonPlace::begin_inside() const { return is_object() || is_list() ? member_at(at_ + 1) : JsonPlace(); }

JsonPlace JsonPlace::next() const {
  const uint32_t* const separator = behind();
  return text_->bytes_[*separator] == ',' ? member_at(separator + 1) : JsonPlace();
}

size_t JsonPlace::size() const {
  size_t count = 0;
  for (JsonPlace inside = begin_inside(); inside; inside = inside.next()) ++count;
  return count;
}

std::string_view JsonPlace::name() const { return text_->unescaped(text_->token(at_ - 2), true).value_or(std::string_view()); }

JsonPlace JsonPlace::operator[](std::string_view name) const {
  for (JsonPlace member = is_object() ? begin_inside() : JsonPlace(); member; member = member.next()) {
    if (member.name() == name) return member;
  }
  return {};
}

}  // namespace csh
