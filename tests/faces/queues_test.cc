// How officers find what to do: the queues of cases, what narrows them, and findings judged together.
#include "played.h"

namespace gongzhi::faces {
namespace {

class Queues : public ::testing::Test {
protected:
    // How many cases the queue says it has.
    static std::string counted(const std::string& page, const std::string& name) {
        const size_t at = page.find(">" + name + " <span class=\"gz-count\">");
        if (at == std::string::npos) return "no such queue";
        const size_t from = page.find("gz-count\">", at) + 10;
        return page.substr(from, page.find('<', from) - from);
    }
    std::string open_case(const std::string& finding, const std::string& subject, const access::Actor& actor) {
        all.plant_finding(finding, subject);
        EXPECT_TRUE(all.settle());
        const auto opened = all.authority.node().casework().open_case(actor, finding);
        EXPECT_TRUE(opened) << opened.error().describe();
        return opened ? opened->case_id : std::string();
    }

    Played all;
    Browser officer{*all.console, kOfficer};
};

TEST_F(Queues, EachPersonSeesWhatIsTheirs) {
    open_case("f-2", "L-2", kCity);
    const std::string page = officer.see("/cases");
    EXPECT_EQ(counted(page, "All"), "2");
    EXPECT_EQ(counted(page, "Mine"), "1");
    EXPECT_EQ(counted(page, "My unit’s"), "no such queue") << "who belongs to no unit has none";
    EXPECT_FALSE(has(officer.see("/cases?queue=mine"), ">L-2<"));
    Browser city(*all.console, kCity);
    EXPECT_EQ(counted(city.see("/cases"), "Mine"), "1");
    EXPECT_EQ(counted(city.see("/cases"), "My unit’s"), "2");
    const std::string mine = city.see("/cases?queue=mine");
    EXPECT_TRUE(has(mine, ">L-2<") && !has(mine, ">L-1<"));
    Browser other(*all.console, kOtherCity);
    EXPECT_EQ(counted(other.see("/cases"), "All"), "0") << "another city's cases are not there for this one";
    EXPECT_TRUE(has(other.see("/cases?queue=overdue"), "No such case"));
}

// The platform's delay and the authority's stand in the same queues.
TEST_F(Queues, TimeMovesACaseFromSoonToOverdue) {
    const std::string id = open_case("f-2", "L-2", kOfficer);
    const auto sent =
        all.authority.node().send_request(kOfficer, {id,
                                                     "information-request",
                                                     "电子商务法第二十五条",
                                                     "why",
                                                     {"sale.price"},
                                                     {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 2)}});
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(counted(officer.see("/cases"), "Overdue"), "0");
    EXPECT_FALSE(has(officer.see("/cases?queue=overdue"), ">L-2<"));
    EXPECT_TRUE(has(officer.see("/cases"), "days left"));
    all.clock.clock->advance(60 * kMicrosPerDay);
    Browser later(*all.console, kOfficer);
    const std::string late = later.see("/cases?queue=overdue");
    EXPECT_TRUE(has(late, ">L-2<") && has(late, "overdue")) << late;
    EXPECT_EQ(counted(late, "Overdue"), "2") << "the order of the other case as well";
}

// Where something is due, that decides; what has nothing due comes last, though it be the newest.
TEST_F(Queues, WhatIsDueFirstComesFirst) {
    const std::string second = open_case("f-2", "L-2", kOfficer);
    all.clock.clock->advance(kMicrosPerDay);
    ASSERT_TRUE(
        all.authority.node().send_request(kOfficer, {second,
                                                     "information-request",
                                                     "电子商务法第二十五条",
                                                     "why",
                                                     {"sale.price"},
                                                     {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 2)}}));
    open_case("f-3", "L-3", kOfficer);
    ASSERT_TRUE(all.settle());
    Browser later(*all.console, kOfficer);
    const auto in_order = [](const std::string& page, const std::vector<std::string>& subjects) {
        size_t at = 0;
        for (const std::string& each : subjects)
            if (at = page.find(">" + each + "<", at); at == std::string::npos) return false;
        return true;
    };
    const std::string mine = later.see("/cases?queue=mine");
    EXPECT_TRUE(in_order(mine, {"L-1", "L-2", "L-3"})) << mine;
    EXPECT_TRUE(has(mine, "What is due first comes first") && has(mine, "aria-sort=\"ascending\""));
    const std::string all_cases = later.see("/cases");
    EXPECT_TRUE(in_order(all_cases, {"L-3", "L-2", "L-1"}) && has(all_cases, "The newest come first"));
    EXPECT_TRUE(has(all_cases, "href=\"/cases?order=due\""));
    EXPECT_TRUE(in_order(later.see("/cases?order=due"), {"L-1", "L-2", "L-3"}));
    EXPECT_TRUE(in_order(later.see("/cases?queue=mine&order=newest"), {"L-3", "L-2", "L-1"}));
}

