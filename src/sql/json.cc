#include "sql/json.h"

namespace gongzhi::sql {

Json to_json(const Value& value) {
    struct Visitor {
        Json operator()(Null) const { return nullptr; }
        Json operator()(bool flag) const { return flag; }
        Json operator()(int64_t number) const { return number; }
        Json operator()(const HugeInt& number) const { return decimal_text(number.value, 0); }
        Json operator()(const Decimal& number) const { return decimal_text(number.unscaled, number.scale); }
        Json operator()(const std::string& text) const { return text; }
        Json operator()(CivilDate date) const { return format_date(date); }
        Json operator()(UtcTime time) const { return format_utc(time); }
    };
    return std::visit(Visitor{}, value);
}

Json to_json(const Table& table) {
    Json rows = Json::array();
    for (const Row& row : table.rows) {
        Json object = Json::object();
        for (size_t i = 0; i < row.size(); ++i) object[table.columns[i].name] = to_json(row[i]);
        rows.push_back(std::move(object));
    }
    return rows;
}

}  // namespace gongzhi::sql
