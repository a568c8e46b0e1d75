#include "supervision/finding_tables.h"

namespace gongzhi::supervision {
namespace {

using tables::Later;
using tables::TableColumn;
using tables::TableLayout;

constexpr TableColumn kFindingColumns[] = {
    {"entry", "BIGINT NOT NULL"},           {"finding_id", "VARCHAR NOT NULL"},
    {"party", "VARCHAR NOT NULL"},          {"rule", "VARCHAR NOT NULL"},
    {"shop", "VARCHAR NOT NULL"},           {"subject", "VARCHAR NOT NULL"},
    {"verdict", "VARCHAR NOT NULL"},        {"explanation_zh", "VARCHAR NOT NULL"},
    {"explanation_en", "VARCHAR NOT NULL"}, {"columns", "VARCHAR NOT NULL"},
    {"reason", "VARCHAR NOT NULL"},         {"accepted_time", "TIMESTAMP NOT NULL"},
    {"region", "VARCHAR NOT NULL"},         {"state", "VARCHAR NOT NULL", Later::changed}};
static_assert(std::size(kFindingColumns) == finding_column::count);

constexpr TableColumn kBundleColumns[] = {
    {"entry", "BIGINT NOT NULL"},           {"direction", "VARCHAR NOT NULL", Later::read},
    {"message_id", "VARCHAR NOT NULL"},     {"party", "VARCHAR NOT NULL"},
    {"rule", "VARCHAR NOT NULL"},           {"version", "BIGINT"},
    {"rule_digest", "VARCHAR NOT NULL"},    {"state", "VARCHAR NOT NULL", Later::changed},
    {"findings", "BIGINT", Later::changed}, {"accepted_by", "VARCHAR", Later::changed},
    {"logged_time", "TIMESTAMP NOT NULL"}};
static_assert(std::size(kBundleColumns) == bundle_column::count);

constexpr size_t kWaitingColumns[] = {finding_column::entry, finding_column::finding_id, finding_column::party,
                                      finding_column::shop,  finding_column::subject,    finding_column::region,
                                      finding_column::rule,  finding_column::verdict,    finding_column::accepted_time};
constexpr std::string_view kWaitingTable =
    "CREATE TABLE IF NOT EXISTS waiting_finding(entry BIGINT NOT NULL, finding_id VARCHAR NOT NULL, party VARCHAR NOT NULL, "
    "shop VARCHAR NOT NULL, subject VARCHAR NOT NULL, region VARCHAR NOT NULL, rule VARCHAR NOT NULL, verdict VARCHAR NOT NULL, "
    "accepted_time TIMESTAMP NOT NULL)";

// The rules are sorted as a list: string_agg(DISTINCT … ORDER BY …) takes four times as long as all the rest.
constexpr std::string_view kQueueView =
    "CREATE OR REPLACE VIEW finding_queue AS SELECT party, shop, subject, region, count(*) AS findings, "
    "count(*) FILTER (WHERE verdict = 'suspect') AS suspect, array_to_string(list_sort(list_distinct(list(rule))), ',') AS rules, "
    "min(accepted_time) AS first_time, max(accepted_time) AS last_time, min(finding_id) AS finding_id "
    "FROM waiting_finding GROUP BY party, shop, subject, region";

constexpr std::string_view kPrecisionView =
    "CREATE OR REPLACE VIEW rule_precision AS SELECT rule, count(*) FILTER (WHERE state = 'confirmed') AS confirmed, "
    "count(*) FILTER (WHERE state = 'dismissed') AS dismissed, count(*) AS findings "
    "FROM finding WHERE state <> 'refused' GROUP BY rule";

bool waits(const sql::Row& row) { return sql::text_of(row[finding_column::state]) == "waiting"; }

}  // namespace

const TableLayout kFindingTable{"finding", kFindingColumns, finding_column::finding_id};
const TableLayout kBundleTable{"rule_bundle", kBundleColumns, bundle_column::message_id};

Status FindingTables::create(sql::Connection& connection) {
    for (const TableLayout* table : {&kFindingTable, &kBundleTable})
        GZ_CHECKED(connection.execute(table->create_sql()));
    for (const std::string_view sql : {kWaitingTable, kQueueView, kPrecisionView}) GZ_CHECKED(connection.execute(sql));
    return {};
}

Status FindingTables::write(sql::Connection& connection) const {
    GZ_CHECKED(findings.write(connection));
    GZ_CHECKED(write_waiting(connection));
    return bundles.write(connection);
}

// What was decided leaves before what is new comes: a decision is about what was found before it.
Status FindingTables::write_waiting(sql::Connection& connection) const {
    if (!decided.empty()) {
        GZ_CHECKED(tables::stage_keys(decided, connection));
        GZ_CHECKED(connection.execute(
            "DELETE FROM waiting_finding WHERE finding_id IN (SELECT key FROM staged_key WHERE key <> '')"));
    }
    std::vector<sql::Row> waiting;
    findings.visit_new([&](const sql::Row& row) {
        if (!waits(row)) return;
        sql::Row& short_row = waiting.emplace_back();
        for (const size_t column : kWaitingColumns) short_row.push_back(row[column]);
    });
    if (waiting.empty()) return {};
    GZ_TRY(const auto appender, connection.appender("main", "waiting_finding"));
    for (const sql::Row& row : waiting) GZ_CHECKED(tables::append_row(row, *appender));
    return appender->flush();
}

}  // namespace gongzhi::supervision
