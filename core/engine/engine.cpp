#include "engine/engine.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "bytes/json_text.h"
#include "engine/input_reader.h"
#include "engine/reserve.h"
#include "hunt/groundwork.h"
#include "hunt/hunt.h"
#include "hunt/signals.h"
#include "hunt/timeline.h"
#include "report/json.h"
#include "report/report.h"
#include "store/transfer.h"

namespace csh {
namespace {

// No event is written in less.
constexpr uint32_t kLeastRecordBytes = 16;
// What reading takes at once, for each byte of a block and of the record that is not whole yet: a longer buffer beside the former one, a token a
// byte, texts and events.
constexpr uint64_t kReadingShare = 12;
// And at most: all that a worker holds beside its events stays below 96 MiB, and a window that asks for this much has most of the rest. Asking is not
// free: WebAssembly's memory grows for it and never shrinks.
constexpr uint64_t kMostForReading = 24u << 20;

}  // namespace

struct Engine::State {
  std::vector<char> in;
  std::string out;
  EventStore store;
  Decoders decoders;
  std::optional<InputReader> reader;
  uint64_t bytes = 0, bytes_before = 0;  // before the open input
  size_t room = 0;                       // bytes offered by the last begin_write
  std::optional<StoreExport> exporting;
  std::optional<StoreImport> importing;
  uint32_t imported_from = 0;  // the first event that the import under way brought
  std::optional<Timeline> timeline;
  std::optional<Groundwork> groundwork;  // of this timeline
  SignalsSoFar signals;
  std::optional<Findings> findings;
  uint64_t most_bytes = uint64_t{kMemoryMebibytes} << 20;

  // What is held, and a hunt over it.
  uint64_t taken() const { return store.column_bytes() + store.dictionary_bytes() + store.size() * kHuntBytesPerEvent; }
  // Whether a block of so many bytes and all that comes of it fits.
  bool has_room(uint32_t block) {
    const uint64_t growth = store.growth_bytes(block / kLeastRecordBytes);
    if (taken() + growth > most_bytes || !fill_reserve()) return false;
    return room_for(static_cast<size_t>(growth + std::min(kMostForReading, kReadingShare * (reader->held_bytes() + block))));
  }

