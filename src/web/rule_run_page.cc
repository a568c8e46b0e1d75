// Running a rule over what was submitted to this authority: what it reads and how much of it is here, then the run.
#include "web/console_pages.h"
#include "web/form.h"
#include "web/pieces.h"
#include "web/rule_pieces.h"
#include "web/sheet.h"

namespace gongzhi::web {
namespace {

using access::Action;

Result<supervision::RuleVersion> rule_of_address(const Visit& visit) {
    return visit.node.rules().rule(visit.request.path_values.at("rule"));
}

// How many current records of each type the rule would read, so that nobody takes "found nothing" for "all is well".
struct RecordsHere {
    Json rows = Json::array();  // of a summary list
    int64_t all = 0;
};

Result<RecordsHere> records_here(const Visit& visit, const supervision::RuleVersion& rule) {
    RecordsHere here;
    for (const std::string& name : rule.tables) {
        const pack::RecordType* type = visit.node.pack().record_type(name);
        if (!type) continue;
        GZ_TRY(const Json counted,
               records_rows(visit.node,
                            fmt::format("SELECT count(*) AS n FROM store.{} WHERE entry_to IS NULL", type->name)));
        here.all += counted[0]["n"].get<int64_t>();
        here.rows.push_back({{"key", pick(visit.language, type->title)},
                             {"value", visit.text("rule_run_records", {{"count", counted[0]["n"].dump()}})}});
    }
    return here;
}

Result<StaffView> show_run(const Visit& visit, const Filled& filled) {
    GZ_TRY(const supervision::RuleVersion rule, rule_of_address(visit));
    GZ_TRY(RecordsHere here, records_here(visit, rule));
    const std::string title = pick(visit.language, rule.title);
    here.rows.insert(here.rows.begin(),
                     Json{{"key", visit.text("rules_version")}, {"value", std::to_string(rule.version)}});
    FormFrame frame = {.caption = title,
                       .title = visit.text("rule_run_title"),
                       .lead = visit.text("rule_run_lead"),
                       .facts = {{"rows", std::move(here.rows)}},
                       .breadcrumbs = {{visit.text("rules_title"), link("/rules")}, {title, rule_link(rule.id)}}};
    if (here.all == 0)
        return instead_of_form(visit, std::move(frame), visit.text("rule_run_nothing_here"),
                               {visit.text("rule_run_back"), rule_link(rule.id)}, filled);
    const FormView form(visit, filled, "rule_run_");
    return form_page(std::move(frame), filled, form.view("rule_run_submit", rule_link(rule.id)));
}

Result<Next> act_on_run(const Visit& visit, Filled& filled) {
    GZ_TRY(const supervision::RuleVersion rule, rule_of_address(visit));
    GZ_TRY(const RecordsHere here, records_here(visit, rule));
    if (here.all == 0) {
        filled.wrong("", visit.text("rule_run_no_data"));
        return Next{};
    }
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
