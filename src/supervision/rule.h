// A rule: rule.yaml, rule.sql and cases.yaml of one folder, read, linted and named by a digest. Immutable values.
//
// The bundle is the rule's canonical bytes: canonical JSON {"cases", "format", "rule", "sql"}, the YAML files as JSON, the
// SQL as text. Its SHA-256 is the rule version's digest; it is also what travels to a platform. The lifecycle `state` is
// not part of it: a rule that is adopted stays the rule that was commented on.
#pragma once

#include <filesystem>

#include "pack/types.h"
#include "supervision/cases.h"
#include "supervision/explanation.h"
#include "supervision/lint.h"

namespace gongzhi::supervision {

enum class RuleState { draft, sandbox, comments, adopted, retired };

struct RuleParameter {
    std::string name;
    sql::SqlType type = sql::SqlType::integer;
    sql::Value standard;  // used where a run gives no other
    int64_t min = INT32_MIN, max = INT32_MAX;
    pack::Wording title;
};

// A result column that holds the record_id of a record which proves the finding.
struct EvidenceColumn {
    std::string column, record_type;
};

// A list of fixed values that the rule reads like a table, such as what a law counts up. It belongs to no party, travels
// in the bundle, and changes with the rule's version only.
struct ValueTable {
    CatalogueTable table;
    std::vector<pack::LegalBasis> basis;
    std::vector<sql::Row> rows;
};

// What leaves the platform as evidence: fields of one record type.
struct Disclosure {
    std::string record_type;
    std::vector<std::string> fields;
};

struct RuleVersion {
    std::string id;    // the folder's name, "price-reference"
    std::string code;  // "PRC-REF"
    int64_t version = 1;
    pack::Wording title, notes;
    std::vector<pack::LegalBasis> basis;
    std::string subject;  // the field that `subject` holds
    std::vector<std::string> tables;
    bool across_shops = false;
    bool by_shop = true;  // false where no table of the rule has a shop: findings are about the party as a whole
    std::vector<RuleParameter> parameters;
    std::vector<ValueTable> values;
    std::vector<CatalogueColumn> columns;  // beside party, subject, shop (by_shop), verdict and the evidence
    std::vector<EvidenceColumn> evidence;
    std::vector<Disclosure> discloses;
    Explanation explanation;
    RuleState state = RuleState::draft;
    std::string sql;
    std::vector<RuleCase> cases;
    Bytes bundle;
    Digest digest;

    LintOptions lint_options() const;
};

// The texts of the three files; `name` stands before file names in errors ("rules/price-reference").
struct RuleSource {
    std::string name, rule_yaml, rule_sql, cases_yaml;
};
Result<RuleSource> read_rule_folder(const std::filesystem::path& folder);
// Reads a bundle back into texts; compiling them gives the same digest.
Result<RuleSource> open_bundle(BytesView bundle, std::string name);

// `malformed` with file:line:column, also for what the lint finds.
Result<RuleVersion> compile_rule(const RuleSource& source, const std::vector<pack::RecordType>& records,
                                 Linter& linter);

}  // namespace gongzhi::supervision
