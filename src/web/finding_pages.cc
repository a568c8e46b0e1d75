// One finding with its evidence, and the decision about it.
#include "supervision/review.h"
#include "web/case_pieces.h"
#include "web/console_pages.h"
#include "web/finding_pieces.h"
#include "web/finding_queue.h"
#include "web/pages.h"
#include "web/rule_pieces.h"
#include "web/rule_versions.h"
#include "web/sheet.h"
#include "web/shop_records.h"

namespace gongzhi::web {
namespace {

using access::Action;

// --- one finding ---

struct Standing {
    Json review = nullptr;        // who decided what, if anybody did
    std::string case_id;          // opened on it, or on another finding that was judged beside it
    Json others = Json::array();  // findings on the same subject that wait as well

    bool judged() const { return !review.is_null() || !case_id.empty(); }
    bool holds() const { return !case_id.empty() || text_at(review, "outcome") == "confirmed"; }
};

// Of several findings on one subject that hold, the first has the case.
Result<std::string> case_of(const Visit& visit, const Json& finding, bool holds) {
    GZ_TRY(
        const Json cases,
        affairs_rows(visit.node,
                     "SELECT case_id FROM supervision_case WHERE finding_id = $1 OR ($2 AND party = $3 AND shop = $4 "
                     "AND subject = $5 AND state <> 'closed') ORDER BY finding_id <> $1, entry DESC LIMIT 1",
                     {text_at(finding, "finding"), holds, text_at(finding, "party"), text_at(finding, "shop"),
                      text_at(finding, "subject")}));
    return cases.empty() ? std::string() : text_at(cases[0], "case_id");
}

Result<Standing> standing_of(const Visit& visit, const Json& finding) {
    const std::string id = text_at(finding, "finding");
    Standing standing;
    GZ_TRY(const Json reviews, affairs_rows(visit.node, "SELECT * FROM finding_review WHERE finding_id = $1", {id}));
    if (!reviews.empty()) standing.review = reviews[0];
    GZ_TRY(standing.case_id, case_of(visit, finding, standing.holds()));
    GZ_TRY(standing.others,
           affairs_rows(
               visit.node,
               "SELECT finding_id, rule, explanation_zh, explanation_en FROM finding WHERE party = $1 AND shop = $2 "
               "AND subject = $3 AND finding_id <> $4 AND state = 'waiting' ORDER BY entry LIMIT 50",
               {text_at(finding, "party"), text_at(finding, "shop"), text_at(finding, "subject"), id}));
    return standing;
}

std::string decided_text(const Visit& visit, const Standing& standing) {
    if (standing.review.is_null()) return visit.text(standing.case_id.empty() ? "finding_waits" : "finding_has_case");
    const std::string outcome = standing.case_id.empty()
                                    ? coded(visit.language, "review_", text_at(standing.review, "outcome"))
                                    : visit.text("finding_became_case");
    return visit.text("finding_decided", {{"name", person(visit.language, text_at(standing.review, "actor"))},
                                          {"time", moment(visit, standing.review["reviewed_time"])},
                                          {"outcome", outcome},
                                          {"reason", text_at(standing.review, "reason")}});
}

Json judged_tag(const Visit& visit, const Standing& standing) {
    return standing.holds() ? tag(visit.text("finding_judged_holds"), "blue")
                            : tag(visit.text("finding_judged_dismissed"), "grey");
}

Json finding_actions(const Visit& visit, const std::string& id, const Standing& standing) {
    Json buttons = Json::array();
    if (!standing.case_id.empty())
        buttons.push_back({{"text", visit.text("finding_to_case")}, {"href", case_link(standing.case_id)}});
    else if (standing.review.is_null() && access::may(visit.actor, Action::review_finding))
        buttons.push_back({{"text", visit.text("finding_decide")}, {"href", finding_link(id) + "/review"}});
    else if (text_at(standing.review, "outcome") == "confirmed" && access::may(visit.actor, Action::open_case))
        buttons.push_back({{"text", visit.text("finding_open_case")}, {"href", finding_link(id) + "/case"}});
    return buttons;
}

Result<StaffView> show_finding(const Visit& visit) {
    const std::string& id = visit.request.path_values.at("id");
    GZ_TRY(const Json finding, finding_within_reach(visit, id));
    GZ_TRY(Json view, finding_view(visit.node, id, visit.language));
    GZ_TRY(const Standing standing, standing_of(visit, finding));
    GZ_TRY(view["rule_version"], version_of_finding(visit, finding));
    if (standing.judged()) view["identity"]["items"][0]["tag"] = judged_tag(visit, standing);
    GZ_TRY(view["shop_records"], shop_records(visit, text_at(finding, "party"), text_at(finding, "shop")));
    view["rule_href"] = rule_link(text_at(finding, "rule"));
    view["next_heading"] = visit.text(standing.judged() ? "finding_outcome" : "finding_next");
    view["decided"] = decided_text(visit, standing);
    view["actions"] = finding_actions(visit, id, standing);
    view["also"] = standing.judged() || standing.others.empty()
                       ? Json(false)
                       : Json(visit.text("finding_also", {{"count", std::to_string(standing.others.size())}}));
    const std::string title = visit.text("finding_caption") + " " + view["subject"].get<std::string>();
    return StaffView{"finding", title, std::move(view), {{visit.text("nav_findings"), link("/findings")}}};
}

Result<http::Response> download_finding(const Visit& visit) {
    const std::string& id = visit.request.path_values.at("id");
    GZ_CHECKED(finding_within_reach(visit, id).map([](const Json&) {}));
    GZ_TRY(const auto file, visit.node.finding_file(id));
    http::Response response = http::Response::text(200, file.format(), "application/json");
    response.headers.emplace_back("content-disposition", "attachment; filename=\"finding.json\"");
    return response;
}

// --- the decision ---

FormFrame finding_frame(const Visit& visit, const Json& finding, const std::string& base) {
    const std::string id = text_at(finding, "finding"), subject = text_at(finding, "subject");
    return {.caption = visit.text("finding_caption") + " " + subject,
            .title = visit.text(base + "_title"),
            .lead = visit.text(base + "_lead"),
            .facts = {{"rows",
                       {{{"key", visit.text("queue_rules")}, {"value", rule_name(visit, text_at(finding, "rule"))}},
                        {{"key", visit.text("shop")}, {"value", text_at(finding, "shop")}},
                        {{"key", visit.text("platform")},
                         {"value", party_name(visit.node, visit.language, text_at(finding, "party"))}},
                        {{"key", visit.text("finding_why")},
                         {"value",
                          text_at(finding, visit.language == Language::zh ? "explanation_zh" : "explanation_en")}}}}},
            .breadcrumbs = {{visit.text("nav_findings"), link("/findings")}, {subject, finding_link(id)}}};
}

// What was decided, for who comes to decide it again.
StaffView decided_page(const Visit& visit, const Json& finding, const Standing& standing, const std::string& base,
                       const Filled& filled) {
    return instead_of_form(visit, finding_frame(visit, finding, base), decided_text(visit, standing),
                           {visit.text("finding_back"), finding_link(text_at(finding, "finding"))}, filled);
}

Result<StaffView> show_review(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Json finding, finding_within_reach(visit, visit.request.path_values.at("id")));
    GZ_TRY(const Standing standing, standing_of(visit, finding));
    if (standing.judged()) return decided_page(visit, finding, standing, "review", filled);
    FormFrame frame = finding_frame(visit, finding, "review");
    FormView form(visit, filled, "review_");
    form.radios("outcome", judgements(visit, "review_case_note")).textarea("reason", {}, 3);
    std::vector<FormView::Item> others;
    std::vector<std::string> all;
    for (const Json& each : standing.others) {
        others.push_back({text_at(each, "finding_id"), rule_name(visit, text_at(each, "rule")),
                          text_at(each, visit.language == Language::zh ? "explanation_zh" : "explanation_en")});
        all.push_back(others.back().value);
    }
    if (!others.empty()) form.checkboxes("also", others, all);
    return form_page(std::move(frame), filled, form.view("review_submit", finding_link(text_at(finding, "finding"))));
}

Result<Next> open_case_on(const Visit& visit, const std::string& finding_id) {
    GZ_TRY(const auto opened, visit.node.casework().open_case(visit.actor, finding_id));
    (void)visit.node.wait_applied(opened.index);
    return Next{case_done_link(opened.case_id, "opened"), {}};
}

// The finding and those that were chosen beside it, on the same subject only: one look at one thing decides them all.
Result<Next> act_on_review(const Visit& visit, Filled& filled) {
    const std::string& id = visit.request.path_values.at("id");
    GZ_TRY(const Json finding, finding_within_reach(visit, id));
    const std::string outcome = filled.needed(visit, "review_", "outcome");
    const std::string reason = filled.needed(visit, "review_", "reason");
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const Standing standing, standing_of(visit, finding));
    const bool confirmed = outcome != "dismissed";
    const auto decide = [&](const std::string& one) {
        return supervision::review_finding(visit.actor, {one, confirmed, reason}, visit.node.units(),
                                           visit.node.ledger(), visit.node.claims(), visit.node.clock());
    };
    GZ_TRY(EntryIndex last, decide(id));
    for (const Json& each : standing.others)
        if (const std::string other = text_at(each, "finding_id"); filled.values.holds("also", other)) {
            GZ_TRY(last, decide(other));
        }
    (void)visit.node.wait_applied(last);
    if (outcome == "case") return open_case_on(visit, id);
    return Next{link("/findings/" + path_segment(id), {{"done", outcome}}), {}};
}

