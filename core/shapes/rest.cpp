// EventData objects of the Azure Monitor REST API: az monitor activity-log list, pages of the API, the portal's JSON of one event, Splunk's
// mscs:azure:audit. Field names: the API's reference; variants seen in real files: resourceUri for resourceId (before 2018), operationName
// and status as plain strings, resourceGroup added by az.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByTime[] = {"eventTimestamp"};
constexpr std::string_view kByOperation[] = {"operationName>value"};
constexpr std::string_view kByIds[] = {"eventDataId", "caller"};
constexpr Paths kGroups[] = {kByTime, kByOperation, kByIds};

constexpr Source kTime[] = {{"eventTimestamp"}};
constexpr Source kCaller[] = {{"caller"}};
// A plain name without a '/' is what Az.Monitor 3 and newer write in its place: the name for people.
constexpr Source kOperation[] = {
    {"operationName>value"}, {"operationName", Take::operation}, {"authorization>action"}, {"operationName", Take::display_name}};
constexpr Source kStatus[] = {{"status>value"}, {"status"}};
constexpr Source kGroup[] = {
    {"resourceGroupName"}, {"resourceGroup"}, {"resourceId", Take::group_of_id}, {"resourceUri", Take::group_of_id}};
constexpr Source kIp[] = {{"httpRequest>clientIpAddress"}, {"claims>ipaddr"}};
constexpr Source kSubscription[] = {
    {"subscriptionId"}, {"resourceId", Take::subscription_of_id}, {"resourceUri", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"claims>appid"}};
constexpr Source kResource[] = {{"resourceId"}, {"resourceUri"}};
constexpr Source kCorrelation[] = {{"correlationId"}};
constexpr Source kEvent[] = {{"eventDataId"}};
constexpr Source kCategory[] = {{"category>value"}, {"category"}};

}  // namespace

constexpr ShapeDescription kRest = {
    .name = "rest",
    .raw_status = true,
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
};

}  // namespace csh
