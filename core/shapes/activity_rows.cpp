// Rows of the AzureActivity table: Log Analytics and Sentinel "Export to CSV", data export to storage (PT05M.json), az monitor log-analytics
// query. Column names: Microsoft's reference of the AzureActivity table. ResourceId, OperationName and ActivityStatus are deprecated and
// empty in newer exports.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByOperation[] = {"OperationNameValue"};
constexpr std::string_view kByStatus[] = {"ActivityStatusValue"};
constexpr std::string_view kByCaller[] = {"TimeGenerated", "Caller"};
constexpr std::string_view kByCategory[] = {"TimeGenerated", "CategoryValue"};
constexpr std::string_view kByTable[] = {"TimeGenerated", "Hierarchy"};
constexpr Paths kGroups[] = {kByOperation, kByStatus, kByCaller, kByCategory, kByTable};

constexpr Source kTime[] = {{"TimeGenerated"}};
constexpr Source kCaller[] = {{"Caller"}};
constexpr Source kOperation[] = {{"OperationNameValue"}, {"OperationName", Take::operation}};
constexpr Source kStatus[] = {{"ActivityStatusValue"}, {"ActivityStatus", Take::filled}};
constexpr Source kGroup[] = {{"ResourceGroup"}, {"_ResourceId", Take::group_of_id}};
constexpr Source kIp[] = {{"CallerIpAddress"}};
constexpr Source kSubscription[] = {{"SubscriptionId"}, {"_SubscriptionId"}, {"_ResourceId", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"Claims_d>appid"}, {"Claims>appid"}};
constexpr Source kResource[] = {{"_ResourceId"}, {"ResourceId"}};
constexpr Source kCorrelation[] = {{"CorrelationId"}};
constexpr Source kEvent[] = {{"EventDataId"}};
constexpr Source kCategory[] = {{"CategoryValue"}, {"Category"}};

}  // namespace

constexpr ShapeDescription kActivityRows = {
    .name = "activity_rows",
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
    .table_path = "Type",
    .table_name = "AzureActivity",
};

}  // namespace csh
