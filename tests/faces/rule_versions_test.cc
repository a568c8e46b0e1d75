// A rule changes: what both sides, and everybody, still see of the version before.
#include "../scenario/plant_finding.h"
#include "base/file.h"
#include "browser.h"

namespace gongzhi::faces {
namespace {

using scenario::kClerk, scenario::kEngineer, scenario::kOfficer;

const std::string kRule = "/rules/price-reference";
const std::string kMark = "-- the second version";

struct Versions : scenario::Pair {
    testing::TempFolder upgraded;
    std::string first = digest();  // of version 1

    std::string digest() { return to_hex(authority.node().rules().rule("price-reference")->digest.view()); }
    static std::string page_of(const std::string& digest) { return kRule + "/versions/" + digest; }

    // Its message.
    std::string send() {
        const auto sent = authority.node().rules().send_rule(kOfficer, platform.id(), "price-reference");
        EXPECT_TRUE(sent) << sent.error().describe();
        EXPECT_TRUE(settle());
        return sent ? sent->id.value : std::string();
    }
    // A rule as another authority's program might send it.
    void send_bundle(const Json& bundle) {
        ledger::OutgoingMessage message;
        message.to = platform.id();
        message.type = "rule_bundle";
        message.body = canonical_json(bundle);
        ASSERT_TRUE(authority.node().outbox().send(std::move(message)));
        ASSERT_TRUE(settle());
    }
    // The authority's pack gets version 2 of the rule; gives its digest.
    std::string upgrade() {
        const auto pack = upgraded.path() / "cn", folder = pack / "rules" / "price-reference";
        std::filesystem::copy(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn", pack,
                              std::filesystem::copy_options::recursive);
        std::string yaml = read_file(folder / "rule.yaml").value();
        yaml.replace(yaml.find("version: 1\n"), 11, "version: 2\n");
        EXPECT_TRUE(write_file_atomic(folder / "rule.yaml", yaml));
        EXPECT_TRUE(write_file_atomic(folder / "rule.sql", read_file(folder / "rule.sql").value() + kMark + "\n"));
        authority.upgrade(pack);
        return digest();
    }
    // Through a client of the node as it is now: an upgrade makes another one.
    std::string officer_sees(const std::string& path) {
        Client console(authority.node());
        return Browser(console, kOfficer).see(path);
    }
    static std::string open(Client& client, const std::string& path, int status = 200) {
        const http::Response page = client.visit("GET", path + "?lang=en", "", {}, "en");
        EXPECT_EQ(page.status, status) << path;
        return page.body;
    }
};

TEST(RuleVersions, NothingWasSentYet) {
    Versions all;
    Client console(all.authority.node()), desk(all.platform.node());
    const std::string sentence = "has not been sent to any platform yet";
    EXPECT_TRUE(has(Browser(console, kOfficer).see(kRule), sentence) && has(all.open(console, kRule), sentence));
    EXPECT_TRUE(has(Browser(desk, kClerk).see(kRule), "No authority has sent this rule here yet"));
    EXPECT_TRUE(has(all.open(desk, kRule), "for its own people to see"));
    const std::string page = all.open(console, all.page_of(all.first));
    EXPECT_TRUE(has(page, "This is the current version") && has(page, all.first)) << page;
    all.open(console, all.page_of(std::string(64, '0')), 404);
    all.open(console, "/rules/none/versions/" + all.first, 404);
}

TEST(RuleVersions, AnAuthorityKeepsTheEarlierOneAsItWas) {
    Versions all;
    const std::string message = all.send();
    ASSERT_TRUE(all.platform.node().accept_rule(kEngineer, message));
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.officer_sees(kRule), "unchanged to the letter"));
    const std::string second = all.upgrade();
    ASSERT_NE(second, all.first);
    Client console(all.authority.node());
    Browser officer(console, kOfficer);
    EXPECT_TRUE(has(officer.see(kRule), "Version 2 is the current one and has not been sent yet"));
    all.send();

