// Sessions: what opens one, how far it reaches, what belongs to it and with what certainty, and how it is reconciled with the rows of the
// published query. Each test is the story of a few events whose outcome was worked out by hand.
#include "scenario.h"

using namespace csh;
using namespace csh::test;

namespace {

Texts names(TextList views) { return texts(views); }
std::vector<StatusCount> counts(std::span<const StatusCount> statuses) { return {statuses.begin(), statuses.end()}; }

const RowOfSession& only_row(const Session& session) {
  REQUIRE(session.rows.size() == 1);
  return session.rows[0];
}

Texts none() { return {}; }

}  // namespace

// --- signals ---

TEST_CASE("sessions: a listing of Cloud Shell keys opens one for a window") {
  Scenario log;
  log.listing(kAlice, "09:12:05.3");
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{"alice@contoso.com 09:12:05.3..10:12:05.3 storage_listing"});
  CHECK(result.session().operations.empty());
  CHECK(result.session().severity == Severity::none);
  CHECK(result.session().attribution == Attribution::none);
  CHECK_FALSE(result.session().longest_gap.has_value());
}

TEST_CASE("sessions: what is no listing of Cloud Shell keys opens none") {
  struct Case {
    std::string_view operation, status, group;
  };
  const std::vector<Case> cases = {
      {kListKeys, "Start", kShellGroup},
      {kListKeys, "Failure", kShellGroup},
      {kListKeys, "Accept", kShellGroup},
      {kListKeys, "", kShellGroup},
      {kListKeys, "Success", "production"},
      {kListKeys, "Success", ""},
      {kListKeys, "Success", "mycloud-shell-storage"},
      {kRunCommand, "Success", kShellGroup},
      {kStorageWrite, "Success", kShellGroup},
      {"", "Success", kShellGroup},
  };
  for (const Case& c : cases) {
    INFO(c.operation << " " << c.status << " " << c.group);
    Scenario log;
    log.event(kAlice, "09:12", c.operation, c.status).group(c.group);
    CHECK(log.hunt().sessions() == none());
  }
}

TEST_CASE("sessions: a listing follows the Succeeded setting, as the query's left side does") {
  Scenario log;
  log.event(kAlice, "09:12", kListKeys, "Succeeded").group(kShellGroup);
  CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
  log.settings.succeeded_is_success = false;
  CHECK(log.hunt().sessions() == none());
  log.raw_status();
  CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
}

TEST_CASE("sessions: a console opens one whatever its status, unless it failed") {
  for (const char* status : {"Success", "Start", "Accept", "Updated", "", "Succeeded", "Started"}) {
    for (const char* name : {"Microsoft.Portal/consoles/write", "MICROSOFT.PORTAL/CONSOLES/WRITE"}) {
      INFO(name << " " << status);
      Scenario log;
      log.event(kAlice, "09:12", name, status);
      const Result result = log.hunt();
      CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 console_write"});
      CHECK(result.session().operations.empty());
    }
  }
}

TEST_CASE("sessions: a console that failed is an ordinary operation, not a signal") {
  for (const char* status : {"Failure", "Failed", "failure", "FAILED"}) {
    for (const bool raw : {true, false}) {
      for (const bool mapped : {true, false}) {
        INFO(status);
        Scenario log;
        log.settings.succeeded_is_success = mapped;
        if (raw) log.raw_status();
        log.event(kAlice, "09:20", kConsoleWrite, status);
        CHECK(log.hunt().sessions() == none());
        log.listing(kAlice, "09:12");
        const Result result = log.hunt();
        CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
        CHECK(Result::operations(result.session()) == Texts{std::string(kConsoleWrite)});
        CHECK(Result::operation(result.session(), kConsoleWrite).failed);
        CHECK(result.session().severity == Severity::none);
      }
    }
  }
}

TEST_CASE("sessions: an event done by a Cloud Shell application opens one, and is an operation") {
  const std::vector<std::string> apps = {std::string(kConsoleApp), std::string(kCloudShellApp), std::string(kShellSiteApp),
                                         std::string(kTerminalApp), "B677C290-CF4B-4A8E-A60E-91BA650A4ABE"};
  for (const std::string& app : apps) {
    INFO(app);
    Scenario log;
    log.event(kAlice, "09:12", kRunCommand).app(app);
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 shell_app"});
    CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
    CHECK(result.session().signals[0].app_id == app);
  }
}

TEST_CASE("sessions: other applications, and shell applications without an operation, open none") {
  const std::vector<std::string_view> apps = {kPortalApp, kCliApp, kPowerShellApp, "b677c290", " ", ""};
  for (const std::string_view app : apps) {
    INFO(app);
    Scenario log;
    log.event(kAlice, "09:12", kRunCommand).app(app);
    CHECK(log.hunt().sessions() == none());
  }
  Scenario log;
  log.event(kAlice, "09:12", "").app(kConsoleApp);
  CHECK(log.hunt().sessions() == none());
}

TEST_CASE("sessions: a failed event of a shell application is a signal all the same") {
  Scenario log;
  log.event(kAlice, "09:12", kRunCommand, "Failure").app(kConsoleApp);
  CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 shell_app"});
}

TEST_CASE("sessions: an event is one signal, of the first kind that fits") {
  SECTION("a listing by a shell application") {
    Scenario log;
    log.listing(kAlice, "09:12").app(kCloudShellApp);
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
    CHECK(result.session().operations.empty());
  }
  SECTION("a console by a shell application") {
    Scenario log;
    log.event(kAlice, "09:12", kConsoleWrite).app(kConsoleApp);
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 console_write"});
    CHECK(result.session().operations.empty());
  }
  SECTION("a failed console by a shell application is none: an ordinary operation, done in the shell") {
    Scenario log;
    log.event(kAlice, "09:20", kConsoleWrite, "Failure").app(kConsoleApp);
    CHECK(log.hunt().sessions() == none());
    log.listing(kAlice, "09:12");
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
    CHECK(Result::operation(result.session(), kConsoleWrite).attribution == Attribution::in_shell);
    CHECK(Result::operation(result.session(), kConsoleWrite).in_shell_count == 1);
  }
  SECTION("a failed listing by a shell application") {
    Scenario log;
    log.event(kAlice, "09:12", kListKeys, "Failure").group(kShellGroup).app(kConsoleApp);
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 shell_app"});
  }
  SECTION("keys of another account by a shell application") {
    Scenario log;
    log.event(kAlice, "09:12", kListKeys).group("production").app(kConsoleApp);
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 shell_app"});
  }
}

TEST_CASE("sessions: a signal carries where it came from") {
  Scenario log;
  log.listing(kAlice, "09:12").account("cs1100alice").ip("20.50.1.10").app(kPortalApp);
  const Result result = log.hunt();
  REQUIRE(result.session().signals.size() == 1);
  const Signal& signal = result.session().signals[0];
  CHECK(clock(signal.time) == "09:12");
  CHECK(signal.ip == "20.50.1.10");
  CHECK(signal.app_id == kPortalApp);
  CHECK(signal.resource_id ==
        "/subscriptions/1111/resourceGroups/cloud-shell-storage-westeurope/providers/Microsoft.Storage/storageAccounts/cs1100alice");
  CHECK(signal.event == 0);
}

// --- extent ---

TEST_CASE("sessions: a signal inside moves the end, one at the end opens the next") {
  Scenario log;
  log.listing(kAlice, "09:00");
  SECTION("inside") {
    log.listing(kAlice, "09:59:59.9999999");
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:00..10:59:59.9999999 storage_listing storage_listing"});
  }
  SECTION("at the end") {
    log.listing(kAlice, "10:00");
    CHECK(log.hunt().sessions() ==
          Texts{"alice@contoso.com 09:00..10:00 storage_listing", "alice@contoso.com 10:00..11:00 storage_listing"});
  }
  SECTION("at the moved end") {
    log.listing(kAlice, "09:30");
    log.listing(kAlice, "10:30");
    CHECK(log.hunt().sessions() ==
          Texts{"alice@contoso.com 09:00..10:30 storage_listing storage_listing", "alice@contoso.com 10:30..11:30 storage_listing"});
  }
  SECTION("of any kind") {
    log.event(kAlice, "09:40", kConsoleWrite);
    log.event(kAlice, "10:20", kRunCommand).app(kTerminalApp);
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:00..11:20 storage_listing console_write shell_app"});
  }
  SECTION("an operation moves nothing") {
    log.event(kAlice, "09:50", kRunCommand);
    log.event(kAlice, "10:10", kMachineDelete);
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:00..10:00 storage_listing"});
    CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
  }
  SECTION("another caller's signal moves nothing") {
    log.listing(kBob, "09:30");
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:00..10:00 storage_listing", "bob@contoso.com 09:30..10:30 storage_listing"});
  }
}

