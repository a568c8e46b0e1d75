#include "casework/case_tables.h"

namespace gongzhi::casework {
namespace {

using tables::Later;
using tables::TableColumn;
using tables::TableLayout;

constexpr TableColumn kCaseColumns[] = {{"entry", "BIGINT NOT NULL"},
                                        {"case_id", "VARCHAR NOT NULL"},
                                        {"seq", "BIGINT NOT NULL", Later::changed},
                                        {"finding_id", "VARCHAR NOT NULL"},
                                        {"party", "VARCHAR NOT NULL"},
                                        {"shop", "VARCHAR NOT NULL"},
                                        {"subject", "VARCHAR NOT NULL"},
                                        {"rule", "VARCHAR NOT NULL"},
                                        {"unit", "VARCHAR NOT NULL", Later::changed},
                                        {"region", "VARCHAR NOT NULL", Later::read},
                                        {"state", "VARCHAR NOT NULL", Later::changed},
                                        {"opened_time", "TIMESTAMP NOT NULL"},
                                        {"filed_time", "TIMESTAMP", Later::changed},
                                        {"closed_time", "TIMESTAMP", Later::changed},
                                        {"outcome", "VARCHAR", Later::changed},
                                        {"effective", "BOOLEAN", Later::changed}};
static_assert(std::size(kCaseColumns) == case_column::count);

constexpr TableColumn kStepColumns[] = {{"entry", "BIGINT NOT NULL"},  {"case_id", "VARCHAR NOT NULL"},
                                        {"kind", "VARCHAR NOT NULL"},  {"actor", "VARCHAR NOT NULL"},
                                        {"words", "VARCHAR NOT NULL"}, {"step_time", "TIMESTAMP NOT NULL"}};

constexpr TableColumn kRequestColumns[] = {{"entry", "BIGINT NOT NULL"},
                                           {"direction", "VARCHAR NOT NULL", Later::read},
                                           {"kind", "VARCHAR NOT NULL"},
                                           {"message_id", "VARCHAR NOT NULL"},
                                           {"case_id", "VARCHAR NOT NULL"},
                                           {"party", "VARCHAR NOT NULL"},
                                           {"region", "VARCHAR NOT NULL"},
                                           {"order_type", "VARCHAR NOT NULL"},
                                           {"basis", "VARCHAR NOT NULL"},
                                           {"purpose", "VARCHAR NOT NULL"},
                                           {"fields", "VARCHAR NOT NULL"},
                                           {"shop", "VARCHAR NOT NULL"},
                                           {"listing", "VARCHAR NOT NULL"},
                                           {"statement", "VARCHAR NOT NULL"},
                                           {"sent_time", "TIMESTAMP NOT NULL"},
                                           {"deadline_time", "TIMESTAMP"},
                                           {"state", "VARCHAR NOT NULL", Later::changed},
                                           {"answered_time", "TIMESTAMP", Later::changed},
                                           {"outcome", "VARCHAR", Later::changed},
                                           {"answer_rows", "BIGINT", Later::changed}};
static_assert(std::size(kRequestColumns) == request_column::count);

constexpr TableColumn kBlockedColumns[] = {{"entry", "BIGINT NOT NULL"},       {"case_id", "VARCHAR NOT NULL"},
                                           {"order_type", "VARCHAR NOT NULL"}, {"fields", "VARCHAR NOT NULL"},
                                           {"reasons", "VARCHAR NOT NULL"},    {"unit", "VARCHAR NOT NULL"},
                                           {"region", "VARCHAR NOT NULL"},     {"blocked_time", "TIMESTAMP NOT NULL"}};

constexpr TableColumn kObjectionColumns[] = {{"entry", "BIGINT NOT NULL"},
                                             {"direction", "VARCHAR NOT NULL", Later::read},
                                             {"objection_id", "VARCHAR NOT NULL"},
                                             {"order_id", "VARCHAR NOT NULL", Later::read},
                                             {"case_id", "VARCHAR NOT NULL"},
                                             {"party", "VARCHAR NOT NULL"},
                                             {"region", "VARCHAR NOT NULL"},
                                             {"raised_by", "VARCHAR NOT NULL", Later::changed},
                                             {"grounds", "VARCHAR NOT NULL"},
                                             {"raised_time", "TIMESTAMP NOT NULL"},
                                             {"due_time", "TIMESTAMP", Later::changed},
                                             {"late", "BOOLEAN", Later::changed},
                                             {"state", "VARCHAR NOT NULL", Later::changed},
                                             {"answered_time", "TIMESTAMP", Later::changed},
                                             {"outcome", "VARCHAR", Later::changed},
                                             {"reasons", "VARCHAR", Later::changed}};
static_assert(std::size(kObjectionColumns) == objection_column::count);

}  // namespace

const TableLayout kCaseTable{"supervision_case", kCaseColumns, case_column::case_id};
const TableLayout kStepTable{"case_step", kStepColumns};
const TableLayout kRequestTable{"request", kRequestColumns, request_column::message_id};
const TableLayout kBlockedTable{"blocked_request", kBlockedColumns};
const TableLayout kObjectionTable{"objection", kObjectionColumns, objection_column::objection_id};

Status CaseTables::create(sql::Connection& connection) {
    for (const TableLayout* table : {&kCaseTable, &kStepTable, &kRequestTable, &kBlockedTable, &kObjectionTable})
        GZ_CHECKED(connection.execute(table->create_sql()));
    return {};
}

Status CaseTables::write(sql::Connection& connection) const {
    for (const tables::RowBatch* batch : {&cases, &steps, &requests, &blocked, &objections})
        GZ_CHECKED(batch->write(connection));
    return {};
}

}  // namespace gongzhi::casework
