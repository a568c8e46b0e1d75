// The pack's rules in plain words, for everybody: what each looks for, on which law, in which data, and what became of it.
#include <mutex>

#include "sql/json.h"
#include "web/collation.h"
#include "web/law.h"
#include "web/portal_pages.h"

namespace gongzhi::web {
namespace {

using supervision::RuleVersion;

// A pack does not change while a node runs: its rules are read and linted once, when somebody first asks.
class RuleShelf {
public:
    explicit RuleShelf(node::Node& node) : node_(node) {}

    const std::vector<RuleVersion>& rules() {
        std::call_once(read_, [this] { read(); });
        return rules_;
    }

private:
    void read() {
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(node_.pack().folder() / "rules", ignored))
            if (auto rule = node_.rules().rule(entry.path().filename().string())) rules_.push_back(*std::move(rule));
    }

    node::Node& node_;
    std::once_flag read_;
    std::vector<RuleVersion> rules_;
};

struct Figures {
    int64_t findings = 0, confirmed = 0, dismissed = 0;
};

// What an authority's people made of a rule's findings; nothing at a platform, whose node takes in none.
Result<std::optional<Figures>> figures_of(const Visit& visit, const RuleVersion& rule) {
    if (staff_face(visit.node) != Face::console) return std::optional<Figures>();
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT findings, confirmed, dismissed FROM rule_precision WHERE rule = $1",
                        {rule.id}));
    if (rows.empty()) return std::optional<Figures>(Figures{});
    return std::optional<Figures>(Figures{rows[0]["findings"].get<int64_t>(), rows[0]["confirmed"].get<int64_t>(),
                                          rows[0]["dismissed"].get<int64_t>()});
}

std::string state_text(const Visit& visit, const RuleVersion& rule) {
    constexpr const char* names[] = {"draft", "sandbox", "comments", "adopted", "retired"};
    return visit.text(std::string("rules_state_") + names[static_cast<size_t>(rule.state)]);
}

std::string subject_text(const Visit& visit, const RuleVersion& rule) {
    return coded(visit.language, "rules_subject_", rule.subject);
}

std::string record_title(const Visit& visit, const std::string& record_type) {
    const pack::RecordType* type = visit.node.pack().record_type(record_type);
    return type ? pick(visit.language, type->title) : record_type;
}

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

Json rule_row(const Visit& visit, const RuleVersion& rule, const std::optional<Figures>& figures) {
    const std::string law = rule.basis.empty() ? visit.text("none") : rule.basis[0].law + rule.basis[0].article;
    Json law_cell = cell(law);
    law_cell["lang"] = language_of(law);
    std::vector<Json> cells = {link_cell(pick(visit.language, rule.title), link("/rules/" + path_segment(rule.id))),
                               cell(rule.code), std::move(law_cell), cell(state_text(visit, rule))};
    cells[0]["header"] = true;
    if (figures)
        for (const int64_t number : {figures->findings, figures->confirmed, figures->dismissed})
            cells.push_back(number_cell(number));
    return row(std::move(cells));
}

Result<StaffView> show_rules(const Visit& visit, RuleShelf& shelf) {
    std::vector<TableColumn> columns = {{visit.text("rules_column_rule")},
                                        {visit.text("rules_column_code")},
                                        {visit.text("rules_column_law")},
                                        {visit.text("state")}};
    if (staff_face(visit.node) == Face::console)
        for (const char* name : {"rules_column_findings", "rules_column_confirmed", "rules_column_dismissed"})
            columns.push_back({visit.text(name), true});
    Json named = Json::array();
    for (const RuleVersion& rule : shelf.rules()) {
        GZ_TRY(const auto figures, figures_of(visit, rule));
        named.push_back({{"title", pick(visit.language, rule.title)}, {"row", rule_row(visit, rule, figures)}});
    }
    sort_by(visit.language, named, "title");
    Json rows = Json::array();
    for (Json& one : named) rows.push_back(std::move(one["row"]));
    return StaffView{"rules",
                     visit.text("rules_title"),
                     {{"rules", table("rules", visit.text("rules_caption"), columns, std::move(rows))},
                      {"source", visit.text("rules_source", {{"pack", visit.node.pack().id()},
                                                             {"version", visit.node.pack().version()},
                                                             {"digest", to_hex(visit.node.pack().digest().view())}})}}};
}

