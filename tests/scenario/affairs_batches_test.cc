// However a history is cut into batches, the tables are the same; and the queue, each rule's precision and the cockpit's
// figures are what joins over all findings, reviews and cases give.
#include <gtest/gtest.h>

#include <random>

#include "accountability/cockpit.h"
#include "affairs_history.h"
#include "casework/cases_handler.h"
#include "sql/canonical.h"
#include "supervision/findings_handler.h"
#include "supervision/review.h"

namespace gongzhi::scenario {
namespace {

constexpr size_t kOperations = 1'200;

constexpr std::string_view kQueue = "SELECT * FROM finding_queue", kPrecision = "SELECT * FROM rule_precision";
constexpr std::string_view kNaiveQueue =
    "SELECT f.party, f.shop, f.subject, f.region, count(*) AS findings, "
    "count(*) FILTER (WHERE f.verdict = 'suspect') AS suspect, string_agg(DISTINCT f.rule, ',' ORDER BY f.rule) AS rules, "
    "min(f.accepted_time) AS first_time, max(f.accepted_time) AS last_time, min(f.finding_id) AS finding_id "
    "FROM finding f WHERE f.verdict <> 'refused' "
    "AND NOT EXISTS (SELECT 1 FROM finding_review r WHERE r.finding_id = f.finding_id) "
    "AND NOT EXISTS (SELECT 1 FROM supervision_case c WHERE c.finding_id = f.finding_id) "
    "GROUP BY f.party, f.shop, f.subject, f.region";
constexpr std::string_view kNaivePrecision =
    "SELECT rule, count(*) FILTER (WHERE confirmed) AS confirmed, count(*) FILTER (WHERE dismissed) AS dismissed, "
    "count(*) AS findings FROM (SELECT f.rule, coalesce(r.outcome = 'dismissed', false) AS dismissed, "
    "coalesce(r.outcome = 'confirmed', c.case_id IS NOT NULL) AS confirmed "
    "FROM finding f LEFT JOIN finding_review r ON r.finding_id = f.finding_id "
    "LEFT JOIN supervision_case c ON c.finding_id = f.finding_id WHERE f.verdict <> 'refused') GROUP BY rule";
constexpr std::string_view kNaiveTotals =
    "SELECT count(*), count(*) FILTER (WHERE r.outcome = 'confirmed' OR (r.outcome IS NULL AND c.case_id IS NOT NULL)), "
    "count(*) FILTER (WHERE r.outcome = 'dismissed') FROM finding f "
    "LEFT JOIN finding_review r ON r.finding_id = f.finding_id "
    "LEFT JOIN supervision_case c ON c.finding_id = f.finding_id WHERE f.verdict <> 'refused'";

// The handlers over a store of their own, without an applier's thread: the test cuts the batches.
class Store {
public:
    explicit Store(ledger::Ledger& ledger) : findings_(ledger), cases_(ledger) {
        for (tables::Handler* handler : handlers()) EXPECT_TRUE(handler->create(*connection_));
    }

    void apply(std::span<const ledger::Entry> batch) {
        auto transaction = sql::Transaction::begin(*connection_).value();
        for (tables::Handler* handler : handlers()) {
            std::vector<ledger::Entry> taken;
            for (const ledger::Entry& entry : batch)
                if (handler->takes(entry.kind)) taken.push_back(entry);
            const Status applied = taken.empty() ? Status() : handler->apply(taken, *connection_);
            ASSERT_TRUE(applied) << applied.error().describe() << " " << connection_->diagnosis();
        }
        ASSERT_TRUE(transaction.commit());
    }
    Digest digest() { return tables::store_digest(*connection_).value(); }
    sql::Table rows(std::string_view sql) {
        auto table = connection_->query(sql);
        EXPECT_TRUE(table) << connection_->diagnosis();
        if (table) sql::sort_rows(*table);
        return table.value_or(sql::Table{});
    }
    sql::Connection& connection() { return *connection_; }

private:
    std::vector<tables::Handler*> handlers() { return {&findings_, &cases_, &reviews_}; }

    supervision::FindingsHandler findings_;
    casework::CasesHandler cases_;
    supervision::ReviewsHandler reviews_;
    std::unique_ptr<sql::Database> database_ = sql::open_duckdb({}).value();
    std::unique_ptr<sql::Connection> connection_ = database_->connect().value();
};

void expect_equal_to_the_joins(Store& store, const access::Units& units) {
    EXPECT_EQ(sql::canonical_encoding(store.rows(kQueue)), sql::canonical_encoding(store.rows(kNaiveQueue)));
    EXPECT_EQ(sql::canonical_encoding(store.rows(kPrecision)), sql::canonical_encoding(store.rows(kNaivePrecision)));
    const auto cockpit = accountability::cockpit("", UtcTime(0), units, store.connection());
    ASSERT_TRUE(cockpit) << store.connection().diagnosis();
    const sql::Row totals = store.rows(kNaiveTotals).rows.at(0);
    for (size_t i = 0; i < 3; ++i)
        EXPECT_EQ(cockpit->total.figures[i], sql::integer_of(totals[i])) << accountability::kFigures[i];
}

uint64_t seed_of_this_run() {
    const char* given = std::getenv("GONGZHI_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

TEST(AffairsBatches, HoweverAHistoryIsCutTheTablesAreTheSame) {
    const uint64_t seed = seed_of_this_run();
    std::printf("seed %llu; rerun: GONGZHI_SEED=%llu scenario_test --gtest_filter=AffairsBatches.*\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
    AffairsHistory history(seed);
    history.run(kOperations);
    for (const auto& [operation, times] : history.done()) EXPECT_GT(times, 0u) << "never exercised: " << operation;
    const std::vector<ledger::Entry> entries = history.entries();
    const std::span all(entries);
    const access::Units units(history.ledger().journal());

    Store one_by_one(history.ledger()), at_once(history.ledger()), cut(history.ledger());
    for (size_t i = 0; i < all.size(); ++i) one_by_one.apply(all.subspan(i, 1));
    at_once.apply(all);
    SeededRandom random(seed + 1);
    for (size_t from = 0; from < all.size();) {
        const size_t size = std::min<size_t>(1 + random.below(90), all.size() - from);
        cut.apply(all.subspan(from, size));
        expect_equal_to_the_joins(cut, units);
        ASSERT_FALSE(HasFailure()) << "after the entries from " << from << " to " << from + size;
        from += size;
    }
    EXPECT_EQ(at_once.digest(), one_by_one.digest());
    EXPECT_EQ(cut.digest(), one_by_one.digest());
    expect_equal_to_the_joins(at_once, units);
    EXPECT_GT(one_by_one.rows(kQueue).rows.size(), 0u) << "nothing waits: the history says too little";
}

}  // namespace
}  // namespace gongzhi::scenario
