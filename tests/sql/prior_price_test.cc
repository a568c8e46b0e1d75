// The European price rules on both engines: random histories against an oracle that counts days, and real price lists.
#include "base/random.h"
#include "csv_gz.h"
#include "pack/checks.h"
#include "pack/record_check.h"
#include "prior_price_oracle.h"
#include "rule_engines.h"

namespace gongzhi::supervision {
namespace {

using testing::AskedPrice;
using testing::NationalOptions;
using testing::PriorPriceJudgement;
using testing::RecordedDays;

constexpr int kHistories = 400;
constexpr int32_t kFirstDay = 20'000, kDays = 80;

struct PriceHistory {
    std::vector<AskedPrice> item;
    std::vector<RecordedDays> recorded;
};

// Few prices and short spans: ties, overlaps, spans of no days and prices without end all occur.
class HistoryMaker {
public:
    HistoryMaker(SeededRandom& random, int number) : random_(random), number_(number) {}

    PriceHistory make() {
        for (int64_t i = random_.between(0, 6); i > 0; --i) add(day(), random_.between(0, 25));
        for (int64_t i = random_.between(1, 2); i > 0; --i) announce(add(day(), random_.between(0, 12)));
        if (random_.chance(600)) add_chain();
        if (random_.chance(800))
            history_.recorded.push_back({kFirstDay - 60, kFirstDay + kDays + 60});
        else if (random_.chance(700))
            history_.recorded.push_back({day(), kFirstDay + kDays + 60});
        return std::move(history_);
    }

private:
    int32_t day() { return kFirstDay + static_cast<int32_t>(random_.below(kDays)); }
    int64_t price() { return random_.between(5, 12) * 100; }

    AskedPrice& add(int32_t from, int64_t days) {
        AskedPrice one;
        one.id = fmt::format("o{}-{:02}", number_, history_.item.size());
        one.from = from;
        if (!random_.chance(60)) one.until = from + static_cast<int32_t>(days);
        one.price = price();
        one.currency = random_.chance(15) ? "PLN" : "EUR";
        if (random_.chance(60)) one.audience = random_.chance(500) ? "members" : "individual";
        history_.item.push_back(one);
        return history_.item.back();
    }

    void announce(AskedPrice& one) {
        one.announced = price();
        one.announced_currency = random_.chance(30) ? "PLN" : "EUR";
        if (random_.chance(200)) one.declared_start = one.from - static_cast<int32_t>(random_.between(0, 5));
        one.perishable = random_.chance(60);
        if (random_.chance(250)) one.first_listed = one.from - static_cast<int32_t>(random_.between(0, 40));
    }

    // Steps that mostly follow at once and mostly fall, sometimes of another campaign.
    void add_chain() {
        int32_t from = day();
        int64_t asked = 1200;
        for (int64_t i = random_.between(2, 5); i > 0; --i) {
            const int64_t days = random_.between(1, 8);
            AskedPrice& step = add(from, days);
            announce(step);
            step.progressive = !random_.chance(80);
            step.campaign = random_.chance(80) ? "may" : "spring";
            asked = random_.chance(100) ? asked + 100 : asked - 100 * random_.between(0, 2);
            step.price = asked;
            from += static_cast<int32_t>(days + (random_.chance(200) ? random_.between(1, 3) : 0));
        }
    }

