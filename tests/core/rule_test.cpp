// What the published query "Azure CloudShell Usage" means, as a table: each operator of its text with the cases that a wrong reading of it
// gets wrong. Expected rows are worked out from Kusto's documentation; nothing here is regenerated from the program.
#include "scenario.h"

using namespace csh;
using namespace csh::test;

namespace {

// True when alice's listing with this group, status and operation leaves a row for her run command.
bool query_fires(std::string_view operation, std::string_view status, std::string_view group) {
  Scenario log;
  log.event(kAlice, "09:12", operation, status).group(group);
  log.event(kAlice, "09:20", kRunCommand);
  const Texts rows = log.hunt().rows();
  const std::string row = std::string(kAlice) + " 09:00 [";
  REQUIRE(rows.size() <= 1);
  if (rows.size() == 1) CHECK(rows[0].substr(0, row.size()) == row);
  return rows.size() == 1;
}

struct Case {
  std::string text;
  bool matches;
};

std::string alice_at_nine(std::string_view set) { return std::string(kAlice) + " 09:00 [" + std::string(set) + "]"; }

}  // namespace

// --- 1. =~ and !~ ---

TEST_CASE("query: ActivityStatusValue =~ Success is the whole word, in any case, untrimmed") {
  const std::vector<Case> cases = {
      {"Success", true},
      {"success", true},
      {"SUCCESS", true},
      {"sUcCeSs", true},
      {"Success ", false},
      {" Success", false},
      {"\tSuccess", false},
      {"Success\n", false},
      {"Succes", false},
      {"Successful", false},
      {"Success.OK", false},
      {"", false},
      {" ", false},
      {"Start", false},
      {"Started", false},
      {"Accept", false},
      {"Accepted", false},
      {"Failure", false},
      {"Failed", false},
      {"Updated", false},
      {"In Progress", false},
      {"OK", false},
      {"Succe\u017f\u017f", false},  // long s folds to s in Unicode, not in Kusto
      {"\u017fuccess", false},
      {"\uff33uccess", false},  // full-width S
      {std::string("Success\0", 8), false},
  };
  for (const Case& c : cases) {
    INFO("status '" << c.text << "'");
    CHECK(query_fires(kListKeys, c.text, kShellGroup) == c.matches);
  }
}

TEST_CASE("query: OperationNameValue =~ listKeys folds A to Z alone") {
  const std::vector<Case> cases = {
      {"Microsoft.Storage/storageAccounts/listKeys/action", true},
      {"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION", true},
      {"microsoft.storage/storageaccounts/listkeys/action", true},
      {"mICROSOFT.sTORAGE/storageACCOUNTS/LISTkeys/Action", true},
      {"Microsoft.Storage/storageAccounts/listKeys/action ", false},
      {" Microsoft.Storage/storageAccounts/listKeys/action", false},
      {"Microsoft.Storage/storageAccounts/listKeys/actions", false},
      {"Microsoft.Storage/storageAccounts/listKeys", false},
      {"Microsoft.Storage/storageAccounts/regenerateKey/action", false},
      {"Microsoft.ClassicStorage/storageAccounts/listKeys/action", false},
      {"Micro\u017foft.Storage/storageAccounts/listKeys/action", false},  // long s
      {"Microsoft.Storage/storageAccounts/list\u212aeys/action", false},  // Kelvin sign
      {"Microsoft.Storage/storageAccounts/l\u0131stKeys/action", false},  // dotless i
      {"MICROSOFT.STORAGE/STORAGEACCOUNTS/L\u0130STKEYS/ACTION", false},  // I with dot above
      {"Microsoft.Storage/storageAccounts/listKeys/act\u0456on", false},  // Cyrillic i
      {"", false},
  };
  for (const Case& c : cases) {
    INFO("operation '" << c.text << "'");
    CHECK(query_fires(c.text, "Success", kShellGroup) == c.matches);
  }
}

TEST_CASE("query: OperationNameValue !~ listKeys lets every other spelling into the set") {
  const std::vector<std::string> others = {
      "Microsoft.Storage/storageAccounts/listKeys/action ",
      "Micro\u017foft.Storage/storageAccounts/listKeys/action",
      "Microsoft.Storage/storageAccounts/list\u212aeys/action",
      "Microsoft.Storage/storageAccounts/l\u0131stKeys/action",
      "Microsoft.Storage/storageAccounts/listKeys",
      "listKeys",
  };
  for (const std::string& other : others) {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", other);
    CHECK(log.hunt().rows() == Texts{alice_at_nine(other)});
  }
  const std::vector<std::string> same = {"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION",
                                         "microsoft.storage/storageaccounts/listkeys/action"};
  for (const std::string& spelling : same) {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", spelling).group("production");
    CHECK(log.hunt().rows().empty());
  }
}

