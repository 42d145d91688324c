// Get-AzActivityLog (older: Get-AzLog, Get-AzureRmLog) through ConvertTo-Json: REST's fields in Pascal case, claims and properties inside a
// wrapper "Content". Before Az.Monitor 3.0 names and statuses are objects with Value and LocalizedValue; since then they are plain texts that
// hold the localised value, so the operation is taken from Authorization.Action first. Source: Azure/azure-powershell, src/Monitor.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByClaims[] = {"eventTimestamp", "claims>content"};
constexpr std::string_view kByProperties[] = {"eventTimestamp", "properties>content"};
constexpr Paths kGroups[] = {kByClaims, kByProperties};

constexpr Source kTime[] = {{"eventTimestamp"}};
constexpr Source kCaller[] = {{"caller"}};
constexpr Source kOperation[] = {{"authorization>action"},
                                 {"properties>content>message", Take::operation},
                                 {"operationName>value"},
                                 {"operationName", Take::display_name}};
constexpr Source kStatus[] = {{"status>value"}, {"status"}};
constexpr Source kGroup[] = {{"resourceGroupName"}, {"resourceGroup"}, {"resourceId", Take::group_of_id}};
constexpr Source kIp[] = {{"httpRequest>clientIpAddress"}, {"claims>content>ipaddr"}};
constexpr Source kSubscription[] = {{"subscriptionId"}, {"resourceId", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"claims>content>appid"}};
constexpr Source kResource[] = {{"resourceId"}};
constexpr Source kCorrelation[] = {{"correlationId"}};
constexpr Source kEvent[] = {{"eventDataId"}};
constexpr Source kCategory[] = {{"category>value"}, {"category"}};

}  // namespace

constexpr ShapeDescription kPowerShell = {
    .name = "powershell",
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
