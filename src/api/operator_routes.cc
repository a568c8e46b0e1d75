#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

using access::Action;

Result<Json> status_of(node::Node& node) {
    GZ_TRY(const auto pending, node.outbox().pending());
    Json queued = Json::array();
    for (const auto& item : pending)
        queued.push_back(
            {{"to", item.to.value}, {"id", item.id.value}, {"type", item.type}, {"problem", item.last_problem}});
    const auto counters = node.ledger().journal().counters();
    const auto checkpoint = node.ledger().latest_checkpoint();
    return Json{{"party", node.config().party.value},
                {"now", format_utc(node.clock().now())},
                {"entries", node.ledger().journal().size().value},
                {"applied", {{"affairs", node.applied_affairs().value}, {"records", node.applied_records().value}}},
                {"reacted", node.reactor().done().value},
                {"outbox", queued},
                {"batches", counters.batches},
                {"fsyncs", counters.fsyncs},
                {"checkpoint", checkpoint ? checkpoint->note : ""}};
}

// Everything this node set in motion has come to rest: tables filled, reactions done, messages signed for.
Result<Json> settle(node::Node& node) {
    for (int round = 0; round < 60; ++round) {
        const TreeSize size = node.ledger().journal().size();
        const bool applied = node.wait_applied(kMicrosPerSecond) && node.reactor().wait_for(size, kMicrosPerSecond);
        bool delivered = true;
        for (const auto& peer : node.peers().all())
            delivered &= node.outbox().wait_delivered(peer.party, kMicrosPerSecond);
        if (applied && delivered && node.ledger().journal().size() == size)
            return Json{{"settled", true}, {"entries", size.value}};
    }
    return Json{{"settled", false}};
}

// Role, unit and reach of a grant, as a body names them.
struct Grant {
    std::string name;
    access::Role role = access::Role::none;
    std::string unit;
    access::Reach reach = access::Reach::subtree;
};
Result<Grant> grant_of(const Json& body, const node::Node& node) {
    Grant grant;
    GZ_TRY(grant.name, json_text(body, "name"));
    GZ_TRY(const std::string role_text, json_text(body, "role"));
    const auto role = access::role_of(role_text);
    if (!role)
        return fail_field(ErrorCode::invalid_argument, "role",
                          "one of clerk, engineer, officer, system_administrator, security_administrator, "
                          "audit_administrator");
    grant.role = *role;
    GZ_TRY(grant.unit, json_text_or_empty(body, "unit"));
    if (!grant.unit.empty() && !node.units().find(grant.unit))
        return fail_field(ErrorCode::invalid_argument, "unit", "there is no such unit");
    GZ_TRY(const std::string reach_text, json_text_or_empty(body, "reach"));
    const auto reach = access::reach_of(reach_text.empty() ? "subtree" : reach_text);
    if (!reach) return fail_field(ErrorCode::invalid_argument, "reach", "one of own, unit, subtree");
    grant.reach = *reach;
    return grant;
}

// Who may come in: units, people, tokens. Tokens are issued by the owner of the folder alone.
void add_people_routes(http::Router& router, node::Node& node) {
    router.add(command_route(
        node, "/v1/tokens", Action::issue_token, "token.issue",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            GZ_CHECKED(access::may(actor, Action::issue_token));
            if (!request.local)
                return fail(ErrorCode::forbidden, "tokens are issued by the owner of the node's folder");
            GZ_TRY(const Grant grant, grant_of(body, node));
            if (body.value("once", false)) {
                GZ_TRY(const std::string token,
                       node.tokens().issue_once({"token:" + grant.name, grant.role, grant.unit, grant.reach}));
                return Json{{"token", token}, {"once", true}};
            }
            GZ_TRY(const std::string token, node.tokens().issue(grant.name, grant.role, grant.unit, grant.reach));
            return Json{{"token", token}};
        }));
    router.add(command_route(
        node, "/v1/users", Action::manage_users, "user.add",
        [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
            GZ_TRY(const Grant grant, grant_of(body, node));
            GZ_TRY(const std::string password, json_text(body, "password"));
            GZ_CHECKED(node.users().add(actor, grant.name, password, grant.role, grant.unit, grant.reach));
            return Json{{"name", grant.name}};
        }));
    router.add(
        command_route(node, "/v1/units", Action::define_unit, "unit.define",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const access::Unit unit, access::Unit::from_json(body));
                          GZ_TRY(const EntryIndex index,
                                 node.units().define(actor, unit, node.ledger(), node.claims(), node.clock()));
                          return Json{{"unit", unit.id}, {"entry", index.value}};
                      }));
    router.add(query_route(node, "/v1/units", "unit.list", [&node](const http::Request&) -> Result<Json> {
        Json list = Json::array();
        for (const access::Unit& unit : node.units().all()) list.push_back(unit.to_json());
        return list;
    }));
    router.add(actor_query_route(
        node, "/v1/audit", "audit.list",
        [&node](const access::Actor& actor, const http::Request&) { return node.audit_log().list(actor); },
        Action::read_audit));
}

}  // namespace

void add_operator_routes(http::Router& router, node::Node& node) {
    router.add(
        command_route(node, "/v1/invitations", Action::admit_party, "party.invite",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const std::string party, json_text(body, "party"));
                          GZ_TRY(const exchange::Invitation invitation, node.admission().invite(actor, PartyId(party)));
                          return Json{{"url", invitation.url},
                                      {"code", invitation.code},
                                      {"fingerprint", invitation.fingerprint},
                                      {"text", invitation.text()}};
                      }));
    router.add(command_route(
        node, "/v1/joins", Action::join_party, "party.join",
        [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
            GZ_TRY(const std::string url, json_text(body, "url"));
            GZ_TRY(const std::string code, json_text(body, "code"));
            GZ_TRY(const std::string fingerprint, json_text(body, "fingerprint"));
            GZ_TRY(const auto joined, node.admission().join(actor, url, code, fingerprint));
            GZ_TRY(const Json test, node.test_connection(joined.peer.party));
            return Json{{"party", joined.peer.to_json()}, {"receipt", joined.receipt}, {"connection", test}};
        }));
    add_people_routes(router, node);
    router.add(query_route(node, "/v1/parties", "party.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM party ORDER BY entry");
    }));
    router.add(query_route(node, "/v1/messages", "message.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM message ORDER BY entry DESC LIMIT 5000");
    }));
    router.add(
        query_route(node, "/v1/status", "status.read", [&node](const http::Request&) { return status_of(node); }));
    router.add(
        query_route(node, "/v1/settled", "status.settled", [&node](const http::Request&) { return settle(node); }));
    router.add(query_route(node, "/v1/table-digests", "tables.digest", [&node](const http::Request&) {
        (void)node.wait_applied(30 * kMicrosPerSecond);
        return node.table_digests();
    }));
}

}  // namespace gongzhi::api
