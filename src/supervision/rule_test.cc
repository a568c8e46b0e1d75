#include <gtest/gtest.h>

#include "base/file.h"
#include "crypto/digest.h"
#include "pack/pack.h"
#include "sql/canonical.h"
#include "supervision/runner.h"

namespace gongzhi::supervision {
namespace {

struct World {
    pack::Pack pack;
    Catalogue catalogue;
    Linter linter;
};

World make_world() {
    auto pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn");
    EXPECT_TRUE(pack) << pack.error().describe();
    Catalogue catalogue = catalogue_of(pack->records());
    auto linter = Linter::make(catalogue);
    EXPECT_TRUE(linter) << linter.error().describe();
    return {*std::move(pack), std::move(catalogue), *std::move(linter)};
}

RuleSource price_source() {
    return *read_rule_folder(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn/rules/price-reference");
}

RuleSource collection_source() {
    return *read_rule_folder(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn/rules/collection-beyond-need");
}

RuleVersion compiled(World& world, const RuleSource& source) {
    auto rule = compile_rule(source, world.pack.records(), world.linter);
    EXPECT_TRUE(rule) << rule.error().describe();
    return rule.value_or(RuleVersion{});
}

struct Opened {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> connection;
};

Opened with_store(const World& world, const std::vector<GivenTable>& given) {
    auto database = sql::open_duckdb({});
    auto connection = (*database)->connect();
    for (const std::string& statement : store_statements(world.catalogue, given))
        EXPECT_TRUE((*connection)->execute(statement)) << (*connection)->diagnosis();
    return {*std::move(database), *std::move(connection)};
}

RuleRun must_run(const World& world, const RuleVersion& rule, Opened& opened, const ParameterValues& values = {},
                 uint64_t entry = 0) {
    auto run = run_rule(*opened.connection, world.catalogue, rule, values, EntryIndex(entry));
    EXPECT_TRUE(run) << run.error().describe() << " " << opened.connection->diagnosis();
    return run.value_or(RuleRun{});
}

TEST(Rule, ThePriceRuleIsReadWhole) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    EXPECT_EQ(rule.id, "price-reference");
    EXPECT_EQ(rule.code, "PRC-REF");
    EXPECT_EQ(rule.basis.at(0).article, "第十六条");
    EXPECT_TRUE(rule.basis.at(1).unverified);
    EXPECT_EQ(rule.parameters.at(1).name, "rounding_minor");
    EXPECT_EQ(std::get<int64_t>(rule.parameters.at(1).standard), 100);
    EXPECT_GE(rule.cases.size(), 25u);
    EXPECT_EQ(rule.discloses.size(), 2u);
    EXPECT_EQ(rule.explanation.templates.size(), 5u);
}

TEST(Rule, ItsCasesHoldInDuckDb) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, {});
    for (const RuleCase& one : rule.cases) {
        ASSERT_TRUE(opened.connection->execute("DROP SCHEMA store CASCADE"));
        for (const std::string& statement : store_statements(world.catalogue, one.given))
            ASSERT_TRUE(opened.connection->execute(statement));
        EXPECT_EQ(difference(one, must_run(world, rule, opened, one.parameters).result), "");
    }
}

bool has_chinese(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) <= 0xe9;
    });
}

TEST(Rule, TheCasesOfEveryPackAreNamedInBothLanguages) {
    size_t named = 0;
    for (const char* name : {"cn", "eu"}) {
        const auto pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / name);
        ASSERT_TRUE(pack) << pack.error().describe();
        auto linter = Linter::make(catalogue_of(pack->records()));
        for (const auto& folder : std::filesystem::directory_iterator(pack->folder() / "rules")) {
            const auto rule = compile_rule(*read_rule_folder(folder.path()), pack->records(), *linter);
            ASSERT_TRUE(rule) << rule.error().describe();
            for (const RuleCase& one : rule->cases) {
                EXPECT_TRUE(has_chinese(one.name.zh) && !has_chinese(one.name.en)) << one.name.zh << one.name.en;
                ++named;
            }
        }
    }
    EXPECT_GT(named, 100u);
}

