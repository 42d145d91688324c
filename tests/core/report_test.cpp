// What leaves the core as text: well-formed whatever the evidence holds, exact where a reader parses it, harmless where a program opens it.
// Evidence is hostile: every text in it was chosen by whoever could name a resource, a caller or an operation.
#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "report/text.h"
#include "scenario.h"
#include "simdjson.h"

using namespace csh;
using namespace csh::test;

namespace {

namespace dom = simdjson::dom;

dom::element parse(dom::parser& parser, const std::string& json) {
  dom::element root;
  const simdjson::error_code error = parser.parse(json).get(root);
  INFO(json);
  REQUIRE(error == simdjson::SUCCESS);
  return root;
}

std::string without_line_feeds(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  return text;
}

Texts keys(dom::element object) {
  Texts out;
  for (const dom::key_value_pair field : dom::object(object)) out.emplace_back(field.key);
  return out;
}

Texts lines_of(const std::string& text) {
  Texts out;
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find('\n', from), text.size());
    out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

std::string text_of(dom::element element) { return std::string(std::string_view(element)); }

std::string sessions_csv(const Result& result) {
  std::string out;
  append_sessions_csv(out, result.findings);
  return out;
}

std::string sentinel_csv(const Result& result) {
  std::string out;
  append_sentinel_csv(out, result.findings);
  return out;
}

std::string sessions_markdown(const Result& result) {
  std::string out;
  append_sessions_markdown(out, result.findings);
  return out;
}

std::string sentinel_markdown(const Result& result) {
  std::string out;
  append_sentinel_markdown(out, result.findings);
  return out;
}

// RFC 4180, read strictly: CRLF between records, a quote only around a field or doubled in a quoted one.
std::vector<Texts> read_csv(const std::string& csv) {
  std::vector<Texts> records;
  size_t i = 0;
  while (i < csv.size()) {
    Texts record;
    while (true) {
      std::string field;
      if (i < csv.size() && csv[i] == '"') {
        for (++i;; ++i) {
          REQUIRE(i < csv.size());
          if (csv[i] != '"') {
            field += csv[i];
          } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
            field += csv[i++];
          } else {
            break;
          }
        }
        ++i;
      } else {
        while (i < csv.size() && csv[i] != ',' && csv[i] != '\r') {
          REQUIRE(csv[i] != '"');
          REQUIRE(csv[i] != '\n');
          field += csv[i++];
        }
      }
      record.push_back(field);
      REQUIRE(i < csv.size());
      if (csv[i] == ',') {
        ++i;
        continue;
      }
      REQUIRE(csv.substr(i, 2) == "\r\n");
      i += 2;
      break;
    }
    records.push_back(record);
  }
  return records;
}

// What a spreadsheet takes for the start of a formula, or skips on its way to one: as themselves and as full-width forms.
const std::vector<std::string> kFormulaLeads = {"=",      "+",      "-",      "@",     "\t", "\r", "\n", std::string(1, '\0'),
                                                "\uff1d", "\uff0b", "\uff0d", "\uff20"};

// Texts that some reader of some format could take for something other than text.
const std::vector<std::string> kHostile = {
    "\"",
    "\\",
    "\\u0041",
    "a\"b\\c/d",
    std::string("nul\0nul", 7),
    "\x01\x02\x1f",
    "\b\f\n\r\t\v",
    "\x7f",
    "\u0080\u0085\u009f",
    "\u2028line\u2029paragraph",
    "\u202eltr\u202c\u2066\u2069",
    "\u200bzero\u200d\ufeff",
    "</script><script>alert(1)</script>",
    "<!-- <![CDATA[ ]]> -->",
    "__proto__",
    "\U0001f41a\U0010ffff",
    "\u00e9\uffff\ufffd",
    "%s%n{0}",
    "a,b;c\r\nd",
    "| a | b |",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "'=1+1",
};

}  // namespace

// --- JSON ---

TEST_CASE("report: a small one, byte for byte") {
  Scenario log;
  log.input("day/log.json").raw_status();
  log.current().bytes = 450;
  log.current().record_bytes = 400;
  log.current().structure_bytes = 50;
  log.listing(kAlice, "09:12:05.3").account("cs1100alice").ip("20.50.1.10").app(kPortalApp).subscription("1111");
  const std::string invoice = "/subscriptions/1111/i/1";
  log.event(kAlice, "09:20", kUnlisted, "Succeeded").correlation("c-2").resource(invoice).ip("20.50.1.10").subscription("1111");
  log.event(kAlice, "09:20:01.5", kUnlisted, "Started").correlation("c-2").resource(invoice).subscription("1111");
  log.event(kAlice, "09:05", "Contoso.Billing/\"early\"").group("rg");
  const std::string expected =
      R"({"schema":"cloudshell-hunt/1","version":"0.1.0",)"
      R"("settings":{"window":"1h","look_back":"none","as_of":"newest","as_of_instant":"2026-03-14T09:20:01.5Z",)"
      R"("succeeded_is_success":true,"date_order":"auto","local_offset":null,"local_zone":null},)"
      R"("inputs":[{"path":"day/log.json","shape":"rest","container":"none","encoding":"utf-8","bytes":450,"container_bytes":0,)"
      R"("framed":4,"events":4,)"
      R"("other":0,"rejected":0,"repaired":0,"duplicates":0,"record_bytes":400,"structure_bytes":50,"rejected_bytes":0,"no_time":0,)"
      R"("app_ids":true,"missing":[],"columns":{},"refused":false,"cut":false,"notes":[],"rejects":[]}],)"
      R"("sentinel":[{"Caller":"alice@contoso.com","timekey":"2026-03-14T09:00:00Z","Caller1":"alice@contoso.com",)"
      R"("timekey1":"2026-03-14T09:00:00Z","set_OperationNameValue":["Contoso.Billing/\"early\"","Contoso.Billing/invoices/write"],)"
      R"("timestamp":"2026-03-14T09:00:00Z","AccountCustomEntity":"alice@contoso.com"}],)"
      R"("sentinel_cannot_run":[],"sentinel_marks":[],)"
      R"("sessions":[{"id":"alice@contoso.com|2026-03-14T09:12:05.3Z|storage_listing","caller":"alice@contoso.com",)"
      R"("start":"2026-03-14T09:12:05.3Z","end":"2026-03-14T10:12:05.3Z","severity":"none","attribution":"same_window",)"
      R"("flags":["first_use"],"longest_gap":null,)"
      R"("sentinel_rows":[{"Caller":"alice@contoso.com","timekey":"2026-03-14T09:00:00Z","before_start":["Contoso.Billing/\"early\""],)"
      R"("after_end":[],"in_other_session":[]}],"why_not":[],)"
      R"("signals":[{"kind":"storage_listing","time":"2026-03-14T09:12:05.3Z","resource_id":"/subscriptions/1111/resourceGroups/)"
      R"(cloud-shell-storage-westeurope/providers/Microsoft.Storage/storageAccounts/cs1100alice","ip":"20.50.1.10",)"
      R"("app_id":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c"}],)"
      R"("operations":[{"name":"Contoso.Billing/invoices/write","count":2,"first":"2026-03-14T09:20:00Z","last":"2026-03-14T09:20:01.5Z",)"
      R"("statuses":{"Start":1,"Success":1},"attribution":"same_window","in_shell_count":0,"shell_setup_count":0,"shell_setup":false,)"
      R"("policy":false,"calls":1,"failed":false,"severity":"none","techniques":[],"why":"","sources":[],)"
      R"("resources":["/subscriptions/1111/i/1"],"ips":["20.50.1.10"]}],)"
      R"("ips":["20.50.1.10"],"new_ips":[],"subscriptions":["1111"],"resource_groups":["cloud-shell-storage-westeurope"],)"
      R"("app_ids":["c44b4083-3bb0-49c1-b47d-974e53cbdf3c"]}],)"
      R"("totals":{"bytes":450,"framed":4,"events":4,"other":0,"rejected":0,"repaired":0,"duplicates":0,"no_caller":0,"no_time":0,)"
      R"("sessions":1,"sentinel_rows":1,"rows_owed_to_succeeded":0,"rows_lost_to_look_back":0},)"
      R"("hours":[{"hour":"2026-03-14T09:00:00Z","events":4}],)"
      R"("coverage":{"first":"2026-03-14T09:05:00Z","last":"2026-03-14T09:20:01.5Z","events":4,"gaps":[],)"
      R"("subscriptions":[{"subscription":"","first":"2026-03-14T09:05:00Z","last":"2026-03-14T09:05:00Z","events":1,"gaps":[]},)"
      R"({"subscription":"1111","first":"2026-03-14T09:12:05.3Z","last":"2026-03-14T09:20:01.5Z","events":3,"gaps":[]}]},)"
      R"("annotations":[]})";
  const std::string json = log.hunt().json();
  CHECK(without_line_feeds(json) == expected);
  REQUIRE_FALSE(json.empty());
  CHECK(json.back() == '\n');
}

