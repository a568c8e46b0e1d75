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

void add_finding_routes(http::Router& router, node::Node& node) {
    router.add(query_route(node, "/v1/findings", "finding.list", [&node](const http::Request&) {
        return affairs_rows(
            node,
            "SELECT finding_id, party, rule, shop, subject, verdict, reason, columns, accepted_time FROM finding ORDER BY entry LIMIT 20000");
    }));
    router.add(query_route(node, "/v1/findings/{id}", "finding.read", [&node](const http::Request& request) {
        return node.finding(request.path_values.at("id"));
    }));
}

void serve_finding_file(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = actor_of(request, node);
    if (!actor) return respond(http::problem(actor.error()));
    if (const Status allowed = access::may(*actor, Action::read); !allowed)
        return respond(http::problem(allowed.error()));
    const auto file = node.finding_file(request.path_values.at("id"));
    respond(file ? http::Response::text(200, file->format(), "application/json") : http::problem(file.error()));
}

void add_case_routes(http::Router& router, node::Node& node) {
    router.add(query_route(node, "/v1/cases", "case.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM supervision_case ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(
        command_route(node, "/v1/cases", Action::open_case, "case.open",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const std::string finding, json_text(body, "finding"));
                          GZ_TRY(const auto opened, node.casework().open_case(actor, finding));
                          return Json{{"case", opened.case_id}, {"entry", opened.index.value}};
                      }));
    router.add(command_route(
        node, "/v1/cases/{case}/requests", Action::send_request, "request.send",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            Json whole = body;
            whole["case"] = request.path_values.at("case");
            GZ_TRY(const casework::InformationRequest asked, casework::InformationRequest::from_json(whole));
            GZ_TRY(const auto requested, node.send_request(actor, asked));
            return Json{{"message", requested.message.id.value}, {"deadline", format_utc(requested.deadline)}};
        }));
    router.add(query_route(node, "/v1/requests", "request.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM request ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(query_route(node, "/v1/blocked-requests", "request.blocked.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM blocked_request ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(command_route(
        node, "/v1/requests/{id}/answer", Action::answer_request, "request.answer",
        [&node](const access::Actor& actor, const http::Request& request, const Json&) -> Result<Json> {
            GZ_TRY(const ledger::SentMessage sent, node.answer_request(actor, request.path_values.at("id")));
            return Json{{"message", sent.id.value}, {"entry", sent.index.value}};
        }));
}

}  // namespace

void add_supervision_routes(http::Router& router, node::Node& node) {
    add_rule_routes(router, node);
    add_finding_routes(router, node);
    router.add({"GET", "/v1/findings/{id}/file", http::Admission::token, "read", "finding.export", 0,
                [&node](http::Request request, http::Respond respond) { serve_finding_file(node, request, respond); }});
    add_case_routes(router, node);
}

}  // namespace gongzhi::api
