// The cockpit as a page and as CSV: the figures of a unit and of each unit below it.
#include "accountability/cockpit.h"
#include "accountability/deadlines.h"
#include "web/console_pages.h"
#include "web/kept.h"
#include "web/pieces.h"
#include "web/refused_lines.h"

namespace gongzhi::web {
namespace {

using accountability::Cockpit;
using accountability::CockpitRow;
using accountability::kFigures;

int64_t figure(const CockpitRow& row, std::string_view name) {
    const auto at = std::find(std::begin(kFigures), std::end(kFigures), name);
    GZ_CHECK(at != std::end(kFigures), "the page names a figure that the cockpit has");
    return row.figures[static_cast<size_t>(at - std::begin(kFigures))];
}

// 12.5 days; nothing was closed: none.
std::string mean_days(const CockpitRow& row, Language language) {
    const int64_t closed = figure(row, "cases_closed");
    if (closed == 0) return text(language, "none");
    const int64_t tenths = (figure(row, "days_to_close") * 10 + closed / 2) / closed;
    return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

// The one above all others; "" where there is none, or more than one.
std::string highest_unit(const access::Units& units) {
    std::string highest;
    for (const access::Unit& unit : units.all()) {
        if (!unit.parent.empty()) continue;
        if (!highest.empty()) return {};
        highest = unit.id;
    }
    return highest;
}

struct Shown {
    Cockpit figures;
    int64_t subjects = 0;  // that wait for a person: several findings on one are one thing to judge
};

Result<int64_t> subjects_waiting(const Visit& visit, const std::string& unit) {
    GZ_TRY(const Json regions,
           affairs_rows(visit.node,
                        "SELECT region, count(*) AS subjects FROM (SELECT DISTINCT party, shop, subject, region FROM "
                        "waiting_finding) GROUP BY region"));
    access::Actor of_unit = visit.actor;
    of_unit.unit = unit;
    int64_t subjects = 0;
    for (const Json& each : regions)
        if (access::reaches_region(of_unit, text_at(each, "region"), visit.node.units()))
            subjects += each["subjects"].get<int64_t>();
    return subjects;
}

// Without a name in the address the visitor's own unit; out of reach is as good as not there. What is overdue depends on the
// clock, to the minute.
Result<Kept<Shown>::Shared> asked_cockpit(const Visit& visit, Kept<Shown>& kept) {
    std::string unit = visit.request.query_value("unit");
    if (unit.empty()) unit = visit.actor.unit.empty() ? highest_unit(visit.node.units()) : visit.actor.unit;
    GZ_CHECKED(access::may(visit.actor, access::Action::read, {unit, visit.actor.name}, visit.node.units()));
    const UtcTime now = visit.node.clock().now();
    return kept.get(visit, fmt::format("{} {}", unit, now.value / (60 * kMicrosPerSecond)), [&]() -> Result<Shown> {
        (void)visit.node.wait_affairs();
        GZ_TRY(const auto connection, visit.node.affairs());
        Shown shown;
        GZ_TRY(shown.figures, accountability::cockpit(unit, now, visit.node.units(), *connection));
        GZ_TRY(shown.subjects, subjects_waiting(visit, unit));
        return shown;
    });
}

std::string row_name(const Visit& visit, const CockpitRow& row) {
    return row.unit.empty() ? visit.text("cockpit_rest") : unit_name(visit.node, visit.language, row.unit);
}

std::string cockpit_link(const std::string& unit) {
    return unit.empty() ? link("/cockpit") : link("/cockpit", {{"unit", unit}});
}

// What is still to be done.
struct Waiting {
    int64_t subjects = 0, cases = 0;
};

Waiting waiting_in(const Shown& shown) {
    const CockpitRow& total = shown.figures.total;
    return {shown.subjects, figure(total, "cases_opened") - figure(total, "cases_closed")};
}

// What waits here, and both sides' overdue, in one size.
Json headline(const Visit& visit, const CockpitRow& total, const Waiting& waiting) {
    const auto item = [&](std::string_view key, std::string value) {
        return Json{{"key", visit.text(key)}, {"number", std::move(value)}};
    };
    const auto number = [&](std::string_view name) { return std::to_string(figure(total, name)); };
    return {{"items",
             {item("cockpit_subjects_waiting", std::to_string(waiting.subjects)),
              item("cockpit_cases_open", std::to_string(waiting.cases)),
              item("figure_overdue_platform", number("overdue_platform")),
              item("figure_overdue_government", number("overdue_government")),
              item("figure_requests_blocked", number("requests_blocked"))}}};
}

Json all_figures(const Visit& visit, const CockpitRow& total) {
    Json lines = Json::array();
    for (const std::string_view name : kFigures) {
        const bool days = name == "days_to_close";
        lines.push_back(row({row_header(coded(visit.language, "figure_", std::string(name))),
                             number_cell(days ? mean_days(total, visit.language) : std::to_string(figure(total, name))),
                             cell(coded(visit.language, "counted_", std::string(name)))}));
    }
    return table("figures", visit.text("cockpit_figures"),
                 {{visit.text("column_figure")}, {visit.text("column_number"), true}, {visit.text("column_counted")}},
                 std::move(lines));
}

Json unit_rows(const Visit& visit, const Cockpit& cockpit) {
    constexpr std::string_view shown[] = {"found", "cases_opened", "cases_filed", "cases_closed"};
    constexpr std::string_view after_days[] = {"overdue_platform", "overdue_government", "requests_blocked"};
    std::vector<TableColumn> columns = {{visit.text("column_unit")}};
    for (const std::string_view name : shown)
        columns.push_back({coded(visit.language, "figure_", std::string(name)), true});
    columns.push_back({visit.text("figure_days_to_close"), true});
    for (const std::string_view name : after_days)
        columns.push_back({coded(visit.language, "figure_", std::string(name)), true});
    Json lines = Json::array();
    for (const CockpitRow& each : cockpit.rows) {
        Json first = row_header(row_name(visit, each));
        if (!each.unit.empty()) first["href"] = cockpit_link(each.unit);
        std::vector<Json> cells = {first};
        for (const std::string_view name : shown) cells.push_back(number_cell(figure(each, name)));
        cells.push_back(number_cell(mean_days(each, visit.language)));
        for (const std::string_view name : after_days) cells.push_back(number_cell(figure(each, name)));
        lines.push_back(row(std::move(cells)));
    }
    return table("units", visit.text("cockpit_units"), columns, std::move(lines));
}

struct Series {
    std::string_view figure;
    bool second = false;
};

// Two figures of each unit side by side, in one scale. The sentence says where the first is greatest.
Json bars(const Visit& visit, const Cockpit& cockpit, const std::string& base, const std::array<Series, 2>& series) {
    int64_t greatest = 0;
    const CockpitRow* first = nullptr;
    for (const CockpitRow& each : cockpit.rows) {
        for (const Series& one : series) greatest = std::max(greatest, figure(each, one.figure));
        if (!first || figure(each, series[0].figure) > figure(*first, series[0].figure)) first = &each;
    }
    if (greatest == 0) return false;
    Json groups = Json::array();
    for (const CockpitRow& each : cockpit.rows) {
        Json drawn = Json::array();
        for (const Series& one : series) {
            const int64_t number = figure(each, one.figure);
            drawn.push_back({{"label", coded(visit.language, "figure_", std::string(one.figure))},
                             {"value", std::to_string(number)},
                             {"permille", std::to_string(number * 1000 / greatest)},
                             {"second", one.second}});
        }
        groups.push_back({{"name", row_name(visit, each)}, {"bars", std::move(drawn)}});
    }
    const auto number = [&](size_t which) { return std::to_string(figure(*first, series[which].figure)); };
    return {{"id", base + "bars"},
            {"title", visit.text(base + "title")},
            {"finding", visit.text(base + "finding",
                                   {{"unit", row_name(visit, *first)}, {"first", number(0)}, {"second", number(1)}})},
            {"groups", std::move(groups)}};
}

// What platforms submit by the calendar: of the whole authority, since a submission lies in no region.
Result<Json> submissions(const Visit& visit) {
    GZ_TRY(const auto connection, visit.node.affairs());
    GZ_TRY(const auto dues, accountability::dues_as_of(visit.node.deadlines(), visit.node.clock().now(),
                                                       visit.zone_minutes(), *connection));
    std::array<int64_t, 4> counts{};
    for (const accountability::Due& due : dues) ++counts[static_cast<size_t>(due.state)];
    using accountability::DueState;
    const auto count = [&](DueState state) { return std::to_string(counts[static_cast<size_t>(state)]); };
    return Json(visit.text("cockpit_submissions", {{"in_time", count(DueState::in_time)},
                                                   {"late", count(DueState::late)},
                                                   {"missing", count(DueState::missing)},
                                                   {"open", count(DueState::open)}}));
}

// The units above this one, as far as they are within reach.
std::vector<PageLink> way_up(const Visit& visit, const std::string& unit) {
    std::vector<PageLink> way;
    const access::Units& units = visit.node.units();
    for (auto at = units.find(unit); at; at = units.find(at->parent)) {
        if (!access::reaches(visit.actor, {at->id, visit.actor.name}, units)) break;
        if (at->id != unit)
            way.insert(way.begin(), {unit_name(visit.node, visit.language, at->id), cockpit_link(at->id)});
    }
    return way;
}

// What to do, the most pressing first, each with the list where it is done.
Json next_steps(const Visit& visit, const CockpitRow& total, const Waiting& waiting) {
    Json steps = Json::array();
    const auto add = [&](std::string_view sentence, std::string href, int64_t count = 0) {
        steps.push_back(
            {{"text", visit.text(sentence, {{"count", std::to_string(count)}})}, {"href", std::move(href)}});
    };
    const std::string overdue = link("/cases", {{"queue", "overdue"}});
    if (figure(total, "overdue_government") > 0) add("cockpit_next_government", overdue);
    if (figure(total, "overdue_platform") > 0) add("cockpit_next_platform", overdue);
    if (waiting.subjects > 0) add("cockpit_next_findings", link("/findings"), waiting.subjects);
    if (waiting.cases > 0) add("cockpit_next_cases", link("/cases"), waiting.cases);
    return steps;
}

std::string_view nothing_to_do(const CockpitRow& total) {
    return total.figures == accountability::Figures{} ? "cockpit_next_empty" : "cockpit_next_nothing";
}

Result<StaffView> show_cockpit(const Visit& visit, Kept<Shown>& kept) {
    GZ_TRY(const auto shared, asked_cockpit(visit, kept));
    const Cockpit& cockpit = shared->figures;
    const std::string& unit = cockpit.total.unit;
    const std::string title = visit.text("cockpit_title", {{"unit", unit_name(visit.node, visit.language, unit)}});
    const std::string now = time_text(visit.language, visit.node.clock().now(), visit.zone_minutes());
    GZ_TRY(const Json submitted, submissions(visit));
    const Waiting waiting = waiting_in(*shared);
    const auto csv = unit.empty() ? link("/cockpit.csv") : link("/cockpit.csv", {{"unit", unit}});
    Json view = {
        {"title", title},
        {"source", visit.text("cockpit_source", {{"time", now}})},
        {"headline", headline(visit, cockpit.total, waiting)},
        {"steps", next_steps(visit, cockpit.total, waiting)},
        {"nothing", visit.text(nothing_to_do(cockpit.total))},
        {"submissions", submitted},
        {"platforms_href", link("/platforms")},
        {"flow", bars(visit, cockpit, "cockpit_flow_", {{{"found"}, {"cases_closed", true}}})},
        {"overdue", bars(visit, cockpit, "cockpit_overdue_", {{{"overdue_platform"}, {"overdue_government", true}}})},
        {"units", unit_rows(visit, cockpit)},
        {"figures", all_figures(visit, cockpit.total)},
        {"csv_href", csv}};
    return StaffView{"cockpit", title, std::move(view), way_up(visit, unit)};
}

std::string csv_line(const std::string& unit, const std::string& name, const CockpitRow& row) {
    std::string line = csv_field(unit) + "," + csv_field(name);
    for (const int64_t number : row.figures) line += "," + std::to_string(number);
    return line + "\r\n";
}

Result<http::Response> cockpit_csv(const Visit& visit, Kept<Shown>& kept) {
    GZ_TRY(const auto shared, asked_cockpit(visit, kept));
    const Cockpit& cockpit = shared->figures;
    std::string csv = "\xef\xbb\xbfunit,name";  // the mark by which spreadsheets know UTF-8
    for (const std::string_view name : kFigures) csv += "," + std::string(name);
    csv +=
        "\r\n" + csv_line(cockpit.total.unit, unit_name(visit.node, visit.language, cockpit.total.unit), cockpit.total);
    for (const CockpitRow& each : cockpit.rows) csv += csv_line(each.unit, row_name(visit, each), each);
    return csv_file(std::move(csv), "cockpit.csv");
}

}  // namespace

void add_cockpit_pages(http::Router& router, node::Node& node) {
    const auto kept = std::make_shared<Kept<Shown>>();  // by both routes
    add_staff_page(router, node, "/cockpit", "page.cockpit",
                   [kept](const Visit& visit) { return show_cockpit(visit, *kept); });
    add_export_route(router, node, "/cockpit.csv", "cockpit.export",
                     [kept](const Visit& visit) { return cockpit_csv(visit, *kept); });
}

}  // namespace gongzhi::web
