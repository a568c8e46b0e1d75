// A record's values as people read them: coded values by their names, dates and times in words, money with its currency.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

// `value` as a table's row or an answer holds it. A code that the pack does not know stays as it is.
std::string value_in_words(const Visit& visit, const pack::Field& field, const Json& value);

}  // namespace gongzhi::web
