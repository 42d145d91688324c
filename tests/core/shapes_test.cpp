// Which field comes from where, shape by shape, by records written by hand after the exporters' own documentation. Each is read through the
// whole way from bytes to store, as a file.
#include "reading.h"

#include "shapes/conditions.h"
#include "shapes/event_mapper.h"

using namespace csh;
using namespace csh::test;

namespace {

constexpr Column kCaller = Column::caller, kOperation = Column::operation, kStatus = Column::status, kGroup = Column::resource_group,
                 kIp = Column::ip, kSubscription = Column::subscription, kApp = Column::app_id, kResource = Column::resource_id,
                 kCorrelation = Column::correlation_id, kEvent = Column::event_id;

const std::string kClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
const std::string kObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";

// The text that one record has in a column; the record must be an event.
std::string of(const std::string& record, Column column) {
  const Reading reading = read_in_blocks(record);
  INFO(record);
  REQUIRE(reading.events() == 1);
  return std::string(reading.text(0, column));
}

uint16_t flags_of(const std::string& record) {
  const Reading reading = read_in_blocks(record);
  REQUIRE(reading.events() == 1);
  return reading.store->flags(0);
}

std::string shape_of(const std::string& record) { return read_in_blocks(record).input().shape; }

// Names of the columns of the published query that an input lacks.
std::vector<std::string> missing_of(const std::string& text) {
  const Reading reading = read_in_blocks(text);
  std::vector<std::string> names;
  for (size_t i = 0; i < kNeeded; ++i) {
    if (!(reading.input().present & (1u << i))) names.emplace_back(needed_name(static_cast<Needed>(i)));
  }
  return names;
}

using Names = std::vector<std::string>;

std::string rest(const std::string& more) { return R"({"eventTimestamp":"2026-03-14T09:12:05Z")" + (more.empty() ? "" : "," + more) + "}"; }
std::string diagnostic(const std::string& more) {
  return R"({"time":"2026-03-14T09:12:05Z","operationName":"A.B/c/write","category":"Administrative")" + (more.empty() ? "" : "," + more) +
         "}";
}
std::string claims(const std::string& more) { return diagnostic("\"identity\":{\"claims\":{" + more + "}}"); }
std::string row(const std::string& more) {
  return R"({"TimeGenerated":"2026-03-14T09:12:05Z","OperationNameValue":"A.B/c/write")" + (more.empty() ? "" : "," + more) + "}";
}

}  // namespace

TEST_CASE("shapes: a REST record, whole") {
  const Reading reading = read_in_blocks(R"({"authorization":{"action":"no/no/action","scope":"/no"},"caller":"alice@contoso.com",
    "category":{"value":"Administrative","localizedValue":"no"},"claims":{"appid":"c44b","ipaddr":"9.9.9.9"},"correlationId":"c1","eventDataId":"e1",
    "eventName":{"value":"EndRequest"},"eventTimestamp":"2026-03-14T09:12:05.3234567Z","httpRequest":{"clientIpAddress":"20.50.1.10","method":"POST"},
    "id":"/no","operationId":"no","operationName":{"value":"Microsoft.Storage/storageAccounts/listKeys/action","localizedValue":"no"},
    "properties":{"message":"no"},"resourceGroup":"no","resourceGroupName":"cloud-shell-storage-westeurope",
    "resourceId":"/subscriptions/1111/resourceGroups/no/providers/Microsoft.Storage/storageAccounts/cs1","resourceProviderName":{"value":"no"},
    "status":{"value":"Succeeded","localizedValue":"no"},"subStatus":{"value":"OK"},"submissionTimestamp":"2026-03-14T10:00:00Z","subscriptionId":"2222","tenantId":"no"})");
  REQUIRE(reading.events() == 1);
  CHECK(reading.input().shape == "rest");
  CHECK(reading.store->raw_time(0) == kUnixEpochTicks + 1'773'479'525LL * kTicksPerSecond + 3'234'567);
  CHECK(reading.text(0, kCaller) == "alice@contoso.com");
  CHECK(reading.text(0, kOperation) == "Microsoft.Storage/storageAccounts/listKeys/action");
  CHECK(reading.text(0, kStatus) == "Succeeded");
  CHECK(reading.text(0, kGroup) == "cloud-shell-storage-westeurope");
  CHECK(reading.text(0, kIp) == "20.50.1.10");
  CHECK(reading.text(0, kSubscription) == "2222");
  CHECK(reading.text(0, kApp) == "c44b");
  CHECK(reading.text(0, kResource) == "/subscriptions/1111/resourceGroups/no/providers/Microsoft.Storage/storageAccounts/cs1");
  CHECK(reading.text(0, kCorrelation) == "c1");
  CHECK(reading.text(0, kEvent) == "e1");
  CHECK(reading.store->flags(0) == kRawStatus);
  CHECK(reading.input().present == 0x1F);
}

