#include <algorithm>

#include "base/file.h"
#include "crypto/digest.h"
#include "supervision/rule.h"
#include "supervision/rule_values.h"

namespace gongzhi::supervision {
namespace {

using pack::YamlView;

constexpr size_t kRuleFileBytesMax = 1u << 20;
constexpr std::string_view kBundleFormat = "gongzhi-rule/1";

Result<RuleState> read_state(const YamlView& view) {
    static const std::map<std::string, RuleState> states = {{"draft", RuleState::draft},
                                                            {"sandbox", RuleState::sandbox},
                                                            {"comments", RuleState::comments},
                                                            {"adopted", RuleState::adopted},
                                                            {"retired", RuleState::retired}};
    GZ_TRY(const std::string name, view.text_or("state", "draft"));
    const auto found = states.find(name);
    if (found == states.end())
        return view.error_at("state", "a state is one of draft, sandbox, comments, adopted, retired");
    return found->second;
}

Result<sql::Value> read_standard(const YamlView& view, const RuleParameter& parameter) {
    const Json value = view.json().value("standard", Json());
    if (parameter.type == sql::SqlType::integer && value.is_number_integer()) {
        const int64_t number = value.get<int64_t>();
        if (number >= parameter.min && number <= parameter.max) return sql::Value(number);
    }
    if (parameter.type == sql::SqlType::boolean && value.is_boolean()) return sql::Value(value.get<bool>());
    if (parameter.type == sql::SqlType::text && value.is_string()) return sql::Value(value.get<std::string>());
    if (parameter.type == sql::SqlType::date && value.is_string())
        if (const auto date = parse_date(value.get<std::string>())) return sql::Value(*date);
    return view.error_at("standard", "the standard value does not fit the parameter's type or bounds");
}

Result<RuleParameter> read_parameter(const YamlView& view) {
    GZ_CHECKED(view.allow_keys({"name", "type", "standard", "min", "max", "zh", "en"}));
    RuleParameter parameter;
    GZ_TRY(parameter.name, view.text("name"));
    GZ_TRY(parameter.type, read_type(view));
    GZ_TRY(parameter.min, view.integer_or("min", INT32_MIN));
    GZ_TRY(parameter.max, view.integer_or("max", INT32_MAX));
    if (parameter.min < INT32_MIN || parameter.max > INT32_MAX || parameter.min > parameter.max)
        return view.error_at("min", "bounds are whole numbers of 32 bits, the lower one first");
    GZ_TRY(parameter.standard, read_standard(view, parameter));
    GZ_TRY(parameter.title.zh, view.text("zh"));
    GZ_TRY(parameter.title.en, view.text("en"));
    return parameter;
}

const pack::RecordType* find_record(const std::vector<pack::RecordType>& records, std::string_view name) {
    for (const pack::RecordType& record : records)
        if (record.name == name) return &record;
    return nullptr;
}

// What rule.yaml says, in the order of the file.
class RuleReader {
public:
    RuleReader(const std::vector<pack::RecordType>& records, const YamlView& root) : records_(records), root_(root) {}

    Result<RuleVersion> read() {
        GZ_CHECKED(
            root_.allow_keys({"rule", "code", "version", "state", "zh", "en", "basis", "subject", "tables", "across",
                              "parameters", "values", "columns", "evidence", "discloses", "explanation", "notes"}));
        GZ_CHECKED(read_head());
        GZ_CHECKED(read_tables());
        GZ_TRY(const auto parameters, root_.list("parameters"));
        for (const YamlView& view : parameters) {
            GZ_TRY(RuleParameter parameter, read_parameter(view));
            rule_.parameters.push_back(std::move(parameter));
        }
        GZ_TRY(rule_.values, read_value_tables(root_, records_));
        GZ_TRY(rule_.columns, read_columns(root_));
        GZ_CHECKED(read_evidence());
        GZ_CHECKED(read_disclosures());
        return std::move(rule_);
    }

private:
    Status read_head() {
        GZ_TRY(rule_.id, root_.text("rule"));
        GZ_TRY(rule_.code, root_.text("code"));
        GZ_TRY(rule_.version, root_.integer_or("version", 0));
        if (rule_.version < 1) return root_.error_at("version", "versions count from 1");
        GZ_TRY(rule_.state, read_state(root_));
        GZ_TRY(rule_.title.zh, root_.text("zh"));
        GZ_TRY(rule_.title.en, root_.text("en"));
        GZ_TRY(rule_.basis, pack::read_basis(root_, "basis"));
        if (rule_.basis.empty()) return root_.error("a rule needs a legal basis");
        GZ_TRY(rule_.notes, root_.wording("notes"));
        return {};
    }

