// Answering an objection: what was ordered, what the other side says against it, and our decision with its reasons.
#include "web/case_pieces.h"
#include "web/console_pages.h"

namespace gongzhi::web {
namespace {

struct Raised {
    Json row, order;
    casework::CaseThread thread;
};

// The case decides who may see it.
Result<Raised> objection_of_address(const Visit& visit) {
    Raised raised;
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT * FROM objection WHERE objection_id = $1 AND direction = 'received'",
                        {visit.request.path_values.at("id")}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    raised.row = rows[0];
    GZ_TRY(raised.thread, case_within_reach(visit, text_at(raised.row, "case_id")));
    GZ_TRY(const Json orders,
           affairs_rows(visit.node, "SELECT * FROM request WHERE message_id = $1", {text_at(raised.row, "order_id")}));
    if (!orders.empty()) raised.order = orders[0];
    return raised;
}

Result<StaffView> show_objection(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Raised raised, objection_of_address(visit));
    FormFrame frame = case_form_frame(visit, raised.thread, "objection");
    const auto fact = [&](std::string_view key, std::string value) {
        frame.facts["rows"].push_back({{"key", visit.text(key)}, {"value", std::move(value)}});
    };
    if (!raised.order.is_null()) {
        fact("objection_ordered", field_list(visit.node.pack(), visit.language, text_at(raised.order, "fields")) +
                                      visit.text("colon") + text_at(raised.order, "statement"));
        fact("basis", text_at(raised.order, "basis"));
    }
    fact("column_by", coded(visit.language, "raised_by_", text_at(raised.row, "raised_by")));
    fact("column_grounds", text_at(raised.row, "grounds"));
    fact("column_answer_due", moment(visit, raised.row["due_time"]));
    if (raised.row.value("late", Json(false)) == true) fact("objection_was_late_key", visit.text("objection_was_late"));
    if (text_at(raised.row, "state") == "answered")
        return not_now_page(visit, raised.thread, std::move(frame), visit.text("objection_answered_before"), filled);
    FormView form(visit, filled, "objection_");
    std::vector<FormView::Item> outcomes;
    for (const char* outcome : {"upheld", "partly_upheld", "rejected"})
        outcomes.push_back(
            {outcome, coded(visit.language, "outcome_", outcome), coded(visit.language, "objection_note_", outcome)});
    form.radios("outcome", outcomes).textarea("reasons");
    return form_page(std::move(frame), filled, form.view("objection_submit", case_link(raised.thread.id)));
}

Result<Next> act_on_objection(const Visit& visit, Filled& filled) {
    GZ_TRY(const Raised raised, objection_of_address(visit));
    const std::string outcome = filled.needed(visit, "objection_", "outcome");
    const std::string reasons = filled.needed(visit, "objection_", "reasons");
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const auto sent,
           visit.node.casework().answer_objection(visit.actor, visit.request.path_values.at("id"), outcome, reasons));
    (void)visit.node.wait_applied(sent.index);
    return Next{case_done_link(raised.thread.id, "objection_answered"), {}};
}

}  // namespace

void add_objection_page(http::Router& router, node::Node& node) {
    add_form_page(router, node,
                  {"/objections/{id}/answer", "objection.answer", access::Action::answer_objection, show_objection,
                   act_on_objection});
}

}  // namespace gongzhi::web
