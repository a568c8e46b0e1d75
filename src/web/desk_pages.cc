// The platform's desk: what is asked of us and by when; who looked at protected values of our data; our checks of traders.
#include "web/console_pages.h"
#include "web/pieces.h"

namespace gongzhi::web {
namespace {

std::string about(const Visit& visit, const Json& request) {
    std::string out = text_at(request, "shop");
    if (const std::string listing = text_at(request, "listing"); !listing.empty())
        out += (out.empty() ? "" : visit.text("list_comma")) + listing;
    return out.empty() ? visit.text("none") : out;
}

std::string wanted(const Visit& visit, const Json& request) {
    std::string out = field_list(visit.node.pack(), visit.language, text_at(request, "fields"));
    if (const std::string statement = text_at(request, "statement"); !statement.empty())
        out += (out.empty() ? "" : visit.text("colon")) + statement;
    return out;
}

std::string answer_text(const Visit& visit, const Json& request) {
    if (text_at(request, "state") != "answered") return visit.text("none");
    return coded(visit.language, "outcome_", text_at(request, "outcome")) + visit.text("colon") +
           moment(visit, request["answered_time"]);
}

Json requests_table(const Visit& visit, const Json& requests) {
    Json lines = Json::array();
    for (const Json& each : requests)
        lines.push_back(row({row_header(order_name(visit.node.pack(), visit.language, text_at(each, "order_type"))),
                             tag_cell(request_tag(visit, each)),
                             cell(moment(visit, each["deadline_time"])),
                             cell(party_name(visit.node, visit.language, text_at(each, "party"))),
                             {{"text", text_at(each, "basis")}, {"lang", "zh-CN"}},
                             cell(text_at(each, "purpose")),
                             cell(about(visit, each)),
                             cell(wanted(visit, each)),
                             cell(moment(visit, each["sent_time"])),
                             cell(answer_text(visit, each)),
                             cell(text_at(each, "message_id"))}));
    return table("requests", visit.text("requests_caption"),
                 {{visit.text("column_what")},
                  {visit.text("state")},
                  {visit.text("column_due")},
                  {visit.text("row_from")},
                  {visit.text("basis")},
                  {visit.text("column_purpose")},
                  {visit.text("column_subject")},
                  {visit.text("column_fields")},
                  {visit.text("column_arrived")},
                  {visit.text("column_answer")},
                  {visit.text("column_request_number")}},
                 std::move(lines));
}

Result<StaffView> show_requests(const Visit& visit) {
    GZ_TRY(const Json requests,
           affairs_rows(visit.node,
                        "SELECT * FROM request WHERE direction = 'received' ORDER BY CASE WHEN state = 'open' THEN 0 "
                        "ELSE 1 END, CASE WHEN state = 'open' THEN deadline_time END, entry DESC LIMIT 100"));
    GZ_TRY(const Json objections,
           affairs_rows(visit.node, "SELECT * FROM objection WHERE direction = 'sent' ORDER BY entry DESC LIMIT 100"));
    const auto open = std::count_if(requests.begin(), requests.end(),
                                    [](const Json& each) { return text_at(each, "state") != "answered"; });
    const std::string state =
        open == 0 ? visit.text("requests_none_open")
                  : visit.text("requests_open", {{"number", std::to_string(open)},
                                                 {"time", moment(visit, requests[0]["deadline_time"])}});
    return StaffView{"requests",
                     visit.text("requests_title"),
                     {{"open", state},
                      {"requests", requests_table(visit, requests)},
                      {"objections", objections_table(visit, objections)}}};
}

Json looks_table(const Visit& visit, const Json& looks) {
    const pack::Pack& pack = visit.node.pack();
    Json lines = Json::array();
    for (const Json& each : looks) {
        const std::string type = text_at(each, "record_type"), id = text_at(each, "record_id");
        const pack::Purpose* purpose = pack.purpose(text_at(each, "purpose"));
        std::string why = purpose ? pick(visit.language, purpose->title) : text_at(each, "purpose");
        if (const std::string note = text_at(each, "note"); !note.empty()) why += visit.text("colon") + note;
        std::string who = person(visit.language, text_at(each, "looked_by"));
        const std::string unit = text_at(each, "unit");
        lines.push_back(row({cell(moment(visit, each["logged_time"])), cell(who),
                             cell(party_name(visit.node, visit.language, text_at(each, "party")) +
                                  (unit.empty() ? "" : visit.text("colon") + unit)),
                             link_cell(id, record_link(type, id)),
                             cell(field_name(pack, visit.language, type + "." + text_at(each, "field"))), cell(why),
                             cell(text_at(each, "case_id"))}));
    }
    return table("looks", visit.text("looks_caption"),
                 {{visit.text("column_time")},
                  {visit.text("column_who")},
                  {visit.text("column_unit")},
                  {visit.text("column_record")},
                  {visit.text("column_field")},
                  {visit.text("column_purpose")},
                  {visit.text("column_case")}},
                 std::move(lines));
}

Result<StaffView> show_looks(const Visit& visit) {
    GZ_TRY(const Json looks, affairs_rows(visit.node, "SELECT * FROM look ORDER BY entry DESC LIMIT 100"));
    return StaffView{"looks", visit.text("looks_title"), {{"looks", looks_table(visit, looks)}}};
}

Json checks_table(const Visit& visit, const Json& checks) {
    const auto number = [&](const Json& each, const char* column) {
        return cell(each[column].is_null() ? visit.text("none") : std::to_string(each[column].get<int64_t>()));
    };
    Json lines = Json::array();
    for (const Json& each : checks)
        lines.push_back(
            row({cell(moment(visit, each["asked_time"])),
                 cell(party_name(visit.node, visit.language, text_at(each, "party"))), number(each, "items"),
                 number(each, "valid"), number(each, "name_differs"), number(each, "revoked"), number(each, "unknown"),
                 cell(moment(visit, each["answered_time"])), cell(text_at(each, "check_id"))}));
    return table("checks", visit.text("checks_caption"),
                 {{visit.text("column_time")},
                  {visit.text("column_unit")},
                  {visit.text("column_traders")},
                  {visit.text("verdict_valid")},
                  {visit.text("verdict_name_differs")},
                  {visit.text("verdict_revoked")},
                  {visit.text("verdict_unknown")},
                  {visit.text("column_answer")},
                  {visit.text("column_check_number")}},
                 std::move(lines));
}

Result<StaffView> show_checks(const Visit& visit) {
    GZ_TRY(const Json checks, affairs_rows(visit.node, "SELECT * FROM identity_check ORDER BY entry DESC LIMIT 100"));
    return StaffView{"checks", visit.text("checks_title"), {{"checks", checks_table(visit, checks)}}};
}

}  // namespace

void add_desk_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/requests", "page.requests", show_requests);
    add_staff_page(router, node, "/looks", "page.looks", show_looks);
    add_staff_page(router, node, "/checks", "page.checks", show_checks);
}

}  // namespace gongzhi::web
