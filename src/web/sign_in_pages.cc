#include "web/sign_in_pages.h"

#include <algorithm>

#include "base/log.h"
#include "web/session.h"
#include "web/staff_page.h"

namespace gongzhi::web {
namespace {

constexpr size_t kFormBytesMax = 8u << 10;

using Form = std::map<std::string, std::string>;

std::string value_in(const Form& form, const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
}

// Sets the cookie and goes on; the log says that a session was opened, and how.
http::Response let_in(const std::string& cookie, const std::string& target, std::string_view event) {
    log_info("audit event={} outcome=done", event);
    http::Response response = redirect(target);
    response.headers.emplace_back("set-cookie", cookie);
    return response;
}

void log_in(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const Form form = request.form();
    const std::string target = local_path(value_in(form, "next"));
    const bool by_name = form.contains("name");
    const auto cookie = by_name ? sign_in(node, value_in(form, "name"), value_in(form, "password"))
                                : sign_in(node, value_in(form, "token"));
    if (!cookie)
        return respond(sign_in_page(request, node, target, by_name ? SignIn::wrong_password : SignIn::wrong_token));
    respond(let_in(*cookie, target, "session.open"));
}

void enter(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const std::string target = local_path(request.query_value("next"));
    const auto actor = node.tokens().take(request.query_value("token"));
    if (!actor) return respond(sign_in_page(request, node, target, SignIn::used_link));
    const auto cookie = open_session(node, *actor);
    if (!cookie) return respond(message_page(cookie.error(), request, node));
    respond(let_in(*cookie, target, "session.enter"));
}

void log_out(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const std::string given = value_in(request.form(), kFormTokenField.data());
    if (const auto actor = session_actor(node, request); actor && given != form_token(request))
        return respond(message_page("foreign_form", 403, request, node, *actor));
    const auto cookie = sign_out(node, request);
    if (!cookie) return respond(message_page(cookie.error(), request, node));
    http::Response response = redirect(link("/login"));
    response.headers.emplace_back("set-cookie", *cookie);
    respond(std::move(response));
}

Json token_form(Language language, const Json& error) {
    return {{"id", "token"},
            {"name", "token"},
            {"type", "password"},
            {"autocomplete", "off"},
            {"required", true},
            {"label", text(language, "token_label")},
            {"hint", text(language, "token_hint")},
            {"error", error}};
}

Json name_form(Language language, const Json& error) {
    return {{"id", "name"},
            {"name", "name"},
            {"autocomplete", "username"},
            {"required", true},
            {"label", text(language, "name_label")},
            {"error", error}};
}

}  // namespace

std::string local_path(const std::string& next) {
    // Browsers drop tabs and line breaks inside an address and read a backslash as a slash.
    const bool plain = std::all_of(next.begin(), next.end(), [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '\x7f' && c != '\\';
    });
    return plain && next.starts_with('/') && !next.starts_with("//") ? next : "/";
}

http::Response redirect(std::string target) { return {303, {{"location", std::move(target)}}, ""}; }

http::Response sign_in_page(const http::Request& request, node::Node& node, const std::string& next, SignIn why) {
    const Language language = preferences_of(request).language;
    const std::string sentence = text(language, "login_failed");
    Json view = {{"action", link("/login")},
                 {"next", next},
                 {"errors", false},
                 {"lead", text(language, why == SignIn::needed ? "login_needed" : "login_lead")},
                 {"used", false},
                 {"name", name_form(language, why == SignIn::wrong_password ? Json(sentence) : Json(false))},
                 {"password",
                  {{"id", "password"},
                   {"name", "password"},
                   {"type", "password"},
                   {"autocomplete", "current-password"},
                   {"required", true},
                   {"label", text(language, "password_label")}}},
                 {"token", token_form(language, why == SignIn::wrong_token ? Json(sentence) : Json(false))},
                 {"submit", {{"text", text(language, "login_button")}}},
                 {"submit_token", {{"text", text(language, "login_token_button")}, {"secondary", true}}}};
    if (why == SignIn::wrong_password || why == SignIn::wrong_token)
        view["errors"] = {{"items", {{{"text", sentence}, {"href", why == SignIn::wrong_token ? "#token" : "#name"}}}}};
    if (why == SignIn::used_link) view["used"] = {{"text", text(language, "login_used")}};
    const Frame frame{.title = text(language, "login_title"), .navigation = public_navigation(node, request, language)};
    const bool asked = why == SignIn::asked || why == SignIn::needed;
    return page(asked ? 200 : 401, "login", request, node, frame, std::move(view));
}

void add_sign_in_pages(http::Router& router, node::Node& node) {
    const auto add = [&](const char* method, const char* pattern, const char* event, size_t body_max, auto handle) {
        router.add({method, pattern, http::Admission::anyone, "public", event, body_max,
                    [&node, handle](http::Request request, http::Respond respond) { handle(node, request, respond); }});
    };
    add("GET", "/login", "page.login", 0,
        [](node::Node& at, const http::Request& request, const http::Respond& respond) {
            // Who is in already gets the way to the work, and no form to fill in again.
            if (const auto actor = session_actor(at, request))
                return respond(message_page("signed_in", 200, request, at, *actor));
            respond(sign_in_page(request, at, link("/"), SignIn::asked));
        });
    add("GET", "/enter", "session.enter", 0, enter);
    add("POST", "/login", "session.open", kFormBytesMax, log_in);
    add("POST", "/logout", "session.close", kFormBytesMax, log_out);
}

}  // namespace gongzhi::web