// --- 2. has ---

TEST_CASE("query: ResourceGroup has cloud-shell-storage needs term boundaries on both ends") {
  const std::vector<Case> cases = {
      {"cloud-shell-storage-westeurope", true},
      {"CLOUD-SHELL-STORAGE-EASTUS", true},
      {"Cloud-Shell-Storage", true},
      {"cloud-shell-storage", true},
      {"my-cloud-shell-storage-copy", true},
      {"x_cloud-shell-storage_y", true},
      {"cloud-shell-storage.old", true},
      {"(cloud-shell-storage)", true},
      {"a/cloud-shell-storage/b", true},
      {" cloud-shell-storage ", true},
      // The signs next to digits and letters in ASCII.
      {"/cloud-shell-storage:", true},
      {"@cloud-shell-storage[", true},
      {"`cloud-shell-storage{", true},
      {"~cloud-shell-storage|", true},
      {"mycloud-shell-storage", false},
      {"cloud-shell-storageeu", false},
      {"cloud_shell_storage", false},
      {"cloud-shell storage", false},
      {"", false},
      {" ", false},
      {"cloud-shell", false},
      {"cloud-shell-storag", false},
      {"cloud--shell-storage", false},
      {"shell-storage-cloud", false},
      {"storage-shell-cloud", false},
      {"1cloud-shell-storage", false},
      {"cloud-shell-storage1", false},
      {"0cloud-shell-storage9", false},
      {"cloud-shell-storageX", false},
      {"Xcloud-shell-storage", false},
      // A first place that is no match must not hide a second one that is.
      {"mycloud-shell-storage-cloud-shell-storage", true},
      {"cloud-shell-storageeu-cloud-shell-storage-eu", true},
      {"cloud-shell-storage-cloud-shell-storageeu", true},
      {"cloud-shell-storagecloud-shell-storage", false},
      {"mycloud-shell-storageeu cloud-shell-storages", false},
      {"cloud-shell-cloud-shell-storage", true},
  };
  for (const Case& c : cases) {
    INFO("resource group '" << c.text << "'");
    CHECK(query_fires(kListKeys, "Success", c.text) == c.matches);
  }
}

TEST_CASE("query: has takes every non-ASCII code point for a term character") {
  const std::vector<Case> cases = {
      {"\u00e9cloud-shell-storage", false},  // e with acute
      {"cloud-shell-storage\u00e9", false},
      {"cloud-shell-storage\u00df-west", false},  // sharp s
      {"\u96f2cloud-shell-storage", false},       // three bytes
      {"cloud-shell-storage\u96f2", false},
      {"\U00020000cloud-shell-storage", false},  // four bytes
      {"cloud-shell-storage\U0001f41a", false},
      {"cloud-shell-storage\u2013west", false},  // en dash: punctuation to a reader, a term character to this rule
      {"\u00a0cloud-shell-storage", false},      // no-break space
      {"cloud-shell-storage\u0660", false},      // Arabic digit zero
      {"cloud-shell-storage\u0301", false},      // combining accent
      {"\u00e9-cloud-shell-storage", true},      // not a neighbour
      {"cloud-shell-storage-\u00e9", true},
      {"\u96f2_cloud-shell-storage_\u96f2", true},
      {"cloud-\u017fhell-storage", false},       // long s is no s
      {"cloud\u2010shell\u2010storage", false},  // Unicode hyphens are no hyphen
      {"clo\u1d1cd-shell-storage", false},
  };
  for (const Case& c : cases) {
    INFO("resource group '" << c.text << "'");
    CHECK(query_fires(kListKeys, "Success", c.text) == c.matches);
  }
}

// --- 3. isnotempty ---

TEST_CASE("query: isnotempty drops the empty name alone; a blank is a name") {
  Scenario empty;
  empty.listing(kAlice, "09:12");
  empty.event(kAlice, "09:20", "");
  CHECK(empty.hunt().rows().empty());

  Scenario blank;
  blank.listing(kAlice, "09:12");
  blank.event(kAlice, "09:20", "");
  blank.event(kAlice, "09:21", " ");
  CHECK(blank.hunt().rows() == Texts{alice_at_nine(" ")});
}

