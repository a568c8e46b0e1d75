// The cases within reach, newest first, by state; forty to a page.
#include "web/console_pages.h"
#include "web/kept.h"
#include "web/pieces.h"

namespace gongzhi::web {
namespace {

constexpr size_t kCasesShown = 40;  // the engine fetches whole rows late for at most 50
constexpr std::string_view kStates[] = {"verifying", "filed", "closed"};

// ",fj,fj-fz": the units within reach, for `= ANY(string_to_array(…))`, which every engine knows. Ids hold no comma.
std::string units_within_reach(const Visit& visit) {
    std::string list;
    for (const access::Unit& unit : visit.node.units().all())
        if (access::reaches(visit.actor, {unit.id, visit.actor.name}, visit.node.units())) list += "," + unit.id;
    return list;
}

struct Asked {
    std::string state;  // "": all
    int64_t before = INT64_MAX;
};

// An address that makes no sense shows what it would without that part.
Asked asked_of(const http::Request& request) {
    Asked asked;
    const std::string state = request.query_value("state"), before = request.query_value("before");
    if (std::find(std::begin(kStates), std::end(kStates), state) != std::end(kStates)) asked.state = state;
    if (!before.empty() && before.size() < 19 && before.find_first_not_of("0123456789") == std::string::npos)
        asked.before = std::stoll(before);
    return asked;
}

Json states(const Visit& visit, const Json& counts, const std::string& chosen) {
    const auto count_of = [&](std::string_view state) {
        for (const Json& each : counts)
            if (text_at(each, "state") == state) return each["n"].get<int64_t>();
        return int64_t{0};
    };
    int64_t all = 0;
    for (const Json& each : counts) all += each["n"].get<int64_t>();
    Json items = {{{"text", visit.text("cases_all")},
                   {"href", link("/cases")},
                   {"count", std::to_string(all)},
                   {"current", chosen.empty()}}};
    for (const std::string_view state : kStates)
        items.push_back({{"text", coded(visit.language, "case_state_", std::string(state))},
                         {"href", link("/cases", {{"state", std::string(state)}})},
                         {"count", std::to_string(count_of(state))},
                         {"current", chosen == state}});
    return {{"label", visit.text("cases_by_state")}, {"items", items}};
}

Json case_rows(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const std::string state = text_at(each, "state");
        lines.push_back(
            row({link_cell(text_at(each, "subject"), link("/cases/" + path_segment(text_at(each, "case_id")))),
                 tag_cell(tag(coded(visit.language, "case_state_", state), state == "closed" ? "grey" : "blue")),
                 cell(unit_name(visit.node, visit.language, text_at(each, "unit"))), cell(text_at(each, "shop")),
                 cell(party_name(visit.node, visit.language, text_at(each, "party"))),
                 cell(moment(visit, each["opened_time"])), number_cell(each["overdue"].get<int64_t>())}));
    }
    return table("cases", visit.text("cases_caption"),
                 {{visit.text("column_subject")},
                  {visit.text("state")},
                  {visit.text("case_unit")},
                  {visit.text("shop")},
                  {visit.text("platform")},
                  {visit.text("case_opened")},
                  {visit.text("column_overdue"), true}},
                 std::move(lines));
}

struct Where {
    std::string sql;
    sql::Parameters parameters;
    // Another condition; `{}` in it is the parameter's number.
    void add(std::string_view condition, sql::Value value) {
        parameters.push_back(std::move(value));
        sql += " AND " + fmt::format(fmt::runtime(condition), parameters.size());
    }
};

// The plan of a condition that is always true is the whole table: nobody tests each row for it.
Where within_reach(const Visit& visit) {
    if (visit.actor.unit.empty()) return {"true", {}};
    return {"unit IN (SELECT unnest(string_to_array($1, ',')))", {units_within_reach(visit)}};
}

// One more than is shown: whether there is a next page. What is overdue is counted for these alone.
Result<Json> page_of_cases(const Visit& visit, const Asked& asked, Where where) {
    if (!asked.state.empty()) where.add("state = ${}", asked.state);
    if (asked.before < INT64_MAX) where.add("entry < ${}", asked.before);
    where.parameters.push_back(visit.node.clock().now());
    return affairs_rows(
        visit.node,
        fmt::format("WITH page AS (SELECT * FROM supervision_case WHERE {} ORDER BY entry DESC LIMIT {}), late "
                    "AS (SELECT case_id, count(*) AS n FROM request WHERE direction = 'sent' AND state = 'open' "
                    "AND deadline_time < ${} AND case_id IN (SELECT case_id FROM page) GROUP BY case_id) "
                    "SELECT page.*, coalesce(late.n, 0) AS overdue FROM page LEFT JOIN late ON late.case_id = "
                    "page.case_id ORDER BY page.entry DESC",
                    where.sql, kCasesShown + 1, where.parameters.size()),
        where.parameters);
}

Result<StaffView> show_cases(const Visit& visit, Kept<Json>& kept) {
    const Asked asked = asked_of(visit.request);
    const Where reach = within_reach(visit);
    GZ_TRY(const auto counts,
           kept.get(visit, visit.actor.unit + " " + std::string(access::reach_name(visit.actor.reach)), [&] {
               return affairs_rows(
                   visit.node,
                   fmt::format("SELECT state, count(*) AS n FROM supervision_case WHERE {} GROUP BY state ORDER BY "
                               "state",
                               reach.sql),
                   reach.parameters);
           }));
    GZ_TRY(Json rows, page_of_cases(visit, asked, reach));
    Json pages = false;
    if (rows.size() > kCasesShown) {
        rows.erase(kCasesShown);
        pages = {{"next_href", link("/cases", {{"state", asked.state}, {"before", rows.back()["entry"].dump()}})}};
    }
    const std::string title = visit.text("cases_title");
    return StaffView{
        "cases",
        title,
        {{"reach", visit.text("cases_reach", {{"unit", unit_name(visit.node, visit.language, visit.actor.unit)}})},
         {"states", states(visit, *counts, asked.state)},
         {"cases", case_rows(visit, rows)},
         {"pages", pages}}};
}

}  // namespace

void add_case_list_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/cases", "page.cases",
                   [kept = std::make_shared<Kept<Json>>()](const Visit& visit) { return show_cases(visit, *kept); });
}

}  // namespace gongzhi::web
