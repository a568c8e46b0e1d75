// Second pass: structure, in the tree of DuckDB's json_serialize_sql. Every node is looked up in language.def; a member
// that is not listed there must be empty, so a form that DuckDB learns later is refused until somebody adds it.
#include "supervision/language.h"
#include "supervision/lint_passes.h"

namespace gongzhi::supervision {
namespace {

using Names = std::set<std::string, std::less<>>;

constexpr int kDepthMax = 200;
const Names kShopKey = {"party", "shop"}, kPartyKey = {"party"};

bool is_blank(const Json& value) {
    if (value.is_null() || value == false || value == "") return true;
    if (value.is_array()) return value.empty();
    if (!value.is_object()) return false;
    if (value.value("type", "") == "ORDER_MODIFIER") return is_blank(value.value("orders", Json()));
    if (value.size() == 1 && value.contains("map")) return is_blank(value["map"]);
    return value.empty();
}

// Defaults that DuckDB writes out instead of leaving them empty.
bool is_default(std::string_view member, const Json& value) {
    static const std::map<std::string, std::string, std::less<>> defaults = {
        {"comparison_type", "INVALID"},
        {"materialized", "CTE_MATERIALIZE_DEFAULT"},
        {"exclude_clause", "NO_OTHER"},
        {"aggregate_handling", "STANDARD_HANDLING"}};
    const auto found = defaults.find(member);
    return found != defaults.end() && value == found->second;
}

bool is_identifier(std::string_view name) {
    if (name.empty() || name.size() > 60 || !(name[0] >= 'a' && name[0] <= 'z')) return false;
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::string kind_of(const Json& node) {
    const std::string expression_class = node.value("class", "");
    return expression_class.empty() ? node.value("type", "") : expression_class;
}

// How a reader would call a form that is not in the language.
std::string readable(const std::string& kind) {
    static const std::map<std::string, std::string, std::less<>> names = {{"LIMIT_MODIFIER", "LIMIT"},
                                                                          {"LIMIT_PERCENT_MODIFIER", "LIMIT"},
                                                                          {"ORDER_MODIFIER", "ORDER BY"},
                                                                          {"TABLE_FUNCTION", "table function"},
                                                                          {"RECURSIVE_CTE_NODE", "RECURSIVE"},
                                                                          {"STAR", "*"},
                                                                          {"PARAMETER", "$"},
                                                                          {"EXPRESSION_LIST", "VALUES"},
                                                                          {"EMPTY", "SELECT without FROM"},
                                                                          {"LAMBDA", "->"},
                                                                          {"PIVOT", "PIVOT"},
                                                                          {"POSITIONAL_REFERENCE", "#"}};
    const auto found = names.find(kind);
    return found == names.end() ? kind : found->second;
}

uint64_t location(const Json& node, uint64_t fallback) {
    if (!node.is_object()) return fallback;
    const auto found = node.find("query_location");
    if (found != node.end() && found->is_number_unsigned() && found->get<uint64_t>() != UINT64_MAX)
        return found->get<uint64_t>();
    return node.contains("child") ? location(node["child"], fallback) : fallback;
}

// The conjuncts of a condition.
void flatten_and(const Json& condition, std::vector<const Json*>& out) {
    if (!condition.is_object()) return;
    if (condition.value("type", "") != "CONJUNCTION_AND") return out.push_back(&condition);
    for (const Json& child : condition["children"]) flatten_and(child, out);
}

// "shop" of a COLUMN_REF [alias, shop]; empty for anything else.
std::string column_of(const Json& expression) {
    if (!expression.is_object() || kind_of(expression) != "COLUMN_REF") return "";
    const Json& names = expression["column_names"];
    return names.empty() ? "" : names.back().get<std::string>();
}
std::string qualifier_of(const Json& expression) {
    const Json& names = expression["column_names"];
    return names.size() == 2 ? names[0].get<std::string>() : "";
}

// Whether the condition says inner.column = other.column, `other` not being one of `inner`.
bool equates(const Json& condition, const std::string& column, const Names& inner, const Names* outer) {
    std::vector<const Json*> parts;
    flatten_and(condition, parts);
    for (const Json* part : parts) {
        if (part->value("type", "") != "COMPARE_EQUAL") continue;
        const Json &left = (*part)["left"], &right = (*part)["right"];
        if (column_of(left) != column || column_of(right) != column) continue;
        const std::string a = qualifier_of(left), b = qualifier_of(right);
        const auto crosses = [&](const std::string& x, const std::string& y) {
            return inner.contains(x) && (outer ? outer->contains(y) : !inner.contains(y));
        };
        if (crosses(a, b) || crosses(b, a)) return true;
    }
    return false;
}

class StructureLint {
public:
    StructureLint(const Catalogue& catalogue, const LintOptions& options, ProblemList& problems,
                  std::vector<BareOrder>& bare)
        : catalogue_(catalogue),
          options_(options),
          key_(options.by_shop ? kShopKey : kPartyKey),
          problems_(problems),
          bare_(bare) {}

    void query(const Json& node, const std::string& pointer, int depth) {
        if (!enter(node, kind_of(node), 0, depth)) return;
        with_clause(node, pointer, depth);
        if (kind_of(node) == "SET_OPERATION_NODE") {
            if (!node.value("setop_all", false)) problems_.add(LintCode::member, here_, "UNION");
            query(node["left"], pointer + "/left", depth + 1);
            query(node["right"], pointer + "/right", depth + 1);
            return;
        }
        select(node, pointer, depth);
    }

private:
    enum class Keyless { parameters, values };

    // The allowlist itself. Returns false where the node is not in the language: its inside is not looked at.
    bool enter(const Json& node, const std::string& kind, uint64_t offset, int depth) {
        here_ = offset;
        if (depth > kDepthMax) return problems_.add(LintCode::syntax, offset, "nested too deeply"), false;
        const NodeRule* rule = node_rule(kind);
        if (!rule) return problems_.add(LintCode::node, offset, readable(kind)), false;
        if (const std::string alias = node.value("alias", ""); !alias.empty() && !is_identifier(alias))
            problems_.add(LintCode::identifier, offset, alias);
        bool good = true;
        for (const auto& [name, value] : node.items()) {
            if (name == "class" || name == "query_location" || name == "alias") continue;
            const auto closed = rule->values.find(name);
            if (closed != rule->values.end()) {
                if (value.is_string() && closed->second.contains(value.get<std::string>())) continue;
                good = refuse(offset, value.is_string() ? value.get<std::string>() : name);
            } else if (name != "type" && !rule->members.contains(name) && !is_blank(value) &&
                       !is_default(name, value)) {
                good = refuse(offset, name);
            }
        }
        return good;
    }
    bool refuse(uint64_t offset, const std::string& what) {
        problems_.add(LintCode::member, offset, what);
        return false;
    }

    void with_clause(const Json& node, const std::string& pointer, int depth) {
        const Json& map = node["cte_map"]["map"];
        for (size_t i = 0; i < map.size(); ++i) {
            const std::string name = map[i]["key"].get<std::string>();
            const Json& value = map[i]["value"];
            for (const auto& [member, content] : value.items())
                if (member != "query" && !is_blank(content) && !is_default(member, content))
                    problems_.add(LintCode::member, here_, member);
            if (!is_identifier(name)) problems_.add(LintCode::identifier, here_, name);
            query(value["query"]["node"], fmt::format("{}/cte_map/map/{}/value/query/node", pointer, i), depth + 1);
            // Known only now: a table expression that names itself finds no table.
            if (find_table(catalogue_, name) || find_table(options_.value_tables, name) || name == kParametersTable ||
                !ctes_.insert(name).second)
                problems_.add(LintCode::shadow, here_, name);
        }
    }

    void select(const Json& node, const std::string& pointer, int depth) {
        const bool outer_aggregate = std::exchange(aggregate_seen_, false);
        table(node["from_table"], pointer + "/from_table", depth + 1);
        expressions(node["select_list"], pointer + "/select_list", depth);
        optional(node, "where_clause", pointer, depth);
        optional(node, "having", pointer, depth);
        for (const Json& alias_of : node["select_list"]) check_alias(alias_of);
        groups(node, pointer, depth);
        for (const Json& modifier : node["modifiers"])
            if (enter(modifier, modifier.value("type", ""), here_, depth))
                require_columns(node["select_list"], LintCode::distinct_shop);
        aggregate_seen_ = outer_aggregate;
    }

    void groups(const Json& node, const std::string& pointer, int depth) {
        const Json& keys = node["group_expressions"];
        if (node["group_sets"].size() > 1) problems_.add(LintCode::member, here_, "GROUPING SETS");
        expressions(keys, pointer + "/group_expressions", depth);
        for (const Json& key : keys)
            if (column_of(key).empty()) problems_.add(LintCode::order_column, location(key, here_));
        if (!keys.empty() || aggregate_seen_) require_columns(keys, LintCode::group_shop);
    }

    // All columns of the key stand in a list of expressions.
    void require_columns(const Json& list, LintCode code) {
        if (options_.across_shops) return;
        Names found;
        for (const Json& item : list) found.insert(column_of(item));
        for (const std::string& column : key_)
            if (!found.contains(column)) return problems_.add(code, list.empty() ? here_ : location(list[0], here_));
    }

    void check_alias(const Json& item) {
        const std::string alias = item.value("alias", "");
        if ((kShopKey.contains(alias) || alias == "record_id") && column_of(item) != alias)
            problems_.add(LintCode::alias_shop, location(item, here_), alias);
    }

    // Returns the names under which the table's columns are known.
    Names table(const Json& ref, const std::string& pointer, int depth) {
        const std::string type = ref.value("type", "");
        const uint64_t offset = location(ref, here_);
        if (!enter(ref, type == "SUBQUERY" ? "SUBQUERY_TABLE" : type, offset, depth)) return {};
        if (type == "BASE_TABLE") return base_table(ref, offset);
        if (type == "SUBQUERY") {
            query(ref["subquery"]["node"], pointer + "/subquery/node", depth + 1);
            keyless_.erase(ref.value("alias", ""));
            return {ref.value("alias", "")};
        }
        return join(ref, pointer, offset, depth);
    }

    Names base_table(const Json& ref, uint64_t offset) {
        const std::string name = ref.value("table_name", "");
        const std::string alias = ref.value("alias", "").empty() ? name : ref.value("alias", "");
        // An alias may stand for another table elsewhere in the text: what it is here is what counts.
        keyless_.erase(alias);
        if (name == kParametersTable)
            keyless_[alias] = Keyless::parameters;
        else if (find_table(options_.value_tables, name))
            keyless_[alias] = Keyless::values;
        else if (!is_declared(name) && !ctes_.contains(name))
            problems_.add(LintCode::table, offset, name);
        return {alias};
    }

    bool is_declared(const std::string& name) const {
        return find_table(catalogue_, name) && (options_.tables.empty() || options_.tables.contains(name));
    }

    Names join(const Json& ref, const std::string& pointer, uint64_t offset, int depth) {
        Names left = table(ref["left"], pointer + "/left", depth + 1);
        const Names right = table(ref["right"], pointer + "/right", depth + 1);
        const bool keyless = is_keyless(left) || is_keyless(right);
        if (ref.value("ref_type", "") == "CROSS") {
            if (!is_keyless(left, Keyless::parameters) && !is_keyless(right, Keyless::parameters))
                problems_.add(LintCode::cross_join, offset);
        } else {
            optional(ref, "condition", pointer, depth);
            for (const std::string& column : key_)
                if (!options_.across_shops && !keyless && !equates(ref["condition"], column, right, &left)) {
                    problems_.add(LintCode::join_shop, offset);
                    break;
                }
        }
        left.insert(right.begin(), right.end());
        return left;
    }

    bool is_keyless(const Names& names, std::optional<Keyless> which = std::nullopt) const {
        if (names.size() != 1) return false;
        const auto found = keyless_.find(*names.begin());
        return found != keyless_.end() && (!which || found->second == *which);
    }

    void expressions(const Json& list, const std::string& pointer, int depth) {
        for (size_t i = 0; i < list.size(); ++i) expression(list[i], fmt::format("{}/{}", pointer, i), depth + 1);
    }
    void optional(const Json& node, const char* member, const std::string& pointer, int depth) {
        if (node.contains(member) && !node[member].is_null())
            expression(node[member], fmt::format("{}/{}", pointer, member), depth + 1);
    }

    void expression(const Json& node, const std::string& pointer, int depth) {
        const std::string kind = kind_of(node);
        const uint64_t offset = location(node, here_);
        if (!enter(node, kind, offset, depth)) return;
        if (kind == "COLUMN_REF") return column(node, offset);
        if (kind == "CONSTANT") return type(node["value"]["type"], offset);
        if (kind == "COLLATE") return problems_.add(LintCode::member, offset, "COLLATE");
        if (kind == "SUBQUERY") return exists(node, pointer, offset, depth);
        if (kind == "WINDOW") return window(node, pointer, offset, depth);
        if (kind == "FUNCTION") call(node, offset);
        if (kind == "CAST") type(node["cast_type"], offset);
        for (const char* member : {"left", "right", "input", "lower", "upper", "child", "else_expr", "filter"})
            optional(node, member, pointer, depth);
        if (node.contains("children")) expressions(node["children"], pointer + "/children", depth);
        if (!node.contains("case_checks")) return;
        for (size_t i = 0; i < node["case_checks"].size(); ++i)
            for (const char* member : {"when_expr", "then_expr"})
                optional(node["case_checks"][i], member, fmt::format("{}/case_checks/{}", pointer, i), depth);
    }

    void column(const Json& node, uint64_t offset) {
        const Json& names = node["column_names"];
        if (names.size() != 2) return problems_.add(LintCode::qualified, offset, names.back().get<std::string>());
        for (const Json& name : names)
            if (!is_identifier(name.get<std::string>()))
                problems_.add(LintCode::identifier, offset, name.get<std::string>());
    }

    void type(const Json& type, uint64_t offset) {
        const std::string id = type.value("id", "");
        if (id != "NULL" && id != "\"NULL\"" && !type_allowed(id)) problems_.add(LintCode::type, offset, id);
    }

    void call(const Json& node, uint64_t offset) {
        const std::string name = node.value("function_name", "");
        const CallKind* kind = call_kind(name);
        if (!kind) return problems_.add(LintCode::function, offset, name);
        if (*kind == CallKind::aggregate) aggregate_seen_ = true;
        if (*kind != CallKind::aggregate && (node.value("distinct", false) || !node.value("filter", Json()).is_null()))
            problems_.add(LintCode::member, offset, "DISTINCT, FILTER");
    }

    void exists(const Json& node, const std::string& pointer, uint64_t offset, int depth) {
        const Json& inner = node["subquery"]["node"];
        query(inner, pointer + "/subquery/node", depth + 1);
        if (options_.across_shops) return;
        Names sources;
        collect_names(inner.value("from_table", Json()), sources);
        if (is_keyless(sources)) return;
        for (const std::string& column : key_)
            if (!equates(inner.value("where_clause", Json()), column, sources, nullptr))
                return problems_.add(LintCode::exists_shop, offset);
    }

    static void collect_names(const Json& ref, Names& out) {
        if (!ref.is_object()) return;
        if (ref.value("type", "") == "JOIN") {
            collect_names(ref["left"], out);
            collect_names(ref["right"], out);
            return;
        }
        out.insert(ref.value("alias", "").empty() ? ref.value("table_name", "") : ref.value("alias", ""));
    }

    void window(const Json& node, const std::string& pointer, uint64_t offset, int depth) {
        const std::string name = node.value("function_name", "");
        const CallKind* kind = call_kind(name);
        if (!kind || *kind == CallKind::scalar) return problems_.add(LintCode::function, offset, name);
        expressions(node["children"], pointer + "/children", depth);
        expressions(node["partitions"], pointer + "/partitions", depth);
        for (const char* member : {"start_expr", "end_expr", "offset_expr", "default_expr", "filter_expr"})
            optional(node, member, pointer, depth);
        require_columns(node["partitions"], LintCode::partition_shop);
        std::string last;
        for (size_t i = 0; i < node["orders"].size(); ++i)
            last = order(node["orders"][i], fmt::format("{}/orders/{}", pointer, i), depth);
        const auto by_rows = [&](const char* member) { return node.value(member, "").ends_with("_ROWS"); };
        const bool position_counts = *kind == CallKind::ranking || by_rows("start") || by_rows("end");
        if (position_counts && last != "record_id") problems_.add(LintCode::order_unique, offset);
    }

    // Returns the column's name.
    std::string order(const Json& entry, const std::string& pointer, int depth) {
        const Json* target = &entry["expression"];
        const uint64_t offset = location(*target, here_);
        const bool collated = kind_of(*target) == "COLLATE";
        if (collated) {
            enter(*target, "COLLATE", offset, depth);
            target = &(*target)["child"];
        }
        const std::string null_order = entry.value("null_order", "");
        if (null_order != "NULLS FIRST" && null_order != "NULLS LAST") problems_.add(LintCode::order_nulls, offset);
        if (column_of(*target).empty()) return problems_.add(LintCode::order_column, offset), "";
        column(*target, offset);
        if (!collated) bare_.push_back({pointer + "/expression", offset});
        return column_of(*target);
    }

    const Catalogue& catalogue_;
    const LintOptions& options_;
    const Names& key_;  // what every join, group and partition of this rule includes
    ProblemList& problems_;
    std::vector<BareOrder>& bare_;
    Names ctes_;
    std::map<std::string, Keyless, std::less<>> keyless_;  // aliases of tables that belong to no party
    uint64_t here_ = 0;                                    // the last known place, for nodes that carry none
    bool aggregate_seen_ = false;
};

}  // namespace

void lint_structure(const Json& statements, const Catalogue& catalogue, const LintOptions& options,
                    ProblemList& problems, std::vector<BareOrder>& bare_orders) {
    if (statements.size() != 1) return problems.add(LintCode::one_select, 0);
    StructureLint(catalogue, options, problems, bare_orders).query(statements[0]["node"], "/0/node", 0);
}

}  // namespace gongzhi::supervision
