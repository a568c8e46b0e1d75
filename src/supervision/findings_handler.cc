#include "supervision/findings_handler.h"

namespace gongzhi::supervision {
namespace {

std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

Status insert_finding(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    const Json& trace = said.trace;
    const bool accepted = entry.kind == kFindingAccepted;
    return connection
        .change("INSERT INTO finding VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                {static_cast<int64_t>(entry.index.value), text_in(trace, "finding"), text_in(trace, "party"),
                 text_in(trace, "rule"), text_in(trace, "shop"), text_in(trace, "subject"),
                 accepted ? text_in(trace, "verdict") : std::string("refused"), text_in(trace, "explanation_zh"),
                 text_in(trace, "explanation_en"), accepted ? canonical_json(trace["columns"]) : std::string("{}"),
                 text_in(trace, "reason"), said.received_time, text_in(trace, "region")})
        .map([](int64_t) {});
}

}  // namespace

bool FindingsHandler::takes(std::string_view kind) const {
    return kind == "sent.rule_bundle" || kind == "received.rule_bundle" || kind == kFindingAccepted ||
           kind == kFindingRefused || kind == kRuleRun;
}

Status FindingsHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS finding(entry BIGINT NOT NULL, finding_id VARCHAR NOT NULL, party VARCHAR NOT NULL, rule VARCHAR NOT NULL, shop VARCHAR NOT NULL, "
        "subject VARCHAR NOT NULL, verdict VARCHAR NOT NULL, explanation_zh VARCHAR NOT NULL, explanation_en VARCHAR NOT NULL, columns VARCHAR NOT NULL, "
        "reason VARCHAR NOT NULL, accepted_time TIMESTAMP NOT NULL, region VARCHAR NOT NULL)"));
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS rule_bundle(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, message_id VARCHAR NOT NULL, party VARCHAR NOT NULL, rule VARCHAR NOT NULL, "
        "state VARCHAR NOT NULL, findings BIGINT, logged_time TIMESTAMP NOT NULL)");
}

Status FindingsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) {
        if (entry.kind == kFindingAccepted || entry.kind == kFindingRefused) {
            GZ_CHECKED(insert_finding(entry, connection));
        } else if (entry.kind == kRuleRun) {
            GZ_TRY(const ledger::NodeStatement said, entry.statement());
            GZ_TRY(const int64_t findings, json_int(said.trace, "findings"));
            GZ_TRY(
                const int64_t changed,
                connection.change(
                    "UPDATE rule_bundle SET state = 'run', findings = $1 WHERE direction = 'received' AND message_id = $2",
                    {findings, text_in(said.trace, "bundle")}));
            GZ_CHECK(changed == 1, "a rule was run whose bundle is not in the ledger before it");
        } else {
            GZ_CHECKED(insert_bundle(entry, connection));
        }
    }
    return {};
}

Status FindingsHandler::insert_bundle(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    std::string rule = "?";
    if (const auto json = parse_json(body); json && json->contains("rule")) rule = text_in((*json)["rule"], "rule");
    const bool sent = entry.kind.starts_with("sent.");
    return connection
        .change("INSERT INTO rule_bundle VALUES ($1, $2, $3, $4, $5, 'waiting', NULL, $6)",
                {static_cast<int64_t>(entry.index.value), std::string(sent ? "sent" : "received"), header.id.value,
                 sent ? header.to.value : header.from.value, rule, said.received_time})
        .map([](int64_t) {});
}

}  // namespace gongzhi::supervision