// --- 4. null time ---

TEST_CASE("query: an event without a time is on neither side") {
  SECTION("right") {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "", kRunCommand);
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(result.findings.totals.no_time == 1);
  }
  SECTION("left") {
    Scenario log;
    log.listing(kAlice, "");
    log.event(kAlice, "09:20", kRunCommand);
    CHECK(log.hunt().rows().empty());
  }
  SECTION("both: null keys meet nobody") {
    Scenario log;
    log.listing(kAlice, "");
    log.event(kAlice, "", kRunCommand);
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(result.findings.totals.no_time == 2);
    CHECK(result.findings.sentinel_ran);
    CHECK_FALSE(result.findings.as_of.has_value());
  }
  SECTION("both, with a look-back") {
    Scenario log;
    log.settings.look_back = kTicksPerDay;
    log.listing(kAlice, "");
    log.event(kAlice, "", kRunCommand);
    CHECK(log.hunt().rows().empty());
  }
  SECTION("beside events that have one") {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kRunCommand);
    log.event(kAlice, "", kMachineDelete);
    log.event(kAlice, "", kMachineDelete).flag(kTimeUnreadable);
    const Result result = log.hunt();
    CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
    CHECK(result.findings.totals.no_time == 2);
  }
}

// --- 5. bin ---

TEST_CASE("query: bin(TimeGenerated, 1h) truncates to the UTC hour and never rounds") {
  struct Times {
    std::string_view listing, operation, hour;  // no hour: no row
  };
  const std::vector<Times> cases = {
      {"09:00", "09:59:59.9999999", "09:00"},
      {"09:59:59.9999999", "09:00", "09:00"},
      {"09:59:59.9999999", "10:00", ""},
      {"10:00", "09:59:59.9999999", ""},
      {"09:59:59.9999999", "09:59:59.9999999", "09:00"},
      {"10:00", "10:00", "10:00"},
      {"09:59:59.9999999", "10:00:00.0000001", ""},
      {"23:59:59.9999999", "2026-03-15T00:00", ""},
      {"2026-03-15T00:00", "2026-03-15T00:59", "2026-03-15T00:00"},
      {"09:10", "2026-03-15T09:10", ""},  // the same hour of another day
      // Before 1970, where truncation of a negative Unix time would round towards the epoch.
      {"1969-12-31T23:00", "1969-12-31T23:59:59.9999999", "1969-12-31T23:00"},
      {"1969-12-31T23:59:59.9999999", "1970-01-01T00:00", ""},
      {"1969-12-31T22:30", "1969-12-31T22:31", "1969-12-31T22:00"},
      {"1969-12-31T22:59:59.9999999", "1969-12-31T23:00", ""},
      {"1601-01-01T05:30", "1601-01-01T05:00", "1601-01-01T05:00"},
      {"0001-01-01T00:00", "0001-01-01T00:59:59.9999999", "0001-01-01T00:00"},
      {"9999-12-31T23:00", "9999-12-31T23:59:59.9999999", "9999-12-31T23:00"},
  };
  for (const Times& c : cases) {
    INFO("listing " << c.listing << ", operation " << c.operation);
    Scenario log;
    log.listing(kAlice, c.listing);
    log.event(kAlice, c.operation, kRunCommand);
    Texts expected;
    if (!c.hour.empty()) expected.push_back(std::string(kAlice) + " " + std::string(c.hour) + " [" + std::string(kRunCommand) + "]");
    CHECK(log.hunt().rows() == expected);
  }
}

