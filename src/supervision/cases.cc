#include "supervision/cases.h"

#include <set>

#include "supervision/rule.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kRowsOfAnInsert = 500;

Result<sql::Value> value_of(const pack::YamlView& view, const std::string& key, const Json& json, sql::SqlType type) {
    if (json.is_null()) return sql::Value(sql::Null{});
    const auto wrong = [&] { return view.error_at(key, fmt::format("{} is expected here", sql::type_name(type))); };
    if (type == sql::SqlType::boolean) return json.is_boolean() ? Result<sql::Value>(json.get<bool>()) : wrong();
    if (type == sql::SqlType::integer)
        return json.is_number_integer() ? Result<sql::Value>(json.get<int64_t>()) : wrong();
    if (!json.is_string()) return wrong();
    const std::string text = json.get<std::string>();
    if (type == sql::SqlType::text) return sql::Value(text);
    if (type == sql::SqlType::date) {
        const auto date = parse_date(text);
        return date ? Result<sql::Value>(*date) : wrong();
    }
    const auto time = parse_utc(text);
    return time ? Result<sql::Value>(*time) : wrong();
}

const CatalogueColumn* find_column(const std::vector<CatalogueColumn>& columns, std::string_view name) {
    for (const CatalogueColumn& column : columns)
        if (column.name == name) return &column;
    return nullptr;
}

class CaseReader {
public:
    CaseReader(const Catalogue& catalogue, const std::vector<CatalogueColumn>& result_columns,
               const std::vector<RuleParameter>& parameters)
        : catalogue_(catalogue), result_columns_(result_columns), parameters_(parameters) {}

    Result<std::vector<RuleCase>> read(const pack::YamlView& root) {
        GZ_CHECKED(root.allow_keys({"zone_offset_minutes", "defaults", "cases"}));
        GZ_TRY(const int64_t offset, root.integer_or("zone_offset_minutes", 0));
        if (offset < -14 * 60 || offset > 14 * 60)
            return root.error_at("zone_offset_minutes", "no zone lies that far from UTC");
        offset_minutes_ = static_cast<int>(offset);
        defaults_ = root.json().value("defaults", Json::object());
        GZ_TRY(const auto views, root.list("cases"));
        std::vector<RuleCase> cases;
        std::set<std::string> names;
        for (const pack::YamlView& view : views) {
            GZ_TRY(RuleCase one, read_case(view));
            if (!names.insert("zh " + one.name.zh).second) return view.error_at("zh", "two cases have this name");
            if (!names.insert("en " + one.name.en).second) return view.error_at("en", "two cases have this name");
            cases.push_back(std::move(one));
        }
        return cases;
    }

private:
    Result<RuleCase> read_case(const pack::YamlView& view) {
        GZ_CHECKED(view.allow_keys({"zh", "en", "parameters", "given", "expect"}));
        RuleCase one;
        GZ_TRY(one.name.zh, view.text("zh"));
        GZ_TRY(one.name.en, view.text("en"));
        GZ_TRY(const pack::YamlView given, view.at("given"));
        if (!given.json().is_object()) return view.error_at("given", "a mapping is expected here");
        for (const auto& [name, ignored] : given.json().items()) {
            const CatalogueTable* table = find_table(catalogue_, name);
            if (!table) return given.error_at(name, "the catalogue has no such table");
            GivenTable rows{name, {}};
            GZ_TRY(const auto items, given.list(name));
            for (const pack::YamlView& item : items) {
                GZ_TRY(sql::Row row, read_row(item, *table));
                rows.rows.push_back(std::move(row));
            }
            one.given.push_back(std::move(rows));
        }
        GZ_CHECKED(read_parameters(view, one));
        GZ_TRY(const auto expected, view.list("expect"));
        for (const pack::YamlView& item : expected) {
            GZ_TRY(auto values, read_expected(item));
            one.expect.push_back(std::move(values));
        }
        return one;
    }

    Result<sql::Row> read_row(const pack::YamlView& item, const CatalogueTable& table) {
        if (!item.json().is_object()) return item.error("a row is a mapping of columns");
        for (const auto& [name, ignored] : item.json().items())
            if (!find_column(table.columns, name))
                return item.error_at(name, fmt::format("{} has no such column", table.name));
        Json filled = defaults_.value(table.name, Json::object());
        filled.update(item.json());
        for (const CatalogueColumn& column : table.columns) derive_date(filled, column.name);
        sql::Row row;
        for (const CatalogueColumn& column : table.columns) {
            GZ_TRY(sql::Value value, value_of(item, column.name, filled.value(column.name, Json()), column.type));
            row.push_back(std::move(value));
        }
        return row;
    }

    void derive_date(Json& row, const std::string& column) const {
        if (!column.ends_with("_date") || row.contains(column)) return;
        const std::string time = column.substr(0, column.size() - 5) + "_time";
        if (!row.contains(time) || !row[time].is_string()) return;
        if (const auto moment = parse_utc(row[time].get<std::string>()))
            row[column] = format_date(date_in_zone(*moment, offset_minutes_));
    }

