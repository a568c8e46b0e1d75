// Inside of the DuckDB driver: handles that free themselves, errors without SQL, values in and out. Not for other modules.
#pragma once

#include <duckdb.h>

#include "sql/database.h"

namespace gongzhi::sql::duck {

// Owns one C handle; `Destroy` takes its address.
template <typename T, void (*Destroy)(T*)>
class Handle {
public:
    Handle() = default;
    explicit Handle(T raw) : raw_(raw) {}
    Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, T{})) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(raw_, other.raw_);
        return *this;
    }
    ~Handle() {
        if (raw_) Destroy(&raw_);
    }
    T get() const { return raw_; }
    T* out() { return &raw_; }
    explicit operator bool() const { return raw_ != nullptr; }

private:
    T raw_ = nullptr;
};

inline void destroy_appender(duckdb_appender* appender) { duckdb_appender_destroy(appender); }
using Chunk = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using LogicalType = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using Prepared = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Pending = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using RawAppender = Handle<duckdb_appender, destroy_appender>;

// A result by value: DuckDB keeps it in a struct, not behind a pointer.
struct OwnedResult {
    duckdb_result raw{};
    OwnedResult() = default;
    OwnedResult(const OwnedResult&) = delete;
    OwnedResult& operator=(const OwnedResult&) = delete;
    ~OwnedResult() { duckdb_destroy_result(&raw); }
};

// Keeps the engine's words in `diagnosis` and returns a sentence without them.
Error error_of(duckdb_error_type type, const char* words, std::string& diagnosis);
Error error_of(duckdb_result& result, std::string& diagnosis);

// `unsupported` for a column that this door does not let through.
Result<std::vector<Column>> columns_of(duckdb_result& result);
void read_chunk(duckdb_data_chunk chunk, const std::vector<Column>& columns, std::vector<Row>& rows);
Status bind(duckdb_prepared_statement prepared, const Parameters& parameters, std::string& diagnosis);

// `table_types`: the raw types of the table's columns, taken from the appender.
Result<std::unique_ptr<Appender>> make_appender(duckdb_connection connection, std::string_view schema,
                                                std::string_view table, std::string& diagnosis);

}  // namespace gongzhi::sql::duck
