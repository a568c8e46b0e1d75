#include "api/route_helpers.h"

#include "base/log.h"

namespace gongzhi::api {
namespace {

constexpr size_t kCommandBytesMax = 256u << 10;

Json json_of(const sql::Value& value) {
    struct Visitor {
        Json operator()(sql::Null) const { return nullptr; }
        Json operator()(bool flag) const { return flag; }
        Json operator()(int64_t number) const { return number; }
        Json operator()(const sql::HugeInt& number) const { return sql::decimal_text(number.value, 0); }
        Json operator()(const sql::Decimal& number) const { return sql::decimal_text(number.unscaled, number.scale); }
        Json operator()(const std::string& text) const { return text; }
        Json operator()(CivilDate date) const { return format_date(date); }
        Json operator()(UtcTime time) const { return format_utc(time); }
    };
    return std::visit(Visitor{}, value);
}

Result<Json> body_of(const http::Request& request) {
    if (request.body.empty()) return Json::object();
    return parse_json(request.body, {.bytes_max = kCommandBytesMax});
}

// Who did what, whether it was allowed: never a body, never a value.
void audit(const std::string& event, const Result<access::Actor>& actor, const std::string& outcome) {
    log_info("audit event={} actor={} outcome={}", event, actor ? actor->name : "unknown", outcome);
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
                    audit(audit_event, actor, "unauthenticated");
                    return respond(http::problem(actor.error()));
                }
                const Result<Json> body = body_of(request);
                const Result<Json> result =
                    body ? command(*actor, request, *body) : Result<Json>(tl::unexpected(body.error()));
                audit(audit_event, actor, result ? "done" : std::string(error_info(result.error().code).name));
                respond(answer(result));
            }};
}

http::Route query_route(node::Node& node, std::string pattern, std::string audit_event, Query query) {
    return {"GET",
            std::move(pattern),
            http::Admission::token,
            std::string(access::action_name(access::Action::read)),
            std::move(audit_event),
            0,
            [&node, query = std::move(query)](http::Request request, http::Respond respond) {
                const Result<access::Actor> actor = actor_of(request, node);
                if (!actor) return respond(http::problem(actor.error()));
                if (const Status allowed = access::may(*actor, access::Action::read); !allowed)
                    return respond(http::problem(allowed.error()));
                respond(answer(query(request)));
            }};
}

Json rows_of(const sql::Table& table) {
    Json rows = Json::array();
    for (const sql::Row& row : table.rows) {
        Json object = Json::object();
        for (size_t i = 0; i < row.size(); ++i) object[table.columns[i].name] = json_of(row[i]);
        rows.push_back(std::move(object));
    }
    return rows;
}

Result<Json> affairs_rows(node::Node& node, std::string_view sql, const sql::Parameters& parameters) {
    (void)node.wait_applied();  // at most two seconds; afterwards the tables are shown as they are
    GZ_TRY(const auto connection, node.affairs());
    GZ_TRY(const sql::Table table, connection->query(sql, parameters));
    return rows_of(table);
}

}  // namespace gongzhi::api
