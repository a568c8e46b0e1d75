#include "market/identity.h"
#include "market/plants.h"

namespace gongzhi::market {
namespace {

constexpr int kLateShops = 4;  // their records begin in the middle
constexpr int kSecondsPerDay = 86'400;
constexpr int kPromotionDays = 4;

Moment later(const Moment& moment, int days) { return {CivilDate(moment.day.value + days), moment.second}; }

class Maker {
public:
    explicit Maker(const MarketOptions& options) : random_(options.seed) { market_.options = options; }

    Market make() {
        for (int i = 0; i < options().traders; ++i) add_trader(i);
        const int kinds = static_cast<int>(planted_kinds());
        const int planted = kinds * kPlantedEach;
        const int step = options().listings / planted;
        const double sales_left = options().sales - planted * 8.0;
        const auto usual_sales = static_cast<int64_t>(std::max(1.0, sales_left / (options().listings - planted)));
        for (int i = 0, next = 0; i < options().listings; ++i) {
            if (next < planted && i == next * step)
                add_planted(i, static_cast<size_t>(next++ % kinds));
            else
                add_ordinary(i, usual_sales);
        }
        market_.dirty = dirty_lines(market_, random_);
        return std::move(market_);
    }

private:
    const MarketOptions& options() const { return market_.options; }
    CivilDate day(int number) const { return CivilDate(options().start.value + number); }
    int second() { return static_cast<int>(random_.below(kSecondsPerDay)); }

    // A personal value that nothing else resembles.
    std::string canary(std::string_view prefix, std::string_view suffix = {}) {
        std::string value =
            fmt::format("{}canary{:04}{:08x}{}", prefix, market_.canaries.size(), random_.next() & 0xffffffff, suffix);
        market_.canaries.push_back(value);
        return value;
    }

    void add_trader(int number) {
        Trader trader;
        trader.trader_id = fmt::format("T-{:06}", number);
        trader.kind = number == 0 ? "platform" : number % 5 == 4 ? "unregistered" : "registered";
        trader.address = number % 10 == 3
                             ? canary("示例市示例路")
                             : fmt::format("示例市{}示例路{}号", region_code(random_), random_.between(1, 300));
        trader.contact =
            number % 10 == 7 ? canary("", "@contact.example") : fmt::format("shop{}@contact.example", number);
        trader.shop_name = number == 0 ? options().platform_name : shop_name(random_);
        trader.url = number == 0 ? fmt::format("https://{}/", options().host)
                                 : fmt::format("https://{}/s/{}", options().host, number);
        if (number > 0) trader.shop = fmt::format("S-{:04}", number);
        if (trader.kind == "unregistered") {
            trader.person_name = number % 10 == 9 ? canary("示例") : person_name(random_);
            trader.id_number = id_number(random_);
            trader.region = trader.id_number.substr(0, 6);
            market_.canaries.push_back(trader.id_number);
            trader.exemption_reason = number % 2 == 0 ? "family_crafts" : "small_occasional_trade";
            trader.turnover_above_100k = random_.chance(50);
        } else {
            trader.name = company_name(random_);
            trader.credit_code = credit_code(random_);
            trader.region = trader.credit_code.substr(2, 6);
        }
        if (number > 0) add_coverage(trader.shop, number);
        market_.traders.push_back(std::move(trader));
    }

    // Two weeks before the first planted promotion of a late shop its records begin; all others are complete.
    void add_coverage(const std::string& shop, int number) {
        const CivilDate from = number <= kLateShops ? late_start() : day(0);
        for (const char* type : {"offer", "sale"}) market_.coverage.push_back({type, shop, from, day(options().days)});
    }
    CivilDate late_start() const { return day(options().days / 2); }

    const Trader& trader_of(int listing, bool late) {
        const int usable = options().traders - 1 - kLateShops;
        const int number = late ? 1 + listing % kLateShops
                                : 1 + kLateShops + static_cast<int>(random_.below(static_cast<uint64_t>(usable)));
        return market_.traders[static_cast<size_t>(number)];
    }

    struct Item {
        std::string shop, listing, seller_code, title;
    };
    Item make_item(int number, bool late) {
        const Trader& trader = trader_of(number, late);
        return {trader.shop, fmt::format("L-{:06}", number), trader.credit_code, title(random_)};
    }

    Offer& add_offer(const Item& item, int64_t price, Moment from, std::optional<Moment> until) {
        Offer offer{item.shop,
                    item.listing,
                    fmt::format("O-{:07}", market_.offers.size()),
                    item.seller_code,
                    item.title,
                    price,
                    {},
                    {},
                    from,
                    until};
        market_.offers.push_back(std::move(offer));
        return market_.offers.back();
    }

