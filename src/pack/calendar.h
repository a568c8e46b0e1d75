// Working days of one year per file: weekends are free but for the make-up days (调休), holidays are free. Pure.
#pragma once

#include <map>
#include <set>

#include "base/clock.h"
#include "base/yaml.h"

namespace gongzhi::pack {

class Calendar {
public:
    // calendars/2026.yaml: {year, source, unverified, holidays: [dates], working_weekends: [dates]}.
    Status add_year(const YamlDocument& document);
    // `unsupported` for a day in a year that no file covers: a deadline is never guessed.
    Result<bool> is_working_day(CivilDate date) const;
    // The date that lies `days` working days after `start`; the start day itself never counts. days ≥ 0.
    Result<CivilDate> add_working_days(CivilDate start, int days) const;

private:
    std::set<int> years_;
    std::set<CivilDate> holidays_;
    std::set<CivilDate> working_weekends_;
};

}  // namespace gongzhi::pack
