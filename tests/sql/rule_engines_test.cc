// Each rule of the pack on both engines: its cases, and random histories against an oracle.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.h"
#include "crypto/digest.h"
#include "pack/pack.h"
#include "postgres.h"
#include "price_oracle.h"
#include "sql/canonical.h"
#include "supervision/runner.h"
#include "testing/temp_folder.h"

namespace gongzhi::supervision {
namespace {

using testing::HistoryOffer;
using testing::HistorySale;
using testing::Judgement;
using testing::KnownDays;
using testing::PrivatePostgres;

constexpr int kHistories = 400;
constexpr int kDays = 40;

struct DuckEngine {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> connection;
};

DuckEngine make_duck(int threads) {
    auto database = sql::open_duckdb({}, {.threads = threads});
    auto connection = (*database)->connect();
    return {*std::move(database), *std::move(connection)};
}

// One server and two DuckDB instances for all tests of this file.
class RuleEngines : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        const auto pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn");
        ASSERT_TRUE(pack) << pack.error().describe();
        records_ = pack->records();
        catalogue_ = catalogue_of(records_);
        ducks_.clear();
        for (const int threads : {1, 2}) ducks_.push_back(make_duck(threads));
        if (!PrivatePostgres::installed()) return;
        folder_ = std::make_unique<testing::TempFolder>();
        auto server = PrivatePostgres::start(folder_->path());
        ASSERT_TRUE(server) << server.error().describe();
        postgres_ = *std::move(server);
        ASSERT_TRUE(postgres_->execute(sql::driver_prelude(sql::Engine::postgresql)));
    }
    static void TearDownTestSuite() {
        postgres_.reset();
        folder_.reset();
        ducks_.clear();
    }
    void SetUp() override {
        if (!postgres_) GTEST_SKIP() << "PostgreSQL 15 is not installed: ./dev setup";
    }