TEST_CASE("shapes: REST fall-backs, in their order; an empty value hides none") {
  CHECK(of(rest(R"("operationName":"a/b")"), kOperation) == "a/b");
  CHECK(of(rest(R"("status":"Started")"), kStatus) == "Started");
  CHECK(of(rest(R"("status":{"value":null,"localizedValue":"no"})"), kStatus).empty());
  CHECK(of(rest(R"("resourceGroup":"b","resourceGroupName":"a")"), kGroup) == "a");
  CHECK(of(rest(R"("resourceGroup":"b","resourceGroupName":"")"), kGroup) == "b");
  CHECK(of(rest(R"("resourceGroup":null,"resourceId":"/subscriptions/1/resourceGroups/c")"), kGroup) == "c");
  CHECK(of(rest(R"("resourceUri":"/subscriptions/1/resourcegroups/d/providers/x")"), kGroup) == "d");
  CHECK(of(rest(R"("resourceId":"","resourceUri":"/subscriptions/1/x")"), kResource) == "/subscriptions/1/x");
  CHECK(of(rest(R"("resourceUri":"/no","resourceId":"/yes")"), kResource) == "/yes");
  CHECK(of(rest(R"("resourceId":"/SUBSCRIPTIONS/1/x")"), kSubscription) == "1");
  CHECK(of(rest(R"("subscriptionId":"","resourceUri":"/subscriptions/2")"), kSubscription) == "2");
  CHECK(of(rest(R"("httpRequest":null,"claims":{"ipaddr":"2.2.2.2"})"), kIp) == "2.2.2.2");
  CHECK(of(rest(R"("httpRequest":{"clientIpAddress":""},"claims":{"ipaddr":"2.2.2.2"})"), kIp) == "2.2.2.2");
  CHECK(of(rest(R"("httpRequest":{"clientIpAddress":"1.1.1.1"},"claims":{"ipaddr":"2.2.2.2"})"), kIp) == "1.1.1.1");
  CHECK(of(rest(R"("claims":null)"), kApp).empty());
  CHECK(of(rest(R"("caller":null)"), kCaller).empty());
  CHECK(of(rest(R"("caller":" a ")"), kCaller) == " a ");  // as the query has it: nothing is trimmed
}

TEST_CASE("shapes: what a REST record is told by") {
  CHECK(shape_of(R"({"eventTimestamp":"x"})") == "rest");
  CHECK(shape_of(R"({"operationName":{"value":"a/b"}})") == "rest");
  CHECK(shape_of(R"({"eventDataId":"e","caller":"c"})") == "rest");
  CHECK(shape_of(R"({"EVENTTIMESTAMP":"x"})") == "rest");
  CHECK(shape_of(R"({"eventDataId":"e"})").empty());
  CHECK(shape_of(R"({"caller":"c"})").empty());
}

