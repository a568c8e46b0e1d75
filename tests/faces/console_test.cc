// What officers do by page: every form of the console sent as a browser sends it, and sent wrongly.
#include "played.h"

namespace gongzhi::faces {
namespace {

class Console : public ::testing::Test {
protected:
    // The form came back with its page whole, saying these words.
    void refused(const http::Response& response, int status, std::initializer_list<const char*> words) {
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_EQ(testing::page_problems(response, "en"), std::vector<std::string>());
        for (const char* each : words) EXPECT_TRUE(has(response.body, each)) << each << "\n" << response.body;
    }

    // A form that the page does not show, as one sends it who opened it before.
    http::Response by_hand(const std::string& path, Fields fields, const std::string& once = "by-hand") {
        return sent_by_hand(officer, path, std::move(fields), once);
    }
    static http::Response sent_by_hand(Browser& browser, const std::string& path, Fields fields,
                                       const std::string& once) {
        fields.emplace_back("form_token", hidden_in(browser.see("/cases"), "form_token"));
        fields.emplace_back("once", once);
        return browser.post(path, fields);
    }

    // A record that the authority is given and that no rule suspects.
    void submit_notice_in_order() {
        const Json notice = {{"service", "app1"},         {"service_type", "online_shopping"},
                             {"notice_version", "v1"},    {"service_function", "checkout"},
                             {"item", "recipient_phone"}, {"item_name", "收货人联系电话"},
                             {"purpose", "送货"},         {"ground", "contract"},
                             {"necessity", "necessary"},  {"refusal_denies_service", true},
                             {"retention_days", 365},     {"effective_date", "2026-01-01"}};
        const auto taken =
            all.platform.node().intake().submit(kClerk, scenario::submission("privacy_notice", notice.dump() + "\n"));
        ASSERT_TRUE(taken) << taken.error().describe();
        ASSERT_TRUE(all.platform.node().submit_onward(kClerk, taken->index, all.authority.id()));
        ASSERT_TRUE(all.settle());
    }

    Played all;
    Browser officer{*all.console, kOfficer};
    std::string case_path = "/cases/" + all.case_id;
};

TEST_F(Console, AFindingIsJudgedOnceWithThoseOnTheSameSubject) {
    all.plant_finding("f-2", "L-2");
    all.plant_finding("f-3", "L-2");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(officer.see("/findings"), "href=\"/findings/f-2\""));
    EXPECT_TRUE(has(officer.see("/findings/f-2"), "1 more is waiting"));
    refused(officer.submit("/findings/f-2/review", {{"reason", "seen <b>"}}), 422,
            {"Choose one judgement", "href=\"#outcome\"", "seen &lt;b&gt;"});
    refused(officer.submit("/findings/f-2/review", {{"outcome", "dismissed"}}), 422, {"Write the reason"});
    const std::string form = officer.see("/findings/f-2/review");
    const Fields fields = {{"outcome", "case"},
                           {"reason", "checked"},
                           {"also", "f-3"},
                           {"form_token", hidden_in(form, "form_token")},
                           {"once", hidden_in(form, "once")}};
    const std::string to = location(officer.post("/findings/f-2/review", fields));
    EXPECT_TRUE(to.starts_with("/cases/") && to.ends_with("?done=opened")) << to;
    EXPECT_EQ(location(officer.post("/findings/f-2/review", fields)), to) << "a double click acts once";
    EXPECT_EQ(all.count("SELECT count(*) FROM finding_review WHERE reason = 'checked' AND actor = 'token:officer'"), 2);
    EXPECT_EQ(all.count("SELECT count(*) FROM supervision_case WHERE subject = 'L-2'"), 1);
    EXPECT_FALSE(has(officer.see("/findings"), "f-2"));
    for (const char* judged : {"/findings/f-2", "/findings/f-3"}) {
        const std::string page = officer.see(judged);
        EXPECT_TRUE(has(page, "It holds; a case was opened") && has(page, "Judged: it holds")) << page;
        EXPECT_TRUE(has(page, ">Outcome</h2>") && !has(page, "no case for now"));
        const std::string again = officer.see(std::string(judged) + "/review");
        EXPECT_TRUE(has(again, "It holds; a case was opened") && !has(again, "name=\"outcome\"")) << again;
        EXPECT_TRUE(has(again, fmt::format("href=\"{}\"", judged)));
    }
}

TEST_F(Console, AFindingThatDoesNotHoldSaysSo) {
    all.plant_finding("f-2", "L-2");
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(location(officer.submit("/findings/f-2/review", {{"outcome", "dismissed"}, {"reason", "no"}})),
              "/findings/f-2?done=dismissed");
    const std::string page = officer.see("/findings/f-2");
    EXPECT_TRUE(has(page, "Judged: it does not hold") && !has(page, "/findings/f-2/case")) << page;
    const std::string opening = officer.see("/findings/f-2/case");
    EXPECT_FALSE(has(opening, "Open the case</button>")) << opening;
    all.plant_finding("f-3", "L-2");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(officer.see("/findings/f-3/review"), "name=\"outcome\"")) << "another finding waits for itself";
    EXPECT_TRUE(has(officer.see("/cockpit"), "href=\"/findings\">1 subject waits to be judged</a>"));
}