    static std::vector<RuleVersion> rules() {
        auto linter = Linter::make(catalogue_);
        std::vector<RuleVersion> rules;
        for (const auto& item :
             std::filesystem::directory_iterator(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn/rules")) {
            const auto source = read_rule_folder(item.path());
            EXPECT_TRUE(source) << item.path();
            auto rule = compile_rule(*source, records_, *linter);
            EXPECT_TRUE(rule) << rule.error().describe();
            if (rule) rules.push_back(*std::move(rule));
        }
        return rules;
    }

    template <typename Engine>
    static void load(Engine& engine, const std::vector<GivenTable>& given) {
        ASSERT_TRUE(engine.execute("DROP SCHEMA IF EXISTS store CASCADE"));
        for (const std::string& statement : store_statements(catalogue_, given)) {
            const Status status = engine.execute(statement);
            ASSERT_TRUE(status) << status.error().describe() << "\n" << statement.substr(0, 300);
        }
    }

    static sql::Table on_postgres(const RuleVersion& rule, const ParameterValues& values) {
        std::vector<std::string> statements = as_of_view_statements(catalogue_, EntryIndex(0));
        statements.push_back(parameters_view_statement(rule, values).value());
        for (const std::string& statement : statements) {
            const Status status = postgres_->execute(statement);
            EXPECT_TRUE(status) << status.error().describe();
        }
        auto table = postgres_->query(rule.sql);
        EXPECT_TRUE(table) << table.error().describe();
        if (!table) return {};
        sql::sort_rows(*table);
        return *std::move(table);
    }

    // Four runs on each DuckDB and one on PostgreSQL, all of equal bytes. Returns the result.
    static sql::Table agreed_result(const RuleVersion& rule, const ParameterValues& values,
                                    const std::vector<GivenTable>& given) {
        load(*postgres_, given);
        const sql::Table expected = on_postgres(rule, values);
        const Digest digest = crypto::sha256(sql::canonical_encoding(expected));
        for (size_t i = 0; i < ducks_.size(); ++i) {
            load(*ducks_[i].connection, given);
            for (int repeat = 0; repeat < 4; ++repeat) {
                const auto run = run_rule(*ducks_[i].connection, catalogue_, rule, values, EntryIndex(0));
                EXPECT_TRUE(run) << run.error().describe() << ducks_[i].connection->diagnosis();
                EXPECT_EQ(run.value_or(RuleRun{}).result_digest, digest)
                    << "DuckDB with " << i + 1 << " threads differs from PostgreSQL, run " << repeat;
            }
        }
        return expected;
    }

    static inline std::vector<pack::RecordType> records_;
    static inline Catalogue catalogue_;
    static inline std::vector<DuckEngine> ducks_;
    static inline std::unique_ptr<testing::TempFolder> folder_;
    static inline std::unique_ptr<PrivatePostgres> postgres_;
};

TEST_F(RuleEngines, EveryCaseOfEveryRuleHoldsOnBothEngines) {
    const auto all = rules();
    ASSERT_FALSE(all.empty());
    for (const RuleVersion& rule : all)
        for (const RuleCase& one : rule.cases) {
            SCOPED_TRACE(rule.id + ": " + one.name);
            EXPECT_EQ(difference(one, agreed_result(rule, one.parameters, one.given)), "");
        }
}

TEST_F(RuleEngines, IdivAgrees) {
    const char* sql =
        "SELECT idiv(7, 2) AS a, idiv(-7, 2) AS b, idiv(7, 0) AS c, idiv(CAST(9000000000 AS BIGINT), -4) AS d, idiv(sum(x), 2) AS e "
        "FROM (SELECT CAST(7 AS BIGINT) AS x) t";
    auto postgres = postgres_->query(sql);
    ASSERT_TRUE(postgres) << postgres.error().describe();
    auto duck = ducks_[0].connection->query(sql);
    ASSERT_TRUE(duck) << ducks_[0].connection->diagnosis();
    EXPECT_EQ(sql::canonical_encoding(*postgres), sql::canonical_encoding(*duck));
}

// One item with its sales and offers; each history is a shop of its own.
struct History {
    std::vector<HistorySale> sales;
    std::vector<HistoryOffer> offers;
    std::vector<KnownDays> known;
};

constexpr int32_t kFirstDay = 20'000;

History random_history(SeededRandom& random, int number) {
    History history;
    const auto day = [&] { return kFirstDay + static_cast<int32_t>(random.below(kDays)); };
    // Few prices, few moments: ties and equal times are the rule.
    const auto price = [&] { return random.chance(300) ? random.between(995, 1005) : random.between(5, 15) * 100; };
    const int64_t sales = random.chance(150) ? 0 : random.between(0, 12);
    for (int64_t i = 0; i < sales; ++i) {
        const int32_t sold = day();
        history.sales.push_back({fmt::format("a{}-{}", number, i), int64_t{sold} * 4 + random.between(0, 1), sold,
                                 price(), random.chance(80) ? "USD" : "CNY"});
    }
    const int64_t offers = random.between(1, 3);
    for (int64_t i = 0; i < offers; ++i) {
        HistoryOffer offer{fmt::format("o{}-{}", number, i), day(), std::nullopt, random.chance(50) ? "USD" : "CNY",
                           random.chance(100)};
        if (!random.chance(100)) offer.compared = price();
        history.offers.push_back(offer);
    }
    if (random.chance(700))
        history.known.push_back({kFirstDay - 10, kFirstDay + kDays + 1});
    else if (random.chance(700))
        history.known.push_back({day(), kFirstDay + kDays});
    return history;
}

GivenTable empty_table(const Catalogue& catalogue, const char* name) {
    GZ_CHECK(find_table(catalogue, name), "the catalogue has the price rule's tables");
    return {name, {}};
}

// Fills one row of a catalogue table by column name.
void add_row(const Catalogue& catalogue, GivenTable& table, const std::map<std::string, sql::Value>& values) {
    sql::Row row;
    for (const CatalogueColumn& column : find_table(catalogue, table.table)->columns) {
        const auto found = values.find(column.name);
        row.push_back(found == values.end() ? sql::Value(sql::Null{}) : found->second);
    }
    table.rows.push_back(std::move(row));
}

std::vector<GivenTable> tables_of(const Catalogue& catalogue, const std::vector<History>& histories) {
    GivenTable offers = empty_table(catalogue, "offer"), sales = empty_table(catalogue, "sale"),
               coverage = empty_table(catalogue, "coverage");
    for (size_t i = 0; i < histories.size(); ++i) {
        const std::string shop = fmt::format("s{}", i);
        const auto key = [&](const std::string& id) {
            return std::map<std::string, sql::Value>{
                {"party", std::string("p1")}, {"shop", shop}, {"listing", std::string("l1")}, {"record_id", id}};
        };
        for (const HistoryOffer& offer : histories[i].offers) {
            auto values = key(offer.id);
            values["from_date"] = CivilDate(offer.day);
            values["reference_detail_marked"] = offer.meaning_stated;
            if (offer.compared)
                values["reference_price_minor"] = *offer.compared, values["reference_price_currency"] = offer.currency;
            add_row(catalogue, offers, values);
        }
        for (const HistorySale& sale : histories[i].sales) {
            auto values = key(sale.id);
            values["sale_date"] = CivilDate(sale.day);
            values["sale_time"] = UtcTime(sale.time * (kMicrosPerDay / 4));
            values["price_minor"] = sale.price;
            values["price_currency"] = sale.currency;
            add_row(catalogue, sales, values);
        }
        for (const KnownDays& days : histories[i].known)
            add_row(catalogue, coverage,
                    {{"party", std::string("p1")},
                     {"shop", shop},
                     {"record_type", std::string("sale")},
                     {"record_id", shop},
                     {"from_date", CivilDate(days.from)},
                     {"until_date", CivilDate(days.until)}});
    }
    return {offers, sales, coverage};
}

std::map<std::string, Judgement> judgements_of(const sql::Table& result) {
    std::map<std::string, Judgement> found;
    for (size_t row = 0; row < result.rows.size(); ++row) {
        Judgement judgement{sql::text_of(result.at(row, "verdict")), sql::text_of(result.at(row, "basis")),
                            std::nullopt, ""};
        if (const sql::Value& lowest = result.at(row, "lowest_minor"); !sql::is_null(lowest))
            judgement.lowest = sql::integer_of(lowest);
        if (const sql::Value& sale = result.at(row, "sale_ref"); !sql::is_null(sale))
            judgement.sale = sql::text_of(sale);
        EXPECT_TRUE(found.emplace(sql::text_of(result.at(row, "offer_ref")), judgement).second)
            << "an offer twice in the result";
    }
    return found;
}

uint64_t seed_of_this_run() {
    const char* given = std::getenv("GONGZHI_SEED");
    return given ? std::strtoull(given, nullptr, 10) : 20'260'301;
}

TEST_F(RuleEngines, BothEnginesEqualTheOracleOnRandomHistories) {
    const uint64_t seed = seed_of_this_run();
    std::printf("seed %llu (rerun with GONGZHI_SEED=%llu)\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed));
    const auto all = rules();
    const auto rule =
        std::find_if(all.begin(), all.end(), [](const RuleVersion& one) { return one.id == "price-reference"; });
    ASSERT_NE(rule, all.end());
    SeededRandom random(seed);
    std::vector<History> histories;
    for (int i = 0; i < kHistories; ++i) histories.push_back(random_history(random, i));

    std::map<std::string, int> seen;  // how often each judgement occurred
    for (const auto& [window_days, rounding] :
         std::vector<std::pair<int64_t, int64_t>>{{7, 100}, {7, 0}, {1, 1}, {30, 100}}) {
        const auto found = judgements_of(agreed_result(
            *rule, {{"window_days", window_days}, {"rounding_minor", rounding}}, tables_of(catalogue_, histories)));
        size_t expected_rows = 0;
        for (const History& history : histories)
            for (const HistoryOffer& offer : history.offers) {
                const Judgement expected =
                    testing::judge(offer, history.sales, history.known, static_cast<int32_t>(window_days), rounding);
                const auto actual = found.find(offer.id);
                EXPECT_EQ(actual == found.end() ? Judgement{} : actual->second, expected)
                    << "seed " << seed << " offer " << offer.id << " expected " << expected.verdict << " "
                    << expected.basis;
                ++seen[expected.basis];
                expected_rows += !expected.verdict.empty();
            }
        EXPECT_EQ(found.size(), expected_rows);
    }
    for (const char* basis : {"", "lowest_7_days", "last_sale", "no_history", "history_missing", "other_currency"})
        EXPECT_GT(seen[basis], 5) << "the histories never exercised " << basis;
}

}  // namespace
}  // namespace gongzhi::supervision