TEST_CASE("sessions: start belongs to the session, end does not") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:11:59.9999999", "a/before");
  log.event(kAlice, "09:12", "b/at-start");
  log.event(kAlice, "09:12", "A/at-start");  // ordered before the listing that opens the session
  log.event(kAlice, "10:11:59.9999999", "c/last");
  log.event(kAlice, "10:12", "d/at-end");
  log.event(kAlice, "10:12", "D/at-end");
  CHECK(Result::operations(log.hunt().session()) == Texts{"A/at-start", "b/at-start", "c/last"});
}

TEST_CASE("sessions: an event at the end belongs to the session that opens there") {
  Scenario log;
  log.listing(kAlice, "09:00");
  log.listing(kAlice, "10:00");
  log.event(kAlice, "10:00", "a/at-seam");
  const Result result = log.hunt();
  CHECK(Result::operations(result.session(kAlice, 0)).empty());
  CHECK(Result::operations(result.session(kAlice, 1)) == Texts{"a/at-seam"});
}

TEST_CASE("sessions: the window is a setting") {
  Scenario log;
  log.listing(kAlice, "09:00");
  log.listing(kAlice, "09:40");
  log.event(kAlice, "10:50", kRunCommand);
  SECTION("30 minutes") {
    log.settings.window = 30 * kTicksPerMinute;
    CHECK(log.hunt().sessions() ==
          Texts{"alice@contoso.com 09:00..09:30 storage_listing", "alice@contoso.com 09:40..10:10 storage_listing"});
  }
  SECTION("1 hour") {
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:00..10:40 storage_listing storage_listing"});
    CHECK(result.session().operations.empty());
  }
  SECTION("2 hours") {
    log.settings.window = 2 * kTicksPerHour;
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:00..11:40 storage_listing storage_listing"});
    CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
  }
}

TEST_CASE("sessions: one crosses hours and days, and holds the work of both") {
  Scenario log;
  log.listing(kAlice, "23:58");
  log.event(kAlice, "23:59", kRunCommand);
  log.event(kAlice, "2026-03-15T00:30", kMachineDelete);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{"alice@contoso.com 23:58..2026-03-15T00:58 storage_listing"});
  CHECK(Result::operations(result.session()) == Texts{std::string(kMachineDelete), std::string(kRunCommand)});
  CHECK(result.rows() == Texts{"alice@contoso.com 23:00 [Microsoft.Compute/virtualMachines/runCommand/action]"});
}

TEST_CASE("sessions: a chain is one session however long; gaps and length are shown") {
  Scenario log;
  log.listing(kAlice, "09:00");
  log.listing(kAlice, "09:20");
  log.listing(kAlice, "10:05:10.5");
  log.listing(kAlice, "10:30");
  const Result result = log.hunt();
  CHECK(result.sessions().size() == 1);
  REQUIRE(result.session().longest_gap.has_value());
  CHECK(*result.session().longest_gap == 45 * kTicksPerMinute + 10 * kTicksPerSecond + kTicksPerSecond / 2);
  CHECK_FALSE(Result::has_flag(result.session(), "long_chain"));
}

TEST_CASE("sessions: signals at one instant have a gap of nothing") {
  Scenario log;
  log.listing(kAlice, "09:00").ip("10.0.0.1");
  log.listing(kAlice, "09:00").ip("10.0.0.2");
  const Result result = log.hunt();
  REQUIRE(result.session().longest_gap.has_value());
  CHECK(*result.session().longest_gap == 0);
}

TEST_CASE("sessions: more than 24 hours is a long chain, 24 hours are not") {
  auto chain = [](Ticks last) {
    Scenario log;
    for (Ticks t = at("00:00"); t <= last; t += 30 * kTicksPerMinute) log.event_at(kAlice, t, kListKeys).group(kShellGroup);
    return log.hunt();
  };
  const Result day = chain(at("23:00"));
  CHECK(day.findings.sessions.size() == 1);
  CHECK(clock(day.session().end) == "2026-03-15T00:00");
  CHECK_FALSE(Result::has_flag(day.session(), "long_chain"));
  const Result longer = chain(at("23:30"));
  CHECK(longer.findings.sessions.size() == 1);
  CHECK(Result::has_flag(longer.session(), "long_chain"));
  CHECK(longer.session().longest_gap == 30 * kTicksPerMinute);
  CHECK(longer.session().signals.size() == 48);
}

// --- caller, identity, order ---

TEST_CASE("sessions: callers are one when they differ in ASCII case alone, shown as first met in time") {
  Scenario log;
  log.listing("alice@contoso.com", "09:20");
  log.listing("ALICE@contoso.com", "09:10");
  log.event("Alice@Contoso.com", "09:30", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{"ALICE@contoso.com 09:10..10:20 storage_listing storage_listing"});
  CHECK(result.findings.sessions[0].id == "alice@contoso.com|2026-03-14T09:10:00Z|storage_listing");
  CHECK(Result::operations(result.findings.sessions[0]) == Texts{std::string(kRunCommand)});
}

TEST_CASE("sessions: at one instant the caller's spelling first in bytes is the first met") {
  Scenario log;
  log.listing("alice@contoso.com", "09:10");
  log.listing("Alice@contoso.com", "09:10");
  CHECK(log.hunt().sessions() == Texts{"Alice@contoso.com 09:10..10:10 storage_listing storage_listing"});
}

TEST_CASE("sessions: callers that differ in anything else are two") {
  Scenario log;
  log.listing("j\u00f6rg", "09:10");
  log.listing("J\u00d6RG", "09:11");  // no folding beyond ASCII
  log.listing("alice", "09:12");
  log.listing("alice ", "09:13");
  log.listing("ali\u212ae", "09:14");
  log.listing("alike", "09:15");
  CHECK(log.hunt().findings.sessions.size() == 6);
}

TEST_CASE("sessions: the id is caller in lower case, start, first signal's kind") {
  Scenario log;
  log.event("Alice@CONTOSO.com", "09:12:05.32", kConsoleWrite);
  log.listing("Alice@CONTOSO.com", "09:13");
  CHECK(log.hunt().findings.sessions.at(0).id == "alice@contoso.com|2026-03-14T09:12:05.32Z|console_write");
}

TEST_CASE("sessions: at one instant the operation's name decides which signal is first") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:12", kConsoleWrite);
  log.event(kAlice, "09:12", kRunCommand).app(kConsoleApp);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 shell_app console_write storage_listing"});
  CHECK(result.session().id == "alice@contoso.com|2026-03-14T09:12:00Z|shell_app");
}

TEST_CASE("sessions: they are sorted by start, then caller") {
  Scenario log;
  log.listing("carol", "09:00");
  log.listing("bob", "09:00");
  log.listing("dave", "08:00");
  log.listing("alice", "10:00");
  CHECK(log.hunt().sessions() == Texts{"dave 08:00..09:00 storage_listing", "bob 09:00..10:00 storage_listing",
                                       "carol 09:00..10:00 storage_listing", "alice 10:00..11:00 storage_listing"});
}

TEST_CASE("sessions: events without a caller or a time join none; they are counted") {
  Scenario log;
  log.listing("", "09:12");
  log.event("", "09:13", kConsoleWrite);
  log.listing(kAlice, "");
  log.event(kAlice, "", kRunCommand).app(kConsoleApp);
  log.event(kAlice, "", kRunCommand).app(kConsoleApp).flag(kTimeUnreadable);
  const Result result = log.hunt();
  CHECK(result.sessions() == none());
  CHECK(result.findings.totals.events == 5);
  CHECK(result.findings.totals.no_caller == 2);
  CHECK(result.findings.totals.no_time == 3);
}

TEST_CASE("sessions: a look-back never hides one") {
  Scenario log;
  log.settings.look_back = kTicksPerHour;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kRunCommand);
  log.event(kBob, "2026-04-14T09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.rows().empty());
  CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
}

// --- operations ---

