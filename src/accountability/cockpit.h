// The cockpit (驾驶舱): what was found, what became of it, and what is overdue on both sides, for a unit and each one below.
//
// Every figure is a sum over regions: a unit's is that of all regions within its own. What lies in a unit but in none of
// those below it has a row of its own, so that the rows always add up to the total.
#pragma once

#include <array>

#include "access/units.h"
#include "sql/database.h"

namespace gongzhi::accountability {

// In the order in which the cockpit shows them.
constexpr std::string_view kFigures[] = {"found",
                                         "confirmed",
                                         "dismissed",
                                         "cases_opened",
                                         "cases_filed",
                                         "cases_closed",
                                         "days_to_close",
                                         "requests_sent",
                                         "requests_blocked",
                                         "answered_late",
                                         "overdue_platform",
                                         "objections",
                                         "objections_answered",
                                         "overdue_government"};
constexpr size_t kFigureCount = std::size(kFigures);
using Figures = std::array<int64_t, kFigureCount>;

struct CockpitRow {
    std::string unit;  // "" for the row of what lies in none of the lower units
    std::string region;
    Figures figures{};
};
struct Cockpit {
    CockpitRow total;
    std::vector<CockpitRow> rows;  // of the units directly below, in order of region; then the rest, where there is one
};

// `now` decides what is overdue. `not_found` for an unknown unit; "" is the whole party.
Result<Cockpit> cockpit(const std::string& unit, UtcTime now, const access::Units& units, sql::Connection& affairs);
Json to_json(const Cockpit& cockpit, const access::Units& units);

}  // namespace gongzhi::accountability
