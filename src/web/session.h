// Signed-in browsers: a random cookie, kept as its hash in the journal's local key space, for eight hours.
#pragma once

#include "http/message.h"
#include "node/node.h"

namespace gongzhi::web {

constexpr int64_t kSessionMicros = 8 * 3600 * kMicrosPerSecond;

// The cookie's field value for a new session of the token's owner.
Result<std::string> sign_in(node::Node& node, std::string_view token);
// `unauthenticated` without a living session.
Result<access::Actor> session_actor(node::Node& node, const http::Request& request);

// Ends the session; the cookie's field value that makes the browser forget it.
Result<std::string> sign_out(node::Node& node, const http::Request& request);

}  // namespace gongzhi::web