    Status read_parameters(const pack::YamlView& view, RuleCase& one) {
        if (!view.has("parameters")) return {};
        GZ_TRY(const pack::YamlView values, view.at("parameters"));
        for (const auto& [name, json] : values.json().items()) {
            const RuleParameter* known = nullptr;
            for (const RuleParameter& parameter : parameters_)
                if (parameter.name == name) known = &parameter;
            if (!known) return values.error_at(name, "the rule has no such parameter");
            GZ_TRY(one.parameters[name], value_of(values, name, json, known->type));
        }
        return {};
    }

    Result<std::map<std::string, sql::Value, std::less<>>> read_expected(const pack::YamlView& item) {
        std::map<std::string, sql::Value, std::less<>> values;
        if (!item.json().is_object()) return item.error("an expected row is a mapping of columns");
        for (const auto& [name, json] : item.json().items()) {
            const CatalogueColumn* column = find_column(result_columns_, name);
            if (!column) return item.error_at(name, "the result has no such column");
            GZ_TRY(values[name], value_of(item, name, json, column->type));
        }
        return values;
    }

    const Catalogue& catalogue_;
    const std::vector<CatalogueColumn>& result_columns_;
    const std::vector<RuleParameter>& parameters_;
    int offset_minutes_ = 0;
    Json defaults_;
};

// Numbers of all widths are equal when they are the same number.
bool same(const sql::Value& a, const sql::Value& b) {
    const auto number = [](const sql::Value& value) {
        return std::holds_alternative<int64_t>(value) || std::holds_alternative<sql::HugeInt>(value) ||
               std::holds_alternative<sql::Decimal>(value);
    };
    if (number(a) && number(b)) return sql::integer_of(a) == sql::integer_of(b);
    return a == b;
}

bool matches(const std::map<std::string, sql::Value, std::less<>>& expected, const sql::Table& result, size_t row) {
    for (const auto& [column, value] : expected)
        if (!same(value, result.at(row, column))) return false;
    return true;
}

}  // namespace

Result<std::vector<RuleCase>> read_cases(const YamlDocument& document, const Catalogue& catalogue,
                                         const std::vector<CatalogueColumn>& result_columns,
                                         const std::vector<RuleParameter>& parameters) {
    return CaseReader(catalogue, result_columns, parameters).read(pack::YamlView(document));
}

std::string difference(const RuleCase& rule_case, const sql::Table& result) {
    if (result.rows.size() != rule_case.expect.size())
        return fmt::format("{}: {} rows are expected, {} came", rule_case.name.en, rule_case.expect.size(),
                           result.rows.size());
    std::vector<bool> used(result.rows.size(), false);
    for (size_t i = 0; i < rule_case.expect.size(); ++i) {
        bool found = false;
        for (size_t row = 0; row < result.rows.size() && !found; ++row)
            if (!used[row] && matches(rule_case.expect[i], result, row)) found = used[row] = true;
        if (!found) return fmt::format("{}: no row is like expected row {}", rule_case.name.en, i + 1);
    }
    return "";
}

std::string sql_literal(const sql::Value& value) {
    if (sql::is_null(value)) return "NULL";
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "TRUE" : "FALSE";
    if (const auto* date = std::get_if<CivilDate>(&value)) return fmt::format("DATE '{}'", format_date(*date));
    if (const auto* time = std::get_if<UtcTime>(&value)) {
        std::string text = format_utc(*time);
        text.pop_back();  // Z: the column is UTC
        text[10] = ' ';
        return fmt::format("TIMESTAMP '{}'", text);
    }
    if (!std::holds_alternative<std::string>(value)) return std::to_string(sql::integer_of(value));
    std::string out = "'";
    for (const char c : std::get<std::string>(value)) out += c == '\'' ? "''" : std::string(1, c);
    return out + "'";
}

std::vector<std::string> store_statements(const Catalogue& catalogue, const std::vector<GivenTable>& given) {
    std::vector<std::string> statements = {"CREATE SCHEMA IF NOT EXISTS store"};
    for (const CatalogueTable& table : catalogue) {
        std::string columns = "entry_from BIGINT NOT NULL, entry_to BIGINT";
        for (const CatalogueColumn& column : table.columns)
            columns += fmt::format(", {} {}", column.name, sql_type_name(column.type));
        statements.push_back(fmt::format("CREATE TABLE store.{}({})", table.name, columns));
    }
    for (const GivenTable& table : given) {
        std::string rows;
        for (size_t i = 0; i < table.rows.size(); ++i) {
            std::string values = "0, NULL";
            for (const sql::Value& value : table.rows[i]) values += ", " + sql_literal(value);
            rows += fmt::format("{}({})", rows.empty() ? "" : ", ", values);
            if (i + 1 < table.rows.size() && (i + 1) % kRowsOfAnInsert != 0) continue;
            statements.push_back(fmt::format("INSERT INTO store.{} VALUES {}", table.table, rows));
            rows.clear();
        }
    }
    return statements;
}

}  // namespace gongzhi::supervision
