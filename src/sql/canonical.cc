#include "sql/canonical.h"

#include <algorithm>

#include "base/bytes.h"

namespace gongzhi::sql {
namespace {

struct Encoder {
    Bytes& out;
    void number(Int128 unscaled, uint8_t scale) const {
        out.push_back('n');
        put_sized(out, decimal_text(unscaled, scale));
    }
    void tagged(char tag, int64_t value) const {
        out.push_back(tag);
        put_i64(out, value);
    }
    void operator()(Null) const { out.push_back('z'); }
    void operator()(bool value) const {
        out.push_back('b');
        put_u8(out, value ? 1 : 0);
    }
    void operator()(int64_t value) const { number(value, 0); }
    void operator()(HugeInt value) const { number(value.value, 0); }
    void operator()(Decimal value) const { number(value.unscaled, value.scale); }
    void operator()(const std::string& value) const {
        out.push_back('t');
        put_sized(out, value);
    }
    void operator()(CivilDate value) const { tagged('d', value.value); }
    void operator()(UtcTime value) const { tagged('m', value.value); }
};

Bytes encode_row(const Row& row) {
    Bytes out;
    for (const Value& value : row) std::visit(Encoder{out}, value);
    return out;
}

}  // namespace

Bytes canonical_encoding(const Table& table) {
    Bytes out;
    put_u32(out, static_cast<uint32_t>(table.columns.size()));
    for (const Column& column : table.columns) put_sized(out, column.name);
    put_u32(out, static_cast<uint32_t>(table.rows.size()));
    for (const Row& row : table.rows) out += encode_row(row);
    return out;
}

void sort_rows(Table& table) {
    std::vector<std::pair<Bytes, size_t>> keys;
    keys.reserve(table.rows.size());
    for (size_t i = 0; i < table.rows.size(); ++i) keys.emplace_back(encode_row(table.rows[i]), i);
    std::sort(keys.begin(), keys.end());
    std::vector<Row> sorted;
    sorted.reserve(keys.size());
    for (const auto& key : keys) sorted.push_back(std::move(table.rows[key.second]));
    table.rows = std::move(sorted);
}

}  // namespace gongzhi::sql
