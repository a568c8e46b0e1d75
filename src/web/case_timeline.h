// What happened in a case, newest first, from both sides: its steps, the platform's answers and objections, our answers to them,
// looks at protected values; each with what it was about and how it ended.
#pragma once

#include "web/case_rows.h"

namespace gongzhi::web {

// The component `timeline`.
Json case_timeline(const Visit& visit, const CaseRows& rows);

}  // namespace gongzhi::web
