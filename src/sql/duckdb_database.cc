#include <map>
#include <mutex>
#include <set>

#include "sql/duckdb_driver.h"

namespace gongzhi::sql {
namespace duck {
namespace {

using RawDatabase = Handle<duckdb_database, duckdb_close>;
using RawConnection = Handle<duckdb_connection, duckdb_disconnect>;

class DuckStream final : public RowStream {
public:
    DuckStream(std::unique_ptr<OwnedResult> result, Prepared prepared, std::vector<Column> columns,
               std::string& diagnosis)
        : prepared_(std::move(prepared)),
          result_(std::move(result)),
          columns_(std::move(columns)),
          diagnosis_(&diagnosis) {}
    const std::vector<Column>& columns() const override { return columns_; }
    Status next(std::vector<Row>& batch) override {
        batch.clear();
        const Chunk chunk(duckdb_fetch_chunk(result_->raw));
        if (chunk) read_chunk(chunk.get(), columns_, batch);
        if (!chunk && duckdb_result_error(&result_->raw)) return tl::unexpected(error_of(result_->raw, *diagnosis_));
        return {};
    }

private:
    Prepared prepared_;  // outlives its result
    std::unique_ptr<OwnedResult> result_;
    std::vector<Column> columns_;
    std::string* diagnosis_;
};

using SharedPrepared = std::shared_ptr<const Prepared>;  // of the statement that runs it and of its connection's store

class DuckStatement final : public Statement {
public:
    DuckStatement(SharedPrepared prepared, std::string& diagnosis)
        : prepared_(std::move(prepared)), diagnosis_(&diagnosis) {}

    Result<Table> query(const Parameters& parameters) override {
        OwnedResult result;
        GZ_CHECKED(run(parameters, result));
        Table table;
        GZ_TRY(table.columns, columns_of(result.raw));
        while (true) {
            const Chunk chunk(duckdb_fetch_chunk(result.raw));
            if (!chunk) break;
            read_chunk(chunk.get(), table.columns, table.rows);
        }
        return table;
    }

    Result<int64_t> change(const Parameters& parameters) override {
        OwnedResult result;
        GZ_CHECKED(run(parameters, result));
        return static_cast<int64_t>(duckdb_rows_changed(&result.raw));
    }

private:
    Status run(const Parameters& parameters, OwnedResult& result) {
        GZ_CHECKED(bind(prepared_->get(), parameters, *diagnosis_));
        if (duckdb_execute_prepared(prepared_->get(), &result.raw) == DuckDBError)
            return tl::unexpected(error_of(result.raw, *diagnosis_));
        return {};
    }
    SharedPrepared prepared_;
    std::string* diagnosis_;
};

class DuckConnection final : public Connection {
public:
    explicit DuckConnection(RawConnection raw) : raw_(std::move(raw)) {}

    Status execute(std::string_view sql) override {
        OwnedResult result;
        if (duckdb_query(raw_.get(), std::string(sql).c_str(), &result.raw) == DuckDBError)
            return tl::unexpected(error_of(result.raw, diagnosis_));
        return {};
    }

    Result<std::unique_ptr<Statement>> prepare(std::string_view sql) override {
        GZ_TRY(SharedPrepared prepared, prepare_once(sql));
        return std::make_unique<DuckStatement>(std::move(prepared), diagnosis_);
    }

    Result<std::unique_ptr<RowStream>> stream(std::string_view sql, const Parameters& parameters) override {
        GZ_TRY(Prepared prepared, prepare_raw(sql));
        GZ_CHECKED(bind(prepared.get(), parameters, diagnosis_));
        auto result = std::make_unique<OwnedResult>();
        Pending pending;
        if (duckdb_pending_prepared_streaming(prepared.get(), pending.out()) == DuckDBError)
            return tl::unexpected(error_of(DUCKDB_ERROR_INVALID, duckdb_pending_error(pending.get()), diagnosis_));
        if (duckdb_execute_pending(pending.get(), &result->raw) == DuckDBError)
            return tl::unexpected(error_of(result->raw, diagnosis_));
        GZ_TRY(auto columns, columns_of(result->raw));
        return std::make_unique<DuckStream>(std::move(result), std::move(prepared), std::move(columns), diagnosis_);
    }

    Result<std::unique_ptr<Appender>> appender(std::string_view schema, std::string_view table) override {
        return make_appender(raw_.get(), schema, table, diagnosis_);
    }

    void interrupt() override { duckdb_interrupt(raw_.get()); }
    std::string diagnosis() const override { return diagnosis_; }

private:
    // An INSERT of values keeps its plan: planning it costs more than running it. Nothing that reads a table may: DuckDB
    // plans by the statistics of that moment (an empty table, a range of numbers) and gives wrong rows once they change.
    Result<SharedPrepared> prepare_once(std::string_view sql) {
        if (!sql.starts_with("INSERT INTO ") || sql.find("SELECT") != std::string_view::npos) {
            GZ_TRY(Prepared raw, prepare_raw(sql));
            return std::make_shared<const Prepared>(std::move(raw));
        }
        if (const auto found = kept_.find(sql); found != kept_.end()) return found->second;
        GZ_TRY(Prepared raw, prepare_raw(sql));
        auto prepared = std::make_shared<const Prepared>(std::move(raw));
        if (kept_.size() >= kKeptMax) kept_.clear();
        kept_.emplace(sql, prepared);
        return prepared;
    }

    Result<Prepared> prepare_raw(std::string_view sql) {
        Prepared prepared;
        if (duckdb_prepare(raw_.get(), std::string(sql).c_str(), prepared.out()) == DuckDBError) {
            const char* words = prepared ? duckdb_prepare_error(prepared.get()) : "";
            return tl::unexpected(error_of(error_type_in(words), words, diagnosis_));
        }
        return prepared;
    }

