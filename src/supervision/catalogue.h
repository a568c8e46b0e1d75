// The tables that a rule may read, with exactly their columns: party, record_id and what the pack's record type shows.
#pragma once

#include "pack/types.h"
#include "sql/types.h"

namespace gongzhi::supervision {

struct CatalogueColumn {
    std::string name;
    sql::SqlType type;
};

struct CatalogueTable {
    std::string name;
    std::vector<CatalogueColumn> columns;
};
using Catalogue = std::vector<CatalogueTable>;

constexpr std::string_view kParametersTable = "parameters";

Catalogue catalogue_of(const std::vector<pack::RecordType>& records);
const CatalogueTable* find_table(const Catalogue& catalogue, std::string_view name);
// "BIGINT" and so on: the names that DuckDB and PostgreSQL share.
std::string_view sql_type_name(sql::SqlType type);

}  // namespace gongzhi::supervision
