// What each platform submits by the calendar, and whether it did: in time, late, missing, or not due yet. Computed when
// somebody looks, from what came in and the caller's clock; nothing stored depends on the present.
//
// deadlines.yaml of the pack: record type, months, legal basis. A period is the whole month.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "pack/types.h"
#include "sql/database.h"

namespace gongzhi::accountability {

struct Deadline {
    std::string id, record_type;
    pack::Wording title;
    std::vector<unsigned> months;  // 1 to 12
    std::vector<pack::LegalBasis> basis;
};

// `malformed` with file:line:column. Empty where the pack has none.
Result<std::vector<Deadline>> load_deadlines(const std::filesystem::path& pack_folder);

enum class DueState { in_time, late, missing, open };
std::string_view due_state_name(DueState state);

struct Due {
    std::string deadline, party;
    CivilDate from, until;  // the period, both included
    DueState state = DueState::open;
    std::optional<UtcTime> submitted;  // the first submission of the type in the period or after it
};

// Whose periods: since when it owes, and when it submitted records of the deadline's type, in order of time.
struct Owing {
    std::string party;
    UtcTime admitted_time;
    std::vector<UtcTime> submitted_times;
};
// The periods of one deadline up to now, in order. What counts as submitted is the caller's to say. Pure.
std::vector<Due> dues_of(const Deadline& deadline, const Owing& owing, UtcTime now, int offset_minutes);
// Of every platform since the month in which it was admitted; `offset_minutes` is the pack's zone.
Result<std::vector<Due>> dues_as_of(const std::vector<Deadline>& deadlines, UtcTime now, int offset_minutes,
                                    sql::Connection& affairs);
Json to_json(const std::vector<Due>& dues);

}  // namespace gongzhi::accountability
