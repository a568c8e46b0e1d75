// Each rule of each pack on both engines: its own cases.
#include "rule_engines.h"

#include "sql/canonical.h"

namespace gongzhi::supervision {
namespace {

TEST_F(RuleEngines, EveryCaseOfEveryRuleHoldsOnBothEngines) {
    for (const char* id : {"cn", "eu"}) {
        const PackUnderTest& pack = pack_under_test(id);
        ASSERT_FALSE(pack.rules.empty());
        for (const RuleVersion& rule : pack.rules)
            for (const RuleCase& one : rule.cases) {
                SCOPED_TRACE(rule.id + ": " + one.name.en);
                EXPECT_EQ(difference(one, agreed_result(pack, rule, one.parameters, one.given)), "");
            }
    }
}

TEST_F(RuleEngines, IdivAgrees) {
    const char* sql =
        "SELECT idiv(7, 2) AS a, idiv(-7, 2) AS b, idiv(7, 0) AS c, idiv(CAST(9000000000 AS BIGINT), -4) AS d, idiv(sum(x), 2) AS e "
        "FROM (SELECT CAST(7 AS BIGINT) AS x) t";
    const auto here = postgres().query(sql);
    ASSERT_TRUE(here) << here.error().describe();
    const auto there = duck().query(sql);
    ASSERT_TRUE(there) << duck().diagnosis();
    EXPECT_EQ(sql::canonical_encoding(*here), sql::canonical_encoding(*there));
}

}  // namespace
}  // namespace gongzhi::supervision
