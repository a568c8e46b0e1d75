// Values and tables as JSON: dates and times as text, numbers beyond 64 bits as text, so that nothing is rounded.
#pragma once

#include "base/json.h"
#include "sql/types.h"

namespace gongzhi::sql {

Json to_json(const Value& value);
// A list of objects, one a row, members named as the columns.
Json to_json(const Table& table);

}  // namespace gongzhi::sql
