// Running a rule over what was submitted to this authority: what it reads and how much of it is here, then the run.
#include "web/console_pages.h"
#include "web/form.h"
#include "web/pieces.h"
#include "web/rule_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;

Result<supervision::RuleVersion> rule_of_address(const Visit& visit) {
    return visit.node.rules().rule(visit.request.path_values.at("rule"));
}

// How many current records of each type the rule would read, so that nobody takes "found nothing" for "all is well".
Result<Json> records_here(const Visit& visit, const supervision::RuleVersion& rule) {
    Json rows = Json::array();
    for (const std::string& name : rule.tables) {
        const pack::RecordType* type = visit.node.pack().record_type(name);
        if (!type) continue;
        GZ_TRY(const Json counted,
               records_rows(visit.node,
                            fmt::format("SELECT count(*) AS n FROM store.{} WHERE entry_to IS NULL", type->name)));
        rows.push_back({{"key", pick(visit.language, type->title)},
                        {"value", visit.text("rule_run_records", {{"count", counted[0]["n"].dump()}})}});
    }
    return rows;
}

bool any_here(const Json& rows, const Visit& visit) {
    const std::string none = visit.text("rule_run_records", {{"count", "0"}});
    return std::any_of(rows.begin(), rows.end(), [&](const Json& row) { return text_at(row, "value") != none; });
}

Result<StaffView> show_run(const Visit& visit, const Filled& filled) {
    GZ_TRY(const supervision::RuleVersion rule, rule_of_address(visit));
    GZ_TRY(Json rows, records_here(visit, rule));
    const std::string title = pick(visit.language, rule.title);
    const Json warning = any_here(rows, visit) ? Json(false) : Json{{"text", visit.text("rule_run_nothing_here")}};
    rows.insert(rows.begin(), Json{{"key", visit.text("rules_version")}, {"value", std::to_string(rule.version)}});
    const FormView form(visit, filled, "rule_run_");
    return form_page({.caption = title,
                      .title = visit.text("rule_run_title"),
                      .lead = visit.text("rule_run_lead"),
                      .facts = {{"rows", std::move(rows)}},
                      .warning = warning,
                      .breadcrumbs = {{visit.text("rules_title"), link("/rules")}, {title, rule_link(rule.id)}}},
                     filled, form.view("rule_run_submit", rule_link(rule.id)));
}

Result<Next> act_on_run(const Visit& visit, Filled&) {
    GZ_TRY(const supervision::RuleVersion rule, rule_of_address(visit));
    GZ_TRY(const auto ran, visit.node.run_rule_here(visit.actor, rule.id));
    (void)visit.node.wait_applied();
    if (ran.findings == 0) return Next{link("/rules/" + path_segment(rule.id), {{"done", "rule_run_clear"}}), {}};
    return Next{link("/findings", {{"rule", rule.id}, {"done", "rule_run"}}), {}};
}

}  // namespace

void add_rule_run_page(http::Router& router, node::Node& node) {
    add_form_page(router, node, {"/rules/{rule}/run", "rule.run_here", Action::run_rule, show_run, act_on_run});
}

}  // namespace gongzhi::web
