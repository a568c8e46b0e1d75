#include "http/message.h"

#include <algorithm>

#include "base/json.h"
#include "http/multipart.h"

namespace gongzhi::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs decode_pairs(std::string_view text) {
    Pairs pairs;
    while (!text.empty()) {
        const size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        const size_t equals = std::min(pair.find('='), pair.size());
        pairs.emplace_back(url_decode(pair.substr(0, equals), true),
                           url_decode(pair.substr(std::min(equals + 1, pair.size())), true));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pairs;
}

}  // namespace

std::string url_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (text[i] == '%' && high >= 0 && low >= 0) {
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i] == '+' && plus_is_space ? ' ' : text[i]);
        }
    }
    return out;
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

size_t Request::header_count(std::string_view name) const {
    return static_cast<size_t>(
        std::count_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; }));
}

std::string Request::query_value(std::string_view name) const {
    std::vector<std::string> values = query_values(name);
    return values.empty() ? std::string() : std::move(values.back());
}

std::vector<std::string> Request::query_values(std::string_view name) const {
    const size_t mark = target.find('?');
    if (mark == std::string::npos) return {};
    std::vector<std::string> values;
    for (auto& [key, given] : decode_pairs(std::string_view(target).substr(mark + 1)))
        if (key == name) values.push_back(std::move(given));
    return values;
}

std::string_view Request::cookie(std::string_view name) const {
    std::string_view cookies = header("cookie");
    while (!cookies.empty()) {
        const size_t end = std::min(cookies.find(';'), cookies.size());
        std::string_view pair = cookies.substr(0, end);
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        const size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
    }
    return {};
}

std::map<std::string, std::string> Request::form() const {
    std::map<std::string, std::string> fields;
    for (auto& [key, value] : form_fields()) fields[std::move(key)] = std::move(value);
    return fields;
}

Pairs Request::form_fields() const {
    const std::string_view media = header("content-type");
    if (!media.starts_with("multipart/")) return decode_pairs(body);
    return parse_multipart(body, multipart_boundary(media)).value_or(Pairs{});
}

Response Response::json(int status, std::string body) {
    return {status, {{"content-type", "application/json"}}, std::move(body)};
}
Response Response::text(int status, std::string body, std::string media) {
    return {status, {{"content-type", std::move(media)}}, std::move(body)};
}
Response Response::html(int status, std::string body) {
    return text(status, std::move(body), "text/html; charset=utf-8");
}

const Headers& default_headers() {
    static const Headers headers = {
        {"x-content-type-options", "nosniff"},
        {"referrer-policy", "no-referrer"},
        {"content-security-policy",
         "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
        {"cache-control", "no-store"}};
    return headers;
}

Response problem(const Error& error) {
    const ErrorCodeInfo& info = error_info(error.code);
    Json body = {{"type", "/problems/" + std::string(info.name)},
                 {"title", info.en},
                 {"title_zh", info.zh},
                 {"status", info.http_status},
                 {"detail", error.message}};
    if (!error.field.empty()) body["field"] = error.field;
    Response response{info.http_status,
                      {{"content-type", "application/problem+json"}},
                      body.dump(-1, ' ', false, Json::error_handler_t::replace)};
    if (error.code == ErrorCode::busy) response.headers.emplace_back("retry-after", "1");
    return response;
}

}  // namespace gongzhi::http
