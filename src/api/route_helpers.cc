#include "api/route_helpers.h"

#include "base/log.h"
#include "sql/json.h"

namespace gongzhi::api {
namespace {

constexpr size_t kCommandBytesMax = 256u << 10;

Result<Json> body_of(const http::Request& request) {
    if (request.body.empty()) return Json::object();
    return parse_json(request.body, {.bytes_max = kCommandBytesMax});
}

// Who did what, whether it was allowed: never a body, never a value. A known actor's refusals are kept.
void audit(node::Node& node, const std::string& event, const http::Request& request, const Result<access::Actor>& actor,
           const Error* refused) {
    const std::string outcome = refused ? std::string(error_info(refused->code).name) : "done";
    log_info("audit event={} actor={} outcome={}", event, actor ? actor->name : "unknown", outcome);
    if (!actor || !refused) return;
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (const Status kept = node.audit_log().record(*actor, event, path, *refused); !kept)
        log_warning("a refusal could not be kept: {}", kept.error().describe());
}

}  // namespace

Result<access::Actor> actor_of(const http::Request& request, node::Node& node) {
    if (request.local) {
        const auto role = access::role_of(request.header("gongzhi-role"));
        if (!role) return fail(ErrorCode::unauthenticated, "name a role in the field Gongzhi-Role");
        return access::Actor{"owner:" + std::string(access::role_name(*role)), *role};
    }
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view field = request.header("authorization");
    if (!field.starts_with(scheme))
        return fail(ErrorCode::unauthenticated, "a token is needed: Authorization: Bearer …");
    return node.tokens().find(field.substr(scheme.size()));
}

http::Response answer(const Result<Json>& result) {
    if (!result) return http::problem(result.error());
    return http::Response::json(200, result->dump(-1, ' ', false, Json::error_handler_t::replace));
}

http::Route command_route(node::Node& node, std::string pattern, access::Action permission, std::string audit_event,
                          Command command) {
    return {"POST",
            std::move(pattern),
            http::Admission::token,
            std::string(access::action_name(permission)),
            audit_event,
            kCommandBytesMax,
            [&node, audit_event, command = std::move(command)](http::Request request, http::Respond respond) {
                const Result<access::Actor> actor = actor_of(request, node);
                if (!actor) {
                    audit(node, audit_event, request, actor, &actor.error());
                    return respond(http::problem(actor.error()));
                }
                const Result<Json> body = body_of(request);
                const Result<Json> result =
                    body ? command(*actor, request, *body) : Result<Json>(tl::unexpected(body.error()));
                audit(node, audit_event, request, actor, result ? nullptr : &result.error());
                respond(answer(result));
            }};
}

http::Route actor_query_route(node::Node& node, std::string pattern, std::string audit_event, ActorQuery query,
                              access::Action permission) {
    return {"GET",
            std::move(pattern),
            http::Admission::token,
            std::string(access::action_name(permission)),
            audit_event,
            0,
            [&node, permission, audit_event, query = std::move(query)](http::Request request, http::Respond respond) {
                const Result<access::Actor> actor = actor_of(request, node);
                if (!actor) return respond(http::problem(actor.error()));
                const Status allowed = access::may(*actor, permission);
                const Result<Json> result =
                    allowed ? query(*actor, request) : Result<Json>(tl::unexpected(allowed.error()));
                if (!result) audit(node, audit_event, request, actor, &result.error());
                respond(answer(result));
            }};
}

http::Route query_route(node::Node& node, std::string pattern, std::string audit_event, Query query) {
    return actor_query_route(
        node, std::move(pattern), std::move(audit_event),
        [query = std::move(query)](const access::Actor&, const http::Request& request) { return query(request); });
}

Json within_reach(const Json& rows, const access::Actor& actor, const access::Units& units) {
    Json visible = Json::array();
    for (const Json& row : rows)
        if (access::reaches_region(actor, row.value("region", std::string()), units)) visible.push_back(row);
    return visible;
}

http::Route regional_route(node::Node& node, std::string pattern, std::string audit_event, std::string sql) {
    return actor_query_route(
        node, std::move(pattern), std::move(audit_event),
        [&node, sql = std::move(sql)](const access::Actor& actor, const http::Request&) -> Result<Json> {
            GZ_TRY(const Json rows, affairs_rows(node, sql));
            return within_reach(rows, actor, node.units());
        });
}

}  // namespace gongzhi::api
