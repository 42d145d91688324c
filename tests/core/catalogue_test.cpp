// The operation catalogue: that every entry is well formed, that names are found in any spelling and near misses are not, and that the
// entries say what the published rules say. The expectations at the end are typed from those rules, not taken from the data.
#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "hunt/catalogue.h"

using namespace csh;

namespace {

constexpr uint32_t bit(Condition condition) { return 1u << static_cast<uint32_t>(condition); }

std::string cased(std::string_view text, int (*convert)(int)) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(convert(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string found_name(std::string_view operation) {
  const CatalogueEntry* entry = find_in_catalogue(operation);
  return entry == nullptr ? "(none)" : std::string(entry->operation);
}

Severity severity_of(std::string_view operation, uint32_t conditions = 0) {
  const CatalogueEntry* entry = find_in_catalogue(operation);
  INFO(operation);
  REQUIRE(entry != nullptr);
  return catalogue_severity(*entry, conditions);
}

}  // namespace

TEST_CASE("every catalogue entry is well formed", "[catalogue]") {
  REQUIRE(catalogue().size() == 90);  // 75 rows of the list, some naming several operations
  const std::regex technique(R"(T[0-9]{4}(\.[0-9]{3})?)");
  const std::regex provider(R"(Microsoft\.[A-Za-z]+)");
  std::set<std::string> seen;
  for (const CatalogueEntry& entry : catalogue()) {
    const std::string name(entry.operation);
    INFO(name);
    CHECK(seen.insert(cased(name, ::tolower)).second);

    const size_t slash = name.find('/');
    REQUIRE(slash != std::string::npos);
    CHECK(std::regex_match(name.substr(0, slash), provider));
    CHECK(name.back() != '/');
    CHECK(name.find("//") == std::string::npos);
    CHECK(name.find("...") == std::string::npos);
    for (size_t at = name.find("…"); at != std::string::npos; at = name.find("…", at + 1)) {  // a segment of its own, never first or last
      CHECK(name[at - 1] == '/');
      CHECK(name[at + std::string_view("…").size()] == '/');
    }

    CHECK_FALSE(entry.techniques.empty());
    CHECK(std::is_sorted(entry.techniques.begin(), entry.techniques.end()));
    CHECK(std::adjacent_find(entry.techniques.begin(), entry.techniques.end()) == entry.techniques.end());
    for (const std::string_view id : entry.techniques) CHECK(std::regex_match(std::string(id), technique));

    CHECK(entry.why.size() > 20);
    CHECK(entry.why.size() < 140);
    CHECK((entry.why.front() >= 'A' && entry.why.front() <= 'Z'));
    CHECK(entry.why.back() == '.');
    CHECK(entry.why.find(". ") == std::string_view::npos);  // one sentence

    CHECK_FALSE(entry.sources.empty());
    std::set<std::string_view> names;
    for (const CatalogueSource& source : entry.sources) {
      CHECK_FALSE(source.name.empty());
      CHECK(names.insert(source.name).second);
      if (source.name == "judgement" || source.name.starts_with("ATRM") || source.name == "Stratus")
        CHECK(source.severity == Severity::none);
      if (source.condition != Condition::always) CHECK(source.severity != Severity::none);
    }
  }
}

TEST_CASE("severity words", "[catalogue]") {
  CHECK(severity_name(Severity::none) == "none");
  CHECK(severity_name(Severity::info) == "info");
  CHECK(severity_name(Severity::low) == "low");
  CHECK(severity_name(Severity::medium) == "medium");
  CHECK(severity_name(Severity::high) == "high");
}

TEST_CASE("an entry is found in any letter case, and is the entry itself", "[catalogue]") {
  for (const CatalogueEntry& entry : catalogue()) {
    INFO(entry.operation);
    CHECK(find_in_catalogue(entry.operation) == &entry);
    CHECK(find_in_catalogue(cased(entry.operation, ::toupper)) == &entry);
    CHECK(find_in_catalogue(cased(entry.operation, ::tolower)) == &entry);
  }
  CHECK(found_name("MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION") == "Microsoft.Storage/storageAccounts/listKeys/action");
  CHECK(found_name("microsoft.authorization/roleassignments/WRITE") == "Microsoft.Authorization/roleAssignments/write");
}

TEST_CASE("near misses are not found", "[catalogue]") {
  for (const CatalogueEntry& entry : catalogue()) {
    const std::string name(entry.operation);
    INFO(name);
    CHECK(find_in_catalogue(name.substr(0, name.size() - 1)) == nullptr);
    CHECK(find_in_catalogue(name + "s") == nullptr);
    CHECK(find_in_catalogue(name + "/") == nullptr);
    CHECK(find_in_catalogue("/" + name) == nullptr);
    CHECK(find_in_catalogue(" " + name) == nullptr);
  }
  std::string nearest;  // one letter changed: as long as the name, and here and there in the same place of a hash table
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.operation.find("…") != std::string_view::npos) continue;
    for (size_t at = 0; at < entry.operation.size(); ++at) {
      nearest = entry.operation;
      for (char letter = 'a'; letter <= 'z'; ++letter) {
        nearest[at] = letter;
        if (cased(nearest, ::tolower) != cased(entry.operation, ::tolower) && find_in_catalogue(nearest) != nullptr) FAIL_CHECK(nearest);
      }
    }
  }
  for (const char* name : {"", "/", "…", "Microsoft.Storage", "Microsoft.Storage/storageAccounts/read",
                           "Microsoft.Storage/storageAccounts/listkey\xc5\xbf/action",       // long s folds to s, but not in ASCII
                           "Microsoft.Automation/automationAccounts/wor\xe2\x84\xaa/write",  // Kelvin sign
                           "Microsoft.ClassicStorage/storageAccounts/listKeys/action", "Microsoft.Compute/virtualMachines/start/action",
                           "Microsoft.Authorization/policies/audit/action", "Microsoft.Network/networkSecurityGroups/securityRules/read",
                           "Microsoft.Network/networkWatchers/packetCaptures/stop/action",
                           "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/write"}) {
    INFO(name);
    CHECK(find_in_catalogue(name) == nullptr);
  }
}

