// A rule's own test cases (cases.yaml): rows given, rows expected, readable by the lawyer who wrote the rule.
//
//   zone_offset_minutes: 480
//   defaults: {sale: {party: p, shop: s1, quantity: 1}}      column values for rows that leave them out
//   cases:
//     - zh: 试什么                                          for an official who reads it: no two cases of a rule alike
//       en: what is tried
//       given: {offer: [{record_id: o1, from_time: …}], sale: [...], coverage: [...]}
//       expect: [{subject: l1, verdict: suspect, sale_ref: a1}]   the columns that matter; one for each row of the result
//
// A `<name>_date` that a row leaves out is the civil day of its `<name>_time`; what else is left out is NULL.
#pragma once

#include "pack/yaml_view.h"
#include "sql/types.h"
#include "supervision/catalogue.h"

namespace gongzhi::supervision {

struct GivenTable {
    std::string table;
    std::vector<sql::Row> rows;  // in the catalogue's column order
};

struct RuleCase {
    pack::Wording name;
    std::map<std::string, sql::Value, std::less<>> parameters;
    std::vector<GivenTable> given;
    std::vector<std::map<std::string, sql::Value, std::less<>>> expect;
};

struct RuleParameter;

Result<std::vector<RuleCase>> read_cases(const YamlDocument& document, const Catalogue& catalogue,
                                         const std::vector<CatalogueColumn>& result_columns,
                                         const std::vector<RuleParameter>& parameters);

// "" where the result is what the case expects, else one sentence.
std::string difference(const RuleCase& rule_case, const sql::Table& result);

// A value as a literal of both engines.
std::string sql_literal(const sql::Value& value);
// CREATE SCHEMA store, its tables for a catalogue (all nullable but the entry span) and the rows: for cases, the sandbox
// and tests; both engines.
std::vector<std::string> store_statements(const Catalogue& catalogue, const std::vector<GivenTable>& given);

}  // namespace gongzhi::supervision
