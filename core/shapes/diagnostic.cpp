// Records that a diagnostic setting writes to a storage account (insights-activity-logs/…/PT1H.json, JSON Lines since November 2018, one
// {"records":[…]} before) or to an Event Hub. No field for caller, group or subscription: they come from claims and resourceId.
// Field names: Microsoft's activity log schema. The same folders hold other logs, told apart by category.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kById[] = {"time", "operationName", "resourceId"};
constexpr std::string_view kByCategory[] = {"time", "operationName", "category"};
constexpr std::string_view kByResult[] = {"time", "operationName", "resultType"};
constexpr Paths kGroups[] = {kById, kByCategory, kByResult};

constexpr Source kTime[] = {{"time"}};
constexpr Source kCaller[] = {
    {"identity>claims>http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"},
    {"identity>claims>http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"},
    {"identity>claims>http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", Take::account},
    {"identity>claims>name", Take::account},
    {"identity>claims>http://schemas.microsoft.com/identity/claims/objectidentifier"},
    {"identity>claims>appid"},
};
constexpr Source kOperation[] = {{"operationName"}, {"operationName>value"}};
constexpr Source kStatus[] = {{"resultType"}};
constexpr Source kGroup[] = {{"resourceId", Take::group_of_id}};
constexpr Source kIp[] = {{"callerIpAddress"}};
constexpr Source kSubscription[] = {{"resourceId", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"identity>claims>appid"}};
constexpr Source kResource[] = {{"resourceId"}};
constexpr Source kCorrelation[] = {{"correlationId"}};
constexpr Source kEvent[] = {{"eventDataId"}};
constexpr Source kCategory[] = {{"category"}, {"properties>eventCategory"}};
// The three verbs are categories of exports before 2018.
constexpr std::string_view kCategories[] = {"Administrative", "Policy",         "Security", "ServiceHealth", "ResourceHealth", "Alert",
                                            "Autoscale",      "Recommendation", "Write",    "Delete",        "Action"};

}  // namespace

constexpr ShapeDescription kDiagnostic = {
    .name = "diagnostic",
    .raw_status = false,
    .recognised_by = kGroups,
    .time = kTime,
    .caller = kCaller,
    .operation = kOperation,
    .status = kStatus,
    .resource_group = kGroup,
    .ip = kIp,
    .subscription = kSubscription,
    .app_id = kAppId,
    .resource_id = kResource,
    .correlation_id = kCorrelation,
    .event_id = kEvent,
    .category = kCategory,
    .categories = kCategories,
};

}  // namespace csh
