#include "supervision/findings_handler.h"

#include "base/bytes.h"
#include "crypto/digest.h"
#include "supervision/review.h"

namespace gongzhi::supervision {
namespace {

// casework's kind (casework/case_thread.h): modules of one floor meet in the ledger and do not include one another.
constexpr std::string_view kCaseOpened = "case.opened";

std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

bool is_finding(std::string_view kind) { return kind == kFindingAccepted || kind == kFindingRefused; }
bool is_bundle(std::string_view kind) { return kind == "sent.rule_bundle" || kind == "received.rule_bundle"; }
bool is_decision(std::string_view kind) { return kind == kCaseOpened || kind == kFindingReviewed; }

sql::Row new_finding(const ledger::Entry& entry, const ledger::NodeStatement& said) {
    const bool accepted = entry.kind == kFindingAccepted;
    const Json& trace = said.trace;
    sql::Row row(finding_column::count);
    row[finding_column::entry] = static_cast<int64_t>(entry.index.value);
    row[finding_column::finding_id] = text_in(trace, "finding");
    row[finding_column::party] = text_in(trace, "party");
    row[finding_column::rule] = text_in(trace, "rule");
    row[finding_column::shop] = text_in(trace, "shop");
    row[finding_column::subject] = text_in(trace, "subject");
    row[finding_column::verdict] = accepted ? text_in(trace, "verdict") : std::string("refused");
    row[finding_column::explanation_zh] = text_in(trace, "explanation_zh");
    row[finding_column::explanation_en] = text_in(trace, "explanation_en");
    row[finding_column::columns] =
        accepted && trace.contains("columns") ? canonical_json(trace["columns"]) : std::string("{}");
    row[finding_column::reason] = text_in(trace, "reason");
    row[finding_column::accepted_time] = said.received_time;
    row[finding_column::region] = text_in(trace, "region");
    row[finding_column::state] = std::string(accepted ? "waiting" : "refused");
    return row;
}

// A review outweighs a case. A refused finding stays refused: one of the same id, with a proof that holds, may have come
// by another report.
void decide(const std::string& finding, const std::string* review_outcome, FindingTables& tables) {
    tables.findings.change(finding, [&](sql::Row& row) {
        const std::string& state = sql::text_of(row[finding_column::state]);
        if (state == "refused" || (!review_outcome && state != "waiting")) return false;
        row[finding_column::state] = review_outcome ? *review_outcome : std::string("confirmed");
        return true;
    });
}

struct Run {
    std::string bundle, actor;
    int64_t found = 0;
};

void mark_run(const Run& run, FindingTables& tables) {
    const size_t changed = tables.bundles.change(run.bundle, [&](sql::Row& row) {
        if (sql::text_of(row[bundle_column::direction]) != "received") return false;
        row[bundle_column::state] = std::string("run");
        row[bundle_column::findings] = run.found;
        row[bundle_column::accepted_by] = run.actor;
        return true;
    });
    GZ_CHECK(changed > 0, "a rule was run whose bundle is not in the ledger before it");
}

}  // namespace

bool FindingsHandler::takes(std::string_view kind) const {
    return is_finding(kind) || is_decision(kind) || is_bundle(kind) || kind == kRuleRun;
}

Status FindingsHandler::create(sql::Connection& connection) { return FindingTables::create(connection); }

Status FindingsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    FindingTables tables;
    std::vector<Change> changes;
    std::set<std::string> run;
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(Change change, read(entry));
        if (is_decision(change.kind)) tables.decided.insert(change.key);
        if (change.kind == kRuleRun) run.insert(change.key);
        changes.push_back(std::move(change));
    }
    GZ_CHECKED(tables.findings.load(tables.decided, connection));
    GZ_CHECKED(tables.bundles.load(run, connection));
    for (Change& change : changes) fold(std::move(change), tables);
    return tables.write(connection);
}

Result<FindingsHandler::Change> FindingsHandler::read(const ledger::Entry& entry) const {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    Change change{.kind = entry.kind};
    if (is_finding(entry.kind)) {
        change.row = new_finding(entry, said);
    } else if (is_decision(entry.kind)) {
        change.key = text_in(said.trace, "finding");
        change.outcome = text_in(said.trace, "outcome");
    } else if (entry.kind == kRuleRun) {
        change.key = text_in(said.trace, "bundle");
        GZ_TRY(change.found, json_int(said.trace, "findings"));
        change.actor = said.auth;
    } else {
        GZ_TRY(change.row, read_bundle(entry, said));
    }
    return change;
}

Result<sql::Row> FindingsHandler::read_bundle(const ledger::Entry& entry, const ledger::NodeStatement& said) const {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    std::string rule = "?";
    sql::Value version = sql::Null();
    if (const auto json = parse_json(body); json && json->contains("rule")) {
        rule = text_in((*json)["rule"], "rule");
        if (const auto number = json_int((*json)["rule"], "version")) version = *number;
    }
    const bool sent = entry.kind.starts_with("sent.");
    return sql::Row{static_cast<int64_t>(entry.index.value),
                    std::string(sent ? "sent" : "received"),
                    header.id.value,
                    sent ? header.to.value : header.from.value,
                    rule,
                    version,
                    to_hex(crypto::sha256(body).view()),
                    std::string("waiting"),
                    sql::Null(),
                    sql::Null(),
                    said.received_time};
}

void FindingsHandler::fold(Change change, FindingTables& tables) {
    if (is_finding(change.kind)) return tables.findings.insert(std::move(change.row));
    if (is_bundle(change.kind)) return tables.bundles.insert(std::move(change.row));
    if (change.kind == kRuleRun) return mark_run({change.key, change.actor, change.found}, tables);
    decide(change.key, change.kind == kFindingReviewed ? &change.outcome : nullptr, tables);
}

}  // namespace gongzhi::supervision
