#include "market/area.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/digest.h"
#include "testing/temp_folder.h"

namespace gongzhi::market {
namespace {

const AreaOptions kSmall{.first = {.listings = 300, .sales = 3000}};

std::map<std::string, Digest> digests(const std::filesystem::path& folder) {
    std::map<std::string, Digest> found;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder))
        if (item.is_regular_file())
            found[std::filesystem::relative(item.path(), folder)] = crypto::sha256(*read_file(item.path()));
    return found;
}

TEST(Area, EqualOptionsGiveEqualBytes) {
    const testing::TempFolder folder;
    for (const char* name : {"a", "b"}) ASSERT_TRUE(write_area(*generate_area(kSmall), folder.path() / name));
    const auto written = digests(folder.path() / "a");
    EXPECT_EQ(written, digests(folder.path() / "b"));
    for (const char* file :
         {"offers.ndjson", "privacy_notices.ndjson", "clues.ndjson", "mended-sale.ndjson", "corrections-trader.ndjson",
          "registry.csv", "second/offers.ndjson", "second/clues.ndjson", "eu/offers.ndjson", "eu/answer_key.json"})
        EXPECT_TRUE(written.contains(file)) << file;
}

// What stood in the folder before there was a second platform is still there, byte for byte; the key has more sections.
TEST(Area, TheFirstPlatformIsTheMarketAlone) {
    const testing::TempFolder folder;
    ASSERT_TRUE(write_area(*generate_area(kSmall), folder.path() / "area"));
    ASSERT_TRUE(write_market(*generate(kSmall.first), folder.path() / "alone"));
    const auto area = digests(folder.path() / "area");
    for (const auto& [file, digest] : digests(folder.path() / "alone"))
        EXPECT_TRUE(file == "answer_key.json" || area.at(file) == digest) << file;
    const auto key = parse_json(*read_file(folder.path() / "area" / "answer_key.json"));
    const Json alone = answer_key(*generate(kSmall.first));
    for (const auto& [section, content] : alone.items()) EXPECT_EQ((*key)[section], content) << section;
    for (const char* section : {"identities", "notices", "clues", "corrections", "mended"})
        EXPECT_FALSE((*key)[section].empty()) << section;
}

TEST(Area, ThePlatformsShareNumbersButNoBusiness) {
    const Area area = *generate_area(kSmall);
    std::set<std::string> shops, promoted, codes;
    for (const Trader& trader : area.first.market.traders) shops.insert(trader.shop), codes.insert(trader.credit_code);
    for (const Answer& answer : area.first.market.answers) promoted.insert(answer.shop + "/" + answer.listing);
    size_t shared_shops = 0, shared_items = 0;
    for (const Trader& trader : area.second.market.traders) {
        shared_shops += shops.contains(trader.shop);
        EXPECT_TRUE(trader.credit_code.empty() || !codes.contains(trader.credit_code));
    }
    for (const Offer& offer : area.second.market.offers)
        shared_items += promoted.contains(offer.shop + "/" + offer.listing);
    EXPECT_EQ(shared_shops, area.second.market.traders.size());
    EXPECT_GT(shared_items, 5u) << "the trap of equal numbers is not laid";
    AreaOptions same = kSmall;
    same.second.seed = same.first.seed;
    EXPECT_EQ(generate_area(same).error().code, ErrorCode::invalid_argument);
}

TEST(Registry, SaysOfEachTraderWhatTheKeySays) {
    const Area area = *generate_area(kSmall);
    std::map<std::string, RegistryEntry> registry;
    for (const RegistryEntry& entry : area.registry) {
        EXPECT_TRUE(registry.emplace(entry.credit_code, entry).second) << "a business twice";
        EXPECT_TRUE(entry.region.starts_with("99"));
    }
    std::map<std::string, int> verdicts;
    for (const Platform* platform : {&area.first, &area.second})
        for (const IdentityAnswer& answer : platform->identities) {
            const auto at = registry.find(answer.credit_code);
            const std::string verdict = at == registry.end()             ? "unknown"
                                        : at->second.status == "revoked" ? "revoked"
                                        : at->second.name != answer.name ? "name_differs"
                                                                         : "valid";
            EXPECT_EQ(verdict, answer.verdict) << answer.trader_id;
            ++verdicts[verdict];
        }
    for (const char* verdict : {"revoked", "name_differs", "unknown"}) EXPECT_GE(verdicts[verdict], 10) << verdict;
    EXPECT_GT(verdicts["valid"], 250);
}

