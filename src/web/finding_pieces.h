// What the pages of findings share: the finding within reach, its address, rules by their names.
#pragma once

#include "web/form.h"
#include "web/pieces.h"

namespace gongzhi::web {

std::string finding_link(const std::string& id);

// Out of the actor's reach the answer is that of a finding that is not there.
Result<Json> finding_within_reach(const Visit& visit, const std::string& id);

std::string rule_name(const Visit& visit, const std::string& id);
// The name, leading to the rule where this node knows it.
Json rule_cell(const Visit& visit, const std::string& id);

// What the rule says of a subject: suspect, or not enough to decide by.
Json verdict_tag(const Visit& visit, bool suspect);
// The judgements to choose from, in one order wherever somebody judges; `case_note` is what opening a case means there.
std::vector<FormView::Item> judgements(const Visit& visit, std::string_view case_note);

}  // namespace gongzhi::web
