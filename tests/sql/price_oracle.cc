#include "price_oracle.h"

namespace gongzhi::testing {
namespace {

// Whether the comparison misleads against one price paid, rounding to a whole unit forgiven.
bool misleads(int64_t compared, int64_t paid, int64_t rounding) {
    if (compared <= paid) return false;
    const bool whole = rounding > 1 && compared % rounding == 0;
    return !(whole && compared - paid < rounding);
}

bool all_days_known(const std::vector<KnownDays>& known, int32_t from, int32_t until) {
    for (int32_t day = from; day < until; ++day) {
        bool found = false;
        for (const KnownDays& days : known) found = found || (day >= days.from && day < days.until);
        if (!found) return false;
    }
    return true;
}

// The cheapest (or dearest) of the sales in one currency; of equals, the least id.
const HistorySale* extreme(const std::vector<const HistorySale*>& sales, const std::string& currency, bool cheapest) {
    const HistorySale* best = nullptr;
    for (const HistorySale* sale : sales) {
        if (sale->currency != currency) continue;
        const bool better = !best || (cheapest ? sale->price < best->price : sale->price > best->price);
        if (better || (sale->price == best->price && sale->id < best->id)) best = sale;
    }
    return best;
}

bool any_other_currency(const std::vector<const HistorySale*>& sales, const std::string& currency) {
    for (const HistorySale* sale : sales)
        if (sale->currency != currency) return true;
    return false;
}

std::optional<int64_t> price_of(const HistorySale* sale) { return sale ? std::optional(sale->price) : std::nullopt; }

Judgement judge_last_sale(const HistoryOffer& offer, const std::vector<HistorySale>& sales,
                          const std::vector<KnownDays>& known, int32_t window_from, int64_t rounding) {
    int64_t last_time = INT64_MIN;
    int32_t last_day = 0;
    for (const HistorySale& sale : sales)
        if (sale.day < window_from && sale.time > last_time) last_time = sale.time, last_day = sale.day;
    if (last_time == INT64_MIN) return {"undecidable", "no_history", std::nullopt, ""};
    std::vector<const HistorySale*> last;
    for (const HistorySale& sale : sales)
        if (sale.day < window_from && sale.time == last_time) last.push_back(&sale);
    const HistorySale* dearest = extreme(last, offer.currency, false);
    if (!all_days_known(known, last_day, offer.day)) return {"undecidable", "history_missing", price_of(dearest), ""};
    if (any_other_currency(last, offer.currency)) return {"undecidable", "other_currency", price_of(dearest), ""};
    if (misleads(*offer.compared, dearest->price, rounding))
        return {"suspect", "last_sale", dearest->price, dearest->id};
    return {};
}

}  // namespace

Judgement judge(const HistoryOffer& offer, const std::vector<HistorySale>& sales, const std::vector<KnownDays>& known,
                int32_t window_days, int64_t rounding) {
    if (!offer.compared || offer.meaning_stated) return {};
    const int32_t window_from = offer.day - window_days;
    std::vector<const HistorySale*> window;
    for (const HistorySale& sale : sales)
        if (sale.day >= window_from && sale.day < offer.day) window.push_back(&sale);
    const HistorySale* lowest = extreme(window, offer.currency, true);
    if (lowest && misleads(*offer.compared, lowest->price, rounding))
        return {"suspect", "lowest_7_days", lowest->price, lowest->id};
    if (!all_days_known(known, window_from, offer.day)) return {"undecidable", "history_missing", price_of(lowest), ""};
    if (any_other_currency(window, offer.currency)) return {"undecidable", "other_currency", price_of(lowest), ""};
    if (!window.empty()) return {};
    return judge_last_sale(offer, sales, known, window_from, rounding);
}

}  // namespace gongzhi::testing