TEST_CASE("sessions: listings, consoles and empty names are no operations; keys of other accounts are") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.listing(kAlice, "09:13").app(kPortalApp);
  log.event(kAlice, "09:14", kConsoleWrite, "Start");
  log.event(kAlice, "09:15", "");
  log.event(kAlice, "09:16", " ");
  log.event(kAlice, "09:17", "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION").group("production").account("payroll");
  const Result result = log.hunt();
  CHECK(Result::operations(result.session()) == Texts{" ", std::string(kListKeys)});
  const Operation& keys = Result::operation(result.session(), kListKeys);
  CHECK(keys.count == 1);
  CHECK(keys.severity == Severity::medium);
  CHECK_FALSE(keys.shell_setup);
  CHECK(clock(keys.first) == "09:17");
}

TEST_CASE("sessions: one operation is one name in any case, spelled as the catalogue does, else as first met") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "MICROSOFT.COMPUTE/VIRTUALMACHINES/RUNCOMMAND/ACTION", "Start");
  log.event(kAlice, "09:21", "microsoft.compute/virtualmachines/runcommand/action", "Success");
  log.event(kAlice, "09:32", "contoso.billing/INVOICES/write");
  log.event(kAlice, "09:31", "Contoso.Billing/invoices/WRITE");
  const Result result = log.hunt();
  CHECK(Result::operations(result.session()) == Texts{"Contoso.Billing/invoices/WRITE", std::string(kRunCommand)});
  CHECK(Result::operation(result.session(), kRunCommand).count == 2);
  CHECK(Result::operation(result.session(), kRunCommand).entry != nullptr);
  CHECK(Result::operation(result.session(), "Contoso.Billing/invoices/WRITE").count == 2);
  CHECK(Result::operation(result.session(), "Contoso.Billing/invoices/WRITE").entry == nullptr);
  CHECK(Result::operation(result.session(), "Contoso.Billing/invoices/WRITE").severity == Severity::none);
}

TEST_CASE("sessions: an operation carries its figures") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:22", kRunCommand, "Success").correlation("C1").resource("/vm/b").ip("10.0.0.2");
  log.event(kAlice, "09:20", kRunCommand, "Start").correlation("c1").resource("/vm/a").ip("10.0.0.10");
  log.event(kAlice, "09:21", kRunCommand, "Start").correlation("c2").resource("/VM/A").ip("10.0.0.10");
  log.event(kAlice, "09:40", kRunCommand, "Failure").correlation("c3").resource("/vm/a");
  log.event(kAlice, "09:30", kRunCommand, "");
  const Result result = log.hunt();
  const Operation& run = Result::operation(result.session(), kRunCommand);
  CHECK(run.count == 5);
  CHECK(clock(run.first) == "09:20");
  CHECK(clock(run.last) == "09:40");
  CHECK(run.calls == 3);
  CHECK(counts(run.statuses) == std::vector<StatusCount>{{"", 1}, {"Failure", 1}, {"Start", 2}, {"Success", 1}});
  CHECK(names(run.resources) == Texts{"/vm/a", "/vm/b"});
  CHECK(names(run.ips) == Texts{"10.0.0.10", "10.0.0.2"});
  CHECK_FALSE(run.failed);
}

TEST_CASE("sessions: statuses are counted under the word that the settings make of them") {
  Scenario log;
  log.listing(kAlice, "09:12");
  for (const char* status : {"Started", "started", "Start", "Accepted", "Succeeded", "success", "Failed", "Updated", "In Progress"}) {
    log.event(kAlice, "09:20", kRunCommand, status);
  }
  SECTION("mapped") {
    const Result result = log.hunt();
    CHECK(counts(Result::operation(result.session(), kRunCommand).statuses) ==
          std::vector<StatusCount>{{"Accept", 1}, {"Failure", 1}, {"In Progress", 1}, {"Start", 3}, {"Success", 2}, {"Updated", 1}});
  }
  SECTION("as the file has them") {
    log.settings.succeeded_is_success = false;
    const Result result = log.hunt();
    CHECK(counts(Result::operation(result.session(), kRunCommand).statuses) == std::vector<StatusCount>{{"Accepted", 1},
                                                                                                        {"Failed", 1},
                                                                                                        {"In Progress", 1},
                                                                                                        {"Start", 1},
                                                                                                        {"Started", 1},
                                                                                                        {"Succeeded", 1},
                                                                                                        {"Updated", 1},
                                                                                                        {"started", 1},
                                                                                                        {"success", 1}});
  }
  SECTION("raw: always mapped") {
    log.settings.succeeded_is_success = false;
    log.raw_status();
    const Result result = log.hunt();
    CHECK(counts(Result::operation(result.session(), kRunCommand).statuses) ==
          std::vector<StatusCount>{{"Accept", 1}, {"Failure", 1}, {"In Progress", 1}, {"Start", 3}, {"Success", 2}, {"Updated", 1}});
  }
}

TEST_CASE("sessions: another caller's work is not in it") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kBob, "09:20", kRunCommand);
  log.event("", "09:20", kRunCommand);
  CHECK(log.hunt().session().operations.empty());
}

TEST_CASE("sessions: addresses, subscriptions, groups and applications of all its events, each once, sorted") {
  Scenario log;
  log.listing(kAlice, "09:12").ip("20.50.1.10").subscription("2222-B").app(kPortalApp);
  log.event(kAlice, "09:20", kRunCommand).ip("10.0.0.1").subscription("1111").group("rg-b").app(kConsoleApp);
  log.event(kAlice, "09:21", kMachineDelete).ip("10.0.0.1").subscription("2222-b").group("RG-B").app(kConsoleApp);
  log.event(kAlice, "09:22", kUnlisted).ip("2001:db8::1").group("Rg-a");
  log.event(kAlice, "11:00", kUnlisted).ip("99.0.0.1").subscription("9999").group("rg-outside").app(kCliApp);
  const Result result = log.hunt();
  const Session& session = result.session();
  CHECK(names(session.ips) == Texts{"10.0.0.1", "20.50.1.10", "2001:db8::1"});
  CHECK(names(session.subscriptions) == Texts{"1111", "2222-B"});
  CHECK(names(session.resource_groups) == Texts{"Rg-a", "cloud-shell-storage-westeurope", "rg-b"});
  CHECK(names(session.app_ids) == Texts{std::string(kConsoleApp), std::string(kPortalApp)});
}

// --- attribution ---

TEST_CASE("sessions: attribution is judged per event, and the strongest is shown") {
  Scenario log;
  log.listing(kAlice, "09:12").app(kPortalApp);
  log.event(kAlice, "09:20", kRunCommand).app(kConsoleApp);
  log.event(kAlice, "09:21", kRunCommand).app(kCliApp);
  log.event(kAlice, "09:22", kMachineDelete).app(kPortalApp);
  log.event(kAlice, "09:23", kUnlisted);  // no app id in a file that carries them
  const Result result = log.hunt();
  const Session& session = result.session();
  CHECK(session.attribution == Attribution::in_shell);
  CHECK(Result::operation(session, kRunCommand).attribution == Attribution::in_shell);
  CHECK(Result::operation(session, kRunCommand).in_shell_count == 1);
  CHECK(Result::operation(session, kRunCommand).count == 2);
  CHECK(Result::operation(session, kMachineDelete).attribution == Attribution::same_window);
  CHECK(Result::operation(session, kMachineDelete).in_shell_count == 0);
  CHECK(Result::operation(session, kUnlisted).attribution == Attribution::same_window);
}

TEST_CASE("sessions: without app ids in the file attribution cannot be told") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.session().attribution == Attribution::unknown);
  CHECK(Result::operation(result.session(), kRunCommand).attribution == Attribution::unknown);
}

TEST_CASE("sessions: same_window outweighs unknown; each event is judged by its own file") {
  Scenario log;
  log.input("portal.csv");
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kRunCommand);
  log.event(kAlice, "09:21", kMachineDelete);
  log.input("cli.json");
  log.event(kAlice, "09:22", kMachineDelete);
  log.event(kBob, "09:22", kMachineDelete).app(kCliApp);
  const Result result = log.hunt();
  CHECK(Result::operation(result.session(), kRunCommand).attribution == Attribution::unknown);
  CHECK(Result::operation(result.session(), kMachineDelete).attribution == Attribution::same_window);
  CHECK(result.session().attribution == Attribution::same_window);
}

TEST_CASE("sessions: the applications of attribution are the four, compared as text in any case") {
  for (const std::string_view app : {kConsoleApp, kCloudShellApp, kShellSiteApp, kTerminalApp}) {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kRunCommand).app(app);
    CHECK(log.hunt().session().attribution == Attribution::in_shell);
  }
  for (const std::string_view app : {kPortalApp, kCliApp, kPowerShellApp}) {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kRunCommand).app(app);
    CHECK(log.hunt().session().attribution == Attribution::same_window);
  }
}