TEST_F(Console, AFormOfAnotherSiteOrPersonDoesNothing) {
    const Fields fields = {{"grounds", "x"}, {"once", "1"}, {"seen", "1"}};
    EXPECT_EQ(officer.post(case_path + "/close", fields).status, 403);
    Browser other(*all.console, kOtherCity);
    other.see(case_path + "/close", 404);
    const std::string token = hidden_in(other.see("/cases"), "form_token");
    EXPECT_EQ(
        other
            .post(case_path + "/close",
                  {{"form_token", token}, {"once", "1"}, {"seen", "1"}, {"outcome", "corrected"}, {"reason", "x"}})
            .status,
        404);
    EXPECT_EQ(all.count("SELECT count(*) FROM supervision_case WHERE state = 'closed'"), 0);
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
    const int64_t blocked = all.count("SELECT count(*) FROM blocked_request");
    const int64_t requests = all.count("SELECT count(*) FROM request");
    refused(officer.submit(path, with({{"fields", "sale.buyer"}, {"purpose", "why"}})), 422,
            {"The gate stops this", "sale.buyer", "href=\"#fields\""});
    refused(officer.submit(path, with({{"fields", "sale.price"}})), 422, {"No purpose is named", "href=\"#purpose\""});
    EXPECT_EQ(all.count("SELECT count(*) FROM blocked_request"), blocked) << "writing is not yet asking";
    const Fields good = with({{"fields", "sale.price"}, {"fields", "sale.quantity"}, {"purpose", "why"}});
    refused(officer.submit(path, good), 200,
            {"Check, then send", "Sign and send", "name=\"fields\" value=\"sale.quantity\""});
    EXPECT_EQ(all.count("SELECT count(*) FROM request"), requests);
    Fields send = good;
    send[0].second = "change";
    refused(officer.submit(path, send), 200, {"value=\"sale.quantity\" checked", ">why</textarea>"});
    send[0].second = "send";
    EXPECT_EQ(location(officer.submit(path, send)), case_path + "?done=request_sent");
    EXPECT_EQ(all.count("SELECT count(*) FROM request"), requests + 1);
    EXPECT_EQ(all.count("SELECT count(*) FROM case_step WHERE kind = 'sent.request' AND actor = 'token:officer'"), 2);
    EXPECT_TRUE(has(officer.see(case_path), "href=\"" + case_path + "/orders/new\""));
}

TEST_F(Console, AnEmptyFormHearsOfAllThatIsMissing) {
    refused(officer.submit(case_path + "/orders/new", {{"step", "check"}, {"basis", "价格法第四十条"}}), 422,
            {"href=\"#purpose\"", "href=\"#measures\"", "href=\"#statement\""});
    const http::Response category = officer.submit("/platforms/platform-y/requests/new", {{"step", "check"}});
    refused(category, 422,
            {"href=\"#basis\"", "href=\"#purpose\"", "href=\"#category\"", "href=\"#region\"", "href=\"#fields\"",
             "href=\"#from_date\"", "href=\"#until_date\""});
    EXPECT_FALSE(has(category.body, "One category and one region are to be named")) << "said once, at its field";
    EXPECT_LT(category.body.find("href=\"#basis\""), category.body.find("href=\"#category\""))
        << "in the order of the form";
}

Json sale_of(const std::string& id, const std::string& category, const std::string& region) {
    Json sale = parse_json(scenario::sale_line(id)).value();
    sale["category"] = category;
    sale["region"] = region;
    return sale;
}