TEST_CASE("report: an empty one has every list, empty, and null where nothing is known") {
  const std::string expected =
      R"({"schema":"cloudshell-hunt/1","version":"0.1.0",)"
      R"("settings":{"window":"1h","look_back":"none","as_of":"newest","as_of_instant":null,)"
      R"("succeeded_is_success":true,"date_order":"auto","local_offset":null,"local_zone":null},)"
      R"("inputs":[],"sentinel":null,"sentinel_cannot_run":[],"sentinel_marks":[],"sessions":[],)"
      R"("totals":{"bytes":0,"framed":0,"events":0,"other":0,"rejected":0,"repaired":0,"duplicates":0,"no_caller":0,"no_time":0,)"
      R"("sessions":0,"sentinel_rows":0,"rows_owed_to_succeeded":0,"rows_lost_to_look_back":0},)"
      R"("hours":[],"coverage":{"first":null,"last":null,"events":0,"gaps":[],"subscriptions":[]},"annotations":[]})";
  CHECK(without_line_feeds(Scenario().hunt().json()) == expected);
}

TEST_CASE("report: each element of the top lists stands on a line of its own") {
  Scenario log;
  log.input("b.json");
  log.listing(kAlice, "09:00");
  log.event(kAlice, "09:10", "a/write");
  log.input("a.json");
  log.listing(kBob, "09:00");
  log.event(kBob, "10:10", "b/write");
  const std::string json = log.hunt().json();
  const auto lines_that_begin = [&](std::string_view start) {
    size_t count = 0;
    for (size_t from = 0; from < json.size();) {
      const size_t to = json.find('\n', from);
      REQUIRE(to != std::string::npos);
      count += json.compare(from, start.size(), start) == 0 ? 1 : 0;
      from = to + 1;
    }
    return count;
  };
  CHECK(lines_that_begin(R"({"path":)") == 2);
  CHECK(lines_that_begin(R"({"id":)") == 2);
  CHECK(lines_that_begin(R"({"Caller":)") == 1);
  CHECK(lines_that_begin(R"({"hour":)") == 2);
}

TEST_CASE("report: settings are the resolved ones") {
  Scenario log;
  log.listing(kAlice, "09:00");
  log.settings.window = 90 * kTicksPerMinute;
  log.settings.look_back = 7 * kTicksPerDay;
  log.settings.as_of = AsOf::given;
  log.settings.as_of_instant = at("2026-03-15T00:00");
  log.settings.succeeded_is_success = false;
  log.settings.date_order = DateOrder::day_first;
  log.settings.local_zone = fixed_zone(330);
  dom::parser parser;
  const auto settings = [&] { return simdjson::minify(parse(parser, log.hunt().json())["settings"].value()); };
  CHECK(settings() == R"({"window":"1h30m","look_back":"7d","as_of":"given","as_of_instant":"2026-03-15T00:00:00Z",)"
                      R"("succeeded_is_success":false,"date_order":"day-first","local_offset":"+05:30","local_zone":null})");
  log.settings.as_of_now = true;
  log.settings.date_order = DateOrder::month_first;
  log.settings.local_zone = fixed_zone(-210);
  CHECK(settings() == R"({"window":"1h30m","look_back":"7d","as_of":"now","as_of_instant":"2026-03-15T00:00:00Z",)"
                      R"("succeeded_is_success":false,"date_order":"month-first","local_offset":"-03:30","local_zone":null})");
}

