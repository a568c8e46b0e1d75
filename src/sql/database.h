// One door to SQL engines. The driver here is DuckDB; a PostgreSQL driver fits the same classes.
//
// A Database is one opened file (or memory): safe to share between threads. A Connection, and what it made, belongs to
// one thread at a time; only interrupt() may come from another. A file is opened at most once in a process: a second
// open is `conflict`. Placeholders in SQL text are $1, $2 …, which both engines read.
//
// Errors never contain SQL text or values: `rejected` (the text, a type or a value does not fit), `conflict`
// (constraint, write conflict), `busy` (memory limit: retry), `timeout` (interrupted), `forbidden` (external access,
// locked settings), `io`, `corrupt`, else `internal`. Afterwards the connection is usable; inside a transaction roll back first.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "sql/types.h"

namespace gongzhi::sql {

// Reads a large result in pieces. While it lives, its connection does nothing else.
class RowStream {
public:
    virtual ~RowStream() = default;
    virtual const std::vector<Column>& columns() const = 0;
    // Replaces `batch` by the next rows (at most 2,048); empty at the end.
    virtual Status next(std::vector<Row>& batch) = 0;
};

// Bulk load into one existing table, column by column in the table's order. Kept in column vectors and handed over
// 2,048 rows at a time. All rows are in the table after flush(); without it some may be, so append inside a transaction.
class Appender {
public:
    virtual ~Appender() = default;
    virtual void append_null() = 0;
    virtual void append_bool(bool value) = 0;
    virtual void append_int64(int64_t value) = 0;  // BIGINT and INTEGER columns
    virtual void append_text(std::string_view value) = 0;
    virtual void append_date(CivilDate value) = 0;
    virtual void append_timestamp(UtcTime value) = 0;
    // `rejected` where a value did not fit its column or the row is too short or long; the row is dropped.
    virtual Status end_row() = 0;
    virtual Status flush() = 0;
};

// A prepared statement: planned once, run often.
class Statement {
public:
    virtual ~Statement() = default;
    virtual Result<Table> query(const Parameters& parameters) = 0;
    // Rows changed by INSERT, UPDATE or DELETE.
    virtual Result<int64_t> change(const Parameters& parameters) = 0;
};

class Connection {
public:
    virtual ~Connection() = default;
    // One or several statements without parameters or results.
    virtual Status execute(std::string_view sql) = 0;
    virtual Result<std::unique_ptr<Statement>> prepare(std::string_view sql) = 0;
    virtual Result<std::unique_ptr<RowStream>> stream(std::string_view sql, const Parameters& parameters = {}) = 0;
    virtual Result<std::unique_ptr<Appender>> appender(std::string_view schema, std::string_view table) = 0;
    // Ends the running statement with `timeout`; without one it does nothing. From any thread.
    virtual void interrupt() = 0;
    // The engine's own words about the last failure: they may quote SQL and values. For tests and a developer's
    // terminal; never for a log or an answer.
    virtual std::string diagnosis() const = 0;

    Result<Table> query(std::string_view sql, const Parameters& parameters = {});
    Result<int64_t> change(std::string_view sql, const Parameters& parameters = {});
};

// Rolls back unless commit() succeeded.
class Transaction {
public:
    static Result<Transaction> begin(Connection& connection);
    Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Status commit();
    Status rollback();

private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

class Database {
public:
    virtual ~Database() = default;
    // A connection with the driver's prelude (idiv) loaded.
    virtual Result<std::unique_ptr<Connection>> connect() = 0;
    virtual std::string_view engine() const = 0;  // "duckdb"
};

struct DatabaseOptions {
    int threads = 1;
    int64_t memory_limit_mb = 1024;
    std::filesystem::path temp_folder;    // where large sorts and joins spill; empty: they fail with `busy`
    std::filesystem::path export_folder;  // the only folder that SQL may read and write; empty: none
    bool lock_settings = true;            // no SET, no PRAGMA that changes a setting
};

// Creates the file if it is absent; an empty path is a database in memory. External access is always off: no file but
// those of the database, its spill folder and the export folder; no network, no extension.
Result<std::unique_ptr<Database>> open_duckdb(const std::filesystem::path& file, const DatabaseOptions& options = {});

enum class Engine { duckdb, postgresql };
// What every connection runs first: idiv(a, b), truncating toward zero, NULL where b is 0 or either is NULL.
std::string driver_prelude(Engine engine);

}  // namespace gongzhi::sql
