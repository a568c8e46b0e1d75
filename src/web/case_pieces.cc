#include "web/case_pieces.h"

namespace gongzhi::web {

Result<casework::CaseThread> case_within_reach(const Visit& visit, const std::string& case_id) {
    GZ_TRY(casework::CaseThread thread, visit.node.casework().load_case(case_id));
    GZ_CHECKED(access::may(visit.actor, access::Action::read, {thread.unit, visit.actor.name}, visit.node.units()));
    return thread;
}

Result<casework::CaseThread> case_of_address(const Visit& visit) {
    return case_within_reach(visit, visit.request.path_values.at("case"));
}

std::string case_link(const std::string& case_id) { return link("/cases/" + path_segment(case_id)); }

std::string case_done_link(const std::string& case_id, std::string_view done) {
    return link("/cases/" + path_segment(case_id), {{"done", std::string(done)}});
}

Json case_facts(const Visit& visit, const casework::CaseThread& thread) {
    const std::string state(casework::case_state_name(thread.state));
    return {{"rows",
             {{{"key", visit.text("state")},
               {"tag", tag(coded(visit.language, "case_state_", state), state == "closed" ? "grey" : "blue")}},
              {{"key", visit.text("column_subject")}, {"value", thread.subject}},
              {{"key", visit.text("shop")}, {"value", thread.shop}},
              {{"key", visit.text("platform")}, {"value", party_name(visit.node, visit.language, thread.party.value)}},
              {{"key", visit.text("case_unit")}, {"value", unit_name(visit.node, visit.language, thread.unit)}}}}};
}

std::vector<PageLink> case_breadcrumbs(const Visit& visit, const casework::CaseThread& thread) {
    return {{visit.text("nav_cases"), link("/cases")},
            {visit.text("case_crumb", {{"subject", thread.subject}}), case_link(thread.id)}};
}

Result<casework::Casework::Seen> seen_in(const Filled& filled, const std::string& case_id) {
    const std::string text = filled.values.get("seen");
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
        return fail_field(ErrorCode::invalid_argument, "seen", "the form does not say which step its writer saw");
    return casework::Casework::Seen{case_id, std::stoull(text)};
}

std::string why_not_now(const Visit& visit, const casework::CaseThread& thread, std::string_view kind) {
    using casework::CaseState;
    if (thread.allows(kind)) return {};
    const char* reason = thread.state == CaseState::closed  ? "step_reason_closed"
                         : kind == casework::kCaseFiled     ? "step_reason_filed_before"
                         : kind == casework::kEffectChecked ? "step_reason_nothing_ordered"
                                                            : "step_reason_not_filed";
    return visit.text("step_not_now", {{"reason", visit.text(reason)}});
}

StaffView not_now_page(const Visit& visit, const casework::CaseThread& thread, FormFrame frame, const std::string& why,
                       const Filled& filled) {
    const Filled written{filled.values, {}};  // the reason is the error, in the page's language
    return instead_of_form(visit, std::move(frame), why, {visit.text("case_back"), case_link(thread.id)}, written);
}

FormFrame case_form_frame(const Visit& visit, const casework::CaseThread& thread, const std::string& base) {
    return {.caption = visit.text("case_caption") + " " + thread.id,
            .title = visit.text(base + "_title"),
            .lead = visit.text(base + "_lead"),
            .facts = case_facts(visit, thread),
            .breadcrumbs = case_breadcrumbs(visit, thread)};
}

}  // namespace gongzhi::web
