#include "sql/database.h"

#include "base/log.h"

namespace gongzhi::sql {

Result<Table> Connection::query(std::string_view sql, const Parameters& parameters) {
    GZ_TRY(const auto statement, prepare(sql));
    return statement->query(parameters);
}

Result<int64_t> Connection::change(std::string_view sql, const Parameters& parameters) {
    GZ_TRY(const auto statement, prepare(sql));
    return statement->change(parameters);
}

Result<Transaction> Transaction::begin(Connection& connection) {
    GZ_CHECKED(connection.execute("BEGIN TRANSACTION"));
    return Transaction(connection);
}

Transaction::~Transaction() {
    if (!connection_) return;
    if (const Status undone = rollback(); !undone) log_error("sql: {}", undone.error().describe());
}

Status Transaction::commit() {
    GZ_CHECK(connection_, "a transaction ends once");
    GZ_CHECKED(connection_->execute("COMMIT"));
    connection_ = nullptr;
    return {};
}

Status Transaction::rollback() {
    GZ_CHECK(connection_, "a transaction ends once");
    return std::exchange(connection_, nullptr)->execute("ROLLBACK");
}

// Both engines divide whole numbers by cutting toward zero; only the operator's name and a zero divisor differ.
std::string driver_prelude(Engine engine) {
    if (engine == Engine::duckdb)
        return "CREATE OR REPLACE TEMP MACRO idiv(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a // b END;";
    std::string functions;
    // One function per width: with fewer, PostgreSQL finds a call with two integers ambiguous.
    for (const std::string_view type : {"integer", "bigint"})
        functions += fmt::format(
            "CREATE OR REPLACE FUNCTION idiv(a {0}, b {0}) RETURNS {0} LANGUAGE sql IMMUTABLE "
            "AS 'SELECT CASE WHEN b = 0 THEN NULL ELSE a / b END';",
            type);
    return functions +
           "CREATE OR REPLACE FUNCTION idiv(a numeric, b numeric) RETURNS numeric LANGUAGE sql IMMUTABLE "
           "AS 'SELECT CASE WHEN b = 0 THEN NULL ELSE div(a, b) END';";
}

}  // namespace gongzhi::sql
