#include "web/page.h"

#include "http/compress.h"
#include "web/assets.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

// The policy of all pages with one permission more: scripts of this site, still none inside the page.
constexpr const char* kScriptPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";

const char* face_name(Face face) {
    switch (face) {
        case Face::portal: return "portal";
        case Face::desk: return "desk";
        case Face::console: return "console";
    }
    return "";
}

Json links_view(const std::vector<PageLink>& links) {
    Json out = Json::array();
    for (const PageLink& one : links) out.push_back({{"text", one.text}, {"href", one.href}, {"current", one.current}});
    return out;
}

Json breadcrumbs_view(const std::vector<PageLink>& links) {
    Json items = Json::array();
    for (const PageLink& one : links) items.push_back({{"text", one.text}, {"href", one.href}});
    return {{"items", items}};
}

Json language_links(const http::Request& request, Language current) {
    Json out = Json::array();
    for (const auto& [language, name] : {std::pair(Language::zh, "中文"), std::pair(Language::en, "English")})
        out.push_back({{"code", language_code(language)},
                       {"name", name},
                       {"current", language == current},
                       {"href", with_query(request, "lang", language_code(language))}});
    return out;
}

// Tokens are issued to "token:wang"; the page says wang.
std::string person_name(const access::Actor& actor) { return actor.name.substr(actor.name.find(':') + 1); }

Json header_view(const http::Request& request, const Preferences& chosen, const Frame& frame,
                 const std::string& node_name) {
    Json view = {{"home_href", link("/")},
                 {"face", text(chosen.language, fmt::format("face_{}", face_name(frame.face)))},
                 {"node_name", node_name},
                 {"languages", language_links(request, chosen.language)},
                 {"type_href", with_query(request, "type", chosen.large_type ? "normal" : "large")},
                 {"type_text", text(chosen.language, chosen.large_type ? "normal_type" : "large_type")}};
    if (frame.actor) {
        view["actor"] =
            text(chosen.language, "signed_in_as",
                 {{"role", text(chosen.language, fmt::format("role_{}", access::role_name(frame.actor->role)))},
                  {"name", person_name(*frame.actor)}});
        view["sign_out_action"] = link("/logout");
        view["form_token"] = form_token(request);
    }
    return view;
}

// The telephone stands where the node's configuration names one; none is invented here. The address is for paper.
Json footer_view(Language language, const node::NodeConfig& config, const std::string& node_name, bool signed_in) {
    std::vector<PageLink> links = {{text(language, "nav_ways"), link("/ways")},
                                   {text(language, "nav_help"), link("/help")},
                                   {text(language, "nav_glossary"), link("/glossary")},
                                   {text(language, "nav_about"), link("/about")},
                                   {text(language, "nav_objections"), link("/objections-and-complaints")}};
    // The menu of signed-in people has their work; what everybody sees is one step away.
    if (signed_in) links.push_back({text(language, "nav_portal"), link("/portal")});
    Json shown = Json::array(), ways = Json::array();
    for (const PageLink& one : links) shown.push_back({{"text", one.text}, {"href", one.href}});
    if (!config.telephone.empty())
        ways.push_back(text(language, "footer_telephone", {{"telephone", config.telephone}}));
    return {{"ways", ways},
            {"links", shown},
            {"published_by", text(language, "published_by", {{"node", node_name}, {"url", config.url}})}};
}

// What was just done: ?done=filed says done_filed. What no text knows is not shown.
Json notice_view(const http::Request& request, Language language) {
    const std::string key = "done_" + request.query_value("done");
    const auto found = texts(language).find(key);
    if (found == texts(language).end()) return false;
    return {{"id", "notice"}, {"title", text(language, "notice_title")}, {"text", *found}, {"success", true}};
}

struct Place {
    const char *text, *path;
    bool authority_only = false;
};
constexpr Place kPublicPlaces[] = {
    {"nav_verify", "/verify"}, {"nav_shops", "/shops", true}, {"nav_scorecard", "/scorecard", true},
    {"nav_rules", "/rules"},   {"nav_about", "/about"},       {"nav_help", "/help"},
    {"nav_login", "/login"}};

}  // namespace

Face staff_face(const node::Node& node) {
    return node.config().role == exchange::PartyRole::authority ? Face::console : Face::desk;
}

std::vector<PageLink> public_navigation(const node::Node& node, const http::Request& request, Language language) {
    std::vector<PageLink> links;
    for (const Place& place : kPublicPlaces) {
        if (place.authority_only && staff_face(node) != Face::console) continue;
        const bool current = request.path == place.path || request.path.starts_with(std::string(place.path) + "/");
        links.push_back({text(language, place.text), link(place.path), current});
    }
    return links;
}

Json layout_view(const http::Request& request, node::Node& node, const Frame& frame) {
    const Preferences chosen = preferences_of(request);
    const node::NodeConfig& config = node.config();
    const std::string node_name = chosen.language == Language::zh ? config.name_zh : config.name_en;
    Json view = {{"title", frame.title},
                 {"node_name", node_name},
                 {"lang", language_code(chosen.language)},
                 {"large", chosen.large_type},
                 {"face_class", face_name(frame.face)},
                 {"stylesheet", stylesheet_path()},
                 {"skip", {{"href", "#main"}}},
                 {"header", header_view(request, chosen, frame, node_name)},
                 {"footer", footer_view(chosen.language, config, node_name, frame.actor.has_value())},
                 {"script", false},
                 {"simulated", false},
                 {"notice", notice_view(request, chosen.language)},
                 {"navigation", false},
                 {"breadcrumbs", false}};
    if (!config.clock.empty())
        view["simulated"] = {{"tag", text(chosen.language, "simulated_tag")},
                             {"text", text(chosen.language, "simulated")},
                             {"short", text(chosen.language, "simulated_short")}};
    if (!frame.navigation.empty())
        view["navigation"] = {{"label", text(chosen.language, "navigation")}, {"items", links_view(frame.navigation)}};
    if (!frame.breadcrumbs.empty()) view["breadcrumbs"] = breadcrumbs_view(frame.breadcrumbs);
    if (!frame.script.empty()) view["script"] = frame.script;
    return view;
}

http::Response page(int status, std::string_view name, const http::Request& request, node::Node& node,
                    const Frame& frame, Json view) {
    Rendered rendered =
        render_page(name, preferences_of(request).language, std::move(view), layout_view(request, node, frame));
    http::Response response = http::Response::html(status, std::move(rendered.html));
    keep_preferences(request, response);
    if (!frame.script.empty()) response.headers.emplace_back("content-security-policy", kScriptPolicy);
    // A page of a signed-in browser holds its form token beside what an address or a form brought in: compressed, its
    // length would tell the token letter by letter. What everybody else gets holds no secret.
    if (form_token(request).empty()) http::compress(request, response);
    return response;
}

}  // namespace gongzhi::web
