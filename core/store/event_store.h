// All events of all inputs, dictionary-encoded in columns: what every hunt reads, and the only thing that grows with the evidence.
// An event costs 62 to 64 bytes in columns, at any count, plus its share of the dictionaries. The store keeps what the file says; what a setting makes of it
// (Succeeded as Success, day or month first, an offset for local time) is applied by whoever reads, so a changed setting needs no file.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/blocks.h"
#include "store/dictionary.h"
#include "time/ticks.h"

namespace csh {

// Text columns, in the order of the store image.
enum class Column : uint8_t {
  caller,
  operation,
  status,  // as the file spells it
  resource_group,
  ip,
  subscription,
  app_id,
  resource_id,
  correlation_id,
  event_id,
};
inline constexpr size_t kColumns = 10;

// The five columns that the published query cannot run without; bit i of Input::present says that some record had one of its aliases.
enum class Needed : uint8_t { time, caller, operation, status, resource_group };
inline constexpr size_t kNeeded = 5;
std::string_view needed_name(Needed column);
// AzureActivity's name of a text column ("CallerIpAddress"); the application id, which has no column there, is "Claims.appid".
std::string_view column_name(Column column);  // "TimeGenerated", "Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup"

// Bits of an event.
enum EventFlag : uint16_t {
  kRawStatus = 1 << 0,       // status comes in REST words (Succeeded, Started …): always mapped to AzureActivity's
  kPolicyCategory = 1 << 1,  // category Policy
  kAdminRole = 1 << 2,       // a role assignment whose record names an administrator role
  kPublicAccess = 1 << 3,    // a storage account write whose record switches public blob access on
  kSoftDeleteOff = 1 << 4,   // a blob service write whose record switches soft delete off
  kRepaired = 1 << 5,        // the record was made whole by a stated rule
  kAfterBreak = 1 << 6,      // found behind a framing break
  kDuplicateKey = 1 << 7,    // a mapped key stood twice; the last one counts
  kTimeUnreadable = 1 << 8,  // a time text is there but names no instant: the event has no time
  kZoneless = 1 << 9,        // the time column holds local time; the offset is a setting
  kRebuilt = 1 << 11,        // the record is one row of an object of columns: offset and length are the whole object's
  kEitherOrder = 1 << 10,    // a numeric date that reads day first or month first: the column holds it day first
  // Never in the store: a zone is a setting, so only the timeline knows them.
  kAmbiguousTime = 1 << 12,  // local time of the hour that a clock change repeats: the earlier instant stands
  kSkippedTime = 1 << 13,    // local time that a clock change skipped: read with the offset from before the change
};

struct EventFields {
  Ticks time = kNoTime;
  std::array<std::string_view, kColumns> text;  // valid during append() only
  uint16_t flags = 0;
  uint64_t offset = 0;  // of the record's first byte in its input's opened stream
  uint32_t length = 0;  // bytes
  std::string_view& operator[](Column column) { return text[static_cast<size_t>(column)]; }
};

struct Note {
  std::string code;     // stable word: "empty", "refused", "cut", "time_unreadable" …
  std::string message;  // one sentence
};

// A kind of reject of one input: how often and where first.
struct RejectKind {
  std::string reason;
  uint64_t count = 0;
  uint64_t first_offset = 0;
  uint64_t first_line = 0;  // counted from 1
  std::string message;
};

// One rejected span, for looking at; kept up to kRejectsKept an input.
struct Reject {
  uint32_t kind = 0;  // index into Input::reject_kinds
  uint64_t offset = 0;
  uint64_t length = 0;
  uint64_t line = 0;
};
inline constexpr size_t kRejectsKept = 1000;  // enough to see a pattern; the counts are always whole

// What was met in an input and is told in its notes. Kept as counts until the whole input is read: only then can be said what they mean.
struct InputCounts {
  uint64_t unreadable_times = 0, first_unreadable_time = 0;  // events whose time names no instant, and the first one's offset
  uint64_t duplicate_keys = 0, after_break = 0, rows_replaced = 0, unmapped_names = 0;
  bool is_table = false;        // CSV
  bool blank = false;           // nothing but blank space
  bool truncated = false;       // the bytes end inside a record or list
  bool partial_answer = false;  // a query's answer says so of itself
  bool rows_unnamed = false;    // rows stood before their columns
  bool tool_looked_for = false;
  bool memory_full = false;                // reading stopped for want of memory
  std::string tool;                        // a sentence on who wrote the first record that is nothing of the log
  std::vector<std::string> shapes;         // met, each once
  std::vector<std::string> other_kinds;    // names of other logs, the first few met, each once
  std::vector<std::string> other_columns;  // of the last table that was not ours
};
inline constexpr size_t kOtherKindsKept = 8;  // enough to recognise the folder they came from

// A part of an input that several workers read: bytes [start, end) of it.
struct InputPart {
  bool is_part = false;
  uint32_t id = 0;  // given by the caller, unique among all that are read
  uint64_t start = 0, end = 0;
  uint64_t line_ends = 0;  // within
};

struct Input {
  uint32_t number = 0;  // given by the caller; parts of one input read by several workers share it
  InputPart part;       // until the parts are joined
  InputCounts counts;
  std::string path;              // relative to what was dropped or named, '/'-separated
  std::string shape;             // "rest", "diagnostic", "activity_rows", "mixed", or "" before the first event
  std::string container;         // "none", "gzip", "zip"
  std::string encoding;          // "utf-8", "utf-8-bom", "utf-16le", "utf-16be"
  uint64_t bytes = 0;            // of the opened stream
  uint64_t container_bytes = 0;  // of the same content as it lies in its container; 0 where there is none
  uint64_t framed = 0, events = 0, other = 0, rejected = 0, repaired = 0;
  uint64_t record_bytes = 0, structure_bytes = 0, rejected_bytes = 0;
  uint64_t no_time = 0;                                       // events whose time is missing or unreadable
  uint64_t zoneless = 0;                                      // events with kZoneless
  uint64_t either_order = 0;                                  // events with kEitherOrder
  uint8_t present = 0;                                        // bits of Needed
  bool day_first_proven = false, month_first_proven = false;  // by some numeric date of the input; both: a contradiction
  bool carries_app_ids = false;                               // one event at least has an app id
  bool refused = false;                                       // not read at all; a note says why and what to export instead
  bool cut = false;                                           // reading stopped before the end
  std::vector<std::pair<std::string, std::string>> fed;  // AzureActivity's column and the path that fed it in some record; sorted, distinct
  std::vector<Note> notes;
  std::vector<RejectKind> reject_kinds;
  std::vector<Reject> rejects;
  // True when every column of the published query occurs in the input and it holds events.
  bool can_run() const { return events > 0 && !refused && present == (1u << kNeeded) - 1; }
};

class EventStore {
 public:
  // Appends an input; the reference stays valid until the next call.
  uint32_t add_input(Input input);
  Input& input(uint32_t index) { return inputs_[index]; }
  const std::vector<Input>& inputs() const { return inputs_; }

