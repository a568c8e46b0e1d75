#include "web/session.h"

#include "crypto/digest.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kCookie = "gongzhi_session";

Bytes session_key(std::string_view secret) { return "session/" + to_hex(crypto::sha256(secret).view()); }

}  // namespace

Result<std::string> sign_in(node::Node& node, std::string_view token) {
    GZ_TRY(const access::Actor actor, node.tokens().find(token));
    const std::string secret = to_base64url(node.random().bytes(32));
    const Json stored = {{"name", actor.name},
                         {"role", access::role_name(actor.role)},
                         {"until", node.clock().now().value + kSessionMicros}};
    GZ_CHECKED(node.ledger().journal().write_local({{session_key(secret), canonical_json(stored)}}));
    const bool secure = node.config().url.starts_with("https://");
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kCookie, secret,
                       kSessionMicros / kMicrosPerSecond, secure ? "; Secure" : "");
}

Result<access::Actor> session_actor(node::Node& node, const http::Request& request) {
    const std::string_view secret = request.cookie(kCookie);
    if (secret.empty()) return fail(ErrorCode::unauthenticated, "not signed in");
    GZ_TRY(const std::optional<Bytes> stored, node.ledger().journal().read_local(session_key(secret)));
    if (!stored) return fail(ErrorCode::unauthenticated, "not signed in");
    GZ_TRY(const Json json, parse_json(*stored));
    if (json["until"].get<int64_t>() < node.clock().now().value)
        return fail(ErrorCode::unauthenticated, "the session has ended");
    GZ_TRY(const std::string role, json_text(json, "role"));
    return access::Actor{json["name"].get<std::string>(), access::role_of(role).value_or(access::Role::none)};
}

Result<std::string> sign_out(node::Node& node, const http::Request& request) {
    const std::string_view secret = request.cookie(kCookie);
    if (!secret.empty()) GZ_CHECKED(node.ledger().journal().write_local({{session_key(secret), std::nullopt}}));
    return fmt::format("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", kCookie);
}

}  // namespace gongzhi::web
