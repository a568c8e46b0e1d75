// A finding at an authority as supervision::RuleDesk records one, without the rule and its run.
#pragma once

#include "party.h"

namespace gongzhi::scenario {

inline void plant_finding(node::Node& authority, const std::string& id, const std::string& subject = "L-1",
                          const std::string& region = {}) {
    const Digest rule = authority.rules().rule("price-reference")->digest;
    ledger::Draft draft = ledger::trace_draft("finding",
                                              {{"finding", id},
                                               {"party", "platform-y"},
                                               {"shop", "S-1"},
                                               {"subject", subject},
                                               {"rule", "price-reference"},
                                               {"rule_version", 1},
                                               {"rule_digest", to_base64(rule.view())},
                                               {"verdict", "suspect"},
                                               {"region", region},
                                               {"message", "m"},
                                               {"explanation_zh", "疑"},
                                               {"explanation_en", "suspect"},
                                               {"columns", Json::object()},
                                               {"evidence", Json::array()}},
                                              authority.clock().now(), "system");
    draft.claims = {authority.claims().repeatable("finding", {id}, id)};
    EXPECT_TRUE(authority.ledger().append(std::move(draft)));
}

}  // namespace gongzhi::scenario