TEST_CASE("a path segment … stands for any number of segments", "[catalogue]") {
  const std::string capture = "Microsoft.Network/…/startPacketCapture/action";
  CHECK(found_name("Microsoft.Network/startPacketCapture/action") == capture);
  CHECK(found_name("microsoft.network/virtualnetworkgateways/startpacketcapture/action") == capture);
  CHECK(found_name("MICROSOFT.NETWORK/VPNGATEWAYS/VPNCONNECTIONS/STARTPACKETCAPTURE/ACTION") == capture);
  CHECK(found_name("Microsoft.Network/a/startPacketCapture/startPacketCapture/action") == capture);
  CHECK(found_name("Microsoft.Network/startPacketCapture/action/startPacketCapture/action") == capture);
  CHECK(found_name("Microsoft.Network/vpnGateways/startPacketCapture/action/x") == "(none)");
  CHECK(found_name("Microsoft.Network/vpnGateways/xstartPacketCapture/action") == "(none)");
  CHECK(found_name("Microsoft.Network/vpnGateways/stopPacketCapture/action") == "(none)");
  CHECK(found_name("Microsoft.Networks/vpnGateways/startPacketCapture/action") == "(none)");
  CHECK(found_name("Microsoft.Network/startPacketCapture") == "(none)");

  const std::string backup = "Microsoft.RecoveryServices/vaults/…/protectionContainers/…/delete";
  CHECK(found_name("Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/delete") == backup);
  CHECK(found_name("Microsoft.RecoveryServices/vaults/protectionContainers/delete") == backup);
  CHECK(found_name("Microsoft.RecoveryServices/vaults/a/b/c/protectionContainers/d/e/delete") == backup);
  CHECK(found_name("Microsoft.RecoveryServices/vaults/a/delete/protectionContainers/delete/d/delete") == backup);
  CHECK(found_name("Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/write") == "(none)");
  CHECK(found_name("Microsoft.RecoveryServices/vaults/backupFabrics/protectedItems/delete") == "(none)");
  CHECK(found_name("Microsoft.RecoveryServices/vaults/delete") == "Microsoft.RecoveryServices/vaults/delete");

  const std::string binding = "Microsoft.Kubernetes/connectedClusters/…/rolebindings/write";
  CHECK(found_name("Microsoft.Kubernetes/connectedClusters/rbac.authorization.k8s.io/rolebindings/write") == binding);
  CHECK(found_name("Microsoft.Kubernetes/connectedClusters/rolebindings/write") == binding);
  CHECK(found_name("Microsoft.Kubernetes/connectedClusters/rbac.authorization.k8s.io/clusterrolebindings/write") == "(none)");
}

