#include <gtest/gtest.h>

#include <set>

#include "api/api.h"
#include "testing/temp_folder.h"
#include "web/pages.h"

namespace gongzhi::api {
namespace {

class ApiTest : public ::testing::Test {
protected:
    void SetUp() override {
        node::NodeConfig config;
        config.party = PartyId("platform");
        config.name_zh = config.name_en = "n";
        config.url = "http://127.0.0.1:1";
        config.origin = "platform.example/log";
        config.pack = std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn";
        SystemRandom random;
        ASSERT_TRUE(node::init_node(folder.path() / "node", config, random));
        auto opened = node::Node::open(folder.path() / "node");
        ASSERT_TRUE(opened) << opened.error().describe();
        node = std::move(*opened);
        add_routes(router, *node);
        ASSERT_TRUE(web::add_pages(router, *node));
    }

    http::Response ask(std::string method, std::string path, std::string body = {}, http::Headers headers = {},
                       bool local = false) {
        auto match = router.match(method, path.substr(0, path.find('?')));
        if (!match) return http::problem(match.error());
        http::Request request{std::move(method), path,  path.substr(0, path.find('?')), std::move(headers),
                              std::move(body),   local, std::move(match->path_values)};
        http::Response out;
        match->route->handle(std::move(request), [&](http::Response response) { out = std::move(response); });
        return out;
    }

    testing::TempFolder folder;
    std::unique_ptr<node::Node> node;
    http::Router router;
};

// The list that an auditor reads: nothing without a permission and an audit event, nothing twice.
TEST_F(ApiTest, EveryRouteDeclaresPermissionAndAuditEvent) {
    std::set<std::string> seen;
    for (const http::Route& route : router.routes()) {
        EXPECT_FALSE(route.permission.empty()) << route.pattern;
        EXPECT_FALSE(route.audit_event.empty()) << route.pattern;
        EXPECT_TRUE(seen.insert(route.method + " " + route.pattern).second) << route.pattern;
    }
    EXPECT_GE(seen.size(), 30u);
}

TEST_F(ApiTest, NothingBehindATokenAnswersWithoutOne) {
    for (const http::Route& route : router.routes()) {
        if (route.admission != http::Admission::token) continue;
        std::string path = route.pattern;
        for (size_t open; (open = path.find('{')) != std::string::npos;)
            path.replace(open, path.find('}') - open + 1, "x");
        const http::Response response = ask(route.method, path, "{}");
        const bool login_form = response.body.find("<form method=\"post\" action=\"/login") != std::string::npos;
        EXPECT_TRUE(response.status == 401 || login_form) << route.method << " " << path << " " << response.status;
    }
}

TEST_F(ApiTest, RolesAreHeld) {
    const std::string clerk = node->tokens().issue("c", access::Role::clerk).value();
    const http::Headers headers = {{"authorization", "Bearer " + clerk}, {"content-type", "application/json"}};
    EXPECT_EQ(ask("POST", "/v1/cases", R"({"finding":"x"})", headers).status, 403);
    EXPECT_EQ(ask("POST", "/v1/invitations", R"({"party":"x1"})", headers).status, 403);
    EXPECT_EQ(ask("POST", "/v1/tokens", R"({"name":"x","role":"officer"})", headers).status, 403);
    EXPECT_EQ(ask("GET", "/v1/submissions", "", headers).status, 200);
    EXPECT_EQ(ask("GET", "/v1/submissions", "", {{"authorization", "Bearer gz_wrong"}}).status, 401);
}

TEST_F(ApiTest, ASubmissionTellsEachFaultAndStoresNothing) {
    const std::string token = node->tokens().issue("e", access::Role::engineer).value();
    const http::Headers headers = {{"authorization", "Bearer " + token}, {"content-type", "application/x-ndjson"}};
    const http::Response response = ask("POST", "/v1/submissions/sale", "{\"shop\":\"S\"}\n", headers);
    EXPECT_EQ(response.status, 422);
    const Json body = parse_json(response.body).value();
    EXPECT_FALSE(body["stored"].get<bool>());
    EXPECT_EQ(body["problems"][0]["line"], 1);
    EXPECT_FALSE(body["problems"][0]["zh"].get<std::string>().empty());
    EXPECT_EQ(ask("POST", "/v1/submissions/none", "{}", headers).status, 404);
    EXPECT_EQ(
        ask("POST", "/v1/submissions/sale", "x", {{"authorization", "Bearer " + token}, {"content-type", "text/plain"}})
            .status,
        501);
}

TEST_F(ApiTest, PagesAnswerInBothLanguages) {
    const http::Response zh = ask("GET", "/verify"), en = ask("GET", "/verify?lang=en");
    EXPECT_NE(zh.body.find("验证回执"), std::string::npos);
    EXPECT_NE(en.body.find("Verify a receipt"), std::string::npos);
    const http::Response bad = ask("POST", "/verify?lang=en", "receipt=nonsense");
    EXPECT_NE(bad.body.find("not valid"), std::string::npos);
    EXPECT_NE(ask("POST", "/login", "token=x&next=//evil.example").body.find("name=\"next\" value=\"/verify\""),
              std::string::npos);
}

}  // namespace
}  // namespace gongzhi::api