  std::string_view argument(uint32_t bytes_in) const { return {in.data(), bytes_in <= in.size() ? bytes_in : in.size()}; }
  // With nothing to say: whoever calls copies the answer out, and the former one may be a report.
  uint32_t done() {
    out.clear();
    return static_cast<uint32_t>(Error::ok);
  }
  uint32_t fail(Error error, std::string_view sentence = {}) {
    out = sentence.empty() ? error_message(error) : sentence;
    return static_cast<uint32_t>(error);
  }
  // What was found is gone as soon as the store changes: its texts point into it.
  void forget_findings() {
    findings.reset();
    groundwork.reset();
    timeline.reset();
  }
};

namespace {

constexpr uint32_t kOk = static_cast<uint32_t>(Error::ok);

// The texts and the numbers of an argument object.
struct InputArgument {
  uint64_t number = 0, bytes = 0, container_bytes = 0;
  std::string path, container, code, message;
  std::optional<PartToRead> part;
};

bool read_part(const JsonPlace& object, PartToRead& part) {
  const std::optional<uint64_t> id = object["id"].unsigned_number(), from = object["from"].unsigned_number(),
                                to = object["to"].unsigned_number();
  const std::optional<std::string_view> state = object["state"].string();
  const std::optional<bool> guess = object["guess"].boolean();
  if (!id || *id > UINT32_MAX || !from || !to || !state || !guess) return false;
  part.id = static_cast<uint32_t>(*id);
  part.from = *from;
  part.to = *to;
  part.state = *state;
  part.guess = *guess;
  return true;
}

bool read_input_argument(std::string_view text, InputArgument& argument) {
  JsonText whole;
  if (!whole.parse(text)) return false;
  const JsonPlace object = whole.root();
  const auto text_of = [&](std::string_view name) { return std::string(object[name].string().value_or(std::string_view())); };
  const auto number_of = [&](std::string_view name) { return object[name].unsigned_number().value_or(0); };
  if (!object["number"].unsigned_number() || !object["path"].string()) return false;
  argument.number = number_of("number");
  argument.bytes = number_of("bytes");
  argument.container_bytes = number_of("container_bytes");
  argument.path = text_of("path");
  argument.container = text_of("container");
  argument.code = text_of("code");
  argument.message = text_of("message");
  const JsonPlace part = object["part"];
  if (part.is_object() && !read_part(part, argument.part.emplace())) return false;
  return argument.number <= UINT32_MAX;
}

Input new_input(const InputArgument& argument) {
  Input input;
  input.number = static_cast<uint32_t>(argument.number);
  input.path = argument.path;
  input.container = argument.container.empty() ? "none" : argument.container;
  input.container_bytes = argument.container_bytes;
  input.encoding = "utf-8";
  return input;
}

void append_part_json(std::string& out, const PartRead& part) {
  JsonWriter json(out);
  json.begin_object();
  json.key("start");
  part.start ? json.number(*part.start) : json.null();
  json.text("start_state", part.start_state);
  json.number("end", part.end);
  json.text("end_state", part.end_state);
  json.boolean("whole", part.whole);
  json.boolean("alone", part.alone);
  json.end_object();
}

uint64_t total_bytes(const EventStore& store) {
  uint64_t bytes = 0;
  for (const Input& input : store.inputs()) bytes += input.bytes;
  return bytes;
}

}  // namespace

Engine::Engine() : state_(std::make_unique<State>()) {
  // Without it every block is refused.
  (void)fill_reserve();
}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

uintptr_t Engine::text_in(uint32_t bytes) {
  state_->in.resize(bytes);
  return reinterpret_cast<uintptr_t>(state_->in.data());
}
uintptr_t Engine::answer_address() const { return reinterpret_cast<uintptr_t>(state_->out.data()); }
uint32_t Engine::answer_bytes() const { return static_cast<uint32_t>(state_->out.size()); }

void Engine::limit_memory(uint32_t mebibytes) { state_->most_bytes = uint64_t{mebibytes} << 20; }

uint32_t Engine::open_input(uint32_t text_bytes) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  InputArgument argument;
  if (!read_input_argument(state_->argument(text_bytes), argument)) return state_->fail(Error::bad_argument_text);
  state_->forget_findings();
  state_->reader.emplace(state_->store, state_->store.add_input(new_input(argument)), state_->decoders);
  state_->bytes_before = state_->bytes;
  if (!argument.part || state_->reader->begin_part(*argument.part)) return state_->done();
  // The row is a part, and of no use.
  state_->reader.reset();
  (void)csh::drop_part(state_->store, argument.part->id);
  return state_->fail(Error::bad_argument_text);
}

uintptr_t Engine::begin_write(uint32_t bytes) {
  if (!state_->reader || !state_->has_room(bytes)) return 0;
  state_->room = bytes;
  return reinterpret_cast<uintptr_t>(state_->reader->begin_write(bytes));
}

uint32_t Engine::end_write(uint32_t bytes) {
  if (!state_->reader) return state_->fail(Error::no_open_input);
  if (bytes > state_->room) return state_->fail(Error::write_too_long);
  state_->room = 0;
  state_->bytes += bytes;
  state_->reader->end_write(bytes);
  return state_->done();
}

uint32_t Engine::note_input(uint32_t text_bytes) {
  if (!state_->reader) return state_->fail(Error::no_open_input);
  JsonText whole;
  if (!whole.parse(state_->argument(text_bytes))) return state_->fail(Error::bad_argument_text);
  const std::optional<std::string_view> code = whole.root()["code"].string(), message = whole.root()["message"].string();
  if (!code || !message) return state_->fail(Error::bad_argument_text);
  // The open input is the one that was added last.
  const auto last = static_cast<uint32_t>(state_->store.inputs().size() - 1);
  state_->store.input(last).notes.push_back({std::string(*code), std::string(*message)});
  return state_->done();
}