TEST_CASE("query: an offset is applied before the hour is cut") {
  // 09:45 and 10:15 in India (+05:30) are 04:15 and 04:45 in UTC: one bin, though the clock on the wall shows two hours.
  Scenario log;
  log.listing(kAlice, "09:45").flag(kZoneless);
  log.event(kAlice, "10:15", kRunCommand).flag(kZoneless);
  SECTION("known") {
    log.settings.local_zone = fixed_zone(330);
    CHECK(log.hunt().rows() == Texts{std::string(kAlice) + " 04:00 [" + std::string(kRunCommand) + "]"});
  }
  SECTION("west of UTC, over midnight") {
    log.settings.local_zone = fixed_zone(-14 * 60 - 45);  // 00:30 and 01:00 of the next day
    CHECK(log.hunt().rows().empty());
  }
  SECTION("another offset cuts them apart") {
    log.settings.local_zone = fixed_zone(0);
    CHECK(log.hunt().rows().empty());
  }
  SECTION("not known: no time, rather than a guess") {
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(result.findings.sessions.empty());
    CHECK(result.findings.totals.no_time == 2);
  }
  SECTION("an offset does not move times that have one of their own") {
    log.settings.local_zone = fixed_zone(330);
    log.listing(kBob, "09:45");
    log.event(kBob, "09:50", kRunCommand);
    CHECK(log.hunt().rows() == Texts{std::string(kAlice) + " 04:00 [" + std::string(kRunCommand) + "]",
                                     std::string(kBob) + " 09:00 [" + std::string(kRunCommand) + "]"});
  }
}

TEST_CASE("query: an offset that leaves the calendar leaves no time") {
  struct Case {
    std::string_view local;
    int32_t minutes;
    bool has_time;
  };
  const std::vector<Case> cases = {{"0001-01-01T01:00", 60, true},
                                   {"0001-01-01T00:59:59.9999999", 60, false},
                                   {"9999-12-31T22:59:59.9999999", -60, true},
                                   {"9999-12-31T23:00", -60, false}};
  for (const Case& c : cases) {
    INFO(c.local);
    Scenario log;
    log.settings.local_zone = fixed_zone(c.minutes);
    log.event(kAlice, c.local, kRunCommand).flag(kZoneless);
    const Result result = log.hunt();
    CHECK(result.timeline.time(0).has_value() == c.has_time);
    CHECK(result.findings.totals.no_time == (c.has_time ? 0u : 1u));
  }
}

TEST_CASE("query: a date that reads either way follows the order that was set or proven") {
  Scenario log;  // 03/05/2026: the column holds 3 May
  log.listing(kAlice, "2026-05-03T09:10").flag(kEitherOrder);
  log.event(kAlice, "2026-05-03T09:20", kRunCommand).flag(kEitherOrder);
  log.event(kAlice, "2026-03-05T09:30", kMachineDelete);
  const Texts in_may = {std::string(kAlice) + " 2026-05-03T09:00 [" + std::string(kRunCommand) + "]"};
  const Texts in_march = {std::string(kAlice) + " 2026-03-05T09:00 [" + std::string(kMachineDelete) + ", " + std::string(kRunCommand) +
                          "]"};
  SECTION("set") {
    log.settings.date_order = DateOrder::day_first;
    CHECK(log.hunt().rows() == in_may);
    log.settings.date_order = DateOrder::month_first;
    CHECK(log.hunt().rows() == in_march);
  }
  SECTION("or what other dates of the same input prove") {
    log.current().day_first_proven = true;
    CHECK(log.hunt().rows() == in_may);
    log.current().day_first_proven = false;
    log.current().month_first_proven = true;
    CHECK(log.hunt().rows() == in_march);
  }
}

// --- 6. summarize by Caller ---

TEST_CASE("query: callers that differ in case are two callers") {
  Scenario log;
  log.listing("Rob@contoso.com", "09:12");
  log.event("rob@contoso.com", "09:20", kRunCommand);
  SECTION("and do not join") { CHECK(log.hunt().rows().empty()); }
  SECTION("and each joins itself alone") {
    log.event("Rob@contoso.com", "09:21", kMachineDelete);
    CHECK(log.hunt().rows() == Texts{"Rob@contoso.com 09:00 [" + std::string(kMachineDelete) + "]"});
  }
  SECTION("two rows when both listed keys") {
    log.listing("rob@contoso.com", "09:13");
    log.event("Rob@contoso.com", "09:21", kMachineDelete);
    CHECK(log.hunt().rows() ==
          Texts{"Rob@contoso.com 09:00 [" + std::string(kMachineDelete) + "]", "rob@contoso.com 09:00 [" + std::string(kRunCommand) + "]"});
  }
}

TEST_CASE("query: callers are compared untrimmed") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event("alice@contoso.com ", "09:20", kRunCommand);
  CHECK(log.hunt().rows().empty());
}

// --- 7. make_set ---