TEST_CASE("a hostile name of many segments is answered", "[catalogue]") {
  std::string name = "Microsoft.RecoveryServices/vaults";
  for (int i = 0; i < 20000; ++i) name += "/protectionContainers";
  CHECK(found_name(name) == "(none)");
  CHECK(found_name(name + "/delete") == "Microsoft.RecoveryServices/vaults/…/protectionContainers/…/delete");
}

TEST_CASE("a conditional word counts only when the record shows the condition", "[catalogue]") {
  const uint32_t all = bit(Condition::admin_role) | bit(Condition::public_access) | bit(Condition::soft_delete_off);
  struct Conditional {
    const char* operation;
    Condition condition;
    Severity without, with;
  };
  for (const Conditional& row : {
           Conditional{"Microsoft.Authorization/roleAssignments/write", Condition::admin_role, Severity::medium, Severity::high},
           Conditional{"Microsoft.Storage/storageAccounts/write", Condition::public_access, Severity::medium, Severity::high},
           Conditional{"Microsoft.Storage/storageAccounts/blobServices/write", Condition::soft_delete_off, Severity::medium,
                       Severity::high},
       }) {
    INFO(row.operation);
    CHECK(severity_of(row.operation) == row.without);
    CHECK(severity_of(row.operation, bit(Condition::always)) == row.without);
    CHECK(severity_of(row.operation, all & ~bit(row.condition)) == row.without);  // another's condition does not help
    CHECK(severity_of(row.operation, bit(row.condition)) == row.with);
    CHECK(severity_of(row.operation, all) == row.with);
  }
  for (const CatalogueEntry& entry : catalogue()) {
    const bool conditional = std::any_of(entry.sources.begin(), entry.sources.end(),
                                         [](const CatalogueSource& source) { return source.condition != Condition::always; });
    INFO(entry.operation);
    CHECK((catalogue_severity(entry, 0) != catalogue_severity(entry, all)) == conditional);
  }
}

TEST_CASE("severity of made-up entries", "[catalogue]") {
  const std::string_view techniques[] = {"T1059"};
  const auto severity = [&](std::vector<CatalogueSource> sources, uint32_t conditions) {
    return catalogue_severity({"Microsoft.X/y", techniques, "Why.", sources}, conditions);
  };
  const auto admin = Condition::admin_role;
  const auto always = Condition::always;
  CHECK(severity({{"a", Severity::none, always}}, 0) == Severity::medium);  // nobody gives a word
  CHECK(severity({{"a", Severity::none, always}, {"b", Severity::info, always}}, 0) == Severity::info);
  CHECK(severity({{"a", Severity::low, always}, {"b", Severity::high, always}, {"c", Severity::medium, always}}, 0) == Severity::high);
  CHECK(severity({{"a", Severity::high, admin}}, 0) == Severity::medium);
  CHECK(severity({{"a", Severity::medium, admin}}, 0) == Severity::low);
  CHECK(severity({{"a", Severity::low, admin}}, 0) == Severity::info);
  CHECK(severity({{"a", Severity::info, admin}}, 0) == Severity::info);  // no lower word exists
  CHECK(severity({{"a", Severity::high, admin}, {"b", Severity::low, always}}, 0) == Severity::medium);
  CHECK(severity({{"a", Severity::high, admin}}, bit(admin)) == Severity::high);
}

