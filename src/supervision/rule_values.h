// Inside of the rule loader: typed columns, and the lists of values that a rule brings along. Not for other modules.
#pragma once

#include "supervision/rule.h"

namespace gongzhi::supervision {

constexpr size_t kValueRowsMax = 1000;

Result<sql::SqlType> read_type(const pack::YamlView& view);
// `columns: [{name, type}]`.
Result<std::vector<CatalogueColumn>> read_columns(const pack::YamlView& view);
// `values: [{name, basis, columns, rows}]`. `malformed` where a name is a table of the pack, or a row does not fit.
Result<std::vector<ValueTable>> read_value_tables(const pack::YamlView& root,
                                                  const std::vector<pack::RecordType>& records);

}  // namespace gongzhi::supervision
