// The scorecard: every metric of both sides with its figures, what they count, the next step and the SQL behind it. For
// everybody: who is measured is not the only one who may see it.
#include <chrono>

#include "web/comment_views.h"
#include "web/console_pages.h"
#include "web/kept.h"
#include "web/pieces.h"
#include "web/portal_pages.h"

namespace gongzhi::web {
namespace {

std::string percent(int64_t permille) { return fmt::format("{}.{} %", permille / 10, permille % 10); }

std::string share_text(const Visit& visit, const Json& measured, const Json& metric) {
    if (!measured["enough"].get<bool>())
        return visit.text("scorecard_too_few", {{"number", metric["minimum_sample"].dump()}});
    return visit.text("scorecard_share", {{"share", percent(measured["permille"].get<int64_t>())},
                                          {"low", percent(measured["low_permille"].get<int64_t>())},
                                          {"high", percent(measured["high_permille"].get<int64_t>())}});
}

std::string subject_name(const Visit& visit, const Json& measured) {
    const std::string subject = text_at(measured, "subject");
    return party_name(visit.node, visit.language, subject.empty() ? visit.node.config().party.value : subject);
}

// Of one side: a row for each metric and subject. A metric without a subject says that nothing has happened yet.
Json side_table(const Visit& visit, const Json& card, const std::string& side) {
    Json lines = Json::array();
    for (const Json& metric : in_language(card, visit.language)) {
        if (metric["side"] != side) continue;
        const std::string aspect = coded(visit.language, "aspect_", metric["aspect"].get<std::string>());
        const Json title = row_header(metric["title"].get<std::string>());
        for (const Json& measured : metric["rows"])
            lines.push_back(
                row({title, cell(aspect), cell(subject_name(visit, measured)),
                     number_cell(measured["numerator"].dump()), number_cell(measured["denominator"].dump()),
                     cell(share_text(visit, measured, metric)), cell(metric["next_step"].get<std::string>())}));
        // Where nothing happened there is nothing to do about it either.
        if (metric["rows"].empty())
            lines.push_back(row({title, cell(aspect), cell(""), number_cell(""), number_cell(""),
                                 cell(visit.text("scorecard_nothing")), cell("")}));
    }
    return table("side-" + side, coded(visit.language, "side_", side),
                 {{visit.text("column_metric")},
                  {visit.text("column_aspect")},
                  {visit.text("column_whose")},
                  {visit.text("column_numerator"), true},
                  {visit.text("column_denominator"), true},
                  {visit.text("column_share")},
                  {visit.text("column_next_step")}},
                 std::move(lines));
}

Json definitions(const Visit& visit, const Json& card) {
    Json list = Json::array();
    for (const Json& metric : in_language(card, visit.language))
        list.push_back({{"summary", visit.text("scorecard_how", {{"metric", metric["title"].get<std::string>()}})},
                        {"paragraphs",
                         {visit.text("scorecard_definition", {{"numerator", metric["numerator"].get<std::string>()},
                                                              {"denominator", metric["denominator"].get<std::string>()},
                                                              {"days", metric["window_days"].dump()},
                                                              {"number", metric["minimum_sample"].dump()}})}},
                        {"code", metric["sql"]}});
    return list;
}

// Staff see the figures as they are now. The public sees those of the months that are over: until a month ends, platforms
// see their own and may comment on them, and the comments are published beside the figures.
UtcTime counted_until(const Visit& visit) {
    const UtcTime now = visit.node.clock().now();
    if (visit.actor.role != access::Role::none) return now;
    const std::chrono::year_month_day today{
        std::chrono::sys_days(std::chrono::days(date_in_zone(now, visit.zone_minutes()).value))};
    const auto first = std::chrono::sys_days(today.year() / today.month() / 1).time_since_epoch().count();
    return UtcTime(first * kMicrosPerDay - int64_t{visit.zone_minutes()} * 60 * kMicrosPerSecond);
}

// By whole minutes: the same for all who ask within one.
Result<Kept<Json>::Shared> kept_card(const Visit& visit, UtcTime until, Kept<Json>& kept) {
    return kept.get(visit, std::to_string(until.value / (60 * kMicrosPerSecond)), [&]() -> Result<Json> {
        (void)visit.node.wait_affairs();
        GZ_TRY(const auto connection, visit.node.affairs());
        return accountability::scorecard(visit.node.metrics(), until, *connection);
    });
}

Result<StaffView> show_scorecard(const Visit& visit, Kept<Json>& kept) {
    const UtcTime until = counted_until(visit);
    GZ_TRY(const auto shared, kept_card(visit, until, kept));
    const Json& card = *shared;
    GZ_TRY(const Json comments, metric_comments_table(visit.node, visit.language));
    const std::string time = time_text(visit.language, until, visit.zone_minutes());
    return StaffView{
        "scorecard",
        visit.text("scorecard_title"),
        {{"next", visit.text(visit.actor.role == access::Role::none ? "scorecard_next_public" : "scorecard_next")},
         {"government", side_table(visit, card, "government")},
         {"platform", side_table(visit, card, "platform")},
         {"definitions", definitions(visit, card)},
         {"comments", comments},
         {"source", visit.text("scorecard_source", {{"time", time}})}}};
}

}  // namespace

void add_scorecard_page(http::Router& router, node::Node& node) {
    add_public_page(
        router, node, "/scorecard", "page.scorecard",
        [kept = std::make_shared<Kept<Json>>()](const Visit& visit) { return show_scorecard(visit, *kept); });
}

}  // namespace gongzhi::web
