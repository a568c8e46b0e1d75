// The public portal: what anybody sees without signing in, of an authority and of a platform.
#include <deque>
#include <set>

#include "../scenario/party.h"
#include "client.h"
#include "pack/checks.h"

namespace gongzhi::faces {
namespace {

using scenario::kAdministrator, scenario::kClerk, scenario::kOfficer;

const std::vector<std::string> kEverywhere = {"/",
                                              "/about",
                                              "/ways",
                                              "/objections-and-complaints",
                                              "/verify",
                                              "/rules",
                                              "/rules/price-reference",
                                              "/rules/collection-beyond-need",
                                              "/gallery",
                                              "/dictionary",
                                              "/dictionary/trader",
                                              "/dictionary/sale",
                                              "/help",
                                              "/help/officer",
                                              "/help/clerk",
                                              "/help/engineer",
                                              "/help/administrator",
                                              "/help/citizen",
                                              "/glossary"};

// A credit code that passes its check, another one for each number.
std::string credit_code(int number) {
    std::string code = fmt::format("91350100M0{:03}00Y4", number) + "0";
    for (const char last : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
        code.back() = last;
        if (pack::valid_credit_code(code)) return code;
    }
    return {};
}

bool has(const std::string& page, std::string_view words) { return page.find(words) != std::string::npos; }

// Two platforms with a shop S-1 each; of the shops of the first one trader is in force, one struck off, one not in the
// register, one exempt.
struct Market : scenario::Pair {
    scenario::Party other{"platform-z", exchange::PartyRole::platform, clock};
    std::optional<Client> portal, desk;

    Market() {
        portal.emplace(authority.node()), desk.emplace(platform.node());
        const auto invitation = authority.node().admission().invite(kAdministrator, other.id());
        EXPECT_TRUE(
            other.node().admission().join(kAdministrator, invitation->url, invitation->code, invitation->fingerprint));
        load_register();
        submit(platform, trader("T-1", "S-1", credit_code(1)) + trader("T-2", "S-2", credit_code(2)) +
                             trader("T-3", "S-3", credit_code(3)) + exempt("T-4", "S-4"));
        submit(other, trader("T-1", "S-1", credit_code(2)));
    }