// D4: no case, one category and region, and the rows of the answer to read and to take along.
TEST_F(Console, ACategoryIsAskedForByPageAndItsAnswerRead) {
    ASSERT_TRUE(all.platform.node().intake().submit(
        scenario::kClerk, scenario::submission("sale", sale_of("C-1", "cups", "990101").dump() + "\n" +
                                                           sale_of("C-2", "cups", "990201").dump() + "\n")));
    ASSERT_TRUE(all.settle());
    const std::string path = "/platforms/platform-y/requests/new";
    EXPECT_TRUE(has(officer.see("/platforms/platform-y"), "href=\"" + path + "\""));
    Fields fields = {{"step", "check"},
                     {"order_type", "specified-trade-request"},
                     {"basis", "网络交易合规数据报送管理暂行办法第十条"},
                     {"purpose", "prices of <cups>"},
                     {"fields", "sale.category"},
                     {"fields", "sale.price"},
                     {"from_date", "2026-02-01"},
                     {"until_date", "2026-03-31"},
                     {"region", "990100"}};
    refused(officer.submit(path, fields), 422, {"Name one category", "href=\"#category\"", "&lt;cups&gt;"});
    fields.emplace_back("category", "cups");
    Browser city(*all.console, kCity);
    EXPECT_TRUE(has(city.see(path), "Only the national authority"));
    refused(city.submit(path, fields), 422, {"may not make this request"});
    refused(officer.submit(path, fields), 200, {"Check, then send", "City A (990100)", "cups"});
    EXPECT_EQ(all.count("SELECT count(*) FROM request WHERE case_id = ''"), 0);
    fields[0].second = "send";
    const std::string sent = location(officer.submit(path, fields));
    ASSERT_TRUE(sent.ends_with("?done=category_request_sent")) << sent;
    const std::string page = sent.substr(0, sent.find('?'));
    EXPECT_TRUE(has(officer.see(page), "No answer yet"));
    Browser(*all.console, kOtherCity).see(page, 404);
    ASSERT_TRUE(all.settle());
    ASSERT_TRUE(all.platform.node().answer_request(scenario::kClerk, page.substr(10)));
    ASSERT_TRUE(all.settle());
    const std::string answered = officer.see(page);
    EXPECT_TRUE(has(answered, "1 in all") && has(answered, "12.50 CNY")) << answered;
    const http::Response csv = officer.get(page + "/rows.csv?type=sale");
    EXPECT_EQ(csv.body, "\xef\xbb\xbf\"category\",\"price\"\r\n\"cups\",\"12.50 CNY\"\r\n");
    EXPECT_EQ(officer.get(page + "/rows.csv?type=offer").status, 404);
    EXPECT_TRUE(has(officer.see("/platforms/platform-y"), "href=\"" + page + "\""));
}

TEST_F(Console, TheAnswerWithinACaseIsReadToo) {
    const std::string page = officer.see(case_path);
    const size_t at = page.find("href=\"/requests/");
    ASSERT_NE(at, std::string::npos) << page;
    const std::string orders = page.substr(at + 6, page.find('"', at + 6) - at - 6);  // newest first: the order
    EXPECT_TRUE(has(officer.see(orders), "按规定标价"));
    const std::string id = sql::text_of(
        all.authority.affairs("SELECT message_id FROM request WHERE kind = 'request' AND direction = 'sent'")
            .rows[0][0]);
    EXPECT_TRUE(has(officer.see("/requests/" + id), "2 in all"));
    Browser(*all.console, kOtherCity).see("/requests/" + id, 404);
    officer.see("/requests/none", 404);
}

