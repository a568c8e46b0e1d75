// The tables that a rule may read, with exactly their columns: record types of the pack, and `coverage`.
//
// coverage(party, record_type, shop, from_date, until_date): for which civil days the node holds the complete records of
// that type and shop, half-open, one row for each longest run of such days. History before from_date is missing.
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

constexpr std::string_view kCoverageTable = "coverage";
constexpr std::string_view kParametersTable = "parameters";

Catalogue catalogue_of(const std::vector<pack::RecordType>& records);
const CatalogueTable* find_table(const Catalogue& catalogue, std::string_view name);
// "BIGINT" and so on: the names that DuckDB and PostgreSQL share.
std::string_view sql_type_name(sql::SqlType type);

}  // namespace gongzhi::supervision
