// The rule language (language.def) as lookups, and as the page docs/rule-language.md. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gongzhi::supervision {

// scalar: anywhere; aggregate: with GROUP BY or as a window; window: only OVER; ranking: only OVER, and its result
// depends on the order of equal rows.
enum class CallKind { scalar, aggregate, window, ranking };

struct NodeRule {
    std::set<std::string, std::less<>> members;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> values;  // member → its closed list
};

const NodeRule* node_rule(std::string_view kind);  // nullptr: not in the language
const CallKind* call_kind(std::string_view name);
bool type_allowed(std::string_view id);
bool conversion_allowed(std::string_view from, std::string_view to);
// Operators without any listed signature take whatever the types allow.
bool signature_allowed(std::string_view operation, std::string_view argument_types);

// docs/rule-language.md.
std::string rule_language_markdown();

}  // namespace gongzhi::supervision
