// The pack's rules in plain words, for everybody: what each looks for, on which law, in which data, and what became of it.
#include "base/bytes.h"
#include "web/collation.h"
#include "web/law.h"
#include "web/portal_pages.h"
#include "web/rule_pieces.h"
#include "web/rule_versions.h"

namespace gongzhi::web {
namespace {

using supervision::RuleVersion;

struct Figures {
    int64_t findings = 0, confirmed = 0, dismissed = 0;
};

// What an authority's people made of a rule's findings; nothing at a platform, whose node takes in none.
Result<std::optional<Figures>> figures_of(const Visit& visit, const RuleVersion& rule) {
    if (staff_face(visit.node) != Face::console) return std::optional<Figures>();
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT findings, confirmed, dismissed FROM rule_precision WHERE rule = $1",
                        {rule.id}));
    if (rows.empty()) return std::optional<Figures>(Figures{});
    return std::optional<Figures>(Figures{rows[0]["findings"].get<int64_t>(), rows[0]["confirmed"].get<int64_t>(),
                                          rows[0]["dismissed"].get<int64_t>()});
}

std::string state_text(const Visit& visit, const RuleVersion& rule) {
    constexpr const char* names[] = {"draft", "sandbox", "comments", "adopted", "retired"};
    return visit.text(std::string("rules_state_") + names[static_cast<size_t>(rule.state)]);
}

Json rule_row(const Visit& visit, const RuleVersion& rule, const std::optional<Figures>& figures) {
    const std::string law = rule.basis.empty() ? visit.text("none") : rule.basis[0].law + rule.basis[0].article;
    Json law_cell = cell(law);
    law_cell["lang"] = language_of(law);
    std::vector<Json> cells = {link_cell(pick(visit.language, rule.title), rule_link(rule.id)), cell(rule.code),
                               std::move(law_cell), cell(state_text(visit, rule))};
    cells[0]["header"] = true;
    if (figures)
        for (const int64_t number : {figures->findings, figures->confirmed, figures->dismissed})
            cells.push_back(number_cell(number));
    return row(std::move(cells));
}

Result<StaffView> show_rules(const Visit& visit) {
    std::vector<TableColumn> columns = {{visit.text("rules_column_rule")},
                                        {visit.text("rules_column_code")},
                                        {visit.text("rules_column_law")},
                                        {visit.text("state")}};
    if (staff_face(visit.node) == Face::console)
        for (const char* name : {"rules_column_findings", "rules_column_confirmed", "rules_column_dismissed"})
            columns.push_back({visit.text(name), true});
    const auto ids = visit.node.rules().rule_ids();
    Json named = Json::array();
    for (const std::string& id : ids.value_or(std::vector<std::string>())) {  // a pack need not have rules
        const auto rule = visit.node.rules().rule(id);
        if (!rule) continue;  // one that is badly written hides no other
        GZ_TRY(const auto figures, figures_of(visit, *rule));
        named.push_back({{"title", pick(visit.language, rule->title)}, {"row", rule_row(visit, *rule, figures)}});
    }
    sort_by(visit.language, named, "title");
    Json rows = Json::array();
    for (Json& one : named) rows.push_back(std::move(one["row"]));
    return StaffView{"rules",
                     visit.text("rules_title"),
                     {{"rules", table("rules", visit.text("rules_caption"), columns, std::move(rows))},
                      {"source", visit.text("rules_source", {{"pack", pick(visit.language, visit.node.pack().title())},
                                                             {"version", visit.node.pack().version()},
                                                             {"digest", to_hex(visit.node.pack().digest().view())}})}}};
}

std::string figures_text(const Visit& visit, const std::optional<Figures>& figures) {
    if (!figures) return visit.text("rules_figures_elsewhere");
    if (figures->findings == 0) return visit.text("rules_figures_none");
    return visit.text("rules_figures",
                      {{"findings", std::to_string(figures->findings)},
                       {"confirmed", std::to_string(figures->confirmed)},
                       {"dismissed", std::to_string(figures->dismissed)},
                       {"open", std::to_string(figures->findings - figures->confirmed - figures->dismissed)}});
}

// An officer's ways to use it: where the records are.
std::vector<SheetAction> actions_on(const Visit& visit, const RuleVersion& rule) {
    std::vector<SheetAction> actions;
    if (staff_face(visit.node) != Face::console) return actions;
    if (access::may(visit.actor, access::Action::send_rule))
        actions.push_back({visit.text("rule_to_send"), link("/platforms")});
    if (access::may(visit.actor, access::Action::run_rule))
        actions.push_back({visit.text("rule_to_run"), rule_link(rule.id) + "/run"});
    return actions;
}

Result<StaffView> show_rule(const Visit& visit) {
    GZ_TRY(const RuleVersion rule, visit.node.rules().rule(visit.request.path_values.at("rule")));
    GZ_TRY(const auto figures, figures_of(visit, rule));
    GZ_TRY(SheetSection versions, versions_section(visit, rule));
    Sheet sheet{.caption = visit.text("rule_caption"),
                .title = pick(visit.language, rule.title),
                .lead = visit.text("people_decide"),
                .actions = actions_on(visit, rule),
                .source = visit.text("rules_source", {{"pack", pick(visit.language, visit.node.pack().title())},
                                                      {"version", visit.node.pack().version()},
                                                      {"digest", to_hex(visit.node.pack().digest().view())}}),
                .breadcrumbs = {{visit.text("rules_title"), link("/rules")}}};
    const Json state = tag(state_text(visit, rule), rule.state == supervision::RuleState::adopted ? "green" : "grey");
    sheet.sections = {
        {.heading = visit.text("rules_what"), .facts = rule_facts(visit, rule).add_tag("state", state).list()}};
    sheet.add(rule_in_words(visit, rule));
    sheet.add({{.heading = visit.text("rules_became"), .paragraphs = {figures_text(visit, figures)}},
               {.heading = visit.text("rules_do"), .paragraphs = {visit.text("rules_do_text")}},
               std::move(versions)});
    sheet.add(rule_exactly(visit, rule));
    return sheet_view(std::move(sheet));
}

}  // namespace

void add_rule_pages(http::Router& router, node::Node& node) {
    add_public_page(router, node, "/rules", "page.rules", show_rules);
    add_public_page(router, node, "/rules/{rule}", "page.rule", show_rule);
    add_rule_version_page(router, node);
}

}  // namespace gongzhi::web
