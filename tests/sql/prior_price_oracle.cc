#include "prior_price_oracle.h"

#include <algorithm>

namespace gongzhi::testing {
namespace {

bool in_force(const AskedPrice& price, int32_t day) {
    return price.from <= day && (!price.until || day < *price.until);
}

int32_t start_of(const AskedPrice& price) { return price.declared_start.value_or(price.from); }

// The steps of the offer's campaign, oldest first.
std::vector<const AskedPrice*> steps_of(const AskedPrice& offer, const std::vector<AskedPrice>& item) {
    std::vector<const AskedPrice*> steps;
    for (const AskedPrice& one : item)
        if (one.progressive && one.announced && one.audience == "everyone" && one.campaign == offer.campaign)
            steps.push_back(&one);
    std::sort(steps.begin(), steps.end(), [](const AskedPrice* a, const AskedPrice* b) {
        return a->from != b->from ? a->from < b->from : a->id < b->id;
    });
    return steps;
}

// Whether step `at` goes on from those before it: not dearer than the last, and hardly a day on which all had ended.
bool goes_on(const std::vector<const AskedPrice*>& steps, size_t at, int32_t gap_days) {
    if (at == 0 || steps[at]->price > steps[at - 1]->price || steps[at]->currency != steps[at - 1]->currency)
        return false;
    int32_t empty_days = 0;
    for (int32_t day = steps[at]->from - 1; empty_days <= gap_days; --day) {
        const bool reached = std::any_of(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(at),
                                         [&](const AskedPrice* one) { return !one->until || day < *one->until; });
        if (reached) return true;
        ++empty_days;
    }
    return false;
}

int32_t anchor_of(const AskedPrice& offer, const std::vector<AskedPrice>& item, const NationalOptions& options) {
    if (!options.progressive || !offer.progressive) return start_of(offer);
    const auto steps = steps_of(offer, item);
    size_t at = 0;
    while (steps[at]->id != offer.id) ++at;
    while (goes_on(steps, at, options.chain_gap_days)) --at;
    return start_of(*steps[at]);
}

bool every_day_recorded(const std::vector<RecordedDays>& recorded, int32_t from, int32_t until) {
    for (int32_t day = from; day < until; ++day)
        if (std::none_of(recorded.begin(), recorded.end(),
                         [&](const RecordedDays& days) { return days.from <= day && day < days.until; }))
            return false;
    return true;
}

}  // namespace

PriorPriceJudgement judge_prior_price(const AskedPrice& offer, const std::vector<AskedPrice>& item,
                                      const std::vector<RecordedDays>& recorded, const NationalOptions& options) {
    if (!offer.announced || offer.audience != "everyone" || start_of(offer) < options.since) return {};
    if (offer.perishable && options.perishable_exempt) return {};
    const int32_t anchor = anchor_of(offer, item, options);
    const int32_t earliest = anchor - options.window_days;

    const AskedPrice* lowest = nullptr;
    bool other_currency = false;
    for (int32_t day = earliest; day < anchor; ++day)
        for (const AskedPrice& one : item) {
            if (one.audience != "everyone" || !in_force(one, day)) continue;
            if (one.currency != offer.announced_currency) {
                other_currency = true;
                continue;
            }
            const bool less = !lowest || one.price < lowest->price;
            if (less || (one.price == lowest->price && one.id < lowest->id)) lowest = &one;
        }

    PriorPriceJudgement judgement{"undecidable", "", std::nullopt, "", anchor};
    if (lowest) judgement.lowest = lowest->price;
    const bool is_new = offer.first_listed && *offer.first_listed > earliest;
    if (is_new && anchor - *offer.first_listed < options.new_goods_days_min)
        judgement.basis = "too_new";
    else if (!every_day_recorded(recorded, is_new ? *offer.first_listed : earliest, anchor))
        judgement.basis = "history_missing";
    else if (other_currency)
        judgement.basis = "other_currency";
    else if (!lowest)
        judgement.basis = "no_prior_price";
    else if (*offer.announced > lowest->price)
        judgement.verdict = "suspect", judgement.basis = "above_lowest", judgement.prior = lowest->id;
    else
        return {};
    return judgement;
}

}  // namespace gongzhi::testing
