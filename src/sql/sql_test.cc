#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "sql/canonical.h"
#include "sql/database.h"
#include "sql/reader_pool.h"
#include "testing/temp_folder.h"

namespace gongzhi::sql {
namespace {

using namespace std::string_literals;

struct Opened {
    std::unique_ptr<Database> database;
    std::unique_ptr<Connection> connection;
};

Opened open_memory(DatabaseOptions options = {}) {
    auto database = open_duckdb({}, options);
    EXPECT_TRUE(database) << database.error().describe();
    auto connection = (*database)->connect();
    EXPECT_TRUE(connection) << connection.error().describe();
    return {*std::move(database), *std::move(connection)};
}

void run(Connection& connection, std::string_view sql) {
    const Status status = connection.execute(sql);
    ASSERT_TRUE(status) << status.error().describe() << " " << connection.diagnosis();
}

Table must_query(Connection& connection, std::string_view sql, const Parameters& parameters = {}) {
    auto table = connection.query(sql, parameters);
    EXPECT_TRUE(table) << table.error().describe() << " " << connection.diagnosis();
    return table.value_or(Table{});
}

ErrorCode code_of(Connection& connection, std::string_view sql) {
    const auto table = connection.query(sql);
    EXPECT_FALSE(table) << sql;
    return table ? ErrorCode::internal : table.error().code;
}

TEST(Sql, EveryTypeMakesTheRoundTripAsAParameter) {
    auto [database, connection] = open_memory();
    const Int128 wide = static_cast<Int128>(INT64_MAX) * 1000 + 7;
    const Row values = {Null{},
                        true,
                        int64_t{INT64_MIN},
                        HugeInt{-wide},
                        Decimal{-12345, 3},
                        "共治 '\0x"s,
                        *parse_date("0001-01-01"),
                        *parse_utc("2026-03-01T23:59:59.999999Z")};
    const Table table =
        must_query(*connection,
                   "SELECT $1::BIGINT a, $2::BOOLEAN b, $3::BIGINT c, $4::HUGEINT d, $5::DECIMAL(20,3) e, "
                   "$6::VARCHAR f, $7::DATE g, $8::TIMESTAMP h",
                   values);
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(table.rows[0], values);
    EXPECT_EQ(table.columns[4], (Column{"e", SqlType::decimal, 3}));
    EXPECT_EQ(table.columns[0].type, SqlType::integer);
}

TEST(Sql, NarrowIntegersSumsAndCountsAreRead) {
    auto [database, connection] = open_memory();
    const Table table = must_query(
        *connection,
        "SELECT (-7)::TINYINT a, 300::SMALLINT b, 70000::INTEGER c, 255::UTINYINT d, "
        "18446744073709551615::UBIGINT e, sum(x) f, count(*) g, 1.50 h, NULL i FROM (VALUES (1::BIGINT), (2)) t(x)");
    const Row& row = table.rows.at(0);
    EXPECT_EQ(integer_of(row[0]), -7);
    EXPECT_EQ(integer_of(row[1]), 300);
    EXPECT_EQ(integer_of(row[2]), 70000);
    EXPECT_EQ(integer_of(row[3]), 255);
    EXPECT_EQ(std::get<HugeInt>(row[4]).value, static_cast<Int128>(UINT64_MAX));
    EXPECT_EQ(integer_of(row[5]), 3);
    EXPECT_EQ(integer_of(row[6]), 2);
    EXPECT_EQ(std::get<Decimal>(row[7]), (Decimal{150, 2}));
    EXPECT_TRUE(is_null(row[8]));
}

TEST(Sql, FloatingNumbersIntervalsAndNestedTypesAreRefused) {
    auto [database, connection] = open_memory();
    for (const char* sql : {"SELECT 1.5::DOUBLE", "SELECT 1::FLOAT", "SELECT INTERVAL 1 DAY", "SELECT [1]",
                            "SELECT {'a': 1}", "SELECT now()", "SELECT 'a'::BLOB"})
        EXPECT_EQ(code_of(*connection, sql), ErrorCode::unsupported) << sql;
}

TEST(Sql, ErrorsTellTheKindAndHideTheText) {
    auto [database, connection] = open_memory();
    run(*connection, "CREATE TABLE secret_table(x BIGINT NOT NULL)");
    const std::pair<const char*, ErrorCode> cases[] = {
        {"SELEC 1", ErrorCode::rejected},
        {"SELECT secret_column FROM secret_table", ErrorCode::rejected},
        {"SELECT 'secret'::BIGINT", ErrorCode::rejected},
        {"INSERT INTO secret_table VALUES (NULL)", ErrorCode::conflict},
        {"SELECT 9223372036854775807::BIGINT + 1::BIGINT AS secret", ErrorCode::rejected},
    };
    for (const auto& [sql, code] : cases) {
        const auto table = connection->query(sql);
        ASSERT_FALSE(table) << sql;
        EXPECT_EQ(table.error().code, code) << sql;
        EXPECT_EQ(table.error().describe().find("secret"), std::string::npos) << table.error().describe();
        EXPECT_FALSE(connection->diagnosis().empty());
    }
    EXPECT_EQ(connection->query("SELECT $1::BIGINT", {}).error().code, ErrorCode::rejected);
}

TEST(Sql, ATransactionRollsBackUnlessCommitted) {
    auto [database, connection] = open_memory();
    run(*connection, "CREATE TABLE t(x BIGINT)");
    {
        auto transaction = Transaction::begin(*connection);
        ASSERT_TRUE(transaction);
        EXPECT_EQ(connection->change("INSERT INTO t VALUES ($1), ($2)", {int64_t{1}, int64_t{2}}).value_or(0), 2);
    }
    EXPECT_EQ(integer_of(must_query(*connection, "SELECT count(*) AS n FROM t").at(0, "n")), 0);
    auto transaction = Transaction::begin(*connection);
    ASSERT_TRUE(connection->change("INSERT INTO t VALUES (7)"));
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(integer_of(must_query(*connection, "SELECT x FROM t").rows.at(0).at(0)), 7);
}

TEST(Sql, APreparedStatementRunsAgainAfterAnError) {
    auto [database, connection] = open_memory();
    auto statement = connection->prepare("SELECT idiv($1::BIGINT, 2) + 9223372036854775800 AS x");
    ASSERT_TRUE(statement) << connection->diagnosis();
    EXPECT_EQ((*statement)->query({int64_t{100}}).error().code, ErrorCode::rejected);
    EXPECT_EQ(integer_of((*statement)->query({int64_t{4}}).value().rows.at(0).at(0)), 9223372036854775802);
}

// The same texts over tables that change meanwhile, also through another connection: a plan that was kept would be stale.
TEST(Sql, ARepeatedTextSeesTheTableAsItIs) {
    auto [database, connection] = open_memory();
    const auto other = database->connect().value();
    run(*connection, "CREATE TABLE t(x BIGINT)");
    EXPECT_EQ(must_query(*connection, "SELECT * FROM t").columns.size(), 1u);
    run(*other, "ALTER TABLE t ADD COLUMN y VARCHAR DEFAULT 'new'");
    run(*other, "INSERT INTO t VALUES (1, 'a')");
    EXPECT_EQ(must_query(*connection, "SELECT * FROM t").columns.size(), 2u);
    run(*other, "DROP TABLE t");
    EXPECT_EQ(code_of(*connection, "SELECT * FROM t"), ErrorCode::rejected);
    run(*other, "CREATE TABLE t(z VARCHAR)");
    EXPECT_EQ(must_query(*connection, "SELECT * FROM t").columns.at(0).name, "z");
    // The same text with parameters of other types, and more texts than are kept.
    EXPECT_EQ(must_query(*connection, "SELECT $1 AS v", {int64_t{1}}).rows.size(), 1u);
    EXPECT_EQ(text_of(must_query(*connection, "SELECT $1 AS v", {"one"s}).rows.at(0).at(0)), "one");
    // What a plan by the statistics of an empty table, or of small numbers, would get wrong.
    run(*other, "CREATE TABLE u(d VARCHAR, n BIGINT)");
    const char* filtered = "SELECT n FROM u WHERE d = 'sent'";
    const char* sorted = "SELECT n FROM u ORDER BY n DESC";
    EXPECT_TRUE(must_query(*connection, filtered).rows.empty() && must_query(*connection, sorted).rows.empty());
    run(*other, "INSERT INTO u VALUES ('sent', 1)");
    EXPECT_EQ(must_query(*connection, filtered).rows.size(), 1u);
    EXPECT_EQ(must_query(*connection, sorted).rows.size(), 1u);
    run(*other, "INSERT INTO u SELECT 'sent', 10000000000000 + range FROM range(5000)");
    EXPECT_EQ(integer_of(must_query(*connection, sorted).rows.at(0).at(0)), 10000000004999);
    for (int i = 0; i < 300; ++i)
        ASSERT_EQ(connection->change("INSERT INTO u VALUES ($1, $2)", {"kept"s, int64_t{i}}).value_or(0), 1);
    EXPECT_EQ(must_query(*connection, "SELECT n FROM u WHERE d = 'kept'").rows.size(), 300u);
    for (int i = 0; i < 300; ++i)
        EXPECT_EQ(integer_of(must_query(*connection, fmt::format("SELECT {}::BIGINT AS n", i)).rows.at(0).at(0)), i);
}

TEST(ReaderPool, ALentConnectionComesBackAndSeesWhatWasWritten) {
    auto [database, connection] = open_memory();
    run(*connection, "CREATE TABLE t(x BIGINT)");
    ReaderPool pool(*database);
    const auto count = [](Connection& reader) {
        return integer_of(must_query(reader, "SELECT count(*) AS n FROM t").rows.at(0).at(0));
    };
    const auto first = pool.take().value();
    EXPECT_EQ(count(*first), 0);
    run(*connection, "INSERT INTO t VALUES (1)");
    EXPECT_EQ(count(*pool.take().value()), 1);
    EXPECT_EQ(count(*first), 1);
    std::vector<std::jthread> readers;
    for (int i = 0; i < 8; ++i)
        readers.emplace_back([&] {
            for (int k = 0; k < 50; ++k) EXPECT_EQ(count(*pool.take().value()), 1);
        });
}

TEST(Sql, IdivCutsTowardZeroAndIsNullForZero) {
    auto [database, connection] = open_memory();
    const Table table = must_query(*connection,
                                   "SELECT idiv(7, 2) a, idiv(-7, 2) b, idiv(7, -2) c, idiv(7, 0) d, idiv(NULL, 2) e, "
                                   "idiv(7::HUGEINT, 2::HUGEINT) f, idiv(1, NULL) g");
    const Row& row = table.rows.at(0);
    EXPECT_EQ(integer_of(row[0]), 3);
    EXPECT_EQ(integer_of(row[1]), -3);
    EXPECT_EQ(integer_of(row[2]), -3);
    EXPECT_TRUE(is_null(row[3]) && is_null(row[4]) && is_null(row[6]));
    EXPECT_EQ(integer_of(row[5]), 3);
}

TEST(Sql, AStreamGivesEveryRowInPieces) {
    auto [database, connection] = open_memory();
    auto stream = connection->stream("SELECT i FROM range($1) t(i) ORDER BY i", {int64_t{10'000}});
    ASSERT_TRUE(stream) << connection->diagnosis();
    std::vector<Row> batch;
    int64_t expected = 0;
    size_t pieces = 0;
    do {
        ASSERT_TRUE((*stream)->next(batch));
        for (const Row& row : batch) ASSERT_EQ(integer_of(row.at(0)), expected++);
        ++pieces;
    } while (!batch.empty());
    EXPECT_EQ(expected, 10'000);
    EXPECT_GT(pieces, 3u);
}

TEST(Sql, AnErrorInTheMiddleOfAStreamIsReported) {
    auto [database, connection] = open_memory();
    auto stream = connection->stream("SELECT (9223372036854775807 - 5000::BIGINT) + i FROM range(10000) t(i)");
    Status status;
    std::vector<Row> batch;
    if (stream) do
            status = (*stream)->next(batch);
        while (status && !batch.empty());
    EXPECT_TRUE(!stream || !status) << "the overflow was swallowed";
}

TEST(Sql, InterruptEndsALongQueryAndTheConnectionWorksOn) {
    auto [database, connection] = open_memory();
    std::jthread stopper([&, raw = connection.get()](std::stop_token stop) {
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            raw->interrupt();
        }
    });
    EXPECT_EQ(code_of(*connection,
                      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"),
              ErrorCode::timeout);
    stopper.request_stop();
    stopper.join();
    EXPECT_EQ(must_query(*connection, "SELECT 1").rows.size(), 1u);
}

TEST(Sql, TheMemoryLimitIsAnErrorAndTheConnectionWorksOn) {
    auto [database, connection] = open_memory({.threads = 1, .memory_limit_mb = 48});
    EXPECT_EQ(
        code_of(
            *connection,
            "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS x FROM range(20000000) t(i) ORDER BY x) WHERE x > 'a'"),
        ErrorCode::busy);
    EXPECT_EQ(integer_of(must_query(*connection, "SELECT count(*) FROM range(1000)").rows.at(0).at(0)), 1000);
}

TEST(Sql, NothingOutsideTheDatabaseIsReached) {
    const testing::TempFolder folder;
    const auto file = folder.path() / "outside.csv";
    std::ofstream(file) << "a,b\n1,2\n";
    auto [database, connection] = open_memory();
    for (const std::string& sql : {
             fmt::format("SELECT * FROM read_csv('{}')", file.string()),
             fmt::format("SELECT * FROM '{}'", file.string()),
             fmt::format("SELECT * FROM read_text('{}')", file.string()),
             fmt::format("SELECT * FROM glob('{}/*')", folder.path().string()),
             fmt::format("COPY (SELECT 1) TO '{}'", (folder.path() / "out.csv").string()),
             fmt::format("ATTACH '{}'", (folder.path() / "other.db").string()),
             std::string("INSTALL httpfs"),
             std::string("LOAD httpfs"),
             std::string("SELECT * FROM read_csv('https://example.invalid/a.csv')"),
             fmt::format("EXPORT DATABASE '{}'", (folder.path() / "dump").string()),
         }) {
        const auto table = connection->query(sql);
        EXPECT_FALSE(table) << sql;
    }
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out.csv"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "other.db"));
    EXPECT_EQ(code_of(*connection, fmt::format("SELECT * FROM read_csv('{}')", file.string())), ErrorCode::forbidden);
}

TEST(Sql, TheExportFolderIsTheOnlyPlaceToWrite) {
    const testing::TempFolder folder;
    std::filesystem::create_directories(folder.path() / "export");
    auto [database, connection] = open_memory({.export_folder = folder.path() / "export"});
    run(*connection, fmt::format("COPY (SELECT 1 AS x) TO '{}'", (folder.path() / "export/a.csv").string()));
    EXPECT_FALSE(connection->execute(fmt::format("COPY (SELECT 1) TO '{}'", (folder.path() / "b.csv").string())));
    EXPECT_FALSE(
        connection->execute(fmt::format("COPY (SELECT 1) TO '{}'", (folder.path() / "export/../c.csv").string())));
}

TEST(Sql, SettingsAreLocked) {
    auto [database, connection] = open_memory();
    for (const char* sql : {"SET enable_external_access = true", "SET memory_limit = '100GB'", "SET threads = 64",
                            "PRAGMA threads = 64", "RESET lock_configuration", "SET lock_configuration = false",
                            "SET temp_directory = '/tmp'", "SET allowed_directories = ['/']"})
        EXPECT_FALSE(connection->execute(sql)) << sql;
}

TEST(Sql, AFileIsOpenedOnceInAProcess) {
    const testing::TempFolder folder;
    const auto file = folder.path() / "tables.duckdb";
    {
        auto first = open_duckdb(file);
        ASSERT_TRUE(first) << first.error().describe();
        auto connection = (*first)->connect();
        run(**connection, "CREATE TABLE t AS SELECT 42::BIGINT AS x");
        EXPECT_EQ(open_duckdb(folder.path() / "." / "tables.duckdb").error().code, ErrorCode::conflict);
    }
    auto again = open_duckdb(file);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(integer_of(must_query(**(*again)->connect(), "SELECT x FROM t").rows.at(0).at(0)), 42);
}

TEST(Sql, AFileThatIsNoDatabaseIsAnError) {
    const testing::TempFolder folder;
    const auto file = folder.path() / "broken.duckdb";
    std::ofstream(file) << std::string(9000, 'x');
    EXPECT_FALSE(open_duckdb(file));
    std::filesystem::remove(file);
    EXPECT_TRUE(open_duckdb(file)) << "the failed open kept its claim";
}

TEST(Sql, TheAppenderStoresEveryTypeAndDropsABadRow) {
    auto [database, connection] = open_memory();
    run(*connection,
        "CREATE SCHEMA store; CREATE TABLE store.t(a BIGINT, b INTEGER, c BOOLEAN, d VARCHAR, e DATE, f TIMESTAMP)");
    auto appender = connection->appender("store", "t");
    ASSERT_TRUE(appender) << connection->diagnosis();
    const int64_t rows = 5000;
    for (int64_t i = 0; i < rows; ++i) {
        if (i % 1000 == 999) {  // too short, wrong type, too wide
            (*appender)->append_null();
            (*appender)->append_text("x");
            EXPECT_EQ((*appender)->end_row().error().code, ErrorCode::rejected);
            (*appender)->append_int64(1);
            EXPECT_EQ((*appender)->end_row().error().code, ErrorCode::rejected);
        }
        (*appender)->append_int64(i);
        if (i % 3 == 0)
            (*appender)->append_null();
        else
            (*appender)->append_int64(-i);
        (*appender)->append_bool(i % 2 == 0);
        (*appender)->append_text(i % 2 ? "短" : "a text that is longer than the twelve bytes kept in place");
        (*appender)->append_date(CivilDate(static_cast<int32_t>(i)));
        (*appender)->append_timestamp(UtcTime(i));
        ASSERT_TRUE((*appender)->end_row());
    }
    ASSERT_TRUE((*appender)->flush()) << connection->diagnosis();
    const Table table = must_query(*connection, "SELECT a, b, c, d, e, f FROM store.t ORDER BY a NULLS FIRST");
    ASSERT_EQ(table.rows.size(), static_cast<size_t>(rows));
    for (int64_t i = 0; i < rows; ++i) {
        const Row& row = table.rows[static_cast<size_t>(i)];
        ASSERT_EQ(integer_of(row[0]), i);
        ASSERT_EQ(is_null(row[1]), i % 3 == 0);
        ASSERT_EQ(boolean_of(row[2]), i % 2 == 0);
        ASSERT_EQ(text_of(row[3]).size(), i % 2 ? 3u : 57u);
        ASSERT_EQ(date_of(row[4]).value, i);
        ASSERT_EQ(time_of(row[5]).value, i);
    }
    EXPECT_EQ(connection->appender("store", "absent").error().code, ErrorCode::rejected);
}

TEST(Sql, ARolledBackAppendLeavesNothing) {
    auto [database, connection] = open_memory();
    run(*connection, "CREATE TABLE t(x BIGINT NOT NULL)");
    {
        auto transaction = Transaction::begin(*connection);
        auto appender = connection->appender("main", "t");
        for (int i = 0; i < 3000; ++i) {
            (*appender)->append_int64(i);
            ASSERT_TRUE((*appender)->end_row());
        }
        ASSERT_TRUE((*appender)->flush());
    }
    EXPECT_EQ(must_query(*connection, "SELECT x FROM t").rows.size(), 0u);
}

TEST(Sql, TheAppenderReportsABrokenConstraint) {
    auto [database, connection] = open_memory();
    run(*connection, "CREATE TABLE t(x BIGINT NOT NULL)");
    auto appender = connection->appender("main", "t");
    (*appender)->append_null();
    ASSERT_TRUE((*appender)->end_row());
    EXPECT_EQ((*appender)->flush().error().code, ErrorCode::conflict);
}

TEST(Canonical, WidthAndSpellingOfNumbersDoNotMatter) {
    const Table narrow{{{"x", SqlType::integer, 0}}, {{int64_t{150}}, {int64_t{0}}, {int64_t{-3}}}};
    const Table wide{{{"x", SqlType::decimal, 2}}, {{Decimal{15000, 2}}, {Decimal{0, 5}}, {HugeInt{-3}}}};
    EXPECT_EQ(canonical_encoding(narrow), canonical_encoding(wide));
    EXPECT_NE(canonical_encoding(narrow),
              canonical_encoding(Table{{{"x", SqlType::integer, 0}}, {{int64_t{150}}, {false}, {int64_t{-3}}}}));
}

TEST(Canonical, DecimalTextHasOneSpelling) {
    EXPECT_EQ(decimal_text(0, 0), "0");
    EXPECT_EQ(decimal_text(0, 3), "0");
    EXPECT_EQ(decimal_text(5, 3), "0.005");
    EXPECT_EQ(decimal_text(-1500, 3), "-1.5");
    EXPECT_EQ(decimal_text(100, 0), "100");
    EXPECT_EQ(decimal_text(100, 2), "1");
    const Int128 lowest = static_cast<Int128>(1) << 126;
    EXPECT_EQ(decimal_text(-lowest - lowest, 0), "-170141183460469231731687303715884105728");
}

TEST(Canonical, KnownBytes) {
    Table table{{{"a", SqlType::text, 0}, {"b", SqlType::date, 0}},
                {{std::string("x"), CivilDate(1)}, {Null{}, Null{}}}};
    const std::string expected = "\0\0\0\2\0\0\0\1a\0\0\0\1b\0\0\0\2t\0\0\0\1xd\0\0\0\0\0\0\0\1zz"s;
    EXPECT_EQ(canonical_encoding(table), expected);
    std::swap(table.rows[0], table.rows[1]);
    sort_rows(table);
    EXPECT_EQ(canonical_encoding(table), expected);
}

}  // namespace
}  // namespace gongzhi::sql
