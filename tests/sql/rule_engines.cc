#include "rule_engines.h"

#include <cstdlib>

#include "crypto/digest.h"
#include "sql/canonical.h"

namespace gongzhi::supervision {
namespace {

const std::filesystem::path kPacks = std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs";

PackUnderTest load_pack(const std::string& id) {
    PackUnderTest under_test;
    const auto pack = pack::Pack::load(kPacks / id);
    EXPECT_TRUE(pack) << pack.error().describe();
    if (!pack) return under_test;
    under_test.records = pack->records();
    under_test.catalogue = catalogue_of(under_test.records);
    auto linter = Linter::make(under_test.catalogue);
    for (const auto& item : std::filesystem::directory_iterator(kPacks / id / "rules")) {
        const auto source = read_rule_folder(item.path());
        EXPECT_TRUE(source) << item.path();
        auto rule = compile_rule(*source, under_test.records, *linter);
        EXPECT_TRUE(rule) << rule.error().describe();
        if (rule) under_test.rules.push_back(*std::move(rule));
    }
    return under_test;
}

template <typename Engine>
void load_rows(Engine& engine, const Catalogue& catalogue, const std::vector<GivenTable>& given) {
    ASSERT_TRUE(engine.execute("DROP SCHEMA IF EXISTS store CASCADE"));
    for (const std::string& statement : store_statements(catalogue, given)) {
        const Status status = engine.execute(statement);
        ASSERT_TRUE(status) << status.error().describe() << "\n" << statement.substr(0, 300);
    }
}

}  // namespace

const RuleVersion& PackUnderTest::rule(std::string_view id) const {
    for (const RuleVersion& one : rules)
        if (one.id == id) return one;
    GZ_CHECK(false, "the pack has the rule that the test is about");
}

const PackUnderTest& pack_under_test(const std::string& id) {
    static std::map<std::string, PackUnderTest> packs;
    const auto found = packs.find(id);
    return found != packs.end() ? found->second : packs.emplace(id, load_pack(id)).first->second;
}

void add_row(const Catalogue& catalogue, GivenTable& table, const std::map<std::string, sql::Value>& values) {
    sql::Row row;
    for (const CatalogueColumn& column : find_table(catalogue, table.table)->columns) {
        const auto found = values.find(column.name);
        row.push_back(found == values.end() ? sql::Value(sql::Null{}) : found->second);
    }
    table.rows.push_back(std::move(row));
}

uint64_t seed_of_this_run(uint64_t standard) {
    const char* given = std::getenv("GONGZHI_SEED");
    const auto seed = given ? std::strtoull(given, nullptr, 10) : static_cast<unsigned long long>(standard);
    std::printf("seed %llu (rerun with GONGZHI_SEED=%llu)\n", seed, seed);
    return seed;
}

void RuleEngines::SetUpTestSuite() {
    ducks_.clear();
    for (const int threads : {1, 2}) {
        auto database = sql::open_duckdb({}, {.threads = threads});
        auto connection = (*database)->connect();
        ducks_.push_back({*std::move(database), *std::move(connection)});
    }
    if (!testing::PrivatePostgres::installed()) return;
    folder_ = std::make_unique<testing::TempFolder>();
    auto server = testing::PrivatePostgres::start(folder_->path());
    ASSERT_TRUE(server) << server.error().describe();
    postgres_ = *std::move(server);
    ASSERT_TRUE(postgres_->execute(sql::driver_prelude(sql::Engine::postgresql)));
}

void RuleEngines::TearDownTestSuite() {
    postgres_.reset();
    folder_.reset();
    ducks_.clear();
}

void RuleEngines::SetUp() {
    if (!postgres_) GTEST_SKIP() << "PostgreSQL 15 is not installed: ./dev setup";
}

sql::Table RuleEngines::on_postgres(const PackUnderTest& pack, const RuleVersion& rule, const ParameterValues& values) {
    std::vector<std::string> statements = as_of_view_statements(pack.catalogue, EntryIndex(0));
    const std::vector<std::string> own = own_view_statements(rule, values).value();
    statements.insert(statements.end(), own.begin(), own.end());
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

sql::Table RuleEngines::agreed_result(const PackUnderTest& pack, const RuleVersion& rule, const ParameterValues& values,
                                      const std::vector<GivenTable>& given) {
    load_rows(*postgres_, pack.catalogue, given);
    EXPECT_TRUE(postgres_->execute("ANALYZE"));  // without figures of the tables it joins row by row
    const sql::Table expected = on_postgres(pack, rule, values);
    const Digest digest = crypto::sha256(sql::canonical_encoding(expected));
    for (size_t i = 0; i < ducks_.size(); ++i) {
        load_rows(*ducks_[i].connection, pack.catalogue, given);
        for (int repeat = 0; repeat < 4; ++repeat) {
            const auto run = run_rule(*ducks_[i].connection, pack.catalogue, rule, values, EntryIndex(0));
            EXPECT_TRUE(run) << run.error().describe() << ducks_[i].connection->diagnosis();
            EXPECT_EQ(run.value_or(RuleRun{}).result_digest, digest)
                << "DuckDB with " << i + 1 << " threads differs from PostgreSQL, run " << repeat;
        }
    }
    return expected;
}

}  // namespace gongzhi::supervision
