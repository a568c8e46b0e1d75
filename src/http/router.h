// Routes: pattern, who may come, what is written down about it, how large the body may be. A route without a declared
// permission and audit event cannot be added, and a test lists them all.
#pragma once

#include <optional>

#include "http/message.h"

namespace gongzhi::http {

// How a caller shows who it is; the handler's domain command then asks `may`.
enum class Admission { anyone, token, signature, join_code };

struct Route {
    std::string method;
    std::string pattern;  // "/v1/submissions/{type}"; a last "{rest*}" takes the rest of the path
    Admission admission = Admission::token;
    std::string permission;   // as access names it; "public" for anyone
    std::string audit_event;  // what the access log calls it
    size_t body_bytes_max = 64u << 10;
    std::function<void(Request, Respond)> handle;
};

class Router {
public:
    void add(Route route);
    // Answers what no route's pattern fits, whatever the order in which routes were added; its own pattern is not looked
    // at. Other methods than its own stay `not_found`.
    void add_fallback(Route route);
    struct Match {
        const Route* route = nullptr;
        std::map<std::string, std::string, std::less<>> path_values;
    };
    // `not_found`, or `invalid_argument` where the path exists under another method.
    Result<Match> match(std::string_view method, std::string_view path) const;
    const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
    std::optional<Route> fallback_;
};

}  // namespace gongzhi::http
