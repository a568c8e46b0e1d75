#include "supervision/catalogue.h"

#include "base/result.h"
#include "pack/columns.h"

namespace gongzhi::supervision {
namespace {

sql::SqlType type_of(pack::ColumnType type) {
    switch (type) {
        case pack::ColumnType::text: return sql::SqlType::text;
        case pack::ColumnType::integer: return sql::SqlType::integer;
        case pack::ColumnType::boolean: return sql::SqlType::boolean;
        case pack::ColumnType::date: return sql::SqlType::date;
        case pack::ColumnType::timestamp: return sql::SqlType::timestamp;
    }
    return sql::SqlType::null;
}

}  // namespace

Catalogue catalogue_of(const std::vector<pack::RecordType>& records) {
    using sql::SqlType;
    Catalogue catalogue;
    for (const pack::RecordType& record : records) {
        CatalogueTable table{record.name, {{"party", SqlType::text}, {"record_id", SqlType::text}}};
        for (const pack::Column& column : pack::columns_of(record))
            table.columns.push_back({column.name, type_of(column.type)});
        catalogue.push_back(std::move(table));
    }
    return catalogue;
}

const CatalogueTable* find_table(const Catalogue& catalogue, std::string_view name) {
    for (const CatalogueTable& table : catalogue)
        if (table.name == name) return &table;
    return nullptr;
}

std::string_view sql_type_name(sql::SqlType type) {
    switch (type) {
        case sql::SqlType::boolean: return "BOOLEAN";
        case sql::SqlType::integer: return "BIGINT";
        case sql::SqlType::text: return "VARCHAR";
        case sql::SqlType::date: return "DATE";
        case sql::SqlType::timestamp: return "TIMESTAMP";
        default: break;
    }
    GZ_CHECK(false, "a catalogue column has one of five types");
}

}  // namespace gongzhi::supervision
