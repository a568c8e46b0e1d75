#include "web/pages.h"

#include "web/assets.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

constexpr size_t kReceiptFormBytesMax = 512u << 10;

std::string text_of(Language language, const char* key) { return texts(language).at(key).get<std::string>(); }

http::Response page(int status, std::string_view name, const http::Request& request, node::Node& node,
                    const std::string& title, Json view) {
    const Language language = language_of(request);
    return http::Response::html(
        status, render_page(name, language, std::move(view), layout_view(request, node, language, title)));
}

http::Response message_page(const Error& error, const http::Request& request, node::Node& node) {
    const Language language = language_of(request);
    const std::string base = error.code == ErrorCode::not_found   ? "not_found"
                             : error.code == ErrorCode::forbidden ? "forbidden"
                                                                  : "error";
    const std::string heading = text_of(language, (base + "_heading").c_str());
    return page(error_info(error.code).http_status, "message", request, node, heading,
                {{"heading", heading}, {"sentence", text_of(language, (base + "_sentence").c_str())}});
}

http::Response login_page(const http::Request& request, node::Node& node, const std::string& next, bool failed) {
    const Language language = language_of(request);
    Json view = {
        {"action", fmt::format("/login?lang={}", language_code(language))}, {"next", next}, {"problem", false}};
    if (failed) view["problem"] = {{"sentence", text_of(language, "login_failed")}};
    return page(failed ? 401 : 200, "login", request, node, text_of(language, "login_title"), std::move(view));
}

void show_finding(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto actor = session_actor(node, request);
    if (!actor) return respond(login_page(request, node, request.target, false));
    if (const Status allowed = access::may(*actor, access::Action::read); !allowed)
        return respond(message_page(allowed.error(), request, node));
    const auto view = finding_view(node, request.path_values.at("id"), language_of(request));
    if (!view) return respond(message_page(view.error(), request, node));
    respond(page(200, "finding", request, node, (*view)["subject"].get<std::string>(), *view));
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

void log_in(node::Node& node, const http::Request& request, const http::Respond& respond) {
    const auto form = request.form();
    const auto token = form.find("token"), next = form.find("next");
    // Only a path of this site, never an address that somebody sent along.
    const bool local = next != form.end() && next->second.starts_with('/') && !next->second.starts_with("//") &&
                       next->second.find('\\') == std::string::npos &&
                       next->second.find_first_of("\r\n") == std::string::npos;
    const std::string target = local ? next->second : "/verify";
    const auto cookie = sign_in(node, token == form.end() ? "" : token->second);
    if (!cookie) return respond(login_page(request, node, target, true));
    respond({303, {{"location", target}, {"set-cookie", *cookie}}, ""});
}

http::Route public_page(std::string method, std::string pattern, std::string event, size_t body_max,
                        std::function<void(http::Request, http::Respond)> handle) {
    return {std::move(method), std::move(pattern), http::Admission::anyone, "public",
            std::move(event),  body_max,           std::move(handle)};
}

}  // namespace

Language language_of(const http::Request& request) {
    const std::string asked = request.query_value("lang");
    if (asked == "en") return Language::en;
    if (!asked.empty()) return Language::zh;
    return request.header("accept-language").starts_with("en") ? Language::en : Language::zh;
}

Json layout_view(const http::Request& request, node::Node& node, Language language, const std::string& title) {
    Json languages = Json::array();
    for (const auto& [code, name] : {std::pair("zh-CN", "中文"), std::pair("en", "English")})
        languages.push_back({{"code", code},
                             {"name", name},
                             {"current", code == language_code(language)},
                             {"href", fmt::format("{}?lang={}", request.path, code)}});
    const node::NodeConfig& config = node.config();
    return {{"title", title},
            {"stylesheet", stylesheet_path()},
            {"languages", languages},
            {"verify_link", fmt::format("/verify?lang={}", language_code(language))},
            {"simulated", !config.clock.empty()},
            {"node_name", language == Language::zh ? config.name_zh : config.name_en}};
}

Status add_pages(http::Router& router, node::Node& node) {
    router.add(public_page("GET", "/", "page.home", 0, [](http::Request, http::Respond respond) {
        respond({303, {{"location", "/verify"}}, ""});
    }));
    add_asset_route(router);
    router.add(public_page("GET", "/verify", "page.verify", 0, [&node](http::Request request, http::Respond respond) {
        respond(page(200, "verify", request, node, text_of(language_of(request), "verify_title"),
                     verification_view(node, "", language_of(request))));
    }));
    router.add(public_page(
        "POST", "/verify", "page.verify", kReceiptFormBytesMax, [&node](http::Request request, http::Respond respond) {
            const auto form = request.form();
            const auto pasted = form.find("receipt");
            const Json view =
                verification_view(node, pasted == form.end() ? " " : pasted->second, language_of(request));
            respond(page(200, "verify", request, node, view["result"]["heading"].get<std::string>(), view));
        }));
    router.add(public_page("GET", "/login", "page.login", 0, [&node](http::Request request, http::Respond respond) {
        respond(login_page(request, node, "/verify", false));
    }));
    router.add(public_page("POST", "/login", "session.open", 8u << 10,
                           [&node](http::Request request, http::Respond respond) { log_in(node, request, respond); }));
    router.add({"GET", "/findings/{id}", http::Admission::token, "read", "page.finding", 0,
                [&node](http::Request request, http::Respond respond) { show_finding(node, request, respond); }});
    router.add({"GET", "/findings/{id}/file", http::Admission::token, "read", "finding.export", 0,
                [&node](http::Request request, http::Respond respond) { download_finding(node, request, respond); }});
    return {};
}

}  // namespace gongzhi::web
