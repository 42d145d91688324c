// Untitled Goose Tool's azure_activity_log_*.json: REST's objects with their keys in snake case, JSON Lines. Source: its collector's code.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByTime[] = {"event_timestamp"};
constexpr std::string_view kByOperation[] = {"operation_name>value"};
constexpr Paths kGroups[] = {kByTime, kByOperation};

constexpr Source kTime[] = {{"event_timestamp"}};
constexpr Source kCaller[] = {{"caller"}};
constexpr Source kOperation[] = {{"operation_name>value"}, {"operation_name"}};
constexpr Source kStatus[] = {{"status>value"}, {"status"}};
constexpr Source kGroup[] = {{"resource_group_name"}, {"resource_id", Take::group_of_id}};
constexpr Source kIp[] = {{"http_request>client_ip_address"}, {"claims>ipaddr"}};
constexpr Source kSubscription[] = {{"subscription_id"}, {"resource_id", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"claims>appid"}};
constexpr Source kResource[] = {{"resource_id"}};
constexpr Source kCorrelation[] = {{"correlation_id"}};
constexpr Source kEvent[] = {{"event_data_id"}};
constexpr Source kCategory[] = {{"category>value"}, {"category"}};

}  // namespace

constexpr ShapeDescription kGoose = {
    .name = "goose",
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
