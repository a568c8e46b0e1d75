#include "accountability/deadlines.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temp_folder.h"

namespace gongzhi::accountability {
namespace {

constexpr int kZone = 480;

struct Affairs {
    std::unique_ptr<sql::Database> database = sql::open_duckdb({}).value();
    std::unique_ptr<sql::Connection> connection = database->connect().value();
    std::vector<Deadline> deadlines =
        load_deadlines(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value();

    Affairs() {
        EXPECT_TRUE(connection->execute("CREATE TABLE party(party VARCHAR, role VARCHAR, admitted_time TIMESTAMP)"));
        EXPECT_TRUE(connection->execute(
            "CREATE TABLE submission(party VARCHAR, record_type VARCHAR, received_time TIMESTAMP)"));
        EXPECT_TRUE(
            connection->execute("INSERT INTO party VALUES ('p', 'platform', '2025-12-20 01:00:00'), "
                                "('q', 'platform', '2026-02-10 01:00:00'), ('a', 'authority', '2025-01-01')"));
    }
    void submit(const std::string& time, const std::string& type = "trader") {
        EXPECT_TRUE(connection->change("INSERT INTO submission VALUES ('p', $1, $2)", {type, parse_utc(time).value()}));
    }
    std::string states(const std::string& now) {
        std::string out;
        const auto dues = dues_as_of(deadlines, parse_utc(now).value(), kZone, *connection).value();
        for (const Due& due : dues)
            out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ", due.party, format_date(due.from),
                               due_state_name(due.state));
        return out;
    }
};

TEST(Deadlines, AreOpenThenMissingUntilSomethingComes) {
    Affairs affairs;
    ASSERT_EQ(affairs.deadlines.size(), 1u);
    EXPECT_EQ(affairs.states("2025-12-28T00:00:00Z"), "");
    EXPECT_EQ(affairs.states("2026-01-31T15:59:59Z"), "p 2026-01-01 open")
        << "the last second of the month in the zone";
    EXPECT_EQ(affairs.states("2026-01-31T16:00:00Z"), "p 2026-01-01 missing");
    affairs.submit("2026-01-20T01:00:00Z", "clue");
    EXPECT_EQ(affairs.states("2026-02-05T00:00:00Z"), "p 2026-01-01 missing") << "another type says nothing";
    affairs.submit("2026-01-31T16:00:00Z");
    EXPECT_EQ(affairs.states("2026-02-05T00:00:00Z"), "p 2026-01-01 late");
    affairs.submit("2026-01-31T15:59:59Z");
    EXPECT_EQ(affairs.states("2026-02-05T00:00:00Z"), "p 2026-01-01 in_time");
    EXPECT_EQ(affairs.states("2026-07-02T00:00:00Z"), "p 2026-01-01 in_time, p 2026-07-01 open, q 2026-07-01 open")
        << "a platform owes nothing for months before it was admitted";
    affairs.submit("2026-08-03T01:00:00Z");
    EXPECT_EQ(affairs.states("2026-09-02T00:00:00Z"), "p 2026-01-01 in_time, p 2026-07-01 late, q 2026-07-01 missing");
}

TEST(Deadlines, RefuseWhatIsOutsideTheirForm) {
    testing::TempFolder folder;
    EXPECT_TRUE(load_deadlines(folder.path()).value().empty());
    for (const char* months : {"[]", "[0]", "[13]", "january", "[x]"}) {
        ASSERT_TRUE(write_file_atomic(
            folder.path() / "deadlines.yaml",
            fmt::format("deadlines:\n  - deadline: d\n    record: trader\n    months: {}\n    zh: 甲\n    en: A\n"
                        "    basis: [{{law: 法, article: 一, version: '1', effective_from: 2020-01-01}}]\n",
                        months)));
        const auto loaded = load_deadlines(folder.path());
        ASSERT_FALSE(loaded) << months;
        EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
    }
}

}  // namespace
}  // namespace gongzhi::accountability