    for (const std::string& page : {officer.see(kRule), all.open(console, kRule)}) {
        EXPECT_TRUE(has(page, all.page_of(all.first)) && has(page, all.page_of(second)));
        EXPECT_TRUE(has(page, "unchanged to the letter") && has(page, "earlier") && has(page, kMark));
    }
    EXPECT_TRUE(has(officer.see(kRule), "platform-y"));
    const std::string in_public = all.open(console, kRule);
    EXPECT_FALSE(has(in_public, "platform-y")) << "who is checked is not public";
    EXPECT_TRUE(has(in_public, "2 March 2026") && !has(in_public, "2 March 2026 ")) << "the day, not the hour";
    EXPECT_TRUE(has(officer.see(kRule), "2 March 2026 09:"));

    const std::string own = officer.see(all.page_of(all.first)), open = all.open(console, all.page_of(all.first));
    for (const std::string& page : {own, open}) {
        EXPECT_FALSE(has(page, kMark)) << "the SQL is that of version 1";
        for (const std::string& words :
             {std::string("SELECT"), std::string("This is not the current version of the rule; that is version 2"),
              "href=\"" + kRule + "\"", all.first, std::string("one sale in the seven days before")})
            EXPECT_TRUE(has(page, words)) << words;
    }
    EXPECT_TRUE(has(own, "Accepted, run and reported by") && has(own, "platform-y"));
    EXPECT_FALSE(has(open, "platform-y"));
    EXPECT_TRUE(has(all.open(console, all.page_of(second)), kMark));
    officer.see(all.page_of(all.first), 200, "zh-CN");
    officer.see(kRule, 200, "zh-CN");
}

TEST(RuleVersions, APlatformSeesWhatCameAndWhoAcceptedIt) {
    Versions all;
    const std::string message = all.send();
    ASSERT_TRUE(all.platform.node().accept_rule(kEngineer, message));
    const std::string second = all.upgrade();
    all.send();
    Client desk(all.platform.node());
    Browser clerk(desk, kClerk);
    const std::string page = clerk.see(kRule);
    for (const std::string& words :
         {all.page_of(all.first), all.page_of(second), std::string("to the letter what was first received"),
          std::string("newer than this node"), std::string("authority-x"), std::string("engineer")})
        EXPECT_TRUE(has(page, words)) << words;
    EXPECT_TRUE(has(clerk.see(all.page_of(second)), kMark));
    EXPECT_TRUE(has(clerk.see(all.page_of(all.first)), "Accepted by"));
    EXPECT_TRUE(has(clerk.see("/rule-bundles/" + message), all.page_of(all.first)));
    // What came here is not for everybody; what the pack has is.
    all.open(desk, all.page_of(second), 404);
    EXPECT_FALSE(has(all.open(desk, all.page_of(all.first)), "authority-x"));
    EXPECT_FALSE(has(all.open(desk, kRule), second));
}

TEST(RuleVersions, WhatTodaysPackCannotReadIsStillShown) {
    Versions all;
    Json bundle = parse_json(all.authority.node().rules().rule("price-reference")->bundle).value();
    bundle["rule"]["version"] = 7;
    bundle["rule"]["tables"].push_back("gifts");
    all.send_bundle(bundle);
    bundle["rule"]["version"] = "seven";
    all.send_bundle(bundle);
    Client desk(all.platform.node());
    Browser clerk(desk, kClerk);
    EXPECT_TRUE(has(clerk.see(kRule), "Version 7") && has(clerk.see(kRule), "Version ?"));
    const std::string path = all.page_of(
        sql::text_of(all.platform.affairs("SELECT rule_digest FROM rule_bundle WHERE version = 7").rows[0][0]));
    for (const char* words : {"Today’s pack cannot read all of this version", "no table gifts", "WITH"})
        EXPECT_TRUE(has(clerk.see(path), words)) << words;
    clerk.see(path, 200, "zh-CN");
}

TEST(RuleVersions, AFindingLeadsToTheOneThatFoundIt) {
    for (const bool sent : {true, false}) {
        Versions all;
        scenario::plant_finding(all.authority.node(), "f-1", "L-1", "");
        const std::string href = "href=\"" + all.page_of(all.first) + "\"";
        EXPECT_TRUE(has(all.officer_sees("/findings/f-1"), href));
        if (sent) all.send();
        all.upgrade();
        EXPECT_EQ(has(all.officer_sees("/findings/f-1"), href), sent) << "no link leads nowhere";
        if (sent) all.officer_sees(all.page_of(all.first));
    }
}

}  // namespace
}  // namespace gongzhi::faces
