// Display names: the tables are well formed, names are found in any case, near misses are not, shared names stay unmapped, and it is known
// which of the catalogue's operations have no name of their own. The pairs below are typed by hand from what logs and lists print.
#include "shapes/display_names.h"

#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch2/catch.hpp"
#include "hunt/catalogue.h"

using namespace csh;

namespace {

std::string cased(std::string_view text, int (*convert)(int)) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(convert(static_cast<unsigned char>(c)));
  return out;
}

constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
    {"List Storage Account Keys", "Microsoft.Storage/storageAccounts/listKeys/action"},
    {"Create/Update Storage Account", "Microsoft.Storage/storageAccounts/write"},
    {"Create or Update Storage Account", "Microsoft.Storage/storageAccounts/write"},
    {"Delete Storage Account", "Microsoft.Storage/storageAccounts/delete"},
    {"Regenerate Storage Account Keys", "Microsoft.Storage/storageAccounts/regenerateKey/action"},
    {"Returns Storage Account SAS Token", "Microsoft.Storage/storageAccounts/listAccountSas/action"},
    {"Returns Storage Service SAS Token", "Microsoft.Storage/storageAccounts/listServiceSas/action"},
    {"Create or update file share", "Microsoft.Storage/storageAccounts/fileServices/shares/write"},
    {"Delete blob container immutability policy", "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete"},
    {"Create or update object replication policy", "Microsoft.Storage/storageAccounts/objectReplicationPolicies/write"},
    {"Update resource group", "Microsoft.Resources/subscriptions/resourceGroups/write"},
    {"Create Resource Group", "Microsoft.Resources/subscriptions/resourceGroups/write"},
    {"Delete resource group", "Microsoft.Resources/subscriptions/resourceGroups/delete"},
    {"Create Deployment", "Microsoft.Resources/deployments/write"},
    {"Validate Deployment", "Microsoft.Resources/deployments/validate/action"},
    {"Write tags", "Microsoft.Resources/tags/write"},
    {"Create or update a Cloud Shell instance", "Microsoft.Portal/consoles/write"},
    {"Create role assignment", "Microsoft.Authorization/roleAssignments/write"},
    {"Delete role assignment", "Microsoft.Authorization/roleAssignments/delete"},
    {"Create or update custom role definition", "Microsoft.Authorization/roleDefinitions/write"},
    {"Assigns the caller to User Access Administrator role", "Microsoft.Authorization/elevateAccess/action"},
    {"Delete management locks", "Microsoft.Authorization/locks/delete"},
    {"Create policy assignment", "Microsoft.Authorization/policyAssignments/write"},
    {"'audit' Policy action.", "Microsoft.Authorization/policies/audit/action"},
    {"'auditIfNotExists' Policy action.", "Microsoft.Authorization/policies/auditIfNotExists/action"},
    {"'deployIfNotExists' Policy action.", "Microsoft.Authorization/policies/deployIfNotExists/action"},
    {"'modify' Policy action.", "Microsoft.Authorization/policies/modify/action"},
    {"'deny' Policy action.", "Microsoft.Authorization/policies/deny/action"},
    {"Create or Update Virtual Machine", "Microsoft.Compute/virtualMachines/write"},
    {"Delete Virtual Machine", "Microsoft.Compute/virtualMachines/delete"},
    {"Start Virtual Machine", "Microsoft.Compute/virtualMachines/start/action"},
    {"Restart Virtual Machine", "Microsoft.Compute/virtualMachines/restart/action"},
    {"Deallocate Virtual Machine", "Microsoft.Compute/virtualMachines/deallocate/action"},
    {"Run Command on Virtual Machine", "Microsoft.Compute/virtualMachines/runCommand/action"},
    {"Create or Update Virtual Machine Extension", "Microsoft.Compute/virtualMachines/extensions/write"},
    {"Get Disk SAS URI", "Microsoft.Compute/disks/beginGetAccess/action"},
    {"Get Snapshot SAS URI", "Microsoft.Compute/snapshots/beginGetAccess/action"},
    {"Create or Update Snapshot", "Microsoft.Compute/snapshots/write"},
    {"Create or Update an Azure Automation account", "Microsoft.Automation/automationAccounts/write"},
    {"Create or Update an Azure Automation Runbook", "Microsoft.Automation/automationAccounts/runbooks/write"},
    {"Create or Update an Azure Automation webhook", "Microsoft.Automation/automationAccounts/webhooks/write"},
    {"Create an Azure Automation job", "Microsoft.Automation/automationAccounts/jobs/write"},
    {"Update Key Vault", "Microsoft.KeyVault/vaults/write"},
    {"Update Access Policy", "Microsoft.KeyVault/vaults/accessPolicies/write"},
    {"Purge Soft Deleted Key Vault", "Microsoft.KeyVault/locations/deletedVaults/purge/action"},
    {"List Trigger Callback URL", "Microsoft.Logic/workflows/triggers/listCallbackUrl/action"},
    {"Create or Update Network Security Group", "Microsoft.Network/networkSecurityGroups/write"},
    {"Create or Update Security Rule", "Microsoft.Network/networkSecurityGroups/securityRules/write"},
    {"Starts a Virtual Network Gateway Packet Capture.", "Microsoft.Network/virtualNetworkGateways/startPacketCapture/action"},
    {"Get Web App Publishing Profile", "Microsoft.Web/sites/publishxml/action"},
    {"List Web App Security Sensitive Settings", "Microsoft.Web/sites/config/list/action"},
    {"Update website", "Microsoft.Web/sites/write"},
    {"List clusterAdmin credential", "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action"},
    {"Delete resource diagnostic setting", "Microsoft.Insights/diagnosticSettings/delete"},
    {"Delete Azure SQL Server", "Microsoft.Sql/servers/delete"},
    {"Create Databricks Workspace", "Microsoft.Databricks/workspaces/write"},
    {"Health Event Activated", "Microsoft.ResourceHealth/healthevent/Activated/action"},
};

}  // namespace

