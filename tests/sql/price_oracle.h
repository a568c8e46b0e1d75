// Art. 16 of Order 56 by hand: loops over one item's history, written from the law's text and not from the rule's SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gongzhi::testing {

struct HistorySale {
    std::string id;
    int64_t time = 0;  // any scale that orders sales
    int32_t day = 0;
    int64_t price = 0;
    std::string currency;
};

struct HistoryOffer {
    std::string id;
    int32_t day = 0;
    std::optional<int64_t> compared;
    std::string currency;
    bool meaning_stated = false;
};

// Days [from, until) of which every sale is known.
struct KnownDays {
    int32_t from = 0, until = 0;
};

struct Judgement {
    std::string verdict, basis;  // "" verdict: in order
    std::optional<int64_t> lowest;
    std::string sale;
    bool operator==(const Judgement&) const = default;
};

Judgement judge(const HistoryOffer& offer, const std::vector<HistorySale>& sales, const std::vector<KnownDays>& known,
                int32_t window_days, int64_t rounding);

}  // namespace gongzhi::testing
