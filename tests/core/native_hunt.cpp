// scripts/hunt without wasm and workers, for tests: the native core over files, JSON report on standard output.
//   native_hunt [--window 1h] [--look-back none|1d] [--as-of newest|INSTANT] [--succeeded-is-success on|off]
//               [--date-order auto|day-first|month-first] [--local-zone +05:30|JSON] [--block BYTES] [--each] PATH...
// Paths are files or folders. --each prints one report a file, one line each (line feeds inside become blanks). --block sets how many bytes
// are handed over at a time. A zone with a name is given as the settings hold it (hunt/settings.h), since the core knows none by name.
// Exit status as scripts/hunt: 0, 2 (usage, or nothing readable), 3 (some input refused, cut or cannot run).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "report/json.h"

namespace {

namespace fs = std::filesystem;

struct File {
  fs::path place;
  std::string path;  // as the report names it
};

std::string_view answer(const csh::Engine& engine) {
  return {reinterpret_cast<const char*>(engine.answer_address()), engine.answer_bytes()};
}

uint32_t give(csh::Engine& engine, std::string_view text) {
  std::memcpy(reinterpret_cast<void*>(engine.text_in(static_cast<uint32_t>(text.size()))), text.data(), text.size());
  return static_cast<uint32_t>(text.size());
}

void check(const csh::Engine& engine, uint32_t code) {
  if (code == 0) return;
  std::cerr << "native_hunt: " << answer(engine) << '\n';
  std::exit(2);
}

void read(csh::Engine& engine, const File& file, uint32_t number, size_t block) {
  std::string argument;
  csh::JsonWriter json(argument);
  json.begin_object();
  json.number("number", number);
  json.text("path", file.path);
  json.text("container", "none");
  json.end_object();
  check(engine, engine.open_input(give(engine, argument)));
  std::ifstream in(file.place, std::ios::binary);
  for (;;) {
    char* const room = reinterpret_cast<char*>(engine.begin_write(static_cast<uint32_t>(block)));
    in.read(room, static_cast<std::streamsize>(block));
    check(engine, engine.end_write(static_cast<uint32_t>(in.gcount())));
    if (in.gcount() < static_cast<std::streamsize>(block)) break;
  }
  check(engine, engine.close_input(0, 0));
}

std::string report(const std::vector<File>& files, const std::string& settings, size_t block) {
  csh::Engine engine;
  uint32_t number = 0;
  for (const File& file : files) read(engine, file, number++, block);
  check(engine, engine.hunt(give(engine, settings)));
  check(engine, engine.report_json());
  return std::string(answer(engine));
}

}  // namespace

int main(int argc, char** argv) {
  std::string settings, zone;
  csh::JsonWriter json(settings);
  json.begin_object();
  std::vector<File> files;
  bool each = false;
  size_t block = 1 << 20;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 == argc) {
        std::cerr << "native_hunt: " << option << " takes a value\n";
        std::exit(2);
      }
      return argv[++i];
    };
    if (option == "--each") {
      each = true;
    } else if (option == "--window") {
      json.text("window", value());
    } else if (option == "--look-back") {
      json.text("look_back", value());
    } else if (option == "--as-of") {
      json.text("as_of", value());
    } else if (option == "--succeeded-is-success") {
      json.boolean("succeeded_is_success", value() == "on");
    } else if (option == "--date-order") {
      json.text("date_order", value());
    } else if (option == "--local-offset" || option == "--local-zone") {
      const std::string_view text = value();
      if (text.starts_with('{')) {
        zone = text;
      } else {
        json.text("local_offset", text);
      }
    } else if (option == "--block") {
      block = std::stoul(std::string(value()));
    } else {
      const fs::path place(option);
      if (fs::is_directory(place)) {
        for (const auto& entry : fs::recursive_directory_iterator(place)) {
          if (entry.is_regular_file()) files.push_back({entry.path(), fs::relative(entry.path(), place).generic_string()});
        }
      } else if (fs::exists(place)) {
        files.push_back({place, place.filename().generic_string()});
      } else {
        std::cerr << "native_hunt: no such file: " << option << '\n';
        return 2;
      }
    }
  }
  json.end_object();
  if (!zone.empty()) settings.replace(settings.size() - 1, 1, (settings == "{}" ? "" : ",") + ("\"local_zone\":" + zone) + "}");
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  if (files.empty()) {
    std::cerr << "native_hunt: name files or folders\n";
    return 2;
  }
  if (!each) {
    std::cout << report(files, settings, block);
    return 0;
  }
  for (const File& file : files) {
    std::string text = report({file}, settings, block);
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cout << text << '\n';
  }
  return 0;
}
