#include <gtest/gtest.h>

#include <set>

#include "client.h"
#include "page_check.h"
#include "testing/temp_folder.h"

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
        client.emplace(*node);
    }

    http::Response ask(std::string method, std::string path, std::string body = {}, http::Headers headers = {}) {
        return client->ask(std::move(method), std::move(path), std::move(body), std::move(headers));
    }
    const http::Router& router() const { return client->router(); }

    testing::TempFolder folder;
    std::unique_ptr<node::Node> node;
    std::optional<faces::Client> client;
};

// The list that an auditor reads: nothing without a permission and an audit event, nothing twice.
TEST_F(ApiTest, EveryRouteDeclaresPermissionAndAuditEvent) {
    std::set<std::string> seen;
    for (const http::Route& route : router().routes()) {
        EXPECT_FALSE(route.permission.empty()) << route.pattern;
        EXPECT_FALSE(route.audit_event.empty()) << route.pattern;
        EXPECT_TRUE(seen.insert(route.method + " " + route.pattern).second) << route.pattern;
    }
    EXPECT_GE(seen.size(), 30u);
}

TEST_F(ApiTest, NothingBehindATokenAnswersWithoutOne) {
    for (const http::Route& route : router().routes()) {
        if (route.admission != http::Admission::token) continue;
        std::string path = route.pattern;
        for (size_t open; (open = path.find('{')) != std::string::npos;)
            path.replace(open, path.find('}') - open + 1, "x");
        const http::Response response = ask(route.method, path, "{}");
        const bool login_form = response.body.find("method=\"post\" action=\"/login\"") != std::string::npos;
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

class PageTest : public ApiTest {
protected:
    http::Response visit(std::string method, const std::string& target, std::string body, http::Headers headers,
                         std::string_view language) {
        return client->visit(std::move(method), target, std::move(body), std::move(headers), language);
    }
    static std::string cookies_set(const http::Response& response) { return faces::cookies_set(response); }
};

TEST_F(PageTest, EveryPageIsWholeInBothLanguages) {
    const std::string token = node->tokens().issue("wang", access::Role::engineer).value();
    for (const std::string& language : {std::string("zh-CN"), std::string("en")}) {
        const std::string query = "?lang=" + language;
        for (const char* path : {"/verify", "/login", "/gallery"})
            EXPECT_EQ(visit("GET", path + query, "", {}, language).status, 200) << path;
        visit("POST", "/verify" + query, "receipt=nonsense", {}, language);
        visit("POST", "/verify" + query, "receipt=+", {}, language);
        EXPECT_EQ(visit("POST", "/login" + query, "token=x", {}, language).status, 401);
        EXPECT_EQ(visit("POST", "/login" + query, "name=wang&password=x", {}, language).status, 401);
        EXPECT_EQ(visit("GET", "/enter" + query + "&token=x", "", {}, language).status, 401);
        EXPECT_EQ(visit("GET", "/records/trader/none" + query, "", {}, language).status, 200);  // the form to sign in
        const http::Response in = ask("POST", "/login", "token=" + token);
        const http::Response none =
            visit("GET", "/records/trader/none" + query, "", {{"cookie", cookies_set(in)}}, language);
        EXPECT_EQ(none.status, 404);
    }
}

// The checker itself: a page with a planted fault of each kind must not pass.
TEST_F(PageTest, TheCheckerFindsWhatIsPlanted) {
    const http::Response good = ask("GET", "/verify?lang=en");
    const auto found = [&](std::string_view from, std::string_view to) {
        http::Response bad = good;
        const size_t at = bad.body.find(from);
        if (at == std::string::npos) return true;
        bad.body.replace(at, from.size(), to);
        return testing::page_problems(bad, "en").empty();
    };
    EXPECT_FALSE(found("</main>", ""));
    EXPECT_FALSE(found("<h1", "<h2"));
    EXPECT_FALSE(found("for=\"receipt\"", "for=\"other\""));
    EXPECT_FALSE(found("id=\"main\"", "id=\"receipt\""));
    EXPECT_FALSE(found("lang=\"en\"", "lang=\"de\""));
    EXPECT_FALSE(found("name=\"receipt\"", "name=receipt"));
    EXPECT_FALSE(found("</body>", "<script></script></body>"));
    EXPECT_FALSE(found("<script src=\"/assets/verify-", "<script src=\"/assets/other-"));
    EXPECT_FALSE(found("<script src=", "<script async src="));
    EXPECT_FALSE(found("</body>", "<script src=\"/assets/verify-0.js\" defer></script></body>"));
    EXPECT_FALSE(found("href=\"/login\"", "href=\"https://elsewhere.example/\""));
    EXPECT_FALSE(found("</body>", "</body><!-- view problems: x -->"));
}

TEST_F(PageTest, WhatAVisitorChoseStays) {
    const http::Response chosen = visit("GET", "/verify?lang=en&type=large", "", {}, "en");
    EXPECT_NE(chosen.body.find("gz-large"), std::string::npos);
    const http::Response later = visit("GET", "/login", "", {{"cookie", cookies_set(chosen)}}, "en");
    EXPECT_NE(later.body.find("gz-large"), std::string::npos);
    EXPECT_NE(later.body.find("href=\"/login?type=normal\""), std::string::npos);
    const http::Response back = visit("GET", "/login?type=normal", "", {{"cookie", cookies_set(chosen)}}, "en");
    EXPECT_EQ(back.body.find("gz-large"), std::string::npos);
}

std::string form_token_in(const std::string& html) {
    constexpr std::string_view mark = "name=\"form_token\" value=\"";
    const size_t at = html.find(mark) + mark.size();
    return html.substr(at, html.find('"', at) - at);
}

TEST_F(PageTest, SigningOutEndsTheSession) {
    const std::string token = node->tokens().issue("wang", access::Role::engineer).value();
    const http::Headers session = {{"cookie", cookies_set(ask("POST", "/login", "token=" + token))}};
    const http::Response page = ask("GET", "/records/trader/none", "", session);
    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(visit("POST", "/logout?lang=en", "", session, "en").status, 403);  // a form of another site
    EXPECT_EQ(ask("GET", "/records/trader/none", "", session).status, 404);
    EXPECT_EQ(ask("POST", "/logout", "form_token=" + form_token_in(page.body), session).status, 303);
    EXPECT_NE(ask("GET", "/records/trader/none", "", session).body.find("action=\"/login"), std::string::npos);
}

TEST_F(PageTest, ALinkOpensOneSession) {
    const std::string token = node->tokens().issue_once({"token:wang", access::Role::clerk}).value();
    const http::Response in = ask("GET", "/enter?next=/records/trader/none%3Ftype%3Dlarge&token=" + token);
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.headers[0], (std::pair<std::string, std::string>("location", "/records/trader/none?type=large")));
    EXPECT_NE(ask("GET", "/records/trader/none?lang=en", "", {{"cookie", cookies_set(in)}}).body.find("wang"),
              std::string::npos);
    const http::Response again = visit("GET", "/enter?lang=en&token=" + token, "", {}, "en");
    EXPECT_EQ(again.status, 401);
    EXPECT_NE(again.body.find("This link was used before"), std::string::npos);
    EXPECT_EQ(cookies_set(again).find("gongzhi_session"), std::string::npos);
}

TEST_F(PageTest, PeopleComeInWithNameAndPassword) {
    const access::Actor administrator{"token:a", access::Role::security_administrator};
    ASSERT_TRUE(node->users().add(administrator, "li", "correct horse battery", access::Role::clerk));
    EXPECT_EQ(ask("POST", "/login", "name=li&password=wrong").status, 401);
    const http::Response in = ask("POST", "/login", "name=li&password=correct+horse+battery");
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(ask("GET", "/", "", {{"cookie", cookies_set(in)}}).headers[0].second, "/due");
    EXPECT_EQ(visit("GET", "/?lang=en", "", {}, "en").status, 200);
}

// Signed out: why there is a form, and that the page comes after it. Signed in: no form again.
TEST_F(PageTest, SigningInSaysWhyAndIsAskedOnce) {
    const std::string asked = visit("GET", "/records/trader/none?lang=en", "", {}, "en").body;
    EXPECT_NE(asked.find("Sign in first; you will come back to this page."), std::string::npos);
    EXPECT_NE(asked.find("name=\"next\" value=\"/records/trader/none?lang=en\""), std::string::npos);
    EXPECT_EQ(visit("GET", "/login?lang=en", "", {}, "en").body.find("Sign in first"), std::string::npos);
    const std::string token = node->tokens().issue("wang", access::Role::clerk).value();
    const http::Headers session = {{"cookie", cookies_set(ask("POST", "/login", "token=" + token))}};
    const http::Response again = visit("GET", "/login?lang=en", "", session, "en");
    EXPECT_EQ(again.status, 200);
    EXPECT_NE(again.body.find("You are signed in"), std::string::npos);
    EXPECT_NE(again.body.find("href=\"/due\""), std::string::npos);
    EXPECT_EQ(again.body.find("action=\"/login"), std::string::npos);
}

TEST_F(PageTest, TheStylesheetIsKeptByItsName) {
    const std::string page = ask("GET", "/verify").body;
    const size_t at = page.find("/assets/");
    const std::string path = page.substr(at, page.find('"', at) - at);
    const http::Response plain = ask("GET", path), packed = ask("GET", path, "", {{"accept-encoding", "gzip, br"}});
    EXPECT_EQ(plain.status, 200);
    EXPECT_LT(packed.body.size(), plain.body.size());
    EXPECT_EQ(ask("GET", "/assets/site-0000000000000000.css").status, 404);
}

TEST_F(PageTest, OnlyPathsOfThisSiteAreFollowed) {
    for (const char* next : {"//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil.example", "x"}) {
        const http::Response form = ask("POST", "/login", "token=x&next=" + std::string(next));
        EXPECT_NE(form.body.find("name=\"next\" value=\"/\""), std::string::npos) << next;
        const std::string token = node->tokens().issue_once({"token:wang", access::Role::clerk}).value();
        const http::Response in = ask("GET", "/enter?token=" + token + "&next=" + next);
        EXPECT_EQ(in.headers[0].second, "/") << next;
    }
}

}  // namespace
}  // namespace gongzhi::api
