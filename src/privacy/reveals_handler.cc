#include "privacy/reveals_handler.h"

namespace gongzhi::privacy {
namespace {

std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

Status done(Result<int64_t> changed) {
    return changed.map([](int64_t) {});
}

}  // namespace

bool RevealsHandler::takes(std::string_view kind) const {
    return kind == kRevealRequested || kind == kRevealDecided || kind == kRevealRefused || kind == "sent.look" ||
           kind == "received.look";
}

Status RevealsHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS reveal(entry BIGINT NOT NULL, reveal_id VARCHAR NOT NULL, case_id VARCHAR NOT NULL, party VARCHAR NOT NULL, "
        "unit VARCHAR NOT NULL, record_type VARCHAR NOT NULL, record_id VARCHAR NOT NULL, field VARCHAR NOT NULL, purpose VARCHAR NOT NULL, "
        "note VARCHAR NOT NULL, asked_by VARCHAR NOT NULL, asked_time TIMESTAMP NOT NULL, state VARCHAR NOT NULL, decided_by VARCHAR, "
        "decided_time TIMESTAMP, shown_time TIMESTAMP, refused_tries BIGINT NOT NULL)"));
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS look(entry BIGINT NOT NULL, message_id VARCHAR NOT NULL, party VARCHAR NOT NULL, unit VARCHAR NOT NULL, "
        "looked_by VARCHAR NOT NULL, case_id VARCHAR NOT NULL, record_type VARCHAR NOT NULL, record_id VARCHAR NOT NULL, field VARCHAR NOT NULL, "
        "purpose VARCHAR NOT NULL, note VARCHAR NOT NULL, logged_time TIMESTAMP NOT NULL)");
}

Status RevealsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries)
        GZ_CHECKED(entry.is_trace() ? apply_trace(entry, connection) : apply_look(entry, connection));
    return {};
}

Status RevealsHandler::apply_trace(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    const Json& trace = said.trace;
    if (entry.kind == kRevealRequested)
        return done(connection.change(
            "INSERT INTO reveal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', NULL, NULL, NULL, 0)",
            {static_cast<int64_t>(entry.index.value), text_in(trace, "reveal"), text_in(trace, "case"),
             text_in(trace, "party"), text_in(trace, "unit"), text_in(trace, "record_type"),
             text_in(trace, "record_id"), text_in(trace, "field"), text_in(trace, "purpose"), text_in(trace, "note"),
             said.auth, said.received_time}));
    if (entry.kind == kRevealDecided)
        return done(
            connection.change("UPDATE reveal SET state = $1, decided_by = $2, decided_time = $3 WHERE reveal_id = $4",
                              {std::string(trace.value("approved", false) ? "approved" : "refused"), said.auth,
                               said.received_time, text_in(trace, "reveal")}));
    return done(connection.change("UPDATE reveal SET refused_tries = refused_tries + 1 WHERE reveal_id = $1",
                                  {text_in(trace, "reveal")}));
}

Status RevealsHandler::apply_look(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    Json body = Json::object();
    if (const auto bytes = ledger_.read_blob(entry, ledger::Part::message_body, 0))
        if (auto json = parse_json(*bytes); json && json->is_object()) body = *std::move(json);
    if (entry.kind == "sent.look")
        return done(connection.change("UPDATE reveal SET state = 'shown', shown_time = $1 WHERE reveal_id = $2",
                                      {said.received_time, text_in(body, "reveal")}));
    return done(connection.change(
        "INSERT INTO look VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {static_cast<int64_t>(entry.index.value), header.id.value, header.from.value, text_in(body, "unit"),
         text_in(body, "by"), text_in(body, "case"), text_in(body, "record_type"), text_in(body, "record_id"),
         text_in(body, "field"), text_in(body, "purpose"), text_in(body, "note"), said.received_time}));
}

}  // namespace gongzhi::privacy