    static std::string trader(const std::string& id, const std::string& shop, const std::string& code) {
        Json line = parse_json(scenario::trader_line(id, shop)).value();
        line["credit_code"] = code;
        return line.dump() + "\n";
    }
    static std::string exempt(const std::string& id, const std::string& shop) {
        Json line = parse_json(scenario::trader_line(id, shop)).value();
        line["kind"] = "unregistered";
        line.erase("name"), line.erase("credit_code");
        line.update({{"person_name", "person-of-T-4"},
                     {"id_number", "11010519491231002X"},
                     {"exemption_reason", "own_farm_products"},
                     {"turnover_above_100k", false}});
        return line.dump() + "\n";
    }
    void load_register() {
        std::string lines;
        for (const auto& [number, status] : {std::pair(1, "valid"), std::pair(2, "revoked")})
            lines += Json{{"credit_code", credit_code(number)},
                          {"name", "登记的名称"},
                          {"status", status},
                          {"valid_from_date", "2020-01-01"}}
                         .dump() +
                     "\n";
        const auto taken = authority.node().intake().submit(kClerk, scenario::submission("registry", lines));
        ASSERT_TRUE(taken) << taken.error().describe();
    }
    void submit(scenario::Party& party, const std::string& lines) {
        const auto taken = party.node().intake().submit(kClerk, scenario::submission("trader", lines));
        ASSERT_TRUE(taken) << taken.error().describe();
        EXPECT_TRUE(party.node().submit_onward(kClerk, taken->index, authority.id()));
        EXPECT_TRUE(party.settle() && party.node().outbox().wait_delivered(authority.id(), scenario::kPatience));
        EXPECT_TRUE(authority.settle());
    }
    // The page about that query; whatever was asked, nothing of a person and no name.
    std::string shops(const std::string& query) {
        const std::string page = portal->visit("GET", "/shops?lang=en&" + query, "", {}, "en").body;
        for (const char* word : {"示例商贸", "登记的名称", "contact-of-", "person-of-", "示例路", "11010519491231002X"})
            EXPECT_FALSE(has(page, word)) << query << " " << word;
        return page;
    }
};

// Made once for all tests: they only look.
class Portal : public ::testing::Test {
protected:
    static void SetUpTestSuite() { market_ = std::make_unique<Market>(); }
    static void TearDownTestSuite() { market_.reset(); }
    static Market& market() { return *market_; }

private:
    static inline std::unique_ptr<Market> market_;
};

TEST_F(Portal, EveryPageIsWholeInBothLanguages) {
    for (const std::string& language : {std::string("zh-CN"), std::string("en")}) {
        for (const std::string& path : kEverywhere)
            for (Client* client : {&*market().portal, &*market().desk})
                EXPECT_EQ(client->visit("GET", path + "?lang=" + language, "", {}, language).status, 200) << path;
        for (const char* path : {"/scorecard", "/shops"})
            EXPECT_EQ(market().portal->visit("GET", std::string(path) + "?lang=" + language, "", {}, language).status,
                      200);
    }
}

std::set<std::string> links_in(const std::string& page) {
    std::set<std::string> found;
    constexpr std::string_view mark = "href=\"/";
    for (size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
        const size_t start = at + mark.size() - 1;
        const std::string href = page.substr(start, page.find('"', start) - start);
        found.insert(href.substr(0, href.find('?')));
    }
    return found;
}

// From the start page every link leads to something, also inside a page, and nothing public is out of reach.
TEST_F(Portal, NoLinkIsDead) {
    for (Client* client : {&*market().portal, &*market().desk}) {
        std::set<std::string> seen = {"/"};
        for (std::deque<std::string> next = {"/"}; !next.empty(); next.pop_front()) {
            const size_t mark = std::min(next.front().find('#'), next.front().size());
            const http::Response response = client->ask("GET", next.front().substr(0, mark));
            EXPECT_LT(response.status, 400) << next.front();
            if (mark < next.front().size())
                EXPECT_TRUE(has(response.body, "id=\"" + next.front().substr(mark + 1) + "\"")) << next.front();
            for (const std::string& href : links_in(response.body))
                if (seen.insert(href).second) next.push_back(href);
        }
        for (const std::string& path : kEverywhere) EXPECT_TRUE(seen.contains(path)) << path;
    }
}

TEST_F(Portal, AShopHasAStatusAndNothingElse) {
    Market& m = market();
    EXPECT_TRUE(has(m.shops("q=" + credit_code(1)), "Registered and in force"));
    EXPECT_TRUE(has(m.shops("q=" + credit_code(2)), "Struck off the register"));
    EXPECT_TRUE(has(m.shops("q=" + credit_code(3)), "Not in this register"));
    EXPECT_TRUE(has(m.shops("q=S-2"), "Struck off the register"));
    EXPECT_TRUE(has(m.shops("q=S-3"), "Not in this register"));
    EXPECT_TRUE(has(m.shops("q=S-4"), "Submitted as exempt from registration"));
    EXPECT_TRUE(has(m.shops("q=S-9"), "Nothing found under this number"));
    EXPECT_TRUE(has(m.shops("q=%E7%A4%BA%E4%BE%8B%E5%BA%97"), "Only numbers and codes can be looked up here"));
    EXPECT_TRUE(has(m.shops("q=S-2"), "This shop is on "));
    EXPECT_FALSE(has(m.shops("q=" + credit_code(1)), "This shop is on ")) << "a code is no shop";
    EXPECT_TRUE(has(m.portal->ask("GET", "/shops?lang=zh-CN&q=" + credit_code(1)).body, "状态是正常经营"));
    EXPECT_TRUE(has(m.shops("q=S-2"), "The register here was last changed: 2 March 2026"));
}

TEST_F(Portal, AShopNumberOfTwoPlatformsNeedsThePlatform) {
    Market& m = market();
    EXPECT_TRUE(has(m.shops("q=S-1"), "Several platforms have a shop of this number"));
    EXPECT_TRUE(has(m.shops("q=S-1&platform=platform-y"), "Registered and in force"));
    EXPECT_TRUE(has(m.shops("q=S-1&platform=platform-z"), "Struck off the register"));
    EXPECT_TRUE(has(m.shops("q=S-1&platform=nobody"), "Nothing found under this number"));
}

TEST_F(Portal, WhatPeopleTypeIsUnderstood) {
    std::string code = credit_code(1), small;
    for (const char c : code) small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    code.insert(4, "%20");
    EXPECT_TRUE(has(market().shops("q=" + code), "Registered and in force"));
    EXPECT_TRUE(has(market().shops("q=+" + small + "%E3%80%80"), "Registered and in force"));
    EXPECT_TRUE(has(market().shops("q=s-2"), "Struck off the register"));
    EXPECT_TRUE(has(market().shops("q=%EF%BC%B3%EF%BC%8D%EF%BC%92"), "Struck off the register"));  // Ｓ－２
}

TEST_F(Portal, AMistakeIsNamed) {
    Market& m = market();
    std::string mistyped = credit_code(1);
    mistyped[5] = mistyped[5] == '9' ? '8' : '9';
    EXPECT_TRUE(has(m.shops("q=" + mistyped), "its last character does not fit"));
    EXPECT_TRUE(has(m.shops("q="), "Type a code or a shop number."));
    EXPECT_TRUE(has(m.shops("q=%20%E3%80%80"), "Type a code or a shop number."));
    EXPECT_TRUE(has(m.shops("q=" + std::string(65, 'x')), "Too long"));
    EXPECT_TRUE(has(m.shops("q=a%00b"), "cannot be seen"));
    EXPECT_TRUE(has(m.shops("q=%ff%fe"), "cannot be seen"));
    const std::string hostile = m.shops("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%27;DROP%20TABLE%20trader");
    EXPECT_TRUE(has(hostile, "Nothing found under this number"));
    EXPECT_FALSE(has(hostile, "<script>"));
    EXPECT_FALSE(has(m.shops("platform=x"), "role=\"status\""));  // nothing was asked
    const std::string page = m.portal->ask("GET", "/shops?lang=en&q=11010519491231002x").body;
    EXPECT_TRUE(has(page, "a person’s identity number"));
    EXPECT_FALSE(has(page, "value=\"11010519491231002"));
}

// A developers' gallery and a list of keys are nothing for everybody: they stand where they are looked for.
TEST_F(Portal, TheFooterIsForEverybody) {
    const std::string page = market().portal->ask("GET", "/ways?lang=en").body;
    EXPECT_FALSE(has(page, "href=\"/gallery\"") || has(page, "href=\"/v1/policy\""));
    EXPECT_FALSE(has(page, "href=\"/portal\"")) << "nobody is signed in";
    EXPECT_TRUE(has(market().portal->ask("GET", "/help/engineer").body, "href=\"/gallery\""));
    for (const char* path : {"/verify", "/about"})
        EXPECT_TRUE(has(market().portal->ask("GET", path).body, "href=\"/v1/policy\"")) << path;
}

// The start page leads signed-in people to their work; what everybody sees they reach from the footer.
TEST_F(Portal, StaffReachHelpAndThePublicPages) {
    for (const auto& [client, actor] : {std::pair(&*market().portal, kOfficer), std::pair(&*market().desk, kClerk)}) {
        const std::string page = client->visit("GET", "/help?lang=en", "", client->session_of(actor), "en").body;
        EXPECT_TRUE(has(page, "href=\"/help\" aria-current=\"page\"") && has(page, "href=\"/portal\""));
        const http::Response portal = client->visit("GET", "/portal?lang=en", "", client->session_of(actor), "en");
        EXPECT_EQ(portal.status, 200);
        EXPECT_TRUE(has(portal.body, "href=\"/dictionary\"") && has(portal.body, "href=\"/about\""));
    }
}

// The tour leads to the pages of this node; each answers somebody who is not signed in with the form and comes back.
TEST_F(Portal, ADemonstrationShowsAStrangerAround) {
    for (const auto& [client, place] : {std::pair(&*market().portal, "/cockpit"), std::pair(&*market().desk, "/due")}) {
        EXPECT_TRUE(has(client->ask("GET", "/?lang=en").body, "href=\"/tour\""));
        const std::string tour = client->visit("GET", "/tour?lang=en", "", {}, "en").body;
        for (int stop = 1; stop <= 7; ++stop) EXPECT_TRUE(has(tour, fmt::format(">{}. ", stop))) << stop;
        EXPECT_TRUE(has(tour, fmt::format("href=\"{}\"", place)));
        EXPECT_TRUE(has(client->ask("GET", std::string(place) + "?lang=en").body, "you will come back to this page"));
    }
}

std::string posted_file(const std::string& name, const std::string& content) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"a.receipt\"\r\n\r\n" + content +
           "\r\n--b--\r\n";
}

// A file does without copying; the answer says who stored what and when, by names and not by codes.
TEST_F(Portal, AReceiptIsVerifiedAsAFile) {
    Market& m = market();
    const auto taken =
        m.platform.node().intake().submit(kClerk, scenario::submission("trader", Market::exempt("T-9", "S-9a")));
    ASSERT_TRUE(taken && m.platform.settle());
    const std::string receipt = m.platform.node().ledger().accepted_receipt(taken->index).value();
    const http::Headers multipart = {{"content-type", "multipart/form-data; boundary=b"}};
    const auto sent = [&](const std::string& name, const std::string& content) {
        return m.desk->visit("POST", "/verify?lang=en", posted_file(name, content), multipart, "en").body;
    };
    const std::string page = sent("file", receipt);
    EXPECT_TRUE(has(page, "The receipt is valid") && has(page, " stored 1 record on 2 March 2026")) << page;
    EXPECT_TRUE(has(page, "nothing was changed since"));
    EXPECT_TRUE(
        has(page, "<summary class=\"govuk-details__summary\"><span class=\"govuk-details__summary-text\">Technical"));
    EXPECT_TRUE(has(sent("file", "no receipt"), "The receipt is not valid"));
    EXPECT_TRUE(has(sent("file", ""), "Choose the receipt file, or paste its content."));
    EXPECT_TRUE(has(sent("receipt", receipt), "The receipt is valid"));
}

TEST_F(Portal, TheScorecardIsForEverybody) {
    const std::string open = market().portal->visit("GET", "/scorecard?lang=en", "", {}, "en").body;
    EXPECT_TRUE(has(open, "The authority’s side") && has(open, "The platforms’ side") && has(open, "gz-face-portal"));
    const std::string own =
        market().portal->visit("GET", "/scorecard?lang=en", "", market().portal->session_of(kOfficer), "en").body;
    EXPECT_TRUE(has(open, "Published are the months that are over") && has(own, "take its next step"));
    EXPECT_TRUE(has(own, "gz-face-console") && has(own, "href=\"/cockpit\""));
    EXPECT_TRUE(has(open, "<li>Willing: ") && has(open, "<li>Able: "));
    EXPECT_TRUE(has(open, "Nothing to count in this time."));
    EXPECT_EQ(open.find("Next step\">"), std::string::npos) << "nothing happened, and there is a next step";
    EXPECT_EQ(market().desk->ask("GET", "/scorecard").status, 404);
}

TEST_F(Portal, ARuleIsShownWhole) {
    const std::string page = market().portal->visit("GET", "/rules/price-reference?lang=en", "", {}, "en").body;
    for (const char* words :
         {"PRC-REF", "SELECT", "clause still to be checked", "in force from 1 July 2022", "one listing of a shop",
          "Civil days before the promotion", "one sale in the seven days before", "None yet",
          "href=\"/dictionary/offer\"", "Item … is compared with …"})
        EXPECT_TRUE(has(page, words)) << words;
    const auto rule = market().authority.node().rules().rule("price-reference");
    EXPECT_TRUE(has(page, to_hex(rule->digest.view())));
    const std::string lists = market().portal->ask("GET", "/rules/collection-beyond-need?lang=en").body;
    EXPECT_TRUE(has(lists, "The list needed_item, rows: 23") && has(lists, "recipient_phone"));
    for (const char* none : {"/rules/none", "/rules/..%2F..%2Frecords", "/dictionary/none", "/help/none"})
        EXPECT_EQ(market().portal->visit("GET", std::string(none) + "?lang=en", "", {}, "en").status, 404) << none;
}

// Where each word stands among the others.
void expect_order(const std::string& page, const std::vector<std::string>& words) {
    size_t last = 0;
    for (const std::string& word : words) {
        const size_t at = page.find(word);
        EXPECT_NE(at, std::string::npos) << word;
        EXPECT_GE(at, last) << word;
        last = at;
    }
}

TEST_F(Portal, ListsAreInTheOrderOfTheReader) {
    const std::string zh = market().portal->ask("GET", "/dictionary?lang=zh-CN").body;
    expect_order(zh, {">报价<", ">成交<", ">登记信息<", ">经营主体<"});
    expect_order(market().portal->ask("GET", "/dictionary?lang=en").body,
                 {">Offer<", ">Registry entry<", ">Sale<", ">Trader<"});
    expect_order(market().portal->ask("GET", "/glossary?lang=zh-CN").body,
                 {"id=\"case\"", "id=\"node\"", "id=\"finding\"", "id=\"ledger\""});
    expect_order(market().portal->ask("GET", "/glossary?lang=en").body,
                 {"id=\"case\"", "id=\"finding\"", "id=\"ledger\"", "id=\"node\""});
}

TEST_F(Portal, AnUnknownAddressAnswersAsItIsAsked) {
    const http::Response page =
        market().portal->visit("GET", "/nothing/here?lang=en", "", {{"accept", "text/html,*/*"}}, "en");
    EXPECT_EQ(page.status, 404);
    EXPECT_TRUE(has(page.body, "href=\"/help\"") && has(page.body, "Not found"));
    EXPECT_FALSE(has(page.body, "administrator")) << "a citizen has none";
    const http::Response own =
        market().portal->ask("GET", "/nothing/here?lang=en", "", market().portal->session_of(kOfficer));
    EXPECT_EQ(own.status, 404);
    const http::Response problem = market().portal->ask("GET", "/nothing/here", "", {{"accept", "application/json"}});
    EXPECT_EQ(problem.status, 404);
    EXPECT_EQ(problem.headers[0].second, "application/problem+json");
    EXPECT_EQ(market().portal->ask("POST", "/nothing/here").headers[0].second, "application/problem+json");
}

bool packed(const http::Response& response) { return response.body.starts_with("\x1f\x8b"); }

// A page with a form token must not be compressed: its length would give the token away (BREACH).
TEST_F(Portal, OnlyPagesWithoutASecretAreCompressed) {
    http::Headers headers = market().portal->session_of(kOfficer);
    headers.emplace_back("accept-encoding", "gzip");
    EXPECT_TRUE(packed(market().portal->ask("GET", "/rules", "", {{"accept-encoding", "gzip"}})));
    EXPECT_FALSE(packed(market().portal->ask("GET", "/rules", "", headers)));
    EXPECT_TRUE(has(market().portal->ask("GET", "/rules", "", headers).body, "form_token"));
    EXPECT_FALSE(packed(market().portal->ask("GET", "/rules")));
}

TEST_F(Portal, TheScriptStandsOnThePageOfReceiptsAlone) {
    const http::Response page = market().portal->visit("GET", "/verify?lang=en", "", {}, "en");
    const size_t at = page.body.find("/assets/verify-");
    const std::string path = page.body.substr(at, page.body.find('"', at) - at);
    const http::Response script = market().portal->ask("GET", path);
    EXPECT_EQ(script.headers[0].second, "text/javascript; charset=utf-8");
    EXPECT_LE(script.body.size(), 15'000u);
    EXPECT_TRUE(has(page.body, market().authority.node().self().log_key));
    for (const char* kept : {"policy=log+x&receipt=y", "receipt=y&policy=log+x"})
        EXPECT_TRUE(has(market().portal->visit("POST", "/verify?lang=en", kept, {}, "en").body, ">log x</textarea>"));
}

node::NodeConfig office(const char* pack) {
    node::NodeConfig config;
    config.party = PartyId("authority");
    config.role = exchange::PartyRole::authority;
    config.name_zh = "示例局", config.name_en = "Sample office";
    config.url = "http://127.0.0.1:1";
    config.origin = "authority.example/log";
    config.pack = std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / pack;
    return config;
}

// Nothing is invented: what the configuration does not name, the page says it does not know.
TEST(Ways, AreThoseOfTheConfiguration) {
    testing::TempFolder folder;
    SystemRandom random;
    node::NodeConfig config = office("cn");
    const auto pages = [&](const char* name) {
        EXPECT_TRUE(node::init_node(folder.path() / name, config, random));
        const auto node = node::Node::open(folder.path() / name).value();
        Client client(*node);
        return client.visit("GET", "/ways?lang=en", "", {}, "en").body +
               client.visit("GET", "/shops?lang=en&q=" + credit_code(1), "", {}, "en").body +
               client.visit("GET", "/help/clerk?lang=zh-CN", "", {}, "zh-CN").body +
               client.visit("GET", "/tour?lang=en", "", {}, "en").body + client.ask("GET", "/?lang=en").body +
               client.visit("GET", "/nothing?lang=en", "", {{"accept", "text/html"}}, "en").body;
    };
    const std::string bare = pages("bare");
    EXPECT_TRUE(has(bare, "no register loaded yet"));
    EXPECT_TRUE(has(bare, "Sample office has not given a telephone number"));
    EXPECT_FALSE(has(bare, "Telephone:"));
    config.telephone = "000-0000 <b>";
    config.counter_zh = "示例路1号", config.counter_en = "1 Sample Road\n> /evil x";
    config.hours_zh = "工作日", config.hours_en = "working days, \"9\" to 17";
    const std::string full = pages("full");
    for (const char* words :
         {"Telephone: 000-0000 &lt;b&gt;", "Where: 1 Sample Road &gt; /evil x",
          "When: working days, &quot;9&quot; to 17", "打电话：000-0000", "For help telephone 000-0000 &lt;b&gt;"})
        EXPECT_TRUE(has(full, words)) << words;
    EXPECT_TRUE(has(bare, "For help see “Other ways”"));
    EXPECT_FALSE(has(bare, "href=\"/tour\"") || has(bare, "seven stops")) << "nothing is simulated here";
    EXPECT_FALSE(has(full, "has not given a telephone number"));
}

// Nothing of one jurisdiction is in the pages: another pack without register, orders and traders has pages as whole.
TEST(AnotherPack, HasPagesOfItsOwn) {
    testing::TempFolder folder;
    SystemRandom random;
    ASSERT_TRUE(node::init_node(folder.path() / "node", office("eu"), random));
    const auto node = node::Node::open(folder.path() / "node").value();
    Client client(*node);
    for (const std::string& language : {std::string("zh-CN"), std::string("en")})
        for (const char* path : {"/", "/rules", "/rules/prior-price", "/dictionary", "/dictionary/offer", "/scorecard",
                                 "/shops", "/shops?q=S-1", "/objections-and-complaints"}) {
            const std::string mark = std::string(path).find('?') == std::string::npos ? "?" : "&";
            EXPECT_EQ(client.visit("GET", path + mark + "lang=" + language, "", {}, language).status, 200) << path;
        }
    EXPECT_TRUE(has(client.ask("GET", "/shops?lang=en&q=S-1").body, "has no register"));
    EXPECT_TRUE(has(client.ask("GET", "/objections-and-complaints?lang=en").body, "sets no periods"));
    EXPECT_TRUE(has(client.ask("GET", "/rules/prior-price?lang=zh-CN").body, "lang=\"en\">Directive 98/6/EC"));
}

}  // namespace
}  // namespace gongzhi::faces