Json looks_for(const Visit& visit, const RuleVersion& rule) {
    Json sentences = Json::array();
    for (const auto& [code, wording] : rule.explanation.templates)
        sentences.push_back(with_blanks(visit.language, pick(visit.language, wording)));
    return sentences;
}

Json concerns(const Visit& visit, const RuleVersion& rule) {
    Json rows = Json::array();
    const auto add = [&](const char* key, std::string value, Json href = false) {
        rows.push_back({{"key", visit.text(key)}, {"value", std::move(value)}, {"href", std::move(href)}});
    };
    add("rules_concerns", subject_text(visit, rule));
    add("rules_scope", visit.text(!rule.by_shop       ? "rules_scope_party"
                                  : rule.across_shops ? "rules_scope_across"
                                                      : "rules_scope_shop"));
    for (const std::string& one : rule.tables)
        add("rules_reads", record_title(visit, one), link("/dictionary/" + path_segment(one)));
    for (const supervision::Disclosure& one : rule.discloses) {
        std::string fields;
        for (const std::string& field : one.fields)
            fields += (fields.empty() ? "" : visit.text("list_comma")) +
                      field_name(visit.node.pack(), visit.language, one.record_type + "." + field);
        add("rules_discloses", fields);
    }
    return {{"rows", std::move(rows)}};
}

std::string value_text(const Visit& visit, const sql::Value& value) {
    if (sql::is_null(value)) return visit.text("none");
    if (const bool* flag = std::get_if<bool>(&value)) return visit.text(*flag ? "yes" : "no");
    if (const CivilDate* day = std::get_if<CivilDate>(&value)) return day_text(visit.language, *day);
    const Json json = sql::to_json(value);
    return json.is_string() ? json.get<std::string>() : json.dump();
}

Json parameters_table(const Visit& visit, const RuleVersion& rule) {
    Json rows = Json::array();
    for (const supervision::RuleParameter& one : rule.parameters) {
        const bool bounded = one.type == sql::SqlType::integer;
        rows.push_back(
            row({row_header(pick(visit.language, one.title)), cell(one.name), cell(value_text(visit, one.standard)),
                 cell(bounded ? fmt::format("{} … {}", one.min, one.max) : visit.text("none"))}));
    }
    return table("parameters", visit.text("rules_parameters"),
                 {{visit.text("rules_column_parameter")},
                  {visit.text("rules_column_code")},
                  {visit.text("rules_column_standard")},
                  {visit.text("rules_column_range")}},
                 std::move(rows));
}

// A list that a law counts up, with that law beside it.
Json value_lists(const Visit& visit, const RuleVersion& rule) {
    Json lists = Json::array();
    for (const supervision::ValueTable& one : rule.values) {
        std::vector<TableColumn> columns;
        for (const auto& column : one.table.columns) columns.push_back({column.name});
        Json rows = Json::array();
        for (const sql::Row& values : one.rows) {
            std::vector<Json> cells;
            for (const sql::Value& value : values) cells.push_back(cell(value_text(visit, value)));
            rows.push_back(row(std::move(cells)));
        }
        const std::string caption =
            visit.text("rules_list", {{"name", one.table.name}, {"number", std::to_string(one.rows.size())}});
        lists.push_back({{"table", table("list-" + one.table.name, caption, columns, std::move(rows))},
                         {"laws", law_list(visit.language, one.basis)}});
    }
    return lists;
}

std::string given_text(const Visit& visit, const supervision::RuleCase& one) {
    std::string out;
    for (const supervision::GivenTable& given : one.given)
        out += (out.empty() ? "" : visit.text("list_comma")) +
               visit.text("rules_given",
                          {{"type", record_title(visit, given.table)}, {"number", std::to_string(given.rows.size())}});
    return out.empty() ? visit.text("none") : out;
}

std::string expected_text(const Visit& visit, const supervision::RuleCase& one) {
    if (one.expect.empty()) return visit.text("rules_expects_nothing");
    std::string out;
    for (const auto& row : one.expect) {
        const auto verdict = row.find("verdict");
        const std::string code = verdict == row.end() ? "" : sql::text_of(verdict->second);
        out += (out.empty() ? "" : visit.text("list_comma")) +
               visit.text("rules_expects_" + (code.empty() ? "any" : code));
    }
    return out;
}