TEST_CASE("report: hostile texts come back from the JSON as they were, and none stands in it raw") {
  for (const std::string& hostile : kHostile) {
    INFO(hostile);
    Scenario log;
    log.input(hostile);
    log.current().notes.push_back({"note", hostile});
    log.current().reject_kinds.push_back({"reason", 1, 2, 3, hostile});
    log.listing(hostile, "09:12").ip(hostile).app(hostile).subscription(hostile).resource(hostile);
    log.event(hostile, "09:20", hostile, hostile).group(hostile).resource(hostile);
    const Result result = log.hunt();
    const std::string json = result.json();
    for (const char c : without_line_feeds(json)) CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(json.find("\u2028") == std::string::npos);
    CHECK(json.find("\u2029") == std::string::npos);

    dom::parser parser;
    const dom::element root = parse(parser, json);
    CHECK(text_of(root["inputs"].at(0)["path"]) == hostile);
    CHECK(text_of(root["inputs"].at(0)["notes"].at(0)["message"]) == hostile);
    CHECK(text_of(root["inputs"].at(0)["rejects"].at(0)["message"]) == hostile);
    CHECK(text_of(root["sentinel"].at(0)["Caller"]) == hostile);
    CHECK(text_of(root["sentinel"].at(0)["AccountCustomEntity"]) == hostile);
    CHECK(text_of(root["sentinel"].at(0)["set_OperationNameValue"].at(0)) == hostile);
    const dom::element session = root["sessions"].at(0);
    CHECK(text_of(session["caller"]) == hostile);
    CHECK(text_of(session["signals"].at(0)["resource_id"]) == hostile);
    CHECK(text_of(session["signals"].at(0)["ip"]) == hostile);
    CHECK(text_of(session["operations"].at(0)["name"]) == hostile);
    CHECK(keys(session["operations"].at(0)["statuses"]) == Texts{hostile});
    CHECK(text_of(session["operations"].at(0)["resources"].at(0)) == hostile);
    CHECK(text_of(session["subscriptions"].at(0)) == hostile);
    CHECK(text_of(root["coverage"]["subscriptions"].at(1)["subscription"]) == hostile);

    std::string events;
    append_session_events_json(events, *result.store, result.timeline, result.findings, 0, 0, 10);
    const dom::element listed = parse(parser, events);
    CHECK(uint64_t(listed["total"]) == 2);
    CHECK(text_of(listed["events"].at(1)["operation"]) == hostile);
    CHECK(text_of(listed["events"].at(1)["resource_group"]) == hostile);
    for (const char c : without_line_feeds(events)) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST_CASE("report: inputs are sorted by path, then size, whatever the order of their coming") {
  Scenario log;
  for (const char* path : {"b.json", "B.json", "a/z.json", "a.json", "\u00e9.json"}) {
    log.input(path);
    log.listing(kAlice, "09:00");
  }
  dom::parser parser;
  Texts paths;
  const std::string json = log.hunt().json();
  for (const dom::element input : dom::array(parse(parser, json)["inputs"])) paths.push_back(text_of(input["path"]));
  CHECK(paths == Texts{"B.json", "a.json", "a/z.json", "b.json", "\u00e9.json"});
}

TEST_CASE("report: inputs of one path are told apart by size, then by what they hold, never by the order of their coming") {
  struct Part {
    uint64_t bytes;
    std::string_view caller, time, operation;
  };
  const std::vector<Part> parts = {
      {300, "alice", "09:20", "b/write"}, {200, "bob", "09:20", "a/write"},   {200, "alice", "09:20", "b/write"},
      {200, "alice", "09:20", "a/write"}, {200, "alice", "09:10", "b/write"},
  };
  std::vector<size_t> order = {0, 1, 2, 3, 4};
  std::string expected;
  int other_reports = 0;
  do {
    Scenario log;
    for (const size_t i : order) {
      log.new_input("log.json");
      log.current().bytes = parts[i].bytes;
      log.event(parts[i].caller, "09:00", kConsoleWrite).correlation("c").resource("/console");
      log.event(parts[i].caller, parts[i].time, parts[i].operation).correlation("c-1").resource("/r");
    }
    const Result result = log.hunt();
    std::string made = result.json();
    for (uint32_t i = 0; i < result.findings.sessions.size(); ++i) {
      append_session_events_json(made, *result.store, result.timeline, result.findings, i, 0, 100);
    }
    if (expected.empty()) expected = made;
    if (made != expected && ++other_reports == 1) CHECK(made == expected);
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(other_reports == 0);
  dom::parser parser;
  const std::string whole_report = expected.substr(0, expected.find("\n{\"total\""));
  const dom::array inputs = parse(parser, whole_report)["inputs"];
  CHECK(uint64_t(inputs.at(0)["bytes"]) == 200);
  CHECK(uint64_t(inputs.at(4)["bytes"]) == 300);
}

TEST_CASE("report: what cannot run is named with what it lacks, and no rows are claimed") {
  Scenario log;
  log.input("portal.csv").missing(Needed::resource_group).missing(Needed::status);
  log.event(kAlice, "09:00", kConsoleWrite);
  log.input("empty.json").missing(Needed::caller);
  dom::parser parser;
  SECTION("alone") {
    const std::string json = log.hunt().json();
    const dom::element root = parse(parser, json);
    CHECK(root["sentinel"].is_null());
    CHECK(simdjson::minify(root["sentinel_cannot_run"].value()) ==
          R"([{"path":"portal.csv","missing":["ActivityStatusValue","ResourceGroup"]}])");
    CHECK(simdjson::minify(root["inputs"].at(0)["missing"].value()) == "[]");  // empty.json holds no events to miss a column in
    CHECK(simdjson::minify(root["inputs"].at(1)["missing"].value()) == R"(["ActivityStatusValue","ResourceGroup"])");
  }
  SECTION("beside one that can") {
    log.input("table.csv");
    log.event(kAlice, "09:00", "x/write");
    const std::string json = log.hunt().json();
    const dom::element root = parse(parser, json);
    CHECK(simdjson::minify(root["sentinel"].value()) == "[]");
    CHECK(dom::array(root["sentinel_cannot_run"]).size() == 1);
  }
}

TEST_CASE("report: marks name the row they are on") {
  Scenario log;
  log.event("", "09:12", kListKeys, "Succeeded").group(kShellGroup);
  log.event("", "09:20", "x/write");
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "x/write");
  log.event(kBob, "09:12", kListKeys, "Succeeded").group(kShellGroup);
  log.event(kBob, "09:20", "x/write");
  dom::parser parser;
  const std::string json = log.hunt().json();
  const dom::element root = parse(parser, json);
  CHECK(simdjson::minify(root["sentinel_marks"].value()) ==
        R"([{"Caller":"","timekey":"2026-03-14T09:00:00Z","marks":["empty_caller","owed_to_succeeded"]},)"
        R"({"Caller":"bob@contoso.com","timekey":"2026-03-14T09:00:00Z","marks":["owed_to_succeeded"]}])");
  CHECK(int64_t(root["totals"]["rows_owed_to_succeeded"]) == 2);
  CHECK(dom::array(root["sentinel"]).size() == 3);
}

TEST_CASE("report: a member in another session is printed with that session's id") {
  Scenario log;
  log.settings.window = 30 * kTicksPerMinute;
  log.listing(kAlice, "09:02");
  log.event(kAlice, "09:40", kConsoleWrite);
  log.event(kAlice, "09:45", "x/write");
  dom::parser parser;
  const std::string json = log.hunt().json();
  const dom::element row = parse(parser, json)["sessions"].at(0)["sentinel_rows"].at(0);
  CHECK(simdjson::minify(row["in_other_session"].value()) ==
        R"([{"operation":"Microsoft.Portal/consoles/write","session":"alice@contoso.com|2026-03-14T09:40:00Z|console_write"},)"
        R"({"operation":"x/write","session":"alice@contoso.com|2026-03-14T09:40:00Z|console_write"}])");
}

TEST_CASE("report: sources and techniques of an operation come from the catalogue") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "MICROSOFT.COMPUTE/DISKS/BEGINGETACCESS/ACTION");
  dom::parser parser;
  const std::string json = log.hunt().json();
  const dom::element operation = parse(parser, json)["sessions"].at(0)["operations"].at(0);
  CHECK(text_of(operation["name"]) == kDiskAccess);
  CHECK(text_of(operation["severity"]) == "high");
  CHECK(simdjson::minify(operation["techniques"].value()) == R"(["T1530","T1537"])");
  CHECK_FALSE(text_of(operation["why"]).empty());
  bool panther = false;
  for (const dom::element source : dom::array(operation["sources"])) {
    panther |= text_of(source["source"]).find("Panther") != std::string::npos && text_of(source["severity"]) == "high";
  }
  CHECK(panther);
}

