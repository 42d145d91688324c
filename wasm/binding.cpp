// The engine's methods by name, and nothing else: what a call means stands in core/engine/engine.h.
// Beside them, the key of its dictionaries (core/store/dictionary.h), in halves: a number of JavaScript does not hold 64 bits.
#include <emscripten/bind.h>

#include "engine/engine.h"
#include "store/dictionary.h"

using csh::Engine;

namespace {
void seed_hashes(uint32_t low, uint32_t high) { csh::seed_hashes(uint64_t{high} << 32 | low); }
}  // namespace

EMSCRIPTEN_BINDINGS(engine) {
  emscripten::function("seed_hashes", &seed_hashes);
  emscripten::class_<Engine>("Engine")
      .constructor<>()
      .function("text_in", &Engine::text_in)
      .function("answer_address", &Engine::answer_address)
      .function("answer_bytes", &Engine::answer_bytes)
      .function("limit_memory", &Engine::limit_memory)
      .function("open_input", &Engine::open_input)
      .function("begin_write", &Engine::begin_write)
      .function("end_write", &Engine::end_write)
      .function("note_input", &Engine::note_input)
      .function("close_input", &Engine::close_input)
      .function("part_ended", &Engine::part_ended)
      .function("input_refused", &Engine::input_refused)
      .function("skip_input", &Engine::skip_input)
      .function("drop_part", &Engine::drop_part)
      .function("plan_parts", &Engine::plan_parts)
      .function("refuse_input", &Engine::refuse_input)
      .function("progress", &Engine::progress)
      .function("signals_so_far", &Engine::signals_so_far)
      .function("begin_export", &Engine::begin_export)
      .function("next_image", &Engine::next_image)
      .function("begin_import", &Engine::begin_import)
      .function("import_image", &Engine::import_image)
      .function("end_import", &Engine::end_import)
      .function("hunt", &Engine::hunt)
      .function("report_json", &Engine::report_json)
      .function("report_outline", &Engine::report_outline)
      .function("session_index", &Engine::session_index)
      .function("session_resources", &Engine::session_resources)
      .function("report_table", &Engine::report_table)
      .function("report_query", &Engine::report_query)
      .function("session_events", &Engine::session_events)
      .function("rejects", &Engine::rejects);
}
