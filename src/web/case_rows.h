// What the tables say of one case: its facts, its steps, what was asked and answered, objections, looks. The pages of a case
// read it once and draw from it what is open, what comes next and what happened.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

struct CaseRows {
    casework::CaseThread thread;
    Json facts, steps, requests, blocked, objections, reveals;  // of each kind the newest first
};
// Of a case that is within reach. `unavailable` while the tables do not have it yet.
Result<CaseRows> read_case_rows(const Visit& visit, casework::CaseThread thread);

// The row of that order or request; null where there is none.
Json request_of(const CaseRows& rows, const std::string& message_id);

}  // namespace gongzhi::web