Result<StaffView> show_opening(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Json finding, finding_within_reach(visit, visit.request.path_values.at("id")));
    GZ_TRY(const Standing standing, standing_of(visit, finding));
    if (!standing.case_id.empty() || (standing.judged() && !standing.holds()))
        return decided_page(visit, finding, standing, "open_case", filled);
    const FormView form(visit, filled, "open_case_");
    return form_page(finding_frame(visit, finding, "open_case"), filled,
                     form.view("open_case_submit", finding_link(text_at(finding, "finding"))));
}

Result<Next> act_on_opening(const Visit& visit, Filled&) {
    const std::string& id = visit.request.path_values.at("id");
    GZ_CHECKED(finding_within_reach(visit, id).map([](const Json&) {}));
    return open_case_on(visit, id);
}

}  // namespace

void add_finding_pages(http::Router& router, node::Node& node) {
    const auto queue = std::make_shared<FindingQueue>();
    add_finding_queue_page(router, node, queue);
    add_judge_page(router, node, queue);
    add_staff_page(router, node, "/findings/{id}", "page.finding", show_finding);
    add_export_route(router, node, "/findings/{id}/file", "finding.export", download_finding);
    add_form_page(router, node,
                  {"/findings/{id}/review", "finding.review", Action::review_finding, show_review, act_on_review});
    add_form_page(router, node, {"/findings/{id}/case", "case.open", Action::open_case, show_opening, act_on_opening});
}

}  // namespace gongzhi::web
