#include "web/pages.h"

#include "web/assets.h"
#include "web/gallery.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

constexpr size_t kReceiptFormBytesMax = 512u << 10, kLoginFormBytesMax = 8u << 10;

http::Response message_page(const Error& error, const http::Request& request, node::Node& node) {
    const Language language = preferences_of(request).language;
    const std::string base = error.code == ErrorCode::not_found   ? "not_found"
                             : error.code == ErrorCode::forbidden ? "forbidden"
                                                                  : "error";
    const std::string heading = text(language, base + "_heading");
    const Frame frame{.title = heading, .navigation = public_navigation(request, language)};
    return page(error_info(error.code).http_status, "message", request, node, frame,
                {{"heading", heading}, {"sentence", text(language, base + "_sentence")}});
}

http::Response login_page(const http::Request& request, node::Node& node, const std::string& next, bool failed) {
    const Language language = preferences_of(request).language;
    Json view = {{"action", link("/login")},
                 {"next", next},
                 {"errors", false},
                 {"token",
                  {{"id", "token"},
                   {"name", "token"},
                   {"type", "password"},
                   {"autocomplete", "off"},
                   {"required", true},
                   {"label", text(language, "token_label")},
                   {"hint", text(language, "token_hint")}}},
                 {"submit", {{"text", text(language, "login_button")}}}};
    if (failed) {
        const std::string sentence = text(language, "login_failed");
        view["token"]["error"] = sentence;
        view["errors"] = {{"items", {{{"text", sentence}, {"href", "#token"}}}}};
    }
    const Frame frame{.title = text(language, "login_title"), .navigation = public_navigation(request, language)};
    return page(failed ? 401 : 200, "login", request, node, frame, std::move(view));
}

http::Response verify_page(const http::Request& request, node::Node& node, const std::optional<std::string>& pasted) {
    const Language language = preferences_of(request).language;
    Json view = verification_view(node, pasted, language);
    const std::string title =
        view["result"].is_object() ? view["result"]["heading"].get<std::string>() : text(language, "verify_title");
    const Frame frame{.title = title, .navigation = public_navigation(request, language)};
    return page(200, "verify", request, node, frame, std::move(view));
}

void show_finding(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = session_actor(node, request);
    if (!actor) return respond(login_page(request, node, request.target, false));
    if (const Status allowed = access::may(*actor, access::Action::read); !allowed)
        return respond(message_page(allowed.error(), request, node));
    const Language language = preferences_of(request).language;
    auto view = finding_view(node, request.path_values.at("id"), language);
    if (!view) return respond(message_page(view.error(), request, node));
    const Frame frame{.face = staff_face(node),
                      .title = text(language, "finding_caption") + " " + (*view)["subject"].get<std::string>(),
                      .navigation = public_navigation(request, language, true),
                      .actor = *actor};
    respond(page(200, "finding", request, node, frame, *std::move(view)));
}

void download_finding(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = session_actor(node, request);
    if (!actor) return respond(login_page(request, node, request.target, false));
    const auto file = node.finding_file(request.path_values.at("id"));
    if (!file) return respond(message_page(file.error(), request, node));
    http::Response response = http::Response::text(200, file->format(), "application/json");
    response.headers.emplace_back("content-disposition", "attachment; filename=\"finding.json\"");
    respond(std::move(response));
}

http::Response redirect(std::string target) { return {303, {{"location", std::move(target)}}, ""}; }

void log_in(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto form = request.form();
    const auto token = form.find("token"), next = form.find("next");
    // Only a path of this site, never an address that somebody sent along.
    const bool local = next != form.end() && next->second.starts_with('/') && !next->second.starts_with("//") &&
                       next->second.find('\\') == std::string::npos &&
                       next->second.find_first_of("\r\n") == std::string::npos;
    const std::string target = local ? next->second : link("/verify");
    const auto cookie = sign_in(node, token == form.end() ? "" : token->second);
    if (!cookie) return respond(login_page(request, node, target, true));
    http::Response response = redirect(target);
    response.headers.emplace_back("set-cookie", *cookie);
    respond(std::move(response));
}

void log_out(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto cookie = sign_out(node, request);
    if (!cookie) return respond(message_page(cookie.error(), request, node));
    http::Response response = redirect(link("/login"));
    response.headers.emplace_back("set-cookie", *cookie);
    respond(std::move(response));
}

http::Route public_page(std::string method, std::string pattern, std::string event, size_t body_max,
                        std::function<void(http::Request, http::Respond)> handle) {
    return {std::move(method), std::move(pattern), http::Admission::anyone, "public",
            std::move(event),  body_max,           std::move(handle)};
}

void add_session_pages(http::Router& router, node::Node& node) {
    router.add(public_page("GET", "/login", "page.login", 0, [&node](http::Request request, http::Respond respond) {
        respond(login_page(request, node, link("/verify"), false));
    }));
    router.add(public_page("POST", "/login", "session.open", kLoginFormBytesMax,
                           [&node](http::Request request, http::Respond respond) { log_in(node, request, respond); }));
    router.add(public_page("POST", "/logout", "session.close", kLoginFormBytesMax,
                           [&node](http::Request request, http::Respond respond) { log_out(node, request, respond); }));
}

}  // namespace

Status add_pages(http::Router& router, node::Node& node) {
    add_asset_route(router);
    add_gallery_route(router, node);
    add_session_pages(router, node);
    router.add(public_page("GET", "/", "page.home", 0,
                           [](http::Request, http::Respond respond) { respond(redirect(link("/verify"))); }));
    router.add(public_page("GET", "/verify", "page.verify", 0, [&node](http::Request request, http::Respond respond) {
        respond(verify_page(request, node, std::nullopt));
    }));
    router.add(public_page("POST", "/verify", "page.verify", kReceiptFormBytesMax,
                           [&node](http::Request request, http::Respond respond) {
                               const auto form = request.form();
                               const auto pasted = form.find("receipt");
                               respond(verify_page(request, node, pasted == form.end() ? "" : pasted->second));
                           }));
    router.add({"GET", "/findings/{id}", http::Admission::token, "read", "page.finding", 0,
                [&node](http::Request request, http::Respond respond) { show_finding(node, request, respond); }});
    router.add({"GET", "/findings/{id}/file", http::Admission::token, "read", "finding.export", 0,
                [&node](http::Request request, http::Respond respond) { download_finding(node, request, respond); }});
    return {};
}

}  // namespace gongzhi::web
