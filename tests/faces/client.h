// Visits a node's faces without sockets. Every page goes through `visit`, which holds it to what every page owes.
#pragma once

#include <gtest/gtest.h>

#include "api/api.h"
#include "page_check.h"
#include "web/pages.h"

namespace gongzhi::faces {

// "a=b; c=d; " of the cookies that an answer sets.
inline std::string cookies_set(const http::Response& response) {
    std::string all;
    for (const auto& [name, value] : response.headers)
        if (name == "set-cookie") all += value.substr(0, value.find(';')) + "; ";
    return all;
}

class Client {
public:
    explicit Client(node::Node& node) : node_(node) {
        api::add_routes(router_, node);
        EXPECT_TRUE(web::add_pages(router_, node));
    }

    http::Response ask(std::string method, std::string path, std::string body = {}, http::Headers headers = {}) {
        auto match = router_.match(method, path.substr(0, path.find('?')));
        if (!match) return http::problem(match.error());
        http::Request request{std::move(method), path,  path.substr(0, path.find('?')), std::move(headers),
                              std::move(body),   false, std::move(match->path_values)};
        http::Response out;
        match->route->handle(std::move(request), [&](http::Response response) { out = std::move(response); });
        return out;
    }

    http::Response visit(std::string method, const std::string& target, std::string body, http::Headers headers,
                         std::string_view language) {
        http::Response response = ask(std::move(method), target, std::move(body), std::move(headers));
        EXPECT_EQ(testing::page_problems(response, language), std::vector<std::string>()) << target << response.body;
        return response;
    }

    // The cookie of a session of that person.
    http::Headers session_of(const access::Actor& actor) {
        const std::string token = node_.tokens().issue_once(actor).value();
        return {{"cookie", cookies_set(ask("GET", "/enter?token=" + token))}};
    }

    const http::Router& router() const { return router_; }

private:
    node::Node& node_;
    http::Router router_;
};

}  // namespace gongzhi::faces