TEST_CASE("the catalogue says what the published rules say", "[catalogue]") {
  struct Expected {
    int row;  // of the list of operations that the catalogue was typed from
    const char* operation;
    Severity severity;  // when no condition is shown
    std::vector<std::string_view> techniques;
  };
  const Severity info = Severity::info, low = Severity::low, medium = Severity::medium, high = Severity::high;
  const std::vector<Expected> expected = {
      {1, "Microsoft.Compute/virtualMachines/runCommand/action", medium, {"T1651"}},
      {2, "Microsoft.Compute/virtualMachines/runCommands/write", medium, {"T1651"}},
      {2, "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands/write", medium, {"T1651"}},
      {3, "Microsoft.Compute/virtualMachines/extensions/write", medium, {"T1651"}},
      {4, "Microsoft.Compute/galleries/applications/versions/write", info, {"T1651"}},
      {5, "Microsoft.ContainerService/managedClusters/runCommand/action", medium, {"T1609", "T1651"}},
      {6, "Microsoft.SerialConsole/serialPorts/connect/action", medium, {"T1021.008"}},
      {7, "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action", medium, {"T1552"}},
      {8, "Microsoft.Compute/virtualMachines/write", medium, {"T1496", "T1578.002"}},
      {9, "Microsoft.Resources/deployments/write", low, {"T1496", "T1578.002"}},
      {10, "Microsoft.Compute/virtualMachines/delete", info, {"T1485", "T1578.003"}},
      {11, "Microsoft.Automation/automationAccounts/write", low, {"T1078", "T1136.003"}},
      {12, "Microsoft.Automation/automationAccounts/runbooks/write", low, {"T1648"}},
      {12, "Microsoft.Automation/automationAccounts/runbooks/draft/write", low, {"T1648"}},
      {12, "Microsoft.Automation/automationAccounts/runbooks/publish/action", low, {"T1648"}},
      {13, "Microsoft.Automation/automationAccounts/jobs/write", info, {"T1648"}},
      {14, "Microsoft.Automation/automationAccounts/webhooks/write", low, {"T1546"}},
      {15, "Microsoft.Automation/automationAccounts/schedules/write", medium, {"T1053"}},
      {16, "Microsoft.Automation/automationAccounts/runbooks/delete", low, {"T1070", "T1485"}},
      {17, "Microsoft.Web/sites/publishxml/action", medium, {"T1552"}},
      {18, "Microsoft.Web/sites/config/list/action", medium, {"T1552"}},
      {19, "Microsoft.Web/sites/functions/write", medium, {"T1648"}},
      {20, "Microsoft.Logic/workflows/triggers/listCallbackUrl/action", medium, {"T1552"}},
      {21, "Microsoft.Portal/consoles/write", medium, {"T1059", "T1059.009"}},
      {22, "Microsoft.Compute/disks/beginGetAccess/action", high, {"T1530", "T1537"}},
      {23, "Microsoft.Compute/snapshots/write", medium, {"T1578.001"}},
      {24, "Microsoft.Compute/snapshots/beginGetAccess/action", medium, {"T1537"}},
      {25, "Microsoft.Compute/snapshots/delete", medium, {"T1485", "T1490"}},
      {26, "Microsoft.Compute/restorePointCollections/delete", high, {"T1490"}},
      {27, "Microsoft.Compute/disks/delete", info, {"T1485"}},
      {28, "Microsoft.Authorization/roleAssignments/write", medium, {"T1098.003"}},
      {29, "Microsoft.Authorization/elevateAccess/action", high, {"T1078.004", "T1098.003"}},
      {30, "Microsoft.Authorization/roleAssignments/delete", medium, {"T1531"}},
      {31, "Microsoft.Authorization/roleDefinitions/write", medium, {"T1098.003"}},
      {32, "Microsoft.Authorization/locks/delete", high, {"T1490", "T1562.001"}},
      {33, "Microsoft.Authorization/policyAssignments/write", medium, {"T1562.001"}},
      {34, "Microsoft.Authorization/policies/deployIfNotExists/action", medium, {"T1546"}},
      {35, "Microsoft.ManagedServices/registrationAssignments/write", medium, {"T1199", "T1484.002"}},
      {36, "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write", medium, {"T1098.001"}},
      {37, "Microsoft.KeyVault/vaults/accessPolicies/write", medium, {"T1555.006"}},
      {38, "Microsoft.KeyVault/vaults/write", medium, {"T1555.006", "T1578.005"}},
      {39, "Microsoft.KeyVault/vaults/delete", medium, {"T1485"}},
      {40, "Microsoft.KeyVault/locations/deletedVaults/purge/action", low, {"T1485"}},
      {41, "Microsoft.KeyVault/vaults/secrets/write", medium, {"T1552"}},
      {42, "Microsoft.Storage/storageAccounts/listKeys/action", medium, {"T1530", "T1552", "T1555.006"}},
      {43, "Microsoft.Storage/storageAccounts/regenerateKey/action", low, {"T1098.001", "T1552"}},
      {44, "Microsoft.Storage/storageAccounts/listAccountSas/action", medium, {"T1537", "T1552"}},
      {44, "Microsoft.Storage/storageAccounts/listServiceSas/action", medium, {"T1537", "T1552"}},
      {45, "Microsoft.Storage/storageAccounts/write", medium, {"T1530"}},
      {46, "Microsoft.Storage/storageAccounts/delete", high, {"T1485"}},
      {47, "Microsoft.Storage/storageAccounts/blobServices/write", medium, {"T1490"}},
      {48, "Microsoft.Storage/storageAccounts/blobServices/containers/write", low, {"T1222", "T1619"}},
      {49, "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete", high, {"T1490"}},
      {50, "Microsoft.Storage/storageAccounts/encryptionScopes/write", medium, {"T1486"}},
      {51, "Microsoft.Storage/storageAccounts/objectReplicationPolicies/write", medium, {"T1537"}},
      {52, "Microsoft.Storage/storageAccounts/fileServices/shares/write", info, {"T1537"}},
      {53, "Microsoft.Network/networkSecurityGroups/write", medium, {"T1562.007"}},
      {53, "Microsoft.Network/networkSecurityGroups/delete", medium, {"T1562.007"}},
      {53, "Microsoft.Network/networkSecurityGroups/securityRules/write", medium, {"T1562.007"}},
      {53, "Microsoft.Network/networkSecurityGroups/securityRules/delete", medium, {"T1562.007"}},
      {54, "Microsoft.Network/azureFirewalls/write", high, {"T1562.007"}},
      {54, "Microsoft.Network/azureFirewalls/delete", high, {"T1562.007"}},
      {54, "Microsoft.Network/firewallPolicies/delete", high, {"T1562.007"}},
      {55, "Microsoft.Network/frontDoorWebApplicationFirewallPolicies/delete", low, {"T1562.007"}},
      {56, "Microsoft.Network/networkWatchers/delete", medium, {"T1562.008"}},
      {57, "Microsoft.Network/networkWatchers/packetCaptures/write", medium, {"T1040"}},
      {57, "Microsoft.Network/virtualNetworkGateways/startPacketCapture/action", medium, {"T1040"}},
      {58, "Microsoft.Network/bastionHosts/createShareableLinks/action", medium, {"T1133"}},
      {59, "Microsoft.Network/virtualNetworks/delete", high, {"T1485"}},
      {60, "Microsoft.Insights/diagnosticSettings/delete", medium, {"T1562.008"}},
      {61, "Microsoft.OperationalInsights/workspaces/delete", medium, {"T1562.008"}},
      {62, "Microsoft.OperationalInsights/workspaces/sharedKeys/action", medium, {"T1552"}},
      {63, "Microsoft.EventHub/namespaces/eventhubs/delete", high, {"T1562.008"}},
      {64, "Microsoft.EventHub/namespaces/authorizationRules/write", medium, {"T1098.001"}},
      {65, "Microsoft.Security/alertsSuppressionRules/write", medium, {"T1562.001"}},
      {66, "Microsoft.SecurityInsights/alertRules/delete", medium, {"T1562.001"}},
      {67, "Microsoft.Insights/metricAlerts/delete", medium, {"T1562.001"}},
      {67, "Microsoft.Insights/actionGroups/delete", info, {"T1562.001"}},
      {68, "Microsoft.Resources/subscriptions/resourceGroups/delete", medium, {"T1485"}},
      {69, "Microsoft.RecoveryServices/vaults/delete", high, {"T1490"}},
      {69, "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/delete", high, {"T1490"}},
      {70, "Microsoft.Sql/servers/delete", info, {"T1485"}},
      {70, "Microsoft.Sql/servers/firewallRules/write", medium, {"T1562.007"}},
      {71, "Microsoft.Kubernetes/connectedClusters/listClusterUserCredential/action", medium, {"T1552.007"}},
      {72, "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action", medium, {"T1552.007"}},
      {73, "Microsoft.CognitiveServices/accounts/listKeys/action", medium, {"T1552"}},
      {73, "Microsoft.DocumentDB/databaseAccounts/listKeys/action", medium, {"T1552"}},
      {74, "Microsoft.ContainerRegistry/registries/write", low, {"T1525"}},
      {74, "Microsoft.ContainerRegistry/registries/delete", low, {"T1485"}},
      {75, "Microsoft.Kubernetes/connectedClusters/rbac.authorization.k8s.io/rolebindings/write", medium, {"T1098.006"}},
  };

  std::set<int> rows;
  std::set<const CatalogueEntry*> entries;
  for (const Expected& row : expected) {
    INFO("row " << row.row << ": " << row.operation);
    const CatalogueEntry* entry = find_in_catalogue(row.operation);
    REQUIRE(entry != nullptr);
    CHECK(severity_name(catalogue_severity(*entry, 0)) == severity_name(row.severity));
    CHECK(std::vector<std::string_view>(entry->techniques.begin(), entry->techniques.end()) == row.techniques);
    rows.insert(row.row);
    CHECK(entries.insert(entry).second);
  }
  CHECK(rows.size() == 75);
  CHECK(*rows.rbegin() == 75);
  CHECK(entries.size() == catalogue().size());  // nothing in the data that no row stands for
}