TEST_CASE("sessions: somebody in a shell who lists a Cloud Shell account's keys does an operation too") {
  Scenario log;
  log.listing(kAlice, "09:12").app(kPortalApp);
  log.listing(kAlice, "09:20").app(kConsoleApp);
  const Result result = log.hunt();
  CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:20 storage_listing storage_listing"});
  REQUIRE(Result::operations(result.session()) == Texts{std::string(kListKeys)});
  const Operation& keys = result.session().operations[0];
  CHECK(keys.count == 1);
  CHECK(keys.attribution == Attribution::in_shell);
  CHECK(keys.in_shell_count == 1);
  CHECK_FALSE(keys.shell_setup);
  CHECK(keys.shell_setup_count == 0);
  CHECK(keys.severity == Severity::medium);
  CHECK(result.session().severity == Severity::medium);
}

// --- the shell's own set-up ---

TEST_CASE("sessions: the shell's own set-up is shown as such and weighs info") {
  Scenario log;
  log.event(kAlice, "09:12", kConsoleWrite);
  log.event(kAlice, "09:13", kGroupWrite).group("CLOUD-SHELL-STORAGE-WESTEUROPE");
  log.event(kAlice, "09:14", kStorageWrite).group(kShellGroup);
  log.event(kAlice, "09:15", "MICROSOFT.STORAGE/STORAGEACCOUNTS/FILESERVICES/SHARES/WRITE").group(kShellGroup);
  log.event(kAlice, "09:16", kListKeys, "Start").group(kShellGroup);
  const Result result = log.hunt();
  const Session& session = result.session();
  for (const std::string_view name : {kGroupWrite, kStorageWrite, kShareWrite, kListKeys}) {
    INFO(name);
    const auto found = std::find_if(session.operations.begin(), session.operations.end(),
                                    [&](const Operation& operation) { return equal_fold(operation.name, name); });
    REQUIRE(found != session.operations.end());
    CHECK(found->shell_setup);
    CHECK(found->shell_setup_count == 1);
    CHECK(found->severity == Severity::info);
  }
  CHECK(session.severity == Severity::info);
}

TEST_CASE("sessions: set-up on another group, or other operations on the shell's group, are ordinary") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:13", kStorageWrite).group("production");
  log.event(kAlice, "09:14", "Microsoft.Storage/storageAccounts/delete").group(kShellGroup);
  log.event(kAlice, "09:15", kListKeys, "Failure").group(kShellGroup);
  const Result result = log.hunt();
  for (const Operation& operation : result.session().operations) {
    INFO(operation.name);
    CHECK_FALSE(operation.shell_setup);
    CHECK(operation.shell_setup_count == 0);
  }
  CHECK(Result::operation(result.session(), kStorageWrite).severity == Severity::medium);
  CHECK(Result::operation(result.session(), "Microsoft.Storage/storageAccounts/delete").severity == Severity::high);
  CHECK(Result::operation(result.session(), kListKeys).failed);
  CHECK(result.session().severity == Severity::high);
}

TEST_CASE("sessions: set-up among other events of its name leaves these their severity") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:13", kStorageWrite).group(kShellGroup);
  log.event(kAlice, "09:14", kStorageWrite).group("production");
  const Result result = log.hunt();
  const Operation& write = Result::operation(result.session(), kStorageWrite);
  CHECK_FALSE(write.shell_setup);
  CHECK(write.shell_setup_count == 1);
  CHECK(write.count == 2);
  CHECK(write.severity == Severity::medium);
}

// --- severity ---

TEST_CASE("sessions: severity is the highest of the operations that did not all fail") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:13", kUnlisted);
  CHECK(log.hunt().session().severity == Severity::none);
  log.event(kAlice, "09:14", kMachineDelete);
  CHECK(log.hunt().session().severity == Severity::info);
  log.event(kAlice, "09:15", kVaultPurge);
  CHECK(log.hunt().session().severity == Severity::low);
  log.event(kAlice, "09:16", kRunCommand);
  CHECK(log.hunt().session().severity == Severity::medium);
  log.event(kAlice, "09:17", kDiskAccess);
  CHECK(log.hunt().session().severity == Severity::high);
}

TEST_CASE("sessions: an operation failed when it has a failure and nothing that succeeded or was accepted") {
  struct Case {
    std::vector<const char*> statuses;
    bool failed;
  };
  const std::vector<Case> cases = {
      {{"Failure"}, true},
      {{"Failed"}, true},
      {{"Start", "Failure"}, true},
      {{"Started", "Failed"}, true},
      {{"Failure", "Updated"}, true},
      {{"Failure", ""}, true},
      {{"failure"}, true},
      {{"Failure", "Success"}, false},
      {{"Failed", "Succeeded"}, false},
      {{"Failure", "Accept"}, false},
      {{"Failed", "Accepted"}, false},
      {{"Start"}, false},
      {{"Success"}, false},
      {{""}, false},
      {{"Start", "Accept"}, false},
  };
  for (const bool mapped : {true, false}) {
    for (const bool raw : {true, false}) {
      for (const Case& c : cases) {
        Scenario log;
        log.settings.succeeded_is_success = mapped;
        if (raw) log.raw_status();
        log.listing(kAlice, "09:12");
        std::string statuses;
        for (const char* status : c.statuses) {
          log.event(kAlice, "09:20", kDiskAccess, status);
          statuses += std::string(status) + " ";
        }
        INFO(statuses << (mapped ? "mapped" : "literal") << (raw ? ", raw" : ", rows"));
        const Result result = log.hunt();
        const Operation& operation = Result::operation(result.session(), kDiskAccess);
        CHECK(operation.failed == c.failed);
        CHECK(operation.severity == Severity::high);  // what it would have meant; the session is not raised by it
        CHECK(result.session().severity == (c.failed ? Severity::none : Severity::high));
      }
    }
  }
}

TEST_CASE("sessions: a failed operation leaves the others their weight") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kDiskAccess, "Failure");
  log.event(kAlice, "09:21", kVaultPurge);
  CHECK(log.hunt().session().severity == Severity::low);
}

TEST_CASE("sessions: a conditional severity counts only when the record shows the condition") {
  SECTION("role assignment") {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kRoleWrite);
    CHECK(Result::operation(log.hunt().session(), kRoleWrite).severity == Severity::medium);
    log.event(kAlice, "09:21", kRoleWrite).flag(kAdminRole);
    CHECK(log.hunt().session().severity == Severity::high);
  }
  SECTION("public access to a storage account") {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kStorageWrite).group("production");
    CHECK(log.hunt().session().severity == Severity::medium);
    log.event(kAlice, "09:21", kStorageWrite).group("production").flag(kPublicAccess);
    CHECK(log.hunt().session().severity == Severity::high);
  }
  SECTION("soft delete switched off") {
    constexpr std::string_view kBlobWrite = "Microsoft.Storage/storageAccounts/blobServices/write";
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kBlobWrite);
    CHECK(log.hunt().session().severity == Severity::medium);
    log.event(kAlice, "09:21", kBlobWrite).flag(kSoftDeleteOff);
    CHECK(log.hunt().session().severity == Severity::high);
  }
  SECTION("another condition does not count") {
    Scenario log;
    log.listing(kAlice, "09:12");
    log.event(kAlice, "09:20", kRoleWrite).flag(kPublicAccess).flag(kSoftDeleteOff);
    CHECK(log.hunt().session().severity == Severity::medium);
  }
}

TEST_CASE("sessions: events of the Policy category weigh nothing") {
  constexpr std::string_view kDeploy = "Microsoft.Authorization/policies/deployIfNotExists/action";
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kDeploy).flag(kPolicyCategory);
  SECTION("alone") {
    const Result result = log.hunt();
    CHECK(Result::operation(result.session(), kDeploy).policy);
    CHECK(Result::operation(result.session(), kDeploy).severity == Severity::none);
    CHECK(result.session().severity == Severity::none);
  }
  SECTION("beside an event of the name that is not of the category") {
    log.event(kAlice, "09:21", kDeploy);
    const Result result = log.hunt();
    CHECK_FALSE(Result::operation(result.session(), kDeploy).policy);
    CHECK(Result::operation(result.session(), kDeploy).severity == Severity::medium);
  }
  SECTION("their condition is not taken from them") {
    log.event(kAlice, "09:21", kRoleWrite).flag(kPolicyCategory).flag(kAdminRole);
    log.event(kAlice, "09:22", kRoleWrite);
    CHECK(Result::operation(log.hunt().session(), kRoleWrite).severity == Severity::medium);
  }
}