TEST_F(Console, ARuleRunsOverWhatWasSubmittedHere) {
    const std::string path = "/rules/price-reference/run";
    EXPECT_TRUE(has(officer.see("/rules/price-reference"), "href=\"" + path + "\""));
    EXPECT_TRUE(has(officer.see(path), "Nothing that this rule reads was submitted here"));
    const std::string nothing = officer.see(path);
    EXPECT_TRUE(has(nothing, "There was no data to look at; nothing can be concluded")) << nothing;
    EXPECT_FALSE(has(nothing, "Run it now"));
    refused(by_hand(path, {}), 422, {"Not run: there was no data to look at"});
    submit_notice_in_order();
    const std::string over_notices = "/rules/collection-beyond-need/run";
    EXPECT_EQ(location(officer.submit(over_notices, {})), "/rules/collection-beyond-need?done=rule_run_clear");
    EXPECT_TRUE(has(officer.see("/rules/collection-beyond-need?done=rule_run_clear"), "found nothing"));
    officer.see("/rules/no-such-rule/run", 404);
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
    EXPECT_EQ(location(officer.submit(case_path + "/effect", {{"effective", "yes"}, {"statement", "my words"}})),
              case_path + "?done=effect_checked");
    EXPECT_EQ(location(officer.submit(case_path + "/close", {{"outcome", "corrected"}, {"reason", "done"}})),
              case_path + "?done=closed");
    EXPECT_TRUE(has(officer.see(case_path), "Closed: L-1"));
    EXPECT_TRUE(has(officer.see(case_path + "/close"), "This step is not possible now"));
    // Also where no form is left to come back with.
    const http::Response too_late = officer.submit_from(
        form, case_path + "/effect", {{"effective", "yes"}, {"statement", "words <of> mine"}, {"once", "another"}});
    refused(too_late, 409, {"the case is closed", "words &lt;of&gt; mine"});
    EXPECT_FALSE(has(too_late.body, "name=\"once\""));
}

TEST_F(Console, ALookNeedsASecondPersonAndHappensOnce) {
    Browser second(*all.console, kSecond);
    refused(officer.submit(case_path + "/reveals/new", {{"what", "trader|contact|T-1"}, {"note", "x"}}), 422,
            {"Choose a purpose"});
    EXPECT_EQ(location(officer.submit(case_path + "/reveals/new",
                                      {{"what", "trader|contact|T-1"}, {"purpose", "notify_party"}, {"note", "page"}})),
              case_path + "?done=reveal_asked");
    ASSERT_TRUE(all.authority.settle());
    const std::string id =
        sql::text_of(all.authority.affairs("SELECT reveal_id FROM reveal WHERE note = 'page'").rows.at(0).at(0));
    const std::string path = "/reveals/" + id;
    EXPECT_FALSE(has(officer.see(path), "Record the decision"));
    EXPECT_FALSE(has(officer.see(path + "/look"), "Show it and tell the platform"));
    refused(by_hand(path, {{"decision", "approve"}}), 422, {"This is your own request", "That you tried is on record"});
    refused(by_hand(path + "/look", {}), 422, {"no second person has approved it", "That you tried is on record"});
    refused(second.submit(path, {{"decision", "refuse"}}), 422, {"Say why you refuse"});
    EXPECT_EQ(location(second.submit(path, {{"decision", "approve"}})), "/reveals?done=reveal_decided");
    refused(sent_by_hand(second, path + "/look", {}, "x"), 422, {"Only the person who asked may look"});
    const std::string form = officer.see(path + "/look");
    const http::Response shown = officer.submit_from(form, path + "/look", {});
    refused(shown, 200, {"contact-of-T-1", "platform-y was told"});
    // The page of the value loaded again: it was oneself who took the step.
    const http::Response again = officer.submit_from(form, path + "/look", {});
    refused(again, 422, {"You have seen it once. To see it again, ask again."});
    EXPECT_FALSE(has(again.body, "contact-of-T-1") || has(again.body, "somebody else"));
    EXPECT_FALSE(has(again.body, "Show it and tell the platform"));
    EXPECT_TRUE(has(officer.see(path + "/look"), "You have seen it once"));
    EXPECT_FALSE(has(officer.see(path), "contact-of-T-1"));
    EXPECT_EQ(all.count("SELECT refused_tries FROM reveal WHERE note = 'page'"), 3);
}

TEST_F(Console, ARuleGoesToAPlatformOnceADay) {
    EXPECT_TRUE(has(officer.see("/platforms"), "href=\"/platforms/platform-y\""));
    refused(officer.submit("/platforms/platform-y/rules", {}), 422, {"Choose a rule"});
    EXPECT_EQ(location(officer.submit("/platforms/platform-y/rules", {{"rule", "price-reference"}})),
              "/platforms/platform-y?done=rule_sent");
    refused(officer.submit("/platforms/platform-y/rules", {{"rule", "price-reference"}}), 422, {"once a day"});
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
