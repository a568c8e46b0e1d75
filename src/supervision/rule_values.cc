#include "supervision/rule_values.h"

#include <algorithm>

namespace gongzhi::supervision {
namespace {

using pack::YamlView;

bool is_plain_name(std::string_view name) {
    return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

Result<sql::Value> read_value(const YamlView& row, const Json& json, sql::SqlType type) {
    if (type == sql::SqlType::text && json.is_string()) return sql::Value(json.get<std::string>());
    if (type == sql::SqlType::integer && json.is_number_integer()) return sql::Value(json.get<int64_t>());
    if (type == sql::SqlType::boolean && json.is_boolean()) return sql::Value(json.get<bool>());
    if (type == sql::SqlType::date && json.is_string())
        if (const auto date = parse_date(json.get<std::string>())) return sql::Value(*date);
    return row.error(fmt::format("{} is expected here", sql::type_name(type)));
}

Result<sql::Row> read_row(const YamlView& view, const std::vector<CatalogueColumn>& columns) {
    if (!view.json().is_array() || view.json().size() != columns.size())
        return view.error("a row has one value for each column");
    sql::Row row;
    for (size_t i = 0; i < columns.size(); ++i) {
        GZ_TRY(sql::Value value, read_value(view, view.json()[i], columns[i].type));
        row.push_back(std::move(value));
    }
    return row;
}

Result<ValueTable> read_value_table(const YamlView& view, const std::vector<pack::RecordType>& records) {
    GZ_CHECKED(view.allow_keys({"name", "basis", "columns", "rows"}));
    ValueTable list;
    GZ_TRY(list.table.name, view.text("name"));
    const bool taken = find_table(catalogue_of(records), list.table.name) || list.table.name == kParametersTable;
    if (taken || !is_plain_name(list.table.name))
        return view.error_at("name", "a list has a name of its own: lower-case letters, digits and underscores");
    GZ_TRY(list.basis, pack::read_basis(view, "basis"));
    if (list.basis.empty()) return view.error("a list of values needs a legal basis");
    GZ_TRY(list.table.columns, read_columns(view));
    GZ_TRY(const auto rows, view.list("rows"));
    if (list.table.columns.empty() || rows.empty() || rows.size() > kValueRowsMax)
        return view.error(fmt::format("a list has columns and between 1 and {} rows", kValueRowsMax));
    for (const CatalogueColumn& column : list.table.columns) {
        const bool key = column.name == "party" || column.name == "shop" || column.name == "record_id";
        if (key || !is_plain_name(column.name))
            return view.error_at("columns", "values belong to no party, shop or record, and have plain names");
    }
    for (const YamlView& row : rows) {
        GZ_TRY(sql::Row values, read_row(row, list.table.columns));
        // Twice the same row would make two findings of one.
        if (std::find(list.rows.begin(), list.rows.end(), values) != list.rows.end())
            return row.error("this row stands twice");
        list.rows.push_back(std::move(values));
    }
    return list;
}

}  // namespace

Result<sql::SqlType> read_type(const YamlView& view) {
    static const std::map<std::string, sql::SqlType> types = {{"text", sql::SqlType::text},
                                                              {"integer", sql::SqlType::integer},
                                                              {"boolean", sql::SqlType::boolean},
                                                              {"date", sql::SqlType::date},
                                                              {"time", sql::SqlType::timestamp}};
    GZ_TRY(const std::string name, view.text("type"));
    const auto found = types.find(name);
    if (found == types.end()) return view.error_at("type", "a type is one of text, integer, boolean, date, time");
    return found->second;
}

Result<std::vector<CatalogueColumn>> read_columns(const YamlView& view) {
    GZ_TRY(const auto items, view.list("columns"));
    std::vector<CatalogueColumn> columns;
    for (const YamlView& item : items) {
        GZ_CHECKED(item.allow_keys({"name", "type"}));
        GZ_TRY(std::string name, item.text("name"));
        GZ_TRY(const sql::SqlType type, read_type(item));
        columns.push_back({std::move(name), type});
    }
    return columns;
}

Result<std::vector<ValueTable>> read_value_tables(const YamlView& root, const std::vector<pack::RecordType>& records) {
    GZ_TRY(const auto views, root.list("values"));
    std::vector<ValueTable> lists;
    std::set<std::string> names;
    for (const YamlView& view : views) {
        GZ_TRY(ValueTable list, read_value_table(view, records));
        if (!names.insert(list.table.name).second) return view.error_at("name", "two lists have this name");
        lists.push_back(std::move(list));
    }
    return lists;
}

}  // namespace gongzhi::supervision