    // A failed prepare carries no error type, only words that begin with its name.
    static duckdb_error_type error_type_in(const char* words) {
        const std::string_view text = words ? words : "";
        if (text.starts_with("Permission Error")) return DUCKDB_ERROR_PERMISSION;
        if (text.starts_with("Missing Extension Error")) return DUCKDB_ERROR_MISSING_EXTENSION;
        if (text.starts_with("IO Error")) return DUCKDB_ERROR_IO;
        if (text.starts_with("Out of Memory Error")) return DUCKDB_ERROR_OUT_OF_MEMORY;
        if (text.starts_with("INTERRUPT Error")) return DUCKDB_ERROR_INTERRUPT;
        if (text.starts_with("INTERNAL Error") || text.starts_with("FATAL Error")) return DUCKDB_ERROR_INTERNAL;
        return DUCKDB_ERROR_BINDER;
    }

    static constexpr size_t kKeptMax = 128;

    RawConnection raw_;
    std::string diagnosis_;
    std::map<std::string, SharedPrepared, std::less<>> kept_;  // by text; gone before the connection
};

// The files open in this process: DuckDB's own lock is the process's, so a second instance would not be refused.
class OpenFiles {
public:
    static bool add(const std::string& file) {
        const std::lock_guard lock(mutex());
        return files().insert(file).second;
    }
    static void remove(const std::string& file) {
        const std::lock_guard lock(mutex());
        files().erase(file);
    }

private:
    static std::mutex& mutex() {
        static std::mutex it;
        return it;
    }
    static std::set<std::string>& files() {
        static std::set<std::string> it;
        return it;
    }
};

// The claim on a file name; released after the database is closed.
class FileClaim {
public:
    static Result<FileClaim> make(const std::filesystem::path& file) {
        if (file.empty()) return FileClaim("");
        std::error_code error;
        std::string name = std::filesystem::weakly_canonical(file, error).string();
        if (error) return fail(ErrorCode::io, "the database's folder cannot be reached");
        if (!OpenFiles::add(name)) return fail(ErrorCode::conflict, "this process has the database open already");
        return FileClaim(std::move(name));
    }
    FileClaim(FileClaim&& other) noexcept : name_(std::exchange(other.name_, "")) {}
    FileClaim& operator=(FileClaim&&) = delete;
    ~FileClaim() {
        if (!name_.empty()) OpenFiles::remove(name_);
    }

private:
    explicit FileClaim(std::string name) : name_(std::move(name)) {}
    std::string name_;
};

class DuckDatabase final : public Database {
public:
    DuckDatabase(FileClaim claim, RawDatabase raw) : claim_(std::move(claim)), raw_(std::move(raw)) {}
    Result<std::unique_ptr<Connection>> connect() override {
        RawConnection raw;
        if (duckdb_connect(raw_.get(), raw.out()) == DuckDBError)
            return fail(ErrorCode::internal, "no connection could be made");
        auto connection = std::make_unique<DuckConnection>(std::move(raw));
        GZ_CHECKED(connection->execute(driver_prelude(Engine::duckdb)));
        return connection;
    }
    std::string_view engine() const override { return "duckdb"; }

private:
    FileClaim claim_;  // before raw_: released last
    RawDatabase raw_;
};

using Config = Handle<duckdb_config, duckdb_destroy_config>;

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
    return out + "'";
}

// What must be known before the file is opened; the rest follows by SET, the lock last.
Result<Config> start_config(const DatabaseOptions& options) {
    Config config;
    if (duckdb_create_config(config.out()) == DuckDBError)
        return fail(ErrorCode::internal, "no settings could be made");
    const std::pair<const char*, std::string> settings[] = {
        {"threads", std::to_string(options.threads)},
        {"memory_limit", fmt::format("{}MiB", options.memory_limit_mb)},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"temp_directory", options.temp_folder.string()},
    };
    for (const auto& [name, value] : settings)
        if (duckdb_set_config(config.get(), name, value.c_str()) == DuckDBError)
            return fail(ErrorCode::invalid_argument, "the database setting {} is not valid", name);
    return config;
}

Status harden(Connection& connection, const DatabaseOptions& options) {
    if (!options.export_folder.empty())
        GZ_CHECKED(connection.execute(
            fmt::format("SET GLOBAL allowed_directories = [{}]", quoted(options.export_folder.string()))));
    GZ_CHECKED(connection.execute("SET GLOBAL enable_external_access = false"));
    if (options.lock_settings) GZ_CHECKED(connection.execute("SET GLOBAL lock_configuration = true"));
    return {};
}

}  // namespace
}  // namespace duck

Result<std::unique_ptr<Database>> open_duckdb(const std::filesystem::path& file, const DatabaseOptions& options) {
    if (options.threads < 1 || options.memory_limit_mb < 1)
        return fail(ErrorCode::invalid_argument, "a database needs at least one thread and one megabyte");
    GZ_TRY(duck::FileClaim claim, duck::FileClaim::make(file));
    GZ_TRY(const duck::Config config, duck::start_config(options));
    duck::RawDatabase raw;
    char* words = nullptr;
    const std::string name = file.empty() ? ":memory:" : file.string();
    if (duckdb_open_ext(name.c_str(), raw.out(), config.get(), &words) == DuckDBError) {
        duckdb_free(words);
        return fail(ErrorCode::io, "the database cannot be opened");
    }
    auto database = std::make_unique<duck::DuckDatabase>(std::move(claim), std::move(raw));
    GZ_TRY(const auto connection, database->connect());
    GZ_CHECKED(duck::harden(*connection, options));
    return database;
}

}  // namespace gongzhi::sql