    void add_sale(const Item& item, const Moment& at, int64_t price, const std::string& currency = "CNY") {
        Sale sale{item.shop,
                  item.listing,
                  fmt::format("V-{:08}", market_.sales.size()),
                  at,
                  random_.between(1, 3),
                  price,
                  currency,
                  {},
                  {}};
        if (market_.sales.size() % 500 == 250)
            sale.buyer = canary("buyer-");
        else if (!random_.chance(200))
            sale.buyer = fmt::format("buyer-{:05}", random_.below(40'000));
        if (!random_.chance(100)) sale.region = region_code(random_);
        market_.sales.push_back(std::move(sale));
    }

    // Usual price, promotion, usual price again; the history before the promotion is exactly what was planned.
    void add_planted(int number, size_t kind) {
        const int64_t usual = random_.between(30, 600) * 100;
        const Promotion promotion = plant(kind, usual, random_);
        const Item item = make_item(number, promotion.in_late_shop);
        const int first = promotion.in_late_shop ? options().days / 2 + static_cast<int>(random_.between(1, 6))
                                                 : static_cast<int>(random_.between(15, options().days - 10));
        const Moment from{day(first), static_cast<int>(random_.between(8 * 3600, 20 * 3600))};
        const Moment until = later(from, kPromotionDays);
        const int64_t reduced = usual * 6 / 10;
        add_offer(item, usual, {day(0), 0}, from);
        Offer& offer = add_offer(item, reduced, from, until);
        offer.reference_price_minor = promotion.reference_minor;
        offer.reference_detail_marked = promotion.detail_marked;
        market_.answers.push_back({item.shop, item.listing, offer.offer_id, promotion.verdict, promotion.kind});
        add_offer(item, usual, until, std::nullopt);
        for (const PlannedSale& sale : promotion.sales)
            add_sale(item, {day(first - sale.days_before), second()}, sale.price_minor, sale.currency);
        for (int64_t i = random_.between(1, 4); i > 0; --i)
            add_sale(item, {later(from, static_cast<int>(random_.between(1, 3))).day, second()}, reduced);
    }

    enum class Story { one_price, new_price, stated_comparison, true_discount };

    Story story_of(bool late) {
        const uint64_t dice = random_.below(100);
        if (dice < 45) return Story::one_price;
        if (dice < 60) return Story::new_price;
        return dice < 75 || late ? Story::stated_comparison : Story::true_discount;
    }

    void add_ordinary(int number, int64_t usual_sales) {
        const bool late = number % 400 == 399;
        const Item item = make_item(number, late);
        const Story story = story_of(late);
        const int64_t usual = random_.between(500, 90'000);
        const int64_t changed = story == Story::new_price ? usual + usual / 10 : usual * 8 / 10;
        const Moment from{day(static_cast<int>(random_.between(15, options().days - 10))),
                          static_cast<int>(random_.between(0, kSecondsPerDay - 1))};
        const Moment until = later(from, kPromotionDays);
        if (story == Story::one_price)
            add_offer(item, usual, {day(0), 0}, std::nullopt);
        else
            add_change(item, story, usual, changed, from, until);
        if (story == Story::true_discount) add_sale(item, {day(0), second()}, usual);  // there is a price paid before
        for (int64_t i = random_.between(usual_sales / 2, usual_sales * 3 / 2); i > 0; --i) {
            const Moment at{day(static_cast<int>(random_.below(static_cast<uint64_t>(options().days)))), second()};
            const bool in_change = story != Story::one_price && at >= from && (story == Story::new_price || at < until);
            add_sale(item, at, in_change ? changed : usual);
        }
    }

    void add_change(const Item& item, Story story, int64_t usual, int64_t changed, const Moment& from,
                    const Moment& until) {
        add_offer(item, usual, {day(0), 0}, from);
        if (story == Story::new_price) {
            add_offer(item, changed, from, std::nullopt);
            return;
        }
        Offer& offer = add_offer(item, changed, from, until);
        offer.reference_price_minor = story == Story::stated_comparison ? usual * 13 / 10 : usual;
        offer.reference_detail_marked = story == Story::stated_comparison;
        add_offer(item, usual, until, std::nullopt);
    }

    Market market_;
    SeededRandom random_;
};

}  // namespace

UtcTime utc_of(const Moment& moment) {
    return UtcTime(int64_t{moment.day.value} * kMicrosPerDay +
                   (moment.second - kZoneOffsetMinutes * 60) * kMicrosPerSecond);
}

Result<Market> generate(const MarketOptions& options) {
    const int planted = static_cast<int>(planted_kinds()) * kPlantedEach;
    if (options.days < 30 || options.days > 3650 || options.traders < 20 || options.listings < 2 * planted ||
        options.sales < 0)
        return fail(ErrorCode::invalid_argument, "a market needs 30 days, 20 traders and {} listings", 2 * planted);
    return Maker(options).make();
}

}  // namespace gongzhi::market
