#include "market/clues.h"

namespace gongzhi::market {
namespace {

struct Timing {
    std::string_view kind;
    int decision[2], due[2], submit[2];  // month and day of 2026
};

// 15 to 23 February are holidays, 14 and 28 February are Saturdays at work.
constexpr Timing kTimings[] = {
    {"on_the_last_day", {1, 12}, {1, 19}, {1, 19}},
    {"one_day_late", {1, 12}, {1, 19}, {1, 20}},
    {"on_the_same_day", {1, 16}, {1, 23}, {1, 16}},
    {"across_the_spring_festival", {2, 12}, {2, 26}, {2, 26}},
    {"late_after_the_spring_festival", {2, 12}, {2, 26}, {2, 27}},
    {"a_saturday_at_work_counts", {2, 25}, {3, 3}, {3, 3}},
    {"late_by_a_saturday_at_work", {2, 25}, {3, 3}, {3, 4}},
    {"decided_on_a_saturday", {1, 17}, {1, 23}, {1, 23}},
    {"late_over_a_weekend", {1, 23}, {1, 30}, {2, 2}},
};

struct Breach {
    std::string_view goods, description, kept, measure;
};
constexpr Breach kBreaches[] = {
    {"标称纯银的饰品", "页面标称与所附检测报告不符", "页面快照、检测报告及沟通记录，保存于平台，可凭编号调取",
     "warned"},
    {"未见许可的食品", "销售页面未公示许可信息，经提示未改正", "页面快照、提示记录，保存于平台，可凭编号调取",
     "suspended"},
    {"仿冒标识的箱包", "标识与权利人来函所述一致，经营者未作说明", "来函、页面快照、订单汇总，保存于平台，可凭编号调取",
     "terminated"},
};

CivilDate day_of_2026(const int (&month_day)[2]) { return civil_date(2026, month_day[0], month_day[1]); }

const Trader& trader_of(const Market& market, const std::string& shop) {
    for (const Trader& trader : market.traders)
        if (trader.shop == shop) return trader;
    GZ_CHECK(false, "every offer is of a trader of the market");
}

}  // namespace

std::vector<Clue> clues_of(const Market& market, size_t step, SeededRandom& random) {
    std::vector<Clue> clues;
    for (size_t i = 0; i < std::size(kTimings); i += step) {
        const Timing& timing = kTimings[i];
        const Breach& breach = kBreaches[random.below(std::size(kBreaches))];
        const Offer& offer = market.offers[random.below(market.offers.size())];
        const Trader& trader = trader_of(market, offer.shop);
        Clue clue;
        clue.clue_id = fmt::format("C-2026-{:05}", i + 1);
        clue.shop = offer.shop;
        clue.shop_name = trader.shop_name;
        clue.trader_id = trader.trader_id;
        clue.kind = trader.kind;
        clue.name = trader.name;
        clue.credit_code = trader.credit_code;
        if (trader.kind == "unregistered") clue.person_name = trader.person_name;
        clue.listing = offer.listing;
        clue.goods = breach.goods;
        clue.description = breach.description;
        clue.kept_records = breach.kept;
        clue.measure = breach.measure;
        clue.decision = day_of_2026(timing.decision);
        clue.due = day_of_2026(timing.due);
        clue.submit = day_of_2026(timing.submit);
        clue.timing = timing.kind;
        clues.push_back(std::move(clue));
    }
    return clues;
}

void write_line(std::string& out, const Clue& clue) {
    Line(out)
        .text("clue_id", clue.clue_id)
        .text("trader_id", clue.trader_id)
        .text("kind", clue.kind)
        .text("name", clue.name)
        .text("credit_code", clue.credit_code)
        .text("person_name", clue.person_name)
        .text("shop", clue.shop)
        .text("shop_name", clue.shop_name)
        .text("listing", clue.listing)
        .text("goods", clue.goods)
        .text("description", clue.description)
        .text("kept_records", clue.kept_records)
        .text("measure", clue.measure)
        .date("decision_date", clue.decision)
        .end();
}

Json to_json(const std::vector<Clue>& clues) {
    Json list = Json::array();
    for (const Clue& clue : clues)
        list.push_back({{"clue_id", clue.clue_id},
                        {"shop", clue.shop},
                        {"decision_date", format_date(clue.decision)},
                        {"due_date", format_date(clue.due)},
                        {"submit_date", format_date(clue.submit)},
                        {"late", clue.late()},
                        {"kind", clue.timing}});
    return list;
}

}  // namespace gongzhi::market
