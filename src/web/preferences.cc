#include "web/preferences.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kLanguageCookie = "gongzhi_lang", kTypeCookie = "gongzhi_type";
constexpr int kKeepSeconds = 365 * 86400;

std::string encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain)
            out.push_back(c);
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string chosen(const http::Request& request, std::string_view name, std::string_view cookie) {
    const std::string asked = request.query_value(name);
    return asked.empty() ? std::string(request.cookie(cookie)) : asked;
}

void keep(http::Response& response, std::string_view cookie, std::string_view value) {
    response.headers.emplace_back(
        "set-cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}", cookie, value, kKeepSeconds));
}

}  // namespace

Preferences preferences_of(const http::Request& request) {
    Preferences out;
    const std::string language = chosen(request, "lang", kLanguageCookie);
    if (language.empty() ? request.header("accept-language").starts_with("en") : language == "en")
        out.language = Language::en;
    out.large_type = chosen(request, "type", kTypeCookie) == "large";
    return out;
}

void keep_preferences(const http::Request& request, http::Response& response) {
    const Preferences now = preferences_of(request);
    if (!request.query_value("lang").empty()) keep(response, kLanguageCookie, language_code(now.language));
    if (!request.query_value("type").empty()) keep(response, kTypeCookie, now.large_type ? "large" : "normal");
}

std::string with_query(const http::Request& request, std::string_view name, std::string_view value) {
    std::string out = request.path + "?";
    std::string_view query = request.target;
    query.remove_prefix(std::min(request.path.size() + 1, query.size()));
    while (!query.empty()) {
        const size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        if (!pair.empty() && pair.substr(0, pair.find('=')) != name) out += std::string(pair) + "&";
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return out + encode(name) + "=" + encode(value);
}

std::string path_segment(std::string_view text) { return encode(text); }

std::string link(std::string_view path, const std::vector<std::pair<std::string_view, std::string>>& query) {
    GZ_CHECK(path.starts_with('/') && !path.starts_with("//"), "a link leads to a path of this site");
    std::string out(path);
    for (const auto& [name, value] : query)
        out += (out.find('?') == std::string::npos ? "?" : "&") + encode(name) + "=" + encode(value);
    return out;
}

}  // namespace gongzhi::web