    Status read_tables() {
        GZ_TRY(rule_.subject, root_.text("subject"));
        GZ_TRY(rule_.tables, root_.texts("tables"));
        bool known_subject = false, by_shop = false;
        for (const std::string& table : rule_.tables) {
            const pack::RecordType* record = find_record(records_, table);
            if (!record) return root_.error_at("tables", fmt::format("the catalogue has no table {}", table));
            known_subject = known_subject || record->slot_of(rule_.subject);
            by_shop = by_shop || record->slot_of("shop");
        }
        rule_.by_shop = by_shop;
        if (!known_subject) return root_.error_at("subject", "the subject is a field of one of the rule's tables");
        GZ_TRY(const std::string across, root_.text_or("across", "none"));
        if (across != "none" && across != "shops") return root_.error_at("across", "across is none or shops");
        rule_.across_shops = across == "shops";
        return {};
    }

    Status read_evidence() {
        GZ_TRY(const auto views, root_.list("evidence"));
        for (const YamlView& view : views) {
            GZ_CHECKED(view.allow_keys({"column", "record_type"}));
            EvidenceColumn evidence;
            GZ_TRY(evidence.column, view.text("column"));
            GZ_TRY(evidence.record_type, view.text("record_type"));
            if (!find_record(records_, evidence.record_type))
                return view.error_at("record_type", "the pack has no such record type");
            rule_.evidence.push_back(std::move(evidence));
        }
        if (views.empty()) return root_.error("a finding needs evidence");
        return {};
    }

    Status read_disclosures() {
        GZ_TRY(const YamlView map, root_.at("discloses"));
        if (!map.json().is_object()) return root_.error_at("discloses", "a mapping of record types is expected here");
        for (const auto& [name, ignored] : map.json().items()) {
            const pack::RecordType* record = find_record(records_, name);
            if (!record) return map.error_at(name, "the pack has no such record type");
            Disclosure disclosure{name, {}};
            GZ_TRY(disclosure.fields, map.texts(name));
            for (const std::string& field : disclosure.fields)
                if (!record->slot_of(field)) return map.error_at(name, fmt::format("{} has no field {}", name, field));
            rule_.discloses.push_back(std::move(disclosure));
        }
        return {};
    }