// --- flags ---

TEST_CASE("sessions: one that lists the keys of two Cloud Shell accounts is flagged and at least medium") {
  Scenario log;
  log.listing(kAlice, "09:12").account("cs1100alice");
  SECTION("two accounts") {
    log.listing(kAlice, "09:20").account("cs2200bob");
    const Result result = log.hunt();
    CHECK(Result::has_flag(result.session(), "several_shell_accounts"));
    CHECK_FALSE(Result::has_flag(result.session(), "shared_shell_account"));
    CHECK(result.session().severity == Severity::medium);
  }
  SECTION("what is higher stays") {
    log.listing(kAlice, "09:20").account("cs2200bob");
    log.event(kAlice, "09:21", kDiskAccess);
    CHECK(log.hunt().session().severity == Severity::high);
  }
  SECTION("one account in two spellings") {
    log.listing(kAlice, "09:20").account("CS1100ALICE");
    log.listing(kAlice, "09:21")
        .resource(
            "/SUBSCRIPTIONS/1111/RESOURCEGROUPS/CLOUD-SHELL-STORAGE-WESTEUROPE/PROVIDERS/"
            "MICROSOFT.STORAGE/STORAGEACCOUNTS/CS1100ALICE");
    const Result result = log.hunt();
    CHECK_FALSE(Result::has_flag(result.session(), "several_shell_accounts"));
    CHECK(result.session().severity == Severity::none);
  }
  SECTION("one account behind two paths") {
    log.listing(kAlice, "09:20").resource("/subscriptions/2222/providers/Microsoft.Storage/storageAccounts/cs1100alice");
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "several_shell_accounts"));
  }
  SECTION("resource ids that name no account are compared whole, folded") {
    log.listing(kAlice, "09:20").resource("/somewhere/else");
    CHECK(Result::has_flag(log.hunt().session(), "several_shell_accounts"));
    Scenario other;
    other.listing(kAlice, "09:12").resource("/somewhere/else");
    other.listing(kAlice, "09:20").resource("/SOMEWHERE/else");
    CHECK_FALSE(Result::has_flag(other.hunt().session(), "several_shell_accounts"));
  }
  SECTION("no resource id says nothing") {
    log.listing(kAlice, "09:20");
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "several_shell_accounts"));
  }
  SECTION("two accounts in two sessions") {
    log.listing(kAlice, "12:20").account("cs2200bob");
    const Result result = log.hunt();
    CHECK_FALSE(Result::has_flag(result.session(kAlice, 0), "several_shell_accounts"));
    CHECK_FALSE(Result::has_flag(result.session(kAlice, 1), "several_shell_accounts"));
  }
  SECTION("keys of an account elsewhere are no listing of a shell account") {
    log.event(kAlice, "09:20", kListKeys).group("production").account("payroll");
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "several_shell_accounts"));
  }
}

TEST_CASE("sessions: an account that two callers list is flagged in the sessions of both") {
  Scenario log;
  log.listing(kAlice, "09:12").account("cs1100alice");
  SECTION("days apart, in two spellings") {
    log.listing(kBob, "2026-03-18T12:00").account("CS1100Alice");
    log.listing(kBob, "2026-03-19T12:00").account("cs2200bob");
    const Result result = log.hunt();
    CHECK(Result::has_flag(result.session(kAlice), "shared_shell_account"));
    CHECK(Result::has_flag(result.session(kBob, 0), "shared_shell_account"));
    CHECK_FALSE(Result::has_flag(result.session(kBob, 1), "shared_shell_account"));
    CHECK(result.session(kAlice).severity == Severity::medium);
    CHECK(result.session(kBob, 0).severity == Severity::medium);
    CHECK(result.session(kBob, 1).severity == Severity::none);
  }
  SECTION("one caller in two spellings is one") {
    log.listing("ALICE@contoso.com", "12:00").account("cs1100alice");
    for (const Session& session : log.hunt().findings.sessions) CHECK_FALSE(Result::has_flag(session, "shared_shell_account"));
  }
  SECTION("each their own") {
    log.listing(kBob, "09:12").account("cs2200bob");
    for (const Session& session : log.hunt().findings.sessions) CHECK_FALSE(Result::has_flag(session, "shared_shell_account"));
  }
  SECTION("without resource ids") {
    Scenario bare;
    bare.listing(kAlice, "09:12");
    bare.listing(kBob, "09:12");
    for (const Session& session : bare.hunt().findings.sessions) CHECK_FALSE(Result::has_flag(session, "shared_shell_account"));
  }
}

TEST_CASE("sessions: the caller's first use in this data is marked") {
  Scenario log;
  log.listing(kAlice, "12:00");
  log.listing("ALICE@contoso.com", "09:00");
  log.listing(kBob, "14:00");
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 3);
  CHECK(Result::has_flag(result.findings.sessions[0], "first_use"));
  CHECK_FALSE(Result::has_flag(result.findings.sessions[1], "first_use"));
  CHECK(Result::has_flag(result.findings.sessions[2], "first_use"));
}

TEST_CASE("sessions: an address not seen before for the caller is marked") {
  Scenario log;
  log.event(kBob, "05:00", kUnlisted).ip("10.0.0.9");
  log.listing(kAlice, "09:12").ip("10.0.0.1");
  SECTION("nothing is known before: no mark") {
    const Result result = log.hunt();
    CHECK_FALSE(Result::has_flag(result.session(), "new_address"));
    CHECK(result.session().new_ips.empty());
  }
  SECTION("earlier events without an address tell nothing") {
    log.event(kAlice, "08:00", kUnlisted);
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "new_address"));
  }
  SECTION("seen before") {
    log.event(kAlice, "08:00", kUnlisted).ip("10.0.0.1");
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "new_address"));
  }
  SECTION("seen before under another spelling of caller and address") {
    log.event("ALICE@CONTOSO.COM", "08:00", kUnlisted).ip("2001:DB8::1");
    log.event(kAlice, "09:20", kRunCommand).ip("2001:db8::1");
    const Result result = log.hunt();
    CHECK(names(result.session("ALICE@CONTOSO.COM").new_ips) == Texts{"10.0.0.1"});
  }
  SECTION("new, also in an operation of the session") {
    log.event(kAlice, "08:00", kUnlisted).ip("10.0.0.7");
    log.event(kAlice, "09:20", kRunCommand).ip("10.0.0.2");
    log.event(kAlice, "09:21", kRunCommand).ip("10.0.0.7");
    log.event(kAlice, "10:30", kRunCommand).ip("10.0.0.3");  // after the session
    const Result result = log.hunt();
    CHECK(Result::has_flag(result.session(), "new_address"));
    CHECK(names(result.session().new_ips) == Texts{"10.0.0.1", "10.0.0.2"});
  }
  SECTION("a later session knows the earlier one's") {
    log.listing(kAlice, "12:00").ip("10.0.0.1");
    log.listing(kAlice, "15:00").ip("10.0.0.4");
    const Result result = log.hunt();
    CHECK_FALSE(Result::has_flag(result.session(kAlice, 1), "new_address"));
    CHECK(names(result.session(kAlice, 2).new_ips) == Texts{"10.0.0.4"});
  }
}

TEST_CASE("sessions: one beside hours without any event says so") {
  Scenario log;
  log.listing(kAlice, "09:12");  // until 10:12: the hours beside it are 08 and 10
  SECTION("the data begins and ends with it: no gap") { CHECK_FALSE(Result::has_flag(log.hunt().session(), "beside_gap")); }
  SECTION("the hour before is empty, and the data is older") {
    log.event(kBob, "06:00", kUnlisted);
    CHECK(Result::has_flag(log.hunt().session(), "beside_gap"));
  }
  SECTION("the hour before holds an event, whoever did it, in whichever input") {
    log.event(kBob, "06:00", kUnlisted);
    log.input("other.json");
    log.event("", "08:59:59.9999999", kUnlisted);
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "beside_gap"));
  }
  SECTION("the hour of the end is empty, and the data is younger") {
    log.event(kBob, "11:00", kUnlisted);
    CHECK(Result::has_flag(log.hunt().session(), "beside_gap"));
  }
  SECTION("the hour of the end holds an event") {
    log.event(kBob, "10:59", kUnlisted);
    log.event(kBob, "13:00", kUnlisted);
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "beside_gap"));
  }
  SECTION("an empty hour further off is not beside it") {
    for (const char* time : {"06:30", "08:30", "10:30", "12:30"}) log.event(kBob, time, kUnlisted);
    CHECK_FALSE(Result::has_flag(log.hunt().session(), "beside_gap"));
  }
}