TEST_CASE("report: a thousand signals are printed, one more is summarised per hour") {
  Scenario log;
  Ticks time = at("09:00");
  for (size_t i = 0; i < kSignalsInFull; ++i, time += 10 * kTicksPerSecond) log.event_at(kAlice, time, kListKeys).group(kShellGroup);
  dom::parser parser;
  {
    const std::string json = log.hunt().json();
    const dom::element session = parse(parser, json)["sessions"].at(0);
    CHECK(dom::array(session["signals"]).size() == 1000);
    CHECK(session["signals_per_hour"].error() == simdjson::NO_SUCH_FIELD);
  }
  log.event_at(kAlice, time, kConsoleWrite);
  {
    const std::string json = log.hunt().json();
    const dom::element session = parse(parser, json)["sessions"].at(0);
    CHECK(dom::array(session["signals"]).size() == 0);
    CHECK(keys(session)[11] == "signals_per_hour");
    uint64_t listings = 0;
    Texts hours;
    for (const dom::element hour : dom::array(session["signals_per_hour"])) {
      hours.push_back(text_of(hour["hour"]) + " " + text_of(hour["kind"]) + " " + std::to_string(uint64_t(hour["count"])));
      if (text_of(hour["kind"]) == "storage_listing") listings += uint64_t(hour["count"]);
    }
    CHECK(listings == 1000);
    std::sort(hours.begin(), hours.end());
    CHECK(hours == Texts{"2026-03-14T09:00:00Z storage_listing 360", "2026-03-14T10:00:00Z storage_listing 360",
                         "2026-03-14T11:00:00Z console_write 1", "2026-03-14T11:00:00Z storage_listing 280"});
  }
}

// --- events and rejects for the page ---

TEST_CASE("report: the events of a session are handed out in pieces, in order of time") {
  Scenario log;
  log.input("z.json");
  log.listing(kAlice, "09:12").at_offset(5'000'000'000).id("e1").correlation("c1");
  log.input("a.json");
  log.event(kAlice, "09:30", "c/write", "Start").at_offset(20).app(kConsoleApp).subscription("1111").group("rg").ip("10.0.0.1");
  log.event(kAlice, "09:20", "b/write").at_offset(10);
  log.event(kAlice, "11:20", "outside").at_offset(30);
  const Result result = log.hunt();
  const auto piece = [&](uint32_t first, uint32_t count) {
    std::string out;
    append_session_events_json(out, *result.store, result.timeline, result.findings, 0, first, count);
    return out;
  };
  dom::parser parser;
  const std::string all = piece(0, 100);
  const dom::element root = parse(parser, all);
  CHECK(uint64_t(root["total"]) == 3);
  REQUIRE(dom::array(root["events"]).size() == 3);
  const dom::element listing = root["events"].at(0);
  CHECK(text_of(listing["time"]) == "2026-03-14T09:12:00Z");
  CHECK(text_of(listing["signal"]) == "storage_listing");
  CHECK(text_of(listing["event_id"]) == "e1");
  CHECK(text_of(listing["correlation_id"]) == "c1");
  CHECK(uint64_t(listing["input"]) == 1);  // of the report's inputs, which are sorted: a.json, z.json
  CHECK(uint64_t(listing["offset"]) == 5'000'000'000);
  CHECK(uint64_t(listing["length"]) == 100);
  const dom::element plain = root["events"].at(1);
  CHECK(text_of(plain["operation"]) == "b/write");
  CHECK(plain["signal"].is_null());
  CHECK(text_of(plain["attribution"]) == "same_window");
  CHECK(uint64_t(plain["input"]) == 0);
  const dom::element shell = root["events"].at(2);
  CHECK(text_of(shell["signal"]) == "shell_app");
  CHECK(text_of(shell["attribution"]) == "in_shell");
  CHECK(text_of(shell["status"]) == "Start");
  CHECK(text_of(shell["subscription"]) == "1111");
  CHECK(text_of(shell["ip"]) == "10.0.0.1");

  const auto operations = [&](uint32_t first, uint32_t count) {
    const std::string text = piece(first, count);
    Texts out;
    dom::parser own;
    const dom::element found = parse(own, text);
    CHECK(uint64_t(found["total"]) == 3);
    for (const dom::element event : dom::array(found["events"])) out.push_back(text_of(event["operation"]));
    return out;
  };
  CHECK(operations(1, 1) == Texts{"b/write"});
  CHECK(operations(1, 2) == Texts{"b/write", "c/write"});
  CHECK(operations(2, 100) == Texts{"c/write"});
  CHECK(operations(3, 100) == Texts{});
  CHECK(operations(0, 0) == Texts{});
  CHECK(operations(4'000'000'000u, 4'000'000'000u) == Texts{});
}

TEST_CASE("report: rejects are handed out in pieces; what is counted and what is kept are told apart") {
  Scenario log;
  log.input("z.json");
  Input& input = log.current();
  input.reject_kinds.push_back({"not_json", 2000, 10, 1, "text"});
  input.rejected = 2000;
  for (uint64_t i = 0; i < 5; ++i) input.rejects.push_back({0, 10 + i, 7, 1 + i});
  log.input("a.json");
  const Result result = log.hunt();
  dom::parser parser;
  std::string out;
  append_rejects_json(out, *result.store, 1, 1, 2);  // the report's second input is z.json
  const dom::element root = parse(parser, out);
  CHECK(uint64_t(root["total"]) == 2000);
  CHECK(uint64_t(root["kept"]) == 5);
  REQUIRE(dom::array(root["rejects"]).size() == 2);
  CHECK(text_of(root["rejects"].at(0)["reason"]) == "not_json");
  CHECK(uint64_t(root["rejects"].at(0)["offset"]) == 11);
  CHECK(uint64_t(root["rejects"].at(0)["length"]) == 7);
  CHECK(uint64_t(root["rejects"].at(0)["line"]) == 2);
  out.clear();
  append_rejects_json(out, *result.store, 0, 0, 10);
  CHECK(uint64_t(parse(parser, out)["total"]) == 0);
}

// --- CSV ---

TEST_CASE("csv: Sentinel rows have the query's seven columns in its order") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "b,\"quoted\"/write");
  log.event(kAlice, "09:21", "a/write");
  const std::string csv = sentinel_csv(log.hunt());
  const std::vector<Texts> records = read_csv(csv);
  REQUIRE(records.size() == 2);
  CHECK(records[0] == Texts{"Caller", "timekey", "Caller1", "timekey1", "set_OperationNameValue", "timestamp", "AccountCustomEntity"});
  REQUIRE(records[1].size() == 7);
  for (const size_t column : {0, 2, 6}) CHECK(records[1][column] == kAlice);
  for (const size_t column : {1, 3, 5}) CHECK(records[1][column] == "2026-03-14T09:00:00Z");
  CHECK(records[1][4] == R"(["a/write","b,\"quoted\"/write"])");  // dynamic columns are JSON in the portal's export too
}

