#include "web/due_time.h"

namespace gongzhi::web {
namespace {

constexpr int kSoonDays = 3;

}  // namespace

CivilDate day_of(const Visit& visit, UtcTime time) { return date_in_zone(time, visit.zone_minutes()); }

std::string days_left(const Visit& visit, UtcTime due) {
    const int days = day_of(visit, due).value - day_of(visit, visit.node.clock().now()).value;
    if (days == 0) return visit.text(due < visit.node.clock().now() ? "left_over_today" : "left_today");
    return visit.text(days > 0 ? "left_days" : "left_over", {{"days", std::to_string(days > 0 ? days : -days)}});
}

Json days_left_tag(const Visit& visit, UtcTime due) {
    const int days = day_of(visit, due).value - day_of(visit, visit.node.clock().now()).value;
    const bool past = due < visit.node.clock().now();
    return tag(days_left(visit, due), past ? "red" : days <= kSoonDays ? "orange" : "blue");
}

std::optional<UtcTime> end_of_working_day(const Visit& visit, UtcTime after, int working_days) {
    const auto day = visit.node.pack().calendar().add_working_days(day_of(visit, after), working_days);
    if (!day) return std::nullopt;
    return UtcTime((int64_t{day->value} + 1) * kMicrosPerDay - 1 -
                   int64_t{visit.zone_minutes()} * 60 * kMicrosPerSecond);
}

}  // namespace gongzhi::web