TEST_CASE("shapes: a diagnostic record, whole") {
  const Reading reading = read_in_blocks(R"({"RoleLocation":"no","time":"2026-03-14T09:12:05.3234567Z",
    "resourceId":"/SUBSCRIPTIONS/1111/RESOURCEGROUPS/CLOUD-SHELL-STORAGE-WESTEUROPE/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/CS1",
    "operationName":"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION","category":"Administrative","resultType":"Success","resultSignature":"Succeeded.OK",
    "durationMs":"118","callerIpAddress":"20.50.1.10","correlationId":"c1","identity":{"authorization":{"scope":"no"},"claims":{"appid":"b677",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"alice@contoso.com"}},"level":"Information","properties":{"eventCategory":"Administrative"}})");
  REQUIRE(reading.events() == 1);
  CHECK(reading.input().shape == "diagnostic");
  CHECK(reading.text(0, kCaller) == "alice@contoso.com");
  CHECK(reading.text(0, kOperation) == "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION");
  CHECK(reading.text(0, kStatus) == "Success");
  CHECK(reading.text(0, kGroup) == "CLOUD-SHELL-STORAGE-WESTEUROPE");
  CHECK(reading.text(0, kIp) == "20.50.1.10");
  CHECK(reading.text(0, kSubscription) == "1111");
  CHECK(reading.text(0, kApp) == "b677");
  CHECK(reading.text(0, kCorrelation) == "c1");
  CHECK(reading.store->flags(0) == 0);
  CHECK(reading.input().present == 0x1F);
}

TEST_CASE("shapes: the caller of a diagnostic record comes from its claims, the best first") {
  const std::string upn = "\"" + kClaims + "upn\":\"u@x\"", mail = "\"" + kClaims + "emailaddress\":\"m@x\"",
                    name = "\"" + kClaims + "name\":\"n@x\"", object = "\"" + kObjectId + "\":\"o\"", app = "\"appid\":\"a\"";
  CHECK(of(claims(app + "," + object + "," + name + "," + mail + "," + upn), kCaller) == "u@x");
  CHECK(of(claims(app + "," + object + "," + name + "," + mail), kCaller) == "m@x");
  CHECK(of(claims(app + "," + object + "," + name), kCaller) == "n@x");
  CHECK(of(claims(app + "," + object), kCaller) == "o");
  CHECK(of(claims(app), kCaller) == "a");
  CHECK(of(claims(""), kCaller).empty());
  CHECK(of(claims("\"" + kClaims + "upn\":\"\"," + mail), kCaller) == "m@x");
  CHECK(of(claims("\"" + kClaims + "upn\":null," + object), kCaller) == "o");
  // Personal accounts carry a prefix, and names blanks around them.
  CHECK(of(claims("\"" + kClaims + "name\":\" live.com#p@x \""), kCaller) == "p@x");
  CHECK(of(claims("\"" + kClaims + "name\":\"LIVE.COM#p@x\""), kCaller) == "p@x");
  CHECK(of(claims("\"" + kClaims + "name\":\"live.com#\"," + object), kCaller) == "o");
  CHECK(of(claims("\"" + kClaims + "name\":\"  \"," + object), kCaller) == "o");
  CHECK(of(claims("\"" + kClaims + "name\":\"not live.com#p@x\""), kCaller) == "not live.com#p@x");
}

TEST_CASE("shapes: other logs beside the diagnostic records are counted, never events") {
  for (
      const char* record : {
          R"({"time":"2026-03-14T09:00:00Z","operationName":"Sign-in activity","category":"SignInLogs","resultType":"0","identity":"Alice","properties":{}})",
          R"({"time":"2026-03-14T09:00:00Z","resourceId":"/SUBSCRIPTIONS/1/RESOURCEGROUPS/g/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/v","operationName":"SecretGet","category":"AuditEvent","resultType":"Success","identity":{"claim":{"appid":"a"}}})",
          R"({"time":"2026-03-14T09:00:00Z","operationName":"Sign-in activity","resultType":"0"})",
          R"({"time":"2026-03-14T09:00:00Z","operationName":"NetworkSecurityGroupEvents","resourceId":"/SUBSCRIPTIONS/1","category":"NetworkSecurityGroupEvent"})",
      }) {
    INFO(record);
    const Reading reading = read_in_blocks(std::string(record) + "\n" + diagnostic("") + "\n");
    CHECK(reading.events() == 1);
    CHECK(reading.input().other == 1);
    CHECK(reading.input().rejected == 0);
    CHECK_FALSE(reading.input().refused);
  }
  // The old export's categories are verbs; every category of the log is an event, in any case.
  for (const char* category : {"Administrative", "POLICY", "security", "ServiceHealth", "ResourceHealth", "Alert", "Autoscale",
                               "Recommendation", "Write", "Delete", "Action"}) {
    INFO(category);
    CHECK(read_in_blocks(R"({"time":"2026-03-14T09:00:00Z","operationName":"x","category":")" + std::string(category) + "\"}").events() ==
          1);
  }
  // Without a category of its own: that of its properties, else an operation's name tells.
  CHECK(read_in_blocks(R"({"time":"x","operationName":"a","resultType":"x","properties":{"eventCategory":"Policy"}})").events() == 1);
  CHECK(read_in_blocks(R"({"time":"x","operationName":"a/b","resultType":"x"})").events() == 1);
  CHECK(read_in_blocks(R"({"time":"x","operationName":"a","resultType":"x"})").events() == 0);
}