uint32_t Engine::close_input(uint32_t cut, uint32_t text_bytes) {
  if (!state_->reader) return state_->fail(Error::no_open_input);
  if (cut == 2) {
    state_->reader->close_full();
  } else {
    state_->reader->close(cut != 0, state_->argument(text_bytes));
  }
  const Input& input = state_->store.inputs().back();
  state_->out.clear();
  if (input.part.is_part) {
    state_->bytes = state_->bytes_before + input.bytes;
    append_part_json(state_->out, state_->reader->part_read());
  }
  state_->reader.reset();
  return kOk;
}

uint32_t Engine::part_ended() const { return state_->reader && state_->reader->ended() ? 1 : 0; }

uint32_t Engine::input_refused() const { return state_->reader && state_->reader->refused() ? 1 : 0; }

uint32_t Engine::skip_input(uint32_t text_bytes) {
  if (!state_->reader || !state_->reader->refused()) return state_->fail(Error::no_open_input);
  JsonText whole;
  if (!whole.parse(state_->argument(text_bytes))) return state_->fail(Error::bad_argument_text);
  const std::optional<uint64_t> bytes = whole.root()["bytes"].unsigned_number();
  if (!bytes) return state_->fail(Error::bad_argument_text);
  state_->bytes += *bytes;
  state_->reader->skip(*bytes);
  return state_->done();
}

uint32_t Engine::drop_part(uint32_t id) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  state_->forget_findings();
  const uint64_t before = total_bytes(state_->store);
  if (!csh::drop_part(state_->store, id)) return state_->fail(Error::no_such_input);
  state_->bytes -= before - total_bytes(state_->store);
  return state_->done();
}

uint32_t Engine::plan_parts(uint32_t head_bytes) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  state_->out = InputReader::plan_parts(state_->argument(head_bytes), state_->decoders);
  return kOk;
}

uint32_t Engine::refuse_input(uint32_t text_bytes) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  InputArgument argument;
  if (!read_input_argument(state_->argument(text_bytes), argument)) return state_->fail(Error::bad_argument_text);
  state_->forget_findings();
  Input input = new_input(argument);
  input.refused = true;
  input.bytes = input.structure_bytes = argument.bytes;  // none of them is a record's
  input.notes.push_back({argument.code, argument.message});
  state_->store.add_input(std::move(input));
  return state_->done();
}

uint32_t Engine::progress() {
  uint64_t rejected = 0, other = 0;
  for (const Input& input : state_->store.inputs()) {
    rejected += input.rejected;
    other += input.other;
  }
  state_->out.clear();
  JsonWriter json(state_->out);
  json.begin_object();
  json.number("events", state_->store.size());
  json.number("rejected", rejected);
  json.number("other", other);
  json.number("bytes", state_->bytes);
  json.number("heap_events_bytes", state_->store.column_bytes());
  json.number("heap_text_bytes", state_->store.dictionary_bytes());
  json.end_object();
  return kOk;
}

uint32_t Engine::signals_so_far() {
  state_->out.clear();
  append_new_signals_json(state_->out, state_->signals.next(state_->store));
  return kOk;
}

uint32_t Engine::begin_export() {
  if (state_->reader) return state_->fail(Error::input_already_open);
  state_->exporting.emplace(state_->store);
  return state_->done();
}

uint32_t Engine::next_image() {
  if (!state_->exporting) return state_->fail(Error::bad_store_image);
  state_->exporting->next(state_->out);
  if (state_->out.empty()) state_->exporting.reset();
  return kOk;
}

uint32_t Engine::begin_import(uint32_t kibibytes, uint32_t events, bool reads_on) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  const uint64_t brought = uint64_t{kibibytes} << 10;
  const uint64_t needed = brought + (uint64_t{events} + state_->store.size()) * kHuntBytesPerEvent;
  const uint64_t held = state_->store.column_bytes() + state_->store.dictionary_bytes();
  if (held + needed > state_->most_bytes || needed > SIZE_MAX || !fill_reserve() ||
      !room_for(static_cast<size_t>(reads_on ? brought : needed))) {
    return state_->fail(Error::out_of_memory);
  }
  state_->forget_findings();
  state_->importing.emplace(state_->store);
  state_->imported_from = state_->store.size();
  return state_->done();
}

