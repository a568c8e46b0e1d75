#include "supervision/lint.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "pack/pack.h"
#include "supervision/language.h"
#include "testing/golden.h"

namespace gongzhi::supervision {
namespace {

std::filesystem::path pack_folder() { return std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn"; }

Linter make_linter() {
    const auto pack = pack::Pack::load(pack_folder());
    EXPECT_TRUE(pack) << pack.error().describe();
    auto linter = Linter::make(catalogue_of(pack->records()));
    EXPECT_TRUE(linter) << linter.error().describe();
    return *std::move(linter);
}

const LintOptions kOptions{.parameters = {{"window_days", sql::SqlType::integer},
                                          {"rounding_minor", sql::SqlType::integer},
                                          {"since_date", sql::SqlType::date}}};

TEST(Lint, ThePriceRuleIsInTheLanguage) {
    Linter linter = make_linter();
    const Bytes sql = read_file(pack_folder() / "rules/price-reference/rule.sql").value();
    EXPECT_EQ(describe(linter.check(sql, kOptions), "rule.sql"), "");
}

TEST(Lint, WhatIsInTheLanguagePasses) {
    Linter linter = make_linter();
    for (
        const char* sql : {
            "SELECT o.party, o.shop FROM offer o",
            "SELECT DISTINCT o.party, o.shop, o.listing FROM offer o",
            "-- a comment\nSELECT o.shop AS subject FROM offer AS o WHERE o.price_minor BETWEEN 1 AND 100 AND NOT o.shop IN ('a', 'b')",
            "SELECT o.party, o.shop, COUNT(*) AS n, COUNT(DISTINCT o.listing) AS l, SUM(o.price_minor) AS s FROM offer o GROUP BY o.party, o.shop "
            "HAVING COUNT(*) > 1",
            "SELECT o.shop, ROW_NUMBER() OVER (PARTITION BY o.party, o.shop ORDER BY o.price_minor DESC NULLS LAST, o.record_id COLLATE \"C\" NULLS "
            "LAST) AS n FROM offer o",
            "SELECT o.shop, LAG(o.price_minor) OVER (PARTITION BY o.party, o.shop ORDER BY o.from_time ASC NULLS FIRST, o.record_id COLLATE \"C\" "
            "ASC NULLS FIRST) AS before FROM offer o",
            "SELECT o.shop, SUM(o.price_minor) OVER (PARTITION BY o.party, o.shop ORDER BY o.from_date NULLS FIRST) AS running FROM offer o",
            "SELECT o.shop, MAX(o.price_minor) OVER (PARTITION BY o.party, o.shop) AS top FROM offer o",
            "SELECT o.shop FROM offer o WHERE EXISTS (SELECT 1 FROM sale s WHERE s.party = o.party AND s.shop = o.shop AND s.listing = o.listing)",
            "SELECT o.shop FROM offer o WHERE NOT EXISTS (SELECT 1 FROM sale s WHERE s.party = o.party AND s.shop = o.shop)",
            "SELECT o.shop FROM offer o UNION ALL SELECT s.shop FROM sale s",
            "SELECT o.shop, o.from_date - p.window_days AS d, o.from_date - DATE '2026-01-01' AS n FROM offer o CROSS JOIN parameters p",
            "SELECT o.shop, idiv(o.price_minor, 3) AS third, o.price_minor * 100 AS hundred, -o.price_minor AS minus FROM offer o",
            "SELECT o.shop || '/' || o.listing AS subject, LENGTH(o.title) AS n FROM offer o WHERE starts_with(o.title, '原价')",
            "SELECT x.shop FROM (SELECT o.party, o.shop FROM offer o) x",
            "SELECT CAST(o.price_minor AS VARCHAR) AS t, o.price_minor::INTEGER AS i, CAST('2026-01-01' AS DATE) AS d FROM offer o",
            "SELECT CASE WHEN o.price_minor > 5 THEN NULL ELSE o.shop END AS x FROM offer o WHERE o.title IS DISTINCT FROM 'x'",
        })
        EXPECT_EQ(describe(linter.check(sql, kOptions), "rule.sql"), "") << sql;
}

struct Hostile {
    const char* sql;
    LintCode code;
};

// Each refused statement with the first problem that is expected of it.
const Hostile kHostile[] = {
#include "supervision/lint_hostile.inc"
};

TEST(Lint, WhatIsNotInTheLanguageIsRefused) {
    Linter linter = make_linter();
    EXPECT_GE(std::size(kHostile), 60u);
    for (const Hostile& hostile : kHostile) {
        const auto problems = linter.check(hostile.sql, kOptions);
        ASSERT_FALSE(problems.empty()) << hostile.sql;
        bool found = false;
        for (const LintProblem& problem : problems) found = found || problem.code == hostile.code;
        EXPECT_TRUE(found) << hostile.sql << "\n" << describe(problems, "rule.sql");
        EXPECT_FALSE(problems[0].zh.empty());
    }
}

TEST(Lint, ARuleAcrossShopsMayJoinAndGroupWithoutThem) {
    Linter linter = make_linter();
    const char* sql =
        "SELECT o.seller_code AS subject, COUNT(*) AS n FROM offer o JOIN sale s ON s.listing = o.listing GROUP BY o.seller_code";
    EXPECT_FALSE(linter.check(sql, kOptions).empty());
    LintOptions across = kOptions;
    across.across_shops = true;
    EXPECT_EQ(describe(linter.check(sql, across), "rule.sql"), "");
}

// What the law counts up belongs to no party: it is joined by its values. An alias is what it is at its place.
TEST(Lint, ListsOfValuesNeedNoKey) {
    Linter linter = make_linter();
    LintOptions options = kOptions;
    options.value_tables = {{"banned", {{"title", sql::SqlType::text}}}};
    for (const char* sql :
         {"SELECT o.shop FROM offer o JOIN banned b ON b.title = o.title",
          "SELECT o.shop FROM offer o LEFT JOIN banned b ON b.title = o.title WHERE b.title IS NULL",
          "SELECT o.shop FROM offer o WHERE NOT EXISTS (SELECT 1 FROM banned b WHERE b.title = o.title)"})
        EXPECT_EQ(describe(linter.check(sql, options), "rule.sql"), "") << sql;
    for (
        const auto& [sql, code] : std::vector<std::pair<const char*, LintCode>>{
            {"SELECT o.shop FROM offer o CROSS JOIN banned b", LintCode::cross_join},
            {"SELECT o.shop FROM offer o JOIN banned b ON b.title = o.title JOIN sale s ON s.listing = b.title",
             LintCode::join_shop},
            {"WITH x AS (SELECT b.title FROM banned b) SELECT o.shop FROM offer o JOIN sale b ON b.listing = o.listing",
             LintCode::join_shop},
            {"WITH x AS (SELECT p.window_days FROM parameters p) SELECT o.shop FROM offer o JOIN sale p ON p.listing = o.listing",
             LintCode::join_shop},
            {"WITH banned AS (SELECT o.title FROM offer o) SELECT o.shop FROM offer o", LintCode::shadow}}) {
        const auto problems = linter.check(sql, options);
        ASSERT_FALSE(problems.empty()) << sql;
        EXPECT_EQ(problems[0].code, code) << sql;
    }
    EXPECT_EQ(linter.check("SELECT b.title FROM banned b", kOptions).at(0).code, LintCode::table)
        << "another rule's list is not this rule's";
}

TEST(Lint, WhereNothingHasAShopThePartyIsTheKey) {
    Linter linter = make_linter();
    LintOptions options = kOptions;
    options.by_shop = false;
    const char* good =
        "SELECT n.party, n.service AS subject FROM privacy_notice n JOIN privacy_notice m ON m.party = n.party AND m.item = n.item";
    EXPECT_EQ(describe(linter.check(good, options), "rule.sql"), "");
    EXPECT_EQ(linter.check(good, kOptions).at(0).code, LintCode::join_shop);
    const char* bad = "SELECT n.service AS subject FROM privacy_notice n JOIN privacy_notice m ON m.item = n.item";
    EXPECT_EQ(linter.check(bad, options).at(0).code, LintCode::join_shop);
}

TEST(Lint, ProblemsNameLineAndColumnInCharacters) {
    Linter linter = make_linter();
    const auto problems =
        linter.check("SELECT o.shop\nFROM offer o\nWHERE o.title = '价格' AND lower(o.title) = 'x'", kOptions);
    ASSERT_EQ(problems.size(), 1u) << describe(problems, "rule.sql");
    EXPECT_EQ(describe(problems, "packs/cn/rules/x/rule.sql"),
              "packs/cn/rules/x/rule.sql:3:26: the rule language has no function or operator \"lower\"\n");
    EXPECT_EQ(problems[0].zh, "规则语言中没有函数或运算符“lower”");
    const auto unknown = linter.check("SELECT o.shop,\n  o.nothing FROM offer o", kOptions);
    ASSERT_EQ(unknown.size(), 1u);
    EXPECT_EQ(unknown[0].line, 2);
    EXPECT_EQ(unknown[0].column, 3);
}

TEST(Lint, RandomDamageNeverPassesAsAnotherStatement) {
    // Cutting the rule anywhere must give problems, never a crash.
    Linter linter = make_linter();
    const Bytes sql = read_file(pack_folder() / "rules/price-reference/rule.sql").value();
    for (size_t cut = 0; cut + 40 < sql.size(); cut += 97)
        EXPECT_FALSE(linter.check(sql.substr(0, cut), kOptions).empty()) << cut;
}

TEST(RuleLanguage, ThePageIsWhatTheTableSays) {
    testing::expect_golden("docs/rule-language.md", rule_language_markdown());
}

}  // namespace
}  // namespace gongzhi::supervision
