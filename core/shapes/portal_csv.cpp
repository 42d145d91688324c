// The Azure portal's Activity log page, "Download as CSV" (QueryResult.csv), columns as chosen there, in English. Operations come under their
// names for people, initiators as e-mail or as a service's name; addresses and application ids are not in it.
#include "shapes/shape.h"

namespace csh {
namespace {

using Paths = std::span<const std::string_view>;

constexpr std::string_view kByInitiator[] = {"Operation name", "Event initiated by"};
constexpr std::string_view kByTime[] = {"Operation name", "Status", "Time"};
constexpr std::string_view kByCategory[] = {"Operation name", "Event category"};
constexpr Paths kGroups[] = {kByInitiator, kByTime, kByCategory};

constexpr Source kTime[] = {{"Time"}};
constexpr Source kCaller[] = {{"Event initiated by"}};
constexpr Source kOperation[] = {{"Operation name", Take::display_name}};
constexpr Source kStatus[] = {{"Status"}};
constexpr Source kGroup[] = {{"Resource group"}, {"Resource", Take::group_of_id}};
constexpr Source kSubscription[] = {{"Subscription"}, {"Resource", Take::subscription_of_id}};
constexpr Source kResource[] = {{"Resource"}};
constexpr Source kCorrelation[] = {{"Correlation id"}};
constexpr Source kCategory[] = {{"Event category"}};

}  // namespace

constexpr ShapeDescription kPortalCsv = {
    .name = "portal_csv",
    .raw_status = true,
    .recognised_by = kGroups,
    .time = kTime,
    .caller = kCaller,
    .operation = kOperation,
    .status = kStatus,
    .resource_group = kGroup,
    .subscription = kSubscription,
    .resource_id = kResource,
    .correlation_id = kCorrelation,
    .category = kCategory,
};

}  // namespace csh
