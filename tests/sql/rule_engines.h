// What every test of rules on both engines needs: a pack compiled, DuckDB with one and with two threads, a PostgreSQL of
// the test's own, and a run whose bytes all of them agree on.
#pragma once

#include <gtest/gtest.h>

#include "pack/pack.h"
#include "postgres.h"
#include "supervision/runner.h"
#include "testing/temp_folder.h"

namespace gongzhi::supervision {

struct PackUnderTest {
    std::vector<pack::RecordType> records;
    Catalogue catalogue;
    std::vector<RuleVersion> rules;

    const RuleVersion& rule(std::string_view id) const;
};

// packs/<id>, loaded once; a pack that does not compile fails the test.
const PackUnderTest& pack_under_test(const std::string& id);

// Fills one row of a catalogue table by column name; what is not named is NULL.
void add_row(const Catalogue& catalogue, GivenTable& table, const std::map<std::string, sql::Value>& values);

// GONGZHI_SEED, or the given one; printed with the line that reruns it.
uint64_t seed_of_this_run(uint64_t standard);

class RuleEngines : public ::testing::Test {
protected:
    static void SetUpTestSuite();
    static void TearDownTestSuite();
    void SetUp() override;

    // Four runs on each DuckDB and one on PostgreSQL, all of equal bytes. Returns the result.
    static sql::Table agreed_result(const PackUnderTest& pack, const RuleVersion& rule, const ParameterValues& values,
                                    const std::vector<GivenTable>& given);

    static testing::PrivatePostgres& postgres() { return *postgres_; }
    static sql::Connection& duck() { return *ducks_.at(0).connection; }

private:
    struct DuckEngine {
        std::unique_ptr<sql::Database> database;
        std::unique_ptr<sql::Connection> connection;
    };
    static sql::Table on_postgres(const PackUnderTest& pack, const RuleVersion& rule, const ParameterValues& values);

    static inline std::vector<DuckEngine> ducks_;
    static inline std::unique_ptr<testing::TempFolder> folder_;
    static inline std::unique_ptr<testing::PrivatePostgres> postgres_;
};

}  // namespace gongzhi::supervision
