// The cockpit as a page and as CSV: the figures of a unit and of each unit below it.
#include "accountability/cockpit.h"
#include "web/console_pages.h"
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

// Without a name in the address the visitor's own unit; out of reach is as good as not there.
Result<Cockpit> asked_cockpit(const Visit& visit) {
    std::string unit = visit.request.query_value("unit");
    if (unit.empty()) unit = visit.actor.unit;
    GZ_CHECKED(access::may(visit.actor, access::Action::read, {unit, visit.actor.name}, visit.node.units()));
    (void)visit.node.wait_applied();
    GZ_TRY(const auto connection, visit.node.affairs());
    return accountability::cockpit(unit, visit.node.clock().now(), visit.node.units(), *connection);
}

std::string row_name(const Visit& visit, const CockpitRow& row) {
    return row.unit.empty() ? visit.text("cockpit_rest") : unit_name(visit.node, visit.language, row.unit);
}

std::string cockpit_link(const std::string& unit) {
    return unit.empty() ? link("/cockpit") : link("/cockpit", {{"unit", unit}});
}

// What was found and closed, and both sides' overdue, in one size.
Json headline(const Visit& visit, const CockpitRow& total) {
    const auto item = [&](std::string_view key, std::string value) {
        return Json{{"key", visit.text(key)}, {"number", std::move(value)}};
    };
    const auto number = [&](std::string_view name) { return std::to_string(figure(total, name)); };
    return {{"items",
             {item("cockpit_found_to_closed", number("found") + " → " + number("cases_closed")),
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

std::string_view next_step(const CockpitRow& total) {
    if (figure(total, "overdue_government") > 0) return "cockpit_next_government";
    if (figure(total, "overdue_platform") > 0) return "cockpit_next_platform";
    return total.figures == accountability::Figures{} ? "cockpit_next_empty" : "cockpit_next_nothing";
}

Result<StaffView> show_cockpit(const Visit& visit) {
    GZ_TRY(const Cockpit cockpit, asked_cockpit(visit));
    const std::string& unit = cockpit.total.unit;
    const std::string title = visit.text("cockpit_title", {{"unit", unit_name(visit.node, visit.language, unit)}});
    const std::string now = time_text(visit.language, visit.node.clock().now(), visit.zone_minutes());
    const auto csv = unit.empty() ? link("/cockpit.csv") : link("/cockpit.csv", {{"unit", unit}});
    Json view = {{"title", title},
                 {"source", visit.text("cockpit_source", {{"time", now}})},
                 {"headline", headline(visit, cockpit.total)},
                 {"next", visit.text(next_step(cockpit.total))},
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

Result<http::Response> cockpit_csv(const Visit& visit) {
    GZ_TRY(const Cockpit cockpit, asked_cockpit(visit));
    std::string csv = "\xef\xbb\xbfunit,name";  // the mark by which spreadsheets know UTF-8
    for (const std::string_view name : kFigures) csv += "," + std::string(name);
    csv +=
        "\r\n" + csv_line(cockpit.total.unit, unit_name(visit.node, visit.language, cockpit.total.unit), cockpit.total);
    for (const CockpitRow& each : cockpit.rows) csv += csv_line(each.unit, row_name(visit, each), each);
    http::Response response = http::Response::text(200, std::move(csv), "text/csv; charset=utf-8");
    response.headers.emplace_back("content-disposition", "attachment; filename=\"cockpit.csv\"");
    return response;
}

}  // namespace

void add_cockpit_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/cockpit", "page.cockpit", show_cockpit);
    add_staff_route(router, node, "/cockpit.csv", "cockpit.export", cockpit_csv);
}

}  // namespace gongzhi::web