uint32_t Engine::import_image(uint32_t image_bytes) {
  if (!state_->importing) return state_->fail(Error::bad_store_image);
  const Error error = state_->importing->take(state_->argument(image_bytes));
  return error == Error::ok ? state_->done() : state_->fail(error);
}

uint32_t Engine::end_import() {
  if (!state_->importing) return state_->fail(Error::bad_store_image);
  state_->importing.reset();
  state_->signals.leave_out(state_->imported_from, state_->store.size());
  return state_->done();
}

uint32_t Engine::hunt(uint32_t text_bytes) {
  if (state_->reader) return state_->fail(Error::input_already_open);
  Settings settings;
  std::string why;
  if (const Error error = parse_settings(state_->argument(text_bytes), settings, why); error != Error::ok) return state_->fail(error, why);
  if (const Error error = join_parts(state_->store); error != Error::ok) return state_->fail(error);
  const uint64_t needed = state_->store.size() * kHuntBytesPerEvent;
  if (!fill_reserve() || needed > SIZE_MAX || !room_for(static_cast<size_t>(needed))) return state_->fail(Error::out_of_memory);
  if (!state_->timeline || state_->timeline->outdated_by(settings)) {
    state_->forget_findings();
    state_->timeline = Timeline::build(state_->store, settings);
    state_->groundwork.emplace(state_->store, *state_->timeline);
  }
  state_->findings = csh::hunt(state_->store, *state_->timeline, *state_->groundwork, settings);
  return state_->done();
}

uint32_t Engine::report_json() {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  state_->out.clear();
  append_report_json(state_->out, state_->store, *state_->timeline, *state_->findings);
  return kOk;
}

uint32_t Engine::report_outline() {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  state_->out.clear();
  append_report_json(state_->out, state_->store, *state_->timeline, *state_->findings, Extent::outline);
  return kOk;
}

uint32_t Engine::session_index() {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  state_->out.clear();
  append_session_index(state_->out, *state_->findings);
  return kOk;
}

uint32_t Engine::session_resources() {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  state_->out.clear();
  append_session_resources(state_->out, *state_->findings);
  return kOk;
}

uint32_t Engine::report_table(uint32_t text_bytes) {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  TableText text;
  if (!parse_table_text(state_->argument(text_bytes), text)) return state_->fail(Error::bad_argument_text);
  if (text.sessions) {
    for (const uint32_t session : *text.sessions) {
      if (session >= state_->findings->sessions.size()) return state_->fail(Error::no_such_session);
    }
  }
  state_->out.clear();
  append_table(state_->out, state_->store, *state_->timeline, *state_->findings, text);
  return kOk;
}

uint32_t Engine::report_query(uint32_t query, uint32_t dialect) {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  if (query > static_cast<uint32_t>(Query::sessions) || dialect >= kDialects) return state_->fail(Error::bad_argument_text);
  state_->out.clear();
  append_query(state_->out, *state_->findings, static_cast<Query>(query), static_cast<Dialect>(dialect));
  return kOk;
}

uint32_t Engine::session_events(uint32_t session, uint32_t first, uint32_t count) {
  if (!state_->findings) return state_->fail(Error::no_hunt);
  if (session >= state_->findings->sessions.size()) return state_->fail(Error::no_such_session);
  state_->out.clear();
  append_session_events_json(state_->out, state_->store, *state_->timeline, *state_->findings, session, first, count);
  return kOk;
}

uint32_t Engine::rejects(uint32_t input, uint32_t first, uint32_t count) {
  if (input >= state_->store.inputs().size()) return state_->fail(Error::no_such_input);
  state_->out.clear();
  append_rejects_json(state_->out, state_->store, input, first, count);
  return kOk;
}

}  // namespace csh