TEST_CASE("sessions: an end on the hour looks at the hour that begins there") {
  Scenario log;
  log.listing(kAlice, "09:00");
  log.event(kBob, "11:30", kUnlisted);
  CHECK(Result::has_flag(log.hunt().session(), "beside_gap"));
  log.event(kBob, "10:00", kUnlisted);
  CHECK_FALSE(Result::has_flag(log.hunt().session(), "beside_gap"));
}

// --- why the query does not find it ---

TEST_CASE("why_not: empty where a row stands for the session") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.session().why_not.empty());
  CHECK(only_row(result.session()).row == 0);
}

TEST_CASE("why_not: no_storage_listing") {
  Scenario log;
  log.event(kAlice, "09:12", kConsoleWrite);
  log.event(kAlice, "09:20", kRunCommand).app(kConsoleApp);
  const Result result = log.hunt();
  CHECK(result.session().rows.empty());
  CHECK(Result::why_not(result.session()) == Texts{"no_storage_listing"});
}

TEST_CASE("why_not: no_storage_listing even where another session's listing leaves a row for the hour") {
  Scenario log;
  log.settings.window = 20 * kTicksPerMinute;
  log.listing(kAlice, "09:02");
  log.event(kAlice, "09:40", kRunCommand).app(kConsoleApp);
  const Result result = log.hunt();
  CHECK(result.rows().size() == 1);
  CHECK(result.session(kAlice, 0).why_not.empty());
  CHECK(result.session(kAlice, 1).rows.empty());
  CHECK(Result::why_not(result.session(kAlice, 1)) == Texts{"no_storage_listing"});
}

TEST_CASE("why_not: crosses_bin") {
  Scenario log;
  log.listing(kAlice, "10:58");
  log.event(kAlice, "11:02", kRunCommand);
  CHECK(Result::why_not(log.hunt().session()) == Texts{"crosses_bin"});
  SECTION("also when it lists other keys in the listing's hour") {
    log.event(kAlice, "10:59", kListKeys).group("production");
    CHECK(Result::why_not(log.hunt().session()) == Texts{"crosses_bin"});
  }
}

TEST_CASE("why_not: list_keys_hidden") {
  Scenario log;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION").group("production");
  CHECK(Result::why_not(log.hunt().session()) == Texts{"list_keys_hidden"});
}

TEST_CASE("why_not: list_keys_hidden for keys listed in another hour of the session") {
  Scenario log;
  log.listing(kAlice, "09:50");
  log.event(kAlice, "10:10", kListKeys).group("production");
  CHECK(Result::why_not(log.hunt().session()) == Texts{"list_keys_hidden"});
}

TEST_CASE("why_not: no_other_operation") {
  Scenario log;
  log.listing(kAlice, "09:12");
  SECTION("nothing at all") {}
  SECTION("nothing with a name") { log.event(kAlice, "09:20", ""); }
  SECTION("nothing of this caller") { log.event(kBob, "09:20", kRunCommand); }
  SECTION("nothing in the session") { log.event(kAlice, "10:12", kRunCommand); }
  SECTION("a second listing") { log.listing(kAlice, "09:30"); }
  const Result result = log.hunt();
  CHECK(result.rows().empty());
  CHECK(Result::why_not(result.session()) == Texts{"no_other_operation"});
}

TEST_CASE("why_not: outside_look_back") {
  Scenario log;
  log.settings.look_back = kTicksPerDay;
  log.listing(kAlice, "09:12");
  log.event(kAlice, "09:20", kRunCommand);
  log.event(kBob, "2026-03-20T09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(Result::why_not(result.session()) == Texts{"outside_look_back"});
  log.settings.look_back.reset();
  CHECK(log.hunt().session().why_not.empty());
}

TEST_CASE("why_not: caller_case") {
  Scenario log;
  log.listing("Alice@contoso.com", "09:12");
  log.event("alice@contoso.com", "09:20", kRunCommand);
  const Result result = log.hunt();
  CHECK(result.rows().empty());
  CHECK(Result::why_not(result.session("Alice@contoso.com")) == Texts{"caller_case"});
}

TEST_CASE("why_not: copies of a listing or of an operation are asked as well") {
  Scenario log;
  const auto listing = [&] { log.listing("Alice@contoso.com", "09:12").correlation("c-1").account("cs1"); };
  const auto run = [&] { log.event("alice@contoso.com", "09:20", kRunCommand).correlation("c-2").resource("/vm/1"); };
  listing();
  run();
  SECTION("of a listing") { listing(); }
  SECTION("of an operation") { run(); }
  const Result result = log.hunt();
  CHECK(result.findings.totals.duplicates == 1);
  CHECK(result.rows().empty());
  CHECK(Result::why_not(result.session("Alice@contoso.com")) == Texts{"caller_case"});
}

TEST_CASE("why_not: outside_look_back and caller_case together") {
  Scenario log;
  log.settings.look_back = kTicksPerDay;
  log.settings.as_of = AsOf::given;
  log.listing("Alice@contoso.com", "09:12");
  SECTION("each is needed") {
    log.settings.as_of_instant = at("2026-03-20T00:00");
    log.event("alice@contoso.com", "09:20", kRunCommand);
    CHECK(Result::why_not(log.hunt().session("Alice@contoso.com")) == Texts{"caller_case", "outside_look_back"});
  }
  SECTION("either would do") {
    log.settings.as_of_instant = at("2026-03-15T09:25");
    log.event("Alice@contoso.com", "09:20", kRunCommand);  // before the cut
    log.event("alice@contoso.com", "09:30", kRunCommand);  // behind it, in another spelling
    CHECK(Result::why_not(log.hunt().session("Alice@contoso.com")) == Texts{"caller_case", "outside_look_back"});
  }
  SECTION("only case is needed") {
    log.settings.as_of_instant = at("2026-03-15T09:25");
    log.event("alice@contoso.com", "09:20", kRunCommand);
    log.event("alice@contoso.com", "09:30", kRunCommand);
    CHECK(Result::why_not(log.hunt().session("Alice@contoso.com")) == Texts{"caller_case"});
  }
}

TEST_CASE("why_not: input_cannot_run") {
  Scenario log;
  log.input("table.csv");
  log.listing(kAlice, "09:12");
  log.input("portal.csv").missing(Needed::resource_group);
  log.event(kAlice, "09:20", kRunCommand);
  SECTION("only an input that cannot run holds the other operations") {
    const Result result = log.hunt();
    CHECK(result.rows().empty());
    CHECK(Result::operations(result.session()) == Texts{std::string(kRunCommand)});
    CHECK(Result::why_not(result.session()) == Texts{"input_cannot_run"});
  }
  SECTION("one that can run holds one too") {
    log.input("table.csv");
    log.event(kAlice, "09:21", kMachineDelete);
    const Result result = log.hunt();
    CHECK(result.rows() == Texts{"alice@contoso.com 09:00 [Microsoft.Compute/virtualMachines/delete]"});
    CHECK(result.session().why_not.empty());
  }
}

// --- reconciliation ---

TEST_CASE("reconciliation: members of the row's set that the session does not hold are before its start or after its end") {
  Scenario log;
  log.settings.window = 30 * kTicksPerMinute;
  log.listing(kAlice, "09:15");
  log.event(kAlice, "09:05", "a/before");
  log.event(kAlice, "09:20", "b/inside");
  log.event(kAlice, "09:45", "c/after");
  log.event(kAlice, "09:05", "d/before-and-after");
  log.event(kAlice, "09:50", "d/before-and-after");
  log.event(kAlice, "09:06", "e/before-and-inside");
  log.event(kAlice, "09:21", "e/before-and-inside");
  log.event(kAlice, "09:14:59.9999999", "f/before");
  log.event(kAlice, "09:15", "g/inside");
  log.event(kAlice, "09:15", "A/inside");  // ordered before the listing of the same instant
  const Result result = log.hunt();
  const RowOfSession& row = only_row(result.session());
  CHECK(names(row.before_start) == Texts{"a/before", "d/before-and-after", "f/before"});
  CHECK(names(row.after_end) == Texts{"c/after"});
  CHECK(row.in_other_session.empty());
}

TEST_CASE("reconciliation: a member that another session holds is named with it") {
  Scenario log;
  log.settings.window = 30 * kTicksPerMinute;
  log.listing(kAlice, "09:02");
  log.event(kAlice, "09:40", "b/in-shell").app(kConsoleApp);
  log.event(kAlice, "09:45", "c/other");
  log.event(kAlice, "09:35", "a/between");
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 2);
  const RowOfSession& row = only_row(result.session(kAlice, 0));
  REQUIRE(row.in_other_session.size() == 2);
  CHECK(row.in_other_session[0].first == "b/in-shell");
  CHECK(row.in_other_session[0].second == result.session_index(result.session(kAlice, 1)));
  CHECK(row.in_other_session[1].first == "c/other");
  CHECK(names(row.after_end) == Texts{"a/between"});
  CHECK(row.before_start.empty());
}