TEST_CASE("query: make_set keeps both spellings of a name, each once, sorted by bytes") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "b/second/write");
  log.event(kAlice, "09:21", "B/SECOND/WRITE", "Start");
  log.event(kAlice, "09:22", "b/second/write", "Start");
  log.event(kAlice, "09:23", "a/first/write");
  log.event(kAlice, "09:24", "Z/last/write");
  log.event(kAlice, "09:25", "\u00e9/write");
  CHECK(log.hunt().rows() == Texts{alice_at_nine("B/SECOND/WRITE, Z/last/write, a/first/write, b/second/write, \u00e9/write")});
}

TEST_CASE("query: a name that begins another sorts before it") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "a/write/x");
  log.event(kAlice, "09:21", "a/write");
  log.event(kAlice, "09:22", "a/write ");
  CHECK(log.hunt().rows() == Texts{alice_at_nine("a/write, a/write , a/write/x")});
}

TEST_CASE("query: each hour has the set of its own events") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.listing(kAlice, "10:12");
  log.listing(kAlice, "11:12");
  log.event(kAlice, "09:20", kRunCommand);
  log.event(kAlice, "10:20", kMachineDelete);
  log.event(kAlice, "12:20", kVaultPurge);
  CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand), std::string(kAlice) + " 10:00 [" + std::string(kMachineDelete) + "]"});
}

// --- 8. join ---

TEST_CASE("query: the join is one to one, however many listings and operations an hour holds") {
  Scenario log;
  log.listing(kAlice, "09:01");
  log.listing(kAlice, "09:02");
  log.listing(kAlice, "09:30");
  log.event(kAlice, "09:05", kRunCommand);
  log.event(kAlice, "09:06", kRunCommand);
  log.event(kAlice, "09:31", kMachineDelete);
  CHECK(log.hunt().rows() == Texts{alice_at_nine(std::string(kMachineDelete) + ", " + std::string(kRunCommand))});
}

TEST_CASE("query: the join is inner: no row without both sides") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kBob, "09:20", kRunCommand);
  CHECK(log.hunt().rows().empty());
}

TEST_CASE("query: operations before the listing of the same hour are in the set") {
  Scenario log;
  log.event(kAlice, "09:00", kRunCommand);
  log.listing(kAlice, "09:59");
  CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
}

TEST_CASE("query: events without a caller join each other, and the row is flagged") {
  Scenario log;
  log.listing("", "09:12");
  log.event("", "09:20", kRunCommand);
  log.listing(kAlice, "09:13");
  const Result result = log.hunt();
  CHECK(result.rows() == Texts{" 09:00 [" + std::string(kRunCommand) + "] empty_caller"});
  CHECK(result.findings.totals.no_caller == 2);
}

