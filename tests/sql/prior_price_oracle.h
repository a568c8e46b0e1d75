// Art. 6a of Directive 98/6/EC by hand: one item's prices looked up day by day, written from the Directive's text and the
// national options, not from the rule's SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gongzhi::testing {

// In force on the days [from, until); without `until` for ever.
struct AskedPrice {
    std::string id;
    int32_t from = 0;
    std::optional<int32_t> until;
    int64_t price = 0;
    std::string currency;
    std::optional<int64_t> announced;  // the prior price announced, in `announced_currency`
    std::string announced_currency;
    std::optional<int32_t> declared_start;
    bool progressive = false, perishable = false;
    std::string campaign, audience = "everyone";
    std::optional<int32_t> first_listed;
};

struct RecordedDays {
    int32_t from = 0, until = 0;
};

struct NationalOptions {
    int32_t window_days = 30, chain_gap_days = 0, new_goods_days_min = 1;
    bool progressive = true, perishable_exempt = true;
    int32_t since = INT32_MIN;
};

struct PriorPriceJudgement {
    std::string verdict, basis;  // "" verdict: in order, or outside the rule
    std::optional<int64_t> lowest;
    std::string prior;
    int32_t anchor = 0;
    bool operator==(const PriorPriceJudgement&) const = default;
};

PriorPriceJudgement judge_prior_price(const AskedPrice& offer, const std::vector<AskedPrice>& item,
                                      const std::vector<RecordedDays>& recorded, const NationalOptions& options);

}  // namespace gongzhi::testing
