// What is planted: promotions around which the history is laid by hand, so that the answer is known without any rule.
#pragma once

#include "base/random.h"
#include "market/market.h"

namespace gongzhi::market {

struct PlannedSale {
    int days_before = 0;  // of the promotion's first day; 0 is that day
    int64_t price_minor = 0;
    std::string currency = "CNY";
};

// One promotion of an item whose usual price is `usual`: what is compared with, and every sale before it.
struct Promotion {
    std::string kind, verdict;
    int64_t reference_minor = 0;
    std::optional<bool> detail_marked = false;
    std::vector<PlannedSale> sales;
    bool in_late_shop = false;  // a shop whose records begin inside the window
};

// All kinds, each so often as it is planted. usual_minor is in whole yuan.
constexpr int kPlantedEach = 8;
size_t planted_kinds();
Promotion plant(size_t kind, int64_t usual_minor, SeededRandom& random);

// Lines that intake must refuse.
std::vector<DirtyLine> dirty_lines(const Market& market, SeededRandom& random);

}  // namespace gongzhi::market
