// Metrics are content of the pack: a title, whose they are, one SELECT with numerator and denominator for each subject, a
// window and a minimum sample. Both sides are measured; nobody is measured without the figures behind it.
//
// metrics/<id>/metric.yaml + metric.sql. The SQL runs on the `affairs` store with $1 = begin and $2 = end of the window
// (UTC) and gives rows (subject VARCHAR, numerator BIGINT, denominator BIGINT). Loading is pure but for the files.
#pragma once

#include <filesystem>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "pack/types.h"
#include "sql/database.h"

namespace gongzhi::accountability {

// Whose: the government's or the platforms'. What of it: willing (想不想) or able (能不能).
enum class Side { government, platform };
enum class Aspect { willing, able };
std::string_view side_name(Side side);
std::string_view aspect_name(Aspect aspect);

struct Metric {
    std::string id;
    pack::Wording title, numerator, denominator, next_step;
    Side side = Side::platform;
    Aspect aspect = Aspect::able;
    int window_days = 90;
    int64_t minimum_sample = 5;
    std::string sql;
};

// Sorted by side, aspect, id. `malformed` with file:line:column. Empty where the pack has none.
Result<std::vector<Metric>> load_metrics(const std::filesystem::path& pack_folder);

// A share and where the true one lies with 95 % (Wilson's interval, 1927), in parts per thousand.
struct Share {
    int64_t value = 0, low = 0, high = 1'000;
};
// Nothing for an empty denominator; `numerator` is at most `denominator`.
std::optional<Share> share_of(int64_t numerator, int64_t denominator);

struct Measured {
    std::string subject;  // a party, or "" for the whole authority
    int64_t numerator = 0, denominator = 0;
    std::optional<Share> share;  // nothing below the minimum sample: too few to say anything
};
// `rejected` where the SQL does not give such rows.
Result<std::vector<Measured>> measure(const Metric& metric, UtcTime until, sql::Connection& affairs);

// All metrics with their figures and their SQL, as the scorecard shows them.
Result<Json> scorecard(const std::vector<Metric>& metrics, UtcTime until, sql::Connection& affairs);

}  // namespace gongzhi::accountability
