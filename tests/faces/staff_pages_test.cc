// The pages of officers and of platforms' people, on two nodes between which a whole case was played.
#include <set>

#include "played.h"

namespace gongzhi::faces {
namespace {

using scenario::kClerk, scenario::kOfficer;

// Played once for all tests: they only look.
class StaffPages : public ::testing::Test {
protected:
    static void SetUpTestSuite() { played_ = std::make_unique<Played>(); }
    static void TearDownTestSuite() { played_.reset(); }
    static Played& played() { return *played_; }

private:
    static inline std::unique_ptr<Played> played_;
};

TEST_F(StaffPages, EveryPageIsWholeInBothLanguages) {
    Played& all = played();
    for (const char* language : {"en", "zh-CN"}) {
        for (const std::string& path :
             {std::string("/cockpit"), std::string("/cockpit?unit=fz"), std::string("/cases"), "/cases/" + all.case_id,
              std::string("/cases?state=closed"), std::string("/scorecard"), std::string("/records/trader/T-1")})
            EXPECT_TRUE(has(all.see(*all.console, kOfficer, path, 200, language), "</html>")) << path;
        for (const char* path : {"/requests", "/looks", "/checks", "/records/trader/T-1", "/records/sale/S-1%2FA-1"})
            EXPECT_TRUE(has(all.see(*all.desk, kClerk, path, 200, language), "</html>")) << path;
    }
}

TEST_F(StaffPages, ACaseSaysWhatWasDoneAndWhatIsDue) {
    const std::string page = played().see(*played().console, kOfficer, "/cases/" + played().case_id);
    for (const char* words :
         {"Filed: L-1", "City A", "Waiting", "correct the price display", "answered, records: 2",
          "not upheld: 证据充分", "the merchant", "Case opened", "Order sent: correct the price display",
          "grounds &lt;b&gt;", "Serving a notice", "href=\"/records/trader/T-1\"", "the platform’s answer to",
          "a second person’s decision", "Requests stopped"})
        EXPECT_TRUE(has(page, words)) << words;
}

// Of another unit's case there is nothing to see, not even that it is there; the audit log has the try.
TEST_F(StaffPages, ACaseOutOfReachLooksLikeNone) {
    Played& all = played();
    EXPECT_TRUE(has(all.see(*all.console, kCity, "/cases/" + all.case_id), "Filed: L-1"));
    const http::Headers other = all.console->session_of(kOtherCity);
    const http::Response hidden = all.console->ask("GET", "/cases/" + all.case_id + "?lang=en", "", other);
    const http::Response none = all.console->ask("GET", "/cases/none?lang=en", "", other);
    EXPECT_EQ(hidden.status, 404);
    const auto without_address = [](std::string page, const std::string& address) {
        for (size_t at; (at = page.find(address)) != std::string::npos;) page.erase(at, address.size());
        return page;
    };
    EXPECT_EQ(without_address(hidden.body, all.case_id), without_address(none.body, "none"));
    const Json log = all.authority.node().audit_log().list({"token:a", access::Role::audit_administrator}).value();
    EXPECT_EQ(log[1]["outcome"], "out_of_reach");
    EXPECT_EQ(log[1]["path"], "/cases/" + all.case_id);
    EXPECT_EQ(log[0]["outcome"], "not_found");
    EXPECT_FALSE(has(all.see(*all.console, kOtherCity, "/cases"), "L-1"));
    EXPECT_TRUE(has(all.see(*all.console, kCity, "/cases"), "L-1"));
    all.see(*all.console, kOtherCity, "/cockpit?unit=fz", 404);
    EXPECT_TRUE(has(all.see(*all.console, kOtherCity, "/cockpit"), "City B"));
}

TEST_F(StaffPages, TheCockpitLeadsDownAndOut) {
    Played& all = played();
    const std::string page = all.see(*all.console, kOfficer, "/cockpit?unit=fj");
    EXPECT_TRUE(has(page, "href=\"/cockpit?unit=fz\""));
    EXPECT_TRUE(has(page, "href=\"/cases\">1 case is open</a>")) << page;
    EXPECT_FALSE(has(page, "to be judged")) << "its only finding was judged by opening the case";
    const http::Response csv =
        all.console->ask("GET", "/cockpit.csv?unit=fj&lang=en", "", all.console->session_of(kOfficer));
    EXPECT_TRUE(csv.body.starts_with("\xef\xbb\xbfunit,name,found,")) << csv.body;
    EXPECT_TRUE(has(csv.body, "\"fz\",\"City A\",1,")) << csv.body;
}

TEST_F(StaffPages, TheScorecardSaysWhereThereAreTooFew) {
    const std::string page = played().see(*played().console, kOfficer, "/scorecard");
    for (const char* words : {"Found to closed", "too few to say", "FROM supervision_case", "The platforms’ side"})
        EXPECT_TRUE(has(page, words)) << words;
}

// Public: the figures of a rule are those of the findings that people judged; who is signed in keeps the own navigation.
TEST_F(StaffPages, ARuleSaysWhatBecameOfItsFindings) {
    const http::Response open = played().console->visit("GET", "/rules/price-reference?lang=en", "", {}, "en");
    EXPECT_TRUE(has(open.body, "Findings so far: 1. Confirmed by a person: 1; dismissed: 0; still open: 0."))
        << open.body;
    EXPECT_FALSE(has(open.body, "href=\"/cockpit\""));
    const std::string own = played().see(*played().console, kOfficer, "/rules/price-reference");
    EXPECT_TRUE(has(own, "href=\"/cockpit\"") && has(own, "gz-face-console"));
    EXPECT_TRUE(has(played().desk->ask("GET", "/rules/price-reference?lang=en").body, "no figures here"));
}

TEST_F(StaffPages, APlatformSeesWhoLookedAndWhatIsDue) {
    const std::string looks = played().see(*played().desk, kClerk, "/looks");
    for (const char* words : {"officer", "authority-x: fz", "Contact", "Serving a notice", "送达通知", "T-1"})
        EXPECT_TRUE(has(looks, words)) << words;
    const std::string requests = played().see(*played().desk, kClerk, "/requests");
    for (const char* words : {"Waiting for our answer: 1", "Order to act", "not upheld: 证据充分", "Answered"})
        EXPECT_TRUE(has(requests, words)) << words;
    EXPECT_EQ(played().desk->ask("GET", "/cockpit", "", played().desk->session_of(kClerk)).status, 404);
}

TEST_F(StaffPages, ARecordShowsItsVersionsAndNothingProtected) {
    Played& all = played();
    const std::string page = all.see(*all.console, kOfficer, "/records/trader/T-1");
    for (const char* words : {"Version 2", "Version 1", "改名店 (changed)", "示例店", "protected", "current"})
        EXPECT_TRUE(has(page, words)) << words;
    const sql::Table first =
        all.authority.records("SELECT entry_from FROM store.trader WHERE version = 1 AND record_id = 'T-1'");
    const std::string entry = std::to_string(sql::integer_of(first.rows.at(0).at(0)));
    const std::string then = all.see(*all.console, kOfficer, "/records/trader/T-1?as_of=" + entry);
    EXPECT_TRUE(has(then, "示例店") && !has(then, "改名店"));
    EXPECT_TRUE(has(all.see(*all.console, kOfficer, "/records/trader/T-1?as_of=0"), "did not have this record yet"));
    all.see(*all.console, kOfficer, "/records/trader/T-2", 404);
    all.see(*all.console, kOfficer, "/records/nothing/T-1", 404);
    all.see(*all.console, kOfficer, "/records/trader/T-1?as_of=x", 404);
}

// Routes of an authority's node, which the list in faces_test does not have.
TEST_F(StaffPages, EveryRouteDeclaresPermissionAndAuditEvent) {
    std::set<std::string> seen;
    for (const http::Route& route : played().console->router().routes()) {
        EXPECT_FALSE(route.permission.empty() || route.audit_event.empty()) << route.pattern;
        EXPECT_TRUE(seen.insert(route.method + " " + route.pattern).second) << route.pattern;
    }
}

}  // namespace
}  // namespace gongzhi::faces
