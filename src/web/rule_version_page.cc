// One version of a rule at an address of its own, by its digest: as it was, whatever the pack says today.
#include "base/bytes.h"
#include "web/pieces.h"
#include "web/portal_pages.h"
#include "web/rule_pieces.h"
#include "web/rule_versions.h"

namespace gongzhi::web {
namespace {

using supervision::RuleVersion;

std::string lead(const Visit& visit, const std::string& digest, const Result<RuleVersion>& current) {
    if (!current) return visit.text("rules_version_gone");
    const std::string of_current = to_hex(current->digest.view());
    if (of_current == digest) return visit.text("rules_version_is_current");
    return visit.text("rules_version_is_not",
                      {{"version", std::to_string(current->version)}, {"digest", short_digest(of_current)}});
}

void add_road(const Visit& visit, const KnownVersion& known, Facts& facts) {
    const std::string direction = rule_direction(visit);
    facts.add("rules_first_" + direction, known.first_time);
    facts.add("rules_last_" + direction, known.last_time);
    if (!known.parties.empty()) facts.add("rules_party_" + direction, known.parties);
    if (!known.accepted_by.empty()) facts.add("rules_accepted_" + direction, known.accepted_by);
}

// The pack's own version need not have gone anywhere to be shown.
struct Asked {
    std::string digest;
    Result<RuleVersion> current;
    Result<RuleVersion> rule = current;  // until it proves to be another one
    std::optional<KnownVersion> known = {};
    std::string sql = {};  // also of a rule that today's pack cannot read
};

Result<Asked> asked_version(const Visit& visit) {
    const std::string& id = visit.request.path_values.at("rule");
    const supervision::RuleDesk& desk = visit.node.rules();
    Asked asked{.digest = visit.request.path_values.at("digest"), .current = desk.rule(id)};
    GZ_TRY(auto versions, known_versions(visit, id, asked.digest));
    if (!versions.empty()) asked.known = std::move(versions[0]);
    if (asked.current && to_hex(asked.current->digest.view()) == asked.digest) return asked;
    if (!asked.known) return fail(ErrorCode::not_found, "no such version of the rule is known here");
    GZ_TRY(const Bytes bundle, desk.bundle(asked.known->message_id));
    asked.rule = desk.compile(bundle);
    if (const auto source = supervision::open_bundle(bundle, "bundle")) asked.sql = source->rule_sql;
    return asked;
}

Result<StaffView> show_version(const Visit& visit) {
    GZ_TRY(const Asked asked, asked_version(visit));
    const std::string& id = visit.request.path_values.at("rule");
    const RuleVersion* named = asked.rule ? &*asked.rule : asked.current ? &*asked.current : nullptr;
    const std::string name = named ? pick(visit.language, named->title) : id;
    const auto number = asked.rule ? std::optional(asked.rule->version) : asked.known->number;
    Sheet sheet{.caption = visit.text("rule_caption"),
                .title = visit.text("rules_version_title", {{"name", name}, {"version", version_name(visit, number)}}),
                .lead = lead(visit, asked.digest, asked.current),
                .source = visit.text("rules_version_source"),
                .breadcrumbs = {{visit.text("rules_title"), link("/rules")}}};
    SheetSection what{.heading = visit.text("rules_what")};
    Facts facts = asked.rule ? rule_facts(visit, *asked.rule) : Facts(visit).add("rules_digest", asked.digest);
    if (asked.known) add_road(visit, *asked.known, facts);
    what.facts = facts.list();
    if (asked.current) {
        what.links = {{visit.text("rules_to_current"), rule_link(id)}};
        sheet.breadcrumbs.push_back({pick(visit.language, asked.current->title), rule_link(id)});
    }
    sheet.sections = {std::move(what)};
    if (asked.rule) {
        sheet.add(rule_in_words(visit, *asked.rule));
        sheet.add(rule_exactly(visit, *asked.rule));
    } else {
        sheet.warnings = {visit.text("rules_version_unreadable", {{"reason", asked.rule.error().message}})};
        if (!asked.sql.empty())
            sheet.sections.push_back(
                {.heading = visit.text("rules_exactly"), .details = Json::array({sql_details(visit, asked.sql)})});
    }
    return sheet_view(std::move(sheet));
}

}  // namespace

void add_rule_version_page(http::Router& router, node::Node& node) {
    add_public_page(router, node, "/rules/{rule}/versions/{digest}", "page.rule_version", show_version);
}

}  // namespace gongzhi::web
