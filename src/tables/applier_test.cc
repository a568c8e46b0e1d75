#include "tables/applier.h"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"

namespace gongzhi::tables {
namespace {

using ledger::testing_support::Node;

constexpr int64_t kPatience = 20 * kMicrosPerSecond;

// One row for each trace's number; fails as it is told, a number of times.
class NumbersHandler final : public Handler {
public:
    bool takes(std::string_view kind) const override { return kind == "reveal"; }
    Status create(sql::Connection& connection) override {
        return connection.execute("CREATE TABLE IF NOT EXISTS seen(entry BIGINT, number BIGINT)");
    }
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override {
        for (const ledger::Entry& entry : entries) {
            GZ_TRY(const ledger::NodeStatement said, entry.statement());
            GZ_CHECKED(connection
                           .change("INSERT INTO seen VALUES ($1, $2)",
                                   {static_cast<int64_t>(entry.index.value), said.trace["number"].get<int64_t>()})
                           .map([](int64_t) {}));
        }
        if (failures > 0 && failures-- > 0) return fail(code, "as told");
        return {};
    }
    std::atomic<int> failures = 0;
    std::atomic<ErrorCode> code = ErrorCode::busy;
};

struct Store {
    testing::TempFolder folder;
    Node node{"tables.example"};
    NumbersHandler handler;
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<Applier> applier;

    Result<std::unique_ptr<Applier>> try_start() {
        database = sql::open_duckdb(folder.path() / "t.duckdb").value();
        return Applier::start("t", *database, *node.ledger, {&handler});
    }
    void start() { applier = try_start().value(); }
    void stop() { applier.reset(), database.reset(); }
    void append(int count) {
        for (int i = 0; i < count; ++i) ASSERT_TRUE(node.ledger->append(node.trace(i)));
    }
    bool wait() { return applier->wait_for(node.ledger->journal().size(), kPatience); }
    int64_t rows() {
        return sql::integer_of(database->connect().value()->query("SELECT count(*) FROM seen").value().rows[0][0]);
    }
};

TEST(Applier, AppliesEachEntryOnceInOrderAndGoesOnAfterARestart) {
    Store store;
    store.append(3);
    store.start();
    ASSERT_TRUE(store.wait());
    EXPECT_EQ(store.rows(), 3);
    store.append(2);
    ASSERT_TRUE(store.wait());
    store.stop();
    store.append(4);
    store.start();
    ASSERT_TRUE(store.wait());
    EXPECT_EQ(store.applier->applied(), TreeSize(9));
    const auto table = store.database->connect().value()->query("SELECT entry FROM seen").value();
    ASSERT_EQ(table.rows.size(), 9u);
    for (size_t i = 0; i < 9; ++i) EXPECT_EQ(sql::integer_of(table.rows[i][0]), static_cast<int64_t>(i));
}

TEST(Applier, MoreEntriesThanOneBatchHolds) {
    Store store;
    std::vector<std::future<bool>> done;
    std::vector<std::promise<bool>> promises(kBatchEntriesMax + 10);
    for (auto& promise : promises) {
        done.push_back(promise.get_future());
        store.node.ledger->append_async(
            store.node.trace(1), [&promise](ledger::Outcome outcome) { promise.set_value(outcome.has_value()); });
    }
    for (auto& one : done) ASSERT_TRUE(one.get());
    store.start();
    ASSERT_TRUE(store.wait());
    EXPECT_EQ(store.rows(), static_cast<int64_t>(kBatchEntriesMax + 10));
}

// A batch that failed has left nothing: its rows and the applied size are one transaction.
TEST(Applier, TriesAgainWhatMayPass) {
    for (const ErrorCode code : {ErrorCode::busy, ErrorCode::erased}) {
        Store store;
        store.handler.code = code;
        store.handler.failures = 3;
        store.append(2);
        store.start();
        ASSERT_TRUE(store.wait()) << store.applier->stopped()->describe();
        EXPECT_EQ(store.rows(), 2);
    }
}

TEST(Applier, StopsAtWhatDoesNotPassAndSaysWhy) {
    Store store;
    store.append(1);
    store.start();
    ASSERT_TRUE(store.wait());
    store.handler.code = ErrorCode::corrupt;
    store.handler.failures = 1;
    store.append(1);
    EXPECT_FALSE(store.wait());
    ASSERT_TRUE(store.applier->stopped());
    EXPECT_EQ(store.applier->stopped()->code, ErrorCode::corrupt);
    EXPECT_EQ(store.rows(), 1);
    store.stop();
    store.start();
    ASSERT_TRUE(store.wait());
    EXPECT_EQ(store.rows(), 2);
}

TEST(Applier, RefusesTablesThatAreAheadOfTheLedger) {
    Store store;
    store.append(1);
    store.start();
    ASSERT_TRUE(store.wait());
    ASSERT_TRUE(store.database->connect().value()->execute("UPDATE applied SET size = 5"));
    store.stop();
    EXPECT_EQ(store.try_start().error().code, ErrorCode::corrupt);
}

// Before anything is written to them: the sentence says what mends it.
TEST(Applier, RefusesTablesOfAnotherVersion) {
    for (const char* damage :
         {"ALTER TABLE seen DROP COLUMN number", "ALTER TABLE seen ALTER number TYPE VARCHAR", "DROP TABLE seen"}) {
        Store store;
        store.append(2);
        store.start();
        ASSERT_TRUE(store.wait());
        store.applier.reset();
        ASSERT_TRUE(store.database->connect().value()->execute(damage)) << damage;
        store.stop();
        const auto refused = store.try_start();
        ASSERT_FALSE(refused) << damage;
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported) << damage;
        EXPECT_NE(refused.error().message.find("gongzhi rebuild"), std::string::npos);
    }
}

TEST(StoreDigest, IsOfTheRowsAndNotOfTheirOrder) {
    const auto digest_of = [](std::string_view sql) {
        const auto database = sql::open_duckdb({}).value();
        const auto connection = database->connect().value();
        EXPECT_TRUE(connection->execute("CREATE SCHEMA s; CREATE TABLE s.t(a BIGINT, b VARCHAR)"));
        EXPECT_TRUE(connection->execute(sql));
        return store_digest(*connection).value();
    };
    const Digest digest = digest_of("INSERT INTO s.t VALUES (1, 'x'), (2, NULL)");
    EXPECT_EQ(digest_of("INSERT INTO s.t VALUES (2, NULL), (1, 'x')"), digest);
    EXPECT_NE(digest_of("INSERT INTO s.t VALUES (2, NULL), (1, 'y')"), digest);
    EXPECT_NE(digest_of("INSERT INTO s.t VALUES (2, ''), (1, 'x')"), digest);
    EXPECT_NE(digest_of("INSERT INTO s.t VALUES (1, 'x')"), digest);
}

}  // namespace
}  // namespace gongzhi::tables
