#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

using access::Action;

// What the acceptance page of a bundle shows: what the rule looks at, and what leaves.
Json rule_view(const supervision::RuleVersion& rule) {
    Json discloses = Json::array(), basis = Json::array();
    for (const supervision::Disclosure& item : rule.discloses)
        discloses.push_back({{"record_type", item.record_type}, {"fields", item.fields}});
    for (const pack::LegalBasis& item : rule.basis)
        basis.push_back({{"law", item.law}, {"article", item.article}, {"unverified", item.unverified}});
    return {{"rule", rule.id},
            {"code", rule.code},
            {"version", rule.version},
            {"zh", rule.title.zh},
            {"en", rule.title.en},
            {"basis", basis},
            {"tables", rule.tables},
            {"subject", rule.subject},
            {"discloses", discloses},
            {"sql", rule.sql},
            {"digest", to_base64(rule.digest.view())}};
}

void add_rule_routes(http::Router& router, node::Node& node) {
    router.add(command_route(
        node, "/v1/rules/{rule}/send", Action::send_rule, "rule.send",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string to, json_text(body, "to"));
            GZ_TRY(const ledger::SentMessage sent,
                   node.rules().send_rule(actor, PartyId(to), request.path_values.at("rule")));
            return Json{{"message", sent.id.value}, {"entry", sent.index.value}};
        }));
    router.add(
        command_route(node, "/v1/rules/{rule}/run", Action::run_rule, "rule.run",
                      [&node](const access::Actor& actor, const http::Request& request, const Json&) -> Result<Json> {
                          GZ_TRY(const auto ran, node.run_rule_here(actor, request.path_values.at("rule")));
                          return Json{{"entry", ran.trace.value}, {"findings", ran.findings}};
                      }));
    router.add(query_route(node, "/v1/rule-bundles", "rule.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM rule_bundle ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(
        query_route(node, "/v1/rule-bundles/{id}", "rule.read", [&node](const http::Request& request) -> Result<Json> {
            GZ_TRY(const supervision::RuleVersion rule, node.rules().received_rule(request.path_values.at("id")));
            return rule_view(rule);
        }));
    router.add(
        command_route(node, "/v1/rule-bundles/{id}/accept", Action::accept_rule, "rule.accept",
                      [&node](const access::Actor& actor, const http::Request& request, const Json&) -> Result<Json> {
                          GZ_TRY(const auto reported, node.accept_rule(actor, request.path_values.at("id")));
                          return Json{{"message", reported.message.id.value},
                                      {"findings", reported.findings},
                                      {"run_micros", reported.run_micros}};
                      }));
}

Result<Json> finding_within_reach(node::Node& node, const access::Actor& actor, const std::string& id) {
    GZ_TRY(Json finding, node.finding(id));
    GZ_TRY(const std::string region, json_text_or_empty(finding, "region"));
    GZ_CHECKED(access::may_in_region(actor, Action::read, region, node.units()));
    return finding;
}

void add_finding_routes(http::Router& router, node::Node& node) {
    router.add(regional_route(
        node, "/v1/findings", "finding.list",
        "SELECT finding_id, party, rule, shop, subject, verdict, reason, columns, region, accepted_time FROM finding "
        "ORDER BY entry LIMIT 20000"));
    router.add(regional_route(node, "/v1/finding-queue", "finding.queue",
                              "SELECT * FROM finding_queue ORDER BY suspect DESC, first_time, subject LIMIT 1000"));
    router.add(query_route(node, "/v1/rule-precision", "rule.precision", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM rule_precision ORDER BY rule");
    }));
    router.add(command_route(
        node, "/v1/findings/{id}/review", Action::review_finding, "finding.review",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string outcome, json_text(body, "outcome"));
            GZ_TRY(const std::string reason, json_text_or_empty(body, "reason"));
            if (outcome != "confirmed" && outcome != "dismissed")
                return fail_field(ErrorCode::invalid_argument, "outcome", "confirmed or dismissed");
            GZ_TRY(const EntryIndex index,
                   supervision::review_finding(actor, {request.path_values.at("id"), outcome == "confirmed", reason},
                                               node.units(), node.ledger(), node.claims(), node.clock()));
            return Json{{"entry", index.value}};
        }));
    router.add(actor_query_route(node, "/v1/findings/{id}", "finding.read",
                                 [&node](const access::Actor& actor, const http::Request& request) {
                                     return finding_within_reach(node, actor, request.path_values.at("id"));
                                 }));
}

void serve_finding_file(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = actor_of(request, node);
    if (!actor) return respond(http::problem(actor.error()));
    if (const Status allowed = access::may(*actor, Action::read); !allowed)
        return respond(http::problem(allowed.error()));
    const std::string& id = request.path_values.at("id");
    if (const auto seen = finding_within_reach(node, *actor, id); !seen) return respond(http::problem(seen.error()));
    const auto file = node.finding_file(id);
    if (file)
        if (const Status kept = node.audit_log().record_export(*actor, "finding.export", request.path); !kept)
            return respond(http::problem(kept.error()));
    respond(file ? http::Response::text(200, file->format(), "application/json") : http::problem(file.error()));
}

}  // namespace

void add_supervision_routes(http::Router& router, node::Node& node) {
    add_rule_routes(router, node);
    add_finding_routes(router, node);
    router.add({"GET", "/v1/findings/{id}/file", http::Admission::token, "read", "finding.export", 0,
                [&node](http::Request request, http::Respond respond) { serve_finding_file(node, request, respond); }});
}

}  // namespace gongzhi::api