TEST_CASE("reconciliation: with a window under an hour a row may belong to several sessions") {
  Scenario log;
  log.settings.window = 10 * kTicksPerMinute;
  log.listing(kAlice, "09:10");
  log.listing(kAlice, "09:30");
  log.listing(kAlice, "09:50");
  log.event(kAlice, "09:05", "a/early");
  log.event(kAlice, "09:12", "b/first");
  log.event(kAlice, "09:32", "c/second");
  log.event(kAlice, "09:52", "d/third");
  log.event(kAlice, "09:33", "e/second-and-third");
  log.event(kAlice, "09:53", "e/second-and-third");
  const Result result = log.hunt();
  REQUIRE(result.rows().size() == 1);
  REQUIRE(result.findings.sessions.size() == 3);
  for (const Session& session : result.findings.sessions) {
    const RowOfSession& row = only_row(session);
    CHECK(row.row == 0);
    CHECK(names(row.before_start) == Texts{"a/early"});
    CHECK(row.after_end.empty());
    CHECK(session.why_not.empty());
  }
  const auto others = [&](size_t nth) {
    Texts out;
    for (const auto& [operation, session] : only_row(result.findings.sessions[nth]).in_other_session) {
      out.push_back(std::string(operation) + " " + std::to_string(session));
    }
    return out;
  };
  CHECK(others(0) == Texts{"c/second 1", "d/third 2", "e/second-and-third 1"});
  CHECK(others(1) == Texts{"b/first 0", "d/third 2"});
  CHECK(others(2) == Texts{"b/first 0", "c/second 1"});
}

TEST_CASE("reconciliation: a row hour that a listing of a long session lies in is the session's") {
  Scenario log;
  log.listing(kAlice, "09:50");
  log.listing(kAlice, "10:40");
  log.event(kAlice, "09:55", "a/nine");
  log.event(kAlice, "10:45", "b/ten");
  log.event(kAlice, "11:10", "c/eleven");
  log.event(kAlice, "10:05", "a/nine");
  log.event(kAlice, "09:40", "d/before");
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 1);
  REQUIRE(result.session().rows.size() == 2);
  CHECK(result.session().rows[0].row == 0);
  CHECK(names(result.session().rows[0].before_start) == Texts{"d/before"});
  CHECK(result.session().rows[1].row == 1);
  CHECK(result.session().rows[1].before_start.empty());
  CHECK(result.session().rows[1].after_end.empty());
}

TEST_CASE("reconciliation: a member is looked for in the row's hour alone") {
  Scenario log;
  log.listing(kAlice, "09:50");
  log.event(kAlice, "09:40", "a/write");  // in the row, before the start
  log.event(kAlice, "10:10", "a/write");  // in the session, in another hour
  const Result result = log.hunt();
  CHECK(Result::operations(result.session()) == Texts{"a/write"});
  CHECK(names(only_row(result.session()).before_start) == Texts{"a/write"});
}

TEST_CASE("reconciliation: names are compared folded, and a console inside the session is accounted for") {
  Scenario log;
  log.listing(kAlice, "09:10");
  log.event(kAlice, "09:05", "A/WRITE");
  log.event(kAlice, "09:20", "a/write");
  log.event(kAlice, "09:11", kConsoleWrite);
  const Result result = log.hunt();
  CHECK(result.rows() == Texts{"alice@contoso.com 09:00 [A/WRITE, Microsoft.Portal/consoles/write, a/write]"});
  const RowOfSession& row = only_row(result.session());
  CHECK(row.before_start.empty());
  CHECK(row.after_end.empty());
  CHECK(row.in_other_session.empty());
}

TEST_CASE("reconciliation: a member that the set spells twice is listed in both spellings") {
  Scenario log;
  log.listing(kAlice, "09:10");
  log.event(kAlice, "09:05", "a/write");
  log.event(kAlice, "09:06", "A/WRITE");
  const Result result = log.hunt();
  CHECK(names(only_row(result.session()).before_start) == Texts{"A/WRITE", "a/write"});
}

TEST_CASE("reconciliation: rows of each spelling of the caller belong to the one session") {
  Scenario log;
  log.listing("Alice@contoso.com", "09:10");
  log.event("Alice@contoso.com", "09:20", "a/write");
  log.listing("alice@contoso.com", "09:30");
  log.event("alice@contoso.com", "09:05", "b/write");
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 1);
  REQUIRE(result.rows().size() == 2);
  REQUIRE(result.findings.sessions[0].rows.size() == 2);
  CHECK(result.findings.sessions[0].rows[0].before_start.empty());
  CHECK(names(result.findings.sessions[0].rows[1].before_start) == Texts{"b/write"});
}

TEST_CASE("reconciliation: a row without a caller belongs to no session") {
  Scenario log;
  log.listing("", "09:10");
  log.event("", "09:20", "a/write");
  log.listing(kAlice, "09:10");
  log.event(kAlice, "09:20", "b/write");
  const Result result = log.hunt();
  CHECK(result.rows().size() == 2);
  REQUIRE(result.findings.sessions.size() == 1);
  CHECK(only_row(result.session()).row == 1);
}

// --- the same event twice ---

namespace {

// An event with all that makes two copies the same; each test then takes one thing away.
Line& copy_of_run(Scenario& log) { return log.event(kAlice, "09:20", kRunCommand).correlation("c-1").resource("/vm/1").id("e-1"); }

uint32_t runs(const Result& result) { return Result::operation(result.session(), kRunCommand).count; }

}  // namespace

TEST_CASE("duplicates: copies that agree count once") {
  Scenario log;
  log.listing(kAlice, "09:12");
  copy_of_run(log);
  copy_of_run(log);
  SECTION("in everything") {}
  SECTION("in all but letter case") {
    Line& other = copy_of_run(log);
    other.caller = "ALICE@contoso.com";
    other.operation = "MICROSOFT.COMPUTE/VIRTUALMACHINES/RUNCOMMAND/ACTION";
    other.correlation_id = "C-1";
    other.resource_id = "/VM/1";
    other.event_id = "E-1";
  }
  SECTION("but for the event id, which one lacks") { copy_of_run(log).id(""); }
  SECTION("but for the status word") { copy_of_run(log).status = "Succeeded"; }
  const Result result = log.hunt();
  CHECK(runs(result) == 1);
  CHECK(Result::operation(result.session(), kRunCommand).calls == 1);
  CHECK(result.findings.totals.duplicates == log.lines().size() - 2);
  CHECK(result.findings.totals.events == log.lines().size());
}

TEST_CASE("duplicates: events that differ in what makes them the same are two") {
  Scenario log;
  log.listing(kAlice, "09:12");
  copy_of_run(log);
  SECTION("event id") { copy_of_run(log).id("e-2"); }
  SECTION("correlation id") { copy_of_run(log).correlation("c-2"); }
  SECTION("resource id") { copy_of_run(log).resource("/vm/2"); }
  SECTION("status") { copy_of_run(log).status = "Start"; }
  SECTION("time, by one tick") { copy_of_run(log).time += 1; }
  SECTION("one lacks the correlation id") { copy_of_run(log).correlation(""); }
  SECTION("one lacks the resource id") { copy_of_run(log).resource(""); }
  const Result result = log.hunt();
  CHECK(runs(result) == 2);
  CHECK(result.findings.totals.duplicates == 0);
}

TEST_CASE("duplicates: a status that is no known word is compared as text, in any case") {
  for (const auto& [other, count] :
       {std::pair("Resolved", 1u), std::pair("RESOLVED", 1u), std::pair("Active", 2u), std::pair("Updated", 2u)}) {
    INFO(other);
    Scenario log;
    log.listing(kAlice, "09:12");
    copy_of_run(log).status = "Resolved";
    copy_of_run(log).status = other;
    CHECK(runs(log.hunt()) == count);
  }
}