    SeededRandom& random_;
    int number_;
    PriceHistory history_;
};

sql::Value date_or_null(const std::optional<int32_t>& day) {
    return day ? sql::Value(CivilDate(*day)) : sql::Value(sql::Null{});
}

std::map<std::string, sql::Value> row_of(const std::string& shop, const AskedPrice& one) {
    std::map<std::string, sql::Value> row = {{"party", std::string("p1")},
                                             {"shop", shop},
                                             {"listing", std::string("l1")},
                                             {"record_id", one.id},
                                             {"from_date", CivilDate(one.from)},
                                             {"until_date", date_or_null(one.until)},
                                             {"price_minor", one.price},
                                             {"price_currency", one.currency},
                                             {"reduction_start_date", date_or_null(one.declared_start)},
                                             {"first_listed_date", date_or_null(one.first_listed)},
                                             {"progressive", one.progressive},
                                             {"perishable", one.perishable},
                                             {"audience", one.audience}};
    if (!one.campaign.empty()) row["campaign"] = one.campaign;
    if (one.announced) row["prior_price_minor"] = *one.announced, row["prior_price_currency"] = one.announced_currency;
    return row;
}

std::vector<GivenTable> tables_of(const Catalogue& catalogue, const std::vector<PriceHistory>& histories) {
    GivenTable offers{"offer", {}}, coverage{"coverage", {}};
    for (size_t i = 0; i < histories.size(); ++i) {
        const std::string shop = fmt::format("s{}", i);
        for (const AskedPrice& one : histories[i].item) add_row(catalogue, offers, row_of(shop, one));
        for (const RecordedDays& days : histories[i].recorded)
            add_row(catalogue, coverage,
                    {{"party", std::string("p1")},
                     {"shop", shop},
                     {"record_type", std::string("offer")},
                     {"from_date", CivilDate(days.from)},
                     {"until_date", CivilDate(days.until)}});
    }
    return {offers, coverage};
}

std::map<std::string, PriorPriceJudgement> judgements_of(const sql::Table& result) {
    std::map<std::string, PriorPriceJudgement> found;
    for (size_t row = 0; row < result.rows.size(); ++row) {
        PriorPriceJudgement judgement;
        judgement.verdict = sql::text_of(result.at(row, "verdict"));
        judgement.basis = sql::text_of(result.at(row, "basis"));
        judgement.anchor = std::get<CivilDate>(result.at(row, "window_until")).value;
        if (const sql::Value& lowest = result.at(row, "lowest_minor"); !sql::is_null(lowest))
            judgement.lowest = sql::integer_of(lowest);
        if (const sql::Value& prior = result.at(row, "prior_ref"); !sql::is_null(prior))
            judgement.prior = sql::text_of(prior);
        EXPECT_TRUE(found.emplace(sql::text_of(result.at(row, "offer_ref")), judgement).second)
            << "an offer twice in the result";
    }
    return found;
}

ParameterValues parameters_of(const NationalOptions& options) {
    return {{"window_days", int64_t{options.window_days}},
            {"progressive_option", options.progressive},
            {"chain_gap_days", int64_t{options.chain_gap_days}},
            {"new_goods_days_min", int64_t{options.new_goods_days_min}},
            {"perishable_exempt", options.perishable_exempt},
            {"since_date", CivilDate(options.since)}};
}

TEST_F(RuleEngines, ThePriorPriceEqualsItsOracleOnRandomHistories) {
    SeededRandom random(seed_of_this_run(20'220'528));
    const PackUnderTest& pack = pack_under_test("eu");
    const RuleVersion& rule = pack.rule("prior-price");
    std::vector<PriceHistory> histories;
    for (int i = 0; i < kHistories; ++i) histories.push_back(HistoryMaker(random, i).make());
    const std::vector<GivenTable> given = tables_of(pack.catalogue, histories);

    std::map<std::string, int> seen;
    int chained = 0;
    for (const NationalOptions& options :
         {NationalOptions{.since = 0}, NationalOptions{.progressive = false, .since = 0},
          NationalOptions{.window_days = 45, .chain_gap_days = 2, .new_goods_days_min = 30, .since = kFirstDay + 10},
          NationalOptions{.perishable_exempt = false, .since = 0}}) {
        const auto found = judgements_of(agreed_result(pack, rule, parameters_of(options), given));
        size_t expected_rows = 0;
        for (const PriceHistory& history : histories)
            for (const AskedPrice& offer : history.item) {
                const auto expected = testing::judge_prior_price(offer, history.item, history.recorded, options);
                const auto at = found.find(offer.id);
                const PriorPriceJudgement actual = at == found.end() ? PriorPriceJudgement{} : at->second;
                EXPECT_EQ(actual, expected)
                    << offer.id << ": " << actual.basis << " " << actual.lowest.value_or(-1) << " " << actual.prior
                    << ", expected " << expected.basis << " " << expected.lowest.value_or(-1) << " " << expected.prior;
                ++seen[expected.basis];
                chained += !expected.verdict.empty() && expected.anchor < offer.declared_start.value_or(offer.from);
                expected_rows += !expected.verdict.empty();
            }
        EXPECT_EQ(found.size(), expected_rows);
    }
    for (const char* basis : {"", "above_lowest", "history_missing", "too_new", "no_prior_price", "other_currency"})
        EXPECT_GT(seen[basis], 5) << "the histories never exercised " << basis;
    EXPECT_GT(chained, 20) << "hardly a chain of steps was exercised";
}

// One series of daily prices of the public set: rows that follow one another by product and date.
struct Series {
    int32_t first_day = 0;
    std::vector<int64_t> prices;  // one a day, without gaps
};

std::vector<Series> read_series(const std::filesystem::path& file) {
    const testing::Csv csv = testing::read_csv_gz(file);
    std::vector<Series> all;
    std::string last_product;
    for (const auto& row : csv.rows) {
        const int32_t day = parse_date(csv.at(row, "date"))->value;
        const bool goes_on = !all.empty() && csv.at(row, "product_id") == last_product &&
                             day == all.back().first_day + static_cast<int32_t>(all.back().prices.size());
        if (!goes_on) all.push_back({day, {}});
        all.back().prices.push_back(pack::parse_amount(csv.at(row, "price_eur"), 2).value());
        last_product = csv.at(row, "product_id");
    }
    return all;
}

constexpr size_t kDailyRows = 45;  // of the end of a series: the window and some days before

// Daily rows as they are, or one row for each run of equal prices: then most prices were set before the window.
void add_series(const Catalogue& catalogue, GivenTable& offers, const std::string& listing, const Series& series,
                bool merged, int64_t announced) {
    const size_t last = series.prices.size() - 1;
    for (size_t i = merged || last < kDailyRows ? 0 : last - kDailyRows; i <= last;) {
        size_t end = i + 1;
        while (merged && end < last && series.prices[end] == series.prices[i]) ++end;
        std::map<std::string, sql::Value> row = {
            {"party", std::string("p1")},
            {"shop", std::string("s1")},
            {"listing", listing},
            {"record_id", fmt::format("{}/{:03}", listing, i)},
            {"from_date", CivilDate(series.first_day + static_cast<int32_t>(i))},
            {"until_date", CivilDate(series.first_day + static_cast<int32_t>(end))},
            {"price_minor", series.prices[i]},
            {"price_currency", std::string("EUR")},
            {"first_listed_date", CivilDate(series.first_day)}};
        if (i == last) row["prior_price_minor"] = announced, row["prior_price_currency"] = std::string("EUR");
        add_row(catalogue, offers, row);
        i = end;
    }
}

std::string listing_of(size_t number) { return fmt::format("l{:03}", number); }

GivenTable offers_of(const std::vector<Series>& all, bool merged, int64_t (*announced)(const Series&)) {
    GivenTable offers{"offer", {}};
    for (size_t i = 0; i < all.size(); ++i)
        add_series(pack_under_test("eu").catalogue, offers, listing_of(i), all[i], merged, announced(all[i]));
    return offers;
}

// The day's price as a reduction that starts that day; every series ends on it.
TEST_F(RuleEngines, ThePriorPriceOfRealDailyPricesIsTheMinimumOfThirtyDays) {
    const auto file = testing::shared_data("idealo_price_history/prices_long.csv.gz");
    if (file.empty()) GTEST_SKIP() << "shared data is absent: idealo_price_history";
    const PackUnderTest& pack = pack_under_test("eu");
    const RuleVersion& rule = pack.rule("prior-price");
    const int32_t day = civil_date(2018, 11, 23).value;
    const std::vector<Series> all = read_series(file);
    ASSERT_EQ(all.size(), 786u);
    std::map<std::string, int64_t> naive, today;
    const ParameterValues values = {{"since_date", civil_date(2018, 1, 1)}};
    for (size_t i = 0; i < all.size(); ++i) {
        const std::vector<int64_t>& prices = all[i].prices;
        ASSERT_EQ(all[i].first_day + static_cast<int32_t>(prices.size()) - 1, day);
        const auto window = prices.end() - 1 - std::min<std::ptrdiff_t>(30, std::ssize(prices) - 1);
        const std::string listing = listing_of(i);
        naive[listing] = *std::min_element(window, prices.end() - 1);
        today[listing] = prices.back();
    }
    GivenTable coverage{"coverage", {}};
    add_row(pack.catalogue, coverage,
            {{"party", std::string("p1")},
             {"shop", std::string("s1")},
             {"record_type", std::string("offer")},
             {"from_date", civil_date(2018, 8, 23)},
             {"until_date", CivilDate(day + 1)}});
    for (const bool merged : {false, true}) {
        // Announced far above everything: the rule must name its minimum for each of them.
        const GivenTable dear = offers_of(all, merged, [](const Series&) { return int64_t{1'000'000'000}; });
        const sql::Table minimum = agreed_result(pack, rule, values, {dear, coverage});
        ASSERT_EQ(minimum.rows.size(), all.size());
        size_t below = 0, above = 0;
        for (size_t row = 0; row < minimum.rows.size(); ++row) {
            const std::string& listing = sql::text_of(minimum.at(row, "subject"));
            EXPECT_EQ(sql::text_of(minimum.at(row, "basis")), "above_lowest");
            const int64_t lowest = sql::integer_of(minimum.at(row, "lowest_minor"));
            EXPECT_EQ(lowest, naive.at(listing)) << listing;
            below += today.at(listing) < lowest;
            above += today.at(listing) > lowest;
        }
        EXPECT_EQ(below, 382u);
        EXPECT_EQ(above, 318u);
    }
    // Announced as it is: what lies above its minimum is suspect, and nothing else.
    const GivenTable plain = offers_of(all, true, [](const Series& series) { return series.prices.back(); });
    const sql::Table suspects = agreed_result(pack, rule, values, {plain, coverage});
    EXPECT_EQ(suspects.rows.size(), 318u);
    for (size_t row = 0; row < suspects.rows.size(); ++row)
        EXPECT_EQ(sql::text_of(suspects.at(row, "verdict")), "suspect");
}

// Price lists of one day hold no history: only the declared low is there to compare with.
TEST_F(RuleEngines, TheDeclaredLowOfRealPriceListsIsExceededAsOftenAsCounted) {
    const std::map<std::string, int64_t> expected = {{"0204", 67}, {"0530", 72}, {"0901", 44}, {"1601", 3}};
    const PackUnderTest& pack = pack_under_test("eu");
    GivenTable offers{"offer", {}};
    for (const auto& [store, count] : expected) {
        const auto file = testing::shared_data(fmt::format("hr_konzum_omnibus/konzum-{}-2025-07-03.csv.gz", store));
        if (file.empty()) GTEST_SKIP() << "shared data is absent: hr_konzum_omnibus";
        const testing::Csv csv = testing::read_csv_gz(file);
        for (const auto& line : csv.rows) {
            const auto price = pack::parse_amount(csv.at(line, "SpecialPrice"), 2);
            const auto low = pack::parse_amount(csv.at(line, "BestPrice30"), 2);
            if (!price || !low) continue;
            const std::map<std::string, sql::Value> row = {
                {"party", std::string("p1")},           {"shop", store},
                {"listing", csv.at(line, "ProductId")}, {"record_id", store + "/" + csv.at(line, "ProductId")},
                {"from_date", civil_date(2025, 7, 3)},  {"price_minor", *price},
                {"price_currency", std::string("EUR")}, {"reduced", true},
                {"declared_low_minor", *low},           {"declared_low_currency", std::string("EUR")}};
            add_row(pack.catalogue, offers, row);
        }
    }
    EXPECT_EQ(offers.rows.size(), 817u + 874u + 579u + 115u);
    const sql::Table result = agreed_result(pack, pack.rule("prior-price-declared"), {}, {offers});
    std::map<std::string, int64_t> found;
    for (size_t row = 0; row < result.rows.size(); ++row) {
        EXPECT_EQ(sql::text_of(result.at(row, "basis")), "above_declared_low");
        ++found[sql::text_of(result.at(row, "shop"))];
    }
    EXPECT_EQ(found, expected);
}

// The pack's zone has one offset, the Union's clocks have two: so nothing in it may be a moment.
TEST(EuropeanPack, HoldsCivilDaysOnly) {
    for (const pack::RecordType& type : pack_under_test("eu").records)
        for (const pack::Field& field : type.fields) EXPECT_NE(field.type, pack::FieldType::time) << field.name;
}

TEST(EuropeanPack, EveryCurrencyOfTheUnionHasItsDecimals) {
    for (const char* code : {"EUR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"})
        EXPECT_EQ(pack::currency_decimals(code), 2) << code;
}

}  // namespace
}  // namespace gongzhi::supervision
