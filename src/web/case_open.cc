#include "web/case_open.h"

#include "web/request_pieces.h"

namespace gongzhi::web {
namespace {

bool is_open(const Json& row) { return text_at(row, "state") == "open"; }
bool is_order(const Json& request) { return text_at(request, "kind") == "order"; }

std::string answer_link(const Json& objection) {
    return link("/objections/" + path_segment(text_at(objection, "objection_id")) + "/answer");
}

std::vector<OpenItem> of_platform(const Visit& visit, const CaseRows& rows) {
    std::vector<OpenItem> items;
    for (const Json& each : rows.requests)
        if (is_open(each))
            items.push_back({text_at(each, "deadline_time"),
                             visit.text("due_from_platform", {{"what", request_what(visit, each)},
                                                              {"time", moment(visit, each["deadline_time"])}})});
    return items;
}

std::vector<OpenItem> of_ours(const Visit& visit, const CaseRows& rows) {
    std::vector<OpenItem> items;
    for (const Json& each : rows.objections) {
        if (!is_open(each)) continue;
        const Json order = request_of(rows, text_at(each, "order_id"));
        items.push_back(
            {text_at(each, "due_time"),
             visit.text("due_from_us", {{"what", order.is_null() ? visit.text("none") : request_what(visit, order)},
                                        {"time", moment(visit, each["due_time"])}}),
             answer_link(each), visit.text("due_answer_objection")});
    }
    return items;
}

std::vector<OpenItem> of_looks(const Visit& visit, const CaseRows& rows) {
    std::vector<OpenItem> items;
    for (const Json& each : rows.reveals) {
        const std::string path = "/reveals/" + path_segment(text_at(each, "reveal_id"));
        const std::string state = text_at(each, "state"), asked_by = text_at(each, "asked_by");
        const bool own = asked_by == visit.actor.name;
        if (state == "waiting")
            items.push_back({"", visit.text("due_decision", {{"name", person(visit.language, asked_by)}}),
                             own ? "" : link(path), own ? "" : visit.text("reveal_to_decision")});
        else if (state == "approved" && own)
            items.push_back({"", visit.text("due_look"), link(path + "/look"), visit.text("reveal_to_look")});
    }
    return items;
}

// --- what comes next ---

// Rows are newest first; null where there is none.
template <typename Fits>
Json first_that(const Json& rows, Fits fits) {
    const auto found = std::find_if(rows.begin(), rows.end(), fits);
    return found == rows.end() ? Json(nullptr) : *found;
}

// The open request or objection that falls due first.
Json first_due(const Json& rows, std::string_view due, const std::function<bool(const Json&)>& counts) {
    Json first;
    for (const Json& each : rows)
        if (is_open(each) && counts(each) && (first.is_null() || text_at(each, due) < text_at(first, due)))
            first = each;
    return first;
}
bool any(const Json&) { return true; }

bool past(const Visit& visit, const Json& time) {
    const auto due = time.is_string() ? parse_utc(time.get<std::string>()) : Result<UtcTime>(UtcTime(0));
    return due && *due < visit.node.clock().now();
}

NextStep answer_objection(const Visit& visit, const Json& objection, std::string_view sentence) {
    return {visit.text(sentence, {{"time", moment(visit, objection["due_time"])}}),
            {},
            answer_link(objection),
            visit.text("due_answer_objection")};
}

NextStep next_when_closed(const Visit& visit, const CaseRows& rows) {
    if (const Json owed = first_due(rows.objections, "due_time", any); !owed.is_null())
        return answer_objection(visit, owed, "case_next_closed_objection");
    if (const Json owed = first_due(rows.requests, "deadline_time", any); !owed.is_null())
        return {visit.text("case_next_closed_platform",
                           {{"what", request_what(visit, owed)}, {"time", moment(visit, owed["deadline_time"])}})};
    return {visit.text("case_next_closed")};
}

NextStep next_when_verifying(const Visit& visit, const CaseRows& rows) {
    if (const Json asked = first_due(rows.requests, "deadline_time", any); !asked.is_null())
        return {visit.text("case_next_asked", {{"time", moment(visit, asked["deadline_time"])}})};
    if (!rows.requests.empty()) return {visit.text("case_next_answered"), "/file"};
    return {visit.text("case_next_verifying"), "/requests/new"};
}

// After an order stood: what its check said, or else what the platform said, or that it says nothing yet.
NextStep next_after_order(const Visit& visit, const CaseRows& rows, const Json& order) {
    const Json checked =
        first_that(rows.steps, [](const Json& step) { return text_at(step, "kind") == casework::kEffectChecked; });
    if (!checked.is_null() && checked["entry"].get<int64_t>() > order["entry"].get<int64_t>())
        return rows.thread.effective == true ? NextStep{visit.text("case_next_put_right"), "/close"}
                                             : NextStep{visit.text("case_next_not_put_right"), "/orders/new"};
    const Json waits = first_due(rows.requests, "deadline_time", is_order);
    if (waits.is_null())
        return {visit.text("case_next_order_answered",
                           {{"outcome", coded(visit.language, "outcome_", text_at(order, "outcome"))}}),
                "/effect"};
    if (past(visit, waits["deadline_time"])) return {visit.text("case_next_order_overdue"), "/effect"};
    return {visit.text("case_next_ordered", {{"time", moment(visit, waits["deadline_time"])}})};
}

NextStep next_when_filed(const Visit& visit, const CaseRows& rows) {
    const Json order = first_that(
        rows.requests, [](const Json& each) { return is_order(each) && text_at(each, "state") != "withdrawn"; });
    if (!order.is_null()) return next_after_order(visit, rows, order);
    if (rows.thread.orders > 0) return {visit.text("case_next_withdrawn"), "/close"};
    return {visit.text("case_next_filed"), "/orders/new"};
}

}  // namespace

std::vector<OpenItem> open_items(const Visit& visit, const CaseRows& rows) {
    std::vector<OpenItem> items = of_looks(visit, rows);
    for (std::vector<OpenItem> more : {of_platform(visit, rows), of_ours(visit, rows)})
        items.insert(items.end(), more.begin(), more.end());
    std::stable_sort(items.begin(), items.end(), [](const OpenItem& a, const OpenItem& b) { return a.time < b.time; });
    return items;
}

NextStep next_step(const Visit& visit, const CaseRows& rows) {
    using casework::CaseState;
    if (rows.thread.state == CaseState::closed) return next_when_closed(visit, rows);
    if (const Json owed = first_due(rows.objections, "due_time", any); !owed.is_null())
        return answer_objection(visit, owed, "case_next_objection");
    return rows.thread.state == CaseState::verifying ? next_when_verifying(visit, rows) : next_when_filed(visit, rows);
}

}  // namespace gongzhi::web
