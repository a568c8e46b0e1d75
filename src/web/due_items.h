// What a platform owes and can do now: requests and orders to answer, submissions by the calendar and by the law, rules to
// look at.
#pragma once

#include <optional>
#include <vector>

#include "web/staff_page.h"

namespace gongzhi::web {

struct DueItem {
    std::string what, href, who;  // in words, where it is done, the authority that wants it
    std::optional<UtcTime> by{};  // nothing: no time limit
    std::string record_type{};    // of a submission
};

struct DueItems {
    std::vector<DueItem> items;  // what has a time limit first, the nearest at the top
    Json done = Json::array();   // rows of what was submitted by the calendar
};
Result<DueItems> due_items(const Visit& visit);

}  // namespace gongzhi::web