TEST_CASE("query: a caller of one blank is a caller") {
  Scenario log;
  log.listing(" ", "09:12");
  log.event(" ", "09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.rows() == Texts{"  09:00 [" + std::string(kRunCommand) + "]"});
  CHECK(result.findings.totals.no_caller == 0);
}

// --- 9. order ---

TEST_CASE("query: rows are sorted by Caller as bytes, then timekey") {
  Scenario log;
  for (const char* hour : {"11:00", "09:00", "10:00"}) {
    for (const char* caller : {"alice", "\u00e9ve", "Zoe", "", "alice2", "bob", "Bob"}) {
      log.listing(caller, hour);
      log.event(caller, hour, "x/write");
    }
  }
  Texts expected;
  for (const char* caller : {"", "Bob", "Zoe", "alice", "alice2", "bob", "\u00e9ve"}) {
    for (const char* hour : {"09:00", "10:00", "11:00"}) {
      expected.push_back(std::string(caller) + " " + hour + " [x/write]" + (*caller == 0 ? " empty_caller" : ""));
    }
  }
  CHECK(log.hunt().rows() == expected);
}

// --- 10. ago ---

TEST_CASE("query: look-back cuts the right side at as-of minus its length, not at an hour") {
  Scenario log;
  log.settings.look_back = kTicksPerDay;
  log.settings.as_of = AsOf::given;
  log.settings.as_of_instant = at("2026-03-15T09:20:30");
  log.listing(kAlice, "09:01");  // more than a day old: the left side is not cut
  SECTION("an operation exactly a day old is in") {
    log.event(kAlice, "09:20:30", kRunCommand);
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
  }
  SECTION("one tick older is out") {
    log.event(kAlice, "09:20:29.9999999", kRunCommand);
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(result.findings.totals.rows_lost_to_look_back == 1);
  }
  SECTION("in the first hour only what is after the cut is in the set") {
    log.event(kAlice, "09:02", "a/before");
    log.event(kAlice, "09:20:29", "b/before");
    log.event(kAlice, "09:20:30", "c/after");
    log.event(kAlice, "09:59", "d/after");
    const Result result = log.hunt();
    CHECK(result.rows() == Texts{alice_at_nine("c/after, d/after")});
    CHECK(result.findings.totals.rows_lost_to_look_back == 0);
  }
  SECTION("the future passes, there is no upper bound") {
    log.listing(kAlice, "2026-03-20T09:01");
    log.event(kAlice, "2026-03-20T09:02", kRunCommand);
    log.event(kAlice, "2030-01-01T00:00", kRunCommand);
    CHECK(log.hunt().rows() == Texts{std::string(kAlice) + " 2026-03-20T09:00 [" + std::string(kRunCommand) + "]"});
  }
}

TEST_CASE("query: as-of is the newest event of the files, or an instant given") {
  Scenario log;
  log.settings.look_back = kTicksPerDay;
  log.listing(kAlice, "09:01");
  log.event(kAlice, "09:02", kRunCommand);
  log.event(kBob, "2026-03-15T09:02", kMachineDelete);
  SECTION("newest: somebody else's event sets it, and the cut itself is in") {
    const Result result = log.hunt();
    REQUIRE(result.findings.as_of.has_value());
    CHECK(clock(*result.findings.as_of) == "2026-03-15T09:02");
    CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
  }
  SECTION("newest: one tick later the row is lost, and counted") {
    log.event(kBob, "2026-03-15T09:02:00.0000001", kMachineDelete);
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(result.findings.totals.rows_lost_to_look_back == 1);
  }
  SECTION("given: years later an old file has no rows at all") {
    log.settings.as_of = AsOf::given;
    log.settings.as_of_instant = at("2031-01-01T00:00");
    const Result result = log.hunt();
    REQUIRE(result.findings.as_of.has_value());
    CHECK(clock(*result.findings.as_of) == "2031-01-01T00:00");
    CHECK(result.rows().empty());
    CHECK(result.findings.totals.rows_lost_to_look_back == 1);
    CHECK(result.findings.sentinel_ran);
    CHECK(result.findings.sessions.size() == 1);  // look-back never acts on sessions
  }
  SECTION("given: an instant before the events loses nothing") {
    log.settings.as_of = AsOf::given;
    log.settings.as_of_instant = at("2020-01-01T00:00");
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
  }
  SECTION("without a look-back as-of does nothing") {
    log.settings.look_back.reset();
    log.settings.as_of = AsOf::given;
    log.settings.as_of_instant = at("2031-01-01T00:00");
    const Result result = log.hunt();
    CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
    CHECK(result.findings.totals.rows_lost_to_look_back == 0);
  }
  SECTION("a look-back longer than the calendar cuts nothing") {
    log.settings.look_back = kMaxTicks;
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
  }
}

// --- 11. no status, no category on the right ---

TEST_CASE("query: every status and category enters the set, keys of other accounts do not") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "a/started", "Start");
  log.event(kAlice, "09:21", "b/accepted", "Accept");
  log.event(kAlice, "09:22", "c/failed", "Failure");
  log.event(kAlice, "09:23", "d/failed", "Failed");
  log.event(kAlice, "09:24", "e/none", "");
  log.event(kAlice, "09:25", "Microsoft.Authorization/policies/audit/action", "Success").flag(kPolicyCategory);
  log.event(kAlice, "09:26", "Microsoft.ResourceHealth/healthevent/Activated/action", "Active");
  log.event(kAlice, "09:27", "Microsoft.Insights/AutoscaleSettings/Scaleup/Action", "Success");
  log.event(kAlice, "09:28", kConsoleWrite, "Success");
  log.event(kAlice, "09:29", kListKeys, "Success").group("production");
  log.event(kAlice, "09:30", "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION", "Failure").group("production");
  log.event(kAlice, "09:31", kListKeys, "Start").group(kShellGroup);
  CHECK(log.hunt().rows() ==
        Texts{alice_at_nine("Microsoft.Authorization/policies/audit/action, Microsoft.Insights/AutoscaleSettings/Scaleup/Action, "
                            "Microsoft.Portal/consoles/write, Microsoft.ResourceHealth/healthevent/Activated/action, "
                            "a/started, b/accepted, c/failed, d/failed, e/none")});
}

