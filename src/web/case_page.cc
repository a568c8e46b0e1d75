// One case: its state, what is due, what was asked and answered, who looked at what, and every step.
#include "web/case_pieces.h"
#include "web/console_pages.h"
#include "web/request_pieces.h"

namespace gongzhi::web {
namespace {

struct CaseRows {
    casework::CaseThread thread;
    Json facts, steps, requests, blocked, objections, reveals;
};

// In the actor's reach, else the answer is that of a case that is not there.
Result<CaseRows> read_case(const Visit& visit, const std::string& id) {
    CaseRows rows;
    GZ_TRY(rows.thread, case_within_reach(visit, id));
    const auto of_case = [&](std::string_view sql) { return affairs_rows(visit.node, sql, {rows.thread.id}); };
    GZ_TRY(const Json found, of_case("SELECT * FROM supervision_case WHERE case_id = $1"));
    if (found.empty()) return fail(ErrorCode::unavailable, "the case is not in the tables yet");
    rows.facts = found[0];
    GZ_TRY(rows.steps, of_case("SELECT * FROM case_step WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.requests,
           of_case("SELECT * FROM request WHERE case_id = $1 AND direction = 'sent' ORDER BY entry DESC"));
    GZ_TRY(rows.blocked, of_case("SELECT * FROM blocked_request WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.objections, of_case("SELECT * FROM objection WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.reveals, of_case("SELECT * FROM reveal WHERE case_id = $1 ORDER BY entry DESC"));
    return rows;
}

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
    if (!facts["closed_time"].is_null()) {
        items.push_back({{"key", visit.text("case_closed")}, {"value", moment(visit, facts["closed_time"])}});
        items.push_back({{"key", visit.text("case_outcome")},
                         {"value", coded(visit.language, "outcome_", text_at(facts, "outcome"))}});
    }
    return {{"items", items}};
}

struct OpenItem {
    std::string time;  // as text, which sorts as time
    std::string sentence, href{}, act{};
};

// What is open, on both sides, in the order in which it falls due; what this side can do about it is a link.
Json open_items(const Visit& visit, const CaseRows& rows) {
    std::vector<OpenItem> due;
    for (const Json& each : rows.requests)
        if (text_at(each, "state") == "open")
            due.push_back({text_at(each, "deadline_time"),
                           visit.text("due_from_platform", {{"what", order_name(visit.node.pack(), visit.language,
                                                                                text_at(each, "order_type"))},
                                                            {"time", moment(visit, each["deadline_time"])}})});
    for (const Json& each : rows.objections)
        if (text_at(each, "state") == "open")
            due.push_back({text_at(each, "due_time"),
                           visit.text("due_from_us", {{"time", moment(visit, each["due_time"])}}),
                           link("/objections/" + path_segment(text_at(each, "objection_id")) + "/answer"),
                           visit.text("due_answer_objection")});
    for (const Json& each : rows.reveals) {
        const std::string path = "/reveals/" + path_segment(text_at(each, "reveal_id"));
        const bool own = text_at(each, "asked_by") == visit.actor.name;
        if (text_at(each, "state") == "waiting")
            due.push_back({"",
                           visit.text("due_decision", {{"name", person(visit.language, text_at(each, "asked_by"))}}),
                           own ? "" : link(path), own ? "" : visit.text("reveal_to_decision")});
        else if (text_at(each, "state") == "approved" && own)
            due.push_back({"", visit.text("due_look"), link(path + "/look"), visit.text("reveal_to_look")});
    }
    std::sort(due.begin(), due.end(), [](const OpenItem& a, const OpenItem& b) { return a.time < b.time; });
    Json list = Json::array();
    for (const OpenItem& item : due)
        list.push_back(
            {{"text", item.sentence}, {"href", item.href.empty() ? Json(false) : Json(item.href)}, {"act", item.act}});
    return list;
}

// What this person may do now. The first is what usually comes next.
Json actions(const Visit& visit, const casework::CaseThread& thread) {
    struct Way {
        access::Action action;
        std::string_view kind, text, path;
    };
    using access::Action;
    const bool filed = thread.state == casework::CaseState::filed;
    const std::vector<Way> ways = {{Action::send_order, "sent.order", "act_order", "/orders/new"},
                                   {Action::send_request, "sent.request", "act_request", "/requests/new"},
                                   {Action::file_case, casework::kCaseFiled, "act_file", "/file"},
                                   {Action::check_effect, casework::kEffectChecked, "act_effect", "/effect"},
                                   {Action::request_reveal, "sent.request", "act_reveal", "/reveals/new"},
                                   {Action::dispatch_case, casework::kCaseMoved, "act_move", "/move"},
                                   {Action::close_case, casework::kCaseClosed, "act_close", "/close"}};
    Json buttons = Json::array();
    for (const Way& way : ways) {
        if (!access::may(visit.actor, way.action) || !thread.allows(way.kind)) continue;
        if (way.action == Action::dispatch_case && visit.node.units().all().size() < 2) continue;
        if (filed && way.action == Action::check_effect && thread.orders == 0) continue;
        buttons.push_back({{"text", visit.text(way.text)},
                           {"href", case_link(thread.id) + std::string(way.path)},
                           {"secondary", !buttons.empty()}});
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

Json timeline(const Visit& visit, const Json& steps) {
    Json items = Json::array();
    const std::string own = party_name(visit.node, visit.language, visit.node.config().party.value);
    for (const Json& each : steps) {
        const std::string actor = text_at(each, "actor");
        items.push_back(
            {{"title", coded(visit.language, "kind_", text_at(each, "kind"))},
             {"time", text_at(each, "step_time")},
             {"time_text", moment(visit, each["step_time"])},
             {"by", actor == "self" ? own : person(visit.language, actor)},  // messages go out in the party's name
             {"text", text_at(each, "words")}});
    }
    return {{"items", items}};
}

Result<StaffView> show_case(const Visit& visit) {
    GZ_TRY(const CaseRows rows, read_case(visit, visit.request.path_values.at("case")));
    const std::string id = text_at(rows.facts, "case_id"), state = text_at(rows.facts, "state");
    const std::string rule_id = text_at(rows.facts, "rule");
    const auto rule = visit.node.rules().title(rule_id);
    const std::string title = visit.text("case_title", {{"state", coded(visit.language, "case_state_", state)},
                                                        {"subject", text_at(rows.facts, "subject")}});
    Json view = {{"title", title},
                 {"number", id},
                 {"identity", identity(visit, rows.facts)},
                 {"next", coded(visit.language, "case_next_", state)},
                 {"actions", actions(visit, rows.thread)},
                 {"due", open_items(visit, rows)},
                 {"finding_href", link("/findings/" + path_segment(text_at(rows.facts, "finding_id")))},
                 {"source", visit.text("case_source", {{"rule", rule ? pick(visit.language, *rule) : rule_id}})},
                 {"requests", requests_table(visit, rows.requests)},
                 {"blocked", blocked_table(visit, rows.blocked)},
                 {"objections", objections_table(visit, rows.objections)},
                 {"reveals", reveals_table(visit, rows.reveals)},
                 {"timeline", timeline(visit, rows.steps)}};
    return StaffView{"case", title, std::move(view), {{visit.text("nav_cases"), link("/cases")}}};
}

}  // namespace

void add_case_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/cases/{case}", "page.case", show_case);
}

}  // namespace gongzhi::web
