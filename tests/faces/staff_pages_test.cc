// The pages of officers and of platforms' people, on two nodes between which a whole case was played.
#include <set>

#include "../scenario/party.h"
#include "client.h"

namespace gongzhi::faces {
namespace {

using scenario::kAdministrator, scenario::kClerk, scenario::kOfficer;

const access::Actor kSecond{"token:second", access::Role::officer};
const access::Actor kCity{"token:city", access::Role::officer, "fz"};
const access::Actor kOtherCity{"token:other", access::Role::officer, "xm"};

// A province with two cities; a case in one of them with every kind of step.
struct Played : scenario::Pair {
    std::string case_id;
    std::optional<Client> console, desk;

    Played() {
        console.emplace(authority.node()), desk.emplace(platform.node());
        define_units();
        submit_traders();
        plant_finding();
        play_case();
    }

    void define_units() {
        auto& node = authority.node();
        for (const access::Unit& unit : {access::Unit{"fj", "", "990000", "province", "示例省局", "Sample Province"},
                                         access::Unit{"fz", "fj", "990100", "city", "甲市局", "City A"},
                                         access::Unit{"xm", "fj", "990200", "city", "乙市局", "City B"}})
            EXPECT_TRUE(node.units().define(kAdministrator, unit, node.ledger(), node.claims(), node.clock()));
    }
    // Twice, so that the record has two versions.
    void submit_traders() {
        for (const char* shop_name : {"示例店", "改名店"}) {
            Json line = parse_json(scenario::trader_line("T-1")).value();
            line["shop_name"] = shop_name;
            line["region"] = "990101";
            intake::SubmissionRequest submission = scenario::submission("trader", line.dump() + "\n");
            submission.corrects = true;
            const auto taken = platform.node().intake().submit(kClerk, submission);
            ASSERT_TRUE(taken) << taken.error().describe();
            EXPECT_TRUE(platform.node().submit_onward(kClerk, taken->index, authority.id()));
        }
        EXPECT_TRUE(platform.node().intake().submit(
            kClerk, scenario::submission("sale", scenario::sale_line("A-1") + scenario::sale_line("A-2"))));
        EXPECT_TRUE(settle());
    }
    // As supervision::RuleDesk records one, without the run.
    void plant_finding() {
        const ledger::ClaimKeys claims(node::Keys::load(authority.folder())->claims);
        ledger::Draft draft = ledger::trace_draft("finding",
                                                  {{"finding", "f-1"},
                                                   {"party", "platform-y"},
                                                   {"shop", "S-1"},
                                                   {"subject", "L-1"},
                                                   {"rule", "price-reference"},
                                                   {"rule_version", 1},
                                                   {"verdict", "suspect"},
                                                   {"region", "990101"},
                                                   {"message", "m"},
                                                   {"explanation_zh", "疑"},
                                                   {"explanation_en", "suspect"},
                                                   {"columns", Json::object()},
                                                   {"evidence", Json::array()}},
                                                  clock.clock->now(), "system");
        draft.claims = {claims.repeatable("finding", {"f-1"}, "f-1")};
        EXPECT_TRUE(authority.node().ledger().append(std::move(draft)));
    }
    void play_case() {
        const auto opened = authority.node().casework().open_case(kOfficer, "f-1");
        ASSERT_TRUE(opened) << opened.error().describe();
        case_id = opened->case_id;
        ask_for({"sale.buyer"});  // stopped by the gate
        const auto sent = ask_for({"sale.price"});
        ASSERT_TRUE(sent) << sent.error().describe();
        ASSERT_TRUE(settle());
        EXPECT_TRUE(platform.node().answer_request(kClerk, sent->message.id.value));
        EXPECT_TRUE(authority.node().casework().file_case(kOfficer, {case_id}, "grounds <b>"));
        order_and_object();
        reveal();
        EXPECT_TRUE(settle());
    }
    Result<casework::Casework::Requested> ask_for(std::vector<std::string> fields) {
        return authority.node().send_request(kOfficer, {case_id,
                                                        "information-request",
                                                        "电子商务法第二十五条",
                                                        "核实价格",
                                                        std::move(fields),
                                                        {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 31)}});
    }
    void order_and_object() {
        const auto ordered = authority.node().casework().send_order(
            kOfficer,
            {case_id, "order-to-act", "价格法第四十条", "改正", {"correct_price_display"}, "按规定标价", "S-1", "L-1"});
        ASSERT_TRUE(ordered) << ordered.error().describe();
        ASSERT_TRUE(settle());
        const auto objected =
            platform.node().casework().object(kClerk, {ordered->message.id.value, "merchant", "价格属实"});
        ASSERT_TRUE(objected) << objected.error().describe();
        ASSERT_TRUE(settle());
        EXPECT_TRUE(authority.node().casework().answer_objection(kOfficer, objected->id.value, "rejected", "证据充分"));
    }
    void reveal() {
        auto& node = authority.node();
        const auto asked =
            node.request_reveal(kOfficer, {case_id, "trader", "T-1", "contact", "notify_party", "送达通知"});
        ASSERT_TRUE(asked) << asked.error().describe();
        EXPECT_FALSE(node.reveals().look(kOfficer, *asked));
        EXPECT_TRUE(node.reveals().decide(kSecond, *asked, true, ""));
        EXPECT_TRUE(node.reveals().look(kOfficer, *asked));
        EXPECT_TRUE(node.request_reveal(kOfficer, {case_id, "trader", "T-1", "address", "notify_party", "再次送达"}));
    }

    // The page's text; none of them may show a protected value.
    std::string see(Client& client, const access::Actor& actor, const std::string& path, int status = 200,
                    const std::string& language = "en") {
        const std::string mark = path.find('?') == std::string::npos ? "?" : "&";
        const http::Response response =
            client.visit("GET", path + mark + "lang=" + language, "", client.session_of(actor), language);
        EXPECT_EQ(response.status, status) << path;
        EXPECT_EQ(response.body.find("contact-of-"), std::string::npos) << path;
        return response.body;
    }
};

bool has(const std::string& page, std::string_view words) { return page.find(words) != std::string::npos; }

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
            all.see(*all.console, kOfficer, path, 200, language);
        for (const char* path : {"/requests", "/looks", "/checks", "/records/trader/T-1", "/records/sale/S-1%2FA-1"})
            all.see(*all.desk, kClerk, path, 200, language);
    }
}

TEST_F(StaffPages, ACaseSaysWhatWasDoneAndWhatIsDue) {
    const std::string page = played().see(*played().console, kOfficer, "/cases/" + played().case_id);
    for (const char* words :
         {"Filed: L-1", "City A", "Waiting", "correct the price display", "answered, records: 2",
          "not upheld: 证据充分", "the merchant", "Case opened", "order, sent", "grounds &lt;b&gt;", "Serving a notice",
          "href=\"/records/trader/T-1\"", "the platform’s answer to", "a second person’s decision", "Requests stopped"})
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
    EXPECT_TRUE(has(page, "1 → 0"));
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