TEST_CASE("csv: no field starts a formula, whatever stands in the evidence") {
  for (const std::string& lead : kFormulaLeads) {
    for (const std::string& rest : {std::string("cmd|' /C calc'!A0"), std::string("1+1"), std::string(), std::string("\",\"x\r\n=1")}) {
      const std::string hostile = lead + rest;
      INFO(hostile);
      Scenario log;
      log.listing(hostile, "09:12").ip(hostile).resource(hostile).app(hostile).subscription(hostile);
      log.event(hostile, "09:20", hostile, hostile).ip(hostile).group(hostile);
      const Result result = log.hunt();
      for (const std::string& csv : {sessions_csv(result), sentinel_csv(result)}) {
        const std::vector<Texts> records = read_csv(csv);
        REQUIRE(records.size() == 2);
        CHECK(records[0].size() == records[1].size());
        bool kept = false;
        for (const std::string& field : records[1]) {
          for (const std::string& start : kFormulaLeads) CHECK(field.compare(0, start.size(), start) != 0);
          kept |= field == "'" + (rest.ends_with("\r\n=1") ? lead + "\",\"x\r\n'=1" : hostile);
        }
        CHECK(kept);
      }
    }
  }
}

TEST_CASE("csv: a field that starts no formula is left as it is") {
  for (const std::string& harmless : {std::string("alice"), std::string("a=b"), std::string("a-b@c+d"), std::string("'quoted'"),
                                      std::string("\u00e9"), std::string("a\tb"), std::string("1,5"), std::string("say \"hi\"")}) {
    INFO(harmless);
    Scenario log;
    log.listing(harmless, "09:12");
    log.event(harmless, "09:20", "x/write");
    const Result result = log.hunt();
    CHECK(read_csv(sentinel_csv(result)).at(1).at(0) == harmless);
    const Texts session = read_csv(sessions_csv(result)).at(1);
    CHECK(std::count(session.begin(), session.end(), harmless) == 1);
  }
}

TEST_CASE("csv: what another separator would make a cell starts no formula either") {
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"x;=1", "x;'=1"},    {"x\t=1", "x\t'=1"},   {"x\n=1", "x\n'=1"},  {"x\r\n+1", "x\r\n'+1"},
      {"x; =1", "x; '=1"},  {"x;\"=1", "x;\"'=1"}, {"x;;@a", "x;;'@a"},  {"x;\uff1d1", "x;'\uff1d1"},
      {"=1;-1", "'=1;'-1"}, {"x;y=1", "x;y=1"},    {"a;b -c", "a;b -c"}, {"x;", "x;"},
      {"-;=", "'-;'="}};
  for (const auto& [text, safe] : fields) {
    INFO(text);
    std::string out, raw;
    append_csv_field(out, text);
    append_csv_field_raw(raw, text);
    CHECK(read_csv(out + "\r\n").at(0).at(0) == safe);
    CHECK(read_csv(raw + "\r\n").at(0).at(0) == text);
  }
}

namespace {

// The text of a field, by what the README says of it: of apostrophes before a lead the first is not the text's.
std::string text_of_field(const std::string& field) {
  const auto leads = [&](size_t at, bool controls) {
    at = field.find_first_not_of('\'', at);
    if (at == std::string::npos) return false;
    if (controls && std::string("\t\r\n\0", 4).find(field[at]) != std::string::npos) return true;
    at = field.find_first_not_of(' ', at);
    if (at == std::string::npos) return false;
    for (const std::string_view lead : {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
      if (std::string_view(field).substr(at).starts_with(lead)) return true;
    }
    return false;
  };
  std::string text;
  bool starts = true, whole = true;  // at a cell's start; of the field
  for (size_t at = 0; at < field.size(); ++at) {
    const char c = field[at];
    const bool ours = starts && c == '\'' && leads(at, whole);
    if (!ours) text += c;
    const bool separator = std::string_view(";\t\r\n").find(c) != std::string_view::npos;
    starts = separator || (starts && !whole && (c == ' ' || c == '"'));
    whole = false;
    if (ours && at + 1 < field.size() && std::string_view(";\t\r\n").find(field[at + 1]) == std::string_view::npos) {
      text += field[++at];  // what stands behind our apostrophe is text
    }
  }
  return text;
}

}  // namespace

TEST_CASE("csv: what a spreadsheet reads as text can be told from the field") {
  const std::vector<std::string> leads = {"=1",   "'=1",  "''=1",  "'\t",   "' =1", " =1",   " '=1", "'",       "''x",
                                          "x;'=", "x;=1", "x; '=", "\t'=1", "\n=",  "'\n'=", "a'=",  "'x;''=1", std::string("'\0", 2)};
  std::set<std::string> fields;
  for (const std::string& text : leads) {
    std::string out;
    append_csv_field(out, text);
    const std::string field = read_csv(out + "\r\n").at(0).at(0);
    INFO(text << " as " << field);
    CHECK(fields.insert(field).second);
    CHECK(text_of_field(field) == text);
  }
  // Every short text of what matters has a field of its own.
  const std::vector<std::string> letters = {"'", "=", " ", ";", "\"", "\n", "x"};
  std::vector<std::string> texts = {""};
  for (size_t from = 0, length = 0; length < 5; ++length) {
    const size_t to = texts.size();
    for (; from < to; ++from) {
      for (const std::string& letter : letters) texts.push_back(texts[from] + letter);
    }
  }
  fields.clear();
  for (const std::string& text : texts) {
    std::string out;
    append_csv_field(out, text);
    INFO(text);
    REQUIRE(fields.insert(read_csv(out + "\r\n").at(0).at(0)).second);
  }
}

TEST_CASE("csv: hostile texts stay in their fields") {
  for (const std::string& hostile : kHostile) {
    INFO(hostile);
    Scenario log;
    log.listing(hostile, "09:12").ip(hostile);
    log.event(hostile, "09:20", hostile, hostile).group(hostile);
    log.listing("zz", "09:12");
    log.event("zz", "09:20", "x/write");
    const Result result = log.hunt();
    for (const std::string& csv : {sessions_csv(result), sentinel_csv(result)}) {
      const std::vector<Texts> records = read_csv(csv);
      REQUIRE(records.size() == 3);
      CHECK(records[1].size() == records[0].size());
      CHECK(records[2].size() == records[0].size());
    }
  }
}

TEST_CASE("csv: nothing found is a header row alone") {
  const Result result = Scenario().hunt();
  CHECK(read_csv(sessions_csv(result)).size() == 1);
  CHECK(read_csv(sentinel_csv(result)).size() == 1);
}

// --- tables of operations and events, and of some sessions only ---

namespace {

std::string table(const Result& result, std::string_view argument) {
  TableText text;
  INFO(argument);
  REQUIRE(parse_table_text(argument, text));
  std::string out;
  append_table(out, *result.store, result.timeline, result.findings, text);
  return out;
}

// Alice's session of a listing and two operations, Bob's console without any.
Result two_sessions() {
  Scenario log;
  log.input("day/log.json");
  log.listing(kAlice, "09:12:05.3").account("cs1100alice").ip("20.50.1.10").app(kPortalApp).subscription("1111").id("e1").at_offset(7);
  log.event(kAlice, "09:20", kRunCommand, "Start").correlation("c-2").resource("/vm/1").ip("20.50.1.10").app(kConsoleApp);
  log.event(kAlice, "09:20:01.1234567", kRunCommand).correlation("c-2").resource("/vm/1").ip("20.50.1.11").app(kConsoleApp);
  log.event(kAlice, "09:30", kUnlisted, "Failure").resource("/i/1");
  log.event(kBob, "10:00", kConsoleWrite);
  return log.hunt();
}

}  // namespace

TEST_CASE("table: an operation of a session is a row") {
  const std::vector<Texts> rows = read_csv(table(two_sessions(), R"({"table":"operations","form":"csv"})"));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == Texts{"session", "caller", "session_start", "operation", "severity", "attribution", "count", "in_shell_count", "calls",
                         "failed", "statuses", "first", "last", "techniques", "why", "resources", "ips"});
  const std::string id = "alice@contoso.com|2026-03-14T09:12:05.3Z|storage_listing";
  CHECK(rows[1] == Texts{id, std::string(kAlice), "2026-03-14T09:12:05.3Z", std::string(kUnlisted), "none", "same_window", "1", "0", "0",
                         "true", "Failure (1)", "2026-03-14T09:30:00Z", "2026-03-14T09:30:00Z", "", "", "/i/1", ""});
  Texts run = rows[2];
  REQUIRE(run.size() == 17);
  CHECK_FALSE(run[14].empty());  // the catalogue's sentence
  run[14].clear();
  CHECK(run == Texts{id, std::string(kAlice), "2026-03-14T09:12:05.3Z", std::string(kRunCommand), "medium", "in_shell", "2", "2", "1",
                     "false", "Start (1); Success (1)", "2026-03-14T09:20:00Z", "2026-03-14T09:20:01.1234567Z", "T1651", "", "/vm/1",
                     "20.50.1.10; 20.50.1.11"});
}