TEST_F(Queues, AnAddressNarrowsAndEachConditionCanBeLifted) {
    open_case("f-2", "L-2", kOfficer);
    const std::string found = officer.see("/cases?words=l-2&platform=platform-y&queue=mine&order=oldest");
    EXPECT_TRUE(has(found, ">L-2<") && !has(found, ">L-1<"));
    EXPECT_TRUE(has(found, "href=\"/cases?queue=mine&amp;platform=platform-y&amp;order=oldest\""))
        << "the words lifted";
    EXPECT_TRUE(has(found, "aria-sort=\"ascending\""));
    EXPECT_TRUE(has(officer.see("/cases?words=nothing+like+it"), "No case fits these conditions"));
    EXPECT_TRUE(has(officer.see("/cases?rule=collection-beyond-need"), "No case fits these conditions"));
    // What makes no sense in an address is left out, and shown nowhere as if it held.
    const std::string odd =
        officer.see("/cases?queue=%3Cb%3E&state=x&after=-1&platform=a%2Cb&words=" + std::string(300, 'x'));
    EXPECT_TRUE(has(odd, ">L-1<") && has(odd, ">L-2<"));
}

TEST_F(Queues, AListIsTakenAwayAsItIsNarrowedAndThatIsOnRecord) {
    open_case("f-2", "L-2", kOfficer);
    EXPECT_TRUE(has(officer.see("/cases?words=L-2"), "href=\"/cases.csv?words=L-2\""));
    const http::Response file = officer.get("/cases.csv?words=L-2");
    EXPECT_EQ(file.status, 200);
    EXPECT_TRUE(has(file.body, "case_id,state,unit") && has(file.body, "\"L-2\"") && !has(file.body, "\"L-1\""))
        << file.body;
    const Json log = all.authority.node().audit_log().list({"token:audit", access::Role::audit_administrator}).value();
    EXPECT_EQ(log.at(0)["event"], "cases.export");
    EXPECT_EQ(log.at(0)["outcome"], "done");
    EXPECT_EQ(log.at(0)["actor"], kOfficer.name);
}

TEST_F(Queues, PagesOfManyCasesMissNoneAndRepeatNone) {
    for (int i = 0; i < 45; ++i) open_case(fmt::format("m-{}", i), fmt::format("M-{}", i), kOfficer);
    for (const std::string order : {"", "&order=newest", "&order=oldest"}) {
        std::set<std::string> seen;
        std::string path = "/cases?queue=mine" + order;
        for (int page = 0; page < 2; ++page) {
            const std::string html = officer.see(path);
            const std::string mark = "<a class=\"govuk-link\" href=\"/cases/";
            for (size_t at = 0; (at = html.find(mark, at)) != std::string::npos; at += mark.size())
                EXPECT_TRUE(seen.insert(html.substr(at, html.find('>', at) - at)).second);
            const size_t next = html.find(order.empty() ? "skip=" : "after=", html.find("govuk-pagination__next"));
            EXPECT_EQ(next == std::string::npos, page == 1);
            if (next == std::string::npos) break;
            path = "/cases?queue=mine" + order + "&" + html.substr(next, html.find('"', next) - next);
        }
        EXPECT_EQ(seen.size(), 46u);
    }
}

class Together : public Queues {
protected:
    Together() {
        for (const char* id : {"f-2", "f-3"}) all.plant_finding(id, "L-2");
        all.plant_finding("f-4", "L-4");
        all.plant_finding("f-5", "L-5");
        EXPECT_TRUE(all.settle());
    }
    // The form for these subjects, each named by one of its findings.
    std::string form_for(const std::string& query) { return officer.see("/findings/judge?" + query); }
};

