// Findings: the queue of what waits for a person, one finding with its evidence, and the decision about it.
#include "supervision/review.h"
#include "web/case_pieces.h"
#include "web/console_pages.h"
#include "web/kept.h"
#include "web/pages.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr size_t kQueueShown = 50;

std::string finding_link(const std::string& id) { return link("/findings/" + path_segment(id)); }

Result<Json> finding_within_reach(const Visit& visit, const std::string& id) {
    GZ_TRY(Json finding, visit.node.finding(id));
    GZ_TRY(const std::string region, json_text_or_empty(finding, "region"));
    GZ_CHECKED(access::may_in_region(visit.actor, Action::read, region, visit.node.units()));
    return finding;
}

// --- the queue ---

std::string rule_name(const Visit& visit, const std::string& id) {
    const auto title = visit.node.rules().title(id);
    return title ? pick(visit.language, *title) : id;
}

std::string rule_names(const Visit& visit, const std::string& ids) {
    std::string names;
    for (size_t at = 0; at < ids.size();) {
        const size_t end = std::min(ids.find(',', at), ids.size());
        names += (names.empty() ? "" : visit.text("list_comma")) + rule_name(visit, ids.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

struct Asked {
    std::string rule, platform;
    int64_t page = 0;
};

Asked asked_of(const http::Request& request) {
    Asked asked{request.query_value("rule"), request.query_value("platform")};
    const std::string page = request.query_value("page");
    if (!page.empty() && page.size() < 5 && page.find_first_not_of("0123456789") == std::string::npos)
        asked.page = std::stoll(page);
    return asked;
}

std::string queue_link(const Asked& asked) {
    std::vector<std::pair<std::string_view, std::string>> query;
    if (!asked.rule.empty()) query.emplace_back("rule", asked.rule);
    if (!asked.platform.empty()) query.emplace_back("platform", asked.platform);
    if (asked.page > 0) query.emplace_back("page", std::to_string(asked.page));
    return link("/findings", query);
}

// Rules and platforms that occur, each a link that narrows the queue and says how many are left then.
using Rows = std::vector<const Json*>;  // of the queue, which is kept

Json narrowed(const Visit& visit, const Rows& rows, const char* column, const Asked& asked,
              const std::function<Asked(const std::string&)>& to,
              const std::function<std::string(const std::string&)>& name) {
    std::map<std::string, int64_t> counts;
    for (const Json* each : rows) {
        const std::string ids = text_at(*each, column);
        for (size_t at = 0; at < ids.size();) {
            const size_t end = std::min(ids.find(',', at), ids.size());
            ++counts[ids.substr(at, end - at)];
            at = end + 1;
        }
    }
    Asked everything = asked;
    everything.page = 0;
    const bool by_rule = std::string_view(column) == "rules";
    (by_rule ? everything.rule : everything.platform).clear();
    const std::string& chosen = by_rule ? asked.rule : asked.platform;
    if (counts.size() < 2 && chosen.empty()) return false;  // nothing to choose
    Json items = {{{"text", visit.text("cases_all")},
                   {"href", queue_link(everything)},
                   {"count", std::to_string(rows.size())},
                   {"current", chosen.empty()}}};
    for (const auto& [id, count] : counts)
        items.push_back({{"text", name(id)},
                         {"href", queue_link(to(id))},
                         {"count", std::to_string(count)},
                         {"current", id == chosen}});
    return {{"label", visit.text(by_rule ? "queue_by_rule" : "queue_by_platform")}, {"items", items}};
}

bool has_rule(const std::string& rules, const std::string& rule) {
    return rule.empty() || ("," + rules + ",").find("," + rule + ",") != std::string::npos;
}

Json queue_rows(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const int64_t suspect = each["suspect"].get<int64_t>(), all = each["findings"].get<int64_t>();
        lines.push_back(row({link_cell(text_at(each, "subject"), finding_link(text_at(each, "finding_id"))),
                             tag_cell(suspect > 0 ? tag(visit.text("verdict_suspect"), "orange")
                                                  : tag(visit.text("verdict_undecidable"), "grey")),
                             cell(rule_names(visit, text_at(each, "rules"))), cell(text_at(each, "shop")),
                             cell(party_name(visit.node, visit.language, text_at(each, "party"))),
                             cell(moment(visit, each["first_time"])), number_cell(all)}));
    }
    return table("queue", visit.text("queue_caption"),
                 {{visit.text("column_subject")},
                  {visit.text("queue_verdict")},
                  {visit.text("queue_rules")},
                  {visit.text("shop")},
                  {visit.text("platform")},
                  {visit.text("queue_since")},
                  {visit.text("queue_count"), true}},
                 std::move(lines));
}

Result<StaffView> show_queue(const Visit& visit, Kept<Json>& kept) {
    const Asked asked = asked_of(visit.request);
    GZ_TRY(const auto queue, kept.get(visit, "queue", [&] {
        return affairs_rows(visit.node,
                            "SELECT * FROM finding_queue ORDER BY suspect = 0, first_time, subject, shop LIMIT 20000");
    }));
    Rows reached, of_platform;
    Json shown = Json::array();
    for (const Json& each : *queue)
        if (access::reaches_region(visit.actor, text_at(each, "region"), visit.node.units())) reached.push_back(&each);
    for (const Json* each : reached)
        if (asked.platform.empty() || text_at(*each, "party") == asked.platform) of_platform.push_back(each);
    const auto first = static_cast<size_t>(asked.page) * kQueueShown;
    size_t number = 0;
    for (const Json* each : of_platform) {
        if (!has_rule(text_at(*each, "rules"), asked.rule)) continue;
        if (number++ >= first && shown.size() < kQueueShown) shown.push_back(*each);
    }
    Json pages = Json::object();
    Asked other = asked;
    if (asked.page > 0) other.page = asked.page - 1, pages["previous_href"] = queue_link(other);
    if (number > first + kQueueShown) other.page = asked.page + 1, pages["next_href"] = queue_link(other);
    const auto to_rule = [&](const std::string& id) { return Asked{id, asked.platform}; };
    const auto to_platform = [&](const std::string& id) { return Asked{asked.rule, id}; };
    return StaffView{
        "findings",
        visit.text("queue_title"),
        {{"waiting", visit.text("queue_waiting", {{"count", std::to_string(number)}})},
         {"rules", narrowed(visit, of_platform, "rules", asked, to_rule,
                            [&](const std::string& id) { return rule_name(visit, id); })},
         {"platforms", narrowed(visit, reached, "party", asked, to_platform,
                                [&](const std::string& id) { return party_name(visit.node, visit.language, id); })},
         {"queue", queue_rows(visit, shown)},
         {"pages", pages.empty() ? Json(false) : pages}}};
}

// --- one finding ---

struct Standing {
    Json review = nullptr;  // who decided what, if anybody did
    std::string case_id;
    Json others = Json::array();  // findings on the same subject that wait as well
};

Result<Standing> standing_of(const Visit& visit, const Json& finding) {
    const std::string id = text_at(finding, "finding");
    Standing standing;
    GZ_TRY(const Json reviews, affairs_rows(visit.node, "SELECT * FROM finding_review WHERE finding_id = $1", {id}));
    if (!reviews.empty()) standing.review = reviews[0];
    GZ_TRY(const Json cases,
           affairs_rows(visit.node, "SELECT case_id FROM supervision_case WHERE finding_id = $1", {id}));
    if (!cases.empty()) standing.case_id = text_at(cases[0], "case_id");
    GZ_TRY(standing.others,
           affairs_rows(
               visit.node,
               "SELECT f.finding_id, f.rule, f.explanation_zh, f.explanation_en FROM finding f WHERE f.party = $1 "
               "AND f.shop = $2 AND f.subject = $3 AND f.finding_id <> $4 AND f.verdict <> 'refused' AND NOT EXISTS "
               "(SELECT 1 FROM finding_review r WHERE r.finding_id = f.finding_id) ORDER BY f.entry LIMIT 50",
               {text_at(finding, "party"), text_at(finding, "shop"), text_at(finding, "subject"), id}));
    return standing;
}

std::string decided_text(const Visit& visit, const Standing& standing) {
    if (standing.review.is_null()) return visit.text(standing.case_id.empty() ? "finding_waits" : "finding_has_case");
    return visit.text("finding_decided",
                      {{"name", person(visit.language, text_at(standing.review, "actor"))},
                       {"time", moment(visit, standing.review["reviewed_time"])},
                       {"outcome", coded(visit.language, "review_", text_at(standing.review, "outcome"))},
                       {"reason", text_at(standing.review, "reason")}});
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
    view["decided"] = decided_text(visit, standing);
    view["actions"] = finding_actions(visit, id, standing);
    view["also"] = standing.others.empty()
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

Result<StaffView> show_review(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Json finding, finding_within_reach(visit, visit.request.path_values.at("id")));
    GZ_TRY(const Standing standing, standing_of(visit, finding));
    FormFrame frame = finding_frame(visit, finding, "review");
    if (!standing.review.is_null()) frame.warning = {{"text", decided_text(visit, standing)}};
    FormView form(visit, filled, "review_");
    form.radios("outcome", {{"case", visit.text("review_case"), visit.text("review_case_note")},
                            {"confirmed", visit.text("review_confirmed"), visit.text("review_confirmed_note")},
                            {"dismissed", visit.text("review_dismissed"), visit.text("review_dismissed_note")}});
    form.textarea("reason", {}, 3);
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
    add_staff_page(router, node, "/findings", "page.findings",
                   [kept = std::make_shared<Kept<Json>>()](const Visit& visit) { return show_queue(visit, *kept); });
    add_staff_page(router, node, "/findings/{id}", "page.finding", show_finding);
    add_staff_route(router, node, "/findings/{id}/file", "finding.export", download_finding);
    add_form_page(router, node,
                  {"/findings/{id}/review", "finding.review", Action::review_finding, show_review, act_on_review});
    add_form_page(router, node, {"/findings/{id}/case", "case.open", Action::open_case, show_opening, act_on_opening});
}

}  // namespace gongzhi::web