TEST_CASE("table: an event of a session is a row, signals too, with its place in the file") {
  const std::vector<Texts> rows = read_csv(table(two_sessions(), R"({"table":"events","form":"csv"})"));
  REQUIRE(rows.size() == 6);
  CHECK(rows[0] == Texts{"session",        "caller",     "time",        "operation",      "status",       "attribution", "signal",
                         "severity",       "techniques", "resource_id", "resource_group", "subscription", "ip",          "app_id",
                         "correlation_id", "event_id",   "flags",       "copies",         "path",         "offset",      "length"});
  const Texts& listing = rows[1];
  CHECK(Texts(listing.begin() + 1, listing.begin() + 9) == Texts{std::string(kAlice), "2026-03-14T09:12:05.3Z", std::string(kListKeys),
                                                                 "Success", "same_window", "storage_listing", "none", ""});
  CHECK(Texts(listing.begin() + 10, listing.end()) ==
        Texts{std::string(kShellGroup), "1111", "20.50.1.10", std::string(kPortalApp), "", "e1", "", "1", "day/log.json", "7", "100"});
  CHECK(rows[3][7] == "medium");
  CHECK(rows[3][8] == "T1651");
  CHECK(rows[5][6] == "console_write");
}

TEST_CASE("table: it holds the sessions of the list, in its order, and says what is hidden") {
  const Result result = two_sessions();
  for (const std::string name : {"sessions", "operations", "events"}) {
    INFO(name);
    const std::vector<Texts> some =
        read_csv(table(result, R"({"table":")" + name + R"(","form":"csv","sessions":[1],"hidden":1,"filters":"Filters: =severity."})"));
    const std::vector<Texts> all = read_csv(table(result, R"({"table":")" + name + R"(","form":"csv","sessions":[1,0]})"));
    const std::vector<Texts> given = read_csv(table(result, R"({"table":")" + name + R"(","form":"csv"})"));
    CHECK(some.front() == given.front());
    Texts last(given.front().size());
    last.front() = "(1 session is hidden and not in this file. Filters: =severity.)";
    CHECK(some.back() == last);
    REQUIRE(all.size() == given.size());
    for (size_t i = 1; i + 1 < some.size(); ++i) CHECK(some[i] == all[i]);
    for (const Texts& row : all) CHECK(std::count(given.begin(), given.end(), row) == 1);
    const std::string markdown =
        table(result, R"({"table":")" + name + R"(","form":"markdown","sessions":[1],"hidden":2,"filters":"<b>"})");
    CHECK(markdown.find("2 sessions are hidden and not in this file. &lt;b&gt;") != std::string::npos);
    CHECK(markdown.find("alice") == std::string::npos);
  }
}

TEST_CASE("table: parts put one behind the other are the whole") {
  const Result result = two_sessions();
  for (const std::string name : {"sessions", "operations", "events"}) {
    for (const std::string form : {"csv", "markdown"}) {
      INFO(name << ' ' << form);
      const std::string start = R"({"table":")" + name + R"(","form":")" + form + R"(","hidden":3,)";
      const std::string whole = table(result, start + R"("sessions":[0,1]})");
      const std::string parts =
          table(result, start + R"("sessions":[0],"tail":false})") + table(result, start + R"("sessions":[1],"head":false})");
      if (name == "sessions" && form == "markdown") continue;  // counts its rows in its head; it is never made in parts
      CHECK(parts == whole);
    }
  }
}

