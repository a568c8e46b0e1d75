#include "pack/columns.h"

#include <fmt/format.h>

namespace gongzhi::pack {
namespace {

std::string_view sql_type(ColumnType type) {
    switch (type) {
        case ColumnType::text: return "VARCHAR";
        case ColumnType::integer: return "BIGINT";
        case ColumnType::boolean: return "BOOLEAN";
        case ColumnType::date: return "DATE";
        case ColumnType::timestamp: return "TIMESTAMP";
    }
    return "VARCHAR";
}

std::string civil_name(const std::string& time_name) { return time_name.substr(0, time_name.size() - 5) + "_date"; }

}  // namespace

const Wording* Field::value_title(std::string_view value) const {
    for (size_t i = 0; i < values.size(); ++i)
        if (values[i] == value) return &value_titles[i];
    return nullptr;
}

std::vector<Column> columns_of(const RecordType& type) {
    std::vector<Column> columns;
    for (size_t slot = 0; slot < type.fields.size(); ++slot) {
        const Field& field = type.fields[slot];
        const auto add = [&](std::string name, ColumnType column_type, Column::Part part) {
            columns.push_back({std::move(name), column_type, slot, part});
        };
        if (field.is_protected()) {
            add(field.name + "_token", ColumnType::text, Column::Part::token);
            continue;
        }
        switch (field.type) {
            case FieldType::text: add(field.name, ColumnType::text, Column::Part::value); break;
            case FieldType::integer: add(field.name, ColumnType::integer, Column::Part::value); break;
            case FieldType::boolean: add(field.name, ColumnType::boolean, Column::Part::value); break;
            case FieldType::date: add(field.name, ColumnType::date, Column::Part::value); break;
            case FieldType::time:
                add(field.name, ColumnType::timestamp, Column::Part::value);
                add(civil_name(field.name), ColumnType::date, Column::Part::civil_date);
                break;
            case FieldType::money:
                add(field.name + "_minor", ColumnType::integer, Column::Part::value);
                add(field.name + "_currency", ColumnType::text, Column::Part::currency);
                break;
        }
    }
    return columns;
}

std::string table_ddl(const RecordType& type) {
    std::string columns;
    for (const Column& column : columns_of(type)) columns += fmt::format(", {} {}", column.name, sql_type(column.type));
    return fmt::format(
        "CREATE TABLE IF NOT EXISTS store.{}(party VARCHAR NOT NULL, record_id VARCHAR NOT NULL, entry_from BIGINT NOT NULL, "
        "entry_to BIGINT, record_no BIGINT NOT NULL, version BIGINT NOT NULL, pack_version VARCHAR NOT NULL{})",
        type.name, columns);
}

std::string view_ddl(const RecordType& type) {
    std::string columns = "party, record_id";
    for (const Column& column : columns_of(type)) columns += ", " + column.name;
    return fmt::format("CREATE OR REPLACE VIEW {0} AS SELECT {1} FROM store.{0} WHERE entry_to IS NULL", type.name,
                       columns);
}

}  // namespace gongzhi::pack