Json cases_table(const Visit& visit, const RuleVersion& rule) {
    Json rows = Json::array();
    for (const supervision::RuleCase& one : rule.cases) {
        Json name = row_header(one.name);
        name["lang"] = language_of(one.name);
        rows.push_back(row({std::move(name), cell(given_text(visit, one)), cell(expected_text(visit, one))}));
    }
    return table(
        "cases", visit.text("rules_cases", {{"number", std::to_string(rule.cases.size())}}),
        {{visit.text("rules_column_case")}, {visit.text("rules_column_given")}, {visit.text("rules_column_expected")}},
        std::move(rows));
}

std::string figures_text(const Visit& visit, const std::optional<Figures>& figures) {
    if (!figures) return visit.text("rules_figures_elsewhere");
    if (figures->findings == 0) return visit.text("rules_figures_none");
    return visit.text("rules_figures",
                      {{"findings", std::to_string(figures->findings)},
                       {"confirmed", std::to_string(figures->confirmed)},
                       {"dismissed", std::to_string(figures->dismissed)},
                       {"open", std::to_string(figures->findings - figures->confirmed - figures->dismissed)}});
}

Json identity(const Visit& visit, const RuleVersion& rule) {
    return {{"items",
             {{{"key", visit.text("rules_column_code")}, {"number", rule.code}},
              {{"key", visit.text("rules_version")}, {"number", std::to_string(rule.version)}},
              {{"key", visit.text("state")},
               {"tag", tag(state_text(visit, rule), rule.state == supervision::RuleState::adopted ? "green" : "grey")}},
              {{"key", visit.text("rules_concerns")}, {"value", subject_text(visit, rule)}}}}};
}

// An officer's ways to use it: where the records are.
Json actions_on(const Visit& visit, const RuleVersion& rule) {
    Json actions = Json::array();
    if (staff_face(visit.node) != Face::console) return actions;
    if (access::may(visit.actor, access::Action::send_rule))
        actions.push_back({{"text", visit.text("rule_to_send")}, {"href", link("/platforms")}});
    if (access::may(visit.actor, access::Action::run_rule))
        actions.push_back({{"text", visit.text("rule_to_run")},
                           {"href", link("/rules/" + path_segment(rule.id) + "/run")},
                           {"secondary", true}});
    return actions;
}

Result<StaffView> show_rule(const Visit& visit, RuleShelf& shelf) {
    const std::string& id = visit.request.path_values.at("rule");
    const auto& rules = shelf.rules();
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const RuleVersion& one) { return one.id == id; });
    if (rule == rules.end()) return fail(ErrorCode::not_found, "the pack has no rule of this name");
    GZ_TRY(const auto figures, figures_of(visit, *rule));
    const std::string title = pick(visit.language, rule->title);
    const Json actions = actions_on(visit, *rule);
    return StaffView{
        "rule",
        title,
        {{"title", title},
         {"identity", identity(visit, *rule)},
         {"has_actions", !actions.empty()},
         {"actions", actions},
         {"people_decide", {{"text", visit.text("people_decide")}}},
         {"looks_for", looks_for(visit, *rule)},
         {"notes", pick(visit.language, rule->notes)},
         {"laws", law_list(visit.language, rule->basis)},
         {"concerns", concerns(visit, *rule)},
         {"figures", figures_text(visit, figures)},
         {"parameters", parameters_table(visit, *rule)},
         {"lists", value_lists(visit, *rule)},
         {"cases", cases_table(visit, *rule)},
         {"sql",
          {{"summary", visit.text("rules_sql")}, {"paragraphs", {visit.text("rules_sql_lead")}}, {"code", rule->sql}}},
         {"source", visit.text("rule_source",
                               {{"version", std::to_string(rule->version)}, {"digest", to_hex(rule->digest.view())}})}},
        {{visit.text("rules_title"), link("/rules")}}};
}

}  // namespace

void add_rule_pages(http::Router& router, node::Node& node) {
    const auto shelf = std::make_shared<RuleShelf>(node);  // shared by the two routes, as long as they are there
    add_public_page(router, node, "/rules", "page.rules",
                    [shelf](const Visit& visit) { return show_rules(visit, *shelf); });
    add_public_page(router, node, "/rules/{rule}", "page.rule",
                    [shelf](const Visit& visit) { return show_rule(visit, *shelf); });
}

}  // namespace gongzhi::web