TEST_F(Together, WhatIsChosenIsShownThenJudgedThenTold) {
    const std::string queue = officer.see("/findings");
    EXPECT_TRUE(has(queue, "name=\"finding\" value=\"f-4\"") && has(queue, "Judge those chosen together"));
    const std::string form = form_for("finding=f-2&finding=f-4");
    EXPECT_TRUE(has(form, "Judge 2 subjects together") && has(form, "all 3 findings below"));
    EXPECT_TRUE(has(form, "value=\"f-3\"")) << "all findings on a chosen subject";
    EXPECT_FALSE(has(form, "L-5"));
    all.plant_finding("f-6", "L-2");
    ASSERT_TRUE(all.settle());
    const http::Response nothing = officer.submit_from(form, "/findings/judge", {});
    EXPECT_EQ(nothing.status, 422);
    EXPECT_TRUE(has(nothing.body, "Choose one judgement") && has(nothing.body, "value=\"f-3\""));
    const http::Response told =
        officer.submit_from(form, "/findings/judge", {{"outcome", "case"}, {"reason", "checked <all>"}});
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(testing::page_problems(told, "en"), std::vector<std::string>());
    EXPECT_TRUE(has(told.body, "3 findings were dealt with") && has(told.body, "Recorded: it holds, with a case"));
    EXPECT_EQ(all.count("SELECT count(*) FROM finding_review WHERE reason = 'checked <all>' AND outcome = 'confirmed'"),
              3);
    EXPECT_EQ(all.count("SELECT count(*) FROM supervision_case WHERE subject IN ('L-2', 'L-4')"), 2);
    EXPECT_TRUE(has(officer.see("/findings"), "href=\"/findings/f-6\""))
        << "what came after the form was opened waits on";
    // Sent again, it says of each that it was judged, and judges none.
    const http::Response again =
        officer.submit_from(form, "/findings/judge", {{"outcome", "dismissed"}, {"reason", "again"}});
    EXPECT_TRUE(has(again.body, "3 more were left alone")) << again.body;
    EXPECT_EQ(all.count("SELECT count(*) FROM finding_review"), 3);
}

TEST_F(Together, AllThatAListHoldsMeansItsListOnly) {
    EXPECT_TRUE(
        has(officer.see("/findings?rule=price-reference"), "href=\"/findings/judge?rule=price-reference&amp;all=1\""));
    EXPECT_TRUE(has(form_for("platform=platform-y&all=1"), "Judge 3 subjects together"));
    EXPECT_TRUE(has(form_for("platform=platform-z&all=1"), "Nothing to judge"));
    EXPECT_TRUE(has(form_for("finding=none"), "Nothing to judge"));
}

// What cannot be taken back is never meant by saying nothing.
TEST_F(Together, WhoTicksNothingIsLedBackToTheList) {
    const std::string page = form_for("platform=platform-y");
    EXPECT_TRUE(has(page, "href=\"#choose-1\">Tick the subjects to judge first.") && has(page, "id=\"choose-1\""))
        << page;
    EXPECT_TRUE(has(page, "Findings that wait for a person") && !has(page, "name=\"outcome\""));
    EXPECT_TRUE(has(page, "type=\"hidden\" name=\"platform\" value=\"platform-y\"")) << "the same list again";
}

// What the rule says, the order of the queue and the order of the answers are the same wherever one judges.
TEST_F(Together, TheFormReadsLikeTheQueue) {
    const std::string form = form_for("finding=f-5&finding=f-4&finding=f-2");
    const size_t first = form.find(">L-2<"), second = form.find(">L-4<"), third = form.find(">L-5<");
    EXPECT_TRUE(first < second && second < third) << form;
    EXPECT_TRUE(has(form, "What the rule says") && has(form, ">Suspicion<"));
    EXPECT_TRUE(has(form, "href=\"/rules/price-reference\""));
    const auto answers = [](const std::string& page) {
        const size_t at_case = page.find("value=\"case\""), confirmed = page.find("value=\"confirmed\""),
                     dismissed = page.find("value=\"dismissed\"");
        return at_case < confirmed && confirmed < dismissed && dismissed != std::string::npos;
    };
    EXPECT_TRUE(answers(form) && answers(officer.see("/findings/f-2/review")));
}

TEST_F(Together, OnlyWithinReachAndOnlyByWhoMayJudge) {
    Browser other(*all.console, kOtherCity);
    EXPECT_TRUE(has(other.see("/findings/judge?finding=f-2"), "Nothing to judge"));
    const std::string form = form_for("finding=f-2");
    const http::Response told =
        other.post("/findings/judge", {{"form_token", hidden_in(other.see("/cases"), "form_token")},
                                       {"once", hidden_in(form, "once")},
                                       {"finding", "f-2"},
                                       {"outcome", "dismissed"},
                                       {"reason", "x"}});
    EXPECT_TRUE(has(told.body, "One more was left alone")) << told.body;
    EXPECT_EQ(all.count("SELECT count(*) FROM finding_review"), 0);
    Browser reader(*all.console, kAdministrator);
    const std::string queue = reader.see("/findings");
    EXPECT_TRUE(has(queue, "href=\"/findings/f-2\"") && !has(queue, "type=\"checkbox\""));
    reader.see("/findings/judge?finding=f-2", 403);
}

}  // namespace
}  // namespace gongzhi::faces