TEST(Clues, SomeAreInTimeAndSomeLate) {
    const Area area = *generate_area(kSmall);
    EXPECT_EQ(area.first.clues.size(), 9u);
    EXPECT_EQ(area.second.clues.size(), 3u);
    size_t late = 0;
    std::set<std::string> ids;
    for (const Clue& clue : area.first.clues) {
        late += clue.late();
        EXPECT_TRUE(ids.insert(clue.clue_id).second);
        EXPECT_EQ(clue.kind == "unregistered", clue.credit_code.empty());
        EXPECT_LE(clue.decision, clue.submit);
    }
    EXPECT_EQ(late, 4u);
}

TEST(Corrections, ChangeOneFieldOfARecordThatIsThere) {
    const Area area = *generate_area(kSmall);
    std::map<std::string, std::string> lines;
    for (const Sale& sale : area.first.market.sales) {
        write_line(lines["sale/" + sale.shop + "/" + sale.sale_id], sale);
    }
    size_t sales = 0;
    std::set<std::string> ids;
    for (const Correction& one : area.first.corrections) {
        EXPECT_TRUE(ids.insert(one.record_type + "/" + one.record_id).second);
        EXPECT_NE(one.before, one.after);
        if (one.record_type != "sale") continue;
        const Json before = *parse_json(lines.at("sale/" + one.record_id)), after = *parse_json(one.line);
        for (const auto& [field, value] : before.items()) EXPECT_EQ(after[field] == value, field != one.field) << field;
        ++sales;
    }
    EXPECT_EQ(sales, 3u);
}

TEST(Mended, SomeDirtyLinesHaveTheLineAsItShouldHaveBeen) {
    const Area area = *generate_area(kSmall);
    const Json mended = mended_key(area.first.market.dirty);
    EXPECT_GE(mended.size(), 30u);
    EXPECT_LT(mended.size(), area.first.market.dirty.size());
    for (const DirtyLine& line : area.first.market.dirty) EXPECT_NE(line.line, line.mended);
}

TEST(Notices, EveryKindIsPlantedOnBothPlatforms) {
    const Area area = *generate_area(kSmall);
    for (const Platform* platform : {&area.first, &area.second}) {
        std::map<std::string, std::set<std::string>> kinds;
        std::set<std::string> ids;
        for (const NoticeItem& notice : platform->notices) {
            EXPECT_TRUE(ids.insert(notice.record_id()).second) << notice.record_id();
            if (!notice.kind.empty()) kinds[notice.verdict].insert(notice.kind);
        }
        EXPECT_EQ(kinds["suspect"].size(), 7u);
        EXPECT_EQ(kinds["clear"].size(), 6u);
        EXPECT_EQ(kinds["undecidable"].size(), 1u);
    }
}

TEST(Reductions, EveryKindIsPlanted) {
    std::map<std::string, std::set<std::string>> kinds;
    std::set<std::string> ids;
    const Reductions made = reductions_of(civil_date(2026, 1, 5), 1);
    for (const ReductionAnswer& answer : made.answers) kinds[answer.rule + " " + answer.verdict].insert(answer.kind);
    for (const AskedOffer& offer : made.offers) EXPECT_TRUE(ids.insert(offer.shop + "/" + offer.offer_id).second);
    EXPECT_EQ(kinds["prior-price suspect"].size(), 6u);
    EXPECT_EQ(kinds["prior-price clear"].size(), 10u);
    EXPECT_EQ(kinds["prior-price undecidable"].size(), 4u);
    EXPECT_EQ(kinds["prior-price-declared suspect"].size(), 1u);
}

}  // namespace
}  // namespace gongzhi::market