  // Appends an event of that input and counts it there. Views in `event` are copied.
  void append(uint32_t input, const EventFields& event);

  // Inputs become `inputs`, and events of the former input i belong to input becomes[i], or are dropped where that is kDropped.
  static constexpr uint32_t kDropped = UINT32_MAX;
  void replace_inputs(std::vector<Input> inputs, const std::vector<uint32_t>& becomes);

  // Takes back the events of the input that was appended to last, as far as they stand at the end, and its counts of them; returns how many.
  uint64_t drop_events(uint32_t input);

  uint32_t size() const { return time_.size(); }
  Ticks raw_time(uint32_t event) const { return time_[event]; }  // as the column has it, or kNoTime; see TimeReading
  uint32_t id(uint32_t event, Column column) const { return ids_[static_cast<size_t>(column)][event]; }
  std::string_view text(uint32_t event, Column column) const { return dictionary(column).text(id(event, column)); }
  uint16_t flags(uint32_t event) const { return flags_[event]; }
  uint64_t offset(uint32_t event) const { return offset_[event]; }
  uint32_t length(uint32_t event) const { return length_[event]; }
  uint32_t input_of(uint32_t event) const;  // O(log runs)
  const Dictionary& dictionary(Column column) const { return dictionaries_[static_cast<size_t>(column)]; }
  // Bytes held: columns and dictionaries, room for more included.
  uint64_t column_bytes() const;
  uint64_t dictionary_bytes() const;
  // The most that dictionaries may ask for at once while `texts` new ones come to each of them.
  uint64_t growth_bytes(uint32_t texts) const;

 private:
  friend class StoreExport;
  friend class StoreImport;
  struct Run {  // events [first, next run's first) belong to `input`
    uint32_t first;
    uint32_t input;
  };
  std::vector<Input> inputs_;
  std::vector<Run> runs_;
  void cut_columns(uint32_t size);

  Blocks<Ticks> time_;
  std::array<Blocks<uint32_t>, kColumns> ids_;
  Blocks<uint64_t> offset_;
  Blocks<uint32_t> length_;
  Blocks<uint16_t> flags_;
  std::array<Dictionary, kColumns> dictionaries_;
};

}  // namespace csh