TEST(Rule, ABundleCompilesToTheSameDigest) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    const RuleVersion again = compiled(world, open_bundle(rule.bundle, "received").value());
    EXPECT_EQ(again.digest, rule.digest);
    EXPECT_EQ(again.bundle, rule.bundle);
    EXPECT_EQ(again.sql, rule.sql);
    EXPECT_EQ(again.cases.size(), rule.cases.size());
    RuleSource adopted = price_source();
    adopted.rule_yaml.replace(adopted.rule_yaml.find("state: draft"), 12, "state: adopted");
    EXPECT_EQ(compiled(world, adopted).digest, rule.digest) << "the lifecycle is not part of the rule";
    RuleSource changed = price_source();
    changed.rule_sql += "\n";
    EXPECT_NE(compiled(world, changed).digest, rule.digest);
    EXPECT_EQ(open_bundle("{\"format\":\"x\"}", "x").error().code, ErrorCode::unsupported);
}

// A rule about the platform as a whole, with the law's lists in its bundle.
TEST(Rule, ListsOfValuesTravelInTheBundle) {
    World world = make_world();
    const RuleVersion rule = compiled(world, collection_source());
    EXPECT_FALSE(rule.by_shop);
    ASSERT_EQ(rule.values.size(), 2u);
    EXPECT_EQ(rule.values[1].table.name, "needed_item");
    EXPECT_TRUE(rule.values[1].basis.at(0).unverified);
    const RuleVersion again = compiled(world, *open_bundle(rule.bundle, "bundle"));
    EXPECT_EQ(again.digest, rule.digest);
    EXPECT_EQ(again.values[1].rows, rule.values[1].rows);

    const auto error_of = [&](std::string_view from, std::string_view to) {
        RuleSource source = collection_source();
        const size_t at = source.rule_yaml.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        source.rule_yaml.replace(at, from.size(), to);
        const auto compiled_rule = compile_rule(source, world.pack.records(), world.linter);
        return compiled_rule ? std::string("no error") : compiled_rule.error().message;
    };
    EXPECT_NE(error_of("[food_delivery]", "[online_shopping]").find("stands twice"), std::string::npos);
    EXPECT_NE(error_of("[food_delivery]", "[food_delivery, x]").find("one value for each column"), std::string::npos);
    EXPECT_NE(error_of("[food_delivery]", "[7]").find("text is expected here"), std::string::npos);
    EXPECT_NE(error_of("name: known_type", "name: sale").find("a name of its own"), std::string::npos);
    EXPECT_NE(error_of("name: known_type", "name: unknown_type").find("known_type"), std::string::npos);
    EXPECT_NE(error_of("{name: item, type: text}\n    rows", "{name: shop, type: text}\n    rows").find("no party"),
              std::string::npos);
}

// A change to one file and the words that the error must contain.
struct Damage {
    std::string RuleSource::*file;
    std::string from, to, expected;
};

