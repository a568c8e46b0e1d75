// The Chinese price rule on random histories, on both engines, against an oracle.
#include "base/random.h"
#include "price_oracle.h"
#include "rule_engines.h"

namespace gongzhi::supervision {
namespace {

using testing::HistoryOffer;
using testing::HistorySale;
using testing::Judgement;
using testing::KnownDays;

constexpr int kHistories = 400;
constexpr int kDays = 40;

// One item with its sales and offers; each history is a shop of its own.
struct History {
    std::vector<HistorySale> sales;
    std::vector<HistoryOffer> offers;
    std::vector<KnownDays> known;
};

constexpr int32_t kFirstDay = 20'000;

History random_history(SeededRandom& random, int number) {
    History history;
    const auto day = [&] { return kFirstDay + static_cast<int32_t>(random.below(kDays)); };
    // Few prices, few moments: ties and equal times are the rule.
    const auto price = [&] { return random.chance(300) ? random.between(995, 1005) : random.between(5, 15) * 100; };
    const int64_t sales = random.chance(150) ? 0 : random.between(0, 12);
    for (int64_t i = 0; i < sales; ++i) {
        const int32_t sold = day();
        history.sales.push_back({fmt::format("a{}-{}", number, i), int64_t{sold} * 4 + random.between(0, 1), sold,
                                 price(), random.chance(80) ? "USD" : "CNY"});
    }
    const int64_t offers = random.between(1, 3);
    for (int64_t i = 0; i < offers; ++i) {
        HistoryOffer offer{fmt::format("o{}-{}", number, i), day(), std::nullopt, random.chance(50) ? "USD" : "CNY",
                           random.chance(100)};
        if (!random.chance(100)) offer.compared = price();
        history.offers.push_back(offer);
    }
    if (random.chance(700))
        history.known.push_back({kFirstDay - 10, kFirstDay + kDays + 1});
    else if (random.chance(700))
        history.known.push_back({day(), kFirstDay + kDays});
    return history;
}

std::vector<GivenTable> tables_of(const Catalogue& catalogue, const std::vector<History>& histories) {
    GivenTable offers{"offer", {}}, sales{"sale", {}}, coverage{"coverage", {}};
    for (size_t i = 0; i < histories.size(); ++i) {
        const std::string shop = fmt::format("s{}", i);
        const auto key = [&](const std::string& id) {
            return std::map<std::string, sql::Value>{
                {"party", std::string("p1")}, {"shop", shop}, {"listing", std::string("l1")}, {"record_id", id}};
        };
        for (const HistoryOffer& offer : histories[i].offers) {
            auto values = key(offer.id);
            values["from_date"] = CivilDate(offer.day);
            values["reference_detail_marked"] = offer.meaning_stated;
            if (offer.compared)
                values["reference_price_minor"] = *offer.compared, values["reference_price_currency"] = offer.currency;
            add_row(catalogue, offers, values);
        }
        for (const HistorySale& sale : histories[i].sales) {
            auto values = key(sale.id);
            values["sale_date"] = CivilDate(sale.day);
            values["sale_time"] = UtcTime(sale.time * (kMicrosPerDay / 4));
            values["price_minor"] = sale.price;
            values["price_currency"] = sale.currency;
            add_row(catalogue, sales, values);
        }
        for (const KnownDays& days : histories[i].known)
            add_row(catalogue, coverage,
                    {{"party", std::string("p1")},
                     {"shop", shop},
                     {"record_type", std::string("sale")},
                     {"record_id", shop},
                     {"from_date", CivilDate(days.from)},
                     {"until_date", CivilDate(days.until)}});
    }
    return {offers, sales, coverage};
}

std::map<std::string, Judgement> judgements_of(const sql::Table& result) {
    std::map<std::string, Judgement> found;
    for (size_t row = 0; row < result.rows.size(); ++row) {
        Judgement judgement{sql::text_of(result.at(row, "verdict")), sql::text_of(result.at(row, "basis")),
                            std::nullopt, ""};
        if (const sql::Value& lowest = result.at(row, "lowest_minor"); !sql::is_null(lowest))
            judgement.lowest = sql::integer_of(lowest);
        if (const sql::Value& sale = result.at(row, "sale_ref"); !sql::is_null(sale))
            judgement.sale = sql::text_of(sale);
        EXPECT_TRUE(found.emplace(sql::text_of(result.at(row, "offer_ref")), judgement).second)
            << "an offer twice in the result";
    }
    return found;
}

TEST_F(RuleEngines, ThePriceReferenceEqualsItsOracleOnRandomHistories) {
    const uint64_t seed = seed_of_this_run(20'260'301);
    const PackUnderTest& pack = pack_under_test("cn");
    const RuleVersion& rule = pack.rule("price-reference");
    SeededRandom random(seed);
    std::vector<History> histories;
    for (int i = 0; i < kHistories; ++i) histories.push_back(random_history(random, i));

    std::map<std::string, int> seen;  // how often each judgement occurred
    for (const auto& [window_days, rounding] :
         std::vector<std::pair<int64_t, int64_t>>{{7, 100}, {7, 0}, {1, 1}, {30, 100}}) {
        const auto found =
            judgements_of(agreed_result(pack, rule, {{"window_days", window_days}, {"rounding_minor", rounding}},
                                        tables_of(pack.catalogue, histories)));
        size_t expected_rows = 0;
        for (const History& history : histories)
            for (const HistoryOffer& offer : history.offers) {
                const Judgement expected =
                    testing::judge(offer, history.sales, history.known, static_cast<int32_t>(window_days), rounding);
                const auto actual = found.find(offer.id);
                EXPECT_EQ(actual == found.end() ? Judgement{} : actual->second, expected)
                    << "seed " << seed << " offer " << offer.id << " expected " << expected.verdict << " "
                    << expected.basis;
                ++seen[expected.basis];
                expected_rows += !expected.verdict.empty();
            }
        EXPECT_EQ(found.size(), expected_rows);
    }
    for (const char* basis : {"", "lowest_7_days", "last_sale", "no_history", "history_missing", "other_currency"})
        EXPECT_GT(seen[basis], 5) << "the histories never exercised " << basis;
}

}  // namespace
}  // namespace gongzhi::supervision
