// How a record type looks in tables: the physical table in schema `store` and the view that rules and pages read.
#pragma once

#include "pack/types.h"

namespace gongzhi::pack {

enum class ColumnType { text, integer, boolean, date, timestamp };

// One column of the physical table and the field part it shows.
struct Column {
    std::string name;
    ColumnType type;
    size_t slot;
    enum class Part { value, currency, civil_date, token } part;
};

// The columns of the fields, in field-id order: money gives <name>_minor and <name>_currency, a time its _time and its
// civil _date, a protected field <name>_token.
std::vector<Column> columns_of(const RecordType& type);

// CREATE TABLE store.<type>(party, record_id, entry_from, entry_to, record_no, version, pack_version, columns…). No
// constraint but NOT NULL: uniqueness is decided in the journal.
std::string table_ddl(const RecordType& type);
// CREATE VIEW <type> AS the rows that are current. Works in DuckDB and PostgreSQL.
std::string view_ddl(const RecordType& type);

}  // namespace gongzhi::pack
