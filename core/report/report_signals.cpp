#include "report/json.h"
#include "report/report.h"

namespace csh {

void append_new_signals_json(std::string& out, const NewSignals& found) {
  if (found.signals.empty() && found.zoneless == 0 && found.waiting == 0) return;
  JsonWriter json(out);
  json.begin_object();
  json.key("signals");
  json.begin_list();
  for (const NewSignal& signal : found.signals) {
    json.begin_object();
    json.text("caller", signal.caller);
    json.instant("time", signal.time);
    json.text("kind", signal_name(signal.kind));
    json.boolean("in_shell", signal.in_shell);
    json.end_object();
  }
  json.end_list();
  json.number("zoneless", found.zoneless);
  json.number("waiting", found.waiting);
  json.end_object();
}

}  // namespace csh
