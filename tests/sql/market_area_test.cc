// The market of two platforms, from its files: each rule finds what was planted for it and nothing else, whatever numbers
// the platforms share; and what the answer key says of registry, deadlines and mended lines is so.
#include <gtest/gtest.h>

#include "base/file.h"
#include "market/area.h"
#include "market_tables.h"
#include "supervision/runner.h"
#include "testing/temp_folder.h"

namespace gongzhi::supervision {
namespace {

const std::filesystem::path kPacks = std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs";

using Verdicts = std::map<std::string, std::string>;  // "party record-id" → verdict

// Runs a rule of the pack; the record that the finding is about is in column `reference`.
Verdicts verdicts_of(const pack::Pack& pack, sql::Connection& connection, const std::string& rule_id,
                     const std::string& reference) {
    const Catalogue catalogue = catalogue_of(pack.records());
    auto linter = Linter::make(catalogue);
    const auto rule = compile_rule(*read_rule_folder(pack.folder() / "rules" / rule_id), pack.records(), *linter);
    EXPECT_TRUE(rule) << rule.error().describe();
    const auto run = run_rule(connection, catalogue, *rule, {}, EntryIndex(0));
    EXPECT_TRUE(run) << run.error().describe() << connection.diagnosis();
    Verdicts verdicts;
    if (!run) return verdicts;
    for (size_t row = 0; row < run->result.rows.size(); ++row) {
        const std::string key =
            sql::text_of(run->result.at(row, "party")) + " " + sql::text_of(run->result.at(row, reference));
        EXPECT_TRUE(verdicts.emplace(key, sql::text_of(run->result.at(row, "verdict"))).second) << key;
    }
    return verdicts;
}

// Missed: planted and not found so; false: found and not planted.
struct Count {
    size_t missed = 0, wrong = 0, planted = 0;
};
Count compare(const Verdicts& found, const Verdicts& expected) {
    Count count;
    for (const auto& [key, verdict] : expected) {
        const auto at = found.find(key);
        const std::string said = at == found.end() ? "clear" : at->second;
        EXPECT_EQ(said, verdict) << key;
        count.missed += said != verdict;
        count.planted += verdict != "clear";
    }
    for (const auto& [key, verdict] : found) {
        const auto at = expected.find(key);
        const bool planted = at != expected.end() && at->second != "clear";
        EXPECT_TRUE(planted) << key << " is accused, and nobody planted it";
        count.wrong += !planted;
    }
    return count;
}

void expect_all_found(const Verdicts& found, const Verdicts& expected, size_t planted_min) {
    const Count count = compare(found, expected);
    EXPECT_EQ(count.missed, 0u);
    EXPECT_EQ(count.wrong, 0u);
    EXPECT_GE(count.planted, planted_min);
}

struct Opened {
    std::unique_ptr<sql::Database> database = *sql::open_duckdb({});
    std::unique_ptr<sql::Connection> connection = *database->connect();
};

const std::pair<const char*, const char*> kFiles[] = {{"traders", "trader"},
                                                      {"offers", "offer"},
                                                      {"sales", "sale"},
                                                      {"coverage", "coverage"},
                                                      {"privacy_notices", "privacy_notice"},
                                                      {"clues", "clue"}};

class MarketArea : public ::testing::TestWithParam<uint64_t> {
protected:
    MarketArea()
        : options_{.first = {.seed = GetParam(), .traders = 120, .listings = 1500, .sales = 20'000}},
          area_(*market::generate_area(options_)) {
        EXPECT_TRUE(market::write_area(area_, folder_.path()));
    }

    const testing::TempFolder folder_;
    const market::AreaOptions options_;
    const market::Area area_;
    const pack::Pack cn_ = *pack::Pack::load(kPacks / "cn");
};

TEST_P(MarketArea, TheRulesOverBothPlatformsFindWhatWasPlantedAndNothingElse) {
    Opened records;
    testing::MarketTables tables(cn_, *records.connection);
    Verdicts prices, notices;
    for (const auto& [party, platform, below] :
         {std::tuple{"platform-a", &area_.first, ""}, {"platform-b", &area_.second, "second"}}) {
        for (const auto& [file, type] : kFiles)
            EXPECT_GT(tables.load(party, folder_.path() / below / (std::string(file) + ".ndjson"), type), 0u) << file;
        for (const market::Answer& answer : platform->market.answers)
            prices[fmt::format("{} {}/{}", party, answer.shop, answer.offer_id)] = answer.verdict;
        for (const market::NoticeItem& notice : platform->notices)
            notices[fmt::format("{} {}", party, notice.record_id())] = notice.verdict;
    }
    const auto mixed_up = records.connection->query(
        "SELECT count(*) FROM store.offer o JOIN store.sale s ON s.shop = o.shop AND s.listing = o.listing AND s.party <> o.party "
        "WHERE s.sale_date < o.from_date AND s.sale_date >= o.from_date - 7 AND o.reference_price_minor > s.price_minor");
    EXPECT_GT(sql::integer_of(mixed_up.value().rows.at(0).at(0)), 5) << "numbers that coincide tempt nobody";
    expect_all_found(verdicts_of(cn_, *records.connection, "price-reference", "offer_ref"), prices, 160);
    expect_all_found(verdicts_of(cn_, *records.connection, "collection-beyond-need", "notice_ref"), notices, 16);
}

TEST_P(MarketArea, TheEuropeanRulesFindWhatWasPlantedAndNothingElse) {
    const pack::Pack eu = *pack::Pack::load(kPacks / "eu");
    Opened records;
    testing::MarketTables tables(eu, *records.connection);
    EXPECT_EQ(tables.load("platform-a", folder_.path() / "eu/offers.ndjson", "offer"), area_.reductions.offers.size());
    tables.load("platform-a", folder_.path() / "eu/coverage.ndjson", "coverage");
    std::map<std::string, Verdicts> expected;
    for (const market::ReductionAnswer& answer : area_.reductions.answers)
        expected[answer.rule][fmt::format("platform-a {}/{}", answer.shop, answer.offer_id)] = answer.verdict;
    expect_all_found(verdicts_of(eu, *records.connection, "prior-price", "offer_ref"), expected["prior-price"], 40);
    expect_all_found(verdicts_of(eu, *records.connection, "prior-price-declared", "offer_ref"),
                     expected["prior-price-declared"], 4);
}

// Mended lines and corrections are valid records; what is mended is new, what is corrected was there.
TEST_P(MarketArea, MendedLinesAndCorrectionsAreValid) {
    for (const char* below : {"", "second"}) {
        Opened records;
        testing::MarketTables tables(cn_, *records.connection);
        for (const auto& [file, type] : kFiles)
            tables.load("loaded", folder_.path() / below / (std::string(file) + ".ndjson"), type);
        for (const char* type : {"trader", "offer", "sale"}) {
            const auto ids = [&](const char* party) {
                const auto table = records.connection->query(
                    fmt::format(
                        "SELECT count(DISTINCT x.record_id) FROM store.{0} x JOIN store.{0} y ON y.record_id = x.record_id "
                        "WHERE x.party = $1 AND y.party = 'loaded'",
                        type),
                    {std::string(party)});
                return sql::integer_of(table.value().rows.at(0).at(0));
            };
            EXPECT_GT(tables.load("mended", folder_.path() / below / fmt::format("mended-{}.ndjson", type), type), 5u);
            EXPECT_EQ(ids("mended"), 0) << type << ": a mended line takes the number of another record";
            tables.load("corrected", folder_.path() / below / fmt::format("corrections-{}.ndjson", type), type);
            EXPECT_EQ(ids("corrected"), 3) << type;
        }
    }
}

// The days were counted by hand in the key, and here by the pack's calendar.
TEST_P(MarketArea, CluesAreDueWhenTheKeySays) {
    const pack::RecordType& type = *cn_.record_type("clue");
    ASSERT_TRUE(type.due);
    for (const market::Clue& clue : area_.first.clues) {
        const auto due = cn_.calendar().add_working_days(clue.decision, type.due->working_days);
        ASSERT_TRUE(due) << due.error().describe();
        EXPECT_EQ(format_date(*due), format_date(clue.due)) << clue.timing;
        EXPECT_EQ(clue.submit > *due, clue.late());
        EXPECT_EQ(clue.timing.find("late") != std::string::npos, clue.late()) << clue.timing;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MarketArea, ::testing::Values(market::MarketOptions{}.seed, uint64_t{1}, uint64_t{2}));

}  // namespace
}  // namespace gongzhi::supervision
