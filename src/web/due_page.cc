// What is due: everything that this platform owes, in order of time, each with a way to do it; and what is owed to it.
#include <algorithm>

#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/due_items.h"

namespace gongzhi::web {
namespace {

constexpr int kListed = 200;

Result<Json> owed_to_us(const Visit& visit) {
    GZ_TRY(
        const Json rows,
        affairs_rows(visit.node, fmt::format("SELECT o.order_id, o.party, o.raised_time, r.order_type FROM objection "
                                             "o JOIN request r ON r.message_id = o.order_id AND r.direction = "
                                             "'received' WHERE o.direction = 'sent' AND o.state = 'open' ORDER BY "
                                             "o.raised_time LIMIT {}",
                                             kListed)));
    Json lines = Json::array();
    for (const Json& each : rows) {
        const pack::OrderType* type = visit.node.pack().order_type(text_at(each, "order_type"));
        const auto raised = parse_utc(text_at(each, "raised_time"));
        const auto by =
            type && raised ? end_of_working_day(visit, *raised, type->objection_answer_working_days) : std::nullopt;
        lines.push_back(row({link_cell(visit.text("owed_objection", {{"what", incoming_name(visit, each)}}),
                                       request_link(text_at(each, "order_id"))),
                             cell(by ? time_text(visit.language, *by, visit.zone_minutes()) : visit.text("no_limit")),
                             by ? tag_cell(days_left_tag(visit, *by)) : cell(visit.text("none")),
                             cell(party_name(visit.node, visit.language, text_at(each, "party")))}));
    }
    return table("owed", visit.text("owed_caption"),
                 {{visit.text("column_what")},
                  {visit.text("column_by_when")},
                  {visit.text("column_left")},
                  {visit.text("column_who_owes")}},
                 std::move(lines));
}

Json due_table(const Visit& visit, const std::vector<DueItem>& items) {
    Json lines = Json::array();
    for (const DueItem& item : items) {
        Json what = row_header(item.what);
        what["href"] = item.href;
        lines.push_back(row(
            {what, cell(item.by ? time_text(visit.language, *item.by, visit.zone_minutes()) : visit.text("no_limit")),
             item.by ? tag_cell(days_left_tag(visit, *item.by)) : tag_cell(tag(visit.text("left_soon"), "grey")),
             cell(item.who)}));
    }
    return table("due", visit.text("due_caption"),
                 {{visit.text("column_what")},
                  {visit.text("column_by_when")},
                  {visit.text("column_left")},
                  {visit.text("column_who_asks")}},
                 std::move(lines));
}

std::string lead_of(const Visit& visit, const std::vector<DueItem>& items) {
    const UtcTime now = visit.node.clock().now();
    const auto past =
        std::count_if(items.begin(), items.end(), [&](const DueItem& item) { return item.by && *item.by < now; });
    if (items.empty()) return visit.text("due_nothing");
    return visit.text(past > 0 ? "due_lead_past" : "due_lead",
                      {{"count", std::to_string(items.size())}, {"past", std::to_string(past)}});
}

Result<StaffView> show_due(const Visit& visit) {
    GZ_TRY(const DueItems due, due_items(visit));
    const std::vector<DueItem>& items = due.items;
    GZ_TRY(Json owed, owed_to_us(visit));
    Sheet sheet{.title = visit.text("due_title"), .lead = lead_of(visit, items), .source = visit.text("due_source")};
    if (authorities(visit).empty()) sheet.warnings.push_back(visit.text("no_authority"));
    SheetSection ours{.table = due_table(visit, items)};
    if (items.empty()) ours.paragraphs = {visit.text("due_empty")};
    SheetSection theirs{.heading = visit.text("owed_title"), .table = owed};
    if (owed == false) theirs.paragraphs = {visit.text("owed_empty")};
    SheetSection sent{.heading = visit.text("due_done_title"),
                      .paragraphs = {visit.text(due.done.empty() ? "due_done_empty" : "due_done_counts")},
                      .table = table("done", visit.text("due_done_caption"),
                                     {{visit.text("column_what")},
                                      {visit.text("platform_last_day")},
                                      {visit.text("due_done_when")},
                                      {visit.text("state")},
                                      {visit.text("column_who_asks")}},
                                     due.done)};
    sheet.sections = {std::move(ours), std::move(theirs), std::move(sent)};
    return sheet_view(std::move(sheet));
}

}  // namespace

void add_due_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/due", "page.due", show_due);
}

}  // namespace gongzhi::web
