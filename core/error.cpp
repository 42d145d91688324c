#include "error.h"

namespace csh {

std::string_view error_message(Error error) {
  switch (error) {
    case Error::ok: return "No error.";
    case Error::no_open_input: return "No input is open.";
    case Error::input_already_open: return "An input is open already; close it first.";
    case Error::write_too_long: return "More bytes were written than room was asked for.";
    case Error::bad_argument_text: return "The argument is not the JSON object that this call takes.";
    case Error::bad_setting: return "A setting has a value that it cannot take.";
    case Error::bad_store_image: return "The store image does not hold together; it comes from another version or was damaged.";
    case Error::no_hunt: return "Ask for a hunt first.";
    case Error::no_such_session: return "There is no session with that number.";
    case Error::no_such_input: return "There is no input with that number.";
    case Error::out_of_memory:
      return "Memory is full: there is no room for this beside the events that were read. Open fewer files, or a shorter time, at once.";
    case Error::parts_do_not_meet: return "The parts of an input do not meet; this is a fault of the program.";
  }
  return "Unknown error.";
}

}  // namespace csh