TEST(Rule, ErrorsNameFileLineAndColumn) {
    World world = make_world();
    const Damage damages[] = {
        {&RuleSource::rule_yaml, "subject: listing", "subject: colour", "price-reference/rule.yaml:11:10"},
        {&RuleSource::rule_yaml, "tables: [offer, sale, coverage]", "tables: [offer, sold]",
         "price-reference/rule.yaml:12:9"},
        {&RuleSource::rule_yaml, "across: none", "acros: none", "unknown key \"acros\""},
        {&RuleSource::rule_yaml, "version: 1\n", "version: 0\n", "versions count from 1"},
        {&RuleSource::rule_yaml, "standard: 7", "standard: 999", "standard value"},
        {&RuleSource::rule_yaml, "{subject}", "{nothing}", "no column \"nothing\""},
        {&RuleSource::rule_yaml, "|money:currency}", "|money:colour}", "unknown filter"},
        {&RuleSource::rule_yaml, "{column: sale_ref, record_type: sale}", "{column: sale_ref, record_type: gift}",
         "no such record type"},
        {&RuleSource::rule_yaml, "{name: lowest_minor, type: integer}", "{name: lowest_minor, type: text}",
         "price-reference/rule.sql:1:1"},
        {&RuleSource::rule_yaml, "sale_time, price]", "sale_time, price, buyer_name]", "no field buyer_name"},
        {&RuleSource::rule_sql, "s.listing = r.listing", "s.listing LIKE r.listing", "price-reference/rule.sql:"},
        {&RuleSource::rule_sql, "e.sale_ref\n", "e.sale_ref AS other\n", "is not declared"},
        {&RuleSource::rule_yaml, "tables: [offer, sale, coverage]", "tables: [offer, sale]", "no table \"coverage\""},
        {&RuleSource::cases_yaml, "lowest_minor: 9900, currency", "lowest: 9900, currency",
         "the result has no such column"},
        {&RuleSource::cases_yaml, "price_minor: 9900}", "price_minor: cheap}", "integer is expected here"},
        {&RuleSource::cases_yaml, "2026-03-05T12:00:00+08:00", "5 March", "timestamp is expected here"},
        {&RuleSource::cases_yaml, "parameters: {rounding_minor: 0}", "parameters: {rounding: 0}", "no such parameter"},
        {&RuleSource::cases_yaml, "expect: []", "expects: []", "unknown key"},
        {&RuleSource::cases_yaml, "    en: it was never sold\n", "", "price-reference/cases.yaml:"},
        {&RuleSource::cases_yaml, "zh: 从未有过成交", "zh: 没有被比较价格", "two cases have this name"},
        {&RuleSource::cases_yaml, "en: it was never sold", "en: there is no compared price",
         "two cases have this name"},
    };
    for (const Damage& damage : damages) {
        RuleSource source = price_source();
        std::string& text = source.*damage.file;
        ASSERT_NE(text.find(damage.from), std::string::npos) << damage.from;
        text.replace(text.find(damage.from), damage.from.size(), damage.to);
        const auto rule = compile_rule(source, world.pack.records(), world.linter);
        ASSERT_FALSE(rule) << damage.to;
        EXPECT_EQ(rule.error().code, ErrorCode::malformed) << damage.to;
        EXPECT_NE(rule.error().message.find(damage.expected), std::string::npos) << damage.to << "\n"
                                                                                 << rule.error().message;
    }
}

TEST(Rule, TheExplanationReadsInBothLanguages) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, rule.cases.at(0).given);
    const RuleRun run = must_run(world, rule, opened);
    ASSERT_EQ(run.result.rows.size(), 1u);
    const pack::Wording wording = explain(rule.explanation, run.result, 0);
    EXPECT_EQ(
        wording.en,
        "Item l1 is compared with 120.00 CNY, without saying what price that is; from 3 March 2026 until before 10 March 2026 the "
        "lowest price paid in this shop was 99.00 CNY.");
    EXPECT_NE(wording.zh.find("2026年3月3日起至2026年3月10日前，同一网店的最低成交价为99.00元"), std::string::npos)
        << wording.zh;
}

TEST(Runner, ARunSeesTheTablesAsOfItsEntry) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, rule.cases.at(0).given);
    // Entry 5 corrects the price paid to 12,000; entry 9 withdraws the offer.
    for (
        const char* sql :
        {"UPDATE store.sale SET entry_to = 5",
         "INSERT INTO store.sale SELECT * REPLACE (5 AS entry_from, NULL AS entry_to, 12000 AS price_minor) FROM store.sale",
         "UPDATE store.offer SET entry_to = 9"})
        ASSERT_TRUE(opened.connection->execute(sql)) << opened.connection->diagnosis();
    EXPECT_EQ(must_run(world, rule, opened, {}, 4).result.rows.size(), 1u);
    EXPECT_EQ(must_run(world, rule, opened, {}, 5).result.rows.size(), 0u);
    EXPECT_EQ(must_run(world, rule, opened, {}, 9).result.rows.size(), 0u);
    EXPECT_EQ(must_run(world, rule, opened, {}, 4).result_digest, must_run(world, rule, opened, {}, 0).result_digest);
}