    const std::vector<pack::RecordType>& records_;
    const YamlView& root_;
    RuleVersion rule_;
};

// Every column of the result, in no particular order.
std::vector<CatalogueColumn> all_columns(const RuleVersion& rule) {
    using sql::SqlType;
    std::vector<CatalogueColumn> columns = {
        {"party", SqlType::text}, {"subject", SqlType::text}, {"verdict", SqlType::text}};
    if (rule.by_shop) columns.push_back({"shop", SqlType::text});
    columns.insert(columns.end(), rule.columns.begin(), rule.columns.end());
    for (const EvidenceColumn& evidence : rule.evidence) columns.push_back({evidence.column, SqlType::text});
    return columns;
}

bool same_type(sql::SqlType declared, sql::SqlType actual) {
    return declared == actual || (declared == sql::SqlType::integer && actual == sql::SqlType::huge);
}

Status check_result_columns(const RuleVersion& rule, const std::string& file, Linter& linter) {
    GZ_TRY(const auto actual, linter.result_columns(rule.sql, rule.lint_options()));
    const auto declared = all_columns(rule);
    std::set<std::string> names;
    for (const sql::Column& column : actual) {
        const auto found =
            std::find_if(declared.begin(), declared.end(), [&](const auto& d) { return d.name == column.name; });
        if (found == declared.end() || !same_type(found->type, column.type) || !names.insert(column.name).second)
            return fail(ErrorCode::malformed, "{}:1:1: the result column {} is not declared, twice, or of another type",
                        file, column.name);
    }
    for (const CatalogueColumn& column : declared)
        if (!names.contains(column.name))
            return fail(ErrorCode::malformed, "{}:1:1: the result has no column {}", file, column.name);
    return {};
}

Bytes make_bundle(Json rule, const Json& cases, const std::string& sql) {
    rule.erase("state");
    return canonical_json({{"format", kBundleFormat}, {"rule", rule}, {"cases", cases}, {"sql", sql}});
}

Catalogue visible_tables(const RuleVersion& rule, const std::vector<pack::RecordType>& records) {
    Catalogue visible;
    for (CatalogueTable& table : catalogue_of(records))
        if (std::find(rule.tables.begin(), rule.tables.end(), table.name) != rule.tables.end())
            visible.push_back(std::move(table));
    return visible;
}

}  // namespace

LintOptions RuleVersion::lint_options() const {
    LintOptions options{.across_shops = across_shops, .by_shop = by_shop};
    for (const ValueTable& list : values) options.value_tables.push_back(list.table);
    for (const RuleParameter& parameter : parameters) options.parameters.push_back({parameter.name, parameter.type});
    options.tables.insert(tables.begin(), tables.end());
    return options;
}

Result<RuleSource> read_rule_folder(const std::filesystem::path& folder) {
    RuleSource source{folder.filename().string(), {}, {}, {}};
    GZ_TRY(source.rule_yaml, read_file(folder / "rule.yaml", kRuleFileBytesMax));
    GZ_TRY(source.rule_sql, read_file(folder / "rule.sql", kRuleFileBytesMax));
    GZ_TRY(source.cases_yaml, read_file(folder / "cases.yaml", kRuleFileBytesMax));
    return source;
}

Result<RuleSource> open_bundle(BytesView bundle, std::string name) {
    GZ_TRY(const Json json, parse_json(bundle, {.bytes_max = 4 * kRuleFileBytesMax}));
    GZ_TRY(const std::string format, json_text(json, "format"));
    if (format != kBundleFormat) return fail(ErrorCode::unsupported, "a rule bundle of another format");
    RuleSource source{std::move(name), {}, {}, {}};
    GZ_TRY(source.rule_sql, json_text(json, "sql"));
    source.rule_yaml = canonical_json(json.value("rule", Json()));
    source.cases_yaml = canonical_json(json.value("cases", Json()));
    return source;
}

Result<RuleVersion> compile_rule(const RuleSource& source, const std::vector<pack::RecordType>& records,
                                 Linter& linter) {
    GZ_TRY(const YamlDocument document, YamlDocument::parse(source.rule_yaml, source.name + "/rule.yaml"));
    const YamlView root(document);
    GZ_TRY(RuleVersion rule, RuleReader(records, root).read());
    rule.sql = source.rule_sql;
    const std::string sql_file = source.name + "/rule.sql";
    if (const auto problems = linter.check(rule.sql, rule.lint_options()); !problems.empty())
        return fail(ErrorCode::malformed, "{}", describe(problems, sql_file));
    GZ_CHECKED(check_result_columns(rule, sql_file, linter));

    std::vector<std::string> names;
    for (const CatalogueColumn& column : all_columns(rule)) names.push_back(column.name);
    GZ_TRY(const YamlView explanation, root.at("explanation"));
    GZ_TRY(rule.explanation, read_explanation(explanation, names));
    GZ_TRY(const YamlDocument cases, YamlDocument::parse(source.cases_yaml, source.name + "/cases.yaml"));
    GZ_TRY(rule.cases, read_cases(cases, visible_tables(rule, records), all_columns(rule), rule.parameters));
    rule.bundle = make_bundle(document.root(), cases.root(), rule.sql);
    rule.digest = crypto::sha256(rule.bundle);
    return rule;
}

}  // namespace gongzhi::supervision
