// What officers do by page: every form of the console sent as a browser sends it, and sent wrongly.
#include "played.h"

namespace gongzhi::faces {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string encoded(std::string_view text) {
    std::string out;
    for (const unsigned char c : text)
        out += std::isalnum(c) ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    return out;
}

std::string hidden_in(const std::string& html, std::string_view name) {
    const std::string mark = fmt::format("name=\"{}\" value=\"", name);
    const size_t at = html.rfind(mark);
    if (at == std::string::npos) return {};
    const size_t from = at + mark.size();
    return html.substr(from, html.find('"', from) - from);
}

std::string location(const http::Response& response) {
    for (const auto& [name, value] : response.headers)
        if (name == "location") return value;
    return {};
}

// An officer at a browser: keeps the session, carries what forms hide.
class Officer {
public:
    Officer(Played& played, const access::Actor& actor)
        : client_(*played.console), session_(client_.session_of(actor)) {}

    std::string see(const std::string& path, int status = 200) {
        const http::Response page = client_.visit("GET", path + "?lang=en", "", session_, "en");
        EXPECT_EQ(page.status, status) << path << page.body;
        return page.body;
    }
    // Opens the form and sends it with these fields; what the page hides goes along.
    http::Response send(const std::string& path, Fields fields) {
        const std::string form = see(path);
        for (const char* name : {"form_token", "once", "seen"})
            if (const std::string value = hidden_in(form, name); !value.empty()) fields.emplace_back(name, value);
        return post(path, fields);
    }
    http::Response post(const std::string& path, const Fields& fields) {
        std::string body;
        for (const auto& [name, value] : fields)
            body += (body.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
        http::Response response = client_.ask("POST", path + "?lang=en", body, session_);
        if (response.status == 303) session_[0].second += cookies_set(response);  // as a browser keeps it
        return response;
    }

private:
    Client& client_;
    http::Headers session_;
};

class Console : public ::testing::Test {
protected:
    int64_t count(std::string_view sql) {
        EXPECT_TRUE(all.authority.settle());
        return sql::integer_of(all.authority.affairs(sql).rows.at(0).at(0));
    }
    // The form came back with its page whole, saying these words.
    void refused(const http::Response& response, int status, std::initializer_list<const char*> words) {
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_EQ(testing::page_problems(response, "en"), std::vector<std::string>());
        for (const char* each : words) EXPECT_TRUE(has(response.body, each)) << each << "\n" << response.body;
    }

