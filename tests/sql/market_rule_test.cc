// The price rule over the sample market: every planted case found, nothing else.
#include <gtest/gtest.h>

#include "market/market.h"
#include "pack/pack.h"
#include "supervision/runner.h"

namespace gongzhi::supervision {
namespace {

constexpr std::string_view kParty = "platform-a";

// Appends rows by column name: what is not named stays NULL.
class StoreWriter {
public:
    StoreWriter(sql::Connection& connection, const Catalogue& catalogue, const std::string& table)
        : columns_(find_table(catalogue, table)->columns), appender_(*connection.appender("store", table)) {}

    void row(const std::map<std::string, sql::Value>& values) {
        appender_->append_int64(0);
        appender_->append_null();
        for (const CatalogueColumn& column : columns_) {
            const auto found = values.find(column.name);
            append(column.name == "party"  ? sql::Value(std::string(kParty))
                   : found == values.end() ? sql::Value(sql::Null{})
                                           : found->second);
        }
        ASSERT_TRUE(appender_->end_row());
    }
    void finish() { ASSERT_TRUE(appender_->flush()); }

private:
    void append(const sql::Value& value) {
        if (const auto* text = std::get_if<std::string>(&value))
            appender_->append_text(*text);
        else if (const auto* number = std::get_if<int64_t>(&value))
            appender_->append_int64(*number);
        else if (const auto* flag = std::get_if<bool>(&value))
            appender_->append_bool(*flag);
        else if (const auto* date = std::get_if<CivilDate>(&value))
            appender_->append_date(*date);
        else if (const auto* time = std::get_if<UtcTime>(&value))
            appender_->append_timestamp(*time);
        else
            appender_->append_null();
    }
    const std::vector<CatalogueColumn>& columns_;
    std::unique_ptr<sql::Appender> appender_;
};

sql::Value optional_value(const auto& value) { return value ? sql::Value(*value) : sql::Value(sql::Null{}); }

void load_market(sql::Connection& connection, const Catalogue& catalogue, const market::Market& market) {
    for (const std::string& statement : store_statements(catalogue, {})) ASSERT_TRUE(connection.execute(statement));
    StoreWriter offers(connection, catalogue, "offer"), sales(connection, catalogue, "sale"),
        coverage(connection, catalogue, "coverage");
    for (const market::Offer& offer : market.offers)
        offers.row({{"record_id", offer.offer_id},
                    {"shop", offer.shop},
                    {"listing", offer.listing},
                    {"offer_id", offer.offer_id},
                    {"from_time", market::utc_of(offer.from)},
                    {"from_date", offer.from.day},
                    {"price_minor", offer.price_minor},
                    {"price_currency", std::string("CNY")},
                    {"reference_price_minor", optional_value(offer.reference_price_minor)},
                    {"reference_price_currency", std::string("CNY")},
                    {"reference_detail_marked", optional_value(offer.reference_detail_marked)}});
    for (const market::Sale& sale : market.sales)
        sales.row({{"record_id", sale.sale_id},
                   {"shop", sale.shop},
                   {"listing", sale.listing},
                   {"sale_id", sale.sale_id},
                   {"sale_time", market::utc_of(sale.at)},
                   {"sale_date", sale.at.day},
                   {"quantity", sale.quantity},
                   {"price_minor", sale.price_minor},
                   {"price_currency", sale.currency}});
    for (const market::Coverage& one : market.coverage)
        coverage.row({{"record_id", one.record_type + "/" + one.shop},
                      {"record_type", one.record_type},
                      {"shop", one.shop},
                      {"from_date", one.from},
                      {"until_date", one.until}});
    offers.finish();
    sales.finish();
    coverage.finish();
}

void check_market(uint64_t seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn");
    const Catalogue catalogue = catalogue_of(pack->records());
    auto linter = Linter::make(catalogue);
    const auto rule =
        compile_rule(*read_rule_folder(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn/rules/price-reference"),
                     pack->records(), *linter);
    ASSERT_TRUE(rule) << rule.error().describe();
    const auto database = *sql::open_duckdb({});
    const auto connection = *database->connect();
    const market::Market market = *market::generate({.seed = seed});
    load_market(*connection, catalogue, market);
    const auto run = run_rule(*connection, catalogue, *rule, {}, EntryIndex(0));
    ASSERT_TRUE(run) << run.error().describe();

    std::map<std::string, std::string> found;
    for (size_t row = 0; row < run->result.rows.size(); ++row)
        found[sql::text_of(run->result.at(row, "offer_ref"))] = sql::text_of(run->result.at(row, "verdict"));
    size_t missed = 0, expected = 0;
    for (const market::Answer& answer : market.answers) {
        const auto at = found.find(answer.offer_id);
        const std::string verdict = at == found.end() ? "clear" : at->second;
        EXPECT_EQ(verdict, answer.verdict) << answer.kind;
        missed += verdict != answer.verdict;
        expected += answer.verdict != "clear";
    }
    EXPECT_EQ(missed, 0u);
    EXPECT_EQ(found.size(), expected) << "an offer that nobody planted is accused";
}

TEST(MarketRule, EveryPlantedCaseIsFoundAndNothingElse) {
    for (const uint64_t seed : {market::MarketOptions{}.seed, uint64_t{1}, uint64_t{2}}) check_market(seed);
}

}  // namespace
}  // namespace gongzhi::supervision
