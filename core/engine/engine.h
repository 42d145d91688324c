// What one worker owns: the input being read, the store it fills, and the hunt over it. The wasm binding names these methods and nothing
// else, so every argument is a 32-bit number and every longer text goes through one of two buffers:
//   in:  text_in(n) returns the address of n writable bytes; the next call that documents a text argument reads them.
//   out: calls that answer leave UTF-8 (or store image) bytes at answer_address(), answer_bytes() long, valid until the next call.
// Addresses are offsets into the wasm heap; a heap view must be made anew after every call, since memory may have grown.
// Codes are csh::Error values; after a code other than ok the answer holds one sentence.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "error.h"

namespace csh {

// wasm ends at 4 GiB; a quarter of that is left to what a report takes, to the block being read and to what the heap wastes.
inline constexpr uint32_t kMemoryMebibytes = 3072;
// What a hunt takes beside the store, an event, at most: sorting takes most of it.
inline constexpr uint64_t kHuntBytesPerEvent = 64;

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(Engine&&) noexcept;

  uintptr_t text_in(uint32_t bytes);
  uintptr_t answer_address() const;
  uint32_t answer_bytes() const;

  // The most that what is held and a hunt over it may take; else kMemoryMebibytes. For who wants to see what happens at the ceiling.
  void limit_memory(uint32_t mebibytes);

  // Starts an input. Text: {"number":N,"path":"…","container":"none"|"gzip"|"zip","container_bytes":N}. `number` ties parts of one input
  // together. container_bytes: how many bytes the content takes in its container; may be left out where there is none.
  // A part of an input has besides: "part":{"id":N,"from":N,"to":N,"state":"…","guess":true|false} (engine/parts.h); its bytes are written from
  // `from` on, and beyond `to` until part_ended() says 1 or the input ends.
  uint32_t open_input(uint32_t text_bytes);
  // Address of `bytes` writable bytes that follow what is still unread of this input; write, then end_write(how many).
  // Blocks may be cut anywhere; any cut gives the same events. 0: memory is full, and nothing more can be taken of any input; what was taken is
  // whole. To be closed with cut = 2.
  uintptr_t begin_write(uint32_t bytes);
  uint32_t end_write(uint32_t bytes);
  // A note on the open input that only the caller can make (what its container left out). Text: {"code","message"}.
  uint32_t note_input(uint32_t text_bytes);
  // Ends the input. cut = 1: the bytes stopped before the end (cancelled, changed, unreadable); the text says why in one sentence. cut = 2: they
  // stopped because memory is full; the input says so itself, and how many events fit.
  // Of a part the answer is {"start":N|null,"start_state":"…","end":N,"end_state":"…","whole":bool,"alone":bool}.
  uint32_t close_input(uint32_t cut, uint32_t text_bytes);
  // 1: the open input is a part that has all it owns; further bytes are ignored.
  uint32_t part_ended() const;
  // 1: the open input is refused by what it begins with (a binary file, another table), so no further byte of it will be looked at.
  uint32_t input_refused() const;
  // Bytes of a refused input that stand behind what was written and are not read: a file of 10 GB need not be, to be refused. Text: {"bytes":N}.
  uint32_t skip_input(uint32_t text_bytes);
  // Takes a part's events and books back. Parts of one number that are still here when hunt() is called become one input, and must meet.
  uint32_t drop_part(uint32_t id);
  // Text: the first bytes of an input, more than 256 KiB. Answer: the state with which its parts can be guessed; empty: it must be read in one go.
  uint32_t plan_parts(uint32_t head_bytes);
  // An input that could not be opened at all (unreadable container, refused by the page): a row in the report. Text:
  // {"number","path","container","code","message"}, and "bytes" where its size is known.
  uint32_t refuse_input(uint32_t text_bytes);

  // Answer: {"events","rejected","other","bytes","heap_events_bytes","heap_text_bytes"} of everything read so far.
  uint32_t progress();
  // Signals among the events read since the last call, 2,000 at most a call, while an input is open or between two; for showing sessions before
  // all is read (report/report.h: append_new_signals_json). The answer is empty when nothing is new.
  uint32_t signals_so_far();

  // The store as a chain of images of at most about 4 MiB: begin_export(), then next_image() until the answer is empty. An image is
  // good only for import in the same version. Between begin_import() and end_import() every image of one chain must arrive in order.
  // begin_import(): how much the other engine holds, in KiB (progress(): heap_events_bytes + heap_text_bytes), and its events; out_of_memory, and
  // nothing changed, where that and a hunt over all do not fit beside what is held. `reads_on`: the hunt comes later, so that memory for it is counted
  // and not asked for yet.
  uint32_t begin_export();
  uint32_t next_image();
  uint32_t begin_import(uint32_t kibibytes, uint32_t events, bool reads_on = false);
  uint32_t import_image(uint32_t image_bytes);  // image in text_in
  uint32_t end_import();

  // Runs rule and sessions over everything held. Text: settings (hunt/settings.h). out_of_memory: there is no room for it.
  uint32_t hunt(uint32_t text_bytes);
  // Answers over the last hunt.
  uint32_t report_json();
  uint32_t report_outline();                                // the report with no session in its list
  uint32_t session_index();                                 // append_session_index() of report/report.h
  uint32_t session_resources();                             // append_session_resources() of report/report.h
  uint32_t report_table(uint32_t text_bytes);               // which one and how: parse_table_text of report/report.h
  uint32_t report_query(uint32_t query, uint32_t dialect);  // csh::Query and csh::Dialect of report/report.h
  uint32_t session_events(uint32_t session, uint32_t first, uint32_t count);
  uint32_t rejects(uint32_t input, uint32_t first, uint32_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace csh
