#include "supervision/runner.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crypto/digest.h"
#include "sql/canonical.h"

namespace gongzhi::supervision {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Interrupts the connection once the limit has passed, again and again until the guard ends: an interrupt that falls
// between two steps of the engine is forgotten by it.
class TimeLimit {
public:
    TimeLimit(sql::Connection& connection, int64_t millis)
        : thread_([this, &connection, millis] { watch(connection, millis); }) {}
    ~TimeLimit() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        ended_.notify_all();
    }

private:
    void watch(sql::Connection& connection, int64_t millis) {
        std::unique_lock lock(mutex_);
        auto next = milliseconds(millis);
        while (!ended_.wait_for(lock, next, [this] { return done_; })) {
            connection.interrupt();
            next = milliseconds(20);
        }
    }
    std::mutex mutex_;
    std::condition_variable ended_;
    bool done_ = false;
    std::jthread thread_;  // last: it uses the others
};

Result<sql::Table> read_result(sql::Connection& connection, const RuleVersion& rule, const RunOptions& options) {
    GZ_TRY(const auto stream, connection.stream(rule.sql));
    sql::Table table{stream->columns(), {}};
    std::vector<sql::Row> batch;
    do {
        GZ_CHECKED(stream->next(batch));
        if (table.rows.size() + batch.size() > options.rows_max)
            return fail(ErrorCode::too_large, "the rule found more than {} rows", options.rows_max);
        for (sql::Row& row : batch) table.rows.push_back(std::move(row));
    } while (!batch.empty());
    return table;
}

// Whole numbers are INTEGER, as in the lint: days are added to dates.
std::string typed_literal(const RuleParameter& parameter, const sql::Value& value) {
    const std::string_view type = parameter.type == sql::SqlType::integer ? "INTEGER" : sql_type_name(parameter.type);
    return fmt::format("CAST({} AS {}) AS {}", sql_literal(value), type, parameter.name);
}

bool fits(const RuleParameter& parameter, const sql::Value& value) {
    if (value.index() != parameter.standard.index()) return false;
    if (parameter.type != sql::SqlType::integer) return true;
    const int64_t number = std::get<int64_t>(value);
    return number >= parameter.min && number <= parameter.max;
}

// Dropped first: PostgreSQL replaces a view only by one with the same columns, and the last rule had others.
std::string fresh_view(std::string_view name, std::string_view columns, std::string_view from = {}) {
    return fmt::format("DROP VIEW IF EXISTS {0}; CREATE TEMP VIEW {0} AS SELECT {1}{2}", name, columns, from);
}

Result<std::string> parameters_view(const RuleVersion& rule, const ParameterValues& values) {
    std::string columns;
    size_t used = 0;
    for (const RuleParameter& parameter : rule.parameters) {
        const auto given = values.find(parameter.name);
        used += given != values.end();
        const sql::Value& value = given == values.end() ? parameter.standard : given->second;
        if (!fits(parameter, value))
            return fail_field(ErrorCode::invalid_argument, parameter.name,
                              "the parameter has another type or lies outside its bounds");
        columns += (columns.empty() ? "" : ", ") + typed_literal(parameter, value);
    }
    if (used != values.size())
        return fail(ErrorCode::invalid_argument, "a parameter is given that the rule does not have");
    if (columns.empty()) columns = "CAST(NULL AS INTEGER) AS none";
    return fresh_view(kParametersTable, columns);
}

std::string values_view(const ValueTable& list) {
    std::string columns, names, rows;
    for (const CatalogueColumn& column : list.table.columns) {
        columns += fmt::format("{0}CAST(v.{1} AS {2}) AS {1}", columns.empty() ? "" : ", ", column.name,
                               sql_type_name(column.type));
        names += (names.empty() ? "" : ", ") + column.name;
    }
    for (const sql::Row& row : list.rows) {
        std::string values;
        for (const sql::Value& value : row) values += (values.empty() ? "" : ", ") + sql_literal(value);
        rows += fmt::format("{}({})", rows.empty() ? "" : ", ", values);
    }
    return fresh_view(list.table.name, columns, fmt::format(" FROM (VALUES {}) AS v({})", rows, names));
}

}  // namespace

std::vector<std::string> as_of_view_statements(const Catalogue& catalogue, EntryIndex entry) {
    std::vector<std::string> statements;
    for (const CatalogueTable& table : catalogue) {
        std::string columns;
        for (const CatalogueColumn& column : table.columns) columns += (columns.empty() ? "" : ", ") + column.name;
        statements.push_back(
            fmt::format("CREATE OR REPLACE TEMP VIEW {0} AS SELECT {1} FROM store.{0} WHERE entry_from <= {2} AND "
                        "(entry_to IS NULL OR entry_to > {2})",
                        table.name, columns, entry.value));
    }
    return statements;
}

Result<std::vector<std::string>> own_view_statements(const RuleVersion& rule, const ParameterValues& values) {
    GZ_TRY(std::string parameters, parameters_view(rule, values));
    std::vector<std::string> statements = {std::move(parameters)};
    for (const ValueTable& list : rule.values) statements.push_back(values_view(list));
    return statements;
}

Status make_as_of_views(sql::Connection& connection, const Catalogue& catalogue, EntryIndex entry) {
    for (const std::string& statement : as_of_view_statements(catalogue, entry))
        GZ_CHECKED(connection.execute(statement));
    return {};
}

Result<RuleRun> run_rule(sql::Connection& connection, const Catalogue& catalogue, const RuleVersion& rule,
                         const ParameterValues& values, EntryIndex as_of, const RunOptions& options) {
    Catalogue read;
    for (const std::string& name : rule.tables)
        if (const CatalogueTable* table = find_table(catalogue, name)) read.push_back(*table);
    GZ_CHECKED(make_as_of_views(connection, read, as_of));
    GZ_TRY(const auto own, own_view_statements(rule, values));
    for (const std::string& statement : own) GZ_CHECKED(connection.execute(statement));

    RuleRun run;
    const auto started = steady_clock::now();
    {
        const TimeLimit limit(connection, options.time_limit_millis);
        GZ_TRY(run.result, read_result(connection, rule, options));
    }
    for (const EvidenceColumn& evidence : rule.evidence)
        if (!run.result.find_column(evidence.column))
            return fail(ErrorCode::internal, "the result has not the rule's columns");
    sql::sort_rows(run.result);
    run.result_digest = crypto::sha256(sql::canonical_encoding(run.result));
    run.micros = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started).count();
    return run;
}

}  // namespace gongzhi::supervision
