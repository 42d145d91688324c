// Elastic's azure.activitylogs data stream: documents of a search (inside _source), JSON Lines, or flattened into the dotted columns of a
// Discover CSV. Dots in claim types become '_'. Field names: Elastic's Azure integration. event.outcome and event.action stand in where the
// integration filled nothing closer to the log.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByOperation[] = {"azure>activitylogs>operation_name"};
constexpr std::string_view kByResult[] = {"@timestamp", "azure>activitylogs>result_type"};
constexpr std::string_view kByCategory[] = {"@timestamp", "azure>activitylogs>category"};
constexpr Paths kGroups[] = {kByOperation, kByResult, kByCategory};

constexpr Source kTime[] = {{"@timestamp"}};
constexpr Source kCaller[] = {
    {"azure>activitylogs>identity>claims_initiated_by_user>name"},
    {"azure>activitylogs>identity>claims>http://schemas_xmlsoap_org/ws/2005/05/identity/claims/upn"},
    {"azure>activitylogs>identity>claims>http://schemas_xmlsoap_org/ws/2005/05/identity/claims/emailaddress"},
    {"azure>activitylogs>identity>claims>http://schemas_xmlsoap_org/ws/2005/05/identity/claims/name", Take::account},
    {"user>email"},
    {"azure>activitylogs>identity>claims>http://schemas_microsoft_com/identity/claims/objectidentifier"},
    {"azure>activitylogs>identity>claims>appid"}};
constexpr Source kOperation[] = {{"azure>activitylogs>operation_name"}, {"event>action", Take::operation}};
constexpr Source kStatus[] = {{"azure>activitylogs>result_type"}, {"event>outcome"}};
constexpr Source kGroup[] = {{"azure>resource>group"}, {"azure>resource>id", Take::group_of_id}};
constexpr Source kIp[] = {{"source>ip"}};
constexpr Source kSubscription[] = {{"azure>subscription_id"}, {"azure>resource>id", Take::subscription_of_id}};
constexpr Source kAppId[] = {{"azure>activitylogs>identity>claims>appid"}};
constexpr Source kResource[] = {{"azure>resource>id"}};
constexpr Source kCorrelation[] = {{"azure>correlation_id"}};
constexpr Source kEvent[] = {{"azure>activitylogs>event_data_id"}};
constexpr Source kCategory[] = {{"azure>activitylogs>category"}};

}  // namespace

constexpr ShapeDescription kElastic = {
    .name = "elastic",
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
    .user_path = "user>name",
    .domain_path = "user>domain",
};

}  // namespace csh
