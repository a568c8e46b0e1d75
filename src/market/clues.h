// Clues (D2) that a platform hands over, with the days of decision and of handing in: some in time, some late.
#pragma once

#include "base/random.h"
#include "market/line.h"

namespace gongzhi::market {

struct Clue {
    std::string clue_id, shop, shop_name, trader_id, kind, name, credit_code, person_name, listing, goods, description,
        kept_records, measure;
    CivilDate decision;
    // When it is due, when the platform means to hand it in, and what that planting is called. The days were counted by
    // hand in the calendar of 2026: they stay where they are whatever the market's first day.
    CivilDate due, submit;
    std::string timing;

    bool late() const { return submit > due; }
};

// Every `step`-th of the planted timings, each with another offer of the market.
std::vector<Clue> clues_of(const Market& market, size_t step, SeededRandom& random);

void write_line(std::string& out, const Clue& clue);
// clue_id, shop, decision_date, due_date, submit_date, late, kind.
Json to_json(const std::vector<Clue>& clues);

}  // namespace gongzhi::market
