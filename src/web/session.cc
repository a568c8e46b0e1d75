#include "web/session.h"

#include "crypto/digest.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kCookie = "gongzhi_session", kUserPrefix = "user:";

Bytes session_key(std::string_view secret) { return "session/" + to_hex(crypto::sha256(secret).view()); }

}  // namespace

Result<std::string> open_session(node::Node& node, const access::Actor& actor) {
    const std::string secret = to_base64url(node.random().bytes(32));
    const Json stored = {{"name", actor.name},
                         {"role", access::role_name(actor.role)},
                         {"unit", actor.unit},
                         {"reach", access::reach_name(actor.reach)},
                         {"until", node.clock().now().value + kSessionMicros}};
    GZ_CHECKED(node.ledger().journal().write_local({{session_key(secret), canonical_json(stored)}}));
    const bool secure = node.config().url.starts_with("https://");
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", kCookie, secret,
                       kSessionMicros / kMicrosPerSecond, secure ? "; Secure" : "");
}

Result<std::string> sign_in(node::Node& node, std::string_view token) {
    GZ_TRY(const access::Actor actor, node.tokens().find(token));
    return open_session(node, actor);
}

Result<std::string> sign_in(node::Node& node, const std::string& name, const std::string& password) {
    GZ_TRY(const access::Actor actor, node.users().log_in(name, password));
    return open_session(node, actor);
}

Result<access::Actor> session_actor(node::Node& node, const http::Request& request) {
    const std::string_view secret = request.cookie(kCookie);
    if (secret.empty()) return fail(ErrorCode::unauthenticated, "not signed in");
    GZ_TRY(const std::optional<Bytes> stored, node.ledger().journal().read_local(session_key(secret)));
    if (!stored) return fail(ErrorCode::unauthenticated, "not signed in");
    GZ_TRY(const Json json, parse_json(*stored));
    GZ_TRY(const int64_t until, json_int(json, "until"));
    if (until < node.clock().now().value) return fail(ErrorCode::unauthenticated, "the session has ended");
    access::Actor actor;
    GZ_TRY(actor.name, json_text(json, "name"));
    if (actor.name.starts_with(kUserPrefix)) {
        auto user = node.users().find(actor.name.substr(kUserPrefix.size()));
        if (!user) return fail(ErrorCode::unauthenticated, "this person may no longer come in");
        return user;
    }
    GZ_TRY(const std::string role, json_text(json, "role"));
    GZ_TRY(actor.unit, json_text_or_empty(json, "unit"));
    GZ_TRY(const std::string reach, json_text_or_empty(json, "reach"));
    actor.role = access::role_of(role).value_or(access::Role::none);
    actor.reach = access::reach_of(reach).value_or(access::Reach::own);
    return actor;
}

Result<std::string> sign_out(node::Node& node, const http::Request& request) {
    const std::string_view secret = request.cookie(kCookie);
    if (!secret.empty()) GZ_CHECKED(node.ledger().journal().write_local({{session_key(secret), std::nullopt}}));
    return fmt::format("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", kCookie);
}

std::string form_token(const http::Request& request) {
    const std::string_view secret = request.cookie(kCookie);
    return secret.empty() ? "" : to_hex(crypto::sha256("gongzhi/form/v1\n" + std::string(secret)).view());
}

}  // namespace gongzhi::web
