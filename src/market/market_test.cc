#include "market/market.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "base/file.h"
#include "crypto/digest.h"
#include "testing/temp_folder.h"

namespace gongzhi::market {
namespace {

Market standard_market() { return *generate(); }

std::map<std::string, Digest> digests(const std::filesystem::path& folder) {
    std::map<std::string, Digest> found;
    for (const auto& item : std::filesystem::directory_iterator(folder))
        found[item.path().filename()] = crypto::sha256(*read_file(item.path()));
    return found;
}

TEST(Market, EqualSeedsGiveEqualBytesAndOthersDoNot) {
    const testing::TempFolder folder;
    MarketOptions options{.seed = 1, .listings = 300, .sales = 3000};
    for (const char* name : {"a", "b"}) ASSERT_TRUE(write_market(*generate(options), folder.path() / name));
    options.seed = 2;
    ASSERT_TRUE(write_market(*generate(options), folder.path() / "c"));
    EXPECT_EQ(digests(folder.path() / "a"), digests(folder.path() / "b"));
    EXPECT_NE(digests(folder.path() / "a"), digests(folder.path() / "c"));
    EXPECT_EQ(digests(folder.path() / "a").size(), 9u);
}

TEST(Market, TheStandardMarketIsLargeAndQuick) {
    const testing::TempFolder folder;
    const auto started = std::chrono::steady_clock::now();
    const Market market = standard_market();
    ASSERT_TRUE(write_market(market, folder.path()));
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started).count();
    std::printf("%zu records in %lld ms\n", market.records(), static_cast<long long>(millis));
    EXPECT_GE(market.records(), 100'000u);
}

TEST(Market, NumbersAreUniqueAndEveryReferenceIsThere) {
    const Market market = standard_market();
    std::set<std::string> traders, shops, offers, sales, coverage;
    for (const Trader& trader : market.traders) {
        EXPECT_TRUE(traders.insert(trader.trader_id).second);
        EXPECT_TRUE(shops.insert(trader.shop).second);
        EXPECT_EQ(trader.kind == "platform", trader.shop.empty());
        EXPECT_EQ(trader.kind == "unregistered", trader.credit_code.empty());
    }
    for (const Offer& offer : market.offers) {
        EXPECT_TRUE(offers.insert(offer.offer_id).second);
        EXPECT_TRUE(shops.contains(offer.shop));
        EXPECT_GT(offer.price_minor, 0);
        EXPECT_TRUE(!offer.until || *offer.until >= offer.from);
    }
    for (const Sale& sale : market.sales) {
        EXPECT_TRUE(sales.insert(sale.sale_id).second);
        EXPECT_GT(sale.price_minor, 0);
        EXPECT_GE(sale.at.day, market.options.start);
        EXPECT_LT(sale.at.day.value, market.options.start.value + market.options.days);
    }
    for (const Coverage& one : market.coverage) EXPECT_TRUE(coverage.insert(one.record_type + one.shop).second);
    for (const Answer& answer : market.answers) EXPECT_TRUE(offers.contains(answer.offer_id));
}

TEST(Market, EveryKindIsPlanted) {
    std::map<std::string, std::map<std::string, int>> kinds;
    for (const Answer& answer : standard_market().answers) ++kinds[answer.verdict][answer.kind];
    EXPECT_EQ(kinds["suspect"].size(), 7u);
    EXPECT_EQ(kinds["clear"].size(), 7u);
    EXPECT_EQ(kinds["undecidable"].size(), 3u);
    for (const auto& [verdict, each] : kinds)
        for (const auto& [kind, count] : each) EXPECT_EQ(count, 8) << kind;
}

TEST(Market, CanariesStandInPersonalFieldsOnly) {
    const testing::TempFolder folder;
    const Market market = standard_market();
    ASSERT_TRUE(write_market(market, folder.path()));
    EXPECT_GE(market.canaries.size(), 100u);
    EXPECT_EQ(std::set<std::string>(market.canaries.begin(), market.canaries.end()).size(), market.canaries.size());
    const Bytes offers = *read_file(folder.path() / "offers.ndjson"),
                key = *read_file(folder.path() / "answer_key.json");
    const Bytes traders = *read_file(folder.path() / "traders.ndjson"),
                sales = *read_file(folder.path() / "sales.ndjson");
    for (const std::string& canary : market.canaries) {
        EXPECT_EQ(offers.find(canary), std::string::npos);
        EXPECT_EQ(key.find(canary), std::string::npos);
        EXPECT_TRUE(traders.find(canary) != std::string::npos || sales.find(canary) != std::string::npos) << canary;
    }
}

TEST(Market, LinesAreJsonWithTheCataloguesNames) {
    const testing::TempFolder folder;
    ASSERT_TRUE(write_market(*generate({.listings = 300, .sales = 3000}), folder.path()));
    const Bytes offers = *read_file(folder.path() / "offers.ndjson");
    const auto json = parse_json(offers.substr(0, offers.find('\n')));
    ASSERT_TRUE(json) << json.error().describe();
    EXPECT_TRUE((*json)["price"].contains("amount"));
    EXPECT_TRUE(parse_utc((*json)["from_time"].get<std::string>()));
    EXPECT_EQ(json->count("until_time") + json->count("listing"), 2u);
    const auto key = parse_json(*read_file(folder.path() / "answer_key.json"));
    EXPECT_EQ((*key)["counts"]["suspect"], (*key)["findings"].size() - (*key)["counts"]["undecidable"].get<size_t>());
}

TEST(Market, TooSmallOptionsAreRefused) {
    EXPECT_EQ(generate({.days = 20}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(generate({.listings = 10}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(generate({.traders = 1}).error().code, ErrorCode::invalid_argument);
}

TEST(Market, MomentsAreInTheMarketsZone) {
    EXPECT_EQ(format_utc(utc_of({civil_date(2026, 3, 1), 3600})), "2026-02-28T17:00:00.000000Z");
}

}  // namespace
}  // namespace gongzhi::market