TEST_CASE("query: a session that only lists keys of other accounts leaves no row") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kListKeys, "Success").group("production");
  CHECK(log.hunt().rows().empty());
}

TEST_CASE("query: rows do not change by the same event twice") {
  Scenario log;
  for (const char* path : {"a.json", "b.json"}) {
    log.input(path);
    log.listing(kAlice, "09:12").correlation("c1").account("cs1").id("e1");
    log.event(kAlice, "09:20", kRunCommand).correlation("c2").resource("/vm").id("e2");
  }
  const Result result = log.hunt();
  CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
  CHECK(result.findings.totals.duplicates == 2);
}

// --- 12. missing columns ---

TEST_CASE("query: an input that lacks a column cannot run, which is not the same as no rows") {
  struct Lack {
    Needed column;
    std::string_view name;
  };
  const std::vector<Lack> lacks = {{Needed::time, "TimeGenerated"},
                                   {Needed::caller, "Caller"},
                                   {Needed::operation, "OperationNameValue"},
                                   {Needed::status, "ActivityStatusValue"},
                                   {Needed::resource_group, "ResourceGroup"}};
  for (const Lack& lack : lacks) {
    INFO(lack.name);
    CHECK(needed_name(lack.column) == lack.name);
    Scenario log;
    log.input("one.json").missing(lack.column);
    log.event(kAlice, "09:20", kRunCommand);
    SECTION(std::string("alone, without ") + std::string(lack.name)) {
      const Result result = log.hunt();
      CHECK_FALSE(result.findings.sentinel_ran);
      CHECK(result.rows().empty());
      REQUIRE(result.findings.cannot_run.size() == 1);
      CHECK(result.findings.cannot_run[0].first == 0);
      CHECK(result.findings.cannot_run[0].second == 1u << static_cast<unsigned>(lack.column));
    }
    SECTION(std::string("beside one that can, without ") + std::string(lack.name)) {
      log.input("two.json");
      log.listing(kAlice, "09:12");
      log.event(kAlice, "09:25", kMachineDelete);
      const Result result = log.hunt();
      CHECK(result.findings.sentinel_ran);
      CHECK(result.rows() == Texts{alice_at_nine(kMachineDelete)});  // events of one.json are not in the set
      REQUIRE(result.findings.cannot_run.size() == 1);
      CHECK(result.findings.cannot_run[0].first == 0);
    }
  }
}

TEST_CASE("query: several missing columns are all named; sessions are found all the same") {
  Scenario log;
  log.missing(Needed::resource_group).missing(Needed::status);
  log.event(kAlice, "09:12", kConsoleWrite, "");
  log.event(kAlice, "09:20", kRunCommand, "");
  const Result result = log.hunt();
  CHECK_FALSE(result.findings.sentinel_ran);
  REQUIRE(result.findings.cannot_run.size() == 1);
  CHECK(result.findings.cannot_run[0].second ==
        ((1u << static_cast<unsigned>(Needed::resource_group)) | (1u << static_cast<unsigned>(Needed::status))));
  CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 console_write"});
}

TEST_CASE("query: an input without events neither runs nor fails to run") {
  Scenario log;
  log.input("empty.json").missing(Needed::caller).missing(Needed::time);
  SECTION("alone: nothing ran, nothing is missing") {
    const Result result = log.hunt();
    CHECK_FALSE(result.findings.sentinel_ran);
    CHECK(result.findings.cannot_run.empty());
  }
  SECTION("beside one with events and no finding: it ran, and found nothing") {
    log.input("full.json");
    log.event(kAlice, "09:20", kRunCommand);
    const Result result = log.hunt();
    CHECK(result.findings.sentinel_ran);
    CHECK(result.findings.cannot_run.empty());
    CHECK(result.rows().empty());
  }
  SECTION("no input at all") {
    const Result result = Scenario().hunt();
    CHECK_FALSE(result.findings.sentinel_ran);
    CHECK(result.findings.sessions.empty());
    CHECK(result.findings.totals.events == 0);
  }
}

TEST_CASE("query: the two sides may stand in different inputs that can run") {
  Scenario log;
  log.input("a.json");
  log.listing(kAlice, "09:12");
  log.input("b.json").raw_status();
  log.event(kAlice, "09:20", kRunCommand, "Succeeded");
  CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
}