TEST_CASE("sources are named with their own words", "[catalogue]") {
  using Words = std::map<std::string_view, Severity>;
  const auto words = [](std::string_view operation) {
    Words out;
    for (const CatalogueSource& source : find_in_catalogue(operation)->sources) out[source.name] = source.severity;
    return out;
  };
  CHECK(words("Microsoft.Compute/virtualMachines/runCommand/action") == Words{{"Elastic", Severity::medium},
                                                                              {"Panther", Severity::info},
                                                                              {"ATRM AZT301.1", Severity::none},
                                                                              {"Sentinel efe843ca", Severity::none}});
  CHECK(words("Microsoft.Compute/disks/beginGetAccess/action") ==
        Words{{"Panther", Severity::high}, {"ATRM AZT701.1", Severity::none}, {"Stratus", Severity::none}, {"rep99", Severity::none}});
  CHECK(words("Microsoft.Storage/storageAccounts/listKeys/action") == Words{{"Elastic", Severity::medium},
                                                                            {"Sigma", Severity::medium},
                                                                            {"Panther", Severity::medium},
                                                                            {"Sentinel 5d2399f9", Severity::none}});
  CHECK(words("Microsoft.Authorization/roleAssignments/delete") == Words{{"judgement", Severity::none}});
  CHECK(words("Microsoft.Sql/servers/delete") == Words{{"Panther", Severity::info}});
  CHECK(words("Microsoft.Sql/servers/firewallRules/write") == Words{{"judgement", Severity::none}});
  CHECK(words("Microsoft.Compute/snapshots/delete") == Words{{"Elastic", Severity::medium}, {"Panther", Severity::low}});
}
