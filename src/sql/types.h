// Values and tables as SQL engines give them: whole numbers, decimals, text, dates and times; never a floating number.
//
// Every engine's integers up to 64 bits are `integer`; what can be larger (HUGEINT, sums) is `huge`; NUMERIC and DECIMAL
// are `decimal`. DOUBLE, REAL, INTERVAL, TIMESTAMPTZ and nested types are refused when a result is read. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/types.h"

namespace gongzhi::sql {

__extension__ typedef __int128 Int128;

enum class SqlType { null, boolean, integer, huge, decimal, text, date, timestamp };
std::string_view type_name(SqlType type);

struct HugeInt {
    Int128 value = 0;
    auto operator<=>(const HugeInt&) const = default;
};

// unscaled / 10^scale; two spellings of one number (1.5 and 1.50) are different Decimals but one canonical text.
struct Decimal {
    Int128 unscaled = 0;
    uint8_t scale = 0;  // 0 to 38
    auto operator<=>(const Decimal&) const = default;
};

using Null = std::monostate;
// A date is a civil day, a timestamp UTC microseconds.
using Value = std::variant<Null, bool, int64_t, HugeInt, Decimal, std::string, CivilDate, UtcTime>;
using Row = std::vector<Value>;
using Parameters = std::vector<Value>;

struct Column {
    std::string name;
    SqlType type = SqlType::null;
    uint8_t scale = 0;  // of decimals
    bool operator==(const Column&) const = default;
};

struct Table {
    std::vector<Column> columns;
    std::vector<Row> rows;

    std::optional<size_t> find_column(std::string_view name) const;
    // The value in a named column; the column must exist.
    const Value& at(size_t row, std::string_view column) const;
};

inline bool is_null(const Value& value) { return std::holds_alternative<Null>(value); }
// The value of a column whose type is known; another type is a broken invariant.
int64_t integer_of(const Value& value);  // integer, or huge and scale-free decimal within 64 bits
bool boolean_of(const Value& value);
const std::string& text_of(const Value& value);
CivilDate date_of(const Value& value);
UtcTime time_of(const Value& value);

// "-12", "0", "1.5": no exponent, no plus, no trailing zeros behind the point.
std::string decimal_text(Int128 unscaled, uint8_t scale);

}  // namespace gongzhi::sql
