// The lint of rules: an allowlist over structure and types. What it lets through gives the same rows in DuckDB and in
// PostgreSQL, and can be distributed by shop.
//
// Three passes: words (tokens that only one engine reads), structure (DuckDB's json_serialize_sql, located), types
// (json_serialize_plan against empty catalogue tables). A Linter owns a private database; one thread at a time.
#pragma once

#include <memory>
#include <set>

#include "base/json.h"
#include "sql/database.h"
#include "supervision/catalogue.h"

namespace gongzhi::supervision {

enum class LintCode {
#define L(code, zh, en) code,
#include "supervision/lint_problems.def"
#undef L
};

struct LintProblem {
    LintCode code;
    int line = 0, column = 0;  // from 1, in characters
    std::string zh, en;
};
// "rule.sql:3:14: sentence", one line a problem.
std::string describe(const std::vector<LintProblem>& problems, std::string_view file);

struct LintOptions {
    bool across_shops = false;
    std::vector<CatalogueColumn> parameters;    // the columns of the one-row table `parameters`
    std::set<std::string, std::less<>> tables;  // those that the rule declares; empty: all of the catalogue
    bool by_shop = true;     // false where no table of the rule has a shop: then the party alone is the key
    Catalogue value_tables;  // lists of fixed values that the rule brings along
};

class Linter {
public:
    static Result<Linter> make(Catalogue catalogue);
    // Problems in the order of the passes; a pass runs only when those before found nothing.
    std::vector<LintProblem> check(std::string_view sql, const LintOptions& options);
    // The columns of a checked rule's result.
    Result<std::vector<sql::Column>> result_columns(std::string_view sql, const LintOptions& options);

private:
    Linter(Catalogue catalogue, std::unique_ptr<sql::Database> database, std::unique_ptr<sql::Connection> connection)
        : catalogue_(std::move(catalogue)), database_(std::move(database)), connection_(std::move(connection)) {}
    Status declare_own_tables(const LintOptions& options);
    Result<Json> serialized(std::string_view function, std::string_view sql);
    bool is_text_order(const Json& statements, const Json::json_pointer& expression);

    Catalogue catalogue_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> connection_;
};

}  // namespace gongzhi::supervision
