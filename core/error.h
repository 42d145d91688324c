// Every way in which a call into the core can fail, with a sentence for each.
// Three kinds of trouble exist and each has one path: a bad record is counted in its input's reject table (bytes/reject.h), a bad input
// becomes a note on its row, and an Error is what a caller did wrong or what a damaged store image holds. Nothing here throws.
#pragma once
#include <cstdint>
#include <string_view>

namespace csh {

enum class [[nodiscard]] Error : uint32_t{
    ok = 0,
    no_open_input,       // begin_write, end_write or close_input without open_input
    input_already_open,  // open_input twice without close_input
    write_too_long,      // end_write of more bytes than begin_write offered
    bad_argument_text,   // the text argument is not the JSON object that the call documents
    bad_setting,         // a setting has a value outside its grammar
    bad_store_image,     // an imported store does not hold together: truncated, wrong version, or ids out of range
    no_hunt,             // an answer was asked for before hunt()
    no_such_session,
    no_such_input,
    out_of_memory,      // there is no room for what the call would hold; what was read so far stays valid
    parts_do_not_meet,  // parts of an input leave bytes out or have them twice: they must not become a report
};

// One English sentence, static storage.
std::string_view error_message(Error error);

}  // namespace csh
