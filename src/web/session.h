// Signed-in browsers: a random cookie, kept as its hash in the journal's local key space, for eight hours.
//
// The cookie is SameSite=Lax: a link in a letter leads a signed-in person to its page. Forms that change something carry
// the form token as well, which no other site can know.
#pragma once

#include "http/message.h"
#include "node/node.h"

namespace gongzhi::web {

constexpr int64_t kSessionMicros = 8 * 3600 * kMicrosPerSecond;

// The cookie's field value for a new session of that person, with its role, unit and reach.
Result<std::string> open_session(node::Node& node, const access::Actor& actor);
// The same for a token's owner, and for who knows a name and its password.
Result<std::string> sign_in(node::Node& node, std::string_view token);
Result<std::string> sign_in(node::Node& node, const std::string& name, const std::string& password);
// `unauthenticated` without a living session.
Result<access::Actor> session_actor(node::Node& node, const http::Request& request);

// Ends the session; the cookie's field value that makes the browser forget it.
Result<std::string> sign_out(node::Node& node, const http::Request& request);

constexpr std::string_view kFormTokenField = "form_token";
// What a form must bring back to be taken for this signed-in browser's own; "" without its cookie.
std::string form_token(const http::Request& request);

}  // namespace gongzhi::web
