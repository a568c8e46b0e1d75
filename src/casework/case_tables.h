// The tables of cases in the `affairs` store, and their rows while a batch is applied.
//
// The enumerations name the columns in the order of the table.
#pragma once

#include "tables/row_batch.h"

namespace gongzhi::casework {

namespace case_column {
enum : size_t {
    entry,
    case_id,
    seq,
    finding_id,
    party,
    shop,
    subject,
    rule,
    unit,
    region,
    state,
    opened_time,
    filed_time,
    closed_time,
    outcome,
    effective,
    count
};
}  // namespace case_column

namespace request_column {
enum : size_t {
    entry,
    direction,
    kind,
    message_id,
    case_id,
    party,
    region,
    order_type,
    basis,
    purpose,
    fields,
    shop,
    listing,
    statement,
    sent_time,
    deadline_time,
    state,
    answered_time,
    outcome,
    answer_rows,
    count
};
}  // namespace request_column

namespace objection_column {
enum : size_t {
    entry,
    direction,
    objection_id,
    order_id,
    case_id,
    party,
    region,
    raised_by,
    grounds,
    raised_time,
    due_time,
    late,
    state,
    answered_time,
    outcome,
    reasons,
    count
};
}  // namespace objection_column

extern const tables::TableLayout kCaseTable, kStepTable, kRequestTable, kBlockedTable, kObjectionTable;

struct CaseTables {
    tables::RowBatch cases{kCaseTable}, steps{kStepTable}, requests{kRequestTable}, blocked{kBlockedTable},
        objections{kObjectionTable};

    static Status create(sql::Connection& connection);
    Status write(sql::Connection& connection) const;
};

}  // namespace gongzhi::casework
