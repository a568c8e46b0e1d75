// What is kept of findings and rule bundles in the `affairs` store, for whoever reads it by SQL (DESIGN §4):
//
// - `finding`: each finding that came in. `state`: `waiting` for a person, `confirmed`, `dismissed`, or `refused` when its
//   proof did not hold. A case on a finding confirms it as much as a click does; a review outweighs a case.
// - `waiting_finding`: those that wait, again: the queue costs what waits, not what was ever found.
// - view `finding_queue`: one row for each subject that waits for a person.
// - view `rule_precision`: findings, confirmed, dismissed for each rule.
// - `rule_bundle`: rules sent to others and received from them, each in its version (null where the bundle names none) and
//   with its digest in hex; who of ours accepted one, and what its run found.
#pragma once

#include "tables/row_batch.h"

namespace gongzhi::supervision {

namespace finding_column {
enum : size_t {
    entry,
    finding_id,
    party,
    rule,
    shop,
    subject,
    verdict,
    explanation_zh,
    explanation_en,
    columns,
    reason,
    accepted_time,
    region,
    state,
    count
};
}  // namespace finding_column

namespace bundle_column {
enum : size_t {
    entry,
    direction,
    message_id,
    party,
    rule,
    version,
    rule_digest,
    state,
    findings,
    accepted_by,
    logged_time,
    count
};
}  // namespace bundle_column

extern const tables::TableLayout kFindingTable, kBundleTable;

struct FindingTables {
    tables::RowBatch findings{kFindingTable}, bundles{kBundleTable};
    std::set<std::string> decided;  // findings on which something was decided

    static Status create(sql::Connection& connection);
    Status write(sql::Connection& connection) const;

private:
    Status write_waiting(sql::Connection& connection) const;
};

}  // namespace gongzhi::supervision