// --- Succeeded ---

TEST_CASE("query: Succeeded counts in rows of the table only while the setting is on, and the row says so") {
  for (const char* shape : {"activity_rows", "diagnostic"}) {
    for (const char* word : {"Succeeded", "succeeded", "SUCCEEDED"}) {
      INFO(shape << " " << word);
      Scenario log;
      log.shape(shape);
      log.event(kAlice, "09:12", kListKeys, word).group(kShellGroup);
      log.event(kAlice, "09:20", kRunCommand);
      const Result on = log.hunt();
      CHECK(on.rows() == Texts{alice_at_nine(kRunCommand) + " owed_to_succeeded"});
      CHECK(on.findings.totals.rows_owed_to_succeeded == 1);
      log.settings.succeeded_is_success = false;
      const Result off = log.hunt();
      CHECK(off.rows().empty());
      CHECK(off.findings.sentinel_ran);
      CHECK(off.findings.totals.rows_owed_to_succeeded == 0);
    }
  }
}

TEST_CASE("query: REST status words are always mapped, with no mark on the row") {
  for (const bool on : {true, false}) {
    for (const char* word : {"Succeeded", "succeeded", "Success"}) {
      Scenario log;
      log.settings.succeeded_is_success = on;
      log.raw_status();
      log.event(kAlice, "09:12", kListKeys, word).group(kShellGroup);
      log.event(kAlice, "09:20", kRunCommand, "Started");
      const Result result = log.hunt();
      CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
      CHECK(result.findings.totals.rows_owed_to_succeeded == 0);
    }
  }
}

TEST_CASE("query: words near Succeeded are not mapped") {
  for (const char* word : {"Succeeded ", "Succeede", "Started", "Accepted", "Failed", "Success-ish", "\u017fucceeded"}) {
    for (const bool raw : {true, false}) {
      INFO(word);
      Scenario log;
      if (raw) log.raw_status();
      log.event(kAlice, "09:12", kListKeys, word).group(kShellGroup);
      log.event(kAlice, "09:20", kRunCommand);
      CHECK(log.hunt().rows().empty());
    }
  }
}

TEST_CASE("query: a row is owed to Succeeded only when no plain Success leaves it") {
  Scenario log;
  log.event(kAlice, "09:12", kListKeys, "Succeeded").group(kShellGroup);
  log.event(kAlice, "09:20", kRunCommand);
  SECTION("a Success in the same hour") {
    log.listing(kAlice, "09:40");
    const Result result = log.hunt();
    CHECK(result.rows() == Texts{alice_at_nine(kRunCommand)});
    CHECK(result.findings.totals.rows_owed_to_succeeded == 0);
  }
  SECTION("a raw Succeeded in the same hour") {
    log.input("cli.json").raw_status();
    log.event(kAlice, "09:40", kListKeys, "Succeeded").group(kShellGroup);
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
  }
  SECTION("a Success in another hour, or of another caller, does not help") {
    log.listing(kAlice, "10:10");
    log.listing(kBob, "09:10");
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand) + " owed_to_succeeded"});
  }
}

TEST_CASE("query: rows owed to Succeeded and lost to look-back are counted apart") {
  Scenario log;
  log.settings.look_back = kTicksPerDay;
  log.event(kAlice, "09:12", kListKeys, "Succeeded").group(kShellGroup);
  log.event(kAlice, "09:20", kRunCommand);
  log.event(kAlice, "2026-03-17T09:12", kListKeys, "Succeeded").group(kShellGroup);
  log.event(kAlice, "2026-03-17T09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.rows() == Texts{std::string(kAlice) + " 2026-03-17T09:00 [" + std::string(kRunCommand) + "] owed_to_succeeded"});
  CHECK(result.findings.totals.rows_owed_to_succeeded == 1);
  CHECK(result.findings.totals.rows_lost_to_look_back == 1);
}

TEST_CASE("query: the session window has no say in its bins") {
  for (const Ticks window : {kTicksPerMinute, 30 * kTicksPerMinute, kTicksPerHour, 24 * kTicksPerHour}) {
    Scenario log;
    log.settings.window = window;
    log.listing(kAlice, "09:01");
    log.event(kAlice, "09:59", kRunCommand);
    log.event(kAlice, "10:00", kMachineDelete);
    CHECK(log.hunt().rows() == Texts{alice_at_nine(kRunCommand)});
  }
}
