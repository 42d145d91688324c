// JSON that is not one record a line: a list of records, pages ({"value":[…]}, {"records":[…]}), lists of pages, tables of columns and rows,
// values one after the other, minified or pretty. Streams: holds one record at a time, never the list.
// Which object is a page is told by its own keys: a list or object under an envelope key at the object's first level, unless the object has
// a time and an operation itself. What a page holds beside it is structure.
//   {"value":[ record, … ]}   {"responses":[ {"body":{"tables":[ {"columns":[…],"rows":[ [row], … ]} ]}} ]}   {"hits":{"hits":[ record ]}}
//   {"body":{ record }}
// Behind a framing break (a quote or bracket missing) it looks for the next record that parses whole and has a time and an operation; all
// before it is one rejected span.
#pragma once
#include <optional>
#include <vector>

#include "bytes/framer.h"
#include "bytes/json_scan.h"

namespace csh {

// What a key of an object's first level opens when its value begins with that bracket. Compared case-insensitively.
enum class Envelope : uint8_t {
  none,
  records,  // a list of records, or of pages
  columns,  // the list that names a table's columns
  rows,     // a list of rows, if columns are known; pandas calls it data and may also put records into it
  inner,    // an object that holds one of these
  error,    // a query's complaint that its answer is partial
};
Envelope envelope_of(std::string_view key, char bracket);
// True when the object, well-formed or not, opens an envelope at its first level and the sink does not know it for a record.
bool is_page(std::string_view object, FrameSink& sink);

class JsonFramer final : public Framer {
 public:
  // Pages nest six deep in the batch answers of the query API; more than this is hostile.
  static constexpr size_t kMaxContainers = 16;
  // How far behind a break candidates are tried against each other before a span is given up; bounds quadratic cost.
  static constexpr size_t kMaxTriesABreak = 4096;
  static constexpr size_t kMaxTriedBytesABreak = 64u << 20;
  static constexpr size_t kMaxCandidateBytes = 1u << 20;
  // A list of columns longer than this is none: the widest tables have some hundred.
  static constexpr size_t kMaxColumnsBytes = 1u << 20;
  // Keys behind this many bytes of an object do not tell whether it is a record or a page: a page of one huge list must stream.
  static constexpr size_t kMaxKeysBytes = 256u << 10;

  // `first_is_page`: the first object is known to be a page.
  explicit JsonFramer(bool first_is_page = false) : first_is_page_(first_is_page) {}
  size_t scan(std::string_view window, uint64_t offset, bool last, FrameSink& sink) override;
  bool ended_whole() const override { return containers_.empty() && !ended_lost_; }
  // A letter for each open container, outermost first, then what is known of a table's columns, whether the list was opened again, whether a
  // value was met.
  std::string state() const override;
  bool resume(std::string_view state) override;
  // The first object (in a table: row) behind a separator that reads like a record.
  size_t guess(std::string_view window, bool last, FrameSink& sink) override;

 private:
  enum class State : uint8_t {
    between,    // in a list or at top level, before a value
    candidate,  // inside an object that may be a record or a page, or inside a row
    page,       // inside a page, outside its lists
    skipping,   // inside a record that is too long
    lost,       // behind a break
  };
  enum class Container : uint8_t { list, rows, page };
  enum class Step : uint8_t { go_on, need_more };
  // What to do about a bracket at the first level of a page or of an object that may become one.
  enum class Opened : uint8_t { nothing, taken, need_more };

  Step step_between(FrameSink& sink);
  Step step_candidate(FrameSink& sink);
  // An object whose strings stand in single quotes; nullopt: it is none, or its end cannot be told by them.
  std::optional<Step> step_single_quotes(std::string_view text, FrameSink& sink);
  // As open_envelope, for the bracket at text[bracket] of the candidate `text`, unless that is a record whatever lists it has.
  Opened open_candidate(std::string_view text, size_t bracket, FrameSink& sink);
  Step step_page(FrameSink& sink);
  Step step_skipping(FrameSink& sink);
  Step step_lost(FrameSink& sink);
  // `bracket` is the place of a '[' or '{' at the first level of an object whose keys begin at `earliest`. `in_page`: the object is known to be
  // a page; else it becomes one when something is opened. What is opened is taken, up to and including the bracket or the whole list of
  // columns, and told as structure from `told` on.
  Opened open_envelope(size_t bracket, size_t earliest, bool in_page, size_t told, FrameSink& sink);
  // The object at `bracket` under a key that holds a page may be one record itself: {"body":{ record }}, a message of an event hub. Then it is taken,
  // and the object around it is a page. nullopt: it is no record. Parameters as above.
  std::optional<Opened> take_only_record(size_t bracket, bool in_page, size_t told, FrameSink& sink);
  // Whether a key follows the object that ends before window_[at]: then a bracket too much has closed it before its end.
  Opened key_behind(size_t at) const;
  // How long the candidate `text` may be.
  size_t limit_of(std::string_view text) const;
  bool in_rows() const { return !containers_.empty() && containers_.back() == Container::rows; }
  // The state that belongs to the innermost container.
  void enter_container();
  void begin_lost(size_t from, RejectReason reason, FrameSink& sink);
  // A record or row where a page's key should stand: a bracket too much has closed its list. It is opened again.
  bool reopen_list(char bracket);
  uint64_t place(size_t at) const { return offset_ + at; }

  State state_ = State::between;
  std::vector<Container> containers_;
  JsonScan scan_;
  enum class Known : uint8_t { nothing, page, record };
  Known known_ = Known::nothing;  // of the candidate
  bool first_is_page_;
  bool met_value_ = false, first_value_ = false;  // some value; the candidate is the first value of all, and in no list
  char page_before_ = '\0';     // in a page, at its first level: the last byte that is not blank; a quote stands for a string
  bool at_member_ = false;      // in a page: the next byte is the first behind a comma or the page's opening, so a key may begin there
  bool reopened_ = false;       // the innermost list, see reopen_list
  bool columns_named_ = false;  // of any table so far
  bool table_is_ours_ = false;  // the columns named last
  uint64_t span_start_ = 0;     // of the record being skipped or the lost span
  size_t tries_ = 0, tried_bytes_ = 0;
  RejectReason lost_reason_ = RejectReason::lost;  // of the span, should it reach the end of the input
  bool ended_lost_ = false;
  char lost_before_ = '\0';  // last byte before the window that is not blank, while lost

  // The window of the current call.
  std::string_view window_;
  uint64_t offset_ = 0;
  bool last_ = false;
  size_t at_ = 0;  // next byte that nobody has been told of
};

}  // namespace csh