TEST_CASE("table: raw fields are as they are, quoted where they must be") {
  for (const std::string& lead : kFormulaLeads) {
    const std::string hostile = lead + "1+1,\"x\"";
    INFO(hostile);
    Scenario log;
    log.listing(hostile, "09:12");
    log.event(hostile, "09:20", hostile, hostile);
    const Result result = log.hunt();
    CHECK(read_csv(table(result, R"({"table":"events","form":"csv-raw"})")).at(2).at(3) == hostile);
    CHECK(read_csv(table(result, R"({"table":"events","form":"csv"})")).at(2).at(3) == "'" + hostile);
    CHECK(read_csv(table(result, R"({"table":"operations","form":"csv"})")).at(1).at(1) == "'" + hostile);
    CHECK(read_csv(table(result, R"({"table":"sentinel","form":"csv-raw"})")).at(1).at(0) == hostile);
  }
}

TEST_CASE("table: events as lines, and as Timesketch wants them") {
  const Result result = two_sessions();
  const Texts plain = lines_of(table(result, R"({"table":"events","form":"json-lines"})"));
  const Texts sketch = lines_of(table(result, R"({"table":"events","form":"timesketch","sessions":[0]})"));
  REQUIRE(plain.size() == 5);
  REQUIRE(sketch.size() == 4);
  dom::parser parser;
  CHECK(keys(parse(parser, plain[0])).front() == "session");
  const dom::element event = parse(parser, sketch[2]);
  CHECK(text_of(event["message"]) == std::string(kRunCommand) + " (Success) by " + std::string(kAlice) + " from 20.50.1.11");
  CHECK(text_of(event["datetime"]) == "2026-03-14T09:20:01.123456+00:00");
  CHECK(int64_t(event["timestamp"]) == 1'773'480'001'123'456);
  CHECK(text_of(event["timestamp_desc"]) == "Azure Activity event");
  CHECK(text_of(event["time"]) == "2026-03-14T09:20:01.1234567Z");
  CHECK(text_of(event["severity"]) == "medium");

  Scenario old;
  old.event(kBob, "1969-12-31T23:59:59.9999999", kConsoleWrite);
  const std::string before = table(old.hunt(), R"({"table":"events","form":"timesketch"})");
  CHECK(text_of(parse(parser, before)["datetime"]) == "1969-12-31T23:59:59.999999+00:00");
  CHECK(int64_t(parse(parser, before)["timestamp"]) == -1);

  Scenario unsaid;
  unsaid.event(kBob, "09:00", kConsoleWrite).status.clear();
  const std::string without = table(unsaid.hunt(), R"({"table":"events","form":"timesketch"})");
  CHECK(text_of(parse(parser, without)["message"]).starts_with(std::string(kConsoleWrite) + " by " + std::string(kBob)));
}

TEST_CASE("index: every session with its texts, each text once, whatever their number, case and time") {
  Scenario log;
  for (int i = 0; i < 40; ++i) {
    const std::string caller = "person" + std::to_string(100 + i) + "@contoso.com";
    log.listing(caller, "09:00");
    log.event(caller, "09:10", "Microsoft.Test/op" + std::to_string(100 + i) + "/write")
        .resource("/r" + std::to_string(100 + i))
        .group("G" + std::to_string(i % 3));
    log.event(caller, "09:11", "MICROSOFT.test/OP" + std::to_string(100 + i) + "/write").group("g" + std::to_string(i % 3));
    log.event(caller, "09:13", i % 2 == 0 ? "Microsoft.Shared/x/write" : "MICROSOFT.SHARED/x/write");
    log.event(caller, "09:12", "Microsoft.Authorization/policies/audit/action").flag(kPolicyCategory);
  }
  log.event(kBob, "1969-12-31T20:00:00.5", kConsoleWrite);
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 41);
  std::string index, again, resources;
  append_session_index(index, result.findings);
  append_session_index(again, result.findings);
  append_session_resources(resources, result.findings);
  CHECK(index == again);
  uint32_t count = 0;
  std::memcpy(&count, index.data(), sizeof count);
  CHECK(count == 41);
  std::memcpy(&count, resources.data(), sizeof count);
  CHECK(count == 41);
  const auto times = [](const std::string& text, const std::string& part) {
    int found = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  for (int i = 0; i < 40; ++i) {
    CHECK(times(index, "person" + std::to_string(100 + i) + "@contoso.com") == 2);  // once in the session's id
    CHECK(times(index, "Microsoft.Test/op" + std::to_string(100 + i) + "/write") +
              times(index, "MICROSOFT.test/OP" + std::to_string(100 + i) + "/write") ==
          1);
    CHECK(times(resources, "/r" + std::to_string(100 + i)) == 1);
  }
  CHECK(times(index, "Microsoft.Shared/x/write") + times(index, "MICROSOFT.SHARED/x/write") == 1);
  CHECK(times(index, "policy") == 1);
}

TEST_CASE("table: sessions as lines are the report's own") {
  const Result result = two_sessions();
  const Texts lines = lines_of(table(result, R"({"table":"sessions","form":"json-lines"})"));
  REQUIRE(lines.size() == 2);
  const std::string report = result.json();
  for (const std::string& line : lines) CHECK(report.find(line) != std::string::npos);
}

TEST_CASE("table: hostile texts stay text in every form") {
  for (const std::string& hostile : kHostile) {
    INFO(hostile);
    Scenario log;
    log.input(hostile);
    log.listing(hostile, "09:12").ip(hostile).resource(hostile).app(hostile).subscription(hostile);
    log.event(hostile, "09:20", hostile, hostile).ip(hostile).group(hostile).resource(hostile);
    const Result result = log.hunt();
    for (const std::string name : {"operations", "events"}) {
      for (const std::string form : {"csv", "csv-raw"}) {
        for (const Texts& row : read_csv(table(result, R"({"table":")" + name + R"(","form":")" + form + R"("})")))
          CHECK(row.size() == (name == "events" ? 21 : 17));
      }
      const std::string markdown = table(result, R"({"table":")" + name + R"(","form":"markdown"})");
      CHECK(lines_of(markdown).size() == (name == "events" ? 8u : 7u));
      for (const char c : markdown) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
      CHECK(markdown.find("://") == std::string::npos);
    }
    dom::parser parser;
    for (const std::string form : {"json-lines", "timesketch"}) {
      for (const std::string& line : lines_of(table(result, R"({"table":"events","form":")" + form + R"("})")))
        CHECK(text_of(parse(parser, line)["caller"]) == hostile);
    }
  }
}

TEST_CASE("table: an argument that names no table is refused") {
  for (const std::string_view argument :
       {"", "[]", R"({"table":"all"})", R"({"form":"xml"})", R"({"table":1})", R"({"sessions":[-1]})", R"({"sessions":[4294967296]})",
        R"({"sessions":"0"})", R"({"hidden":-1})", R"({"hidden":"1"})", R"({"filters":1})", R"({"head":1})", R"({"tail":"no"})",
        R"({"colour":"red"})", R"({"table":"sessions","form":"timesketch"})", R"({"table":"sentinel","form":"json-lines"})"}) {
    INFO(argument);
    TableText text;
    CHECK_FALSE(parse_table_text(argument, text));
  }
}

// --- Markdown ---

namespace {

// Characters of `text` that Markdown would act on: not behind a backslash, not written as an entity.
size_t bare(const std::string& text, char wanted) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == wanted) {
      ++count;
    }
  }
  return count;
}

