// What platforms said about a metric or a rule, as pages show it: in their own words, with who and when.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

constexpr int kCommentsShown = 50;

// The component `table`, newest first; false without any. `kind` is metric or rule. At an authority those that came in, at
// a platform its own.
Result<Json> comments_table(node::Node& node, Language language, const std::string& kind, const std::string& id);
// The same for all metrics at once, in order of time: for a page that shows the whole scorecard.
Result<Json> metric_comments_table(node::Node& node, Language language);
// "A metric" or "a rule" by its title, as the pack has it.
std::string comment_subject(node::Node& node, Language language, const std::string& kind, const std::string& id);

}  // namespace gongzhi::web
