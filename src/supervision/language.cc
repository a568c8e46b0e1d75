#include "supervision/language.h"

#include <fmt/format.h>

#include <sstream>

namespace gongzhi::supervision {
namespace {

enum class Kind { node, call, type, conversion, signature };

struct Entry {
    Kind kind;
    std::string_view name, detail, values, zh, en;
    CallKind call = CallKind::scalar;
};

const std::vector<Entry>& entries() {
    using enum CallKind;
    static const std::vector<Entry> table = {
#define NODE(name, members, values, zh, en) {Kind::node, name, members, values, zh, en},
#define CALL(name, where, zh, en) {Kind::call, name, "", "", zh, en, where},
#define TYPE(name, zh, en) {Kind::type, name, "", "", zh, en},
#define CONVERT(from, to) {Kind::conversion, from, to, "", "", ""},
#define SIGNATURE(name, arguments) {Kind::signature, name, arguments, "", "", ""},
#include "supervision/language.def"
#undef NODE
#undef CALL
#undef TYPE
#undef CONVERT
#undef SIGNATURE
    };
    return table;
}

std::vector<std::string> words(std::string_view text, char separator) {
    std::vector<std::string> out;
    std::istringstream in{std::string(text)};
    for (std::string word; std::getline(in, word, separator);)
        if (!word.empty()) out.push_back(word);
    return out;
}

NodeRule make_rule(const Entry& entry) {
    NodeRule rule;
    for (std::string& member : words(entry.detail, ' ')) rule.members.insert(std::move(member));
    for (const std::string& assignment : words(entry.values, ' ')) {
        const size_t equals = assignment.find('=');
        for (std::string& value : words(std::string_view(assignment).substr(equals + 1), '|'))
            rule.values[assignment.substr(0, equals)].insert(std::move(value));
    }
    return rule;
}

const Entry* find(Kind kind, std::string_view name, std::string_view detail) {
    for (const Entry& entry : entries())
        if (entry.kind == kind && entry.name == name && (kind == Kind::node || entry.detail == detail)) return &entry;
    return nullptr;
}

std::string_view place(CallKind kind) {
    switch (kind) {
        case CallKind::scalar: return "anywhere";
        case CallKind::aggregate: return "with GROUP BY, or OVER";
        case CallKind::window: return "OVER";
        case CallKind::ranking: return "OVER, ordered to `record_id`";
    }
    return "";
}

void add_rows(std::string& out, Kind kind) {
    for (const Entry& entry : entries()) {
        if (entry.kind != kind) continue;
        const std::string name = entry.name == "||" ? "\\|\\|" : std::string(entry.name);
        if (kind == Kind::node) out += fmt::format("| {} | {} |\n", entry.en, entry.zh);
        if (kind == Kind::call)
            out += fmt::format("| `{}` | {} | {} | {} |\n", name, place(entry.call), entry.en, entry.zh);
        if (kind == Kind::type) out += fmt::format("| `{}` | {} | {} |\n", name, entry.en, entry.zh);
        if (kind == Kind::conversion) out += fmt::format("| `{}` | `{}` |\n", name, entry.detail);
        if (kind == Kind::signature) out += fmt::format("| `{}` | `{}` |\n", name, entry.detail);
    }
}

constexpr std::string_view kHead = R"(# The rule language

Generated from `src/supervision/language.def`, the table that the lint uses; a test fails when this page is stale.
What is not on this page is not in the language. What is gives the same rows in DuckDB and in PostgreSQL 15.

A rule is one SELECT over the tables of the catalogue and `parameters`. Its result has the columns `party`,
`subject`, `shop` and `verdict` (`suspect` or `undecidable`; clear rows are left out) and those that `rule.yaml` declares.

## Always

- Every column is written `table.column`; names are lower-case letters, digits and underscores.
- Where no table of the rule has a `shop`, the result has none either, and `party` alone is the key below: the finding is
  about the party as a whole.
- `values` in `rule.yaml` are lists of fixed values (what a law counts up), read like tables. They belong to no party: joining
  one, or asking EXISTS of one, needs no key.
- `parameters` is a one-row table with one column for each parameter of the rule; reach it by `CROSS JOIN parameters p`.
- Joins and EXISTS equate `party` and `shop`; GROUP BY, PARTITION BY and DISTINCT include both. A rule that says
  `across: shops` in `rule.yaml` is free of this, and cannot be distributed by shop.
- The names `party`, `shop` and `record_id` belong to the columns of that name.
- ORDER BY stands in windows only; it says NULLS FIRST or NULLS LAST, and COLLATE "C" over text. The order of a
  position-dependent window (ranking functions, ROWS frames) ends in `record_id`. The runner orders results itself.
- Division is `idiv(a, b)`; compare ratios by cross-multiplication. There is no `/`, `%`, `avg`, `now`, `lower`, `upper`,
  LIKE, LIMIT, `SELECT *`, scalar subquery, recursion, table function, interval, or number with a point.
- Comments begin with `--`.

)";

}  // namespace

const NodeRule* node_rule(std::string_view kind) {
    static const std::map<std::string, NodeRule, std::less<>> rules = [] {
        std::map<std::string, NodeRule, std::less<>> made;
        for (const Entry& entry : entries())
            if (entry.kind == Kind::node) made.emplace(entry.name, make_rule(entry));
        return made;
    }();
    const auto found = rules.find(kind);
    return found == rules.end() ? nullptr : &found->second;
}

const CallKind* call_kind(std::string_view name) {
    const Entry* entry = find(Kind::call, name, "");
    return entry ? &entry->call : nullptr;
}

bool type_allowed(std::string_view id) { return find(Kind::type, id, "") != nullptr; }

bool conversion_allowed(std::string_view from, std::string_view to) {
    return from == to || find(Kind::conversion, from, to) != nullptr;
}

bool signature_allowed(std::string_view operation, std::string_view argument_types) {
    bool listed = false;
    for (const Entry& entry : entries()) listed = listed || (entry.kind == Kind::signature && entry.name == operation);
    return !listed || find(Kind::signature, operation, argument_types) != nullptr;
}

std::string rule_language_markdown() {
    std::string out(kHead);
    out += "## Forms\n\n| Form | 形式 |\n|---|---|\n";
    add_rows(out, Kind::node);
    out += "\n## Functions and operators\n\n| Name | Where | What | 说明 |\n|---|---|---|---|\n";
    add_rows(out, Kind::call);
    out += "\n## Types\n\n| Type | What | 说明 |\n|---|---|---|\n";
    add_rows(out, Kind::type);
    out +=
        "\n## Conversions, written or implied\n\nText becomes another type only where it is a constant.\n\n"
        "| From | To |\n|---|---|\n";
    add_rows(out, Kind::conversion);
    out += "\n## Arithmetic\n\n| Operator | Operands |\n|---|---|\n";
    add_rows(out, Kind::signature);
    return out;
}

}  // namespace gongzhi::supervision
