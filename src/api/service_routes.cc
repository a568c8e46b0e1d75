// Services back, reveals, figures about both sides, over HTTP.
#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

using access::Action;

Result<std::vector<service::IdentityItem>> items_of(const Json& body) {
    if (!body.contains("items") || !body["items"].is_array())
        return fail_field(ErrorCode::malformed, "items", "a list of traders is expected");
    std::vector<service::IdentityItem> items;
    for (const Json& each : body["items"]) {
        service::IdentityItem item;
        GZ_TRY(item.credit_code, json_text(each, "credit_code"));
        GZ_TRY(item.name, json_text(each, "name"));
        items.push_back(std::move(item));
    }
    return items;
}

void add_check_routes(http::Router& router, node::Node& node) {
    http::Route checks =
        command_route(node, "/v1/checks/identity", Action::check_traders, "check.ask",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const std::string to, json_text(body, "to"));
                          GZ_TRY(const std::vector<service::IdentityItem> items, items_of(body));
                          return node.check_traders(actor, PartyId(to), items);
                      });
    router.add(std::move(checks));
    router.add(query_route(node, "/v1/checks", "check.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM identity_check ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(query_route(node, "/v1/checks/{id}", "check.read", [&node](const http::Request& request) {
        return node.checks().answer_to(request.path_values.at("id"));
    }));
}

void add_reveal_routes(http::Router& router, node::Node& node) {
    router.add(command_route(
        node, "/v1/cases/{case}/reveals", Action::request_reveal, "reveal.request",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            privacy::RevealRequest asked;
            asked.case_id = request.path_values.at("case");
            GZ_TRY(asked.record_type, json_text(body, "record_type"));
            GZ_TRY(asked.record_id, json_text(body, "record_id"));
            GZ_TRY(asked.field, json_text(body, "field"));
            GZ_TRY(asked.purpose, json_text(body, "purpose"));
            GZ_TRY(asked.note, json_text_or_empty(body, "note"));
            GZ_TRY(const std::string id, node.request_reveal(actor, asked));
            return Json{{"reveal", id}};
        }));
    router.add(command_route(
        node, "/v1/reveals/{id}/decision", Action::approve_reveal, "reveal.decide",
        [&node](const access::Actor& actor, const http::Request& request, const Json& body) -> Result<Json> {
            if (!body.contains("approved") || !body["approved"].is_boolean())
                return fail_field(ErrorCode::invalid_argument, "approved", "true or false");
            GZ_TRY(const std::string reason, json_text_or_empty(body, "reason"));
            GZ_TRY(const EntryIndex index,
                   node.reveals().decide(actor, request.path_values.at("id"), body["approved"].get<bool>(), reason));
            return Json{{"entry", index.value}};
        }));
    router.add(
        command_route(node, "/v1/reveals/{id}/look", Action::look, "reveal.look",
                      [&node](const access::Actor& actor, const http::Request& request, const Json&) -> Result<Json> {
                          GZ_TRY(const auto shown, node.reveals().look(actor, request.path_values.at("id")));
                          return Json{{"value", shown.value}, {"told", shown.told.value}};
                      }));
    router.add(query_route(node, "/v1/reveals", "reveal.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM reveal ORDER BY entry DESC LIMIT 1000");
    }));
    router.add(query_route(node, "/v1/looks", "look.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM look ORDER BY entry DESC LIMIT 1000");
    }));
}

// Of a unit within the caller's reach; without a name the caller's own.
Result<Json> cockpit_of(node::Node& node, const access::Actor& actor, const http::Request& request) {
    std::string unit = request.query_value("unit");
    if (unit.empty()) unit = actor.unit;
    GZ_CHECKED(access::may(actor, Action::read, {unit, actor.name}, node.units()));
    (void)node.wait_applied();
    GZ_TRY(const auto connection, node.affairs());
    GZ_TRY(const accountability::Cockpit cockpit,
           accountability::cockpit(unit, node.clock().now(), node.units(), *connection));
    return accountability::to_json(cockpit, node.units());
}

void add_comment_routes(http::Router& router, node::Node& node) {
    router.add(
        command_route(node, "/v1/comments", Action::comment, "comment.say",
                      [&node](const access::Actor& actor, const http::Request&, const Json& body) -> Result<Json> {
                          GZ_TRY(const std::string to, json_text(body, "to"));
                          GZ_TRY(const accountability::Comment comment, accountability::Comment::from_json(body));
                          GZ_TRY(const ledger::SentMessage sent, node.comments().say(actor, PartyId(to), comment));
                          return Json{{"message", sent.id.value}, {"entry", sent.index.value}};
                      }));
    router.add(query_route(node, "/v1/comments", "comment.list", [&node](const http::Request&) {
        return affairs_rows(node, "SELECT * FROM comment ORDER BY entry DESC LIMIT 1000");
    }));
}

void add_figure_routes(http::Router& router, node::Node& node) {
    router.add(query_route(node, "/v1/metrics", "metric.list", [&node](const http::Request&) -> Result<Json> {
        (void)node.wait_applied();
        GZ_TRY(const auto connection, node.affairs());
        return accountability::scorecard(node.metrics(), node.clock().now(), *connection);
    }));
    router.add(query_route(node, "/v1/deadlines", "deadline.list", [&node](const http::Request&) -> Result<Json> {
        (void)node.wait_applied();
        GZ_TRY(const auto connection, node.affairs());
        return accountability::dues_as_of(node.deadlines(), node.clock().now(), node.pack().zone_offset_minutes(),
                                          *connection)
            .map([](const std::vector<accountability::Due>& dues) { return accountability::to_json(dues); });
    }));
    router.add(actor_query_route(node, "/v1/cockpit", "cockpit.read",
                                 [&node](const access::Actor& actor, const http::Request& request) {
                                     return cockpit_of(node, actor, request);
                                 }));
}

}  // namespace

void add_service_routes(http::Router& router, node::Node& node) {
    add_check_routes(router, node);
    add_reveal_routes(router, node);
    add_comment_routes(router, node);
    add_figure_routes(router, node);
}

}  // namespace gongzhi::api
