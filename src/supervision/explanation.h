// The sentence of a finding, in zh and en, from the rule's templates and one row of its result. Pure.
//
// A template has text and {column}, {column|date}, {column|money:currency_column}; {{ is a brace. Which template is used
// depends on the value of one text column, `by`. Days, amounts and yes or no read as the reader's language writes them.
#pragma once

#include <map>

#include "pack/types.h"
#include "pack/yaml_view.h"
#include "sql/types.h"

namespace gongzhi::supervision {

struct Explanation {
    std::string by;                                               // the column that chooses
    std::map<std::string, pack::Wording, std::less<>> templates;  // its value → text
};

Result<Explanation> read_explanation(const pack::YamlView& view, const std::vector<std::string>& columns);
// The row must have the rule's columns; a NULL reads as "—".
pack::Wording explain(const Explanation& explanation, const sql::Table& result, size_t row);

}  // namespace gongzhi::supervision
