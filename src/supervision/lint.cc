#include "supervision/lint.h"

#include "supervision/lint_passes.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kSqlBytesMax = 64 << 10;
constexpr JsonLimits kTreeLimits{.bytes_max = 64u << 20, .depth_max = 2000};

struct ProblemText {
    std::string_view zh, en;
};
ProblemText text_of(LintCode code) {
    static constexpr ProblemText table[] = {
#define L(name, zh, en) {zh, en},
#include "supervision/lint_problems.def"
#undef L
    };
    return table[static_cast<size_t>(code)];
}

std::string filled(std::string_view sentence, std::string_view what) {
    std::string out(sentence);
    if (const size_t at = out.find("{0}"); at != std::string::npos) out.replace(at, 3, what);
    return out;
}

// The engine's error as this pass's problem: its own sentence is about the author's text, so the author may see it.
void add_engine_error(const Json& answer, LintCode code, ProblemList& problems) {
    uint64_t offset = 0;
    const std::string position = answer.value("position", "");
    if (!position.empty() && position.find_first_not_of("0123456789") == std::string::npos)
        offset = std::stoull(position);
    std::string words = answer.value("error_message", "");
    words = words.substr(0, words.find('\n'));
    problems.add(answer.value("error_type", "") == "not implemented" ? LintCode::one_select : code, offset, words);
}

std::string empty_table(const CatalogueTable& table, bool replace) {
    std::string columns;
    for (const CatalogueColumn& column : table.columns)
        columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", column.name, sql_type_name(column.type));
    return fmt::format("CREATE {}TABLE {}({})", replace ? "OR REPLACE " : "", table.name, columns);
}

}  // namespace

std::string describe(const std::vector<LintProblem>& problems, std::string_view file) {
    std::string out;
    for (const LintProblem& problem : problems)
        out += fmt::format("{}:{}:{}: {}\n", file, problem.line, problem.column, problem.en);
    return out;
}

void ProblemList::add(LintCode code, uint64_t offset, std::string_view what) {
    LintProblem problem{code, 1, 1, filled(text_of(code).zh, what), filled(text_of(code).en, what)};
    for (size_t i = 0; i < std::min<uint64_t>(offset, sql_.size()); ++i) {
        if (sql_[i] == '\n')
            ++problem.line, problem.column = 1;
        else if ((static_cast<unsigned char>(sql_[i]) & 0xC0) != 0x80)
            ++problem.column;
    }
    problems_.push_back(std::move(problem));
}

Result<Linter> Linter::make(Catalogue catalogue) {
    GZ_TRY(auto database, sql::open_duckdb({}, {.threads = 1, .memory_limit_mb = 256}));
    GZ_TRY(auto connection, database->connect());
    for (const CatalogueTable& table : catalogue) GZ_CHECKED(connection->execute(empty_table(table, false)));
    return Linter(std::move(catalogue), std::move(database), std::move(connection));
}

// Whole numbers among parameters are INTEGER: days are added to dates, and DATE + BIGINT exists in neither engine.
Status Linter::declare_own_tables(const LintOptions& options) {
    for (const CatalogueTable& table : options.value_tables) GZ_CHECKED(connection_->execute(empty_table(table, true)));
    std::string columns;
    for (const CatalogueColumn& column : options.parameters)
        columns += fmt::format(", {} {}", column.name,
                               column.type == sql::SqlType::integer ? "INTEGER" : sql_type_name(column.type));
    return connection_->execute(fmt::format("CREATE OR REPLACE TABLE {}({})", kParametersTable,
                                            columns.empty() ? "none INTEGER" : columns.substr(2)));
}

Result<Json> Linter::serialized(std::string_view function, std::string_view sql) {
    GZ_TRY(const sql::Table table,
           connection_->query(fmt::format("SELECT {}($1::VARCHAR)", function), {std::string(sql)}));
    return parse_json(sql::text_of(table.rows.at(0).at(0)), kTreeLimits);
}

// Only text takes a collation: if the statement still binds with one, the column is text.
bool Linter::is_text_order(const Json& statements, const Json::json_pointer& expression) {
    Json changed = {{"error", false}, {"statements", statements}};
    Json& target = changed["statements"][expression];
    target = Json{{"class", "COLLATE"},  {"type", "COLLATE"}, {"alias", ""},
                  {"query_location", 0}, {"child", target},   {"collation", "C"}};
    const auto text = connection_->query("SELECT json_deserialize_sql($1::VARCHAR::JSON)", {changed.dump()});
    if (!text) return true;
    const auto plan = serialized("json_serialize_plan", sql::text_of(text->rows.at(0).at(0)));
    return plan && !plan->value("error", true);
}

std::vector<LintProblem> Linter::check(std::string_view sql, const LintOptions& options) {
    ProblemList problems(sql);
    if (sql.size() > kSqlBytesMax) problems.add(LintCode::syntax, 0, fmt::format("more than {} bytes", kSqlBytesMax));
    if (problems.empty()) lint_tokens(sql, problems);
    if (!problems.empty()) return problems.take();
    if (!declare_own_tables(options)) return problems.add(LintCode::binding, 0, kParametersTable), problems.take();

    const auto tree = serialized("json_serialize_sql", sql);
    if (!tree) return problems.add(LintCode::syntax, 0, tree.error().message), problems.take();
    if (tree->value("error", true)) return add_engine_error(*tree, LintCode::syntax, problems), problems.take();
    std::vector<BareOrder> bare_orders;
    lint_structure((*tree)["statements"], catalogue_, options, problems, bare_orders);
    if (!problems.empty()) return problems.take();

    const auto plan = serialized("json_serialize_plan", sql);
    if (!plan) return problems.add(LintCode::binding, 0, plan.error().message), problems.take();
    if (plan->value("error", true)) return add_engine_error(*plan, LintCode::binding, problems), problems.take();
    lint_types(*plan, problems);
    for (const BareOrder& order : bare_orders)
        if (is_text_order((*tree)["statements"], Json::json_pointer(order.pointer)))
            problems.add(LintCode::order_collate, order.offset);
    return problems.take();
}

Result<std::vector<sql::Column>> Linter::result_columns(std::string_view sql, const LintOptions& options) {
    GZ_CHECKED(declare_own_tables(options));
    GZ_TRY(const sql::Table table, connection_->query(sql));
    return table.columns;
}

}  // namespace gongzhi::supervision
