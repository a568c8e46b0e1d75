// What the pages of findings share: the finding within reach, its address, rules by their names.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

std::string finding_link(const std::string& id);

// Out of the actor's reach the answer is that of a finding that is not there.
Result<Json> finding_within_reach(const Visit& visit, const std::string& id);

std::string rule_name(const Visit& visit, const std::string& id);

}  // namespace gongzhi::web
