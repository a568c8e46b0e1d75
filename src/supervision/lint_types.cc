// Third pass: types, in DuckDB's bound plan. What is implied (casts, the type of a sum) is only visible here.
#include "supervision/language.h"
#include "supervision/lint_passes.h"

namespace gongzhi::supervision {
namespace {

constexpr int kDepthMax = 500;

std::string type_id(const Json& type) { return type.is_object() ? type.value("id", "") : ""; }

std::string type_of(const Json& expression) {
    if (expression.contains("return_type")) return type_id(expression["return_type"]);
    if (expression.contains("value") && expression["value"].is_object())
        return type_id(expression["value"].value("type", Json()));
    return "";
}

// What DuckDB's planner itself makes of NULL.
bool is_untyped(std::string_view id) { return id == "NULL" || id == "\"NULL\"" || id == "SQLNULL"; }

class TypeLint {
public:
    explicit TypeLint(ProblemList& problems) : problems_(problems) {}

    void visit(const Json& node, uint64_t offset, int depth) {
        if (depth > kDepthMax) return problems_.add(LintCode::syntax, offset, "nested too deeply");
        if (node.is_array())
            for (const Json& item : node) visit(item, offset, depth + 1);
        if (!node.is_object()) return;
        offset = location(node, offset);
        if (node.contains("expression_class")) check(node, offset);
        for (const auto& [name, member] : node.items())
            if (name != "arguments" && name != "function_data") visit(member, offset, depth + 1);
    }

private:
    static uint64_t location(const Json& node, uint64_t fallback) {
        const auto found = node.find("query_location");
        if (found == node.end() || !found->is_number_unsigned()) return fallback;
        const uint64_t at = found->get<uint64_t>();
        return at == UINT64_MAX ? fallback : at;
    }

    void check(const Json& node, uint64_t offset) {
        const std::string type = type_of(node);
        if (!type.empty() && !is_untyped(type) && !type_allowed(type))
            return problems_.add(LintCode::type, offset, type);
        const std::string kind = node.value("expression_class", "");
        if (kind == "BOUND_CAST") check_cast(node, type, offset);
        if (kind == "BOUND_FUNCTION") check_call(node, offset);
    }

    void check_cast(const Json& node, const std::string& to, uint64_t offset) {
        const Json& child = node["child"];
        const std::string from = type_of(child);
        const bool constant = child.value("expression_class", "") == "BOUND_CONSTANT";
        if (from.empty() || is_untyped(from) || (from == "VARCHAR" && constant)) return;
        if (!conversion_allowed(from, to))
            problems_.add(LintCode::conversion, offset, fmt::format("{} → {}", from, to));
    }

    void check_call(const Json& node, uint64_t offset) {
        const std::string name = node.value("name", "");
        std::string arguments;
        for (const Json& argument : node.value("arguments", Json::array()))
            arguments += (arguments.empty() ? "" : " ") + type_id(argument);
        if (!signature_allowed(name, arguments))
            problems_.add(LintCode::signature, offset, fmt::format("{} ({})", name, arguments));
    }

    ProblemList& problems_;
};

}  // namespace

void lint_types(const Json& plan, ProblemList& problems) { TypeLint(problems).visit(plan, 0, 0); }

}  // namespace gongzhi::supervision
