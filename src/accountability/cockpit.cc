#include "accountability/cockpit.h"

#include <map>

namespace gongzhi::accountability {
namespace {

// One row for each region: the figures in the order of kFigures. $1 is now.
constexpr std::string_view kByRegion = R"sql(
WITH found(region, state, n) AS (SELECT region, state, count(*) FROM finding WHERE state <> 'refused' GROUP BY region, state),
counted(region, figure, n) AS (
  SELECT region, 'found', CAST(sum(n) AS BIGINT) FROM found GROUP BY region
  UNION ALL SELECT region, state, n FROM found WHERE state IN ('confirmed', 'dismissed')
  UNION ALL SELECT region, 'cases_opened', count(*) FROM supervision_case GROUP BY region
  UNION ALL SELECT region, 'cases_filed', count(filed_time) FROM supervision_case GROUP BY region
  UNION ALL SELECT region, 'cases_closed', count(closed_time) FROM supervision_case GROUP BY region
  UNION ALL SELECT region, 'days_to_close', CAST(sum(CAST(closed_time AS DATE) - CAST(opened_time AS DATE)) AS BIGINT)
    FROM supervision_case WHERE closed_time IS NOT NULL GROUP BY region
  UNION ALL SELECT region, 'requests_sent', count(*) FROM request WHERE direction = 'sent' GROUP BY region
  UNION ALL SELECT region, 'requests_blocked', count(*) FROM blocked_request GROUP BY region
  UNION ALL SELECT region, 'answered_late', count(*) FROM request
    WHERE direction = 'sent' AND answered_time > deadline_time GROUP BY region
  UNION ALL SELECT region, 'overdue_platform', count(*) FROM request
    WHERE direction = 'sent' AND state = 'open' AND deadline_time < $1 GROUP BY region
  UNION ALL SELECT region, 'objections', count(*) FROM objection WHERE direction = 'received' GROUP BY region
  UNION ALL SELECT region, 'objections_answered', count(*) FROM objection
    WHERE direction = 'received' AND state = 'answered' GROUP BY region
  UNION ALL SELECT region, 'overdue_government', count(*) FROM objection
    WHERE direction = 'received' AND state = 'open' AND due_time < $1 GROUP BY region)
SELECT coalesce(region, ''), figure, n FROM counted WHERE n > 0
)sql";

using ByRegion = std::map<std::string, Figures>;

size_t figure_index(std::string_view name) {
    for (size_t i = 0; i < kFigureCount; ++i)
        if (kFigures[i] == name) return i;
    GZ_CHECK(false, "the cockpit's query names a figure of its list");
    return 0;
}

Result<ByRegion> figures_by_region(UtcTime now, sql::Connection& affairs) {
    GZ_TRY(const sql::Table table, affairs.query(kByRegion, {now}));
    ByRegion by_region;
    for (const sql::Row& row : table.rows)
        by_region[sql::text_of(row[0])][figure_index(sql::text_of(row[1]))] = sql::integer_of(row[2]);
    return by_region;
}

void add(Figures& sum, const Figures& more) {
    for (size_t i = 0; i < kFigureCount; ++i) sum[i] += more[i];
}

Figures sum_where(const ByRegion& by_region, const auto& belongs) {
    Figures sum{};
    for (const auto& [region, figures] : by_region)
        if (belongs(region)) add(sum, figures);
    return sum;
}

Json row_json(const CockpitRow& row, const access::Units& units) {
    Json figures = Json::object();
    for (size_t i = 0; i < kFigureCount; ++i) figures[std::string(kFigures[i])] = row.figures[i];
    Json json = {{"unit", row.unit}, {"region", row.region}, {"figures", figures}};
    if (const auto unit = units.find(row.unit)) {
        json["name_zh"] = unit->name_zh;
        json["name_en"] = unit->name_en;
        json["level"] = unit->level;
    }
    return json;
}

}  // namespace

Result<Cockpit> cockpit(const std::string& unit, UtcTime now, const access::Units& units, sql::Connection& affairs) {
    const auto asked = units.find(unit);
    if (!unit.empty() && !asked) return fail(ErrorCode::not_found, "there is nothing of this id here");
    GZ_TRY(const ByRegion by_region, figures_by_region(now, affairs));
    const std::string whole = asked ? asked->region : std::string();
    // The highest unit answers for everything, also for what nobody could place.
    const bool everything = !asked || asked->parent.empty();
    const auto inside = [&](const std::string& region) { return everything || access::region_under(region, whole); };
    Cockpit result;
    result.total = {unit, whole, sum_where(by_region, inside)};
    const std::vector<access::Unit> below = units.children_of(unit);
    for (const access::Unit& child : below)
        result.rows.push_back({child.id, child.region, sum_where(by_region, [&](const std::string& region) {
                                   return access::region_under(region, child.region);
                               })});
    const Figures rest = sum_where(by_region, [&](const std::string& region) {
        if (!inside(region)) return false;
        for (const access::Unit& child : below)
            if (access::region_under(region, child.region)) return false;
        return true;
    });
    if (!below.empty() && rest != Figures{}) result.rows.push_back({"", whole, rest});
    return result;
}

Json to_json(const Cockpit& cockpit, const access::Units& units) {
    Json rows = Json::array();
    for (const CockpitRow& row : cockpit.rows) rows.push_back(row_json(row, units));
    return {{"total", row_json(cockpit.total, units)}, {"rows", rows}};
}

}  // namespace gongzhi::accountability
