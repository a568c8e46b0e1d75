#include "http/multipart.h"

#include <algorithm>
#include <optional>

namespace gongzhi::http {
namespace {

constexpr std::string_view kMedia = "multipart/form-data";
constexpr std::string_view kLineEnd = "\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_any_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

// RFC 2046's characters of a boundary, without the space.
bool good_boundary(std::string_view boundary) {
    constexpr std::string_view also = "'()+_,-./:=?";
    return !boundary.empty() && boundary.size() <= kBoundaryBytesMax &&
           std::all_of(boundary.begin(), boundary.end(), [&](char c) {
               const char l = lower(c);
               return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
           });
}

// The value of `name` among ;-separated parameters, quoted or not. In quotes a backslash stands before a quote (RFC 822);
// browsers write %22 instead, which stays as it is.
std::optional<std::string> parameter(std::string_view rest, std::string_view name) {
    while (true) {
        const size_t next = rest.find(';');
        if (next == std::string_view::npos) return std::nullopt;
        rest.remove_prefix(next + 1);
        skip_spaces(rest);
        const bool wanted = starts_with_any_case(rest, name) && rest.size() > name.size() && rest[name.size()] == '=';
        const size_t equals = std::min(rest.find('='), rest.size());
        rest.remove_prefix(std::min(equals + 1, rest.size()));
        std::string value;
        if (rest.starts_with('"')) {
            rest.remove_prefix(1);
            while (!rest.empty() && rest.front() != '"') {
                if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
                value.push_back(rest.front());
                rest.remove_prefix(1);
            }
            if (rest.empty()) return std::nullopt;  // an open quote
        } else {
            value = rest.substr(0, std::min(rest.find_first_of("; \t\r"), rest.size()));
        }
        if (wanted) return value;
    }
}

// An escaped line end would otherwise stand in a name.
bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// The name that a part's header lines give it.
Result<std::string> name_of(std::string_view headers) {
    while (!headers.empty()) {
        const size_t end = std::min(headers.find(kLineEnd), headers.size());
        std::string_view line = headers.substr(0, end);
        headers.remove_prefix(std::min(end + kLineEnd.size(), headers.size()));
        constexpr std::string_view disposition = "content-disposition:";
        if (!starts_with_any_case(line, disposition)) continue;
        line.remove_prefix(disposition.size());
        skip_spaces(line);
        if (!starts_with_any_case(line, "form-data")) break;
        if (auto name = parameter(line, "name"); name && !has_controls(*name)) return *std::move(name);
        break;
    }
    return fail(ErrorCode::malformed, "a part of the form has no name");
}

}  // namespace

std::string multipart_boundary(std::string_view content_type) {
    if (!starts_with_any_case(content_type, kMedia)) return {};
    const auto boundary = parameter(content_type.substr(kMedia.size()), "boundary");
    return boundary && good_boundary(*boundary) ? *boundary : std::string();
}

Result<std::vector<std::pair<std::string, std::string>>> parse_multipart(std::string_view body,
                                                                         std::string_view boundary) {
    std::vector<std::pair<std::string, std::string>> parts;
    const std::string mark = "--" + std::string(boundary), between = std::string(kLineEnd) + mark;
    const auto broken = [] { return fail(ErrorCode::malformed, "the form did not arrive whole"); };
    if (!good_boundary(boundary) || !body.starts_with(mark)) return broken();
    body.remove_prefix(mark.size());
    while (!body.starts_with("--")) {
        if (!body.starts_with(kLineEnd)) return broken();
        body.remove_prefix(kLineEnd.size());
        if (parts.size() == kPartsMax) return fail(ErrorCode::too_large, "a form of more than {} parts", kPartsMax);
        // An empty line ends the headers; a part without any begins with it.
        const size_t headers_end = body.substr(0, kPartHeaderBytesMax).find("\r\n\r\n");
        if (headers_end == std::string_view::npos) return broken();
        GZ_TRY(std::string name, name_of(body.substr(0, headers_end)));
        body.remove_prefix(headers_end + 2 * kLineEnd.size());
        const size_t end = body.find(between);
        if (end == std::string_view::npos) return broken();
        parts.emplace_back(std::move(name), body.substr(0, end));
        body.remove_prefix(end + between.size());
    }
    return parts;
}

}  // namespace gongzhi::http
