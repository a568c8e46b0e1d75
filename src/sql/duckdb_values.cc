#include "sql/duckdb_driver.h"

namespace gongzhi::sql::duck {
namespace {

struct ErrorKind {
    ErrorCode code;
    std::string_view sentence;
};

ErrorKind kind_of(duckdb_error_type type) {
    switch (type) {
        case DUCKDB_ERROR_PARSER:
        case DUCKDB_ERROR_SYNTAX:
        case DUCKDB_ERROR_BINDER:
        case DUCKDB_ERROR_CATALOG:
        case DUCKDB_ERROR_NOT_IMPLEMENTED: return {ErrorCode::rejected, "the query does not fit the tables"};
        case DUCKDB_ERROR_CONVERSION:
        case DUCKDB_ERROR_OUT_OF_RANGE:
        case DUCKDB_ERROR_MISMATCH_TYPE:
        case DUCKDB_ERROR_INVALID_TYPE:
        case DUCKDB_ERROR_DECIMAL:
        case DUCKDB_ERROR_DIVIDE_BY_ZERO:
        case DUCKDB_ERROR_INVALID_INPUT:
        case DUCKDB_ERROR_PARAMETER_NOT_RESOLVED:
        case DUCKDB_ERROR_PARAMETER_NOT_ALLOWED: return {ErrorCode::rejected, "a value does not fit its type"};
        case DUCKDB_ERROR_CONSTRAINT:
        case DUCKDB_ERROR_TRANSACTION: return {ErrorCode::conflict, "the change conflicts with what is stored"};
        case DUCKDB_ERROR_OUT_OF_MEMORY: return {ErrorCode::busy, "the query needs more memory than it may use"};
        case DUCKDB_ERROR_INTERRUPT: return {ErrorCode::timeout, "the query was interrupted"};
        case DUCKDB_ERROR_PERMISSION:
        case DUCKDB_ERROR_MISSING_EXTENSION:
        case DUCKDB_ERROR_AUTOLOAD: return {ErrorCode::forbidden, "the query reaches outside the database"};
        case DUCKDB_ERROR_IO: return {ErrorCode::io, "the database could not read or write"};
        case DUCKDB_ERROR_SERIALIZATION: return {ErrorCode::corrupt, "the database file cannot be read"};
        default: return {ErrorCode::internal, "the database failed"};
    }
}

SqlType type_of(duckdb_type type) {
    switch (type) {
        case DUCKDB_TYPE_BOOLEAN: return SqlType::boolean;
        case DUCKDB_TYPE_TINYINT:
        case DUCKDB_TYPE_SMALLINT:
        case DUCKDB_TYPE_INTEGER:
        case DUCKDB_TYPE_BIGINT:
        case DUCKDB_TYPE_UTINYINT:
        case DUCKDB_TYPE_USMALLINT:
        case DUCKDB_TYPE_UINTEGER: return SqlType::integer;
        case DUCKDB_TYPE_UBIGINT:
        case DUCKDB_TYPE_HUGEINT: return SqlType::huge;
        case DUCKDB_TYPE_DECIMAL: return SqlType::decimal;
        case DUCKDB_TYPE_VARCHAR: return SqlType::text;
        case DUCKDB_TYPE_DATE: return SqlType::date;
        case DUCKDB_TYPE_TIMESTAMP: return SqlType::timestamp;
        default: return SqlType::null;
    }
}

Int128 join_halves(duckdb_hugeint halves) {
    return (static_cast<Int128>(halves.upper) << 64) | static_cast<Int128>(halves.lower);
}

duckdb_hugeint split_halves(Int128 value) { return {static_cast<uint64_t>(value), static_cast<int64_t>(value >> 64)}; }

template <typename T>
T element(const void* data, idx_t row) {
    return static_cast<const T*>(data)[row];
}

// A whole number of any width, as it lies in a vector.
Int128 wide_element(const void* data, idx_t row, duckdb_type type) {
    switch (type) {
        case DUCKDB_TYPE_TINYINT: return element<int8_t>(data, row);
        case DUCKDB_TYPE_SMALLINT: return element<int16_t>(data, row);
        case DUCKDB_TYPE_INTEGER: return element<int32_t>(data, row);
        case DUCKDB_TYPE_BIGINT: return element<int64_t>(data, row);
        case DUCKDB_TYPE_UTINYINT: return element<uint8_t>(data, row);
        case DUCKDB_TYPE_USMALLINT: return element<uint16_t>(data, row);
        case DUCKDB_TYPE_UINTEGER: return element<uint32_t>(data, row);
        case DUCKDB_TYPE_UBIGINT: return element<uint64_t>(data, row);
        default: return join_halves(element<duckdb_hugeint>(data, row));
    }
}

std::string text_element(void* data, idx_t row) {
    auto* text = static_cast<duckdb_string_t*>(data) + row;
    return std::string(duckdb_string_t_data(text), duckdb_string_t_length(*text));
}

Value value_element(void* data, idx_t row, const Column& column, duckdb_type raw) {
    switch (column.type) {
        case SqlType::boolean: return element<bool>(data, row);
        case SqlType::integer: return static_cast<int64_t>(wide_element(data, row, raw));
        case SqlType::huge: return HugeInt{wide_element(data, row, raw)};
        case SqlType::decimal: return Decimal{wide_element(data, row, raw), column.scale};
        case SqlType::text: return text_element(data, row);
        case SqlType::date: return CivilDate(element<int32_t>(data, row));
        case SqlType::timestamp: return UtcTime(element<int64_t>(data, row));
        case SqlType::null: break;
    }
    return Null{};
}

struct Binder {
    duckdb_prepared_statement prepared;
    idx_t index;
    duckdb_state operator()(Null) const { return duckdb_bind_null(prepared, index); }
    duckdb_state operator()(bool value) const { return duckdb_bind_boolean(prepared, index, value); }
    duckdb_state operator()(int64_t value) const { return duckdb_bind_int64(prepared, index, value); }
    duckdb_state operator()(HugeInt value) const {
        return duckdb_bind_hugeint(prepared, index, split_halves(value.value));
    }
    duckdb_state operator()(Decimal value) const {
        return duckdb_bind_decimal(prepared, index, {38, value.scale, split_halves(value.unscaled)});
    }
    duckdb_state operator()(const std::string& value) const {
        return duckdb_bind_varchar_length(prepared, index, value.data(), value.size());
    }
    duckdb_state operator()(CivilDate value) const { return duckdb_bind_date(prepared, index, {value.value}); }
    duckdb_state operator()(UtcTime value) const { return duckdb_bind_timestamp(prepared, index, {value.value}); }
};

}  // namespace

Error error_of(duckdb_error_type type, const char* words, std::string& diagnosis) {
    diagnosis = words ? words : "";
    const ErrorKind kind = kind_of(type);
    return Error{kind.code, std::string(kind.sentence), {}, {}};
}

Error error_of(duckdb_result& result, std::string& diagnosis) {
    return error_of(duckdb_result_error_type(&result), duckdb_result_error(&result), diagnosis);
}

Result<std::vector<Column>> columns_of(duckdb_result& result) {
    std::vector<Column> columns;
    for (idx_t i = 0; i < duckdb_column_count(&result); ++i) {
        const duckdb_type raw = duckdb_column_type(&result, i);
        Column column{duckdb_column_name(&result, i), type_of(raw), 0};
        if (column.type == SqlType::null && raw != DUCKDB_TYPE_SQLNULL)
            return fail(ErrorCode::unsupported, "column {} of the result has a type that is not allowed", i + 1);
        if (column.type == SqlType::decimal) {
            const LogicalType type(duckdb_column_logical_type(&result, i));
            column.scale = duckdb_decimal_scale(type.get());
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

void read_chunk(duckdb_data_chunk chunk, const std::vector<Column>& columns, std::vector<Row>& rows) {
    const idx_t count = duckdb_data_chunk_get_size(chunk);
    const size_t first = rows.size();
    rows.resize(first + count);
    for (size_t row = 0; row < count; ++row) rows[first + row].resize(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) {
        const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        const LogicalType type(duckdb_vector_get_column_type(vector));
        const duckdb_type raw = columns[i].type == SqlType::decimal ? duckdb_decimal_internal_type(type.get())
                                                                    : duckdb_get_type_id(type.get());
        void* data = duckdb_vector_get_data(vector);
        uint64_t* validity = duckdb_vector_get_validity(vector);
        for (idx_t row = 0; row < count; ++row)
            if (!validity || duckdb_validity_row_is_valid(validity, row))
                rows[first + row][i] = value_element(data, row, columns[i], raw);
    }
}

Status bind(duckdb_prepared_statement prepared, const Parameters& parameters, std::string& diagnosis) {
    duckdb_clear_bindings(prepared);
    if (duckdb_nparams(prepared) != parameters.size())
        return fail(ErrorCode::rejected, "the query takes {} parameters, not {}", duckdb_nparams(prepared),
                    parameters.size());
    for (size_t i = 0; i < parameters.size(); ++i)
        if (std::visit(Binder{prepared, i + 1}, parameters[i]) == DuckDBError) {
            diagnosis = duckdb_prepare_error(prepared) ? duckdb_prepare_error(prepared) : "";
            return fail(ErrorCode::rejected, "parameter {} does not fit its type", i + 1);
        }
    return {};
}

}  // namespace gongzhi::sql::duck
