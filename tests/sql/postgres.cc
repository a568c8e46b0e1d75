#include "postgres.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <cstdlib>

namespace gongzhi::testing {
namespace {

const std::filesystem::path kPrograms = "/usr/lib/postgresql/15/bin";

// initdb and the server refuse to run as root.
bool run(const std::string& command) {
    const std::string whole = ::geteuid() == 0 ? "runuser -u postgres -- " + command : command;
    return std::system((whole + " >/dev/null 2>&1 </dev/null").c_str()) == 0;
}

using OwnedResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

Result<sql::Decimal> decimal_of(std::string_view text) {
    sql::Decimal decimal;
    bool behind_point = false;
    for (const char c : text) {
        if (c == '-') continue;
        if (c == '.') {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9') return fail(ErrorCode::unsupported, "a numeric that is no number");
        decimal.unscaled = decimal.unscaled * 10 + (c - '0');
        decimal.scale = static_cast<uint8_t>(decimal.scale + behind_point);
    }
    if (text.starts_with('-')) decimal.unscaled = -decimal.unscaled;
    return decimal;
}

// PostgreSQL's type numbers (pg_type.dat).
Result<sql::SqlType> type_of(Oid oid) {
    switch (oid) {
        case 16: return sql::SqlType::boolean;
        case 20:
        case 21:
        case 23: return sql::SqlType::integer;
        case 25:
        case 705:
        case 1043: return sql::SqlType::text;
        case 1082: return sql::SqlType::date;
        case 1114: return sql::SqlType::timestamp;
        case 1700: return sql::SqlType::decimal;
        default: return fail(ErrorCode::unsupported, "PostgreSQL type {}", oid);
    }
}

Result<sql::Value> value_of(const std::string& text, sql::SqlType type) {
    switch (type) {
        case sql::SqlType::boolean: return sql::Value(text == "t");
        case sql::SqlType::integer: return sql::Value(int64_t{std::stoll(text)});
        case sql::SqlType::decimal: {
            GZ_TRY(const sql::Decimal decimal, decimal_of(text));
            return sql::Value(decimal);
        }
        case sql::SqlType::date: {
            GZ_TRY(const CivilDate date, parse_date(text));
            return sql::Value(date);
        }
        case sql::SqlType::timestamp: {
            std::string iso = text + "Z";
            iso[10] = 'T';
            GZ_TRY(const UtcTime time, parse_utc(iso));
            return sql::Value(time);
        }
        default: return sql::Value(text);
    }
}

Result<sql::Table> table_of(const PGresult* result) {
    sql::Table table;
    for (int i = 0; i < PQnfields(result); ++i) {
        GZ_TRY(const sql::SqlType type, type_of(PQftype(result, i)));
        table.columns.push_back({PQfname(result, i), type, 0});
    }
    for (int row = 0; row < PQntuples(result); ++row) {
        sql::Row values;
        for (int i = 0; i < PQnfields(result); ++i) {
            if (PQgetisnull(result, row, i)) {
                values.emplace_back(sql::Null{});
                continue;
            }
            GZ_TRY(sql::Value value, value_of(PQgetvalue(result, row, i), table.columns[static_cast<size_t>(i)].type));
            values.push_back(std::move(value));
        }
        table.rows.push_back(std::move(values));
    }
    return table;
}

}  // namespace

bool PrivatePostgres::installed() { return std::filesystem::exists(kPrograms / "initdb"); }

Result<std::unique_ptr<PrivatePostgres>> PrivatePostgres::start(const std::filesystem::path& folder) {
    if (::geteuid() == 0 && std::system(fmt::format("chown postgres {}", folder.string()).c_str()) != 0)
        return fail(ErrorCode::io, "the folder cannot be given to postgres");
    const std::string data = (folder / "data").string();
    if (!run(fmt::format("{} -D {} --locale=C --encoding=UTF8 -A trust -U postgres --no-sync",
                         (kPrograms / "initdb").string(), data)))
        return fail(ErrorCode::unavailable, "initdb failed");
    std::unique_ptr<PrivatePostgres> server(new PrivatePostgres(folder));
    if (!run(fmt::format("{} -D {} -w -l {} -o \"-c listen_addresses='' -c fsync=off -k {}\" start",
                         (kPrograms / "pg_ctl").string(), data, (folder / "log").string(), folder.string())))
        return fail(ErrorCode::unavailable, "the server did not start");
    server->connection_ = PQconnectdb(
        fmt::format("host={} user=postgres dbname=postgres options='-c client_min_messages=warning'", folder.string())
            .c_str());
    if (PQstatus(server->connection_) != CONNECTION_OK)
        return fail(ErrorCode::unavailable, "no connection to the server");
    return server;
}

PrivatePostgres::~PrivatePostgres() {
    if (connection_) PQfinish(connection_);
    run(fmt::format("{} -D {} -m immediate -w stop", (kPrograms / "pg_ctl").string(), (folder_ / "data").string()));
}

Status PrivatePostgres::execute(const std::string& sql) {
    const OwnedResult result(PQexec(connection_, sql.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return fail(ErrorCode::rejected, "{}", PQresultErrorMessage(result.get()));
    return {};
}

Result<sql::Table> PrivatePostgres::query(const std::string& sql) {
    const OwnedResult result(PQexec(connection_, sql.c_str()), &PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
        return fail(ErrorCode::rejected, "{}", PQresultErrorMessage(result.get()));
    return table_of(result.get());
}

}  // namespace gongzhi::testing
