// A rule in plain words, the same wherever one is shown: in the library, in one of its versions, and as it came to a platform.
#pragma once

#include "web/sheet.h"

namespace gongzhi::web {

std::string rule_link(const std::string& rule_id);

// Rows that say which rule it is: code, version, what it is about, its scope, its digest.
Facts rule_facts(const Visit& visit, const supervision::RuleVersion& rule);

// What it looks for, how to read it, the law it rests on, what it looks at and what leaves.
std::vector<SheetSection> rule_in_words(const Visit& visit, const supervision::RuleVersion& rule);
// What it is made of: parameters, lists, test cases, SQL.
std::vector<SheetSection> rule_exactly(const Visit& visit, const supervision::RuleVersion& rule);
// The fields that leave the platform, by record type; false where none does.
Json disclosed_table(const Visit& visit, const supervision::RuleVersion& rule);
// The component `details` with a rule's SQL.
Json sql_details(const Visit& visit, const std::string& sql);

}  // namespace gongzhi::web
