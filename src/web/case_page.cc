// One case: its state, what is due, what was asked and answered, who looked at what, and every step.
#include "web/case_open.h"
#include "web/case_pieces.h"
#include "web/case_timeline.h"
#include "web/console_pages.h"
#include "web/request_pieces.h"
#include "web/rule_pieces.h"
#include "web/shop_records.h"

namespace gongzhi::web {
namespace {

Json identity(const Visit& visit, const Json& facts) {
    const std::string state = text_at(facts, "state");
    Json items = {
        {{"key", visit.text("state")},
         {"tag", tag(coded(visit.language, "case_state_", state), state == "closed" ? "grey" : "blue")}},
        {{"key", visit.text("case_unit")}, {"value", unit_name(visit.node, visit.language, text_at(facts, "unit"))}},
        {{"key", visit.text("shop")}, {"number", text_at(facts, "shop")}},
        {{"key", visit.text("platform")}, {"value", party_name(visit.node, visit.language, text_at(facts, "party"))}},
        {{"key", visit.text("case_opened")}, {"value", moment(visit, facts["opened_time"])}}};
    if (!facts["filed_time"].is_null())
        items.push_back({{"key", visit.text("case_filed")}, {"value", moment(visit, facts["filed_time"])}});
    if (facts["effective"].is_boolean())
        items.push_back({{"key", visit.text("case_effect")},
                         {"tag", facts["effective"] == true ? tag(visit.text("effect_effective_yes"), "green")
                                                            : tag(visit.text("effect_effective_no"), "orange")}});
    if (!facts["closed_time"].is_null()) {
        items.push_back({{"key", visit.text("case_closed")}, {"value", moment(visit, facts["closed_time"])}});
        items.push_back({{"key", visit.text("case_outcome")},
                         {"value", coded(visit.language, "outcome_", text_at(facts, "outcome"))}});
    }
    return {{"items", items}};
}

// What is open, on both sides; what this person can do about it is a link.
Json due_list(const std::vector<OpenItem>& open) {
    Json list = Json::array();
    for (const OpenItem& item : open)
        list.push_back(
            {{"text", item.sentence}, {"href", item.href.empty() ? Json(false) : Json(item.href)}, {"act", item.act}});
    return list;
}

struct Way {
    access::Action action;
    std::string_view kind, text, path;
};
using access::Action;
constexpr Way kWays[] = {{Action::send_order, "sent.order", "act_order", "/orders/new"},
                         {Action::send_request, "sent.request", "act_request", "/requests/new"},
                         {Action::file_case, casework::kCaseFiled, "act_file", "/file"},
                         {Action::check_effect, casework::kEffectChecked, "act_effect", "/effect"},
                         {Action::request_reveal, "sent.request", "act_reveal", "/reveals/new"},
                         {Action::dispatch_case, casework::kCaseMoved, "act_move", "/move"},
                         {Action::close_case, casework::kCaseClosed, "act_close", "/close"}};

bool is_open_to(const Visit& visit, const casework::CaseThread& thread, const Way& way) {
    if (way.action == Action::dispatch_case && visit.node.units().all().size() < 2) return false;
    return access::may(visit.actor, way.action) && thread.allows(way.kind);
}

// What this person may do now. The main button is what usually comes next; where one waits there is none.
Json actions(const Visit& visit, const casework::CaseThread& thread, const NextStep& next) {
    Json buttons = Json::array();
    if (!next.href.empty() && access::may(visit.actor, Action::answer_objection))
        buttons.push_back({{"text", next.text}, {"href", next.href}, {"secondary", false}});
    for (const Way& way : kWays) {
        if (!is_open_to(visit, thread, way)) continue;
        const bool main = way.path == next.path;
        Json button = {{"text", visit.text(way.text)},
                       {"href", case_link(thread.id) + std::string(way.path)},
                       {"secondary", !main}};
        buttons.insert(main ? buttons.begin() : buttons.end(), std::move(button));
    }
    return buttons;
}

std::string answer_text(const Visit& visit, const Json& request) {
    if (text_at(request, "state") != "answered") return visit.text("none");
    std::string answer = coded(visit.language, "outcome_", text_at(request, "outcome"));
    if (const Json& rows = request["answer_rows"]; rows.is_number() && text_at(request, "kind") == "request")
        answer += visit.text("answer_rows", {{"rows", rows.dump()}});
    return answer + visit.text("colon") + moment(visit, request["answered_time"]);
}

Json requests_table(const Visit& visit, const Json& requests) {
    const pack::Pack& pack = visit.node.pack();
    Json lines = Json::array();
    for (const Json& each : requests)
        lines.push_back(row({link_cell(order_name(pack, visit.language, text_at(each, "order_type")),
                                       request_link(text_at(each, "message_id"))),
                             {{"text", text_at(each, "basis")}, {"lang", "zh-CN"}},
                             cell(field_list(pack, visit.language, text_at(each, "fields"))),
                             cell(moment(visit, each["sent_time"])),
                             cell(moment(visit, each["deadline_time"])),
                             tag_cell(request_tag(visit, each)),
                             cell(answer_text(visit, each))}));
    return table("requests", visit.text("case_requests"),
                 {{visit.text("column_what")},
                  {visit.text("basis")},
                  {visit.text("column_fields")},
                  {visit.text("column_sent")},
                  {visit.text("column_due")},
                  {visit.text("state")},
                  {visit.text("column_answer")}},
                 std::move(lines));
}

Json blocked_table(const Visit& visit, const Json& blocked) {
    Json lines = Json::array();
    for (const Json& each : blocked) {
        std::string why;
        if (const auto reasons = parse_json(text_at(each, "reasons")); reasons && reasons->is_array())
            for (const Json& reason : *reasons)
                why += (why.empty() ? "" : " ") + text_at(reason, visit.language == Language::zh ? "zh" : "en");
        lines.push_back(row({cell(moment(visit, each["blocked_time"])),
                             cell(order_name(visit.node.pack(), visit.language, text_at(each, "order_type"))),
                             cell(field_list(visit.node.pack(), visit.language, text_at(each, "fields"))), cell(why)}));
    }
    return table("blocked", visit.text("case_blocked"),
                 {{visit.text("column_time")},
                  {visit.text("column_what")},
                  {visit.text("column_fields")},
                  {visit.text("column_why_stopped")}},
                 std::move(lines));
}

std::string decision_text(const Visit& visit, const Json& reveal) {
    if (reveal["decided_by"].is_null()) return visit.text("none");
    return person(visit.language, text_at(reveal, "decided_by")) + visit.text("colon") +
           moment(visit, reveal["decided_time"]);
}

Json reveals_table(const Visit& visit, const Json& reveals) {
    const pack::Pack& pack = visit.node.pack();
    Json lines = Json::array();
    for (const Json& each : reveals) {
        const std::string type = text_at(each, "record_type"), id = text_at(each, "record_id");
        const pack::Purpose* purpose = pack.purpose(text_at(each, "purpose"));
        std::string why = purpose ? pick(visit.language, purpose->title) : text_at(each, "purpose");
        if (const std::string note = text_at(each, "note"); !note.empty()) why += visit.text("colon") + note;
        const std::string state = text_at(each, "state");
        lines.push_back(
            row({cell(person(visit.language, text_at(each, "asked_by"))), link_cell(id, record_link(type, id)),
                 cell(field_name(pack, visit.language, type + "." + text_at(each, "field"))), cell(why),
                 tag_cell(tag(coded(visit.language, "reveal_", state), state == "shown"     ? "purple"
                                                                       : state == "refused" ? "red"
                                                                                            : "blue")),
                 cell(decision_text(visit, each)), cell(moment(visit, each["shown_time"])),
                 number_cell(each["refused_tries"].get<int64_t>())}));
    }
    return table("reveals", visit.text("case_reveals"),
                 {{visit.text("column_asked_by")},
                  {visit.text("column_record")},
                  {visit.text("column_field")},
                  {visit.text("column_purpose")},
                  {visit.text("state")},
                  {visit.text("column_decided")},
                  {visit.text("column_shown")},
                  {visit.text("column_tries"), true}},
                 std::move(lines));
}

Result<StaffView> show_case(const Visit& visit) {
    GZ_TRY(casework::CaseThread thread, case_of_address(visit));
    GZ_TRY(const CaseRows rows, read_case_rows(visit, std::move(thread)));
    const NextStep next = next_step(visit, rows);
    GZ_TRY(Json shop, shop_records(visit, rows.thread.party.value, rows.thread.shop));
    const std::string id = text_at(rows.facts, "case_id"), state = text_at(rows.facts, "state");
    const std::string rule_id = text_at(rows.facts, "rule");
    const auto rule = visit.node.rules().title(rule_id);
    const std::string title = visit.text("case_title", {{"state", coded(visit.language, "case_state_", state)},
                                                        {"subject", text_at(rows.facts, "subject")}});
    Json view = {{"title", title},
                 {"number", id},
                 {"identity", identity(visit, rows.facts)},
                 {"next", next.sentence},
                 {"actions", actions(visit, rows.thread, next)},
                 {"due", due_list(open_items(visit, rows))},
                 {"finding_href", link("/findings/" + path_segment(text_at(rows.facts, "finding_id")))},
                 {"rule", rule ? pick(visit.language, *rule) : rule_id},
                 {"rule_href", rule ? Json(rule_link(rule_id)) : Json(false)},
                 {"shop_records", std::move(shop)},
                 {"requests", requests_table(visit, rows.requests)},
                 {"blocked", blocked_table(visit, rows.blocked)},
                 {"objections", objections_table(visit, rows.objections)},
                 {"reveals", reveals_table(visit, rows.reveals)},
                 {"timeline", case_timeline(visit, rows)}};
    return StaffView{"case", title, std::move(view), {{visit.text("nav_cases"), link("/cases")}}};
}

}  // namespace

void add_case_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/cases/{case}", "page.case", show_case);
}

}  // namespace gongzhi::web
