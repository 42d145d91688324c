// Writes JSON into a string: commas where they belong, nothing else.
#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/text.h"
#include "time/ticks.h"

namespace csh {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_list() { open('['); }
  void end_list() { close(']'); }
  // The next value stands on a line of its own.
  void line() { newline_ = true; }
  // `name` is the program's own: nothing in it needs an escape.
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    after_key_ = true;
  }
  void key_of_evidence(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    after_key_ = true;
  }
  void text(std::string_view value) {
    separate();
    append_json_string(out_, value);
  }
  void number(uint64_t value) {
    separate();
    char digits[20];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void integer(int64_t value) {
    separate();
    out_ += std::to_string(value);
  }
  void boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
  }
  void null() {
    separate();
    out_ += "null";
  }
  void instant(Ticks time) {
    separate();
    out_ += '"';
    append_instant(out_, time);
    out_ += '"';
  }
  void duration(Ticks time) {
    separate();
    out_ += '"';
    append_duration(out_, time);
    out_ += '"';
  }

  void text(std::string_view name, std::string_view value) { key(name), text(value); }
  void number(std::string_view name, uint64_t value) { key(name), number(value); }
  void boolean(std::string_view name, bool value) { key(name), boolean(value); }
  void instant(std::string_view name, Ticks value) { key(name), instant(value); }
  template <class Texts>
  void texts(std::string_view name, const Texts& values) {
    key(name);
    begin_list();
    for (const auto& value : values) text(std::string_view(value));
    end_list();
  }

 private:
  void separate() {
    if (!after_key_ && comma_) out_ += ',';
    if (newline_) out_ += '\n';
    newline_ = false;
    after_key_ = false;
    comma_ = true;
  }
  void open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
  }
  void close(char bracket) {
    if (newline_) out_ += '\n';
    newline_ = false;
    out_ += bracket;
    comma_ = true;
  }

  std::string& out_;
  bool comma_ = false, after_key_ = false, newline_ = false;
};

}  // namespace csh
