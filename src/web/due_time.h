// When something is due, as people count: civil days of the pack's zone and working days of its calendar.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

CivilDate day_of(const Visit& visit, UtcTime time);

// "还有 3 天" or "已超过 2 天", by civil days.
std::string days_left(const Visit& visit, UtcTime due);
// Red when it is past, orange in the last three days, else blue.
Json days_left_tag(const Visit& visit, UtcTime due);

// The end of the working day that lies so many working days after; nothing where no calendar says.
std::optional<UtcTime> end_of_working_day(const Visit& visit, UtcTime after, int working_days);

}  // namespace gongzhi::web