TEST(Runner, TheViewsOfOneConnectionHideTheCurrentOnes) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, rule.cases.at(0).given);
    ASSERT_TRUE(
        opened.connection->execute("CREATE VIEW sale AS SELECT * FROM store.sale WHERE entry_to IS NULL AND FALSE"));
    EXPECT_EQ(must_run(world, rule, opened).result.rows.size(), 1u);
}

TEST(Runner, ParametersAreCheckedAndDigestsFollowThem) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, rule.cases.at(0).given);
    const auto code = [&](const ParameterValues& values) {
        return run_rule(*opened.connection, world.catalogue, rule, values, EntryIndex(0)).error().code;
    };
    EXPECT_EQ(code({{"window_days", int64_t{0}}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{"window_days", std::string("7")}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{"colour", int64_t{1}}}), ErrorCode::invalid_argument);
    const RuleRun seven = must_run(world, rule, opened),
                  eight = must_run(world, rule, opened, {{"window_days", int64_t{8}}});
    EXPECT_NE(seven.result_digest, eight.result_digest);
    EXPECT_EQ(seven.result_digest, crypto::sha256(sql::canonical_encoding(seven.result)));
}

TEST(Runner, TimeAndRowLimitsEndARun) {
    World world = make_world();
    const RuleVersion rule = compiled(world, price_source());
    Opened opened = with_store(world, {});
    ASSERT_TRUE(opened.connection->execute(
        "INSERT INTO store.offer(entry_from, party, record_id, shop, listing, from_date, reference_price_minor, reference_price_currency) "
        "SELECT 0, 'p', 'o' || i, 's', 'l', DATE '2026-03-10', 100, 'CNY' FROM range(3000) t(i)"))
        << opened.connection->diagnosis();
    const RunOptions few{.rows_max = 100};
    EXPECT_EQ(run_rule(*opened.connection, world.catalogue, rule, {}, EntryIndex(0), few).error().code,
              ErrorCode::too_large);
    ASSERT_TRUE(opened.connection->execute(
        "INSERT INTO store.sale(entry_from, party, record_id, shop, listing, sale_date, sale_time, price_minor, price_currency) "
        "SELECT 0, 'p', 'a' || i, 's', 'l', DATE '2026-03-09', TIMESTAMP '2026-03-09 00:00:00', 100, 'CNY' FROM range(200000) t(i)"))
        << opened.connection->diagnosis();
    const RunOptions short_time{.time_limit_millis = 100};
    EXPECT_EQ(run_rule(*opened.connection, world.catalogue, rule, {}, EntryIndex(0), short_time).error().code,
              ErrorCode::timeout);
    EXPECT_TRUE(opened.connection->query("SELECT 1"));
}

TEST(Cases, ADifferenceIsOneSentence) {
    const sql::Table result{{{"subject", sql::SqlType::text, 0}, {"n", sql::SqlType::huge, 0}},
                            {{std::string("l1"), sql::HugeInt{5}}}};
    RuleCase one{.name = {"一例", "a case"}};
    EXPECT_EQ(difference(one, result), "a case: 0 rows are expected, 1 came");
    one.expect = {{{"n", int64_t{5}}}};
    EXPECT_EQ(difference(one, result), "");
    one.expect = {{{"n", int64_t{6}}}};
    EXPECT_EQ(difference(one, result), "a case: no row is like expected row 1");
}

TEST(Cases, LiteralsAreQuoted) {
    EXPECT_EQ(sql_literal(std::string("it's")), "'it''s'");
    EXPECT_EQ(sql_literal(*parse_utc("2026-03-01T00:00:00Z")), "TIMESTAMP '2026-03-01 00:00:00.000000'");
    EXPECT_EQ(sql_literal(CivilDate(0)), "DATE '1970-01-01'");
    EXPECT_EQ(sql_literal(sql::Null{}), "NULL");
}

}  // namespace
}  // namespace gongzhi::supervision
