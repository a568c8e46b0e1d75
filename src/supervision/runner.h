// Runs one rule version over the tables as they were at an entry, under limits.
//
// Physical tables are store.<record type> with entry_from and entry_to: a row counts at entry N when entry_from <= N and
// entry_to is NULL or > N. The runner makes temporary views of the connection with the catalogue's names and columns, so
// the rule's text is the same everywhere. The connection is the run's alone while it lasts.
#pragma once

#include "sql/database.h"
#include "supervision/rule.h"

namespace gongzhi::supervision {

using ParameterValues = std::map<std::string, sql::Value, std::less<>>;

struct RunOptions {
    int64_t time_limit_millis = 60'000;
    size_t rows_max = 100'000;
};

struct RuleRun {
    sql::Table result;     // sorted by canonical encoding
    Digest result_digest;  // SHA-256 of the result's canonical encoding
    int64_t micros = 0;
};

// Statements for both engines.
std::vector<std::string> as_of_view_statements(const Catalogue& catalogue, EntryIndex entry);
// The rule's parameters and its lists of values, as views. `invalid_argument` for a parameter that the rule does not
// have, of another type or outside its bounds.
Result<std::vector<std::string>> own_view_statements(const RuleVersion& rule, const ParameterValues& values);

Status make_as_of_views(sql::Connection& connection, const Catalogue& catalogue, EntryIndex entry);

// `timeout` past the time limit, `too_large` past rows_max, `busy` at the memory limit; `internal` where the result's
// columns are not the rule's.
Result<RuleRun> run_rule(sql::Connection& connection, const Catalogue& catalogue, const RuleVersion& rule,
                         const ParameterValues& values, EntryIndex as_of, const RunOptions& options = {});

}  // namespace gongzhi::supervision
