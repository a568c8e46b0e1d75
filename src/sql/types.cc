#include "sql/types.h"

#include <algorithm>

#include "base/result.h"

namespace gongzhi::sql {

std::string_view type_name(SqlType type) {
    switch (type) {
        case SqlType::null: return "null";
        case SqlType::boolean: return "boolean";
        case SqlType::integer: return "integer";
        case SqlType::huge: return "huge integer";
        case SqlType::decimal: return "decimal";
        case SqlType::text: return "text";
        case SqlType::date: return "date";
        case SqlType::timestamp: return "timestamp";
    }
    return "unknown";
}

std::optional<size_t> Table::find_column(std::string_view name) const {
    for (size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name) return i;
    return std::nullopt;
}

const Value& Table::at(size_t row, std::string_view column) const {
    const auto index = find_column(column);
    GZ_CHECK(index && row < rows.size(), "a result is read by columns and rows that it has");
    return rows[row][*index];
}

int64_t integer_of(const Value& value) {
    if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
    const auto* huge = std::get_if<HugeInt>(&value);
    const auto* decimal = std::get_if<Decimal>(&value);
    GZ_CHECK(huge || (decimal && decimal->scale == 0), "the column holds whole numbers");
    const Int128 wide = huge ? huge->value : decimal->unscaled;
    GZ_CHECK(wide >= INT64_MIN && wide <= INT64_MAX, "the number fits 64 bits");
    return static_cast<int64_t>(wide);
}

bool boolean_of(const Value& value) {
    GZ_CHECK(std::holds_alternative<bool>(value), "the column holds booleans");
    return std::get<bool>(value);
}

const std::string& text_of(const Value& value) {
    GZ_CHECK(std::holds_alternative<std::string>(value), "the column holds text");
    return std::get<std::string>(value);
}

CivilDate date_of(const Value& value) {
    GZ_CHECK(std::holds_alternative<CivilDate>(value), "the column holds dates");
    return std::get<CivilDate>(value);
}

UtcTime time_of(const Value& value) {
    GZ_CHECK(std::holds_alternative<UtcTime>(value), "the column holds timestamps");
    return std::get<UtcTime>(value);
}

std::string decimal_text(Int128 unscaled, uint8_t scale) {
    // The magnitude as unsigned: the smallest 128-bit number has no positive twin.
    __extension__ typedef unsigned __int128 Wide;
    Wide rest = unscaled < 0 ? Wide(0) - static_cast<Wide>(unscaled) : static_cast<Wide>(unscaled);
    std::string digits;  // backwards
    for (int position = 0; rest != 0 || position <= scale; ++position, rest /= 10) {
        if (position == scale && position > 0 && !digits.empty()) digits.push_back('.');
        const char digit = static_cast<char>('0' + static_cast<int>(rest % 10));
        if (position >= scale || digit != '0' || !digits.empty()) digits.push_back(digit);
    }
    if (unscaled < 0) digits.push_back('-');
    std::reverse(digits.begin(), digits.end());
    return digits;
}

}  // namespace gongzhi::sql