TEST_CASE("duplicates: what is empty in both does not make two events the same") {
  struct Without {
    bool correlation, resource, status;
  };
  for (const Without& w : {Without{true, false, false}, Without{false, true, false}, Without{false, false, true}}) {
    Scenario log;
    log.listing(kAlice, "09:12");
    for (int i = 0; i < 2; ++i) {
      Line& line = copy_of_run(log).id("");
      if (w.correlation) line.correlation("");
      if (w.resource) line.resource("");
      if (w.status) line.status = "";
    }
    const Result result = log.hunt();
    CHECK(runs(result) == 2);
    CHECK(result.findings.totals.duplicates == 0);
  }
}

TEST_CASE("duplicates: other callers' events are not the same") {
  Scenario log;
  log.listing(kAlice, "09:12");
  copy_of_run(log);
  copy_of_run(log).caller = kBob;
  const Result result = log.hunt();
  CHECK(result.findings.totals.duplicates == 0);
}

TEST_CASE("duplicates: copies without an event id join the event with the smallest one") {
  Scenario log;
  log.listing(kAlice, "09:12");
  copy_of_run(log).id("e-2").ip("10.0.0.2");
  copy_of_run(log).id("");
  copy_of_run(log).id("e-1").ip("10.0.0.1");
  copy_of_run(log).id("").app(kConsoleApp);
  const Result result = log.hunt();
  CHECK(runs(result) == 2);
  CHECK(result.findings.totals.duplicates == 2);
  // e-1 is the one done in the shell.
  CHECK(Result::operation(result.session(), kRunCommand).in_shell_count == 1);
  REQUIRE(result.session().signals.size() == 2);
  CHECK(result.session().signals[1].ip == "10.0.0.1");
}

TEST_CASE("duplicates: a listing twice is one signal") {
  Scenario log;
  log.listing(kAlice, "09:12").correlation("c-1").account("cs1");
  log.listing(kAlice, "09:12").correlation("c-1").account("cs1");
  CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
}

TEST_CASE("duplicates: what one copy lacks comes from the other, before signals are judged") {
  SECTION("claims make a shell_app signal") {
    Scenario log;
    log.input("a-without-claims.csv");
    copy_of_run(log).id("");
    CHECK(log.hunt().sessions() == none());
    log.input("b-with-claims.json").raw_status();
    copy_of_run(log).app(kConsoleApp).ip("10.0.0.1").subscription("1111").status = "Succeeded";
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:20..10:20 shell_app"});
    CHECK(result.session().attribution == Attribution::in_shell);
    CHECK(runs(result) == 1);
    CHECK(names(result.session().ips) == Texts{"10.0.0.1"});
    CHECK(names(result.session().subscriptions) == Texts{"1111"});
    CHECK(result.session().signals[0].event == 0);  // the copy first by path stays
    CHECK(result.session().signals[0].app_id == kConsoleApp);
  }
  SECTION("a resource group makes a storage_listing") {
    Scenario log;
    log.event(kAlice, "09:12", kListKeys).correlation("c-1").resource("/cs1");
    CHECK(log.hunt().sessions() == none());
    log.event(kAlice, "09:12", kListKeys).correlation("c-1").resource("/cs1").group(kShellGroup);
    CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
  }
  SECTION("of two groups the shell's is taken") {
    for (const char* other : {"a-group", "z-group"}) {
      Scenario log;
      log.event(kAlice, "09:12", kListKeys).correlation("c-1").resource("/cs1").group(other);
      log.event(kAlice, "09:12", kListKeys).correlation("c-1").resource("/cs1").group(kShellGroup);
      CHECK(log.hunt().sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
    }
  }
  SECTION("Success outweighs Succeeded where that does not count") {
    Scenario log;
    log.settings.succeeded_is_success = false;
    log.event(kAlice, "09:12", kListKeys, "Succeeded").correlation("c-1").resource("/cs1").group(kShellGroup);
    CHECK(log.hunt().sessions() == none());
    log.event(kAlice, "09:12", kListKeys, "Success").correlation("c-1").resource("/cs1").group(kShellGroup);
    const Result result = log.hunt();
    CHECK(result.sessions() == Texts{"alice@contoso.com 09:12..10:12 storage_listing"});
    CHECK(result.findings.totals.duplicates == 1);
  }
  SECTION("flags are joined") {
    for (const bool first : {true, false}) {
      Scenario log;
      log.listing(kAlice, "09:12");
      Line& one = log.event(kAlice, "09:20", kRoleWrite).correlation("c-1").resource("/role");
      Line& other = log.event(kAlice, "09:20", kRoleWrite).correlation("c-1").resource("/role");
      (first ? one : other).flag(kAdminRole);
      const Result result = log.hunt();
      CHECK(Result::operation(result.session(), kRoleWrite).count == 1);
      CHECK(Result::operation(result.session(), kRoleWrite).severity == Severity::high);
    }
  }
  SECTION("a file with app ids lends the copy its attribution") {
    Scenario log;
    log.input("a-portal.csv");
    log.listing(kAlice, "09:12");
    copy_of_run(log);
    log.input("b-cli.json");
    copy_of_run(log);
    log.event(kBob, "09:20", kUnlisted).app(kCliApp);
    CHECK(Result::operation(log.hunt().session(), kRunCommand).attribution == Attribution::same_window);
  }
}

TEST_CASE("duplicates: the copy first by path and offset stays, whatever the order of arrival") {
  Scenario log;
  log.input("b.json");
  copy_of_run(log).at_offset(500).app(kConsoleApp);
  copy_of_run(log).at_offset(100).app(kConsoleApp);
  log.input("a.json");
  copy_of_run(log).at_offset(900).app(kConsoleApp);
  copy_of_run(log).at_offset(300).app(kConsoleApp);
  const Result result = log.hunt();
  REQUIRE(result.findings.sessions.size() == 1);
  CHECK(result.session().signals.size() == 1);
  CHECK(result.session().signals[0].event == 3);
  REQUIRE(result.findings.input_duplicates.size() == 2);
  CHECK(result.findings.input_duplicates[0] == 2);  // b.json
  CHECK(result.findings.input_duplicates[1] == 1);  // a.json
  CHECK(result.findings.totals.duplicates == 3);
}

// --- coverage ---

TEST_CASE("coverage: hours, first and last event, and the hours without any, over all and per subscription") {
  Scenario log;
  log.event(kAlice, "09:05", kUnlisted).subscription("2222");
  log.event(kBob, "09:59:59.9999999", kUnlisted).subscription("1111");
  log.event("", "12:00", kUnlisted).subscription("1111");
  log.event(kAlice, "13:30", kUnlisted);
  log.event(kAlice, "", kUnlisted).subscription("1111");
  log.event(kAlice, "15:00", kUnlisted).subscription("2222");
  const Result result = log.hunt();
  const Findings& f = result.findings;
  REQUIRE(f.hours.size() == 4);
  CHECK(clock(f.hours[0].hour) == "09:00");
  CHECK(f.hours[0].events == 2);
  CHECK(clock(f.hours[1].hour) == "12:00");
  CHECK(clock(f.hours[2].hour) == "13:00");
  CHECK(clock(f.hours[3].hour) == "15:00");
  CHECK(f.hours[3].events == 1);

  const auto gaps = [](const Coverage& coverage) {
    Texts out;
    for (const Gap& gap : coverage.gaps) out.push_back(clock(gap.from) + ".." + clock(gap.to));
    return out;
  };
  CHECK(clock(f.overall.first) == "09:05");
  CHECK(clock(f.overall.last) == "15:00");
  CHECK(gaps(f.overall) == Texts{"10:00..12:00", "14:00..15:00"});

  REQUIRE(f.coverage.size() == 3);
  CHECK(f.coverage[0].subscription == "");
  CHECK(clock(f.coverage[0].first) == "13:30");
  CHECK(f.coverage[0].events == 1);
  CHECK(gaps(f.coverage[0]) == none());
  CHECK(f.coverage[1].subscription == "1111");
  CHECK(gaps(f.coverage[1]) == Texts{"10:00..12:00"});
  CHECK(f.coverage[2].subscription == "2222");
  CHECK(gaps(f.coverage[2]) == Texts{"10:00..15:00"});
}
