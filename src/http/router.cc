#include "http/router.h"

namespace gongzhi::http {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const size_t end = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

using PathValues = std::map<std::string, std::string, std::less<>>;

std::optional<PathValues> match_pattern(std::string_view pattern, std::string_view path) {
    const auto expected = segments_of(pattern), given = segments_of(path);
    PathValues values;
    for (size_t i = 0; i < expected.size(); ++i) {
        const std::string_view segment = expected[i];
        if (segment.ends_with("*}")) {
            std::string rest;
            for (size_t k = i; k < given.size(); ++k) rest += (k > i ? "/" : "") + url_decode(given[k], false);
            values[std::string(segment.substr(1, segment.size() - 3))] = rest;
            return values;
        }
        if (i >= given.size()) return std::nullopt;
        if (segment.starts_with('{'))
            values[std::string(segment.substr(1, segment.size() - 2))] = url_decode(given[i], false);
        else if (segment != given[i])
            return std::nullopt;
    }
    if (given.size() != expected.size()) return std::nullopt;
    return values;
}

void check_declared(const Route& route) {
    GZ_CHECK(!route.permission.empty() && !route.audit_event.empty() && route.handle,
             "a route declares permission, audit event and handler");
    GZ_CHECK((route.admission == Admission::anyone) == (route.permission == "public"),
             "only public routes admit anyone");
}

}  // namespace

void Router::add(Route route) {
    check_declared(route);
    routes_.push_back(std::move(route));
}

void Router::add_fallback(Route route) {
    check_declared(route);
    fallback_ = std::move(route);
}

Result<Router::Match> Router::match(std::string_view method, std::string_view path) const {
    bool other_method = false;
    for (const Route& route : routes_) {
        auto values = match_pattern(route.pattern, path);
        if (!values) continue;
        if (route.method == method) return Match{&route, *std::move(values)};
        other_method = true;
    }
    if (other_method) return fail(ErrorCode::invalid_argument, "this address does not take {}", method);
    if (fallback_ && fallback_->method == method) return Match{&*fallback_, {}};
    return fail(ErrorCode::not_found, "there is nothing at this address");
}

}  // namespace gongzhi::http