TEST_CASE("shapes: a file of other logs alone is refused with the names that it holds") {
  const Reading reading =
      read_in_blocks("{\"time\":\"x\",\"operationName\":\"Sign-in activity\",\"category\":\"SignInLogs\",\"identity\":\"A\"}\n");
  CHECK(reading.input().refused);
  REQUIRE(reading.has_note("not_the_activity_log"));
  CHECK(reading.input().notes.front().message.find("SignInLogs") != std::string::npos);
  const Reading unknown = read_in_blocks("{\"foo\":1}\n{\"bar\":2}\n");
  CHECK(unknown.input().refused);
  CHECK(unknown.input().other == 2);
}

TEST_CASE("shapes: identity or properties as JSON text, or as a plain word") {
  const std::string upn = kClaims + "upn";
  CHECK(of(diagnostic("\"identity\":\"{\\\"claims\\\":{\\\"" + upn + "\\\":\\\"u@x\\\"}}\""), kCaller) == "u@x");
  CHECK(of(diagnostic("\"identity\":\"Alice\""), kCaller).empty());
  CHECK(flags_of(R"({"time":"x","operationName":"a/b","resultType":"x","properties":"{\"eventCategory\":\"Policy\"}"})") ==
        (kPolicyCategory | kTimeUnreadable));
}

TEST_CASE("shapes: a row of the table as JSON, whole") {
  const Reading reading =
      read_in_blocks(R"({"TenantId":"no","TimeGenerated":"2026-03-14T09:12:05Z","Caller":"alice@contoso.com","CallerIpAddress":"1.1.1.1",
    "CategoryValue":"Policy","Category":"","CorrelationId":"c1","Claims":"{\"appid\":\"b677\",\"ipaddr\":\"no\"}","Claims_d":{"x":1},"EventDataId":"e1","EventSubmissionTimestamp":"2020-01-01T00:00:00Z",
    "OperationNameValue":"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION","OperationName":"","ActivityStatusValue":"Success","ActivityStatus":"","ResourceGroup":"G","SubscriptionId":"1111",
    "_SubscriptionId":"no","ResourceId":"","_ResourceId":"/subscriptions/1111/resourcegroups/g","Type":"AzureActivity"})");
  REQUIRE(reading.events() == 1);
  CHECK(reading.input().shape == "activity_rows");
  CHECK(reading.text(0, kCaller) == "alice@contoso.com");
  CHECK(reading.text(0, kOperation) == "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION");
  CHECK(reading.text(0, kStatus) == "Success");
  CHECK(reading.text(0, kGroup) == "G");
  CHECK(reading.text(0, kIp) == "1.1.1.1");
  CHECK(reading.text(0, kSubscription) == "1111");
  CHECK(reading.text(0, kApp) == "b677");
  CHECK(reading.text(0, kResource) == "/subscriptions/1111/resourcegroups/g");
  CHECK(reading.text(0, kCorrelation) == "c1");
  CHECK(reading.text(0, kEvent) == "e1");
  CHECK(reading.store->flags(0) == kPolicyCategory);
}

