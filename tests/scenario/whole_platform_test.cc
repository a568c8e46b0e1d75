// What a platform owes as a whole, without a shop: its privacy notices go onward, and the rule over them runs where they are,
// at the authority as at the platform.
#include "party.h"
#include "supervision/runner.h"

namespace gongzhi::scenario {
namespace {

std::string notice_line(std::string_view item, std::string_view necessity) {
    return Json{{"service", "app.market.example"},
                {"service_type", "online_shopping"},
                {"notice_version", "2026-01"},
                {"service_function", "checkout"},
                {"item", item},
                {"item_name", "示例项"},
                {"purpose", "送货"},
                {"necessity", necessity},
                {"refusal_denies_service", necessity == "necessary"},
                {"retention_days", 30},
                {"effective_date", "2026-01-05"}}
               .dump() +
           "\n";
}

struct WithNotices : Pair {
    WithNotices() {
        const auto loaded = platform.node().intake().submit(
            kClerk, submission("privacy_notice", notice_line("recipient_phone", "necessary") +
                                                     notice_line("id_number", "necessary") +
                                                     notice_line("birthday", "optional")));
        EXPECT_TRUE(loaded) << loaded.error().describe();
        EXPECT_TRUE(platform.node().submit_onward(kClerk, loaded->index, authority.id()));
        EXPECT_TRUE(settle());
    }
};

TEST(WholePlatform, TheRuleRunsAtTheAuthorityOnWhatWasHandedIn) {
    WithNotices pair;
    EXPECT_EQ(pair.authority.count_records("privacy_notice"), 3);
    const pack::Pack pack = *pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn");
    const auto catalogue = supervision::catalogue_of(pack.records());
    auto linter = supervision::Linter::make(catalogue);
    const auto rule = supervision::compile_rule(
        *supervision::read_rule_folder(pack.folder() / "rules" / "collection-beyond-need"), pack.records(), *linter);
    ASSERT_TRUE(rule) << rule.error().describe();
    const auto connection = *pair.authority.node().records();
    const EntryIndex newest(pair.authority.node().ledger().journal().size().value - 1);
    const auto run = supervision::run_rule(*connection, catalogue, *rule, {}, newest);
    ASSERT_TRUE(run) << run.error().describe() << connection->diagnosis();
    ASSERT_EQ(run->result.rows.size(), 1u);
    EXPECT_EQ(sql::text_of(run->result.at(0, "party")), "platform-y");
    EXPECT_EQ(sql::text_of(run->result.at(0, "subject")), "app.market.example");
    EXPECT_EQ(sql::text_of(run->result.at(0, "item")), "id_number");
}

TEST(WholePlatform, AFindingWithoutAShopIsTakenIn) {
    WithNotices pair;
    const auto sent = pair.authority.node().rules().send_rule(kOfficer, pair.platform.id(), "collection-beyond-need");
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(pair.settle());
    const auto reported = pair.platform.node().accept_rule(kEngineer, sent->id.value);
    ASSERT_TRUE(reported) << reported.error().describe();
    EXPECT_EQ(reported->findings, 1u);
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("finding"), 1);
    EXPECT_EQ(pair.authority.count("finding WHERE verdict = 'suspect' AND shop = '' AND party = 'platform-y' AND "
                                   "subject = 'app.market.example'"),
              1);
}

}  // namespace
}  // namespace gongzhi::scenario