    Played all;
    Officer officer{all, kOfficer};
    std::string case_path = "/cases/" + all.case_id;
};

TEST_F(Console, AFindingIsJudgedOnceWithThoseOnTheSameSubject) {
    all.plant_finding("f-2", "L-2");
    all.plant_finding("f-3", "L-2");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(officer.see("/findings"), "href=\"/findings/f-2\""));
    EXPECT_TRUE(has(officer.see("/findings/f-2"), "1 more is waiting"));
    refused(officer.send("/findings/f-2/review", {{"reason", "seen <b>"}}), 422,
            {"Choose one judgement", "href=\"#outcome\"", "seen &lt;b&gt;"});
    refused(officer.send("/findings/f-2/review", {{"outcome", "dismissed"}}), 422, {"Write the reason"});
    const std::string form = officer.see("/findings/f-2/review");
    const Fields fields = {{"outcome", "case"},
                           {"reason", "checked"},
                           {"also", "f-3"},
                           {"form_token", hidden_in(form, "form_token")},
                           {"once", hidden_in(form, "once")}};
    const std::string to = location(officer.post("/findings/f-2/review", fields));
    EXPECT_TRUE(to.starts_with("/cases/") && to.ends_with("?done=opened")) << to;
    EXPECT_EQ(location(officer.post("/findings/f-2/review", fields)), to) << "a double click acts once";
    EXPECT_EQ(count("SELECT count(*) FROM finding_review WHERE reason = 'checked' AND actor = 'token:officer'"), 2);
    EXPECT_EQ(count("SELECT count(*) FROM supervision_case WHERE subject = 'L-2'"), 1);
    EXPECT_FALSE(has(officer.see("/findings"), "f-2"));
}

TEST_F(Console, AFormOfAnotherSiteOrPersonDoesNothing) {
    const Fields fields = {{"grounds", "x"}, {"once", "1"}, {"seen", "1"}};
    EXPECT_EQ(officer.post(case_path + "/close", fields).status, 403);
    Officer other(all, kOtherCity);
    other.see(case_path + "/close", 404);
    const std::string token = hidden_in(other.see("/cases"), "form_token");
    EXPECT_EQ(
        other
            .post(case_path + "/close",
                  {{"form_token", token}, {"once", "1"}, {"seen", "1"}, {"outcome", "corrected"}, {"reason", "x"}})
            .status,
        404);
    EXPECT_EQ(count("SELECT count(*) FROM supervision_case WHERE state = 'closed'"), 0);
}

TEST_F(Console, ARequestIsCheckedByTheGateThenByThePersonThenSent) {
    const std::string path = case_path + "/requests/new";
    Fields fields = {{"step", "check"},  {"order_type", "information-request"}, {"basis", "电子商务法第二十五条"},
                     {"listing", "L-1"}, {"from_date", "2026-02-01"},           {"until_date", "2026-03-02"}};
    const auto with = [&](const Fields& more) {
        Fields all_fields = fields;
        all_fields.insert(all_fields.end(), more.begin(), more.end());
        return all_fields;
    };
    const int64_t blocked = count("SELECT count(*) FROM blocked_request");
    const int64_t requests = count("SELECT count(*) FROM request");
    refused(officer.send(path, with({{"fields", "sale.buyer"}, {"purpose", "why"}})), 422,
            {"The gate stops this", "sale.buyer", "href=\"#fields\""});
    refused(officer.send(path, with({{"fields", "sale.price"}})), 422, {"No purpose is named", "href=\"#purpose\""});
    EXPECT_EQ(count("SELECT count(*) FROM blocked_request"), blocked) << "writing is not yet asking";
    const Fields good = with({{"fields", "sale.price"}, {"fields", "sale.quantity"}, {"purpose", "why"}});
    refused(officer.send(path, good), 200,
            {"Check, then send", "Sign and send", "name=\"fields\" value=\"sale.quantity\""});
    EXPECT_EQ(count("SELECT count(*) FROM request"), requests);
    Fields send = good;
    send[0].second = "change";
    refused(officer.send(path, send), 200, {"value=\"sale.quantity\" checked", ">why</textarea>"});
    send[0].second = "send";
    EXPECT_EQ(location(officer.send(path, send)), case_path + "?done=request_sent");
    EXPECT_EQ(count("SELECT count(*) FROM request"), requests + 1);
    EXPECT_EQ(count("SELECT count(*) FROM case_step WHERE kind = 'sent.request' AND actor = 'token:officer'"), 2);
    EXPECT_TRUE(has(officer.see(case_path), "href=\"" + case_path + "/orders/new\""));
}

TEST_F(Console, WhoComesSecondIsToldAndLosesNothing) {
    const std::string form = officer.see(case_path + "/effect");
    ASSERT_TRUE(all.authority.node().casework().check_effect(kSecond, {all.case_id, 0}, false, "not yet"));
    const http::Response late = officer.post(case_path + "/effect", {{"form_token", hidden_in(form, "form_token")},
                                                                     {"once", hidden_in(form, "once")},
                                                                     {"seen", hidden_in(form, "seen")},
                                                                     {"effective", "yes"},
                                                                     {"statement", "my words"}});
    refused(late, 409, {"somebody else took this step", "my words"});
    EXPECT_EQ(location(officer.send(case_path + "/effect", {{"effective", "yes"}, {"statement", "my words"}})),
              case_path + "?done=effect_checked");
    EXPECT_EQ(location(officer.send(case_path + "/close", {{"outcome", "corrected"}, {"reason", "done"}})),
              case_path + "?done=closed");
    EXPECT_TRUE(has(officer.see(case_path), "Closed: L-1"));
    EXPECT_TRUE(has(officer.see(case_path + "/close"), "This step is not possible now"));
}

TEST_F(Console, ALookNeedsASecondPersonAndHappensOnce) {
    Officer second(all, kSecond);
    refused(officer.send(case_path + "/reveals/new", {{"what", "trader|contact|T-1"}, {"note", "x"}}), 422,
            {"Choose a purpose"});
    EXPECT_EQ(location(officer.send(case_path + "/reveals/new",
                                    {{"what", "trader|contact|T-1"}, {"purpose", "notify_party"}, {"note", "page"}})),
              case_path + "?done=reveal_asked");
    ASSERT_TRUE(all.authority.settle());
    const std::string id =
        sql::text_of(all.authority.affairs("SELECT reveal_id FROM reveal WHERE note = 'page'").rows.at(0).at(0));
    const std::string path = "/reveals/" + id;
    refused(officer.send(path, {{"decision", "approve"}}), 422, {"This is your own request"});
    refused(officer.send(path + "/look", {}), 422, {"No second person has approved it"});
    refused(second.send(path, {{"decision", "refuse"}}), 422, {"Say why you refuse"});
    EXPECT_EQ(location(second.send(path, {{"decision", "approve"}})), "/reveals?done=reveal_decided");
    refused(second.send(path + "/look", {}), 422, {"Only the person who asked may look"});
    const http::Response shown = officer.send(path + "/look", {});
    refused(shown, 200, {"contact-of-T-1", "platform-y was told"});
    const http::Response again = officer.send(path + "/look", {});
    EXPECT_EQ(again.status, 409);
    EXPECT_FALSE(has(again.body, "contact-of-T-1"));
    EXPECT_FALSE(has(officer.see(path), "contact-of-T-1"));
    EXPECT_EQ(count("SELECT refused_tries FROM reveal WHERE note = 'page'"), 3);
}

TEST_F(Console, ARuleGoesToAPlatformOnceADay) {
    EXPECT_TRUE(has(officer.see("/platforms"), "href=\"/platforms/platform-y\""));
    refused(officer.send("/platforms/platform-y/rules", {}), 422, {"Choose a rule"});
    EXPECT_EQ(location(officer.send("/platforms/platform-y/rules", {{"rule", "price-reference"}})),
              "/platforms/platform-y?done=rule_sent");
    refused(officer.send("/platforms/platform-y/rules", {{"rule", "price-reference"}}), 422, {"once a day"});
    EXPECT_TRUE(has(officer.see("/platforms/platform-y"), "Rules sent there"));
    officer.see("/platforms/none", 404);
}

// An administrator of users may read nothing of this; nor may a session go on without its user.
TEST_F(Console, ASessionEndsWithItsUser) {
    node::Node& node = all.authority.node();
    const access::Actor security{"token:s", access::Role::security_administrator};
    ASSERT_TRUE(node.users().add(security, "li", "correct horse battery", access::Role::officer));
    const http::Headers session = {
        {"cookie", cookies_set(all.console->ask("POST", "/login", "name=li&password=correct+horse+battery"))}};
    EXPECT_TRUE(has(all.console->ask("GET", "/cases?lang=en", "", session).body, "List of cases"));
    ASSERT_TRUE(node.users().remove(security, "li"));
    EXPECT_FALSE(has(all.console->ask("GET", "/cases?lang=en", "", session).body, "List of cases"));
}

}  // namespace
}  // namespace gongzhi::faces