// The text that a reader of the rendered page sees: escapes and entities undone.
std::string as_shown(const std::string& markdown) {
  const std::vector<std::pair<std::string, std::string>> entities = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}};
  std::string out;
  for (size_t i = 0; i < markdown.size();) {
    if (markdown[i] == '\\' && i + 1 < markdown.size()) {
      out += markdown[i + 1];
      i += 2;
      continue;
    }
    if (markdown.compare(i, 2, "&#") == 0) {
      const size_t end = markdown.find(';', i);
      REQUIRE(end != std::string::npos);
      out += static_cast<char>(std::stoi(markdown.substr(i + 2, end - i - 2)));
      i = end + 1;
      continue;
    }
    const auto entity =
        std::find_if(entities.begin(), entities.end(), [&](const auto& e) { return markdown.compare(i, e.first.size(), e.first) == 0; });
    if (entity != entities.end()) {
      out += entity->second;
      i += entity->first.size();
      continue;
    }
    out += markdown[i++];
  }
  return out;
}

Result hunt_for(const std::string& text) {
  Scenario log;
  log.listing(text, "09:12").ip(text).resource(text).app(text).subscription(text);
  log.event(text, "09:20", text, text).ip(text).group(text).resource(text);
  return log.hunt();
}

// Puts its character for every \u{…}.
std::string read_escapes(const std::string& shown) {
  std::string out;
  for (size_t at = 0; at < shown.size();) {
    if (!std::string_view(shown).substr(at).starts_with("\\u{")) {
      out += shown[at++];
      continue;
    }
    size_t end = 0;
    const auto code = static_cast<uint32_t>(std::stoul(shown.substr(at + 3), &end, 16));
    at += 3 + end + 1;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
      out += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    } else {
      out += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)),
              static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
  }
  return out;
}

}  // namespace

TEST_CASE("markdown: hostile texts change neither rows nor columns, and make no markup") {
  const Result harmless = hunt_for("alice");
  const std::vector<std::string> more = {"`code`",
                                         "*bold* _it_ ~~no~~",
                                         "# head",
                                         "a|b\\|c",
                                         "&lt;b&gt;",
                                         "<b>",
                                         "https://evil.example/",
                                         "www.evil.example",
                                         "\\",
                                         "\\\\|",
                                         "[a]: https://evil.example",
                                         "a\r\nb",
                                         "- list",
                                         "1. list",
                                         "<https://evil.example>",
                                         "$x$",
                                         ":smile:",
                                         "@mention #1"};
  std::vector<std::string> all = kHostile;
  all.insert(all.end(), more.begin(), more.end());
  for (const std::string& hostile : all) {
    INFO(hostile);
    const Result result = hunt_for(hostile);
    for (const bool sentinel : {false, true}) {
      const std::string text = sentinel ? sentinel_markdown(result) : sessions_markdown(result);
      const std::string plain = sentinel ? sentinel_markdown(harmless) : sessions_markdown(harmless);
      const Texts rows = lines_of(text);
      const Texts plain_rows = lines_of(plain);
      REQUIRE(rows.size() == plain_rows.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        CHECK(bare(rows[i], '|') == bare(plain_rows[i], '|'));
        for (const char c : {'[', '<', '`', '*', '_', '~'}) {
          CAPTURE(c);
          CHECK(bare(rows[i], c) == bare(plain_rows[i], c));
        }
      }
      CHECK(text.find("://") == std::string::npos);  // a bare address becomes a link on its own
      CHECK(text.find("www.") == std::string::npos);
      if (hostile == "&lt;b&gt;") CHECK(text.find("&lt;b&gt;") == std::string::npos);
      for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
      CHECK(text.find('\x7f') == std::string::npos);
      for (const char* hidden :
           {"\u0080", "\u0085", "\u009f", "\u2028", "\u2029", "\u202e", "\u202c", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff"}) {
        CHECK(text.find(hidden) == std::string::npos);
      }
    }
  }
}

TEST_CASE("markdown: what is not drawn is an escape, and can be told from the same letters typed") {
  // C0 and C1, soft hyphen, joiners, bidi, fillers, selectors, blanks that only look like one, tags, private use, noncharacters.
  const std::vector<std::string> hidden = {std::string(1, '\0'),
                                           "\t",
                                           "\r\n",
                                           "\x1b",
                                           "\x7f",
                                           "\u0085",
                                           "\u00a0",
                                           "\u00ad",
                                           "\u034f",
                                           "\u061c",
                                           "\u115f",
                                           "\u1680",
                                           "\u180e",
                                           "\u2003",
                                           "\u200b",
                                           "\u200f",
                                           "\u202e",
                                           "\u2060",
                                           "\u2067",
                                           "\u2800",
                                           "\u3000",
                                           "\u3164",
                                           "\ue000",
                                           "\ufdd0",
                                           "\ufe0f",
                                           "\ufeff",
                                           "\uffa0",
                                           "\ufffe",
                                           "\uffff",
                                           "\U0001d173",
                                           "\U0001ffff",
                                           "\U000e0041",
                                           "\U000e0100",
                                           "\U0010fffd"};
  std::vector<std::string> texts = {"\\u{202e}", "\\\\u{5c}u{", "a\\u", "{\\u{}", " a  b ", "   "};
  for (const std::string& one : hidden) texts.push_back("a" + one + "b");
  for (const std::string& text : texts) {
    std::string out;
    append_markdown(out, text);
    INFO(out);
    CHECK(out.front() != ' ');
    CHECK(out.back() != ' ');
    for (const std::string& one : hidden) CHECK(out.find(one) == std::string::npos);
    CHECK(read_escapes(as_shown(out)) == text);
  }
  std::string out;
  append_markdown(out, "J\u00f6rg \u96f2 \u0645\u0631\u062d\u0628\u0627 \U0001f600 o\u0308");
  CHECK(out.find('\\') == std::string::npos);
}

TEST_CASE("markdown: what was found is in it, and reads as it was") {
  for (const std::string& text :
       {std::string("alice"), std::string("a|b"), std::string("<b>&amp;</b>"), std::string("[x](https://evil.example/)"),
        std::string("\\|*_`~#!{}.-+"), std::string("J\u00f6rg \u96f2")}) {
    INFO(text);
    const Result result = hunt_for(text);
    for (const std::string& made : {sessions_markdown(result), sentinel_markdown(result)}) {
      const std::string shown = as_shown(made);
      INFO(made);
      CHECK(shown.find("| " + text + " |") != std::string::npos);
      CHECK(shown.find(" 2026-03-14T09:") != std::string::npos);
    }
  }
}