TEST_CASE("shapes: deprecated columns of a row count only where they are filled") {
  CHECK(of(R"({"TimeGenerated":"x","Caller":"c","OperationName":"a/b"})", kOperation) == "a/b");
  CHECK(of(R"({"TimeGenerated":"x","Caller":"c","OperationName":"List Storage Account Keys"})", kOperation).empty());
  CHECK(of(row(R"("OperationName":"no/no")"), kOperation) == "A.B/c/write");
  CHECK(of(R"({"TimeGenerated":"x","OperationNameValue":"","OperationName":"a/b"})", kOperation) == "a/b");
  CHECK(of(row(R"("ActivityStatus":"Succeeded")"), kStatus) == "Succeeded");
  CHECK(of(row(R"("ActivityStatus":"no","ActivityStatusValue":"Start")"), kStatus) == "Start");
  CHECK(of(row(R"("ActivityStatus":"Started","ActivityStatusValue":"")"), kStatus) == "Started");
  CHECK(of(row(R"("ResourceId":"/old","_ResourceId":"/new")"), kResource) == "/new");
  CHECK(of(row(R"("ResourceId":"/old","_ResourceId":"")"), kResource) == "/old");
  CHECK(of(row(R"("ResourceId":"","_ResourceId":"/new")"), kResource) == "/new");
  CHECK(of(row(R"("ResourceGroup":"","_ResourceId":"/subscriptions/1/resourcegroups/g/x")"), kGroup) == "g");
  CHECK(of(row(R"("_SubscriptionId":"2")"), kSubscription) == "2");
  CHECK(of(row(R"("Claims_d":{"appid":"d"},"Claims":"{\"appid\":\"c\"}")"), kApp) == "d");
  CHECK(of(row(R"("Claims_d":"{\"appid\":\"d\"}")"), kApp) == "d");
  CHECK(of(row(R"("Claims":{"appid":"c"})"), kApp) == "c");
}

TEST_CASE("shapes: rows of other tables are told by their Type") {
  const Reading reading = read_in_blocks(row("") + "\n" + row(R"("Type":"SigninLogs")") + "\n" + row(R"("Type":"azureactivity")") + "\n" +
                                         row(R"("Type":"")") + "\n");
  CHECK(reading.events() == 3);
  CHECK(reading.input().other == 1);
}

TEST_CASE("shapes: what is missing of the query's columns") {
  CHECK(missing_of(row("")) == Names{"Caller", "ActivityStatusValue", "ResourceGroup"});
  CHECK(missing_of(row(R"("Caller":"","ActivityStatusValue":null,"ResourceGroup":"")")).empty());
  CHECK(missing_of(row(R"("Caller":"c","ActivityStatus":"","_ResourceId":"")")) == Names{"ActivityStatusValue"});
  CHECK(missing_of(row(R"("Caller":"c","ActivityStatus":"Succeeded","_ResourceId":"")")).empty());
  CHECK(missing_of(R"({"TimeGenerated":null,"Caller":"c"})") == Names{"OperationNameValue", "ActivityStatusValue", "ResourceGroup"});
  CHECK(missing_of(R"({"OperationNameValue":"a/b"})") == Names{"TimeGenerated", "Caller", "ActivityStatusValue", "ResourceGroup"});
  CHECK(missing_of(rest("")) == Names{"Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup"});
  CHECK(missing_of(rest(R"("caller":"c","operationName":{"value":"a"},"status":{"value":null},"resourceUri":"/x")")).empty());
  // One record of the input is enough.
  CHECK(missing_of(row(R"("Caller":"c")") + "\n" + row(R"("ActivityStatusValue":"Start","ResourceGroup":"g")") + "\n").empty());
  // A table's header says it, rows or none.
  CHECK(missing_of("TimeGenerated,Caller,OperationNameValue\n") == Names{"ActivityStatusValue", "ResourceGroup"});
  CHECK(
      missing_of("TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup\n2026-03-14T09:00:00Z,,a/b,,\n").empty());
}

TEST_CASE("shapes: groups and subscriptions of resource ids") {
  for (const char* segment : {"resourceGroups", "resourcegroups", "RESOURCEGROUPS"}) {
    const std::string id = "/subscriptions/1111/" + std::string(segment) + "/Cloud-Shell/providers/x";
    CHECK(group_of_resource_id(id) == "Cloud-Shell");
  }
  CHECK(group_of_resource_id("/subscriptions/1/resourceGroups/g") == "g");
  CHECK(group_of_resource_id("/subscriptions/1/resourceGroups/").empty());
  CHECK(group_of_resource_id("/subscriptions/1/resourceGroups").empty());
  CHECK(group_of_resource_id("/subscriptions/1/myresourceGroups/g").empty());
  CHECK(group_of_resource_id("/subscriptions/1/resourceGroupsX/g").empty());
  CHECK(group_of_resource_id("/TENANTS/1/providers/x").empty());
  CHECK(group_of_resource_id("/providers/Microsoft.Management/managementGroups/m").empty());
  CHECK(group_of_resource_id("").empty());
  CHECK(group_of_resource_id("resourceGroups/g").empty());
  CHECK(group_of_resource_id("/").empty());
  CHECK(subscription_of_resource_id("/subscriptions/1111") == "1111");
  CHECK(subscription_of_resource_id("/SUBSCRIPTIONS/1111/x") == "1111");
  CHECK(subscription_of_resource_id("/providers/x/subscriptions/1111").empty());
  CHECK(subscription_of_resource_id("/subscriptions/").empty());
  CHECK(subscription_of_resource_id("subscriptions/1").empty());
}

TEST_CASE("shapes: conditions under which an operation weighs more") {
  const std::string role = "Microsoft.Authorization/roleAssignments/write", account = "Microsoft.Storage/storageAccounts/write",
                    blobs = "Microsoft.Storage/storageAccounts/blobServices/write";
  for (const char* id : {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c",
                         "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "F58310D9-A9F6-439A-9E8D-F62E7B41A168"}) {
    const std::string record =
        R"({"properties":{"requestbody":"{\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/)" + std::string(id) +
        R"(\"}"}})";
    INFO(record);
    CHECK(conditions_of(role, record) == kAdminRole);
    CHECK(conditions_of("MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE", record) == kAdminRole);
    CHECK(conditions_of(account, record) == 0);
  }
  CHECK(conditions_of(role, R"({"roleDefinitionId":"/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"})") == 0);  // Reader
  CHECK(conditions_of(role, R"({"evidence":{"role":"Owner"}})") == 0);  // the role of who assigned it
  CHECK(conditions_of(role, "") == 0);

  CHECK(conditions_of(account, R"({"properties":{"allowBlobPublicAccess":true}})") == kPublicAccess);
  CHECK(conditions_of(account, R"({"requestbody":"{\"properties\":{\"AllowBlobPublicAccess\" : TRUE}}"})") == kPublicAccess);
  CHECK(conditions_of(account, R"(x,"{""requestbody"":""{\""allowBlobPublicAccess\"":true}""}",y)") == kPublicAccess);
  CHECK(conditions_of(account, R"({"allowBlobPublicAccess":false,"allowSharedKeyAccess":true})") == 0);
  CHECK(conditions_of(account, R"({"allowBlobPublicAccess":null,"x":true})") == 0);
  CHECK(conditions_of(account, R"({"before":{"allowBlobPublicAccess":false},"after":{"allowBlobPublicAccess":true}})") == kPublicAccess);
  CHECK(conditions_of(account, "{\"allowBlobPublicAccess\":\n  true}") == kPublicAccess);
  CHECK(conditions_of(blobs, R"({"allowBlobPublicAccess":true})") == 0);

  CHECK(conditions_of(blobs, R"({"deleteRetentionPolicy":{"enabled":false}})") == kSoftDeleteOff);
  CHECK(conditions_of(blobs, R"({"containerDeleteRetentionPolicy":{"days":7,"enabled":false}})") == kSoftDeleteOff);
  CHECK(conditions_of(blobs, R"({"requestbody":"{\"deleteRetentionPolicy\":{\"enabled\":false}}"})") == kSoftDeleteOff);
  CHECK(conditions_of(blobs, R"({"deleteRetentionPolicy":{"enabled":true},"changeFeed":{"enabled":false}})") == 0);
  CHECK(conditions_of(blobs, R"({"deleteRetentionPolicy":{"enabled":true},"containerDeleteRetentionPolicy":{"enabled":false}})") ==
        kSoftDeleteOff);
  CHECK(conditions_of(blobs, R"({"changeFeed":{"enabled":false}})") == 0);
}

TEST_CASE("shapes: conditions are read from the record, embedded or not") {
  CHECK(flags_of(row(R"("Properties":"{\"requestbody\":\"{\\\"allowBlobPublicAccess\\\":true}\"}")")) == 0);
  CHECK(
      flags_of(
          R"({"TimeGenerated":"2026-03-14T09:00:00Z","OperationNameValue":"MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE","Properties":"{\"requestbody\":\"{\\\"allowBlobPublicAccess\\\":true}\"}"})") ==
      kPublicAccess);
}

TEST_CASE("shapes: what a header says of its times") {
  const auto flags = [](const std::string& header, const std::string& time) {
    return flags_of(header + ",Caller,OperationNameValue\n" + time + ",c,a/b\n");
  };
  CHECK(flags("TimeGenerated [UTC]", "2026-03-14 09:12:05") == 0);
  CHECK(flags("TimeGenerated", "2026-03-14T09:12:05Z") == 0);
  CHECK(flags("TimeGenerated", "2026-03-14T09:12:05") == kZoneless);
  CHECK(flags("TimeGenerated [Local Time]", "2026-03-14 09:12:05") == kZoneless);
  CHECK(flags("TimeGenerated [Local Time]", "2026-03-14T09:12:05Z") == 0);
  CHECK(flags("\"TimeGenerated [UTC]\"", "\"3/14/2026, 9:12:05.000 AM\"") == 0);
  CHECK(flags("TimeGenerated [UTC]", "03/04/2026 09:12") == kEitherOrder);
  CHECK(flags("TimeGenerated [Local Time]", "03/04/2026 09:12") == (kEitherOrder | kZoneless));
  CHECK(flags("TimeGenerated", "no time") == kTimeUnreadable);
  CHECK(flags("TimeGenerated", "") == 0);
}

TEST_CASE("shapes: tables of CSV") {
  const Reading reading = read_in_blocks(
      "\xEF\xBB\xBFtimegenerated [UTC];CALLER;OperationNameValue;Claims;ActivityStatusValue;ResourceGroup;unknown\r\n"
      "2026-03-14 09:00:00;alice;a/b;\"{\"\"appid\"\":\"\"b677\"\"}\";Success;\"g;1\";x\r\n"
      "2026-03-14 10:00:00;;;;;;\r\n");
  REQUIRE(reading.events() == 2);
  CHECK(reading.input().encoding == "utf-8-bom");
  CHECK(reading.text(0, kCaller) == "alice");
  CHECK(reading.text(0, kApp) == "b677");
  CHECK(reading.text(0, kGroup) == "g;1");
  CHECK(reading.text(1, kCaller).empty());
  CHECK(reading.text(1, kApp).empty());
  CHECK(reading.input().can_run());
  // Two columns of one name: the filled one counts.
  CHECK(of("TimeGenerated,Caller,Caller\n2026-03-14T09:00:00Z,,b\n", kCaller) == "b");
  const Reading other = read_in_blocks("Name,Mail\nx,y\n");
  CHECK(other.input().refused);
  REQUIRE(other.has_note("not_the_activity_log"));
  CHECK(other.input().notes.front().message.find("Name, Mail") != std::string::npos);
}

TEST_CASE("shapes: an input of several shapes is mixed") {
  const Reading reading = read_in_blocks(rest("") + "\n" + diagnostic("") + "\n" + row("") + "\n");
  CHECK(reading.events() == 3);
  CHECK(reading.input().shape == "mixed");
  CHECK(shape_of(rest("") + "\n" + rest("") + "\n") == "rest");
}

TEST_CASE("shapes: a key twice is flagged where it is mapped") {
  CHECK(flags_of(row(R"("Caller":"a","Caller":"b")")) == kDuplicateKey);
  CHECK(of(row(R"("Caller":"a","Caller":"b")"), kCaller) == "b");
  CHECK(flags_of(row(R"("Level":"a","Level":"b")")) == 0);
}