TEST_CASE("the tables of display names are well formed", "[display-names]") {
  const std::regex operation(R"(Microsoft\.[A-Za-z]+(/[A-Za-z]+)*/(write|delete|action))");
  std::set<std::string> seen;
  size_t listed = 0;
  for (const auto& table : display_name_tables()) {
    for (const DisplayName& entry : table) {
      const std::string name(entry.name);
      INFO(name);
      CHECK(std::regex_match(std::string(entry.operation), operation));
      CHECK(seen.insert(cased(name, ::tolower)).second);  // in neither table twice
      CHECK(name.size() > 7);
      CHECK(name.front() != ' ');
      CHECK(name.back() != ' ');
      CHECK(name.back() != '.');
      for (const char c : name) CHECK((c >= ' ' && c <= '~'));
      CHECK(operation_of_display_name(name) == entry.operation);
    }
    if (listed == 0) listed = table.size();
  }
  CHECK(listed >= 300);
  CHECK(seen.size() >= 380);
  CHECK(listed > seen.size() - listed);  // most are read, not recalled
}

TEST_CASE("operations are found by display name in any case", "[display-names]") {
  for (const auto& [name, operation] : kPairs) {
    INFO(name);
    CHECK(operation_of_display_name(name) == operation);
    CHECK(operation_of_display_name(cased(name, ::tolower)) == operation);
    CHECK(operation_of_display_name(cased(name, ::toupper)) == operation);
  }
  CHECK(operation_of_display_name("'audit' Policy action") == "Microsoft.Authorization/policies/audit/action");
  CHECK(operation_of_display_name("List Storage Account Keys.") == "Microsoft.Storage/storageAccounts/listKeys/action");
}

TEST_CASE("near misses and shared names stay unmapped", "[display-names]") {
  for (const auto& [name, operation] : kPairs) {
    const std::string text(name);
    INFO(text);
    CHECK(operation_of_display_name(" " + text).empty());
    CHECK(operation_of_display_name(text + " ").empty());
    CHECK(operation_of_display_name(text + "x").empty());
    CHECK(operation_of_display_name(text + "..").empty());
    CHECK(operation_of_display_name(text.substr(1)).empty());
    CHECK(operation_of_display_name(text + std::string(1, '\0')).empty());
    CHECK(operation_of_display_name(operation).empty());
  }
  for (const char* shared : {"Delete", "Update", "Create", "List Keys", "Delete Workspace", "Create Workspace", "Register Subscription",
                             "Join Virtual Network.", "List clusterUser credential", "Get VirtualNetworkGatewayConnection SharedKey",
                             "Delete an Azure Automation connection asset", "Create or Update Namespace Authorization Rules"}) {
    INFO(shared);
    CHECK(operation_of_display_name(shared).empty());
  }
  for (const char* other :
       {"", ".", "..", "List Storage Account Key", "List Storage  Account Keys", "Speicherkontoschl\xC3\xBCssel auflisten",
        "List Storage Account \xE2\x84\xAA"
        "eys"}) {  // the last with a Kelvin sign, which folds to k in Unicode only
    INFO(other);
    CHECK(operation_of_display_name(other).empty());
  }
}

TEST_CASE("which catalogue operations have no display name", "[display-names]") {
  std::set<std::string_view> named;
  for (const auto& table : display_name_tables()) {
    for (const DisplayName& entry : table) {
      if (const CatalogueEntry* found = find_in_catalogue(entry.operation)) named.insert(found->operation);
    }
  }
  std::vector<std::string_view> unnamed;
  for (const CatalogueEntry& entry : catalogue()) {
    if (!named.contains(entry.operation)) unnamed.push_back(entry.operation);
  }
  // Without a name in the providers' lists, or with one that others share.
  CHECK(unnamed == std::vector<std::string_view>{
                       "Microsoft.Storage/storageAccounts/encryptionScopes/write", "Microsoft.OperationalInsights/workspaces/delete",
                       "Microsoft.EventHub/namespaces/authorizationRules/write",
                       "Microsoft.Kubernetes/connectedClusters/listClusterUserCredential/action",
                       "Microsoft.CognitiveServices/accounts/listKeys/action", "Microsoft.DocumentDB/databaseAccounts/listKeys/action",
                       "Microsoft.Kubernetes/connectedClusters/…/rolebindings/write"});
}
