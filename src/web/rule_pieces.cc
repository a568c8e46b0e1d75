#include "web/rule_pieces.h"

#include "base/bytes.h"
#include "pack/columns.h"
#include "sql/json.h"
#include "web/law.h"

namespace gongzhi::web {
namespace {

using supervision::RuleVersion;

void add_to_list(const Visit& visit, std::string& list, const std::string& item) {
    list += (list.empty() ? "" : visit.text("list_comma")) + item;
}

// --- what it looks for ---

// What a sentence of a finding will name stands in braces: {subject}, {price|money:currency}. Readers see where it goes.
std::string with_blanks(Language language, const std::string& wording) {
    std::string out;
    for (size_t at = 0; at < wording.size();) {
        const size_t open = wording.find('{', at);
        out += wording.substr(at, open - at);
        if (open == std::string::npos) break;
        const size_t close = wording.find('}', open);
        if (close == std::string::npos) break;
        out += text(language, "rules_blank");
        at = close + 1;
    }
    return out;
}

SheetSection looks_for(const Visit& visit, const RuleVersion& rule) {
    SheetSection section{.heading = visit.text("rules_looks_for"), .paragraphs = {visit.text("rules_sentences")}};
    for (const auto& [code, wording] : rule.explanation.templates)
        section.points.push_back(with_blanks(visit.language, pick(visit.language, wording)));
    return section;
}

// --- what it looks at, and what leaves ---

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether the SQL names it: as a whole word, so that `price` is not found in `price_minor`.
bool names_column(const std::string& sql, const std::string& column) {
    for (size_t at = sql.find(column); at != std::string::npos; at = sql.find(column, at + 1)) {
        const bool begins = at == 0 || !is_word_character(sql[at - 1]);
        const size_t end = at + column.size();
        if (begins && (end == sql.size() || !is_word_character(sql[end]))) return true;
    }
    return false;
}

std::string fields_looked_at(const Visit& visit, const RuleVersion& rule, const pack::RecordType& type) {
    std::vector<bool> named(type.fields.size());
    for (const pack::Column& column : pack::columns_of(type))
        if (names_column(rule.sql, column.name)) named[column.slot] = true;
    std::string names;
    for (size_t slot = 0; slot < named.size(); ++slot) {
        if (!named[slot]) continue;
        const pack::Field& field = type.fields[slot];
        add_to_list(visit, names,
                    pick(visit.language, field.title) + (field.is_protected() ? visit.text("rules_token_only") : ""));
    }
    return names;
}

Json record_header(const Visit& visit, const pack::RecordType& type) {
    Json header = link_cell(pick(visit.language, type.title), link("/dictionary/" + path_segment(type.name)));
    header["header"] = true;
    return header;
}

SheetSection looks_at(const Visit& visit, const RuleVersion& rule) {
    Json lines = Json::array();
    for (const std::string& name : rule.tables)
        if (const pack::RecordType* type = visit.node.pack().record_type(name))
            lines.push_back(row({record_header(visit, *type), cell(fields_looked_at(visit, rule, *type))}));
    return {.heading = visit.text("rules_looks_at"),
            .table = table("looks-at", visit.text("rules_looks_at_caption"),
                           {{visit.text("column_record")}, {visit.text("column_fields")}}, std::move(lines))};
}

SheetSection leaves(const Visit& visit, const RuleVersion& rule) {
    Json disclosed = disclosed_table(visit, rule);
    const char* lead = disclosed == false ? "rules_leaving_nothing" : "rules_leaving_lead";
    return {.heading = visit.text("rules_leaving"), .paragraphs = {visit.text(lead)}, .table = std::move(disclosed)};
}

// --- what it is made of ---

std::string value_text(const Visit& visit, const sql::Value& value) {
    if (sql::is_null(value)) return visit.text("none");
    if (const bool* flag = std::get_if<bool>(&value)) return visit.text(*flag ? "yes" : "no");
    if (const CivilDate* day = std::get_if<CivilDate>(&value)) return day_text(visit.language, *day);
    const Json json = sql::to_json(value);
    return json.is_string() ? json.get<std::string>() : json.dump();
}

SheetSection parameters(const Visit& visit, const RuleVersion& rule) {
    Json lines = Json::array();
    for (const supervision::RuleParameter& one : rule.parameters) {
        const bool bounded = one.type == sql::SqlType::integer;
        lines.push_back(
            row({row_header(pick(visit.language, one.title)), cell(one.name), cell(value_text(visit, one.standard)),
                 cell(bounded ? fmt::format("{} … {}", one.min, one.max) : visit.text("none"))}));
    }
    SheetSection section{.heading = visit.text("rules_exactly")};
    if (lines.empty()) section.paragraphs = {visit.text("rules_no_parameters")};
    section.table = table("parameters", visit.text("rules_parameters"),
                          {{visit.text("rules_column_parameter")},
                           {visit.text("rules_column_code")},
                           {visit.text("rules_column_standard")},
                           {visit.text("rules_column_range")}},
                          std::move(lines));
    return section;
}

// A list that a law counts up, with that law after it.
void add_list(const Visit& visit, const supervision::ValueTable& list, std::vector<SheetSection>& sections) {
    const std::string& name = list.table.name;
    std::vector<TableColumn> columns;
    for (const auto& column : list.table.columns) columns.push_back({column.name});
    Json lines = Json::array();
    for (const sql::Row& values : list.rows) {
        std::vector<Json> cells;
        for (const sql::Value& value : values) cells.push_back(cell(value_text(visit, value)));
        lines.push_back(row(std::move(cells)));
    }
    const std::string caption =
        visit.text("rules_list", {{"name", name}, {"number", std::to_string(list.rows.size())}});
    sections.push_back({.table = table("list-" + name, caption, columns, std::move(lines))});
    sections.push_back(
        {.table = law_table(visit, "law-" + name, visit.text("rules_list_law", {{"name", name}}), list.basis)});
}

std::string given_text(const Visit& visit, const supervision::RuleCase& one) {
    std::string out;
    for (const supervision::GivenTable& given : one.given) {
        const pack::RecordType* type = visit.node.pack().record_type(given.table);
        add_to_list(visit, out,
                    visit.text("rules_given", {{"type", type ? pick(visit.language, type->title) : given.table},
                                               {"number", std::to_string(given.rows.size())}}));
    }
    return out.empty() ? visit.text("none") : out;
}

std::string expected_text(const Visit& visit, const supervision::RuleCase& one) {
    if (one.expect.empty()) return visit.text("rules_expects_nothing");
    std::string out;
    for (const auto& row : one.expect) {
        const auto verdict = row.find("verdict");
        const std::string code = verdict == row.end() ? "" : sql::text_of(verdict->second);
        add_to_list(visit, out, visit.text("rules_expects_" + (code.empty() ? "any" : code)));
    }
    return out;
}

SheetSection cases(const Visit& visit, const RuleVersion& rule) {
    Json lines = Json::array();
    for (const supervision::RuleCase& one : rule.cases)
        lines.push_back(row({row_header(pick(visit.language, one.name)), cell(given_text(visit, one)),
                             cell(expected_text(visit, one))}));
    return {.table = table("cases", visit.text("rules_cases", {{"number", std::to_string(rule.cases.size())}}),
                           {{visit.text("rules_column_case")},
                            {visit.text("rules_column_given")},
                            {visit.text("rules_column_expected")}},
                           std::move(lines)),
            .details = Json::array({sql_details(visit, rule.sql)})};
}

}  // namespace

std::string rule_link(const std::string& rule_id) { return link("/rules/" + path_segment(rule_id)); }

Facts rule_facts(const Visit& visit, const RuleVersion& rule) {
    const char* scope = !rule.by_shop       ? "rules_scope_party"
                        : rule.across_shops ? "rules_scope_across"
                                            : "rules_scope_shop";
    return Facts(visit)
        .add("rules_column_code", rule.code)
        .add("rules_version", std::to_string(rule.version))
        .add("rules_concerns", coded(visit.language, "rules_subject_", rule.subject))
        .add("rules_scope", visit.text(scope))
        .add("rules_digest", to_hex(rule.digest.view()));
}

Json disclosed_table(const Visit& visit, const RuleVersion& rule) {
    Json lines = Json::array();
    for (const supervision::Disclosure& each : rule.discloses) {
        const pack::RecordType* type = visit.node.pack().record_type(each.record_type);
        if (!type) continue;
        std::string names;
        for (const std::string& field : each.fields) {
            const auto slot = type->slot_of(field);
            const bool is_protected = slot && type->fields[*slot].is_protected();
            add_to_list(visit, names,
                        (slot ? pick(visit.language, type->fields[*slot].title) : field) +
                            (is_protected ? visit.text("rules_protected") : ""));
        }
        lines.push_back(row({record_header(visit, *type), cell(std::move(names))}));
    }
    return table("discloses", visit.text("rules_leaving_caption"),
                 {{visit.text("column_record")}, {visit.text("rules_leaving_fields")}}, std::move(lines));
}

Json sql_details(const Visit& visit, const std::string& sql) {
    return {{"summary", visit.text("rules_sql")}, {"paragraphs", {visit.text("rules_sql_lead")}}, {"code", sql}};
}

std::vector<SheetSection> rule_in_words(const Visit& visit, const RuleVersion& rule) {
    std::vector<SheetSection> sections = {looks_for(visit, rule)};
    if (const std::string notes = pick(visit.language, rule.notes); !notes.empty())
        sections.push_back({.heading = visit.text("rules_notes"), .paragraphs = {notes}});
    sections.push_back(
        {.heading = visit.text("basis"), .table = law_table(visit, "law", visit.text("rules_law"), rule.basis)});
    sections.push_back(looks_at(visit, rule));
    sections.push_back(leaves(visit, rule));
    return sections;
}

std::vector<SheetSection> rule_exactly(const Visit& visit, const RuleVersion& rule) {
    std::vector<SheetSection> sections = {parameters(visit, rule)};
    for (const supervision::ValueTable& list : rule.values) add_list(visit, list, sections);
    sections.push_back(cases(visit, rule));
    return sections;
}

}  // namespace gongzhi::web
