// Rules that an authority sent here: the list, one rule with everything that must be known before it runs, and accepting it.
#include "base/bytes.h"
#include "web/comment_views.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/rule_pieces.h"
#include "web/rule_versions.h"

namespace gongzhi::web {
namespace {

using access::Action;
using supervision::RuleVersion;

constexpr int kListed = 100;
constexpr size_t kFindingsShown = 20;

std::string bundle_link(const std::string& id) { return link("/rule-bundles/" + path_segment(id)); }

Result<Json> bundle_of_address(const Visit& visit) {
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT * FROM rule_bundle WHERE message_id = $1 AND direction = 'received'",
                        {visit.request.path_values.at("id")}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    return rows[0];
}

Json bundle_tag(const Visit& visit, const Json& bundle) {
    const bool run = text_at(bundle, "state") == "run";
    return tag(visit.text(run ? "bundle_run" : "bundle_waiting"), run ? "green" : "blue");
}

// --- the list ---

Result<StaffView> show_bundles(const Visit& visit) {
    GZ_TRY(const Json bundles,
           affairs_rows(visit.node, fmt::format("SELECT * FROM rule_bundle WHERE direction = 'received' ORDER BY state "
                                                "= 'run', entry DESC LIMIT {}",
                                                kListed)));
    Json lines = Json::array();
    int64_t waiting = 0;
    for (const Json& each : bundles) {
        const std::string id = text_at(each, "message_id");
        const auto rule = visit.node.rules().rule(text_at(each, "rule"));  // its name, if our pack has it
        Json name = row_header(rule ? pick(visit.language, rule->title) : text_at(each, "rule"));
        name["href"] = bundle_link(id);
        waiting += text_at(each, "state") == "waiting";
        lines.push_back(row({name, tag_cell(bundle_tag(visit, each)), cell(moment(visit, each["logged_time"])),
                             cell(party_name(visit.node, visit.language, text_at(each, "party"))),
                             number_cell(each["findings"].is_null() ? visit.text("none") : each["findings"].dump())}));
    }
    Sheet sheet{.title = visit.text("bundles_title"),
                .lead = visit.text("bundles_lead", {{"count", std::to_string(waiting)}}),
                .next = visit.text(waiting > 0 ? "bundles_next" : "bundles_next_nothing"),
                .source = visit.text("bundles_source")};
    SheetSection section{.table = table("bundles", visit.text("bundles_caption"),
                                        {{visit.text("queue_rules")},
                                         {visit.text("state")},
                                         {visit.text("column_arrived")},
                                         {visit.text("row_from")},
                                         {visit.text("bundles_found"), true}},
                                        std::move(lines))};
    if (bundles.empty()) section.paragraphs = {visit.text("bundles_empty")};
    sheet.sections = {std::move(section)};
    return sheet_view(std::move(sheet));
}

// --- what it found ---

Result<SheetSection> found_section(const Visit& visit, const std::string& id, const Json& bundle) {
    SheetSection section{.heading = visit.text("bundle_found_title")};
    GZ_TRY(const Json report, reply_body(visit, "sent", "findings", id));
    section.paragraphs = {visit.text("bundle_found", {{"count", bundle["findings"].dump()}})};
    if (report.is_null() || !report.contains("findings") || !report["findings"].is_array()) {
        section.paragraphs.push_back(visit.text("incoming_body_gone"));
        return section;
    }
    Json lines = Json::array();
    const char* words = visit.language == Language::zh ? "zh" : "en";
    for (const Json& each : report["findings"]) {
        if (lines.size() == kFindingsShown) break;
        const Json explanation = each.value("explanation", Json::object());
        const bool suspect = text_at(each, "verdict") == "suspect";
        lines.push_back(row({row_header(text_at(each, "subject")),
                             tag_cell(suspect ? tag(visit.text("verdict_suspect"), "orange")
                                              : tag(visit.text("verdict_undecidable"), "grey")),
                             cell(text_at(explanation, words))}));
    }
    const std::string shown = std::to_string(lines.size());
    section.table = table("found", visit.text("bundle_found_caption", {{"shown", shown}}),
                          {{visit.text("column_subject")}, {visit.text("queue_verdict")}, {visit.text("finding_why")}},
                          std::move(lines));
    section.links = {
        {visit.text("bundle_report_receipt"), receipt_link(text_at(report, "message_id")), "findings.receipt"}};
    return section;
}

// --- one rule ---

Json bundle_facts(const Visit& visit, const Json& bundle, const RuleVersion& rule) {
    Facts facts = rule_facts(visit, rule);
    facts.add_tag("state", bundle_tag(visit, bundle))
        .add("row_from", party_name(visit.node, visit.language, text_at(bundle, "party")))
        .add("column_arrived", moment(visit, bundle["logged_time"]));
    if (const std::string who = text_at(bundle, "accepted_by"); !who.empty())
        facts.add("rules_accepted_received", person(visit.language, who));
    return facts.list();
}

SheetSection what_it_is(const Visit& visit, const Json& bundle, const RuleVersion& rule) {
    SheetSection section{.heading = visit.text("rules_what"), .facts = bundle_facts(visit, bundle, rule)};
    section.links = {{visit.text("bundle_receipt"), receipt_link(text_at(bundle, "message_id")), "rule.receipt"},
                     {visit.text("bundle_versions"), rule_version_link(rule.id, to_hex(rule.digest.view()))}};
    if (!authorities(visit).empty() && access::may(visit.actor, Action::comment))
        section.links.push_back({visit.text("bundle_comment"), link("/comments/new", {{"about", "rule:" + rule.id}})});
    return section;
}

Result<StaffView> show_bundle(const Visit& visit) {
    GZ_TRY(const Json bundle, bundle_of_address(visit));
    const std::string id = text_at(bundle, "message_id");
    const bool waits = text_at(bundle, "state") == "waiting";
    const auto rule = visit.node.rules().received_rule(id);
    Sheet sheet{.caption = visit.text("bundle_caption"),
                .title = rule ? pick(visit.language, rule->title) : text_at(bundle, "rule"),
                .lead = visit.text(waits ? "bundle_lead" : "bundle_lead_run"),
                .source = visit.text("bundles_source"),
                .breadcrumbs = {{visit.text("nav_rules"), link("/rule-bundles")}}};
    if (!rule) {
        sheet.warnings = {visit.text("bundle_refused", {{"reason", rule.error().message}})};
        return sheet_view(std::move(sheet));
    }
    const bool may_accept = access::may(visit.actor, Action::accept_rule).has_value();
    sheet.next = visit.text(!waits ? "bundle_next_run" : may_accept ? "bundle_next" : "bundle_next_clerk");
    if (waits && may_accept) sheet.actions = {{visit.text("bundle_to_accept"), bundle_link(id) + "/accept"}};
    if (!waits) {
        GZ_TRY(SheetSection found, found_section(visit, id, bundle));
        sheet.sections.push_back(std::move(found));
    }
    sheet.sections.push_back(what_it_is(visit, bundle, *rule));
    sheet.add(rule_in_words(visit, *rule));
    sheet.add(rule_exactly(visit, *rule));
    GZ_TRY(Json comments, comments_table(visit.node, visit.language, "rule", rule->id));
    if (comments != false)
        sheet.sections.push_back({.heading = visit.text("comments_ours"), .table = std::move(comments)});
    return sheet_view(std::move(sheet));
}

// --- accepting it ---

Result<StaffView> show_accepting(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Json bundle, bundle_of_address(visit));
    const std::string id = text_at(bundle, "message_id");
    const auto rule = visit.node.rules().received_rule(id);
    const std::string name = rule ? pick(visit.language, rule->title) : text_at(bundle, "rule");
    Sheet sheet{.caption = name,
                .title = visit.text("accept_title"),
                .lead = visit.text("accept_lead"),
                .breadcrumbs = {{visit.text("nav_rules"), link("/rule-bundles")}, {name, bundle_link(id)}}};
    if (text_at(bundle, "state") != "waiting") sheet.warnings = {visit.text("accept_before")};
    if (!rule) sheet.warnings = {visit.text("bundle_refused", {{"reason", rule.error().message}})};
    if (rule) {
        sheet.sections.push_back({.facts = bundle_facts(visit, bundle, *rule)});
        sheet.sections.push_back({.table = disclosed_table(visit, *rule)});
    }
    FormView form(visit, filled, "accept_");
    form.checkboxes("read", {{"yes", visit.text("accept_read_yes")}});
    sheet.form = form.view("accept_submit", bundle_link(id));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> act_on_accepting(const Visit& visit, Filled& filled) {
    GZ_TRY(const Json bundle, bundle_of_address(visit));
    const std::string id = text_at(bundle, "message_id");
    (void)filled.needed(visit, "accept_", "read");
    if (text_at(bundle, "state") != "waiting") filled.wrong("", visit.text("accept_before"));
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const auto reported, visit.node.accept_rule(visit.actor, id));
    (void)visit.node.wait_applied(reported.message.index);
    return Next{link("/rule-bundles/" + path_segment(id), {{"done", "rule_accepted"}}), {}};
}

}  // namespace

void add_rule_bundle_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/rule-bundles", "page.rule_bundles", show_bundles);
    add_staff_page(router, node, "/rule-bundles/{id}", "page.rule_bundle", show_bundle);
    add_form_page(router, node,
                  {"/rule-bundles/{id}/accept", "rule.accept", Action::accept_rule, show_accepting, act_on_accepting});
}

}  // namespace gongzhi::web
